"""Stories of digits and the map of all, against plain loops; what a run's networks answer to pinned pictures."""

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mnistviz.engine.acts import NOW, Stepped
from mnistviz.engine.cancelling import Withdrawn
from mnistviz.engine.commands import Change, FinishEpoch, Nudge, RestoreBest, Step
from mnistviz.engine.digits import PIXELS, Digits, DigitSet, grey_values
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.mistakes import stories
from mnistviz.engine.mistakes.pins import (
    MOST_PINS,
    PictureAlong,
    Pin,
    PinStory,
    VerdictChange,
    joined_stories,
    outputs_along,
    pins_as_json,
    pins_from_json,
)
from mnistviz.engine.moment import Moment, Reading
from mnistviz.engine.network import Network
from mnistviz.engine.replay import moment_of
from mnistviz.engine.run import Run
from tests.engine.test_record import SMALL, new_run, obeyed
from tests.engine.time_machine import recorded, state_at

LABEL = 4
READS = st.lists(st.integers(3, 5), max_size=12)


def told(*read: int, first: int = 0) -> stories.Story:
    """The story of a 4 that was looked at every 100 mini-batches."""
    kept = [Reading(100 * n, 1_000 * n, np.array([9, each], np.uint8)) for n, each in enumerate(read, first)]
    return stories.story_of(kept, 1, LABEL)


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
    assert facts == stories.StoryFacts(
        place, lost, read[-1] == LABEL, (100 * (since or begin), 1_000 * (since or begin))
    )


def test_a_story_in_one_sentence() -> None:
    facts = told(7, 7, 4, 7, 4, 4, 9, 4, 7, 9).facts
    assert facts == stories.StoryFacts((200, 2_000), 3, right=False, since=(800, 8_000))


@given(columns=st.lists(READS.filter(len), min_size=1, max_size=8), data=st.data())
def test_each_digit_is_in_one_group_of_the_map(columns: list[list[int]], data: st.DataObject) -> None:
    k = min(map(len, columns))
    labels = np.full(len(columns), LABEL, np.uint8)
    start = data.draw(st.sampled_from([0, 1]))
    readings = [
        Reading(10 * (number + start), 0, np.array([column[number] for column in columns], np.uint8))
        for number in range(k)
    ]
    found = stories.learning_map(readings, DigitSet(np.zeros((len(columns), PIXELS), np.uint8), labels))
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
        assert stories.LEARNING_GROUPS[found.groups[number]] == group
    assert sum(found.counts.values()) == len(columns)
    assert sorted(n for group in stories.LEARNING_GROUPS for n in found.numbers(group)) == list(
        range(len(columns))
    )


@pytest.fixture
def run(small_digits: Digits) -> Run:
    """A run to which all kinds of things were done."""
    made = new_run(small_digits, SMALL.changed(training_digits=1_000))
    obeyed(
        made,
        Step(70),
        Change({"eta": 0.5, "momentum": 0.5}),
        Step(20),
        Stepped(*NOW, 0.3, (1, 2, 3)),
        FinishEpoch(),
    )
    return obeyed(made, Step(9), RestoreBest(), Step(4), Nudge(), Step(30))


@pytest.mark.parametrize(
    ("begin", "end"), [pytest.param(0, 143, marks=pytest.mark.long), (60, 95), (90, 90), (99, 131)]
)
def test_mini_batches_are_of_a_plain_loop(run: Run, small_digits: Digits, begin: int, end: int) -> None:
    image = small_digits.test.images[5]
    found = stories.look_finer(recorded(run), image, begin, end)
    assert found.steps.tolist() == list(range(begin, end + 1))
    network = run.start.copy()
    for at, step in enumerate(range(begin, end + 1)):
        state = state_at(run, step)
        network.parameters[...] = state.parameters
        outputs = network.feedforward(grey_values(image))
        assert found.outputs[at].tobytes() == outputs.tobytes()
        assert found.read[at] == outputs.argmax()
        assert found.digits[at] == state.cursor.digits(1_000)


def test_a_stretch_says_how_far_it_is_and_can_be_cancelled(run: Run, small_digits: Digits) -> None:
    far: list[tuple[int, int]] = []
    bare = replace(recorded(run), record=replace(run.record(), snapshots=()))
    stories.look_finer(bare, small_digits.test.images[0], 10, 20, progress=lambda *each: far.append(each))
    assert far[0] == (0, 20)
    assert far[-1] == (20, 20)
    asked: list[int] = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) == 5

    with pytest.raises(Withdrawn):
        stories.look_finer(bare, small_digits.test.images[0], 10, 20, cancelled)
    assert len(asked) == 5


def test_what_is_no_stretch_of_the_run_is_an_error(run: Run, small_digits: Digits) -> None:
    for begin, end in ((5, 4), (-1, 3), (0, run.step + 1)):
        with pytest.raises(ValueError, match="to"):
            stories.look_finer(recorded(run), small_digits.test.images[0], begin, end)


def test_kept_marks_stay_where_a_stretch_lies_between_them() -> None:
    story = told(7, 4, 7)
    steps = np.arange(100, 201)
    outputs = np.zeros((101, 10), np.float32)
    outputs[:, 4] = 1
    finer = story.with_stretch(stories.FineStretch(steps, 10 * steps, outputs))
    assert finer.steps.tolist() == [0, *range(100, 201)]
    assert finer.read.tolist() == [7, *[4] * 100, 7]
    assert finer.digits.tolist() == [0, *range(1_000, 2_001, 10)]
    assert finer.spacing.tolist() == [100, *[1] * 100]


def test_the_lead_is_above_none_where_a_digit_is_read_right() -> None:
    outputs = np.array([[0.1, 0.7, 0.2], [0.5, 0.25, 0.0]], np.float32)
    np.testing.assert_allclose(stories.lead_of(outputs, 1), [0.5, -0.25])


def now(run: Run) -> Moment:
    return moment_of(1, run.start, len(run.trainer.training), run.state(), "live")


@pytest.fixture
def long_run(small_digits: Digits) -> Run:
    made = Run(1, SMALL.changed(training_digits=1_000), small_digits, Mailbox(lambda: None))
    return obeyed(made, Step(500), Stepped(*NOW, 0.5, (1, 2)), Step(20))


def test_each_kept_state_answers_as_the_restored_network_does(long_run: Run, small_digits: Digits) -> None:
    images = small_digits.test.images[:3]
    found = outputs_along(long_run.record(), now(long_run), 1_000, list(images))
    network = long_run.start.copy()
    for number, along in enumerate(found):
        assert along.steps.tolist() == [0, *range(64, 513, 64), 520]
        for at, step in enumerate(along.steps.tolist()):
            state = state_at(long_run, step)
            network.parameters[...] = state.parameters
            answer = network.feedforward(grey_values(images))[number]
            np.testing.assert_allclose(along.outputs[at], answer, atol=1e-6)
            assert along.digits[at] == state.cursor.digits(1_000)


def test_known_values_are_kept(long_run: Run, small_digits: Digits, monkeypatch: pytest.MonkeyPatch) -> None:
    images = [small_digits.test.images[0]]
    (before,) = outputs_along(long_run.record(), now(long_run), 1_000, images)
    obeyed(long_run, Step(100))
    asked: list[int] = []
    usual = Network.feedforward

    def feedforward(network: Network, a: np.ndarray) -> np.ndarray:
        asked.append(1)
        return usual(network, a)

    monkeypatch.setattr(Network, "feedforward", feedforward)
    (later,) = outputs_along(long_run.record(), now(long_run), 1_000, images, [before.until(520)])
    assert later.steps.tolist() == [0, *range(64, 577, 64), 620]
    assert len(asked) == 2  # 576 and 620
    monkeypatch.undo()
    (afresh,) = outputs_along(long_run.record(), now(long_run), 1_000, images)
    np.testing.assert_array_equal(later.outputs, afresh.outputs)


def test_a_look_stays_when_its_state_has_gone(long_run: Run, small_digits: Digits) -> None:
    images = list(small_digits.test.images[:2])
    before, _ = outputs_along(long_run.record(), now(long_run), 1_000, images)
    long_run.recorder.thin()
    obeyed(long_run, Step(100))
    record = long_run.record()
    assert 64 not in {state.step for state in record.snapshots}
    known, other = outputs_along(record, now(long_run), 1_000, images, (before.until(520), None))
    assert known.steps.tolist() == [0, *range(64, 513, 64), 620]  # 520 was the end, which may change
    assert other.steps.tolist() == [0, *range(128, 513, 128), 620]
    np.testing.assert_array_equal(known.outputs[:9], before.outputs[:9])


def test_a_step_by_hand_at_the_start_makes_it_another_network(small_digits: Digits) -> None:
    long_run = Run(1, SMALL, small_digits, Mailbox(lambda: None))
    obeyed(long_run, Stepped(*NOW, 3.0, (1, 2)), Step(3))
    (found,) = outputs_along(long_run.record(), now(long_run), 53, [small_digits.test.images[0]])
    assert found.steps.tolist() == [3]


def test_changes_of_the_verdict() -> None:
    outputs = np.eye(3, dtype=np.float32)[[1, 1, 2, 0]]
    places = np.array([0, 64, 128, 130]), np.array([0, 640, 1_280, 1_300])
    assert PictureAlong(*places, outputs).changes == (
        VerdictChange(128, 1_280, 1, 2, 64),
        VerdictChange(130, 1_300, 2, 0, 128),
    )
    assert PictureAlong(*places, np.zeros((4, 3), np.float32)).changes == ()


def test_three_evaluations_without_a_gap_are_a_stretch_and_two_are_none() -> None:
    steps = np.array([0, 5, 6, 7, 20, 21, 40])
    assert PictureAlong(steps, steps * 10, np.zeros((7, 3), np.float32)).stretches == ((50, 70),)


def test_outputs_that_are_no_numbers_are_no_verdict() -> None:
    outputs = np.array([[0, 1], [np.nan, 1], [0, np.inf]], np.float32)
    found = PictureAlong(np.arange(3), np.arange(3) * 10, outputs)
    assert found.verdicts.tolist() == [1, -1, -1]
    assert found.changes == (VerdictChange(1, 10, 1, -1, 0),)


def test_a_closer_look_finds_the_mini_batch_of_a_change(long_run: Run, small_digits: Digits) -> None:
    image = small_digits.test.images[0]
    (coarse,) = outputs_along(long_run.record(), now(long_run), 1_000, [image])
    assert coarse.stretches == ()
    fine = stories.look_finer(recorded(long_run), image, 64, 128)
    both = coarse.with_stretch(fine)
    assert both.steps.tolist() == [0, *range(64, 129), *range(192, 513, 64), 520]
    np.testing.assert_array_equal(both.outputs[both.steps.tolist().index(70)], fine.outputs[6])
    assert (np.diff(both.digits) > 0).all()
    assert both.stretches == ((640, 1_280),)
    again = stories.look_finer(recorded(long_run), image, 500, 520)
    assert both.with_stretch(again).stretches == ((640, 1_280), (5_000, 5_200))


def test_pins_come_back_from_json() -> None:
    pins = (Pin(bytes(range(256)) * 3 + bytes(16)), Pin(bytes(PIXELS), 7, "abc", "test", 2_720))
    assert pins_from_json(json.loads(json.dumps(pins_as_json(pins)))) == pins
    assert pins[0].image.shape == (PIXELS,)


@pytest.mark.parametrize(
    "change",
    [
        {"pixels": "?"},
        {"pixels": ""},
        {"label": 10},
        {"label": "4"},
        {"number": -1},
        {"set": None},
        {"data": 3},
    ],
)
def test_what_is_no_pin_is_passed_over(change: dict[str, object]) -> None:
    good = pins_as_json([Pin(bytes(PIXELS), 4)])[0]
    assert pins_from_json([{**good, **change}, good]) == (Pin(bytes(PIXELS), 4),)
    assert pins_from_json({"pins": 1}) == ()
    assert len(pins_from_json([good] * 20)) == MOST_PINS


def along_of(*read: int) -> PictureAlong:
    steps = np.arange(len(read))
    return PictureAlong(steps, 10 * steps, np.eye(10, dtype=np.float32)[list(read)])


def test_a_shortened_story_keeps_its_changes() -> None:
    long = along_of(*[4] * 300, *[9] * 3, *[4] * 300)
    short = long.shortened(20)
    assert len(short.steps) <= 20
    assert short.changes == long.changes
    assert (int(short.steps[0]), int(short.steps[-1])) == (0, 602)
    assert len(along_of(*[4, 9] * 100).shortened(20).steps) == 20
    assert long.shortened(603) is long


def test_stories_of_pictures_that_are_pinned_no_longer_stay_as_long_as_there_is_room() -> None:
    old = tuple(PinStory(bytes([shade]) * PIXELS, along_of(1, 2)) for shade in range(MOST_PINS))
    same, longer = PinStory(old[3].pixels, along_of(1, 2)), PinStory(old[5].pixels, along_of(1, 2, 3))
    joined = joined_stories(old, (same, longer))
    assert joined[:3] == (old[3], longer, old[0])
    new = PinStory(bytes([99]) * PIXELS, along_of(1, 1))
    assert joined_stories(joined, (new,)) == (new, *joined[:-1])
