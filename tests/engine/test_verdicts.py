"""A difference is called one as often by chance as the verdict says, and no oftener."""

import math
from itertools import combinations

import numpy as np
import pytest

from mnistviz.engine.verdicts import (
    best_of,
    compare_digits,
    compare_orders,
    compare_seeds,
    compare_sets,
    student_p,
    student_t,
)


def permuted_p(a: list[float], b: list[float]) -> float:
    """The exact two-sided probability of the rank sum, by going through all divisions of the values."""
    values = np.array(a + b)
    ranks = np.array([np.mean(np.flatnonzero(np.sort(values) == each)) + 1 for each in values])
    mean = len(b) * (len(values) + 1) / 2
    far = abs(ranks[len(a) :].sum() - mean)
    sums = [ranks[list(chosen)].sum() for chosen in combinations(range(len(values)), len(b))]
    return float(np.mean([abs(each - mean) >= far - 1e-9 for each in sums]))


@pytest.mark.parametrize("sizes", [(1, 1), (1, 6), (3, 4), (5, 5), (6, 2)])
@pytest.mark.parametrize("levels", [4, 1_000])
def test_seeds_are_compared_exactly_with_equal_values_too(sizes: tuple[int, int], levels: int) -> None:
    draw = np.random.default_rng(sum(sizes) + levels)
    for _ in range(20):
        a, b = ((draw.integers(0, levels, size) / levels).tolist() for size in sizes)
        assert compare_seeds(a, b, 10_000).p == pytest.approx(permuted_p(a, b))


def test_two_bands_that_do_not_overlap_are_clear_from_five_seeds_each_on() -> None:
    low, high = [0.90, 0.91, 0.92, 0.93, 0.94], [0.95, 0.96, 0.97, 0.98, 0.99]
    verdict = compare_seeds(low, high, 10_000)
    assert (verdict.sureness, verdict.outcome) == ("clearly", "better")
    assert compare_seeds(high, low, 10_000).outcome == "worse"
    assert compare_seeds(low[:3], high[:3], 10_000).sureness == "no clear difference"
    assert compare_seeds(low[:4], high[:4], 10_000).sureness == "probably"


@pytest.mark.parametrize(
    ("freedom", "p", "t"),
    [
        (1, 0.1, 6.314),
        (1, 0.01, 63.657),
        (2, 0.05, 4.303),
        (3, 0.05, 3.182),
        (5, 0.01, 4.032),
        (30, 0.05, 2.042),
    ],
)
def test_student_s_t_is_that_of_the_printed_tables(freedom: int, p: float, t: float) -> None:
    assert student_p(t, freedom) == pytest.approx(p, rel=2e-3)
    assert student_p(-t, freedom) == student_p(t, freedom)
    assert student_t(p, freedom) == pytest.approx(t, rel=1e-3)


def test_orders_are_compared_in_pairs() -> None:
    keeping = [0.90, 0.92, 0.88, 0.91]
    gain = [0.0101, 0.0099, 0.0102, 0.0098]  # far smaller than what the orders do, but the same in each
    verdict = compare_orders(keeping, np.add(keeping, gain).tolist(), 10_000)
    assert (verdict.sureness, verdict.outcome, verdict.source) == ("clearly", "better", "orders")
    assert verdict.difference == pytest.approx(0.01)
    assert compare_orders(keeping, keeping, 10_000).outcome == "equal"
    with pytest.raises(ValueError, match="one pair"):
        compare_orders([0.9], [0.95], 10_000)


def test_equal_differences_of_a_digit_are_no_certainty() -> None:
    """Three orders that each move one digit of 10,000 are no clear difference, though they have no spread."""
    assert compare_orders([0.9] * 3, [0.9001] * 3, 10_000).sureness != "clearly"


def test_the_best_of_many_is_weighed_as_such() -> None:
    assert best_of(0.01, 17) == pytest.approx(1 - 0.99**17)
    assert best_of(1e-12, 17) == pytest.approx(17e-12)
    assert best_of(1.0, 17) == 1.0
    a, b = [0.90, 0.91, 0.92, 0.905], [0.912, 0.921, 0.934, 0.916]
    alone = compare_orders(a, b, 10_000)
    assert compare_orders(a, b, 10_000, looks=17).p == pytest.approx(best_of(alone.p, 17))


def test_two_networks_are_compared_by_the_digits_that_one_alone_predicts() -> None:
    """10 against 2 is 158 of 4,096 cases, counted by hand from the row 12 of Pascal's triangle."""
    verdict = compare_digits(2, 10, 10_000)
    assert verdict.p == pytest.approx(2 * (1 + 12 + 66) / 4_096)
    assert (verdict.sureness, verdict.outcome) == ("probably", "better")
    assert verdict.difference == pytest.approx(0.0008)
    assert compare_digits(0, 0, 10_000).p == 1.0
    assert compare_digits(700, 713, 10_000).sureness == "no clear difference"
    assert compare_digits(800, 500, 10_000).sureness == "clearly"


def test_two_sets_of_digits_are_compared_as_a_fourfold_table() -> None:
    """By hand: 90 of 100 and 80 of 100 have χ² = 200 (90 · 20 − 80 · 10)² / (170 · 30 · 100 · 100) = 3.9216."""
    verdict = compare_sets(0.9, 0.8, 100, 100)
    assert verdict.p == pytest.approx(math.erfc(math.sqrt(3.9216 / 2)), rel=1e-4)
    assert verdict.sureness == "too few digits"
    assert compare_sets(0.95, 0.91, 250, 10_000).outcome == "worse"
    assert compare_sets(0.95, 0.91, 250, 10_000).sureness == "probably"
    assert compare_sets(1.0, 1.0, 1_000, 1_000).outcome == "equal"


def test_few_digits_give_no_verdict() -> None:
    assert compare_digits(0, 30, 199).sureness == "too few digits"
    assert compare_digits(0, 30, 199).outcome == "equal"
    assert compare_digits(0, 30, 200).sureness == "clearly"


def test_placebos_are_called_a_difference_as_often_as_said() -> None:
    """Values drawn from one distribution: at most one in ten is probable, at most one in a hundred clear."""
    draw = np.random.default_rng(1)
    cases = 2_000
    seeds = [
        compare_seeds(draw.normal(size=6).tolist(), draw.normal(size=6).tolist(), 10_000)
        for _ in range(cases)
    ]
    orders = [
        compare_orders(draw.normal(size=5).tolist(), draw.normal(size=5).tolist(), 10_000)
        for _ in range(cases)
    ]
    digits = [compare_digits(k, 300 - k, 10_000) for k in draw.binomial(300, 0.5, cases).tolist()]
    counts = draw.binomial((500, 900), 0.9, (cases, 2)).tolist()
    sets = [compare_sets(a / 500, b / 900, 500, 900) for a, b in counts]
    for verdicts in (seeds, orders, digits, sets):
        shares = [np.mean([each.p < level for each in verdicts]) for level in (0.1, 0.01)]
        assert shares[0] < 0.1 + 3 * np.sqrt(0.09 / cases)
        assert shares[1] < 0.01 + 3 * np.sqrt(0.0099 / cases)
        assert shares[0] > 0.05  # it can tell something
