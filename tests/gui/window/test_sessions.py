"""What was open, chosen and shown comes back at the next start, bit for bit; and earlier sessions are had again."""

import gc
import shutil
from collections.abc import Callable
from pathlib import Path
from unittest.mock import create_autospec

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.experiment_file import load_experiment
from mnistviz.engine.experiment.saved import SavedRun, checksum
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.network import Unit
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.lab import session_keeper
from mnistviz.gui.lab.edited_copy import EditedCopy
from mnistviz.gui.lab.session_store import SessionFolder
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.window import sessions
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.message import Rank
from mnistviz.gui.window.sessions_dialog import SessionsDialog, read_curves
from tests.gui.children import child
from tests.gui.live_run import live_run
from tests.gui.window.panels import open_panel, opened_panel
from tests.gui.window.two_runs import all_there, learn, said, told, two_runs, weights

Open = Callable[..., MainWindow]
SMALL = Settings(sizes=(784, 1, 10))


@pytest.fixture
def folder(stage_path: Path) -> Path:
    return stage_path.with_name("sessions")


def times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.glob("*/run-*")}


def leave_a_session(qtbot: QtBot, window: MainWindow) -> None:
    """Leaves one whose run has learned 20 mini-batches."""
    learn(qtbot, window, 20)
    window.close()


def test_the_next_start_has_all(qtbot: QtBot, open_window: Open, small_digits: Digits, folder: Path) -> None:
    window = open_window(small_digits)
    two_runs(qtbot, window)
    window.network.pad.test_digit_action.trigger()
    window.network.selection.choose_unit(Unit(1, 7))
    window.network.pad.pin_action.trigger()
    open_panel(window, "pins")
    qtbot.waitUntil(lambda: all(run.stories for run in window.lab.runs.open))
    window.lab.runs.note(window.lab.runs.open[0].number, "What is to be seen.")
    for run in window.lab.runs.open:
        window.lab.runs.relabel(run.number, hue=3)
    open_panel(window, "compare")
    before, drawn = window.lab.runs.open, window.network.pad.record()
    window.lab.playhead.visit(110)
    window.close()
    files = times(folder)
    other = open_window(small_digits)
    qtbot.waitUntil(lambda: all_there(other, 2))
    assert "Start afresh" in said(other)
    for mine, its in zip(before, other.lab.runs.open, strict=True):
        assert (its.letter, its.name, its.hue, its.step) == (mine.letter, mine.name, mine.hue, mine.step)
        assert weights(its) == weights(mine)
        assert its.history.costs == mine.history.costs
        assert its.about == mine.about
        (told,), (kept,) = its.stories, mine.stories
        assert told.pixels == kept.pixels
        assert told.along.outputs.tobytes() == kept.along.outputs.tobytes()
    assert other.lab.run.name == "mine"
    assert other.lab.run.parent.number == other.lab.runs.open[0].number
    qtbot.waitUntil(lambda: other.lab.playhead.step == 110)
    assert other.network.pad.record() == drawn
    assert other.network.selection.chosen_unit == (1, 7)
    assert opened_panel(other) == "compare"
    other.close()
    assert times(folder) == files, "nothing is written where nothing changed"
    assert not list(folder.glob("*.lock"))


@pytest.mark.parametrize("is_killed", [False, pytest.param(True, marks=pytest.mark.long)])
def test_what_was_changed_by_hand_and_not_kept_waits_for_the_next_start(
    qtbot: QtBot, open_window: Open, small_digits: Digits, stage_path: Path, tmp_path: Path, is_killed: bool
) -> None:
    window = open_window(small_digits)
    learn(qtbot, window, 40)
    before = weights(live_run(window.lab))
    window.open_unit(1, 7)
    child(window, HandWork).switch_off.trigger()
    copy = window.lab.preview
    assert isinstance(copy, EditedCopy)
    if is_killed:
        own = window.documents.keeper.session
        qtbot.waitUntil(lambda: bool(own.note().view.get("runs", {}).get("copy", {}).get("acts")))
        qtbot.waitUntil(lambda: own.numbers() == [1])
        killed = tmp_path / "killed"
        shutil.copytree(stage_path.parent, killed, ignore=shutil.ignore_patterns("*.lock"))
        other = open_window(stage=killed / stage_path.name)
    else:
        window.close()
        other = open_window()
    other.transport.play_button.click()
    assert other.lab.time.play_when_ready
    other.lab.data.use(small_digits)
    qtbot.waitUntil(lambda: other.lab.preview is not None)
    found, lab = other.lab.preview, other.lab
    assert not lab.time.learning, "nothing can learn as long as the copy waits"
    assert isinstance(found, EditedCopy)
    assert found.acts == copy.acts
    assert weights(live_run(lab)) == before, "the run has had none of it"
    qtbot.waitUntil(lambda: other.line.recall(Rank.COPY))
    other.undo.undo_action.trigger()
    assert lab.preview is None
    other.undo.redo_action.trigger()
    child(other, HandWork).keep.trigger()
    qtbot.waitUntil(lambda: lab.preview is None)
    assert weights(live_run(lab)) == checksum(copy.network.parameters)


@pytest.mark.long
def test_a_session_of_other_digits_that_is_left_at_once_still_ends_its_start(
    qtbot: QtBot,
    open_window: Open,
    small_digits: Digits,
    random_digits: Digits,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A timer called it when it was gone, which ended the program."""
    leave_a_session(qtbot, open_window(small_digits))
    monkeypatch.setattr(sessions, "UP_AFTER", 200)
    other = open_window(random_digits)
    qtbot.waitUntil(lambda: other.line.message.said is not None)
    assert list(folder.glob("*/starts"))
    gc.collect()
    qtbot.waitUntil(lambda: not list(folder.glob("*/starts")))


def earlier_lines(qtbot: QtBot, window: MainWindow, count: int) -> list[str]:
    """What the dialog of the earlier sessions says, once there are so many."""
    window.action_book["earlier_sessions"].trigger()
    dialog = child(window, SessionsDialog)
    qtbot.waitUntil(lambda: len(window.sessions.earlier) == count)
    lines = [dialog.list.item(row).text() for row in range(count)]
    dialog.close()
    qtbot.waitUntil(lambda: window.findChild(SessionsDialog) is None)
    return lines


def test_earlier_sessions_show_curves_of_runs_and_open(qtbot: QtBot, own_window: MainWindow) -> None:
    window = own_window
    two_runs(qtbot, window)
    step, letters = live_run(window.lab).step, {run.letter for run in window.lab.runs.open}
    window.action_book["start_afresh"].trigger()
    qtbot.waitUntil(lambda: len(window.lab.runs.open) == 1 and not live_run(window.lab).has_learned)
    window.action_book["earlier_sessions"].trigger()
    dialog = child(window, SessionsDialog)
    painted = list[str]()

    def shows_curves() -> bool:
        with watched() as texts:
            dialog.show_curves(dialog.curves)
        painted[:] = [each.text for each in texts]
        return set(painted) == letters

    qtbot.waitUntil(shows_curves)
    qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: all_there(window, 2) and live_run(window.lab).step == step)


def test_files_that_cannot_be_read_have_no_curve(tmp_path: Path) -> None:
    (tmp_path / "damaged.mnistviz").write_bytes(b"no archive")
    paths = [tmp_path / "damaged.mnistviz", tmp_path / "missing.mnistviz"]
    assert read_curves(paths, lambda: False, lambda curves: None) == {}


def test_start_afresh_closes_all_into_the_earlier_sessions_and_undo_has_it_again(
    qtbot: QtBot, own_window: MainWindow, folder: Path
) -> None:
    window = own_window
    two_runs(qtbot, window)
    window.network.pad.test_digit_action.trigger()
    drawn, before = window.network.pad.record(), window.lab.runs.open
    window.controls.show_settings(window.controls.settings().changed(seed=7))
    for _ in range(2):  # a double click: the second one finds nothing to do
        window.action_book["start_afresh"].trigger()
    qtbot.waitUntil(lambda: len(window.lab.runs.open) == 1 and live_run(window.lab).ready)
    written = list[object]()
    window.documents.writer.write(lambda: None, written.append)
    qtbot.waitUntil(lambda: bool(written))
    assert not told(window)
    assert not live_run(window.lab).has_learned
    assert live_run(window.lab).letter == "A"
    assert live_run(window.lab).settings.seed == 1
    assert window.network.pad.sheet.number is not None
    assert not window.lab.runs.reopenable
    (line,) = earlier_lines(qtbot, window, 1)
    assert "\n2 runs, 784-30-10, at best " in line
    learn(qtbot, window, 7)
    window.line.message.offer_button.click()
    qtbot.waitUntil(lambda: all_there(window, 2))
    assert [weights(run) for run in window.lab.runs.open] == [weights(run) for run in before]
    assert window.network.pad.record() == drawn
    assert window.controls.settings().seed == 7
    qtbot.waitUntil(lambda: "\n1 run, 784-30-10" in earlier_lines(qtbot, window, 1)[0])  # begun meanwhile
    window.close()
    assert not list(folder.glob("*.lock"))


@pytest.mark.long
def test_where_nothing_can_be_kept_the_session_opens_and_closing_asks_once(
    qtbot: QtBot, open_window: Open, small_digits: Digits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_a_session(qtbot, open_window(small_digits))
    monkeypatch.setattr(SessionFolder, "take", lambda session, patience=0: False)
    monkeypatch.setattr(SessionFolder, "is_read_only", True)
    other = open_window(small_digits)
    qtbot.waitUntil(lambda: all_there(other, 1))
    assert live_run(other.lab).step == 20
    assert "Nothing can be kept" in said(other)
    learn(qtbot, other, 5)
    desktop = create_autospec(QSessionManager, instance=True)
    other.close_with_session(desktop)
    desktop.cancel.assert_called_once_with()
    assert other.isVisible()
    (box,) = other.findChildren(QMessageBox)
    box.button(QMessageBox.StandardButton.Cancel).click()
    other.close()
    box = next(box for box in other.findChildren(QMessageBox) if box.isVisible())
    next(button for button in box.buttons() if button.text() == "Save as…").click()
    other.findChild(QFileDialog, "file_dialog").fileSelected.emit(str(tmp_path / "a.mnistviz"))
    qtbot.waitUntil(lambda: not other.isVisible())
    assert load_experiment(tmp_path / "a.mnistviz").runs[0].content.record.step == 25


def test_a_window_that_is_only_looked_at_closes_unasked_where_nothing_can_be_kept(
    own_window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SessionFolder, "is_read_only", True)
    desktop = create_autospec(QSessionManager, instance=True)
    own_window.close_with_session(desktop)
    assert not own_window.isVisible()
    desktop.cancel.assert_not_called()


@pytest.mark.long
def test_start_afresh_closes_nothing_unkept(qtbot: QtBot, own_window: MainWindow, folder: Path) -> None:
    learn(qtbot, own_window, 20)
    folder.parent.mkdir(exist_ok=True)
    if folder.exists():
        shutil.rmtree(folder)
    folder.write_text("in the way")
    learn(qtbot, own_window, 5)
    own_window.action_book["start_afresh"].trigger()
    qtbot.waitUntil(lambda: "could not be kept" in told(own_window))
    assert live_run(own_window.lab).step == 25
    folder.unlink()


@pytest.mark.long
def test_a_session_with_which_two_starts_failed_is_left_aside(
    qtbot: QtBot, open_window: Open, small_digits: Digits, folder: Path
) -> None:
    window = open_window(small_digits)
    learn(qtbot, window, 20)
    window.network.pad.test_digit_action.trigger()
    window.close()
    (path,) = (each for each in folder.iterdir() if each.is_dir())
    (path / "starts").write_text("2")
    other = open_window(small_digits)
    assert live_run(other.lab).step == 0
    qtbot.waitUntil(lambda: "Two starts with it" in told(other))
    assert other.network.pad.picture is None, "it may be what the starts failed with"
    (line,) = earlier_lines(qtbot, other, 1)
    assert "1 run" in line
    other.sessions.open_earlier(path)
    qtbot.waitUntil(lambda: live_run(other.lab).step == 20)
    assert other.network.pad.picture is not None


@pytest.mark.long
def test_of_two_windows_that_which_is_closed_last_comes_back_and_a_second_one_begins_afresh(
    qtbot: QtBot, open_window: Open, small_digits: Digits, folder: Path
) -> None:
    windows = [open_window(small_digits) for _ in range(2)]
    for window, steps in zip(windows, (20, 30), strict=True):
        learn(qtbot, window, steps)
        qtbot.waitUntil(lambda: len(list(folder.glob("*.lock"))) == windows.index(window) + 1)  # noqa: B023
    for window in reversed(windows):
        window.close()
    again = [open_window(small_digits) for _ in range(2)]
    for window in again:
        qtbot.waitUntil(lambda: all_there(window, 1))  # noqa: B023
    assert [live_run(window.lab).step for window in again] == [20, 0]
    assert said(again[1]).startswith("Another window has your last session")
    for window in again:
        window.close()
    assert not list(folder.glob("*.lock"))


@pytest.mark.long
def test_a_session_on_other_digits_is_left_to_the_earlier_ones(
    qtbot: QtBot,
    open_window: Open,
    small_digits: Digits,
    random_digits: Digits,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leave_a_session(qtbot, open_window(small_digits))
    other = open_window(random_digits)
    assert live_run(other.lab).step == 0
    assert said(other).startswith("The last session learned small.")
    (session,) = other.sessions.earlier or (earlier_lines(qtbot, other, 1), other.sessions.earlier)[1]
    other.sessions.open_earlier(session.path)
    qtbot.waitUntil(lambda: "Its runs learned small." in told(other))
    other.lab.data.use(small_digits)
    learn(qtbot, other, 3)
    keeper = other.documents.keeper
    retire = keeper.retire

    def retire_slowly(then: Callable[[SessionFolder | None, bool], object]) -> None:
        retire(then)
        other.lab.data.use(random_digits)  # while the session is written

    with monkeypatch.context() as patch:
        patch.setattr(keeper, "retire", retire_slowly)
        other.sessions.open_earlier(session.path)
        qtbot.waitUntil(lambda: told(other).count("Its runs learned small.") == 2)
    assert keeper.session.path != session.path
    learn(qtbot, other, 2)
    qtbot.waitUntil(lambda: keeper.session.path.exists() and keeper.session.note().current)
    other.lab.data.use(small_digits)
    other.sessions.open_earlier(session.path)
    qtbot.waitUntil(lambda: live_run(other.lab).step == 20)


def test_the_start_names_once_what_it_has_not_opened_and_why(
    qtbot: QtBot, open_window: Open, small_digits: Digits, random_digits: Digits, folder: Path
) -> None:
    window = open_window(small_digits)
    two_runs(qtbot, window)  # B is called mine
    for _ in range(3):
        window.lab.runs.branch()
        qtbot.waitUntil(lambda: live_run(window.lab).ready)
        learn(qtbot, window, 2)
    window.lab.runs.close(live_run(window.lab).number)  # E
    window.lab.runs.select(window.lab.runs.open[0].number)
    window.close()
    (path,) = (each for each in folder.iterdir() if each.is_dir())
    session = SessionFolder(path)
    other = Run(3, SMALL, random_digits, Mailbox(lambda: None))
    session.write_run(SavedRun(3, SMALL, other.content(), random_digits.epoch(SMALL)), random_digits, 0)
    session.release()
    for number in (2, 5):
        session.run_path(number).unlink()
    session.run_path(4).write_bytes(b"PK nonsense")
    window = open_window(small_digits)
    qtbot.waitUntil(lambda: all_there(window, 1))
    qtbot.waitUntil(lambda: bool(told(window)))
    text = told(window)
    assert "Run B, “mine”: There is no file run-2.mnistviz. Run C" in text
    assert "run-3.mnistviz holds a run on noise, and the other runs are on small." in text
    assert "run-4.mnistviz is " in text
    assert "Closed run E: There is no file run-5.mnistviz. Nothing was deleted" in text
    assert said(window) == "Your last session is back, but for the runs B, C, D."
    window.close()
    assert session.numbers() == [1, 3, 4]
    window = open_window(small_digits)
    qtbot.waitUntil(lambda: all_there(window, 1))
    assert said(window) == "Your last session is back, but for the runs C, D."
    assert not told(window)


@pytest.mark.long
def test_closed_run_is_whole_after_next_start(qtbot: QtBot, open_window: Open, small_digits: Digits) -> None:
    window = open_window(small_digits)
    two_runs(qtbot, window)
    gone = live_run(window.lab)
    window.lab.runs.close(gone.number)
    window.close()
    other = open_window(small_digits)
    qtbot.waitUntil(lambda: all_there(other, 1))
    earlier_lines(qtbot, other, 0)
    qtbot.waitUntil(lambda: len(other.sessions.single) == 1)
    assert other.sessions.single[0].name == "mine"
    other.sessions.open_single(other.sessions.single[0].path)
    qtbot.waitUntil(lambda: all_there(other, 2))
    assert weights(live_run(other.lab)) == weights(gone)
    assert live_run(other.lab).history.costs == gone.history.costs
    earlier_lines(qtbot, other, 0)
    qtbot.waitUntil(lambda: not other.sessions.single)
    other.close()
    last = open_window(small_digits)
    qtbot.waitUntil(lambda: all_there(last, 2))


@pytest.mark.long
def test_next_start_reads_the_data_set_of_the_session(qtbot: QtBot, open_window: Open, letters: Path) -> None:
    window = open_window(data=letters)
    window.data_sets.load()
    qtbot.waitUntil(lambda: window.lab.run is not None and live_run(window.lab).ready)
    learn(qtbot, window, 20)
    window.close()
    other = open_window()
    other.data_sets.load()
    qtbot.waitUntil(lambda: all_there(other, 1))
    assert live_run(other.lab).step == 20
    assert len(other.lab.digits.classes) == 3


@pytest.mark.long
@pytest.mark.parametrize("was_kept", [True, False])
def test_runs_of_a_file_that_are_still_trained_again_are_in_the_session(
    qtbot: QtBot,
    open_window: Open,
    small_digits: Digits,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    was_kept: bool,
) -> None:
    """Also where the window closes before anything was kept."""
    if not was_kept:
        for name in ("AT_REST", "SHOWN_AFTER"):
            monkeypatch.setattr(session_keeper, name, 3_600_000)
    window, path = open_window(small_digits), tmp_path / "small.mnistviz"
    learn(qtbot, window, 150)
    with qtbot.waitSignal(window.documents.saved):
        window.documents.save_experiment(path, small=True)
    before = weights(live_run(window.lab))
    window.documents.open(path)
    qtbot.waitUntil(lambda: window.lab.run is not None and window.lab.run.number > 1)
    if was_kept:
        qtbot.waitUntil(lambda: live_run(window.lab).number > 1)
    window.close()
    other = open_window(small_digits)
    qtbot.waitUntil(lambda: all_there(other, 1))
    assert weights(live_run(other.lab)) == before
