"""When a network is evaluated and on which digits: known beforehand, and never by the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import Digits, DigitSet, LabelledDigits
from mnistviz.engine.functions import quietly
from mnistviz.engine.health import Health, examination
from mnistviz.engine.moment import Evaluation, Moment, SetName
from mnistviz.engine.network import Network

TRAINING_DIGITS = 1_000  # the first ones that are trained on; of validation and test digits all are used
HEALTH_DIGITS = 500  # the first ones likewise
EARLY_DIGITS = 500  # of each set, at the early evaluations

_EARLY = (10, 30, 100, 300, 1_000, 3_000, 10_000, 20_000, 30_000, 40_000)
"""Digits consumed in the first epoch after which there is an early evaluation; later, at the end of each epoch."""
_PARTS = 20
"""Of an epoch that is not shuffled. Its digits may come class by class: with each the network forgets those before, and
the ends of epochs don't show how."""

_Read = tuple[NDArray[np.uint8], NDArray[np.float32]]  # as `Network.read` gives them


def next_due(consumed: int, epoch: int, *, shuffled: bool = True) -> int:
    """After how many digits consumed, more than `consumed`, the next evaluation falls due.

    `epoch` is the number of digits in one.
    """
    early = [digits for digits in _EARLY if consumed < digits < epoch]
    begun, there = divmod(consumed, epoch)
    parts = 1 if shuffled else min(_PARTS, epoch)
    part = begun * epoch - (-(there * parts // epoch + 1) * epoch // parts)
    return min(*early, part) if early else part


def interim_digits(network: Network) -> int:
    """How many digits of each set are read while it learns in slow motion: fewer, the larger the network is.

    784-30-10 reads 10,000; an evaluation of a larger network takes about as long. At rest all are read.
    """
    weights = sum(w.size for w in network.weights)
    return min(10_000, max(500, 10_000 * 24_000 // weights))


class Assessment:
    """One evaluation of a network on the three sets, then a look at its health: done bit by bit, so that a command need
    not wait.

    It reads the first `count` digits of each set, or as many as there are, and none where `count` is 0. The network
    must not change meanwhile.
    """

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
        """Whether all validation and test digits are read."""
        if not count:
            self._todo.clear()
        self._read: list[_Read] = []
        self._examination = examination(network, training.first(HEALTH_DIGITS))
        self.health: Health | None = None
        """As soon as that is known, all is done."""

    @property
    def measures(self) -> bool:
        """Whether digits are read, and not the health of the network alone examined."""
        return self._count > 0

    @property
    def complete(self) -> bool:
        return self.health is not None

    def shorten(self, count: int) -> None:
        """Reads only so many digits of each set, where more were not read yet."""
        self._count = min(self._count, count)
        self.whole = False

    def advance(self) -> Evaluation | None:
        """Does one bit more; returns what came out when a set is finished with it."""
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
    """The sets in the order in which they are read, and how many digits of each are ever read."""
    return [
        ("validation", digits.validation, len(digits.validation)),
        ("training", training, min(len(training), TRAINING_DIGITS)),
        ("test", digits.test, len(digits.test)),
    ]


def _evaluation(
    name: SetName, place: tuple[int, int], digits: LabelledDigits, most: int, read: list[_Read], count: int
) -> Evaluation:
    """What came of reading the first `count` digits of a set, and perhaps more, after so many mini-batches and
    digits."""
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
    """What the network of a moment reads of a set: all of it, of the training digits the first thousand.

    `progress` is told how many digits are read, of how many; None if `cancelled()` said so between two pieces.
    """
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
    """The digits in as many as a network reads at once, in order."""
    for start in range(0, len(digits), network.evaluation_chunk):
        part = slice(start, start + network.evaluation_chunk)
        yield DigitSet(digits.pictures(part), digits.labels[part])
