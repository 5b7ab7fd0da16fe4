"""No work is lost without a word: runs are kept as they go on and as they end, and can be gone back to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.moment import Evaluation
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.engine.storage import load_network, save_network
from mnistviz.gui.lab import keeper as keeping
from mnistviz.gui.lab.kept_runs import MOST, KeptRun, RunSlot
from mnistviz.gui.lab.run_mirror import RunMirror
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.window.earlier_runs import EarlierRuns
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.scene import SceneFile
from mnistviz.gui.window.scene_keeper import SceneKeeper
from mnistviz.gui.window.status_message import Rank
from tests.gui.live_run import live_run
from tests.gui.window.test_main_window import learning, message_of, settled, step_of

Open = Callable[..., MainWindow]


@pytest.fixture
def folder(stage_path: Path) -> Path:
    return stage_path.with_name("runs")


def run_of(window: MainWindow) -> RunFacts:
    return live_run(window.lab)


def train(qtbot: QtBot, window: MainWindow, mini_batches: int) -> None:
    window.steering.toggle_play()
    qtbot.waitUntil(lambda: step_of(window) >= mini_batches)
    window.steering.toggle_play()
    qtbot.waitUntil(lambda: run_of(window).has_obeyed and not run_of(window).playing)


def earlier(qtbot: QtBot, window: MainWindow, count: int) -> list[KeptRun]:
    """The earlier runs, once so many are known in the window."""
    qtbot.waitUntil(lambda: len(window.documents.keeper.runs) == count)
    return window.documents.keeper.runs


def menu_of(window: MainWindow) -> EarlierRuns:
    menu = window.findChild(EarlierRuns)
    assert menu is not None
    return menu


def kept_step(folder: Path) -> int:
    """How far the one network in the folder has come; 0 if there is none."""
    for path in folder.glob("*.npz"):
        return int(load_network(path)[1]["about"]["step"])
    return 0


def test_a_network_opened_over_unsaved_work_leaves_it_in_the_menu_and_a_click_brings_it_back(
    qtbot: QtBot, own_window: MainWindow, tmp_path: Path
) -> None:
    assert [action.isEnabled() for action in menu_of(own_window).actions()] == [False]
    own_window.transport.epoch_action.trigger()
    settled(qtbot, own_window, 101)
    moment = run_of(own_window).moment
    assert moment is not None
    other = tmp_path / "other.npz"
    save_network(Network((784, 7, 10)), other, {})
    own_window.documents.open(other)
    (run,) = earlier(qtbot, own_window, 1)
    assert (run.sizes, run.epochs, run.mini_batches, run.measured_at) == ((784, 30, 10), 1.0, 101, 101)
    (action,) = menu_of(own_window).actions()
    assert "784-30-10, 1.00 epochs" in action.text()
    assert "% of 300 right" in action.text()
    assert "η 3.0" in action.toolTip()
    os.utime(run.path, (0, 0))
    action.trigger()
    qtbot.waitUntil(lambda: run_of(own_window).settings.sizes == (784, 30, 10) and run_of(own_window).opened)
    qtbot.waitUntil(lambda: run.path.stat().st_mtime > 0)  # it is used: the last to give way to others
    qtbot.waitUntil(lambda: run_of(own_window).moment is not None)
    np.testing.assert_array_equal(
        run_of(own_window).moment.network.parameters,  # type: ignore[union-attr]
        moment.network.parameters,
    )
    assert own_window.documents.path is None
    assert own_window.documents.recent == [str(other)]


def test_the_menu_says_in_words_what_a_run_was_and_promises_no_more_than_it_reached(
    own_window: MainWindow,
) -> None:
    settings = Settings(sizes=(784, 40, 10), eta=0.25, cost="cross_entropy")
    date = datetime(2026, 3, 4, 14, 5).astimezone()
    run = KeptRun(
        Path("a.npz"), date, (784, 40, 10), 64_999, 12.999, 0.9519, 60_000, settings, "MNIST", 10_000
    )
    own_window.documents.keeper.runs = [run]
    own_window.documents.keeper.changed.emit()
    (action,) = menu_of(own_window).actions()
    assert "2:05" in action.text()
    assert action.text().endswith(": 784-40-10, 12.99 epochs, 95.19 % of 10,000 right")
    tip = action.toolTip().replace("\n", " ")
    assert "March 4, 2026, after 64,999 mini-batches" in tip
    assert "95.19 % of 10,000 validation digits right after 60,000 mini-batches" in tip
    assert "cost cross-entropy, η 0.25, mini-batch 10." in tip
    assert "MNIST" in tip


def test_a_run_of_one_mini_batch_takes_no_place_of_a_longer_one(qtbot: QtBot, own_window: MainWindow) -> None:
    own_window.transport.epoch_action.trigger()
    settled(qtbot, own_window, 101)
    own_window.steering.new_run()
    earlier(qtbot, own_window, 1)
    for count in (2, 2):
        own_window.transport.step_action.trigger()
        settled(qtbot, own_window, 1)
        own_window.steering.new_run()
        earlier(qtbot, own_window, count)
    assert sorted(run.mini_batches for run in own_window.documents.keeper.runs) == [1, 101]
    assert any("1 mini-batch," in action.text() for action in menu_of(own_window).actions())


def test_the_oldest_run_that_is_opened_does_not_give_way_to_the_one_that_ends_with_it(
    qtbot: QtBot, own_window: MainWindow, folder: Path
) -> None:
    own_window.transport.epoch_action.trigger()
    settled(qtbot, own_window, 101)
    for number in range(MOST):
        slot = RunSlot(folder)
        slot.write(Network((784, number + 1, 10)), {"step": 1, "digits": 10, "epoch": 10})
        os.utime(slot.path, (number, number))
        slot.release()
    own_window.documents.keeper.refresh()
    oldest = next(run for run in earlier(qtbot, own_window, MOST) if run.sizes == (784, 1, 10))
    own_window.documents.open(oldest.path)
    qtbot.waitUntil(lambda: any(run.mini_batches == 101 for run in own_window.documents.keeper.runs))
    sizes = {run.sizes for run in own_window.documents.keeper.runs}
    assert (784, 1, 10) in sizes
    assert (784, 2, 10) not in sizes


def test_a_pause_keeps_the_present_run_which_is_not_an_earlier_one_yet(
    qtbot: QtBot, own_window: MainWindow, folder: Path
) -> None:
    train(qtbot, own_window, 20)
    qtbot.waitUntil(lambda: kept_step(folder) == step_of(own_window))
    own_window.documents.keeper.refresh()
    qtbot.waitUntil(lambda: not own_window.lab.jobs.is_open("earlier runs"))
    assert own_window.documents.keeper.runs == []
    train(qtbot, own_window, step_of(own_window) + 20)
    qtbot.waitUntil(lambda: kept_step(folder) == step_of(own_window))
    assert len(list(folder.glob("*.npz"))) == 1


def test_a_run_is_kept_again_and_again_while_it_learns(
    qtbot: QtBot, own_window: MainWindow, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keeping.WHILE_LEARNING <= 30_000
    monkeypatch.setattr(keeping, "WHILE_LEARNING", 20)
    own_window.steering.toggle_play()
    qtbot.waitUntil(lambda: kept_step(folder) > 0)
    first = kept_step(folder)
    qtbot.waitUntil(lambda: kept_step(folder) > first)
    assert run_of(own_window).playing


def test_on_a_slow_disk_only_the_newest_state_of_a_run_waits(
    qtbot: QtBot, own_window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, go_on = [], threading.Event()

    def slow(slot: RunSlot, network: Network, about: dict[str, object]) -> None:
        written.append(about["step"])
        assert go_on.wait(5)

    monkeypatch.setattr(RunSlot, "write", slow)
    monkeypatch.setattr(keeping, "AT_REST", 0)
    for step in range(1, 5):
        own_window.transport.step_action.trigger()
        settled(qtbot, own_window, step)
        qtbot.waitUntil(lambda: not own_window.documents.keeper._timer.isActive() and bool(written))
    go_on.set()
    own_window.close()
    assert set(written) == {1, 4}


@pytest.mark.long
def test_a_killed_program_loses_half_a_minute_at_most(
    qtbot: QtBot, open_window: Open, stage_path: Path
) -> None:
    script = (
        "import sys; from pathlib import Path; from PySide6.QtWidgets import QApplication;"
        "from mnistviz.gui import app; from mnistviz.gui.lab import keeper;"
        "from mnistviz.gui.window.main_window import MainWindow;"
        "from mnistviz.gui.window.scene import SceneFile; keeper.WHILE_LEARNING = 50; q = QApplication([]);"
        "app.prepare(q); window = MainWindow(SceneFile(Path(sys.argv[1])));"
        "window.transport.set_rate(None); window.steering.toggle_play();"
        "window.show(); window.data_sets.load(); q.exec()"
    )
    with subprocess.Popen([sys.executable, "-c", script, stage_path]) as process:
        qtbot.waitUntil(lambda: kept_step(stage_path.with_name("runs")) > 0, timeout=20_000)
        process.kill()
    window = open_window()
    (run,) = earlier(qtbot, window, 1)
    assert run.sizes == (784, 30, 10)


def test_files_saved_one_after_another_are_all_saved(
    qtbot: QtBot, own_window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_window.transport.step_action.trigger()
    settled(qtbot, own_window, 1)
    go_on = threading.Event()

    def slow(network: Network, path: Path, about: dict[str, object]) -> None:
        assert go_on.wait(5)
        save_network(network, path, about)

    monkeypatch.setattr("mnistviz.gui.window.documents.write_network", slow)
    paths = [tmp_path / f"{number}.npz" for number in range(3)]
    assert own_window.lab.digits is not None
    for path in paths:
        own_window.documents.save(own_window.lab.shown, path)
    go_on.set()
    own_window.close()
    assert all(load_network(path)[1]["about"]["step"] == 1 for path in paths)


def test_a_save_that_fails_is_said(qtbot: QtBot, own_window: MainWindow, tmp_path: Path) -> None:
    assert own_window.lab.digits is not None
    own_window.documents.save(own_window.lab.shown, tmp_path / "no such folder" / "a.npz")
    box = message_of(qtbot, own_window)
    assert "No such file" in box.informativeText()
    box.close()


def test_where_runs_can_t_be_kept_it_is_said_in_the_window_as_long_as_it_is_so(
    qtbot: QtBot, own_window: MainWindow, folder: Path
) -> None:
    folder.parent.mkdir()
    folder.write_text("in the way")  # what refuses a folder even to the superuser
    train(qtbot, own_window, 20)
    message = own_window.line.message
    qtbot.waitUntil(lambda: message.said is not None and message.said.rank is Rank.FAULT)
    assert "File exists" in message.text.text()
    with qtbot.assertNotEmitted(own_window.documents.keeper.trouble_changed):
        before = step_of(own_window)
        train(qtbot, own_window, before + 20)
        qtbot.waitUntil(lambda: not own_window.documents.keeper._timer.isActive())
    assert not own_window.findChildren(QMessageBox)
    folder.unlink()
    train(qtbot, own_window, step_of(own_window) + 20)
    qtbot.waitUntil(lambda: message.said is None or message.said.rank is not Rank.FAULT)
    assert kept_step(folder) > 0


@pytest.mark.parametrize("known", [True, False], ids=["known", "not yet known"])
def test_of_a_run_that_diverged_the_newest_finite_network_stays(
    qtbot: QtBot, own_window: MainWindow, folder: Path, known: bool
) -> None:
    train(qtbot, own_window, 20)
    qtbot.waitUntil(lambda: kept_step(folder) == step_of(own_window))
    run = run_of(own_window)
    assert run.moment is not None
    finite, digits = run.moment, own_window.lab.digits
    assert digits is not None
    broken = finite.network.copy()
    broken.parameters[:] = np.nan
    right = run.evaluations["validation"].accuracy
    moment = type(finite)(run.number, finite.step + 1, 0, broken, finite.settings, finite.initial)
    read = Evaluation("validation", finite.step + 1, 0, np.zeros(10, np.uint8), 10)
    selected = own_window.lab._run
    assert selected is not None
    selected.change(moment=moment, evaluations={"validation": read}, diverged=known)
    own_window.documents.keeper.follow(selected.facts, digits)
    own_window.steering.new_run()
    (kept,) = earlier(qtbot, own_window, 1)
    assert kept.mini_batches == finite.step
    if known:
        assert (kept.accuracy, kept.measured_at) == (right, finite.step), (
            "and nothing that was measured later"
        )
    np.testing.assert_array_equal(load_network(kept.path)[0].parameters, finite.network.parameters)
    assert not own_window.documents.keeper.troubles


def test_two_windows_keep_their_runs_apart(
    qtbot: QtBot, open_window: Open, small_digits: Digits, folder: Path
) -> None:
    def files() -> set[Path]:
        return set(folder.glob("*.npz"))

    first, second = open_window(small_digits), open_window(small_digits)
    first.transport.step_action.trigger()
    qtbot.waitUntil(lambda: len(files()) == 1)
    (present,) = files()
    before: set[Path] = set()
    for _ in range(3):  # each saw less than an epoch, as the present run of the other window did
        second.transport.step_action.trigger()
        qtbot.waitUntil(lambda: step_of(second) == 1)
        second.steering.new_run()
        qtbot.waitUntil(lambda: len(files()) == 2 and files() != before)  # noqa: B023
        before = files()
        assert present in before
    second.close()
    first.close()
    assert files() == {present}


def test_what_another_window_has_kept_is_found_when_the_menu_opens(
    qtbot: QtBot, own_window: MainWindow, folder: Path
) -> None:
    slot = RunSlot(folder)
    slot.write(Network((784, 9, 10)), {"step": 3})
    slot.release()
    menu = own_window.findChild(QMenu, "file_menu")
    assert menu is not None
    menu.aboutToShow.emit()
    (run,) = earlier(qtbot, own_window, 1)
    assert "784-9-10, 3 mini-batches" in menu_of(own_window).actions()[0].text()
    assert run.path == slot.path


def test_an_old_last_run_is_found_among_the_earlier_ones(
    qtbot: QtBot, open_window: Open, stage_path: Path
) -> None:
    stage_path.parent.mkdir()
    save_network(Network((784, 8, 10)), stage_path.with_name("last-run.npz"), {"step": 5})
    window = open_window()
    (run,) = earlier(qtbot, window, 1)
    assert run.sizes == (784, 8, 10)


def test_what_a_killed_program_left_is_swept_at_the_start(
    qtbot: QtBot, open_window: Open, stage_path: Path, folder: Path
) -> None:
    folder.mkdir(parents=True)
    left = [place / ".mnistviz-0123456789ab.tmp" for place in (stage_path.parent, folder)]
    for path in left:
        path.write_bytes(b"half a network")
        os.utime(path, (0, 0))
    open_window()
    qtbot.waitUntil(lambda: not any(path.exists() for path in left))


@pytest.mark.parametrize(
    "place",
    [
        (SceneFile, "save"),
        (SceneKeeper, "scene"),
        (RunMirror, "take"),
        (RunSlot, "write"),
        (keeping, "_about"),
    ],
    ids=lambda place: place[1],
)
def test_no_fault_keeps_the_window_from_closing(
    qtbot: QtBot, own_window: MainWindow, monkeypatch: pytest.MonkeyPatch, place: tuple[object, str]
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    own_window.steering.toggle_play()
    learning(qtbot, own_window)
    with monkeypatch.context() as patch:
        patch.setattr(*place, fail)
        own_window.close()
    assert not own_window.isVisible()
    assert own_window.lab.training.isFinished()
    assert not own_window.lab.jobs.is_working()
    assert not own_window.documents.writer.is_working()


def test_what_a_closing_window_can_keep_it_keeps(
    qtbot: QtBot, own_window: MainWindow, stage_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(qtbot, own_window, 20)
    with monkeypatch.context() as patch:
        patch.setattr(RunMirror, "take", lambda self: 1 / 0)
        own_window.close()
    assert kept_step(folder) == step_of(own_window)
    assert stage_path.exists()


def test_a_path_that_is_not_utf_8_costs_no_scene(
    own_window: MainWindow, open_window: Open, tmp_path: Path
) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.npz")
    own_window.documents.remember(path)
    own_window.close()
    assert open_window().documents.recent == [str(path)]


def test_a_fault_after_the_window_has_closed_opens_no_message(own_window: MainWindow) -> None:
    own_window.close()
    own_window.report_exception("too late")
    assert not own_window.findChildren(QMessageBox)


PROGRAM = """
import sys
from mnistviz.engine import handover
from mnistviz.gui import app
from mnistviz.gui.lab import training_thread
from mnistviz.gui.window import scene
from PySide6.QtCore import QTimer
def fail(*_): raise MemoryError
scene.SceneFile.save = fail
handover.Controls.closed = property(lambda self: False)  # the worker does not hear that it is to end
training_thread.PATIENCE = 100
show = app.MainWindow.show
def shown(window):
    show(window)
    window.steering.toggle_play()
    window.lab.news.connect(lambda: window.lab.run.step and print("learns", flush=True))
app.MainWindow.show = shown
sys.exit(app.run_window())
"""


@pytest.mark.long
def test_the_process_ends_whatever_fails_on_the_way(tmp_path: Path) -> None:
    own = {**os.environ, "XDG_DATA_HOME": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", PROGRAM], env=own, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline()
            process.terminate()
            assert process.wait(timeout=20) == 0
        finally:
            process.kill()
    log = next(tmp_path.rglob("mnistviz.log")).read_text("utf-8")
    assert "MemoryError" in log
    assert "the thread “training” does not end" in log
    assert kept_step(next(tmp_path.rglob("runs"))) > 0


def test_ctrl_c_as_the_window_is_being_built_ends_it_at_once(tmp_path: Path) -> None:
    script = (
        "import signal; from mnistviz.gui import app; from mnistviz.gui.lab.lab import Lab; begun = Lab.__init__\n"
        "def begin(*arguments): begun(*arguments); signal.raise_signal(signal.SIGINT)\n"
        "Lab.__init__ = begin; app.run_window()"
    )
    own = {**os.environ, "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], env=own, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, b"")
