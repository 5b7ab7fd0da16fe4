"""Lines of equal height, by marching triangles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_CORNERS = np.array(((0, 0), (0, 1), (1, 0), (1, 1)))
_HALVES = np.array(((0, 1, 2), (3, 1, 2)))  # of a cell, each three of its corners
SEEN = ((-5.2, 5.2), (-2.7, 2.7))
"""What of the plane is seen at least."""
BANDS = 12


def contours(values: Array, levels: Sequence[float]) -> list[Array]:
    """Where a grid of heights passes each of `levels`: segments (n, 2, 2), each two points (row, column), not joined.

    Each cell of the grid is cut into two triangles, in each of which a plane has one line of that height at most;
    so there is no case to decide, as there is with squares (a saddle within a cell).
    """
    cells = np.stack((values[:-1, :-1], values[:-1, 1:], values[1:, :-1], values[1:, 1:]), axis=-1)
    lowest, highest = cells.min(axis=-1), cells.max(axis=-1)
    found = []
    for level in levels:
        rows, columns = np.nonzero((lowest <= level) & (highest > level))
        corners = np.stack((rows, columns), axis=-1)[:, np.newaxis] + _CORNERS
        heights = cells[rows, columns, :, np.newaxis] - level
        found.append(_segments(np.concatenate((corners, heights), axis=-1)))
    return found


def _segments(corners: Array) -> Array:
    """Of cells (n, 4, 3), each corner with its row, column and height, where the height is 0: (m, 2, 2)."""
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
    """Where the height is 0 between points (n, 3) of opposite sides: (n, 2)."""
    share = (first[:, 2] / (first[:, 2] - second[:, 2]))[:, np.newaxis]
    crossing: Array = first[:, :2] + share * (second[:, :2] - first[:, :2])
    return crossing


def bands_between(low: float, high: float) -> list[float]:
    """The heights that part `BANDS` bands of equal √C, counted from `low`: closer below, where a bottom is flat."""
    return [low + (high - low) * (number / BANDS) ** 2 for number in range(1, BANDS)]
