"""Cancelling of long computations: they check between pieces whether the result is still wanted."""

from __future__ import annotations

from collections.abc import Callable

Cancelled = Callable[[], bool]
"""To be asked between pieces of work: once it says True, what comes of the work is of no interest."""

Progress = Callable[[float], object]
"""Called with the share that is done, 0 to 1; what it raises ends the work."""


def unheard(share: float) -> None:
    """Ignore the progress."""


def never() -> bool:
    """Return False: the work is never cancelled."""
    return False


class Withdrawn(Exception):
    """The work was cancelled before it was complete."""


def until(tell: Progress, cancelled: Cancelled) -> Progress:
    """Return a progress callback that forwards to `tell` and raises `Withdrawn` once `cancelled()`."""

    def progress(share: float) -> None:
        if cancelled():
            raise Withdrawn
        tell(share)

    return progress
