"""When a network is evaluated and on which samples, fixed beforehand; with the statistics of its activations."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Cancelled, Counted, check, never, unheard
from mnistviz.engine.digits import Digits, DigitSet, LabelledDigits, grey_values
from mnistviz.engine.functions import Array, Bytes, quietly
from mnistviz.engine.moment import Evaluation, Moment, SetName
from mnistviz.engine.network import Network
from mnistviz.engine.workspace import Workspace

FLAT = 0.04  # a slope below this share of the steepest counts as flat


class LayerHealth(Struct, frozen=True, eq=False):
    """Activation statistics of one layer after the input, with n units.

    `saturated`: the share of activations with f′(z) near 0 (sigmoid and tanh). `dead`: the share of units whose
    activation is 0 for every sample (ReLU). `gradient`: the length of ∂C/∂b, which Nielsen's chapter 5 takes for the
    speed at which a layer learns.

    `full_answer`: the 99th percentile of |activation| over samples and units; 0 only if all are. `mean_answers`:
    float32 (classes, n), the mean activation of each unit for each class; 0 if a class has no samples or the mean is
    not finite. `digits_a_unit`: how many classes a unit is active for on average; see the function of that name.
    """

    saturated: float
    dead: float
    gradient: float
    full_answer: float
    mean_answers: NDArray[np.float32]
    digits_a_unit: float


class Health(Struct, frozen=True, eq=False):
    """Activation statistics of a network; empty before the first examination. `full_contribution`: the 99th percentile
    of the |contributions| of the last hidden layer to the winning output, over samples and units."""

    layers: tuple[LayerHealth, ...] = ()
    full_contribution: float = 0.0


def examination(network: Network, digits: LabelledDigits) -> Iterator[Health | None]:
    """Yield None after each short piece of work, then the statistics. The network must not change meanwhile."""
    sampled = _SampledActivations(network, digits)
    size = network.evaluation_chunk // 2
    for start in range(0, len(digits), size):
        sampled.take(slice(start, start + size))
        yield None
    layers = []
    for layer in range(1, len(network.sizes)):
        layers.append(sampled.layer_health(layer))
        yield None
    yield Health(tuple(layers), sampled.full_contribution())


class _SampledActivations:
    """Activations of a network for m samples, and the gradient of its biases, computed in parts. `activations` are (n,
    m), the input first; `nabla_b` is (n,) for each layer after it, and `inputs` are the z of the last."""

    def __init__(self, network: Network, digits: LabelledDigits) -> None:
        self._network, m = network, len(digits)
        self._x = grey_values(digits.images).astype(network.dtype, copy=False)
        self._y = np.eye(network.sizes[-1], dtype=network.dtype)[digits.labels]
        self._activations = [self._x.T, *(np.empty((n, m), network.dtype) for n in network.sizes[1:])]
        self._inputs = np.empty((network.sizes[-1], m), network.dtype)
        self._nabla_b = [np.zeros(n, network.dtype) for n in network.sizes[1:]]

    @quietly
    def take(self, part: slice) -> None:
        x, y = self._x[part], self._y[part]
        work = Workspace(self._network, len(x))
        gradients, _ = work.backprop(x, y, scale=len(x) / len(self._x))
        for layer, gradient in enumerate(gradients):
            self._nabla_b[layer] += gradient
            self._activations[layer + 1][:, part] = work.activations[layer + 1]
        self._inputs[:, part] = work.inputs[-1]

    @quietly
    def layer_health(self, layer: int) -> LayerHealth:
        f, a, y = self._network.functions[layer - 1], self._activations[layer], self._y
        saturated = dead = 0.0
        if f.bounds and not f.shares:
            saturated = float(np.mean(f.derivative(a) < FLAT * f.steepest))
        elif f.dies:
            dead = float(np.mean(~(a > 0).any(axis=1)))
        length = float(np.linalg.norm(self._nabla_b[layer - 1].astype(np.float64)))
        means = (y.T.dot(a.T) / y.sum(axis=0)[:, np.newaxis]).astype(np.float32, copy=False)
        # 0 / 0 for a class without samples
        np.nan_to_num(means, copy=False, nan=0, posinf=0, neginf=0)
        return LayerHealth(saturated, dead, length, _percentile_99(a), means, digits_a_unit(means))

    @quietly
    def full_contribution(self) -> float:
        w, outputs = self._network.weights[-1], self._activations[-1]
        digits = np.arange(outputs.shape[1])
        winners = outputs.argmax(axis=0)
        towards = w[winners]
        if self._network.functions[-1].shares and len(w) > 1:  # the difference to the runner-up
            z = self._inputs.copy()
            z[winners, digits] = -np.inf
            towards -= w[z.argmax(axis=0)]
        return _percentile_99(towards.T * self._activations[-2])


def digits_a_unit(mean_answers: NDArray[np.floating[Any]]) -> float:
    """Return the mean over units of (Σ|m|)² / Σm², m being a unit's mean activation for each class: of (classes, n).
    This participation ratio is k for a unit that is equally active for k classes and 0 for the others. Since tanh is
    negative too, |m| counts. Units whose m are all 0 are left out; 0.0 if all are."""
    m = np.abs(mean_answers, dtype=np.float64)
    m = m[:, m.any(axis=0)]
    return float(np.mean(m.sum(axis=0) ** 2 / (m**2).sum(axis=0))) if m.size else 0.0


def _percentile_99(values: Array) -> float:
    """Return the 99th percentile of the finite absolute values; the largest if that is 0; 0.0 if all are 0."""
    sizes = np.abs(values)
    finite = np.isfinite(sizes)
    above = sizes[finite & (sizes > 0)]  # zeros are many and make the selection slow
    if not above.size:
        return 0.0
    larger = np.count_nonzero(finite) // 100
    place = above.size - 1 - (larger if larger < above.size else 0)
    return float(np.partition(above, place)[place])


TRAINING_DIGITS = 1_000  # the first of a run's training samples; validation and test sets are used whole
HEALTH_DIGITS = 500  # the first training samples
EARLY_DIGITS = 500  # of each set, at the early evaluations

_EARLY = (10, 30, 100, 300, 1_000, 3_000, 10_000, 20_000, 30_000, 40_000)
"""Samples in the first epoch after which there is an early evaluation; later, at the end of each epoch."""
_PARTS = 20
"""Evaluations in an unshuffled epoch, in which sorted samples make the network forget the earlier classes."""

_Read = tuple[Bytes, NDArray[np.float32]]  # as `Network.read` gives them


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
    return min(10_000, max(500, 10_000 * 24_000 // sum(w.size for w in network.weights)))


class Assessment:
    """An evaluation on the three sets, then of the activation statistics, in pieces so that commands need not wait. It
    evaluates the first `count` samples of each set, none if `count` is 0. The network must not change meanwhile."""

    def __init__(
        self, network: Network, digits: Digits, training: LabelledDigits, step: int, consumed: int, count: int
    ) -> None:
        self._network = network
        self._step = step
        self._consumed = consumed
        self.count = count
        self._todo = _sets_to_read(digits, training)
        self.whole = count >= max(len(digits.validation), len(digits.test))
        """True if all validation and test samples are evaluated."""
        if not count:
            self._todo.clear()
        self._read: list[_Read] = []
        self._examination = examination(network, training.first(HEALTH_DIGITS))
        self.health: Health | None = None  # the activation statistics; not None once everything is done

    def shorten(self, count: int) -> None:
        self.count = min(self.count, count)
        self.whole = False

    def advance(self) -> Evaluation | None:
        """Evaluate one more piece; return the evaluation of a set that is finished with it."""
        if not self._todo:
            self.health = next(self._examination)
            return None
        name, digits, most = self._todo[0]
        count = min(most, self.count)
        start, size = sum(len(predictions) for predictions, _ in self._read), self._network.evaluation_chunk
        if start < count:
            self._read.append(self._network.read(digits.pictures(slice(start, min(start + size, count)))))
        if start + size < count:
            return None
        del self._todo[0]
        read, self._read = self._read, []
        return _evaluation(name, (self._step, self._consumed), digits, most, read, count)


def _sets_to_read(digits: Digits, training: LabelledDigits) -> list[tuple[SetName, LabelledDigits, int]]:
    return [
        ("validation", digits.validation, len(digits.validation)),
        ("training", training, min(len(training), TRAINING_DIGITS)),
        ("test", digits.test, len(digits.test)),
    ]


def _evaluation(
    name: SetName, place: tuple[int, int], digits: LabelledDigits, most: int, read: list[_Read], count: int
) -> Evaluation:
    predictions, outputs = (np.concatenate(parts)[:count] for parts in zip(*read, strict=True))
    right = int(np.count_nonzero(predictions == digits.labels[:count]))
    return Evaluation(name, *place, predictions, right, len(digits), count == most, outputs)


@quietly
def evaluated(
    moment: Moment, name: SetName, digits: Digits, cancelled: Cancelled = never, progress: Counted = unheard
) -> Evaluation:
    """Evaluate a checkpoint on a set: all of it, or the first thousand training samples. `progress` receives the
    samples done and their total. Raise `Withdrawn` once `cancelled()`."""
    training = digits.trained_on(moment.settings)
    part, most = next((part, most) for each, part, most in _sets_to_read(digits, training) if each == name)
    read: list[_Read] = []
    for piece in pieces(moment.network, part.first(most)):
        check(cancelled)
        read.append(moment.network.read(piece.images))
        progress(sum(len(predictions) for predictions, _ in read), most)
    return _evaluation(name, (moment.step, moment.digits), part, most, read, most)


def pieces(network: Network, digits: LabelledDigits) -> Iterator[DigitSet]:
    """Yield the samples in batches as large as the network evaluates at once."""
    for start in range(0, len(digits), network.evaluation_chunk):
        part = slice(start, start + network.evaluation_chunk)
        yield DigitSet(digits.pictures(part), digits.labels[part])


@quietly
def accuracy(network: Network, digits: DigitSet, cancelled: Cancelled = never) -> float | None:
    """Return the accuracy of a network; None if its weights are not finite. Raise `Withdrawn` once `cancelled()`."""
    if not np.isfinite(network.parameters).all():
        return None
    return correct(network, digits, cancelled) / len(digits)


def correct(network: Network, digits: DigitSet, cancelled: Cancelled) -> int:
    """Return how many predictions are correct. Raise `Withdrawn` once `cancelled()`."""
    count = 0
    for piece in pieces(network, digits):
        check(cancelled)
        count += network.evaluate(piece)
    return count
