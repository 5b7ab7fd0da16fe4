"""How the layers of a network fare on some digits: saturated, dead, or reached by hardly any gradient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mnistviz.engine.digits import DigitSet, grey_values
from mnistviz.engine.functions import ACTIVATIONS
from mnistviz.engine.network import Network, Workspace

_FLAT = 0.04  # a slope below this share of the steepest counts as flat


@dataclass(frozen=True)
class LayerHealth:
    """Of one layer after the input.

    `saturated`: the share of its answers where f′(z) is near 0 (sigmoid and tanh). `dead`: the share of its
    neurons that answer 0 to every digit (ReLU). `gradient`: the length of ∂C/∂b, which Nielsen's chapter 5
    takes for the speed at which a layer learns.
    """

    saturated: float
    dead: float
    gradient: float


def examine(network: Network, digits: DigitSet) -> tuple[LayerHealth, ...]:
    """The health of each layer, on all of `digits` (some hundred are enough). The network is only read."""
    x = grey_values(digits.images).astype(network.dtype, copy=False)
    y = np.eye(network.sizes[-1], dtype=network.dtype)[digits.labels]
    work = Workspace(network, len(x))
    nabla_b, _ = network.backprop(x, y, work)
    found = []
    for layer, gradient in enumerate(nabla_b):
        a = work.activations[layer + 1]
        name = network.activation if layer < len(nabla_b) - 1 else network.output
        saturated = dead = 0.0
        if name in ("sigmoid", "tanh"):
            slopes = ACTIVATIONS[name].derivative(a, np.empty_like(a))
            steepest = 0.25 if name == "sigmoid" else 1.0
            saturated = float(np.mean(slopes < _FLAT * steepest))
        elif name == "relu":
            dead = float(np.mean(~(a > 0).any(axis=1)))
        found.append(LayerHealth(saturated, dead, float(np.linalg.norm(gradient.astype(np.float64)))))
    return tuple(found)
