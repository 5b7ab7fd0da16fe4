"""From weights to colours: the scale, the table and the pictures of many units at once."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QPoint,
    QRect,
    QSize,
)
from PySide6.QtGui import (
    QColor,
    QImage,
)

from mnistviz.engine.digits import PIXELS, SIDE
from mnistviz.gui.common.nice_numbers import nice_above
from mnistviz.gui.common.theme import Theme, weight_colours

Array = NDArray[Any]

_QUANTILE: Final = 0.99
_NICE: Final = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)
_SAMPLE: Final = 2_048  # weights looked at to choose a colour scale


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


def fitted_limit(limit: float, weights: Array, start: Array | None = None) -> float:
    """The weight that gets the strongest colour: a round number near the 99 % quantile of |w|.

    `limit` is the one in use. It stays until the quantile passes it or falls below half of it, so that a
    picture doesn't flicker while its weights move. With `start`, it is the change since then that counts.
    """
    flat = weights.reshape(-1)
    stride = max(1, flat.size // _SAMPLE)
    while stride > 1 and math.gcd(stride, weights.shape[-1]) > 1:
        stride += 1  # or only some of the inputs would be looked at
    sample = flat[::stride] if start is None else flat[::stride] - start.reshape(-1)[::stride]
    sample = np.abs(sample)
    place = min(int(_QUANTILE * sample.size), sample.size - 1)
    quantile = float(np.partition(sample, place)[place])
    if not 0 < quantile < 1e30 or 0.5 * limit <= quantile <= limit:
        return limit
    return nice_above(1.05 * quantile, _NICE)


def colour_indices(
    weights: Array, limit: float, out: NDArray[np.uint8], work: NDArray[np.float32], start: Array | None
) -> None:
    """Writes into `out` which colour each weight has: 128 + 127 · w / limit, rounded, from 1 to 255.

    With a `start` it is w − start that counts. All arrays have the shape of `weights`; `work` is overwritten.
    What is not a number gets 0, as a cell without a weight.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        if start is None:
            np.multiply(weights, 127 / limit, out=work, casting="same_kind")
        else:
            np.subtract(weights, start, out=work, casting="same_kind")
            work *= 127 / limit
        work += 128.5
        np.clip(work, 1, 255, out=work)
        np.copyto(out, work, casting="unsafe")


def colour_table(theme: Theme) -> NDArray[np.uint32]:
    """The 256 colours as 0xffRRGGBB; number 0, which no finite weight has, is a cell without a weight."""
    rgb = weight_colours(theme).astype(np.uint32)
    table = 0xFF000000 | rgb[:, 0] << 16 | rgb[:, 1] << 8 | rgb[:, 2]
    table[0] = QColor(theme.grid).rgb()
    return table.astype(np.uint32)


class Tiles:
    """Pictures of some units' weights in one image that is kept: in lines of `columns`, with a clear gap between.

    One image is one call to paint, during which Python is free to train.
    """

    def __init__(
        self,
        shape: tuple[int, int],
        n_in: int,
        capacity: int,
        zoom: int,
        columns: int = 1,
        gap: tuple[int, int] = (0, 0),
    ) -> None:
        """For at most `capacity` units of `n_in` weights in `shape` cells, each cell `zoom` pixels square, and
        `gap` pixels to the next picture at the right and below."""
        rows, across = shape
        lines = -(-capacity // columns)
        self.zoom = zoom
        self.pitch = QSize(across * zoom + gap[0], rows * zoom + gap[1])
        self._n_in = n_in
        self._work = np.empty((capacity, n_in), dtype=np.float32)
        self._indices = np.zeros((capacity, rows * across), dtype=np.uint8)
        self._colours = np.zeros((lines * columns, rows * across), dtype=np.uint32)
        self._cells = self._colours.reshape(lines, columns, rows, across)
        width, height = self.pitch.width(), self.pitch.height()
        self._image = np.zeros((lines * height, columns * width), dtype=np.uint32)
        down, right = self._image.strides
        self._pixels = np.lib.stride_tricks.as_strided(
            self._image,
            (lines, columns, rows, zoom, across, zoom),
            (height * down, width * right, zoom * down, down, zoom * right, right),
        )

    def colour(self, weights: Array, limit: float, table: NDArray[np.uint32], start: Array | None) -> QImage:
        """The image for `weights`, (units, n_in). It shares memory with this object: paint it at once."""
        count = len(weights)
        indices = self._indices[:count]
        colour_indices(weights, limit, indices[:, : self._n_in], self._work[:count], start)
        np.take(table, indices, out=self._colours[:count], mode="clip")
        self._colours[count:] = 0  # clear
        first = self._pixels[:, :, :, 0]  # the first line of pixels of each row of cells
        for pixel in range(self.zoom):
            first[..., pixel] = self._cells
        if self.zoom > 1:  # whole lines at a time: four times as fast as cell by cell
            self._pixels[:, :, :, 1:] = first[:, :, :, np.newaxis]
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
