"""What the health of a network says of its units, against loops over digits and units."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from mnistviz.engine.digits import Digits, DigitSet, grey_values
from mnistviz.engine.evaluation import digits_a_unit, examine
from mnistviz.engine.evidence import said
from mnistviz.engine.functions import ACTIVATIONS, OUTPUTS
from mnistviz.engine.network import Network
from tests.examples import examples

Array = NDArray[Any]

CHOICES = list(product(ACTIVATIONS, OUTPUTS, ([], [6], [6, 5], [6, 4, 5])))


def network_of(hidden: list[int], activation: str = "sigmoid", output: str = "sigmoid") -> Network:
    rule = {"initial_weights": "he", "cost": "cross_entropy"}
    return Network((784, *hidden, 10), 3, activation=activation, output=output, **rule)


def percentile(sizes: list[float]) -> float:
    """The smallest that no more than a hundredth is larger than; if that is 0, the largest."""
    ordered = sorted(sizes)
    return ordered[-1 - len(ordered) // 100] or ordered[-1]


@pytest.mark.parametrize(("activation", "output", "hidden"), CHOICES)
def test_answers_and_contributions_equal_those_of_a_loop_over_digits(
    small_digits: Digits, activation: str, output: str, hidden: list[int]
) -> None:
    network, digits = network_of(hidden, activation, output), small_digits.training.first(60)
    health = examine(network, digits)
    assert len(health.layers) == len(hidden) + 1
    each = [[a[0] for a in network.activations(x[np.newaxis])] for x in grey_values(digits.images)]

    for layer, found in enumerate(health.layers, start=1):
        sizes = [abs(float(a)) for activations in each for a in activations[layer]]
        assert found.full_answer == pytest.approx(percentile(sizes), rel=1e-5)
        assert found.mean_answers.shape == (10, network.sizes[layer])
        assert found.mean_answers.dtype == np.float32
        counts = []
        for unit in range(network.sizes[layer]):
            means = []
            for label in range(10):
                of_it = [a[layer][unit] for a, of in zip(each, digits.labels, strict=True) if of == label]
                means.append(sum(map(float, of_it)) / len(of_it))
            np.testing.assert_allclose(found.mean_answers[:, unit], means, rtol=1e-4, atol=1e-6)
            if any(means):
                counts.append(sum(map(abs, means)) ** 2 / sum(m * m for m in means))
        assert found.digits_a_unit == pytest.approx(sum(counts) / len(counts), rel=1e-4)

    contributions = []
    for activations in each:
        words = said(network, activations, int(activations[-1].argmax()))
        contributions += [abs(float(word)) for word in words.contributions]
    assert health.full_contribution == pytest.approx(percentile(contributions), rel=1e-4)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_where_hardly_a_unit_answers_the_largest_answer_is_the_full_one(
    small_digits: Digits, activation: str
) -> None:
    network, digits = network_of([200], activation), small_digits.training.first(50)
    network.weights[0][:] = 0
    network.biases[0][:] = 0
    for answer in (2.5, 2.0**-20):
        network.biases[0][7] = answer
        assert examine(network, digits).layers[0].full_answer == answer
    network.biases[0][7] = 0
    health = examine(network, digits)
    assert (health.layers[0].full_answer, health.layers[0].digits_a_unit) == (0, 0)
    assert health.full_contribution == 0


def test_leaky_answers_below_0_have_a_scale_too(small_digits: Digits) -> None:
    network = network_of([4], "leaky_relu")
    network.weights[0][:] = 0
    network.biases[0][:] = -50
    assert examine(network, small_digits.training.first(50)).layers[0].full_answer == pytest.approx(0.5)


def test_a_class_without_digits_has_a_mean_of_0(small_digits: Digits) -> None:
    digits = small_digits.training.first(100)
    some = digits.labels != 4
    health = examine(network_of([5]), DigitSet(digits.images[some], digits.labels[some]))
    for layer in health.layers:
        assert not layer.mean_answers[4].any()
        assert layer.mean_answers[[0, 1, 2, 3, 5, 6, 7, 8, 9]].all()


def test_a_network_that_has_diverged_gives_finite_scales_and_no_warning(small_digits: Digits) -> None:
    digits = small_digits.training.first(50)
    for value in (np.nan, np.inf, -np.inf, 3e38):
        network = network_of([6], "relu", "softmax")
        for w in network.weights:
            w[:3] = value
        health = examine(network, digits)
        assert np.isfinite(health.full_contribution)
        for layer in health.layers:
            assert np.isfinite(layer.full_answer)
            assert np.isfinite(layer.mean_answers).all()
            assert np.isfinite(layer.digits_a_unit)
    network.parameters[:] = np.nan
    health = examine(network, digits)
    assert (health.full_contribution, health.layers[0].full_answer, health.layers[0].digits_a_unit) == (
        0,
    ) * 3


@pytest.mark.parametrize("output", OUTPUTS)
def test_a_network_with_one_output_has_no_rival(small_digits: Digits, output: str) -> None:
    network = Network((784, 3, 1), output=output, cost="cross_entropy")
    digits = small_digits.training.first(20)
    digits = replace(digits, labels=np.zeros_like(digits.labels))
    largest = float(np.abs(network.weights[-1]).max())
    assert 0 < examine(network, digits).full_contribution <= largest


@pytest.mark.parametrize("output", OUTPUTS)
def test_examining_changes_no_bit_of_the_network(small_digits: Digits, output: str) -> None:
    network = network_of([6, 5], "tanh", output)
    before = network.parameters.tobytes()
    examine(network, small_digits.training.first(100))
    assert network.parameters.tobytes() == before


def test_a_unit_that_answers_to_some_digits_alike_counts_them() -> None:
    for count in range(1, 11):
        means = np.zeros((10, 1), np.float32)
        means[:count] = 0.3
        assert digits_a_unit(means) == pytest.approx(count)
    two = np.zeros((10, 3), np.float32)
    two[0, 0] = 5
    two[:5, 1] = (0.1, -0.1, 0.1, -0.1, 0.1)  # the third is silent and left out
    assert digits_a_unit(two) == pytest.approx((1 + 5) / 2)
    assert digits_a_unit(np.zeros((10, 3))) == 0


@given(
    means=arrays(
        np.float32,
        st.tuples(st.integers(1, 10), st.integers(1, 6)),
        elements=st.floats(-(2.0**100), 2.0**100, width=32),
    ),
    power=st.integers(-10, 10),
)
@settings(max_examples=examples(100), deadline=None)
def test_units_answer_to_between_one_and_all_digits_whatever_their_scale(means: Array, power: int) -> None:
    found = digits_a_unit(means)
    if means.any():
        assert 1 - 1e-6 <= found <= len(means) + 1e-6
        assert digits_a_unit(-means.astype(np.float64) * 2.0**power) == pytest.approx(found)
    else:
        assert found == 0
