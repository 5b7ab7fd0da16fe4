"""Linear readout of the class from each layer of a network, and how well a single unit distinguishes a class.

A linear readout is fitted by least squares: for each class a weight for each activation, and a bias, so that the sum
is near 1 for that class and near 0 for all others. It predicts the class with the largest sum. It is fitted on some
training samples and evaluated on the test set.
"""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

import numpy as np
from msgspec import Struct

from mnistviz.engine.cancelling import Cancelled, Progress, never, unheard, until
from mnistviz.engine.digits import Digits, LabelledDigits, grey_values
from mnistviz.engine.evaluation import pieces
from mnistviz.engine.functions import Array, Bytes, Floats, Ints, quietly
from mnistviz.engine.ideas.few_digits import fresh
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.threads import one_blas_thread
from mnistviz.engine.verdicts import compare_sets

FITTED: Final = 5_000  # most training samples for fitting
SMALLEST: Final = 1e-9  # directions with less than this share of the largest variance are ignored


class LayerReading(Struct, frozen=True, eq=False):
    """Readout of one layer of `n` units. `linear` is the test accuracy of a linear readout. `units`, (n,), is for each
    unit the balanced accuracy of the class that it distinguishes best from the others: the mean of true positive and
    true negative rate, ½ for guessing. NaN or empty if activations are not finite."""

    linear: float
    units: Floats

    @property
    def middle(self) -> float:
        return float(np.median(self.units)) if self.units.size else math.nan

    @property
    def best(self) -> float:
        return float(self.units.max()) if self.units.size else math.nan


class DepthReading(Struct, frozen=True, eq=False):
    """The readouts of all layers of a `trained` network and of the `untrained` one that it began as, the pixels first,
    which are the same for both. They were `fitted` on so many training and `measured` on so many test samples."""

    trained: tuple[LayerReading, ...]
    untrained: tuple[LayerReading, ...]
    fitted: int
    measured: int

    @property
    def is_same(self) -> bool:
        pairs = zip(self.trained, self.untrained, strict=True)
        return all(a.linear == b.linear and np.array_equal(a.units, b.units) for a, b in pairs)

    @property
    def order(self) -> str:
        """Trend of the linear accuracy from the pixels to the outputs of the trained network: "rises" or "falls" if no
        layer clearly contradicts that, "peaks" if it rises first and falls later, "level" if the first and the highest
        can't be distinguished, else "mixed"."""
        return order_of([layer.linear for layer in self.trained], self.measured)


def order_of(shares: list[float], digits: int) -> str:
    """Return the trend of accuracies on so many samples; see `DepthReading.order`."""

    def apart(a: float, b: float) -> bool:
        return compare_sets(a, b, digits, digits).sureness == "clearly"

    if not all(map(math.isfinite, shares)):
        return "mixed"
    low, high = min(shares), max(shares)
    if not apart(low, high):
        return "level"
    top = shares.index(high)
    before, after = shares[: top + 1], shares[top:]
    climbs = all(b > a or not apart(a, b) for a, b in pairwise(before))
    sinks = all(b < a or not apart(a, b) for a, b in pairwise(after))
    if not climbs or not sinks:
        return "mixed"
    begins, ends = not apart(shares[0], high), not apart(shares[-1], high)
    if begins != ends:
        return "falls" if begins else "rises"
    return "mixed" if begins else "peaks"


@one_blas_thread()
@quietly
def read_depth(
    moment: Moment, digits: Digits, tell: Progress = unheard, cancelled: Cancelled = never
) -> DepthReading:
    """Return the readouts of all layers of a checkpoint's network. Raise `Withdrawn` once `cancelled()`."""
    training = digits.trained_on(moment.settings).first(FITTED)
    sizes, report, done = moment.network.sizes, until(tell, cancelled), 0

    def take(units: int) -> None:
        nonlocal done
        done += units
        report(done / (2 * sum(sizes) - sizes[0]))

    trained, untrained = moment.network, fresh(moment.network)
    pixels = read_layer(trained, 0, training, digits, take)
    readings = [
        tuple(read_layer(network, layer, training, digits, take) for layer in range(1, len(sizes)))
        for network in (trained, untrained)
    ]
    return DepthReading((pixels, *readings[0]), (pixels, *readings[1]), len(training), len(digits.test))


def read_layer(
    network: Network,
    layer: int,
    training: LabelledDigits,
    digits: Digits,
    take: Callable[[int], object] = lambda units: None,
) -> LayerReading:
    """Return the readouts of one layer; 0 is the pixels. `take` gets the units done since its last call."""
    classes = len(digits.classes)
    fitted = np.concatenate([a for a, _ in _activations(network, layer, training)])
    if not np.isfinite(fitted).all():
        take(network.sizes[layer])
        return LayerReading(math.nan, np.empty(0))
    weights, bias = least_squares(fitted, np.eye(classes)[training.labels])
    questions = []
    for unit in fitted.T:
        questions.append(best_question(unit, training.labels, classes))
        take(1)
    labels, cuts, signs = map(np.array, zip(*questions, strict=True))
    right, own, yes = 0, np.zeros(classes), np.zeros((classes, len(questions)))
    for a, some in _activations(network, layer, digits.test):
        take(0)
        right += int((np.asarray(a @ weights + bias).argmax(axis=1) == some).sum())
        yes_mask = (a > cuts) == (signs > 0)
        for label in range(classes):
            own[label] += (some == label).sum()
            yes[label] += yes_mask[some == label].sum(axis=0)
    return LayerReading(right / len(digits.test), _marks(labels, own, yes))


def _marks(labels: Ints, own: Array, yes: Array) -> Floats:
    """Return the balanced accuracy of each unit for the class in `labels`, (n,). The units said yes to `yes`, (classes,
    n), of the `own`, (classes,), samples of each class."""
    true_positives, others = yes[labels, np.arange(len(labels))], own.sum() - own[labels]
    false_positives = yes.sum(axis=0) - true_positives
    asked = (own[labels] > 0) & (others > 0)
    marks = (true_positives / np.maximum(own[labels], 1) + 1 - false_positives / np.maximum(others, 1)) / 2
    return np.asarray(marks[asked], np.float64)


def _activations(network: Network, layer: int, digits: LabelledDigits) -> Iterator[tuple[Array, Bytes]]:
    """Yield the activations of a layer for some samples at a time, with their labels."""
    for piece in pieces(network, digits):
        yield network.activations(grey_values(piece.images), layers=layer)[-1], piece.labels


def least_squares(a: Array, targets: Array) -> tuple[Array, Array]:
    """Return the weights, (n, k), and biases, (k,), that map rows of `a`, (m, n), nearest to `targets`, (m, k); of
    several solutions, the one with the smallest weights."""
    a = np.asarray(a, np.float64)
    mean, mean_target = a.mean(axis=0), targets.mean(axis=0)
    centred = a - mean
    variances, directions = np.linalg.eigh(centred.T @ centred)
    significant = variances > SMALLEST * max(float(variances[-1]), 1e-300)
    axes = directions[:, significant]
    weights = axes @ ((axes.T @ (centred.T @ (targets - mean_target))) / variances[significant, np.newaxis])
    return weights, mean_target - mean @ weights


def best_question(unit: Array, labels: Bytes, classes: int) -> tuple[int, float, int]:
    """Return the class that one unit, (m,), distinguishes best from all others, the cut of its activation, and 1 if
    the class lies above the cut, −1 if not above."""
    order = np.argsort(unit, kind="stable")
    values, sorted_labels = unit[order], labels[order]
    is_own = sorted_labels[:, np.newaxis] == np.arange(classes)
    below = np.cumsum(is_own, axis=0)
    own = below[-1]
    others = len(labels) - own
    ranks = np.arange(1, len(labels) + 1)[:, np.newaxis]
    # positive if the class lies above
    gap = (ranks - below) / np.maximum(others, 1) - below / np.maximum(own, 1)
    gap[:, (own == 0) | (others == 0)] = 0
    gap[:-1][values[:-1] == values[1:]] = 0  # equal activations can't be separated
    at, label = np.unravel_index(np.abs(gap).argmax(), gap.shape)
    return int(label), float(values[at]), 1 if gap[at, label] >= 0 else -1
