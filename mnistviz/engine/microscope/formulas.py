"""The four formulas of backpropagation, (BP1) to (BP4) of Nielsen's second chapter, with the numbers of a mini-batch.

Layers are numbered as `Network.weights` are: layer 0 is the first after the input.
"""

import numpy as np
from msgspec import Struct

from mnistviz.engine.functions import Array, quietly
from mnistviz.engine.microscope.mini_batch import MiniBatch
from mnistviz.engine.network import Unit


class OutputError(Struct, frozen=True):
    """(BP1), the error δ of an output, and its terms: `error` is a − y, `derivative` ∂C/∂a and `slope` σ′(z).
    `delta_error` bounds the float32 rounding error of δ."""

    a: float
    y: float
    error: float
    derivative: float
    slope: float
    delta: float
    delta_error: float


class BackError(Struct, frozen=True, eq=False):
    """(BP2), the error δ of a hidden unit: the sum of weight × δ over the k units of the next layer, times f′(z), and
    with dropout times the mask. `weights`, `deltas` and their `products` are (k,), and `total` is the sum of the
    products. `mask` is 1 without dropout. Bounds of float32 rounding errors have `_error` in their names."""

    weights: Array
    deltas: Array
    products: Array
    total: float
    slope: float
    mask: float
    delta: float
    deltas_error: Array
    products_error: Array
    total_error: float
    delta_error: float


class GradientTerms(Struct, frozen=True, eq=False):
    """(BP4), ∂C/∂w = a · δ, and (BP3), ∂C/∂b = δ, where the `activation` is 1: for each requested sample, (j,).
    `gradient` is the mean of the products. `deltas_error` and `gradient_error` bound their float32 rounding errors."""

    activations: Array
    deltas: Array
    gradient: float
    deltas_error: Array
    gradient_error: float

    @property
    def products(self) -> Array:
        """Gradient of each sample's own cost, (j,)."""
        return self.activations * self.deltas


class WeightStep(Struct, frozen=True):
    """Change of one weight or bias from `before` to `after` by gradient, momentum and decay; `rounding` is what the
    last bit leaves. `gradient_error` bounds the rounding error of `gradient`."""

    before: float
    gradient: float
    momentum: float
    decay: float
    rounding: float
    after: float
    gradient_error: float


class StepScale(Struct, frozen=True):
    """The `largest` change of a weight of a layer, and the root mean square of its `weights` before the step."""

    largest: float
    weights: float


def output_error(batch: MiniBatch, digit: int, output: int) -> OutputError:
    layer = batch.layers[-1]
    a, y = float(layer.a[digit, output]), float(batch.y[digit, output])
    derivative = float(batch.before.cost_derivative(layer.a[digit], batch.y[digit])[output])
    slope, delta, delta_error = (
        float(each[digit, output]) for each in (layer.slope, layer.delta, layer.delta_error)
    )
    return OutputError(a, y, a - y, derivative, slope, delta, delta_error)


@quietly
def back_error(batch: MiniBatch, digit: int, hidden: Unit) -> BackError:
    layer, unit = hidden.layer - 1, hidden.number
    values = batch.layers[layer]
    weights, next_layer = batch.before.weights[layer + 1][:, unit], batch.layers[layer + 1]
    deltas, off = next_layer.delta[digit], next_layer.delta_error[digit]
    products = weights * deltas
    products_off = np.abs(weights) * off + _epsilon(batch) * np.abs(products)
    mask = float(batch.masks[layer][digit, unit]) if batch.masks else 1.0
    slope, delta, own = (
        float(each[digit, unit]) for each in (values.slope, values.delta, values.delta_error)
    )
    sums = float(products.sum()), slope, mask, delta
    return BackError(weights, deltas, products, *sums, off, products_off, float(products_off.sum()), own)


@quietly
def gradient_terms(batch: MiniBatch, digit: int | None, unit: Unit, place: int | None) -> GradientTerms:
    """Return the gradient of weight `place` of a unit, or of its bias if None: for one sample, or for all."""
    digits = slice(None) if digit is None else slice(digit, digit + 1)
    values = batch.layers[unit.layer - 1]
    deltas, off = values.delta[digits, unit.number], values.delta_error[digits, unit.number]
    activations = np.ones_like(deltas) if place is None else batch.inputs_of(unit.layer - 1)[digits, place]
    products = activations * deltas
    gradient_off = np.mean(np.abs(activations) * off + _epsilon(batch) * np.abs(products))
    return GradientTerms(activations, deltas, float(np.mean(products)), off, float(gradient_off))


def _epsilon(batch: MiniBatch) -> float:
    return float(np.finfo(batch.before.dtype).eps)


def weight_step(batch: MiniBatch, unit: Unit, place: int | None) -> WeightStep:
    """Return the change of the weight of input `place` of a unit, or of its bias if `place` is None."""
    layer, number = unit.layer - 1, unit.number
    kind, at = (1, (number,)) if place is None else (0, (number, place))
    names = ("gradient", "momentum", "decay", "rounding")
    gradient, momentum, decay, rounding = (
        float(batch.parts.of_layer(name, layer)[kind][at]) for name in names
    )
    before, after = (
        float((network.biases if place is None else network.weights)[layer][at])
        for network in (batch.before, batch.after)
    )
    off = batch.eta * gradient_terms(batch, None, unit, place).gradient_error
    return WeightStep(before, gradient, momentum, decay, rounding, after, off)


@quietly
def step_scales(batch: MiniBatch) -> tuple[StepScale, ...]:
    """Return the size of the step in each layer relative to its weights."""
    return tuple(
        StepScale(
            float(abs(batch.parts.of_layer("moved", layer)[0]).max()),
            float(np.sqrt(np.mean(np.square(w, dtype=np.float64)))),
        )
        for layer, w in enumerate(batch.before.weights)
    )
