"""The scene: what is open, chosen and arranged, as one value that is kept between two starts."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mnistviz.engine.files import make_folder, read_file, replacing, set_aside
from mnistviz.engine.settings import Settings
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
class ControlsPart:
    """Which groups of settings are folded away, and which are open; None where nobody has chosen yet."""

    collapsed: tuple[str, ...] | None = None
    opened: tuple[str, ...] | None = None


@dataclass(frozen=True)
class CurvesPart:
    """How the curves are drawn."""

    log_cost: bool = False
    error_scale: bool = False
    x_minibatches: bool = False


@dataclass(frozen=True)
class FuturesPart:
    """Whether the user guesses what comes before it is shown."""

    ask_first: bool = False


@dataclass(frozen=True)
class AgainstPart:
    """What the mistakes are compared with, as `Opponent` says it; its run by the letter."""

    kind: str = "alone"
    run: str = ""
    step: int = 0


@dataclass(frozen=True)
class MistakesPart:
    """Which digits the mistakes are of, in which order they stand, and which of the views of them are seen; the row and
    the column that are chosen in the matrix, the number of the chosen digit, what is compared with, and the chosen
    group of that."""

    set: str = "test"
    order: str = "surest"
    view: str = "digits"
    overview: str = "matrix"
    true: int | None = None
    read: int | None = None
    digit: int | None = None
    against: AgainstPart = field(default_factory=AgainstPart)
    group: str = ""


@dataclass(frozen=True)
class MiniBatchPart:
    """In which order the digits of a mini-batch stand."""

    order: str = "order"


@dataclass(frozen=True)
class LayersPart:
    """What of the layers is shown over the run, and the letter of the run beside."""

    size: str = "gradient"
    beside: str = ""


@dataclass(frozen=True)
class PinsPart:
    """The pinned pictures, as `pins_as_json` writes them, and the place of the chosen one."""

    pins: tuple[Mapping[str, Any], ...] = ()
    chosen: int = 0


@dataclass(frozen=True)
class RowPart:
    """Whether the pad is wide, for a row of digits, and how that is shown."""

    wide: bool = False
    gap: int | None = None
    candidates: bool = False


@dataclass(frozen=True)
class NetworkPart:
    """What lies on the pad, and what is chosen in the network."""

    pad: Mapping[str, Any] = field(default_factory=dict)
    row: RowPart = field(default_factory=RowPart)
    layer: int | None = None
    unit: int | None = None
    output: int | None = None
    path: bool = False
    showing: str | None = None


@dataclass(frozen=True)
class UnitPart:
    """Where one unit is seen large."""

    window: bool = False


@dataclass(frozen=True)
class IdeasPart:
    """The page that is open, and what was done on each."""

    page: str = ""
    pages: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class WindowScene:
    """Everything that a start finds again. Each view with choices has a part, by the name in its entry."""

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
    tab: str = ""
    settings: Settings = field(default_factory=Settings)
    workspace: str = "lab"
    speed: float | None = None
    """Mini-batches a second; None for full speed."""
    hide_results: bool = False
    """Whether the recipes leave out what they reach."""
    recent: tuple[str, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    """What was said wherever the program asked first, and how right it was."""
    controls: ControlsPart = field(default_factory=ControlsPart)
    network: NetworkPart = field(default_factory=NetworkPart)
    curves: CurvesPart = field(default_factory=CurvesPart)
    futures: FuturesPart = field(default_factory=FuturesPart)
    mistakes: MistakesPart = field(default_factory=MistakesPart)
    minibatch: MiniBatchPart = field(default_factory=MiniBatchPart)
    layers: LayersPart = field(default_factory=LayersPart)
    pins: PinsPart = field(default_factory=PinsPart)
    ideas: IdeasPart = field(default_factory=IdeasPart)
    unit: UnitPart = field(default_factory=UnitPart)

    @classmethod
    def of(cls, values: object) -> WindowScene:
        """A scene from what JSON holds: what makes no sense in it is passed over."""
        return read_record(cls, values)

    def cleared(self) -> WindowScene:
        """The same without what was drawn, chosen and set."""
        return replace(self, tab="", workspace="lab", network=NetworkPart(), settings=Settings())

    def values(self) -> dict[str, Any]:
        """The same in values that JSON can hold."""
        return plain_record(self)


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
