"""The tables of choices: activation functions, costs, and the rules for start weights.

Each entry is the mathematics and nothing else, so that a new choice is a new line in a table.
Arrays hold one digit a column, as the book writes a layer: shape (neurons, digits).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Activation:
    """How a neuron answers its weighted input z.

    `value(z, out)` is a = f(z); `derivative(a, out)` is f′(z) *written in terms of a*, which is
    what backpropagation has at hand.
    """

    value: Callable[[Array, Array], Array]
    derivative: Callable[[Array, Array], Array]


@dataclass(frozen=True)
class Cost:
    """How wrong the outputs a are for the targets y.

    `value(a, y)` is the mean over the digits of the mini-batch; `gradient(a, y, out)` is ∂C/∂a
    for each digit by itself, not yet divided by their number.
    """

    value: Callable[[Array, Array], float]
    gradient: Callable[[Array, Array, Array], Array]


def _sigmoid(z: Array, out: Array) -> Array:
    # σ(z) = 1 / (1 + e^−z). Beyond −z = 80 the result is nought in float32 anyway, and e^88 overflows.
    np.negative(z, out=out)
    np.minimum(out, 80, out=out)
    np.exp(out, out=out)
    out += 1
    np.reciprocal(out, out=out)
    return out


def _sigmoid_derivative(a: Array, out: Array) -> Array:
    # σ′(z) = σ(z)(1 − σ(z))
    np.subtract(1, a, out=out)
    out *= a
    return out


def _quadratic(a: Array, y: Array) -> float:
    difference = a - y
    digits: int = a.shape[1]
    return float(np.vdot(difference, difference)) / (2 * digits)


def _quadratic_gradient(a: Array, y: Array, out: Array) -> Array:
    np.subtract(a, y, out=out)
    return out


ACTIVATIONS: dict[str, Activation] = {
    "sigmoid": Activation(_sigmoid, _sigmoid_derivative),  # Nielsen, equation (3)
}

COSTS: dict[str, Cost] = {
    "quadratic": Cost(_quadratic, _quadratic_gradient),  # C = 1/(2m) Σ‖a − y‖², Nielsen, equation (6)
}


def standard_normal(shape: tuple[int, ...], generator: np.random.Generator) -> Array:
    """Start weights and biases as in the book's first chapter: each drawn from N(0, 1)."""
    return generator.standard_normal(shape)
