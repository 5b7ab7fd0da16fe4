"""Influence of each sample of a mini-batch: the same step again, without one sample at a time."""

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
    """Influence of each of the m samples of a mini-batch, (m,): the whole step, compared with the step without its
    gradient. `others` is its change of the mean cost of others, the first validation samples, negative if it lowered
    it. `differ` counts the predictions that it changed."""

    others: NDArray[np.float64]
    differ: NDArray[np.int64]

    @property
    def order(self) -> NDArray[np.intp]:
        """Places of the samples in the mini-batch, by their effect on the cost of the others, largest first."""
        return np.argsort(-abs(self.others), kind="stable")


@quietly
def leave_one_out(
    batch: MiniBatch,
    validation: DigitSet,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], object] = lambda done, of: None,
) -> LeaveOneOut | None:
    """Repeat the step of a mini-batch without the gradient of each of its samples; the others are still divided by m.
    `progress` receives the samples done and their total. None once `cancelled()`, which is checked before each."""
    m = len(batch)
    others = Others(batch.before, validation)
    network = batch.before.copy()
    cost, predictions = others.judge(batch.after)
    influence = LeaveOneOut(np.empty(m), np.empty(m, np.int64))
    for digit in range(m):
        if cancelled():
            return None
        network.parameters[...] = without(batch, digit)
        cost_without, predictions_without = others.judge(network)
        influence.others[digit] = cost - cost_without
        influence.differ[digit] = np.count_nonzero(predictions != predictions_without)
        progress(digit + 1, m)
    return influence


def without(batch: MiniBatch, digit: int) -> Array:
    """Return the parameters after the step of a mini-batch without the gradient of one of its samples, (n,)."""
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
