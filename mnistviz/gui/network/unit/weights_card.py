"""The weights of one unit, shown large, with a line that describes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from mnistviz.gui.common.chosen import Chosen
from mnistviz.gui.common.layouts import styled
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.unit_names import cells, longest_readings
from mnistviz.gui.common.widgets import Card, describe
from mnistviz.gui.network.weight_colours import Tiles, cell_at, colour_table
from mnistviz.gui.network.weight_controls import WeightLegend, WeightSwitch

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
