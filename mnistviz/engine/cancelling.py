"""How long work is taken back: it asks now and then whether anybody still waits for it."""

from __future__ import annotations

from collections.abc import Callable

Cancelled = Callable[[], bool]
"""To be asked between pieces of work: once it says True, what comes of the work is of no interest."""


def never() -> bool:
    """Somebody waits until it is done."""
    return False


class Withdrawn(Exception):
    """The work was taken back before it was done."""
