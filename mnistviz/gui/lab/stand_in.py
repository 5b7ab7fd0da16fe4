"""What is shown in the place of the moment of a run and belongs to no run: a network that nothing learns from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from mnistviz.engine.moment import Moment


@dataclass(frozen=True, eq=False)
class StandIn(ABC):
    """Stands in the place `of` a moment of the selected run, as long as that is the one to be shown."""

    of: Moment

    @property
    @abstractmethod
    def moment(self) -> Moment:
        """What is drawn on. What else it says, such as the step, is told of the run's moment."""

    def is_for(self, moment: Moment) -> bool:
        """Whether a moment is the one that it stands for."""
        return is_the_same(self.of, moment)


def is_the_same(one: Moment, other: Moment) -> bool:
    """Whether both are one moment, of the same weights to the last bit, perhaps handed over as another copy."""
    if one.same_as(other):
        return True
    same = (one.run, one.step, one.kind, one.frozen) == (other.run, other.step, other.kind, other.frozen)
    return same and np.array_equal(one.network.parameters, other.network.parameters)
