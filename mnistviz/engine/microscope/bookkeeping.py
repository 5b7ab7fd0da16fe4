"""What the gradient of a mini-batch predicts, and what its step changed: for its digits and for a thousand others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import DigitSet, grey_values
from mnistviz.engine.functions import Array, quietly
from mnistviz.engine.microscope.mini_batch import MiniBatch, fed_forward
from mnistviz.engine.network import Network

OTHERS: Final = 1_000
"""How many validation digits, the first ones, the others are."""


@dataclass(frozen=True, eq=False)
class Bookkeeping:
    """What the gradient predicts of one step, and what the step changed.

    `predicted` is −η‖∇C‖², what the slope at the beginning says of the mean cost of the mini-batch; `predicted_by_step`
    is ∇C · Δw, the same of the whole step, with momentum and weight decay. `actual` is what the mean cost changed by.
    `won` and `lost` are the digits of the mini-batch, by their places in it, that are read right after it and not
    before, or the other way round. Of the others, the first validation digits, `of_others` were read: mean costs before
    and after, and the numbers of those won and lost.
    """

    predicted: float
    predicted_by_step: float
    actual: float
    won: NDArray[np.intp]
    lost: NDArray[np.intp]
    of_others: int
    others_before: float
    others_after: float
    others_won: NDArray[np.intp]
    others_lost: NDArray[np.intp]


class Others:
    """The digits that a mini-batch is judged by beside its own: the first `OTHERS` of the validation set, ready to be
    fed forward."""

    def __init__(self, network: Network, validation: DigitSet) -> None:
        chosen = validation.first(OTHERS)
        self.labels = chosen.labels
        self._x = grey_values(chosen.images).astype(network.dtype, copy=False)
        self._y = np.eye(network.sizes[-1], dtype=network.dtype)[chosen.labels]

    def __len__(self) -> int:
        return len(self.labels)

    def judge(self, network: Network) -> tuple[float, NDArray[np.uint8]]:
        """The mean cost of the digits in a network, and what each is read as, (n,)."""
        costs, outputs = fed_forward(network, self._x, self._y)
        return mean(costs), outputs.argmax(axis=1).astype(np.uint8)


@quietly
def keep_books(batch: MiniBatch, validation: DigitSet) -> Bookkeeping:
    """What a mini-batch predicts and what came of it, with the validation digits of its data set as the others."""
    gradient = batch.gradient.astype(np.float64)
    won, lost = changed_sides(batch.read, batch.read_after, batch.labels)
    others = Others(batch.before, validation)
    before, read_before = others.judge(batch.before)
    after, read_after = others.judge(batch.after)
    return Bookkeeping(
        -batch.eta * float(gradient @ gradient),
        float(gradient @ batch.parts.moved),
        mean(batch.costs_after) - mean(batch.costs),
        won,
        lost,
        len(others),
        before,
        after,
        *changed_sides(read_before, read_after, others.labels),
    )


def changed_sides(
    before: NDArray[np.uint8], after: NDArray[np.uint8], labels: NDArray[np.uint8]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The numbers of the digits that are read right after something and not before, and of those the other way
    round."""
    right_before, right_after = before == labels, after == labels
    return np.flatnonzero(right_after & ~right_before), np.flatnonzero(right_before & ~right_after)


def mean(costs: Array) -> float:
    """The mean of some costs, in double precision."""
    return float(np.mean(costs, dtype=np.float64))
