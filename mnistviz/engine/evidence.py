"""Contributions of units to those after them for one sample, weight × activation; and samples ranked by z of a unit.

`activations` are those of each layer for the sample, a list of (n,), the input first: row 0 of `Network.activations`.
Layers are numbered as in `Network.sizes`, 0 the input, and units from 0. The functions are pure, in the network's
dtype; displayed sums are in float64. After divergence results may not be finite: check `finite` first, and
`Contributions.z`, since infinite weights can give finite activations.
"""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct

from mnistviz.engine.cancelling import Cancelled, check, never
from mnistviz.engine.digits import DigitSet, grey_values
from mnistviz.engine.functions import ACTIVATIONS, Array, Bytes, Numbers, quietly
from mnistviz.engine.network import Network, Unit


class Contributions(Struct, frozen=True, eq=False, dict=True):
    """Contributions of the units of the last hidden layer to one output. `contributions`, (n,), and the `bias` add up
    to `z`. With softmax only differences between outputs matter, so all three are those of the output minus its
    `rival`, another output; else `rival` is None."""

    output: int
    rival: int | None
    contributions: Array
    bias: float

    @cached_property
    def in_favour(self) -> float:
        return float(np.maximum(self.contributions, 0).sum(dtype=np.float64))

    @cached_property
    def against(self) -> float:
        """Sum of the negative contributions, 0 or below."""
        return float(np.minimum(self.contributions, 0).sum(dtype=np.float64))

    @property
    def z(self) -> float:
        """The weighted input of the output; with a rival, less that of the rival."""
        return self.in_favour + self.against + self.bias


@quietly
def said(
    network: Network, activations: Sequence[Array], output: int, rival: int | None = None
) -> Contributions:
    """Return the contributions of the last layer before the outputs to `output`; without hidden layers, of the pixels.
    With softmax they are for `output` less `rival`, by default the strongest other output by weighted input, which
    differs even where softmax rounds to 0. For other outputs `rival` is ignored."""
    w, b, a = network.weights[-1], network.biases[-1], activations[-2]
    if not network.functions[-1].shares or len(w) == 1:
        return Contributions(output, None, w[output] * a, float(b[output]))
    if rival is None:
        z = w @ a + b
        z[output] = -np.inf
        rival = int(z.argmax())
    return Contributions(output, rival, (w[output] - w[rival]) * a, float(b[output]) - float(b[rival]))


@quietly
def contributions_to(network: Network, activations: Sequence[Array], layer: int, unit: int) -> Array:
    """Return the contributions of the layer before to one unit: (n_in,). With its bias they add up to its z. For a
    unit in layer 1 they are the contributions of the pixels."""
    return np.asarray(network.weights[layer - 1][unit] * activations[layer - 1])


@quietly
def outgoing(
    network: Network, activations: Sequence[Array], layer: int, unit: int, most: int = 10
) -> list[tuple[int, float]]:
    """Return a unit's contributions to the next layer, as pairs (number, weight × activation). The `most` largest by
    magnitude, largest first; equal ones by number, and none that is exactly 0. Empty for an output."""
    if layer == len(network.weights):
        return []
    passed = network.weights[layer][:, unit] * activations[layer][unit]
    strongest = np.argsort(-np.abs(passed), kind="stable")[:most]
    return [(int(number), float(passed[number])) for number in strongest if passed[number] != 0]


class Path(Struct, frozen=True):
    """Units from the last hidden layer down; `complete` if they reach layer 1."""

    units: tuple[Unit, ...]
    complete: bool


def path(network: Network, activations: Sequence[Array], output: int, rival: int | None = None) -> Path:
    """Trace `output` back: in each layer, the unit that contributes most to the one chosen after it. At the outputs
    the contribution is that of `said`, with softmax to the difference. The path ends where no contribution is above 0.
    Of equal ones the first is taken."""
    units: list[Unit] = []
    contributions = said(network, activations, output, rival).contributions
    for layer in range(len(network.weights) - 1, 0, -1):
        unit = int(contributions.argmax())
        if not contributions[unit] > 0:
            return Path(tuple(units), False)
        units.append(Unit(layer, unit))
        contributions = contributions_to(network, activations, layer, unit)
    return Path(tuple(units), True)


def finite(activations: Sequence[Array]) -> bool:
    return all(bool(np.isfinite(a).all()) for a in activations)


class Extremes(Struct, frozen=True, eq=False):
    """The samples with the highest and the lowest weighted input of a unit, the most extreme first. `most` and `least`
    are indices into the set (intp), with the unit's z and activations. `of` samples were ranked."""

    of: int
    most: Numbers
    most_inputs: Array
    most_activations: Array
    least: Numbers
    least_inputs: Array
    least_activations: Array


@quietly
def extreme_digits(
    network: Network,
    layer: int,
    unit: int,
    digit_set: DigitSet,
    count: int,
    cancelled: Cancelled = never,
    chunk: int = 1000,
) -> Extremes:
    """Return the `count` samples of `digit_set` with the highest and with the lowest weighted input z.

    They are ranked by z and not by the activation: a saturated sigmoid gives exactly 1 for hundreds of samples, and z
    still distinguishes them. Samples of equal z keep the order of the set. Layers are numbered as in
    `weighted_inputs`. Raise `Withdrawn` once `cancelled()`.
    """
    z = weighted_inputs(network, layer, unit, digit_set.images, cancelled, chunk)
    value = ACTIVATIONS[network.activation].value
    most, least = (np.argsort(side, kind="stable")[:count] for side in (-z, z))
    return Extremes(len(z), most, z[most], value(z[most]), least, z[least], value(z[least]))


@quietly
def weighted_inputs(
    network: Network, layer: int, unit: int, images: Bytes, cancelled: Cancelled = never, chunk: int = 1000
) -> Array:
    """Return the weighted input z = w·a + b of one unit for each of `images`, bytes of shape (n, 784): shape (n,).
    Layer 1 is the first after the input, as in `network.sizes`, and `unit` counts from 0. Only the layers before the
    unit are computed, `chunk` samples at a time. Raise `Withdrawn` once `cancelled()`."""
    if not 1 <= layer < len(network.sizes) or not 0 <= unit < network.sizes[layer]:
        raise IndexError(f"no unit {unit} in layer {layer} of {network.sizes}")
    w, b = network.weights[layer - 1][unit], network.biases[layer - 1][unit]

    z = np.empty(len(images), dtype=network.dtype)
    grey = np.empty((chunk, images.shape[1]), dtype=np.float32)
    for start in range(0, len(images), chunk):
        check(cancelled)
        some = images[start : start + chunk]
        a = network.activations(grey_values(some, out=grey[: len(some)]), layer - 1)[-1]
        np.dot(w, a.T, out=z[start : start + len(some)])
    z += b
    return z
