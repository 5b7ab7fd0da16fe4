"""Memory limit, in bytes, of the snapshots of all runs of a session."""

from __future__ import annotations

from typing import Protocol

from mnistviz.engine.trainer import TrainerState

SNAPSHOT_BYTES = 64_000_000


class Thinned(Protocol):
    """Owner of snapshots, some of which are dispensable."""

    resting: bool

    @property
    def loose_bytes(self) -> int:
        """Bytes of the dispensable states."""

    def thin(self) -> None:
        """Discard about half of the dispensable states, and at least one."""


class Budget:
    """Reference count of stored states: one that branches share with their trunk counts once. If they exceed the
    limit, the owner with most dispensable bytes discards some, closed runs first; indispensable ones stay."""

    def __init__(self, most: int = SNAPSHOT_BYTES) -> None:
        self.most = most
        self.taken = 0
        self.keepers: list[Thinned] = []
        self._held: dict[int, int] = {}  # number of owners of each state, by id

    def hold(self, state: TrainerState) -> None:
        """Count a state that one more owner stores."""
        times = self._held.get(id(state), 0)
        self._held[id(state)] = times + 1
        if not times:
            self.taken += state.nbytes

    def release(self, state: TrainerState) -> None:
        times = self._held.pop(id(state)) - 1
        if times:
            self._held[id(state)] = times
        else:
            self.taken -= state.nbytes

    def fit(self) -> None:
        """Discard states until all fit or none is dispensable."""
        candidates = [keeper for keeper in self.keepers if keeper.loose_bytes]
        while self.taken > self.most and candidates:
            keeper = max(candidates, key=lambda each: (each.resting, each.loose_bytes))
            before = keeper.loose_bytes
            keeper.thin()
            if not 0 < keeper.loose_bytes < before:
                candidates.remove(keeper)
