"""What is full: of the bars, the lines and the colours. No stroke changes it, only the network does."""

from __future__ import annotations

import math

import numpy as np

from mnistviz.engine.health import Health, LayerHealth
from mnistviz.engine.network import Network
from mnistviz.gui.network.bars import AnswerScale, answer_scale
from mnistviz.gui.network.colour_scale import ColourScales
from mnistviz.gui.network.selection import Unit


class Scales:
    """Made from a network and its last health check. Before the first, what it would tell is 1."""

    def __init__(self) -> None:
        self.colours = ColourScales()
        self._network: Network | None = None
        self._health: Health | None = None

    def take(self, network: Network, health: Health | None) -> bool:
        """Goes over to this network and health; whether the health is the same as before."""
        same, self._network, self._health = health is self._health, network, health
        return same

    def forget(self) -> None:
        """Forgets the network."""
        self._network = self._health = None
        self.colours.forget()

    def answers(self, layer: int) -> AnswerScale:
        """How the answers of a layer become bars."""
        network, known = self._network, self._known(layer)
        if network is None:
            return AnswerScale(0, 1)
        function = network.output if layer == len(network.sizes) - 1 else network.activation
        return answer_scale(function, 0.0 if known is None else known.full_answer)

    def full_contribution(self) -> float:
        """What fills half of a bar of what a unit says."""
        full = 0.0 if self._health is None else self._health.full_contribution
        return full if full > 0 and math.isfinite(full) else 1.0

    def full_passed(self, layer: int) -> float:
        """What a line from a unit of the layer counts in full: at the outputs as its bar, else a strong weight times
        a strong answer."""
        network = self._network
        if network is None or layer == len(network.sizes) - 2:
            return self.full_contribution()
        return self.colours.fit(layer + 1, False, network.weights[layer], None) * self.answers(layer).full

    def stripes(self, unit: Unit | None) -> list[float] | None:
        """What a hidden unit answers on average to the digits of each class, as shares of a bar; None if it is not
        known."""
        known = None if unit is None else self._known(unit[0])
        if unit is None or known is None or self._network is None or unit[0] == len(self._network.sizes) - 1:
            return None
        mean, scale = known.mean_answers[:, unit[1]].astype(float), self.answers(unit[0])
        if not np.isfinite(mean).all():
            return None
        return [scale.zero + (1 - scale.zero) * each / scale.full for each in mean.tolist()]

    def digits_a_unit(self, layer: int) -> float:
        """To the digits of how many classes a unit of the layer answers on average; 0 if that is not known."""
        known = self._known(layer)
        return 0.0 if known is None else known.digits_a_unit

    def _known(self, layer: int) -> LayerHealth | None:
        if self._health is None or len(self._health.layers) < layer:
            return None
        return self._health.layers[layer - 1]
