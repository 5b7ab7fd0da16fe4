"""Weights as pixels: the colours of a look, and pictures of one or many units in one image."""

import math
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRectF, QSize
from PySide6.QtGui import QColor, QImage

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.unit_names import cells

Array = NDArray[Any]


def colour_indices(
    weights: Array, limit: float, out: NDArray[np.uint8], work: NDArray[np.float32], initial: Array | None
) -> None:
    """Write each weight's colour index into `out`: 128 + 127 · w / limit, rounded, from 1 to 255.

    With `initial` weights their difference is used. NaN becomes 0, like a cell without a weight. All arrays have the
    shape of `weights`; `work` is overwritten.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        if initial is None:
            np.multiply(weights, 127 / limit, out=work, casting="same_kind")
        else:
            np.subtract(weights, initial, out=work, casting="same_kind")
            work *= 127 / limit
        work += 128.5
        np.clip(work, 1, 255, out=work)
        np.copyto(out, work, casting="unsafe")


@cache
def colour_table(theme: Theme) -> NDArray[np.uint32]:
    """Return 256 colours, 0xffRRGGBB, for weights −127 … +127 as 1 … 255: blue negative, orange positive, 128 the card.

    Index 0, which no finite weight has, is a cell without a weight. If negative weights are hatched, the colours of the
    hatch follow.
    """
    middle, no, yes = (np.array(QColor(name).getRgb(), float) for name in (theme.card, theme.no, theme.yes))
    share = (np.arange(256)[:, np.newaxis] - 128) / 127
    colours = middle + np.minimum(np.abs(share), 1) * (np.where(share < 0, no, yes) - middle)
    red, green, blue, _ = np.rint(colours).astype(np.uint32).T
    table: NDArray[np.uint32] = 0xFF000000 | red << 16 | green << 8 | blue
    table[0] = QColor(theme.grid).rgb()
    if theme.hatched:
        table = np.append(table, np.where(np.arange(-1, 255) % 255 < 127, QColor(theme.card).rgb(), table))
    return table


class Tiles:
    """Pictures of some units' weights in one reused image: in lines of `columns`, with clear gaps.

    One image is painted in one call, during which Python is free to train.
    """

    def __init__(
        self, n_in: int, capacity: int, zoom: int, columns: int = 1, gap: tuple[int, int] = (0, 0)
    ) -> None:
        """Create an image for at most `capacity` units of `n_in` weights, each cell `zoom` pixels square, with `gap`
        pixels to the right of and below each picture."""
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
        """Return the image for `weights`, (units, n_in), or their difference to `initial`, in the colours of `table`.
        It shares memory with this object, as would a pixmap made of it: paint it at once or copy it, otherwise the
        program may crash."""
        count = len(weights)
        indices = self._indices[:count]
        colour_indices(weights, limit, indices[:, : self.n_in], self._work[:count], initial)
        np.take(table, indices, out=self._colours[:count], mode="clip")
        self._colours[count:] = 0  # clear
        first = self._pixels[:, :, 0]  # the first line of pixels of each row of cells
        for pixel in range(first.shape[-1]):  # a third faster than one broadcast
            first[..., pixel] = self._cells
        self._pixels[:, :, 1:] = first[:, :, np.newaxis]
        if len(table) > 256:
            np.take(table[256:], indices, out=self._colours[:count], mode="clip")
            for pixel in range(first.shape[-1]):
                self._pixels[:, :, -1, ..., pixel] = self._cells
        height, width = self._image.shape
        return QImage(self._image.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)


def weights_image(
    weights: Array, limit: float, theme: Theme, initial: Array | None = None, *, clear: bool = False
) -> QImage:
    """Return one unit's weights, (n_in,), or their difference to `initial`, as an image with its own memory; if
    `clear`, a weight of 0 is transparent."""
    table = colour_table(theme)
    if clear:
        table = np.where(np.arange(len(table)) % 256 == 128, np.uint32(0), table)
    before = None if initial is None else initial[np.newaxis]
    return Tiles(len(weights), 1, 3).colour(weights[np.newaxis], limit, table, before).copy()


def cell_at(point: QPoint, picture: QRectF, n_in: int) -> int | None:
    """Return the index of the weight at `point` of a `picture` of `n_in` weights, or None outside it or in a gap."""
    rows, columns = cells(n_in)
    row = math.floor((point.y() + 0.5 - picture.y()) * rows / picture.height())
    column = math.floor((point.x() + 0.5 - picture.x()) * columns / picture.width())
    if not (0 <= row < rows and 0 <= column < columns):
        return None
    cell = row * columns + column
    return cell if cell < n_in else None
