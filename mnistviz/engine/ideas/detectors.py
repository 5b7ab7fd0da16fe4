"""Parts of a nine: the question that the book's first chapter ends with, answered by hand and by training.

Four detectors, each a neuron with weights of −1, 0 or 1, recognise parts of a class. A last neuron counts the active
ones. A network 784-4-1 learns the same task from the training set. The class is the last of a data set: MNIST's nine.
"""

from itertools import pairwise
from typing import Final, Literal, Self

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Cancelled, Progress, check, never, unheard
from mnistviz.engine.digits import PIXELS, SIDE, Digits, DigitSet, grey_values
from mnistviz.engine.evaluation import pieces
from mnistviz.engine.functions import Array, Bools, Bytes, Floats, Ints, Numbers, quietly
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.engine.threads import one_blas_thread
from mnistviz.engine.trainer import Trainer

DETECTORS: Final = 4
Vote = Literal["all", "but_one", "any"]  # how many of the painted detectors must be active
INK: Final = 255


def asked_class(digits: Digits) -> int | None:
    """Return the class of the question: the last one in both training and test set, or None if there is no other."""
    both = np.intersect1d(digits.training.labels, digits.test.labels)
    return int(both[-1]) if len(both) > 1 else None


class Detector(Struct, frozen=True, eq=False):
    """A painted unit of `weights` −1, 0 or 1, int8 (784,), active if Σ weight × grey value is above `threshold`."""

    weights: NDArray[np.int8] = field(default_factory=lambda: np.zeros(PIXELS, np.int8))
    threshold: float = 0.0

    @property
    def is_blank(self) -> bool:
        return not self.weights.any()

    def painted(self, pixels: Numbers, sign: int) -> Self:
        """Return a copy with weights `sign` at these pixels; itself if they are so already."""
        if (self.weights[pixels] == sign).all():
            return self
        weights = self.weights.copy()
        weights[pixels] = sign
        return replace(self, weights=weights)

    def sum_of(self, pixels: Bytes) -> float:
        """Return the sum of weight × grey value for one sample, bytes (784,)."""
        return float(pixels.astype(np.int64) @ self.weights) / INK

    def fires(self, pixels: Bytes) -> bool:
        """Return True if it is active for one sample; a blank one never is."""
        return not self.is_blank and int(pixels.astype(np.int64) @ self.weights) > INK * self.threshold


BLANK: Final = (Detector(),) * DETECTORS


def needed(vote: Vote, painted: int) -> int:
    """Return how many of so many painted detectors must be active; one if none is painted, so that none suffices."""
    return max(1, {"all": painted, "but_one": painted - 1, "any": 1}[vote])


class DetectorReading(Struct, frozen=True, eq=False):
    """The detectors on all samples of a set. `shares`, (4, 2), are the shares of the class, and of all others, for
    which each detector is active. `counts`, int64 (2, painted + 1), count the samples of the class, and the others,
    for which 0, 1, … detectors are active. At least `needed` must be active for a yes."""

    shares: Floats
    counts: Ints
    needed: int

    @property
    def found(self) -> int:
        """Number of true positives."""
        return int(self.counts[0, self.needed :].sum())

    @property
    def taken(self) -> int:
        """Number of false positives."""
        return int(self.counts[1, self.needed :].sum())

    @property
    def own(self) -> int:
        return int(self.counts[0].sum())

    @property
    def others(self) -> int:
        return int(self.counts[1].sum())

    @property
    def wrong(self) -> int:
        return self.own - self.found + self.taken


class SumStrip(Struct, frozen=True, eq=False):
    """Histogram of a detector's sums from `low` to `high`: `counts`, int64 (2, bins), of the class and of others."""

    low: float
    high: float
    counts: Ints

    def place(self, value: float) -> float:
        """Return the place of a sum, 0 to 1."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))

    def value(self, place: float) -> float:
        """Return the sum at a place from 0 to 1."""
        return self.low + min(1.0, max(0.0, place)) * (self.high - self.low)


class DetectorSums:
    """The sums of four detectors for all samples of a set. Painting updates them by the changed pixels only: fast
    enough for every movement of the pen. Sums are integers, of bytes, and so exact."""

    def __init__(self, digits: DigitSet, label: int) -> None:
        self.digits = digits
        self.is_own: Bools = digits.labels == label  # which samples are of the class, (m,)
        self.detectors: tuple[Detector, ...] = BLANK
        self.sums = np.zeros((DETECTORS, len(digits)), np.int32)
        self._strips: dict[tuple[int, int], SumStrip] = {}

    def put(self, number: int, detector: Detector) -> None:
        before = self.detectors[number].weights
        for pixel in np.flatnonzero(detector.weights != before):
            by = int(detector.weights[pixel]) - int(before[pixel])
            self.sums[number] += np.multiply(self.digits.images[:, pixel], by, dtype=np.int32)
            self._strips = {key: strip for key, strip in self._strips.items() if key[0] != number}
        self.detectors = (*self.detectors[:number], detector, *self.detectors[number + 1 :])

    def fired(self) -> Bools:
        """Return which detectors are active for which samples, (4, m); a blank one for none."""
        limits = np.array([INK * each.threshold for each in self.detectors])
        painted = np.array([not each.is_blank for each in self.detectors])
        return np.asarray((self.sums > limits[:, np.newaxis]) & painted[:, np.newaxis])

    def strip(self, number: int, bins: int) -> SumStrip | None:
        """Return the histogram of a detector's sums; None for a blank one."""
        if self.detectors[number].is_blank:
            return None
        if (number, bins) not in self._strips:
            sums = self.sums[number] / INK
            low, high = float(sums.min()), max(float(sums.max()), float(sums.min()) + 1.0)
            sides = (sums[side] for side in (self.is_own, ~self.is_own))
            counts = np.stack([np.histogram(side, bins, (low, high))[0] for side in sides])
            self._strips[number, bins] = SumStrip(low, high, counts)
        return self._strips[number, bins]

    def votes(self) -> Ints:
        """Return how many detectors are active for each sample, (m,)."""
        return np.asarray(self.fired().sum(axis=0))

    def reading(self, vote: Vote) -> DetectorReading:
        fired, painted = self.fired(), sum(not each.is_blank for each in self.detectors)
        sides = self.is_own, ~self.is_own
        shares = np.stack(
            [fired[:, side].mean(axis=1) if side.any() else np.zeros(DETECTORS) for side in sides], 1
        )
        votes = fired.sum(axis=0)
        counts = np.stack([np.bincount(votes[side], minlength=painted + 1) for side in sides])
        return DetectorReading(shares, counts, needed(vote, painted))


MANY, FEW = 0.4, 0.2
"""The share of the class to find at least, and the limit of false positives relative to the class size."""
MOST, LITTLE = 0.75, 0.25
"""A single part must be active for more than this share of the class, and less than this share of the others."""


def to_find(own: int) -> tuple[int, int]:
    """Return the least true positives of `own`, and from how many false positives on is too many, as round numbers."""
    return _round_down(MANY * own), max(1, _round_down(FEW * own))


def _round_down(value: float) -> int:
    """Round down to one significant figure: 403 becomes 400."""
    whole = int(value)
    power = int("1" + "0" * (len(str(whole)) - 1))
    return whole // power * power


def solved(reading: DetectorReading) -> set[str]:
    """Return the tasks that painted detectors solve."""
    many, few = to_find(reading.own)
    tasks = {
        "better": reading.wrong < reading.own,  # who always says no misses all of the class, and nothing else
        "found": reading.found >= max(1, many) and reading.taken < few,
        "part": ((reading.shares[:, 0] >= MOST) & (reading.shares[:, 1] < LITTLE)).any(),
    }
    return {task for task, done in tasks.items() if done}


BANDS: Final = (0, 9, 13, 17, SIDE)
"""Rows of pixels where the four parts of an example begin and end: the top, two in the middle, and the bottom."""
CLEAR: Final = 0.1  # least difference of mean ink between the class and the others for a pixel to be painted
_LOOKED_AT: Final = 20_000  # training digits
_CUTS: Final = 60  # thresholds that are tried
_STARTS: Final = (0.1, 0.3, 0.5)  # initial shares of the class that each part misses


def example_detectors(digits: Digits, label: int) -> tuple[tuple[Detector, ...], Vote]:
    """Return four example detectors, each for a band of the image: orange where the class has more ink than the others,
    blue where it has less. With their thresholds, all four misclassify the fewest training samples."""
    some = digits.training.first(_LOOKED_AT)
    own = some.labels == label
    more = (some.images[own].mean(axis=0) - some.images[~own].mean(axis=0)) / INK
    signs = np.where(np.abs(more) > CLEAR, np.sign(more), 0).astype(np.int8)
    row = np.arange(PIXELS) // SIDE
    masks = [np.where((row >= begin) & (row < end), signs, 0) for begin, end in pairwise(BANDS)]
    sums = np.stack(masks).astype(np.float32) @ grey_values(some.images).T
    _, thresholds = max((_best_thresholds(sums, own, start) for start in _STARTS), key=lambda each: each[0])
    return tuple(
        Detector(mask.astype(np.int8), at) for mask, at in zip(masks, thresholds, strict=True)
    ), "all"


def _best_thresholds(sums: Array, own: Bools, start: float) -> tuple[int, list[float]]:
    """Optimise one threshold after another; return true minus false positives, and the thresholds, in halves."""
    cuts = [np.unique(np.floor(2 * np.quantile(each, np.linspace(0, 1, _CUTS))) / 2) for each in sums]
    at = [float(np.floor(2 * np.quantile(each[own], start)) / 2) for each in sums]
    worth = np.where(own, 1, -1)

    def gain(fired: list[Bools]) -> int:
        return int(worth[np.logical_and.reduce(fired)].sum())

    fired = [each > cut for each, cut in zip(sums, at, strict=True)]
    best, before = gain(fired), -len(own) - 1
    while best > before:
        before = best
        for number, each in enumerate(sums):
            other_fired = [fire for index, fire in enumerate(fired) if index != number]
            gains = [gain([*other_fired, each > cut]) for cut in cuts[number]]
            if max(gains) > best:
                best = max(gains)
                at[number] = float(cuts[number][int(np.argmax(gains))])
                fired[number] = each > at[number]
    return best, at


class LearnedQuestion(Struct, frozen=True, eq=False):
    """A network 784-4-1 trained for so many `epochs` to recognise one class, and the weighted inputs `z` of its output
    for all test samples, (m,): above 0 is a yes. `is_own` marks the samples of the class."""

    network: Network
    epochs: int
    z: Array
    is_own: Bools

    @property
    def found(self) -> int:
        """Number of true positives."""
        return int((self.z[self.is_own] > 0).sum())

    @property
    def taken(self) -> int:
        """Number of false positives."""
        return int((self.z[~self.is_own] > 0).sum())

    @property
    def wrong(self) -> int:
        return int(((self.z > 0) != self.is_own).sum())

    def activations(self, pixels: Bytes) -> Array:
        """Return the activations of its four hidden units for one sample, (4,)."""
        return np.asarray(self.network.activations(grey_values(pixels[np.newaxis]), layers=1)[-1][0])


QUESTION: Final = Settings(
    sizes=(PIXELS, DETECTORS, 1),
    initial_weights="scaled",
    eta=3.0,
    mini_batch_size=10,
    training_digits=50_000,
)
EPOCHS: Final = 10
LEAST_DIGITS: Final = 200_000  # with a small data set training takes more epochs, to this many samples
_TOLD: Final = 100  # times, about, while it learns


@one_blas_thread()
@quietly
def learn_question(
    digits: Digits, label: int, tell: Progress = unheard, cancelled: Cancelled = never
) -> LearnedQuestion:
    """Train the network on the training set, and evaluate all test samples. Raise `Withdrawn` once `cancelled()`."""
    network = Network(QUESTION.sizes, **QUESTION.network_options())
    targets = np.arange(len(digits.classes))[:, np.newaxis] == label
    trainer = Trainer(network, QUESTION, digits.training, targets)
    epoch = len(trainer.training)
    epochs = max(EPOCHS, -(-LEAST_DIGITS // epoch))
    of = epochs * epoch
    for part in range(1, _TOLD + 1):
        while trainer.digits_consumed < part * of // _TOLD:
            check(cancelled)
            trainer.step()
        tell(part / _TOLD)
    hidden = [network.activations(grey_values(piece.images), 1)[-1] for piece in pieces(network, digits.test)]
    z = np.concatenate([each @ network.weights[1][0] + network.biases[1][0] for each in hidden])
    return LearnedQuestion(network, epochs, z, digits.test.labels == label)
