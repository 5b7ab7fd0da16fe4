"""Four outputs instead of ten: the exercise at the end of Nielsen's "A simple network to classify handwritten digits".
A fourth layer converts the ten outputs to the bits of the digit, the highest first. Its weights and biases are set by
hand, each to −, 0 or +. The race trains a network for the bits directly. For n classes there are ⌈log₂ n⌉ bits."""

from collections.abc import Callable
from typing import Final, Self

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Cancelled, check, never
from mnistviz.engine.digits import Digits, DigitSet, grey_values
from mnistviz.engine.evaluation import next_due, pieces
from mnistviz.engine.functions import COSTS, Array, Bools, Bytes, Ints, quietly
from mnistviz.engine.ideas.sigmoid import Values, sigmoid
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.engine.threads import one_blas_thread
from mnistviz.engine.trainer import Trainer

_TOLD = 60  # times, about, while networks learn

Bits = Bools
Signs = NDArray[np.int8]

WEIGHT, BIAS = 10.0, 5.0
"""What + stands for in a weight and in a bias. An output of 0.99 outweighs any bias, one of 0.01 none."""


def bits_for(classes: int) -> int:
    """Return ⌈log₂ n⌉, the number of bits that distinguish n classes."""
    return (classes - 1).bit_length()


def codes(classes: int) -> Bits:
    """Return the bits of 0, 1, … for so many classes, the highest first: (classes, bits)."""
    places = np.arange(bits_for(classes) - 1, -1, -1)
    return (np.arange(classes)[:, np.newaxis] >> places & 1).astype(np.bool_)


class FourthLayer(Struct, frozen=True, eq=False):
    """A layer set by hand: −1, 0 or 1 for each weight, (classes, bits), and for each bias, (bits,)."""

    weights: Signs
    biases: Signs

    @classmethod
    def empty(cls, classes: int) -> Self:
        bits = bits_for(classes)
        return cls(np.zeros((classes, bits), np.int8), np.zeros(bits, np.int8))

    @classmethod
    def solution(cls, classes: int) -> Self:
        """Return the known solution: + from each class with the bit, − from the others, and no bias."""
        signs = np.where(codes(classes), 1, -1).astype(np.int8)
        return cls(signs, np.zeros(signs.shape[1], np.int8))

    @property
    def classes(self) -> int:
        return len(self.weights)

    def with_weight(self, digit: int, bit: int, sign: int) -> Self:
        weights = self.weights.copy()
        weights[digit, bit] = sign
        return replace(self, weights=weights)

    def with_bias(self, bit: int, sign: int) -> Self:
        biases = self.biases.copy()
        biases[bit] = sign
        return replace(self, biases=biases)

    def z(self, activations: Array) -> Values:
        """Return the weighted inputs of the bits, (m, bits), for the activations of the outputs, (m, classes)."""
        return np.asarray(WEIGHT * (np.asarray(activations, np.float64) @ self.weights) + BIAS * self.biases)

    def outputs(self, activations: Array) -> Values:
        """Return σ(z) of each bit, (m, bits)."""
        return sigmoid(self.z(activations))

    def fired(self, activations: Array) -> Bits:
        """Return which bits are active, above ½: (m, bits)."""
        return self.z(activations) > 0

    def share_right(self, activations: Array, labels: Bytes) -> float:
        """Return the share of m samples with all bits correct, 0 to 1. `activations` is (m, classes)."""
        return share_of_codes(self.fired(activations), labels, self.classes)

    def fired_when_sure(self) -> Bits:
        """Return the active bits, (classes, bits), for outputs of 0.99 for the class and 0.01 for every other."""
        return self.fired(np.full((self.classes, self.classes), 0.01) + 0.98 * np.eye(self.classes))

    def right_when_sure(self) -> Bits:
        return np.asarray(self.fired_when_sure() == codes(self.classes))


def other_solutions(classes: int) -> tuple[FourthLayer, ...]:
    """Return other layers correct for certain outputs: + or 0 with biases of −, and the known one with biases."""
    known = FourthLayer.solution(classes)
    says_no = np.full(known.biases.shape, -1, np.int8)
    return (
        FourthLayer(np.maximum(known.weights, 0), says_no),
        FourthLayer(known.weights, says_no),
        FourthLayer(known.weights, -says_no),
    )


def unlike(share: float, by: float, activations: Array, labels: Bytes) -> FourthLayer:
    """Return the first solution whose accuracy on m samples differs from `share` by at least `by`, (m, classes) and
    (m,); the last if none does."""
    classes = activations.shape[1]
    solutions = (*other_solutions(classes), FourthLayer.solution(classes))
    different = (layer for layer in solutions if abs(layer.share_right(activations, labels) - share) >= by)
    return next(different, solutions[-1])


def number_of(fired: Bits) -> Ints:
    """Return the number that bits encode: (m, bits) gives (m,); it may be no class."""
    return np.asarray((fired.astype(np.int64) << np.arange(fired.shape[1] - 1, -1, -1)).sum(axis=1))


def share_of_codes(fired: Bits, labels: Bytes, classes: int) -> float:
    """Return the share of m samples whose bits, (m, bits), are all correct."""
    return float((fired == codes(classes)[labels]).all(axis=1).mean())


def activations_of(network: Network, digits: DigitSet, cancelled: Cancelled = never) -> Array:
    """Return all outputs for each sample, (m, n_out). Raise `Withdrawn` once `cancelled()`."""
    outputs = []
    for piece in pieces(network, digits):
        check(cancelled)
        outputs.append(network.feedforward(grey_values(piece.images)))
    return np.concatenate(outputs)


class BinaryReading(Struct, frozen=True):
    """Accuracies of two networks on the test samples, 0 to 1, after so many training samples each. `whole` is that of
    the network with an output per class; `bits` that of the one with fewer outputs, all of which must be correct."""

    digits: int
    whole: float
    bits: float


class OutputRace(Struct, frozen=True):
    """The readings of two networks trained side by side, the newest last. Each has `learned` samples of `of`."""

    readings: tuple[BinaryReading, ...]
    of: int
    learned: int = 0
    diverged: bool = False


def settings_for_bits(settings: Settings, classes: int) -> tuple[Settings, Settings]:
    """Return settings for the two networks, which differ in the last layer only: an output per class, or per bit. Both
    have sigmoid outputs, since softmax can't give two bits at once, and another cost where theirs does not fit. The
    last layer is drawn by the same rule and seed; all earlier layers begin alike. η is unchanged."""
    cost = settings.cost if ("sigmoid", settings.cost) in COSTS else "cross_entropy"
    base = replace(
        settings, output="sigmoid", cost=cost, schedule="constant", stop="never", classes_left_out=()
    )
    hidden = settings.sizes[:-1]
    return base.changed(sizes=(*hidden, classes)), base.changed(sizes=(*hidden, bits_for(classes)))


@one_blas_thread()
@quietly
def race(
    settings: Settings,
    digits: Digits,
    epochs: int,
    told: Callable[[OutputRace], object] = lambda race: None,
    cancelled: Cancelled = never,
) -> OutputRace:
    """Train two networks of the same hidden layers and seed on the same samples in the same order, one to give the
    class and one its bits, and evaluate all test samples on the way (see `next_due`) and at the end.

    `told` is called after each reading, and sometimes in between. It ends early if one of them diverges. Raise
    `Withdrawn` once `cancelled()`, `Problem` for invalid settings.
    """
    classes = len(digits.classes)
    both = settings_for_bits(settings, classes)
    networks = [Network(choice.sizes, **choice.network_options()) for choice in both]
    trainers = [
        Trainer(network, choice, digits.training, target)
        for network, choice, target in zip(networks, both, (None, codes(classes)), strict=True)
    ]
    epoch = len(trainers[0].training)
    so_far = OutputRace((_reading(0, networks, digits),), epochs * epoch)
    told(so_far)
    while so_far.learned < so_far.of and not so_far.diverged:
        due = next_due(so_far.readings[-1].digits, epoch)
        stop = min(due, so_far.learned + max(1, so_far.of // _TOLD))
        for trainer in trainers:
            while trainer.digits_consumed < stop:
                check(cancelled)
                trainer.step()
        so_far = replace(so_far, learned=trainers[0].digits_consumed)
        if so_far.learned >= due:
            diverged = not all(bool(np.isfinite(network.parameters).all()) for network in networks)
            readings = (*so_far.readings, _reading(so_far.learned, networks, digits))
            so_far = replace(so_far, readings=readings, diverged=diverged)
        told(so_far)
    return so_far


@quietly
def _reading(consumed: int, networks: list[Network], digits: Digits) -> BinaryReading:
    whole, bits = networks
    right = whole.evaluate(digits.test) / len(digits.test)
    fired = activations_of(bits, digits.test) > 0.5
    return BinaryReading(consumed, right, share_of_codes(fired, digits.test.labels, len(digits.classes)))


OTHER: Final = 0.01  # smallest difference in test accuracy between two layers that counts
_ROUNDING: Final = 1e-9


def solved(layer: FourthLayer, share: float | None, first: float | None) -> set[str]:
    """Return the tasks that a layer solves: `share` is its test accuracy, `first` that of the first layer that was
    correct for certain outputs; None if unknown."""
    right = layer.right_when_sure()
    if not right.all():
        return {"last"} if right[:, -1].all() else set()
    if share is None or first is None or abs(share - first) < OTHER - _ROUNDING:
        return {"last", "all"}
    return {"last", "all", "other"}


class Sample(Struct, frozen=True, eq=False):
    """A sample as the layer gets it: `pixels`, bytes (784,), the outputs of the network, (classes,), and its label."""

    pixels: Bytes
    activations: Array
    label: int | None = None


def samples_of(digits: Digits, outputs: Array) -> tuple[Sample | None, ...]:
    """Return for each class the test sample with the most confident of the `outputs`, (m, classes), or None."""
    test = digits.test
    # the own output minus all others
    margin = 2 * outputs[np.arange(len(test)), test.labels] - outputs.sum(axis=1)
    samples: list[Sample | None] = []
    for label in range(len(digits.classes)):
        own = np.flatnonzero(test.labels == label)
        best = own[margin[own].argmax()] if len(own) else 0
        samples.append(Sample(test.images[best], outputs[best], label) if len(own) else None)
    return tuple(samples)
