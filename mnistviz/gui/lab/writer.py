"""One background worker that writes files in the order in which it is asked, so that no disk stops the window."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from mnistviz.engine.memory import give_back_memory
from mnistviz.engine.problems import Problem
from mnistviz.gui.lab.ending import wait_for

LONGEST = 60_000
"""Milliseconds that a file may take at the end."""

_log = logging.getLogger(__name__)

Then = Callable[[Exception | None], None]
"""Is told in the GUI thread that the work is done, or why it is not."""


class _WriterThread(QThread):
    """Does one work after another, and sleeps on a condition while there is none."""

    done = Signal(object, object)  # what is to be told then, the exception or None

    def __init__(self) -> None:
        super().__init__()
        self._changed = threading.Condition()
        self._waiting: dict[object, tuple[Callable[[], object], Then | None]] = {}
        self._closing = False
        self.count = 0
        """How many works it has done."""

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
            del waiting  # a network hangs on it, and the next may be long in coming
            give_back_memory()  # while runs learn they are written every half minute: often enough

    def _do(self, work: Callable[[], object], then: Then | None) -> None:
        error: Exception | None = None
        try:
            work()
        except Exception as caught:  # it must reach the user, and what waits must be written
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
    """Writes whatever it is asked to, also what still waits when it is closed.

    Nothing is replaced, unless it is for the same `slot`, where only the newest counts. `close()` must be called
    before the object goes.
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
        """Has `work` called by the worker, then `then` in the GUI thread.

        The work must not touch a widget, nor anything that changes meanwhile. Where work for the same `slot` still
        waits, this takes its place.
        """
        if self._closed:
            return
        self._worker.put(work, then, slot)
        if not self.is_working():
            self._worker.start()

    def is_working(self) -> bool:
        """Whether the worker's thread is there: from the first work until `close()`."""
        return self._worker.isRunning()

    def close(self) -> None:
        """Waits until everything is written and ends the worker; nothing is told any more. May be called twice.

        A disk that takes no file within `LONGEST` is waited for no longer.
        """
        self._closed = True
        self._worker.close()
        wait_for(self._worker, LONGEST, lambda: self._worker.count)

    @Slot(object, object)
    def _deliver(self, then: Then | None, error: Exception | None) -> None:
        if then is not None and not self._closed:
            then(error)
