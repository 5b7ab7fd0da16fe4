"""Costly questions are answered in the background, and only the newest of a kind counts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QThread, Slot
from pytestqt.qtbot import QtBot

from mnistviz.gui.lab.jobs import Questions

Cancelled = Callable[[], bool]
SECONDS = 5


class Listener(QObject):
    """Writes down what comes, and in which thread."""

    def __init__(self, questions: Questions) -> None:
        super().__init__()
        self.answers: list[tuple[str, object, object]] = []
        self.failures: list[tuple[str, str]] = []
        self.threads: set[QThread] = set()
        questions.answered.connect(self.on_answer)
        questions.failed.connect(self.on_failure)

    @Slot(str, object, object)
    def on_answer(self, key: str, about: object, answer: object) -> None:
        self.answers.append((key, about, answer))
        self.threads.add(QThread.currentThread())

    @Slot(str, str)
    def on_failure(self, key: str, details: str) -> None:
        self.failures.append((key, details))


class Gate:
    """A question that waits until the test lets it go on, or until it is cancelled."""

    def __init__(self, answer: object) -> None:
        self.begun, self.go_on, self.ended = threading.Event(), threading.Event(), threading.Event()
        self.was_cancelled = False
        self.answer = answer

    def __call__(self, cancelled: Cancelled) -> object:
        self.begun.set()
        while not self.go_on.wait(0.002):
            if cancelled():
                self.was_cancelled = True
                break
        self.ended.set()
        return self.answer


@pytest.fixture
def questions() -> Iterator[Questions]:
    asked = Questions()
    yield asked
    asked.close()


@pytest.fixture
def listener(questions: Questions) -> Listener:
    return Listener(questions)


def test_the_answer_comes_in_the_window_s_thread_and_is_computed_in_another(
    questions: Questions, listener: Listener, qtbot: QtBot
) -> None:
    computed_in: list[int] = []

    def answer(cancelled: Cancelled) -> object:
        computed_in.append(threading.get_ident())
        return 42

    questions.ask("sum", answer, about="moment 7")
    assert questions.is_open("sum")
    qtbot.waitUntil(lambda: bool(listener.answers))
    assert listener.answers == [("sum", "moment 7", 42)]
    assert listener.threads == {QThread.currentThread()}
    assert computed_in != [threading.get_ident()]
    assert not questions.is_open("sum")


def test_a_question_not_yet_begun_is_replaced_by_a_newer_one(
    questions: Questions, listener: Listener, qtbot: QtBot
) -> None:
    first, replaced = Gate("first"), Gate("never")
    questions.ask("busy", first)
    assert first.begun.wait(SECONDS)
    questions.ask("unit", replaced)
    questions.ask("unit", lambda cancelled: "newest")
    first.go_on.set()
    qtbot.waitUntil(lambda: len(listener.answers) == 2)
    assert [answer for _, _, answer in listener.answers] == ["first", "newest"]
    assert not replaced.begun.is_set()


def test_a_question_under_way_is_told_when_a_newer_one_comes(
    questions: Questions, listener: Listener, qtbot: QtBot
) -> None:
    old = Gate("old")
    questions.ask("unit", old)
    assert old.begun.wait(SECONDS)
    questions.ask("unit", lambda cancelled: "new")
    qtbot.waitUntil(lambda: bool(listener.answers))
    assert old.was_cancelled
    assert [answer for _, _, answer in listener.answers] == ["new"]


def test_a_question_of_another_kind_disturbs_nothing(
    questions: Questions, listener: Listener, qtbot: QtBot
) -> None:
    slow = Gate("slow")
    questions.ask("unit", slow)
    assert slow.begun.wait(SECONDS)
    questions.ask("mistakes", lambda cancelled: "quick")
    slow.go_on.set()
    qtbot.waitUntil(lambda: len(listener.answers) == 2)
    assert [answer for _, _, answer in listener.answers] == ["slow", "quick"]


def test_an_answer_on_its_way_is_dropped_when_a_newer_question_is_asked(
    questions: Questions, listener: Listener, qtbot: QtBot
) -> None:
    old, busy = Gate("stale"), Gate("busy")
    old.go_on.set()
    questions.ask("unit", old)
    questions.ask("other", busy)
    assert busy.begun.wait(SECONDS)  # so the old answer was sent, but no event has been handled since
    questions.ask("unit", lambda cancelled: "fresh")
    busy.go_on.set()
    qtbot.waitUntil(lambda: len(listener.answers) == 2)
    assert sorted(str(answer) for _, _, answer in listener.answers) == ["busy", "fresh"]


def test_a_question_that_is_taken_back_gets_no_answer(
    questions: Questions, listener: Listener, qtbot: QtBot
) -> None:
    gate = Gate("unwanted")
    questions.ask("unit", gate)
    assert gate.begun.wait(SECONDS)
    questions.withdraw("unit")
    questions.withdraw("unit")
    questions.ask("next", lambda cancelled: "wanted")
    qtbot.waitUntil(lambda: bool(listener.answers))
    assert gate.was_cancelled
    assert [answer for _, _, answer in listener.answers] == ["wanted"]


def test_an_exception_is_told_and_the_worker_goes_on(
    questions: Questions, listener: Listener, qtbot: QtBot
) -> None:
    def broken(cancelled: Cancelled) -> object:
        raise ValueError("no such digit")

    questions.ask("broken", broken)
    questions.ask("whole", lambda cancelled: "fine")
    qtbot.waitUntil(lambda: bool(listener.answers))
    assert listener.failures == [("broken", "ValueError: no such digit")]
    assert [answer for _, _, answer in listener.answers] == ["fine"]
    assert not questions.is_open("broken")


def test_closing_stops_a_question_under_way_and_ends_the_thread(
    questions: Questions, listener: Listener
) -> None:
    under_way, waiting = Gate(1), Gate(2)
    questions.ask("one", under_way)
    questions.ask("two", waiting)
    assert under_way.begun.wait(SECONDS)
    questions.close()
    assert under_way.was_cancelled
    assert not waiting.begun.is_set()
    assert not questions.is_working()
    questions.close()
    questions.ask("late", lambda cancelled: "late")
    QCoreApplication.processEvents()
    assert listener.answers == []
    assert not questions.is_working()


def test_no_thread_runs_before_the_first_question() -> None:
    questions = Questions()
    assert not questions.is_working()
    questions.close()
