"""Stories of digits and the map of all, against plain loops; a stretch looked at finer equals a loop bit for bit."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.commands import Change, Descend, FinishEpoch, Nudge, RestoreBest, Step
from mnistviz.engine.digits import PIXELS, Digits, DigitSet, grey_values
from mnistviz.engine.mistakes.stories import (
    LEARNING_GROUPS,
    FineStretch,
    Story,
    StoryFacts,
    lead_of,
    learning_map,
    look_finer,
    story_of,
)
from mnistviz.engine.moment import Reading
from mnistviz.engine.run import Run
from mnistviz.engine.trials import RecordedRun
from tests.engine.test_record import SMALL, new_run, obeyed

LABEL = 4
READS = st.lists(st.integers(3, 5), max_size=12)


def told(*read: int, first: int = 0) -> Story:
    """The story of a 4 that was looked at every 100 mini-batches."""
    kept = [Reading(100 * n, 1_000 * n, np.array([9, each], np.uint8)) for n, each in enumerate(read, first)]
    return story_of(kept, 1, LABEL)


def recorded(run: Run) -> RecordedRun:
    return RecordedRun(run.record(), run.start, run.digits)


@given(read=READS, begin=st.sampled_from([0, 1, 5]))
def test_facts_are_what_a_plain_loop_finds(read: list[int], begin: int) -> None:
    """What is read at step 0 does not count."""
    first = since = None
    lost, before = 0, None
    facts = told(*read, first=begin).facts
    read = read[begin == 0 :]
    begin = max(1, begin)
    for number, each in enumerate(read, begin):
        right = each == LABEL
        if right and first is None:
            first = number
        if before is not None and before != right:
            since = number
            lost += not right
        before = right
    if not read:
        assert facts is None
        return
    place = None if first is None else (100 * first, 1_000 * first)
    assert facts == StoryFacts(
        place, lost, read[-1] == LABEL, (100 * (since or begin), 1_000 * (since or begin))
    )


def test_a_story_in_one_sentence() -> None:
    facts = told(7, 7, 4, 7, 4, 4, 9, 4, 7, 9).facts
    assert facts == StoryFacts((200, 2_000), 3, right=False, since=(800, 8_000))


@given(columns=st.lists(READS.filter(len), min_size=1, max_size=8), data=st.data())
def test_each_digit_is_in_one_group_of_the_map(columns: list[list[int]], data: st.DataObject) -> None:
    k = min(map(len, columns))
    labels = np.full(len(columns), LABEL, np.uint8)
    start = data.draw(st.sampled_from([0, 1]))
    readings = [
        Reading(10 * (number + start), 0, np.array([column[number] for column in columns], np.uint8))
        for number in range(k)
    ]
    found = learning_map(readings, DigitSet(np.zeros((len(columns), PIXELS), np.uint8), labels))
    assert found.measurements == k - (not start)
    for number, column in enumerate(columns):
        right = [each == LABEL for each in column[:k]][not start :]
        lost = sum(one and not other for one, other in pairwise(right))
        assert found.lost[number] == lost
        assert (
            np.isnan(found.shares[number]) if not right else found.shares[number] == sum(right) / len(right)
        )
        if not any(right):
            group = "never"
        elif all(right):
            group = "always"
        elif not right[-1]:
            group = "lost"
        else:
            group = "relearned" if lost else "late"
        assert LEARNING_GROUPS[found.groups[number]] == group
    assert sum(found.counts.values()) == len(columns)
    assert sorted(n for group in LEARNING_GROUPS for n in found.numbers(group)) == list(range(len(columns)))


@pytest.fixture
def run(small_digits: Digits) -> Run:
    """A run to which all kinds of things were done."""
    settings = SMALL.changed(training_digits=1_000)
    made = new_run(small_digits, settings)
    obeyed(
        made,
        Step(70),
        Change({"eta": 0.5, "momentum": 0.5}),
        Step(20),
        Descend(0.3, (1, 2, 3)),
        FinishEpoch(),
    )
    return obeyed(made, Step(9), RestoreBest(), Step(4), Nudge(), Step(30))


@pytest.mark.parametrize(
    ("begin", "end"), [pytest.param(0, 143, marks=pytest.mark.long), (60, 95), (90, 90), (99, 131)]
)
def test_every_mini_batch_is_that_of_a_plain_loop_to_the_last_bit(
    run: Run, small_digits: Digits, begin: int, end: int
) -> None:
    image = small_digits.test.images[5]
    found = look_finer(recorded(run), image, begin, end)
    assert found.steps.tolist() == list(range(begin, end + 1))
    network = run.start.copy()
    for at, step in enumerate(range(begin, end + 1)):
        state = run.state_at(step)
        network.parameters[...] = state.parameters
        outputs = network.feedforward(grey_values(image))
        assert found.outputs[at].tobytes() == outputs.tobytes()
        assert found.read[at] == outputs.argmax()
        assert found.digits[at] == state.cursor.digits(1_000)


def test_a_stretch_says_how_far_it_is_and_can_be_cancelled(run: Run, small_digits: Digits) -> None:
    far: list[tuple[int, int]] = []
    bare = replace(recorded(run), record=replace(run.record(), snapshots=()))
    look_finer(bare, small_digits.test.images[0], 10, 20, progress=lambda *each: far.append(each))
    assert far[0] == (0, 20)
    assert far[-1] == (20, 20)
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) == 5

    with pytest.raises(Withdrawn):
        look_finer(bare, small_digits.test.images[0], 10, 20, cancelled)
    assert len(asked) == 5


def test_what_is_no_stretch_of_the_run_is_an_error(run: Run, small_digits: Digits) -> None:
    for begin, end in ((5, 4), (-1, 3), (0, run.step + 1)):
        with pytest.raises(ValueError, match="to"):
            look_finer(recorded(run), small_digits.test.images[0], begin, end)


def test_kept_marks_stay_where_a_stretch_lies_between_them() -> None:
    story = told(7, 4, 7)
    steps = np.arange(100, 201)
    outputs = np.zeros((101, 10), np.float32)
    outputs[:, 4] = 1
    finer = story.with_stretch(FineStretch(steps, 10 * steps, outputs))
    assert finer.steps.tolist() == [0, *range(100, 201)]
    assert finer.read.tolist() == [7, *[4] * 100, 7]
    assert finer.digits.tolist() == [0, *range(1_000, 2_001, 10)]
    assert finer.spacing.tolist() == [100, *[1] * 100]


def test_the_lead_is_above_none_where_a_digit_is_read_right() -> None:
    outputs = np.array([[0.1, 0.7, 0.2], [0.5, 0.25, 0.0]], np.float32)
    np.testing.assert_allclose(lead_of(outputs, 1), [0.5, -0.25])
