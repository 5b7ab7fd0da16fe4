"""The record of a run: what was done to it, what was judged, and snapshots from which any step is had again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mnistviz.engine.acts import Intervention
from mnistviz.engine.history import History
from mnistviz.engine.moment import Best
from mnistviz.engine.trainer import Cursor, TrainerState

FIRST_STRIDE = 64  # mini-batches between two snapshots, to begin with
SNAPSHOT_BYTES = 32_000_000


@dataclass(frozen=True)
class Judged:
    """An epoch that ended with update `step` and was judged with `right` validation digits read right."""

    step: int
    right: int


@dataclass(frozen=True)
class Stretch:
    """From `step` on, where the run stood at `cursor`, mini-batches are of `size` digits."""

    step: int
    cursor: Cursor
    size: int


@dataclass(frozen=True)
class Record:
    """All that determines a run up to `step`, as one value that nothing changes any more.

    `start` is the state before anything was done, and each of `snapshots` the state after everything that is
    stamped with its step, in order. `sources` are states as they were judged, by step: what a restored run went
    back to, as far as it is kept. The last of `stretches` is the one of the next mini-batch.
    """

    step: int
    start: TrainerState
    acts: tuple[Intervention, ...]
    judged: tuple[Judged, ...]
    stretches: tuple[Stretch, ...]
    snapshots: tuple[TrainerState, ...]
    sources: Mapping[int, TrainerState]


class Recorder:
    """Keeps the record of a run that begins with `start`, its history, and the best state, as judged.

    Snapshots lie at multiples of `stride`, which doubles whenever they take more than `SNAPSHOT_BYTES`. Start,
    newest and best stay whatever they take; what was gone back to has half of the bytes, the last ones first.
    """

    def __init__(self, start: TrainerState) -> None:
        self.history = History()
        self.start = start
        self.best: tuple[TrainerState, Best] | None = None
        self.stride = FIRST_STRIDE
        self.due = FIRST_STRIDE
        """The step whose state, as the next update begins, is to be kept."""
        self.snapshots: list[TrainerState] = []
        self._judged: list[Judged] = []
        self._sources: dict[int, TrainerState] = {}
        self._stretches = [Stretch(0, start.cursor, start.settings.mini_batch_size)]
        self._taken, self._room = 0, SNAPSHOT_BYTES - start.nbytes  # bytes of snapshots

    def keep(self, snapshot: TrainerState) -> None:
        """Keeps a snapshot, the newest, and lets others go where they take too much."""
        if self.snapshots and self.snapshots[-1].step % self.stride:  # it was kept as the newest only
            self._taken -= self.snapshots.pop().nbytes
        self.snapshots.append(snapshot)
        self._taken += snapshot.nbytes
        self._thin_out()

    def begin(self, step: int, cursor: Cursor, size: int) -> None:
        """Tells that the update after `step` takes `size` digits, from `cursor` on."""
        if size != self._stretches[-1].size:
            self._stretches.append(Stretch(step, cursor, size))

    def judge(self, step: int, right: int) -> None:
        """Keeps that the epoch which ended with update `step` was judged with `right` digits."""
        self._judged.append(Judged(step, right))

    def is_judged(self, step: int) -> bool:
        """Whether the epoch that ended with update `step`, the last so far, was judged."""
        return bool(self._judged) and self._judged[-1].step == step

    def keep_best(self, state: TrainerState, best: Best) -> None:
        """Keeps the best state so far, as it was judged."""
        self.best = state, best
        self._pin()

    def keep_source(self, state: TrainerState) -> None:
        """Keeps a state, as it was judged, to which the run goes back."""
        self._sources.pop(state.step, None)
        self._sources[state.step] = state
        self._pin()

    def record(self, step: int, cursor: Cursor, size: int) -> Record:
        """The record up to `step`; the next update takes `size` digits, from `cursor` on."""
        best = {} if self.best is None else {self.best[0].step: self.best[0]}
        return Record(
            step,
            self.start,
            tuple(self.history.interventions),
            tuple(self._judged),
            (*self._stretches, Stretch(step, cursor, size)),
            tuple(self.snapshots),
            MappingProxyType({**self._sources, **best}),
        )

    def _pin(self) -> None:
        sources = _bytes(self._sources.values())
        while sources > SNAPSHOT_BYTES // 2:
            sources -= self._sources.pop(next(iter(self._sources))).nbytes
        best = () if self.best is None or self.best[0].step in self._sources else (self.best[0],)
        self._room = SNAPSHOT_BYTES - _bytes((self.start, *best)) - sources
        self._thin_out()

    def _thin_out(self) -> None:
        while self._taken > self._room and len(self.snapshots) > 1:
            self.stride *= 2
            *older, newest = self.snapshots
            self.snapshots = [*(state for state in older if state.step % self.stride == 0), newest]
            self._taken = _bytes(self.snapshots)
        if self.snapshots:
            self.due = (self.snapshots[-1].step // self.stride + 1) * self.stride


def _bytes(states: Iterable[TrainerState]) -> int:
    return sum(state.nbytes for state in states)
