"""The training digits that look most like a digit, which often explain what it was taken for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import LabelledDigits
from mnistviz.engine.network import Network

CHUNK = 2_000  # digits whose distances are found at once
_FIRST_READ = 64  # of the nearest digits: so many are read first, then always twice as many


@dataclass(frozen=True)
class NearDigit:
    """A training digit, by its number, and how far it is from another digit: the root of the sum of the squared
    differences of all pixels, whose grey values go from 0 to 1. One pixel from paper to ink is a distance of 1."""

    number: int
    distance: float


@dataclass(frozen=True)
class NearestDigits:
    """The nearest training digit of a digit's `own` class, and the nearest that is read as the class for which the
    digit is `taken`; None where there is none. Where the digit is read right, both may be the same."""

    own: NearDigit | None
    taken: NearDigit | None


def nearest_digits(
    network: Network,
    image: NDArray[np.uint8],
    label: int | None,
    read: int,
    training: LabelledDigits,
    *,
    leave_out: int | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> NearestDigits | None:
    """The nearest training digits of one digit `image`, (784,), which is a `label` and is read as `read`.

    "Read as the wrong class" is about what the network says: of all training digits that this network reads as
    `read`, whatever they are, it is the nearest. Mostly these are digits of that class, and now and then one that the
    network misreads just as it does this one. Own class is about the label. A drawing has none: `label` None.

    `leave_out` is the number of the digit itself, where it is a training digit. Of equally near ones the first counts.
    None if `cancelled()` said so between two chunks.
    """
    squares = squared_distances(image, training, cancelled)
    if squares is None:
        return None
    if leave_out is not None:
        squares[leave_out] = np.iinfo(squares.dtype).max
    order = np.argsort(squares, kind="stable")[: len(squares) - (leave_out is not None)]
    own = order[training.labels[order] == label][:1]
    taken = _first_read_as(network, read, order, training, cancelled)
    if taken is None:
        return None
    near = [
        NearDigit(int(one[0]), float(np.sqrt(squares[one[0]])) / 255) if len(one) else None
        for one in (own, taken)
    ]
    return NearestDigits(*near)


def squared_distances(
    image: NDArray[np.uint8], training: LabelledDigits, cancelled: Callable[[], bool] = lambda: False
) -> NDArray[np.int64] | None:
    """The sum of the squared differences of all pixels, 0 to 255 each, between a digit, (784,), and each of n training
    digits: (n,), exact. None if `cancelled()` said so between two chunks."""
    found = np.empty(len(training), np.int64)
    for start in range(0, len(training), CHUNK):
        if cancelled():
            return None
        some = training.pictures(slice(start, start + CHUNK))
        difference = some.astype(np.int32)
        difference -= image
        np.einsum("ij,ij->i", difference, difference, out=found[start : start + len(some)])
    return found


def _first_read_as(
    network: Network,
    read: int,
    order: NDArray[np.intp],
    training: LabelledDigits,
    cancelled: Callable[[], bool],
) -> NDArray[np.intp] | None:
    """The first of the digits in this `order` that the network reads as `read`, (1,); (0,) where there is none. Only as
    many are read as it takes. None if `cancelled()`."""
    start, count = 0, _FIRST_READ
    while start < len(order):
        if cancelled():
            return None
        some = order[start : start + count]
        alike: NDArray[np.intp] = some[network.predictions(training.pictures(some)) == read]
        if len(alike):
            return alike[:1]
        start, count = start + count, min(2 * count, CHUNK)
    return order[:0]
