"""Candidate shapes of a row: the ink between any two cuts, each as an image for the network."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Cancelled, check, never
from mnistviz.engine.digits import PIXELS
from mnistviz.engine.framing import BOX, FAINTEST, PAPER, Array, framed, ink_boxes
from mnistviz.engine.functions import Bools, Bytes, Floats, Numbers
from mnistviz.engine.rows import digit_row, filters
from mnistviz.engine.rows.connected import connected
from mnistviz.engine.rows.digit_row import DARK, THICKNESS, Cuts, DigitRow, find_cuts, thickness

_WIDEST: Final = 1.4  # of a line's height: a wider shape is no digit
_BEYOND: Final = 5  # pixels of MNIST's size that a shape may reach beyond its cuts' middles
_LEAST_INK: Final = 6.0  # pixels of MNIST's size
_USUAL_INK: Final = 100.0  # of a digit, in its picture
_INK_CUT: Final = 0.12  # the price of a pixel of ink cut through, as a logarithm of certainty
_STROKE_CUT: Final = 0.1  # and of each stroke but the first
_CLEAR: Final = 0.1  # pixels: a cut through less ink is clear
_LONGEST: Final = 1.25  # line heights: longer digits have their tail cut
_SOFT: Final = 4  # pixels around a shape that may be paler ink of it
_TAIL: Final = 2.0  # pens: a tail is no wider in any row
_MOST_AT_ONCE: Final = 4_000_000  # pixels of shapes: a long row has tens of thousands of them
_TALL_ENOUGH: Final = 0.45  # of the line's height: a lower part is no digit
_WIDE_GAPS: Final = (0.25, 0.5)  # line heights: from where on gaps count as wide, and where they wholly do
_SPACED: Final = 4.0  # times as much more a cut through ink costs where gaps are wide
_TALL: Final = 1.5  # line heights, at most, count for how wide a shape may be


class Box(NamedTuple):
    """Left, top, right and bottom edge, in pixels of the ink."""

    left: float
    top: float
    right: float
    bottom: float


class Candidates(Struct, frozen=True, eq=False):
    """The cuts of a row and the shapes between them, before a network has evaluated any.

    `cuts`, (n, h), go from left to right and include the edges of the row; `through`, (n,), is the ink that each
    crosses, and `prices`, (n,), its price. Shape k of m lies between the cuts `ends[k]`, (m, 2); `images`, uint8 (m,
    784), are the shapes for the network, and `oddness`, (m,), the penalties for forms that no digit has; `wide`, (m,),
    is the ratio of width to height, or to the line's height if that is larger.
    """

    row: DigitRow
    cuts: Cuts
    through: Array
    prices: Array
    ends: Numbers
    images: Bytes
    oddness: Array
    wide: Array
    _boxes: NDArray[Any]

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def is_joined(self) -> bool:
        """True if shapes lead from the left edge of the row to the right one."""
        reached = np.arange(len(self.cuts)) == 0
        for first, after in self.ends[np.argsort(self.ends[:, 1], kind="stable")].tolist():
            reached[after] |= reached[first]
        return bool(reached[-1])

    @property
    def columns(self) -> NDArray[Any]:
        """First and last column of each shape's ink, (m, 2), in pixels of the row."""
        return self._boxes[:, [0, 2]]

    def least_within(self) -> Array:
        """Return the least ink, (m,), that a cut within each shape crosses; infinite where there is none."""
        count = len(self.cuts)
        following = np.triu(np.broadcast_to(self.through, (count, count)), 1)
        following[np.tril_indices(count)] = np.inf
        return np.asarray(np.minimum.accumulate(following, axis=1)[self.ends[:, 0], self.ends[:, 1] - 1])

    def box(self, shape: int) -> Box:
        """Return the bounding box of a shape, in the ink that the row was taken from."""
        return Box(*self.boxes[shape].tolist())

    @property
    def boxes(self) -> Floats:
        """Bounding boxes of all shapes, (m, 4), in the ink that the row was taken from."""
        return self.row.at(self._boxes.reshape(-1, 2, 2)).reshape(-1, 4)


def find_candidates(row: DigitRow, cancelled: Cancelled = never) -> Candidates:
    """Find the cuts of a row, and every shape between two of them that may be a digit. Dots are left out if with
    them no way leads through the row. A very long row takes seconds: raise `Withdrawn` soon after `cancelled()`."""
    candidates = _between(row, *find_cuts(row), every_pair=True, cancelled=cancelled)
    if candidates.is_joined or not (ink := _without_dots(row)).any():
        return candidates
    row = replace(row, ink=ink)
    return _between(row, *find_cuts(row), every_pair=True, cancelled=cancelled)


def _without_dots(row: DigitRow) -> Array:
    """Return the ink without its unconnected parts that are too small for a digit."""
    numbers, _ = connected(row.ink > PAPER)
    small = np.bincount(numbers.ravel(), row.ink.ravel()) < _LEAST_INK * row.unit**2
    return np.where(small[numbers], np.float32(0), row.ink)


def candidates_by_hand(row: DigitRow, cuts: Sequence[Numbers]) -> Candidates:
    """Cut a row at given cuts only, (h,) each, of a reading or of `cut_at`. One that separates no ink is ignored."""
    height, width = row.ink.shape
    edges = [np.full(height, edge, dtype=np.intp) for edge in (0, width)]
    valid = [edges[0]]
    for each in sorted(cuts, key=np.mean):
        cut = np.maximum(each, valid[-1])  # none crosses the one at its left
        if _ink_between(row, valid[-1], cut) and _ink_between(row, cut, edges[1]):
            valid.append(cut)
    whole = np.stack([*valid, edges[1]])
    return _between(row, whole, digit_row.ink_through(row, whole), every_pair=False)


def _between(
    row: DigitRow, cuts: Cuts, through: Array, *, every_pair: bool, cancelled: Cancelled = never
) -> Candidates:
    count = len(cuts)
    first, after = np.triu_indices(count, 1) if every_pair else (np.arange(count - 1), np.arange(1, count))
    start, width = _windows(row.ink, cuts[first].min(axis=1), cuts[after].max(axis=1))
    fits = width > 0
    line = BOX * row.unit
    if every_pair:
        widest = _WIDEST * min(_TALL * line, max(line, row.ink.shape[0])) + _BEYOND * row.unit
        fits &= (width <= widest) & (cuts[first] <= cuts[after]).all(axis=1)
    first, after, start = first[fits], after[fits], start[fits]
    across = int(width[fits].max(initial=1))
    at_once = max(1, _MOST_AT_ONCE // (across * row.ink.shape[0]))
    parts = []
    for at in range(0, max(len(first), 1), at_once):
        check(cancelled)
        these = slice(at, at + at_once)
        left, right = cuts[first[these]], cuts[after[these]]
        parts.append(_shapes(row, start[these], across, left, right, every_pair=every_pair))
    fits, boxes, bodies, images = (np.concatenate(part) for part in zip(*parts, strict=True))
    boxes = boxes + start[fits][:, np.newaxis] * np.array([1, 0, 1, 0])
    ends = np.stack([first[fits], after[fits]], axis=1)
    digits = _apart(row, cuts, through)
    wide = (bodies[:, 2] - bodies[:, 0]) / np.maximum(bodies[:, 3] - bodies[:, 1], line)
    low = np.maximum(1 - (bodies[:, 3] - bodies[:, 1]) / line, 0)
    oddness = _oddness(wide, low, images, ends, through, digits)
    prices = _prices(row, cuts, through) * np.float32(1 + _SPACED * digits.spaced)
    return Candidates(row, cuts, through, prices, ends, images, oddness, wide, boxes)


def _shapes(
    row: DigitRow, start: Numbers, width: int, left: Cuts, right: Cuts, *, every_pair: bool
) -> tuple[Bools, Numbers, Numbers, Bytes]:
    """Return which shapes between two cuts may be digits, their boxes, with and without long tails, and images."""
    inks = _cut_out(row.ink, start, width, left, right)
    boxes = ink_boxes(inks)
    ink = inks.sum(axis=(1, 2)) / np.float32(row.unit**2)
    wide = (boxes[:, 2] - boxes[:, 0]) / np.maximum(BOX * row.unit, boxes[:, 3] - boxes[:, 1])
    fits = boxes[:, 2] > boxes[:, 0]
    if every_pair:
        fits &= (ink >= _LEAST_INK) & (wide <= _WIDEST)
    inks, boxes = inks[fits], boxes[fits]
    bodies, images = boxes.copy(), np.zeros((len(inks), PIXELS), dtype=np.uint8)
    line = BOX * row.unit
    sizes = ((boxes[:, 3] - boxes[:, 1]) / (2 * line)).astype(int)
    for size in np.unique(sizes):  # apart, as a row may be many times as high as most of its shapes
        these = np.flatnonzero(sizes == size)
        alike = inks if len(these) == len(inks) else inks[these]
        near, top = _cropped(alike, boxes[these], math.ceil((size + 1) * 2 * line))
        drawn, bodies[these] = _with_short_tails(near, boxes[these] - top, line)
        if row.scale == 1:
            images[these] = framed(drawn, bodies[these])
        else:
            images[these] = framed(_with_usual_pens(drawn, bodies[these]))
    return fits, boxes, bodies, images


def _cropped(inks: Array, boxes: Numbers, high: int) -> tuple[Array, Numbers]:
    """Return `high` rows of each shape and its soft edges, from its top on, and the offset to subtract from its box."""
    high += 2 * _SOFT
    if high >= inks.shape[1]:
        return inks, np.zeros((len(inks), 4), dtype=np.intp)
    top = np.clip(boxes[:, 1] - _SOFT, 0, inks.shape[1] - high)
    rows = top[:, np.newaxis] + np.arange(high)
    return inks[np.arange(len(inks))[:, np.newaxis], rows], top[:, np.newaxis] * np.array([0, 1, 0, 1])


def _with_short_tails(inks: Array, boxes: Numbers, line: float) -> tuple[Array, Numbers]:
    """Return the shapes with long tails cut short, and the boxes of what is left. A 9 or a 7 whose stroke hangs far
    below the line would be scaled down so much that only the stroke is visible. A tail is a single stroke that leads
    down to the end: its length does not identify any digit."""
    tall = np.flatnonzero(boxes[:, 3] - boxes[:, 1] > _LONGEST * line)
    if not len(tall):
        return inks, boxes
    dark = inks[tall] > DARK
    strokes = np.count_nonzero(np.diff(dark.astype(np.int8), axis=2, prepend=0) == 1, axis=2)
    pen = np.maximum(thickness(inks[tall]), 1)[:, np.newaxis]
    alone = (strokes <= 1) & (np.count_nonzero(dark, axis=2) <= _TAIL * pen)
    height = inks.shape[1]
    body = height - np.where(alone.all(axis=1), height, alone[:, ::-1].argmin(axis=1))
    end = np.maximum(body, boxes[tall, 1] + round(_LONGEST * line))
    short, left = inks.copy(), boxes.copy()
    short[tall] *= (np.arange(height) < end[:, np.newaxis])[..., np.newaxis]
    left[tall] = ink_boxes(short[tall])
    return short, left


def _with_usual_pens(inks: Array, boxes: Numbers) -> Array:
    """Return the shapes with strokes as thick as MNIST's would be at the shape's size. Strokes of usual thickness
    stay. Thinner ones become as thick as the thinnest usual ones only: more would close the loops of a small digit."""
    size = np.max([boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]], axis=0) / BOX
    thick = thickness(inks) / np.maximum(size, 1 / BOX)
    wanted = np.where(thick < digit_row.THINNEST, digit_row.THINNEST, THICKNESS)
    unusual = (thick > 0) & ((thick < digit_row.THINNEST) | (thick > digit_row.THICKEST))
    reaches = np.where(unusual, np.rint((wanted - thick) / 2 * size), 0).astype(int)
    room = max(int(reaches.max(initial=0)), 1)
    drawn = np.pad(inks, ((0, 0), (room, room), (room, room)))
    for reach in np.unique(reaches[reaches != 0]).tolist():
        those = np.flatnonzero(reaches == reach)
        if reach > 0:
            drawn[those] = filters.largest(drawn[those], reach, (1, 2))
        else:
            thinner = filters.smallest(drawn[those], -reach, (1, 2))
            left = thinner.max(axis=(1, 2)) > FAINTEST
            drawn[those[left]] = thinner[left]
    return drawn


def _cut_out(ink: Array, start: Numbers, width: int, left: Cuts, right: Cuts) -> Array:
    """Return the ink between two cuts, (m, h, width), each from column `start` on."""
    windows = sliding_window_view(np.pad(ink, ((0, 0), (0, width))), width, axis=1)[:, start]  # (h, m, width)
    columns = np.arange(width, dtype=np.int16)
    inside = columns >= (left - start[:, np.newaxis]).astype(np.int16)[..., np.newaxis]
    inside &= columns < (right - start[:, np.newaxis]).astype(np.int16)[..., np.newaxis]
    return np.multiply(windows.transpose(1, 0, 2), inside, order="C")


def _ink_between(row: DigitRow, left: Numbers, right: Numbers) -> bool:
    """Return True if there is at least a pixel of MNIST's size: less is the edge of a stroke."""
    columns = np.arange(row.ink.shape[1])
    between = (columns >= left[:, np.newaxis]) & (columns < right[:, np.newaxis])
    return float(row.ink[between].sum()) >= row.unit**2


def _windows(ink: Array, first: Numbers, after: Numbers) -> tuple[Numbers, Numbers]:
    """Return where the columns with ink from `first` to before `after` start, and their number."""
    width = ink.shape[1]
    inked = np.append((ink > PAPER).any(axis=0), True)
    columns = np.arange(width + 1)
    following = np.minimum.accumulate(np.where(inked, columns, width)[::-1])[::-1]
    before = np.maximum.accumulate(np.where(inked[:-1], columns[1:], 0))  # after the last one so far
    ends = np.concatenate([[0], before])
    start = following[first]
    return start, np.maximum(ends[after] - start, 0)


def _prices(row: DigitRow, cuts: Cuts, through: Array) -> Array:
    """Return the price of each cut: for the ink it crosses, scaled to a usual pen, and for each stroke but the first,
    since touching digits meet in one place and a round digit is cut in two."""
    dark = digit_row.crossing_costs(row.ink)[np.arange(row.ink.shape[0]), cuts] > DARK
    strokes = np.count_nonzero(np.diff(dark.astype(np.int8), axis=1, prepend=0) == 1, axis=1)
    pen = max(float(thickness(row.ink)) / row.unit, 1.0)
    crossed = np.float32(_STROKE_CUT) * np.maximum(strokes - 1, 0)
    return np.asarray(_INK_CUT * THICKNESS / pen * through + crossed, np.float32)


class _Apart(Struct, frozen=True, eq=False):
    """Separation of the ink left and right of each cut: `parts`, (n,), 0 to 1, for two unconnected parts that may both
    be digits, and `apart`, (n,), 0 to 1, for two that certainly are two digits. `spaced`, 0 to 1, is how wide the gaps
    of the whole row are: in widely spaced writing no digits touch."""

    parts: Array
    apart: Array
    spaced: float


def _apart(row: DigitRow, cuts: Cuts, through: Array) -> _Apart:
    clear = np.flatnonzero(through < _CLEAR)
    between = [_Part.between(row.ink, cuts[first], cuts[after]) for first, after in pairwise(clear)]
    parts, apart = np.zeros((2, len(cuts)), dtype=np.float32)
    for cut, (left, right) in zip(clear[1:-1], pairwise(between), strict=True):
        low, high = sorted((left.height, right.height))
        both = left.rows & right.rows
        alike = _share(low / max(high, 1), 0.35, 0.65)
        parts[cut] = _share(low / (BOX * row.unit), 0.25, 0.45)
        gap = (right.first.min() - left.last.max() - 1) / row.unit
        nearest = (right.first - left.last - 1)[both].min(initial=row.ink.shape[1]) / row.unit
        beside = _share(np.count_nonzero(both) / max(low, 1), 0.5, 0.7)
        digits = _share(low / (BOX * row.unit), 0.4, 0.6)
        apart[cut] = max(alike * _share(gap, 0, 2), digits * beside * _share(nearest, 1.5, 3))
    return _Apart(parts, apart, _spaced(between, BOX * row.unit))


def _spaced(parts: Sequence[_Part], line: float) -> float:
    """Return how wide the gaps between parts as high as digits are, from 0 to 1: by their median, in line heights."""
    tall = [part for part in parts if part.height >= _TALL_ENOUGH * line]
    gaps = [int(right.first.min() - left.last.max()) - 1 for left, right in pairwise(tall)]
    return _share(float(np.median(gaps)) / line, *_WIDE_GAPS) if len(gaps) > 1 else 0.0


def _share(value: float, least: float, most: float) -> float:
    """Return 0 up to `least`, 1 from `most` on, and linear values between."""
    return min(max((value - least) / (most - least), 0.0), 1.0)


class _Part(NamedTuple):
    """The ink between two cuts: which rows have any, and its first and last column in each row."""

    rows: Bools
    first: Numbers
    last: Numbers

    @property
    def height(self) -> int:
        there = np.flatnonzero(self.rows)
        return int(there[-1] - there[0]) + 1 if len(there) else 0

    @staticmethod
    def between(ink: Array, left: Numbers, right: Numbers) -> _Part:
        width = ink.shape[1]
        columns = np.arange(width)
        dark = (ink > DARK) & (columns >= left[:, np.newaxis]) & (columns < right[:, np.newaxis])
        rows = np.asarray(dark.any(axis=1))
        last = np.where(rows, width - 1 - dark[:, ::-1].argmax(axis=1), -1)
        return _Part(rows, np.where(rows, dark.argmax(axis=1), width), last)


def _oddness(
    wide: NDArray[Any], low: NDArray[Any], images: Bytes, ends: Numbers, through: Array, digits: _Apart
) -> Array:
    """Return the penalty of each shape for being wide, low, too full or nearly empty of ink, and for spanning a gap.

    In units of log certainty, as in `row_reading`; fitted to rows of validation samples. Width costs from the
    narrowest digit on: two digits side by side are one wide shape, which networks often mistake for a third digit. A
    low shape that no cut has touched is a small digit; one that was cut off is a fragment, and costs more.
    """
    if not len(images):
        return np.zeros(0, dtype=np.float32)
    ink = images.sum(axis=1) / (255 * _USUAL_INK)
    piece = np.minimum(through[ends].max(axis=1) / THICKNESS, 1)
    odd = 1.85 * np.maximum(wide - 0.25, 0) + 2.7 * np.maximum(wide - 1, 0)
    odd += (0.9 + 1.8 * piece) * np.maximum(low - 0.04, 0) + 3.3 * np.maximum(low - 0.5, 0)
    odd += 0.3 * np.maximum(ink - 1.2, 0) + 0.7 * np.maximum(0.5 - ink, 0)
    over = np.append(0, np.cumsum(0.25 * digits.parts + 7 * digits.apart))
    odd += over[ends[:, 1]] - over[ends[:, 0] + 1]
    return np.asarray(odd, dtype=np.float32)
