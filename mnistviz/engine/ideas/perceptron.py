"""One perceptron with inputs of 0 and 1, after the first chapter of Nielsen's *Neural Networks and Deep Learning*."""

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise, product
from typing import Final

GATES: Final = {"and": (0, 0, 0, 1), "or": (0, 1, 1, 1), "nand": (1, 1, 1, 0), "xor": (0, 1, 1, 0)}
"""Outputs for the inputs 00, 01, 10, 11."""

FAIR: Final = (0, 0, 0, 0, 0, 1, 1, 1)
"""A decision on three conditions, for 000 to 111: the first must hold, and at least one of the others."""


def inputs(count: int) -> list[tuple[int, ...]]:
    """Return all combinations of so many zeros and ones, in binary order: 00, 01, 10, 11."""
    return list(product((0, 1), repeat=count))


def weighted_sum(weights: Sequence[float], bias: float, given: Sequence[int]) -> float:
    """Return w · x + b, exact except for the rounding of the total, so that a sum of 0 is 0."""
    return math.fsum([bias, *(weight * x for weight, x in zip(weights, given, strict=True))])


def output(weights: Sequence[float], bias: float, given: Sequence[int]) -> int:
    return int(weighted_sum(weights, bias, given) > 0)


def outputs(weights: Sequence[float], bias: float) -> tuple[int, ...]:
    """Return the outputs for all combinations of inputs, in binary order."""
    return tuple(output(weights, bias, given) for given in inputs(len(weights)))


def stacked(weights: Sequence[float], bias: float, given: Sequence[int]) -> list[tuple[float, float]]:
    """Return the start and end of each term of the sum, the bias first: each begins where the one before it ends."""
    ends = list(accumulate((bias, *(weight * x for weight, x in zip(weights, given, strict=True)))))
    return list(zip([0.0, *ends[:-1]], ends, strict=True))


def agreeing(weights: Sequence[float], bias: float, target: Sequence[int]) -> int:
    return sum(a == b for a, b in zip(outputs(weights, bias), target, strict=True))


def best_bias(weights: Sequence[float], target: Sequence[int]) -> float:
    """Return a bias with most outputs as in the target: halfway between the sums of two inputs, or beyond them all."""
    sums = sorted({weighted_sum(weights, 0.0, given) for given in inputs(len(weights))})
    between = [(low + high) / 2 for low, high in pairwise(sums)]
    return max(
        (-place for place in (sums[0] - 0.5, *between, sums[-1] + 0.5)),
        key=lambda bias: agreeing(weights, bias, target),
    )


def through(weights: Sequence[float], x: float, y: float) -> float:
    """Return the bias with which the decision line w · x + b = 0 of two inputs passes through a point."""
    return -(weights[0] * x + weights[1] * y)


def turned(weights: Sequence[float], along: tuple[float, float]) -> tuple[float, float]:
    """Return weights of the same length and active side, whose decision line has the direction `along`."""
    length, size = math.hypot(*weights), math.hypot(*along)
    across = (-along[1] / size, along[0] / size)
    side = 1.0 if across[0] * weights[0] + across[1] * weights[1] >= 0 else -1.0
    return side * length * across[0], side * length * across[1]


def nearest_on_line(weights: Sequence[float], bias: float, x: float, y: float) -> tuple[float, float]:
    """Return the point of the decision line nearest to another point. Raise ValueError if both weights are 0."""
    if (size := weights[0] ** 2 + weights[1] ** 2) == 0:
        raise ValueError("without weights there is no line")
    off = (weights[0] * x + weights[1] * y + bias) / size
    return x - off * weights[0], y - off * weights[1]


def firing_side(
    corners: list[tuple[float, float]], w1: float, w2: float, bias: float
) -> list[tuple[float, float]]:
    """Return the part of a polygon in which w · x + b > 0 (Sutherland and Hodgman, one side)."""
    inside: list[tuple[float, float]] = []
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        at_a, at_b = w1 * ax + w2 * ay + bias, w1 * bx + w2 * by + bias
        if at_a > 0:
            inside.append((ax, ay))
        if (at_a > 0) != (at_b > 0):
            share = at_a / (at_a - at_b)
            inside.append((ax + share * (bx - ax), ay + share * (by - ay)))
    return inside
