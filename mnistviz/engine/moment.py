"""A network at a step of a run, its evaluations, and stored predictions, on which no weight depends."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Final, Literal

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace
from numpy.typing import NDArray

from mnistviz.engine.digits import LabelledDigits
from mnistviz.engine.functions import Bytes
from mnistviz.engine.network import Network, Unit
from mnistviz.engine.settings import Settings

SetName = Literal["training", "validation", "test"]
MomentKind = Literal["live", "exact", "near", "mixed", "copy"]


class Evaluation(Struct, frozen=True, eq=False):
    """Predictions of a network at one step for a set.

    `digits` samples were consumed since the start of the run. `predictions`, uint8 (n,), are for the first n of the
    `of` samples of the set, and `right` of them are correct. It is `complete` if no more samples of the set are ever
    evaluated: all of them, or the first thousand training samples. `outputs`, float32 (n,), are the values of the
    winning outputs; None in a file of an older version.
    """

    set: SetName
    step: int
    digits: int
    predictions: Bytes
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


class Best(Struct, frozen=True):
    """The step of a run with the best validation `accuracy`, 0 to 1, at the end of `epoch` complete epochs."""

    step: int
    epoch: int
    accuracy: float


class Moment(Struct, frozen=True, eq=False):
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


KeptSet = Literal["validation", "test"]
KEPT_SETS: Final[tuple[KeptSet, ...]] = ("validation", "test")  # the sets whose readings are stored

READINGS_BYTES: Final = 8_000_000  # per run, at one byte a sample
MOST_READINGS: Final = 1_000  # per set, however small it is
_FINEST: Final = 1_024  # stretches of an epoch at first, with one reading each


class Reading(Struct, frozen=True, eq=False):
    """Predictions for all samples of a set after `step` mini-batches and `digits` samples: `predictions`, uint8 (n,).
    They are those of state `step`, after all interventions at that step. Immutable."""

    step: int
    digits: int
    predictions: Bytes

    def evaluation(self, name: SetName, digits: LabelledDigits) -> Evaluation:
        right = int(np.count_nonzero(self.predictions == digits.labels))
        return Evaluation(name, self.step, self.digits, self.predictions, right, len(digits))


class KeptReadings(Struct, frozen=True, eq=False):
    """The complete evaluations of a run, each set in step order. Immutable: adding returns a new object that shares
    the arrays with this one, as branches do with their trunk.

    The first reading of each stretch is stored, and the newest of all. A stretch is an epoch divided by 1,024 at
    first, and doubles, `doublings` times, whenever the readings take more than 8 MB; so it divides epochs, or is some
    epochs long. `newest` has the newest complete evaluation of each set, also of the first thousand training samples.
    """

    validation: tuple[Reading, ...] = ()
    test: tuple[Reading, ...] = ()
    doublings: int = 0
    newest: Mapping[SetName, Evaluation] = field(default_factory=dict)

    def of(self, name: KeptSet) -> tuple[Reading, ...]:
        return self.validation if name == "validation" else self.test

    def last(self, name: KeptSet, step: int) -> Reading | None:
        """Return the last reading of a set up to `step`, or None."""
        readings = self.of(name)
        at = bisect_right(readings, step, key=lambda each: each.step)
        return readings[at - 1] if at else None

    def last_before(self, step: int, name: SetName, digits: LabelledDigits) -> Evaluation | None:
        """Return the last evaluation of a set after the start and before `step`, or None."""
        if (newest := self.newest.get(name)) is not None and 0 < newest.step < step:
            return newest
        reading = None if name == "training" else self.last(name, step - 1)
        return reading.evaluation(name, digits) if reading is not None and reading.step > 0 else None

    @property
    def nbytes(self) -> int:
        """Bytes of the stored predictions, including shared ones."""
        return sum(
            len(readings) * len(readings[-1].predictions)
            for readings in (self.validation, self.test)
            if readings
        )

    def with_evaluation(self, evaluation: Evaluation, epoch: int) -> KeptReadings:
        """Return the readings with one more evaluation, if it is complete; it replaces one at the same step. There are
        `epoch` samples in an epoch."""
        if not evaluation.complete:
            return self
        result = replace(self, newest={**self.newest, evaluation.set: evaluation})
        if evaluation.set == "training":
            return result
        last = [each for each in self.of(evaluation.set)[-1:] if each.step < evaluation.step]
        before = (*self.of(evaluation.set)[:-1], *last)
        if len(before) > 1 and result._stretch(before[-2], epoch) == result._stretch(before[-1], epoch):
            before = before[:-1]  # it was stored as the newest only
        reading = Reading(evaluation.step, evaluation.digits, evaluation.predictions)
        result = replace(result, **{evaluation.set: (*before, reading)})
        while result._is_too_much():
            result = replace(result, doublings=result.doublings + 1)
            for name in KEPT_SETS:
                result = replace(result, **{name: result._thinned(result.of(name), epoch)})
        return result

    def without(self, step: int) -> KeptReadings:
        return self._where(lambda at: at != step)

    def forked(self, step: int) -> KeptReadings:
        return self._where(lambda at: at <= step)

    def _where(self, wanted: Callable[[int], bool]) -> KeptReadings:
        return KeptReadings(
            tuple(each for each in self.validation if wanted(each.step)),
            tuple(each for each in self.test if wanted(each.step)),
            self.doublings,
            {name: each for name, each in self.newest.items() if wanted(each.step)},
        )

    def _is_too_much(self) -> bool:
        longest = max(len(self.validation), len(self.test))
        return longest > 2 and (longest > MOST_READINGS or self.nbytes > READINGS_BYTES)

    def _stretch(self, reading: Reading, epoch: int) -> int:
        return (reading.digits * _FINEST) // (epoch << self.doublings)

    def _thinned(self, readings: tuple[Reading, ...], epoch: int) -> tuple[Reading, ...]:
        first = [next(stretch) for _, stretch in groupby(readings, lambda each: self._stretch(each, epoch))]
        return tuple(first) if first[-1:] == list(readings[-1:]) else (*first, readings[-1])
