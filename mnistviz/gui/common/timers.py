"""Timers, each created in one line with its action."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def new_timer(
    owner: QObject, act: Callable[[], object], milliseconds: int = 0, *, repeated: bool = False
) -> QTimer:
    """Return a timer owned by `owner`, not started, that calls `act` at its timeout, once or `repeated`."""
    timer = QTimer(owner, singleShot=not repeated, interval=milliseconds)
    timer.timeout.connect(act)
    return timer
