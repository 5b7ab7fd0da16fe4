"""Noise on digits: the same at each look, another for each digit, and what it does to a network."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.digits import PIXELS, Digits, DigitSet
from mnistviz.engine.distortion import DRAWING, Noise, noise_of, noise_toll, with_noise
from mnistviz.engine.network import Network
from tests.examples import examples

GREY = np.full((4, PIXELS), 128, np.uint8)


@settings(max_examples=examples(10))
@given(begin=st.integers(0, 250), count=st.integers(1, 120), seed=st.integers(0, 3))
def test_a_digit_has_its_noise_whatever_it_is_looked_at_with(begin: int, count: int, seed: int) -> None:
    together = noise_of(seed, begin, begin + count)
    assert together.shape == (count, PIXELS)
    np.testing.assert_array_equal(together[-1], noise_of(seed, begin + count - 1, begin + count)[0])


def test_each_digit_and_each_seed_has_noise_of_its_own() -> None:
    places = [(seed, number) for seed in (0, 1) for number in (0, 1, 99, 100, DRAWING)]
    drawn = [noise_of(seed, number, number + 1)[0] for seed, number in places]
    assert len({each.tobytes() for each in drawn}) == len(places)
    for each in drawn:
        assert abs(float(each.mean())) < 0.2
        assert 0.9 < float(each.std()) < 1.1


def test_it_is_added_pixel_by_pixel_between_paper_and_ink(small_digits: Digits) -> None:
    images, noise = small_digits.test.images[98:102], Noise(0.4, 7)
    made = with_noise(images, noise, 98)
    assert made.dtype == np.uint8
    for row, image in enumerate(images):
        drawn = noise_of(7, 98 + row, 99 + row)[0]
        for pixel in range(0, PIXELS, 13):
            wanted = min(max(image[pixel] / 255 + 0.4 * float(drawn[pixel]), 0), 1)
            assert abs(int(made[row, pixel]) - 255 * wanted) <= 0.51
    assert abs(float(with_noise(GREY, Noise(0.1)).std()) - 25.5) < 1
    np.testing.assert_array_equal(with_noise(images, Noise(0.0), 98), images)


def test_a_network_reads_each_digit_with_noise_and_without(small_digits: Digits) -> None:
    network, test, noise = Network([784, 12, 10], seed=3), small_digits.test.first(120), Noise(0.5, 2)
    right = sum(
        int(network.predictions(with_noise(test.images[n : n + 1], noise, n))[0]) == test.labels[n]
        for n in range(len(test))
    )
    told: list[tuple[int, int]] = []
    toll = noise_toll(network, test, noise, progress=lambda done, of: told.append((done, of)))
    assert toll is not None
    assert (toll.right, toll.plain, toll.of) == (right, network.evaluate(test), len(test))
    assert told == [(len(test), len(test))]
    with pytest.raises(Withdrawn):
        noise_toll(network, test, noise, cancelled=lambda: True)


def test_pieces_make_no_difference(small_digits: Digits) -> None:
    """A large network reads fewer digits at once."""
    large, test = Network([784, 1_500, 1_500, 10], seed=1), small_digits.test.first(170)
    assert large.evaluation_chunk < len(test)
    noise = Noise(0.3)
    whole = DigitSet(with_noise(test.images, noise, 0), test.labels)
    toll = noise_toll(large, test, noise)
    assert toll is not None
    assert toll.right == large.evaluate(whole)
