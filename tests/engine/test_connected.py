"""Connected parts: the same as found by walking from pixel to pixel."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mnistviz.engine.rows.connected import connected


def walked(inked: NDArray[np.bool_]) -> set[frozenset[tuple[int, int]]]:
    left = set(zip(*(places.tolist() for places in np.nonzero(inked)), strict=True))
    parts = set()
    while left:
        part, waiting = set(), [left.pop()]
        while waiting:
            y, x = waiting.pop()
            part.add((y, x))
            around = {(y + down, x + right) for down in (-1, 0, 1) for right in (-1, 0, 1)} & left
            left -= around
            waiting += around
        parts.add(frozenset(part))
    return parts


@settings(deadline=None)
@given(st.integers(1, 14), st.integers(1, 14), st.floats(0, 1), st.integers(0, 10_000))
def test_parts_are_what_hangs_together(height: int, width: int, share: float, seed: int) -> None:
    inked = np.random.default_rng(seed).random((height, width)) < share
    numbers, count = connected(inked)
    assert np.array_equal(numbers > 0, inked)
    found = {
        frozenset(zip(*(places.tolist() for places in np.nonzero(numbers == number)), strict=True))
        for number in range(1, count + 1)
    }
    assert found == walked(inked)
