"""Lines of writing are told apart, though they run up and down and tails reach into one another."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mnistviz.engine.rows.connected import connected, lines_of

DIGIT = (14, 20)  # wide, high


def bars(places: list[tuple[int, int]], high: int = DIGIT[1]) -> NDArray[np.bool_]:
    """A digit as a box of ink at each place, its left and upper corner."""
    right = max((x for x, _ in places), default=0) + DIGIT[0] + 5
    bottom = max((y for _, y in places), default=0) + high + 5
    inked = np.zeros((bottom, right), dtype=bool)
    for x, y in places:
        inked[y : y + high, x : x + DIGIT[0]] = True
    return inked


def numbers_at(inked: NDArray[np.bool_], places: list[tuple[int, int]]) -> list[int]:
    numbers, _ = lines_of(inked)
    return [int(numbers[y + 1, x + 1]) for x, y in places]


def test_paper_has_no_line() -> None:
    assert lines_of(np.zeros((9, 9), dtype=bool))[1] == 0


@given(
    lines=st.integers(1, 5),
    digits=st.integers(3, 8),
    drift=st.integers(-4, 4),
    gap=st.integers(12, 40),
    seed=st.integers(0, 99),
)
def test_drifting_lines_are_told_apart(lines: int, digits: int, drift: int, gap: int, seed: int) -> None:
    """Each digit stands up to `drift` pixels lower than the one before, and up to 3 pixels off."""
    chance = np.random.default_rng(seed)
    places, want = [], []
    for line in range(lines):
        for digit in range(digits):
            x = 10 + digit * 24 + int(chance.integers(0, 6))
            y = 40 + line * (DIGIT[1] + gap) + drift * digit + int(chance.integers(0, 4))
            places.append((x, y))
            want.append(line + 1)
    assert numbers_at(bars(places), places) == want


def test_a_low_piece_belongs_to_the_line_that_it_is_nearest_to() -> None:
    inked = bars([(10, 10), (40, 10), (70, 10), (10, 60), (40, 60), (70, 60)])
    inked[53:57, 45:52] = True  # the bar of a 5, just above the lower line
    assert int(lines_of(inked)[0][54, 46]) == 2


@pytest.mark.parametrize(("above", "line"), [(4, 2), (6, 1)])
def test_a_low_piece_above_a_line_is_twice_as_far_from_it_as_one_beside_a_line(above: int, line: int) -> None:
    upper, lower = [(10, 10), (40, 10), (70, 10)], [(10, 34), (40, 34), (70, 34), (100, 34)]
    inked = bars([*upper, *lower])
    bottom, left = lower[0][1] - above, upper[-1][0] + DIGIT[0] + 10  # ten pixels right of the upper line
    inked[bottom - 4 : bottom, left : left + 8] = True
    assert int(lines_of(inked)[0][bottom - 1, left]) == line


def test_a_high_mark_that_stands_on_a_line_is_of_that_line() -> None:
    """Three times as high as the digits, of which a third of it stands beside them."""
    inked = bars([(40 + 30 * digit, 50) for digit in range(4)])
    inked[10:70, 10:24] = True
    assert lines_of(inked)[1] == 1


@pytest.mark.parametrize("high", [3, 6])
def test_a_few_marks_below_are_no_line(high: int) -> None:
    inked = np.pad(bars([(10 + 24 * digit, 10) for digit in range(6)]), ((0, 60), (0, 0)))
    inked[80 : 80 + high, 40:44] = True
    assert lines_of(inked)[1] == 1


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
