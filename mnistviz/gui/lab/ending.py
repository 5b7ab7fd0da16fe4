"""How a thread that was asked to end is waited for: not for ever, so that a window closes whatever a thread does."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QThread

PATIENCE = 10_000
"""Milliseconds. A very large mini-batch takes longer, but nobody needs it any more."""

left_alone: list[QThread] = []
"""The threads that did not end in time."""

log = logging.getLogger(__name__)


def wait_for(thread: QThread, patience: int, done: Callable[[], int] = lambda: 0) -> None:
    """Waits until a thread has ended. One that has not `done` anything more within its patience, in milliseconds, is
    left alone: it is never destroyed, for that would abort the process."""
    before = done()
    while thread not in left_alone and not thread.wait(patience):
        now = done()
        if now == before:
            log.error("the thread “%s” does not end and is left alone", thread.objectName())
            thread.setParent(None)
            left_alone.append(thread)
        before = now


def any_left_alone() -> bool:
    """Whether a thread that was left alone still runs. Then the process must not tidy up after itself."""
    return any(thread.isRunning() for thread in left_alone)
