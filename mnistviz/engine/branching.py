"""Branches: a run that starts at a step of another run, with its whole past, bit for bit."""

import time
from collections.abc import Callable, Generator, Iterator

import numpy as np

from mnistviz.engine.functions import quietly
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.moment import Best
from mnistviz.engine.recorder import Record
from mnistviz.engine.replay import Replay
from mnistviz.engine.run import Run
from mnistviz.engine.schedule import NOT_FINITE
from mnistviz.engine.trainer import Trainer, TrainerState

SLICE = 0.01  # seconds of a slice


class Branching:
    """A branch under construction: the parent's past is replayed in slices. `step` None is the current step."""

    def __init__(self, parent: Run, step: int | None, number: int, mailbox: Mailbox) -> None:
        self.parent, self.number = parent, number
        self._mailbox = mailbox
        self._step = parent.step if step is None else step
        self._pieces: Iterator[Run | None] | None = None
        if not 0 <= self._step <= parent.step:
            raise ValueError(f"the run has the steps 0 to {parent.step}, not {self._step}")

    @property
    def waits_for(self) -> Run | None:
        """The run that must continue first."""
        waits = self._pieces is None and self._step == self.parent.step and not self.parent.is_judged
        return self.parent if waits else None

    def drop(self) -> None:
        """Do nothing: a branch under construction holds no resource to release."""

    @quietly
    def work(self, interrupted: Callable[[], bool]) -> Run | None:
        until = time.monotonic() + SLICE
        self._pieces = self._pieces or self._build()
        for run in self._pieces:
            if run is not None or interrupted() or time.monotonic() >= until:
                return run
        return None

    def _build(self) -> Iterator[Run | None]:
        """Yield None after each mini-batch that is replayed, then the branch."""
        parent, step, record = self.parent, self._step, self.parent.record()
        history = parent.recorder.history.forked(step)
        state = parent.state() if step == parent.step else None
        known = history.costs.rows["last_step"]
        # costs before the start of the record are not known
        first = max(int(known[-1]) + 1 if len(known) else 0, min(step, record.start.step))
        if state is None or first < step:
            replay = Replay(record, self._trainer(), step, costs_from=first)
            while not replay.advance():
                yield None
            for number, (digits, cost, size) in enumerate(replay.costs):
                history = history.with_costs(first + number, digits, np.array([cost]), size)
            state = state or replay.trainer.state()
        best = yield from self._find_best(record)
        recorder = parent.recorder.forked(state, history, best)
        settings, past = record.start.settings, parent.past(state, recorder)
        yield Run(self.number, settings, parent.digits, self._mailbox, past=past)

    def _find_best(self, record: Record) -> Generator[None, None, tuple[TrainerState, Best] | None]:
        """Return the best state as judged, or None if there is none, or it can't be replayed."""
        judged = [each for each in record.judged if each.step <= self._step and each.right > NOT_FINITE]
        best = max(judged, key=lambda each: each.right, default=None)
        if best is None or (best.step < record.start.step and best.step not in record.sources):
            return None
        if (state := record.sources.get(best.step)) is None:
            replay = Replay(record, self._trainer(), best.step, judged=True)
            while not replay.advance():
                yield None
            state = replay.trainer.state_as_judged()
        return state, Best(best.step, state.cursor.epoch, best.right / len(self.parent.digits.validation))

    def _trainer(self) -> Trainer:
        start = self.parent.recorder.start
        return Trainer(self.parent.start.copy(), start.settings, self.parent.trainer.training)
