"""Branches: a run that starts at a step of another run, with its whole past, bit for bit."""

import time
from collections.abc import Callable

import numpy as np

from mnistviz.engine.functions import quietly
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.history import History
from mnistviz.engine.moment import Best
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
        self._history: History | None = None
        self._replay: Replay | None = None
        self._state: TrainerState | None = None
        self._best: tuple[TrainerState, Best] | None = None
        self._best_step: int | None = None
        if not 0 <= self._step <= parent.step:
            raise ValueError(f"the run has the steps 0 to {parent.step}, not {self._step}")

    @property
    def waits_for(self) -> Run | None:
        waits = self._state is None and self._step == self.parent.step and not self.parent.is_judged
        return self.parent if waits else None

    def drop(self) -> None:
        """Do nothing: a branch under construction holds no resource to release."""

    @quietly
    def work(self, interrupted: Callable[[], bool]) -> Run | None:
        until = time.monotonic() + SLICE
        if self._history is None:
            self._begin()
        while self._replay is not None:
            if self._replay.advance():
                self._arrive(self._replay)
            elif interrupted() or time.monotonic() >= until:
                return None
        return self._made()

    def _begin(self) -> None:
        parent, step = self.parent, self._step
        self._history = parent.recorder.history.forked(step)
        self._best_step = self._find_best()
        cut = self._costs_from()
        if step == parent.step:
            self._state = parent.state()
        if self._state is None or cut < step:
            self._replay = Replay(parent.record(), self._trainer(), step, costs_from=cut)
        else:
            self._have_best()

    def _arrive(self, replay: Replay) -> None:
        self._replay = None
        if self._best_step is not None and replay.judged:
            self._keep_best(replay.trainer.state_as_judged())
            return
        assert self._history is not None
        first = self._costs_from()
        for number, (digits, cost, size) in enumerate(replay.costs):
            self._history = self._history.with_costs(first + number, digits, np.array([cost]), size)
        if self._state is None:
            self._state = replay.trainer.state()
        self._have_best()

    def _costs_from(self) -> int:
        """Return the first mini-batch whose cost must be added; there are no costs before the start of the record."""
        assert self._history is not None
        rows = self._history.costs.rows
        known = int(rows["last_step"][-1]) + 1 if len(rows) else 0
        return max(known, min(self._step, self.parent.recorder.start.step))

    def _find_best(self) -> int | None:
        right, best = NOT_FINITE, None
        record = self.parent.record()
        for judged in record.judged:
            if judged.step <= self._step and judged.right > right:
                right, best = judged.right, judged.step
        lost = best is not None and best < record.start.step and best not in record.sources
        return None if lost else best

    def _have_best(self) -> None:
        if self._best_step is None:
            return
        record = self.parent.record()
        if self._best_step in record.sources:
            self._keep_best(record.sources[self._best_step])
        else:
            self._replay = Replay(record, self._trainer(), self._best_step, judged=True)

    def _keep_best(self, state: TrainerState) -> None:
        parent = self.parent
        right = next(judged.right for judged in parent.record().judged if judged.step == state.step)
        accuracy = right / len(parent.digits.validation)
        self._best = state, Best(state.step, state.cursor.epoch, accuracy)

    def _trainer(self) -> Trainer:
        start = self.parent.recorder.start
        return Trainer(self.parent.start.copy(), start.settings, self.parent.trainer.training)

    def _made(self) -> Run:
        parent = self.parent
        assert self._state is not None
        assert self._history is not None
        recorder = parent.recorder.forked(self._state, self._history, self._best)
        past = parent.past(self._state, recorder)
        settings = parent.recorder.start.settings
        return Run(self.number, settings, parent.digits, self._mailbox, past=past)
