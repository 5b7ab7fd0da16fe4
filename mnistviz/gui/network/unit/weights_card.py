"""The weights of one unit, shown large, and its weights in the next layer, as bars."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLocale, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QLabel, QSizePolicy

from mnistviz.engine.digits import SIDE
from mnistviz.engine.network import Network
from mnistviz.gui.common.choices import Chosen
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.focus_ring import has_ring
from mnistviz.gui.common.layouts import styled
from mnistviz.gui.common.numbers import number_text
from mnistviz.gui.common.painted_figure import ARROWS, ENTER, LEFT, RIGHT, PaintedFigure, SmallPrint, inked
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.unit_names import cells, layer_name, longest_readings, unit_name
from mnistviz.gui.common.weight_images import cell_at, weights_image
from mnistviz.gui.common.widgets import Card, claims, describe
from mnistviz.gui.common.wrapped import WrappedLabel
from mnistviz.gui.network import weight_colours
from mnistviz.gui.network.weight_colours import WeightSwitch, fitted_limit

Array = NDArray[Any]


DOCKED, LARGEST = 4 * SIDE + 6, 12 * SIDE + 6
"""The least and the largest side of the weights' picture in a panel: whole pixels for each weight, and a frame."""
LARGE: Final = 174
_MOST_PIXELS: Final = (1 << 24) - 1  # the largest side of a Qt widget
_LETTERS: Final = 14  # pixels, of the names of bars where larger text has little room


class UnitGestures(NamedTuple):
    refresh: Callable[[], object]
    read: Callable[[], object]
    paint_cells: Callable[[list[int], bool], object]
    """Paint the weights under the brush, by their indices; True if a stroke begins."""
    paint_outgoing: Callable[[int, bool], object]
    """Paint the weight to a unit of the next layer; True if a stroke begins."""
    end_stroke: Callable[[], object]
    take_ranking: Callable[[], object]  # called when there is a new ranking of the digits


class BrushFigure(PaintedFigure):
    """Weights that the mouse paints while a brush is chosen, and Enter at the place chosen with the arrow keys."""

    brush = False

    def __init__(self, end_stroke: Callable[[], object]) -> None:
        super().__init__(takes_focus=False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._end_stroke = end_stroke

    def take_brush(self, on: bool) -> None:
        self.brush = on
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if on else Qt.FocusPolicy.NoFocus)
        if on:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()
        self.update()

    def paint_at(self, at: QPointF, *, begins: bool) -> None:
        """Paint the weights there with the brush, in a stroke that begins or goes on."""
        raise NotImplementedError

    def press(self, at: QPointF) -> None:
        if self.brush:
            self.paint_at(at, begins=True)

    def drag(self, at: QPointF) -> None:
        if self.brush:
            self.paint_at(at, begins=False)

    def release(self, at: QPointF) -> None:
        self._end_stroke()


class WeightPicture(BrushFigure):
    """Weights of one unit, as large as there is room for; finds the one under the mouse."""

    def __init__(self, gestures: UnitGestures) -> None:
        super().__init__(gestures.end_stroke)
        self._gestures = gestures
        self.pointed: int | None = None
        self.weights: Array | None = None
        self._initial: Array | None = None
        self.limit = 1.0  # the weight with the strongest colour
        self._stroke = QPoint()
        self.setMinimumSize(LARGE, LARGE)
        self.setMouseTracking(True)

    def show_weights(self, weights: Array, limit: float, initial: Array | None) -> None:
        """Show the weights of one unit, (n_in,), minus the `initial` ones if given."""
        if self.weights is None or len(weights) != len(self.weights):
            self.pointed = None  # the mouse is over another weight, if any
        # copied, because a row of a network keeps all of its memory
        self.weights, self.limit = weights.copy(), limit
        self._initial = None if initial is None else initial.copy()
        self.update()

    def picture_rect(self) -> QRect:
        if self.weights is None:
            return QRect()
        rows, columns = cells(len(self.weights))
        cell = max(1, min((self.width() - 6) // columns, (self.height() - 6) // rows))
        size = QSize(columns * cell, rows * cell)
        return QRect(QPoint((self.width() - size.width()) // 2, (self.height() - size.height()) // 2), size)

    def paint(self, painter: QPainter) -> None:
        if self.weights is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        place = self.picture_rect()
        painter.drawImage(place, weights_image(self.weights, self.limit, theme(), self._initial))
        if self.pointed is not None:
            rows, columns = cells(len(self.weights))
            row, column = divmod(self.pointed, columns)
            size = QSize(place.width() // columns, place.height() // rows)
            corner = place.topLeft() + QPoint(column * size.width(), row * size.height())
            inked(painter, theme().accent, 2).drawRect(QRect(corner, size))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inked(painter, theme().border).drawRoundedRect(QRectF(place).adjusted(-2.5, -2.5, 2.5, 2.5), 4, 4)

    def shape_at(self, at: QPointF) -> Qt.CursorShape:
        return Qt.CursorShape.CrossCursor if self.brush else Qt.CursorShape.ArrowCursor

    def tooltip_at(self, at: QPointF) -> str | None:
        return None if self.pointed is None else ""  # the line below describes this weight

    def hover(self, at: QPointF | None) -> None:
        if at is None or self.weights is None:
            self._point_at(None)
        else:
            self._point_at(cell_at(at.toPoint(), QRectF(self.picture_rect()), len(self.weights)))

    def press(self, at: QPointF) -> None:
        self._stroke = at.toPoint()
        super().press(at)

    def drag(self, at: QPointF) -> None:
        self.hover(at)
        super().drag(at)
        self._stroke = at.toPoint()

    def paint_at(self, at: QPointF, *, begins: bool) -> None:
        """Paint the weights between the last position of the brush and this one."""
        if self.weights is None:
            return
        picture, offset = QRectF(self.picture_rect()), at.toPoint() - self._stroke
        parts = max(1, offset.manhattanLength() // 2)
        points = (self._stroke + offset * (part / parts) for part in range(parts + 1))
        crossed = (cell_at(point, picture, len(self.weights)) for point in points)
        self._gestures.paint_cells([cell for cell in dict.fromkeys(crossed) if cell is not None], begins)

    def arrow(self, right: int, down: int) -> bool:
        if not self.brush or self.weights is None:
            return False
        rows, columns = cells(len(self.weights))
        row, column = divmod(self._place_of_keys(), columns)
        if self.pointed is not None:
            row, column = (row + down) % rows, (column + right) % columns
        self._point_at(min(row * columns + column, len(self.weights) - 1))
        return True

    def key(self, key: Qt.Key) -> bool:
        if not self.brush or self.weights is None or key not in ENTER:
            return False
        cell = self._place_of_keys()
        self._gestures.paint_cells([cell], True)
        self._gestures.end_stroke()
        self._point_at(min(cell, len(self.weights) - 1))
        return True

    def _place_of_keys(self) -> int:
        """Return the weight at which keys paint: the one pointed at, or else that in the middle."""
        assert self.weights is not None
        rows, columns = cells(len(self.weights))
        return rows // 2 * columns + columns // 2 if self.pointed is None else self.pointed

    def event(self, event: QEvent) -> bool:
        paints = bool(self.brush) and claims(event, *ENTER, *ARROWS)  # otherwise they would change the unit
        return paints or super().event(event)

    def _point_at(self, cell: int | None) -> None:
        if cell != self.pointed:
            self.pointed = cell
            self.update()
            self._gestures.read()


class WeightsCard(Fitted, Card):
    """Picture of a unit's weights with its legend; docked, the legend is in the network card."""

    def __init__(self, chosen: Chosen, gestures: UnitGestures) -> None:
        super().__init__("")
        self.note.hide()
        self.title.hide()
        self.showing = WeightSwitch("unit_showing", chosen, gestures.refresh)
        self.legend = weight_colours.WeightLegend("unit_legend")
        self.header.insertWidget(0, self.showing)
        self.header.addWidget(self.legend)
        self.picture = WeightPicture(gestures)
        tip = tr(
            "The unit's weights: orange says yes, blue says no. Point at one to read it in the line below."
        )
        describe(self.picture, "unit_weights", tr("Weights of the unit"), tip)
        self.reading = styled(QLabel(), "reading", "unit_reading")
        self.reading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.body.addWidget(self.picture, 1)
        self.body.addWidget(self.reading)
        self.refit()

    def show_docked(self, docked: bool) -> None:
        super().show_docked(docked)
        self.showing.setVisible(not docked)
        self.legend.setVisible(not docked)
        self.reading.setVisible(not docked)
        self.body.setAlignment(self.picture, Qt.AlignmentFlag.AlignTop if docked else Qt.AlignmentFlag(0))
        self.show_side(DOCKED if docked else 0)
        self.refit()

    def show_side(self, side: int) -> None:
        """Show the picture in a square of this side, or as large as there is room for 0."""
        self.picture.setMinimumSize(side or LARGE, side or LARGE)
        self.picture.setMaximumSize(side or _MOST_PIXELS, side or _MOST_PIXELS)

    def refit(self) -> None:
        if hasattr(self, "reading"):
            metrics = self.reading.fontMetrics()
            self.reading.setMinimumWidth(max(map(metrics.horizontalAdvance, longest_readings())))

    def show_output(self, is_output: bool) -> None:
        self.legend.setVisible(is_output or not self._docked)


MOST_BARS: Final = 20
MOST_DOCKED: Final = 10
DOCKED_BARS: Final = 116  # pixels, the width of a panel's bars with names and numbers


class OutgoingWeights(Card):
    """Weights from one unit to each unit of the next layer, or the strongest of many."""

    def __init__(self, gestures: UnitGestures, make_room: Callable[[], object]) -> None:
        """Create the card; `make_room` is called after a change of the title or the number of bars."""
        super().__init__("")
        self._gestures, self._make_room = gestures, make_room
        self._room: tuple[str, int] = ("", 0)
        self._strongest: NDArray[np.intp] | None = None
        self.bars = OutgoingBars(self._paint, gestures.end_stroke)
        tip = tr("The weights from this unit to those of the next layer: orange says yes, blue says no.")
        describe(self.bars, "unit_outgoing", tr("Outgoing weights"), tip)
        self.no_bars = styled(WrappedLabel(), "hint", "unit_no_outgoing")
        self.no_bars.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(self.bars, 1)
        self.body.addWidget(self.no_bars, 1)

    def show_docked(self, docked: bool) -> None:
        super().show_docked(docked)
        self.note.setVisible(not docked)
        self.bars.setMinimumWidth(DOCKED_BARS if docked else 200)
        self.choose_anew()

    def minimumSizeHint(self) -> QSize:
        """Return a size in which the whole header fits."""
        words = 0 if self._docked else self.header.sizeHint().width() + 2 * 13  # margins and frame of a card
        return super().minimumSizeHint().expandedTo(QSize(words, 0))

    def choose_anew(self) -> None:
        self._strongest = None

    def show_unit(self, network: Network, layer: int, unit: int, classes: tuple[str, ...]) -> None:
        is_output = layer == len(network.sizes) - 1
        self.bars.setVisible(not is_output)
        self.no_bars.setVisible(is_output)
        self._name(network, layer + 1)
        if is_output:
            self.note.setText("")
            self.no_bars.setText(
                tr("An output unit passes nothing on: its activation is the network's answer.")
            )
            self._report_room()
            return
        outgoing = network.weights[layer][:, unit]
        if self._strongest is None or self._strongest[-1] >= len(outgoing):
            self._strongest = np.sort(np.argsort(-np.abs(outgoing), kind="stable")[: self._most])
        names = []
        for target in self._strongest.tolist():
            name = QLocale().toString(target + 1)
            if layer + 2 == len(network.sizes) and target < len(classes):
                name = classes[target]
            elif not self._docked:
                name = unit_name(layer + 1, target, network.sizes, ())
            names.append(name)
        note = tr("weight")
        if len(outgoing) > self._most:
            note = tr("the {count} strongest", count=self._most)
        self.note.setText(note)
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

    @property
    def _most(self) -> int:
        return MOST_DOCKED if self._docked else MOST_BARS

    def _name(self, network: Network, after: int) -> None:
        if after >= len(network.sizes) - 1:
            long, short = tr("Its weights to the outputs"), tr("To the outputs")
        else:
            layer = layer_name(after, network.sizes)
            long = tr("Its weights to {layer}", layer=layer)
            short = tr("To {layer}", layer=layer)
        self.title.setText(short if self._docked else long)


class OutgoingBars(BrushFigure):
    """Signed bars from a common middle: a name, a bar and a number in each line."""

    def __init__(self, paint: Callable[[int, bool], object], end_stroke: Callable[[], object]) -> None:
        """Create the bars; `paint` gets the line under the brush, and whether a stroke begins."""
        super().__init__(end_stroke)
        self._paint = paint
        self.names: list[str] = []
        self.values: list[float] = []
        self.limit = 1.0  # the value of the longest bar
        self._line = 0
        self.forget_places()
        self.setMinimumWidth(200)

    def show_values(self, names: list[str], values: Array) -> None:
        self.limit = fitted_limit(self.limit, values[np.newaxis])
        self.names, self.values = names, [float(value) for value in values]
        self.forget_places()
        self.update()

    def paint_at(self, at: QPointF, *, begins: bool) -> None:
        line = int(at.y() / self._line_height)
        if 0 <= line < len(self.names):
            self._line = line
            self._paint(line, begins)

    def arrow(self, right: int, down: int) -> bool:
        if self.brush and down:
            self._line = (self._line + down) % max(1, len(self.names))
            self.update()
        return self.brush and bool(down)

    def key(self, key: Qt.Key) -> bool:
        if self.brush and key in ENTER:
            self._paint(self._line, True)
            self._end_stroke()
        return self.brush and key in ENTER

    @property
    def _line_height(self) -> float:
        return min(30.0, self.height() / max(1, len(self.names)))

    def forget_places(self) -> None:
        self.setMinimumHeight(len(self.names) * (min(self.small.plain.pixelSize(), _LETTERS) + 1))

    def paint(self, painter: QPainter) -> None:
        if not self.names:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        line = self._line_height
        least = SmallPrint(self, min(self.small.plain.pixelSize(), max(_LETTERS, int(line) - 1)))
        painter.setFont(self.font() if line >= self.fontMetrics().height() else least.plain)
        metrics = painter.fontMetrics()
        left = min(max(metrics.horizontalAdvance(name) for name in self.names), self.width() // 3) + 9
        right = metrics.horizontalAdvance("−00.00") + 8
        middle = (left + self.width() - right) / 2
        longest = middle - left
        for place, (name, value) in enumerate(zip(self.names, self.values, strict=True)):
            top = place * line
            self.write(painter, QRectF(0, top, left - 8, line), LEFT, name, theme().text)
            thick = min(11.0, 0.62 * line)
            track = QRectF(left, top + (line - thick) / 2, 2 * longest, thick)
            painter.fillRect(track, QColor(theme().grid))
            length = longest * max(-1.0, min(value / self.limit, 1.0)) if value == value else 0.0
            bar = QRectF(middle, track.top(), length, thick).normalized()
            painter.fillRect(bar, QColor(theme().yes if value > 0 else theme().no))
            number = number_text(value, sign=True)
            self.write(painter, QRectF(0, top, self.width(), line), RIGHT, number, theme().muted, cut=False)
        painter.fillRect(QRectF(middle - 0.5, 0, 1, line * len(self.names)), QColor(theme().muted))
        if self.brush and has_ring(self):
            inked(painter, theme().accent)
            painter.drawRect(QRectF(0.5, self._line * line + 0.5, self.width() - 1, line - 1))
