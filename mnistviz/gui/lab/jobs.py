"""Background workers for computations that are too slow for the GUI thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot
from shiboken6 import isValid

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.problems import Problem
from mnistviz.gui.lab.ending import PATIENCE, wait_for

_log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(eq=False)
class _Job:
    key: str
    work: Callable[[Cancelled], Any]
    then: Callable[[Any], object]
    failed: Callable[[Exception], object]
    withdrawn: threading.Event = field(default_factory=threading.Event)


class _JobThread(QThread):
    """A thread that does one job after another, and waits on a condition if there is none."""

    done = Signal(object, object, object)  # job, result, exception or None

    def __init__(self) -> None:
        super().__init__()
        self._changed = threading.Condition()
        self._waiting: dict[str, _Job] = {}
        self._current: _Job | None = None
        self._closing = False

    def put(self, job: _Job) -> None:
        with self._changed:
            self._withdraw(job.key)
            self._waiting[job.key] = job
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
        while (job := self._next()) is not None:
            self._do(job)
            del job  # it may hold a data set or a network until the next job

    def _do(self, job: _Job) -> None:
        result: object = None
        error: Exception | None = None
        try:
            result = job.work(job.withdrawn.is_set)
        except Exception as caught:  # it must reach the user, and the worker must continue
            error = caught
        self.done.emit(job, result, error)

    def _withdraw(self, key: str) -> None:
        self._waiting.pop(key, None)
        if self._current is not None and self._current.key == key:
            self._current.withdrawn.set()

    def _next(self) -> _Job | None:
        with self._changed:
            self._current = None
            while not self._waiting and not self._closing:
                self._changed.wait()
            if not self._waiting:
                return None
            self._current = self._waiting.pop(next(iter(self._waiting)))
            return self._current


class Jobs(QObject):
    """Runs jobs for the GUI thread, and calls back in it.

    One worker thread does long jobs, another does `quick` ones, which never wait for the first. Of each `key` only the
    newest job counts: one that has not begun is replaced, one under way is cancelled through its `cancelled()`, and its
    result is dropped. `close()` must be called before the object is deleted.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._newest: dict[str, _Job] = {}
        self._long, self._quick = self._worker("jobs"), self._worker("quick jobs")
        self._closed = False

    def _worker(self, name: str) -> _JobThread:
        worker = _JobThread()
        worker.setObjectName(name)
        worker.done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        return worker

    def ask(
        self,
        key: str,
        work: Callable[[Cancelled], T],
        then: Callable[[T], object],
        failed: Callable[[Exception], object],
        *,
        quick: bool = False,
    ) -> None:
        """Let the worker call `work(cancelled)`, then `then` with its result, or `failed` with its exception.

        That is a `Problem`, or an unexpected one, which is logged. The work must not touch a widget, nor anything
        mutable. A method of a Qt object, or a `partial` of one, is not called after that object is deleted.
        """
        if self._closed:
            return
        job = _Job(key, work, then, failed)
        self._newest[key] = job
        worker = self._quick if quick else self._long
        worker.put(job)
        if not worker.isRunning():
            worker.start(QThread.Priority.LowPriority)

    def withdraw(self, key: str) -> None:
        """Cancel the job: nothing will be called."""
        if self._newest.pop(key, None) is not None:
            for worker in (self._long, self._quick):
                worker.withdraw(key)

    def is_open(self, key: str) -> bool:
        """Return True if a result for the key is pending."""
        return key in self._newest

    def is_busy(self) -> bool:
        """Return True if any result is pending."""
        return bool(self._newest)

    def is_working(self) -> bool:
        """Return True if a worker's thread runs: from the first job until `close()`."""
        return self._long.isRunning() or self._quick.isRunning()

    def stop(self) -> None:
        """Tell the workers to stop; nothing is called any more. `close` waits for them."""
        self._closed = True
        self._newest.clear()
        for worker in (self._long, self._quick):
            worker.close()

    def close(self) -> None:
        """Stop the workers and wait for them, for a while. May be called twice."""
        self.stop()
        for worker in (self._long, self._quick):
            wait_for(worker, PATIENCE)

    @Slot(object, object, object)
    def _deliver(self, job: _Job, result: object, error: Exception | None) -> None:
        if self._newest.get(job.key) is not job:
            return
        del self._newest[job.key]
        if error is not None and not isinstance(error, Problem):
            _log.error("job %s failed", job.key, exc_info=error)
        if error is None:
            _call(job.then, result)
        else:
            _call(job.failed, error)


def details(error: Exception) -> str:
    """Return an unexpected exception as a line."""
    return f"{type(error).__name__}: {error}"


def _call(callback: Callable[[Any], object], value: object) -> None:
    method: Any = callback
    while isinstance(method, partial):
        method = method.func
    if isValid(getattr(method, "__self__", None)):  # also True if it is no Qt object
        callback(value)
