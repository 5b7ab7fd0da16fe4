"""The pictures of a plot's axes and marks, which rest while curves move."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.curves.drawing import Mark
from mnistviz.gui.curves.plot_frame import RIGHT, Frame, Labels, mark_labels, mark_places


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
    """Dotted lines, and labels where there is room for them."""
    area = frame.area
    painter.setPen(QPen(QColor(theme.muted), 1, Qt.PenStyle.DotLine))
    painter.drawLines([QLineF(x, area.top(), x, area.bottom()) for x in mark_places(frame, marks)])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for box, text in mark_labels(frame, marks, QFontMetricsF(painter.font()), on_top=on_top):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent_soft))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(QColor(theme.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
