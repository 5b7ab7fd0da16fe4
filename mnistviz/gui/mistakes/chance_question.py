"""Ask whether the difference between two runs is more than chance."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from mnistviz.engine.verdicts import Verdict, compare_digits
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.mistakes.two_readings import TwoReadings

_KEY = "more than chance"
_MOST_KNOWN = 20  # verdicts in the cache

_About = tuple[int | None, int, int, int, int, str]
"""The step where two runs went apart, their numbers, the steps where they are compared, and the set."""
Pair = tuple[RunFacts, RunFacts, int | None, TwoReadings]
"""Runs A and B, the step where they went apart, None if they share nothing, and what both predict."""


class ChanceQuestion:
    """One test of significance at a time; verdicts are cached."""

    def __init__(self, lab: Lab, answered: Callable[[], object]) -> None:
        """`answered` is called when there is a verdict, progress or a failure."""
        self._lab, self._notify = lab, answered
        self._known: dict[_About, Verdict] = {}
        self._asked: _About | None = None
        self.progress = (0, 0)
        self.has_failed = False

    @property
    def is_open(self) -> bool:
        return self._lab.mistakes.is_open(_KEY)

    def answer(self, pair: Pair) -> Verdict | None:
        """Return the verdict on a pair, or None if it was not asked for."""
        return self._known.get(_about(pair))

    def ask(self, pair: Pair) -> None:
        """Test a pair. One that shares its past is trained in other orders of the digits, in a job; any other is tested
        at once, by the digits that only one of both predicts correctly."""
        self.progress, self.has_failed = (0, 0), False
        self._asked = about = _about(pair)
        a, b, fork, two = pair
        then = partial(self._on_answer, about)
        if fork is None:
            groups = two.groups
            then(compare_digits(len(groups.only_b_wrong), len(groups.only_a_wrong), groups.of))
        else:
            evaluations = two.a.found, two.b.found
            self._lab.mistakes.chance(
                _KEY, (a, b), evaluations, fork, then, self._on_failure, self._on_progress
            )

    def follow(self, pair: Pair | None) -> None:
        """Cancel a test of any pair but this one."""
        if self.is_open and (pair is None or self._asked != _about(pair)):
            self.cancel()

    def cancel(self) -> bool:
        """Cancel the test. Return False if none is under way."""
        if not self.is_open:
            return False
        self._lab.mistakes.withdraw(_KEY)
        self._notify()
        return True

    def _on_answer(self, about: _About, verdict: Verdict) -> None:
        self._known[about] = verdict
        for oldest in list(self._known)[:-_MOST_KNOWN]:
            del self._known[oldest]
        self._notify()

    def _on_failure(self, error: Exception) -> None:
        self.has_failed = True
        self._notify()

    def _on_progress(self, done: int, of: int) -> None:
        self.progress = done, of
        self._notify()


def _about(pair: Pair) -> _About:
    a, b, fork, two = pair
    return fork, a.number, b.number, two.a.found.step, two.b.found.step, two.a.found.set
