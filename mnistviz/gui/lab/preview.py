"""A network shown in place of the run's, which belongs to no run: nothing trains from it."""

from abc import abstractmethod
from functools import cached_property

import numpy as np
from msgspec import Struct

from mnistviz.engine.moment import Moment


class Preview(Struct, frozen=True, eq=False):
    """A preview in place `of` a checkpoint of the selected run, as long as that would be shown."""

    of: Moment

    @property
    @abstractmethod
    def moment(self) -> Moment:
        """The network that is shown. The rest, such as the step, is that of the run's checkpoint."""

    def is_for(self, moment: Moment) -> bool:
        return is_the_same(self.of, moment)


def is_the_same(one: Moment, other: Moment) -> bool:
    """Return True if both are the same checkpoint, with exactly the same weights, perhaps as another copy."""
    if one.same_as(other):
        return True
    same = (one.run, one.step, one.kind, one.frozen) == (other.run, other.step, other.kind, other.frozen)
    return same and np.array_equal(one.network.parameters, other.network.parameters)


class Mixture(Preview, frozen=True, eq=False, dict=True):
    """(1 − t)·A + t·B with `share` t, where B is the checkpoint `of` the selected run. `names` are those of the two."""

    a: Moment
    share: float
    names: tuple[str, str]

    @cached_property
    def moment(self) -> Moment:
        """The checkpoint with the mixed weights; everything else is that of B."""
        from mnistviz.engine.mistakes.mixing import mixed_moment  # late: the window opens sooner

        return mixed_moment(self.of, self.a, 1 - self.share)
