"""Cancelling of long computations: they check between pieces whether the result is still wanted."""

from collections.abc import Callable

Cancelled = Callable[[], bool]  # checked between pieces of work: True once the result is not wanted

Progress = Callable[[float], object]
"""Called with the share done, 0 to 1; an exception from it ends the work."""

Counted = Callable[[int, int], object]  # progress called with the amount done and the total


def unheard(*_: object) -> None:
    """Ignore the progress."""


def never() -> bool:
    return False


class Withdrawn(Exception):
    """The work was cancelled before it was complete."""


def check(cancelled: Cancelled) -> None:
    """Raise `Withdrawn` once `cancelled()`."""
    if cancelled():
        raise Withdrawn


def after(before: int, progress: Callable[[int], object]) -> Callable[[int], object]:
    """Return a progress callback for work that begins once so much is done."""
    return lambda done: progress(before + done)


def until(tell: Progress, cancelled: Cancelled) -> Progress:
    """Return a progress callback that forwards to `tell` and raises `Withdrawn` once `cancelled()`."""

    def progress(share: float) -> None:
        check(cancelled)
        tell(share)

    return progress
