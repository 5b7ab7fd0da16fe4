"""Timers, each made in one line with what it does."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def new_timer(
    owner: QObject, act: Callable[[], object], milliseconds: int = 0, *, repeated: bool = False
) -> QTimer:
    """Return a timer that belongs to `owner`, does not run yet, and calls `act` when its time is over, once or
    `repeated`."""
    timer = QTimer(owner, singleShot=not repeated, interval=milliseconds)
    timer.timeout.connect(act)
    return timer
