"""Backpropagation digit by digit, in double precision and with the book's formulas: what the microscope must show."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from mnistviz.engine.network import Network

Array = NDArray[Any]


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def softmax(z: Array) -> Array:
    e: Array = np.exp(z - z.max())
    e /= e.sum()
    return e


HIDDEN: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.where(z > 0, z, 0.0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "leaky_relu": (lambda z: np.where(z > 0, z, 0.01 * z), lambda z: np.where(z > 0, 1.0, 0.01)),
}

OUTPUT: dict[str, Callable[[Array], Array]] = {"sigmoid": sigmoid, "softmax": softmax}
# By output and cost: the cost of one digit, and its δ, for a, y and the slope σ′(z)
COST: dict[
    tuple[str, str], tuple[Callable[[Array, Array], Array], Callable[[Array, Array, Array], Array]]
] = {
    ("sigmoid", "quadratic"): (lambda a, y: ((a - y) ** 2).sum() / 2, lambda a, y, slope: (a - y) * slope),
    ("sigmoid", "cross_entropy"): (
        lambda a, y: -(y * np.log(a) + (1 - y) * np.log(1 - a)).sum(),
        lambda a, y, slope: a - y,
    ),
    ("softmax", "cross_entropy"): (lambda a, y: -np.log(a[y == 1]).sum(), lambda a, y, slope: a - y),
}


def cost_of(output: str, cost: str, a: Array, y: Array) -> float:
    """The cost of one digit."""
    return float(COST[output, cost][0](a, y))


class PlainDigit(Struct):
    """What one digit does in a network, a list entry a layer: z, a (after the mask), f′(z), δ, and its gradients."""

    z: list[Array]
    a: list[Array]
    slope: list[Array]
    delta: list[Array]
    nabla_w: list[Array]
    nabla_b: list[Array]
    cost: float


def plain_digit(
    network: Network, parameters: Sequence[tuple[Array, Array]], x: Array, y: Array, masks: Sequence[Array]
) -> PlainDigit:
    """One digit, (n_in,), with target y, (K,), and a mask, (n,), for each hidden layer if there is dropout."""
    value, derivative = HIDDEN[network.activation]
    z_of, a_of, slopes, below = [], [], [], x
    for layer, (w, b) in enumerate(parameters):
        z = w @ below + b
        if layer == len(parameters) - 1:
            below = OUTPUT[network.output](z)
            slope = below * (1 - below)
        else:
            below, slope = value(z), derivative(z)
            if masks:
                below = below * masks[layer]
        z_of.append(z)
        a_of.append(below)
        slopes.append(slope)
    deltas = [COST[network.output, network.cost][1](a_of[-1], y, slopes[-1])]  # BP1
    for layer in range(len(parameters) - 2, -1, -1):
        delta = parameters[layer + 1][0].T @ deltas[0] * slopes[layer]  # BP2
        deltas.insert(0, delta * masks[layer] if masks else delta)
    came = [x, *a_of[:-1]]
    nabla_w = [np.outer(delta, a) for delta, a in zip(deltas, came, strict=True)]  # BP4
    cost = cost_of(network.output, network.cost, a_of[-1], y)
    return PlainDigit(z_of, a_of, slopes, deltas, nabla_w, list(deltas), cost)  # BP3: ∂C/∂b = δ


def layers_of(parameters: Array, sizes: Sequence[int]) -> list[tuple[Array, Array]]:
    """Weights and biases of each layer, cut out of the one array by hand and in double precision."""
    weights, at = [], 0
    for n_in, n_out in pairwise(sizes):
        weights.append(parameters[at : at + n_in * n_out].reshape(n_out, n_in).astype(np.float64))
        at += n_in * n_out
    found = []
    for w in weights:
        found.append((w, parameters[at : at + len(w)].astype(np.float64)))
        at += len(w)
    return found
