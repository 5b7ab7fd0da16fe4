"""What painted widgets draw, over drawn values: each line, area and text with its colour and its place, not a pixel.

A font of the tests' own makes places the same wherever Qt measures it alike: they are compared on Linux only.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Final
from xml.etree import ElementTree

from PySide6.QtCore import QBuffer, QIODevice, QSize
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication, QDialog, QGraphicsView, QMenu, QWidget

from mnistviz.gui.common.theme import DARK, LIGHT, palette
from tests.gui.deleting import delete
from tests.gui.said.catalogue import Asked
from tests.gui.said.draws import CannotBeDrawnError, Draws, hints_of

SIZES: Final = (QSize(640, 240), QSize(360, 300), QSize(220, 120))
MOST: Final = 40  # things drawn that are on record
SHOWS: Final = ("show_", "draw", "set_", "arrange", "look_at", "choose", "place")
LEFT_OUT: Final = ("Plot",)  # what is drawn for it makes no sense to Qt
GIVEN: Final = {"theme": LIGHT, "parent": None, "lab": None}  # none of them asks the lab while it is painted
NEVER: Final = ("set_theme", "show_menu", "draw_behind")
PLACES: Final = [
    "x",
    "y",
    "width",
    "height",
    "cx",
    "cy",
    "r",
    "rx",
    "ry",
    "x1",
    "y1",
    "x2",
    "y2",
    "points",
    "d",
]
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
_SVG: Final = "{http://www.w3.org/2000/svg}"


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
            and _paints(found)
        ):
            yield Asked(f"{name}.paints", str(module.__file__), partial(_asked, found))


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


def _paints(kind: type) -> bool:
    if issubclass(kind, QGraphicsView):
        return True
    return any("paintEvent" in vars(each) for each in kind.__mro__ if each.__module__.startswith("mnistviz"))


def _asked(kind: type[Any], draws: Draws) -> list[str]:
    with _raising():
        return _drawn(kind, draws)


def _drawn(kind: type[Any], draws: Draws) -> list[str]:
    """Return what a widget draws that is shown what is drawn for it."""
    made = draws.part("made")
    widget = kind(*_arguments(kind.__init__, made, skip=1), **_keywords(kind.__init__, made))
    try:
        widget.resize(draws.part("size").one_of(SIZES))
        if draws.part("dark").below(3) == 0 and hasattr(widget, "set_theme"):
            widget.set_theme(DARK)
        for name, function in _shows(kind):
            here = draws.part(name)
            try:
                values, keywords = _arguments(function, here, skip=1), _keywords(function, here)
            except CannotBeDrawnError:
                continue
            if here.part("asked").below(5):
                getattr(widget, name)(*values, **keywords)
        return drawing(widget)
    finally:
        delete(widget)


def _shows(kind: type) -> Iterator[tuple[str, Any]]:
    """Yield what a widget can be shown: what there are values for."""
    own = [each for each in reversed(kind.__mro__) if each.__module__.startswith("mnistviz")]
    for name in dict.fromkeys(name for each in own for name in vars(each)):
        function = getattr(kind, name)
        if not name.startswith(SHOWS) or name in NEVER or not inspect.isfunction(function):
            continue
        if hints_of(function).get("return") is type(None):
            yield name, function


def _arguments(function: Any, draws: Draws, skip: int) -> list[Any]:
    hints = hints_of(function)
    every = list(inspect.signature(function).parameters.values())[skip:]
    plain = [each for each in every if each.kind == each.POSITIONAL_OR_KEYWORD]
    return [
        GIVEN[each.name] if each.name in GIVEN else draws.named(each.name, hints[each.name]) for each in plain
    ]


def _keywords(function: Any, draws: Draws) -> dict[str, Any]:
    hints = hints_of(function)
    every = inspect.signature(function).parameters.values()
    return {
        each.name: draws.named(each.name, hints[each.name])
        for each in every
        if each.kind == each.KEYWORD_ONLY
    }


def drawing(widget: QWidget) -> list[str]:
    """Return all that is drawn, in order."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    paper = QSvgGenerator()
    paper.setOutputDevice(buffer)
    paper.setSize(widget.size())
    paper.setViewBox(widget.rect())
    QWidget.render(widget, paper)
    found = list[str]()
    for group in ElementTree.fromstring(bytes(buffer.data().data())).iter(f"{_SVG}g"):
        for each in group:
            if each.tag != f"{_SVG}g" and len(found) < MOST:
                found.append(_line(group, each))
    return found


def _line(group: ElementTree.Element, each: ElementTree.Element) -> str:
    kind = each.tag.removeprefix(_SVG)
    colours = [group.get(name, "") for name in ("fill", "stroke")]
    if kind == "text":
        colours = [each.get("fill", ""), ""]
    places = [each.get(name, "") for name in PLACES]
    numbers = [f"{float(number):.1f}".removesuffix(".0") for number in _NUMBER.findall(" ".join(places))]
    if kind == "polygon":  # as some versions of Qt write it
        kind, numbers = "path", [*numbers, *numbers[:2]]
    more = f" of {len(numbers)}" if len(numbers) > 12 else ""
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
    ]
    return " ".join(part for part in parts if part)
