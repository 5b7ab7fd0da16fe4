"""Ranking of a set by the weighted input of one unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import DigitSet, grey_values
from mnistviz.engine.functions import ACTIVATIONS, quietly
from mnistviz.engine.network import Network


@dataclass(frozen=True, eq=False)
class Extremes:
    """The samples with the highest and the lowest weighted input of a unit, the most extreme first. `most` and `least`
    are indices into the set (intp), with the weighted inputs z and the activations of the unit. `of` is the number of
    samples ranked."""

    of: int
    most: NDArray[np.intp]
    most_inputs: NDArray[Any]
    most_activations: NDArray[Any]
    least: NDArray[np.intp]
    least_inputs: NDArray[Any]
    least_activations: NDArray[Any]


def _never() -> bool:
    return False


@quietly
def extreme_digits(
    network: Network,
    layer: int,
    unit: int,
    digit_set: DigitSet,
    count: int,
    cancelled: Callable[[], bool] = _never,
    chunk: int = 1000,
) -> Extremes | None:
    """Return the `count` samples of `digit_set` with the highest and with the lowest weighted input z.

    They are ranked by z and not by the activation: a saturated sigmoid gives exactly 1 for hundreds of samples, and z
    still distinguishes them. Samples of equal z keep the order of the set. None if `cancelled()` between two chunks.
    Layers are numbered as in `weighted_inputs`.
    """
    z = weighted_inputs(network, layer, unit, digit_set.images, cancelled, chunk)
    if z is None:
        return None
    value = ACTIVATIONS[network.activation].value
    most = np.argsort(-z, kind="stable")[:count]
    least = np.argsort(z, kind="stable")[:count]
    return Extremes(
        of=len(z),
        most=most,
        most_inputs=z[most],
        most_activations=value(z[most], np.empty_like(z[most])),
        least=least,
        least_inputs=z[least],
        least_activations=value(z[least], np.empty_like(z[least])),
    )


@quietly
def weighted_inputs(
    network: Network,
    layer: int,
    unit: int,
    images: NDArray[np.uint8],
    cancelled: Callable[[], bool] = _never,
    chunk: int = 1000,
) -> NDArray[Any] | None:
    """Return the weighted input z = w·a + b of one unit for each of `images`, bytes of shape (n, 784): shape (n,).
    Layer 1 is the first after the input, as in `network.sizes`, and `unit` counts from 0. Only the layers before the
    unit are computed, `chunk` samples at a time; None if `cancelled()` between two chunks."""
    if not 1 <= layer < len(network.sizes) or not 0 <= unit < network.sizes[layer]:
        raise IndexError(f"no unit {unit} in layer {layer} of {network.sizes}")
    w, b = network.weights[layer - 1][unit], network.biases[layer - 1][unit]

    z = np.empty(len(images), dtype=network.dtype)
    grey = np.empty((chunk, images.shape[1]), dtype=np.float32)
    for start in range(0, len(images), chunk):
        if cancelled():
            return None
        some = images[start : start + chunk]
        a = network.activations(grey_values(some, out=grey[: len(some)]), layer - 1)[-1]
        np.dot(w, a.T, out=z[start : start + len(some)])
    z += b
    return z
