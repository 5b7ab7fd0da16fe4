"""How often the network card tells what it shows: more often than one can see or read would cost the learner."""

from __future__ import annotations

import time
from typing import Final

WORDS: Final = 0.25  # seconds from one writing of words and figures to the next, at least
PATH: Final = 0.5  # seconds from one path to the next, at least
MARKS: Final = 0.5
PICTURES: Final = 0.08  # seconds from one drawing of the weights to the next, at least, where more than
RUSH: Final = 100  # mini-batches lie between two
_EVERY: Final = {"words": WORDS, "path": PATH, "marks": MARKS}


class CardThrottle:
    """Says what is due."""

    def __init__(self) -> None:
        self._told: dict[str, float] = {}  # when each was told last
        self._pictured = 0, 0.0  # step and time of the weights that are drawn
        self._anew = True

    def hurry(self, *whats: str) -> None:
        """These are due at once, or all if none are named."""
        self._anew = self._anew or not whats
        for what in whats or tuple(self._told):
            self._told.pop(what, None)

    def due(self, what: str) -> bool:
        """Whether so much time has passed since this was told last; if so, it is told now."""
        now = time.monotonic()
        if what in self._told and now - self._told[what] < _EVERY[what]:
            return False
        self._told[what] = now
        return True

    def pictures_due(self, step: int, *, playing: bool) -> bool:
        """Whether the weights of `step` are to be drawn now. While hundreds of mini-batches lie between two frames,
        every third one draws them; at rest and where one can follow, every one does."""
        now = time.monotonic()
        last, at = self._pictured
        if playing and not self._anew and step - last > RUSH and now - at < PICTURES:
            return False
        self._pictured, self._anew = (step, now), False
        return True
