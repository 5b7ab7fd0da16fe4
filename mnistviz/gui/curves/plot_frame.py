"""Where the things of a plot are, in pixels of the widget. Nothing is painted here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize
from PySide6.QtGui import QFontMetricsF

from mnistviz.gui.curves.drawing import Axis, Mark
from mnistviz.gui.curves.scales import Range, ticks
from mnistviz.gui.curves.traces import Floats

Labels = Sequence[tuple[float, str]]  # the place of each tick and its text

RIGHT = 16  # pixels at the right of the curves, and half a label at least
LEAST_AREA = 110  # pixels: in less, a curve can't be read
READOUT_GAP = 12  # pixels from the cursor


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

    def point(self, x: float, y: float) -> QPointF:
        return QPointF(self.across(np.array([x]))[0], self.down(np.array([y]))[0])

    def place(self, across: float) -> float:
        """The value on the x axis at a pixel."""
        share = (across - self.area.left()) / self.area.width()
        return self.x.low + share * (self.x.high - self.x.low)


def area_of_curves(size: QSize, left: int, line: float) -> QRectF:
    """The part of a plot that the curves have, beside labels of `left` pixels at its left and of a `line` of
    text below."""
    width = max(size.width() - left - RIGHT, 1)
    return QRectF(left, line / 2, width, max(size.height() - 1.5 * line - 5, 1))


def least_height(line: float) -> int:
    """Of a plot with a `line` of text below the area of the curves."""
    return math.ceil(LEAST_AREA + 1.5 * line + 5)


def y_labels(axis: Axis, height: int, metrics: QFontMetricsF) -> Labels:
    """As many labels as the height has room for."""
    line = metrics.height()
    values = ticks(axis.range, max(2, int((height - 2.5 * line) / (1.6 * line))))
    return list(zip(values, axis.texts(values), strict=True))


def x_labels(axis: Axis, width: float, metrics: QFontMetricsF) -> Labels:
    """As many labels as the width has room for."""
    for most in range(10, 0, -1):
        values = ticks(axis.range, most)
        texts = axis.texts(values)
        if sum(metrics.horizontalAdvance(text) + 2.5 * metrics.height() for text in texts) < width:
            break
    return list(zip(values, texts, strict=True))


def left_of_curves(labels: Labels, metrics: QFontMetricsF) -> int:
    """How many pixels the labels of a y axis take; short ones take as many as "100 %"."""
    widest = max((metrics.horizontalAdvance(text) for _, text in labels), default=0)
    return round(max(widest, 3 * metrics.height())) + 9


def mark_places(frame: Frame, marks: Sequence[Mark]) -> list[float]:
    """Where the lines of the marks are, on whole pixels."""
    places: list[float] = frame.across(np.array([mark.place for mark in marks])).round().tolist()
    return places


def room_beside(at: float, width: int) -> int:
    """The most pixels that there are beside a cursor, on one side or the other."""
    return round(max(at - READOUT_GAP, width - at - READOUT_GAP))


def beside(at: float, readout: QSize, frame: Frame, plot: QSize, *, on_top: bool) -> QPoint:
    """The corner of what a cursor reads: at its right, or at its left where there is no room."""
    area, width, height = frame.area, readout.width(), readout.height()
    x = at + READOUT_GAP if plot.width() - at - READOUT_GAP >= width else at - READOUT_GAP - width
    y = area.top() + 2 if on_top else area.bottom() - 2 - height
    return QPoint(round(max(0, x)), round(max(0, min(y, plot.height() - height))))
