"""From step to sigmoid: small changes, and the factor that turns one into the other."""

import math
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnistviz.engine.ideas import perceptron
from mnistviz.engine.ideas.sigmoid import OneInputUnit, change, sigmoid, step

NUMBERS = st.floats(-5, 5)


def test_both_units_have_the_same_threshold_and_are_finite_far_away() -> None:
    assert step([-1e-9, 0, 1e-9]).tolist() == [0, 0, 1]
    assert sigmoid(0) == 0.5
    assert sigmoid([-1e6, -1, 1, 1e6]) == pytest.approx([0, 1 / (1 + np.e), np.e / (1 + np.e), 1])
    unit = OneInputUnit(2.0, -1.0)
    assert unit.threshold == 0.5
    assert unit.sigmoid(0.5) == 0.5
    assert unit.step([0.499, 0.501]).tolist() == [0, 1]
    assert OneInputUnit(0.0, 1.0).threshold is None


@given(NUMBERS, NUMBERS, NUMBERS)
def test_the_slopes_are_those_of_finite_differences(w: float, b: float, x: float) -> None:
    h = 1e-5
    unit = OneInputUnit(w, b)
    by_w = (OneInputUnit(w + h, b).sigmoid(x) - OneInputUnit(w - h, b).sigmoid(x)) / (2 * h)
    by_b = (OneInputUnit(w, b + h).sigmoid(x) - OneInputUnit(w, b - h).sigmoid(x)) / (2 * h)
    assert unit.slopes(x) == pytest.approx((by_w, by_b), abs=1e-7)


def test_the_step_does_nothing_or_flips() -> None:
    unit = OneInputUnit(1.0, -0.5)
    assert change(unit, 0.6, 0.1, 0.0).step == 0
    assert change(unit, 0.48, 0.1, 0.0).step == 1
    assert change(unit, 0.52, -0.1, 0.0).step == -1


def test_a_factor_leaves_the_step_and_makes_the_sigmoid_one() -> None:
    unit, x = OneInputUnit(2.0, -1.0), np.linspace(0, 1, 101)
    away = x[np.abs(x - 0.5) > 0.05]
    for c in (0.1, 1, 7, 1000):
        assert np.array_equal(unit.scaled(c).step(x), unit.step(x))
    gaps = [np.abs(each.step(away) - each.sigmoid(away)).max() for each in (unit, unit.scaled(100))]
    assert gaps[0] > 0.4
    assert gaps[1] < 1e-4
    assert unit.scaled(1e6).sigmoid(0.5) == 0.5, (
        "at the threshold no factor helps, as the book's exercise says"
    )


QUARTERS = st.integers(-40, 40).map(lambda n: n / 4)
PLACES = st.integers(-8, 8).map(lambda n: n / 4)


def test_minus_two_minus_two_and_three_are_nand_and_a_sum_of_nought_does_not_fire() -> None:
    assert perceptron.outputs((-2, -2), 3) == perceptron.GATES["nand"] == (1, 1, 1, 0)
    sums = [perceptron.weighted_sum((-2, -2), 3, given) for given in perceptron.inputs(2)]
    assert sums == [3, 1, 1, -1]
    assert perceptron.output((0.1, 0.2), -0.3, (1, 1)) == int(math.fsum((0.1, 0.2, -0.3)) > 0)
    assert perceptron.outputs((1, 1), -1) == (0, 0, 0, 1)
    assert perceptron.outputs((0, 0), 0) == (0, 0, 0, 0)


def test_no_weights_and_bias_are_xor() -> None:
    grid = [n / 2 for n in range(-8, 9)]
    found = {perceptron.outputs((a, b), c) for a, b, c in product(grid, grid, grid)}
    assert len(found) == 14  # of the 16 there are; the others are XOR and its opposite
    assert perceptron.GATES["xor"] not in found
    assert {gate for gate in perceptron.GATES.values() if gate in found} == {
        perceptron.GATES[name] for name in ("and", "or", "nand")
    }


def test_a_decision_of_three_wishes() -> None:
    assert perceptron.outputs((2, 1, 1), -2.5) == perceptron.FAIR
    for (weather, friend, bus), goes in zip(perceptron.inputs(3), perceptron.FAIR, strict=True):
        assert goes == (weather and (friend or bus))


@given(st.lists(QUARTERS, min_size=2, max_size=3), QUARTERS, st.data())
def test_the_stacked_parts_end_at_the_sum(weights: list[float], bias: float, data: st.DataObject) -> None:
    given_inputs = data.draw(st.sampled_from(perceptron.inputs(len(weights))))
    parts = perceptron.stacked(weights, bias, given_inputs)
    assert parts[0] == (0, bias)
    assert all(one[1] == other[0] for one, other in pairwise(parts))
    assert parts[-1][1] == perceptron.weighted_sum(weights, bias, given_inputs)


@given(QUARTERS, QUARTERS, PLACES, PLACES)
def test_the_line_goes_through_where_it_was_dragged_to(w1: float, w2: float, x: float, y: float) -> None:
    bias = perceptron.through((w1, w2), x, y)
    assert w1 * x + w2 * y + bias == 0
    if (w1, w2) != (0, 0):
        px, py = perceptron.nearest_on_line((w1, w2), bias, 0.5, 0.5)
        assert w1 * px + w2 * py + bias == pytest.approx(0, abs=1e-9)
        assert (px - 0.5) * w2 == pytest.approx((py - 0.5) * w1, abs=1e-9)
    with pytest.raises(ValueError, match="no line"):
        perceptron.nearest_on_line((0, 0), 1, 0, 0)


@given(QUARTERS, QUARTERS, st.floats(0, 2 * math.pi))
def test_a_turned_line_keeps_its_length_and_its_side(w1: float, w2: float, angle: float) -> None:
    along = (math.cos(angle), math.sin(angle))
    v1, v2 = perceptron.turned((w1, w2), along)
    assert math.hypot(v1, v2) == pytest.approx(math.hypot(w1, w2))
    assert v1 * along[0] + v2 * along[1] == pytest.approx(0, abs=1e-9)
    assert v1 * w1 + v2 * w2 >= -1e-9


def test_the_best_bias_agrees_most_and_never_makes_xor() -> None:
    def best(weights: tuple[float, float], gate: str) -> int:
        target = perceptron.GATES[gate]
        return perceptron.agreeing(weights, perceptron.best_bias(weights, target), target)

    assert best((1, 1), "and") == best((-3, -1), "nand") == 4
    xor = perceptron.GATES["xor"]
    for angle in range(360):
        weights = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        most = max(perceptron.agreeing(weights, bias / 20, xor) for bias in range(-40, 41))
        assert 2 <= most <= best(weights, "xor") <= 3
