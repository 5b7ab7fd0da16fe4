"""What need not be done more often than somebody can look."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Throttle(QObject):
    """Does something at most once in so many seconds. What is asked for in between is done when they have passed, so
    that the last state is always shown."""

    def __init__(self, seconds: float, do: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._seconds, self._do = seconds, do
        self._last = -math.inf
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.now)

    def ask(self) -> None:
        """Does it now, or as soon as it is time."""
        if self._timer.isActive():
            return
        wait = self._last + self._seconds - time.monotonic()
        if wait > 0:
            self._timer.start(math.ceil(1000 * wait))
        else:
            self.now()

    def hurry(self) -> None:
        """What is asked for next is done at once."""
        self._timer.stop()
        self._last = -math.inf

    def now(self) -> None:
        """Does it at once."""
        self._timer.stop()
        self._last = time.monotonic()
        self._do()
