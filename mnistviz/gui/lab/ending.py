"""Waiting for threads to end, with a time limit, so that the window closes whatever a thread does."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PySide6.QtCore import QThread

PATIENCE = 10_000
"""Milliseconds. A very large mini-batch takes longer, but its result is no longer needed."""

abandoned_threads: list[QThread] = []
"""The threads that did not end in time."""

log = logging.getLogger(__name__)


def wait_for(thread: QThread, patience: int, done: Callable[[], int] = lambda: 0) -> None:
    """Wait until a thread has ended. If `done` makes no progress within the patience, in milliseconds, the thread is
    abandoned: it is never destroyed, since that would abort the process."""
    before = done()
    while thread not in abandoned_threads and not thread.wait(patience):
        now = done()
        if now == before:
            log.error("the thread “%s” does not end and is left alone", thread.objectName())
            thread.setParent(None)
            abandoned_threads.append(thread)
        before = now


def any_left_alone() -> bool:
    """Return True if an abandoned thread still runs. Then the process must end without cleaning up."""
    return any(thread.isRunning() for thread in abandoned_threads)
