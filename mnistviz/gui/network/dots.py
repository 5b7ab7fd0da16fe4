"""Paints marks on some pixels of a picture."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from mnistviz.engine.digits import SIDE
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.lab.in_card import Dot

_LEAST_ROUND = 5  # screen pixels for each picture pixel, below which marks are squares


def paint_dots(painter: QPainter, place: QRectF, dots: Sequence[Dot], theme: Theme) -> None:
    """Paint marks on the picture in the rectangle `place`, visible on paper and on ink."""
    cell = place.width() / SIDE
    painter.save()
    for dot in dots:
        row, column = divmod(dot.pixel, SIDE)
        middle = place.topLeft() + QPointF((column + 0.5) * cell, (row + 0.5) * cell)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent))
        if cell < _LEAST_ROUND:
            painter.drawRect(QRectF(middle.x() - cell / 2, middle.y() - cell / 2, cell, cell))
        else:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.card), max(1.0, 0.12 * cell)))
            painter.drawEllipse(middle, 0.34 * cell, 0.34 * cell)
        if dot.newest:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            radius = max(cell, 4.0)
            for colour, width in ((theme.card, 3.0), (theme.accent, 1.6)):
                painter.setPen(QPen(QColor(colour), width))
                painter.drawEllipse(middle, radius, radius)
    painter.restore()
