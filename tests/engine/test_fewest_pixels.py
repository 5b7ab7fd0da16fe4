"""The few pixels that change a verdict, and noise on digits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.digits import PIXELS, Digits, DigitSet, grey_values
from mnistviz.engine.distortion import DRAWING, Noise, noise_accuracy, noise_of, with_noise
from mnistviz.engine.fewest_pixels import INK, PAPER, PixelSearch, fewest_pixels
from mnistviz.engine.functions import ACTIVATIONS
from mnistviz.engine.network import Network
from tests.examples import examples

Image = NDArray[np.uint8]


def search(network: Network, image: Image, most: int = 100) -> PixelSearch:
    return fewest_pixels(network, image, most)


def lead(network: Network, image: Image, start: int) -> float:
    """By how much the z of an output is above the largest other one, worked out for one picture."""
    a = image.astype(np.float64) / 255
    for w, b in zip(network.weights[:-1], network.biases[:-1], strict=True):
        a = ACTIVATIONS[network.activation].value(w @ a + b)
    z = network.weights[-1] @ a + network.biases[-1]
    return float(z[start] - max(each for output, each in enumerate(z) if output != start))


def plain_search(network: Network, image: Image, most: int) -> tuple[list[int], list[int]]:
    """The same by trying each change of each pixel by itself."""
    start = int(network.predictions(image[np.newaxis])[0])
    picture, pixels, values = image.copy(), list[int](), list[int]()
    while len(pixels) < most and network.predictions(picture[np.newaxis])[0] == start:
        tried = []
        for pixel in range(len(picture)):
            for value in (PAPER, INK):
                changed = picture.copy()
                changed[pixel] = value
                if pixel not in pixels and changed[pixel] != picture[pixel]:
                    tried.append((lead(network, changed, start), pixel, value))
        if not tried or min(tried)[0] >= lead(network, picture, start):
            break
        _, pixel, value = min(tried)
        picture[pixel] = value
        pixels.append(pixel)
        values.append(value)
    return pixels, values


@pytest.mark.parametrize(
    ("sizes", "choices"),
    [
        ((20, 6, 4), {}),
        ((20, 3), {}),
        ((20, 7, 5, 4), {"activation": "tanh"}),
        ((20, 8, 6, 4), {"activation": "relu", "output": "softmax", "cost": "cross_entropy"}),
    ],
)
@pytest.mark.parametrize("seed", range(4))
def test_it_finds_what_a_plain_loop_finds(sizes: tuple[int, ...], choices: dict[str, str], seed: int) -> None:
    image = np.random.default_rng(seed).choice(np.array([0, 0, 90, 200, 255], np.uint8), sizes[0])
    network = Network(sizes, seed=seed, dtype=np.float64, **choices)
    for b in network.biases:
        b[...] = 0  # else the verdict is theirs alone
    found = search(network, image)
    assert (list(found.pixels), list(found.values)) == plain_search(network, image, 100)
    assert found.flipped or found.stuck


@pytest.mark.parametrize("seed", [415, 2_376])
def test_no_pixel_is_changed_twice(seed: int) -> None:
    """In these two networks it would help."""
    image = np.random.default_rng(seed).choice(np.array([0, 0, 90, 200, 255], np.uint8), 8)
    network = Network((8, 6, 3), seed=seed, dtype=np.float64, activation="tanh")
    for w, b in zip(network.weights, network.biases, strict=True):
        w *= 3
        b[...] = 0
    found = search(network, image)
    assert len(set(found.pixels)) == len(found.pixels)
    assert (list(found.pixels), list(found.values)) == plain_search(network, image, 100)


@pytest.fixture(scope="module")
def learned(small_digits: Digits) -> Network:
    """Reads most digits right."""
    network = Network([PIXELS, 20, 10], seed=1)
    network.SGD(small_digits.training, 6, 10, 3.0)
    return network


def test_the_last_pixel_turns_the_verdict_and_none_before(learned: Network, small_digits: Digits) -> None:
    counts = []
    for image in small_digits.test.images[:12]:
        before = image.copy()
        found = search(learned, image)
        np.testing.assert_array_equal(image, before)
        assert found.flipped
        assert found.finite
        assert len(set(found.pixels)) == len(found.pixels) == len(found.verdicts) - 1
        assert {*found.values} <= {INK, PAPER}
        verdicts = [
            int(learned.predictions(found.picture(k)[np.newaxis])[0]) for k in range(len(found.verdicts))
        ]
        assert tuple(verdicts) == found.verdicts
        assert set(verdicts[:-1]) == {verdicts[0]}
        assert verdicts[-1] != verdicts[0]
        np.testing.assert_array_equal(
            found.outputs[-1],
            learned.feedforward(grey_values(found.picture(len(found.pixels))[np.newaxis]))[0],
        )
        counts.append(len(found.pixels))
    assert 1 <= min(counts) <= max(counts) < 60


def test_it_ends_where_it_must(learned: Network, small_digits: Digits) -> None:
    image = small_digits.test.images[0]
    wanted = search(learned, image)
    short = search(learned, image, len(wanted.pixels) - 1)
    assert (short.flipped, short.stuck, short.pixels) == (False, False, wanted.pixels[:-1])
    deaf = learned.copy()
    deaf.weights[0][...] = 0
    assert search(deaf, image).stuck
    assert not search(deaf, image).pixels
    for broken in (np.nan, np.inf):
        lost = learned.copy()
        lost.weights[0][0, 0] = broken
        assert not search(lost, image).finite
        assert not search(lost, image).pixels
    assert not search(Network([PIXELS, 1]), image).flipped
    assert set(search(learned, np.zeros(PIXELS, np.uint8)).values) == {INK}
    asked = iter([False, True])
    with pytest.raises(Withdrawn):
        fewest_pixels(learned, image, cancelled=lambda: next(asked))


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
    accuracy = noise_accuracy(network, test, noise, progress=lambda done, of: told.append((done, of)))
    assert (accuracy.right, accuracy.plain, accuracy.of) == (right, network.evaluate(test), len(test))
    assert told == [(len(test), len(test))]
    with pytest.raises(Withdrawn):
        noise_accuracy(network, test, noise, cancelled=lambda: True)


def test_pieces_make_no_difference(small_digits: Digits) -> None:
    """A large network reads fewer digits at once."""
    large, test = Network([784, 1_500, 1_500, 10], seed=1), small_digits.test.first(170)
    assert large.evaluation_chunk < len(test)
    noise = Noise(0.3)
    whole = DigitSet(with_noise(test.images, noise, 0), test.labels)
    assert noise_accuracy(large, test, noise).right == large.evaluate(whole)
