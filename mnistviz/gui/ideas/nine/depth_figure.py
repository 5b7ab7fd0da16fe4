"""What can be read from each layer of a network, compared with the layers of the untrained network."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from mnistviz.engine.ideas.layer_readings import DepthReading, LayerReading
from mnistviz.gui.common import numbers
from mnistviz.gui.common.painted_figure import CENTRE, LEFT, RIGHT, PaintedFigure, bold, inked, sized
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.widgets import SMALLEST
from mnistviz.gui.ideas.nine.nine_words import layer_name, say

_HIGHEST = 92.0  # pixels of a row


class DepthFigure(PaintedFigure):
    """A row for each layer: accuracy of a linear readout, and of single units for a yes-no question."""

    def __init__(self) -> None:
        super().__init__(takes_focus=False)
        self.sizes: tuple[int, ...] = (784, 30, 10)
        self.reading: DepthReading | None = None

    def minimumSizeHint(self) -> QSize:
        return QSize(390, round((4.2 + 1.7 * len(self.sizes)) * self.fontMetrics().height()))

    def show_reading(self, sizes: tuple[int, ...], reading: DepthReading | None) -> None:
        self.sizes, self.reading = sizes, reading
        self.tell("" if reading is None else " ".join(layers_description(reading)))
        self.updateGeometry()

    @property
    def _line(self) -> float:
        return QFontMetricsF(bold(self.font())).height()

    @property
    def _top(self) -> float:
        return 2.9 * self._line

    @property
    def _row_height(self) -> float:
        return min(_HIGHEST, (self.height() - self._top - 1.3 * self._line) / max(1, len(self.sizes)))

    @property
    def _bottom(self) -> float:
        return self._top + len(self.sizes) * self._row_height

    @property
    def _value_font(self) -> QFont:
        """The font of the numbers: two lines of the usual text would touch in a low row."""
        return sized(self.font(), SMALLEST) if self._row_height < 2.1 * self._line else self.font()

    @property
    def _values(self) -> float:
        return QFontMetricsF(self._value_font).horizontalAdvance(numbers.percent(1.0)) + 8

    def _names(self, layer: int) -> QRectF:
        wide = max(self.wide(self.name_of(each), heavy=True) for each in range(len(self.sizes))) + 12
        return QRectF(0, self._top + layer * self._row_height, wide, self._row_height)

    def _track(self, column: int, layer: int, number: int = 0) -> QRectF:
        """Return where an accuracy is drawn: column linear (0) or units (1), of the trained (0) or untrained (1)."""
        row, value, gap = self._names(layer), self._values, 0.06 * self.width()
        wide = (self.width() - row.width() - 2 * value - gap) / 2
        left, high = row.width() + column * (wide + value + gap), min(18.0, 0.36 * row.height())
        off = (number - 1) * (high + 2) + 1 if layer else -high / 2  # the pixels are the same for both
        return QRectF(left, self._top + (layer + 0.5) * row.height() + off, max(30.0, wide), high)

    def name_of(self, layer: int) -> str:
        return say("of_units", name=layer_name(layer, len(self.sizes)), units=self.sizes[layer])

    def paint(self, painter: QPainter) -> None:
        self._paint_heads(painter)
        for layer in range(len(self.sizes)):
            inked(painter, theme().grid)
            names = self._names(layer)
            painter.drawLine(QPointF(0, names.top()), QPointF(self.width(), names.top()))
            self.write(painter, names, LEFT, self.name_of(layer), theme().text, cut=False, heavy=True)
            painter.setFont(self.font())
            self._paint_layer(painter, layer)
        self._paint_axes(painter)

    def _paint_heads(self, painter: QPainter) -> None:
        line, x = self._line, 0.0
        for id, fill in (("legend_trained", theme().answer), ("legend_untrained", "")):
            inked(painter, theme().answer, 1.3, fill=fill).drawRect(QRectF(x + 1, 0.6 * line - 4, 12, 8))
            wide = self.wide(say(id)) + 4
            self.write(painter, QRectF(x + 19, 0, wide, 1.2 * line), LEFT, say(id), theme().muted, cut=False)
            x += wide + 36
        for column, id in enumerate(("linear", "units")):
            track = self._track(column, 0)
            room = QRectF(track.left(), 1.5 * line, track.width() + self._values, 1.2 * line)
            text = self.fitting(room.width(), say(id), say(f"{id}_short"), heavy=True)
            self.write(painter, room, LEFT, text, theme().text, cut=False, heavy=True)
        painter.setFont(self.font())

    def _paint_layer(self, painter: QPainter, layer: int) -> None:
        if self.reading is None:
            for column in (0, 1):
                room = self._track(column, 1) | self._track(column, 1, 1)
                room.translate(0, (layer - 1) * self._row_height)
                inked(painter, fill=theme().field).drawRoundedRect(room, 3, 3)
                self.write(painter, room, CENTRE, say("covered"), theme().muted, cut=False)
            return
        for number, layers in enumerate((self.reading.trained, self.reading.untrained)):
            if layer or not number:  # the pixels are the same
                self._paint_linear(painter, self._track(0, layer, number), number, layers[layer])
                self._paint_units(painter, self._track(1, layer, number), number, layers[layer])

    def _paint_linear(self, painter: QPainter, track: QRectF, number: int, of: LayerReading) -> None:
        if math.isfinite(of.linear):
            bar = QRectF(track.left(), track.top(), of.linear * track.width(), track.height())
            inked(painter, theme().answer, 1.2, fill="" if number else theme().answer)
            painter.drawRect(bar.adjusted(0.6, 0.6, -0.6, -0.6))
        self._value(painter, track, of.linear, number)

    def _paint_units(self, painter: QPainter, track: QRectF, number: int, of: LayerReading) -> None:
        y = track.center().y()
        inked(painter, fill=theme().track).drawRect(QRectF(track.left(), y - 0.5, track.width(), 1))
        radius = 2.6 if of.units.size < 200 else 1.8
        inked(painter, theme().answer, 1, fill="" if number else theme().answer)
        for share in np.clip(of.units, 0.5, 1.0).tolist():
            painter.drawEllipse(QPointF(track.left() + (2 * share - 1) * track.width(), y), radius, radius)
        if math.isfinite(of.middle):
            x = track.left() + (2 * max(0.5, of.middle) - 1) * track.width()
            inked(painter, theme().accent, 2.2).drawLine(QPointF(x, track.top()), QPointF(x, track.bottom()))
        self._value(painter, track, of.middle, number)

    def _value(self, painter: QPainter, track: QRectF, share: float, number: int) -> None:
        high = max(track.height(), self._line)
        room = QRectF(track.right(), track.center().y() - high / 2, self._values, high)
        text = numbers.percent(share) if math.isfinite(share) else "–"
        painter.setFont(self._value_font)
        self.write(painter, room, RIGHT, text, theme().muted if number else theme().text, cut=False)
        painter.setFont(self.font())

    def _paint_axes(self, painter: QPainter) -> None:
        line, free = self._line, -1.0
        none, half, full = (numbers.percent(share, 0) for share in (0.0, 0.5, 1.0))
        linear, units = self._track(0, 0), self._track(1, 0)
        guessing = say("guessing") if self.wide(say("guessing")) < 0.6 * units.width() else half
        ends = (linear, 0, none), (linear, 1, full), (units, 0, guessing), (units, 1, full)
        for track, place, text in ends:
            x, wide = track.left() + place * track.width(), self.wide(text) + 2
            inked(painter, theme().grid).drawLine(QPointF(x, self._top), QPointF(x, self._bottom))
            if (left := x - place * wide / 2) >= free:
                free = left + wide + 4
                room = QRectF(left, self._bottom + 0.1 * line, wide, 1.1 * line)
                self.write(painter, room, CENTRE, text, theme().muted, cut=False)


def layers_description(reading: DepthReading) -> list[str]:
    sentences = []
    for layer, (trained, untrained) in enumerate(zip(reading.trained, reading.untrained, strict=True)):
        shares = (trained.linear, untrained.linear, trained.middle, untrained.middle)
        shown = [numbers.percent(share) if math.isfinite(share) else "–" for share in shares]
        names = ("linear", "untrained", "middle", "untrained_middle")
        name = layer_name(layer, len(reading.trained))
        sentences.append(say("heard_layer", layer=name, **dict(zip(names, shown, strict=True))))
    return sentences
