"""A run recorded for notices.py: what is known of it at each evaluation, as plain values that a JSON file can hold.

From these the notices are found again without training, so that a rule can be changed and looked at in seconds.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct, field, to_builtins
from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from mnistviz.engine import Digits, Settings, one_blas_thread
from mnistviz.engine.acts import Changed, Halved, Intervention, Restored, Stepped
from mnistviz.engine.causes import OTHER_COSTS, ChangeStretch, last_change
from mnistviz.engine.commands import Change, Command, FinishEpoch, RestoreBest, Step
from mnistviz.engine.evaluation import LayerHealth
from mnistviz.engine.handover import Mailbox, Update
from mnistviz.engine.history import History
from mnistviz.engine.moment import Best, Evaluation, SetName
from mnistviz.engine.observations import Finding, RunFindings, change_finding, findings
from mnistviz.engine.run import Run
from mnistviz.engine.trials import RecordedRun, Remedy, RemedyResult, try_remedy, try_without

Reading = dict[str, Any]
_KINDS: dict[str, type[Intervention]] = {kind.__name__: kind for kind in (Changed, Restored, Halved, Stepped)}
_NO_MEANS = np.zeros((1, 1), np.float32)


class Act(Struct, frozen=True):
    """What the hand does after `step` mini-batches: goes back to the best weights, if it does, and changes settings.

    Acts with the same `gesture` are a drag.
    """

    step: int
    changes: dict[str, Any] = field(default_factory=dict)
    back_to_best: bool = False
    gesture: int = 0


class Trial(Struct, frozen=True):
    """A run to be trained for `epochs`, or until it stops itself; `acts` in the order of their steps."""

    name: str
    settings: Settings
    epochs: int
    acts: tuple[Act, ...] = ()
    wrong_labels: float = 0.0
    """So many of the training digits, 0 to 1, have a label drawn by chance."""

    def digits(self, digits: Digits) -> Digits:
        """What it is trained and measured with."""
        if not self.wrong_labels:
            return digits
        chance = np.random.default_rng(self.settings.seed)
        labels = digits.training.labels.copy()
        wrong = chance.random(len(labels)) < self.wrong_labels
        labels[wrong] = chance.integers(0, len(digits.classes), int(wrong.sum()))
        return replace(digits, training=replace(digits.training, labels=labels))

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = to_builtins(self)
        return told


class Witness(Mailbox):
    """A mailbox that shows each update to `see` at once. It never seems empty, so that nobody hurries to fill it."""

    def __init__(self, see: Callable[[Update], None]) -> None:
        super().__init__(lambda: None)
        self._see = see
        self.empty = False

    def put(self, update: Update) -> None:
        self._see(update)


@one_blas_thread()
def recorded(trial: Trial, digits: Digits) -> list[Reading]:
    """Trains a trial and returns a reading for each evaluation, and one when the run diverges."""
    digits = trial.digits(digits)
    readings: list[Reading] = []
    acted = 0

    def see(update: Update) -> None:
        steps = {evaluation.step for evaluation in update.evaluations.values()}
        if update.diverged or (len(update.evaluations) == 3 and len(steps) == 1):
            reading = _reading(update, acted, digits)
            if readings and _place(readings[-1]) == _place(reading):
                readings.pop()  # the same again, only that it rests or has stopped by now
            readings.append(reading)

    run = Run(1, trial.settings, digits, Witness(see))
    for act in trial.acts:
        _reach(run, act.step)
        acted += 1
        _act(run, act)
    while not readings or not (readings[-1]["diverged"] or readings[-1]["stopped"]):
        if run.state().cursor.epoch >= trial.epochs:
            break
        _until_rest(run, FinishEpoch())
    return readings


@one_blas_thread()
def tried_remedy(trial: Trial, reading: Reading, finding: Finding, digits: Digits) -> RemedyResult:
    """What the program finds when it tries the remedy of a finding, at a reading of a run."""
    run = Run(1, trial.settings, trial.digits(digits), Mailbox(lambda: None))
    for act in trial.acts[: reading["acts"]]:
        _reach(run, act.step)
        _act(run, act)
    if not finding.in_new_run:
        _reach(run, reading["step"])
    best = reading["best"]
    back_to = best[0] if finding.back_to_best and best is not None else None
    remedy = Remedy(finding.remedy, finding.in_new_run, back_to)
    result = try_remedy(RecordedRun(run.record(), run.start, run.digits), run.trainer.settings, remedy)
    assert result is not None  # nobody cancels it
    return result


def _reach(run: Run, step: int) -> None:
    if step > run.step:
        _until_rest(run, Step(step - run.step))


def _act(run: Run, act: Act) -> None:
    """Does what the hand does."""
    change = Change(act.changes, act.gesture)
    run.handle(RestoreBest(change) if act.back_to_best else change)
    _until_rest(run)


def _until_rest(run: Run, command: Command | None = None) -> None:
    if command is not None:
        run.handle(command)
    with np.errstate(all="ignore"):
        while run.work(lambda: False):
            pass


def _place(reading: Reading) -> tuple[Any, ...]:
    return reading["digits"], reading["acts"], reading["diverged"]


def _reading(update: Update, acts: int, digits: Digits) -> Reading:
    moment = update.moment
    epoch = digits.epoch(moment.settings)
    sets = {
        name: [seen.step, seen.digits, seen.right, np.bincount(seen.predictions, minlength=10).tolist()]
        for name, seen in update.evaluations.items()
    }
    change = last_change(update.history, epoch)
    return {
        "step": moment.step,
        "digits": moment.digits,
        "acts": acts,
        "sets": sets,
        "health": [[layer.saturated, layer.dead, layer.gradient] for layer in update.health.layers],
        "best": None if update.best is None else [update.best.step, update.best.epoch, update.best.accuracy],
        "interventions": [[type(act).__name__, to_builtins(act)] for act in update.history.interventions],
        "eta": update.eta,
        "diverged": update.diverged,
        "stopped": update.stopped,
        "changes": [] if change is None else _tried(change, update, digits, epoch),
    }


def _tried(change: ChangeStretch, update: Update, digits: Digits, epoch: int) -> list[list[Any]]:
    """What came of the last change beside what comes without it, as soon as a whole stretch can be compared."""
    if update.record is None or change.end - change.begin < min(epoch, 10_000):
        return []
    if any(name in OTHER_COSTS for name, _, _ in change.changes):
        return []  # it can't be compared
    result = try_without(RecordedRun(update.record, update.moment.initial, digits), change)
    if result is None or not math.isfinite(result.after):
        return []
    found = change_finding(change, result, epoch)
    return [[found.code, found.values]]


def found_at(trial: Trial, readings: Sequence[Reading], number: int, digits: Digits) -> list[Finding]:
    """The notices at one reading of a run, those on its changes as they were found while it learned."""
    found = findings(record_of(trial, readings, number, digits.epoch(trial.settings), digits.classes))
    reading = readings[number]
    changes = [
        Finding(
            code, {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        )
        for code, values in reading["changes"]
    ]
    return found if reading["diverged"] else found + changes


def settings_at(trial: Trial, reading: Reading) -> Settings:
    """The settings that a run had at a reading."""
    settings = trial.settings
    for kind, values in reading["interventions"]:
        if kind == Changed.__name__:
            settings = settings.changed(**{name: new for name, _, new in values["changes"]})
    return settings


def record_of(
    trial: Trial, readings: Sequence[Reading], number: int, epoch: int, classes: Sequence[str]
) -> RunFindings:
    """What was known of a run at one of its readings; without its costs."""
    reading = readings[number]
    history = History()
    for kind, values in reading["interventions"]:
        act = _KINDS[kind](**values)
        if isinstance(act, Changed):
            changes = tuple((name, old, new) for name, old, new in act.changes)  # JSON has lists
            act = replace(act, changes=changes)
        history = history.with_intervention(act)
    most = {
        name: max(sum(each["sets"][name][3]) for each in readings if name in each["sets"])
        for name in reading["sets"]
    }
    for earlier in readings[: number + 1]:
        for name, (step, at, right, counts) in earlier["sets"].items():
            last = history.measured(name, step)
            if last is None or last.step <= step:
                count = sum(counts)
                complete = count == most.get(name, count)
                part = 0 if complete else count
                history = history.with_accuracy(name, step, at, right / count, part, complete=complete)
    evaluations: dict[SetName, Evaluation] = {
        name: Evaluation(name, step, at, np.repeat(np.arange(10), counts).astype(np.uint8), right)
        for name, (step, at, right, counts) in reading["sets"].items()
    }
    health = [  # what else it has is for views
        LayerHealth(saturated, dead, gradient, 1.0, _NO_MEANS, 1.0)
        for saturated, dead, gradient in reading["health"]
    ]
    best = None if reading["best"] is None else Best(*reading["best"])
    return RunFindings(
        history,
        settings_at(trial, reading),
        classes,
        epoch,
        evaluations,
        health,
        best,
        diverged=reading["diverged"],
        stopped=reading["stopped"],
        eta=reading["eta"],
    )
