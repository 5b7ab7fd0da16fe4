"""Has two networks learn side by side in the lab's worker, and tells how they stand."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from mnistviz.engine.digits import Digits
from mnistviz.engine.ideas.binary_outputs import OutputRace, race
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.widgets import problem_sentence
from mnistviz.gui.lab.jobs import Cancelled, Jobs, details

_KEY: Final = "binary_outputs_race"


class Racing(QObject):
    """One race at a time. Nothing is told of one that was cancelled."""

    stands = Signal(object)  # a Race, while it goes on
    over = Signal(object)  # the Race
    failed = Signal(str)  # why

    _told = Signal(int, object)  # from the worker's thread: the number of the race, and how it stands

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs, self._number = jobs, 0
        self._told.connect(self._on_told)

    @property
    def is_on(self) -> bool:
        """Whether networks learn."""
        return self._jobs.is_open(_KEY)

    def begin(self, settings: Settings, digits: Digits, epochs: int) -> None:
        """Begins a race; see `race`."""
        self._number += 1
        tell = partial(self._told.emit, self._number)

        def work(cancelled: Cancelled) -> OutputRace | None:
            return race(settings, digits, epochs, tell, cancelled)

        self._jobs.ask(_KEY, work, self._on_over, self._on_failed)

    def cancel(self) -> None:
        self._jobs.withdraw(_KEY)
        self._number += 1

    def _on_told(self, number: int, stands: OutputRace) -> None:
        if number == self._number and self.is_on:
            self.stands.emit(stands)

    def _on_over(self, found: OutputRace | None) -> None:
        if found is not None:
            self.over.emit(found)

    def _on_failed(self, error: Exception) -> None:
        self.failed.emit(problem_sentence(error) if isinstance(error, Problem) else details(error))
