"""A layer in the picture of the network: the frames of its units, their bars, and for an open layer their weights."""

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap, QTransform
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsPixmapItem,
    QGraphicsScene,
    QGraphicsSimpleTextItem,
)

from mnistviz.engine.digits import PIXELS
from mnistviz.gui.common.painted_figure import inked
from mnistviz.gui.common.painted_text import draw_text, note_text
from mnistviz.gui.common.painter_tools import translucent
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.unit_names import cells
from mnistviz.gui.common.weight_images import Tiles, cell_at, colour_table
from mnistviz.gui.common.widgets import add_items, set_path
from mnistviz.gui.network.card_picture import Changes, UnitMarks, Weights
from mnistviz.gui.network.flow import BarItem, Bars, SignedBars, place_bars, signed_bars, upright_bars
from mnistviz.gui.network.unit_slots import UnitSlots

Array = NDArray[Any]
_ROUND: Final = 4  # pixels, the radius of corners
_RING: Final = 7  # pixels, the side of the ring around the weight pointed at
_VEIL: Final = 0.78  # opacity of the veil over a unit that is switched off
MARK: Final = 5  # pixels, the size of the mark on a unit beyond the scale


class LayerStage:
    """Folded layer in the picture: its units with their bars, or one bar for all if there are no slots."""

    def __init__(self, scene: QGraphicsScene, layer: int) -> None:
        self.layer = layer
        self.slots: UnitSlots | None = None
        self.bounds = QRect()
        self._scene = scene
        self._bars, self._above, self._below = bars = BarItem(4), BarItem(5), BarItem(6)
        self.bars, self.above, self.below = items = [each.item for each in bars]
        self.measure = QGraphicsSimpleTextItem()
        add_items(scene, (4, self.measure), *enumerate(items, 4))
        self._units: slice | NDArray[np.intp] = slice(0)
        self._bar_rooms = self._signed_rooms = np.empty((0, 4))
        self.adopt_theme()

    def items(self) -> list[QGraphicsItem]:
        return [self.bars, self.above, self.below, self.measure]

    def leave(self) -> None:
        for item in self.items():
            self._scene.removeItem(item)

    def adopt_theme(self) -> None:
        for item, colour in (
            (self.bars, theme().answer),
            (self.above, theme().yes),
            (self.below, theme().no),
        ):
            item.setBrush(QColor(colour))
        self.measure.setBrush(QColor(theme().muted))

    def show_measure(self, texts: Sequence[str], room: QRect, font: QFont) -> None:
        """Show the longest of `texts` that fits, centred below the layer in `room`."""
        metrics = QFontMetricsF(font)
        text = next((each for each in texts if metrics.horizontalAdvance(each) <= room.width()), "")
        width = metrics.horizontalAdvance(text)
        place = QRectF(
            room.center().x() - width / 2, room.bottom() + 1 - metrics.height(), width, metrics.height()
        )
        self._scene.update(self.measure.sceneBoundingRect())  # see `set_path`
        self.measure.setFont(font)
        self.measure.setText(text)
        self.measure.setPos(place.topLeft())
        note_text(text, place, metrics, "measure")

    def place(self, slots: UnitSlots | None, room: QRect) -> None:
        """Place the units in their slots; without slots the layer is one bar as high as `room`."""
        self.slots = slots
        self.bounds = room if slots is None else slots.bounds
        upright = [] if slots is None else self._rooms(slots, slots.bar)
        signed = [] if slots is None or slots.signed is None else self._rooms(slots, slots.signed)
        self._bar_rooms, self._signed_rooms = (
            np.array(each, float).reshape(-1, 4) for each in (upright, signed)
        )
        place_bars(self._bar_rooms, self._bars)
        place_bars(self._signed_rooms, self._above, self._below)
        self._units = _part(() if slots is None else slots.units)
        self.show_bars(None)
        self.show_signed(None)

    def show_bars(self, bars: Bars | None) -> None:
        if bars is None or not len(self._bar_rooms):
            self._bars.show()
        else:
            self._bars.show(upright_bars(bars.values[self._units], self._bar_rooms, bars.scale).tolist())

    def show_signed(self, bars: SignedBars | None) -> None:
        if bars is None or not len(self._signed_rooms):
            self._above.show()
            self._below.show()
        else:
            above, below = signed_bars(bars.values[self._units], self._signed_rooms, bars.full)
            self._above.show(above.tolist())
            self._below.show(below.tolist())

    def paint_tracks(self, painter: QPainter, *, signed: bool) -> None:
        for x, y, width, height in (
            *self._bar_rooms.tolist(),
            *(self._signed_rooms.tolist() if signed else ()),
        ):
            painter.fillRect(QRectF(x, y, width, height), QColor(theme().grid))

    @staticmethod
    def _rooms(slots: UnitSlots, bar: QRect) -> list[tuple[int, int, int, int]]:
        frames = (slots.place(slot) for slot in range(len(slots.units)))
        return [(frame.x() + bar.x(), frame.y() + bar.y(), bar.width(), bar.height()) for frame in frames]

    def frame_of(self, unit: int) -> QRect | None:
        return None if self.slots is None else self.slots.frame_of(unit)

    def way_in(self, unit: int) -> list[QPointF]:
        """Return the points of a line to a unit from the left, or to the bottom of the layer if it is not visible."""
        if (frame := self.frame_of(unit)) is None or self.slots is None:
            return [QPointF(self.bounds.left(), self.bounds.bottom() + 4)]
        if self.slots.units.index(unit) % self.slots.columns == 0:
            return [QPointF(frame.left(), frame.center().y() + 0.5)]
        below, x = self._gap_below(frame), frame.left() + 8.0
        return [QPointF(self.bounds.left(), below), QPointF(x, below), QPointF(x, frame.bottom() + 1)]

    def _gap_below(self, frame: QRect) -> float:
        assert self.slots is not None
        gap = self.slots.pitch.height() - self.slots.frame.height() - self.slots.caption
        return frame.bottom() + 1 + self.slots.caption + gap / 2

    def way_out(self, unit: int) -> list[QPointF]:
        frame, right = self.frame_of(unit), self.bounds.right() + 7.0
        if frame is None or self.slots is None:
            return [QPointF(right, self.bounds.bottom() + 4)]
        last = min(self.slots.columns, len(self.slots.units)) - 1
        if self.slots.units.index(unit) % self.slots.columns == last:
            middle = frame.center().y() + 0.5
            return [QPointF(frame.right() + 1, middle), QPointF(right, middle)]
        below, x = self._gap_below(frame), frame.right() - 8
        return [QPointF(x, frame.bottom() + 1), QPointF(x, below), QPointF(right, below)]

    def paint(self, painter: QPainter) -> None:
        inked(painter, theme().tile)
        if self.slots is None:
            painter.setBrush(QColor(theme().track))
            painter.drawRoundedRect(QRectF(self.bounds).adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)
            return
        for slot in range(len(self.slots.units)):
            painter.drawRoundedRect(self._outline(slot), _ROUND, _ROUND)

    def _outline(self, slot: int) -> QRectF:
        assert self.slots is not None
        frame = self.slots.place(slot)
        if self.slots.picture is None and self.slots.signed is not None:
            frame.setHeight(self.slots.bar.bottom() + 2)
        return QRectF(frame).adjusted(0.5, 0.5, -0.5, -0.5)


class OpenStage(LayerStage):
    """Open layer, whose units have pictures of their weights as well: one pixmap, which Qt paints."""

    def __init__(self, scene: QGraphicsScene, layer: int) -> None:
        self._pictures = QGraphicsPixmapItem()
        self.marks, self.pixels, self.veils, self.signs = (QGraphicsPathItem() for _ in range(4))
        # bars move more often than weights, and scaling the pixmap would take most of the painting time
        self._pictures.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        super().__init__(scene, layer)
        self._ratio, self._n_in = 1.0, 1
        self._tiles: Tiles | None = None
        self._names: list[str] = []
        self._beyond: NDArray[np.bool_] | None = None
        self._by_hand: UnitMarks | None = None
        for each in (self.marks, self.veils):
            each.setPen(QPen(Qt.PenStyle.NoPen))
        self._pixel: int | None = None
        add_items(
            scene, (2, self._pictures), (3, self.marks), (3, self.veils), (4, self.signs), (14, self.pixels)
        )

    def items(self) -> list[QGraphicsItem]:
        return [*super().items(), self._pictures, self.marks, self.veils, self.signs, self.pixels]

    def adopt_theme(self) -> None:
        super().adopt_theme()
        self.marks.setBrush(QColor(theme().muted))
        self.veils.setBrush(translucent(theme().card, _VEIL))
        self.signs.setBrush(QColor(theme().text))
        self.signs.setPen(QPen(QColor(theme().card), 1))
        self.pixels.setPen(QPen(QColor(theme().accent), 1.5))

    def place_tiles(
        self, slots: UnitSlots, n_in: int, ratio: float, names: list[str], offset: QPoint
    ) -> None:
        """Place the units in slots with a picture of `n_in` weights each; `names` are captions. `offset` is the
        scene's position in the window, for whole device pixels."""
        self._n_in, self._ratio, self._names = n_in, ratio, names
        self._tiles, self._beyond, self._by_hand = self._new_tiles(slots, offset), None, None
        self.place(slots, slots.bounds)
        self._pixel, pixel = None, self._pixel
        self.show_pixel(pixel)

    def show_pixel(self, pixel: int | None) -> None:
        """Draw a ring around this weight in each picture of pixels, or remove the rings for None."""
        if pixel == self._pixel:
            return
        self._pixel = pixel
        path, slots = QPainterPath(), self.slots
        if pixel is not None and slots is not None and self._n_in == PIXELS:
            for unit in slots.units:
                path.addRect(self.around_cell(unit, pixel))
        set_path(self.pixels, path)

    def show_weights(self, shown: Weights | Changes) -> None:
        """Show weights as pictures, with a mark on units far beyond the colour scale."""
        slots, tiles = self.slots, self._tiles
        if slots is None or tiles is None or not slots.units:
            return
        some, initial = slice(slots.units[0], slots.units[-1] + 1), shown.initial
        before = None if initial is None else initial[some]
        image = tiles.colour(shown.values[some], shown.limit, colour_table(theme()), before)
        # copied, because a pixmap would share the memory of the tiles
        self._pictures.setPixmap(QPixmap.fromImage(image.copy()))
        if shown.beyond is not self._beyond:
            self._beyond = shown.beyond
            self._mark(slots, shown.beyond)
        if shown.marks != self._by_hand:
            self._by_hand = shown.marks
            self._mark_by_hand(slots, shown.marks)

    def _mark_by_hand(self, slots: UnitSlots, marks: UnitMarks) -> None:
        """Strike through each unit that is switched off, and put a padlock on each frozen one."""
        veils, signs = QPainterPath(), QPainterPath()
        signs.setFillRule(Qt.FillRule.WindingFill)
        for unit in slots.units:
            picture = slots.picture_of(unit)
            assert picture is not None
            if unit in marks.off:
                veils.addRect(picture)
                signs.addRect(QRectF(picture.left(), picture.center().y() - 1.5, picture.width(), 3))
            if unit in marks.frozen:
                _add_lock(signs, picture.topLeft() + QPointF(2, 2))
        set_path(self.veils, veils)
        set_path(self.signs, signs)

    def _mark(self, slots: UnitSlots, beyond: NDArray[np.bool_]) -> None:
        path = QPainterPath()
        for slot, unit in enumerate(slots.units):
            if beyond[unit] and slots.picture is not None:
                corner = slots.picture.topRight() + QPointF(slots.place(slot).topLeft())
                path.moveTo(corner)
                path.lineTo(corner - QPointF(MARK, 0))
                path.lineTo(corner + QPointF(0, MARK))
                path.closeSubpath()
        set_path(self.marks, path)

    def around_cell(self, unit: int, cell: int) -> QRectF:
        """Return a square around a weight of a unit, or an empty rectangle if the unit is not visible."""
        if self.slots is None or (picture := self.slots.picture_of(unit)) is None:
            return QRectF()
        columns = cells(self._n_in)[1]
        side = picture.width() / columns
        row, column = divmod(cell, columns)
        corner, around = picture.topLeft() + QPointF(column * side, row * side), max(1.5, (_RING - side) / 2)
        return QRectF(corner, QSizeF(side, side)).adjusted(-around, -around, around, around)

    def cell_at(self, point: QPoint, unit: int) -> int | None:
        picture = None if self.slots is None else self.slots.picture_of(unit)
        return None if picture is None else cell_at(point, picture, self._n_in)

    def paint(self, painter: QPainter) -> None:
        super().paint(painter)
        if (slots := self.slots) is None or not slots.caption:
            return
        painter.setPen(QColor(theme().muted))
        gap = slots.pitch.width() - slots.frame.width()
        for slot, unit in enumerate(slots.units):
            frame = slots.place(slot)
            room = QRect(frame.x(), frame.bottom() + 2, frame.width(), slots.caption)
            room.adjust(-gap // 2 + 2, 0, gap // 2 - 2, 0)
            flags, elide = Qt.AlignmentFlag.AlignCenter, Qt.TextElideMode.ElideRight
            draw_text(painter, QRectF(room), flags, self._names[unit], elide=elide, whose="caption")

    def _new_tiles(self, slots: UnitSlots, offset: QPoint) -> Tiles:
        """Return the object that paints the visible units' pictures, and place the item that shows them."""
        assert slots.picture is not None
        rows, columns = cells(self._n_in)
        scale, pitch = slots.picture.width() / columns, slots.pitch
        zoom, sharp = max(1, round(scale * self._ratio)), True
        if abs(scale * self._ratio - zoom) > 1e-6:
            zoom, sharp = 2, False
        larger = zoom / scale
        width, height = round(pitch.width() * larger), round(pitch.height() * larger)
        gap = width - columns * zoom, height - rows * zoom
        tiles = Tiles(self._n_in, len(slots.units), zoom, slots.columns, gap)
        self._pictures.setTransformationMode(
            Qt.TransformationMode.FastTransformation if sharp else Qt.TransformationMode.SmoothTransformation
        )
        self._pictures.setTransform(QTransform.fromScale(pitch.width() / width, pitch.height() / height))
        corner = QPointF(slots.place(0).topLeft()) + slots.picture.topLeft()
        across, down = (
            math.ceil((place + by) * self._ratio - 1e-6) / self._ratio - by
            for place, by in ((corner.x(), offset.x()), (corner.y(), offset.y()))
        )
        self._pictures.setPos(across, down)
        return tiles


def _add_lock(path: QPainterPath, corner: QPointF) -> None:
    x, y = corner.x(), corner.y()
    bow = QPainterPath(QPointF(x + 1.5, y + 6))
    bow.lineTo(x + 1.5, y + 4)
    bow.arcTo(QRectF(x + 1.5, y, 7, 8), 180, -180)
    bow.lineTo(x + 8.5, y + 6)
    bow.lineTo(x + 6.5, y + 6)
    bow.lineTo(x + 6.5, y + 4)
    bow.arcTo(QRectF(x + 3.5, y + 2, 3, 4), 0, 180)
    bow.lineTo(x + 3.5, y + 6)
    bow.closeSubpath()
    path.addPath(bow)
    path.addRect(QRectF(x, y + 5.5, 10, 7))


def _part(units: Sequence[int]) -> slice | NDArray[np.intp]:
    """Return an index for these units, in ascending order: a slice if possible, to avoid a copy."""
    if not len(units) or units[-1] - units[0] == len(units) - 1:
        return slice(units[0], units[-1] + 1) if units else slice(0)
    return np.array(units, np.intp)
