"""Mixtures of two networks: (1 − t)·A + t·B, weight by weight, and their accuracy along t."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from mnistviz.engine.cancelling import Cancelled, Counted, check, never, unheard
from mnistviz.engine.digits import DigitSet
from mnistviz.engine.functions import Floats, Ints, quietly
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network

MIXED_DIGITS: Final = 1_000  # evaluated by a mixture for the curve
COARSE_MIX: Final = tuple(k / 10 for k in range(11))  # places computed first
FINE_MIX: Final = tuple(k / 100 for k in range(101))  # places computed afterwards


class MixingCurve(Struct, frozen=True, eq=False):
    """Correct predictions, `right`, int64 (k,) of `of` samples, at the places `at`, (k,), from 0 for A to 1 for B."""

    at: Floats
    right: Ints
    of: int

    @property
    def accuracy(self) -> Floats:
        """Accuracies, 0 to 1, (k,)."""
        return self.right / self.of


def can_mix(a: Network, b: Network) -> bool:
    """Return True if two networks have the same layers and functions, so that their weights correspond."""
    return all(getattr(a, name) == getattr(b, name) for name in ("sizes", "activation", "output"))


@quietly
def mixed(a: Network, b: Network, t: float) -> Network:
    """Return (1 − t)·A + t·B: exactly A at 0, B at 1. Raise ValueError for incompatible networks."""
    if not can_mix(a, b):
        raise ValueError("these networks can't be mixed")
    if t in (0, 1):
        return a.copy(b.parameters if t else a.parameters)
    return a.copy((1 - t) * a.parameters + t * b.parameters)


def mixed_moment(a: Moment, b: Moment, t: float) -> Moment:
    """Return the mixture as a checkpoint of the kind "mixed" that views can draw: it is no step of a run, and can't
    train. Initial weights are mixed likewise; all else is that of A."""
    return replace(
        a, network=mixed(a.network, b.network, t), initial=mixed(a.initial, b.initial, t), kind="mixed"
    )


def mixing_curve(
    a: Network,
    b: Network,
    digits: DigitSet,
    at: Sequence[float] = COARSE_MIX,
    cancelled: Cancelled = never,
    progress: Counted = unheard,
) -> MixingCurve:
    """Count the correct predictions of mixtures on the first 1,000 samples of a set; raise `Withdrawn` if `cancelled()`
    between two of them. `progress` receives the mixtures done and their total."""
    some = digits.first(MIXED_DIGITS)
    right = np.empty(len(at), np.int64)
    for number, t in enumerate(at):
        check(cancelled)
        right[number] = mixed(a, b, t).evaluate(some)
        progress(number + 1, len(at))
    return MixingCurve(np.array(at, np.float64), right, len(some))
