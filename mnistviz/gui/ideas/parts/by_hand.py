"""Tells what the hand has done from what *Show me* has put there."""

from __future__ import annotations

from collections.abc import Iterable


class ByHand:
    """*Show me* ticks nothing: a task that it has solved counts once the hand has undone that, and solved it anew."""

    def __init__(self) -> None:
        self._shown: set[str] = set()

    def show(self, solved: Iterable[str]) -> None:
        """These are solved by what was shown just now."""
        self._shown |= set(solved)

    def done(self, looked_at: Iterable[str], solved: Iterable[str]) -> set[str]:
        """Those of `solved` that the hand has solved; `looked_at` are all tasks that might have been."""
        self._shown -= set(looked_at) - set(solved)
        return set(solved) - self._shown

    def forget(self) -> None:
        """What was shown is gone."""
        self._shown.clear()
