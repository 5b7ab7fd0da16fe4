"""What is shown in the place of a moment, and where one looks, is written down and shown again."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from mnistviz.engine.acts import BIAS, Lesson, WeightEdit
from mnistviz.engine.microscope.what_if import taught
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Unit
from mnistviz.gui.common.records import plain_record, read_record
from mnistviz.gui.lab import shown_record
from mnistviz.gui.lab.shown_record import ShownRecord, ShownRestorer
from mnistviz.gui.lab.stand_in import Mixture
from mnistviz.gui.lab.what_if_copy import WhatIf
from tests.gui.lab_by_hand import LabByHand
from tests.gui.live_run import live_run


@pytest.fixture
def again(lab_by_hand: LabByHand) -> ShownRestorer:
    lab_by_hand.run_to(20)
    lab_by_hand.run_to(30)
    return ShownRestorer(lab_by_hand, lambda: None, lab_by_hand)


def moment_of(lab: LabByHand) -> Moment:
    moment = lab.shown.of_run.moment
    assert moment is not None
    return moment


def copy_of(lab: LabByHand) -> WhatIf:
    """One with a lesson, weights and a frozen unit."""
    assert lab.digits is not None
    moment = moment_of(lab)
    first = WhatIf.begin(moment).with_edit(WeightEdit(2, ((0, 3),), (0.25,)))
    lesson = Lesson(lab.digits.test.images[1].tobytes(), 4, 0.5, (2, 3), 3)
    copy = taught(first.network, lesson, lab.digits.trained_on(moment.settings))
    edit = WeightEdit(1, ((6, 400), (6, BIAS)), (0.1, -2.0))
    return first.with_lesson(copy).with_edit(edit).with_frozen(Unit(1, 2), True)


def written(again: ShownRestorer) -> ShownRecord:
    """The record of now, as a file has it."""
    text = json.dumps(plain_record(again.record()))
    return read_record(ShownRecord, json.loads(text))


def show(lab: LabByHand, again: ShownRestorer, record: ShownRecord) -> None:
    lab.go_live()
    lab.settings.drop_plan()
    again.begin(record)
    lab.work()


@pytest.mark.parametrize("step", [None, 11])
def test_a_copy_by_hand_is_the_same_to_the_last_bit(
    lab: LabByHand, again: ShownRestorer, step: int | None
) -> None:
    if step is not None:
        lab.playhead.visit(step)
        lab.work()
        lab.settings.edit({"eta": 0.25})
    copy = copy_of(lab)
    lab.show_stand_in(copy)
    record = written(again)
    show(lab, again, record)
    assert lab.playhead.step == step
    assert lab.settings.draft.plan == ({} if step is None else {"eta": 0.25})
    found = lab.stand_in
    assert isinstance(found, WhatIf)
    assert found.acts == copy.acts
    np.testing.assert_array_equal(found.network.parameters, copy.network.parameters)
    assert found.moment.frozen == copy.moment.frozen
    assert written(again) == record


def test_a_mixture_is_of_the_same_two(lab: LabByHand, again: ShownRestorer) -> None:
    a = lab.runs.open[0].moment
    assert a is not None
    lab.show_stand_in(Mixture(moment_of(lab), a, 0.25, ("A", "B")))
    parameters = lab.shown.moment.network.parameters
    show(lab, again, written(again))
    found = lab.stand_in
    assert isinstance(found, Mixture)
    assert (found.share, found.names, found.a.run) == (0.25, ("A", "B"), lab.runs.open[0].number)
    np.testing.assert_array_equal(found.moment.network.parameters, parameters)


def test_what_is_not_shown_yet_is_what_is_written(lab: LabByHand, again: ShownRestorer) -> None:
    lab.playhead.visit(11)
    lab.work()
    lab.show_stand_in(copy_of(lab))
    record = written(again)
    lab.go_live()
    again.begin(record)
    assert lab.stand_in is None
    assert written(again) == record
    lab.go_live()
    assert written(again) == ShownRecord(), "the user was quicker"
    lab.work()
    assert lab.stand_in is None


def test_what_was_kept_meanwhile_is_not_shown_on_top_of_it(lab: LabByHand, again: ShownRestorer) -> None:
    copy = copy_of(lab)
    lab.show_stand_in(copy)
    record = written(again)
    lab.keep(copy)
    lab.work()
    assert live_run(lab).history.interventions
    show(lab, again, record)
    assert lab.stand_in is None


@pytest.mark.parametrize("step", [None, 11])
def test_a_copy_is_not_written_for_another_step(
    lab: LabByHand, again: ShownRestorer, step: int | None
) -> None:
    if step is not None:
        lab.playhead.visit(step)
        lab.work()
    lab.show_stand_in(copy_of(lab))
    lab.playhead.visit(4)
    assert lab.stand_in is not None, "the network of that step is not there yet"
    assert written(again) == ShownRecord(step=4)


def test_a_copy_that_has_no_room_is_left_out(
    lab_by_hand: LabByHand, again: ShownRestorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown_record, "MOST_COPY_BYTES", 1_000)
    lab_by_hand.show_stand_in(copy_of(lab_by_hand))
    assert written(again) == ShownRecord()


EDIT = [30, 300, "edited", 0, [[6, -1]], [0.5]]


@pytest.mark.parametrize(
    "record",
    [
        {"step": 10**30},
        {"step": -5, "plan": {"eta": 1}},
        {"step": 4, "plan": {"eta": -1}},
        {"step": 4, "plan": {"sizes": [784, 1, 10], "nothing": 3}},
        {"mixture": {"letter": "A", "step": 10**9, "share": 0.5, "names": ["A", "B"]}},
        {"mixture": {"letter": "A", "step": 3, "share": float("nan")}},
        {"mixture": {"letter": "A", "step": 20, "share": 0.5, "names": ["\n", "B"]}},
        {"mixture": {"letter": "Z", "step": 3, "share": 0.5}},
        {"copy": {"acts": [["edited"]]}},
        {"copy": {"acts": [EDIT], "had": 7}},
        {"copy": {"acts": [[29, *EDIT[1:]]]}},
        {"copy": {"acts": [[31, *EDIT[1:]]]}},
        {"copy": {"acts": [[*EDIT[:4], [[30, 0]], [0.5]]]}},
        {"copy": {"acts": [[*EDIT[:5], [10**400]]]}},
        {"copy": {"acts": [[*EDIT[:5], [float("inf")]]]}},
        {"copy": {"acts": [[*EDIT[:3], 7, *EDIT[4:]]]}},
        {"copy": {"acts": [[30, 300, "frozen", 0, 30, True]]}},
        {"copy": {"acts": [[30, 300, "nudged", 0, 1, 1]]}},
        {"copy": {"acts": [[30, 300, "taught", "AAAA", 3, 0.5, [], 1]]}},
        {"copy": {"acts": [[30, 300, "taught", "?", 3, 0.5, [], 1]]}},
        {"copy": {"acts": [EDIT] * 10_001}},
    ],
)
def test_what_makes_no_sense_is_passed_over(
    lab_by_hand: LabByHand, again: ShownRestorer, record: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    show(lab_by_hand, again, read_record(ShownRecord, record))
    assert lab_by_hand.stand_in is None
    assert not [each for each in caplog.records if each.exc_info], "nobody wonders about it"
    assert not lab_by_hand.settings.draft.plan or lab_by_hand.settings.draft.plan == {"eta": 1}
    show(lab_by_hand, again, read_record(ShownRecord, {"copy": {"acts": [EDIT]}}))
    assert isinstance(lab_by_hand.stand_in, WhatIf), "and nothing else is in its way"
