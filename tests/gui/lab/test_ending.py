"""A window closes within seconds, also where a worker does not end."""

from __future__ import annotations

import logging
import threading
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.digits import Digits
from mnistviz.engine.run_scheduler import RunScheduler
from mnistviz.gui.lab import jobs, training_thread
from mnistviz.gui.lab.jobs import Jobs, Writer
from mnistviz.gui.lab.lab import Lab
from tests.gui.deleting import delete
from tests.gui.lab.conftest import Hand


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (jobs, training_thread):
        monkeypatch.setattr(module, "PATIENCE", 20)
    monkeypatch.setattr(jobs, "LONGEST", 20)
    monkeypatch.setattr(jobs, "abandoned_threads", [])


def test_all_threads_of_a_lab_are_told_to_stop_before_one_is_waited_for(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Else a window with much under way would take as long to close as all of it together."""
    for module in (jobs, training_thread):
        monkeypatch.setattr(module, "PATIENCE", 5_000)
    window, last_was_told, begun = QObject(), threading.Event(), threading.Semaphore(0)
    lab = Lab(window)

    def first(cancelled: Cancelled) -> None:
        begun.release()
        last_was_told.wait(30)

    def last(cancelled: Cancelled) -> None:
        begun.release()
        while not cancelled():
            threading.Event().wait(0.01)
        last_was_told.set()

    lab.jobs.ask("first", first, lambda _: None, lambda _: None)
    lab.trials.jobs.ask("last", last, lambda _: None, lambda _: None)
    assert begun.acquire(timeout=10)
    assert begun.acquire(timeout=10)
    lab.close()
    assert not caplog.text
    assert not jobs.any_left_alone()


def test_a_lab_closes_without_its_worker_which_nothing_destroys(
    small_digits: Digits, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stuck, go_on = threading.Event(), threading.Event()
    window = QObject()
    lab = Lab(window)
    lab.data.use(small_digits)
    run = Hand(lab, qtbot).run(steps=3)

    def work(*_: object) -> None:
        stuck.set()
        assert go_on.wait(30)

    monkeypatch.setattr(RunScheduler, "work", work)
    lab.time.mini_batch()
    assert stuck.wait(10)
    thread = lab.training
    with caplog.at_level(logging.ERROR):
        lab.close()
    assert "training" in caplog.text
    assert jobs.any_left_alone()
    assert run.step == 3
    delete(window)
    assert thread.isRunning()
    go_on.set()
    assert thread.wait()
    assert not jobs.any_left_alone()


def test_jobs_and_files_that_never_end_are_left_alone_and_closed_twice_at_once(qtbot: QtBot) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    def work(*_: object) -> None:
        begun.release()
        assert go_on.wait(30)

    asked, written = Jobs(), Writer()
    asked.ask("key", work, lambda result: None, lambda error: None)
    written.write(work)
    assert begun.acquire(timeout=10)
    assert begun.acquire(timeout=10)
    for _ in range(2):
        asked.close()
        written.close()
    assert len(jobs.abandoned_threads) == 2
    go_on.set()
    for thread in jobs.abandoned_threads:
        assert thread.wait()


def test_a_writer_that_gets_on_is_waited_for(tmp_path: Path) -> None:
    class Slow(QThread):
        left = 5

        def wait(self, *_: object) -> bool:
            self.left -= 1
            return not self.left

    thread, files = Slow(), count()
    jobs.wait_for(thread, 20, lambda: next(files))
    assert thread.left == 0
    assert not jobs.abandoned_threads
