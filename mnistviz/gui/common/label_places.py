"""Placement of labels that do not overlap."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean


def steady_order(wanted: Sequence[float], before: Sequence[int], apart: float) -> list[int]:
    """Return the numbers of the `wanted` places from the top down, in the order `before` unless two are more than
    `apart`: so the names of lines that run close together do not swap all the time."""
    order, left = [], list(before)
    while left:
        highest = min(wanted[number] for number in left)
        order.append(next(number for number in left if wanted[number] - highest <= apart))
        left.remove(order[-1])
    return order


def spread(
    wanted: Sequence[float], height: float, low: float, high: float, order: Sequence[int] | None = None
) -> list[float]:
    """Return upper edges as near to the `wanted` ones as possible, from `low` to `high`: `height` apart, or less if
    there is too little room, in their own order or in the `order` of their numbers from the top down."""
    height = min(height, (high - low) / max(1, len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda number: wanted[number]) if order is None else order
    blocks: list[list[float]] = []  # of touching labels: wanted places relative to their place in the block
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
