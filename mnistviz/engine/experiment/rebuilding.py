"""Retraining of a run from what determines it, in slices, with its evaluations and interventions; and continuation of
one from a file, after a check whether this machine trains it identically."""

import time
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from msgspec.structs import replace

from mnistviz.engine import acts
from mnistviz.engine.acts import Intervention
from mnistviz.engine.cancelling import Cancelled, Counted, never, unheard
from mnistviz.engine.commands import Change, Nudge, Play, Restore
from mnistviz.engine.digits import Digits
from mnistviz.engine.evaluation import Health
from mnistviz.engine.experiment.saved import (
    ReplayMismatch,
    RunRecipe,
    SavedRun,
    checksum,
    early_checks,
    weights_at,
)
from mnistviz.engine.functions import quietly
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.recorder import Budget, Recorder, RunContent
from mnistviz.engine.run import SLICE, Run, RunSnapshot
from mnistviz.engine.trainer import TrainerState

WORK = 0.01  # seconds of a slice


class Rebuilding:
    """Retrains a run as its recipe says, up to `to` mini-batches, or to its end. If `checks` has the weights after a
    step and they differ here, `replay_mismatch` is set; the resulting run is then a run of its own."""

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
        self.replay_mismatch: ReplayMismatch | None = None
        self.of = recipe.step if to is None else min(to, recipe.step)  # total number of mini-batches
        self._mailbox = mailbox
        self._checks = dict(checks or {})
        self._acts = [act for act in recipe.acts if not isinstance(act, acts.Halved) and act.step <= self.of]
        self._wanted = {act.source for act in self._acts if isinstance(act, acts.Restored)}
        self._sources: dict[int, TrainerState] = {}
        self._agreed: int | None = None
        self._arrived = False  # whether the step is complete
        network = None if recipe.start is None else recipe.start.copy()
        self._run = Run(number, recipe.settings, digits, Mailbox(lambda: None), network, budget=budget)
        self._run.handle(Play())

    @property
    def done(self) -> int:
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
        run.turn(min(step for step in stops if step > run.step) - run.step, interrupted)
        self._arrived = False
        return False

    def _arrive(self, step: int) -> None:
        """Complete a judged step: store the states that are restored later, and apply interventions."""
        if step in self._wanted:
            self._sources[step] = self._run.trainer.state_as_judged()
        while self._acts and self._acts[0].step <= step:
            self._do(self._acts.pop(0))
        if step in self._checks and self.replay_mismatch is None:
            if checksum(self._run.state().parameters) == self._checks[step]:
                self._agreed = step
            else:
                self.replay_mismatch = ReplayMismatch(self._agreed, step)
        self._arrived = True

    def _do(self, act: Intervention) -> None:
        run = self._run
        match act:
            case acts.Changed():
                values = {name: new for name, _, new in act.changes}
                run.handle(Change({"schedule": run.trainer.settings.schedule, **values}, act.gesture))
            case acts.Restored():
                run.handle(Restore(self._sources[act.source]))
            case acts.Nudged():
                run.handle(Nudge((act.layer, act.row, act.column)))
            case acts.Halved():
                pass  # the schedule does it again
            case _:
                run.handle(act)

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
    interrupted: Cancelled = never,
    progress: Counted = unheard,
) -> tuple[Run | None, ReplayMismatch | None]:
    """Train the run of a recipe in one go; return it, or None if interrupted, and where it differs from the checks."""
    rebuilding = Rebuilding(1, recipe, digits, Mailbox(lambda: None), checks=checks, to=to)
    while not interrupted():
        if (run := rebuilding.work(interrupted)) is not None:
            return run, rebuilding.replay_mismatch
        progress(rebuilding.done, rebuilding.of)
    return None, rebuilding.replay_mismatch


REPORT_INTERVAL: Final = 0.1  # seconds between two progress reports


class Reviving:
    """A run from a file, for the worker: continued from its newest state, or retrained if the file has none."""

    def __init__(
        self,
        number: int,
        saved: SavedRun,
        digits: Digits,
        mailbox: Mailbox,
        budget: Budget | None = None,
        *,
        progress: Counted = unheard,
        arrived: Callable[[ReplayMismatch | None], object] = unheard,
    ) -> None:
        """`progress` gets the mini-batches done and their total, `arrived` the complete run's mismatch to its file."""
        self.number = number
        self._progress, self._arrived, self._reported = progress, arrived, 0.0
        self._saved, self._digits, self._mailbox, self._budget = saved, digits, mailbox, budget
        self._rebuilding: Rebuilding | None = None
        if not saved.complete:
            self._rebuilding = Rebuilding(
                number, saved.recipe, digits, mailbox, checks=saved.checks, budget=budget
            )

    def drop(self) -> None:
        if self._rebuilding is not None:
            self._rebuilding.drop()

    @quietly
    def work(self, interrupted: Callable[[], bool]) -> Run | None:
        """Work for one slice; return the run once it is complete."""
        if self._rebuilding is not None:
            if (run := self._rebuilding.work(interrupted)) is not None:
                self._arrived(self._rebuilding.replay_mismatch)
            elif time.monotonic() - self._reported >= REPORT_INTERVAL:
                self._reported = time.monotonic()
                self._progress(self._rebuilding.done, self._rebuilding.of)
            return run
        departed, content = replay_mismatch(self._saved, self._digits), self._saved.content
        if departed is not None:
            content = rebased_on_newest(content)
        run = revived(self.number, content, self._digits, self._mailbox, self._budget)
        self._arrived(departed)
        return run


def replay_mismatch(saved: SavedRun, digits: Digits) -> ReplayMismatch | None:
    """Return where the first mini-batches of a run from a file give other weights here, or None."""
    content = saved.content
    start = content.record.start.step
    latest = start + max(early_checks(content.record.start.settings))
    # older versions stored a check made before a manual edit at the same step
    acted = {act.step for act in content.record.acts if not isinstance(act, acts.Changed)}
    early = sorted(step for step in saved.checks if start <= step <= latest and step not in acted)
    agreed: int | None = None
    weights = weights_at(content, digits.training, early) if early else {}
    for step in early:
        if checksum(weights[step]) != saved.checks[step]:
            return ReplayMismatch(agreed, step)
        agreed = step
    return None


def rebased_on_newest(content: RunContent) -> RunContent:
    """Begin the run's record with its newest state: earlier steps can't be replayed here, but stored ones remain."""
    assert content.state is not None
    return replace(content, record=replace(content.record, start=content.state))


def revived(
    number: int, content: RunContent, digits: Digits, mailbox: Mailbox, budget: Budget | None = None
) -> Run:
    state, record = content.state, content.record
    assert state is not None
    recorder = Recorder.revived(
        record, content.history, content.best, content.stride, content.begun[0], budget or Budget()
    )
    recorder.readings = content.readings
    finite = bool(np.isfinite(state.parameters).all())
    past = RunSnapshot(
        content.start,
        state,
        recorder,
        not finite,
        dict(content.evaluations),
        dict(content.best_evaluations),
        Health(),
        content.read_whole,
        content.begun,
        content.stopped,
    )
    run = Run(number, record.start.settings, digits, mailbox, past=past)
    if finite:
        run.examine_activations()
    return run
