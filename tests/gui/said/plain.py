"""A value of the window as a line of text: words as they are, numbers to few figures, nothing of fonts or pixels."""

import enum
import re
from collections.abc import Mapping, Set
from typing import Any, Final

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QLine, QLineF, QPoint, QPointF, QRect, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QPainterPath, QPolygonF

FIGURES: Final = 5
MOST: Final = 24  # numbers of an array
_NUMBER: Final = re.compile(r"[-−]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?")
_QUOTED: Final = re.compile("'[^']*'|\"[^\"]*\"")


class NotPlainError(Exception):
    """There are no words for it."""


def plain(value: Any) -> str:
    """Return a value in a line."""
    match value:
        case None | bool() | int() | enum.Enum():
            return str(value)
        case str():
            return repr(value) if value != value.strip() or not value else value.replace("\n", "⏎")
        case float() | np.floating():
            return number(float(value))
        case np.integer() | np.bool_():
            return str(value.item())
        case np.ndarray():
            every = [plain(each) for each in value.ravel()[:MOST].tolist()]
            return f"{'×'.join(map(str, value.shape))}: {' '.join(every)}"
        case QPoint() | QPointF():
            return f"({number(value.x())}, {number(value.y())})"
        case QSize() | QSizeF():
            return f"{number(value.width())}×{number(value.height())}"
        case QRect() | QRectF():
            return " ".join(map(number, (value.x(), value.y(), value.width(), value.height())))
        case QLine() | QLineF():
            return f"{plain(value.p1())}–{plain(value.p2())}"
        case QColor():
            return value.name(QColor.NameFormat.HexArgb)
        case QPolygonF():
            return plain([value.at(place) for place in range(value.size())])
        case QPainterPath():
            parts = [value.elementAt(place) for place in range(min(MOST, value.elementCount()))]
            return " ".join(f"{each.type.name[:4]}{plain(QPointF(each.x, each.y))}" for each in parts)
        case bytes():
            return f"{len(value)} bytes"
        case Mapping():
            return "{" + ", ".join(f"{plain(key)}: {plain(each)}" for key, each in value.items()) + "}"
        case Set():
            return "{" + ", ".join(sorted(map(plain, value))) + "}"
        case list() | tuple() | range():
            if hasattr(value, "_fields"):
                return _fields(value, value._fields)
            return "[" + " | ".join(map(plain, value)) + "]"
    if isinstance(value, Struct):
        return _fields(value, value.__struct_fields__)
    if hasattr(value, "__next__"):
        return plain(list(value))
    raise NotPlainError(type(value).__qualname__)


def number(value: float) -> str:
    """Return a number to so many figures as are the same on each machine."""
    text = f"{value:.{FIGURES}g}"
    return "0" if text == "-0" else text


def _fields(value: Any, names: Any) -> str:
    told = []
    for name in names:
        if name.startswith("_"):
            continue
        try:
            told.append(f"{name}={plain(getattr(value, name))}")
        except NotPlainError:
            continue
    return f"{type(value).__name__}({', '.join(told)})"


def is_same(one: str, other: str, off: float = 0.0) -> bool:
    """Return whether two answers are the same, but for the last figures of long numbers, or so much where they are not
    in quotes."""
    if one == other:
        return True
    if _NUMBER.sub("#", one) != _NUMBER.sub("#", other):
        return False
    pairs = zip(_NUMBER.finditer(one), _NUMBER.findall(other), strict=True)
    quoted = [range(*each.span()) for each in _QUOTED.finditer(one)] if off else []
    return all(
        _is_near(found[0], number, 0.0 if any(found.start() in each for each in quoted) else off)
        for found, number in pairs
    )


def _is_near(one: str, other: str, off: float) -> bool:
    if one == other:
        return True
    try:
        a, b = float(one), float(other)
    except ValueError:
        return False
    if max(len(each.strip("-").replace(".", "")) for each in (one, other)) >= FIGURES:
        off = max(off, 3e-4 * max(abs(a), abs(b)) + 1e-6)
    return abs(a - b) <= off
