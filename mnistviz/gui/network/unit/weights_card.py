"""The weights of one unit, shown large, and its weights in the next layer, as bars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLocale, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from mnistviz.engine.network import Network
from mnistviz.gui.common.choices import Chosen
from mnistviz.gui.common.focus_ring import has_ring
from mnistviz.gui.common.layouts import styled
from mnistviz.gui.common.numbers import number_text
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.unit_names import cells, layer_name, longest_readings, unit_name
from mnistviz.gui.common.widgets import Card, describe, small_font, tabular
from mnistviz.gui.common.wrapped import WrappedLabel
from mnistviz.gui.network.weight_colours import (
    Tiles,
    WeightLegend,
    WeightSwitch,
    cell_at,
    colour_table,
    fitted_limit,
)

Array = NDArray[Any]


DOCKED: Final = 118
"""The least side of the weights' picture in a panel, in pixels: four for each weight, and the frame."""
LARGE: Final = 174


_KEYS: Final[dict[int, tuple[int, int] | None]] = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Return: None,
    Qt.Key.Key_Enter: None,
}
"""Rows and columns that each key moves the brush; None paints."""


class UnitGestures(NamedTuple):
    refresh: Callable[[], object]
    read: Callable[[], object]
    paint_cells: Callable[[list[int], bool], object]
    """Paint the weights under the brush, by their indices; True if a stroke begins."""
    paint_outgoing: Callable[[int, bool], object]
    """Paint the weight to a unit of the next layer; True if a stroke begins."""
    end_stroke: Callable[[], object]
    take_ranking: Callable[[], object]
    """Called when there is a new ranking of the digits."""


class WeightPicture(QWidget):
    """Weights of one unit, as large as there is room for; finds the one under the mouse."""

    def __init__(self, theme: Theme, gestures: UnitGestures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gestures = gestures
        self.pointed: int | None = None
        self.weights: Array | None = None
        self._initial: Array | None = None
        self.limit = 1.0  # the weight with the strongest colour
        self._tiles: Tiles | None = None
        self._brush, self._stroke = False, QPoint()
        self.setMinimumSize(LARGE, LARGE)
        self.setMouseTracking(True)
        self.set_theme(theme)

    def sizeHint(self) -> QSize:
        return self.minimumSize()  # it takes all remaining room

    def take_brush(self, on: bool) -> None:
        """Let the mouse paint, and Enter at the weight chosen with the arrow keys."""
        self._brush = on
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.NoFocus)
        if on:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._table = colour_table(theme)
        self.update()

    def show_weights(self, weights: Array, limit: float, initial: Array | None) -> None:
        if self.weights is None or len(weights) != len(self.weights):
            self._tiles = Tiles(len(weights), 1, 1)
            self.pointed = None  # the mouse is over another weight, if any
        self.weights, self.limit = (
            weights.copy(),
            limit,
        )  # copied, because a row of a network keeps all of its memory
        self._initial = None if initial is None else initial.copy()
        self.update()

    def picture_rect(self) -> QRect:
        """Return the rectangle of the weights: square cells of whole pixels, centred."""
        if self.weights is None:
            return QRect()
        rows, columns = cells(len(self.weights))
        cell = max(1, min((self.width() - 6) // columns, (self.height() - 6) // rows))
        size = QSize(columns * cell, rows * cell)
        return QRect(QPoint((self.width() - size.width()) // 2, (self.height() - size.height()) // 2), size)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.weights is None or self._tiles is None:
            return
        painter = QPainter(self)
        initial = None if self._initial is None else self._initial[np.newaxis]
        image = self._tiles.colour(self.weights[np.newaxis], self.limit, self._table, initial)
        place = self.picture_rect()
        painter.drawImage(place, image)
        if self.pointed is not None:
            rows, columns = cells(len(self.weights))
            row, column = divmod(self.pointed, columns)
            size = QSize(place.width() // columns, place.height() // rows)
            corner = place.topLeft() + QPoint(column * size.width(), row * size.height())
            painter.setPen(QPen(QColor(self._theme.accent), 2))
            painter.drawRect(QRect(corner, size))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self._theme.border))
        painter.drawRoundedRect(QRectF(place).adjusted(-2.5, -2.5, 2.5, 2.5), 4, 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._brush or event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._stroke = event.position().toPoint()
        self._gestures.paint_cells(self._cells_to(self._stroke), True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.weights is not None:
            picture, place = QRectF(self.picture_rect()), event.position().toPoint()
            self._point_at(cell_at(place, picture, len(self.weights)))
            if self._brush and event.buttons() & Qt.MouseButton.LeftButton:
                self._gestures.paint_cells(self._cells_to(place), False)
                self._stroke = place

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._gestures.end_stroke()

    def _cells_to(self, place: QPoint) -> list[int]:
        """Return the weights between the last position of the brush and `place`."""
        if self.weights is None:
            return []
        picture, offset = QRectF(self.picture_rect()), place - self._stroke
        parts = max(1, offset.manhattanLength() // 2)
        points = (self._stroke + offset * (part / parts) for part in range(parts + 1))
        crossed = (cell_at(point, picture, len(self.weights)) for point in points)
        return [cell for cell in dict.fromkeys(crossed) if cell is not None]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._brush or self.weights is None or event.key() not in _KEYS:
            super().keyPressEvent(event)
            return
        rows, columns = cells(len(self.weights))
        row, column = divmod(self.pointed if self.pointed is not None else rows // 2 * columns, columns)
        if self.pointed is None:
            column = columns // 2
        if (step := _KEYS[event.key()]) is None:
            self._gestures.paint_cells([row * columns + column], True)
            self._gestures.end_stroke()
        elif self.pointed is not None:
            row, column = (row + step[0]) % rows, (column + step[1]) % columns
        self._point_at(min(row * columns + column, len(self.weights) - 1))

    def event(self, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and self._brush
            and event.key() in _KEYS
        ):
            event.accept()  # otherwise they would change the unit
            return True
        if event.type() == QEvent.Type.ToolTip and self.pointed is not None:
            return True  # the line below describes this weight; a tooltip would hide its neighbours
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    def _point_at(self, cell: int | None) -> None:
        if cell != self.pointed:
            self.pointed = cell
            self.update()
            self._gestures.read()


class WeightsCard(Card):
    """Picture of a unit's weights with its legend; docked, the legend is in the network card."""

    def __init__(
        self, theme: Theme, chosen: Chosen, gestures: UnitGestures, parent: QWidget | None = None
    ) -> None:
        super().__init__("", parent=parent)
        self._docked = False
        self.note.hide()
        self.title.hide()
        self.showing = WeightSwitch("unit_showing", chosen, gestures.refresh)
        self.legend = WeightLegend("unit_legend", theme)
        self.header.insertWidget(0, self.showing)
        self.header.addWidget(self.legend)
        self.picture = WeightPicture(theme, gestures)
        describe(
            self.picture,
            "unit_weights",
            self.tr("Weights of the unit"),
            self.tr(
                "The unit's weights: orange says yes, blue says no. Point at one to read it in the line "
                "below."
            ),
        )
        self.reading = styled(QLabel(), "reading", "unit_reading")
        self.reading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.body.addWidget(self.picture, 1)
        self.body.addWidget(self.reading)
        self._make_room()

    def set_theme(self, theme: Theme) -> None:
        self.picture.set_theme(theme)
        self.legend.set_theme(theme)

    def show_docked(self, docked: bool) -> None:
        """Adapt to a panel, with as little room as possible, or to a window, with a frame and all parts."""
        self._docked = docked
        self.set_flat(docked)
        self.showing.setVisible(not docked)
        self.legend.setVisible(not docked)
        self.reading.setVisible(not docked)
        self.show_as_large_as(DOCKED if docked else LARGE)
        self._make_room()

    def show_as_large_as(self, least: int) -> None:
        self.picture.setMinimumSize(least, least)

    def _make_room(self) -> None:
        metrics = self.reading.fontMetrics()
        self.reading.setMinimumWidth(max(map(metrics.horizontalAdvance, longest_readings())))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "reading"):
            self._make_room()

    def show_output(self, is_output: bool) -> None:
        """Show the legend for weights of outputs, because the card's legend does not apply to their colours."""
        self.legend.setVisible(is_output or not self._docked)


MOST_BARS: Final = 20
MOST_DOCKED: Final = 10
DOCKED_BARS: Final = 100  # pixels, the width of a panel's bars with names and numbers


class OutgoingWeights(Card):
    """Weights from one unit to each unit of the next layer, or the strongest of many."""

    def __init__(self, theme: Theme, gestures: UnitGestures, make_room: Callable[[], object]) -> None:
        """Create the card; `make_room` is called after a change of the title or the number of bars."""
        super().__init__("")
        self._gestures, self._make_room = gestures, make_room
        self._room: tuple[str, int] = ("", 0)
        self._docked = False
        self._strongest: NDArray[np.intp] | None = None
        self.bars = OutgoingBars(theme, self._paint, gestures.end_stroke)
        describe(
            self.bars,
            "unit_outgoing",
            self.tr("Outgoing weights"),
            self.tr("The weights from this unit to those of the next layer: orange says yes, blue says no."),
        )
        self.no_bars = styled(WrappedLabel(), "hint", "unit_no_outgoing")
        self.no_bars.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self.bars, 1)
        self.body.addWidget(self.no_bars, 1)

    def set_theme(self, theme: Theme) -> None:
        self.bars.set_theme(theme)

    def show_docked(self, docked: bool) -> None:
        """Adapt to a panel, with as little room as possible, or to a window, with a frame and more bars."""
        self._docked = docked
        self.set_flat(docked)
        self.note.setVisible(not docked)
        self.bars.setMinimumWidth(DOCKED_BARS if docked else 200)
        self.choose_anew()

    def minimumSizeHint(self) -> QSize:
        """Return a size in which the whole header fits."""
        words = 0 if self._docked else self.header.sizeHint().width() + 2 * 13  # margins and frame of a card
        return super().minimumSizeHint().expandedTo(QSize(words, 0))

    def choose_anew(self) -> None:
        """Choose the strongest weights again at the next `show_unit`."""
        self._strongest = None

    def show_unit(self, network: Network, layer: int, unit: int, classes: tuple[str, ...]) -> None:
        is_output = layer == len(network.sizes) - 1
        self.bars.setVisible(not is_output)
        self.no_bars.setVisible(is_output)
        self._name(network, layer + 1)
        if is_output:
            self.set_note("")
            self.no_bars.setText(
                self.tr("An output unit passes nothing on: its activation is the network's answer.")
            )
            self._report_room()
            return
        outgoing = network.weights[layer][:, unit]
        if self._strongest is None or self._strongest[-1] >= len(outgoing):
            self._strongest = np.sort(np.argsort(-np.abs(outgoing), kind="stable")[: self._most])
        after = layer + 1
        last = after == len(network.sizes) - 1
        names = [
            classes[u] if last and u < len(classes) else self._unit_name(after, int(u), network.sizes)
            for u in self._strongest
        ]
        note = self.tr("weight")
        if len(outgoing) > self._most:
            note = self.tr("the {count} strongest").format(count=self._most)
        self.set_note(note)
        self.bars.show_values(names, outgoing[self._strongest])
        self._report_room()

    def _report_room(self) -> None:
        room = self.title.text(), 0 if self.bars.isHidden() else len(self.bars.names)
        if room != self._room:
            self._room = room
            self._make_room()

    def _paint(self, line: int, begins: bool) -> None:
        if self._strongest is not None and line < len(self._strongest):
            self._gestures.paint_outgoing(int(self._strongest[line]), begins)

    def _unit_name(self, layer: int, unit: int, sizes: tuple[int, ...]) -> str:
        return QLocale().toString(unit + 1) if self._docked else unit_name(layer, unit, sizes, ())

    @property
    def _most(self) -> int:
        return MOST_DOCKED if self._docked else MOST_BARS

    def _name(self, network: Network, after: int) -> None:
        if after >= len(network.sizes) - 1:
            long, short = self.tr("Its weights to the outputs"), self.tr("To the outputs")
        else:
            layer = layer_name(after, network.sizes)
            long = self.tr("Its weights to {layer}").format(layer=layer)
            short = self.tr("To {layer}").format(layer=layer)
        self.title.setText(short if self._docked else long)


class OutgoingBars(QWidget):
    """Signed bars from a common middle: a name, a bar and a number in each line."""

    def __init__(
        self, theme: Theme, paint: Callable[[int, bool], object], end_stroke: Callable[[], object]
    ) -> None:
        """Create the bars; `paint` gets the line under the brush, and whether a stroke begins."""
        super().__init__()
        self._paint, self._end_stroke = paint, end_stroke
        self.names: list[str] = []
        self.values: list[float] = []
        self.limit = 1.0
        """The value of the longest bar."""
        self._brush, self._line = False, 0
        self._make_room()
        self.setMinimumWidth(200)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_values(self, names: list[str], values: Array) -> None:
        self.limit = fitted_limit(self.limit, values[np.newaxis])
        self.names, self.values = names, [float(value) for value in values]
        self._make_room()
        self.update()

    def take_brush(self, on: bool) -> None:
        self._brush = on
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.NoFocus)
        if on:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._paint_at(event, begins=True):
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._paint_at(event, begins=False):
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._end_stroke()

    def _paint_at(self, event: QMouseEvent, *, begins: bool) -> bool:
        """Paint the line under the mouse. Return False without a brush or its button."""
        if not self._brush or not self.names or not event.buttons() & Qt.MouseButton.LeftButton:
            return False
        line = int(event.position().y() / self._line_height)
        if 0 <= line < len(self.names):
            self._line = line
            self._paint(line, begins)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, keys = event.key(), Qt.Key
        if not self._brush or key not in (keys.Key_Up, keys.Key_Down, keys.Key_Return, keys.Key_Enter):
            super().keyPressEvent(event)
        elif key in (keys.Key_Up, keys.Key_Down):
            step = 1 if key == keys.Key_Down else -1
            self._line = (self._line + step) % max(1, len(self.names))
            self.update()
        else:
            self._paint(self._line, True)
            self._end_stroke()

    @property
    def _line_height(self) -> float:
        return min(30.0, self.height() / max(1, len(self.names)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._make_room()

    def _make_room(self) -> None:
        self.setMinimumHeight(len(self.names) * (small_font(self).pixelSize() + 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.names:
            return
        painter = QPainter(self)
        line = self._line_height
        line_font = self.font() if line >= self.fontMetrics().height() else small_font(self)
        painter.setFont(tabular(line_font))
        metrics = painter.fontMetrics()
        left = min(max(metrics.horizontalAdvance(name) for name in self.names), self.width() // 3) + 9
        right = metrics.horizontalAdvance("−00.00") + 8
        middle = (left + self.width() - right) / 2
        longest = middle - left
        for place, (name, value) in enumerate(zip(self.names, self.values, strict=True)):
            top = place * line
            painter.setPen(QColor(self._theme.text))
            alignment = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            elide = Qt.TextElideMode.ElideRight
            draw_text(painter, QRectF(0, top, left - 8, line), alignment, name, elide=elide)
            thick = min(11.0, 0.62 * line)
            track = QRectF(left, top + (line - thick) / 2, 2 * longest, thick)
            painter.fillRect(track, QColor(self._theme.grid))
            length = longest * max(-1.0, min(value / self.limit, 1.0)) if value == value else 0.0
            bar = QRectF(middle, track.top(), length, thick).normalized()
            painter.fillRect(bar, QColor(self._theme.yes if value > 0 else self._theme.no))
            painter.setPen(QColor(self._theme.muted))
            alignment = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            draw_text(painter, QRectF(0, top, self.width(), line), alignment, number_text(value, sign=True))
        painter.fillRect(QRectF(middle - 0.5, 0, 1, line * len(self.names)), QColor(self._theme.muted))
        if self._brush and has_ring(self):
            painter.setPen(QColor(self._theme.accent))
            painter.drawRect(QRectF(0.5, self._line * line + 0.5, self.width() - 1, line - 1))
