"""The training samples most similar to a sample, which often explain how it was misclassified."""

import numpy as np
from msgspec import Struct

from mnistviz.engine.cancelling import Cancelled, check, never
from mnistviz.engine.digits import LabelledDigits
from mnistviz.engine.functions import Bytes, Ints, Numbers
from mnistviz.engine.network import Network

CHUNK = 2_000  # samples per chunk
_FIRST_READ = 64  # nearest samples evaluated first; then twice as many each time


class NearDigit(Struct, frozen=True):
    """A training sample and its Euclidean distance to another, in grey values 0 to 1: one pixel of ink is 1."""

    number: int
    distance: float


class NearestDigits(Struct, frozen=True):
    """The nearest training sample of a sample's `own` class, and the nearest that is predicted as the class for which
    the sample is `taken`, or None. If the sample is correct, both may be the same."""

    own: NearDigit | None
    taken: NearDigit | None


def nearest_digits(
    network: Network,
    image: Bytes,
    label: int | None,
    read: int,
    training: LabelledDigits,
    *,
    leave_out: int | None = None,
    cancelled: Cancelled = never,
) -> NearestDigits:
    """Find the nearest training samples of a sample `image`, (784,), with this `label` and predicted as `read`.

    `taken` is about predictions: it is the nearest of all training samples that this network predicts as `read`,
    whatever their label; now and then it is misclassified, too. `own` is about the label; a drawing has `label` None.
    `leave_out` is the index of the sample itself if it is a training sample. Of equally near ones the first counts.
    Raise `Withdrawn` if `cancelled()` between two chunks.
    """
    squares = squared_distances(image, training, cancelled)
    if leave_out is not None:
        squares[leave_out] = np.iinfo(squares.dtype).max
    order = np.argsort(squares, kind="stable")[: len(squares) - (leave_out is not None)]
    own = order[training.labels[order] == label][:1]
    taken = _first_read_as(network, read, order, training, cancelled)
    near = [
        NearDigit(int(match[0]), float(np.sqrt(squares[match[0]])) / 255) if len(match) else None
        for match in (own, taken)
    ]
    return NearestDigits(*near)


def squared_distances(image: Bytes, training: LabelledDigits, cancelled: Cancelled = never) -> Ints:
    """Return the sum of squared differences of all pixels, 0 to 255 each, between a sample, (784,), and each of n
    training samples: (n,), exact. Raise `Withdrawn` if `cancelled()` between two chunks."""
    squares = np.empty(len(training), np.int64)
    for start in range(0, len(training), CHUNK):
        check(cancelled)
        some = training.pictures(slice(start, start + CHUNK))
        difference = some.astype(np.int32)
        difference -= image
        np.einsum("ij,ij->i", difference, difference, out=squares[start : start + len(some)])
    return squares


def _first_read_as(
    network: Network, read: int, order: Numbers, training: LabelledDigits, cancelled: Cancelled
) -> Numbers:
    """Return the first sample in this `order` that is predicted as `read`, (1,); (0,) if there is none."""
    start, count = 0, _FIRST_READ
    while start < len(order):
        check(cancelled)
        some = order[start : start + count]
        alike: Numbers = some[network.predictions(training.pictures(some)) == read]
        if len(alike):
            return alike[:1]
        start, count = start + count, min(2 * count, CHUNK)
    return order[:0]
