"""Runs are saved as a file, opened, copied and pasted as a line, and go on as they would have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Change
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.experiment_file import load_experiment, save_experiment
from mnistviz.engine.experiment.saved import Experiment, checksum
from mnistviz.gui.lab.saved_facts import experiment_of, facts_of
from mnistviz.gui.runs.lane import RunWords
from mnistviz.gui.settings.plan_words import can_begin_anew
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.live_run import live_run
from tests.gui.window.two_runs import learn, two_runs, weights


def save(qtbot: QtBot, window: MainWindow, path: Path, *, small: bool = False) -> Experiment:
    with qtbot.waitSignal(window.documents.saved):
        window.documents.save_experiment(path, small=small)
    return load_experiment(path)


def all_there(window: MainWindow, count: int) -> bool:
    runs = window.lab.runs.open
    return len(runs) == count and all(run.ready and run.has_obeyed and not run.playing for run in runs)


def message_text(window: MainWindow) -> str:
    boxes = window.findChildren(QMessageBox, "message")
    return " ".join(box.informativeText() for box in boxes if box.isVisible())


@pytest.mark.parametrize("small", [False, pytest.param(True, marks=pytest.mark.long)])
def test_an_experiment_comes_back_in_another_window(
    qtbot: QtBot,
    open_window: Callable[..., MainWindow],
    small_digits: Digits,
    tmp_path: Path,
    small: bool,
) -> None:
    window = open_window(small_digits)
    two_runs(qtbot, window)
    window.curves.log_cost_action.setChecked(True)
    window.network.select(1, 7)
    path = tmp_path / "two.mnistviz"
    saved = save(qtbot, window, path, small=small)
    assert [run.complete for run in saved.runs] == [not small] * 2
    before = window.lab.runs.open
    other = open_window(small_digits)
    other.documents.open(path)
    qtbot.waitUntil(lambda: len(other.lab.runs.open) == 2)
    assert other.lab.run is not None
    assert len(other.lab.run.history.costs), "the curves are there at once"
    qtbot.waitUntil(lambda: all_there(other, 2))
    for mine, its in zip(before, other.lab.runs.open, strict=True):
        assert (its.letter, its.name, its.hue, its.step) == (mine.letter, mine.name, mine.hue, mine.step)
        assert weights(its) == weights(mine)
        assert its.history.interventions == mine.history.interventions
    assert other.lab.run.name == "mine"
    fork = other.lab.run.parent
    assert fork is not None
    assert fork.number == other.lab.runs.open[0].number
    assert other.curves.log_cost_action.isChecked()
    learn(qtbot, window, 7)
    learn(qtbot, other, 7)
    assert weights(live_run(other.lab)) == weights(live_run(window.lab))
    other.lab.playhead.visit(120)
    window.lab.playhead.visit(120)
    qtbot.waitUntil(lambda: other.lab.playhead.exact and window.lab.playhead.exact)
    shown = [each.lab.shown.moment for each in (window, other)]
    assert shown[0] is not None
    assert shown[1] is not None
    assert checksum(shown[0].network.parameters) == checksum(shown[1].network.parameters)


def test_a_run_is_copied_and_pasted_as_a_line(qtbot: QtBot, window: MainWindow) -> None:
    window = window
    learn(qtbot, window, 30)
    window.lab.runs.send(Change({"eta": 0.5}))
    learn(qtbot, window, 5)
    before = live_run(window.lab)
    window.action_book["copy_line"].trigger()
    line = QGuiApplication.clipboard().text()
    assert line.startswith("784-30-10 seed 1 η 3; 30: η 0.5; → 35; data ")
    window.action_book["paste_picture"].trigger()  # Ctrl+V knows a run from a picture
    qtbot.waitUntil(lambda: len(window.lab.runs.open) == 2 and all_there(window, 2))
    assert weights(live_run(window.lab)) == weights(before)
    assert live_run(window.lab).letter == "B"


@pytest.mark.long
@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("784-30-10 seed 1 luck 3", "luck"),
        ("784-30-10 seed 1; → 9; data ffff", "ffff"),
        ("words", "784-30-10"),
    ],
)
def test_what_is_no_run_gets_a_sentence(qtbot: QtBot, window: MainWindow, text: str, word: str) -> None:
    QGuiApplication.clipboard().setText(text)
    window.action_book["paste_run"].trigger()
    assert word in message_text(window)
    assert len(window.lab.runs.open) == 1


def test_a_run_that_departs_here_goes_on_from_what_the_file_holds(
    qtbot: QtBot, window: MainWindow, small_digits: Digits, tmp_path: Path
) -> None:
    window, path = window, tmp_path / "other.mnistviz"
    learn(qtbot, window, 150)
    saved = save(qtbot, window, path)
    strange = replace(saved.runs[0], checks={**saved.runs[0].checks, 64: "0" * 32})
    save_experiment(replace(saved, runs=(strange,)), path, small_digits)
    before = weights(live_run(window.lab))
    window.documents.open(path)
    qtbot.waitUntil(lambda: "other weights" in message_text(window))
    assert "the same after mini-batch 1, others after mini-batch 64" in message_text(window)
    qtbot.waitUntil(lambda: all_there(window, 1))
    assert weights(live_run(window.lab)) == before
    learn(qtbot, window, 10)
    window.lab.playhead.visit(100)
    qtbot.waitUntil(lambda: window.lab.playhead.exact)
    assert window.lab.playhead.step == 128  # the nearest state that the file has


def test_runs_on_other_digits_are_not_opened(
    qtbot: QtBot, own_window: MainWindow, small_digits: Digits, tmp_path: Path
) -> None:
    path = tmp_path / "other.mnistviz"
    saved = save(qtbot, own_window, path)
    other = replace(saved, data=replace(saved.data, name="letters", checksum="f" * 64))
    save_experiment(other, path, small_digits)
    own_window.documents.open(path)
    qtbot.waitUntil(lambda: "letters" in message_text(own_window))


def test_a_damaged_file_gets_a_sentence(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "bad.mnistviz"
    path.write_bytes(b"PK nonsense")
    window.documents.open(path)
    qtbot.waitUntil(lambda: "bad.mnistviz" in message_text(window))


@pytest.mark.long
def test_a_file_that_was_cut_off_is_no_whole_experiment(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "cut.mnistviz"
    learn(qtbot, window, 3)
    save(qtbot, window, path)
    path.write_bytes(path.read_bytes()[:-500])
    window.documents.open(path)
    qtbot.waitUntil(lambda: "cut.mnistviz is not a whole experiment" in message_text(window))


def test_an_experiment_says_which_runs_it_closed_and_they_come_back(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window, path = window, tmp_path / "one.mnistviz"
    learn(qtbot, window, 10)
    save(qtbot, window, path)
    window.documents.path = None
    window.steering.new_run()
    learn(qtbot, window, 5)
    before = window.lab.runs.open
    chosen = live_run(window.lab)
    window.documents.open(path)
    qtbot.waitUntil(lambda: len(window.lab.runs.open) == 1 and all_there(window, 1))
    said = window.line.message.said
    assert said is not None
    assert said.text.startswith("Closed to make room for the runs of one.mnistviz: A ")
    assert said.short == "Runs A, B closed"
    assert window.documents.path == path
    assert window.lab.runs.reopen(before[0].number)  # one of them by hand
    window.line.message.offer_button.click()
    qtbot.waitUntil(lambda: all_there(window, 2))
    assert [run.number for run in window.lab.runs.open] == [run.number for run in before]
    assert live_run(window.lab).number == chosen.number
    assert [run.on for run in window.lab.runs.open] == [False, True]
    assert window.documents.path is None
    learn(qtbot, window, 2)
    assert live_run(window.lab).step == 7


def test_a_file_is_dropped(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window, path = window, tmp_path / "dropped.mnistviz"
    learn(qtbot, window, 10)
    save(qtbot, window, path)
    before = live_run(window.lab).number
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    place, button, keys = QPointF(5, 5), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(place, Qt.DropAction.CopyAction, data, button, keys))
    qtbot.waitUntil(lambda: live_run(window.lab).number > before and all_there(window, 1))
    assert live_run(window.lab).step == 10


def test_a_run_that_is_trained_again_says_how_far_it_is(qtbot: QtBot, window: MainWindow) -> None:
    window = window
    assert can_begin_anew(window.lab.runs.open[0])
    run = replace(window.lab.runs.open[0], replayed=(3, 12))
    assert not run.ready
    assert not can_begin_anew(run), "a change of a setting would put another run in its place"
    names = RunWords(window).of(replace(run, name="mine"), [run]).names
    assert names == ("mine · trained from its start, 25 %", "mine · 25 %", "mine"), "the name stays"


def test_runs_that_are_still_trained_again_are_saved_as_they_were_opened(
    qtbot: QtBot, window: MainWindow, small_digits: Digits, tmp_path: Path
) -> None:
    window, small, again = window, tmp_path / "small.mnistviz", tmp_path / "again.mnistviz"
    learn(qtbot, window, 40)
    (saved,) = save(qtbot, window, small, small=True).runs
    (whole,) = save(qtbot, window, again).runs
    assert facts_of(whole, 7, int).moment is None, "the worker has it at once, and shows where it stands"
    facts = replace(facts_of(saved, 7, int), letter="A")
    assert facts.moment is not None
    assert (facts.moment.step, facts.replayed) == (0, (0, 40))
    pending = experiment_of(small_digits, [facts], 7, {}, {7: saved})
    save_experiment(pending, again, small_digits)
    (run,) = load_experiment(again).runs
    assert not run.complete
    assert run.recipe.step == 40
    assert run.checks == saved.checks


def test_a_run_that_fails_while_it_is_trained_again_says_so(window: MainWindow) -> None:
    lab = window.lab
    number = lab.runs.open[0].number
    lab.training.replayed.emit(number, 3, 12)
    assert lab.runs.open[0].replayed == (3, 12)
    lab.training.failed.emit(number, "a fault")
    assert lab.runs.open[0].failed
    assert lab.runs.open[0].replayed is None
