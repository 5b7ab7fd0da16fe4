"""The lab without threads does what the real one does: what is tested with it is tested."""

from __future__ import annotations

import numpy as np
import pytest

from mnistviz.engine.commands import Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.settings import Settings
from tests.engine.time_machine import Worker
from tests.gui.lab_by_hand import LabByHand

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
