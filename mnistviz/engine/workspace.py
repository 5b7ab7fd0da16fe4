"""Arithmetic of training: the one array of all parameters (each layer's weights, then each layer's biases),
backpropagation as in `Network.backprop` but in preallocated arrays, and the update of the parameters."""

from collections.abc import Sequence
from itertools import pairwise
from math import prod
from typing import Any, Protocol

import numpy as np

from mnistviz.engine.functions import ACTIVATIONS, COSTS, OUTPUTS, Array, Numbers
from mnistviz.engine.settings import Settings


def number_of_parameters(sizes: Sequence[int]) -> int:
    return sum(n_out * (n_in + 1) for n_in, n_out in pairwise(sizes))


def weights_and_biases(
    parameters: Array, sizes: Sequence[int]
) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    """Return the views of `parameters`, (n,), that are the weights of each layer and the biases of each layer."""
    parts, end = [], 0
    for shape in [*((n_out, n_in) for n_in, n_out in pairwise(sizes)), *((n_out,) for n_out in sizes[1:])]:
        begin, end = end, end + prod(shape)
        parts.append(parameters[begin:end].reshape(shape))
    return tuple(parts[: len(sizes) - 1]), tuple(parts[len(sizes) - 1 :])


class Layered(Protocol):
    """The attributes of `Network` that a `Workspace` uses."""

    sizes: tuple[int, ...]
    activation: str
    output: str
    cost: str
    dtype: np.dtype[Any]

    @property
    def parameters(self) -> Array: ...
    @property
    def weights(self) -> tuple[Array, ...]: ...
    @property
    def biases(self) -> tuple[Array, ...]: ...


class Workspace:
    """Preallocated arrays for mini-batches of `m` samples, since allocation costs time.

    Of each layer after the input: weighted `inputs` z, `activations` a, `slopes` f′(z) and `deltas` ∂C/∂z, all (n, m),
    and the gradients `nabla_b` (n,) and `nabla_w` (n, n_in), which are parts of `step`, as the network's weights and
    biases are of its `parameters`. `activations` starts with the input. `error` is a − y of the outputs. A product with
    `ones`, (m,), sums over the digits.
    """

    def __init__(self, network: Layered, m: int) -> None:
        self._network = network
        self._shapes = [(n, m) for n in network.sizes[1:]]
        self._bias_columns = [b[:, np.newaxis] for b in network.biases]
        self.inputs, self.slopes, self.deltas = self._columns(), self._columns(), self._columns()
        self.activations: list[Array] = [np.empty((network.sizes[0], 0)), *self._columns()]
        self.error: Array = np.empty_like(self.deltas[-1])
        self.ones = np.ones(m, dtype=network.dtype)
        self.step = np.empty_like(network.parameters)
        self.nabla_w, self.nabla_b = weights_and_biases(self.step, network.sizes)

    def backprop(
        self, x: Array, y: Array, scale: float = 1.0, masks: Sequence[Array] = ()
    ) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
        """Return the gradient of the mean cost of m samples `x`, (m, n_in), with targets `y`, (m, n_out), times
        `scale`: (nabla_b, nabla_w), which the next call overwrites. With η for `scale`, `step` is η∇C. For dropout,
        `masks` has one array (n, m) for each hidden layer, which multiplies its activations."""
        network, a = self._network, self.activations
        derivative = ACTIVATIONS[network.activation].derivative
        self._feedforward(x, masks)
        np.subtract(a[-1], y.T, self.error)
        scale /= len(x)  # scaling the smallest array is faster than every gradient
        last = len(network.weights) - 1
        delta = COSTS[network.output, network.cost].delta(a[-1], self.error, scale, self.deltas[last])
        for layer in range(last, -1, -1):
            if layer < last:
                slopes = self.slopes[layer] if masks else derivative(a[layer + 1], self.slopes[layer])
                delta = network.weights[layer + 1].T.dot(delta, self.deltas[layer])
                np.multiply(delta, slopes, delta)
            delta.dot(self.ones, self.nabla_b[layer])
            delta.dot(a[layer].T, self.nabla_w[layer])
        return self.nabla_b, self.nabla_w

    def cost(self, y: Array) -> float:
        """Return the mean cost of the samples last given to `backprop`, with the same targets `y`, (m, n_out)."""
        return COSTS[self._network.output, self._network.cost].value(self.inputs[-1], y.T, self.error)

    def mean_cost(self, x: Array, y: Array, masks: Sequence[Array] = ()) -> float:
        """Return the mean cost of m samples `x`, (m, n_in), with targets `y`, (m, n_out); `masks` as in `backprop`."""
        self._feedforward(x, masks)
        np.subtract(self.activations[-1], y.T, self.error)
        return self.cost(y)

    def _feedforward(self, x: Array, masks: Sequence[Array]) -> None:
        network = self._network
        hidden, output = ACTIVATIONS[network.activation], OUTPUTS[network.output].function
        self.activations[0] = a = x.T
        last = len(network.weights) - 1
        for layer, (w, b) in enumerate(zip(network.weights, self._bias_columns, strict=True)):
            z = w.dot(a, self.inputs[layer])
            np.add(z, b, z)
            a = self.activations[layer + 1]
            if layer == last:
                output.value(z, a)
            else:
                hidden.value(z, a)
                if masks:
                    slopes = hidden.derivative(a, self.slopes[layer])
                    slopes *= masks[layer]
                    a *= masks[layer]

    def _columns(self) -> list[Array]:
        return [np.empty(shape, self._network.dtype) for shape in self._shapes]


def update_weights(
    parameters: Array,
    velocity: Array,
    step: Array,
    weights: int,
    settings: Settings,
    rate: float,
    frozen: Numbers,
) -> None:
    """Update `parameters` in place by `step`, η∇C, which is overwritten, and with momentum `velocity`; each is (n,).

    The first `weights` of the parameters are weights, the others biases, which do not decay. `rate` is ηλ/n, with n
    training samples: the share by which each weight decays. Parameters at the indices `frozen`, (k,), do not change
    and have velocity 0.
    """
    unchanged = parameters[frozen] if frozen.size else None
    if settings.momentum:
        _coast(parameters, velocity, step, weights, settings, rate)
    else:
        if rate:
            decaying = parameters[:weights]
            decaying *= 1 - rate  # Nielsen (93)
        parameters -= step
    if unchanged is not None:
        parameters[frozen] = unchanged
        if velocity.size:
            velocity[frozen] = 0


def decay_acts(settings: Settings, n: int) -> bool:
    """Return whether weight decay λ with n training digits can change a float32 weight.

    Without momentum a weight is multiplied by 1 − ηλ/n, which is rounded to 1 where ηλ/n is 2⁻²⁵ or less: half the
    distance from 1 to the float32 below it (IEEE 754, ties to even). With momentum the λ term is added to the
    gradient instead, and `velocity` gathers what is too small for a single step.
    """
    rate = settings.eta * settings.weight_decay / n
    return bool(np.float32(1 - rate) != 1 or (settings.momentum and rate > 0))


def _coast(
    parameters: Array, velocity: Array, step: Array, weights: int, settings: Settings, rate: float
) -> None:
    """Apply momentum: v → μv − η∇C, w → w + v, Nielsen (107), (108); ∇C includes the λ term. Nesterov's momentum in
    the form that keeps w where the gradient is taken: w → w + μv − η∇C with the new v (Sutskever et al. 2013, as
    rewritten by Bengio et al.)."""
    if rate:
        step[:weights] += rate * parameters[:weights]
    velocity *= settings.momentum
    velocity -= step
    if settings.momentum_kind == "nesterov":
        parameters -= step
        np.multiply(velocity, settings.momentum, out=step)
        parameters += step
    else:
        parameters += velocity
