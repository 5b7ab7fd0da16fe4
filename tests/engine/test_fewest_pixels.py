"""The few pixels that change a verdict: what a plain loop finds, and where the search ends."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.digits import PIXELS, Digits, grey_values
from mnistviz.engine.fewest_pixels import INK, PAPER, PixelSearch, fewest_pixels
from mnistviz.engine.functions import ACTIVATIONS
from mnistviz.engine.network import Network

Image = NDArray[np.uint8]


def search(network: Network, image: Image, most: int = 100) -> PixelSearch:
    found = fewest_pixels(network, image, most)
    assert found is not None
    return found


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
    random = np.random.default_rng(seed)
    image = random.choice(np.array([0, 0, 90, 200, 255], np.uint8), sizes[0])
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
    blank = search(learned, np.zeros(PIXELS, np.uint8))
    assert set(blank.values) == {INK}
    asked = iter([False, True])
    with pytest.raises(Withdrawn):
        fewest_pixels(learned, image, cancelled=lambda: next(asked))
