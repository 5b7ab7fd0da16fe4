"""Where labels stand so that none touches another."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean


def steady_order(wanted: Sequence[float], before: Sequence[int], apart: float) -> list[int]:
    """The numbers of those `wanted` from the top down: as they were `before`, but for those that are further `apart`
    now. Names of lines that run close together don't change places all the time."""
    order, left = [], list(before)
    while left:
        highest = min(wanted[number] for number in left)
        order.append(next(number for number in left if wanted[number] - highest <= apart))
        left.remove(order[-1])
    return order


def spread(
    wanted: Sequence[float], height: float, low: float, high: float, order: Sequence[int] | None = None
) -> list[float]:
    """Upper edges as near to those `wanted` as can be, from `low` to `high`: `height` apart, or less where there is too
    little room; in their own order, or in another `order` of their numbers from the top down."""
    height = min(height, (high - low) / max(1, len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda number: wanted[number]) if order is None else order
    blocks: list[
        list[float]
    ] = []  # of those that touch, each as far as it is wanted from a place in its block
    for place, number in enumerate(order):
        blocks.append([wanted[number] - place * height])
        while len(blocks) > 1 and fmean(blocks[-2]) >= fmean(blocks[-1]):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    begins = [fmean(block) for block in blocks for _ in block]
    placed = [0.0] * len(wanted)
    for place, (number, begin) in enumerate(zip(order, begins, strict=True)):
        highest = high - (len(wanted) - 1) * height
        placed[number] = min(max(begin, low), highest) + place * height
    return placed
