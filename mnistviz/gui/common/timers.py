"""Timers, each created in one line with its action, and limits on how often something is done."""

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer


def new_timer(
    owner: QObject, act: Callable[[], object], milliseconds: int = 0, *, repeated: bool = False
) -> QTimer:
    """Return a timer owned by `owner`, not started, that calls `act` at its timeout, once or `repeated`."""
    timer = QTimer(owner, singleShot=not repeated, interval=milliseconds)
    timer.timeout.connect(act)
    return timer


class Throttle(QObject):
    """Calls a function at most once in so many seconds.

    A request in between is done when they have passed, so that the last state is always shown. Throttles with equal
    intervals fire at the same moments, so that they show the same state: the clock is divided into spans, and the
    function is called once in each.
    """

    def __init__(self, seconds: float, do: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._seconds, self._do = seconds, do
        self._last = -math.inf  # the number of the span of the last call
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.now)

    def ask(self) -> None:
        if self._timer.isActive() or self.if_due():
            return
        spans = time.monotonic() / self._seconds
        wait = math.ceil(1000 * (self._last + 1 - spans) * self._seconds)
        self._timer.start(max(0, wait))  # it may be overdue on a busy machine

    def if_due(self) -> bool:
        """Call the function now if it is due: for callers that ask often, each time at a good moment."""
        if due := self._last < math.floor(time.monotonic() / self._seconds):
            self.now()
        return due

    def prioritise(self) -> None:
        """Let the next request be done at once."""
        self._timer.stop()
        self._last = -math.inf

    def now(self) -> None:
        self._timer.stop()
        self._last = math.floor(time.monotonic() / self._seconds)
        self._do()
