"""The four formulas of backpropagation, (BP1) to (BP4) of Nielsen's second chapter, with the numbers of a mini-batch.

Layers are numbered as `Network.weights` are: layer 0 is the first after the input.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mnistviz.engine.functions import Array, quietly
from mnistviz.engine.microscope.mini_batch import MiniBatch


@dataclass(frozen=True)
class OutputError:
    """(BP1), the error δ of an output: (a − y) · σ′(z) where it goes `by_slope`, else a − y, as with cross-entropy.
    `error` is a − y."""

    a: float
    y: float
    error: float
    slope: float
    delta: float
    by_slope: bool


@dataclass(frozen=True, eq=False)
class BackError:
    """(BP2), the error δ of a hidden unit: what comes back from the k units of the next layer, the sum of weight × δ,
    times f′(z), and with dropout times the mask.

    `weights`, `deltas` and their `products` are (k,), and `total` is the sum of the products. `mask` is 1 without
    dropout.
    """

    weights: Array
    deltas: Array
    products: Array
    total: float
    slope: float
    mask: float
    delta: float


@dataclass(frozen=True, eq=False)
class GradientTerms:
    """(BP4), ∂C/∂w = a · δ, and (BP3), ∂C/∂b = δ, where the `activation` is 1: of each digit that is asked for, (j,).
    `gradient` is the mean of the products."""

    activations: Array
    deltas: Array
    gradient: float

    @property
    def products(self) -> Array:
        """The gradient of the own cost of each digit, (j,)."""
        return self.activations * self.deltas


@dataclass(frozen=True)
class WeightStep:
    """How one weight or bias moves: from `before` to `after` by what gradient, momentum and decay add; what the last
    bit leaves off is `rounding`."""

    before: float
    gradient: float
    momentum: float
    decay: float
    rounding: float
    after: float


@dataclass(frozen=True)
class StepScale:
    """How large a step is against the weights of a layer: its `largest` change of a weight, and the root of the mean
    square of the `weights` before it."""

    largest: float
    weights: float


def output_error(batch: MiniBatch, digit: int, output: int) -> OutputError:
    """The error of an output for one digit of the mini-batch."""
    made = batch.layers[-1]
    a, y = float(made.a[digit, output]), float(batch.y[digit, output])
    by_slope = batch.before.cost == "quadratic"
    return OutputError(
        a, y, a - y, float(made.slope[digit, output]), float(made.delta[digit, output]), by_slope
    )


@quietly
def back_error(batch: MiniBatch, digit: int, layer: int, unit: int) -> BackError:
    """The error of a hidden unit for one digit of the mini-batch."""
    made = batch.layers[layer]
    weights, deltas = batch.before.weights[layer + 1][:, unit], batch.layers[layer + 1].delta[digit]
    products = weights * deltas
    mask = float(batch.masks[layer][digit, unit]) if batch.masks else 1.0
    slope, delta = float(made.slope[digit, unit]), float(made.delta[digit, unit])
    return BackError(weights, deltas, products, float(products.sum()), slope, mask, delta)


@quietly
def gradient_terms(
    batch: MiniBatch, digit: int | None, layer: int, unit: int, place: int | None
) -> GradientTerms:
    """The gradient of one weight, that of input number `place` of a unit, or of its bias where that is None: for one
    digit of the mini-batch, or for all of them."""
    digits = slice(None) if digit is None else slice(digit, digit + 1)
    deltas = batch.layers[layer].delta[digits, unit]
    activations = np.ones_like(deltas) if place is None else batch.inputs_of(layer)[digits, place]
    return GradientTerms(activations, deltas, float(np.mean(activations * deltas)))


def weight_step(batch: MiniBatch, layer: int, unit: int, place: int | None) -> WeightStep:
    """How the weight of input number `place` of a unit moves, or its bias where that is None."""
    kind, at = (1, (unit,)) if place is None else (0, (unit, place))
    names = ("gradient", "momentum", "decay", "rounding")
    gradient, momentum, decay, rounding = (
        float(batch.parts.of_layer(name, layer)[kind][at]) for name in names
    )
    before, after = (
        float((network.biases if place is None else network.weights)[layer][at])
        for network in (batch.before, batch.after)
    )
    return WeightStep(before, gradient, momentum, decay, rounding, after)


@quietly
def step_scales(batch: MiniBatch) -> tuple[StepScale, ...]:
    """How large the step is in each layer, against its weights."""
    return tuple(
        StepScale(
            float(abs(batch.parts.of_layer("moved", layer)[0]).max()),
            float(np.sqrt(np.mean(np.square(w, dtype=np.float64)))),
        )
        for layer, w in enumerate(batch.before.weights)
    )
