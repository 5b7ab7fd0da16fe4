"""What a run is, and what it tells: its trainer, its record, and what its network has read. `Run` works with it."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine import replay
from mnistviz.engine.budget import Budget
from mnistviz.engine.commands import Descend, Nudge, RestoreBest
from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.evaluation import Assessment
from mnistviz.engine.handover import Mailbox, Update
from mnistviz.engine.health import Health
from mnistviz.engine.moment import Evaluation, Moment, SetName
from mnistviz.engine.network import Network
from mnistviz.engine.recorder import Record, Recorder
from mnistviz.engine.settings import Settings
from mnistviz.engine.stops import NEVER
from mnistviz.engine.trainer import Trainer, TrainerState

SLICE = 256  # mini-batches between two looks at whether an evaluation or another run is due


@dataclass(frozen=True, eq=False)
class RunSnapshot:
    """All that a run is up to `state`, from which it goes on: as a branch, or after it was put away.

    `start` is the network that it began with; the evaluations are those that are still known; `begun` says after how
    many mini-batches and digits it is not its parent's any more.
    """

    start: Network
    state: TrainerState
    recorder: Recorder
    diverged: bool
    evaluations: dict[SetName, Evaluation]
    best_evaluations: dict[SetName, Evaluation]
    health: Health
    read_whole: bool
    begun: tuple[int, int]
    stopped: bool = False


class RunState:
    """A network that is trained, with all that is known of it."""

    def __init__(
        self,
        number: int,
        settings: Settings,
        digits: Digits,
        mailbox: Mailbox,
        network: Network | None = None,
        *,
        budget: Budget | None = None,
        past: RunSnapshot | None = None,
    ) -> None:
        self.number = number
        self.digits = digits
        self.playing = False
        self._mailbox = mailbox
        self._stop = NEVER
        self._rate: float | None = None
        self._next_step_at = 0.0  # seconds, by the monotonic clock: it decides when, never what
        self._obeyed = 0
        self._diverged = self._stopped = False
        self._health = Health()
        if past is not None:
            network = past.start.copy()
        elif network is None:
            network = Network(settings.sizes, **settings.network_options())
        self.start = network.copy() if past is None else past.start
        """The network that the run began with; nobody changes it."""
        self._trainer = Trainer(network, settings, digits.training)
        self._costs = np.empty(SLICE)
        self._evaluations: dict[SetName, Evaluation] = {}
        self._assessment: Assessment | None = None
        self._waiting: list[RestoreBest | Descend | Nudge] = []  # for the epoch to be judged
        self._finishing = False  # an evaluation that is still wanted although the run rests
        self._read_whole = False  # whether the network of now has read all validation and test digits
        self._best_evaluations: dict[SetName, Evaluation] = {}
        if past is None:
            self.recorder = Recorder(self._trainer.state(), budget)
            self._begin_assessment()
        else:
            self._trainer.restore(past.state)
            self.recorder, self._diverged, self._health = past.recorder, past.diverged, past.health
            self._evaluations, self._best_evaluations = past.evaluations, past.best_evaluations
            self._read_whole, self._stopped = past.read_whole, past.stopped
        self._begun = (0, 0) if past is None else past.begun

    @property
    def has_work(self) -> bool:
        """Whether there is anything to do."""
        return self.playing or self._finishing

    @property
    def reads(self) -> bool:
        """Whether it has still to read digits before it goes on, or rests."""
        return self._assessment is not None and self.has_work

    @property
    def step(self) -> int:
        """Mini-batches so far."""
        return self._trainer.step_number

    @property
    def digits_seen(self) -> int:
        """Digits so far."""
        return self._trainer.digits_consumed

    @property
    def settings(self) -> Settings:
        """Those of the next mini-batch."""
        return self._trainer.settings

    @property
    def training(self) -> DigitSet:
        """The digits that it trains on."""
        return self._trainer.training

    @property
    def goal(self) -> int | None:
        """After how many digits it is to pause; None where nobody said so."""
        return self._stop.digits(self._trainer) if self.playing else None

    @property
    def is_judged(self) -> bool:
        """Whether all that belongs to this step has been done: at the end of an epoch it may still be read."""
        return not self._is_to_be_judged()

    def past(self, state: TrainerState, recorder: Recorder) -> RunSnapshot:
        """What a branch has of this run that goes on from `state`, with the record up to there."""
        mine, its = self.recorder.best, recorder.best
        same_best = mine is not None and its is not None and mine[1].step == its[1].step
        best_evaluations = dict(self._best_evaluations) if same_best else {}
        begun = state.step, state.cursor.epoch * len(self.training) + state.cursor.consumed
        if state.step < self.step:
            finite = bool(np.isfinite(state.parameters).all())
            return RunSnapshot(
                self.start, state, recorder, not finite, {}, best_evaluations, Health(), False, begun
            )
        return RunSnapshot(
            self.start, state, recorder, self._diverged, dict(self._evaluations), best_evaluations,
            self._health, self._read_whole, begun,
        )  # fmt: skip

    def put_away(self) -> RunSnapshot:
        """All of it, so that it can go on another time; it must not be `reads` that it is still to be judged."""
        whole = self.past(self.state(), self.recorder)
        return replace(whole, begun=self._begun, stopped=self._stopped)

    @property
    def mailbox(self) -> Mailbox:
        """Where it reports to."""
        return self._mailbox

    def tell(self) -> None:
        """Reports how it stands."""
        self._report()

    def state(self) -> TrainerState:
        """The whole state of now, with what waits for the next mini-batch; a copy."""
        return self._trainer.state()

    def record(self) -> Record:
        """All that determines the run so far."""
        trainer = self._trainer
        return self.recorder.record(trainer.step_number, trainer.cursor, trainer.settings.mini_batch_size)

    def state_at(self, step: int) -> TrainerState:
        """The whole state after `step` mini-batches and everything that was done there; see `replay`."""
        return replay.state_at(self.record(), self.start, self._trainer.training, step)

    def batch_at(self, step: int) -> NDArray[np.intp]:
        """Which training digits are in the mini-batch of update `step` + 1, by their numbers."""
        return replay.batch_at(self.record(), len(self._trainer.training), step)

    def _place(self) -> tuple[int, int]:
        return self._trainer.step_number, self._trainer.digits_consumed

    def _is_to_be_judged(self) -> bool:
        """Whether the run stands at the end of an epoch whose last evaluation is not complete."""
        trainer = self._trainer
        ended = trainer.epoch > 0 and not trainer.cursor.consumed
        return ended and not self.recorder.is_judged(trainer.step_number)

    def _begin_assessment(self, *, count: int = sys.maxsize) -> None:
        """Begins to read the first `count` digits of each set; all of them at the end of an epoch."""
        trainer = self._trainer
        if self._is_to_be_judged():
            count = sys.maxsize
        self._assessment = Assessment(trainer.network, self.digits, trainer.training, *self._place(), count)
        self._finishing = True

    def _take_evaluation(self, found: Evaluation) -> None:
        self._evaluations[found.set] = found
        self.recorder.history.add_accuracy(found.set, found.step, found.digits, found.accuracy, found.part)

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
                self.start,
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
            begun=self._begun,
            clock=time.monotonic(),
        )
