"""When the digits are ranked again while a network learns."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

SECONDS_BETWEEN: Final = 1.0  # two rankings
SHARE_OF_TIME: Final = 0.15  # that ranking may take from the second processor, for a large network


class RankingPace:
    """Lets some time pass between the answer to one ranking and the next, and more after a slow one."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked_at = 0.0
        self._next_at = 0.0

    def asked(self) -> None:
        """A ranking begins."""
        self._asked_at = self._clock()

    def answered(self) -> None:
        """It ended well."""
        now = self._clock()
        self._next_at = now + max(SECONDS_BETWEEN, (now - self._asked_at) / SHARE_OF_TIME)

    def failed(self) -> None:
        """It ended badly; the next hardly ends better."""
        self._next_at = self._clock() + 10 * SECONDS_BETWEEN

    def reset(self) -> None:
        """Another unit or network: the next may begin at once."""
        self._next_at = 0.0

    def wait(self) -> float:
        """How many seconds to wait until the next; 0 if it may begin."""
        return max(0.0, self._next_at - self._clock())
