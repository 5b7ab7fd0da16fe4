"""What painters share: paths of arrays, places of labels, cached colours and pens."""

from collections.abc import Sequence
from functools import cache
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen, QPixmap, QPolygonF
from shiboken6 import VoidPtr

Floats = NDArray[np.float64]
_MEMORY: Any = VoidPtr  # its stub knows one argument only


def translucent(colour: str | QColor, opacity: float) -> QColor:
    colour = QColor(colour)
    colour.setAlphaF(min(opacity, 1.0))
    return colour


def polygon(x: Floats, y: Floats) -> QPolygonF:
    n, points = len(x), QPolygonF()
    if n:
        points.resize(n)
        memory: Any = _MEMORY(points.data(), 16 * n, True)  # two doubles a point, writable
        corners = np.frombuffer(memory).reshape(n, 2)
        corners[:, 0], corners[:, 1] = x, y
    return points


def line_path(x: Floats, y: Floats) -> QPainterPath:
    """Return a line from point to point, with a gap where a point is not finite."""
    path, good = QPainterPath(), np.isfinite(x + y)
    if good.all():  # nearly always
        path.addPolygon(polygon(x, y))
        return path
    edges = np.flatnonzero(np.diff(good, prepend=False, append=False))
    for begin, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        path.addPolygon(polygon(x[begin:end], y[begin:end]))
    return path


def steady_order(wanted: Sequence[float], before: Sequence[int], apart: float) -> list[int]:
    """Return the numbers of the `wanted` places from the top down, in the order `before` unless two are more than
    `apart`: so the names of lines that run close together do not swap all the time."""
    order, left = [], list(before)
    while left:
        highest = min(wanted[number] for number in left)
        order.append(next(number for number in left if wanted[number] - highest <= apart))
        left.remove(order[-1])
    return order


def spread(
    wanted: Sequence[float], height: float, low: float, high: float, order: Sequence[int] | None = None
) -> list[float]:
    """Return upper edges as near to the `wanted` ones as possible, from `low` to `high`: `height` apart, or less if
    there is too little room, in their own order or in the `order` of their numbers from the top down."""
    height = min(height, (high - low) / max(1, len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda number: wanted[number]) if order is None else order
    blocks: list[list[float]] = []  # of touching labels: wanted places relative to their place in the block
    for place, number in enumerate(order):
        blocks.append([wanted[number] - place * height])
        while len(blocks) > 1 and fmean(blocks[-2]) >= fmean(blocks[-1]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    begins = [fmean(block) for block in blocks for _ in block]
    placed = [0.0] * len(wanted)
    for place, (number, begin) in enumerate(zip(order, begins, strict=True)):
        highest = high - (len(wanted) - 1) * height
        placed[number] = min(max(begin, low), highest) + place * height
    return placed


@cache
def colour(name: str) -> QColor:
    """Return a colour that is never freed: that releases Python's lock, which a training thread may take."""
    return QColor(name)


@cache
def pen(name: str, width: float = 1.0, *, dashed: bool = False) -> QPen:
    return QPen(colour(name), width, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)


def blank_pixmap(
    size: QSize | QSizeF, ratio: float, ground: QColor | Qt.GlobalColor = Qt.GlobalColor.transparent
) -> QPixmap:
    """Return a pixmap of a size in device-independent pixels, at least one pixel large."""
    pixmap = QPixmap((QSizeF(size) * ratio).toSize().expandedTo(QSize(1, 1)))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(ground)
    return pixmap
