"""Which digit of a mini-batch did it: the same step again, without one digit at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import DigitSet
from mnistviz.engine.functions import Array, quietly
from mnistviz.engine.hand_edits import places_of
from mnistviz.engine.microscope.bookkeeping import Others
from mnistviz.engine.microscope.mini_batch import MiniBatch
from mnistviz.engine.parameters import weights_and_biases
from mnistviz.engine.weight_update import update_weights


@dataclass(frozen=True, eq=False)
class LeaveOneOut:
    """What each of the m digits of a mini-batch did, (m,): the whole step, compared with the step without its gradient.

    `others` is by how much it changed the mean cost of others, the first validation digits: below 0 it lowered that.
    `differ` counts those that are read differently because of it.
    """

    others: NDArray[np.float64]
    differ: NDArray[np.int64]

    @property
    def order(self) -> NDArray[np.intp]:
        """The places of the digits in the mini-batch: first the one that changes the cost of the others most."""
        return np.argsort(-abs(self.others), kind="stable")


@quietly
def leave_one_out(
    batch: MiniBatch,
    validation: DigitSet,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], object] = lambda done, of: None,
) -> LeaveOneOut | None:
    """Repeats the step of a mini-batch without the gradient of each of its digits, and all else the same. Those of the
    others are still divided by m, so that a digit without a gradient did nothing.

    `progress` is told how many digits are done, of how many. None once `cancelled()`, which is asked before each.
    """
    m = len(batch)
    others = Others(batch.before, validation)
    network = batch.before.copy()
    cost, read = others.judge(batch.after)
    found = LeaveOneOut(np.empty(m), np.empty(m, np.int64))
    for digit in range(m):
        if cancelled():
            return None
        network.parameters[...] = without(batch, digit)
        cost_without, read_without = others.judge(network)
        found.others[digit] = cost - cost_without
        found.differ[digit] = np.count_nonzero(read != read_without)
        progress(digit + 1, m)
    return found


def without(batch: MiniBatch, digit: int) -> Array:
    """The weights and biases after the step of a mini-batch without the gradient of one of its digits, (n,)."""
    state, m = batch.state, len(batch)
    step = batch.gradient * m
    weights, biases = weights_and_biases(step, batch.before.sizes)
    for layer, (w, b) in enumerate(zip(weights, biases, strict=True)):
        w -= batch.own_nabla_w(digit, layer)
        b -= batch.layers[layer].delta[digit]
    step *= batch.eta / m
    parameters = state.parameters.copy()
    velocity = state.velocity.copy() if state.velocity.size else np.zeros_like(parameters)
    count = sum(w.size for w in weights)
    rate = batch.eta * batch.settings.weight_decay / batch.training_digits
    frozen = places_of(state.frozen, batch.before.sizes)
    update_weights(parameters, velocity, step, count, batch.settings, rate, frozen)
    return parameters
