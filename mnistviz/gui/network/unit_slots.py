"""Positions of a layer's units: equal frames in rows, each with its bars, and with a picture if the layer is open."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, QSizeF

SMALLEST_PICTURE: Final = 22  # device-independent pixels; below that the pictures scroll
_CELLS: Final = (32, 28, 24)
GAP: Final = 8  # from one unit to the next
LEAST_GAP: Final = 4  # the smallest gap, where it enlarges the pictures
_MUCH: Final = 1.1  # a picture larger by this factor may have cells of unequal size
_THICK: Final = 4  # the thickness of a bar
_PAD: Final = 2  # between parts of a tile, including its frame
BELOW: Final = _THICK + _PAD  # for the bar to either side, in a hidden layer
_BELOW_CELL: Final = 8  # the same below a frame without a picture
BESIDE: Final = QSize(_THICK + 3 * _PAD, BELOW + 2 * _PAD)
"""The size of a tile of a hidden layer minus that of its picture."""


class UnitSlots(Struct, frozen=True):
    """Frames of the visible units. Rectangles without a `unit` are relative to the upper left of a frame."""

    total: int
    units: Sequence[int]
    columns: int
    frame: QSize
    pitch: QSize
    origin: QPoint
    bar: QRect
    signed: QRect | None = None  # the rectangle of the bar to either side, in a hidden layer
    picture: QRectF | None = None
    caption: int = 0  # the height of the line below a frame
    scrolled: int = 0  # the number of rows above the visible ones
    rows: int = 0

    @property
    def rows_in_view(self) -> int:
        return -(-len(self.units) // self.columns)

    @property
    def bounds(self) -> QRect:
        across, down = min(self.columns, len(self.units)), self.rows_in_view
        size = QSize(
            (across - 1) * self.pitch.width() + self.frame.width(),
            (down - 1) * self.pitch.height() + self.frame.height() + self.caption,
        )
        return QRect(self.origin, size)

    def place(self, slot: int) -> QRect:
        row, column = divmod(slot, self.columns)
        return QRect(self.origin + QPoint(column * self.pitch.width(), row * self.pitch.height()), self.frame)

    def frame_of(self, unit: int) -> QRect | None:
        return self.place(self.units.index(unit)) if unit in self.units else None

    def picture_of(self, unit: int) -> QRectF | None:
        if (frame := self.frame_of(unit)) is None or self.picture is None:
            return None
        return self.picture.translated(QPointF(frame.topLeft()))

    def at(self, point: QPoint) -> int | None:
        column = (point.x() - self.origin.x()) // self.pitch.width()
        row = (point.y() - self.origin.y()) // self.pitch.height()
        slot = row * self.columns + column
        if row < 0 or not 0 <= column < self.columns or slot >= len(self.units):
            return None
        return self.units[slot] if self.place(slot).contains(point) else None


def tile_slots(
    total: int, shape: tuple[int, int], room: QRect, hidden: bool, scrolled: int = 0, ratio: float = 1.0,
    *, caption: int = 0,
) -> UnitSlots:  # fmt: skip
    """Return frames with the largest pictures that fit into `room` for all units; else with the smallest, scrolled by
    rows. `shape` is rows and columns of a picture's cells, `ratio` the device pixel ratio. A cell has whole device
    pixels, unless not even one for each fits, or much larger pictures have room."""
    longest, steps = max(shape), 8  # fractions of a device pixel, for smaller pictures

    def slots(scale: float) -> UnitSlots:
        return _tiles(total, shape, scale, room, hidden, caption, ratio)

    def fits(scale: float, more: int = 0) -> bool:
        """Return whether all fit, with gaps that are `more` pixels larger than the least."""
        of = slots(scale)
        return (
            of.bounds.height() + (of.rows_in_view - 1) * more <= room.height()
            and of.bounds.width() + (of.columns - 1) * more <= room.width()
        )

    low = max(1, math.ceil(SMALLEST_PICTURE * ratio / longest))
    high = max(low, math.ceil(max(room.width(), room.height()) * ratio / longest))
    if not fits(low / ratio):
        sizes = range(SMALLEST_PICTURE * steps + 1, math.ceil(low * longest / ratio * steps))
        fitting = bisect_left(sizes, True, key=lambda size: not fits(size / steps / longest))
        scale = (sizes[fitting - 1] if fitting else SMALLEST_PICTURE * steps) / steps / longest
        return _scrolled(slots(scale), room, scrolled)
    zoom = low + bisect_left(range(low + 1, high + 1), True, key=lambda zoom: not fits(zoom / ratio))
    scale = zoom / ratio
    between = range(zoom * longest * steps, (zoom + 1) * longest * steps)
    more = GAP - LEAST_GAP if zoom > 1 else 0
    fitting = bisect_left(between, True, key=lambda size: not fits(size / steps / longest / ratio, more))
    larger = between[max(fitting, 1) - 1] / steps / longest / ratio
    scale = larger if larger >= _MUCH * scale else scale
    return _scrolled(_loosened(slots(scale), room, ratio), room, scrolled)


def cell_slots(total: int, room: QRect, across: int) -> UnitSlots:
    cell, most = cell_size(total, room.height(), across)
    frame = QSize(cell, cell + _BELOW_CELL)
    pitch = QSize(cell + GAP, frame.height() + GAP // 2)
    count = min(total, most)
    units = tuple(slot * total // count for slot in range(count))
    bar = QRect(1, 1, cell - 2, cell - 2)
    signed = QRect(0, cell + 3, cell, 5)
    rows = -(-count // across)
    slots = UnitSlots(total, units, across, frame, pitch, room.topLeft(), bar, signed, rows=rows)
    free = room.height() - slots.bounds.height()
    if rows > 1:
        pitch = QSize(pitch.width(), pitch.height() + min(free // (rows - 1), 14))
    return replace(slots, pitch=pitch)


def cell_size(total: int, height: int, across: int) -> tuple[int, int]:
    """Return the side of frames without a picture, `across` in a row: the largest that all fit in this `height`, else
    the smallest; and the number that fits."""

    def most(cell: int) -> int:
        return max(1, (height + GAP // 2) // (cell + _BELOW_CELL + GAP // 2)) * across

    cell = next((cell for cell in _CELLS if most(cell) >= total), _CELLS[-1])
    return cell, most(cell)


def _tiles(
    total: int, shape: tuple[int, int], scale: float, room: QRect, hidden: bool, caption: int, ratio: float
) -> UnitSlots:
    """Return frames around pictures whose cells are `scale` pixels large."""
    rows, columns = shape
    size = QSizeF(columns * scale, rows * scale)
    picture = QRectF(QPointF(_THICK + 2 * _PAD, _PAD), size)
    wide, high = math.ceil(size.width() - 1e-6), math.ceil(size.height() - 1e-6)
    bar = QRect(_PAD, _PAD, _THICK, high)
    frame = QSize(wide, high) + BESIDE - QSize(0, 0 if hidden else BELOW)
    signed = QRect(round(picture.left()), high + 2 * _PAD, wide, _THICK) if hidden else None
    pitch = _on_whole_pixels(frame + QSize(LEAST_GAP, LEAST_GAP + caption), ratio)
    across = max(1, (room.width() + pitch.width() - frame.width()) // pitch.width())
    across = -(-total // -(-total // across))
    return UnitSlots(
        total, range(total), across, frame, pitch, room.topLeft(), bar, signed, picture, caption,
        rows=-(-total // across),
    )  # fmt: skip


def _on_whole_pixels(size: QSize, ratio: float) -> QSize:
    """Return the next larger size that is a whole number of device pixels, if one of the next few is."""

    def larger(length: int) -> int:
        return next((each for each in range(length, length + 4) if (each * ratio).is_integer()), length)

    return QSize(larger(size.width()), larger(size.height()))


def _scrolled(slots: UnitSlots, room: QRect, scrolled: int) -> UnitSlots:
    gap = slots.pitch.height() - slots.frame.height() - slots.caption
    in_view = max(1, (room.height() + gap) // slots.pitch.height())
    first = max(0, min(scrolled, slots.rows - in_view))
    units = slots.units[first * slots.columns : (first + in_view) * slots.columns]
    return replace(slots, units=units, scrolled=first)


def _loosened(slots: UnitSlots, room: QRect, ratio: float) -> UnitSlots:
    """Return the frames with the usual gap between them, as far as there is room for it."""
    for gap in range(GAP, LEAST_GAP, -1):
        pitch = _on_whole_pixels(slots.frame + QSize(gap, gap + slots.caption), ratio)
        loosened = replace(slots, pitch=pitch)
        if loosened.bounds.height() <= room.height() and loosened.bounds.width() <= room.width():
            return loosened
    return slots
