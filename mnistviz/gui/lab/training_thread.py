"""The worker: one thread that trains every run in turn and signals after a mini-batch."""

import logging
import traceback
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QThread, Signal

from mnistviz.engine import run_scheduler
from mnistviz.engine.commands import Command
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.rebuilding import Reviving
from mnistviz.engine.experiment.saved import SavedRun
from mnistviz.engine.handover import Controls, Mailbox
from mnistviz.engine.history_replayer import VisitBox
from mnistviz.engine.network import Network
from mnistviz.engine.recorder import Budget, RunContent
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.jobs import PATIENCE, wait_for

log = logging.getLogger(__name__)


class TrainingThread(QThread):
    """Runs mini-batch SGD. `news` is emitted after each mini-batch, unless the last one was not taken yet: in slow
    motion that is one signal a mini-batch, at full speed many mini-batches share one."""

    news = Signal(int)  # number of the run whose mailbox has news
    visited = Signal()  # `visits` has something
    failed = Signal(int, str)  # number of the run, details
    gathered = Signal(object)  # contents of the runs, by their numbers
    composed = Signal(int, object)  # number of a run, its content
    replayed = Signal(int, int, int)  # number of a run, mini-batches done, total
    revived = Signal(int, object)  # number of a saved run that is ready, its replay mismatch or None

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training")
        self.controls = Controls()
        self._budget = Budget()  # only for the worker, once it runs
        self.visits = VisitBox(self.visited.emit)
        self.race = run_scheduler.RunScheduler(self._guarded, self.visits, self._budget)
        """Used by the worker only, once it runs."""
        self.unclaimed: dict[int, RunContent] = {}

    def begin(
        self, number: int, settings: Settings, digits: Digits, network: Network | None = None
    ) -> Mailbox:
        """Add a run, paused. Return its mailbox. `network` is the one to continue, or None for a new one."""
        mailbox = self._mailbox(number)
        build = partial(Run, number, settings, digits, mailbox, network, budget=self._budget)
        self.controls.put(number, run_scheduler.StartRun(build))
        return mailbox

    def branch(self, number: int, parent: int, step: int | None, *commands: Command) -> tuple[Mailbox, int]:
        """Add a run with the past of another one up to a step, or to its end, which executes these commands as it
        begins. Return its mailbox and the ticket of the last command."""
        mailbox = self._mailbox(number)
        return mailbox, self.controls.put(number, run_scheduler.Branch(parent, step, mailbox), *commands)

    def revive(self, number: int, saved: SavedRun, digits: Digits) -> Mailbox:
        mailbox = self._mailbox(number)
        told, arrived = partial(self.replayed.emit, number), partial(self.revived.emit, number)
        build = partial(
            Reviving, number, saved, digits, mailbox, self._budget, progress=told, arrived=arrived
        )
        self.controls.put(number, run_scheduler.BuildRun(build))
        return mailbox

    def compose(self, number: int) -> None:
        self.controls.put(number, run_scheduler.Compose(self._hand_over))

    def contents(self) -> dict[int, RunContent]:
        """Return the contents of the runs, by their numbers, once the thread has ended."""
        if self.isRunning():
            return {}
        contents = dict(self.unclaimed)
        for number, run in self.race.runs.items():
            try:
                contents[number] = run.content()
            except Exception:  # whatever it is, it must not affect other runs
                log.exception("run %d was not handed over", number)
        return contents

    def end(self, number: int) -> None:
        self.controls.put(number, run_scheduler.End())

    def put_away(self, number: int) -> None:
        """Suspend a run without its digits until it is resumed; `composed` follows."""
        self.controls.put(number, run_scheduler.SuspendRun(self._hand_over))

    def send(self, number: int, *commands: object) -> int:
        """Queue commands for a run. Return the ticket of the last, which is reported once it was executed."""
        return self.controls.put(number, *commands)

    def stop(self) -> None:
        self.controls.close()

    def close(self) -> None:
        self.stop()
        wait_for(self, PATIENCE)

    def run(self) -> None:
        race = self.race
        while not self.controls.closed:
            for number, command, ticket in self.controls.take():
                race.handle(number, command, ticket)
            if (pause := race.work(lambda: self.controls.waiting)) is None or pause > 0:
                self.controls.wait(pause)

    def _hand_over(self, number: int, content: RunContent) -> None:
        self.unclaimed[number] = content
        self.composed.emit(number, content)

    def _mailbox(self, number: int) -> Mailbox:
        return Mailbox(partial(self.news.emit, number))

    def _guarded(self, number: int, act: Callable[[], float | None]) -> tuple[bool, float | None]:
        try:
            return True, act()
        except Exception:
            self.failed.emit(number, traceback.format_exc())
            return False, None
