"""What the tests of the time machine share: a worker without a thread, and how two runs are compared."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from mnistviz.engine.commands import Command
from mnistviz.engine.digits import Digits
from mnistviz.engine.functions import quietly
from mnistviz.engine.handover import Mailbox, Slot, Update
from mnistviz.engine.history_replayer import VisitBox, Visited
from mnistviz.engine.moment import Best
from mnistviz.engine.recorder import Budget, Record
from mnistviz.engine.replay import Replay
from mnistviz.engine.run import Run
from mnistviz.engine.run_scheduler import Branch, Hold, RunScheduler, StartRun, StepTogether
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Trainer, TrainerState
from mnistviz.engine.trials import RecordedRun

T = TypeVar("T")
START = Settings(sizes=(784, 12, 10), eta=1.0)


def never() -> bool:
    return False


def newest(slot: Slot[T]) -> T:
    """What was put last, which must not have been taken yet."""
    value = slot.take()
    assert value is not None
    return value


def state_at(run: Run, step: int, record: Record | None = None) -> TrainerState:
    """State `step` of a run, trained again from its record."""
    record = record or run.record()
    trainer = Trainer(run.start.copy(), record.start.settings, run.trainer.training)
    return quietly(Replay(record, trainer, step).finish)().state()


def batch_at(run: Run, step: int) -> list[int]:
    """The training digits of update `step` + 1 of a run."""
    trainer = Trainer(run.start.copy(), run.trainer.settings, run.trainer.training)
    trainer.restore(state_at(run, step))
    return [*map(int, trainer.upcoming().numbers)]


class Worker:
    """The worker's loop by hand. Mailboxes are emptied at once, unless it is `told` seldom."""

    def __init__(self, digits: Digits, *, budget: int | None = None) -> None:
        self.digits = digits
        self.box = VisitBox(lambda: None)
        self.seen: list[Visited] = []
        self.mail: dict[int, Mailbox] = {}
        self.told: dict[int, Update] = {}
        self.failed: list[int] = []
        self.race = RunScheduler(self._guard, self.box, Budget() if budget is None else Budget(budget))

    def begin(self, number: int, settings: Settings, *commands: Command) -> Run:
        box = self.mail[number] = Mailbox(lambda: None)
        build = partial(Run, number, settings, self.digits, box, budget=self.race.budget)
        self.send(number, StartRun(build), *commands)
        return self.race.runs[number]

    def trained(self, number: int, settings: Settings, *commands: Command) -> Run:
        """Begins a run, which rests after its commands."""
        run = self.begin(number, settings, *commands)
        self.rest()
        return run

    def branch(self, number: int, parent: int, step: int | None, *commands: Command) -> Run:
        box = self.mail[number] = Mailbox(lambda: None)
        self.send(number, Branch(parent, step, box), *commands)
        for _ in range(10_000):
            if number in self.race.runs:
                return self.race.runs[number]
            self.race.work(never)
        raise AssertionError("the branch was never there")

    def send(self, number: int, *commands: object) -> None:
        for command in commands:
            self.race.handle(number, command)

    def obey(self, number: int, *commands: object) -> None:
        """Sends commands, and rests after all of them."""
        self.send(number, *commands)
        self.rest()

    def along(self, number: int, command: object, *others: int) -> None:
        self.send(number, StepTogether(command, others))  # type: ignore[arg-type]

    def hold(self, held: bool) -> None:
        self.send(0, Hold(held))

    def work(self, times: int = 1, interrupted: Callable[[], bool] = never) -> bool:
        """Works some times; False when there is no more to do."""
        for _ in range(times):
            if self.race.work(interrupted) is None:
                self.take()
                return False
            self.take()
        return True

    def rest(self) -> None:
        for _ in range(100_000):
            if not self.work():
                return
        raise AssertionError("it did not come to rest")

    def take(self) -> None:
        if (visited := self.box.take()) is not None:
            self.seen.append(visited)
        for number, box in self.mail.items():
            if (update := box.take()) is not None:
                self.told[number] = update

    def _guard(self, number: int, act: Callable[[], Any]) -> tuple[bool, Any]:
        return True, act()


def trained(digits: Digits, *commands: Command, settings: Settings = START) -> Run:
    """A run that has obeyed these commands, one after the other, and rests."""
    run = Run(1, settings, digits, Mailbox(lambda: None))
    for command in commands:
        run.handle(command)
        while run.work(never):
            pass
    return run


def recorded(run: Run) -> RecordedRun:
    return RecordedRun(run.record(), run.start, run.digits)


def best_of(run: Run) -> tuple[TrainerState, Best]:
    """The best weights of a run, as judged, and where that was."""
    assert run.recorder.best is not None
    return run.recorder.best
