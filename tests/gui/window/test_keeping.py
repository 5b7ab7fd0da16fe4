"""No work is lost without a word: runs are kept as they go on and as they end, and can be gone back to."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab import session_keeper as keeping
from mnistviz.gui.lab.kept_runs import KeptRun
from mnistviz.gui.lab.lab_experiment import LabExperiment
from mnistviz.gui.lab.session_store import SessionFolder, SessionStore
from mnistviz.gui.lab.shown import RunFacts, RunMirror
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.message import Rank
from mnistviz.gui.window.scene import SceneFile, SceneKeeper
from mnistviz.gui.window.sessions_dialog import SessionsDialog
from tests.examples import one_quick
from tests.gui.children import child
from tests.gui.live_run import live_run
from tests.gui.window.test_main_window import learning, message_of, step_of
from tests.torture import fresh

Open = Callable[..., MainWindow]


@pytest.fixture
def folder(stage_path: Path) -> Path:
    return stage_path.with_name("sessions")


def kept_step(folder: Path) -> int:
    """How far the first run of the one session in the folder has come; 0 if there is none."""
    for path in folder.glob("*/run-1.mnistviz"):
        return SessionFolder(path.parent).read_run(1).runs[0].content.record.step
    return 0


def run_of(window: MainWindow) -> RunFacts:
    return live_run(window.lab)


def train(qtbot: QtBot, window: MainWindow, mini_batches: int) -> None:
    window.steering.toggle_play()
    qtbot.waitUntil(lambda: step_of(window) >= mini_batches)
    window.steering.toggle_play()
    qtbot.waitUntil(lambda: run_of(window).has_obeyed and not run_of(window).playing)


def test_the_list_says_in_words_what_a_run_was_and_an_entry_opens_that_run_and_no_session(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(sizes=(784, 40, 10), eta=0.25, cost="cross_entropy")
    date = datetime(2026, 3, 4, 14, 5).astimezone()
    run = KeptRun(
        Path("run-1.mnistviz"), date, (784, 40, 10), 64_999, 12.999, 0.9519, settings, "MNIST", 10_000
    )
    window.sessions.single = [run]
    window.action_book["earlier_sessions"].trigger()
    runs = child(window, SessionsDialog).list
    item = runs.item(0)
    assert "2:05" in item.text()
    assert item.text().endswith(", a single run\n784-40-10, 12.99 epochs, 95.19 % of 10,000 right")
    tip = item.toolTip().replace("\n", " ")
    assert "cost cross-entropy, η 0.25, mini-batch 10." in tip
    assert "MNIST" in tip
    asked: list[str] = []
    monkeypatch.setattr(window.lab.jobs, "ask", lambda key, *_, **__: asked.append(key))
    runs.itemActivated.emit(item)
    assert asked[-1] == "single run"


def test_a_save_that_fails_is_said(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    assert window.lab.digits is not None
    window.documents.save(window.lab.shown, tmp_path / "no such folder" / "a.npz")
    box = message_of(qtbot, window)
    assert "No such file" in box.informativeText()
    box.close()


def test_where_runs_can_t_be_kept_it_is_said_in_the_window_as_long_as_it_is_so(
    qtbot: QtBot, open_window: Open, small_digits: Digits, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "AT_REST", 50)
    folder.parent.mkdir()
    folder.write_text("in the way")  # what refuses a folder even to the superuser
    window = open_window(small_digits)
    train(qtbot, window, 20)
    message = window.line.message
    qtbot.waitUntil(lambda: message.said is not None and message.said.rank is Rank.FAULT)
    assert "exists" in message.text.text()
    shown, keeper = list[int](), window.documents.keeper
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(keeper, "show_troubles", lambda: shown.append(len(keeper.troubles)))
        train(qtbot, window, step_of(window) + 20)
        qtbot.wait(keeping.AT_REST + 200)
    assert not shown
    assert not window.findChildren(QMessageBox)
    folder.unlink()
    train(qtbot, window, step_of(window) + 20)
    qtbot.waitUntil(lambda: message.said is None or message.said.rank is not Rank.FAULT)
    assert kept_step(folder) > 0
    keeper.tell("Deleted for good: A.")
    assert message.text.accessibleName() == "Deleted for good: A."


def test_leftovers_are_swept_at_start_and_the_locks_looked_at_once_the_last_session_was_taken(
    qtbot: QtBot, open_window: Open, stage_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, tidy = [], SessionStore.tidy

    def take_last(store: SessionStore) -> None:
        time.sleep(0.05)  # long enough for any thread that would
        done.append("taken")

    def tidy_up(store: SessionStore) -> None:
        tidy(store)
        done.append("tidied")

    monkeypatch.setattr(SessionStore, "take_last", take_last)
    monkeypatch.setattr(SessionStore, "tidy", tidy_up)
    folder.mkdir(parents=True)
    session = SessionFolder(folder / "2026-01-02_030405-0a1b2c")
    session.path.mkdir()
    left = [place / ".mnistviz-0123456789ab.tmp" for place in (stage_path.parent, session.path)]
    for path in left:
        path.write_bytes(b"half a network")
        os.utime(path, (0, 0))
    open_window()
    qtbot.waitUntil(lambda: "tidied" in done and not any(path.exists() for path in left))
    assert done == ["taken", "tidied"]


@one_quick(
    "place",
    [
        (RunMirror, "take"),
        (SceneFile, "save"),
        (SceneKeeper, "scene"),
        (SessionFolder, "write_run"),
        (SessionFolder, "write_note"),
        (keeping, "describe_content"),
        (LabExperiment, "contents"),
        (keeping.SessionKeeper, "would_lose"),
    ],
    ids=lambda place: place[1],
)
def test_no_fault_keeps_the_window_from_closing_and_what_can_be_kept_is(
    qtbot: QtBot, own_window: MainWindow, stage_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch,
    place: tuple[object, str],
) -> None:  # fmt: skip
    def fail(*_: object) -> None:
        raise MemoryError

    own_window.steering.toggle_play()
    learning(qtbot, own_window)
    with monkeypatch.context() as patch:
        patch.setattr(*place, fail)
        fresh.close(own_window)  # as the monkey does it, which answers where it is asked first
    assert not own_window.isVisible()
    assert own_window.lab.training.isFinished()
    assert not own_window.lab.jobs.is_working()
    assert not own_window.documents.writer.is_working()
    assert not own_window.documents.exporter.is_working()
    if place == (RunMirror, "take"):
        assert kept_step(folder) >= step_of(own_window) > 20
        assert stage_path.exists()


def test_a_file_that_takes_long_keeps_no_run_from_being_kept(
    qtbot: QtBot, own_window: MainWindow, tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on = threading.Event()
    monkeypatch.setattr("mnistviz.gui.window.documents.write_network", lambda *_: goes_on.wait(60))
    monkeypatch.setattr(keeping, "AT_REST", 10)
    own_window.documents.save(own_window.lab.shown, tmp_path / "mine.npz")
    train(qtbot, own_window, 3)
    try:
        qtbot.waitUntil(lambda: kept_step(folder) >= 3)
    finally:
        goes_on.set()


@pytest.mark.long
def test_a_fault_after_the_window_has_closed_opens_no_message(own_window: MainWindow) -> None:
    own_window.close()
    own_window.report_exception("too late")
    assert not own_window.findChildren(QMessageBox)


def test_ctrl_c_as_the_window_is_being_built_ends_it_at_once(tmp_path: Path) -> None:
    script = (
        "import signal; from mnistviz.gui import app; from mnistviz.gui.lab.lab import Lab; begun = Lab.__init__\n"
        "def begin(*arguments): begun(*arguments); signal.raise_signal(signal.SIGINT)\n"
        "Lab.__init__ = begin; app.run_window()"
    )
    own = {**os.environ, "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], env=own, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, b"")
