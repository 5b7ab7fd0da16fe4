"""The scene: what is open, chosen and arranged, as one value that is saved between two starts and restored."""

import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Self

from msgspec import field, to_builtins
from msgspec.structs import asdict, replace
from PySide6.QtCore import QByteArray, QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QWidget

from mnistviz.engine.digits import PIXELS
from mnistviz.engine.files import make_folder, read_file, replacing, set_aside
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.announcements import level, set_level
from mnistviz.gui.common.choices import FIRST_STEPS, Choices, FirstPart, MistakesPart, NetworkPart, WindowPart
from mnistviz.gui.common.look import Look
from mnistviz.gui.common.records import read_record
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.predictions import Prediction
from mnistviz.gui.lab.shown_record import ShownRecord, ShownRestorer
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.arrangement import Arrangement
from mnistviz.gui.window.documents import Documents
from mnistviz.gui.window.transport import SPEEDS
from mnistviz.gui.window.views import CONTROLS, NETWORK, TRANSPORT, Views

VERSION = 2  # Of the file: 2 includes the open tab. Missing fields have their default.
MOST_BYTES = 1_000_000
FIRST_SPEED = 500.0
"""Mini-batches per second at the very first start: an epoch takes ten seconds, slow enough to watch."""
MOST_ASIDE = 5

log = logging.getLogger(__name__)


_FORMER_TABS: Final[Mapping[str, tuple[str, str, Mapping[str, str]]]] = {
    "network": ("curves", "", {}),
    "compare": ("curves", "curves", {"view": "table"}),
    "pins": ("mistakes", "mistakes", {"overview": "pinned"}),
}
"""The tabs of former versions: the tab that shows the same now, and what is chosen there."""


class WindowScene(Choices, frozen=True):
    """Everything that is restored at a start: the choices, and the layout of the window."""

    version: int = VERSION
    look: str = "system"
    text: int = 100  # its size in percent
    hatched: bool = False  # whether negative weights are hatched
    geometry: str = ""  # the window's geometry from Qt, in base 64
    corner: tuple[int, int] | None = None
    """The corner of the window with its frame; None if it fills the screen."""
    splitters: tuple[tuple[int, int] | None, ...] = ()
    hidden: tuple[str, ...] = ()  # the names of the actions whose panels are hidden
    narrow: bool = False
    settings: Settings = field(default_factory=Settings)
    speed: float | None = None  # mini-batches per second; None for full speed
    announcements: str = "normal"  # how much a screen reader is told: a level of `announcements`
    letters_in_network: bool = False  # whether single letters act only with the focus in the network
    calm: bool = False  # whether views are drawn once a second while a network learns
    hide_results: bool = False  # whether the recipes hide the accuracy that they reach
    recent: tuple[str, ...] = ()
    predictions: tuple[Prediction, ...] = ()  # the user's predictions with their scores

    @classmethod
    def of(cls, values: object) -> Self:
        if not isinstance(values, dict):
            return read_record(cls, values)
        text = 125 if values.get("larger_text") is True else 100  # as former versions wrote it
        scene = read_record(cls, {"text": text, **values, "window": values})
        tab, part, choice = _FORMER_TABS.get(scene.window.tab, (scene.window.tab, "", {}))
        if part:
            scene = replace(scene, **{part: replace(getattr(scene, part), **choice)})
        return replace(scene, window=replace(scene.window, tab=tab))

    @property
    def choices(self) -> Choices:
        return Choices(**{name: getattr(self, name) for name in Choices.__struct_fields__})

    def cleared(self) -> Self:
        return replace(self, window=WindowPart(), network=NetworkPart(), settings=Settings())

    def values(self) -> dict[str, Any]:
        """Return the scene as JSON values. Tab and workspace are at the top level."""
        values: dict[str, Any] = to_builtins(self)
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
            return WindowScene(speed=FIRST_SPEED, first=FirstPart(FIRST_STEPS))
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


MOST = QSize(1440, 900)  # pixels, at the first start
LEAST = QSize(320, 240)  # pixels
FRAME = QMargins(4, 38, 4, 4)  # pixels: an estimate of the window frame before it can be measured


_FILLS = Qt.WindowState.WindowFullScreen | Qt.WindowState.WindowMaximized
_FAR = 100_000  # pixels: beyond any screen


def place_first(window: QWidget) -> None:
    free = _free(window)
    size = free.size().boundedTo(MOST)
    window.resize(size)
    inside = QRect(0, 0, size.width(), size.height())
    window.move(free.center() - inside.center() - QPoint(FRAME.left(), FRAME.top()))  # of the frame


def corner_of(window: QWidget) -> tuple[int, int] | None:
    """Return the upper left corner of a window with its frame, or None if it fills the screen."""
    return None if window.windowState() & _FILLS else window.pos().toTuple()


def put_back(window: QWidget, geometry: QByteArray, corner: tuple[int, int] | None) -> None:
    """Restore size and position of a window; `corner` corrects Qt's guess of the title bar's height."""
    window.restoreGeometry(geometry)
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowFullScreen)
    bring_in(window, window.geometry())
    if corner is None or window.windowState() & _FILLS or max(map(abs, corner)) > _FAR:
        return
    place = QPoint(*corner)
    free = QGuiApplication.screenAt(place)
    near = (window.pos() - place).manhattanLength() < FRAME.top() + FRAME.left()
    if near and free is not None and free.availableGeometry().contains(place):
        window.move(place)


def bring_in(window: QWidget, now: QRect) -> None:
    """Fit a window of geometry `now` into its screen: shrink or enlarge it, and move it in."""
    if window.windowState() & _FILLS:
        return
    free = _free(window)
    size = now.size().expandedTo(LEAST).boundedTo(free.size())
    if size == now.size() and any(screen.geometry().intersects(now) for screen in QGuiApplication.screens()):
        return
    x = min(max(now.x(), free.left()), free.right() + 1 - size.width())
    y = min(max(now.y(), free.top()), free.bottom() + 1 - size.height())
    window.setGeometry(QRect(x, y, size.width(), size.height()))


def fill_screen(window: QWidget, look: Look, on: bool) -> None:
    """Set full screen with larger text, for a class."""
    if on != window.isFullScreen():
        otherwise = window.normalGeometry()  # the desktop may restore it later, and it may not fit
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)
        bring_in(window, otherwise)
    look.fill_screen(on)


def _free(window: QWidget) -> QRect:
    screen = QGuiApplication.screenAt(window.geometry().center()) or QGuiApplication.primaryScreen()
    return screen.availableGeometry().marginsRemoved(FRAME)


SHOWN = ("tab", "settings", "network", "curves", "mistakes", "minibatch", "layers", "pins", "unit")
"""The parts of a scene that belong to an experiment."""
OF_SESSION = ("workspace", *SHOWN)
_RUNS = "runs"  # the name of the `ShownRecord` beside them


class SceneKeeper:
    def __init__(
        self,
        window: QMainWindow,
        look: Look,
        actions: ActionBook,
        views: Views,
        arrangement: Arrangement,
        documents: Documents,
        lab: Lab,
    ) -> None:
        self._window, self._look, self._actions = window, look, actions
        self._lab, self.again = lab, ShownRestorer(lab, self._compare_with_copy, window)
        self._mistakes = MistakesPart()  # as requested by the restored view
        self._views, self._arrangement, self._documents = views, arrangement, documents
        self._transport, self._controls = views[TRANSPORT], views[CONTROLS]
        self._network = views[NETWORK]

    def scene(self) -> WindowScene:
        shown = self._actions["show_controls"]
        return WindowScene(
            **asdict(self._lab.chosen.now.kept),
            look=self._look.choice,
            text=self._look.text,
            hatched=self._look.hatched,
            geometry=bytes(self._window.saveGeometry().toBase64().data()).decode(),
            corner=corner_of(self._window),
            splitters=self._arrangement.state(),
            hidden=() if shown.isChecked() else (shown.objectName(),),
            narrow=self._arrangement.narrow,
            settings=self._controls.settings(),
            speed=self._transport.speed_value(),
            announcements=level(),
            letters_in_network=self._actions["letters_in_network"].isChecked(),
            calm=self._actions["calm"].isChecked(),
            hide_results=self._actions["hide_results"].isChecked(),
            recent=tuple(self._documents.recent),
            predictions=self._lab.predictions.all,
        )

    def view(self, names: tuple[str, ...] = SHOWN) -> dict[str, Any]:
        values = self.scene().values()
        return {**{name: values[name] for name in names}, _RUNS: to_builtins(self.again.record())}

    def restore_view(self, view: Mapping[str, Any]) -> None:
        """Restore a saved view, but not the pins; what depends on the runs follows once they are trained."""
        now = self.scene()
        values = now.values()
        known = {name: view[name] for name in OF_SESSION if name in view and view[name] != values[name]}
        scene = WindowScene.of({**values, **known})
        if known:
            own = (pin for pin in now.pins.pins if pin not in scene.pins.pins)
            layers = replace(scene.layers, opened=now.layers.opened or scene.layers.opened)
            scene = replace(scene, pins=replace(scene.pins, pins=(*scene.pins.pins, *own)), layers=layers)
            if "settings" in known:
                self._show_settings(scene)
            self._lab.chosen.restore(scene.choices)
        self._mistakes = scene.mistakes
        self.again.begin(read_record(ShownRecord, view.get(_RUNS)))

    def _compare_with_copy(self) -> None:
        """Restore the choices of mistakes if they are compared with a copy, which exists only now."""
        if self._mistakes.against.kind == "copy":
            self._lab.chosen.restore(replace(self._lab.chosen.now, mistakes=self._mistakes))

    def clear_view(self) -> None:
        self._network.selection.let_go()
        blank = WindowScene().values()
        self.restore_view({name: blank[name] for name in OF_SESSION if name != "settings"})

    def restore(self, scene: WindowScene) -> None:
        geometry = QByteArray.fromBase64(scene.geometry.encode("ascii", "ignore"))
        put_back(self._window, geometry, scene.corner)
        self._actions["hatched"].setChecked(self._look.hatched)
        self._arrangement.restore(scene.splitters)
        shown = self._actions["show_controls"]
        shown.setChecked(shown.objectName() not in scene.hidden)
        self._arrangement.narrow = scene.narrow
        self._arrangement.fit(self._window.width())
        self._show_settings(scene)
        if scene.speed in SPEEDS:
            self._transport.set_rate(scene.speed)
        set_level(scene.announcements)
        self._actions.choose("announcements", level())
        for name in ("hide_results", "letters_in_network", "calm"):
            self._actions[name].setChecked(getattr(scene, name))
        self._lab.predictions.restore(scene.predictions)
        self._lab.chosen.restore(scene.choices)
        self._documents.restore_recent(scene.recent)

    def _show_settings(self, scene: WindowScene) -> None:
        sizes = (PIXELS, *scene.settings.sizes[1:])  # another data set may not have had them
        self._controls.show_settings(replace(scene.settings, sizes=sizes))
