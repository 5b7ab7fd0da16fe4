"""What need not be done more often than somebody can look."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer


class Throttle(QObject):
    """Does something at most once in so many seconds. What is asked for in between is done when they have passed, so
    that the last state is always shown.

    It is time for all that wait equally long at the same moments, so that they show the same state: the clock is
    divided into spans of so many seconds, and something is done once in each.
    """

    def __init__(self, seconds: float, do: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._seconds, self._do = seconds, do
        self._last = -math.inf  # the number of the span in which it was done
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.now)

    def ask(self) -> None:
        """Does it now, or as soon as it is time."""
        if self._timer.isActive() or self.if_due():
            return
        spans = time.monotonic() / self._seconds
        wait = math.ceil(1000 * (self._last + 1 - spans) * self._seconds)
        self._timer.start(max(0, wait))  # on a busy machine it may be time by now

    def if_due(self) -> bool:
        """Does it now if it is time; else not at all: for those who ask again and again, each time at a good moment."""
        due = self._last < math.floor(time.monotonic() / self._seconds)
        if due:
            self.now()
        return due

    def hurry(self) -> None:
        """What is asked for next is done at once."""
        self._timer.stop()
        self._last = -math.inf

    def now(self) -> None:
        self._timer.stop()
        self._last = math.floor(time.monotonic() / self._seconds)
        self._do()
