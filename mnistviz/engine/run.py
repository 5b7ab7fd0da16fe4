"""A run: what is trained, what was done to it, and the record of it.

A run is its recipe. Settings, seed and the list of interventions determine every weight, so any step can be
had again: from the nearest snapshot, trained forward.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.chance import order_of_epoch
from mnistviz.engine.digits import Digits
from mnistviz.engine.evaluation import Assessment, next_due
from mnistviz.engine.handover import (
    Change,
    Command,
    Evaluation,
    FinishEpoch,
    Mailbox,
    Moment,
    Pause,
    Play,
    SetName,
    SetSpeed,
    Step,
    Update,
)
from mnistviz.engine.history import History, Intervention
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Cursor, Trainer, TrainerState

SLICE = 256  # mini-batches between two looks at whether an evaluation or another run is due
SNAPSHOT_BYTES = 32_000_000
EVALUATIONS_A_SECOND = 4  # in slow motion


@dataclass
class Recorder:
    """What is kept of a run, all of it bounded: its history, and snapshots that thin out with age."""

    history: History = field(default_factory=History)
    snapshots: list[TrainerState] = field(default_factory=list)

    def keep(self, state: TrainerState) -> None:
        """Keeps a snapshot; where they take too much, every second one goes, but never the first or the last."""
        self.snapshots.append(state)
        if sum(snapshot.nbytes for snapshot in self.snapshots) > SNAPSHOT_BYTES and len(self.snapshots) > 3:
            self.snapshots[1:-1] = self.snapshots[2:-1:2]


class Run:
    """Trains one network as its commands say and reports to its mailbox.

    One worker thread owns it and calls `obey` and `work`; nothing else touches it. A run of a saved
    network starts from `network`, which it trains in place.
    """

    def __init__(
        self,
        number: int,
        settings: Settings,
        digits: Digits,
        mailbox: Mailbox,
        network: Network | None = None,
    ) -> None:
        self.number = number
        self.digits = digits
        self.recorder = Recorder()
        self.playing = False
        self._mailbox = mailbox
        self._stop_at_step: int | None = None
        self._stop_at_epoch: int | None = None
        self._rate: float | None = None
        self._next_step_at = 0.0  # seconds, by the monotonic clock: it decides when, never what
        self._diverged = False
        if network is None:
            network = Network(
                settings.sizes, settings.seed, activation=settings.activation, cost=settings.cost
            )
        self._trainer = Trainer(network, settings, digits.training)
        self._costs = np.empty(SLICE)
        self.recorder.keep(self._trainer.state())
        self._evaluations: dict[SetName, Evaluation] = {}
        self._assessment: Assessment | None = None
        self._finishing = False  # an evaluation that is still wanted although the run rests
        self._begin_assessment()

    def obey(self, command: Command) -> None:
        """Takes a command, between two mini-batches."""
        match command:
            case Play():
                self._play()
            case Step(mini_batches):
                self._play(until_step=self._trainer.step_number + mini_batches)
            case FinishEpoch():
                self._play(until_epoch=self._trainer.epoch + 1)
            case Pause():
                self.playing = self._finishing = False
            case SetSpeed(rate):
                self._rate = rate
                self._next_step_at = 0.0
            case Change(values):
                self._change(values)
        self._report()

    def work(self, interrupted: Callable[[], bool]) -> float | None:
        """Does one slice of what there is to do, and less as soon as `interrupted()`.

        Returns after how many seconds there will be more: 0 for at once, None for not before a command.
        """
        if not (self.playing or self._finishing):
            return None
        if self._assessment is not None:
            self._assess_further(interrupted)
            return 0.0
        if self._rate is None:
            self._train(SLICE, interrupted)
            return 0.0
        now = time.monotonic()
        if now >= self._next_step_at:
            period = 1 / self._rate
            on_time = now - self._next_step_at < period
            self._next_step_at = (self._next_step_at if on_time else now) + period
            self._train(1, interrupted)
        return max(0.0, self._next_step_at - now)

    def state_at(self, step: int) -> TrainerState:
        """The whole state after `step` mini-batches: the nearest earlier snapshot, trained forward."""
        kept = self.recorder.snapshots
        state = kept[bisect_right(kept, step, key=lambda snapshot: snapshot.step) - 1]
        start = self.recorder.snapshots[0].settings
        network = Network(start.sizes, start.seed, activation=start.activation, cost=start.cost)
        trainer = Trainer(network, state.settings, self.digits.training)
        trainer.restore(state)
        later = [i for i in self.recorder.history.interventions if i.step >= state.step]
        for intervention in later:
            if intervention.step >= step:
                break
            while trainer.step_number < intervention.step:
                trainer.step()
            trainer.change(_after(trainer.settings, intervention))
        while trainer.step_number < step:
            trainer.step()
        return trainer.state()

    def batch_at(self, step: int) -> NDArray[np.intp]:
        """Which training digits are in the mini-batch of update `step` + 1, by their numbers."""
        count = len(self.digits.training)
        settings, cursor, at = self.recorder.snapshots[0].settings, Cursor(0, 0), 0
        for intervention in self.recorder.history.interventions:
            if intervention.step > step:
                break
            cursor = cursor.after(intervention.step - at, settings.mini_batch_size, count)
            settings = _after(settings, intervention)
            at = intervention.step
        cursor = cursor.after(step - at, settings.mini_batch_size, count)
        order = order_of_epoch(settings.seed, cursor.epoch, count)
        return order[cursor.consumed : cursor.consumed + settings.mini_batch_size]

    def _play(self, until_step: int | None = None, until_epoch: int | None = None) -> None:
        self.playing = True
        self._stop_at_step, self._stop_at_epoch = until_step, until_epoch

    def _change(self, values: dict[str, Any]) -> None:
        old, new = self._trainer.settings, self._trainer.settings.changed(**values)
        changes = tuple(
            (name, getattr(old, name), getattr(new, name))
            for name in values
            if getattr(old, name) != getattr(new, name)
        )
        if changes:
            self._trainer.change(new)
            self.recorder.history.add_intervention(
                Intervention("settings", self._trainer.step_number, self._trainer.digits_consumed, changes)
            )

    def _train(self, limit: int, interrupted: Callable[[], bool]) -> None:
        trainer, mailbox, costs = self._trainer, self._mailbox, self._costs
        first, before, epoch = trainer.step_number, trainer.digits_consumed, trainer.epoch
        due_at = next_due(before, len(self.digits.training))
        done = 0
        while done < limit:
            costs[done] = trainer.step()
            done += 1
            if (
                trainer.step_number == self._stop_at_step
                or trainer.digits_consumed >= due_at
                or mailbox.empty
                or interrupted()
            ):
                break
        self.recorder.history.add_costs(first, before, trainer.digits_consumed, costs[:done])
        self._diverged = not bool(np.isfinite(costs[:done]).all())
        if trainer.epoch > epoch:
            self.recorder.keep(trainer.state())
        stopped = trainer.step_number == self._stop_at_step or trainer.epoch == self._stop_at_epoch
        if stopped or trainer.digits_consumed >= due_at or self._is_due_in_slow_motion():
            self._begin_assessment()
        if stopped or self._diverged:
            self.playing = False
        if mailbox.empty or not self.playing:
            self._report()

    def _is_due_in_slow_motion(self) -> bool:
        if self._rate is None:
            return False
        return self._trainer.step_number % max(1, round(self._rate / EVALUATIONS_A_SECOND)) == 0

    def _begin_assessment(self) -> None:
        trainer = self._trainer
        self._assessment = Assessment(
            trainer.network, self.digits, trainer.step_number, trainer.digits_consumed
        )
        self._finishing = True

    def _assess_further(self, interrupted: Callable[[], bool]) -> None:
        assessment = self._assessment
        while assessment is not None and not interrupted():
            evaluation = assessment.advance()
            if evaluation is not None:
                self._evaluations[evaluation.set] = evaluation
                self.recorder.history.add_accuracy(
                    evaluation.set, evaluation.step, evaluation.digits, evaluation.accuracy
                )
            if assessment.complete:
                self._assessment = assessment = None
                self._finishing = False
                self._report()

    def _report(self) -> None:
        self._mailbox.put(self._compose)

    def _compose(self, seen: Any) -> Update:
        trainer = self._trainer
        return Update(
            Moment(
                self.number,
                trainer.step_number,
                trainer.digits_consumed,
                trainer.network.copy(),
                trainer.settings,
            ),
            self.recorder.history.changes_since(seen),
            dict(self._evaluations),
            self.playing,
            self._diverged,
        )


def _after(settings: Settings, intervention: Intervention) -> Settings:
    """What `settings` become by an intervention."""
    changes: dict[str, Any] = {name: new for name, _, new in intervention.changes}
    return settings.changed(**changes)
