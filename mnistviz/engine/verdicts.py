"""Decide whether a difference is more than chance: the one place that calls something better, worse or equal.

Each function compares B with A and returns a `Verdict`. They differ in where chance comes from: other seeds of the
same recipe, other orders of the same digits, or the digits on which two networks differ.
"""

import math
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from msgspec import Struct

from mnistviz.engine.functions import Floats

PROBABLY: Final = 0.1  # a difference is probable if chance does as much in fewer cases than this
CLEARLY: Final = 0.01  # a difference is clear if chance does as much in fewer cases than this
LEAST_DIGITS: Final = 200  # with fewer digits measured there is no verdict

Source = Literal["seeds", "orders", "digits"]
Sureness = Literal["too few digits", "no clear difference", "probably", "clearly"]


class Verdict(Struct, frozen=True):
    """The difference B − A of an accuracy, 0 to 1, and how often chance alone differs as much.

    `p` is that share of cases, two-sided. `source` names the kind of chance: other `seeds` of the recipes, other
    `orders` of the samples after a common past, or other `digits` of this kind for these two networks. `digits` is the
    number of samples of each accuracy. Orders alone make a difference of `margin` or more in one of ten cases; it is
    NaN for other sources.
    """

    difference: float
    p: float
    source: Source
    digits: int
    margin: float = math.nan

    @property
    def sureness(self) -> Sureness:
        if self.digits < LEAST_DIGITS:
            return "too few digits"
        if self.p < CLEARLY:
            return "clearly"
        return "probably" if self.p < PROBABLY else "no clear difference"

    @property
    def outcome(self) -> Literal["better", "worse", "equal"]:
        """Whether B is better or worse than A; equal if that is not at least probable."""
        if self.difference == 0 or self.sureness not in ("probably", "clearly"):
            return "equal"
        return "better" if self.difference > 0 else "worse"


def compare_seeds(a: Sequence[float], b: Sequence[float], digits: int) -> Verdict:
    """Compare two recipes by accuracies of runs with several seeds each, at least one on each side.

    Exact rank-sum test (Mann and Whitney, On a test of whether one of two random variables is stochastically larger
    than the other, Annals of Mathematical Statistics 18, 1947); equal values share their ranks. One run outside the
    range of n others has p = 2 / (n + 1).
    """
    difference = float(np.median(b) - np.median(a))
    return Verdict(difference, _rank_sum_p(np.asarray(a, float), np.asarray(b, float)), "seeds", digits)


def compare_orders(a: Sequence[float], b: Sequence[float], digits: int, looks: int = 1) -> Verdict:
    """Compare a change (B) with no change (A) by accuracies in pairs, each after one order of the same digits or seed.

    Student's t of the paired differences (“Student”, The probable error of a mean, Biometrika 6, 1908). B may be the
    best of several `looks`: then p is the chance that any of so many does as much (Šidák, Journal of the American
    Statistical Association 62, 1967). ValueError for fewer than two pairs.
    """
    differences = np.subtract(b, a)
    if (n := len(differences)) < 2:
        raise ValueError("one pair does not show what the order does")
    error = math.sqrt(variance(differences, digits) / n)
    return _by_student(float(differences.mean()), error, n - 1, digits, looks)


def compare_few_orders(
    a: Sequence[float], b: Sequence[float], variance_b: float, freedom_b: int, digits: int, looks: int
) -> Verdict:
    """Compare a change (B) after few orders with no change (A) after several, at least two. B is one of several
    `looks`, as in `compare_orders`.

    The variance of B over orders is known from elsewhere, with `freedom_b` degrees of freedom. Welch's t (The
    generalization of “Student's” problem when several different population variances are involved, Biometrika 34,
    1947), with the degrees of freedom rounded down.
    """
    parts = variance(a, digits) / len(a), variance_b / len(b)
    total = sum(parts)
    freedom = total**2 / (parts[0] ** 2 / (len(a) - 1) + parts[1] ** 2 / freedom_b)
    difference = float(np.mean(b) - np.mean(a))
    return _by_student(difference, math.sqrt(total), max(1, math.floor(freedom)), digits, looks)


def variance(values: Sequence[float] | Floats, digits: int) -> float:
    """Return the variance of accuracies that are each measured on so many `digits`: at least half a digit squared."""
    return max(float(np.var(values, ddof=1)), (0.5 / digits) ** 2)


def _by_student(difference: float, error: float, freedom: int, digits: int, looks: int) -> Verdict:
    p = best_of(student_p(difference / error, freedom), looks)
    return Verdict(difference, p, "orders", digits, error * student_t(PROBABLY / looks, freedom))


def compare_digits(only_a_correct: int, only_b_correct: int, digits: int) -> Verdict:
    """Compare two networks by the digits that only one of them predicts correctly, out of `digits`. Exact test of
    McNemar (Note on the sampling error of the difference between correlated proportions or percentages, Psychometrika
    12, 1947). The result is about these two networks on such samples, not about their recipes."""
    n, tail, ways = only_a_correct + only_b_correct, 0, 1
    for k in range(min(only_a_correct, only_b_correct) + 1):
        tail += ways
        ways = ways * (n - k) // (k + 1)
    p = min(1.0, 2 * tail / 2**n)
    return Verdict((only_b_correct - only_a_correct) / digits, p, "digits", digits)


def compare_sets(a: float, b: float, digits_a: int, digits_b: int) -> Verdict:
    """Compare an accuracy `b` on one set of digits with an accuracy `a` on another.

    Chi-squared test of a fourfold table, without correction for continuity (Pearson, On the criterion that a given
    system of deviations …, Philosophical Magazine 50, 1900). The verdict counts the digits of B; A may have fewer. Of
    one set measured twice it finds less than there is.
    """
    pooled = (a * digits_a + b * digits_b) / (digits_a + digits_b)
    error = math.sqrt(pooled * (1 - pooled) * (1 / digits_a + 1 / digits_b))
    p = math.erfc(abs(b - a) / error / math.sqrt(2)) if error else 1.0
    return Verdict(b - a, p, "digits", digits_b)


def is_best(now: float, best: float) -> bool:
    """Return True if the current accuracy is the best of a run: the previous `best` is no better on the same samples.
    Chance does not count here: restoring is offered only to what is better, by however little."""
    return now >= best


def best_of(p: float, looks: int) -> float:
    """Return the chance that the best of `looks` independent cases is as rare as one of probability p."""
    return -math.expm1(looks * math.log1p(-p)) if p < 1 else 1.0


def student_p(t: float, freedom: int) -> float:
    """Return the two-sided probability of Student's t with whole degrees of freedom.

    Finite series 26.7.3 and 26.7.4 of Abramowitz and Stegun, Handbook of Mathematical Functions (1964).
    """
    angle = math.atan(abs(t) / math.sqrt(freedom))
    cosine, term, total = math.cos(angle), 1.0, 0.0
    first = 2 if freedom % 2 else 1
    if freedom % 2:
        term = cosine
    for k in range(first, freedom, 2):
        total += term
        term *= cosine**2 * k / (k + 1)
    sine = math.sin(angle)
    within = 2 / math.pi * (angle + sine * total) if freedom % 2 else sine * total
    return min(1.0, max(0.0, 1 - within))


def student_t(p: float, freedom: int) -> float:
    """Return the t that Student's distribution exceeds, on either side, with probability p."""
    low, high = 0.0, 1.0
    while student_p(high, freedom) > p:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if student_p(middle, freedom) > p else (low, middle)
    return high


def _rank_sum_p(a: Floats, b: Floats) -> float:
    """Return the share of all ways to divide the values in which the rank sum lies as far from its mean."""
    _, place, counts = np.unique(np.concatenate((a, b)), return_inverse=True, return_counts=True)
    ranks = (2 * np.cumsum(counts) - counts + 1)[place]  # twice the mean rank of equal values, a whole number
    ways = np.zeros((len(b) + 1, int(ranks.sum()) + 1))  # of taking so many values with this sum of ranks
    ways[0, 0] = 1
    for rank in ranks.tolist():
        ways[1:, rank:] += ways[:-1, :-rank].copy()
    mean = len(b) * (len(ranks) + 1)
    far = np.abs(np.arange(ways.shape[1]) - mean) >= abs(int(ranks[len(a) :].sum()) - mean)
    return float(ways[-1, far].sum() / ways[-1].sum())
