"""The lab without threads does what the real one does: what is tested with it is tested."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.runs.lanes import Lanes
from tests.engine.time_machine import Worker
from tests.gui.lab_by_hand import LabByHand
from tests.gui.live_run import live_run

SMALL = Settings(sizes=(784, 4, 10), training_digits=103, eta=2.0)
EPOCH = 11  # mini-batches


def test_its_runs_are_what_their_settings_make_of_them(lab_by_hand: LabByHand, small_digits: Digits) -> None:
    run = lab_by_hand.run_to(2 * EPOCH, SMALL)
    assert run.moment is not None
    worker = Worker(small_digits)
    worker.begin(1, SMALL, Step(2 * EPOCH))
    worker.rest()
    assert np.array_equal(run.moment.network.parameters, worker.told[1].moment.network.parameters)
    assert [(name, read.accuracy) for name, read in run.evaluations.items()] == [
        (name, read.accuracy) for name, read in worker.told[1].evaluations.items()
    ]


def test_it_looks_back_and_branches(lab_by_hand: LabByHand) -> None:
    lab = lab_by_hand
    trunk = lab.run_to(30, SMALL)
    lab.playhead.visit(20)
    lab.work()
    assert lab.playhead.exact
    lab.settings.change({"eta": 0.5})
    branch = live_run(lab, lab.runs.branch())
    lab.work()
    assert branch == lab.run
    assert (branch.step, branch.eta, trunk.step) == (20, 0.5, 30)


def test_what_learns_without_end_is_given_slices(
    lab_by_hand: LabByHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.gui.lab_by_hand.MOST", 50)
    run = lab_by_hand.run_to(0, SMALL)
    lab_by_hand.time.toggle_play()
    with pytest.raises(AssertionError, match="without end"):
        lab_by_hand.work()
    before = run.step
    lab_by_hand.work(10)
    assert run.step > before


def test_jobs_are_done_and_the_newest_of_a_key_counts(lab_by_hand: LabByHand) -> None:
    told: list[object] = []
    ask = lab_by_hand.jobs.ask
    ask("a", lambda cancelled: 1, told.append, told.append)
    ask("a", lambda cancelled: 2, told.append, told.append)
    ask("b", lambda cancelled: [][1], told.append, told.append)
    assert lab_by_hand.jobs.is_open("a")
    lab_by_hand.work()
    assert told[0] == 2
    assert isinstance(told[1], IndexError)
    assert len(told) == 2


def test_a_panel_by_itself_is_told_what_the_window_would_tell_it(
    lab_by_hand: LabByHand, qtbot: QtBot
) -> None:
    lab = lab_by_hand
    lab.run_to(5, SMALL)
    lanes = lab.show(qtbot, Lanes(LIGHT, lab, ()), 900, 80)
    for _ in range(2):
        lab.runs.branch()
        lab.run_to(9)
    assert [head.isChecked() for head in lanes.heads] == [False, False, True]
    lanes.heads[0].click()
    assert lab.run == lab.runs.open[0]
