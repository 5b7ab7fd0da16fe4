"""The book's network, one digit at a time and in double precision: what the fast one must equal."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import DigitSet

Array = NDArray[Any]


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


class PlainNetwork:
    """A network as chapter 1 of the book describes it."""

    def __init__(self, weights: Sequence[Array], biases: Sequence[Array]) -> None:
        self.weights = [w.astype(np.float64) for w in weights]
        self.biases = [b.astype(np.float64) for b in biases]

    def feedforward(self, a: Array) -> Array:
        for w, b in zip(self.weights, self.biases, strict=True):
            a = sigmoid(w @ a + b)
        return a

    def cost(self, x: Array, y: Array) -> float:
        """The quadratic cost of one digit."""
        return 0.5 * float(np.sum((self.feedforward(x) - y) ** 2))

    def backprop(self, x: Array, y: Array) -> tuple[list[Array], list[Array]]:
        """The gradient of one digit's cost, layer by layer."""
        activations = [x]
        for w, b in zip(self.weights, self.biases, strict=True):
            activations.append(sigmoid(w @ activations[-1] + b))
        nabla_b: list[Array] = []
        nabla_w: list[Array] = []
        error = activations[-1] - y
        for layer in reversed(range(len(self.weights))):
            a = activations[layer + 1]
            delta = error * a * (1 - a)
            nabla_b.insert(0, delta)
            nabla_w.insert(0, np.outer(delta, activations[layer]))
            error = self.weights[layer].T @ delta
        return nabla_b, nabla_w

    def update_mini_batch(self, batch: list[tuple[Array, Array]], eta: float) -> float:
        """One step downhill; returns the mean cost of the mini-batch before it."""
        cost = sum(self.cost(x, y) for x, y in batch) / len(batch)
        gradients = [self.backprop(x, y) for x, y in batch]
        for layer in range(len(self.weights)):
            self.biases[layer] = self.biases[layer] - eta / len(batch) * sum(g[0][layer] for g in gradients)
            self.weights[layer] = self.weights[layer] - eta / len(batch) * sum(g[1][layer] for g in gradients)
        return cost


def pairs(digits: DigitSet, numbers: Array) -> list[tuple[Array, Array]]:
    """Digits as (grey values, target) one by one."""
    found = []
    for number in numbers:
        target = np.zeros(10)
        target[digits.labels[number]] = 1
        found.append((digits.images[number] / 255.0, target))
    return found
