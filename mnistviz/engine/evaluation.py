"""When a network is evaluated and on which digits: known beforehand, and never by the clock."""

from __future__ import annotations

import numpy as np

from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.moment import Evaluation, SetName
from mnistviz.engine.network import EVALUATION_CHUNK, Network

TRAINING_DIGITS = 1_000  # the first ones that are trained on; of validation and test digits all are used
HEALTH_DIGITS = 500  # the first ones likewise
EARLY_DIGITS = 500  # of each set, at the early evaluations

_EARLY = (10, 30, 100, 300, 1_000, 3_000, 10_000, 20_000, 30_000, 40_000)
"""Digits consumed in the first epoch after which there is an early evaluation; later, at the end of each epoch."""


def next_due(consumed: int, epoch: int) -> int:
    """After how many digits consumed, more than `consumed`, the next evaluation falls due.

    `epoch` is the number of digits in one.
    """
    early = [digits for digits in _EARLY if consumed < digits < epoch]
    return early[0] if early else (consumed // epoch + 1) * epoch


def interim_digits(network: Network) -> int:
    """How many digits of each set are read at rest and in slow motion: fewer, the larger the network is.

    784-30-10 reads 10,000; an evaluation of a larger network takes about as long.
    """
    weights = sum(w.size for w in network.weights)
    return min(10_000, max(500, 10_000 * 24_000 // weights))


class Assessment:
    """One evaluation of a network on the three sets, done a chunk at a time so that a pause need not wait.

    It reads the first `count` digits of each set, or as many as there are. The network must not change between
    the chunks.
    """

    def __init__(
        self,
        network: Network,
        digits: Digits,
        training: DigitSet,
        step: int,
        consumed: int,
        count: int,
    ) -> None:
        self._network = network
        self._step = step
        self._consumed = consumed
        self._todo: list[tuple[SetName, DigitSet]] = [
            ("validation", digits.validation.first(count)),
            ("training", training.first(min(count, TRAINING_DIGITS))),
            ("test", digits.test.first(count)),
        ]
        self._predictions: list[np.ndarray] = []

    @property
    def complete(self) -> bool:
        return not self._todo

    def advance(self) -> Evaluation | None:
        """Reads one more chunk; returns what came out when a set is finished with it."""
        name, digits = self._todo[0]
        start = sum(map(len, self._predictions))
        self._predictions.append(self._network.predictions(digits.images[start : start + EVALUATION_CHUNK]))
        if start + EVALUATION_CHUNK < len(digits):
            return None
        predictions = np.concatenate(self._predictions)
        del self._todo[0]
        self._predictions = []
        right = int(np.count_nonzero(predictions == digits.labels))
        return Evaluation(name, self._step, self._consumed, predictions, right)
