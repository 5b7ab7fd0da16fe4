"""Activations for one drawing, and the scales of bars and lines, which depend only on the network."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.evaluation import Health, LayerHealth
from mnistviz.engine.evidence import Contributions, finite, said
from mnistviz.engine.network import Network, Unit
from mnistviz.gui.network.bars import BarScale, activation_scale

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Flow:
    """Activations of a network for one drawing.

    `activations` is a list of (n,) for each layer, the input first; `explained` holds the contributions of the last
    hidden layer to one output.
    """

    network: Network
    activations: list[Array]
    winner: int
    explained: Contributions

    @property
    def outputs(self) -> Array:
        return self.activations[-1]


def flow(network: Network, pixels: Array, output: int | None) -> Flow | None:
    """Return the activations for `pixels`, (1, n), with the contributions to `output`, or to the winner for None.
    Return None if a value is not finite."""
    activations = [layer[0] for layer in network.activations(pixels)]
    if not finite(activations[1:]):
        return None
    winner = int(activations[-1].argmax())
    contributions = said(network, activations, winner if output is None else output)
    return Flow(network, activations, winner, contributions) if np.isfinite(contributions.z) else None


@dataclass(frozen=True, eq=False)
class Scales:
    """Full values of bars and lines, from a network and its last activation statistics; 1 before there are any."""

    network: Network
    health: Health | None

    def bars(self, layer: int) -> BarScale:
        known, function = self._known(layer), self.network.functions[layer - 1]
        return activation_scale(function, 0.0 if known is None else known.full_answer)

    def full_contribution(self) -> float:
        """Return the contribution that fills half a bar."""
        full = 0.0 if self.health is None else self.health.full_contribution
        return full if full > 0 and math.isfinite(full) else 1.0

    def mean_activations(self, unit: Unit | None) -> list[float] | None:
        """Return the mean activation of a hidden unit for each class, or None if unknown."""
        known = None if unit is None else self._known(unit.layer)
        if unit is None or known is None or unit.layer == len(self.network.sizes) - 1:
            return None
        mean = known.mean_answers[:, unit.number].astype(float)
        return mean.tolist() if np.isfinite(mean).all() else None

    def stripes(self, unit: Unit | None) -> list[float] | None:
        """Return the mean activations of a unit as fractions of a bar, or None if unknown."""
        means = self.mean_activations(unit)
        if unit is None or means is None:
            return None
        scale = self.bars(unit.layer)
        return [scale.zero + (1 - scale.zero) * each / scale.full for each in means]

    def digits_a_unit(self, layer: int) -> float:
        """Return the mean number of classes that a unit of the layer responds to, or 0 if unknown."""
        known = self._known(layer)
        return 0.0 if known is None else known.digits_a_unit

    def _known(self, layer: int) -> LayerHealth | None:
        if self.health is None or len(self.health.layers) < layer:
            return None
        return self.health.layers[layer - 1]
