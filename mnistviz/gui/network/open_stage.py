"""The open layer: each unit with a picture of its weights."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsPixmapItem, QGraphicsScene

from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.network.colour_scale import colour_table
from mnistviz.gui.network.layer_stage import LayerStage
from mnistviz.gui.network.unit_slots import UnitSlots
from mnistviz.gui.network.weight_tiles import Tiles, cell_at, cells

Array = NDArray[Any]
MARK = 5  # pixels, of the corner of a picture that is beyond the scale


def _zoom(scale: float) -> int:
    """How many pixels a cell gets before it is smoothly brought to `scale` pixels: its edges stay sharp."""
    return 2 if 1.15 < scale < 2 else max(1, round(scale))


class OpenStage(LayerStage):
    """A stage with pictures. They are one pixmap, which Qt paints without the interpreter."""

    def __init__(self, scene: QGraphicsScene, layer: int, theme: Theme) -> None:
        self._pictures, self.marks = QGraphicsPixmapItem(), QGraphicsPathItem()
        # bars move above it more often than weights do, and to bring it to its size takes Qt most of a painting
        self._pictures.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        super().__init__(scene, layer, theme)
        self._ratio, self._n_in = 1.0, 1
        self._tiles: Tiles | None = None
        self._names: list[str] = []
        self.marks.setPen(QPen(Qt.PenStyle.NoPen))
        for z, item in ((2, self._pictures), (3, self.marks)):
            item.setZValue(z)
            scene.addItem(item)

    def items(self) -> list[QGraphicsItem]:
        return [*super().items(), self._pictures, self.marks]

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._table = colour_table(theme)
        self.marks.setBrush(QColor(theme.muted))

    def place_tiles(self, slots: UnitSlots, n_in: int, ratio: float, names: list[str]) -> None:
        """Puts the units into slots that have a picture of `n_in` weights each; `names` are their captions."""
        self._n_in, self._ratio, self._names = n_in, ratio, names
        self._tiles = self._new_tiles(slots)
        self.place(slots, slots.bounds)

    def show_weights(self, weights: Array, limit: float, initial: Array | None) -> None:
        """Shows `weights`, (units, n_in), or their difference to the `initial` ones; ±`limit` and beyond in
        full colour."""
        slots, tiles = self.slots, self._tiles
        if slots is None or tiles is None or not slots.units:
            return
        some = slice(slots.units[0], slots.units[-1] + 1)
        before = None if initial is None else initial[some]
        self._pictures.setPixmap(QPixmap.fromImage(tiles.colour(weights[some], limit, self._table, before)))

    def show_marks(self, beyond: NDArray[np.bool_]) -> None:
        """Marks the units, (n,), whose weights go far beyond the colours."""
        path = QPainterPath()
        if self.slots is not None and self.slots.picture is not None:
            for slot, unit in enumerate(self.slots.units):
                if beyond[unit]:
                    corner = self.slots.picture.translated(self.slots.place(slot).topLeft()).topRight()
                    path.moveTo(corner + QPoint(1, 0))
                    path.lineTo(corner + QPoint(1 - MARK, 0))
                    path.lineTo(corner + QPoint(1, MARK))
                    path.closeSubpath()
        self.marks.setPath(path)

    def cell_at(self, point: QPoint, unit: int) -> int | None:
        """The number of the weight of `unit` at a point of the scene."""
        picture = None if self.slots is None else self.slots.picture_of(unit)
        return None if picture is None else cell_at(point, picture, self._n_in)

    def paint(self, painter: QPainter) -> None:
        super().paint(painter)
        slots = self.slots
        if slots is None or not slots.caption:
            return
        painter.setPen(QColor(self._theme.muted))
        gap = slots.pitch.width() - slots.frame.width()
        for slot, unit in enumerate(slots.units):
            frame = slots.place(slot)
            room = QRect(frame.x(), frame.bottom() + 2, frame.width(), slots.caption)
            room.adjust(-gap // 2 + 2, 0, gap // 2 - 2, 0)
            flags = Qt.AlignmentFlag.AlignCenter
            draw_text(
                painter,
                QRectF(room),
                flags,
                self._names[unit],
                elide=Qt.TextElideMode.ElideRight,
                whose="caption",
            )

    def _new_tiles(self, slots: UnitSlots) -> Tiles:
        """What draws the pictures of the units in view; puts the item that shows them in its place."""
        assert slots.picture is not None
        picture, pitch = slots.picture.size(), slots.pitch
        columns = cells(self._n_in)[1]
        zoom = _zoom(picture.width() * self._ratio / columns)
        larger = zoom * columns / picture.width()
        gap = (
            round((pitch.width() - picture.width()) * larger),
            round((pitch.height() - picture.height()) * larger),
        )
        tiles = Tiles(self._n_in, len(slots.units), zoom, slots.columns, gap)
        across, down = pitch.width() / tiles.pitch.width(), pitch.height() / tiles.pitch.height()
        smooth = not (across * self._ratio == down * self._ratio == 1)
        self._pictures.setTransformationMode(
            Qt.TransformationMode.SmoothTransformation if smooth else Qt.TransformationMode.FastTransformation
        )
        self._pictures.setTransform(QTransform.fromScale(across, down))
        self._pictures.setPos(slots.picture.topLeft() + slots.place(0).topLeft())
        return tiles


def caption_font(font: QFont, pixels: int) -> QFont:
    """The same font, `pixels` high."""
    smaller = QFont(font)
    smaller.setPixelSize(pixels)
    return smaller
