"""The names, ticks and grid of a figure."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsRectItem, QGraphicsSimpleTextItem, QGraphicsView

from mnistviz.gui.common import numbers
from mnistviz.gui.common.nice_numbers import nice_above
from mnistviz.gui.common.painted_text import note_text
from mnistviz.gui.common.theme import Theme

_STEPS = (1.0, 2.0, 5.0)
_APART = 70  # pixels between two ticks, about
BEHIND = -200  # below all that a figure shows
_RIGHT = 12  # pixels that are left free at the right

Ticks = list[tuple[float, str]]
"""Places, in units, and what is written there."""


class Axes:
    """Draws around and behind `area`, in the scene of a view whose pixels are those of the scene."""

    def __init__(self, view: QGraphicsView) -> None:
        self._view = view
        self.names = ("", "")
        self.log = (False, False)
        self.given: tuple[Ticks | None, Ticks | None] = (None, None)
        self._items: list[QGraphicsItem] = []
        self._frame = QGraphicsRectItem()
        view.scene().addItem(self._frame)

    def room(self, width: float, height: float, asked: QRectF) -> QRectF:
        """What is left for the figure itself."""
        metrics = QFontMetricsF(self._view.font())
        high = metrics.height()
        ticks = self._ticks(1, asked.top(), asked.bottom(), max(60.0, height - 3 * high))
        left = max((metrics.horizontalAdvance(text) for _, text in ticks), default=-4.0) + 8
        top = high + 6 if self.names[1] else 6.0
        under = 4.0 + (high + 3 if self._shows(0) else 0) + (high + 1 if self.names[0] else 0)
        return QRectF(left, top, max(20.0, width - left - _RIGHT), max(20.0, height - top - under))

    def draw(self, area: QRectF, seen: QRectF, theme: Theme) -> None:
        """Draws all anew; `seen` is the range, in units."""
        scene, metrics = self._view.scene(), QFontMetricsF(self._view.font())
        for item in self._items:
            scene.removeItem(item)
        self._items = []
        self._frame.setRect(area)
        self._frame.setPen(pen(theme.border, 1.0))
        end = -math.inf
        for place, text in self._ticks(0, seen.left(), seen.right(), area.width()):
            x = area.left() + (place - seen.left()) / seen.width() * area.width()
            wide = metrics.horizontalAdvance(text)
            start = min(max(x - wide / 2, area.left() - 8), area.right() + 10 - wide)
            if start > end + 8:
                self._write(text, start, area.bottom() + 3, theme)
                end = start + wide
            self._grid(QPointF(x, area.top()), QPointF(x, area.bottom()), theme)
        for place, text in self._ticks(1, seen.top(), seen.bottom(), area.height()):
            y = area.bottom() - (place - seen.top()) / seen.height() * area.height()
            self._write(
                text, area.left() - 6 - metrics.horizontalAdvance(text), y - metrics.height() / 2, theme
            )
            self._grid(QPointF(area.left(), y), QPointF(area.right(), y), theme)
        x_name, y_name = self.names
        if x_name:
            wide = metrics.horizontalAdvance(x_name)
            low = area.bottom() + 4 + (metrics.height() if self._shows(0) else 0)
            self._write(x_name, max(0.0, area.right() - wide), low, theme)
        if y_name:
            self._write(y_name, 2, 1, theme)

    def _shows(self, axis: int) -> bool:
        return bool(self.given[axis]) if self.given[axis] is not None else bool(self.names[axis])

    def _ticks(self, axis: int, low: float, high: float, pixels: float) -> Ticks:
        given = self.given[axis]
        if given is not None:
            return [(place, text) for place, text in given if low - 1e-9 <= place <= high + 1e-9]
        if not self._shows(axis):
            return []
        if self.log[axis]:
            powers = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
            return [(float(power), numbers.tick(10.0**power)) for power in powers]
        return [(place, numbers.tick(place)) for place in _round_places(low, high, pixels / _APART)]

    def _write(self, text: str, x: float, y: float, theme: Theme) -> None:
        item = QGraphicsSimpleTextItem(text)
        item.setFont(self._view.font())
        item.setBrush(QColor(theme.muted))
        item.setPos(x, y)
        self._view.scene().addItem(item)
        self._items.append(item)
        metrics = QFontMetricsF(self._view.font())
        wide = min(self._view.width() - x, metrics.horizontalAdvance(text) + 2)
        note_text(text, QRectF(x, y, wide, self._view.height() - y), metrics, self._view.objectName())

    def _grid(self, start: QPointF, end: QPointF, theme: Theme) -> None:
        line = self._view.scene().addLine(start.x(), start.y(), end.x(), end.y(), pen(theme.grid, 1.0))
        line.setZValue(BEHIND)
        self._items.append(line)


def pen(colour: str, width: float, dash: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """A pen whose width is in pixels, whatever is drawn in units."""
    made = QPen(QColor(colour), width, dash)
    made.setCosmetic(True)
    made.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    made.setCapStyle(Qt.PenCapStyle.RoundCap)
    return made


def _round_places(low: float, high: float, count: float) -> list[float]:
    """About `count` round numbers from `low` to `high`."""
    if not high > low:
        return []
    step = nice_above((high - low) / max(1.0, count), _STEPS)
    return [
        number * step for number in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    ]
