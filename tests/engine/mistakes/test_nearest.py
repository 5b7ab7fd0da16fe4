"""The nearest training digits, against a few lines of plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.digits import Digits
from mnistviz.engine.mistakes import nearest
from mnistviz.engine.mistakes.nearest import NearDigit, NearestDigits, nearest_digits, squared_distances
from mnistviz.engine.network import Network


@pytest.fixture
def network() -> Network:
    return Network((784, 12, 10), seed=5)


def plainly(network: Network, digits: Digits, number: int) -> NearestDigits:
    image, label = digits.test.images[number], digits.test.labels[number]
    training = digits.training
    far = ((training.images.astype(float) - image) ** 2).sum(axis=1)
    read = network.predictions(training.images)
    taken = network.predictions(image[np.newaxis])[0]

    def first(among: np.ndarray) -> NearDigit | None:
        if not among.any():
            return None
        at = int(np.where(among, far, np.inf).argmin())
        return NearDigit(at, float(np.sqrt(far[at])) / 255)

    return NearestDigits(first(training.labels == label), first(read == taken))


def test_it_is_the_nearest_of_its_class_and_the_nearest_that_is_read_alike(
    small_digits: Digits, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "CHUNK", 100)
    monkeypatch.setattr(nearest, "_FIRST_READ", 1)
    test = small_digits.test
    for number in range(6):
        read = int(network.predictions(test.images[number : number + 1])[0])
        found = nearest_digits(
            network, test.images[number], int(test.labels[number]), read, small_digits.training
        )
        assert found == plainly(network, small_digits, number)


def test_distances_are_exact(small_digits: Digits) -> None:
    image = small_digits.test.images[3]
    far = squared_distances(image, small_digits.training)
    wide = small_digits.training.images.astype(np.int64) - image
    np.testing.assert_array_equal(far, (wide * wide).sum(axis=1))


def test_a_training_digit_is_not_its_own_neighbour(small_digits: Digits, network: Network) -> None:
    image, label = small_digits.training.images[7], int(small_digits.training.labels[7])
    read = int(network.predictions(image[np.newaxis])[0])
    itself = nearest_digits(network, image, label, read, small_digits.training)
    assert itself == NearestDigits(NearDigit(7, 0.0), NearDigit(7, 0.0))
    other = nearest_digits(network, image, label, read, small_digits.training, leave_out=7)
    assert other.own is not None
    assert other.taken is not None
    assert 7 not in (other.own.number, other.taken.number)


def test_there_may_be_none(small_digits: Digits, network: Network) -> None:
    network.weights[-1][...] = 0
    network.biases[-1][...] = np.arange(10)  # all is read as 9
    image = small_digits.test.images[0]
    found = nearest_digits(network, image, None, 4, small_digits.training)
    assert found == NearestDigits(None, None)


def test_it_can_be_cancelled(small_digits: Digits, network: Network) -> None:
    asked: list[bool] = []

    def cancelled() -> bool:
        asked.append(True)
        return True

    images, training = small_digits.test.images, small_digits.training
    with pytest.raises(Withdrawn):
        nearest_digits(network, images[0], 1, 2, training, cancelled=cancelled)
    assert len(asked) == 1
