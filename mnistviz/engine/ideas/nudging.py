"""One weight of a copy of a network is changed: the outputs, and their first-order prediction. All is for one sample,
(n_in,). Layers are numbered as in `Network.sizes`, 0 the input; units and inputs from 0. In the network's own
dtype."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import grey_values
from mnistviz.engine.functions import ACTIVATIONS, OUTPUTS, Array, quietly
from mnistviz.engine.network import Network


@dataclass(frozen=True)
class Weight:
    """The weight from unit `source` of the layer before to unit `unit` in layer `layer`."""

    layer: int
    unit: int
    source: int

    def of(self, network: Network) -> float:
        return float(network.weights[self.layer - 1][self.unit, self.source])


@dataclass(frozen=True, eq=False)
class WeightNudge:
    """The outputs before and after, (n_out,), and `promised`, their first-order change, ∂a/∂w · Δw."""

    before: Array
    after: Array
    promised: Array

    @property
    def moved(self) -> Array:
        """Actual change of each output, (n_out,)."""
        return self.after - self.before

    @property
    def verdicts(self) -> tuple[int, int]:
        """The predictions before and after."""
        return int(self.before.argmax()), int(self.after.argmax())


class NudgedCopy:
    """A copy of a network of which one weight at a time is changed. The network itself is only read, once."""

    def __init__(self, network: Network) -> None:
        self._network = network.copy()

    @quietly
    def nudge(self, x: Array, weight: Weight, by: float) -> WeightNudge:
        """Add `by` to one weight, for the sample x, (n_in,), and return the outputs. The copy is restored at the
        end."""
        network = self._network
        activations = [layer[0] for layer in network.activations(self._row(x))]
        slopes = output_slopes(network, activations, weight.layer)[:, weight.unit]
        promised: Array = slopes * activations[weight.layer - 1][weight.source] * by
        place = network.weights[weight.layer - 1][weight.unit]
        original = place[weight.source].copy()
        place[weight.source] += by
        after = network.feedforward(x)
        place[weight.source] = original
        return WeightNudge(activations[-1], after, promised)

    def strongest(self, x: Array, layer: int) -> Weight:
        """Return the weight of a layer with the largest first-order effect on any output."""
        activations = [each[0] for each in self._network.activations(self._row(x))]
        slopes = np.abs(output_slopes(self._network, activations, layer)).max(axis=0)
        return Weight(layer, int(slopes.argmax()), int(np.abs(activations[layer - 1]).argmax()))

    def least_sure(self, images: NDArray[np.uint8]) -> int:
        """Return which of some images, (m, n_in) as bytes, has the lowest largest output."""
        return int(self._network.feedforward(grey_values(images)).max(axis=1).argmin())

    def _row(self, x: Array) -> Array:
        return np.asarray(x, self._network.dtype)[np.newaxis]


@quietly
def output_slopes(network: Network, activations: list[Array], layer: int) -> Array:
    """Return ∂a/∂z, (n_out, n): of every output by the weighted input of every unit in `layer`. It is backpropagation,
    (BP2), from all outputs at once instead of from the cost. `activations` are those of each layer for one sample, a
    list of (n,), the input first."""
    slopes = OUTPUTS[network.output].slopes(activations[-1])
    derivative = ACTIVATIONS[network.activation].derivative
    for above in range(len(network.weights) - 1, layer - 1, -1):
        a = activations[above]
        slopes = slopes @ network.weights[above] * derivative(a, np.empty_like(a))
    return np.asarray(slopes, network.dtype)
