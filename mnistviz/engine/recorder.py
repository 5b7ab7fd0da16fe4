"""The record of a run: interventions, judged epochs, and snapshots to replay any step from, within a memory limit."""

from __future__ import annotations

from bisect import bisect_right, insort_left
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct, field

from mnistviz.engine.acts import Intervention, Restored
from mnistviz.engine.history import History
from mnistviz.engine.moment import Best, Evaluation, KeptReadings, SetName
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Cursor, TrainerState

SNAPSHOT_BYTES = 64_000_000


class Budget:
    """Reference count of stored states: one that branches share with their trunk counts once. If they exceed the
    limit, the owner with most dispensable bytes discards some, closed runs first; indispensable ones stay."""

    def __init__(self, most: int = SNAPSHOT_BYTES) -> None:
        self.most = most
        self.taken = 0
        self.owners: list[Recorder] = []
        self._owner_counts: dict[int, int] = {}  # by id of the state

    def retain(self, state: TrainerState) -> None:
        times = self._owner_counts.get(id(state), 0)
        self._owner_counts[id(state)] = times + 1
        if not times:
            self.taken += state.nbytes

    def release(self, state: TrainerState) -> None:
        if times := self._owner_counts.pop(id(state)) - 1:
            self._owner_counts[id(state)] = times
        else:
            self.taken -= state.nbytes

    def fit(self) -> None:
        candidates = [owner for owner in self.owners if owner.dispensable_bytes]
        while self.taken > self.most and candidates:
            owner = max(candidates, key=lambda each: (each.suspended, each.dispensable_bytes))
            owner.thin()
            if not owner.dispensable_bytes:
                candidates.remove(owner)


class BatchSizeSegment(Struct, frozen=True):
    """Mini-batches from `step` on, where the run was at `cursor`, have `size` samples, in this `order`."""

    step: int
    cursor: Cursor
    size: int
    order: str = "shuffled"


def segment_at(segments: Sequence[BatchSizeSegment], step: int) -> BatchSizeSegment:
    return segments[bisect_right(segments, step, key=lambda segment: segment.step) - 1]


def cursor_at(segments: Sequence[BatchSizeSegment], step: int, epoch: int) -> Cursor:
    segment = segment_at(segments, step)
    return segment.cursor.after(step - segment.step, segment.size, epoch)


def step_at(segments: Sequence[BatchSizeSegment], digits: int, epoch: int) -> int:
    """Return the number of mini-batches at which a run had consumed so many samples, rounded down."""
    goal = Cursor(*divmod(max(digits, 0), epoch))
    segment = segments[max(0, bisect_right(segments, goal, key=lambda segment: segment.cursor) - 1)]
    begin, size = segment.cursor, segment.size
    if goal.epoch == begin.epoch:
        return segment.step + (goal.consumed - begin.consumed) // size
    to_end, whole = -(-(epoch - begin.consumed) // size), -(-epoch // size)
    return segment.step + to_end + (goal.epoch - begin.epoch - 1) * whole + goal.consumed // size


FIRST_STRIDE = 64  # initial mini-batches between two snapshots


class Judged(Struct, frozen=True):
    step: int
    right: int


class Record(Struct, frozen=True):
    """All that determines a run up to `step`, as one immutable value.

    `start` is the state before any intervention; for a run from a file that can't be replayed here it is a later
    state, and what is older is known in stored states only. Each of `snapshots`, in order, is the state after
    everything at its step. `sources` are the stored states, as judged, that the run was restored to, by step. The last
    of `segments` is that of the next mini-batch.
    """

    step: int
    start: TrainerState
    acts: tuple[Intervention, ...]
    judged: tuple[Judged, ...]
    segments: tuple[BatchSizeSegment, ...]
    snapshots: tuple[TrainerState, ...]
    sources: Mapping[int, TrainerState]


class Recorder:
    """Recorder of a run that begins with `start`: its record, history, readings, and best state as judged.

    Snapshots lie at multiples of `stride`, which doubles whenever all that share the `budget` exceed it. Start, newest
    and best are always stored; the sources of restored weights get half of the bytes, the newest first; the state at
    the fork is discarded last.
    """

    def __init__(self, start: TrainerState, budget: Budget | None = None) -> None:
        self.history = History()
        self.readings = KeptReadings()
        self.start = start
        self.best: tuple[TrainerState, Best] | None = None
        self.stride = FIRST_STRIDE
        self.due = FIRST_STRIDE  # the step whose state is stored when the next update begins
        self.snapshots: list[TrainerState] = []
        self.fork: TrainerState | None = None  # state at the fork, unless the budget was exceeded
        self.suspended = False  # true if it must discard snapshots before other runs do
        self.dispensable_bytes = 0
        self.thinned = False
        """True if snapshots were discarded since the last report, whose record still references them."""
        self._budget = Budget(SNAPSHOT_BYTES) if budget is None else budget
        self._judged: list[Judged] = []
        self._sources: dict[int, TrainerState] = {}
        self._segments = [_segment(0, start.cursor, start.settings)]
        self._snapshot_bytes = 0
        self._forked_at = 0
        self._budget.retain(start)
        self._budget.owners.append(self)

    def forked(
        self, state: TrainerState, history: History, best: tuple[TrainerState, Best] | None
    ) -> Recorder:
        """Return the record of a branch from `state` sharing the snapshots; `history` and `best` are as at the fork."""
        step = state.step
        branch = Recorder(self.start if self.start.step <= step else state, self._budget)
        branch.history, branch.readings, branch.stride = history, self.readings.forked(step), self.stride
        branch._judged = [judged for judged in self._judged if judged.step <= step]
        branch._segments = [self._segments[0], *(each for each in self._segments[1:] if each.step < step)]
        branch._take_sources(self._sources)
        for snapshot in self.snapshots:
            if snapshot.step < step:
                branch._add_snapshot(snapshot)
        branch._forked_at = step
        branch._find_due()
        if step:  # step 0 is the start, which is stored already
            branch.due = step  # its state is stored after the interventions there
        if best is not None:
            branch.keep_best(*best)
        else:
            self._budget.fit()
        return branch

    @classmethod
    def revived(
        cls, record: Record, history: History, best: Best | None, stride: int, forked_at: int, budget: Budget
    ) -> Recorder:
        """Return the recorder of a run that continues from its `record`. The snapshot at `forked_at` is that of the
        fork, and the newest may lie anywhere; the others lie at multiples of `stride`."""
        recorder = cls(record.start, budget)
        recorder.history, recorder.stride, recorder._forked_at = history, stride, forked_at
        recorder._judged, recorder._segments = list(record.judged), list(record.segments[:-1])
        for snapshot in record.snapshots:
            if snapshot.step == forked_at and snapshot.step % stride and snapshot is not record.snapshots[-1]:
                budget.retain(snapshot)
                recorder.fork = snapshot
            elif not snapshot.step % stride or snapshot is record.snapshots[-1]:
                recorder._add_snapshot(snapshot)
        recorder._take_sources(record.sources)
        recorder._find_due()
        if best is not None:
            recorder.keep_best(record.sources[best.step], best)
        else:
            budget.fit()
        return recorder

    def _take_sources(self, sources: Mapping[int, TrainerState]) -> None:
        restored = {act.source for act in self.history.interventions if isinstance(act, Restored)}
        for step, state in sources.items():
            if step in restored:
                self._sources[step] = state
                self._budget.retain(state)

    def close(self) -> None:
        if self in self._budget.owners:
            self._budget.owners.remove(self)
            for state in self._stored_states():
                self._budget.release(state)

    def _stored_states(self) -> tuple[TrainerState, ...]:
        fork = () if self.fork is None else (self.fork,)
        best = () if self.best is None else (self.best[0],)
        return (self.start, *self.snapshots, *fork, *best, *self._sources.values())

    def keep(self, snapshot: TrainerState) -> None:
        if snapshot.step == self._forked_at and snapshot.step % self.stride:
            self._budget.retain(snapshot)
            self.fork = snapshot
        else:
            if self.snapshots and self.snapshots[-1].step % self.stride:  # it was stored as the newest only
                self._release_snapshot(self.snapshots.pop())
            self._add_snapshot(snapshot)
        self._find_due()
        self._budget.fit()

    def begin(self, step: int, cursor: Cursor, settings: Settings) -> None:
        last = self._segments[-1]
        if (settings.mini_batch_size, settings.order) != (last.size, last.order):
            self._segments.append(_segment(step, cursor, settings))

    def judge(self, step: int, right: int) -> None:
        self._judged.append(Judged(step, right))
        self.renew(step)

    def renew(self, step: int) -> None:
        """Discard a snapshot of the current step, where more has happened; the next update stores it again."""
        if self.snapshots and self.snapshots[-1].step == step:
            self._release_snapshot(self.snapshots.pop())
            self._find_due()
            self.due = step

    def is_judged(self, step: int) -> bool:
        return bool(self._judged) and self._judged[-1].step == step

    def keep_best(self, state: TrainerState, best: Best) -> None:
        before, self.best = self.best, (state, best)
        self._budget.retain(state)
        if before is not None:
            self._budget.release(before[0])
        self._budget.fit()

    def keep_source(self, state: TrainerState) -> None:
        before = self._sources.pop(state.step, None)
        self._sources[state.step] = state
        self._budget.retain(state)
        if before is not None:
            self._budget.release(before)
        most = self._budget.most // 2 // len(self._budget.owners)
        while sum(state.nbytes for state in self._sources.values()) > most:
            self._budget.release(self._sources.pop(next(iter(self._sources))))
        self._budget.fit()

    def record(self, step: int, cursor: Cursor, settings: Settings) -> Record:
        """Return the record up to `step`; the next update takes its samples from `cursor` on, with these settings."""
        best = {} if self.best is None else {self.best[0].step: self.best[0]}
        snapshots = list(self.snapshots)
        if self.fork is not None:
            insort_left(snapshots, self.fork, key=lambda state: state.step)
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
        """Double the stride until a snapshot is discarded, or, if only the newest is left, the state at the fork."""
        self.thinned = True
        if len(self.snapshots) < 2:
            if self.fork is not None:
                self._budget.release(self.fork)
                self.dispensable_bytes, self.fork = 0, None
            return
        *loose, newest = self.snapshots
        self.stride *= 2
        while self.stride < newest.step and not any(state.step % self.stride for state in loose):
            self.stride *= 2
        self.snapshots = [*(state for state in loose if state.step % self.stride == 0), newest]
        for state in loose:
            if state.step % self.stride:
                self._release_snapshot(state)
        self._find_due()

    def _release_snapshot(self, snapshot: TrainerState) -> None:
        self._snapshot_bytes -= snapshot.nbytes
        self._budget.release(snapshot)

    def _add_snapshot(self, snapshot: TrainerState) -> None:
        self.snapshots.append(snapshot)
        self._snapshot_bytes += snapshot.nbytes
        self._budget.retain(snapshot)

    def _find_due(self) -> None:
        """Update when the next snapshot is due, and the bytes that are dispensable."""
        last = self.snapshots[-1].step if self.snapshots else 0
        self.due = (last // self.stride + 1) * self.stride
        self.dispensable_bytes = self._snapshot_bytes - self.snapshots[-1].nbytes if self.snapshots else 0
        if not self.dispensable_bytes and self.fork is not None:
            self.dispensable_bytes = self.fork.nbytes


def _segment(step: int, cursor: Cursor, settings: Settings) -> BatchSizeSegment:
    return BatchSizeSegment(step, cursor, settings.mini_batch_size, settings.order)


class RunContent(Struct, frozen=True, eq=False):
    """An immutable copy of a run at its current step.

    It began with `start`; `record` determines it; `state` is the current one, None if only a replay has it. The
    evaluations are the newest ones, and those of the best weights. `read_whole` is True if the current network was
    evaluated on all validation and test samples, `begun` is the mini-batches and samples after which the run differs
    from its parent, and `stopped` is True if its stopping rule ended it. Snapshots lie at multiples of `stride`.
    `readings` are those of its complete evaluations.
    """

    start: Network
    record: Record
    state: TrainerState | None
    history: History
    best: Best | None = None
    evaluations: Mapping[SetName, Evaluation] = field(default_factory=dict)
    best_evaluations: Mapping[SetName, Evaluation] = field(default_factory=dict)
    read_whole: bool = False
    begun: tuple[int, int] = (0, 0)
    stopped: bool = False
    stride: int = FIRST_STRIDE
    readings: KeptReadings = field(default_factory=KeptReadings)
