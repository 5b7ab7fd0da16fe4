"""Connected parts of a picture's ink: specks, the tilt of the writing, and its lines. Parts are found run by run: two
megapixels take 45 ms. `scipy.ndimage` takes 8, but most of a second and 26 MB to import, and 140 MB on the disk."""

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.functions import Array, Bools, Numbers


def connected(inked: Bools) -> tuple[Numbers, int]:
    """Label the connected parts of `inked`, (h, w), corners included; return labels, 0 for none, and their number."""
    height, width = inked.shape
    edges = np.diff(np.pad(inked, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    line, first = np.nonzero(edges == 1)  # a run is inked from `first` to before `after` in one line
    after = np.nonzero(edges == -1)[1]
    numbers = _joined(line * (width + 2) + first, line * (width + 2) + after, width + 2)
    labels = np.zeros(height * width + 1, dtype=np.intp)
    names, numbers = np.unique(numbers, return_inverse=True)
    np.add.at(labels, line * width + first, numbers + 1)
    np.add.at(labels, line * width + after, -(numbers + 1))
    return np.cumsum(labels[:-1]).reshape(height, width), len(names)


def part_boxes(numbers: Numbers, count: int) -> tuple[Numbers, Numbers]:
    """Return the box (left, top, right, bottom) and the number of pixels of each part."""
    y, x = np.nonzero(numbers)
    part = numbers[y, x] - 1
    boxes = np.empty((count, 4), dtype=np.intp)
    boxes[:, :2], boxes[:, 2:] = max(numbers.shape), 0
    np.minimum.at(boxes[:, 0], part, x)
    np.minimum.at(boxes[:, 1], part, y)
    np.maximum.at(boxes[:, 2], part, x + 1)
    np.maximum.at(boxes[:, 3], part, y + 1)
    return boxes, np.bincount(part, minlength=count)


def _joined(first: Array, after: Array, pitch: int) -> Numbers:
    """Return a label for each run, the same for all that touch from line to line."""
    # The runs of the line below that reach from one before `first` to one after `after` touch this run.
    below = np.searchsorted(after, first + pitch, side="left")
    counts = np.maximum(np.searchsorted(first, after + pitch, side="right") - below, 0)
    upper = np.repeat(np.arange(len(first)), counts)
    lower = np.arange(len(upper)) - np.repeat(np.cumsum(counts) - counts, counts) + np.repeat(below, counts)
    numbers = np.arange(len(first))
    while len(upper):
        least = np.minimum(numbers[upper], numbers[lower])
        np.minimum.at(numbers, numbers[upper], least)
        np.minimum.at(numbers, numbers[lower], least)
        while not np.array_equal(numbers[numbers], numbers):
            numbers = numbers[numbers]
        apart = numbers[upper] != numbers[lower]
        upper, lower = upper[apart], lower[apart]
    return numbers


Inked = Bools

MOST_TILT: Final = 15.0  # degrees: a picture that is rotated further is not straightened

_STEP: Final = 0.5  # degrees
_LEAST_TILT: Final = 0.75  # degrees: less is left as it is
_LONG: Final = 1.8  # times as wide as high: only such writing has a measurable tilt
_MOST_POINTS: Final = 20_000  # of ink are looked at for the tilt
# of the usual thickness: what is thinner, and as long as a digit, is the paper's edge or a fold
_FOLD: Final = 0.2
_LONG_LINE: Final = 6.0  # times as wide as high: a drawn line, not a row of digits
_MARGIN: Final = 8  # of a side: so much of it may be such a line
_EDGE: Final = 0.4  # of a side of the picture: what lies along so much of it is a table's edge, or a finger


def without_specks(inked: Inked) -> Inked:
    """Return the ink without parts far smaller than the writing, and without the picture's edge."""
    inked = inked.copy()
    for side in (inked, inked[::-1], inked.T, inked.T[::-1]):
        for edge in side[: len(side) // _MARGIN]:  # a line along the edge may touch the writing
            if edge.mean() <= _EDGE:
                break
            edge[:] = False
    numbers, count = connected(inked)
    if not count:
        return inked
    boxes, areas = part_boxes(numbers, count)
    high, wide = boxes[:, 3] - boxes[:, 1], boxes[:, 2] - boxes[:, 0]
    edges = [numbers[0], numbers[-1], numbers[:, 0], numbers[:, -1]]
    along = [np.bincount(edge, minlength=count + 1)[1:] / len(edge) for edge in edges]
    frame = (np.max(along, axis=0) > _EDGE) & (count > 1)
    thick = areas / np.maximum(wide, high)
    pen = usual(thick, areas)
    fold = (thick < _FOLD * pen) & (np.maximum(wide, high) > np.median(high[thick >= _FOLD * pen]))
    tall = usual(high[~frame & ~fold], areas[~frame & ~fold])
    line = (wide > _LONG_LINE * high) & (wide > 1.5 * tall)
    large = (high >= 0.3 * tall) | (high * wide >= (0.25 * tall) ** 2)
    return np.append(False, ~frame & ~fold & ~line & large & (areas >= 4))[numbers]


def usual(values: Array, areas: Numbers) -> float:
    """Return the median of the values, weighted by area; 0 without any."""
    if not len(values):
        return 0.0
    order = np.argsort(values)
    return float(values[order][np.searchsorted(np.cumsum(areas[order]), areas.sum() / 2)])


def tilt_of(inked: Inked) -> float:
    """Return the angle in degrees by which the lines of writing descend to the right; 0 if it is unclear. At the right
    tilt the ink lies on as few rows as possible: the sum of the squared row counts is largest."""
    y, x = np.nonzero(inked)
    if np.ptp(x) + 1 < _LONG * (np.ptp(y) + 1):
        return 0.0
    every = 1 + len(x) // _MOST_POINTS
    points = np.stack([x[::every], y[::every]], axis=1).astype(np.float32)
    points[:, 0] -= inked.shape[1] / 2
    tilts = np.arange(-MOST_TILT, MOST_TILT + _STEP / 2, _STEP)
    tightness = [float((_profile(points, tilt).astype(float) ** 2).sum()) for tilt in tilts]
    tilt = float(tilts[int(np.argmax(tightness))])
    return tilt if abs(tilt) >= _LEAST_TILT else 0.0


def _profile(points: NDArray[np.float32], degrees: float) -> Array:
    rows = np.rint(points[:, 1] - points[:, 0] * np.float32(np.tan(np.radians(degrees)))).astype(np.intp)
    return np.bincount(rows - rows.min(initial=0))


_TALL: Final = 0.5  # of the usual height: lower parts are pieces, and join the line that is nearest
_NEAR: Final = 4.0  # usual heights: parts further apart are not taken for neighbours
_BESIDE: Final = 0.4  # of the lower part's height: neighbours in a line share so much of it
_SAME: Final = 0.6  # usual heights: two chains whose middles are nearer are one line
_LEAST_INK: Final = 0.15  # of the line with the most ink: with less it is no line


def lines_of(inked: Bools) -> tuple[Numbers, int]:
    """Return the line of each pixel of ink, (h, w), from 1 at the top, 0 for paper and ink in no line; and their
    number. Parts as high as a digit are chained to the next one at their right that stands beside them; chains at the
    same height are one line, and lower parts join the line that they are nearest to."""
    numbers, count = connected(inked)
    if not count:
        return numbers, 0
    boxes, areas = part_boxes(numbers, count)
    high = boxes[:, 3] - boxes[:, 1]
    height = usual(high, areas)
    tall = np.flatnonzero(high >= _TALL * height)
    middle = (boxes[:, 1] + boxes[:, 3]) / 2
    chains = _merged(_chained(boxes[tall], height), middle[tall], height)
    line = np.full(count, -1)
    line[tall] = chains
    for part in np.flatnonzero(high < _TALL * height).tolist():
        line[part] = chains[_nearest(boxes[part], boxes[tall])]
    ink = np.bincount(line, weights=areas, minlength=chains.max() + 1)
    kept_lines = np.flatnonzero(ink >= _LEAST_INK * ink.max())
    heights = [np.average(middle[line == each], weights=areas[line == each]) for each in kept_lines]
    order = np.zeros(len(ink) + 1, dtype=np.intp)
    order[kept_lines[np.argsort(heights)]] = np.arange(1, len(kept_lines) + 1)
    return np.append(0, order[line])[numbers], len(kept_lines)


def _chained(boxes: Numbers, height: float) -> Numbers:
    """Return the number of each part's chain, which joins it to the nearest part beside it at the right."""
    chain = np.arange(len(boxes))
    left, top, right, bottom = boxes.T
    for part in np.argsort(left).tolist():
        beside = np.minimum(bottom[part], bottom) - np.maximum(top[part], top)
        share = beside / np.minimum(bottom[part] - top[part], bottom - top)
        gap = left - right[part]
        after = (left > left[part]) & (share >= _BESIDE) & (gap <= _NEAR * height)
        if after.any():
            following = np.flatnonzero(after)[np.argmin(gap[after])]
            chain[chain == chain[following]] = chain[part]
    return np.unique(chain, return_inverse=True)[1]


def _merged(chains: Numbers, middle: Array, height: float) -> Numbers:
    """Join chains at the same height; a chain above or below another is a line of its own."""
    count = int(chains.max()) + 1
    heights = np.array([np.median(middle[chains == each]) for each in range(count)])
    for upper, lower in pairwise(np.argsort(heights).tolist()):
        if heights[lower] - heights[upper] < _SAME * height:
            chains[chains == upper] = lower
    return np.unique(chains, return_inverse=True)[1]


def _nearest(box: Numbers, boxes: Numbers) -> int:
    across = np.maximum(np.maximum(boxes[:, 0] - box[2], box[0] - boxes[:, 2]), 0)
    down = np.maximum(np.maximum(boxes[:, 1] - box[3], box[1] - boxes[:, 3]), 0)
    return int(np.argmin(across + 2 * down))
