"""Background threads for computations that are too slow for the GUI thread, and for writing files."""

import logging
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast

from msgspec import Struct, field
from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot
from shiboken6 import isValid

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.problems import Problem
from mnistviz.engine.threads import give_back_memory
from mnistviz.gui.common.widgets import problem_sentence

PATIENCE = 10_000
"""Milliseconds. A very large mini-batch takes longer, but its result is no longer needed."""
LONGEST = 60_000
REPORT_EVERY = 0.1  # seconds between two reports of progress

abandoned_threads: list[QThread] = []

log = logging.getLogger(__name__)

T = TypeVar("T")
Tell = Callable[..., None]
"""Called by work as often as it likes, with its progress: the share that is done, or what is done and of how much."""
Then = Callable[[Exception | None], None]  # gets, in the GUI thread, the exception of the work, or None


def wait_for(thread: QThread, patience: int, done: Callable[[], int] = lambda: 0) -> None:
    """Wait until a thread has ended. If `done` makes no progress within the patience, in milliseconds, the thread is
    abandoned: it is never destroyed, since that would abort the process."""
    before = done()
    while thread not in abandoned_threads and not thread.wait(patience):
        if (now := done()) == before:
            log.error("the thread “%s” does not end and is left alone", thread.objectName())
            thread.setParent(None)
            abandoned_threads.append(thread)
        before = now


def any_left_alone() -> bool:
    """Return True if an abandoned thread still runs. Then the process must end without cleaning up."""
    return any(thread.isRunning() for thread in abandoned_threads)


class _Task(Struct, eq=False):
    """What a worker holds. No callbacks: they may hold Qt objects, which must be freed in the GUI thread."""

    key: object
    work: Callable[[Cancelled], Any]
    withdrawn: threading.Event = field(default_factory=threading.Event)


class _TaskThread(QThread):
    """A thread that does one task after another, each followed by `after`, and waits on a condition in between."""

    done = Signal(object, object, object)  # task, result, exception or None
    told = Signal(object, object)  # task, tuple of its progress

    def __init__(
        self, name: str, deliver: Callable[..., None], after: Callable[[], object] = lambda: None
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self.done.connect(deliver, Qt.ConnectionType.QueuedConnection)
        self._after = after
        self._changed = threading.Condition()
        self._waiting: dict[object, _Task] = {}
        self._current: _Task | None = None
        self._closing = False
        self.count = 0

    def put(self, task: _Task) -> _Task | None:
        """Add a task. Return the waiting one that it replaces."""
        with self._changed:
            replaced = self.withdraw(task.key)
            self._waiting[task.key] = task
            self._changed.notify()
        return replaced

    def withdraw(self, key: object) -> _Task | None:
        with self._changed:
            if self._current is not None and self._current.key == key:
                self._current.withdrawn.set()
            return self._waiting.pop(key, None)

    def close(self, *, drop: bool) -> None:
        """End the thread once its tasks are done, or `drop` them."""
        with self._changed:
            self._closing = True
            if drop:
                self._waiting.clear()
                if self._current is not None:
                    self._current.withdrawn.set()
            self._changed.notify()

    def run(self) -> None:
        while (task := self._next()) is not None:
            self._do(task)
            self._current = None
            del task  # it may hold a data set or a network until the next one
            self._after()

    def _do(self, task: _Task) -> None:
        result: object = None
        error: Exception | None = None
        try:
            result = task.work(task.withdrawn.is_set)
        except Exception as caught:  # it must reach the user, and the thread must continue
            error = caught
        del task.work  # what it holds is free before the GUI thread takes the result
        self.count += 1
        self.done.emit(task, result, error)

    def _next(self) -> _Task | None:
        with self._changed:
            while not self._waiting and not self._closing:
                self._changed.wait()
            if self._waiting:
                self._current = self._waiting.pop(next(iter(self._waiting)))
            return self._current


class _Asked(Struct):
    task: _Task
    then: Callable[[Any], object]
    failed: Callable[[Exception], object]
    progress: Callable[..., object] | None


class Jobs(QObject):
    """Runs jobs for the GUI thread, and calls back in it.

    One worker thread does long jobs, another does `quick` ones, which never wait for the first. Of each `key` only the
    newest job counts: one that has not begun is replaced, one under way is cancelled through its `cancelled()`, and its
    result is dropped. `close()` must be called before the object is deleted.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._newest: dict[object, _Asked] = {}
        self._workers = [_TaskThread(name, self._deliver) for name in ("jobs", "quick jobs")]
        for worker in self._workers:
            worker.told.connect(self._on_progress)
        self._closed = False

    def ask(
        self,
        key: str,
        work: Callable[[Cancelled], T] | Callable[[Cancelled, Tell], T],
        then: Callable[[T], object],
        failed: Callable[[Exception], object],
        progress: Callable[..., object] | None = None,
        *,
        quick: bool = False,
    ) -> None:
        """Let the worker call `work(cancelled)`, then `then` with its result, or `failed` with its exception. With
        `progress` it calls `work(cancelled, tell)`: what the work tells, `progress` gets ten times a second.

        That is a `Problem`, or an unexpected one, which is logged. The work must not touch a widget, nor anything
        mutable. A method of a Qt object, or a `partial` of one, is not called after that object is deleted.
        """
        if self._closed:
            return
        task = _Task(key, cast(Any, work))
        self._newest[key] = _Asked(task, then, failed, progress)
        worker = self._workers[quick]
        if progress is not None:
            task.work = partial(_told, cast(Any, work), partial(worker.told.emit, task))
        worker.put(task)
        if not worker.isRunning():
            worker.start(QThread.Priority.LowPriority)

    def withdraw(self, key: str) -> None:
        """Cancel the job: nothing will be called."""
        if self._newest.pop(key, None) is not None:
            for worker in self._workers:
                worker.withdraw(key)

    def is_open(self, key: str) -> bool:
        return key in self._newest

    def is_busy(self) -> bool:
        return bool(self._newest)

    def is_working(self) -> bool:
        """Return True if a worker's thread runs: from the first job until `close()`."""
        return any(worker.isRunning() for worker in self._workers)

    def stop(self) -> None:
        """Tell the workers to stop; nothing is called any more. `close` waits for them."""
        self._closed = True
        self._newest.clear()
        for worker in self._workers:
            worker.close(drop=True)

    def close(self) -> None:
        """Stop the workers and wait for them, for a while. May be called twice."""
        self.stop()
        for worker in self._workers:
            wait_for(worker, PATIENCE)

    @Slot(object, object)
    def _on_progress(self, task: _Task, told: tuple[float, ...]) -> None:
        asked = self._newest.get(task.key)
        if asked is not None and asked.task is task and asked.progress is not None:
            _call(asked.progress, *told)

    @Slot(object, object, object)
    def _deliver(self, task: _Task, result: object, error: Exception | None) -> None:
        if (asked := self._newest.get(task.key)) is None or asked.task is not task:
            return
        del self._newest[task.key]
        if error is not None and not isinstance(error, Problem):
            log.error("job %s failed", task.key, exc_info=error)
        if error is None:
            _call(asked.then, result)
        else:
            _call(asked.failed, error)


def details(error: Exception) -> str:
    """Return why a job failed: the sentence of a problem, or an unexpected exception as a line."""
    return problem_sentence(error) if isinstance(error, Problem) else f"{type(error).__name__}: {error}"


def _told(
    work: Callable[[Cancelled, Tell], T], emit: Callable[[tuple[float, ...]], object], cancelled: Cancelled
) -> T:
    """Call work with a function that passes its progress on, but not more often than `REPORT_EVERY`."""
    reported = time.monotonic()

    def tell(*progress: float) -> None:
        nonlocal reported
        now = time.monotonic()
        if now - reported >= REPORT_EVERY:
            reported = now
            emit(progress)

    return work(cancelled, tell)


def _call(callback: Callable[..., object], *values: object) -> None:
    method: Any = callback
    while isinstance(method, partial):
        method = method.func
    if isValid(getattr(method, "__self__", None)):  # also True if it is no Qt object
        callback(*values)


class Writer(QObject):
    """Writes files in the order of the requests, so that no disk blocks the window; all of them, also those that still
    wait when it is closed.

    None is replaced, except by a newer one for the same `slot`. `close()` must be called before the object is deleted.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # runs in training are written every half minute: memory is given back often enough
        self._worker = _TaskThread("writer", self._deliver, lambda: give_back_memory())
        self._then: dict[_Task | None, Then] = {}
        self._closed = False

    def write(
        self, work: Callable[[], object], then: Then = lambda error: None, *, slot: object = None
    ) -> None:
        """Let the worker call `work`, then `then` in the GUI thread.

        The work must not touch a widget, nor anything mutable. It replaces waiting work for the same `slot`.
        """
        if self._closed:
            return
        task = _Task(object() if slot is None else slot, partial(_logged, work))
        self._then[task] = then
        self._then.pop(self._worker.put(task), None)
        if not self.is_working():
            self._worker.start()

    def is_working(self) -> bool:
        """Return True if the worker's thread runs: from the first task until `close()`."""
        return self._worker.isRunning()

    def close(self) -> None:
        """Wait until everything is written and end the worker; `then` is not called any more.

        May be called twice. If a disk writes no file within `LONGEST`, the wait ends.
        """
        self._closed = True
        self._worker.close(drop=False)
        wait_for(self._worker, LONGEST, lambda: self._worker.count)

    @Slot(object, object, object)
    def _deliver(self, task: _Task, result: object, error: Exception | None) -> None:
        then = self._then.pop(task)
        if not self._closed:
            then(error)


def _logged(work: Callable[[], object], cancelled: Cancelled) -> None:
    try:
        work()
    except Exception as error:
        foreseen = isinstance(error, OSError | Problem)
        log.error("not written: %r", error, exc_info=None if foreseen else error)
        raise
