"""A network at one step of a run, and its evaluations there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.network import Network, Unit
from mnistviz.engine.settings import Settings

SetName = Literal["training", "validation", "test"]
MomentKind = Literal["live", "exact", "near", "mixed", "copy"]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Predictions of a network at one step for a set.

    `digits` samples were consumed since the start of the run. `predictions`, uint8 (n,), are for the first n of the
    `of` samples of the set, and `right` of them are correct. It is `complete` if no more samples of the set are ever
    evaluated: all of them, or the first thousand training samples. `outputs`, float32 (n,), are the values of the
    winning outputs; None in a file of an older version.
    """

    set: SetName
    step: int
    digits: int
    predictions: NDArray[np.uint8]
    right: int
    of: int = 0
    complete: bool = True
    outputs: NDArray[np.float32] | None = None

    @property
    def part(self) -> int:
        """Number of samples evaluated if not the whole set; 0 for the whole set."""
        read = len(self.predictions)
        return read if read < self.of else 0

    @property
    def accuracy(self) -> float:
        """Share of correct predictions, 0 to 1."""
        return self.right / len(self.predictions)


@dataclass(frozen=True)
class Best:
    """The step of a run with the highest validation accuracy at the end of an epoch. `epoch` is the number of complete
    epochs then, and `accuracy` is 0 to 1."""

    step: int
    epoch: int
    accuracy: float


@dataclass(frozen=True, eq=False)
class Moment:
    """A network at one step of the run with that number: what views draw. Immutable.

    `digits` samples were consumed since the start of the run, `settings` are those of the next mini-batch, `initial`
    is the network that the run began with, and `frozen` are the units that do not learn. `kind` is the newest step of
    the run ("live"), a past one ("exact"), or one near the requested step ("near"). A mixture of two networks
    ("mixed") and a manually changed copy ("copy") are no steps of a run.
    """

    run: int
    step: int
    digits: int
    network: Network
    settings: Settings
    initial: Network
    kind: MomentKind = "live"
    frozen: tuple[Unit, ...] = ()

    def same_as(self, other: Moment | None) -> bool:
        """Return True if both are the same network at the same step, handed over again. A copy is different."""
        if other is None:
            return False
        places = [(moment.run, moment.step, moment.kind) for moment in (self, other)]
        return places[0] == places[1] and self.network is other.network
