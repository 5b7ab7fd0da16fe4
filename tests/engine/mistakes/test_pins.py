"""What the networks of a run answer to pinned pictures, and how pins are kept."""

from __future__ import annotations

import json

import numpy as np
import pytest

from mnistviz.engine.commands import Descend, Step
from mnistviz.engine.digits import PIXELS, Digits, grey_values
from mnistviz.engine.handover import Mailbox
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
from mnistviz.engine.mistakes.stories import look_finer
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.replay import moment_of
from mnistviz.engine.run import Run
from mnistviz.engine.trials import RecordedRun
from tests.engine.test_record import SMALL, obeyed


def now(run: Run) -> Moment:
    return moment_of(1, run.start, len(run.training), run.state(), "live")


@pytest.fixture
def run(small_digits: Digits) -> Run:
    made = Run(1, SMALL.changed(training_digits=1_000), small_digits, Mailbox(lambda: None))
    return obeyed(made, Step(500), Descend(0.5, (1, 2)), Step(20))


def test_each_kept_state_answers_as_the_restored_network_does(run: Run, small_digits: Digits) -> None:
    images = small_digits.test.images[:3]
    found = outputs_along(run.record(), now(run), 1_000, list(images))
    network = run.start.copy()
    for number, along in enumerate(found):
        assert along.steps.tolist() == [0, *range(64, 513, 64), 520]
        for at, step in enumerate(along.steps.tolist()):
            state = run.state_at(step)
            network.parameters[...] = state.parameters
            answer = network.feedforward(grey_values(images))[number]
            np.testing.assert_allclose(along.outputs[at], answer, atol=1e-6)
            assert along.digits[at] == state.cursor.digits(1_000)


def test_what_is_known_is_not_computed_again(
    run: Run, small_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = [small_digits.test.images[0]]
    (before,) = outputs_along(run.record(), now(run), 1_000, images)
    obeyed(run, Step(100))
    asked: list[int] = []
    usual = Network.feedforward

    def feedforward(network: Network, a: np.ndarray) -> np.ndarray:
        asked.append(1)
        return usual(network, a)

    monkeypatch.setattr(Network, "feedforward", feedforward)
    (later,) = outputs_along(run.record(), now(run), 1_000, images, [before.until(520)])
    assert later.steps.tolist() == [0, *range(64, 577, 64), 620]
    assert len(asked) == 2  # 576 and 620
    monkeypatch.undo()
    (afresh,) = outputs_along(run.record(), now(run), 1_000, images)
    np.testing.assert_array_equal(later.outputs, afresh.outputs)


def test_a_look_stays_when_its_state_has_gone(run: Run, small_digits: Digits) -> None:
    images = list(small_digits.test.images[:2])
    before, _ = outputs_along(run.record(), now(run), 1_000, images)
    run.recorder.thin()
    obeyed(run, Step(100))
    record = run.record()
    assert 64 not in {state.step for state in record.snapshots}
    known, other = outputs_along(record, now(run), 1_000, images, (before.until(520), None))
    assert known.steps.tolist() == [0, *range(64, 513, 64), 620]  # 520 was the end, which may change
    assert other.steps.tolist() == [0, *range(128, 513, 128), 620]
    np.testing.assert_array_equal(known.outputs[:9], before.outputs[:9])


def test_a_step_by_hand_at_the_start_makes_it_another_network(small_digits: Digits) -> None:
    run = Run(1, SMALL, small_digits, Mailbox(lambda: None))
    obeyed(run, Descend(3.0, (1, 2)), Step(3))
    (found,) = outputs_along(run.record(), now(run), 53, [small_digits.test.images[0]])
    assert found.steps.tolist() == [3]


def test_changes_of_the_verdict() -> None:
    outputs = np.eye(3, dtype=np.float32)[[1, 1, 2, 0]]
    places = np.array([0, 64, 128, 130]), np.array([0, 640, 1_280, 1_300])
    assert PictureAlong(*places, outputs).changes == (
        VerdictChange(128, 1_280, 1, 2, 64),
        VerdictChange(130, 1_300, 2, 0, 128),
    )
    assert PictureAlong(*places, np.zeros((4, 3), np.float32)).changes == ()


def test_outputs_that_are_no_numbers_are_no_verdict() -> None:
    outputs = np.array([[0, 1], [np.nan, 1], [0, np.inf]], np.float32)
    found = PictureAlong(np.arange(3), np.arange(3) * 10, outputs)
    assert found.verdicts.tolist() == [1, -1, -1]
    assert found.changes == (VerdictChange(1, 10, 1, -1, 0),)


def test_a_closer_look_finds_the_mini_batch_of_a_change(run: Run, small_digits: Digits) -> None:
    image = small_digits.test.images[0]
    (coarse,) = outputs_along(run.record(), now(run), 1_000, [image])
    assert coarse.stretches == ()
    fine = look_finer(RecordedRun(run.record(), run.start, small_digits), image, 64, 128)
    both = coarse.with_stretch(fine)
    assert both.steps.tolist() == [0, *range(64, 129), *range(192, 513, 64), 520]
    at = both.steps.tolist().index(70)
    np.testing.assert_array_equal(both.outputs[at], fine.outputs[6])
    assert (np.diff(both.digits) > 0).all()
    assert both.stretches == ((640, 1_280),)
    again = look_finer(RecordedRun(run.record(), run.start, small_digits), image, 500, 520)
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
