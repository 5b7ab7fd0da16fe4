"""Where a plot's values are on the screen, and the pictures of its axes and marks, which rest while curves
move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.curves.scales import Range

Floats = NDArray[np.float64]
Labels = Sequence[tuple[float, str]]  # the place of each tick and its text

RIGHT = 16  # pixels at the right of the curves, and half a label at least
MARK_ROWS = 3


@dataclass(frozen=True)
class Mark:
    """A vertical line at a place on the x axis, with a label."""

    place: float
    text: str


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


def paint_axes(painter: QPainter, frame: Frame, theme: Theme, x_labels: Labels, y_labels: Labels) -> None:
    """Grid lines and labels; a label that would touch the next one is left out."""
    area, metrics = frame.area, QFontMetricsF(painter.font())
    height = metrics.height()
    for value, text in y_labels:
        y = round(frame.point(frame.x.low, value).y())
        painter.setPen(QPen(QColor(theme.grid), 1))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setPen(QColor(theme.muted))
        room = QRectF(0, y - height, area.left() - 7, 2 * height)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
    room_ends = area.right() + RIGHT
    for value, text in reversed(x_labels):
        width = metrics.horizontalAdvance(text) + 1
        x = min(max(0.0, frame.point(value, frame.y.low).x() - width / 2), area.right() + RIGHT - width)
        if x + width <= room_ends:
            painter.drawText(QRectF(x, area.bottom() + 4, width, height), Qt.AlignmentFlag.AlignLeft, text)
            room_ends = x - 6


def paint_message(painter: QPainter, frame: Frame, theme: Theme, font: QFont, text: str) -> None:
    """A sentence in the middle of an empty plot."""
    painter.setFont(font)
    painter.setPen(QColor(theme.muted))
    centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    inside = painter.boundingRect(frame.area.adjusted(16, 0, -16, 0), centred, text)
    painter.fillRect(inside.adjusted(-8, -4, 8, 4), QColor(theme.card))
    painter.drawText(inside, centred, text)


def paint_marks(
    painter: QPainter, frame: Frame, theme: Theme, marks: Sequence[Mark], *, on_top: bool
) -> None:
    """Dotted lines, labelled in up to three rows at the top or the bottom.

    The latest are labelled first. A label stands at the right of its line, or at the left where the plot
    ends; where there is no room the line has none.
    """
    area, metrics = frame.area, QFontMetricsF(painter.font())
    places = frame.across(np.array([mark.place for mark in marks])).round().tolist()
    painter.setPen(QPen(QColor(theme.muted), 1, Qt.PenStyle.DotLine))
    painter.drawLines([QLineF(x, area.top(), x, area.bottom()) for x in places])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    height, end = metrics.height() + 4, area.right() + RIGHT
    rows = max(1, min(MARK_ROWS, int(0.5 * area.height() / (height + 3))))
    widest = max(80.0, min(190.0, 0.3 * area.width()))
    free_until = [end] * rows
    for mark, x in reversed(list(zip(marks, places, strict=True))):
        if x > max(free_until) + 4:
            continue
        text = metrics.elidedText(mark.text, Qt.TextElideMode.ElideRight, widest)
        width = metrics.horizontalAdvance(text) + 12
        left = x + 4 if x + 4 + width < end else x - 4 - width
        row = next((row for row in range(rows) if left + width < free_until[row]), None)
        if row is None or left < 0:
            continue
        free_until[row] = left - 3
        offset = 2 + row * (height + 3)
        label = QRectF(
            left, area.top() + offset if on_top else area.bottom() - offset - height, width, height
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent_soft))
        painter.drawRoundedRect(label, 6, 6)
        painter.setPen(QColor(theme.text))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, text)
