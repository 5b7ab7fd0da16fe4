"""The futures that the window asks for are the engine's, kept as long as the run is in the same state."""

from __future__ import annotations

import numpy as np
import pytest

from mnistviz.engine.commands import Change, Descend
from mnistviz.engine.futures import Outlook, look_ahead
from mnistviz.engine.trials import RecordedRun
from mnistviz.gui.lab.future_questions import VALUES, slider_values
from mnistviz.gui.lab.shown import RunFacts
from tests.gui.lab.conftest import SMALL
from tests.gui.lab_by_hand import LabByHand


def fail(error: Exception) -> None:
    raise error


@pytest.fixture
def lab(lab_by_hand: LabByHand) -> LabByHand:
    lab_by_hand.run_to(40, SMALL)
    return lab_by_hand


def ask(lab: LabByHand, told: list[Outlook], step: int = 40) -> bool:
    """Asks, and says whether it was answered at once."""
    assert lab.run is not None
    before = len(told)
    lab.futures.ask("what next", lab.run, step, lab.run.now, "eta", told.append, fail, mini_batches=20)
    at_once = len(told) > before
    lab.work()
    assert len(told) == before + 1
    return at_once


def recorded(lab: LabByHand, run: RunFacts) -> RecordedRun:
    assert run.record is not None
    assert run.moment is not None
    assert lab.digits is not None
    return RecordedRun(run.record, run.moment.initial, lab.digits)


def test_the_futures_of_a_state_are_worked_out_once(lab: LabByHand) -> None:
    assert lab.run is not None
    told: list[Outlook] = []
    assert not ask(lab, told)
    assert ask(lab, told)
    assert told[0] is told[1]
    assert len(told[0].futures) == VALUES + 1, "the η of the slider, too"
    wanted = look_ahead(recorded(lab, lab.run), 40, "eta", (), 20)
    np.testing.assert_array_equal(told[0].current.costs.values, wanted.current.costs.values)


def test_another_eta_on_the_slider_joins_and_another_state_is_another_question(lab: LabByHand) -> None:
    told: list[Outlook] = []
    ask(lab, told)
    lab.runs.send(Change({"eta": 0.123}))
    lab.work()
    ask(lab, told)
    assert len(told[1].futures) == VALUES + 2
    assert told[1].futures[0] is told[0].futures[0]
    lab.runs.send(Change({"eta": SMALL.eta}))
    lab.work()
    assert ask(lab, told), "back to where it was"
    lab.runs.send(Descend(0.5, (1, 2, 3)))
    lab.work()
    assert not ask(lab, told)
    assert told[-1].misread_now != told[0].misread_now or told[-1].current.misread != told[0].current.misread
    assert not ask(lab, told, step=20)
    assert told[-1].step == 20


def test_what_is_kept_goes_with_its_run_and_a_while_after_the_last_question(lab: LabByHand) -> None:
    told: list[Outlook] = []
    ask(lab, told)
    assert not lab.futures._expiry.isActive()
    lab.futures.withdraw("what next")
    assert lab.futures._expiry.isActive()
    assert ask(lab, told)
    assert not lab.futures._expiry.isActive()
    lab.futures._expiry.timeout.emit()
    assert not lab.futures._cache
    ask(lab, told)
    assert lab.run is not None
    first = lab.run.number
    lab.runs.branch()
    assert len(lab.futures._cache) == 1
    lab.runs.close(first)
    assert not lab.futures._cache


def test_what_was_taken_back_and_what_is_not_there(lab: LabByHand) -> None:
    assert lab.run is not None
    told: list[Outlook] = []
    lab.futures.ask("what next", lab.run, 40, lab.run.now, "eta", told.append, fail)
    lab.futures.withdraw("what next")
    assert not lab.questions.is_open("what next")
    lab.work()
    errors: list[Exception] = []
    lab.futures.ask("what next", lab.run, 41, lab.run.now, "eta", told.append, errors.append)
    assert not told
    assert len(errors) == 1


def test_values_lie_evenly_on_the_slider() -> None:
    eta = slider_values("eta", 2_000)
    assert (len(eta), eta[0], eta[-1]) == (VALUES, 0.001, 100.0)
    np.testing.assert_allclose(np.diff(np.log(eta)), np.log(1e5) / 16, rtol=0.1)
    assert slider_values("momentum", 2_000)[::8] == (0.0, 0.5, 0.99)
    sizes = slider_values("mini_batch_size", 400)
    assert sizes == tuple(sorted({*sizes}))
    assert all(isinstance(size, int) and 1 <= size <= 200 for size in sizes)
