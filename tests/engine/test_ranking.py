"""Which digits fire a unit most and least."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.digits import PIXELS, DigitSet
from mnistviz.engine.evidence import extreme_digits, weighted_inputs
from mnistviz.engine.network import Network
from tests.examples import examples


def noise(count: int, seed: int = 0) -> DigitSet:
    images = np.random.default_rng(seed).integers(0, 256, (count, PIXELS), dtype=np.uint8)
    return DigitSet(images, np.zeros(count, dtype=np.uint8))


def by_hand(network: Network, layer: int, unit: int, digits: DigitSet) -> NDArray[Any]:
    """The weighted inputs, one digit and one layer at a time."""
    found = []
    for image in digits.images:
        a = image.astype(np.float32) / np.float32(255)
        for w, b in zip(network.weights[: layer - 1], network.biases[: layer - 1], strict=True):
            a = 1 / (1 + np.exp(-(w @ a + b)))
        found.append(network.weights[layer - 1][unit] @ a + network.biases[layer - 1][unit])
    return np.array(found)


@given(
    hidden=st.lists(st.integers(1, 7), max_size=3),
    seed=st.integers(0, 100),
    count=st.integers(1, 12),
    chunk=st.integers(1, 30),
    data=st.data(),
)
@settings(max_examples=examples(40), deadline=None)
def test_the_digits_are_those_of_a_computation_digit_by_digit(
    hidden: list[int], seed: int, count: int, chunk: int, data: st.DataObject
) -> None:
    network = Network([PIXELS, *hidden, 10], seed=seed, dtype=np.float64)
    layer = data.draw(st.integers(1, len(network.weights)))
    unit = data.draw(st.integers(0, network.sizes[layer] - 1))
    digits = noise(23, seed)
    z = by_hand(network, layer, unit, digits)

    found = extreme_digits(network, layer, unit, digits, count, chunk=chunk)

    assert found is not None
    assert found.of == 23
    assert list(found.most) == list(np.argsort(-z, kind="stable")[:count])
    assert list(found.least) == list(np.argsort(z, kind="stable")[:count])
    np.testing.assert_allclose(found.most_inputs, z[found.most], rtol=1e-9)
    np.testing.assert_allclose(found.least_inputs, z[found.least], rtol=1e-9)
    np.testing.assert_allclose(found.most_activations, 1 / (1 + np.exp(-z[found.most])), rtol=1e-9)
    np.testing.assert_allclose(found.least_activations, 1 / (1 + np.exp(-z[found.least])), rtol=1e-9)


def test_digits_that_saturate_the_unit_are_still_told_apart() -> None:
    """All activations are exactly 1, and yet the digit with the most ink comes first."""
    network = Network([PIXELS, 1, 10])
    network.weights[0][:] = 10
    digits = DigitSet(
        np.repeat(np.array([[200], [255], [220]], np.uint8), PIXELS, axis=1), np.zeros(3, np.uint8)
    )
    found = extreme_digits(network, 1, 0, digits, 3)
    assert found is not None
    assert list(found.most_activations) == [1, 1, 1]
    assert list(found.most) == [1, 2, 0]
    assert list(found.least) == [0, 2, 1]


def test_digits_that_fire_it_alike_keep_their_order() -> None:
    network = Network([PIXELS, 3, 10])
    network.weights[0][:] = 0
    found = extreme_digits(network, 1, 2, noise(20), 5, chunk=6)
    assert found is not None
    assert list(found.most) == list(found.least) == [0, 1, 2, 3, 4]


def test_a_small_set_gives_all_its_digits() -> None:
    found = extreme_digits(Network([PIXELS, 3, 10]), 1, 0, noise(4), 10)
    assert found is not None
    assert sorted(found.most) == sorted(found.least) == [0, 1, 2, 3]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38])
def test_a_network_that_has_diverged_is_ranked_without_a_warning(value: float) -> None:
    network = Network([PIXELS, 3, 3, 2], activation="relu")
    for weights in network.weights:
        weights[...] = value
        weights[..., ::2] *= -1
    for layer in (1, 2, 3):
        found = extreme_digits(network, layer, 0, noise(5), 2)
        assert found is not None
        assert len(found.most) == 2


def test_it_stops_between_two_chunks_when_told_to() -> None:
    asked: list[bool] = []

    def after_two_chunks() -> bool:
        asked.append(True)
        return len(asked) > 2

    with pytest.raises(Withdrawn):
        extreme_digits(Network([PIXELS, 3, 10]), 2, 0, noise(100), 5, after_two_chunks, chunk=10)
    assert len(asked) == 3


def test_the_chunks_do_not_show_in_the_answer() -> None:
    network, digits = Network([PIXELS, 30, 10], seed=4), noise(50)
    whole = weighted_inputs(network, 2, 1, digits.images, chunk=50)
    parts = weighted_inputs(network, 2, 1, digits.images, chunk=7)
    assert whole is not None
    assert parts is not None
    np.testing.assert_allclose(whole, parts, rtol=1e-4)


@pytest.mark.parametrize(("layer", "unit"), [(0, 0), (3, 0), (1, 3), (1, -1), (2, 10)])
def test_a_unit_that_the_network_has_not_is_refused(layer: int, unit: int) -> None:
    with pytest.raises(IndexError):
        weighted_inputs(Network([PIXELS, 3, 10]), layer, unit, noise(1).images)
