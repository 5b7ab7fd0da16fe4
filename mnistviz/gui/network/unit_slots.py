"""Where the units of a stage are: equal frames in rows, each with its bars, and with a picture if its layer is open."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize

SMALLEST_PICTURE: Final = 28  # device-independent pixels; below that a mosaic scrolls
CELL: Final = 20
_CELLS: Final = (CELL, 18, 16, 14, 12)
LEAST_GAP: Final = 8  # from one unit to the next
_AROUND: Final = 3  # room for the frame of the chosen unit


@dataclass(frozen=True)
class UnitSlots:
    """The frames of the units in view. Rectangles without a `unit` count from the upper left of a frame."""

    total: int
    """How many units the layer has."""
    units: tuple[int, ...]
    """Those in view, in the order of their frames."""
    columns: int
    frame: QSize
    pitch: QSize
    origin: QPoint
    bar: QRect
    """Where the upright bar of a unit is."""
    signed: QRect | None = None
    """Where the bar to either side is, in the last hidden layer."""
    picture: QRect | None = None
    """Where its weights are, in the open layer."""
    caption: int = 0  # height of the line below a frame
    scrolled: int = 0
    """Rows above those in view."""
    rows: int = 0
    """All rows there are."""

    @property
    def rows_in_view(self) -> int:
        return -(-len(self.units) // self.columns)

    @property
    def bounds(self) -> QRect:
        """The rectangle around all frames in view."""
        across, down = min(self.columns, len(self.units)), self.rows_in_view
        size = QSize(
            (across - 1) * self.pitch.width() + self.frame.width(),
            (down - 1) * self.pitch.height() + self.frame.height() + self.caption,
        )
        return QRect(self.origin, size)

    def place(self, slot: int) -> QRect:
        """The frame of that number among those in view."""
        row, column = divmod(slot, self.columns)
        return QRect(self.origin + QPoint(column * self.pitch.width(), row * self.pitch.height()), self.frame)

    def frame_of(self, unit: int) -> QRect | None:
        """The frame of a unit; None if it is not in view."""
        return self.place(self.units.index(unit)) if unit in self.units else None

    def picture_of(self, unit: int) -> QRect | None:
        """The picture of a unit's weights; None if there is none in view."""
        frame = self.frame_of(unit)
        if frame is None or self.picture is None:
            return None
        return self.picture.translated(frame.topLeft())

    def at(self, point: QPoint) -> int | None:
        """The unit whose frame is at `point`; None between frames."""
        column = (point.x() - self.origin.x()) // self.pitch.width()
        row = (point.y() - self.origin.y()) // self.pitch.height()
        slot = row * self.columns + column
        if row < 0 or not 0 <= column < self.columns or slot >= len(self.units):
            return None
        return self.units[slot] if self.place(slot).contains(point) else None


def tile_slots(
    total: int,
    shape: tuple[int, int],
    room: QRect,
    *,
    last: bool,
    caption: int = 0,
    scrolled: int = 0,
    ratio: float = 1.0,
) -> UnitSlots:
    """Frames with pictures, the largest of which all fit into `room`; else the smallest there are, scrolled by rows.

    `shape` is rows and columns of a picture's cells, `ratio` that of device pixels: a picture whose cells are whole
    device pixels is preferred where that costs little.
    """
    low, high = SMALLEST_PICTURE, max(SMALLEST_PICTURE, room.width(), room.height())

    def slots(side: int) -> UnitSlots:
        return _tiles(total, shape, side, room, last, caption, ratio)

    while low < high:  # the largest side that fits; if none does, the smallest there is
        middle = (low + high + 1) // 2
        tried = slots(middle).bounds
        fits = tried.height() + 2 * _AROUND <= room.height() and tried.width() + 2 * _AROUND <= room.width()
        low, high = (middle, high) if fits else (low, middle - 1)
    return _spread(_scrolled(slots(low), room, scrolled), room)


def cell_slots(total: int, room: QRect, across: int, *, last: bool) -> UnitSlots:
    """Frames without pictures, `across` in a row: the largest of which all have room, else the smallest, thinned."""

    def room_of(cell: int) -> tuple[QSize, int]:
        """The frame, and how many there are room for."""
        frame = QSize(cell, cell + 8 if last else cell)
        return frame, max(1, (room.height() + LEAST_GAP) // (frame.height() + LEAST_GAP)) * across

    cell = next((cell for cell in _CELLS if room_of(cell)[1] >= total), _CELLS[-1])
    frame, most = room_of(cell)
    pitch = QSize(cell + LEAST_GAP, frame.height() + LEAST_GAP)
    count = min(total, most)
    units = tuple(slot * total // count for slot in range(count))
    bar = QRect(1, 1, cell - 2, cell - 2)
    signed = QRect(0, cell + 3, cell, 5) if last else None
    rows = -(-count // across)
    found = UnitSlots(total, units, across, frame, pitch, room.topLeft(), bar, signed, rows=rows)
    free = room.height() - found.bounds.height()
    if rows > 1:
        pitch = QSize(pitch.width(), pitch.height() + min(free // (rows - 1), 10))
    found = replace(found, pitch=pitch)
    top = room.top() + max(0, (room.height() - found.bounds.height()) // 2)
    left = room.left() + max(0, (room.width() - found.bounds.width()) // 2)
    return replace(found, origin=QPoint(left, top))


def _tiles(
    total: int, shape: tuple[int, int], side: int, room: QRect, last: bool, caption: int, ratio: float
) -> UnitSlots:
    rows, columns = shape
    scale = side / max(rows, columns)
    if (whole := math.floor(scale * ratio) / ratio) > 0.93 * scale:
        scale = whole
    size = QSize(max(1, round(columns * scale)), max(1, round(rows * scale)))
    pad, thick = (3, 6) if side >= 40 else (2, 4)
    picture = QRect(QPoint(thick + 2 * pad, pad), size)
    bar = QRect(pad, pad, thick, size.height())
    below = thick - 1 + pad if last else 0
    frame = QSize(picture.right() + 1 + pad, picture.bottom() + 1 + pad + below)
    signed = QRect(pad, picture.bottom() + 1 + pad, frame.width() - 2 * pad, thick - 1) if last else None
    gap = max(LEAST_GAP, min(12, round(0.12 * side)))
    across = max(1, (room.width() - 2 * _AROUND + gap) // (frame.width() + gap))
    across = -(-total // -(-total // across))
    pitch = frame + QSize(gap, gap + caption)
    return UnitSlots(
        total,
        tuple(range(total)),
        across,
        frame,
        pitch,
        room.topLeft() + QPoint(_AROUND, _AROUND),
        bar,
        signed,
        picture,
        caption,
        rows=-(-total // across),
    )


def _scrolled(slots: UnitSlots, room: QRect, scrolled: int) -> UnitSlots:
    """Only the rows that have room, those above `scrolled` left out."""
    gap = slots.pitch.height() - slots.frame.height() - slots.caption
    in_view = max(1, (room.height() - 2 * _AROUND + gap) // slots.pitch.height())
    first = max(0, min(scrolled, slots.rows - in_view))
    units = slots.units[first * slots.columns : (first + in_view) * slots.columns]
    return replace(slots, units=units, scrolled=first)


def _spread(slots: UnitSlots, room: QRect) -> UnitSlots:
    """The same frames a little apart, and in the middle of the room."""
    gaps = slots.pitch - slots.frame - QSize(0, slots.caption)
    across, down = slots.columns, min(slots.rows_in_view, slots.rows)
    free = room.width() - 2 * _AROUND - across * slots.frame.width()
    wide = max(gaps.width(), min(free // max(1, across - 1), round(0.25 * slots.frame.width())))
    free = room.height() - 2 * _AROUND - down * (slots.frame.height() + slots.caption)
    high = max(gaps.height(), min(free // max(1, down - 1), wide))
    found = replace(slots, pitch=slots.frame + QSize(wide, high + slots.caption))
    free_around = room.size() - found.bounds.size()
    corner = QPoint(max(_AROUND, free_around.width() // 2), max(_AROUND, free_around.height() // 2))
    return replace(found, origin=room.topLeft() + corner)
