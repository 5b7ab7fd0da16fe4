"""Lines of equal height, by marching triangles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_CORNERS = np.array(((0, 0), (0, 1), (1, 0), (1, 1)))
_HALVES = np.array(((0, 1, 2), (3, 1, 2)))  # of a cell, each three of its corners
SEEN = ((-5.2, 5.2), (-2.7, 2.7))
"""The smallest visible range of the plane."""
BANDS = 12


def contours(values: Array, levels: Sequence[float]) -> list[Array]:
    """Return where a grid of heights crosses each of `levels`: segments (n, 2, 2), each two points (row, column), not
    joined. Each cell is cut into two triangles, in each of which a plane has at most one line of that height; so there
    is no ambiguous case, as there is with squares (a saddle within a cell)."""
    cells = np.stack((values[:-1, :-1], values[:-1, 1:], values[1:, :-1], values[1:, 1:]), axis=-1)
    lowest, highest = cells.min(axis=-1), cells.max(axis=-1)
    segments = []
    for level in levels:
        rows, columns = np.nonzero((lowest <= level) & (highest > level))
        corners = np.stack((rows, columns), axis=-1)[:, np.newaxis] + _CORNERS
        heights = cells[rows, columns, :, np.newaxis] - level
        segments.append(_segments(np.concatenate((corners, heights), axis=-1)))
    return segments


def _segments(corners: Array) -> Array:
    """Return the segments at height 0, (m, 2, 2), of cells (n, 4, 3), each corner with its row, column and height."""
    triangles = corners[:, _HALVES].reshape(-1, 3, 3)
    above = triangles[:, :, 2] > 0
    cut = above.any(axis=1) & ~above.all(axis=1)
    triangles, above = triangles[cut], above[cut]
    # of three corners one stands alone on its side; the line crosses the two edges that meet there
    alone = np.where(above.sum(axis=1) == 1, above.argmax(axis=1), (~above).argmax(axis=1))
    each = np.arange(len(triangles))
    tip = triangles[each, alone]
    ends = [_crossing(tip, triangles[each, (alone + turn) % 3]) for turn in (1, 2)]
    return np.stack(ends, axis=1)


def _crossing(first: Array, second: Array) -> Array:
    """Return where the height is 0 between points (n, 3) of opposite sides: (n, 2)."""
    share = (first[:, 2] / (first[:, 2] - second[:, 2]))[:, np.newaxis]
    crossing: Array = first[:, :2] + share * (second[:, :2] - first[:, :2])
    return crossing


def bands_between(low: float, high: float) -> list[float]:
    """Return the heights between `BANDS` bands of equal √C, counted from `low`: closer below, where a minimum is
    flat."""
    return [low + (high - low) * (number / BANDS) ** 2 for number in range(1, BANDS)]
