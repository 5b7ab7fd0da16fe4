"""Asks how many digits chance lets a run read otherwise, beside how many two runs read differently."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal

from mnistviz.engine.mistakes.chance import ChanceCounts
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.mistakes.two_readings import TwoReadings

_KEY = "more than chance"
_MOST_KNOWN = 20  # answers that are remembered

_About = tuple[int, int, int, str]
"""A run by its number, from which step its copies part, the step where they are counted, and the set."""


class ChanceQuestion(QObject):
    """One question at a time; what was answered is remembered."""

    answered = Signal()
    """There is an answer, or how far it is, or that there is none."""

    def __init__(self, lab: Lab, parent: QObject) -> None:
        super().__init__(parent)
        self._lab = lab
        self._known: dict[_About, ChanceCounts] = {}
        self._asked: tuple[_About, str] | None = None  # with the name of B
        self.progress = (0, 0)
        self.has_failed = False

    @property
    def is_open(self) -> bool:
        return self._lab.mistakes.is_open(_KEY)

    def answer(self, a: RunFacts, fork: int, two: TwoReadings) -> ChanceCounts | None:
        """What is known of copies of run A that part from it at a step."""
        return self._known.get(_about(a, fork, two))

    def ask(self, a: RunFacts, fork: int, two: TwoReadings) -> None:
        """Has the copies trained."""
        self.progress, self.has_failed = (0, 0), False
        self._asked = _about(a, fork, two), two.b.name
        then = partial(self._on_answer, _about(a, fork, two))
        self._lab.mistakes.chance(_KEY, a, two.a.found, fork, then, self._on_failure, self._on_progress)

    def follow(self, pair: tuple[RunFacts, int, TwoReadings] | None) -> None:
        """Gives up a question about others than those that are compared now."""
        if self.is_open and (pair is None or self._asked != (_about(*pair), pair[2].b.name)):
            self.cancel()

    def cancel(self) -> bool:
        """Gives it up; False if there is nothing to give up."""
        if not self.is_open:
            return False
        self._lab.mistakes.withdraw(_KEY)
        self.answered.emit()
        return True

    def _on_answer(self, about: _About, found: ChanceCounts) -> None:
        self._known[about] = found
        for oldest in list(self._known)[:-_MOST_KNOWN]:
            del self._known[oldest]
        self.answered.emit()

    def _on_failure(self, error: Exception) -> None:
        self.has_failed = True
        self.answered.emit()

    def _on_progress(self, done: int, of: int) -> None:
        self.progress = done, of
        self.answered.emit()


def _about(a: RunFacts, fork: int, two: TwoReadings) -> _About:
    return a.number, fork, two.a.found.step, two.a.found.set
