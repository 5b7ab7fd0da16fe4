"""One background worker for questions that are too costly to answer while the window waits."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

_log = logging.getLogger(__name__)

Answerer = Callable[[Callable[[], bool]], object]
"""Computes an answer. It is given `cancelled()`, to be asked between chunks of work; once that is True, what
it returns is of no interest."""


@dataclass(eq=False)
class _Question:
    key: str
    answerer: Answerer
    about: object
    withdrawn: threading.Event = field(default_factory=threading.Event)


class _Worker(QThread):
    """Answers questions one after another, and sleeps on a condition while there is none."""

    done = Signal(object, object, object)  # question, answer, the exception or None

    def __init__(self) -> None:
        super().__init__()
        self._changed = threading.Condition()
        self._waiting: dict[str, _Question] = {}
        self._current: _Question | None = None
        self._closing = False

    def put(self, question: _Question) -> None:
        with self._changed:
            self._withdraw(question.key)
            self._waiting[question.key] = question
            self._changed.notify()

    def withdraw(self, key: str) -> None:
        with self._changed:
            self._withdraw(key)

    def close(self) -> None:
        with self._changed:
            self._closing = True
            self._waiting.clear()
            if self._current is not None:
                self._current.withdrawn.set()
            self._changed.notify()

    def run(self) -> None:
        while (question := self._next()) is not None:
            answer: object = None
            error: Exception | None = None
            try:
                answer = question.answerer(question.withdrawn.is_set)
            except Exception as caught:  # it must reach the user, and the worker must go on
                error = caught
            self.done.emit(question, answer, error)

    def _withdraw(self, key: str) -> None:
        self._waiting.pop(key, None)
        if self._current is not None and self._current.key == key:
            self._current.withdrawn.set()

    def _next(self) -> _Question | None:
        with self._changed:
            self._current = None
            while not self._waiting and not self._closing:
                self._changed.wait()
            if not self._waiting:
                return None
            self._current = self._waiting.pop(next(iter(self._waiting)))
            return self._current


class Questions(QObject):
    """Asks in the GUI thread, is answered in the GUI thread; one worker thread computes.

    Of each `key` only the newest question counts: one that has not begun is replaced, one that is being
    answered is told so through its `cancelled()`, and an answer that comes all the same is dropped.
    `close()` must be called before the object goes.
    """

    answered = Signal(str, object, object)
    """key, what the question was about, the answer"""
    failed = Signal(str, str)
    """key, what went wrong (the name of the exception and its message)"""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._newest: dict[str, _Question] = {}
        self._worker = _Worker()
        self._worker.setObjectName("questions")
        self._worker.done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._closed = False

    def ask(self, key: str, answerer: Answerer, about: object = None) -> None:
        """Has `answerer(cancelled)` called by the worker; `about` comes back beside the answer.

        The answerer must not touch a widget, nor anything that changes meanwhile.
        """
        if self._closed:
            return
        question = _Question(key, answerer, about)
        self._newest[key] = question
        self._worker.put(question)
        if not self.is_working():
            self._worker.start(QThread.Priority.LowPriority)

    def withdraw(self, key: str) -> None:
        """Takes the question back: neither an answer nor a failure will come."""
        if self._newest.pop(key, None) is not None:
            self._worker.withdraw(key)

    def is_open(self, key: str) -> bool:
        """Whether an answer is still to come."""
        return key in self._newest

    def is_working(self) -> bool:
        """Whether the worker's thread is there: from the first question until `close()`."""
        return self._worker.isRunning()

    def close(self) -> None:
        """Stops the worker and waits for it; nothing is answered. May be called twice."""
        self._closed = True
        self._newest.clear()
        self._worker.close()
        self._worker.wait()

    @Slot(object, object, object)
    def _deliver(self, question: _Question, answer: object, error: Exception | None) -> None:
        if self._newest.get(question.key) is not question:
            return
        del self._newest[question.key]
        if error is None:
            self.answered.emit(question.key, question.about, answer)
        else:
            _log.error("question %s failed", question.key, exc_info=error)
            self.failed.emit(question.key, f"{type(error).__name__}: {error}")
