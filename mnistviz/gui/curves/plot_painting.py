"""Painting of a plot's axes and marks, which do not change while curves grow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.curves.compose import PlotWayBack
from mnistviz.gui.curves.marks import Mark
from mnistviz.gui.curves.plot_frame import FLAGS, Frame, Labels, mark_places

WHOSE: Final = "plot"  # the pixmap painted on has no object name
HALF, HIGH = 4, 6  # pixels: half of a flag's width, and its height
POLE = 18  # pixels: the line above a flag


def paint_axes(
    painter: QPainter, frame: Frame, theme: Theme, x_labels: Labels, y_labels: Labels, unit: str, width: int
) -> None:
    """Paint grid lines, labels, and the unit of the x axis at the right end of a plot of this width."""
    area, metrics = frame.area, QFontMetricsF(painter.font(), painter.device())
    height = metrics.height()
    for value, text in y_labels:
        y = round(frame.point(frame.x.low, value).y())
        painter.setPen(QPen(QColor(theme.grid), 1))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setPen(QColor(theme.muted))
        middle = max(y, height / 2 - 1)  # the top label stays inside the picture
        room = QRectF(0, middle - height, area.left() - 7, 2 * height)
        draw_text(
            painter, room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text, whose=WHOSE
        )
    painter.setPen(QColor(theme.muted))
    below = area.bottom() + FLAGS - 1
    wide = metrics.horizontalAdvance(unit) + 1
    draw_text(
        painter, QRectF(width - wide, below, wide, height), Qt.AlignmentFlag.AlignLeft, unit, whose=WHOSE
    )
    for value, text in x_labels:
        wide = metrics.horizontalAdvance(text) + 1
        room = QRectF(max(0.0, frame.x_of(value) - wide / 2), below, wide, height)
        draw_text(painter, room, Qt.AlignmentFlag.AlignLeft, text, whose=WHOSE)


def paint_message(painter: QPainter, frame: Frame, theme: Theme, font: QFont, text: str) -> None:
    """Paint a sentence in the middle of an empty plot."""
    painter.setFont(font)
    painter.setPen(QColor(theme.muted))
    centred = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    inside = painter.boundingRect(frame.area.adjusted(16, 0, -16, 0), centred, text)
    painter.fillRect(inside.adjusted(-8, -4, 8, 4), QColor(theme.card))
    draw_text(painter, inside, centred, text, whose=WHOSE)


def paint_ways_back(painter: QPainter, frame: Frame, theme: Theme, ways_back: Sequence[PlotWayBack]) -> None:
    """Paint a dotted line at the height that the run went back to, with its text where there is room, and a triangle
    where the abandoned line leaves the axis."""
    area, metrics, taken = frame.area, QFontMetricsF(painter.font(), painter.device()), list[QRectF]()
    right_bottom = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
    for way in ways_back:
        if way.beyond is not None:
            x, upper = frame.x_of(way.beyond[0]), way.beyond[1]
            tip = area.top() if upper else area.bottom()
            foot = tip + HIGH if upper else tip - HIGH
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(way.colour))
            painter.drawPolygon(
                QPolygonF((QPointF(x, tip), QPointF(x + HALF, foot), QPointF(x - HALF, foot)))
            )
        begin, end = frame.point(way.source, way.height), frame.point(way.place, way.height)
        if not frame.y.low <= way.height <= frame.y.high:
            continue
        painter.setPen(QPen(QColor(theme.text), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QLineF(begin.x(), round(end.y()), end.x(), round(end.y())))
        wide, high = metrics.horizontalAdvance(way.text) + 1, metrics.height()
        room = QRectF(max(area.left(), end.x() - wide - HALF), max(area.top(), end.y() - high), wide, high)
        if not any(room.intersects(other) for other in taken):
            taken.append(room)
            veil = QColor(theme.card)
            veil.setAlphaF(0.7)
            painter.fillRect(room, veil)
            painter.setPen(QColor(theme.muted))
            draw_text(painter, room, right_bottom, way.text, whose=WHOSE)


def paint_marks(painter: QPainter, frame: Frame, theme: Theme, marks: Sequence[Mark]) -> None:
    """Paint flags at the axis, each with a short dotted line; one of many gestures has a bar below it."""
    axis, places = frame.area.bottom(), mark_places(frame, marks)
    painter.setPen(QPen(QColor(theme.muted), 1, Qt.PenStyle.DotLine))
    painter.drawLines([QLineF(x, axis - POLE, x, axis) for x in places])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.accent))
    for x, mark in zip(places, marks, strict=True):
        foot = axis + HIGH - 2 * mark.many
        painter.drawPolygon(QPolygonF((QPointF(x, axis), QPointF(x + HALF, foot), QPointF(x - HALF, foot))))
        if mark.many:
            painter.drawRect(QRectF(x - HALF, foot + 1, 2 * HALF, 2))
