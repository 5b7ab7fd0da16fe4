"""A row of writing, cropped to its ink and scaled to a size in which it can be cut; and its cuts: paths from top to
bottom that cross as little ink as possible.

A path may lean and wind, so that it passes between digits whose boxes overlap, and crosses ink where it is thin. For
each place along the row the cheapest path near it is found by dynamic programming over the rows of pixels; of those
that divide the ink alike, the cheapest is used.
"""

from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from mnistviz.engine.framing import BOX, FAINTEST, PAPER, Array, resized
from mnistviz.engine.functions import Floats, Numbers
from mnistviz.engine.problems import Problem
from mnistviz.engine.rows import filters
from mnistviz.engine.rows.connected import connected, part_boxes, usual

_LEAST_UNIT, _MOST_UNIT = 0.8, 1.6  # a row between these is cut as it is
_UNIT: Final = 2.0  # any other is scaled to this
_LEAST_HEIGHT: Final = 3  # pixels: lower ink is no writing
_ALONE: Final = 1.45  # times as wide as high, at most, a digit may be
_CUTTABLE: Final = 1.5  # thinner pens are thickened to this before a row is cut
DARK: Final = 0.4  # ink above this connects a part
_MOST_LONG: Final = 60  # line heights: a longer one is no row of digits
THINNEST, THICKEST = 1.9, 3.6  # of strokes, in pixels of MNIST: as 99 of 100 rows of its digits have them
THICKNESS: Final = 2.5  # other pens are changed to this


class DigitRow(Struct, frozen=True, eq=False):
    """Ink of one row, (h, w), whose pixels lie at `origin` + pixel / `scale` of the ink it was taken from. `unit` is a
    twentieth of the height of its digits, in its own pixels: one pixel of MNIST."""

    ink: Array
    unit: float
    origin: tuple[float, float]
    scale: float

    def at(self, points: NDArray[Any]) -> Floats:
        """Convert points (…, 2) of this row, x and y, to pixels of the ink that it was taken from."""
        return np.asarray(np.asarray(points, dtype=float) / self.scale + self.origin)

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
    """Return the ink with a pen neither too thin nor too thick to cut, and by how many pixels each edge grew."""
    thick = float(thickness(ink)) / unit
    if thick == 0 or _CUTTABLE <= thick <= THICKEST:
        return ink, 0
    reach = round(((_CUTTABLE if thick < _CUTTABLE else THICKNESS) - thick) / 2 * unit)
    if reach > 0:
        return filters.largest(np.pad(ink, reach), reach), reach
    thinner = filters.smallest(np.pad(ink, 1), -reach)[1:-1, 1:-1]
    return (thinner if thinner.max() > FAINTEST else ink), 0


def thickness(ink: Array) -> Any:
    """Return the stroke thickness, in pixels, of each picture: twice the area by the length of the edges."""
    padded = np.pad(ink, ((0, 0),) * (ink.ndim - 2) + ((1, 1), (1, 1)))
    edges = sum(np.abs(np.diff(padded, axis=axis)).sum(axis=(-2, -1)) for axis in (-2, -1)) * np.pi / 4
    return 2 * ink.sum(axis=(-2, -1)) / np.maximum(edges, 1e-6)


def line_height(ink: Array) -> float:
    """Return the height of a row's digits, in pixels. The ink's height is taken in a window half as wide as the row is
    high; the result is their 70th percentile: digits that are not on one line make the row higher, but not this."""
    inked = ink > FAINTEST
    height = inked.shape[0]
    columns = inked.any(axis=0)
    top = np.where(columns, inked.argmax(axis=0), height)
    bottom = np.where(columns, height - inked[::-1].argmax(axis=0), 0)
    reach = max(1, round(height / 4))
    highest, lowest = filters.largest(np.stack([-top, bottom]).astype(np.float32)[:, np.newaxis], reach, (2,))
    height_of_most = float(np.quantile((highest + lowest)[0, columns], 0.7))
    boxes, areas = part_boxes(*connected(ink > DARK))
    return min(height_of_most, usual(boxes[:, 3] - boxes[:, 1], areas) or height_of_most)


Cuts = Numbers  # (n, h): in each row of pixels, the first column to the right of each cut

# How far from its place a path may wander, in pixels: nearly straight ones, and winding ones.
_REACHES: Final = (1, 4)
_REACH_OF_A_HAND: Final = 2
_LEANING, _WANDERING = 0.02, 0.004  # what a step aside costs, and each pixel away from its place
_MOST_INK: Final = 8.0  # a cut through more is none
_APART: Final = 3.0  # ink between two cuts, at least
_ASIDE: Final = 1.5  # pixels between two that go through ink, at least


def find_cuts(row: DigitRow) -> tuple[Cuts, Array]:
    """Return the cuts of a row from left to right with both edges, and the ink through each, (n,), in MNIST pixels."""
    ink, zoom = _zoomed(row)
    height, width = row.ink.shape
    searches = [_paths(ink, range(ink.shape[1] + 1), reach) for reach in _REACHES]
    paths, costs, inks = (np.concatenate(parts) for parts in zip(*searches, strict=True))
    chosen = _chosen(ink, paths, costs, inks)
    cuts = _enlarged(paths[chosen], zoom, height, width)
    edges = np.array([[0], [width]], dtype=np.intp).repeat(height, axis=1)
    inks = np.concatenate([[0], inks[chosen], [0]]).astype(np.float32)
    return np.concatenate([edges[:1], cuts, edges[1:]]), inks


def cut_at(row: DigitRow, x: float) -> Numbers:
    """Return a manual cut: the cheapest path, (h,), near column `x` of the ink that the row was taken from."""
    ink, zoom = _zoomed(row)
    place = min(max(round(row.x_of(x) / zoom), 0), ink.shape[1])
    paths, _, _ = _paths(ink, range(place, place + 1), _REACH_OF_A_HAND)
    return np.asarray(_enlarged(paths, zoom, *row.ink.shape)[0])


def _zoomed(row: DigitRow) -> tuple[Array, int]:
    """Return the ink of a row scaled down to about MNIST's size, and by how much."""
    zoom = max(1, round(row.unit))
    return row.ink if zoom == 1 else resized(row.ink, 1 / zoom), zoom


def ink_through(row: DigitRow, cuts: Cuts) -> Array:
    """Return the ink that each cut crosses, (n,), in pixels of MNIST's size."""
    crossing = crossing_costs(row.ink)[np.arange(row.ink.shape[0]), cuts]
    return np.asarray(crossing.sum(axis=1) / np.float32(row.unit))


def crossing_costs(ink: Array) -> Array:
    """Return the cost to pass before each column, (h, w + 1): the paler of the two pixels at its sides."""
    return np.minimum(np.pad(ink, ((0, 0), (1, 0))), np.pad(ink, ((0, 0), (0, 1))))


def _paths(ink: Array, places: range, reach: int) -> tuple[Cuts, Array, Array]:
    """Return the cheapest path near each place: its columns (n, h), its cost (n,), the ink it crosses (n,)."""
    height, width = ink.shape
    crossing = crossing_costs(ink)
    around = np.arange(-reach, reach + 1)
    starts = np.arange(places.start, places.stop)
    columns = (starts[:, np.newaxis] + around).clip(0, width)  # (n, places near it)
    prices = crossing[:, columns] + np.float32(_WANDERING) * np.abs(around).astype(np.float32)
    steps = np.zeros(prices.shape, dtype=np.int8)  # to where each came from, one row of pixels higher
    cost = prices[0]
    for y in range(1, height):
        from_left, from_right = np.full_like(cost, np.inf), np.full_like(cost, np.inf)
        from_left[:, 1:], from_right[:, :-1] = cost[:, :-1] + _LEANING, cost[:, 1:] + _LEANING
        best = np.minimum(np.minimum(cost, from_left), from_right)
        steps[y] = np.where(best == cost, 0, np.where(best == from_left, -1, 1))
        cost = best + prices[y]
    at, every = cost.argmin(axis=1), np.arange(len(starts))
    costs = cost[every, at]
    paths = np.empty((len(starts), height), dtype=np.intp)
    for y in range(height - 1, -1, -1):
        paths[:, y] = columns[every, at]
        at = at + steps[y, every, at]
    return paths, costs, crossing[np.arange(height), paths].sum(axis=1)


def _chosen(ink: Array, paths: Cuts, costs: Array, inks: Array) -> list[int]:
    """Return the cheapest of the paths that divide the ink alike, from left to right."""
    height = ink.shape[0]
    left = np.pad(np.cumsum(ink, axis=1), ((0, 0), (1, 0)))[np.arange(height), paths].sum(axis=1)  # of each
    middle = paths.mean(axis=1)
    everything = float(ink.sum())
    aside = np.where(inks > 0.5, _ASIDE, 0)
    free = (costs <= _MOST_INK) & (left >= _APART) & (left <= everything - _APART)
    chosen: list[int] = []
    for number in np.argsort(costs, kind="stable").tolist():
        if free[number]:
            chosen.append(number)
            free &= (np.abs(left - left[number]) >= _APART) & (np.abs(middle - middle[number]) >= aside)
    return sorted(chosen, key=lambda number: left[number])


def _enlarged(paths: Cuts, zoom: int, height: int, width: int) -> Cuts:
    """Scale the paths to a picture `zoom` times as large."""
    rows = np.minimum(np.arange(height) // zoom, paths.shape[1] - 1)
    return np.asarray(np.minimum(paths[:, rows] * zoom, width))
