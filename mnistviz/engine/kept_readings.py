"""What a run read at its whole measurements, digit by digit: kept beside its curves, thinned as it grows.

They are measurements and no acts: nothing of them determines a weight.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import LabelledDigits
from mnistviz.engine.moment import Evaluation, SetName

KeptSet = Literal["validation", "test"]
KEPT_SETS: Final[tuple[KeptSet, ...]] = ("validation", "test")
"""The sets whose readings are kept."""

READINGS_BYTES: Final = 8_000_000  # a run, at one byte a digit
MOST_READINGS: Final = 1_000  # of a set, however few digits it has
_FINEST: Final = 1_024  # stretches of an epoch: of each, one reading is kept to begin with


@dataclass(frozen=True, eq=False)
class Reading:
    """What all digits of a set were read as after `step` mini-batches and `digits` digits: `predictions`, uint8 (n,).

    They are those of state `step`, after everything that is stamped with it. Nobody changes them.
    """

    step: int
    digits: int
    predictions: NDArray[np.uint8]

    def evaluation(self, name: SetName, digits: LabelledDigits) -> Evaluation:
        """The same as an evaluation of this set; the outputs are not known."""
        right = int(np.count_nonzero(self.predictions == digits.labels))
        return Evaluation(name, self.step, self.digits, self.predictions, right, len(digits))


@dataclass(frozen=True, eq=False)
class KeptReadings:
    """The whole measurements of a run, each set in the order of the steps. Nothing changes it: what is added makes a
    new one, which shares the arrays with this one, as branches do with their trunk.

    Of each stretch the first reading is kept, and the newest of all. A stretch is an epoch divided by 1,024 to begin
    with, and becomes twice as long, `doublings` times, whenever the readings take more than 8 MB; so it divides epochs,
    or is some epochs long. `newest` has the newest whole measurement of each set with all that is known of it, also of
    the first thousand training digits.
    """

    validation: tuple[Reading, ...] = ()
    test: tuple[Reading, ...] = ()
    doublings: int = 0
    newest: Mapping[SetName, Evaluation] = field(default_factory=dict)

    def of(self, name: KeptSet) -> tuple[Reading, ...]:
        return self.validation if name == "validation" else self.test

    def last(self, name: KeptSet, step: int) -> Reading | None:
        """The last reading of a set up to state `step`."""
        kept = self.of(name)
        at = bisect_right(kept, step, key=lambda each: each.step)
        return kept[at - 1] if at else None

    def last_before(self, step: int, name: SetName, digits: LabelledDigits) -> Evaluation | None:
        """The last measurement of a set after the start and before state `step`."""
        newest = self.newest.get(name)
        if newest is not None and 0 < newest.step < step:
            return newest
        found = None if name == "training" else self.last(name, step - 1)
        return found.evaluation(name, digits) if found is not None and found.step > 0 else None

    @property
    def nbytes(self) -> int:
        """Bytes of the kept predictions, those that are shared too."""
        return sum(len(kept) * len(kept[-1].predictions) for kept in (self.validation, self.test) if kept)

    def with_evaluation(self, found: Evaluation, epoch: int) -> KeptReadings:
        """The same with one measurement more, if that is whole; `epoch` is the number of digits in one. What was read
        at the same step before is forgotten."""
        if not found.complete:
            return self
        now = replace(self, newest={**self.newest, found.set: found})
        if found.set == "training":
            return now
        kept = [each for each in self.of(found.set)[-1:] if each.step < found.step]
        before = (*self.of(found.set)[:-1], *kept)
        if len(before) > 1 and now._stretch(before[-2], epoch) == now._stretch(before[-1], epoch):
            before = before[:-1]  # it was kept as the newest only
        now = now._with(found.set, (*before, Reading(found.step, found.digits, found.predictions)))
        while now._is_too_much():
            now = replace(now, doublings=now.doublings + 1)
            for name in KEPT_SETS:
                now = now._with(name, now._thinned(now.of(name), epoch))
        return now

    def without(self, step: int) -> KeptReadings:
        """The same without what was read at a step, where the weights have become others since."""
        return self._where(lambda at: at != step)

    def forked(self, step: int) -> KeptReadings:
        """The same up to state `step`."""
        return self._where(lambda at: at <= step)

    def _where(self, wanted: Callable[[int], bool]) -> KeptReadings:
        return KeptReadings(
            tuple(each for each in self.validation if wanted(each.step)),
            tuple(each for each in self.test if wanted(each.step)),
            self.doublings,
            {name: each for name, each in self.newest.items() if wanted(each.step)},
        )

    def _with(self, name: KeptSet, kept: tuple[Reading, ...]) -> KeptReadings:
        return replace(self, validation=kept) if name == "validation" else replace(self, test=kept)

    def _is_too_much(self) -> bool:
        longest = max(len(self.validation), len(self.test))
        return longest > 2 and (longest > MOST_READINGS or self.nbytes > READINGS_BYTES)

    def _stretch(self, reading: Reading, epoch: int) -> int:
        return (reading.digits * _FINEST) // (epoch << self.doublings)

    def _thinned(self, kept: tuple[Reading, ...], epoch: int) -> tuple[Reading, ...]:
        """The first of each stretch, and the newest."""
        numbers = [-1, *(self._stretch(each, epoch) for each in kept)]
        first = [
            each for each, before, here in zip(kept, numbers, numbers[1:], strict=False) if here > before
        ]
        return tuple(first) if first[-1:] == list(kept[-1:]) else (*first, kept[-1])
