"""Reading of a row: the way to cut it whose digits a network is most certain of. A network for single digits can
segment a row: it gives a certainty for each shape between two cuts, and dynamic programming from left to right finds
the way with the largest total."""

from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from mnistviz.engine.digits import grey_values
from mnistviz.engine.framing import Array
from mnistviz.engine.functions import OUTPUTS, Floats, Numbers
from mnistviz.engine.network import Network
from mnistviz.engine.rows.candidates import Candidates

SURE: Final = 0.5
"""With a lower median certainty of the way's digits a network is too uncertain to judge cuts."""
TRUSTED: Final = 0.95
"""A digit with a lower chance to be correct is doubtful, and so is a text with such a digit."""

_LEAST: Final = 0.2

_SLIM: Final = 0.3  # of the line's height: a narrower digit is a 1, which does not indicate the others' width
_KNOWN: Final = 6  # number of wider digits needed to estimate a row's usual width
_USUAL_WIDTHS: Final = 1.5  # wider shapes get a penalty
_TOO_WIDE: Final = 3.0  # penalty per line height, in log certainty
_LOOSE: Final = 1.5  # pixels of ink, less than a stroke: two digits that touch
_ROUNDS: Final = 2

# The chance that a digit is right, as a logistic of: 1, the logit of its certainty, by how much its way is better than
# the best one that reads otherwise there, and the ink that is cut through at its ends. Fitted to made rows, to pictures
# of such rows in uneven light, and to photographs: docs/rows.md.
_CHANCE: Final = np.array([0.45, 0.78, 0.17, -1.51])
_CERTAIN: Final = 0.995  # no certainty counts for more
_MOST_BETTER: Final = 4.0
_MOST_CUT: Final = 1.5  # pixels of ink
_SAME_PLACE: Final = 0.6  # share of overlap from which two shapes are one digit, cut slightly differently


class RowReading(Struct, frozen=True, eq=False):
    """Evaluation of a row by a network: every candidate, and those that form the best way.

    `outputs` is (m, classes), `verdicts` (m,) the largest output, `certainties` (m,) from 0 to 1 the network's
    certainty. `way` has shapes from left to right; it is empty if none could be cut. `chances`, (len(way),), are the
    probabilities that its digits are correct, estimated from composed rows and photographs.
    """

    candidates: Candidates
    outputs: Array
    verdicts: Numbers
    certainties: Floats
    way: tuple[int, ...]
    chances: Floats

    @property
    def digits(self) -> tuple[int, ...]:
        return tuple(self.verdicts[list(self.way)].tolist())

    @property
    def cuts(self) -> tuple[Numbers, ...]:
        """The cuts along the way, between its digits, which the user may move, remove or add to."""
        inner = self.candidates.ends[list(self.way[1:]), 0] if self.way else ()
        return tuple(self.candidates.cuts[cut] for cut in inner)

    @property
    def certainty(self) -> float:
        """Geometric mean of the certainties along the way; 0 if there is none."""
        certainties = np.maximum(self.certainties[list(self.way)], 1e-9)
        return float(np.exp(np.log(certainties).mean())) if self.way else 0.0

    @property
    def judges_cuts(self) -> bool:
        """True if the median certainty of the way's digits suffices to judge cuts. One bad digit spoils no row."""
        return bool(self.way) and float(np.median(self.certainties[list(self.way)])) >= SURE

    @property
    def doubtful(self) -> tuple[bool, ...]:
        return tuple((self.chances < TRUSTED).tolist())

    @property
    def is_sure(self) -> bool:
        return bool(self.way) and not any(self.doubtful)


def read_row(network: Network, candidates: Candidates) -> RowReading:
    """Evaluate all candidates of a row in one pass, and return the best way through them."""
    outputs = network.feedforward(grey_values(candidates.images))
    verdicts = outputs.argmax(axis=1)
    certainties = certainty(outputs, network.output)
    worth = np.log(np.maximum(certainties, _LEAST)) - candidates.oddness
    way, worth = _even_way(candidates, worth)
    chances = _chances(candidates, certainties, _lead(candidates, verdicts, worth, way), way)
    return RowReading(candidates, outputs, verdicts, certainties, way, chances)


def certainty(outputs: Array, kind: str) -> Floats:
    """Return the certainty of each row of outputs, (m, classes), from 0 to 1. With softmax it is the largest output.
    Sigmoid outputs are independent: it is the largest one times 1 minus each other, the probability that this output
    is active and no other. Values that are not finite give 0."""
    each = np.clip(np.nan_to_num(outputs.astype(np.float64), nan=0.0), 0, 1)
    largest = each.max(axis=1)
    if OUTPUTS[kind].function.shares:
        return np.asarray(largest, dtype=np.float64)
    each[np.arange(len(each)), each.argmax(axis=1)] = 0
    return np.asarray(largest * np.prod(1 - each, axis=1))


def _even_way(candidates: Candidates, worth: NDArray[Any]) -> tuple[tuple[int, ...], NDArray[Any]]:
    """Return the best way, and the value of each shape beside the digits of its row. One person writes digits of
    similar width. In a long row it is known once a way has been found, and what is much wider, and can be cut through
    hardly any ink, is two digits, however certain a network is."""
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
    _, last = _best_to(candidates, worth)
    way: list[int] = []
    at = len(candidates.cuts) - 1
    while at > 0 and last[at] >= 0:
        way.append(int(last[at]))
        at = int(candidates.ends[last[at], 0])
    return tuple(reversed(way))


def _best_to(candidates: Candidates, worth: NDArray[Any]) -> tuple[Floats, Numbers]:
    """Return for each cut the largest sum of `worth` less prices over shapes that join the left edge to it, and the
    last of these shapes, or -1 if none lead there."""
    count = len(candidates.cuts)
    best, last = np.full(count, -np.inf), np.full(count, -1)
    best[0] = 0
    gain = worth - candidates.prices[candidates.ends[:, 1]]
    for shape in np.argsort(candidates.ends[:, 1], kind="stable").tolist():
        first, after = candidates.ends[shape]
        if (value := best[first] + gain[shape]) > best[after]:
            best[after], last[after] = value, shape
    return best, last


def _best_from(candidates: Candidates, worth: NDArray[Any]) -> Floats:
    """Return for each cut the largest sum of `worth` less prices over shapes that join it to the right edge."""
    best = np.full(len(candidates.cuts), -np.inf)
    best[-1] = 0
    gain = worth - candidates.prices[candidates.ends[:, 1]]
    for shape in np.argsort(-candidates.ends[:, 0], kind="stable").tolist():
        first, after = candidates.ends[shape]
        best[first] = max(best[first], gain[shape] + best[after])
    return best


def _lead(candidates: Candidates, verdicts: Numbers, worth: NDArray[Any], way: tuple[int, ...]) -> Floats:
    """Return, for each digit of the way, its lead over the best way with another digit there."""
    if not way:
        return np.zeros(0)
    first, after = candidates.ends.T
    before, beyond = _best_to(candidates, worth)[0], _best_from(candidates, worth)
    total = before[first] + worth - candidates.prices[after] + beyond[after]
    left, right = candidates.columns.T
    leads = []
    for shape in way:
        overlaps = (first < after[shape]) & (after > first[shape])
        common = np.minimum(right, right[shape]) - np.maximum(left, left[shape])
        whole = np.maximum(right, right[shape]) - np.minimum(left, left[shape])
        same = (verdicts == verdicts[shape]) & (common > _SAME_PLACE * whole)
        leads.append(total[shape] - total[overlaps & ~same].max(initial=-np.inf))
    return np.minimum(np.array(leads, dtype=np.float64), _MOST_BETTER)


def _chances(candidates: Candidates, certainties: Floats, lead: Floats, way: tuple[int, ...]) -> Floats:
    shapes = list(way)
    certain = np.clip(certainties[shapes], 1 - _CERTAIN, _CERTAIN)
    cut = np.minimum(candidates.through[candidates.ends[shapes]].max(axis=1, initial=0), _MOST_CUT)
    signs = np.stack([np.ones(len(way)), np.log(certain / (1 - certain)), lead, cut], axis=1)
    return np.asarray(1 / (1 + np.exp(-(signs @ _CHANCE))))
