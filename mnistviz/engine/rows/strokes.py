"""Separation of writing from other dark parts of a picture: specks, tilt."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.rows.connected import connected, part_boxes

Inked = NDArray[np.bool_]

MOST_TILT: Final = 15.0
"""Degrees: a picture that is rotated further is not straightened."""

_STEP: Final = 0.5  # degrees
_LEAST_TILT: Final = 0.75  # degrees: less is left as it is
_LONG: Final = 1.8  # times as wide as high: only such writing has a measurable tilt
_MOST_POINTS: Final = 20_000  # of ink are looked at for the tilt
_FOLD: Final = (
    0.2  # of the usual thickness: what is thinner, and as long as a digit, is the paper's edge or a fold
)
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
    usual = _usual(thick, areas)
    fold = (thick < _FOLD * usual) & (np.maximum(wide, high) > np.median(high[thick >= _FOLD * usual]))
    tall = _usual(high[~frame & ~fold], areas[~frame & ~fold])
    line = (wide > _LONG_LINE * high) & (wide > 1.5 * tall)
    writing = (
        ~frame & ~fold & ~line & ((high >= 0.3 * tall) | (high * wide >= (0.25 * tall) ** 2)) & (areas >= 4)
    )
    return np.append(False, writing)[numbers]


def _usual(values: NDArray[Any], areas: NDArray[np.intp]) -> float:
    """Return the median of the values, weighted by area."""
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
    points = _points(inked)
    tilts = np.arange(-MOST_TILT, MOST_TILT + _STEP / 2, _STEP)
    tightness = [float((_profile(points, tilt).astype(float) ** 2).sum()) for tilt in tilts]
    tilt = float(tilts[int(np.argmax(tightness))])
    return tilt if abs(tilt) >= _LEAST_TILT else 0.0


def _points(inked: Inked) -> NDArray[np.float32]:
    y, x = np.nonzero(inked)
    every = 1 + len(x) // _MOST_POINTS
    points = np.stack([x[::every], y[::every]], axis=1).astype(np.float32)
    points[:, 0] -= inked.shape[1] / 2
    return points


def _profile(points: NDArray[np.float32], degrees: float) -> NDArray[Any]:
    """Return how many points lie on each row of a picture that is sheared straight."""
    rows = np.rint(points[:, 1] - points[:, 0] * np.float32(np.tan(np.radians(degrees)))).astype(np.intp)
    return np.bincount(rows - rows.min(initial=0))
