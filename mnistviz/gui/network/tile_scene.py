"""What a mosaic paints: its tiles with their captions, the pictures of weights in them, and two frames."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsPixmapItem, QGraphicsScene

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.network.colour_scale import colour_table
from mnistviz.gui.network.tile_grid import Grid
from mnistviz.gui.network.weight_tiles import Tiles, cells

Array = NDArray[Any]


def _zoom(scale: float) -> int:
    """How many pixels a cell gets before it is smoothly brought to `scale` pixels: its edges stay sharp."""
    return 2 if 1.15 < scale < 2 else max(1, round(scale))


class TileScene(QGraphicsScene):
    """The tiles in view, as Qt's own items: they are painted without the interpreter, and while Python paints,
    nothing learns."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._grid: Grid | None = None
        self._units = range(0)  # in view
        self._ratio = 1.0
        self._tiles: Tiles | None = None
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self._background, self._pictures = QGraphicsPixmapItem(), QGraphicsPixmapItem()
        self._pointed_frame, self._selected_frame = QGraphicsPathItem(), QGraphicsPathItem()
        layers = (self._background, self._pictures, self._pointed_frame, self._selected_frame)
        for z, item in enumerate(layers):
            item.setZValue(z)
            self.addItem(item)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Takes other colours, for all that is shown from now on."""
        self._theme = theme
        self._table = colour_table(theme)

    def show_message(self, text: str, seen: QRect, ratio: float, font: QFont) -> None:
        """Shows a sentence and no tiles. `seen` is the part of the scene in view, `ratio` that of device pixels."""
        self._grid, self._units, self._tiles = None, range(0), None
        background, painter = self._blank(seen, ratio, font)
        painter.setPen(QColor(self._theme.muted))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(seen.adjusted(12, 0, -12, 0), flags, text)
        painter.end()
        self._background.setPixmap(background)

    def show_tiles(self, grid: Grid, names: list[str], seen: QRect, ratio: float, font: QFont) -> None:
        """Shows frames and captions of the tiles in view; `show_weights` fills them."""
        self._grid, self._ratio, self._tiles = grid, ratio, None
        self._units = grid.shown(seen.top(), seen.height())
        background, painter = self._blank(seen, ratio, font)
        metrics = painter.fontMetrics()
        for unit in self._units:
            tile = grid.tile_rect(unit)
            painter.setPen(QColor(self._theme.border))
            painter.drawRoundedRect(QRectF(tile).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            if grid.caption:
                room = QRect(tile.x(), tile.bottom() + 2, tile.width(), grid.caption)
                room.adjust(-grid.gap.width() // 2, 0, grid.gap.width() // 2, 0)
                painter.setPen(QColor(self._theme.muted))
                text = metrics.elidedText(names[unit], Qt.TextElideMode.ElideRight, room.width() - 4)
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
        self._background.setPixmap(background)

    def show_weights(self, weights: Array | None, limit: float, initial: Array | None) -> None:
        """Shows `weights`, (units, n_in), of the units in view, less the `initial` ones if there are any, or none."""
        self._pictures.setVisible(bool(self._units) and weights is not None)
        if weights is None or not self._units:
            return
        if self._tiles is None:
            self._tiles = self._new_tiles(weights.shape[1])
        some = slice(self._units.start, self._units.stop)
        before = None if initial is None else initial[some]
        image = self._tiles.colour(weights[some], limit, self._table, before)
        self._pictures.setPixmap(QPixmap.fromImage(image))

    def show_frames(self, pointed: QRect | None, selected: QRect | None) -> None:
        """Shows the frames around the tile that is pointed at and the selected one."""
        for item, tile, colour, width in (
            (self._pointed_frame, pointed, self._theme.muted, 1.0),
            (self._selected_frame, selected, self._theme.accent, 2.0),
        ):
            path = QPainterPath()
            if tile is not None:
                path.addRoundedRect(QRectF(tile).adjusted(-1, -1, 1, 1), 5, 5)
            item.setPen(QPen(QColor(colour), width))
            item.setPath(path)

    def _blank(self, seen: QRect, ratio: float, font: QFont) -> tuple[QPixmap, QPainter]:
        """A background for the part that is seen, and what paints on it in the places of the scene."""
        self._background.setPos(seen.topLeft())
        background = QPixmap((seen.size() * ratio).expandedTo(QSize(1, 1)))
        background.setDevicePixelRatio(ratio)
        background.fill(QColor(self._theme.card))
        painter = QPainter(background)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-seen.topLeft())
        painter.setFont(font)
        return background, painter

    def _new_tiles(self, n_in: int) -> Tiles:
        """What draws the pictures of the units in view; puts the item that shows them in its place."""
        assert self._grid is not None
        pitch, picture, ratio = self._grid.pitch, self._grid.picture, self._ratio
        columns = cells(n_in)[1]
        zoom = _zoom(picture.width() * ratio / columns)
        larger = zoom * columns / picture.width()
        gap = (
            round((pitch.width() - picture.width()) * larger),
            round((pitch.height() - picture.height()) * larger),
        )
        tiles = Tiles(n_in, len(self._units), zoom, self._grid.columns, gap)
        across, down = pitch.width() / tiles.pitch.width(), pitch.height() / tiles.pitch.height()
        smooth = not (across * ratio == down * ratio == 1)
        self._pictures.setTransformationMode(
            Qt.TransformationMode.SmoothTransformation if smooth else Qt.TransformationMode.FastTransformation
        )
        self._pictures.setTransform(QTransform.fromScale(across, down))
        self._pictures.setPos(self._grid.picture_rect(self._units.start).topLeft())
        return tiles
