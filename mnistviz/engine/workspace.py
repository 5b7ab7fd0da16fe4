"""Backpropagation for training: the arithmetic of `Network.backprop`, in preallocated arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from mnistviz.engine.functions import ACTIVATIONS, COSTS, OUTPUTS, Array
from mnistviz.engine.parameters import weights_and_biases


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
