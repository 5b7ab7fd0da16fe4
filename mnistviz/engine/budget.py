"""The bytes that the snapshots of all runs of a session may take together."""

from __future__ import annotations

from typing import Protocol

from mnistviz.engine.trainer import TrainerState

SNAPSHOT_BYTES = 64_000_000


class Thinned(Protocol):
    """Keeps snapshots, some of which it can do without."""

    resting: bool

    @property
    def loose_bytes(self) -> int:
        """Bytes of the states that it can do without."""

    def thin(self) -> None:
        """Lets about half of them go, and at least one."""


class Budget:
    """Counts the states that are kept, each once however many keep it, as branches share those of their trunk.

    Where they are too many, whoever has most that it can do without lets some go, closed runs first; what all need
    stays, whatever it takes.
    """

    def __init__(self, most: int = SNAPSHOT_BYTES) -> None:
        self.most = most
        self.taken = 0
        self.keepers: list[Thinned] = []
        self._held: dict[int, int] = {}  # how often each state is kept, by its id

    def hold(self, state: TrainerState) -> None:
        """Counts a state that somebody keeps from now on."""
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
        """Has states let go until all fit, or none can be done without."""
        can = [keeper for keeper in self.keepers if keeper.loose_bytes]
        while self.taken > self.most and can:
            keeper = max(can, key=lambda each: (each.resting, each.loose_bytes))
            before = keeper.loose_bytes
            keeper.thin()
            if not 0 < keeper.loose_bytes < before:
                can.remove(keeper)
