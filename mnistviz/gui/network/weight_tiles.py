"""Pictures of weights: the cells of one, and many of them in one image."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QImage

from mnistviz.engine.digits import PIXELS, SIDE
from mnistviz.gui.network.colour_scale import colour_indices

Array = NDArray[Any]


def cells(n_in: int) -> tuple[int, int]:
    """Rows and columns of the grid that shows `n_in` weights: 28 × 28 for pixels, else nearly square.

    An exact rectangle is preferred while it is not too long; otherwise the last row ends in empty cells.
    """
    if n_in == PIXELS:
        return SIDE, SIDE
    least = math.ceil(math.sqrt(n_in))
    for columns in range(least, math.isqrt(n_in * 3 // 2) + 1):
        if n_in % columns == 0:
            return n_in // columns, columns
    return -(-n_in // least), least


class Tiles:
    """Pictures of some units' weights in one image that is kept: in lines of `columns`, with a clear gap between.

    One image is one call to paint, during which Python is free to train.
    """

    def __init__(
        self, n_in: int, capacity: int, zoom: int, columns: int = 1, gap: tuple[int, int] = (0, 0)
    ) -> None:
        """For at most `capacity` units of `n_in` weights, each cell `zoom` pixels square, and `gap` pixels to the
        next picture at the right and below."""
        rows, across = cells(n_in)
        lines = -(-capacity // columns)
        self.pitch = QSize(across * zoom + gap[0], rows * zoom + gap[1])
        self.n_in = n_in
        self._work = np.empty((capacity, n_in), dtype=np.float32)
        self._indices = np.zeros((capacity, rows * across), dtype=np.uint8)
        self._colours = np.zeros((lines * columns, rows * across), dtype=np.uint32)
        self._cells = self._colours.reshape(lines, columns, rows, across).swapaxes(1, 2)
        width, height = self.pitch.width(), self.pitch.height()
        self._image = np.zeros((lines * height, columns * width), dtype=np.uint32)
        pictures = self._image.reshape(lines, height, columns, width)[:, : rows * zoom, :, : across * zoom]
        self._pixels = pictures.reshape(lines, rows, zoom, columns, across, zoom)  # parts of the image

    def colour(
        self, weights: Array, limit: float, table: NDArray[np.uint32], initial: Array | None
    ) -> QImage:
        """The image for `weights`, (units, n_in), in the colours of `table`; with `initial` weights, for the
        difference to them. It shares memory with this object: paint it at once."""
        count = len(weights)
        indices = self._indices[:count]
        colour_indices(weights, limit, indices[:, : self.n_in], self._work[:count], initial)
        np.take(table, indices, out=self._colours[:count], mode="clip")
        self._colours[count:] = 0  # clear
        first = self._pixels[:, :, 0]  # the first line of pixels of each row of cells
        for pixel in range(first.shape[-1]):  # as fast as it gets: a third faster than one broadcast
            first[..., pixel] = self._cells
        self._pixels[:, :, 1:] = first[:, :, np.newaxis]
        height, width = self._image.shape
        return QImage(self._image.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)


def cell_at(point: QPoint, picture: QRect, n_in: int) -> int | None:
    """The number of the weight at `point` of a `picture` of `n_in` weights; None outside it or in a gap."""
    if not picture.contains(point):
        return None
    rows, columns = cells(n_in)
    row = (point.y() - picture.y()) * rows // picture.height()
    column = (point.x() - picture.x()) * columns // picture.width()
    cell = row * columns + column
    return cell if cell < n_in else None
