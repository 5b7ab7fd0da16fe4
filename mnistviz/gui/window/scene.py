"""The scene: what is open, chosen and arranged, as one record that is kept between two starts."""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from mnistviz.engine.files import make_folder, read_file, replacing

MOST_BYTES = 1_000_000
MOST_ASIDE = 5

Scene = dict[str, Any]
"""Values that JSON can hold, by name; from a file, anything at all may be under a name."""

log = logging.getLogger(__name__)


T = TypeVar("T")


def part(scene: Scene, name: str, kind: type[T]) -> T:
    """One part of a scene; an empty one where it is missing or of another kind."""
    value = scene.get(name)
    return value if isinstance(value, kind) else kind()


class SceneFile:
    """The file that the scene is kept in. What can't be read counts as nothing, and is kept beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> Scene:
        """The scene as it was kept last; empty where there is none."""
        try:
            scene = json.loads(read_file(self.path, MOST_BYTES))
            if not isinstance(scene, dict):
                raise TypeError("not a record")
            return scene
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, RecursionError) as error:
            log.warning("the scene %a was not read: %s", str(self.path), error)
            self._set_aside()
            return {}

    def save(self, scene: Scene) -> None:
        """Keeps the scene. If that fails, it costs no more than a line in the log: the program must end."""
        try:
            make_folder(self.path.parent)
            written = json.dumps(scene, ensure_ascii=False, indent=1)
            with replacing(self.path) as file:
                file.write(written.encode(errors="backslashreplace"))  # a path need not be UTF-8
        except Exception as error:
            log.warning("the scene %a was not kept: %s", str(self.path), error)

    def _set_aside(self) -> None:
        """Puts whatever is there beside, under today's date, and keeps the newest few of those."""
        try:
            now = f"{datetime.now():%Y-%m-%d-%H%M%S-%f}"  # to the microsecond: none takes another's place
            self.path.rename(self.path.with_name(f"{self.path.stem}-{now}.unread"))
        except (OSError, ValueError) as error:
            log.warning("and could not be set aside: %s", error)
            return
        for old in sorted(self.path.parent.glob(f"{self.path.stem}-*.unread"))[:-MOST_ASIDE]:
            with suppress(OSError):
                old.unlink()
