"""From step to sigmoid: small changes, and the factor that turns one into the other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnistviz.engine.ideas.sigmoid import LARGEST_CURVATURE, OneInputUnit, change, sigmoid, step

NUMBERS = st.floats(-5, 5)


def test_a_step_fires_above_the_threshold_only() -> None:
    assert step([-1e-9, 0, 1e-9]).tolist() == [0, 0, 1]


def test_a_sigmoid_is_half_at_the_threshold_and_finite_far_away() -> None:
    assert sigmoid(0) == 0.5
    assert sigmoid([-1e6, -1, 1, 1e6]) == pytest.approx([0, 1 / (1 + np.e), np.e / (1 + np.e), 1])


def test_both_units_have_the_same_threshold() -> None:
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


def test_the_largest_curvature_is_that_of_the_curve() -> None:
    a = sigmoid(np.linspace(-10, 10, 20_001))
    curvature = a * (1 - a) * (1 - 2 * a)
    assert np.abs(curvature).max() == pytest.approx(LARGEST_CURVATURE, rel=1e-6)


@given(NUMBERS, NUMBERS, NUMBERS, st.floats(-2, 2), st.floats(-2, 2))
def test_the_sigmoid_does_what_was_promised_within_the_second_order(
    w: float, b: float, x: float, dw: float, db: float
) -> None:
    found = change(OneInputUnit(w, b), x, dw, db)
    assert abs(found.sigmoid - found.promised) <= found.bound + 1e-12


def test_the_bound_is_sharp() -> None:
    """Where the sigmoid is bent most, half of it is already exceeded."""
    z = float(np.log((0.5 + np.sqrt(3) / 6) / (0.5 - np.sqrt(3) / 6)))
    found = change(OneInputUnit(0.0, z), 0.0, 0.0, 0.1)
    assert abs(found.sigmoid - found.promised) > 0.9 * found.bound


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
    assert unit.largest_gap(away) > 0.4
    assert unit.scaled(100).largest_gap(away) < 1e-4


def test_at_the_threshold_no_factor_helps() -> None:
    """What the book's exercise says: where w·x + b = 0 the sigmoid stays at ½."""
    assert OneInputUnit(2.0, -1.0).scaled(1e6).sigmoid(0.5) == 0.5
