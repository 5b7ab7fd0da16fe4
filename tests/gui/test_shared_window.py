"""The window that tests share is the same before each; the lab without threads does what the real one does."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.settings import Settings
from tests.engine.time_machine import Worker
from tests.gui.lab_by_hand import LabByHand
from tests.gui.shared_window import SharedWindow
from tests.gui.window.panels import open_panel


@pytest.fixture
def shared(undressed: None, small_digits: Digits) -> Iterator[SharedWindow]:
    made = SharedWindow(small_digits)
    yield made
    made.close()


def test_it_is_put_back_whatever_was_done_in_it(shared: SharedWindow, qtbot: QtBot) -> None:
    window, lab = shared.window, shared.window.lab
    window.resize(1100, 700)
    window.controls.apply({"eta": 0.7, "training_digits": 500, "sizes": (784, 12, 12, 10)})
    window.steering.new_run()
    lab.runs.send(Step(60))
    qtbot.waitUntil(lambda: lab.run is not None and lab.run.step == 60 and not lab.run.playing)
    lab.runs.branch()
    qtbot.waitUntil(lambda: lab.run is not None and lab.run.ready)
    lab.playhead.visit(20)
    window.steering.toggle_play()
    open_panel(window, "compare")
    window.action_book["show_controls"].trigger()
    window.network.pad.show_test_digit()
    window.network.select(1, 3)
    window.open_unit(1, 3)
    window.line.offer_undo("It is deleted.", "Deleted.", lambda: None)
    window.recipes.save("mine", window.controls.settings())
    window.action_book["enlarge"].setChecked(True)
    shared.put_back()


def test_what_stays_in_it_is_told(shared: SharedWindow) -> None:
    label = QLabel("something", shared.window)
    label.show()
    with pytest.raises(AssertionError, match="QLabel is new"):
        shared.put_back()
    label.deleteLater()
    shared.put_back()


@pytest.mark.long
def test_the_look_is_not_for_sharing(shared: SharedWindow) -> None:
    shared.window.look.choice = "dark"  # as a test sets it; to dress the window twice would take longer
    with pytest.raises(AssertionError, match="own_window"):
        shared.put_back()


SMALL = Settings(sizes=(784, 4, 10), training_digits=103, eta=2.0)
EPOCH = 11  # mini-batches


def test_its_runs_are_what_their_settings_make_of_them(lab_by_hand: LabByHand, small_digits: Digits) -> None:
    run = lab_by_hand.run_to(2 * EPOCH, SMALL)
    worker = Worker(small_digits)
    worker.begin(1, SMALL, Step(2 * EPOCH))
    worker.rest()
    assert np.array_equal(run.moment.network.parameters, worker.told[1].moment.network.parameters)
    assert [(name, read.accuracy) for name, read in run.evaluations.items()] == [
        (name, read.accuracy) for name, read in worker.told[1].evaluations.items()
    ]


def test_what_learns_without_end_is_given_slices(lab: LabByHand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.gui.lab_by_hand.MOST", 50)
    run = lab.run_to(0, SMALL)
    lab.time.toggle_play()
    with pytest.raises(AssertionError, match="without end"):
        lab.work()
    before = run.step
    lab.work(10)
    assert run.step > before
