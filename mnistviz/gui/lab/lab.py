"""The lab behind the window: the digits, the runs, and the two threads that work for it. It has no widget."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from mnistviz.engine.commands import Command, Pause, Play, SetSpeed
from mnistviz.engine.digits import Digits, load_digits
from mnistviz.engine.network import Network
from mnistviz.engine.origin import Origin
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.jobs import Jobs, details
from mnistviz.gui.lab.run_mirror import RunMirror
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.lab.training_thread import TrainingThread

LEAST_SEEN = 0.1
"""Epochs: a run that learned for less takes no other run's place."""

log = logging.getLogger(__name__)


class Lab(QObject):
    """Owns the current run and earlier ones, whose curves stay: so far at most the one before it."""

    digits_loaded = Signal()
    digits_refused = Signal(object, object)  # Problem or details as text, the folder or None
    run_began = Signal()
    run_ends = Signal(object, object)  # RunMirror, Digits: the last chance to keep its network
    run_failed = Signal(str)  # details
    news = Signal(object)  # RunMirror: the current run, which has something to take

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.digits: Digits | None = None
        self.run: RunMirror | None = None
        self.earlier_runs: list[RunMirror] = []
        self.play_when_ready = False
        """Start was pressed before there were digits."""
        self._refused = False  # the last data set could not be read
        self._rate: float | None = None
        self._count = 0
        self.training = TrainingThread(self)
        self.training.news.connect(self._on_news)
        self.training.failed.connect(self._on_failed)
        self.jobs = Jobs(self)
        self.training.start()

    @property
    def shown(self) -> Shown:
        """What the views show now."""
        moment = None if self.run is None else self.run.moment
        return Shown(self.digits, self.run, moment, tuple(self.earlier_runs))

    @property
    def epoch(self) -> int:
        """How many digits an epoch of the current run has, or of all training digits before there is one."""
        assert self.digits is not None
        return len(self.digits.training) if self.run is None else self.shown.epoch_of(self.run)

    def load_digits(self, folder: Path | None) -> None:
        """Reads a data set in the background; None is the bundled one."""
        self._refused = False
        self.jobs.ask(
            "digits", lambda cancelled: load_digits(folder), self.use_digits, partial(self._on_unread, folder)
        )

    def use_digits(self, digits: Digits) -> None:
        """Goes over to a data set. The runs on another one end."""
        if self.run is not None:
            self.play_when_ready = self.run.playing
            self._end(self.run)
        self.digits, self.run, self.earlier_runs = digits, None, []
        self.digits_loaded.emit()

    def begin(self, settings: Settings, network: Network | None = None, origin: Origin | None = None) -> None:
        """Begins a run. With new weights it learns if the last one did; with those of `network` it rests. `origin` is
        what the file of that network says."""
        if self.digits is None:
            return
        playing = self.play_when_ready
        self.play_when_ready = False
        if self.run is not None:
            playing = self.run.playing and network is None
            self._end(self.run)
            if self._is_worth_a_look(self.run):
                self.earlier_runs = [self.run]
        self._count += 1
        mailbox = self.training.begin(self._count, settings, self.digits, network)
        if network is not None and origin is None:
            origin = Origin()
        self.run = RunMirror(self._count, settings, mailbox, origin)
        self.send(SetSpeed(self._rate))
        if playing:
            self.run.playing = True
            self.send(Play())
        self.run_began.emit()

    def send(self, *commands: Command) -> None:
        """Queues commands for the current run; no mini-batch comes between those that are sent together."""
        if self.run is not None:
            self.run.sent = self.training.send(self.run.number, *commands)

    def toggle_play(self) -> None:
        """Starts, pauses, or, before the digits are there, remembers to start."""
        if self.run is None:
            self.play_when_ready = not self.play_when_ready and not self._refused
        else:
            self.send(Pause() if self.run.playing else Play())
            self.run.playing = not self.run.playing  # till news come: a quick second press means the other

    def set_rate(self, rate: float | None) -> None:
        """Mini-batches a second, or None for full speed; new runs keep it."""
        self._rate = rate
        self.send(SetSpeed(rate))

    def close(self) -> None:
        """Stops both threads and takes what the run told last."""
        self.training.close()
        self.jobs.close()
        if self.run is not None:
            self.run.take()

    def _is_worth_a_look(self, run: RunMirror) -> bool:
        """Whether the curves of a run that ends stay. One that learned for a moment only takes no other's place."""
        if run.moment is None or run.step == 0:
            return False
        return not self.earlier_runs or run.moment.digits >= LEAST_SEEN * self.shown.epoch_of(run)

    def _end(self, run: RunMirror) -> None:
        assert self.digits is not None
        self.training.end(run.number)
        run.take()
        self.run_ends.emit(run, self.digits)

    @Slot(int)
    def _on_news(self, number: int) -> None:
        if self.run is not None and number == self.run.number:
            self.news.emit(self.run)

    @Slot(int, str)
    def _on_failed(self, number: int, details: str) -> None:
        log.error("run %d failed:\n%s", number, details)
        if self.run is not None and number == self.run.number:
            self.run.failed = True
            self.run.playing = False
            self.run_failed.emit(details)

    def _on_unread(self, folder: Path | None, error: Exception) -> None:
        self._refused, self.play_when_ready = True, False
        if isinstance(error, Problem):
            self.digits_refused.emit(error, folder)
        else:
            self.digits_refused.emit(details(error), None)
