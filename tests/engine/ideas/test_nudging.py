"""One weight of a copy of a network is nudged: the outputs, and what the first order promises."""

from __future__ import annotations

import numpy as np
import pytest

from mnistviz.engine.ideas.along import NudgedCopy, Weight
from mnistviz.engine.network import Network

CHOICES = [
    {},
    {"activation": "tanh", "cost": "cross_entropy"},
    {"activation": "leaky_relu", "output": "softmax", "cost": "cross_entropy"},
]


SIZES = (12, 7, 5, 4)


def network(sizes: tuple[int, ...] = SIZES, **choices: str) -> Network:
    return Network(sizes, 3, initial_weights="scaled", dtype=np.float64, **choices)


def digit() -> np.ndarray:
    return np.random.default_rng(1).random(12)


@pytest.mark.parametrize("choices", CHOICES)
@pytest.mark.parametrize("weight", [Weight(1, 3, 8), Weight(2, 4, 0), Weight(3, 2, 1)])
def test_the_first_order_is_the_finite_difference(choices: dict[str, str], weight: Weight) -> None:
    copy, h = NudgedCopy(network(SIZES, **choices)), 1e-4
    up, down = (copy.nudge(digit(), weight, by) for by in (h, -h))
    assert up.promised == pytest.approx((up.after - down.after) / 2, rel=1e-5, abs=1e-15)
    assert np.abs(up.promised).max() > 1e-13


def test_the_difference_from_the_promise_is_of_second_order() -> None:
    copy, weight = NudgedCopy(network()), Weight(2, 1, 2)
    wrong = [np.abs((n := copy.nudge(digit(), weight, by)).moved - n.promised).max() for by in (0.4, 0.2)]
    assert wrong[0] / wrong[1] == pytest.approx(4, rel=0.2)


def test_the_network_is_untouched_and_the_copy_is_put_back() -> None:
    told = network()
    before = told.parameters.copy()
    copy = NudgedCopy(told)
    first = copy.nudge(digit(), Weight(1, 0, 0), 1.0)
    copy.nudge(digit(), Weight(1, 2, 3), -2.0)
    again = copy.nudge(digit(), Weight(1, 0, 0), 1.0)
    assert np.array_equal(told.parameters, before)
    assert np.array_equal(first.after, again.after)
    assert np.array_equal(first.before, told.feedforward(digit()))
    assert not np.array_equal(first.after, first.before)


def test_the_copy_stays_as_the_network_was() -> None:
    told = network()
    copy = NudgedCopy(told)
    before = copy.nudge(digit(), Weight(1, 0, 0), 1.0).before
    told.parameters[...] = 0
    assert np.array_equal(copy.nudge(digit(), Weight(1, 0, 0), 1.0).before, before)


def test_a_weight_of_an_input_that_is_nought_moves_nothing() -> None:
    x = digit()
    x[5] = 0
    nudge = NudgedCopy(network()).nudge(x, Weight(1, 3, 5), 3.0)
    assert not nudge.moved.any()
    assert not nudge.promised.any()


def test_the_verdicts_are_the_largest_outputs() -> None:
    told = Network((1, 2), 0, dtype=np.float64)
    told.parameters[...] = [1, 0, 0, 0.5]
    nudge = NudgedCopy(told).nudge(np.ones(1), Weight(1, 0, 0), -1.0)
    assert nudge.verdicts == (0, 1)
    assert Weight(1, 0, 0).of(told) == 1


def test_the_strongest_weight_moves_an_output_most_in_the_first_order() -> None:
    copy = NudgedCopy(network())
    found = copy.strongest(digit(), 2)
    most = np.abs(copy.nudge(digit(), found, 1.0).promised).max()
    for unit, source in np.ndindex(network().weights[1].shape):
        other = copy.nudge(digit(), Weight(2, unit, source), 1.0).promised
        assert most >= np.abs(other).max() * (1 - 1e-12)


def test_the_least_sure_digit_has_the_lowest_largest_output() -> None:
    images = np.random.default_rng(2).integers(0, 256, (20, 12), dtype=np.uint8)
    told = network()
    found = NudgedCopy(told).least_sure(images)
    largest = [float(told.feedforward(image / 255).max()) for image in images]
    assert largest[found] == pytest.approx(min(largest), rel=1e-6)
