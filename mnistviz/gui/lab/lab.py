"""The lab behind the window: a session, the gestures that steer it, and the jobs beside it. It has no widget."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from mnistviz.engine.commands import Change, Command, FinishEpoch, Pause, Play, RestoreBest, SetSpeed, Step
from mnistviz.engine.digits import Digits, load_digits
from mnistviz.engine.problems import Problem
from mnistviz.gui.lab.jobs import Jobs, details
from mnistviz.gui.lab.session import Session


class Lab(Session):
    """The front door. Each gesture does what belongs to it live or in the past, while the film plays or is still."""

    digits_loaded = Signal()
    digits_refused = Signal(object, object)  # Problem or details as text, the folder or None

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._refused = False  # the last data set could not be read
        self.jobs = Jobs(self)
        self.playhead.ended.connect(self._play)
        self.training.start()

    # Digits

    def load_digits(self, folder: Path | None) -> None:
        """Reads a data set in the background; None is the bundled one."""
        self._refused = False
        self.jobs.ask(
            "digits",
            lambda cancelled: load_digits(folder),
            self.use_digits,
            partial(self._on_unread, folder),
            quick=True,
        )

    def use_digits(self, digits: Digits) -> None:
        super().use_digits(digits)
        self.digits_loaded.emit()

    def make_way(self) -> None:
        """Nothing learns until the window has done and painted what it is about to do. Each call of a Python method by
        Qt needs Python's lock, and much of what the window does at once is thousands of such calls; each would wait
        for a worker that learns."""
        self.training.hold_off()
        QTimer.singleShot(0, self, self.training.go_on)  # after all that is posted until then

    # Gestures

    def toggle_play(self) -> None:
        """Starts or pauses all runs that are on; in the past, plays or stops the film. Before the digits are there, it
        remembers to start."""
        if self.run is None:
            self.play_when_ready = not self.play_when_ready and not self._refused
        elif not self.playhead.live:
            self.playhead.film(not self.playhead.filming)
        elif any(run.playing for run in self.runs):
            for run in self.runs:
                if run.playing:
                    self.command(run, Pause())
                    run.playing = False  # till news come: a quick second press means the other
        else:
            self._play()

    def mini_batch(self) -> None:
        """Trains on one mini-batch of the selected run, and the others that are on on as many digits; in the past, goes
        on by one."""
        self._go_on(Step(1), lambda: self.playhead.step_by(1))

    def finish_epoch(self) -> None:
        """Trains to the end of the selected run's epoch, and the others likewise; in the past, goes there."""
        self._go_on(FinishEpoch(), lambda: self.playhead.epoch_by(1))

    def change(self, values: dict[str, Any], gesture: int = 0, *, from_best: bool = False) -> None:
        """New values of live settings: for the next mini-batch, or in the past a plan."""
        if self.playhead.live:
            commands: list[Command] = [RestoreBest()] if from_best else []
            self.send(*commands, Change(values, gesture))
            return
        self.playhead.film(False)
        moment = self.shown.moment
        assert moment is not None
        planned = {**self.plan, **values}
        plan = {name: new for name, new in planned.items() if getattr(moment.settings, name, new) != new}
        if plan != self.plan:
            self.plan = plan
            self.plan_changed.emit()

    @property
    def can_restore_best(self) -> bool:
        """Whether there are best weights to go back to, and one is not in the past."""
        return self.playhead.live and self.run is not None and self.run.best is not None

    def restore_best(self) -> bool:
        """Goes back to the weights that read the most validation digits; False, and nothing, in the past."""
        if not self.playhead.live:
            return False
        self.send(RestoreBest())
        return True

    def visit_best(self) -> None:
        """Looks at the best weights, as they were when they were measured."""
        if self.run is not None and self.run.best is not None:
            self.playhead.visit(self.run.best.step)

    def set_rate(self, rate: float | None) -> None:
        """Mini-batches a second, or None for full speed; new runs keep it, and the film has it too."""
        self.rate = rate
        for run in self.runs:
            self.command(run, SetSpeed(rate))

    def close(self) -> None:
        """Stops both threads and takes what the runs told last."""
        self.playhead.forget()
        self.training.close()
        self.jobs.close()
        for run in self.runs:
            run.take()

    def _play(self) -> None:
        """Lets all runs learn that are on, the selected one among them."""
        assert self.run is not None
        if not self.run.on:
            self.run.on = True
            self.runs_changed.emit()
        for run in self.runs:
            if run.on and not run.failed:
                self.command(run, Play())
                run.playing = True

    def _go_on(self, command: Step | FinishEpoch, in_the_past: Callable[[], None]) -> None:
        if self.run is None:
            return
        if not self.playhead.live:
            self.playhead.film(False)
            in_the_past()
            return
        if not self.run.on:
            self.run.on = True
            self.runs_changed.emit()
        others = tuple(run.number for run in self.runs if run.on and run is not self.run)
        sent = self.training.send_along(self.run.number, command, others)
        self.run.sent = sent
        for run in self.earlier_runs:
            if run.on:
                run.sent = sent

    def _on_unread(self, folder: Path | None, error: Exception) -> None:
        self._refused, self.play_when_ready = True, False
        if isinstance(error, Problem):
            self.digits_refused.emit(error, folder)
        else:
            self.digits_refused.emit(details(error), None)
