"""A network at one step of a run, and what it answered there."""

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
    """What the network of one moment answered to the digits of one set.

    `digits` were consumed since the start of the run. `predictions`, uint8 (n,), are for the first n of the `of`
    digits of the set, and `right` of them are what the digits are. It is `complete` where no more digits of the set
    are ever read: all of them, but of the training digits the first thousand. `outputs`, float32 (n,), is for each
    digit the value of the output that won; None where a file of an older version doesn't say.
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
        """How many digits of the set were read, if not all of them; 0 for all."""
        read = len(self.predictions)
        return read if read < self.of else 0

    @property
    def accuracy(self) -> float:
        """The share of them that are right, 0 to 1."""
        return self.right / len(self.predictions)


@dataclass(frozen=True)
class Best:
    """When a run read the most validation digits at the end of an epoch.

    `epoch` is how many were complete then, and `accuracy` the share that it read, 0 to 1.
    """

    step: int
    epoch: int
    accuracy: float


@dataclass(frozen=True, eq=False)
class Moment:
    """A network at one step of the run of that number: what views draw. Nobody changes it.

    `digits` were consumed since the start of the run, `settings` are those of the next mini-batch, and `initial`
    is the network that the run began with. `kind` says whether this is the newest moment of the run ("live"),
    a past one ("exact"), or one beside that which was asked for ("near"). A mixture of two networks ("mixed") and a
    copy that was changed by hand ("copy") are no moments of a run. The units that do not learn then are
    `frozen`.
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
        """Whether both are one moment, handed over again: the very same network at one step. A copy is another."""
        if other is None:
            return False
        places = [(moment.run, moment.step, moment.kind) for moment in (self, other)]
        return places[0] == places[1] and self.network is other.network
