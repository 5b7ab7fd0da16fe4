"""A mosaic of tiles: where they are, how they are painted, and which one the mouse and the keys mean."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Final

from numpy.typing import NDArray
from PySide6.QtCore import (
    QEvent,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    QSizeF,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QCursor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QFrame,
    QWidget,
)

from mnistviz.gui.theme import Theme
from mnistviz.gui.weight_tiles import Tiles, cell_at, cells, colour_table

Array = NDArray[Any]

SMALLEST_PICTURE: Final = 28  # device-independent pixels; below that a mosaic scrolls


@dataclass(frozen=True)
class Grid:
    """An arrangement of equal tiles, in device-independent pixels of the whole content."""

    count: int
    columns: int
    picture: QSize
    pad: int  # between a tile's frame and its picture
    caption: int  # height of the line below the picture, 0 without one
    gap: QSize
    origin: QPoint

    @property
    def rows(self) -> int:
        return -(-self.count // self.columns)

    @property
    def tile(self) -> QSize:
        return QSize(self.picture.width() + 2 * self.pad, self.picture.height() + 2 * self.pad)

    @property
    def pitch(self) -> QSize:
        return QSize(
            self.tile.width() + self.gap.width(), self.tile.height() + self.caption + self.gap.height()
        )

    @property
    def height(self) -> int:
        return self.origin.y() + self.rows * self.pitch.height() - self.gap.height()

    def tile_rect(self, unit: int) -> QRect:
        row, column = divmod(unit, self.columns)
        corner = QPoint(column * self.pitch.width(), row * self.pitch.height())
        return QRect(self.origin + corner, self.tile)

    def picture_rect(self, unit: int) -> QRect:
        return self.tile_rect(unit).adjusted(self.pad, self.pad, -self.pad, -self.pad)

    def at(self, point: QPoint) -> int | None:
        """The unit whose tile is at `point`; None between tiles."""
        column = (point.x() - self.origin.x()) // self.pitch.width()
        row = (point.y() - self.origin.y()) // self.pitch.height()
        unit = row * self.columns + column
        if row < 0 or not 0 <= column < self.columns or unit >= self.count:
            return None
        return unit if self.tile_rect(unit).contains(point) else None

    def shown(self, top: int, height: int) -> range:
        """The units of which something lies between `top` and `top + height`."""
        first = max(0, (top - self.origin.y()) // self.pitch.height())
        last = -(-(top + height - self.origin.y()) // self.pitch.height())
        return range(min(first * self.columns, self.count), max(0, min(last * self.columns, self.count)))


def arrange(
    count: int, shape: tuple[int, int], width: int, height: int, caption: int = 0, ratio: float = 1.0
) -> Grid:
    """The largest tiles of which `count` fit into the area, or the smallest and a content too high for it.

    `shape` is rows and columns of a tile's cells, `ratio` that of device pixels: a picture whose cells are
    whole device pixels is preferred when that costs little.
    """
    rows, columns = shape
    margin = 3  # room for the frame of the selected tile

    def grid(side: float, spread: bool = False) -> Grid:
        scale = side / max(rows, columns)
        if (whole := math.floor(scale * ratio) / ratio) > 0.93 * scale:
            scale = whole
        picture = QSize(max(1, round(columns * scale)), max(1, round(rows * scale)))
        pad = 3 if side >= 44 else 1
        least = min(12, max(4, round(0.12 * side)))
        tile = picture + QSize(2 * pad, 2 * pad)
        across = max(1, (width - 2 * margin + least) // (tile.width() + least))
        down = -(-count // across)
        across = -(-count // down)
        gap = QSize(least, least)
        if spread:
            free = width - 2 * margin - across * tile.width()
            gap.setWidth(max(least, min(free // max(1, across - 1), round(0.25 * side))))
            free = height - 2 * margin - down * (tile.height() + caption)
            gap.setHeight(max(least, min(free // max(1, down - 1), gap.width())))
        found = Grid(count, across, picture, pad, caption, gap, QPoint(margin, margin))
        if spread:
            left = (width - across * found.pitch.width() + gap.width()) // 2
            top = (height - found.height + margin) // 2
            found = replace(found, origin=QPoint(max(margin, left), max(margin, top)))
        return found

    def fits(side: float) -> bool:
        return (tried := grid(side)).height + margin <= height and tried.tile.width() + 2 * margin <= width

    low, high = SMALLEST_PICTURE, max(SMALLEST_PICTURE, width, height)
    while low < high:  # the largest side that fits; if none does, the smallest there is
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return grid(low, spread=True)


@dataclass(frozen=True)
class _View:
    """What stays the same while the weights move, as long as nobody scrolls or resizes."""

    units: range
    background: QPixmap


def _zoom(scale: float) -> int:
    """How many pixels a cell gets before it is smoothly brought to `scale` pixels: its edges stay sharp."""
    return 2 if 1.15 < scale < 2 else max(1, round(scale))


class Mosaic(QAbstractScrollArea):
    """Paints the tiles that are in view, and turns mouse and keys into a selected and a pointed-at unit."""

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
        self._captions = False
        self._weights: Array | None = None
        self._start: Array | None = None
        self.limit = 1.0
        self._tiles: Tiles | None = None
        self._image: QImage | None = None
        self._view: _View | None = None
        self._pressed: int | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumSize(120, 76)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.set_theme(theme)

    # What it shows

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._table = colour_table(theme)
        self._image = self._view = None
        self.viewport().update()

    def set_units(self, names: list[str], n_in: int, captions: bool) -> None:
        """Begins with other units: their names, the number of their weights, whether names matter much."""
        self._names, self._captions, self._n_in = names, captions, n_in
        self._shape = cells(n_in)
        self._weights = self.pointed = self.pointed_cell = None
        self.message = ""
        self._arrange()

    def set_weights(self, weights: Array, limit: float, start: Array | None) -> None:
        """Shows `weights`, (units, n_in), which must not change any more. They are coloured when painted."""
        self._weights, self.limit, self._start = weights, limit, start
        self._image = None
        self.viewport().update()

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
        self.viewport().update()
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
        self._tiles = self._view = self._image = None
        bar = self.verticalScrollBar()
        area = self.contentsRect()
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if self._names:
            grid = self._best_grid(area.width())
            if grid.height > area.height():
                policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOn
                grid = self._best_grid(area.width() - bar.sizeHint().width())
            self._grid = grid
            bar.setRange(0, max(0, grid.height + grid.origin.y() - area.height()))
            bar.setPageStep(area.height())
            bar.setSingleStep(grid.pitch.height())
        if self.verticalScrollBarPolicy() != policy:
            self.setVerticalScrollBarPolicy(policy)
        self.viewport().update()

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

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        if self._grid is None:
            painter.fillRect(self.viewport().rect(), QColor(self._theme.card))
            painter.setPen(QColor(self._theme.muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.viewport().rect().adjusted(12, 0, -12, 0), flags, self.message)
            return
        if self._view is None:
            self._view = self._look(self._grid)
        painter.drawPixmap(0, 0, self._view.background)
        if self._weights is not None and self._view.units:
            self._paint_pictures(painter, self._grid, self._view)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        for unit, colour, width in ((self.pointed, theme.muted, 1.0), (self.selected, theme.accent, 2.0)):
            if unit is not None and unit in self._view.units:
                painter.setPen(QPen(QColor(colour), width))
                painter.drawRoundedRect(QRectF(self.tile_rect(unit)).adjusted(-1, -1, 1, 1), 5, 5)

    def _paint_pictures(self, painter: QPainter, grid: Grid, view: _View) -> None:
        assert self._weights is not None
        pitch, picture, ratio = grid.pitch, grid.picture, self.devicePixelRatioF()
        if self._tiles is None:
            capacity = min(grid.count, (self.viewport().height() // pitch.height() + 2) * grid.columns)
            zoom = _zoom(picture.width() * ratio / self._shape[1])
            larger = zoom * self._shape[1] / picture.width()
            gap = (
                round((pitch.width() - picture.width()) * larger),
                round((pitch.height() - picture.height()) * larger),
            )
            self._tiles = Tiles(self._shape, self._n_in, capacity, zoom, grid.columns, gap)
        if self._image is None:
            some = slice(view.units.start, view.units.stop)
            start = None if self._start is None else self._start[some]
            self._image = self._tiles.colour(self._weights[some], self.limit, self._table, start)
        across = pitch.width() / self._tiles.pitch.width()
        down = pitch.height() / self._tiles.pitch.height()
        smooth = not (across * ratio == down * ratio == 1)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        size = QSizeF(self._image.width() * across, self._image.height() * down)
        painter.drawImage(QRectF(QPointF(self.picture_rect(view.units.start).topLeft()), size), self._image)

    def _look(self, grid: Grid) -> _View:
        units = self.shown_units()
        return _View(units, self._draw_background(grid, units))

    def _draw_background(self, grid: Grid, units: range) -> QPixmap:
        """The tiles' frames and their captions."""
        ratio = self.devicePixelRatioF()
        background = QPixmap(self.viewport().size() * ratio)
        background.setDevicePixelRatio(ratio)
        background.fill(QColor(self._theme.card))
        painter = QPainter(background)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._caption_font())
        metrics = painter.fontMetrics()
        for unit in units:
            tile = self.tile_rect(unit)
            painter.setPen(QColor(self._theme.border))
            painter.drawRoundedRect(QRectF(tile).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            if grid.caption:
                room = QRect(tile.x(), tile.bottom() + 2, tile.width(), grid.caption)
                room.adjust(-grid.gap.width() // 2, 0, grid.gap.width() // 2, 0)
                painter.setPen(QColor(self._theme.muted))
                text = metrics.elidedText(self._names[unit], Qt.TextElideMode.ElideRight, room.width() - 4)
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
        return background

    # Events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._arrange()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self._view = self._image = None
        self.viewport().update()
        if self.pointed is not None:
            self._point_at(self.viewport().mapFromGlobal(QCursor.pos()))

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.pointed is not None:
            return True  # the line below the mosaic tells of this tile; a tooltip would hide its neighbours
        if event.type() == QEvent.Type.Leave:
            self._point_at(None)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._arrange()
        return super().viewportEvent(event)

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
        if unit != self.pointed:
            self.viewport().update()
        self.pointed, self.pointed_cell = unit, cell
        self.pointed_changed.emit()
