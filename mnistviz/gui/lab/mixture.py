"""A mixture of two networks that is shown in place of the run's."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from mnistviz.engine.moment import Moment
from mnistviz.gui.lab.stand_in import StandIn


@dataclass(frozen=True, eq=False)
class Mixture(StandIn):
    """(1 − t)·A + t·B with `share` t, where B is the checkpoint `of` the selected run. `names` are those of the two."""

    a: Moment
    share: float
    names: tuple[str, str]

    @cached_property
    def moment(self) -> Moment:
        """The checkpoint with the mixed weights; everything else is that of B."""
        from mnistviz.engine.mistakes.mixing import mixed_moment  # late: the window opens sooner

        return mixed_moment(self.of, self.a, 1 - self.share)
