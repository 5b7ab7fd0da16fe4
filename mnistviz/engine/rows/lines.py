"""Lines of writing: which ink belongs to which line, although lines rise and fall and tails overlap."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.rows.connected import connected, part_boxes

_TALL: Final = 0.5  # of the usual height: lower parts are pieces, and join the line that is nearest
_NEAR: Final = 4.0  # usual heights: parts further apart are not taken for neighbours
_BESIDE: Final = 0.4  # of the lower part's height: neighbours in a line share so much of it
_SAME: Final = 0.6  # usual heights: two chains whose middles are nearer are one line
_LEAST_INK: Final = 0.15  # of the line with the most ink: with less it is no line


def lines_of(inked: NDArray[np.bool_]) -> tuple[NDArray[np.intp], int]:
    """Return the line of each pixel of ink, (h, w), from 1 at the top, 0 for paper and ink in no line; and their
    number. Parts as high as a digit are chained to the next one at their right that stands beside them; chains at the
    same height are one line, and lower parts join the line that they are nearest to."""
    numbers, count = connected(inked)
    if not count:
        return numbers, 0
    boxes, areas = part_boxes(numbers, count)
    high = boxes[:, 3] - boxes[:, 1]
    usual = _usual_height(high, areas)
    tall = np.flatnonzero(high >= _TALL * usual)
    chains = _chained(boxes[tall], usual)
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    chains = _merged(chains, middle[tall], boxes[tall], usual)
    line = np.full(count, -1)
    line[tall] = chains
    low = np.flatnonzero(high < _TALL * usual)
    for part in low.tolist():
        line[part] = chains[_nearest(boxes[part], boxes[tall])]
    ink = np.bincount(line, weights=areas, minlength=chains.max() + 1)
    kept_lines = np.flatnonzero(ink >= _LEAST_INK * ink.max())
    heights = [np.average(middle[line == each], weights=areas[line == each]) for each in kept_lines]
    order = np.zeros(len(ink) + 1, dtype=np.intp)
    order[kept_lines[np.argsort(heights)]] = np.arange(1, len(kept_lines) + 1)
    return np.append(0, order[line])[numbers], len(kept_lines)


def _usual_height(high: NDArray[Any], areas: NDArray[np.intp]) -> float:
    """Return the median height of the parts, weighted by their ink."""
    order = np.argsort(high)
    return float(high[order][np.searchsorted(np.cumsum(areas[order]), areas.sum() / 2)])


def _chained(boxes: NDArray[np.intp], usual: float) -> NDArray[np.intp]:
    """Return a number for each part, the same for all in one chain."""
    chain = np.arange(len(boxes))
    left, top, right, bottom = boxes.T
    for part in np.argsort(left).tolist():
        beside = np.minimum(bottom[part], bottom) - np.maximum(top[part], top)
        share = beside / np.minimum(bottom[part] - top[part], bottom - top)
        gap = left - right[part]
        after = (left > left[part]) & (share >= _BESIDE) & (gap <= _NEAR * usual)
        if after.any():
            following = np.flatnonzero(after)[np.argmin(gap[after])]
            chain[chain == chain[following]] = chain[part]
    return np.unique(chain, return_inverse=True)[1]


def _merged(
    chains: NDArray[np.intp], middle: NDArray[Any], boxes: NDArray[np.intp], usual: float
) -> NDArray[np.intp]:
    """Join chains at the same height; a chain above or below another is a line of its own."""
    count = int(chains.max()) + 1
    heights = np.array([np.median(middle[chains == each]) for each in range(count)])
    order = np.argsort(heights)
    for upper, lower in pairwise(order.tolist()):
        if heights[lower] - heights[upper] < _SAME * usual:
            chains[chains == upper] = lower
    return np.unique(chains, return_inverse=True)[1]


def _nearest(box: NDArray[np.intp], boxes: NDArray[np.intp]) -> int:
    across = np.maximum(np.maximum(boxes[:, 0] - box[2], box[0] - boxes[:, 2]), 0)
    down = np.maximum(np.maximum(boxes[:, 1] - box[3], box[1] - boxes[:, 3]), 0)
    return int(np.argmin(across + 2 * down))
