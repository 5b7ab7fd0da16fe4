"""Cuts of a row: paths from top to bottom that cross as little ink as possible.

A path may lean and wind, so that it passes between digits whose boxes overlap, and crosses ink where it is thin. For
each place along the row the cheapest path near it is found by dynamic programming over the rows of pixels; of those
that divide the ink alike, the cheapest is used.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.framing import Array, resized
from mnistviz.engine.rows.digit_row import DigitRow

Cuts = NDArray[np.intp]
"""(n, h): in each row of pixels, the first column to the right of each cut."""

# How far from its place a path may wander, in pixels: nearly straight ones, and winding ones.
_REACHES: Final = (1, 4)
_REACH_OF_A_HAND: Final = 2
_LEANING, _WANDERING = 0.02, 0.004  # what a step aside costs, and each pixel away from its place
_MOST_INK: Final = 8.0  # a cut through more is none
_APART: Final = 3.0  # ink between two cuts, at least
_ASIDE: Final = 1.5  # pixels between two that go through ink, at least


def find_cuts(row: DigitRow) -> tuple[Cuts, Array]:
    """Return the cuts of a row from left to right, including both edges, and the ink each crosses, (n,). Ink is
    measured in pixels of MNIST's size."""
    zoom = max(1, round(row.unit))
    ink = row.ink if zoom == 1 else resized(row.ink, 1 / zoom)
    height, width = row.ink.shape
    searches = [_paths(ink, range(ink.shape[1] + 1), reach) for reach in _REACHES]
    paths, costs, inks = (np.concatenate(parts) for parts in zip(*searches, strict=True))
    chosen = _chosen(ink, paths, costs, inks)
    cuts = _enlarged(paths[chosen], zoom, height, width)
    edges = np.array([[0], [width]], dtype=np.intp).repeat(height, axis=1)
    inks = np.concatenate([[0], inks[chosen], [0]]).astype(np.float32)
    return np.concatenate([edges[:1], cuts, edges[1:]]), inks


def cut_at(row: DigitRow, x: float) -> NDArray[np.intp]:
    """Return a manual cut: the cheapest path, (h,), near column `x` of the ink that the row was taken from."""
    zoom = max(1, round(row.unit))
    ink = row.ink if zoom == 1 else resized(row.ink, 1 / zoom)
    place = min(max(round(row.x_of(x) / zoom), 0), ink.shape[1])
    paths, _, _ = _paths(ink, range(place, place + 1), _REACH_OF_A_HAND)
    cut: NDArray[np.intp] = _enlarged(paths, zoom, *row.ink.shape)[0]
    return cut


def ink_through(row: DigitRow, cuts: Cuts) -> Array:
    """Return the ink that each cut crosses, (n,), in pixels of MNIST's size."""
    crossing = crossing_costs(row.ink)[np.arange(row.ink.shape[0]), cuts]
    through: Array = crossing.sum(axis=1) / np.float32(row.unit)
    return through


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
    larger: Cuts = np.minimum(paths[:, rows] * zoom, width)
    return larger
