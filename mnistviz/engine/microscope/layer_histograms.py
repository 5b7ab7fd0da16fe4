"""Histograms of the weighted inputs and activations of each layer, and its share of saturated or dead units."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import numpy as np
from msgspec import Struct

from mnistviz.engine.digits import grey_values
from mnistviz.engine.evaluation import FLAT
from mnistviz.engine.functions import Activation, Array, Bools, Bytes, Floats, Ints, quietly
from mnistviz.engine.network import Network
from mnistviz.engine.workspace import Workspace

Z_BINS: Final = 64
A_BINS: Final = 20
_BEYOND: Final = 0.005  # the share of values that may lie beyond the ends, half of it on each side


class LayerHistogram(Struct, frozen=True, eq=False):
    """Histograms of one layer after the input, over all its units and some samples.

    `z_counts`, int64 (b,), counts the weighted inputs in the bins with edges `z_edges`, (b + 1,); the first and last
    bin include what lies beyond. `a_counts` and `a_edges` are the same for the activations. Values that are not finite
    are not counted. `slopes`, (b,), are f′(z) in the middle of each bin of z, None for softmax, where it depends on
    the other outputs. `saturated` is the share of z where f′ is below a twenty-fifth of its maximum, 0 if f has no
    flat ends; `dead` the share of units whose activation is 0 for every sample. `weights` and `biases` are the mean
    |w| and |b| of the layer.
    """

    z_edges: Floats
    z_counts: Ints
    slopes: Floats | None
    a_edges: Floats
    a_counts: Ints
    saturated: float
    dead: float
    weights: float
    biases: float

    @property
    def flat(self) -> Bools:
        """The bins of z, (b,), in whose middle f is flat: units there learn next to nothing."""
        if self.slopes is None:
            return np.zeros(len(self.z_counts), np.bool_)
        return np.asarray(self.slopes < FLAT * self.slopes.max())


class _Passed(Struct, frozen=True, eq=False, dict=True):
    """A layer with its values for some samples, (units, m), and its weights."""

    function: Activation
    z: Array
    a: Array
    w: Array
    b: Array

    @cached_property
    def reach(self) -> float:
        """A power of 2 that almost no |z| exceeds."""
        return _reach(self.z)

    @cached_property
    def bounds(self) -> tuple[float, float]:
        """Bounds of the activations. Without an upper one, from `lowest` on: leaky ones are slightly negative."""
        return self.function.bounds or (self.function.lowest, _reach(self.a))


@quietly
def shared_histograms(networks: Sequence[Network], images: Bytes) -> tuple[tuple[LayerHistogram, ...], ...]:
    """Return the histograms of all layers after the input of several networks, for images as bytes, (m, n_in), at least
    one. Hidden layers of a number have the same edges, and outputs."""
    passed = [_passed(network, images) for network in networks]
    return tuple(
        tuple(_histogram(layer, _same(passed, layers, number)) for number, layer in enumerate(layers))
        for layers in passed
    )


def _passed(network: Network, images: Bytes) -> list[_Passed]:
    work = Workspace(network, len(images))
    x = grey_values(images).astype(network.dtype, copy=False)
    work.mean_cost(x, np.zeros((len(x), network.sizes[-1]), network.dtype))
    parts = network.functions, work.inputs, work.activations[1:], network.weights, network.biases
    return [_Passed(*layer) for layer in zip(*parts, strict=True)]


def _same(passed: list[list[_Passed]], layers: list[_Passed], number: int) -> list[_Passed]:
    """Return the layers of all networks that correspond to number `number` of `layers`."""
    if number == len(layers) - 1:
        return [others[-1] for others in passed]
    return [others[number] for others in passed if number < len(others) - 1]


def _histogram(layer: _Passed, same: list[_Passed]) -> LayerHistogram:
    """Return the histogram of a layer, with edges that fit all of `same`, which include it."""
    f, z, a = layer.function, layer.z, layer.a
    reach = max(each.reach for each in same)
    z_edges = np.linspace(-reach, reach, Z_BINS + 1)
    low, high = min(each.bounds[0] for each in same), max(each.bounds[1] for each in same)
    a_edges = np.linspace(low, high, A_BINS + 1)
    saturated, slopes = 0.0, None
    if f.bounds:
        saturated = float(np.mean(f.derivative(a) < FLAT * f.steepest))
    if not f.shares:
        slopes = f.derivative(f.value((z_edges[1:] + z_edges[:-1]) / 2))
    dead = float(np.mean(~a.any(axis=1)))
    means = [float(np.mean(np.abs(values), dtype=np.float64)) for values in (layer.w, layer.b)]
    return LayerHistogram(
        z_edges, _counts(z, z_edges), slopes, a_edges, _counts(a, a_edges), saturated, dead, *means
    )


def _reach(values: Array) -> float:
    """Return a power of 2, at least 1, that almost no value exceeds."""
    finite = np.abs(values[np.isfinite(values)])
    reach = float(np.quantile(finite, 1 - _BEYOND)) if finite.size else 1.0
    return float(2.0 ** np.ceil(np.log2(max(reach, 1.0))))


def _counts(values: Array, edges: Floats) -> Ints:
    """Count the finite values in each bin; the first and the last include what lies beyond."""
    low, high = float(edges[0]), float(edges[-1])
    # their range may exceed float32
    finite = np.clip(values[np.isfinite(values)].astype(np.float64), low, high)
    return np.asarray(np.histogram(finite, len(edges) - 1, (low, high))[0])
