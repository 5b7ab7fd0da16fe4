"""Requests that take a while: each is a job that reports its progress and yields Python's lock to the training."""

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

SLICE = PAUSE = 0.004  # seconds: long work yields Python's lock to the training after so long
REPORT_EVERY = 0.1  # seconds between two reports of progress

Progress = Callable[[int, int], object]
"""Gets the amount done, and the total."""
Failed = Callable[[Exception], object]
T = TypeVar("T")


class Questions(QObject):
    """Jobs with progress. The newest request of a key counts; a withdrawn one calls nothing any more."""

    _progressed = Signal(str, object, int, int)  # key, callback, done, total

    def __init__(self, jobs: Jobs, parent: QObject, learns: Callable[[], bool] = lambda: True) -> None:
        """`learns()`, called by the workers, returns whether a network trains now."""
        super().__init__(parent)
        self._learns = learns
        self.jobs = jobs
        """`withdraw(key)` cancels a request: nothing will be called."""
        self._progress: dict[str, Progress | None] = {}  # of the newest request of each key
        self._progressed.connect(self._on_progress)

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
        """Let a worker call `work(cancelled, tell)`, then `then` in the GUI thread with its result, or `failed` with
        its exception. The work calls `cancelled()` and `tell(done, of)` as often as it likes: `progress` is called ten
        times a second. While a network trains, work that is not `quick` pauses briefly in `cancelled()`."""
        self._progress[key] = progress
        reported = time.monotonic()

        def tell(done: int, of: int) -> None:
            nonlocal reported
            now = time.monotonic()
            if now - reported >= REPORT_EVERY:
                reported = now
                self._progressed.emit(key, progress, done, of)

        def answer(cancelled: Cancelled) -> T:
            return work(cancelled if quick else _yielding(cancelled, self._learns), tell)

        self.jobs.ask(key, answer, then, failed, quick=quick)

    @Slot(str, object, int, int)
    def _on_progress(self, key: str, progress: Progress | None, done: int, of: int) -> None:
        if progress is not None and self.jobs.is_open(key) and self._progress[key] is progress:
            progress(done, of)


class ViewQuestions:
    """Requests of views. Of each key the newest request counts; `withdraw` cancels one, and then nothing is called any
    more. A request gets immutable values, so a run may train meanwhile."""

    def __init__(self, questions: Questions, digits: Callable[[], Digits | None]) -> None:
        self._questions, self._digits = questions, digits
        self.jobs = questions.jobs

    def withdraw(self, key: str) -> None:
        self.jobs.withdraw(key)

    def is_open(self, key: str) -> bool:
        """Return True if a result for the key is pending."""
        return self.jobs.is_open(key)

    def _recorded(
        self, key: str, run: RunFacts, failed: Failed, step: int | None = None
    ) -> RecordedRun | None:
        """Return the record from which an open run is replayed. If the run is closed, or has no such `step`, `failed`
        is called at once, and the result is None."""
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


def _yielding(cancelled: Cancelled, learns: Callable[[], bool]) -> Cancelled:
    """Return `cancelled`, but yielding Python's lock to the training after each slice of work."""
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
    """Return the record from which an open run is replayed, or None if it is closed or has no news yet."""
    if run.record is None or run.moment is None or digits is None:
        return None
    return RecordedRun(run.record, run.moment.initial, digits)
