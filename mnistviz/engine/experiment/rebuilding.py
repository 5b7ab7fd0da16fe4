"""Retraining of a run from what determines it, in slices, with its evaluations and interventions."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import numpy as np

from mnistviz.engine.acts import (
    Changed,
    Edited,
    Frozen,
    Halved,
    Intervention,
    Nudged,
    Restored,
    Stepped,
    SteppedBack,
    Taught,
)
from mnistviz.engine.budget import Budget
from mnistviz.engine.commands import Change, Descend, Edit, Freeze, Nudge, Play, Restore, StepBack, Teach
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.saved import Departure, RunRecipe, checksum
from mnistviz.engine.functions import quietly
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.run import SLICE, Run
from mnistviz.engine.trainer import TrainerState

WORK = 0.01  # seconds of a slice


class Rebuilding:
    """Retrains a run as its recipe says, up to `to` mini-batches, or to its end. If `checks` has the weights after a
    step and they differ here, `departure` is set; the resulting run is then a run of its own."""

    def __init__(
        self,
        number: int,
        recipe: RunRecipe,
        digits: Digits,
        mailbox: Mailbox,
        *,
        checks: Mapping[int, str] | None = None,
        budget: Budget | None = None,
        to: int | None = None,
    ) -> None:
        self.number = number
        self.waits_for: Run | None = None
        self.departure: Departure | None = None
        self.of = recipe.step if to is None else min(to, recipe.step)
        """Total number of mini-batches."""
        self._mailbox = mailbox
        self._checks = dict(checks or {})
        self._acts = [act for act in recipe.acts if not isinstance(act, Halved) and act.step <= self.of]
        self._wanted = {act.source for act in self._acts if isinstance(act, Restored)}
        self._sources: dict[int, TrainerState] = {}
        self._agreed: int | None = None
        self._arrived = False  # whether the step is complete
        network = None if recipe.start is None else recipe.start.copy()
        unread = Mailbox(lambda: None)
        self._run = Run(number, recipe.settings, digits, unread, network, budget=budget)
        self._run.handle(Play())

    @property
    def done(self) -> int:
        """Mini-batches so far."""
        return self._run.step

    def drop(self) -> None:
        self._run.recorder.close()

    @quietly
    def work(self, interrupted: Callable[[], bool]) -> Run | None:
        """Work for one slice; return the run once it is complete."""
        until = time.monotonic() + WORK
        while not interrupted():
            if self._advance(interrupted):
                return self._made()
            if time.monotonic() >= until:
                break
        return None

    def _advance(self, interrupted: Callable[[], bool]) -> bool:
        """Do one piece of work; return True when all is done."""
        run = self._run
        if not run.is_judged:
            run.turn(SLICE, interrupted)
            return False
        if not self._arrived:
            self._arrive(run.step)
        if run.step >= self.of:
            return True
        if run.reads:
            run.turn(SLICE, interrupted)
            return False
        if not run.playing:  # its stopping rule ended it, and the user continued it
            run.handle(Play())
        stops = [self.of, *(act.step for act in self._acts[:1]), *self._checks]
        stops += [step for step in self._wanted if step not in self._sources]
        goal = min(step for step in stops if step > run.step)
        run.turn(goal - run.step, interrupted)
        self._arrived = False
        return False

    def _arrive(self, step: int) -> None:
        """Complete a judged step: store the states that are restored later, and apply interventions."""
        if step in self._wanted:
            self._sources[step] = self._run.state_as_judged()
        while self._acts and self._acts[0].step <= step:
            self._do(self._acts.pop(0))
        if step in self._checks:
            self._check(step)
        self._arrived = True

    def _check(self, step: int) -> None:
        if self.departure is not None:
            return
        if checksum(self._run.state().parameters) == self._checks[step]:
            self._agreed = step
        else:
            self.departure = Departure(self._agreed, step)

    def _do(self, act: Intervention) -> None:
        run = self._run
        match act:
            case Changed():
                values = {name: new for name, _, new in act.changes}
                run.handle(Change({"schedule": run.settings.schedule, **values}, act.gesture))
            case Restored():
                run.handle(Restore(self._sources[act.source]))
            case Nudged():
                run.handle(Nudge((act.layer, act.row, act.column)))
            case Stepped():
                run.handle(Descend(act.eta, act.numbers))
            case SteppedBack():
                run.handle(StepBack(act.eta, act.mini_batches, act.size, act.order))
            case Edited():
                run.handle(Edit(act.edit))
            case Frozen():
                run.handle(Freeze(act.unit, act.frozen))
            case Taught():
                run.handle(Teach(act.lesson))

    def _made(self) -> Run:
        run = self._run
        complete = Run(
            self.number, run.recorder.start.settings, run.digits, self._mailbox, past=run.suspended()
        )
        if np.isfinite(run.state().parameters).all():
            complete.examine_activations()
        return complete


def rebuilt(
    recipe: RunRecipe,
    digits: Digits,
    *,
    checks: Mapping[int, str] | None = None,
    to: int | None = None,
    interrupted: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], object] = lambda done, of: None,
) -> tuple[Run | None, Departure | None]:
    """Train the run of a recipe in one go; return it, or None if interrupted, and where it differs from the checks."""
    rebuilding = Rebuilding(1, recipe, digits, Mailbox(lambda: None), checks=checks, to=to)
    while not interrupted():
        run = rebuilding.work(interrupted)
        if run is not None:
            return run, rebuilding.departure
        progress(rebuilding.done, rebuilding.of)
    return None, rebuilding.departure
