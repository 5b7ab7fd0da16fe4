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
    OutputsAlong,
    PictureAlong,
    Pin,
    VerdictChange,
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
    assert found.steps.tolist() == [0, *range(64, 513, 64), 520]
    network = run.start.copy()
    for at, step in enumerate(found.steps.tolist()):
        state = run.state_at(step)
        network.parameters[...] = state.parameters
        np.testing.assert_allclose(found.outputs[at], network.feedforward(grey_values(images)), atol=1e-6)
        assert found.digits[at] == state.cursor.digits(1_000)
    assert found.settled == len(found.steps) - 1


def test_what_is_known_is_not_computed_again(
    run: Run, small_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = [small_digits.test.images[0]]
    before = outputs_along(run.record(), now(run), 1_000, images)
    obeyed(run, Step(100))
    asked: list[int] = []
    usual = Network.feedforward

    def feedforward(network: Network, a: np.ndarray) -> np.ndarray:
        asked.append(1)
        return usual(network, a)

    monkeypatch.setattr(Network, "feedforward", feedforward)
    later = outputs_along(run.record(), now(run), 1_000, images, before)
    assert later.steps.tolist() == [0, *range(64, 577, 64), 620]
    assert len(asked) == 2  # 576 and 620
    monkeypatch.undo()
    np.testing.assert_array_equal(later.outputs, outputs_along(run.record(), now(run), 1_000, images).outputs)


def test_a_step_by_hand_at_the_start_makes_it_another_network(small_digits: Digits) -> None:
    run = Run(1, SMALL, small_digits, Mailbox(lambda: None))
    obeyed(run, Descend(3.0, (1, 2)), Step(3))
    found = outputs_along(run.record(), now(run), 53, [small_digits.test.images[0]])
    assert found.steps.tolist() == [3]


def test_changes_of_the_verdict() -> None:
    outputs = np.zeros((4, 2, 3), np.float32)
    outputs[[0, 1, 2, 3], 0, [1, 1, 2, 0]] = 1
    found = OutputsAlong(np.array([0, 64, 128, 130]), np.array([0, 640, 1_280, 1_300]), outputs, 3)
    assert found.picture(0).changes == (
        VerdictChange(128, 1_280, 1, 2, 64),
        VerdictChange(130, 1_300, 2, 0, 128),
    )
    assert found.picture(1).changes == ()


def test_outputs_that_are_no_numbers_are_no_verdict() -> None:
    outputs = np.array([[0, 1], [np.nan, 1], [0, np.inf]], np.float32)
    found = PictureAlong(np.arange(3), np.arange(3) * 10, outputs)
    assert found.verdicts.tolist() == [1, -1, -1]
    assert found.changes == (VerdictChange(1, 10, 1, -1, 0),)


def test_a_closer_look_finds_the_mini_batch_of_a_change(run: Run, small_digits: Digits) -> None:
    image = small_digits.test.images[0]
    coarse = outputs_along(run.record(), now(run), 1_000, [image]).picture(0)
    fine = look_finer(RecordedRun(run.record(), run.start, small_digits), image, 64, 128)
    assert fine is not None
    both = coarse.with_stretch(fine)
    assert both.steps.tolist() == [0, *range(64, 129), *range(192, 513, 64), 520]
    at = both.steps.tolist().index(70)
    np.testing.assert_array_equal(both.outputs[at], fine.outputs[6])
    assert (np.diff(both.digits) > 0).all()


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
