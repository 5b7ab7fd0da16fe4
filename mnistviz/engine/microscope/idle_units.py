"""Importance of each unit of a layer: it is switched off, and the lost correct predictions are counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import DigitSet, grey_values
from mnistviz.engine.evaluation import pieces
from mnistviz.engine.functions import Array, quietly
from mnistviz.engine.network import Network


@dataclass(frozen=True, eq=False)
class UnitRanking:
    """The n units of a hidden layer by the predictions without each of them, (n,): how many more are `lost` than won,
    and how many `differ`. With all units `right` of the samples are correct, `of` so many."""

    lost: NDArray[np.int64]
    differ: NDArray[np.int64]
    right: int
    of: int

    @property
    def order(self) -> NDArray[np.intp]:
        """The units, the most removable first."""
        return np.lexsort((self.differ, self.lost))


@quietly
def rank_units(
    network: Network,
    layer: int,
    digits: DigitSet,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], object] = lambda done, of: None,
) -> UnitRanking | None:
    """Switch off each unit of a hidden layer in turn, layer 1 the first, and evaluate all of `digits`. `progress`
    receives the samples evaluated, each once per unit, and their total. None once `cancelled()`."""
    units = network.sizes[layer]
    lost, differ, right = np.zeros(units, np.int64), np.zeros(units, np.int64), 0
    done, of = 0, units * len(digits)
    for piece in pieces(network, digits):
        a = network.activations(grey_values(piece.images), layer)[-1].T
        whole = _read_on(network, layer, a)
        right_here = int(np.count_nonzero(whole == piece.labels))
        right += right_here
        for unit in range(units):
            if cancelled():
                return None
            original = a[unit].copy()
            a[unit] = 0
            predictions = _read_on(network, layer, a)
            a[unit] = original
            lost[unit] += right_here - np.count_nonzero(predictions == piece.labels)
            differ[unit] += np.count_nonzero(predictions != whole)
            done += len(piece)
            progress(done, of)
    return UnitRanking(lost, differ, right, of // units)


def _read_on(network: Network, layer: int, a: Array) -> NDArray[np.intp]:
    """Return the predictions from the activations `a` of a layer, (n, m): (m,)."""
    for number in range(layer, len(network.weights)):
        z = network.weights[number].dot(a)
        z += network.biases[number][:, np.newaxis]
        a = network.functions[number].value(z)
    predictions: NDArray[np.intp] = a.argmax(axis=0)
    return predictions
