"""One background worker that writes files in the order of the requests, so that no disk blocks the window."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from mnistviz.engine.problems import Problem
from mnistviz.engine.threads import give_back_memory
from mnistviz.gui.lab.ending import wait_for

LONGEST = 60_000
"""Milliseconds that a file may take at the end."""

_log = logging.getLogger(__name__)

Then = Callable[[Exception | None], None]
"""Gets, in the GUI thread, the exception of the work, or None."""


class _WriterThread(QThread):
    """A thread that does one task after another, and waits on a condition if there is none."""

    done = Signal(object, object)  # callback, exception or None

    def __init__(self) -> None:
        super().__init__()
        self._changed = threading.Condition()
        self._waiting: dict[object, tuple[Callable[[], object], Then | None]] = {}
        self._closing = False
        self.count = 0
        """The number of finished tasks."""

    def put(self, work: Callable[[], object], then: Then | None, slot: object) -> None:
        with self._changed:
            self._waiting[object() if slot is None else slot] = work, then
            self._changed.notify()

    def close(self) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify()

    def run(self) -> None:
        while (waiting := self._next()) is not None:
            self._do(*waiting)
            del waiting  # it may hold a network until the next task
            give_back_memory()  # runs in training are written every half minute: often enough

    def _do(self, work: Callable[[], object], then: Then | None) -> None:
        error: Exception | None = None
        try:
            work()
        except Exception as caught:  # it must reach the user, and the other tasks must be written
            foreseen = isinstance(caught, OSError | Problem)
            _log.error("not written: %r", caught, exc_info=None if foreseen else caught)
            error = caught
        self.count += 1
        self.done.emit(then, error)

    def _next(self) -> tuple[Callable[[], object], Then | None] | None:
        with self._changed:
            while not self._waiting and not self._closing:
                self._changed.wait()
            return self._waiting.pop(next(iter(self._waiting))) if self._waiting else None


class Writer(QObject):
    """Does all tasks, also those that still wait when it is closed.

    None is replaced, except by a newer one for the same `slot`. `close()` must be called before the object is deleted.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = _WriterThread()
        self._worker.setObjectName("writer")
        self._worker.done.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._closed = False

    def write(
        self, work: Callable[[], object], then: Then | None = None, *, slot: object | None = None
    ) -> None:
        """Let the worker call `work`, then `then` in the GUI thread.

        The work must not touch a widget, nor anything mutable. It replaces waiting work for the same `slot`.
        """
        if self._closed:
            return
        self._worker.put(work, then, slot)
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
        self._worker.close()
        wait_for(self._worker, LONGEST, lambda: self._worker.count)

    @Slot(object, object)
    def _deliver(self, then: Then | None, error: Exception | None) -> None:
        if then is not None and not self._closed:
            then(error)
