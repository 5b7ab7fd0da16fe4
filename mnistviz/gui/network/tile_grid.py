"""Where the tiles of a mosaic are: an arrangement of equal tiles, the largest that fit into an area."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize

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
