"""The worker: one thread that steps every run in turn and signals after a mini-batch."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QThread, Signal

from mnistviz.engine.commands import Command
from mnistviz.engine.digits import Digits
from mnistviz.engine.handover import Controls, Mailbox
from mnistviz.engine.network import Network
from mnistviz.engine.run import Run
from mnistviz.engine.settings import Settings


@dataclass(frozen=True)
class _Begin:
    """A new run. It is built in the worker, since the initial weights of a large network take a while."""

    build: Callable[[], Run]


@dataclass(frozen=True)
class _End:
    """Forget the run."""


class TrainingThread(QThread):
    """Runs mini-batch SGD. `news` is emitted after each mini-batch, unless the last one was not taken yet:
    in slow motion that is one signal a mini-batch, at full speed many mini-batches share one."""

    news = Signal(int)  # number of the run whose mailbox has something
    failed = Signal(int, str)  # number of the run, details

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training")
        self._controls = Controls()

    def begin(
        self, number: int, settings: Settings, digits: Digits, network: Network | None = None
    ) -> Mailbox:
        """Adds a run, paused, and returns its mailbox. `network` is the one to go on with, or None for a new one."""
        mailbox = Mailbox(partial(self.news.emit, number))
        self._controls.put(number, _Begin(partial(Run, number, settings, digits, mailbox, network)))
        return mailbox

    def end(self, number: int) -> None:
        """Forgets a run."""
        self._controls.put(number, _End())

    def send(self, number: int, *commands: Command) -> int:
        """Queues commands for a run; returns the ticket of the last, which comes back once it was obeyed."""
        return self._controls.put(number, *commands)

    def close(self) -> None:
        """Stops the thread and waits for it."""
        self._controls.close()
        self.wait()

    def run(self) -> None:
        """The worker's loop: take commands, let each run work a little, rest when none has work."""
        runs: dict[int, Run] = {}
        while not self._controls.closed:
            for number, command, ticket in self._controls.take():
                self._guarded(runs, number, partial(self._obey, runs, number, command, ticket))
            pauses = [
                self._guarded(runs, number, partial(run.work, self._waiting))
                for number, run in [*runs.items()]
            ]
            awake = [seconds for seconds in pauses if seconds is not None]
            if not awake or min(awake) > 0:
                self._controls.wait(min(awake, default=None))

    def _waiting(self) -> bool:
        return self._controls.waiting

    def _obey(self, runs: dict[int, Run], number: int, command: object, ticket: int) -> None:
        match command:
            case _Begin(build):
                runs[number] = build()
            case _End():
                runs.pop(number, None)
            case _ if number in runs:
                runs[number].obey(command, ticket)  # type: ignore[arg-type]

    def _guarded(self, runs: dict[int, Run], number: int, act: Callable[[], float | None]) -> float | None:
        """Whatever a run does wrong costs that run, never the thread or the other runs."""
        try:
            return act()
        except Exception:
            runs.pop(number, None)
            self.failed.emit(number, traceback.format_exc())
            return None
