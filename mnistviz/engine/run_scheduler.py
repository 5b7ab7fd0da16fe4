"""Scheduler of all runs of a session in one worker: turns, pauses, and replays of past steps between turns. Of the
runs that train, the one with the fewest samples always goes next. So a branch catches up by itself, and then no run is
more than a turn ahead."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from msgspec import Struct

from mnistviz.engine.branching import Branching
from mnistviz.engine.commands import FinishEpoch, Leave, Pause, SetSpeed, Step, StepDigits, Visit
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.rebuilding import Rebuilding, Reviving
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.history_replayer import HistoryReplayer, VisitBox
from mnistviz.engine.recorder import Budget, RunContent
from mnistviz.engine.run import SLICE, Run, RunSnapshot
from mnistviz.engine.settings import Settings

TURN = 1_000  # samples, at full speed, if several runs train
CATCH_UP = 0.5  # seconds: a delay up to this is caught up, to meet the set speed
SLICES = 50  # slices of a run under construction before the next one's turn
BESIDE = 0.008  # seconds of a training slice while the past is viewed

RunBuilder = Branching | Rebuilding | Reviving
"""A run under construction: a branch, or one from a file. Commands for it wait until it is complete."""
Guard = Callable[[int, Callable[[], Any]], tuple[bool, Any]]
"""Runs a function on behalf of a run, by number; returns whether it succeeded, and its result."""


class StartRun(Struct, frozen=True):
    """Start a new run. It is built in the worker, since the initial weights of a large network take a while."""

    build: Callable[[], Run]


class Branch(Struct, frozen=True):
    """Start a new run with the past of run `parent` up to `step`, or to now."""

    parent: int
    step: int | None
    mailbox: Mailbox


class BuildRun(Struct, frozen=True):
    build: Callable[[], RunBuilder]


class Gather(Struct, frozen=True):
    """Pass the contents of all runs, by number, to `then`, with finished epochs judged."""

    then: Callable[[dict[int, RunContent]], object]


class Compose(Struct, frozen=True):
    """Pass the content of the run to `then`, as it is between two mini-batches, without finishing anything."""

    then: Callable[[int, RunContent], object]


class End(Struct, frozen=True):
    """Close the run."""


class SuspendRun(Struct, frozen=True):
    """Suspend the run without its data set, and pass its content to `then`."""

    then: Callable[[int, RunContent], object]


class ResumeRun(Struct, frozen=True):
    digits: Digits


class Select(Struct, frozen=True):
    """Make this the run whose mini-batch counts as one turn at a set speed."""


class Hold(Struct, frozen=True):
    held: bool


class StepTogether(Struct, frozen=True):
    """Send `command` to the run; `others` train on as many samples as it does, then all pause."""

    command: Step | FinishEpoch
    others: tuple[int, ...]


class RunScheduler:
    """Owner of the runs, by number. The worker calls `handle` and `work`."""

    def __init__(self, guard: Guard, visits: VisitBox, budget: Budget | None = None) -> None:
        self.runs: dict[int, Run] = {}
        self.held = False
        self.rate: float | None = None
        self._guard, self._visits = guard, visits
        self.budget = Budget() if budget is None else budget
        self._selected = 0
        self._visitor: HistoryReplayer | None = None
        self._builders: list[tuple[RunBuilder, list[tuple[object, int]]]] = []
        self._slices = 0  # slices of the first of them
        self._suspended_builders: dict[int, tuple[RunBuilder, list[tuple[object, int]]]] = {}
        self._suspended: dict[int, tuple[RunSnapshot, Mailbox]] = {}
        self._turn = 0, 0  # number of the run, and mini-batches left
        self._next_turn_at = 0.0  # monotonic seconds; they affect timing only, not results

    def handle(self, number: int, command: object, ticket: int = 0) -> None:
        for builder, waiting in self._builders:
            if builder.number != number or isinstance(command, Select | Visit):
                continue
            if isinstance(command, End):
                self._builders.remove((builder, waiting))
                builder.drop()
                self._without_others(waiting)
            elif isinstance(command, SuspendRun):
                self._builders.remove((builder, waiting))
                self._suspended_builders[number] = builder, self._without_others(waiting)
            else:
                waiting.append((command, ticket))  # until the run is complete
            return
        self._guarded(number, partial(self._handle, number, command, ticket))

    def _handle(self, number: int, command: object, ticket: int) -> None:
        run = self.runs.get(number)
        match command:
            case StartRun(build):
                self.runs[number] = build()
            case Branch(parent, step, mailbox) if parent in self.runs:
                before = [builder for builder, _ in self._builders if isinstance(builder, Branching)]
                branching = Branching(self.runs[parent], step, number, mailbox)
                self._builders.insert(len(before), (branching, []))  # branches go first: the user waits
            case BuildRun(build):
                self._builders.append((build(), []))
            case Gather(then):
                for each in list(self.runs.values()):
                    self._guarded(each.number, each.finish_judging)  # a run that fails is ended
                then({each.number: each.content() for each in self.runs.values()})
            case Hold(held):
                self.held, self._next_turn_at = held, 0.0
            case Select():
                self._selected = number
            case Leave():
                self._visitor = None
            case End():
                self._end(number)
            case ResumeRun(digits):
                self._resume(number, digits)
            case _ if run is not None:
                self._handle_for_run(run, command, ticket)
            case _:
                self._without_others([(command, ticket)])

    def _without_others(self, commands: list[tuple[object, int]]) -> list[tuple[object, int]]:
        """Pause the other runs of each `StepTogether` whose run does not train; return that run's commands."""
        for command, ticket in commands:
            for number in command.others if isinstance(command, StepTogether) else ():
                self.handle(number, Pause(), ticket)
        return [each for each in commands if not isinstance(each[0], StepTogether)]

    def _handle_for_run(self, run: Run, command: object, ticket: int) -> None:
        match command:
            case Visit():
                if self._visitor is None or self._visitor.run is not run:
                    self._visitor = HistoryReplayer(run, self._visits)
                self._visitor.go(command)
            case Compose(then):
                then(run.number, run.content())
            case SuspendRun(then):
                run.finish_judging()
                then(run.number, run.content())
                self._suspend(run)
            case StepTogether(alone, others):
                before = run.trainer.digits_consumed if run.goal is None else run.goal
                run.handle(alone, ticket)
                goal, now = run.goal, run.trainer.digits_consumed
                for number in others:
                    other_run = self.runs.get(number)
                    ahead = 0 if other_run is None else other_run.trainer.digits_consumed - now
                    along = Pause() if goal is None else StepDigits(goal - before, ahead)
                    self.handle(number, along, ticket)
            case SetSpeed(rate):
                self.rate, self._next_turn_at, self._turn = rate, 0.0, (0, 0)
                run.handle(command, ticket)
            case _:
                run.handle(command, ticket)  # type: ignore[arg-type]

    def _end(self, number: int) -> None:
        run = self.runs.pop(number, None)
        past, builder = self._suspended.pop(number, None), self._suspended_builders.pop(number, None)
        if builder is not None:
            builder[0].drop()
        recorder = run.recorder if run is not None else None if past is None else past[0].recorder
        if recorder is not None:
            recorder.close()
        if self._visitor is not None and self._visitor.run is run:
            self._visitor = None

    def _suspend(self, run: Run) -> None:
        run.recorder.suspended = True
        self._suspended[run.number] = run.suspended(), run.mailbox
        del self.runs[run.number]
        if self._visitor is not None and self._visitor.run is run:
            self._visitor = None

    def _resume(self, number: int, digits: Digits) -> None:
        if number in self._suspended_builders:
            self._builders.append(self._suspended_builders.pop(number))
            return
        past, mailbox = self._suspended.pop(number)
        past.recorder.suspended = False
        settings: Settings = past.recorder.start.settings
        self.runs[number] = Run(number, settings, digits, mailbox, past=past)
        self.runs[number].report()

    def work(self, interrupted: Callable[[], bool]) -> float | None:
        """Do a part of all pending work, first what the user waits for. Return after how many seconds there will be
        more: 0 for at once, None for not before a command."""
        pauses: list[float | None] = []
        if self._builders:
            pauses.append(self._build_further(interrupted))
        if (visitor := self._visitor) is not None and visitor.busy and not interrupted():
            self._guarded(visitor.run.number, partial(visitor.work, interrupted))
            pauses.append(0.0)
        limited = _within(interrupted, BESIDE) if pauses else interrupted
        if not self.held:
            pauses.append(self._train(limited))
        if not (self.held and pauses):  # paused runs are evaluated, unless the user waits
            pauses.append(self._read(limited))
        for run in self.runs.values():
            if run.recorder.thinned and not run.playing:
                run.report()  # the last reported record still references discarded states
        return min((pause for pause in pauses if pause is not None), default=None)

    def _train(self, interrupted: Callable[[], bool]) -> float | None:
        if not (racers := [run for run in self.runs.values() if run.playing]):
            return None
        run = min(racers, key=lambda racer: racer.trainer.digits_consumed)
        if self.rate is not None:
            return self._train_slowly(run, racers, self.rate, interrupted)
        count = SLICE if len(racers) == 1 else max(1, TURN // run.trainer.settings.mini_batch_size)
        self._guarded(run.number, partial(run.turn, count, interrupted))
        return 0.0

    def _train_slowly(
        self, run: Run, racers: list[Run], rate: float, interrupted: Callable[[], bool]
    ) -> float:
        """Train a run when its turn is due, and finish a turn that was interrupted; evaluate samples until then."""
        now = time.monotonic()
        number, left = self._turn
        if left and self.runs.get(number) in racers:
            run = self.runs[number]
        elif now < self._next_turn_at:
            if not (reading := [racer for racer in racers if racer.reads]):
                return self._next_turn_at - now
            run, left = reading[0], 0
        elif not run.reads:
            period = 1 / rate
            on_time = now - self._next_turn_at < max(period, CATCH_UP)
            self._next_turn_at = (self._next_turn_at if on_time else now) + period
            measure = self.runs.get(self._selected, run)
            left = max(1, measure.trainer.settings.mini_batch_size // run.trainer.settings.mini_batch_size)
        before = run.step
        self._guarded(run.number, partial(run.turn, max(1, left), interrupted))
        self._turn = run.number, max(0, left - (run.step - before)) if run.playing else 0
        return 0.0

    def _read(self, interrupted: Callable[[], bool]) -> float | None:
        for run in self.runs.values():
            if run.reads and (self.held or not run.playing):
                self._guarded(run.number, partial(run.turn, 1, interrupted))
                return 0.0
        return None

    def _build_further(self, interrupted: Callable[[], bool]) -> float:
        builder, waiting = self._builders[0]
        first = builder.waits_for if isinstance(builder, Branching) else None
        if first is not None and first.reads:
            self._guarded(first.number, partial(first.turn, 1, interrupted))
            return 0.0
        well, run = self._guard(builder.number, partial(builder.work, interrupted))
        self._slices += 1
        if well and run is None:
            if self._slices >= SLICES and not isinstance(builder, Branching):
                self._builders.append(self._builders.pop(0))
                self._slices = 0
            return 0.0
        del self._builders[0]
        self._slices = 0
        if not well:
            self._without_others(waiting)
        else:
            self.runs[run.number] = run
            run.report()
            for command, ticket in waiting:
                self.handle(run.number, command, ticket)
        return 0.0

    def _guarded(self, number: int, act: Callable[[], Any]) -> None:
        well, _ = self._guard(number, act)
        if not well:
            self._end(number)


def _within(interrupted: Callable[[], bool], seconds: float) -> Callable[[], bool]:
    until = time.monotonic() + seconds
    return lambda: interrupted() or time.monotonic() >= until
