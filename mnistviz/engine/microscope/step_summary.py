"""Cost predicted by the gradient of a mini-batch and actual change, for its samples and for a thousand others; and the
influence of each sample: the same step again, without one at a time."""

from typing import Final

import numpy as np
from msgspec import Struct

from mnistviz.engine.acts import places_of
from mnistviz.engine.cancelling import Cancelled, Counted, check, never, unheard
from mnistviz.engine.digits import DigitSet, grey_values
from mnistviz.engine.functions import Array, Bytes, Floats, Ints, Numbers, quietly
from mnistviz.engine.microscope.mini_batch import MiniBatch, fed_forward
from mnistviz.engine.network import Network
from mnistviz.engine.workspace import update_weights, weights_and_biases

OTHERS: Final = 1_000  # number of validation samples, the first ones, used as the others


class StepSummary(Struct, frozen=True, eq=False):
    """Prediction of the gradient for one step, and the actual change.

    `predicted` is −η‖∇C‖², the first-order change of the mini-batch's mean cost, and `actual` its change. `won` and
    `lost` are the places in the mini-batch of samples correct only after the step, and only before. `of_others` of the
    others, the first validation samples, were evaluated: mean costs before and after, and the indices of those won and
    lost.
    """

    predicted: float
    actual: float
    won: Numbers
    lost: Numbers
    of_others: int
    others_before: float
    others_after: float
    others_won: Numbers
    others_lost: Numbers


class Others:
    """The samples by which a mini-batch is judged beside its own: the first `OTHERS` of the validation set."""

    def __init__(self, network: Network, validation: DigitSet) -> None:
        chosen = validation.first(OTHERS)
        self.labels = chosen.labels
        self._x = grey_values(chosen.images).astype(network.dtype, copy=False)
        self._y = np.eye(network.sizes[-1], dtype=network.dtype)[chosen.labels]

    def __len__(self) -> int:
        return len(self.labels)

    def judge(self, network: Network) -> tuple[float, Bytes]:
        """Return the mean cost of the samples in a network, and its predictions, (n,)."""
        costs, outputs = fed_forward(network, self._x, self._y)
        return mean(costs), outputs.argmax(axis=1).astype(np.uint8)


@quietly
def keep_books(batch: MiniBatch, validation: DigitSet) -> StepSummary:
    """Compare the predicted and the actual effect of a mini-batch, with the validation set as the others."""
    gradient = batch.gradient.astype(np.float64)
    won, lost = changed_sides(batch.read, batch.read_after, batch.labels)
    others = Others(batch.before, validation)
    before, read_before = others.judge(batch.before)
    after, read_after = others.judge(batch.after)
    return StepSummary(
        -batch.eta * float(gradient @ gradient),
        mean(batch.costs_after) - mean(batch.costs),
        won,
        lost,
        len(others),
        before,
        after,
        *changed_sides(read_before, read_after, others.labels),
    )


def changed_sides(before: Bytes, after: Bytes, labels: Bytes) -> tuple[Numbers, Numbers]:
    """Return the indices of the samples that are correct only after a change, and of those correct only before."""
    right_before, right_after = before == labels, after == labels
    return np.flatnonzero(right_after & ~right_before), np.flatnonzero(right_before & ~right_after)


def mean(costs: Array) -> float:
    """Return the mean of costs in double precision."""
    return float(np.mean(costs, dtype=np.float64))


class LeaveOneOut(Struct, frozen=True, eq=False):
    """Influence of each of the m samples of a mini-batch, (m,): the whole step, compared with the step without its
    gradient. `others` is its change of the mean cost of others, the first validation samples, negative if it lowered
    it. `differ` counts the predictions that it changed."""

    others: Floats
    differ: Ints

    @property
    def order(self) -> Numbers:
        """Places of the samples in the mini-batch, by their effect on the cost of the others, largest first."""
        return np.argsort(-abs(self.others), kind="stable")


@quietly
def leave_one_out(
    batch: MiniBatch, validation: DigitSet, cancelled: Cancelled = never, progress: Counted = unheard
) -> LeaveOneOut:
    """Repeat the step of a mini-batch without the gradient of each of its samples; the others are still divided by m.
    `progress` receives the samples done and their total. Raise `Withdrawn` once `cancelled()`."""
    m = len(batch)
    others = Others(batch.before, validation)
    network = batch.before.copy()
    cost, predictions = others.judge(batch.after)
    influence = LeaveOneOut(np.empty(m), np.empty(m, np.int64))
    for digit in range(m):
        check(cancelled)
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
