"""Positions of the parts of a plot, in pixels of the widget. Nothing is painted here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QFontMetricsF

from mnistviz.gui.common.axis_scales import Range, ticks
from mnistviz.gui.curves.compose import PlotAxis
from mnistviz.gui.curves.marks import Mark
from mnistviz.gui.curves.traces import Floats

Labels = Sequence[tuple[float, str]]  # the place of each tick and its text

RIGHT = 16  # pixels at the right of the curves at least, for half a label
TO_LABEL = 8  # pixels from the end of a line to its name
FLAGS = 8  # pixels below the axis, for the flags
BLANK = 3  # pixels at the top of a line of figures, where they have no ink
BETWEEN, BESIDE_UNIT = 6, 9  # pixels between labels of the x axis at least, and from the last one to the unit
LEAST_AREA = 110  # pixels: in less, a curve can't be read
READOUT_GAP = 12  # pixels from the cursor
CLEAR = 8  # pixels around a point that is read


class Sides(NamedTuple):
    """Pixels at the left and at the right of the curves."""

    left: int
    right: int


@dataclass(frozen=True)
class Frame:
    """Both axes, and the area of the curves in pixels of the widget."""

    x: Range
    y: Range
    area: QRectF

    def across(self, x: Floats) -> Floats:
        return self.x.share(x) * self.area.width() + self.area.left()

    def down(self, y: Floats) -> Floats:
        return self.y.share(y) * -self.area.height() + self.area.bottom()

    def x_of(self, x: float) -> float:
        """Return the pixel of a value on the x axis, which is never logarithmic."""
        share = (x - self.x.low) / (self.x.high - self.x.low)
        return share * self.area.width() + self.area.left()

    def point(self, x: float, y: float) -> QPointF:
        return QPointF(self.across(np.array([x]))[0], self.down(np.array([y]))[0])

    def place(self, across: float) -> float:
        """Return the value on the x axis at a pixel."""
        share = (across - self.area.left()) / self.area.width()
        return self.x.low + share * (self.x.high - self.x.low)


def area_of_curves(size: QSize, sides: Sides, line: float) -> QRectF:
    """Return the area of the curves, between the `sides`, above the flags and a `line` of text."""
    width = max(size.width() - sides.left - sides.right, 1)
    height = size.height() - 1.5 * line - FLAGS + BLANK
    return QRectF(sides.left, line / 2 - BLANK, width, max(height, 1))


def least_height(line: float) -> int:
    """Return the least height of a plot with a `line` of text below the curves."""
    return math.ceil(LEAST_AREA + 1.5 * line + FLAGS - BLANK)


def y_labels(axis: PlotAxis, height: int, metrics: QFontMetricsF) -> Labels:
    """Return as many labels as the height has room for."""
    line = metrics.height()
    values = ticks(axis.range, max(2, int((height - 2.5 * line) / (1.6 * line))))
    return list(zip(values, axis.texts(values), strict=True))


def x_labels(axis: PlotAxis, frame: Frame, width: float, metrics: QFontMetricsF) -> Labels:
    """Return as many labels as fit before the unit at the right end of a plot of this width; at least two, if they do
    not touch."""
    ends = width - metrics.horizontalAdvance(axis.unit) - BESIDE_UNIT
    fitting: Labels = []
    for most in range(10, 0, -1):
        values = ticks(axis.range, most)
        labels = list(zip(values, axis.texts(values), strict=True))
        seen = [
            (value, text)
            for value, text in labels
            if frame.x_of(value) + metrics.horizontalAdvance(text) / 2 <= ends
        ]
        taken = sum(metrics.horizontalAdvance(text) for _, text in labels)
        if len(seen) > 1 and taken + BETWEEN * (len(labels) - 1) < frame.area.width():
            fitting = seen
        if fitting and taken + 2.5 * metrics.height() * len(labels) < frame.area.width():
            break
    return fitting or labels[:1]


def left_of_curves(labels: Labels, metrics: QFontMetricsF) -> int:
    """Return the width of a y axis's labels, at least that of "100 %"."""
    widest = max((metrics.horizontalAdvance(text) for _, text in labels), default=0)
    return round(max(widest, 3 * metrics.height())) + 9


def right_of_curves(names: Iterable[str], metrics: QFontMetricsF) -> int:
    """Return the width of the lines' names."""
    widest = max(map(metrics.horizontalAdvance, names), default=0.0)
    return max(RIGHT, math.ceil(widest) + TO_LABEL + 2)


def mark_places(frame: Frame, marks: Sequence[Mark]) -> list[float]:
    """Return where the lines of the marks are, on whole pixels."""
    places: list[float] = frame.across(np.array([mark.place for mark in marks])).round().tolist()
    return places


def room_beside(at: float, width: int) -> int:
    """Return the larger room, left or right of the cursor, in pixels."""
    return round(max(at - READOUT_GAP, width - at - READOUT_GAP))


def beside(
    at: float, readout: QSize, frame: Frame, plot: QSize, points: Sequence[QPointF], *, on_top: bool
) -> tuple[QPoint, int]:
    """Return the corner of the cursor's readout, and how many of the `points` it covers. Best is right of the cursor,
    at the top or the bottom; another place if it covers fewer points there."""
    area, width, height = frame.area, readout.width(), readout.height()
    right, left = at + READOUT_GAP, at - READOUT_GAP - width
    across = [right] if right + width <= plot.width() else []
    across += [left] if left >= 0 else []
    across += [plot.width() - width, 0]
    top, bottom = area.top() + 2, area.bottom() - 2 - height
    down = [top, bottom] if on_top else [bottom, top]
    down += [(top + bottom) / 2, 0, plot.height() - height]
    corners = [
        QPoint(round(max(0, min(x, plot.width() - width))), round(max(0, min(y, plot.height() - height))))
        for x, y in product(across, down)
    ]

    def covered(corner: QPoint) -> int:
        box = QRect(corner, readout).adjusted(-CLEAR, -CLEAR, CLEAR, CLEAR)
        return sum(box.contains(point.toPoint()) for point in points)

    return min(((corner, covered(corner)) for corner in corners), key=lambda each: each[1])
