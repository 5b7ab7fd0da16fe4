"""The pictures of a plot's axes and marks, which rest while curves move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.curves.drawing import Mark
from mnistviz.gui.curves.plot_frame import RIGHT, Frame, Labels, mark_places

WHOSE: Final = "plot"  # it is painted on a picture, which has no name
FLAG = 5  # pixels: height, and half of its width


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
        draw_text(
            painter, room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text, whose=WHOSE
        )
    room_ends = area.right() + RIGHT
    for value, text in reversed(x_labels):
        width = metrics.horizontalAdvance(text) + 1
        x = min(max(0.0, frame.point(value, frame.y.low).x() - width / 2), area.right() + RIGHT - width)
        if x + width <= room_ends:
            room = QRectF(x, area.bottom() + 4, width, height)
            draw_text(painter, room, Qt.AlignmentFlag.AlignLeft, text, whose=WHOSE)
            room_ends = x - 6


def paint_message(painter: QPainter, frame: Frame, theme: Theme, font: QFont, text: str) -> None:
    """A sentence in the middle of an empty plot."""
    painter.setFont(font)
    painter.setPen(QColor(theme.muted))
    centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    inside = painter.boundingRect(frame.area.adjusted(16, 0, -16, 0), centred, text)
    painter.fillRect(inside.adjusted(-8, -4, 8, 4), QColor(theme.card))
    draw_text(painter, inside, centred, text, whose=WHOSE)


def paint_marks(painter: QPainter, frame: Frame, theme: Theme, marks: Sequence[Mark]) -> None:
    """Dotted lines, each on a flag at the axis."""
    area, places = frame.area, mark_places(frame, marks)
    painter.setPen(QPen(QColor(theme.muted), 1, Qt.PenStyle.DotLine))
    painter.drawLines([QLineF(x, area.top(), x, area.bottom()) for x in places])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.accent))
    foot = area.bottom() + FLAG
    for x in places:
        corners = (QPointF(x, area.bottom()), QPointF(x + FLAG, foot), QPointF(x - FLAG, foot))
        painter.drawPolygon(QPolygonF(corners))
