"""The record of a run: what was done to it, what was judged, and snapshots from which any step is had again."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mnistviz.engine import budget as budgets
from mnistviz.engine.acts import Intervention, Restored
from mnistviz.engine.budget import Budget
from mnistviz.engine.history import History
from mnistviz.engine.kept_readings import KeptReadings
from mnistviz.engine.moment import Best
from mnistviz.engine.settings import Settings
from mnistviz.engine.step_conversion import BatchSizeSegment
from mnistviz.engine.trainer import Cursor, TrainerState

FIRST_STRIDE = 64  # mini-batches between two snapshots, to begin with
SNAPSHOT_BYTES = budgets.SNAPSHOT_BYTES


@dataclass(frozen=True)
class Judged:
    """An epoch that ended with update `step` and was judged with `right` validation digits read right."""

    step: int
    right: int


@dataclass(frozen=True)
class Record:
    """All that determines a run up to `step`, as one value that nothing changes any more.

    `start` is the state before anything was done. Of a run from a file that can't be repeated here it is a later one;
    then what is older is known in kept states only. Each of `snapshots` is the state after everything that
    is stamped with its step, in order. `sources` are states as they were judged, by step: what a restored run went
    back to, as far as it is kept. The last of `segments` is the one of the next mini-batch.
    """

    step: int
    start: TrainerState
    acts: tuple[Intervention, ...]
    judged: tuple[Judged, ...]
    segments: tuple[BatchSizeSegment, ...]
    snapshots: tuple[TrainerState, ...]
    sources: Mapping[int, TrainerState]


class Recorder:
    """Keeps the record of a run that begins with `start`, its history, what it read, and the best state, as judged.

    Snapshots lie at multiples of `stride`, which doubles whenever all that share the `budget` take more than it has.
    Start, newest and best stay whatever they take; what was gone back to has half of the bytes, the last ones first;
    the state where a branch began goes last.
    """

    def __init__(self, start: TrainerState, budget: Budget | None = None) -> None:
        self.history = History()
        self.readings = KeptReadings()
        self.start = start
        self.best: tuple[TrainerState, Best] | None = None
        self.stride = FIRST_STRIDE
        self.due = FIRST_STRIDE
        """The step whose state, as the next update begins, is to be kept."""
        self.snapshots: list[TrainerState] = []
        self.fork: TrainerState | None = None
        """Where the run branched off, as long as there is room."""
        self.resting = False
        """Whether it is to let go before others do."""
        self.loose_bytes = 0
        self.thinned = False
        """Whether snapshots were let go since the last record, which holds them still."""
        self._budget = Budget(SNAPSHOT_BYTES) if budget is None else budget
        self._judged: list[Judged] = []
        self._sources: dict[int, TrainerState] = {}
        self._segments = [_segment(0, start.cursor, start.settings)]
        self._taken = 0  # bytes of snapshots
        self._forked_at = 0
        self._budget.hold(start)
        self._budget.keepers.append(self)

    def forked(
        self, state: TrainerState, history: History, best: tuple[TrainerState, Best] | None
    ) -> Recorder:
        """The record of a branch that goes on from `state`, with all that happened up to there; its snapshots are these
        very ones. `history` and `best` are those of that time."""
        step = state.step
        twin = Recorder(self.start if self.start.step <= step else state, self._budget)
        twin.history, twin.readings, twin.stride = history, self.readings.forked(step), self.stride
        twin._judged = [judged for judged in self._judged if judged.step <= step]
        twin._segments = [self._segments[0], *(each for each in self._segments[1:] if each.step < step)]
        gone_back_to = {act.source for act in history.interventions if isinstance(act, Restored)}
        for source, kept in self._sources.items():
            if source in gone_back_to:
                twin._sources[source] = kept
                self._budget.hold(kept)
        for snapshot in self.snapshots:
            if snapshot.step < step:
                twin._hold(snapshot)
        twin._forked_at = step
        twin._find_due()
        if step:  # step 0 is the start, which is kept, and what is done there
            twin.due = step  # when all that is done there has been done
        if best is not None:
            twin.keep_best(*best)
        else:
            self._budget.fit()
        return twin

    @classmethod
    def revived(
        cls, record: Record, history: History, best: Best | None, stride: int, forked_at: int, budget: Budget
    ) -> Recorder:
        """The recorder of a run that goes on from its `record`. Of its snapshots the one at `forked_at` is that of the
        fork, and the newest one may lie anywhere; the others lie at multiples of `stride`."""
        made = cls(record.start, budget)
        made.history, made.stride, made._forked_at = history, stride, forked_at
        made._judged, made._segments = list(record.judged), list(record.segments[:-1])
        for snapshot in record.snapshots:
            if snapshot.step == forked_at and snapshot.step % stride and snapshot is not record.snapshots[-1]:
                budget.hold(snapshot)
                made.fork = snapshot
            else:
                made._hold(snapshot)
        gone_back_to = {act.source for act in history.interventions if isinstance(act, Restored)}
        for step, source in record.sources.items():
            if step in gone_back_to:
                made._sources[step] = source
                budget.hold(source)
        made._find_due()
        if best is not None:
            made.keep_best(record.sources[best.step], best)
        else:
            budget.fit()
        return made

    def close(self) -> None:
        """Keeps nothing any more: to be called when the run is forgotten."""
        if self in self._budget.keepers:
            self._budget.keepers.remove(self)
            for state in self._kept():
                self._budget.release(state)

    def keep(self, snapshot: TrainerState) -> None:
        """Keeps a snapshot, the newest, and lets others go where they take too much."""
        if snapshot.step == self._forked_at and snapshot.step % self.stride:
            self._budget.hold(snapshot)
            self.fork = snapshot
            self._find_due()
            self._budget.fit()
            return
        if self.snapshots and self.snapshots[-1].step % self.stride:  # it was kept as the newest only
            newest = self.snapshots.pop()
            self._taken -= newest.nbytes
            self._budget.release(newest)
        self._hold(snapshot)
        self._find_due()
        self._budget.fit()

    def begin(self, step: int, cursor: Cursor, settings: Settings) -> None:
        """Tells that the update after `step` takes its digits from `cursor` on, with these settings."""
        last = self._segments[-1]
        if (settings.mini_batch_size, settings.order) != (last.size, last.order):
            self._segments.append(_segment(step, cursor, settings))

    def judge(self, step: int, right: int) -> None:
        """Keeps that the epoch which ended with update `step` was judged with `right` digits."""
        self._judged.append(Judged(step, right))

    def is_judged(self, step: int) -> bool:
        """Whether the epoch that ended with update `step`, the last so far, was judged."""
        return bool(self._judged) and self._judged[-1].step == step

    def keep_best(self, state: TrainerState, best: Best) -> None:
        """Keeps the best state so far, as it was judged."""
        before, self.best = self.best, (state, best)
        self._budget.hold(state)
        if before is not None:
            self._budget.release(before[0])
        self._budget.fit()

    def keep_source(self, state: TrainerState) -> None:
        """Keeps a state, as it was judged, to which the run goes back."""
        before = self._sources.pop(state.step, None)
        self._sources[state.step] = state
        self._budget.hold(state)
        if before is not None:
            self._budget.release(before)
        most = self._budget.most // 2 // len(self._budget.keepers)
        while sum(state.nbytes for state in self._sources.values()) > most:
            self._budget.release(self._sources.pop(next(iter(self._sources))))
        self._budget.fit()

    def record(self, step: int, cursor: Cursor, settings: Settings) -> Record:
        """The record up to `step`; the next update takes its digits from `cursor` on, with these settings."""
        self.thinned = False
        best = {} if self.best is None else {self.best[0].step: self.best[0]}
        snapshots = list(self.snapshots)
        if self.fork is not None:
            place = bisect_left(snapshots, self.fork.step, key=lambda state: state.step)
            snapshots.insert(place, self.fork)
        return Record(
            step,
            self.start,
            self.history.interventions,
            tuple(self._judged),
            (*self._segments, _segment(step, cursor, settings)),
            tuple(snapshots),
            MappingProxyType({**self._sources, **best}),
        )

    def thin(self) -> None:
        """Doubles the stride until at least one snapshot goes; the newest stays. Where only that one is left, the state
        where the run branched off goes."""
        self.thinned = True
        if len(self.snapshots) < 2:
            if self.fork is not None:
                self._budget.release(self.fork)
                self.loose_bytes, self.fork = 0, None
            return
        *loose, newest = self.snapshots
        self.stride *= 2
        while self.stride < newest.step and not any(state.step % self.stride for state in loose):
            self.stride *= 2
        self.snapshots = [*(state for state in loose if state.step % self.stride == 0), newest]
        for state in loose:
            if state.step % self.stride:
                self._taken -= state.nbytes
                self._budget.release(state)
        self._find_due()

    def _hold(self, snapshot: TrainerState) -> None:
        self.snapshots.append(snapshot)
        self._taken += snapshot.nbytes
        self._budget.hold(snapshot)

    def _find_due(self) -> None:
        """Finds when the next snapshot is due, and what can be done without."""
        last = self.snapshots[-1].step if self.snapshots else 0
        self.due = (last // self.stride + 1) * self.stride
        self.loose_bytes = self._taken - self.snapshots[-1].nbytes if self.snapshots else 0
        if not self.loose_bytes and self.fork is not None:
            self.loose_bytes = self.fork.nbytes

    def _kept(self) -> Iterable[TrainerState]:
        fork = () if self.fork is None else (self.fork,)
        best = () if self.best is None else (self.best[0],)
        return [self.start, *self.snapshots, *fork, *best, *self._sources.values()]


def _segment(step: int, cursor: Cursor, settings: Settings) -> BatchSizeSegment:
    return BatchSizeSegment(step, cursor, settings.mini_batch_size, settings.order)
