"""A mosaic of tiles: how they are arranged, and which one the mouse and the keys mean."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QCursor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.network.tile_grid import SMALLEST_PICTURE, Grid, arrange
from mnistviz.gui.network.tile_scene import TileScene
from mnistviz.gui.network.weight_tiles import cell_at, cells

Array = NDArray[Any]


class Mosaic(QGraphicsView):
    """Shows the tiles that are in view, and turns mouse and keys into a selected and a pointed-at unit."""

    opened = Signal(int)
    """A unit was clicked, or Enter pressed on it."""
    selection_changed = Signal()
    pointed_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.selected: int | None = None
        self.pointed: int | None = None
        self.pointed_cell: int | None = None
        self.message = ""
        self._names: list[str] = []
        self._shape = (1, 1)
        self._grid: Grid | None = None
        self._ratio = 1.0
        self._captions = False
        self._weights: Array | None = None
        self._initial: Array | None = None
        self.limit = 1.0
        self._pressed: int | None = None

        self._scene = TileScene(theme, self)
        self.setScene(self._scene)
        self.setInteractive(False)
        self.setAcceptDrops(False)  # a file that is dropped is for the window
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumSize(120, 76)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    # What it shows

    def set_theme(self, theme: Theme) -> None:
        self._scene.set_theme(theme)
        self._draw()

    def set_units(self, names: list[str], n_in: int, captions: bool) -> None:
        """Begins with other units, none of them selected: their names, the number of their weights, whether
        names matter much."""
        self._names, self._captions, self._n_in = names, captions, n_in
        self._shape = cells(n_in)
        self._weights = self.selected = self.pointed = self.pointed_cell = None
        self.message = ""
        self._arrange()

    def set_weights(self, weights: Array, limit: float, initial: Array | None) -> None:
        """Shows `weights`, (units, n_in), or their difference to the `initial` ones. None of them may change later."""
        self._weights, self.limit, self._initial = weights, limit, initial
        if self._ratio != self.devicePixelRatioF():
            self._arrange()
        else:
            self._draw_weights()

    def set_message(self, text: str) -> None:
        """Shows a sentence and no units."""
        self.message = text
        self._weights = None
        self._names = []
        self.selected = self.pointed = self.pointed_cell = None
        self._arrange()

    def select(self, unit: int | None) -> None:
        if unit == self.selected:
            return
        self.selected = unit
        if unit is not None:
            self._reveal(unit)
        self._draw_frames()
        self.selection_changed.emit()

    def tile_rect(self, unit: int) -> QRect:
        """Where a unit's tile is on the viewport."""
        if self._grid is None:
            return QRect()
        return self._grid.tile_rect(unit).translated(0, -self.verticalScrollBar().value())

    def picture_rect(self, unit: int) -> QRect:
        """Where the picture of its weights is."""
        if self._grid is None:
            return QRect()
        return self._grid.picture_rect(unit).translated(0, -self.verticalScrollBar().value())

    def shown_units(self) -> range:
        """The units of which at least a part is in view."""
        if self._grid is None:
            return range(0)
        return self._grid.shown(self.verticalScrollBar().value(), self.viewport().height())

    # Arrangement

    def _arrange(self) -> None:
        self._grid = None
        self._ratio = self.devicePixelRatioF()
        bar = self.verticalScrollBar()
        area = self.contentsRect()
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if self._names:
            grid = self._best_grid(area.width())
            if grid.height > area.height():
                policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOn
                grid = self._best_grid(area.width() - bar.sizeHint().width())
            self._grid = grid
        if self.verticalScrollBarPolicy() != policy:
            self.setVerticalScrollBarPolicy(policy)
        height = 0 if self._grid is None else self._grid.height + self._grid.origin.y()
        self.setSceneRect(0, 0, self.viewport().width(), max(height, self.viewport().height()))
        if self._grid is not None:
            bar.setSingleStep(self._grid.pitch.height())
        self._draw()

    def _best_grid(self, width: int) -> Grid:
        count, ratio, height = len(self._names), self.devicePixelRatioF(), self.contentsRect().height()
        plain = arrange(count, self._shape, width, height, 0, ratio)
        caption = QFontMetrics(self._caption_font()).height() + 1
        named = arrange(count, self._shape, width, height, caption, ratio)
        least = 0.6 if self._captions else 0.9
        room = named.picture.width() >= max(SMALLEST_PICTURE, least * plain.picture.width())
        return named if room and (self._captions or named.picture.width() >= 44) else plain

    def _caption_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(max(9, round(0.9 * QFontMetrics(self.font()).ascent())))
        return font

    def _reveal(self, unit: int) -> None:
        rect, bar = self.tile_rect(unit), self.verticalScrollBar()
        if rect.top() < 0:
            bar.setValue(bar.value() + rect.top() - 4)
        elif rect.bottom() >= self.viewport().height():
            bar.setValue(bar.value() + rect.bottom() - self.viewport().height() + 5)

    # Drawing

    def _draw(self) -> None:
        """Draws all anew: after a change of size or theme, and when scrolled."""
        if not self.isVisible():
            return
        seen = self.viewport().rect().translated(0, self.verticalScrollBar().value())
        if self._grid is None:
            self._scene.show_message(self.message, seen, self._ratio, self.font())
        else:
            self._scene.show_tiles(self._grid, self._names, seen, self._ratio, self._caption_font())
        self._draw_weights()
        self._draw_frames()

    def _draw_weights(self) -> None:
        if self.isVisible():
            self._scene.show_weights(self._weights, self.limit, self._initial)

    def _draw_frames(self) -> None:
        pointed, selected = (
            None if unit is None or self._grid is None else self._grid.tile_rect(unit)
            for unit in (self.pointed, self.selected)
        )
        self._scene.show_frames(pointed, selected)
        # the line below the mosaic tells of the unit; a tooltip would hide its neighbours
        self.setToolTip(self.whatsThis() if self.pointed is None else "")

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self._draw()
        if self.pointed is not None:
            self._point_at(self.viewport().mapFromGlobal(QCursor.pos()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(event.position().toPoint())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._point_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and self.pointed is not None:
            self._pressed = self.pointed
            self.select(self.pointed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._point_at(event.position().toPoint())
        pressed, self._pressed = self._pressed, None
        if event.button() == Qt.MouseButton.LeftButton and pressed is not None and pressed == self.pointed:
            self.opened.emit(pressed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._grid is None:
            return super().keyPressEvent(event)
        key, last, columns = Qt.Key(event.key()), self._grid.count - 1, self._grid.columns
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.selected is not None:
            return self.opened.emit(self.selected)
        page = max(1, self.viewport().height() // self._grid.pitch.height()) * columns
        steps = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns,
            Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page, Qt.Key.Key_Home: -last, Qt.Key.Key_End: last,
        }  # fmt: skip
        if key not in steps:
            return super().keyPressEvent(event)
        if self.selected is None:
            return self.select(0)
        wanted = self.selected + steps[key]
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not 0 <= wanted <= last:
            return None
        return self.select(min(max(wanted, 0), last))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_key and self.selected is None and self._grid is not None:
            self.select(self.shown_units().start)

    def _point_at(self, point: QPoint | None) -> None:
        unit = cell = None
        if point is not None and self._grid is not None:
            point = point + QPoint(0, self.verticalScrollBar().value())
            unit = self._grid.at(point)
            if unit is not None:
                cell = cell_at(point, self._grid.picture_rect(unit), self._n_in)
        if (unit, cell) == (self.pointed, self.pointed_cell):
            return
        moved = unit != self.pointed
        self.pointed, self.pointed_cell = unit, cell
        if moved:
            self._draw_frames()
        self.pointed_changed.emit()
