"""What is asked to be written is written, in order, whatever else is asked meanwhile."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from mnistviz.gui.lab.jobs import Writer

SECONDS = 5


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


def test_everything_is_written_in_the_order_in_which_it_was_asked(
    writer: Writer, busy: Callable[[], None]
) -> None:
    written: list[str] = []
    for name in ("one", "two", "one"):
        writer.write(lambda name=name: written.append(name))  # type: ignore[misc]
    busy()
    writer.close()
    assert written == ["one", "two", "one"]


def test_only_the_newest_for_a_slot_is_written_and_nothing_else_is_replaced(
    writer: Writer, busy: Callable[[], None]
) -> None:
    written: list[str] = []
    for name, slot in (("old", "a"), ("other", "b"), ("saved", None), ("new", "a")):
        writer.write(lambda name=name: written.append(name), slot=slot)  # type: ignore[misc]
    busy()
    writer.close()
    assert sorted(written) == ["new", "other", "saved"]


def test_what_waits_is_written_before_it_closes_and_nothing_after(
    writer: Writer, busy: Callable[[], None]
) -> None:
    written: list[str] = []
    writer.write(lambda: written.append("in time"))
    busy()
    writer.close()
    writer.write(lambda: written.append("late"))
    writer.close()
    assert written == ["in time"]
    assert not writer.is_working()


def test_the_end_is_told_in_the_window_s_thread_and_a_fault_stops_nothing(
    writer: Writer, qtbot: QtBot
) -> None:
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


def test_no_thread_runs_before_there_is_something_to_write() -> None:
    writer = Writer()
    assert not writer.is_working()
    writer.close()


def test_what_was_written_is_let_go_of(writer: Writer, qtbot: QtBot) -> None:
    class Work:
        """Holds a network, say."""

        def __call__(self) -> None:
            pass

    work, told = Work(), list[Exception | None]()
    held = weakref.ref(work)
    writer.write(work, told.append)
    del work
    qtbot.waitUntil(lambda: told == [None])
    qtbot.waitUntil(lambda: held() is None, timeout=1000 * SECONDS)


def test_the_memory_of_what_was_written_is_given_back(
    writer: Writer, busy: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Work:
        """Holds the snapshots of a run, say."""

        def __call__(self) -> None:
            pass

    work, still_held = Work(), list[bool]()
    held = weakref.ref(work)
    monkeypatch.setattr(
        "mnistviz.gui.lab.jobs.give_back_memory", lambda: still_held.append(held() is not None)
    )
    writer.write(work)
    del work
    busy()
    writer.close()
    assert still_held[-1] is False
