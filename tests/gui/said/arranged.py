"""How the parts of the window are arranged, set and painted: each widget's place, each property that is not Qt's
default, and what it draws, in the font of the tests' own.

Numbers in texts are left out, and places are compared to half a pixel: what is measured on digits differs in the last
figures between processors.
"""

import enum
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from PySide6 import QtWidgets
from PySide6.QtCore import QRect, Qt

from tests.gui.said.painted import drawing, paints
from tests.gui.said.plain import NotPlainError, is_same, plain
from tests.gui.said.states import states

NEVER: Final = {
    "objectName", "pos", "x", "y", "width", "height", "rect", "size", "frameGeometry", "normalGeometry", "frameSize",
    "childrenRect", "childrenRegion", "palette", "font", "cursor", "locale", "styleSheet", "mouseTracking", "focus",
    "isActiveWindow", "sizeHint", "minimumSizeHint", "minimumSize", "maximumSize", "windowIcon", "icon", "pixmap",
    "statusTip", "visible", "updatesEnabled", "windowOpacity", "selectedText", "cursorPosition", "document", "html",
    "viewportMargins", "undoAvailable", "horizontalScrollBarPolicy", "shortcut", "underMouse", "modal",
    "windowModality", "currentFont", "frameRect", "maxCount", "lineCount", "sizeGripEnabled", "autoFillBackground",
    "geometry", "acceptableInput", "hasAcceptableInput", "displayText", "windowTitle", "animated",
}  # fmt: skip
"""Properties that follow from others, are told elsewhere, or are the platform's."""

TRAINED: Final = "futures", "futures_misread"
"""Parts that show runs which other processors' products of matrices lead elsewhere."""
LONGEST: Final = 12_000  # letters of what is painted
OFF: Final = 0.6  # pixels
_USUAL: Final[dict[type, dict[str, Any]]] = {}  # by the class of a widget
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
"""A number in a text, which may be measured."""


def _value(value: Any) -> str:
    if isinstance(value, QtWidgets.QSizePolicy):
        policies = f"{value.horizontalPolicy().name} {value.verticalPolicy().name}"
        return f"{policies} {value.horizontalStretch()} {value.verticalStretch()}"
    if isinstance(value, enum.Enum):
        return value.name or str(value.value)
    return plain(value)


def _by_itself(widget: QtWidgets.QWidget) -> dict[str, Any]:
    """Return the properties of a widget as Qt makes it, of the nearest class of Qt's that can be made so."""
    if (kind := type(widget)) not in _USUAL:
        meta = widget.metaObject()  # that of the class goes with a widget that was asked for its own
        names = [str(meta.property(number).name()) for number in range(meta.propertyCount())]
        for base in kind.__mro__:
            if base.__module__.startswith("PySide6"):
                with suppress(TypeError, NotImplementedError):
                    usual: QtWidgets.QWidget = base()
                    _USUAL[kind] = {name: usual.property(name) for name in names if name not in NEVER}
                    break
    return _USUAL.setdefault(kind, {})


def _properties(widget: QtWidgets.QWidget) -> Iterator[str]:
    """Yield the properties that are not as Qt sets them by itself."""
    for name, usual in _by_itself(widget).items():
        value = widget.property(name)
        if value == usual or (name == "value" and isinstance(widget, QtWidgets.QProgressBar)):
            continue
        with suppress(NotPlainError):
            if (told := _value(value)) != _value(usual):
                if isinstance(value, str):  # which may be wrapped in another font
                    told = _NUMBER.sub("#", told).replace("⏎", " ")
                yield f"{name} {told}"


def _layout(layout: QtWidgets.QLayout | None) -> Iterator[str]:
    """Yield margins, spacing and the stretch of what is in it, with the layouts inside. Avoid `layout.itemAt`: PySide
    keeps an item as valid after Qt has freed it, and `QListWidget.clear` crashes once one of its own has its address.
    """
    if layout is None:
        return
    margins, places = layout.contentsMargins(), range(layout.count())
    stretches = [*map(layout.stretch, places)] if isinstance(layout, QtWidgets.QBoxLayout) else []
    yield (
        f"{type(layout).__name__} {margins.left()} {margins.top()} {margins.right()} {margins.bottom()}"
        f" spacing {layout.spacing()} stretch {stretches}"
    )
    for inner in layout.findChildren(QtWidgets.QLayout, options=Qt.FindChildOption.FindDirectChildrenOnly):
        yield from _layout(inner)


def _parts(widget: QtWidgets.QWidget, path: str = "") -> Iterator[tuple[str, QtWidgets.QWidget]]:
    """Yield all widgets in it, by their paths."""
    numbers: dict[str, int] = {}
    for each in widget.children():
        if not isinstance(each, QtWidgets.QWidget) or each.isWindow():
            continue
        name = each.objectName() or type(each).__name__
        if name in ("QScrollBar", "QSizeGrip", "focus_frame") or name.endswith("container"):
            continue  # these are set as content and the keys come and go
        numbers[name] = numbers.get(name, 0) + 1
        inner = f"{path}/{name}" + (f"#{numbers[name]}" if numbers[name] > 1 else "")
        yield inner, each
        yield from _parts(each, inner)


def arranged(widget: QtWidgets.QWidget) -> dict[str, str]:
    """Return how each part is set, by its path; and where it is, and what is painted there, if it is visible."""
    found, painted = {}, "-"
    for path, part in _parts(widget):
        told = [type(part).__name__]
        if part.isVisibleTo(widget):
            told.append(plain(QRect(part.pos(), part.size())))
        told += [*_properties(part), *_layout(part.layout())]
        if isinstance(part, QtWidgets.QSplitter):
            told.append(f"sizes {part.sizes()}")
        found[path] = "; ".join(told)
        by_hand = paints(type(part)) or isinstance(part, QtWidgets.QAbstractItemView)
        if (
            by_hand
            and part.objectName() not in TRAINED
            and part.isVisibleTo(widget)
            and not path.startswith(painted)
        ):
            found[f"{path} paints"], painted = " | ".join(drawing(part))[:LONGEST], f"{path}/"
    return found


def arranged_states(folder: Path) -> dict[str, dict[str, str]]:
    """Return how each state of a window is arranged. Its files are kept in a folder."""
    return {name: arranged(widget) for name, widget in states(folder)}


FOLDER: Final = Path(__file__).with_name("arranged")


def differences(now: dict[str, dict[str, str]]) -> Iterator[str]:
    """Yield what is arranged otherwise than is on record."""
    names = {path.stem for path in FOLDER.glob("*.txt")}
    yield from (f"{name} is only on one side" for name in names ^ {*now})
    for name in sorted(names & {*now}):
        lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        known = dict(line.split(": ", 1) for line in lines)
        for path in dict.fromkeys((*known, *now[name])):
            off = OFF if path.endswith(" paints") else 0.0
            if not is_same(known.get(path, ""), now[name].get(path, ""), off):
                yield f"{name} {path}\n  on record: {known.get(path)}\n  now:       {now[name].get(path)}"


def write(every: dict[str, dict[str, str]]) -> None:
    """Write the record anew."""
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.txt"):
        path.unlink()
    for name, parts in every.items():
        text = "".join(f"{path}: {told}\n" for path, told in parts.items())
        (FOLDER / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
