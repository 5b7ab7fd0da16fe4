"""Costly work is done in the background, and only the newest of a kind counts."""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread
from pytestqt.qtbot import QtBot

from mnistviz.engine.cancelling import Cancelled, Progress
from mnistviz.engine.digits import Digits
from mnistviz.engine.problems import Problem
from mnistviz.engine.run_scheduler import RunScheduler
from mnistviz.gui.lab import jobs as threads
from mnistviz.gui.lab import training_thread
from mnistviz.gui.lab.jobs import Jobs, Tell, Writer
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind
from tests.gui.deleting import delete
from tests.gui.lab.conftest import Hand

SECONDS = 5


class Asker(QObject):
    """Asks, and writes down what comes, and in which thread."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self.results: list[object] = []
        self.failures: list[tuple[str, Exception]] = []
        self.threads: set[QThread] = set()

    def ask(self, key: str, work: Gate) -> None:
        self._jobs.ask(key, work, self.on_result, partial(self.on_failure, key))

    def begin(self, key: str, work: Gate) -> None:
        """Asks, and waits until the work has begun."""
        self.ask(key, work)
        assert work.begun.wait(SECONDS)

    def on_result(self, result: object) -> None:
        self.results.append(result)
        self.threads.add(QThread.currentThread())

    def on_failure(self, key: str, error: Exception) -> None:
        self.failures.append((key, error))
        self.threads.add(QThread.currentThread())


class Gate:
    """Work that waits until the test lets it go on, or until it is cancelled."""

    def __init__(self, result: object) -> None:
        self.begun, self.go_on, self.ended = threading.Event(), threading.Event(), threading.Event()
        self.was_cancelled = False
        self.result = result

    def __call__(self, cancelled: Cancelled) -> object:
        self.begun.set()
        while not self.go_on.wait(0.002):
            if cancelled():
                self.was_cancelled = True
                break
        self.ended.set()
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


def at_once(result: object) -> Gate:
    """Work that waits for nothing: it returns the result, or raises it if it is an exception."""
    gate = Gate(result)
    gate.go_on.set()
    return gate


@pytest.fixture
def asker(jobs: Jobs) -> Asker:
    return Asker(jobs)


def test_a_result_comes_in_the_window_s_thread_later(jobs: Jobs, asker: Asker, qtbot: QtBot) -> None:
    computed_in: list[int] = []

    def work(cancelled: Cancelled) -> int:
        computed_in.append(threading.get_ident())
        return 42

    jobs.ask("sum", work, asker.on_result, partial(asker.on_failure, "sum"))
    assert jobs.is_open("sum")
    qtbot.waitUntil(lambda: bool(asker.results))
    assert asker.results == [42]
    assert asker.failures == []
    assert asker.threads == {QThread.currentThread()}
    assert computed_in != [threading.get_ident()]
    assert not jobs.is_open("sum")
    other = Asker(jobs)
    other.ask("other", at_once(ValueError()))
    qtbot.waitUntil(lambda: bool(other.failures))
    assert (other.results, len(other.failures)) == ([], 1)
    assert (asker.results, asker.failures) == ([42], []), "each is told where it asked, and nobody else"


def test_a_job_not_yet_begun_is_replaced_by_a_newer_one(asker: Asker, qtbot: QtBot) -> None:
    first, replaced = Gate("first"), Gate("never")
    asker.begin("busy", first)
    asker.ask("unit", replaced)
    asker.ask("unit", at_once("newest"))
    first.go_on.set()
    qtbot.waitUntil(lambda: len(asker.results) == 2)
    assert asker.results == ["first", "newest"]
    assert not replaced.begun.is_set()


@pytest.mark.parametrize("result", ["old", ValueError("old")], ids=["result", "failure"])
def test_a_running_job_gives_way_to_a_newer_one(asker: Asker, qtbot: QtBot, result: object) -> None:
    old = Gate(result)
    asker.begin("unit", old)
    asker.ask("unit", at_once("new"))
    qtbot.waitUntil(lambda: bool(asker.results))
    assert old.was_cancelled
    assert asker.results == ["new"]
    assert asker.failures == []


@pytest.mark.parametrize(("quick", "order"), [(True, ["other", "slow"]), (False, ["slow", "other"])])
def test_a_job_of_another_kind_disturbs_nothing_and_a_quick_one_never_waits(
    jobs: Jobs, asker: Asker, qtbot: QtBot, quick: bool, order: list[str]
) -> None:
    slow = Gate("slow")
    asker.begin("unit", slow)
    jobs.ask("row", at_once("other"), asker.on_result, partial(asker.on_failure, "row"), quick=quick)
    qtbot.waitUntil(lambda: bool(asker.results) is quick)
    slow.go_on.set()
    qtbot.waitUntil(lambda: len(asker.results) == 2)
    assert not slow.was_cancelled
    assert asker.results == order


def test_a_result_on_its_way_is_dropped_when_a_newer_job_is_asked_for(asker: Asker, qtbot: QtBot) -> None:
    busy = Gate("busy")
    asker.ask("unit", at_once("stale"))
    asker.ask("other", busy)
    assert busy.begun.wait(SECONDS)  # so the stale result was sent, but no event has been handled since
    asker.ask("unit", at_once("fresh"))
    busy.go_on.set()
    qtbot.waitUntil(lambda: len(asker.results) == 2)
    assert sorted(map(str, asker.results)) == ["busy", "fresh"]


@pytest.mark.parametrize("result", ["unwanted", ValueError("unwanted")], ids=["result", "failure"])
def test_a_job_taken_back_calls_nothing(jobs: Jobs, asker: Asker, qtbot: QtBot, result: object) -> None:
    gate = Gate(result)
    asker.begin("unit", gate)
    jobs.withdraw("unit")
    jobs.withdraw("unit")
    assert not jobs.is_open("unit")
    asker.ask("next", at_once("wanted"))
    qtbot.waitUntil(lambda: bool(asker.results))
    assert gate.was_cancelled
    assert asker.results == ["wanted"]
    assert asker.failures == []


@pytest.mark.parametrize("error", [ValueError("no such digit"), Problem("data_no_folder", file="there")])
def test_an_exception_is_told_and_logged_unless_it_is_a_problem(
    jobs: Jobs, asker: Asker, qtbot: QtBot, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    with caplog.at_level(logging.WARNING):
        asker.ask("broken", at_once(error))
        asker.ask("whole", at_once("fine"))
        qtbot.waitUntil(lambda: bool(asker.results))
    assert asker.failures == [("broken", error)]
    assert asker.results == ["fine"]
    assert asker.threads == {QThread.currentThread()}
    assert not jobs.is_open("broken")
    assert ("no such digit" in caplog.text) == bool(caplog.text) == isinstance(error, ValueError)


@pytest.mark.parametrize("result", ["late", ValueError("late")], ids=["result", "failure"])
def test_no_call_once_the_asker_is_gone(jobs: Jobs, asker: Asker, qtbot: QtBot, result: object) -> None:
    gate, gone = Gate(result), Asker(jobs)
    gone.begin("gone", gate)
    gone.deleteLater()
    QCoreApplication.sendPostedEvents(gone, QEvent.Type.DeferredDelete)
    gate.go_on.set()
    asker.ask("there", at_once("still here"))
    qtbot.waitUntil(lambda: bool(asker.results))
    assert gone.results == gone.failures == []
    assert not jobs.is_open("gone")


def test_closing_stops_a_job_under_way_and_ends_the_thread(jobs: Jobs, asker: Asker) -> None:
    under_way, waiting = Gate(1), Gate(2)
    asker.ask("done", at_once(0))
    asker.ask("one", under_way)
    asker.ask("two", waiting)
    assert under_way.begun.wait(SECONDS)  # so one result is on its way
    jobs.close()
    assert under_way.was_cancelled
    assert not waiting.begun.is_set()
    assert not jobs.is_working()
    jobs.close()
    asker.ask("late", at_once("late"))
    QCoreApplication.processEvents()
    assert asker.results == asker.failures == []
    assert not jobs.is_working()


def test_what_came_of_a_job_is_let_go_of(jobs: Jobs, qtbot: QtBot) -> None:
    class DataSet:
        pass

    read: list[weakref.ref[DataSet]] = []

    def work(cancelled: Cancelled) -> DataSet:
        digits = DataSet()
        read.append(weakref.ref(digits))
        return digits

    delivered: list[bool] = []
    jobs.ask("digits", work, lambda digits: delivered.append(digits is not None), lambda error: None)
    qtbot.waitUntil(lambda: delivered == [True])
    qtbot.waitUntil(lambda: read[0]() is None, timeout=1000 * SECONDS)


def test_a_data_set_opens_while_a_page_works_for_long_and_is_not_read_to_its_end_once_the_window_closes(
    hand: Hand, letters: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = hand.lab
    slow = Gate("slow")
    lab.jobs.ask("page", slow, print, print)
    assert slow.begun.wait(SECONDS)
    there: list[bool] = []
    lab.listen(ChangeKind.DIGITS, lambda: there.append(True))
    lab.data.load(letters)
    qtbot.waitUntil(lambda: bool(there))
    slow.go_on.set()
    qtbot.waitUntil(lambda: not lab.jobs.is_busy())
    lab = hand.lab
    begun = threading.Event()

    def endless(folder: Path, progress: Progress) -> None:
        begun.set()
        while not progress(0):
            pass

    monkeypatch.setattr("mnistviz.gui.lab.lab_experiment.load_digits", endless)
    lab.data.load(letters)
    assert begun.wait(SECONDS)
    lab.jobs.close()
    assert not lab.jobs.is_working()


def freed(hold: Callable[[Callable[..., None]], None]) -> list[QThread]:
    """Return in which threads that object is freed by now which only the callback holds that `hold` gets."""
    held, threads = Gate(None), list[QThread]()
    weakref.finalize(held, lambda: threads.append(QThread.currentThread()))
    hold(partial(print, held))
    return threads


def test_what_only_callbacks_of_a_withdrawn_job_hold_is_freed_by_the_window(jobs: Jobs, asker: Asker) -> None:
    gate = Gate("unwanted")
    threads = freed(lambda callback: jobs.ask("unit", gate, callback, callback))
    assert gate.begun.wait(SECONDS)
    jobs.withdraw("unit")
    assert threads == [QThread.currentThread()]


@pytest.fixture
def writer() -> Iterator[Writer]:
    made = Writer()
    yield made
    made.close()


@pytest.fixture
def busy(writer: Writer) -> Callable[[], None]:
    """The writer has work, and goes on with the next as soon as this is called."""
    begun, go_on = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        assert go_on.wait(SECONDS)

    writer.write(work)
    assert begun.wait(SECONDS)
    return go_on.set


def test_all_is_written_in_the_order_of_asking_but_of_a_slot_the_newest_only_and_nothing_after_closing(
    writer: Writer, busy: Callable[[], None]
) -> None:
    written: list[str] = []
    for name, slot in (
        ("one", None),
        ("old", "a"),
        ("two", None),
        ("other", "b"),
        ("one", None),
        ("new", "a"),
    ):
        writer.write(lambda name=name: written.append(name), slot=slot)  # type: ignore[misc]
    busy()
    writer.close()
    writer.write(lambda: written.append("late"))
    writer.close()
    assert [name for name in written if name in ("one", "two")] == ["one", "two", "one"]
    assert sorted(written) == ["new", "one", "one", "other", "two"]
    assert not writer.is_working()


def test_what_only_the_callback_of_a_replaced_file_holds_is_freed_by_the_window(
    writer: Writer, busy: Callable[[], None]
) -> None:
    threads = freed(lambda callback: writer.write(print, callback, slot="a"))
    assert not threads
    writer.write(print, slot="a")
    assert threads == [QThread.currentThread()]
    busy()


def test_the_end_is_told_in_the_window_s_thread_also_of_a_fault(writer: Writer, qtbot: QtBot) -> None:
    told: list[tuple[Exception | None, bool]] = []
    here = QThread.currentThread()

    def tell(error: Exception | None) -> None:
        told.append((error, QThread.currentThread() is here))

    fault = MemoryError("no room")

    def fail() -> None:
        raise fault

    writer.write(fail, tell)
    writer.write(lambda: None, tell)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == [(fault, True), (None, True)]


class Work:
    """Holds the snapshots of a run, say."""

    def __call__(self) -> None:
        pass


def test_what_was_written_is_let_go_of_and_its_memory_given_back(
    writer: Writer, busy: Callable[[], None], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    work, still_held, told = Work(), list[bool](), list[Exception | None]()
    held = weakref.ref(work)
    monkeypatch.setattr(threads, "give_back_memory", lambda: still_held.append(held() is not None))
    writer.write(work, told.append)
    del work
    busy()
    qtbot.waitUntil(lambda: told == [None])
    qtbot.waitUntil(lambda: held() is None, timeout=1000 * SECONDS)
    writer.close()
    assert still_held[-1] is False


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (threads, training_thread):
        monkeypatch.setattr(module, "PATIENCE", 20)
    monkeypatch.setattr(threads, "LONGEST", 20)
    monkeypatch.setattr(threads, "abandoned_threads", [])


@pytest.mark.usefixtures("impatient")
def test_all_threads_of_a_lab_are_told_to_stop_before_one_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Else a window with much under way would take as long to close as all of it together."""
    for module in (threads, training_thread):
        monkeypatch.setattr(module, "PATIENCE", 5_000)
    window, last_was_told, begun = QObject(), threading.Event(), threading.Semaphore(0)
    lab = Lab(window)

    def first(cancelled: Cancelled) -> None:
        begun.release()
        last_was_told.wait(30)

    def last(cancelled: Cancelled, tell: Tell) -> None:
        begun.release()
        while not cancelled():
            threading.Event().wait(0.01)
        last_was_told.set()

    lab.jobs.ask("first", first, lambda _: None, lambda _: None)
    lab.trials.ask("last", last, lambda _: None, lambda _: None)
    assert begun.acquire(timeout=10)
    assert begun.acquire(timeout=10)
    lab.close()
    assert not caplog.text
    assert not threads.any_left_alone()


@pytest.mark.usefixtures("impatient")
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
    assert threads.any_left_alone()
    assert run.step == 3
    delete(window)
    assert thread.isRunning()
    go_on.set()
    assert thread.wait()
    assert not threads.any_left_alone()


@pytest.mark.usefixtures("impatient")
def test_jobs_and_files_that_never_end_are_left_alone_and_closed_twice_at_once() -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    def work(*_: object) -> None:
        begun.release()
        assert go_on.wait(30)

    asked, written = Jobs(), Writer()
    assert not asked.is_working()
    assert not written.is_working(), "no thread runs before there is something to do"
    asked.ask("key", work, lambda result: None, lambda error: None)
    written.write(work)
    assert begun.acquire(timeout=10)
    assert begun.acquire(timeout=10)
    for _ in range(2):
        asked.close()
        written.close()
    assert len(threads.abandoned_threads) == 2
    go_on.set()
    for thread in threads.abandoned_threads:
        assert thread.wait()


@pytest.mark.usefixtures("impatient")
def test_a_writer_that_gets_on_is_waited_for() -> None:
    class Slow(QThread):
        left = 5

        def wait(self, *_: object) -> bool:
            self.left -= 1
            return not self.left

    thread, files = Slow(), count()
    threads.wait_for(thread, 20, lambda: next(files))
    assert thread.left == 0
    assert not threads.abandoned_threads
