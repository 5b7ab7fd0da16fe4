"""How long work is taken back: it asks now and then whether anybody still waits for it."""

from __future__ import annotations

from collections.abc import Callable

Cancelled = Callable[[], bool]
"""To be asked between pieces of work: once it says True, what comes of the work is of no interest."""

Progress = Callable[[float], object]
"""Called with the share that is done, 0 to 1; what it raises ends the work."""


def unheard(share: float) -> None:
    """Nobody asks how far the work is."""


def never() -> bool:
    """Somebody waits until it is done."""
    return False


class Withdrawn(Exception):
    """The work was taken back before it was done."""


def until(tell: Progress, cancelled: Cancelled) -> Progress:
    """Return a progress that is told to `tell`, and that ends the work by `Withdrawn` once it is cancelled."""

    def progress(share: float) -> None:
        if cancelled():
            raise Withdrawn
        tell(share)

    return progress
