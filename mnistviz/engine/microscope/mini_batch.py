"""One mini-batch of a run in detail: its samples, activations, errors and their rounding, gradient, and step."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from msgspec import Struct

from mnistviz.engine.acts import places_of
from mnistviz.engine.cancelling import Cancelled, Counted, never, unheard
from mnistviz.engine.digits import DigitSet, TrainingDigits
from mnistviz.engine.functions import Array, Bytes, Floats, Numbers, quietly
from mnistviz.engine.network import Network
from mnistviz.engine.replay import Replay
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Trainer, TrainerState, UpcomingBatch
from mnistviz.engine.trials import RecordedRun
from mnistviz.engine.workspace import Workspace, weights_and_biases

Float64s = Floats


class StepParts(Struct, frozen=True, eq=False):
    """Change of each weight and bias by one mini-batch: float64 (n,), in the order of `Network.parameters`.

    `gradient` is −η∇C, `momentum` the contribution of earlier mini-batches, `decay` that of weight decay, and
    `rounding` the float32 remainder. The four add up to `moved`, the weights after the step minus those before it. All
    are 0 for the weights of frozen units.
    """

    gradient: Float64s
    momentum: Float64s
    decay: Float64s
    rounding: Float64s
    moved: Float64s
    sizes: tuple[int, ...]

    def of_layer(self, part: str, layer: int) -> tuple[Float64s, Float64s]:
        """Return one of the parts, by name, for the weights of a layer, (n_out, n_in), and its biases, (n_out,)."""
        weights, biases = weights_and_biases(getattr(self, part), self.sizes)
        return weights[layer], biases[layer]


@quietly
def step_parts(
    before: TrainerState, after: Array, step: Array, eta: float, training_digits: int
) -> StepParts:
    """Split the update from a state to the parameters `after`, (n,); `step` is η∇C, (n,). Each part is rounded as in
    training (`Trainer.step`), so that only the last bit is left over."""
    settings, w = before.settings, before.parameters
    count = sum(n_out * n_in for n_in, n_out in pairwise(settings.sizes))
    rate = eta * settings.weight_decay / training_digits
    step, whole = step.copy(), step.copy()
    momentum = np.zeros_like(w)
    if settings.momentum:
        if rate:
            whole[:count] += rate * w[:count]
        decay = step.astype(np.float64) - whole
        if before.velocity.size:
            np.multiply(before.velocity, settings.momentum, out=momentum)
        if settings.momentum_kind == "nesterov":
            momentum -= whole
            momentum *= settings.momentum
    else:
        decay = np.zeros(len(w), np.float64)
        if rate:
            decay[:count] = (w[:count] * (1 - rate)).astype(np.float64) - w[:count]
    gradient, pushed = -step.astype(np.float64), momentum.astype(np.float64)
    frozen = places_of(before.frozen, settings.sizes)
    for part in (gradient, pushed, decay):
        part[frozen] = 0
    moved = after.astype(np.float64) - w
    return StepParts(gradient, pushed, decay, moved - (gradient + pushed + decay), moved, settings.sizes)


@quietly
def delta_errors(
    network: Network,
    activations: Sequence[Array],
    deltas: Sequence[Array],
    slopes: Sequence[Array],
    masks: Sequence[Array],
    y: Array,
) -> list[Array]:
    """Bound the rounding error of each δ, (m, n) for each layer after the input, to first order.

    `activations`, `deltas` and `slopes` are (m, n) for the same layers, `masks` those of dropout, (m, n) for each
    hidden layer, if there is any, and `y` the targets, (m, K). It is a running error analysis (Higham, *Accuracy and
    Stability of Numerical Algorithms*, 2002, section 3.3) of what backpropagation subtracts and adds up. With ε the
    distance from 1 to the next number, a difference is off by ε times the larger term: a − y, the 1 − a of
    σ′ = a(1 − a), and the 1 − a² of tanh′, twice. A sum Σ w·δ is off by ε Σ |w·δ|, and by what each δ is off. Errors
    of z itself are left out: they change a slope by a small share of it.
    """
    eps = float(np.finfo(network.dtype).eps)
    errors = [network.cost_function.delta_error(activations[-1], y, slopes[-1], eps)]
    for layer in range(len(deltas) - 2, -1, -1):
        w = network.weights[layer + 1]
        off = network.functions[layer].slope_error(np.abs(activations[layer]), eps)
        total = np.abs(deltas[layer + 1] @ w)
        sums = (errors[0] + eps * np.abs(deltas[layer + 1])) @ np.abs(w)
        own = slopes[layer] * sums + total * off
        errors.insert(0, own * masks[layer] if masks else own)
    return errors


class LayerPass(Struct, frozen=True, eq=False):
    """Values of a layer of n units for each of m samples, (m, n): weighted input `z`, activation `a` as the next layer
    gets it, `slope` f′(z), and `delta`, ∂C/∂z of that sample's own cost. With dropout `a` includes the mask, and
    `slope` does not."""

    z: Array
    a: Array
    slope: Array
    delta: Array
    delta_error: Array


class MiniBatch(Struct, frozen=True, eq=False):
    """One update of a run: m samples, as the network gets them, and the change of the weights.

    `before` and `after` are the networks of `state` and of the next, bit for bit. `eta` is the learning rate of this
    update, and an epoch has `training_digits`. The samples have the indices `numbers`, (m,), the `labels`, uint8 (m,),
    and the `true_labels`, which differ where labels were randomised; `images`, uint8 (m, n_in), and `x`, the same from
    0 to 1, are distorted as in training; `y`, (m, K), are the targets. For dropout, `masks` has an (m, n) for each
    hidden layer: 0 for a dropped unit and else 1/(1 − dropout). `layers` has the passes of the layers after the input,
    numbered as in `Network.weights`. `gradient`, (n,), is the mean of the m gradients, in the order of
    `Network.parameters`, and `parts` are the parts of the step.

    `costs` and `costs_after`, (m,), are those of each sample before and after the step, and `outputs_after`, (m, K),
    the outputs after it: with the same masks.
    """

    state: TrainerState
    eta: float
    training_digits: int
    numbers: Numbers
    images: Bytes
    labels: Bytes
    true_labels: Bytes
    x: Array
    y: Array
    masks: tuple[Array, ...]
    before: Network
    after: Network
    layers: tuple[LayerPass, ...]
    gradient: Array
    parts: StepParts
    costs: Array
    costs_after: Array
    outputs_after: Array

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def step(self) -> int:
        return self.state.step

    @property
    def digits(self) -> int:
        return self.state.cursor.digits(self.training_digits)

    @property
    def settings(self) -> Settings:
        return self.state.settings

    @property
    def outputs(self) -> Array:
        """Outputs before the step, (m, K)."""
        return self.layers[-1].a

    @property
    def read(self) -> Bytes:
        """Predictions before the step, (m,)."""
        return np.asarray(self.outputs.argmax(axis=1).astype(np.uint8))

    @property
    def read_after(self) -> Bytes:
        return np.asarray(self.outputs_after.argmax(axis=1).astype(np.uint8))

    @property
    def nabla_w(self) -> tuple[Array, ...]:
        """Mean gradient of the weights of each layer, (n_out, n_in)."""
        return weights_and_biases(self.gradient, self.before.sizes)[0]

    @property
    def nabla_b(self) -> tuple[Array, ...]:
        """Mean gradient of the biases of each layer, (n_out,)."""
        return weights_and_biases(self.gradient, self.before.sizes)[1]

    def inputs_of(self, layer: int) -> Array:
        """Return the inputs of a layer: the activations of the layer before, or the images, (m, n_in)."""
        return self.layers[layer - 1].a if layer else self.x

    def own_nabla_w(self, digit: int, layer: int) -> Array:
        """Return the gradient of one sample's cost for a layer's weights, (n_out, n_in); for biases it is `delta`."""
        return np.outer(self.layers[layer].delta[digit], self.inputs_of(layer)[digit])

    @property
    @quietly
    def gradient_lengths(self) -> Floats:
        """Length of the gradient of each sample's cost, over all weights and biases, (m,)."""
        squares = np.zeros(len(self), np.float64)
        for layer, layer_pass in enumerate(self.layers):
            inputs = self.inputs_of(layer).astype(np.float64)
            squares += (layer_pass.delta.astype(np.float64) ** 2).sum(axis=1) * ((inputs**2).sum(axis=1) + 1)
        return np.sqrt(squares)

    @property
    def finite(self) -> bool:
        numbers = (self.costs, self.costs_after, self.gradient, self.before.parameters, self.after.parameters)
        return all(bool(np.isfinite(each).all()) for each in numbers)


@quietly
def look_at(state: TrainerState, network: Network, training: DigitSet | TrainingDigits) -> MiniBatch:
    """Return the mini-batch that a run in this state trains on next. `network` has the choices of the run, and
    `training` is the whole training set; all are only read."""
    before = network.copy(state.parameters)
    trainer = Trainer(before.copy(), state.settings, training)
    trainer.restore(state)
    batch = trainer.upcoming()
    x, y, m = batch.x.copy(), batch.y.copy(), len(batch.numbers)
    work = Workspace(before, m)
    work.backprop(x, y, m, batch.masks)  # scaled by m, so that each δ is that of the sample's own cost
    gradient = work.step / m
    layers = _passes(before, work, batch, y)
    costs = _costs(before, work, y)
    work.backprop(x, y, batch.eta, batch.masks)
    step = work.step.copy()
    trainer.step()
    after = trainer.network
    masks = tuple(mask.T for mask in batch.masks)
    costs_after, outputs_after = fed_forward(after, x, y, masks)
    return MiniBatch(
        state,
        batch.eta,
        len(trainer.training),
        batch.numbers.copy(),
        np.rint(x * 255).astype(np.uint8),
        trainer.training.labels[batch.numbers],
        trainer.training.true_labels[batch.numbers],
        x,
        y,
        masks,
        before,
        after,
        layers,
        gradient,
        step_parts(state, after.parameters, step, batch.eta, len(trainer.training)),
        costs,
        costs_after,
        outputs_after,
    )


def mini_batch_at(
    run: RecordedRun, step: int, cancelled: Cancelled = never, progress: Counted = unheard
) -> MiniBatch:
    """Return update `step` + 1 of a recorded run, replayed from the nearest stored state; at its end, the next one.
    `progress` receives the mini-batches replayed and their total. Raise `Withdrawn` once `cancelled()`, ValueError
    beyond the record."""
    return look_at(run.replayed(step, cancelled, progress).state(), run.start, run.digits.training)


@quietly
def fed_forward(network: Network, x: Array, y: Array, masks: Sequence[Array] = ()) -> tuple[Array, Array]:
    """Return the costs of m samples, (m,), and the outputs, (m, K); masked by an (m, n) for each hidden layer."""
    work = Workspace(network, len(x))
    work.mean_cost(x, y, [mask.T for mask in masks])
    return _costs(network, work, y), work.activations[-1].T


def _passes(network: Network, work: Workspace, shown: UpcomingBatch, y: Array) -> tuple[LayerPass, ...]:
    """Copy the layers' values for the samples, which the next mini-batch would overwrite."""
    slopes = list[Array]()
    last = len(network.weights) - 1
    for layer, (z, a, f) in enumerate(zip(work.inputs, work.activations[1:], network.functions, strict=True)):
        slopes.append(f.derivative(f.value(z) if shown.masks and layer < last else a).T)
    inputs, activations, deltas = (
        [each.T.copy() for each in of] for of in (work.inputs, work.activations[1:], work.deltas)
    )
    errors = delta_errors(network, activations, deltas, slopes, [mask.T for mask in shown.masks], y)
    return tuple(LayerPass(*each) for each in zip(inputs, activations, slopes, deltas, errors, strict=True))


def _costs(network: Network, work: Workspace, y: Array) -> Array:
    """Return the costs of the samples fed forward last, (m,)."""
    return network.cost_function.of_each(work.inputs[-1], y.T, work.error)


NEAR: Final = 300
"""Steps within 1/NEAR of a run are near each other: about the precision of pointing at a plot."""


def near(step: int, end: int) -> tuple[int, int]:
    """Return the range of steps near a step, in a run of `end` mini-batches."""
    around = max(2, end // NEAR)
    return max(0, step - around), min(end, step + around + 1)


@quietly
def costliest_step(
    run: RecordedRun, begin: int, end: int, cancelled: Cancelled = never, progress: Counted = unheard
) -> int:
    """Return the step k, begin ≤ k < end, whose update k + 1 has the mini-batch with the highest cost before it, the
    first of equal ones. Costs that are not finite count as highest. `progress` receives the mini-batches replayed and
    their total. Raise `Withdrawn` once `cancelled()`, ValueError beyond the record, or for an empty range."""
    if not begin < end:
        raise ValueError(f"there is no mini-batch from {begin} to {end}")
    replay = Replay(run.record, run.trainer(), end, costs_from=begin)
    replay.finish(cancelled, progress)
    costs = np.array([cost for _, cost, _ in replay.costs])
    costs[~np.isfinite(costs)] = np.inf
    return begin + int(costs.argmax())
