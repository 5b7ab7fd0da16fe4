"""Beliefs about neural networks that don't hold, each with the runs that show it with the bundled digits.

What they show is measured in docs/beliefs.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True)
class Belief:
    """What shows that a belief fails: runs, as lines of text (see `recipe_line`). Of two that it `compares`, the digits
    that they misread are to be looked at; of one with `fewest_pixels`, how few of them change what this test digit
    is read as."""

    lines: tuple[str, ...]
    compares: bool = False
    fewest_pixels: int | None = None


BELIEFS: Final[Mapping[str, Belief]] = MappingProxyType(
    {
        "order": Belief(
            ("784-30-10 seed 1 η 3; 5000: order sorted; 10000: order shuffled; → 10200",),
        ),
        "back": Belief(
            ("784-30-10 seed 1 η 3; 5200: by −η 3 back 200 of 10 shuffled; → 5200",),
        ),
        "labels": Belief(
            ("784-100-10 seed 1 η 0.5 cost cross_entropy training_digits 1000 random_labels 1; → 10000",),
        ),
        "noise": Belief(
            ("784-30-10 seed 1 η 3 random_labels 0.5; → 15000",),
        ),
        "gap": Belief(
            (
                "784-30-10 seed 1 η 3; → 75000",
                "784-100-10 seed 1 η 0.5 cost cross_entropy initial_weights scaled; → 75000",
            ),
        ),
        "equal": Belief(
            (
                "784-30-10 seed 1 η 0.5 cost cross_entropy initial_weights scaled; → 15000",
                "784-30-10 seed 2 η 0.5 cost cross_entropy initial_weights scaled; → 15000",
            ),
            compares=True,
        ),
        "unknown": Belief(
            ("784-30-10 seed 1 η 3 classes_left_out 4; → 15000",),
        ),
        "sees": Belief(
            ("784-30-10 seed 1 η 3; → 15000",),
            fewest_pixels=4,  # about five pixels make a 9 of it with any seed that was tried
        ),
    }
)
"""By name, in the order in which they are listed."""
