"""The way to cut a row whose digits a network is surest of.

Whoever can read single digits can cut a row, too: of each shape between two cuts the network says how certain it is
of its verdict, and the way that makes the best of it wins. Worked out by dynamic programming from left to right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import grey_values
from mnistviz.engine.framing import Array
from mnistviz.engine.functions import OUTPUTS
from mnistviz.engine.network import Network
from mnistviz.engine.rows.candidates import Candidates

SURE: Final = 0.5
"""A network whose certainty of the way's digits is below this in the mean is too unsure to judge cuts."""
TRUSTED: Final = 0.95
"""A digit whose chance to be right is less is doubtful, and a text with a doubtful digit is not sure."""

_LEAST: Final = 0.2

_SLIM: Final = 0.3  # of the line's height: a narrower digit is a 1, and tells nothing of the others' width
_KNOWN: Final = 6  # digits that are wider tell the usual width of a row's
_USUAL_WIDTHS: Final = 1.5  # what is wider is charged
_TOO_WIDE: Final = 3.0  # for each line height more, as a logarithm of certainty
_LOOSE: Final = 1.5  # pixels of ink, less than a stroke: two digits that touch
_ROUNDS: Final = 2

# The chance that a digit is right, as a logistic of: 1, the logit of its certainty, by how much its way is better than
# the best one that reads otherwise there, and the ink that is cut through at its ends. Fitted to made rows, to pictures
# of such rows in uneven light, and to photographs: docs/rows.md.
_CHANCE: Final = np.array([0.45, 0.78, 0.17, -1.51])
_CERTAIN: Final = 0.995  # no certainty counts for more
_MOST_BETTER: Final = 4.0
_MOST_CUT: Final = 1.5  # pixels of ink
_SAME_PLACE: Final = (
    0.6  # of what two shapes cover is covered by both: they are one digit, cut a little otherwise
)


@dataclass(frozen=True, eq=False)
class RowReading:
    """What a network says of a row: of each shape among the candidates, and which of them make the best way.

    `outputs` is (m, classes), `verdicts` (m,) the output that fires most, `certainties` (m,) from 0 to 1 how sure
    the network is of it. `way` names shapes from left to right; it is empty where none could be cut. `chances`,
    (len(way),), says how likely each of its digits is right, as such digits were in made rows and photographs.
    """

    candidates: Candidates
    outputs: Array
    verdicts: NDArray[np.intp]
    certainties: NDArray[np.float64]
    way: tuple[int, ...]
    chances: NDArray[np.float64]

    @property
    def digits(self) -> tuple[int, ...]:
        return tuple(self.verdicts[list(self.way)].tolist())

    @property
    def cuts(self) -> tuple[NDArray[np.intp], ...]:
        """The cuts along the way, between its digits: what a hand may move, take away or add to."""
        inner = self.candidates.ends[list(self.way[1:]), 0] if self.way else ()
        return tuple(self.candidates.cuts[cut] for cut in inner)

    @property
    def certainty(self) -> float:
        """The geometric mean of the certainties along the way; 0 where there is none."""
        return (
            float(np.exp(np.log(np.maximum(self.certainties[list(self.way)], 1e-9)).mean()))
            if self.way
            else 0.0
        )

    @property
    def judges_cuts(self) -> bool:
        """Whether the network is sure enough to judge cuts: of half of its digits. One bad digit spoils no row."""
        return bool(self.way) and float(np.median(self.certainties[list(self.way)])) >= SURE

    @property
    def doubtful(self) -> tuple[bool, ...]:
        """Which of the way's digits one had better look at."""
        return tuple((self.chances < TRUSTED).tolist())

    @property
    def is_sure(self) -> bool:
        """Whether the text can be trusted: there is one, and no digit of it is doubtful."""
        return bool(self.way) and not any(self.doubtful)


def read_row(network: Network, candidates: Candidates) -> RowReading:
    """What `network` makes of a row: all candidates in one pass, and the best way through them."""
    outputs = network.feedforward(grey_values(candidates.images))
    verdicts = outputs.argmax(axis=1)
    certainties = certainty(outputs, network.output)
    worth = np.log(np.maximum(certainties, _LEAST)) - candidates.oddness
    way, worth = _even_way(candidates, worth)
    chances = _chances(candidates, certainties, _lead(candidates, verdicts, worth, way), way)
    return RowReading(candidates, outputs, verdicts, certainties, way, chances)


def certainty(outputs: Array, kind: str) -> NDArray[np.float64]:
    """How certain each row of outputs, (m, classes), is of its verdict, from 0 to 1.

    With softmax it is the share of the largest output. Sigmoid outputs speak each for itself: it is the largest
    one times what each other leaves to 1, that this fires and no other. Whatever is not finite is not certain.
    """
    each = np.clip(np.nan_to_num(outputs.astype(np.float64), nan=0.0), 0, 1)
    largest = each.max(axis=1)
    if OUTPUTS[kind].function.shares:
        return np.asarray(largest, dtype=np.float64)
    each[np.arange(len(each)), each.argmax(axis=1)] = 0
    alone: NDArray[np.float64] = largest * np.prod(1 - each, axis=1)
    return alone


def _even_way(candidates: Candidates, worth: NDArray[Any]) -> tuple[tuple[int, ...], NDArray[Any]]:
    """The best way, and what each shape is worth beside the digits of its row.

    One hand writes digits of like width. In a long row it is known once a way has been found, and what is much wider,
    and comes apart through hardly any ink, is two digits, however sure a network is of it.
    """
    way, alone = _best_way(candidates, worth), worth
    for _ in range(_ROUNDS):
        wide = candidates.wide[list(way)]
        wide = wide[wide > _SLIM]
        if len(wide) < _KNOWN:
            break
        too_wide = np.maximum(candidates.wide - _USUAL_WIDTHS * np.median(wide), 0)
        worth = alone - _TOO_WIDE * too_wide * (candidates.least_within() < _LOOSE)
        before, way = way, _best_way(candidates, worth)
        if way == before:
            break
    return way, worth


def _best_way(candidates: Candidates, worth: NDArray[Any]) -> tuple[int, ...]:
    """The shapes, each beginning where the last one ended, whose worth less the price of the cuts is largest."""
    _, last = _best_to(candidates, worth)
    way: list[int] = []
    at = len(candidates.cuts) - 1
    while at > 0 and last[at] >= 0:
        way.append(int(last[at]))
        at = int(candidates.ends[last[at], 0])
    return tuple(reversed(way))


def _best_to(candidates: Candidates, worth: NDArray[Any]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """What the best way from the left edge to each cut is worth, and the shape that it ends with, or -1."""
    count = len(candidates.cuts)
    best, last = np.full(count, -np.inf), np.full(count, -1)
    best[0] = 0
    gain = worth - candidates.prices[candidates.ends[:, 1]]
    for shape in np.argsort(candidates.ends[:, 1], kind="stable").tolist():
        first, after = candidates.ends[shape]
        value = best[first] + gain[shape]
        if value > best[after]:
            best[after], last[after] = value, shape
    return best, last


def _best_from(candidates: Candidates, worth: NDArray[Any]) -> NDArray[np.float64]:
    """What the best way from each cut to the right edge is worth."""
    best = np.full(len(candidates.cuts), -np.inf)
    best[-1] = 0
    gain = worth - candidates.prices[candidates.ends[:, 1]]
    for shape in np.argsort(-candidates.ends[:, 0], kind="stable").tolist():
        first, after = candidates.ends[shape]
        best[first] = max(best[first], gain[shape] + best[after])
    return best


def _lead(
    candidates: Candidates, verdicts: NDArray[np.intp], worth: NDArray[Any], way: tuple[int, ...]
) -> NDArray[np.float64]:
    """By how much the way is better, at each of its digits, than the best one that reads otherwise there."""
    if not way:
        return np.zeros(0)
    first, after = candidates.ends.T
    before, beyond = _best_to(candidates, worth)[0], _best_from(candidates, worth)
    total = before[first] + worth - candidates.prices[after] + beyond[after]
    left, right = candidates.columns.T
    leads = []
    for shape in way:
        there = (first < after[shape]) & (after > first[shape])
        common = np.minimum(right, right[shape]) - np.maximum(left, left[shape])
        whole = np.maximum(right, right[shape]) - np.minimum(left, left[shape])
        same = (verdicts == verdicts[shape]) & (common > _SAME_PLACE * whole)
        leads.append(total[shape] - total[there & ~same].max(initial=-np.inf))
    return np.minimum(np.array(leads, dtype=np.float64), _MOST_BETTER)


def _chances(
    candidates: Candidates, certainties: NDArray[np.float64], lead: NDArray[np.float64], way: tuple[int, ...]
) -> NDArray[np.float64]:
    shapes = list(way)
    certain = np.clip(certainties[shapes], 1 - _CERTAIN, _CERTAIN)
    cut = np.minimum(candidates.through[candidates.ends[shapes]].max(axis=1, initial=0), _MOST_CUT)
    signs = np.stack([np.ones(len(way)), np.log(certain / (1 - certain)), lead, cut], axis=1)
    chances: NDArray[np.float64] = 1 / (1 + np.exp(-(signs @ _CHANCE)))
    return chances
