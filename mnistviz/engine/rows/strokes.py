"""What of the dark parts of a picture is writing: ruled lines and specks taken out, the tilt, the lines."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.rows.connected import connected

Inked = NDArray[np.bool_]

MOST_TILT: Final = 15.0
"""Degrees: a picture that is turned further is not straightened."""

_STEP: Final = 0.5  # degrees
_RULED: Final = 0.6  # of the width is ink in a ruled line
_LEAST_TILT: Final = 0.75  # degrees: less is left as it is
_LONG: Final = 1.8  # times as wide as high: only such writing has a tilt that can be told
_MOST_POINTS: Final = 20_000  # of ink are looked at for the tilt
_FOLD: Final = (
    0.3  # of the usual thickness: what is thinner, and as long as a digit, is the paper's edge or a fold
)
_LINE: Final = (
    0.35  # as high as the highest line, at least, and with as large a share of its ink: else no line
)


def without_rules(inked: Inked) -> Inked:
    """The same without ruled lines: what is ink along most of the width at some tilt, and thin."""
    width = inked.shape[1]
    points = _points(inked)
    tilts = np.arange(-MOST_TILT, MOST_TILT + _STEP / 4, _STEP / 2)
    profiles = [_profile(points, tilt) for tilt in tilts]
    best = int(np.argmax([(profile.astype(float) ** 2).sum() for profile in profiles]))
    every = np.count_nonzero(inked) / max(len(points), 1)
    if profiles[best].max(initial=0) * every < _RULED * width:
        return inked
    return _unruled(inked, float(tilts[best]))


def _unruled(inked: Inked, degrees: float) -> Inked:
    height, width = inked.shape
    slope = np.tan(np.radians(degrees))
    y, x = np.nonzero(inked)
    offset = int(np.ceil(width * abs(slope)))
    row = np.rint(y - (x - width / 2) * slope).astype(np.intp) + offset
    profile = np.bincount(row, minlength=height + 2 * offset) / width
    ruled = profile > _RULED / 2
    edges = np.flatnonzero(np.diff(ruled.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    thick = int(np.median(edges[:, 1] - edges[:, 0]))
    ruled = (
        np.convolve(ruled, np.ones(2 * thick + 1), "same") > 0
    )  # a line is not quite straight, nor its tilt exact
    thin = _run_heights(inked)[y, x] <= 1.6 * thick + 1
    gone = ruled[np.clip(row, 0, len(ruled) - 1)] & thin
    left = inked.copy()
    left[y[gone], x[gone]] = False
    return left


def _run_heights(inked: Inked) -> NDArray[np.intp]:
    """How many pixels of ink hang together from top to bottom at each pixel."""
    edges = np.diff(np.pad(inked, ((1, 1), (0, 0))).astype(np.int8), axis=0).T
    column, first = np.nonzero(edges == 1)
    after = np.nonzero(edges == -1)[1]
    heights = np.zeros((inked.shape[1], inked.shape[0] + 1), dtype=np.intp)
    heights[column, first] = after - first
    heights[column, after] -= after - first
    return np.cumsum(heights, axis=1)[:, :-1].T


def without_specks(inked: Inked) -> Inked:
    """The same without parts far smaller than the writing is, and without what the picture's edge is."""
    numbers, count = connected(inked)
    if not count:
        return inked
    boxes, areas = _boxes(numbers, count)
    height, width = inked.shape
    high, wide = boxes[:, 3] - boxes[:, 1], boxes[:, 2] - boxes[:, 0]
    at_edge = (boxes[:, 0] == 0) | (boxes[:, 1] == 0) | (boxes[:, 2] == width) | (boxes[:, 3] == height)
    frame = at_edge & ((wide > 0.6 * width) | (high > 0.9 * height)) & (count > 1)
    thick = areas / np.maximum(wide, high)
    order = np.argsort(thick)
    usual = thick[order][np.searchsorted(np.cumsum(areas[order]), areas.sum() / 2)]  # of half of all ink
    fold = (thick < _FOLD * usual) & (np.maximum(wide, high) > np.median(high[thick >= _FOLD * usual]))
    tall = high[~frame & ~fold].max(initial=0)
    writing = ~frame & ~fold & ((high >= 0.25 * tall) | (areas >= (0.2 * tall) ** 2)) & (areas >= 4)
    return np.append(False, writing)[numbers]


def _boxes(numbers: NDArray[np.intp], count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The box (left, top, right, bottom) and the number of pixels of each part."""
    y, x = np.nonzero(numbers)
    part = numbers[y, x] - 1
    boxes = np.empty((count, 4), dtype=np.intp)
    boxes[:, :2], boxes[:, 2:] = max(numbers.shape), 0
    np.minimum.at(boxes[:, 0], part, x)
    np.minimum.at(boxes[:, 1], part, y)
    np.maximum.at(boxes[:, 2], part, x + 1)
    np.maximum.at(boxes[:, 3], part, y + 1)
    return boxes, np.bincount(part, minlength=count)


def tilt_of(inked: Inked) -> float:
    """By how many degrees the lines of writing run down to the right; 0 where it can't be told.

    At the right tilt the ink lies on as few rows as it can: the squares of what each row has are largest.
    """
    y, x = np.nonzero(inked)
    if np.ptp(x) + 1 < _LONG * (np.ptp(y) + 1):
        return 0.0
    points = _points(inked)
    tilts = np.arange(-MOST_TILT, MOST_TILT + _STEP / 2, _STEP)
    tightness = [float((_profile(points, tilt).astype(float) ** 2).sum()) for tilt in tilts]
    tilt = float(tilts[int(np.argmax(tightness))])
    return tilt if abs(tilt) >= _LEAST_TILT else 0.0


def bands(inked: Inked) -> list[tuple[int, int, int, int]]:
    """The boxes of the lines of straight writing, from top to bottom."""
    profile = inked.sum(axis=1)
    edges = np.flatnonzero(np.diff((profile > 0).astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    highest = max((after - first for first, after in edges), default=0)
    most = max((profile[first:after].sum() for first, after in edges), default=0)
    found = []
    for first, after in edges.tolist():
        if after - first >= _LINE * highest and profile[first:after].sum() >= _LINE / 2 * most:
            columns = np.flatnonzero(inked[first:after].any(axis=0))
            found.append((int(columns[0]), first, int(columns[-1]) + 1, after))
    return found


def _points(inked: Inked) -> NDArray[np.float32]:
    y, x = np.nonzero(inked)
    every = 1 + len(x) // _MOST_POINTS
    points = np.stack([x[::every], y[::every]], axis=1).astype(np.float32)
    points[:, 0] -= inked.shape[1] / 2
    return points


def _profile(points: NDArray[np.float32], degrees: float) -> NDArray[Any]:
    """How many of the points lie on each row of a picture that is sheared straight."""
    rows = np.rint(points[:, 1] - points[:, 0] * np.float32(np.tan(np.radians(degrees)))).astype(np.intp)
    return np.bincount(rows - rows.min(initial=0))
