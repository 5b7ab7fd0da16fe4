"""The scene: what is open, chosen and arranged, as one value that is saved between two starts."""

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
"""Of the file: 2 includes the open tab. Missing fields have their default."""
MOST_BYTES = 1_000_000
FIRST_SPEED = 500.0
"""Mini-batches per second at the very first start: an epoch takes ten seconds, slow enough to watch."""
MOST_ASIDE = 5

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class WindowScene(Choices):
    """Everything that is restored at a start: the choices, and the layout of the window."""

    version: int = VERSION
    look: str = "system"
    larger_text: bool = False
    geometry: str = ""
    """The window's geometry from Qt, in base 64."""
    corner: tuple[int, int] | None = None
    """The corner of the window with its frame; None if it fills the screen."""
    splitters: tuple[tuple[int, int] | None, ...] = ()
    hidden: tuple[str, ...] = ()
    """The names of the actions whose panels are hidden."""
    narrow: bool = False
    settings: Settings = field(default_factory=Settings)
    speed: float | None = None
    """Mini-batches per second; None for full speed."""
    hide_results: bool = False
    """Whether the recipes hide the accuracy that they reach."""
    recent: tuple[str, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    """The user's predictions with their scores."""

    @classmethod
    def of(cls, values: object) -> WindowScene:
        return read_record(cls, {**values, "window": values} if isinstance(values, dict) else values)

    @property
    def choices(self) -> Choices:
        return Choices(**{each.name: getattr(self, each.name) for each in fields(Choices)})

    def cleared(self) -> WindowScene:
        return replace(self, window=WindowPart(), network=NetworkPart(), settings=Settings())

    def values(self) -> dict[str, Any]:
        """Return the scene as JSON values. Tab and workspace are at the top level."""
        values = plain_record(self)
        window = values.pop("window")
        return values | {name: window[name] for name in ("tab", "workspace")}


class SceneFile:
    """The file of the scene. An unreadable one is ignored, and set aside."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> WindowScene:
        """Return the saved scene, or that of the first start if there is none."""
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
        """Save the scene. Only log a failure, as the program must end."""
        try:
            make_folder(self.path.parent)
            written = json.dumps(scene.values(), ensure_ascii=False, indent=1)
            with replacing(self.path) as file:
                file.write(written.encode(errors="backslashreplace"))  # a path need not be UTF-8
        except Exception as error:
            log.warning("the scene %a was not kept: %s", str(self.path), error)

    def _set_aside(self) -> None:
        """Rename the unreadable file with today's date, and keep only the newest few."""
        try:
            set_aside(self.path)
        except (OSError, ValueError) as error:
            log.warning("and could not be set aside: %s", error)
            return
        for old in sorted(self.path.parent.glob(f"{self.path.stem}-*.unread"))[:-MOST_ASIDE]:
            with suppress(OSError):
                old.unlink()
