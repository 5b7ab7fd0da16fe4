"""Questions that take a while, each answered in a job that tells how far it is and leaves the lock to what learns."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.digits import Digits
from mnistviz.engine.replay import reachable
from mnistviz.engine.trials import RecordedRun
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.shown import RunFacts

SLICE = PAUSE = 0.004  # seconds: long work goes on for so long, and then leaves Python's lock to what learns
TOLD_EVERY = 0.1  # seconds between two reports of how far it is

Progress = Callable[[int, int], object]
"""Is told how much is done, of how much."""
Failed = Callable[[Exception], object]
T = TypeVar("T")


class Questions(QObject):
    """Jobs with progress. The newest question of a key counts; one that was withdrawn tells nothing any more."""

    _told = Signal(str, object, int, int)  # key, whom to tell, done, of how much

    def __init__(self, jobs: Jobs, parent: QObject, learns: Callable[[], bool] = lambda: True) -> None:
        """`learns()`, asked by the workers, says whether a network learns now."""
        super().__init__(parent)
        self._learns = learns
        self.jobs = jobs
        """`withdraw(key)` takes a question back: nothing will be called."""
        self._progress: dict[str, Progress | None] = {}  # of the newest question of each key
        self._told.connect(self._tell)

    def ask(
        self,
        key: str,
        work: Callable[[Cancelled, Progress], T],
        then: Callable[[T], object],
        failed: Failed,
        progress: Progress | None = None,
        *,
        quick: bool = False,
    ) -> None:
        """Has `work(cancelled, tell)` called by a worker, and `then` in the window's thread with what it returns, or
        `failed` with what it raises. The work asks `cancelled()` and calls `tell(done, of)` as often as it likes:
        `progress` is told ten times a second. Work that is not `quick` pauses now and then as it asks, as long as a
        network learns."""
        self._progress[key] = progress
        told = time.monotonic()

        def tell(done: int, of: int) -> None:
            nonlocal told
            now = time.monotonic()
            if now - told >= TOLD_EVERY:
                told = now
                self._told.emit(key, progress, done, of)

        def answer(cancelled: Cancelled) -> T:
            return work(cancelled if quick else _giving_way(cancelled, self._learns), tell)

        self.jobs.ask(key, answer, then, failed, quick=quick)

    @Slot(str, object, int, int)
    def _tell(self, key: str, progress: Progress | None, done: int, of: int) -> None:
        if progress is not None and self.jobs.is_open(key) and self._progress[key] is progress:
            progress(done, of)


class ViewQuestions:
    """Asks in the name of views. Of each key the newest question counts; `withdraw` takes one back, and then nothing is
    called any more. What a question is about is handed over as a value, so a run may learn on meanwhile."""

    def __init__(self, questions: Questions, digits: Callable[[], Digits | None]) -> None:
        self._questions, self._digits = questions, digits
        self.jobs = questions.jobs

    def withdraw(self, key: str) -> None:
        self.jobs.withdraw(key)

    def is_open(self, key: str) -> bool:
        """Whether something is still to be called."""
        return self.jobs.is_open(key)

    def _recorded(
        self, key: str, run: RunFacts, failed: Failed, step: int | None = None
    ) -> RecordedRun | None:
        """What the moments of an open run are replayed from. Where it is closed, or has no such `step`, the question
        fails at once."""
        recorded = recorded_run(run, self._digits())
        if recorded is None:
            why_not = f"run {run.number} is closed"
        elif step is not None and reachable(recorded.record, step) != step:
            why_not = f"run {run.number} has no step {step}"
        else:
            return recorded
        self.withdraw(key)
        failed(ValueError(why_not))
        return None


def _giving_way(cancelled: Cancelled, learns: Callable[[], bool]) -> Cancelled:
    """`cancelled`, which leaves Python's lock to what learns for a moment after each slice of work."""
    begun = time.monotonic()

    def asked() -> bool:
        nonlocal begun
        if time.monotonic() - begun >= SLICE:
            if learns():
                time.sleep(PAUSE)
            begun = time.monotonic()
        return cancelled()

    return asked


def recorded_run(run: RunFacts, digits: Digits | None) -> RecordedRun | None:
    """What any of the moments of an open run is replayed from; None where it is closed or has no news yet."""
    if run.record is None or run.moment is None or digits is None:
        return None
    return RecordedRun(run.record, run.moment.initial, digits)
