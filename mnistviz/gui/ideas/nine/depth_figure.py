"""What can be read from each layer of a network, compared with the layers of the untrained network."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from mnistviz.engine.ideas.layer_readings import DepthReading, LayerReading
from mnistviz.gui.common import numbers
from mnistviz.gui.common.painted_figure import CENTRE, LEFT, RIGHT, PaintedFigure, bold, set_ink
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import SMALLEST
from mnistviz.gui.ideas.nine.nine_words import layer_name, say

_HIGHEST = 92.0  # pixels of a row


@dataclass(frozen=True)
class DepthPlaces:
    """Layout of `layers` rows in a figure of `width` × `height` pixels, with text `line` pixels high; names are `name`
    pixels wide, and numbers `value`."""

    width: float
    height: float
    line: float
    layers: int
    name: float
    value: float

    @property
    def top(self) -> float:
        """The top of the first row: below the legend and the heads of the columns."""
        return 2.9 * self.line

    @property
    def row_height(self) -> float:
        return min(_HIGHEST, (self.height - self.top - 1.3 * self.line) / max(1, self.layers))

    @property
    def bottom(self) -> float:
        return self.top + self.layers * self.row_height

    def names(self, layer: int) -> QRectF:
        return QRectF(0, self.top + layer * self.row_height, self.name, self.row_height)

    def track(self, column: int, layer: int, number: int = 0) -> QRectF:
        """Return where the accuracy of a layer is drawn: in the column of the linear readout (0) or of single units
        (1), of the trained network (0) or of the untrained one (1)."""
        wide = (self.width - self.name - 2 * self.value - 0.06 * self.width) / 2
        left = self.name + column * (wide + self.value + 0.06 * self.width)
        high = min(18.0, 0.36 * self.row_height)
        off = (number - 1) * (high + 2) + 1 if layer else -high / 2  # the pixels are the same for both
        top = self.top + (layer + 0.5) * self.row_height + off
        return QRectF(left, top, max(30.0, wide), high)


class DepthFigure(PaintedFigure):
    """A row for each layer, the pixels first: how well a linear readout of its activations classifies the digits, and
    how well its single units answer a yes-no question. Hidden until the outcome is shown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, takes_focus=False)
        self.sizes: tuple[int, ...] = (784, 30, 10)
        self.reading: DepthReading | None = None

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(390, round((4.2 + 1.7 * len(self.sizes)) * line))

    def show_reading(self, sizes: tuple[int, ...], reading: DepthReading | None) -> None:
        """Show the accuracies; None hides them."""
        self.sizes, self.reading = sizes, reading
        self.setAccessibleDescription("" if reading is None else " ".join(layers_description(reading)))
        self.updateGeometry()
        self.update()

    def places(self) -> DepthPlaces:
        metrics = QFontMetricsF(bold(self.font()))
        names = (self.name_of(layer) for layer in range(len(self.sizes)))
        name = max(metrics.horizontalAdvance(each) for each in names) + 12
        places = DepthPlaces(self.width(), self.height(), metrics.height(), len(self.sizes), name, 0.0)
        value = QFontMetricsF(self._value_font(places)).horizontalAdvance(numbers.percent(1.0)) + 8
        return replace(places, value=value)

    def _value_font(self, places: DepthPlaces) -> QFont:
        """Return the font of the numbers: two lines of the usual text would touch in a low row."""
        font = self.font()
        if places.row_height < 2.1 * places.line:
            font.setPixelSize(SMALLEST)
        return font

    def name_of(self, layer: int) -> str:
        return say("of_units", name=layer_name(layer, len(self.sizes)), units=self.sizes[layer])

    def paint(self, painter: QPainter) -> None:
        places, theme = self.places(), self.theme
        self._paint_heads(painter, places)
        for layer in range(len(self.sizes)):
            set_ink(painter, theme.grid)
            top = places.names(layer).top()
            painter.drawLine(QPointF(0, top), QPointF(self.width(), top))
            painter.setFont(bold(self.font()))
            self.write(painter, places.names(layer), LEFT, self.name_of(layer), theme.text, cut=False)
            painter.setFont(self.font())
            self._paint_layer(painter, places, layer)
        self._paint_axes(painter, places)

    def _paint_heads(self, painter: QPainter, places: DepthPlaces) -> None:
        """Paint the legend of filled and hollow bars, and the heads of the columns."""
        theme, line = self.theme, places.line
        x, middle = 0.0, 0.6 * line
        for text, hollow in ((say("legend_trained"), False), (say("legend_untrained"), True)):
            set_ink(painter, theme.answer, 1.3, fill="" if hollow else theme.answer)
            painter.drawRect(QRectF(x + 1, middle - 4, 12, 8))
            wide = QFontMetricsF(painter.font()).horizontalAdvance(text) + 4
            self.write(painter, QRectF(x + 19, 0, wide, 1.2 * line), LEFT, text, theme.muted, cut=False)
            x += wide + 36
        painter.setFont(bold(self.font()))
        metrics = QFontMetricsF(painter.font())
        for column, id in enumerate(("linear", "units")):
            track = places.track(column, 0)
            room = QRectF(track.left(), 1.5 * line, track.width() + places.value, 1.2 * line)
            wordings = say(id), say(f"{id}_short")
            text = next((each for each in wordings if metrics.horizontalAdvance(each) <= room.width()), "")
            self.write(painter, room, LEFT, text, theme.text, cut=False)
        painter.setFont(self.font())

    def _paint_layer(self, painter: QPainter, places: DepthPlaces, layer: int) -> None:
        theme, reading = self.theme, self.reading
        if reading is None:
            for column in (0, 1):
                room = places.track(column, 1) | places.track(column, 1, 1)
                room.translate(0, (layer - 1) * places.row_height)
                set_ink(painter, fill=theme.field)
                painter.drawRoundedRect(room, 3, 3)
                self.write(painter, room, CENTRE, say("covered"), theme.muted, cut=False)
            return
        for number, layers in enumerate((reading.trained, reading.untrained)):
            if number and not layer:  # the pixels are the same
                continue
            self._paint_linear(painter, places, layer, number, layers[layer])
            self._paint_units(painter, places, layer, number, layers[layer])

    def _paint_linear(
        self, painter: QPainter, places: DepthPlaces, layer: int, number: int, of: LayerReading
    ) -> None:
        theme, track = self.theme, places.track(0, layer, number)
        if math.isfinite(of.linear):
            bar = QRectF(track.left(), track.top(), of.linear * track.width(), track.height())
            set_ink(painter, theme.answer, 1.2, fill="" if number else theme.answer)
            painter.drawRect(bar.adjusted(0.6, 0.6, -0.6, -0.6))
        self._value(painter, places, track, of.linear, number)

    def _paint_units(
        self, painter: QPainter, places: DepthPlaces, layer: int, number: int, of: LayerReading
    ) -> None:
        """Paint a dot for each unit, from chance at the left to always correct, and a line at their median."""
        theme, track = self.theme, places.track(1, layer, number)
        set_ink(painter, fill=theme.track)
        painter.drawRect(QRectF(track.left(), track.center().y() - 0.5, track.width(), 1))
        radius = 2.6 if of.units.size < 200 else 1.8
        set_ink(painter, theme.answer, 1, fill="" if number else theme.answer)
        for share in np.clip(of.units, 0.5, 1.0):
            x = track.left() + (2 * float(share) - 1) * track.width()
            painter.drawEllipse(QPointF(x, track.center().y()), radius, radius)
        if math.isfinite(of.middle):
            x = track.left() + (2 * max(0.5, of.middle) - 1) * track.width()
            set_ink(painter, theme.accent, 2.2)
            painter.drawLine(QPointF(x, track.top()), QPointF(x, track.bottom()))
        self._value(painter, places, track, of.middle, number)

    def _value(
        self, painter: QPainter, places: DepthPlaces, track: QRectF, share: float, number: int
    ) -> None:
        theme, high = self.theme, max(track.height(), places.line)
        room = QRectF(track.right(), track.center().y() - high / 2, places.value, high)
        text = numbers.percent(share) if math.isfinite(share) else "–"
        painter.setFont(self._value_font(places))
        self.write(painter, room, RIGHT, text, theme.muted if number else theme.text, cut=False)
        painter.setFont(self.font())

    def _paint_axes(self, painter: QPainter, places: DepthPlaces) -> None:
        theme, line = self.theme, places.line
        metrics = QFontMetricsF(painter.font())
        linear, units = places.track(0, 0), places.track(1, 0)
        half = numbers.percent(0.5, 0)
        ends = (
            (linear, 0.0, numbers.percent(0.0, 0)),
            (linear, 1.0, numbers.percent(1.0, 0)),
            (
                units,
                0.0,
                say("guessing") if metrics.horizontalAdvance(say("guessing")) < 0.6 * units.width() else half,
            ),
            (units, 1.0, numbers.percent(1.0, 0)),
        )
        free = -1.0
        for track, place, text in ends:
            x, wide = track.left() + place * track.width(), metrics.horizontalAdvance(text) + 2
            set_ink(painter, theme.grid)
            painter.drawLine(QPointF(x, places.top), QPointF(x, places.bottom))
            left = x if place == 0 else x - wide / 2
            if left < free:
                continue
            free = left + wide + 4
            room = QRectF(left, places.bottom + 0.1 * line, wide, 1.1 * line)
            self.write(painter, room, CENTRE, text, theme.muted, cut=False)


def layers_description(reading: DepthReading) -> list[str]:
    """Describe all layers for screen readers."""
    sentences = []
    for layer, (trained, untrained) in enumerate(zip(reading.trained, reading.untrained, strict=True)):
        shares = (trained.linear, untrained.linear, trained.middle, untrained.middle)
        shown = [numbers.percent(share) if math.isfinite(share) else "–" for share in shares]
        names = ("linear", "untrained", "middle", "untrained_middle")
        name = layer_name(layer, len(reading.trained))
        sentences.append(say("heard_layer", layer=name, **dict(zip(names, shown, strict=True))))
    return sentences
