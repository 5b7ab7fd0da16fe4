"""A run: what is trained, what was done to it, and the record of it.

A run is its recipe. Settings, seed and the list of interventions determine every weight, so any step can be
had again: from the nearest snapshot, trained forward.
"""

from __future__ import annotations

import sys
import time
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.chance import order_of_epoch
from mnistviz.engine.digits import Digits
from mnistviz.engine.evaluation import EARLY_DIGITS, HEALTH_DIGITS, Assessment, interim_digits, next_due
from mnistviz.engine.handover import (
    Best,
    Change,
    Command,
    Evaluation,
    FinishEpoch,
    Mailbox,
    Moment,
    Pause,
    Play,
    RestoreBest,
    SetName,
    SetSpeed,
    Step,
    Update,
)
from mnistviz.engine.health import LayerHealth, examine
from mnistviz.engine.history import History, Intervention
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Cursor, Trainer, TrainerState

SLICE = 256  # mini-batches between two looks at whether an evaluation or another run is due
MOST_SNAPSHOTS, SNAPSHOT_BYTES = 64, 32_000_000
EVALUATIONS_A_SECOND = 4  # in slow motion
CATCH_UP = 0.5  # seconds: a delay of up to this is made up for, so that the asked speed is kept


@dataclass
class Recorder:
    """What is kept of a run, all of it bounded: its history, snapshots that thin out with age, and the best state.

    `best` is the state after the epoch in which the most validation digits were read right, with that share.
    """

    history: History = field(default_factory=History)
    snapshots: list[TrainerState] = field(default_factory=list)
    best: tuple[TrainerState, Best] | None = None

    def keep(self, state: TrainerState) -> None:
        """Keeps a snapshot; where they get too many, every second one goes, but never the first or the last."""
        self.snapshots.append(state)
        count, size = len(self.snapshots), sum(snapshot.nbytes for snapshot in self.snapshots)
        if count > MOST_SNAPSHOTS or (size > SNAPSHOT_BYTES and count > 3):
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
        self._obeyed = 0
        self._cost_sum = 0.0
        self._diverged = False
        self._stopped = False
        self._health: tuple[LayerHealth, ...] = ()
        if network is None:
            network = Network(settings.sizes, **settings.network_options())
        self._start = network.copy()
        self._trainer = Trainer(network, settings, digits.training)
        self._costs = np.empty(SLICE)
        self.recorder.keep(self._trainer.state())
        self._evaluations: dict[SetName, Evaluation] = {}
        self._assessment: Assessment | None = None
        self._judged_at = -1  # the step of the last epoch's end that was judged
        self._finishing = False  # an evaluation that is still wanted although the run rests
        self._begin_assessment()

    def obey(self, command: Command, ticket: int = 0) -> None:
        """Takes a command, between two mini-batches. `ticket` is its number in the queue."""
        self._obeyed = ticket
        match command:
            case Play():
                self._play()
            case Step(mini_batches):  # asked for while the last ones are still to do, they come on top
                begin = self._stop_at_step if self.playing else None
                self._play(until_step=(begin or self._trainer.step_number) + mini_batches)
            case FinishEpoch():
                begin = self._stop_at_epoch if self.playing else None
                self._play(until_epoch=(begin or self._trainer.epoch) + 1)
            case Pause():
                self.playing = self._finishing = False
            case SetSpeed(rate):
                self._rate = rate
                self._next_step_at = 0.0
            case Change(values):
                self._change(values)
            case RestoreBest():
                self._restore_best()
        self._report()

    @np.errstate(over="ignore", invalid="ignore")  # a run that diverges is told by its cost
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
            on_time = now - self._next_step_at < max(period, CATCH_UP)
            self._next_step_at = (self._next_step_at if on_time else now) + period
            self._train(1, interrupted)
        return max(0.0, self._next_step_at - now)

    def state_at(self, step: int) -> TrainerState:
        """The whole state after `step` mini-batches: the nearest earlier snapshot, trained forward."""
        kept = self.recorder.snapshots
        state = kept[bisect_right(kept, step, key=lambda snapshot: snapshot.step) - 1]
        start = kept[0].settings
        network = Network(start.sizes, **start.network_options())
        trainer = Trainer(network, state.settings, self.digits.training)
        trainer.restore(state)
        for intervention in self.recorder.history.interventions:
            if intervention.step < state.step:
                continue
            if intervention.step >= step:
                break
            while trainer.step_number < intervention.step:
                trainer.step()
            self._redo(intervention, trainer)
        while trainer.step_number < step:
            trainer.step()
        return trainer.state()

    def _redo(self, intervention: Intervention, trainer: Trainer) -> None:
        """Does to `trainer` what was once done to the run."""
        if intervention.kind == "restored":
            ((_, _, source),) = intervention.changes
            trainer.take_weights(self.state_at(int(str(source))))
        elif intervention.kind == "halved":
            trainer.halve_eta()
        else:
            trainer.change(_after(trainer.settings, intervention))

    def batch_at(self, step: int) -> NDArray[np.intp]:
        """Which training digits are in the mini-batch of update `step` + 1, by their numbers."""
        count = len(self._trainer.training)
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
        self._stopped = False
        self._stop_at_step, self._stop_at_epoch = until_step, until_epoch

    def _change(self, values: dict[str, Any]) -> None:
        old = self._trainer.settings
        if values.get("eta", old.eta) != old.eta and old.schedule != "constant":
            values = {"schedule": "constant", **values}  # the hand takes over from the schedule
        new = old.changed(**values)
        changes = tuple(
            (name, getattr(old, name), getattr(new, name))
            for name in values
            if getattr(old, name) != getattr(new, name)
        )
        if changes:
            self._trainer.change(new)
            self._record("settings", changes)

    def _record(self, kind: str, changes: tuple[tuple[str, object, object], ...]) -> None:
        trainer = self._trainer
        self.recorder.history.add_intervention(
            Intervention(kind, trainer.step_number, trainer.digits_consumed, changes)
        )

    def _restore_best(self) -> None:
        if self.recorder.best is not None:
            state, _ = self.recorder.best
            self._record("restored", (("step", self._trainer.step_number, state.step),))
            self._trainer.take_weights(state)
            self._diverged = False
            self._begin_assessment()

    def _judge(self) -> None:
        """At the end of an epoch: keeps the best weights, and does what the schedule and the stopping rule say.

        Other evaluations, of which slow motion has more, have no say, so that the speed changes nothing.
        """
        trainer, validation = self._trainer, self._evaluations["validation"]
        if trainer.cursor.consumed or not trainer.epoch or trainer.step_number == self._judged_at:
            return
        self._judged_at = trainer.step_number
        settings, epoch = trainer.settings, trainer.epoch
        if validation.right > trainer.standing.best_right and not self._diverged:
            trainer.standing = replace(trainer.standing, best_epoch=epoch, best_right=validation.right)
            best = Best(trainer.step_number, epoch, validation.accuracy)
            self.recorder.best = trainer.state(), best
        standing = trainer.standing
        stalled = epoch - max(standing.best_epoch, standing.halved_epoch)
        if settings.schedule == "halve" and stalled >= settings.schedule_epochs:
            before = trainer.eta_now
            trainer.halve_eta()
            self._record("halved", (("eta", before, trainer.eta_now),))
        without = epoch - standing.best_epoch
        enough = settings.stop_epochs
        if (settings.stop == "epochs" and epoch == enough) or (
            settings.stop == "no_improvement" and without and without % enough == 0
        ):
            self.playing, self._stopped = False, True

    def _train(self, limit: int, interrupted: Callable[[], bool]) -> None:
        trainer, mailbox, costs = self._trainer, self._mailbox, self._costs
        first, before, epoch = trainer.step_number, trainer.digits_consumed, trainer.epoch
        due_at = next_due(before, len(trainer.training))
        limit = min(limit, -(-(due_at - before) // trainer.settings.mini_batch_size))
        if self._stop_at_step is not None:
            limit = min(limit, self._stop_at_step - first)
        done = 0
        while done < limit:
            costs[done] = trainer.step()
            done += 1
            if mailbox.empty or interrupted():
                break
        self.recorder.history.add_costs(first, before, trainer.digits_consumed, costs[:done])
        self._cost_sum += float(costs[:done].sum())
        self._diverged = not bool(np.isfinite(costs[:done]).all())
        if trainer.epoch > epoch:
            self.recorder.keep(trainer.state())
        stopped = trainer.step_number == self._stop_at_step or trainer.epoch == self._stop_at_epoch
        if stopped or self._is_due_in_slow_motion():
            self._begin_assessment()
        elif trainer.digits_consumed >= due_at:
            self._begin_assessment(early=True)
        if stopped or self._diverged:
            self.playing = False
        if mailbox.empty or not self.playing:
            self._report()

    def _is_due_in_slow_motion(self) -> bool:
        if self._rate is None:
            return False
        return self._trainer.step_number % max(1, round(self._rate / EVALUATIONS_A_SECOND)) == 0

    def _begin_assessment(self, *, early: bool = False) -> None:
        trainer, network = self._trainer, self._trainer.network
        if trainer.epoch and not trainer.cursor.consumed:
            count = sys.maxsize  # the whole sets, at the end of an epoch
        else:
            count = min(interim_digits(network), EARLY_DIGITS if early else sys.maxsize)
        self._assessment = Assessment(
            network, self.digits, trainer.training, trainer.step_number, trainer.digits_consumed, count
        )
        self._finishing = True

    def _assess_further(self, interrupted: Callable[[], bool]) -> None:
        assessment = self._assessment
        while assessment is not None and not interrupted():
            if self._mailbox.empty:  # it takes longer than a frame, and there is training to tell of
                self._report()
            evaluation = assessment.advance()
            if evaluation is not None:
                self._evaluations[evaluation.set] = evaluation
                self.recorder.history.add_accuracy(
                    evaluation.set, evaluation.step, evaluation.digits, evaluation.accuracy
                )
            if assessment.complete:
                self._assessment = assessment = None
                self._finishing = False
                self._health = examine(self._trainer.network, self._trainer.training.first(HEALTH_DIGITS))
                self._judge()
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
                self._start,
            ),
            self.recorder.history.changes_since(seen),
            dict(self._evaluations),
            health=self._health,
            eta=trainer.eta_now,
            best=None if self.recorder.best is None else self.recorder.best[1],
            playing=self.playing,
            diverged=self._diverged,
            stopped=self._stopped,
            obeyed=self._obeyed,
            cost_sum=self._cost_sum,
            clock=time.monotonic(),
        )


def _after(settings: Settings, intervention: Intervention) -> Settings:
    """What `settings` become by an intervention."""
    if intervention.kind != "settings":
        return settings
    changes: dict[str, Any] = {name: new for name, _, new in intervention.changes}
    return settings.changed(**changes)
