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
        """Whether a moment is the one that it stands for, perhaps handed over as another copy."""
        of = self.of
        if of.same_as(moment):
            return True
        same = (of.run, of.step, of.kind, of.frozen) == (moment.run, moment.step, moment.kind, moment.frozen)
        return same and np.array_equal(of.network.parameters, moment.network.parameters)
