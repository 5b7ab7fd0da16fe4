"""A row of test digits: which they are, and how far they stand apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import MOST_CLASSES, MOST_DIGITS, Digits
from mnistviz.engine.rows import MadeRow, set_row

MOST: Final = 30
"""So many digits a row has at most."""
_FARTHEST: Final = 28  # pixels


@dataclass(frozen=True)
class TestRow:
    """The test digits of a row by their `numbers`, with their `labels` and the `gaps` between them, in pixels."""

    __test__ = False  # no test, whatever its name begins with

    numbers: tuple[int, ...]
    labels: tuple[int, ...]
    gaps: tuple[int, ...]

    @classmethod
    def of(cls, made: MadeRow) -> TestRow:
        gaps = tuple(round(after.left - before.right) for before, after in pairwise(made.boxes))
        return cls(made.numbers, made.labels, gaps)

    def is_in(self, digits: Digits, canvas: NDArray[np.uint8]) -> bool:
        """Whether `canvas` is this row of the test digits of this set."""
        test = digits.test
        if max(self.numbers) >= len(test):
            return False
        made = set_row(test, self.numbers, self.gaps, canvas.shape[1])
        return made.labels == self.labels and np.array_equal(made.canvas, canvas)

    def state(self) -> dict[str, Any]:
        """In values that JSON can hold."""
        return {"numbers": [*self.numbers], "labels": [*self.labels], "gaps": [*self.gaps]}

    @classmethod
    def from_state(cls, state: object) -> TestRow | None:
        """What `state` described; None for anything that makes no sense."""
        if not isinstance(state, Mapping):
            return None
        numbers = _whole(state.get("numbers"), 0, MOST_DIGITS - 1)
        labels = _whole(state.get("labels"), 0, MOST_CLASSES - 1)
        gaps = _whole(state.get("gaps"), -_FARTHEST, _FARTHEST)
        fits = 0 < len(numbers) == len(labels) == len(gaps) + 1 <= MOST
        return cls(numbers, labels, gaps) if fits else None


def _whole(values: object, least: int, most: int) -> tuple[int, ...]:
    """Whole numbers within bounds; none at all where one is not."""
    if not isinstance(values, list) or len(values) > MOST:
        return ()
    fits = all(type(value) is int and least <= value <= most for value in values)
    return tuple(values) if fits else ()
