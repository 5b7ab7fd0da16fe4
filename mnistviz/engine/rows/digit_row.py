"""A row of writing: cropped to its ink, and scaled to a size in which it can be cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.framing import BOX, FAINTEST, PAPER, Array, resized
from mnistviz.engine.problems import Problem
from mnistviz.engine.rows import filters
from mnistviz.engine.rows.connected import connected, part_boxes

_LEAST_UNIT, _MOST_UNIT = 0.8, 1.6  # a row between these is cut as it is
_UNIT: Final = 2.0  # any other is scaled to this
_LEAST_HEIGHT: Final = 3  # pixels: lower ink is no writing
_ALONE: Final = 1.45  # times as wide as high, at most, a digit may be
_CUTTABLE: Final = 1.5  # thinner pens are thickened to this before a row is cut
DARK: Final = 0.4  # ink above this connects a part
_MOST_LONG: Final = 60  # line heights: a longer one is no row of digits
THINNEST, THICKEST = 1.9, 3.6  # of strokes, in pixels of MNIST: as 99 of 100 rows of its digits have them
THICKNESS: Final = 2.5  # other pens are changed to this


@dataclass(frozen=True, eq=False)
class DigitRow:
    """Ink of one row, (h, w), whose pixels lie at `origin` + pixel / `scale` of the ink it was taken from. `unit` is a
    twentieth of the height of its digits, in its own pixels: one pixel of MNIST."""

    ink: Array
    unit: float
    origin: tuple[float, float]
    scale: float

    def at(self, points: NDArray[Any]) -> NDArray[np.float64]:
        """Convert points (…, 2) of this row, x and y, to pixels of the ink that it was taken from."""
        there: NDArray[np.float64] = np.asarray(points, dtype=float) / self.scale + self.origin
        return there

    def x_of(self, x: float) -> float:
        """Convert column `x` of the ink that this row was taken from to a column of this row."""
        return (x - self.origin[0]) * self.scale


def row_of(ink: Array) -> DigitRow:
    """Return the row of writing in `ink`, (h, w) from 0 to 1. Raise the `Problem` "row_empty" if there is none."""
    if np.count_nonzero((ink > FAINTEST).any(axis=1)) < _LEAST_HEIGHT:
        raise Problem("row_empty")
    inked = ink > PAPER
    columns, rows = np.flatnonzero(inked.any(axis=0)), np.flatnonzero(inked.any(axis=1))
    left, top = int(columns[0]), int(rows[0])
    part = np.ascontiguousarray(ink[top : rows[-1] + 1, left : columns[-1] + 1], dtype=np.float32)
    height = line_height(part)
    if part.shape[1] < _ALONE * height and (part > FAINTEST).any(axis=0).all():
        height = max(height, part.shape[1])  # a digit alone, which may be wider than high
    if part.shape[1] > _MOST_LONG * height:
        raise Problem("row_too_long")
    unit, scale = height / BOX, 1.0
    if not (_LEAST_UNIT <= unit <= _MOST_UNIT and THINNEST <= thickness(part) / unit <= THICKEST):
        part, grown = _cuttable_pen(part, unit)
        left, top = left - grown, top - grown
        scale = _UNIT / unit
        part = resized(part, scale)
        unit = _UNIT
    return DigitRow(part, unit, (float(left), float(top)), scale)


def _cuttable_pen(ink: Array, unit: float) -> tuple[Array, int]:
    """Return the ink with a pen neither so thin that any cut is cheap, nor so thick that digits merge, and by how many
    pixels it has grown at each edge."""
    thick = float(thickness(ink)) / unit
    if thick == 0 or _CUTTABLE <= thick <= THICKEST:
        return ink, 0
    reach = round(((_CUTTABLE if thick < _CUTTABLE else THICKNESS) - thick) / 2 * unit)
    if reach > 0:
        return filters.largest(np.pad(ink, reach), reach), reach
    thinner = filters.smallest(np.pad(ink, 1), -reach)[1:-1, 1:-1]
    return (thinner if thinner.max() > FAINTEST else ink), 0


def thickness(ink: Array) -> Any:
    """Return the stroke thickness, in pixels, of one picture or of each of many: twice the area by the length of the
    edges; 0 without ink."""
    padded = np.pad(ink, ((0, 0),) * (ink.ndim - 2) + ((1, 1), (1, 1)))
    edges = sum(np.abs(np.diff(padded, axis=axis)).sum(axis=(-2, -1)) for axis in (-2, -1)) * np.pi / 4
    return 2 * ink.sum(axis=(-2, -1)) / np.maximum(edges, 1e-6)


def line_height(ink: Array) -> float:
    """Return the height of a row's digits, in pixels. The ink's height is taken in a window half as wide as the row is
    high, wherever there is ink, and of these heights one that 7 in 10 do not exceed: digits that touch, or do not
    stand on one line, make the row higher and not this.

    The ink's height is taken in a window half as wide as the row is high, wherever there is ink; the result is their
    70th percentile: digits that touch, or are not on one line, make the row higher, but not this.
    """
    inked = ink > FAINTEST
    height = inked.shape[0]
    columns = inked.any(axis=0)
    top = np.where(columns, inked.argmax(axis=0), height)
    bottom = np.where(columns, height - inked[::-1].argmax(axis=0), 0)
    reach = max(1, round(height / 4))
    highest, lowest = filters.largest(np.stack([-top, bottom]).astype(np.float32)[:, np.newaxis], reach, (2,))
    usual = float(np.quantile((highest + lowest)[0, columns], 0.7))
    boxes, areas = part_boxes(*connected(ink > DARK))
    heights = boxes[:, 3] - boxes[:, 1]
    order = np.argsort(heights)
    middle = np.searchsorted(np.cumsum(areas[order]), areas.sum() / 2)
    return min(usual, float(heights[order][middle])) if len(heights) else usual
