"""The tables of choices: activation functions, outputs, costs, and the rules for initial weights.

Each entry is the mathematics and nothing else, so that a new choice is a new line in a table.
Arrays hold one digit a column, as the book writes a layer: shape (neurons, digits).
"Nielsen" is his book *Neural Networks and Deep Learning*; its equations are cited by number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

quietly = np.errstate(over="ignore", invalid="ignore")
"""Decorates what may meet weights that have run away. Its results tell of that, in place of NumPy's warnings."""

LEAK = 0.01
"""The slope of a leaky ReLU below nought."""

# Arrays without a dimension: NumPy takes them about twice as fast as Python's numbers, where arrays are small.
_ONE, _LARGEST_EXPONENT = np.array(1, np.float32), np.array(80, np.float32)


class Elementwise(Protocol):
    """A function of arrays, which writes its result into `out` if there is one, or else into a new array."""

    def __call__(self, values: Array, out: Array | None = None, /) -> Array: ...


class Delta(Protocol):
    """δ = ∂C/∂z of the output layer, (BP1), for each digit by itself, times `scale`; `error` is a − y."""

    def __call__(self, a: Array, error: Array, scale: float, out: Array | None = None, /) -> Array: ...


@dataclass(frozen=True)
class Activation:
    """How a hidden neuron answers its weighted input z.

    `value(z, out)` is a = f(z); `derivative(a, out)` is f′(z) *written in terms of a*, which is
    what backpropagation has at hand.
    """

    value: Elementwise
    derivative: Elementwise


@dataclass(frozen=True)
class Cost:
    """How wrong the outputs a, of weighted inputs z, are for the targets y; `error` is a − y.

    `value(z, y, error)` is the mean over the digits of the mini-batch, `of_each(z, y, error)` the cost of each, (m,).
    """

    value: Callable[[Array, Array, Array], float]
    of_each: Callable[[Array, Array, Array], Array]
    delta: Delta


def _sigmoid(z: Array, out: Array | None = None) -> Array:
    # σ(z) = 1 / (1 + e^−z). Beyond −z = 80 the result is nought in float32 anyway, and e^88 overflows.
    out = np.negative(z, out)
    np.minimum(out, _LARGEST_EXPONENT, out=out)
    np.exp(out, out)
    np.add(out, _ONE, out)
    np.reciprocal(out, out)
    return out


def _sigmoid_derivative(a: Array, out: Array | None = None) -> Array:
    # σ′(z) = σ(z)(1 − σ(z))
    out = np.subtract(_ONE, a, out)
    np.multiply(out, a, out)
    return out


def _tanh(z: Array, out: Array | None = None) -> Array:
    return np.tanh(z, out)


def _tanh_derivative(a: Array, out: Array | None = None) -> Array:
    # tanh′(z) = 1 − tanh²(z)
    out = np.multiply(a, a, out)
    np.subtract(1, out, out=out)
    return out


def _relu(z: Array, out: Array | None = None) -> Array:
    return np.maximum(z, 0, out=out)


def _relu_derivative(a: Array, out: Array | None = None) -> Array:
    return np.greater(a, 0, np.empty_like(a) if out is None else out, casting="unsafe")


def _leaky_relu(z: Array, out: Array | None = None) -> Array:
    out = np.multiply(z, LEAK, out)
    np.maximum(z, out, out=out)
    return out


def _leaky_relu_derivative(a: Array, out: Array | None = None) -> Array:
    out = np.greater(a, 0, np.empty_like(a) if out is None else out, casting="unsafe")
    out *= 1 - LEAK
    out += LEAK
    return out


def _softmax(z: Array, out: Array | None = None) -> Array:
    # a_j = e^z_j / Σ_k e^z_k; the largest z is taken off first, which changes nothing but the range
    out = np.subtract(z, z.max(axis=0), out)
    np.exp(out, out=out)
    out /= out.sum(axis=0)
    return out


def _quadratic(z: Array, y: Array, error: Array) -> float:
    digits: int = error.shape[1]
    return float(np.vdot(error, error)) / (2 * digits)


def _quadratic_of_each(z: Array, y: Array, error: Array) -> Array:
    each: Array = (error * error).sum(axis=0) / 2
    return each


def _quadratic_delta(a: Array, error: Array, scale: float, out: Array | None = None) -> Array:
    # (a − y) σ′(z)
    out = _sigmoid_derivative(a, out)
    np.multiply(out, error, out)
    np.multiply(out, scale, out)
    return out


def _cross_entropy(z: Array, y: Array, error: Array) -> float:
    # −Σ [y ln a + (1 − y) ln(1 − a)] with a = σ(z) put in: finite however large z is
    digits: int = z.shape[1]
    return float(np.sum(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))) / digits


def _cross_entropy_of_each(z: Array, y: Array, error: Array) -> Array:
    each: Array = (np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))).sum(axis=0)
    return each


def _log_likelihood(z: Array, y: Array, error: Array) -> float:
    # −Σ y ln a with a = softmax(z) put in: ln Σ e^z − Σ y z
    digits: int = z.shape[1]
    largest = z.max(axis=0)
    logarithm = largest + np.log(np.exp(z - largest).sum(axis=0))
    return float(np.sum(logarithm) - np.vdot(y.T, z.T)) / digits


def _log_likelihood_of_each(z: Array, y: Array, error: Array) -> Array:
    largest = z.max(axis=0)
    each: Array = largest + np.log(np.exp(z - largest).sum(axis=0)) - (y * z).sum(axis=0)
    return each


def _error_itself(a: Array, error: Array, scale: float, out: Array | None = None) -> Array:
    return np.multiply(error, scale, out)


ACTIVATIONS: dict[str, Activation] = {
    "sigmoid": Activation(_sigmoid, _sigmoid_derivative),  # Nielsen (3)
    "tanh": Activation(_tanh, _tanh_derivative),  # Nielsen (109)
    "relu": Activation(_relu, _relu_derivative),  # Nielsen (112)
    "leaky_relu": Activation(_leaky_relu, _leaky_relu_derivative),  # f(z) = max(z, 0.01 z)
}

OUTPUTS: dict[str, Elementwise] = {
    "sigmoid": _sigmoid,
    "softmax": _softmax,  # Nielsen (78)
}

COSTS: dict[tuple[str, str], Cost] = {  # by output and name
    # C = 1/2m Σ‖a − y‖², Nielsen (6), (30)
    ("sigmoid", "quadratic"): Cost(_quadratic, _quadratic_of_each, _quadratic_delta),
    # Nielsen (63), (67)
    ("sigmoid", "cross_entropy"): Cost(_cross_entropy, _cross_entropy_of_each, _error_itself),
    # Nielsen (80), (81)
    ("softmax", "cross_entropy"): Cost(_log_likelihood, _log_likelihood_of_each, _error_itself),
}
"""The pairs of output and cost that fit together."""


@dataclass(frozen=True)
class Deviations:
    """The standard deviations that initial weights and biases are drawn with, for a neuron with n inputs."""

    weights: Callable[[int], float]
    biases: float


INITIAL_WEIGHTS: dict[str, Deviations] = {
    "normal": Deviations(lambda n: 1.0, 1.0),  # Nielsen, chapter 1
    "scaled": Deviations(lambda n: n**-0.5, 1.0),  # 1/√n: Nielsen, chapter 3, "Weight initialization"
    "he": Deviations(lambda n: (2 / n) ** 0.5, 0.0),  # √(2/n): He et al. 2015, for ReLU
}
