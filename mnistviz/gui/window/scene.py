"""The scene: what is open, chosen and arranged, as one value that is kept between two starts."""

from __future__ import annotations

import json
import logging
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from mnistviz.engine.files import make_folder, read_file, replacing, set_aside
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.choices import Choices, NetworkPart, WindowPart
from mnistviz.gui.common.records import plain_record, read_record
from mnistviz.gui.lab.predictions import Prediction

VERSION = 2
"""Of what is written: 2 since the open tab is kept. What an older scene lacks has its default."""
MOST_BYTES = 1_000_000
FIRST_SPEED = 500.0
"""Mini-batches a second at the very first start: an epoch in ten seconds, so that the beginning can be seen."""
MOST_ASIDE = 5

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class WindowScene(Choices):
    """Everything that a start finds again: the choices, and how the window is arranged."""

    version: int = VERSION
    look: str = "system"
    larger_text: bool = False
    geometry: str = ""
    """Of the window, as Qt gives it, in base 64."""
    corner: tuple[int, int] | None = None
    """Of the window with its frame; None where it fills the screen."""
    splitters: tuple[tuple[int, int] | None, ...] = ()
    hidden: tuple[str, ...] = ()
    """The names of the actions whose panels are hidden."""
    narrow: bool = False
    settings: Settings = field(default_factory=Settings)
    speed: float | None = None
    """Mini-batches a second; None for full speed."""
    hide_results: bool = False
    """Whether the recipes leave out what they reach."""
    recent: tuple[str, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    """What was said wherever the program asked first, and how right it was."""

    @classmethod
    def of(cls, values: object) -> WindowScene:
        """A scene from what JSON holds: what makes no sense in it is passed over."""
        return read_record(cls, {**values, "window": values} if isinstance(values, dict) else values)

    @property
    def choices(self) -> Choices:
        return Choices(**{each.name: getattr(self, each.name) for each in fields(Choices)})

    def cleared(self) -> WindowScene:
        """The same without what was drawn, chosen and set."""
        return replace(self, window=WindowPart(), network=NetworkPart(), settings=Settings())

    def values(self) -> dict[str, Any]:
        """The same in values that JSON can hold. Tab and workspace stand there by themselves."""
        values = plain_record(self)
        window = values.pop("window")
        return values | {name: window[name] for name in ("tab", "workspace")}


class SceneFile:
    """The file that the scene is kept in. What can't be read counts as nothing, and is kept beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> WindowScene:
        """The scene as it was kept last; as at the first start where there is none."""
        try:
            scene = json.loads(read_file(self.path, MOST_BYTES))
            if not isinstance(scene, dict):
                raise TypeError("not a record")
            return WindowScene.of(scene)
        except FileNotFoundError:
            return WindowScene(speed=FIRST_SPEED)
        except (OSError, ValueError, TypeError, RecursionError) as error:
            log.warning("the scene %a was not read: %s", str(self.path), error)
            self._set_aside()
            return WindowScene()

    def save(self, scene: WindowScene) -> None:
        """Keeps the scene. If that fails, it costs no more than a line in the log: the program must end."""
        try:
            make_folder(self.path.parent)
            written = json.dumps(scene.values(), ensure_ascii=False, indent=1)
            with replacing(self.path) as file:
                file.write(written.encode(errors="backslashreplace"))  # a path need not be UTF-8
        except Exception as error:
            log.warning("the scene %a was not kept: %s", str(self.path), error)

    def _set_aside(self) -> None:
        """Puts whatever is there beside, under today's date, and keeps the newest few of those."""
        try:
            set_aside(self.path)
        except (OSError, ValueError) as error:
            log.warning("and could not be set aside: %s", error)
            return
        for old in sorted(self.path.parent.glob(f"{self.path.stem}-*.unread"))[:-MOST_ASIDE]:
            with suppress(OSError):
                old.unlink()
