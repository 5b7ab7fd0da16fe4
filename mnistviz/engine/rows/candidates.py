"""All that a row may be cut into: the shapes between any two cuts, each as a picture for the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from mnistviz.engine.digits import PIXELS
from mnistviz.engine.framing import BOX, FAINTEST, PAPER, Array, framed, ink_boxes
from mnistviz.engine.rows.cuts import Cuts, find_cuts, ink_through
from mnistviz.engine.rows.digit_row import DigitRow

_WIDEST: Final = 1.4  # of a line's height: what is wider is no digit
_BEYOND: Final = 5  # pixels of MNIST's size that a shape may reach beyond its cuts' middles
_LEAST_INK: Final = 6.0  # pixels of MNIST's size
_USUAL_INK: Final = 100.0  # of a digit, in its picture


class Box(NamedTuple):
    """From the left and upper edge to the right and lower one, in pixels of the ink."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, eq=False)
class Candidates:
    """The cuts of a row and the shapes between them, before a network has judged any.

    `cuts`, (n, h), goes from left to right and has the edges of the row as its first and last; `through`, (n,), is
    the ink that each goes through. Shape k of m lies between the cuts `ends[k]`, (m, 2); `images`, uint8 (m, 784),
    is what a network gets of it, and `oddness`, (m,), what it is charged for a form that no digit has.
    """

    row: DigitRow
    cuts: Cuts
    through: Array
    ends: NDArray[np.intp]
    images: NDArray[np.uint8]
    oddness: Array
    _boxes: NDArray[Any]

    def __len__(self) -> int:
        return len(self.ends)

    def box(self, shape: int) -> Box:
        """Where the ink of a shape is, in the ink that the row was taken from."""
        corners = self.row.at(self._boxes[shape].reshape(2, 2))
        return Box(*corners.ravel().tolist())

    def line(self, cut: int) -> NDArray[np.float64]:
        """The points (h + 1, 2), x and y, of a cut from top to bottom, in the ink that the row was taken from."""
        columns = self.cuts[cut]
        points = np.stack([np.append(columns, columns[-1:]), np.arange(len(columns) + 1)], axis=1)
        return self.row.at(points)


def find_candidates(row: DigitRow) -> Candidates:
    """The cuts that a row offers, and every shape between two of them that may be a digit."""
    cuts, through = find_cuts(row)
    return _between(row, cuts, through, every_pair=True)


def candidates_by_hand(row: DigitRow, cuts: Sequence[NDArray[np.intp]]) -> Candidates:
    """A row cut so and nowhere else: one way and no other.

    Cuts, (h,) each, are those of a reading's way, or `cut_at` found them. One that cuts off no ink is passed over.
    """
    height, width = row.ink.shape
    edges = [np.full(height, edge, dtype=np.intp) for edge in (0, width)]
    kept = [edges[0]]
    for each in sorted(cuts, key=np.mean):
        cut = np.maximum(each, kept[-1])  # none crosses the one at its left
        if _ink_between(row, kept[-1], cut) and _ink_between(row, cut, edges[1]):
            kept.append(cut)
    whole = np.stack([*kept, edges[1]])
    return _between(row, whole, ink_through(row, whole), every_pair=False)


def _between(row: DigitRow, cuts: Cuts, through: Array, *, every_pair: bool) -> Candidates:
    first, after = np.triu_indices(len(cuts), 1) if every_pair else _neighbours(len(cuts))
    start, width = _windows(row.ink, cuts[first].min(axis=1), cuts[after].max(axis=1))
    fits = width > 0
    if every_pair:
        fits &= (width <= (_WIDEST * BOX + _BEYOND) * row.unit) & (cuts[first] <= cuts[after]).all(axis=1)
    first, after, start = first[fits], after[fits], start[fits]
    inks = _cut_out(row.ink, start, int(width[fits].max(initial=1)), cuts[first], cuts[after])
    boxes = ink_boxes(inks)
    ink = inks.sum(axis=(1, 2)) / np.float32(row.unit**2)
    wide = (boxes[:, 2] - boxes[:, 0]) / (BOX * row.unit)
    fits = boxes[:, 2] > boxes[:, 0]
    if every_pair:
        fits &= (ink >= _LEAST_INK) & (wide <= _WIDEST)
    inks, boxes = inks[fits], boxes[fits]
    images = framed(inks, boxes) if len(inks) else np.zeros((0, PIXELS), dtype=np.uint8)
    boxes = boxes + start[fits][:, np.newaxis] * np.array([1, 0, 1, 0])
    ends = np.stack([first[fits], after[fits]], axis=1)
    return Candidates(row, cuts, through, ends, images, _oddness(boxes, images, row.unit), boxes)


def _cut_out(ink: Array, start: NDArray[np.intp], width: int, left: Cuts, right: Cuts) -> Array:
    """What lies between two cuts, (m, h, width), each from its column `start` on."""
    windows = sliding_window_view(np.pad(ink, ((0, 0), (0, width))), width, axis=1)[:, start]  # (h, m, width)
    columns = np.arange(width, dtype=np.int16)
    inside = columns >= (left - start[:, np.newaxis]).astype(np.int16)[..., np.newaxis]
    inside &= columns < (right - start[:, np.newaxis]).astype(np.int16)[..., np.newaxis]
    return np.multiply(windows.transpose(1, 0, 2), inside, order="C")


def _ink_between(row: DigitRow, left: NDArray[np.intp], right: NDArray[np.intp]) -> bool:
    columns = np.arange(row.ink.shape[1])
    between = (columns >= left[:, np.newaxis]) & (columns < right[:, np.newaxis])
    return bool((row.ink[between] > FAINTEST).any())


def _neighbours(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    return np.arange(count - 1), np.arange(1, count)


def _windows(
    ink: Array, first: NDArray[np.intp], after: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The columns with ink from `first` to before `after`: where they start, and how many there are."""
    width = ink.shape[1]
    inked = np.append((ink > PAPER).any(axis=0), True)
    columns = np.arange(width + 1)
    following = np.minimum.accumulate(np.where(inked, columns, width)[::-1])[::-1]
    before = np.maximum.accumulate(np.where(inked[:-1], columns[1:], 0))  # after the last one so far
    ends = np.concatenate([[0], before])
    start = following[first]
    return start, np.maximum(ends[after] - start, 0)


def _oddness(boxes: NDArray[np.intp], images: NDArray[np.uint8], unit: float) -> Array:
    """What each shape is charged for being wide, lower than the line, or for having more ink than a digit has.

    In logarithms of certainty, as `reading` has them; tuned on rows of validation digits. Width costs from the
    narrowest digit on: two digits side by side are one wide shape, which networks like to take for a third digit.
    """
    side = BOX * unit
    wide, high = (boxes[:, 2] - boxes[:, 0]) / side, (boxes[:, 3] - boxes[:, 1]) / side
    ink = images.sum(axis=1) / (255 * _USUAL_INK)
    odd = 1.8 * np.maximum(wide - 0.25, 0) + 3 * np.maximum(wide - 1, 0)
    odd += 3 * np.maximum(0.96 - high, 0) + 0.3 * np.maximum(ink - 1.2, 0)
    return np.asarray(odd, dtype=np.float32)
