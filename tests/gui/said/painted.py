"""What painted widgets draw, over drawn values: each line, area and text with its colour and its place, not a pixel.
And what keys and the mouse do there: what is told of the place, and what is called.

A font of the tests' own makes places the same wherever Qt measures it alike: they are compared on Linux only.
"""

import inspect
import re
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from xml.etree import ElementTree

import numpy as np
from PySide6.QtCore import QBuffer, QEvent, QIODevice, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase, QImage, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QDialog, QGraphicsView, QMenu, QWidget

from mnistviz.gui.common.bare_picture import paint_bare
from mnistviz.gui.common.theme import DARK, LIGHT, palette, set_theme
from tests.gui.deleting import delete
from tests.gui.said.catalogue import Asked
from tests.gui.said.draws import TOGETHER, CannotBeDrawnError, Draws, hints_of
from tests.gui.said.plain import plain

Does = Callable[[QWidget, Draws, list[str]], list[str]]
"""What is done with a widget, and what is to be said of it; the list has what is called meanwhile."""
SIZES: Final = (QSize(640, 240), QSize(360, 300), QSize(220, 120))
MOST: Final = 240  # things drawn that are on record
PARTS: Final = 6  # of an image, across and down
INCH: Final = 96  # pixels
SHOWS: Final = ("show_", "draw", "set_", "arrange", "look_at", "choose", "place")
ACTS: Final = 10  # keys and places of the mouse
KEYS: Final = (
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End,
    Qt.Key.Key_Return, Qt.Key.Key_Escape,
)  # fmt: skip
NONE: Final = Qt.KeyboardModifier.NoModifier
_LEFT: Final = Qt.MouseButton.LeftButton
_NO: Final = Qt.MouseButton.NoButton
MOUSE: Final = (
    (QEvent.Type.MouseMove, _NO, _NO), (QEvent.Type.MouseButtonPress, _LEFT, _LEFT),
    (QEvent.Type.MouseMove, _NO, _LEFT), (QEvent.Type.MouseButtonRelease, _LEFT, _NO),
)  # fmt: skip
LEFT_OUT: Final = ("Plot",)  # what is drawn for it makes no sense to Qt
GIVEN: Final = {"parent": None, "lab": None}  # none of them asks the lab while it is painted
NEVER: Final = ("show_menu", "draw_behind", "set_sign")
PLACES: Final = [
    "x", "y", "width", "height", "cx", "cy", "r", "rx", "ry", "x1", "y1", "x2", "y2", "points", "d",
]  # fmt: skip
LOOKS: Final = ("font-size", "font-weight", "fill-opacity", "stroke-opacity")
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
_SVG: Final = "{http://www.w3.org/2000/svg}"
_HREF: Final = "{http://www.w3.org/1999/xlink}href"


def use_even_font(application: QApplication) -> None:
    """Take the font whose letters are all half as wide as they are high, and colours that are not of the system."""
    number = QFontDatabase.addApplicationFont(str(Path(__file__).with_name("even.ttf")))
    font = QFont(QFontDatabase.applicationFontFamilies(number)[0])
    font.setPixelSize(13)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    application.setFont(font)
    application.setPalette(palette(LIGHT))


def painted_of(module: ModuleType) -> Iterator[Asked]:
    """Yield what the painted widgets of a module draw."""
    for name, found in list(vars(module).items()):
        own = inspect.isclass(found) and found.__module__ == module.__name__
        if (
            own
            and name not in LEFT_OUT
            and issubclass(found, QWidget)
            and not issubclass(found, QDialog | QMenu)
            and paints(found)
        ):
            yield Asked(f"{name}.paints", str(module.__file__), partial(_asked, found, _painted))
            of = {each.__module__.partition(".")[0] for each in found.__mro__}
            if "pyqtgraph" not in of:  # it does not bear that
                yield Asked(f"{name}.obeys", str(module.__file__), partial(_asked, found, _obeyed))


@contextmanager
def _raising() -> Iterator[None]:
    """Raise what is raised amid painting or in a slot, where Qt tells nobody."""
    raised = list[object]()
    before, sys.excepthook = sys.excepthook, lambda kind, error, where: raised.append(error)
    try:
        yield
    finally:
        sys.excepthook = before
    if raised:
        raise CannotBeDrawnError(str(raised[0]))


def paints(kind: type) -> bool:
    if issubclass(kind, QGraphicsView):
        return True
    return any("paintEvent" in vars(each) for each in kind.__mro__ if each.__module__.startswith("mnistviz"))


def _asked(kind: type[Any], does: Does, draws: Draws) -> list[str]:
    with _raising():
        return _shown(kind, does, draws)


def _shown(kind: type[Any], does: Does, draws: Draws) -> list[str]:
    """Return what is to be said of a widget that is shown what is drawn for it."""
    made, heard = draws.part("made"), list[str]()
    given = _arguments(kind.__init__, made, skip=1) | _keywords(kind.__init__, made)
    widget = kind(**{name: _heard(each, heard) for name, each in given.items()})
    for name, _ in inspect.getmembers(kind, lambda each: isinstance(each, Signal)):
        if any(name in vars(each) for each in kind.__mro__ if each.__module__.startswith("mnistviz")):
            getattr(widget, name).connect(_heard(lambda *given: None, heard))
    if hasattr(widget, "rng"):
        widget.rng.seed(1)
    try:
        widget.resize(draws.part("size").one_of(SIZES))
        if draws.part("dark").below(3) == 0:
            set_theme(DARK, widget)
        for name, function in _shows(kind):
            here = draws.part(name)
            try:
                values = _arguments(function, here, skip=1) | _keywords(function, here)
            except CannotBeDrawnError:
                continue
            if here.part("asked").below(5):
                getattr(widget, name)(**values)
        return does(widget, draws, heard)
    finally:
        set_theme(LIGHT)
        delete(widget)


def _heard(given: Any, heard: list[str]) -> Any:
    """Return what is given; a function also tells what it was called with."""
    if isinstance(given, type) or not callable(given):
        return given

    def told(*values: Any) -> Any:
        heard.append(plain(values))
        return given(*values)

    return told


def _painted(widget: QWidget, draws: Draws, heard: list[str]) -> list[str]:
    return drawing(widget)


def _obeyed(widget: QWidget, draws: Draws, heard: list[str]) -> list[str]:
    """Return what comes of keys and of the mouse: what is called, what is told, and the first that is painted anew."""
    target = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
    seen = drawing(widget)  # some know only then where things are
    found, updates = list[str](), list[object]()
    of_qt = next(each for each in type(widget).__mro__ if each.__module__.startswith("PySide6"))
    asks = of_qt.__name__ in ("QWidget", "QFrame") and not widget.findChildren(QWidget)
    if asks:  # by itself, and no part of Qt's for it
        widget.update = lambda *where: updates.append(where)  # type: ignore[method-assign]
    for number in range(ACTS):
        here, before = draws.part(f"act {number}"), widget.accessibleDescription()
        heard.clear()
        updates.clear()
        if here.below(2):
            key = here.part("key").one_of(KEYS)
            QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, key, NONE))
            what = key.name.removeprefix("Key_")
        else:
            share = [(1 + here.part(axis).below(19)) / 20 for axis in "xy"]
            at = QPointF(share[0] * target.width(), share[1] * target.height())
            for kind, button, held in MOUSE[: 1 + 3 * here.part("click").below(2)]:
                QApplication.sendEvent(target, QMouseEvent(kind, at, at, button, held, NONE))
            what = f"({at.x():.0f}, {at.y():.0f})"
        told, now = widget.accessibleDescription(), drawing(widget) if updates or not asks else seen
        new = [f"“{told}”"] if told != before else []
        found.append(" ".join([what, *heard, *new, *[each for each in now if each not in seen][:1]]))
        seen = now
    return found


def _shows(kind: type) -> Iterator[tuple[str, Any]]:
    """Yield what a widget can be shown: what there are values for."""
    own = [each for each in reversed(kind.__mro__) if each.__module__.startswith("mnistviz")]
    for name in dict.fromkeys(name for each in own for name in vars(each)):
        function = getattr(kind, name)
        if not name.startswith(SHOWS) or name in NEVER or not inspect.isfunction(function):
            continue
        if hints_of(function).get("return") in (type(None), bool):
            yield name, function


def _arguments(function: Any, draws: Draws, skip: int) -> dict[str, Any]:
    if together := TOGETHER.get(function.__qualname__):
        return together(draws)  # type: ignore[no-any-return]
    hints = hints_of(function)
    every = list(inspect.signature(function).parameters.values())[skip:]
    names = [each.name for each in every if each.kind == each.POSITIONAL_OR_KEYWORD]
    return {name: GIVEN[name] if name in GIVEN else draws.named(name, hints[name]) for name in names}


def _keywords(function: Any, draws: Draws) -> dict[str, Any]:
    hints = hints_of(function)
    every = inspect.signature(function).parameters.items()
    return {name: draws.named(name, hints[name]) for name, each in every if each.kind == each.KEYWORD_ONLY}


def drawing(widget: QWidget) -> list[str]:
    """Return all that is drawn, in order."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    paper = QSvgGenerator()
    paper.setOutputDevice(buffer)
    paper.setSize(widget.size())
    paper.setViewBox(widget.rect())
    paper.setResolution(INCH)
    with QPainter(paper) as painter:
        painter.setFont(widget.font())
        paint_bare(widget, painter)
    return [*_read(bytes(buffer.data().data()))]


@lru_cache(2)  # most keys change nothing of what is drawn
def _read(picture: bytes) -> list[str]:
    found = list[str]()
    for group in ElementTree.fromstring(picture).iter(f"{_SVG}g"):
        for each in group:
            if each.tag != f"{_SVG}g" and len(found) < MOST:
                found.append(_line(group, each))
    return found


def _looks(href: str) -> str:
    """Return how red and how blue an image is in its parts, on white, each row from the left."""
    image = QImage.fromData(b64decode(href.partition(",")[2]))
    image = image.convertToFormat(QImage.Format.Format_RGBA8888_Premultiplied)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    parts = [
        part[..., (0, 2)] + (255.0 - part[..., 3:])
        for row in np.array_split(lines, min(PARTS, image.height()))
        for part in np.array_split(row, min(PARTS, image.width()), axis=1)
    ]
    shades = [" ".join(f"{shade:.1f}".removesuffix(".0") for shade in part.mean((0, 1))) for part in parts]
    return " ".join(shades if len({*shades}) > 1 else shades[:1])


def _line(group: ElementTree.Element, each: ElementTree.Element) -> str:
    kind = each.tag.removeprefix(_SVG)
    colours = [group.get(name, "") for name in ("fill", "stroke")]
    if kind == "text":
        colours = [each.get("fill", ""), ""]
    if kind == "image":
        colours = [_looks(each.get(_HREF, ""))]
    places = [each.get(name, "") for name in PLACES]
    numbers = [f"{float(number):.1f}".removesuffix(".0") for number in _NUMBER.findall(" ".join(places))]
    if kind == "polygon":  # as some versions of Qt write it
        kind, numbers = "path", [*numbers, *numbers[:2]]
    more = f" of {len(numbers)} to {' '.join(numbers[-4:])}" if len(numbers) > 12 else ""
    moved = group.get("transform", "").removeprefix("matrix").replace("(1,0,0,1,0,0)", "")
    moved = _NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), moved)
    parts = [
        kind,
        *(colour for colour in colours if colour not in ("", "none")),
        "wide " + group.get("stroke-width", "") if group.get("stroke-width", "1") != "1" else "",
        "dashed" if group.get("stroke-dasharray") else "",
        " ".join(numbers[:12]) + more,
        moved,
        repr(each.text) if each.text and each.text.strip() else "",
        *(
            f"{name} {value}"
            for name in LOOKS
            if (value := each.get(name) or group.get(name)) not in (None, "1")
        ),
    ]
    return " ".join(part for part in parts if part)
