"""Weights as colours: the scale that suits them, the colour of each, and pictures of many units in one image."""

from __future__ import annotations

import math
import time
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRectF, QSize
from PySide6.QtGui import QColor, QImage

from mnistviz.engine.moment import Moment
from mnistviz.gui.common.nice_numbers import nice_above
from mnistviz.gui.common.theme import Theme, weight_colours
from mnistviz.gui.common.unit_names import cells

Array = NDArray[Any]

_QUANTILE: Final = 0.99
_NICE: Final = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)
EVERY: Final = 0.1  # seconds
_UNITS: Final = 24
_INPUTS: Final = 160
"""At most about so many units and weights of each are looked at to choose a colour scale."""


def unit_quantiles(weights: Array, initial: Array | None = None) -> Array:
    """Each unit's 99 % quantile of |w|, (units,), from some of its `weights`, (units, n_in); with `initial` weights it
    is the difference to them that counts."""
    n_in = weights.shape[1]
    stride = max(1, n_in // _INPUTS)
    while stride > 1 and math.gcd(stride, n_in) > 1:
        stride += 1  # or only some columns of a picture would be looked at
    sample = weights[:, ::stride] if initial is None else weights[:, ::stride] - initial[:, ::stride]
    sample = np.abs(sample)
    place = min(int(_QUANTILE * sample.shape[1]), sample.shape[1] - 1)
    quantiles: Array = np.partition(sample, place, axis=1)[:, place]
    return quantiles


def fitted_limit(limit: float, weights: Array, initial: Array | None = None) -> float:
    """The weight that gets the strongest colour: a round number near the median over units of their 99 % quantile of
    |w|, so that one extreme unit does not pale the others.

    `limit` is the one in use. It stays until the median passes it or falls below half of it, so that a picture doesn't
    flicker while its weights move. With `initial` weights it is the difference to them that counts.
    """
    some = slice(None, None, max(1, len(weights) // _UNITS))
    median = float(np.median(unit_quantiles(weights[some], None if initial is None else initial[some])))
    if not 0 < median < 1e30 or 0.5 * limit <= median <= limit:
        return limit
    return nice_above(1.05 * median, _NICE)


class ColourScales:
    """The colour scales in use for one network: for each layer one of its weights, and one of what was learned."""

    def __init__(self) -> None:
        self._of: tuple[int, tuple[int, ...]] | None = None
        # the limits, and when they were looked at, in seconds
        self._limits: dict[tuple[int, bool], tuple[float, float]] = {}

    def fit(self, moment: Moment, layer: int, *, learned: bool) -> float:
        """The limit of one scale: as it was, if it still suits the weights; see `fitted_limit`. It is looked at ten
        times a second at most. Another run, or other sizes, begin with new scales."""
        if (of := (moment.run, moment.network.sizes)) != self._of:
            self._of = of
            self._limits.clear()
        limit, looked = self._limits.get((layer, learned), (1.0, -math.inf))
        if (now := time.monotonic()) - looked >= EVERY:
            initial = moment.initial.weights[layer - 1] if learned else None
            limit = fitted_limit(limit, moment.network.weights[layer - 1], initial)
            self._limits[layer, learned] = limit, now
        return limit


def colour_indices(
    weights: Array, limit: float, out: NDArray[np.uint8], work: NDArray[np.float32], initial: Array | None
) -> None:
    """Writes into `out` which colour each weight has: 128 + 127 · w / limit, rounded, from 1 to 255.

    With `initial` weights it is the difference to them that counts. What is not a number gets 0, as a cell
    without a weight. All arrays have the shape of `weights`; `work` is overwritten.
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
        difference to them. It shares memory with this object, as a pixmap made of it would: paint it at once, or copy
        it. What is painted later would read memory that is gone, and the program would crash."""
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


def cell_at(point: QPoint, picture: QRectF, n_in: int) -> int | None:
    """The number of the weight at `point` of a `picture` of `n_in` weights; None outside it or in a gap."""
    rows, columns = cells(n_in)
    row = math.floor((point.y() + 0.5 - picture.y()) * rows / picture.height())
    column = math.floor((point.x() + 0.5 - picture.x()) * columns / picture.width())
    if not (0 <= row < rows and 0 <= column < columns):
        return None
    cell = row * columns + column
    return cell if cell < n_in else None
