"""A mixture of two networks that is shown in the place of a moment: it is no moment of a run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from mnistviz.engine.mistakes.mixing import mixed_moment
from mnistviz.engine.moment import Moment


@dataclass(frozen=True, eq=False)
class Mixture:
    """(1 − t)·A + t·B with `share` t, where `b` is the moment of the selected run and `a` the other one. `names` are
    what the two are called."""

    a: Moment
    b: Moment
    share: float
    names: tuple[str, str]

    @cached_property
    def moment(self) -> Moment:
        """The network to be drawn on. What else it says, such as the step, is B's, since it stands in its place."""
        return mixed_moment(self.b, self.a, 1 - self.share)
