"""Manual edits of weights and biases, and frozen units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.functions import quietly
from mnistviz.engine.network import Network, Unit
from mnistviz.engine.parameters import number_of_parameters, weights_and_biases

BIAS: Final = -1
"""The column that denotes the bias of a row."""
MOST_PLACES: Final = 10_000
"""Most places in one edit: more than the largest unit has."""


@dataclass(frozen=True)
class WeightEdit:
    """New `values` of weights or biases of one layer, numbered as in `Network.sizes`, at `places`: each (row, column)
    in the weights to the layer. Column −1 is the bias of the row."""

    layer: int
    places: tuple[tuple[int, int], ...]
    values: tuple[float, ...]

    def in_float32(self) -> WeightEdit:
        """Return the edit with values rounded to float32, each in its shortest form, without −0."""
        with np.errstate(over="ignore"):
            return replace(self, values=tuple(float(str(np.float32(value))) + 0.0 for value in self.values))

    @quietly
    def check(self, sizes: Sequence[int]) -> None:
        """Raise ValueError if a network with layers of these sizes can't be edited so."""
        if not 0 < self.layer < len(sizes) or len(self.places) != len(self.values):
            raise ValueError("there is no such layer, or not a value for each place")
        if not 0 < len(set(self.places)) == len(self.places) <= MOST_PLACES:
            raise ValueError(f"from 1 to {MOST_PLACES} places can be set, each once")
        rows, columns = sizes[self.layer], sizes[self.layer - 1]
        if not all(0 <= row < rows and BIAS <= column < columns for row, column in self.places):
            raise ValueError(f"a layer of {rows} units with {columns} inputs has no such weight")
        if not np.isfinite(np.array(self.values, np.float32)).all():
            raise ValueError("a weight must be a finite number")

    def apply(self, network: Network) -> None:
        """Set the weights and biases of a network in place. Raise ValueError as `check` does."""
        self.check(network.sizes)
        values = np.array(self.values, network.dtype)
        rows, columns = np.array(self.places, np.intp).T
        bias = columns == BIAS
        network.biases[self.layer - 1][rows[bias]] = values[bias]
        network.weights[self.layer - 1][rows[~bias], columns[~bias]] = values[~bias]


def switched_off(network: Network, unit: Unit) -> WeightEdit:
    """Return the edit that switches a hidden unit off: its outgoing weights become 0, as if its activation were."""
    rows = network.sizes[unit.layer + 1]
    return WeightEdit(unit.layer + 1, tuple((row, unit.number) for row in range(rows)), (0.0,) * rows)


def check_unit(unit: Unit, sizes: Sequence[int]) -> None:
    """Raise ValueError if a network with layers of these sizes has no such unit."""
    layer, number = unit
    if not 0 < layer < len(sizes) or not 0 <= number < sizes[layer]:
        raise ValueError(f"there is no unit {number} in layer {layer} of {sizes}")


def places_of(units: Iterable[Unit], sizes: Sequence[int]) -> NDArray[np.intp]:
    """Return the indices in `Network.parameters` of the incoming weights and biases of units, ascending: (k,)."""
    weights, biases = weights_and_biases(np.arange(number_of_parameters(sizes)), sizes)
    parts = [np.append(weights[layer - 1][unit], biases[layer - 1][unit]) for layer, unit in units]
    return np.sort(np.concatenate(parts)).astype(np.intp) if parts else np.empty(0, np.intp)
