"""Memory limit, in bytes, of the snapshots of all runs of a session."""

from __future__ import annotations

from typing import Protocol

from mnistviz.engine.trainer import TrainerState

SNAPSHOT_BYTES = 64_000_000


class SnapshotOwner(Protocol):
    """Owner of snapshots, some of which are dispensable."""

    suspended: bool

    @property
    def dispensable_bytes(self) -> int:
        """Bytes of the dispensable states."""

    def thin(self) -> None:
        """Discard about half of the dispensable states, and at least one."""


class Budget:
    """Reference count of stored states: one that branches share with their trunk counts once. If they exceed the
    limit, the owner with most dispensable bytes discards some, closed runs first; indispensable ones stay."""

    def __init__(self, most: int = SNAPSHOT_BYTES) -> None:
        self.most = most
        self.taken = 0
        self.owners: list[SnapshotOwner] = []
        self._owner_counts: dict[int, int] = {}  # by id of the state

    def retain(self, state: TrainerState) -> None:
        """Count a state that one more owner stores."""
        times = self._owner_counts.get(id(state), 0)
        self._owner_counts[id(state)] = times + 1
        if not times:
            self.taken += state.nbytes

    def release(self, state: TrainerState) -> None:
        times = self._owner_counts.pop(id(state)) - 1
        if times:
            self._owner_counts[id(state)] = times
        else:
            self.taken -= state.nbytes

    def fit(self) -> None:
        """Discard states until all fit or none is dispensable."""
        candidates = [owner for owner in self.owners if owner.dispensable_bytes]
        while self.taken > self.most and candidates:
            owner = max(candidates, key=lambda each: (each.suspended, each.dispensable_bytes))
            before = owner.dispensable_bytes
            owner.thin()
            if not 0 < owner.dispensable_bytes < before:
                candidates.remove(owner)
