"""When a network is evaluated and on which samples: fixed beforehand, independent of the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import Digits, DigitSet, LabelledDigits
from mnistviz.engine.functions import quietly
from mnistviz.engine.health import Health, examination
from mnistviz.engine.moment import Evaluation, Moment, SetName
from mnistviz.engine.network import Network

TRAINING_DIGITS = 1_000  # the first of a run's training samples; validation and test sets are used whole
HEALTH_DIGITS = 500  # the first training samples
EARLY_DIGITS = 500  # of each set, at the early evaluations

_EARLY = (10, 30, 100, 300, 1_000, 3_000, 10_000, 20_000, 30_000, 40_000)
"""Samples in the first epoch after which there is an early evaluation; later, at the end of each epoch."""
_PARTS = 20
"""Evaluations in an epoch that is not shuffled: if samples come class by class, the network forgets earlier classes,
which the ends of epochs don't show."""

_Read = tuple[NDArray[np.uint8], NDArray[np.float32]]  # as `Network.read` gives them


def next_due(consumed: int, epoch: int, *, shuffled: bool = True) -> int:
    """Return after how many samples, more than `consumed`, the next evaluation is due.

    `epoch` is the number of digits in one.
    """
    early = [digits for digits in _EARLY if consumed < digits < epoch]
    begun, there = divmod(consumed, epoch)
    parts = 1 if shuffled else min(_PARTS, epoch)
    part = begun * epoch - (-(there * parts // epoch + 1) * epoch // parts)
    return min(*early, part) if early else part


def interim_digits(network: Network) -> int:
    """Return how many samples of each set are evaluated in slow motion: fewer, the larger the network. 784-30-10
    evaluates 10,000; a larger network takes about as long. In pause all are evaluated."""
    weights = sum(w.size for w in network.weights)
    return min(10_000, max(500, 10_000 * 24_000 // weights))


class Assessment:
    """An evaluation on the three sets, then of the activation statistics, in pieces so that commands need not wait. It
    evaluates the first `count` samples of each set, none if `count` is 0. The network must not change meanwhile."""

    def __init__(
        self,
        network: Network,
        digits: Digits,
        training: LabelledDigits,
        step: int,
        consumed: int,
        count: int,
    ) -> None:
        self._network = network
        self._step = step
        self._consumed = consumed
        self._count = count
        self._todo = _sets_to_read(digits, training)
        self.whole = count >= max(len(digits.validation), len(digits.test))
        """True if all validation and test samples are evaluated."""
        if not count:
            self._todo.clear()
        self._read: list[_Read] = []
        self._examination = examination(network, training.first(HEALTH_DIGITS))
        self.health: Health | None = None
        """The activation statistics; not None once everything is done."""

    @property
    def measures(self) -> bool:
        """True if samples are evaluated, not only the activation statistics."""
        return self._count > 0

    @property
    def complete(self) -> bool:
        return self.health is not None

    def shorten(self, count: int) -> None:
        """Evaluate at most `count` samples of each remaining set."""
        self._count = min(self._count, count)
        self.whole = False

    def advance(self) -> Evaluation | None:
        """Evaluate one more piece; return the evaluation of a set that is finished with it."""
        if not self._todo:
            self.health = next(self._examination)
            return None
        name, digits, most = self._todo[0]
        count = min(most, self._count)
        start, size = sum(len(predictions) for predictions, _ in self._read), self._network.evaluation_chunk
        if start < count:
            self._read.append(self._network.read(digits.pictures(slice(start, min(start + size, count)))))
        if start + size < count:
            return None
        del self._todo[0]
        read, self._read = self._read, []
        return _evaluation(name, (self._step, self._consumed), digits, most, read, count)


def _sets_to_read(digits: Digits, training: LabelledDigits) -> list[tuple[SetName, LabelledDigits, int]]:
    """Return the sets in order of evaluation, and how many samples of each are used."""
    return [
        ("validation", digits.validation, len(digits.validation)),
        ("training", training, min(len(training), TRAINING_DIGITS)),
        ("test", digits.test, len(digits.test)),
    ]


def _evaluation(
    name: SetName, place: tuple[int, int], digits: LabelledDigits, most: int, read: list[_Read], count: int
) -> Evaluation:
    """Build the evaluation of the first `count` samples of a set, after so many mini-batches and samples."""
    predictions, outputs = (np.concatenate(parts)[:count] for parts in zip(*read, strict=True))
    right = int(np.count_nonzero(predictions == digits.labels[:count]))
    return Evaluation(name, *place, predictions, right, len(digits), count == most, outputs)


@quietly
def evaluated(
    moment: Moment,
    name: SetName,
    digits: Digits,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], object] = lambda done, of: None,
) -> Evaluation | None:
    """Evaluate a checkpoint on a set: all of it, or the first thousand training samples. `progress` receives the
    samples done and their total; return None if `cancelled()` between two pieces."""
    training = digits.trained_on(moment.settings)
    part, most = next((part, most) for each, part, most in _sets_to_read(digits, training) if each == name)
    read: list[_Read] = []
    for piece in pieces(moment.network, part.first(most)):
        if cancelled():
            return None
        read.append(moment.network.read(piece.images))
        progress(sum(len(predictions) for predictions, _ in read), most)
    return _evaluation(name, (moment.step, moment.digits), part, most, read, most)


def pieces(network: Network, digits: LabelledDigits) -> Iterator[DigitSet]:
    """Yield the samples in batches as large as the network evaluates at once."""
    for start in range(0, len(digits), network.evaluation_chunk):
        part = slice(start, start + network.evaluation_chunk)
        yield DigitSet(digits.pictures(part), digits.labels[part])
