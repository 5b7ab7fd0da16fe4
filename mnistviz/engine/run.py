"""A run: its trainer, its commands, and its record. Settings, seed and the list of interventions determine every
weight, so any step can be replayed: trained again from the nearest snapshot before it."""

import logging
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from mnistviz.engine import acts, commands, replay
from mnistviz.engine.acts import ByHand, Intervention, differences
from mnistviz.engine.commands import NEVER, Change, Command, OnWeights, RestoreBest, Stop
from mnistviz.engine.digits import Digits
from mnistviz.engine.evaluation import EARLY_DIGITS, Assessment, Health, interim_digits, next_due
from mnistviz.engine.functions import quietly
from mnistviz.engine.handover import Mailbox, Update
from mnistviz.engine.moment import Best, Evaluation, Moment, SetName
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.recorder import Budget, Record, Recorder, RunContent
from mnistviz.engine.schedule import NOT_FINITE
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Trainer, TrainerState
from mnistviz.engine.verdicts import is_best
from mnistviz.engine.workspace import weights_and_biases

log = logging.getLogger(__name__)

SLICE = 256  # mini-batches between two checks whether an evaluation or another run is due
EVALUATIONS_A_SECOND = 4  # in slow motion
MOST_UNDONE = 10  # edits of weights that can be undone


class RunSnapshot(Struct, frozen=True, eq=False):
    """Everything that a run continues from at `state`: as a branch, or after it was suspended. `start` is the network
    that it began with; the evaluations are those still known; `begun`, mini-batches and samples, is where it left its
    parent."""

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


class Run:
    """A run trains one network as its commands say and reports to its mailbox. Only one worker thread uses it, by
    `handle` and `work`. A run of a saved network starts from `network`, which it trains in place."""

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
        self.mailbox = mailbox
        self._stop = NEVER
        self._rate: float | None = None
        self._last_ticket = 0
        self._diverged = self._stopped = False
        self._health = Health()
        if past is not None:
            network = past.start.copy()
        elif network is None:
            network = Network(settings.sizes, **settings.network_options())
        self.start = network.copy() if past is None else past.start
        """The network that the run began with; immutable."""
        self.trainer = Trainer(network, settings, digits.training, prefetch=True)
        self._costs = np.empty(SLICE)
        self._evaluations: dict[SetName, Evaluation] = {}
        self._assessment: Assessment | None = None
        self._waiting: list[OnWeights] = []  # waiting for a full evaluation
        self._undoable: list[TrainerState] = []
        """States before each of the last edits of weights, all at one step."""
        self._finishing = False  # an evaluation to finish although the run is paused
        self._read_whole = False  # whether the current weights have a full evaluation
        self._best_evaluations: dict[SetName, Evaluation] = {}
        if past is None:
            self.recorder = Recorder(self.trainer.state(), budget)
            self._begin_assessment()
        else:
            self.trainer.restore(past.state)
            self.recorder, self._diverged, self._health = past.recorder, past.diverged, past.health
            self._evaluations, self._best_evaluations = past.evaluations, past.best_evaluations
            self._read_whole, self._stopped = past.read_whole, past.stopped
        self._begun = (0, 0) if past is None else past.begun

    @property
    def has_work(self) -> bool:
        return self.playing or self._finishing

    @property
    def reads(self) -> bool:
        """True if samples must be evaluated before it trains on or idles."""
        return self._assessment is not None and self.has_work

    @property
    def step(self) -> int:
        return self.trainer.step_number

    @property
    def goal(self) -> int | None:
        """Number of samples after which it will pause, or None."""
        return self._stop.digits(self.trainer) if self.playing else None

    @property
    def is_judged(self) -> bool:
        """True if everything at this step is done: at the end of an epoch an evaluation may be pending."""
        return not (self._waiting or self._is_to_be_judged())

    def past(self, state: TrainerState, recorder: Recorder) -> RunSnapshot:
        """Return what a branch that continues from `state`, with the record up to there, takes from this run."""
        own, other = self.recorder.best, recorder.best
        same_best = own is not None and other is not None and own[1].step == other[1].step
        best_evaluations = dict(self._best_evaluations) if same_best else {}
        begun, now = (state.step, state.cursor.digits(len(self.trainer.training))), state.step == self.step
        return RunSnapshot(
            self.start, state, recorder,
            self._diverged if now else not np.isfinite(state.parameters).all(),
            dict(self._evaluations) if now else {}, best_evaluations,
            self._health if now else Health(), self._read_whole and now, begun,
        )  # fmt: skip

    def suspended(self) -> RunSnapshot:
        """Return the whole run, to be continued later; no judgement may be pending while it `reads`."""
        return replace(self.past(self.state(), self.recorder), begun=self._begun, stopped=self._stopped)

    def finish_judging(self) -> None:
        """Complete the evaluation and judgement of a finished epoch: they belong to its last step."""
        while self.reads and not self.is_judged:
            self.turn(SLICE, lambda: False)

    def content(self) -> RunContent:
        recorder = self.recorder
        return RunContent(
            self.start,
            self.record(),
            self.state(),
            recorder.history,
            None if recorder.best is None else recorder.best[1],
            {**self._evaluations, **(recorder.readings.newest if self._diverged else {})},
            dict(self._best_evaluations),
            self._read_whole,
            self._begun,
            self._stopped,
            recorder.stride,
            recorder.readings,
        )

    def examine_activations(self) -> None:
        """Start to compute the activation statistics, which no file stores."""
        self._begin_assessment(count=0)

    def state(self) -> TrainerState:
        return self.trainer.state()

    def record(self) -> Record:
        trainer = self.trainer
        return self.recorder.record(trainer.step_number, trainer.cursor, trainer.settings)

    def handle(self, command: Command, ticket: int = 0) -> None:
        """Handle a command between two mini-batches. `ticket` is its number in the queue; a command that is older than
        the last one is ignored: it waited for another run meanwhile."""
        if ticket < self._last_ticket:
            return
        self._last_ticket = ticket
        match command:
            case commands.Play():
                self._play()
            case commands.Step() | commands.FinishEpoch() | commands.StepDigits():
                stop = self._stop.then(command, self.trainer, playing=self.playing)
                if not stop.reached(self.trainer):
                    self._play(stop)
                else:  # already reached
                    self._stop = stop
            case commands.Pause(measure):
                self._pause(measure=measure)
            case commands.SetSpeed(rate):
                self._rate = rate
            case Change(values, gesture):
                self._change(values, gesture)
            case _:
                self._edit_weights(command)
        self.report()

    def work(self, interrupted: Callable[[], bool]) -> bool:
        """Work for one slice at full speed, or until `interrupted()`; return False if there is nothing to do."""
        if not self.has_work:
            return False
        self.turn(SLICE, interrupted)
        return True

    @quietly
    def turn(self, mini_batches: int, interrupted: Callable[[], bool]) -> None:
        if self._assessment is not None:
            self._assess_further(interrupted)
        else:
            self._train(min(mini_batches, SLICE), interrupted)

    def _play(self, stop: Stop = NEVER) -> None:
        if self._diverged:
            return  # such weights can't learn; the best can be restored
        reading = self._assessment
        if not self.playing and reading is not None and reading.whole and self.is_judged:
            if self._health.layers:  # that evaluation was for the pause that ends now
                self._assessment, self._finishing = None, False
            else:  # the initial network is evaluated in any case
                reading.shorten(interim_digits(self.trainer.network))
        self.playing = True
        self._stopped = False
        self._stop = stop

    def _pause(self, *, measure: bool) -> None:
        self.playing = False
        self._finishing = not (self.is_judged and self._health.layers)
        if measure and not self._diverged:
            self._measure()

    def _change(self, values: dict[str, Any], gesture: int) -> None:
        old = self.trainer.settings
        try:
            new = old.changed(**old.by_hand(values))
            self.trainer.change(new)
        except (Problem, TypeError, ValueError) as refused:
            log.warning("refused: %s", refused)
            return
        if new != old:
            self._record(acts.Changed(*self._place(), differences(old, new), gesture))

    def _record(self, act: Intervention) -> None:
        self.recorder.history = self.recorder.history.with_intervention(act)
        self.recorder.renew(act.step)

    def _edit_weights(self, command: OnWeights) -> None:
        """Run the command, but first wait for an epoch's judgement, and before `RestoreBest` for a full evaluation."""
        measured = self._read_whole or self._diverged or self.recorder.best is None
        if (isinstance(command, RestoreBest) and not measured) or not self.is_judged:
            self._waiting.append(command)
            self._measure()
            return
        before, done = self.trainer.state_as_judged(), self.recorder.history.interventions
        match command:
            case RestoreBest():
                self._restore_best(command)
            case commands.Restore(state):
                self._restore(state)
            case commands.Nudge(place):
                self._nudge(place)
            case commands.TakeBack():
                self._take_back()
                return
            case _ if not self._diverged:
                self._by_hand(command)
        if self.recorder.history.interventions is not done:  # the command was not refused
            earlier = self._undoable[1 - MOST_UNDONE :] if self._can_take_back else []
            self._undoable = [*earlier, before]

    @property
    def _can_take_back(self) -> bool:
        return bool(self._undoable) and self._undoable[-1].step == self.step

    def _take_back(self) -> None:
        if not self._can_take_back:
            log.warning("refused: nothing was done to the weights after the last mini-batch")
            return
        self.trainer.put_back(self._undoable.pop())
        self.recorder.history = self.recorder.history.without_act(self.step)
        self._reevaluate()

    def _by_hand(self, act: ByHand) -> None:
        trainer = self.trainer
        step, digits = self._place()
        act = replace(act, step=step, digits=digits)
        if isinstance(act, acts.Edited):
            act = replace(act, edit=act.edit.in_float32())
        try:
            if isinstance(act, acts.Frozen) and (act.unit in trainer.frozen) == act.frozen:
                raise ValueError("nothing would change")
            replay.do(trainer, act)
        except (Problem, ValueError) as refused:
            log.warning("refused: %s", refused)
            return
        self._record(act)
        if not isinstance(act, acts.Frozen):
            self._reevaluate()

    def _reevaluate(self) -> None:
        self._discard_readings()
        self._diverged, self._read_whole = not np.isfinite(self.trainer.network.parameters).all(), False
        self.playing &= not self._diverged
        self._begin_assessment(count=interim_digits(self.trainer.network) if self.playing else sys.maxsize)

    def _restore_best(self, command: RestoreBest) -> None:
        if self.recorder.best is None:
            return
        state, best = self.recorder.best
        now = self._evaluations["validation"]
        if not self._diverged and is_best(now.accuracy, best.accuracy):
            command.stays(now)
            return
        self._take_weights(state)
        if command.change is not None:
            self._change(command.change.values, command.change.gesture)
        step, digits = self._place()
        for evaluation in self._best_evaluations.values():  # the same weights give the same evaluation
            self._add_evaluation(replace(evaluation, step=step, digits=digits))
        self._read_whole = bool(self._best_evaluations)
        self._begin_assessment(count=0 if self._read_whole else sys.maxsize)

    def _restore(self, state: TrainerState) -> None:
        if not np.isfinite(state.parameters).all():
            log.warning("refused: the weights after %d mini-batches are no finite numbers", state.step)
            return
        self._take_weights(state)
        self._reevaluate()

    def _take_weights(self, state: TrainerState) -> None:
        self.recorder.keep_source(state)
        self._record(acts.Restored(*self._place(), state.step))
        self.trainer.take_weights(state)
        self._discard_readings()
        self._diverged = False

    def _nudge(self, place: tuple[int, int, int] | None) -> None:
        """Change the last bit of a weight, to measure sensitivity to rounding: by default the largest to an output."""
        weights, sizes = self.trainer.network.weights, self.trainer.network.sizes
        if place is None:
            w = np.abs(weights[-1])
            place = len(weights), *divmod(int(w.argmax()), w.shape[1])
        layer, row, column = place
        if not 0 < layer < len(sizes) or row >= sizes[layer] or column >= sizes[layer - 1]:
            log.warning("refused: there is no weight %s", place)
            return
        act = acts.Nudged(*self._place(), layer, row, column)
        self._record(act)
        replay.do(self.trainer, act)
        self._discard_readings()
        self._read_whole = False

    def _discard_readings(self) -> None:
        self.recorder.readings = self.recorder.readings.without(self.step)

    def _judge(self) -> None:
        """At the end of an epoch, store the best weights, and apply the schedule and the stopping rule. Other
        evaluations, of which slow motion has more, do not count, so that the speed changes nothing."""
        if not self._is_to_be_judged():
            return
        trainer, validation = self.trainer, self._evaluations["validation"]
        right = NOT_FINITE if self._diverged else validation.right
        self.recorder.judge(trainer.step_number, right)
        judgement = trainer.judge(right)
        if judgement.best:
            best = Best(trainer.step_number, trainer.epoch, validation.accuracy)
            self.recorder.keep_best(trainer.state_as_judged(), best)
            self._best_evaluations = dict(self._evaluations)
        if judgement.halved:
            self._record(acts.Halved(*self._place(), *judgement.halved))
        if judgement.stop:
            self.playing, self._stopped = False, True

    def _train(self, limit: int, interrupted: Callable[[], bool]) -> None:
        trainer, mailbox, recorder, costs = self.trainer, self.mailbox, self.recorder, self._costs
        first, before, size = trainer.step_number, trainer.digits_consumed, trainer.settings.mini_batch_size
        recorder.begin(first, trainer.cursor, trainer.settings)
        shuffled = trainer.settings.order == "shuffled"
        due_at = next_due(before, len(trainer.training), shuffled=shuffled)
        limit = min(limit, -(-(due_at - before) // size))
        limit = min(limit, self._stop.limit(trainer))
        done = 0
        while done < limit:
            if first + done == recorder.due:
                recorder.keep(trainer.state())
            costs[done] = trainer.step()
            done += 1
            if mailbox.empty or interrupted():
                break
        recorder.history = recorder.history.with_costs(first, before, costs[:done], size)
        # Saturated neurons make a finite cost of infinite weights
        finite = np.isfinite(costs[:done]).all() and np.isfinite(trainer.network.parameters).all()
        self._diverged, self._read_whole = not finite, False
        if stopped := self._stop.reached(trainer):
            self._begin_assessment()
        elif self._rate is not None and not trainer.step_number % max(
            1, round(self._rate / EVALUATIONS_A_SECOND)
        ):
            self._begin_assessment(count=interim_digits(trainer.network))
        elif trainer.digits_consumed >= due_at:
            most = EARLY_DIGITS if shuffled else sys.maxsize
            self._begin_assessment(count=min(most, interim_digits(trainer.network)))
        if stopped or self._diverged:
            self.playing = False
        # at a set speed each mini-batch is reported
        if mailbox.empty or not self.playing or self._rate is not None:
            self.report()

    def _assess_further(self, interrupted: Callable[[], bool]) -> None:
        assessment = self._assessment
        while assessment is not None and not interrupted():
            if self.mailbox.empty:  # report training while the evaluation goes on
                self.report()
            if (evaluation := assessment.advance()) is not None:
                self._add_evaluation(evaluation)
            if assessment.health is not None:
                self._health = assessment.health
                if assessment.count:
                    self._measure_layers()
                self._read_whole |= assessment.whole
                self._assessment = assessment = None
                self._finishing = False
                self._judge()
                waiting, self._waiting = self._waiting, []
                for command in waiting:
                    self._edit_weights(command)
                self.report()

    def _measure_layers(self) -> None:
        network, recorder = self.trainer.network, self.recorder
        parts = zip(*weights_and_biases(self.trainer.next_move(), network.sizes), strict=True)
        recorder.history = recorder.history.with_layer_sizes(
            *self._place(),
            [layer.gradient for layer in self._health.layers],
            [float(np.sqrt(np.vdot(w, w) + np.vdot(b, b))) for w, b in parts],
        )

    def _place(self) -> tuple[int, int]:
        return self.trainer.step_number, self.trainer.digits_consumed

    def _is_to_be_judged(self) -> bool:
        trainer = self.trainer
        ended = trainer.epoch > 0 and not trainer.cursor.consumed
        return ended and not self.recorder.is_judged(trainer.step_number)

    def _measure(self) -> None:
        if not self._read_whole and (self._assessment is None or not self._assessment.whole):
            self._begin_assessment()
        self._finishing = self._assessment is not None

    def _begin_assessment(self, *, count: int = sys.maxsize) -> None:
        """Start to evaluate the first `count` samples of each set; all of them at the end of an epoch."""
        trainer = self.trainer
        if self._is_to_be_judged():
            count = sys.maxsize
        self._assessment = Assessment(trainer.network, self.digits, trainer.training, *self._place(), count)
        self._finishing = True

    def _add_evaluation(self, evaluation: Evaluation) -> None:
        self._evaluations[evaluation.set] = evaluation
        recorder = self.recorder
        recorder.history = recorder.history.with_accuracy(
            evaluation.set, evaluation.step, evaluation.digits, evaluation.accuracy, evaluation.part,
            complete=evaluation.complete,
        )  # fmt: skip
        if not self._diverged:  # predictions of weights that are not finite are meaningless
            recorder.readings = recorder.readings.with_evaluation(evaluation, len(self.trainer.training))

    def report(self) -> None:
        trainer = self.trainer
        self.recorder.thinned = False
        update = Update(
            Moment(
                self.number, *self._place(), trainer.network.copy(), trainer.settings, self.start,
                frozen=trainer.frozen,
            ),
            self.recorder.history,
            dict(self._evaluations),
            health=self._health,
            eta=trainer.eta_now,
            schedule_from=trainer.next_schedule_state.schedule_from,
            best=None if self.recorder.best is None else self.recorder.best[1],
            playing=self.playing,
            diverged=self._diverged,
            stopped=self._stopped,
            can_take_back=self._can_take_back,
            obeyed=self._last_ticket,
            begun=self._begun,
            record=self.record(),
            readings=self.recorder.readings,
            clock=time.monotonic(),
        )  # fmt: skip
        self.mailbox.put(update)
