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
from mnistviz.engine.network import Network
from mnistviz.engine.rows.candidates import Candidates

SURE: Final = 0.5
"""A network whose certainty of the way's digits is below this in the mean is too unsure to judge cuts."""

_LEAST: Final = 0.25  # certainties below are alike
_CUT: Final = 0.15  # the price of a pixel of ink cut through, as a logarithm of certainty


@dataclass(frozen=True, eq=False)
class RowReading:
    """What a network says of a row: of each shape among the candidates, and which of them make the best way.

    `outputs` is (m, classes), `verdicts` (m,) the output that fires most, `certainties` (m,) from 0 to 1 how sure
    the network is of it. `way` names shapes from left to right; it is empty where none could be cut.
    """

    candidates: Candidates
    outputs: Array
    verdicts: NDArray[np.intp]
    certainties: NDArray[np.float64]
    way: tuple[int, ...]

    @property
    def digits(self) -> tuple[int, ...]:
        """The verdicts along the way."""
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
    def is_sure(self) -> bool:
        """Whether the network is sure enough to judge cuts: of half of its digits. One bad digit spoils no row."""
        return bool(self.way) and float(np.median(self.certainties[list(self.way)])) >= SURE


def read_row(network: Network, candidates: Candidates) -> RowReading:
    """What `network` makes of a row: all candidates in one pass, and the best way through them."""
    outputs = network.feedforward(grey_values(candidates.images))
    verdicts = outputs.argmax(axis=1)
    certainties = certainty(outputs, network.output)
    worth = np.log(np.maximum(certainties, _LEAST)) - candidates.oddness
    return RowReading(candidates, outputs, verdicts, certainties, _best_way(candidates, worth))


def certainty(outputs: Array, kind: str) -> NDArray[np.float64]:
    """How certain each row of outputs, (m, classes), is of its verdict, from 0 to 1.

    With softmax it is the share of the largest output. Sigmoid outputs speak each for itself: it is the largest
    one times what each other leaves to 1, that this fires and no other. Whatever is not finite is not certain.
    """
    each = np.clip(np.nan_to_num(outputs.astype(np.float64), nan=0.0), 0, 1)
    largest = each.max(axis=1)
    if kind == "softmax":
        return np.asarray(largest, dtype=np.float64)
    each[np.arange(len(each)), each.argmax(axis=1)] = 0
    alone: NDArray[np.float64] = largest * np.prod(1 - each, axis=1)
    return alone


def _best_way(candidates: Candidates, worth: NDArray[Any]) -> tuple[int, ...]:
    """The shapes, each beginning where the last one ended, whose worth less the price of the cuts is largest."""
    count = len(candidates.cuts)
    best, last = np.full(count, -np.inf), np.full(count, -1)
    best[0] = 0
    price = _CUT * candidates.through
    for shape in np.argsort(candidates.ends[:, 1], kind="stable").tolist():
        first, after = candidates.ends[shape]
        value = best[first] + worth[shape] - price[after]
        if value > best[after]:
            best[after], last[after] = value, shape
    way: list[int] = []
    at = count - 1
    while at > 0 and last[at] >= 0:
        way.append(int(last[at]))
        at = int(candidates.ends[last[at], 0])
    return tuple(reversed(way))
