"""The last resort: an uncaught exception is logged and reported, and the program continues."""

import logging
import sys
from collections import Counter
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication

log = logging.getLogger("mnistviz")

RECURSION_LIMIT = 300
"""Low enough that Python ends a recursion before the stack overflows.

Python's own 1,000 is not: a signal that a slot emits takes 12 kB, and since 3.12 Python does not count calls in C.
"""

Fault = tuple[type[BaseException], BaseException, TracebackType | None]


class LastResort(QObject):
    """Replaces `sys.excepthook` and lowers the recursion limit, until `close`; it raises nothing itself.

    A fault is logged at once and reported once from the event loop, however often it occurs: one in a frame occurs
    thirty times a second. In a deep recursion, or without memory, it can't even be logged; then the first one is
    deferred.
    """

    _came = Signal()

    def __init__(self, tell: Callable[[str], None]) -> None:
        """`tell` shows a fault to the user, in the GUI thread."""
        super().__init__()
        self._tell = tell
        self._counts: Counter[object] = Counter()  # by kind and place
        self._unreported: list[str] = []
        self._deferred: Fault | None = None  # could not be logged when it came
        self._came.connect(self._catch_up, Qt.ConnectionType.QueuedConnection)
        self._before = sys.excepthook, sys.getrecursionlimit()
        sys.excepthook = self._hook
        sys.setrecursionlimit(RECURSION_LIMIT)

    def close(self) -> None:
        """Log what is still deferred, and restore the hook and the limit."""
        sys.excepthook, limit = self._before
        sys.setrecursionlimit(limit)
        self._log_deferred()

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        try:
            if issubclass(kind, KeyboardInterrupt):
                QApplication.quit()
            else:
                self._take(kind, error, trace)
        except BaseException:
            if self._deferred is None:
                self._deferred = kind, error, trace
            try:
                self._came.emit()
            except BaseException:  # no room for that either: the next fault, or the end, retries
                return

    def _take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log a fault, and report it if it is a new one."""
        place = kind, None if issubclass(kind, RecursionError | MemoryError) else _place(trace)
        if (times := self._counts[place] + 1) == 1:
            log.error("unforeseen", exc_info=(kind, error, trace))
            self._unreported.append(f"{kind.__name__}: {_words(error)}")
        elif str(times).strip("0") == "1":
            log.error("%s again, %d times by now: %s", kind.__name__, times, _words(error))
        self._counts[place] = times
        if times == 1:
            self._came.emit()

    @Slot()
    def _catch_up(self) -> None:
        self._log_deferred()
        texts, self._unreported = self._unreported, []
        for text in texts:
            try:
                self._tell(text)
            except BaseException as error:
                self._hook(type(error), error, error.__traceback__)

    def _log_deferred(self) -> None:
        deferred, self._deferred = self._deferred, None
        if deferred is not None:
            self._hook(*deferred)


def _place(trace: TracebackType | None) -> object:
    if trace is None:
        return None
    while trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame.f_code, trace.tb_lineno


def _words(error: BaseException) -> str:
    """Return the text of an exception, or "?" if its `__str__` fails."""
    try:
        return str(error)
    except Exception:
        return "?"
