"""A network at one step of a run, and what it answered there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings

SetName = Literal["training", "validation", "test"]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What the network of one moment answered to the digits of one set, from the first digit on."""

    set: SetName
    step: int
    digits: int  # consumed since the start of the run
    predictions: NDArray[np.uint8]
    right: int

    @property
    def accuracy(self) -> float:
        return self.right / len(self.predictions)


@dataclass(frozen=True)
class Best:
    """The weights of a run that read the most validation digits at the end of an epoch."""

    step: int
    epoch: int
    accuracy: float


@dataclass(frozen=True, eq=False)
class Moment:
    """A network at one step of a run: what views draw."""

    run: int
    step: int
    digits: int  # consumed since the start of the run
    network: Network
    settings: Settings
    initial: Network  # the one that the run began with
    kind: Literal["live", "exact", "near"] = "live"

    def same_as(self, other: Moment | None) -> bool:
        """Whether both are of one step and one network: it may be handed over several times, as a copy or not."""
        if other is None:
            return False
        places = [(moment.run, moment.step, moment.kind) for moment in (self, other)]
        return places[0] == places[1] and self.network is other.network
