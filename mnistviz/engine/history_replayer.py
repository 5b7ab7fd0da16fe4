"""Viewing the past: a step of a run is replayed while the worker goes on, a few milliseconds at a time. The nearest
stored state is shown at once; then the exact one, by replay; then, once no other step is requested, its evaluation.
Viewing does not change the run."""

import sys
import time
from collections.abc import Callable

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from mnistviz.engine.commands import Visit
from mnistviz.engine.evaluation import Assessment, Health
from mnistviz.engine.functions import quietly
from mnistviz.engine.handover import Slot
from mnistviz.engine.moment import Evaluation, Moment, MomentKind, SetName
from mnistviz.engine.replay import Replay, moment_of
from mnistviz.engine.run import Run
from mnistviz.engine.trainer import Trainer, TrainerState, eta_at

MOST_STATES, MOST_BYTES = 32, 8_000_000  # of the last stretch that was replayed
SLICE = 0.004  # seconds of a slice
PATIENCE = 0.015  # seconds after which the nearest stored state is shown first
REPORT_INTERVAL = 0.1  # seconds between two progress reports


class Visited(Struct, frozen=True, eq=False):
    """A step of the past as viewed. `asked` is the requested step; a near checkpoint has another one. `evaluations`
    and `health` are those of this checkpoint, as far as computed. A replay under way has done `done` mini-batches `of`
    so many. Stored states lie `spacing` mini-batches apart. Once `settled`, nothing more follows."""

    asked: int
    moment: Moment
    eta: float
    schedule_from: int = 0
    diverged: bool = False
    evaluations: dict[SetName, Evaluation] = field(default_factory=dict)
    health: Health = field(default_factory=Health)
    done: int = 0
    of: int = 0
    spacing: int = 0
    settled: bool = False

    @property
    def exact(self) -> bool:
        return self.moment.kind == "exact"


VisitBox = Slot[Visited]


class HistoryReplayer:
    """Replayer of past steps of one run. Only the worker uses it, by `go` and `work`."""

    def __init__(self, run: Run, box: VisitBox) -> None:
        self.run = run
        self._box = box
        self._target = Visit(0)  # requested last
        self._replay: Replay | None = None
        self._states: dict[int, TrainerState] = {}  # of the last stretch
        self._trainer: Trainer | None = None
        self._on_the_way = False  # whether the trainer is in a state of the run, and may continue from it
        self._assessment: Assessment | None = None
        self._shown: Visited | None = None
        self._begun = self._reported = 0.0  # monotonic seconds; they affect timing only
        self._near_shown = True

    @property
    def busy(self) -> bool:
        return self._replay is not None or self._assessment is not None

    @property
    def state(self) -> TrainerState | None:
        return self._states.get(self._target.step)

    def go(self, visit: Visit) -> None:
        """Go to another step; if the previous replay was unfinished, show the nearest stored state first."""
        impatient = self._replay is not None and not self._near_shown
        if self._replay is not None:
            self._on_the_way = self._replay.on_last_leg
            self._states.update(self._replay.found)
        visit = Visit(min(max(visit.step, 0), self.run.step), visit.film)
        self._target, self._assessment, self._replay = visit, None, None
        self._begun = self._reported = time.monotonic()
        self._near_shown = False
        if visit.step == self.run.step:
            self._arrive(self.run.state())
            return
        self._replay = self._new_replay(visit.step)
        if self._replay.of == self._replay.done:
            self._replay.advance()
            self._arrive(self._replay.trainer.state())  # a stored state
        elif impatient and not visit.film:
            self._show_near()

    @quietly
    def work(self, interrupted: Callable[[], bool]) -> None:
        until = time.monotonic() + SLICE
        if self._replay is not None:
            self._replay_further(self._replay, until, interrupted)
        elif self._assessment is not None:
            self._assess_further(self._assessment, until, interrupted)

    def _new_replay(self, step: int) -> Replay:
        run = self.run
        record = run.record()
        if self._trainer is None:
            self._trainer = Trainer(run.start.copy(), record.start.settings, run.trainer.training)
        size = record.start.parameters.nbytes * (2 if run.trainer.settings.momentum else 1)
        wanted = frozenset(step - distance for distance in distances(min(MOST_STATES, MOST_BYTES // size)))
        here, self._on_the_way = self._on_the_way, False
        return Replay(record, self._trainer, step, kept=self._states, wanted=wanted, here=here)

    def _replay_further(self, replay: Replay, until: float, interrupted: Callable[[], bool]) -> None:
        while not replay.advance():
            now = time.monotonic()
            if self._target.film:
                if now - self._begun >= PATIENCE and replay.on_last_leg:
                    self._arrive(replay.trainer.state())
                    return
            elif not self._near_shown and now - self._begun >= PATIENCE:
                self._show_near()
                return
            elif now - self._reported >= REPORT_INTERVAL:
                self._reported = now
                if self._shown is not None and self._shown.asked == self._target.step:
                    self._put(replace(self._shown, done=replay.done, of=replay.of))
            if now >= until or interrupted():
                return
        self._arrive(replay.trainer.state())

    def _arrive(self, state: TrainerState) -> None:
        replay, self._replay = self._replay, None
        if replay is not None:
            self._on_the_way = True
            self._store(replay.found, state)
        self._near_shown = True
        visited = self._visited(state, "exact", settled=self._target.film)
        self._put(visited)
        if not self._target.film and not visited.diverged:
            moment, run = visited.moment, self.run
            self._assessment = Assessment(
                moment.network, run.digits, run.trainer.training, moment.step, moment.digits, sys.maxsize
            )

    def _store(self, replayed: dict[int, TrainerState], state: TrainerState) -> None:
        target = state.step
        states = {**self._states, **replayed, target: state}
        nearest = sorted(states, key=lambda step: (abs(target - step), step))
        first = [step for step in (*replayed, target) if step in states]
        self._states, bytes_ = {}, 0
        for step in dict.fromkeys((*sorted(first, reverse=True), *nearest)):
            bytes_ += states[step].nbytes
            if len(self._states) == MOST_STATES or bytes_ > MOST_BYTES:
                break
            self._states[step] = states[step]

    def _show_near(self) -> None:
        self._near_shown = True
        replay, step = self._replay, self._target.step
        assert replay is not None
        record = replay.record
        stored = (record.start, *record.snapshots, *self._states.values())
        near = min(stored, key=lambda state: (abs(state.step - step), state.step))
        self._put(self._visited(near, "near", done=replay.done, of=replay.of))

    def _visited(self, state: TrainerState, kind: MomentKind, **more: int) -> Visited:
        run, epoch = self.run, len(self.run.trainer.training)
        moment = moment_of(run.number, run.start, epoch, state, kind)
        eta = eta_at(state.settings, state.schedule_state, moment.digits, epoch)
        diverged = not np.isfinite(state.parameters).all()
        begins, spacing = state.schedule_state.schedule_from, run.recorder.stride
        return Visited(self._target.step, moment, eta, begins, diverged, spacing=spacing, **more)  # type: ignore[arg-type]

    def _put(self, visited: Visited) -> None:
        self._shown = visited
        self._box.put(visited)

    def _assess_further(self, assessment: Assessment, until: float, interrupted: Callable[[], bool]) -> None:
        while not interrupted():
            evaluation = assessment.advance()
            shown = self._shown
            assert shown is not None
            if evaluation is not None:
                self._put(replace(shown, evaluations={**shown.evaluations, evaluation.set: evaluation}))
            if assessment.health is not None:
                self._assessment = None
                self._put(replace(shown, health=assessment.health, settled=True))
                return
            if time.monotonic() >= until:
                return


def distances(count: int) -> list[int]:
    """Return how far before a step the stored states of its replay lie, nearest first: the last ones all, then each
    four times as far as the one before, so that stepping back is fast."""
    if count <= 1:
        return [1][:count]
    result = list(range(1, max(1, count - 7) + 1))
    while len(result) < count - 1:
        result.append(4 * result[-1])
    return result
