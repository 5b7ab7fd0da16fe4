"""Keeps the networks of runs unasked: those of the open ones as they go on, and that of each run that is closed."""

from __future__ import annotations

import time
import weakref
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from mnistviz.engine.digits import Digits
from mnistviz.engine.files import remove_leftovers
from mnistviz.engine.moment import Moment
from mnistviz.engine.problems import Problem
from mnistviz.engine.storage import about_run
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.kept_runs import MOST, KeptRun, KeptRuns, RunSlot
from mnistviz.gui.lab.run_names import made_name
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.lab.writer import Writer

WHILE_LEARNING = 25_000
"""Milliseconds between two times: with the writing itself, a killed program loses half a minute at most."""
AT_REST = 300
"""Milliseconds after which a run that rests is kept: by then it is evaluated, and clicks in a row count once."""


@dataclass(frozen=True)
class Trouble:
    """Why the run of a number and a letter can't be kept."""

    number: int
    letter: str
    reason: str


@dataclass(eq=False)
class _Followed:
    """A run, its slot, and the run as it was when its weights were numbers last. Where it `has_news`, it is to be kept
    when it is `due`, in seconds of the monotonic clock. One that has `ended` is followed until it is kept."""

    run: RunFacts
    digits: Digits
    slot: RunSlot
    finite: RunFacts | None = None
    has_news: bool = False
    due: float = 0.0
    ended: bool = False


class Keeper(QObject):
    """Follows the open runs and knows the earlier ones. All that it reads and writes, others do for it."""

    changed = Signal()  # the earlier runs
    trouble_changed = Signal()

    def __init__(self, folder: Path, writer: Writer, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self.kept = KeptRuns(folder)
        self.runs: list[KeptRun] = []
        """The earlier runs, the newest first, as far as is known here."""
        self.troubles: dict[int, Trouble] = {}
        """Of the runs that can't be kept, by their numbers."""
        self._writer = writer
        self._jobs = jobs
        self._followed: dict[int, _Followed] = {}  # by the numbers of the runs
        self._slots: dict[int, RunSlot] = {}
        self._kept: dict[int, tuple[weakref.ref[Moment], str]] = {}  # as they were when they ended last
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._keep)

    def start(self, last_run: Path) -> None:
        """Tidies up what a killed program left, takes over the file of version 0.1, and lists the earlier runs."""

        def work() -> None:
            remove_leftovers(last_run.parent)
            remove_leftovers(self.kept.folder)
            self.kept.adopt(last_run)

        self._writer.write(work, lambda error: self.refresh())

    def refresh(self) -> None:
        """Looks for the earlier runs; `changed` follows if they are others than before."""
        self._jobs.ask("earlier runs", lambda cancelled: self.kept.runs(), self._on_listed, self._on_unlisted)

    def touch(self, path: Path) -> bool:
        """Whether `path` is a kept run; then it was opened, and is the last that must give way to others."""
        if path.parent != self.kept.folder:
            return False
        self._writer.write(partial(self.kept.touch, path))
        return True

    def follow(self, run: RunFacts, digits: Digits) -> None:
        """To be called when there is news of an open run."""
        followed = self._of(run, digits)
        if not followed.has_news:
            followed.has_news = True
            followed.due = time.monotonic() + WHILE_LEARNING / 1_000
        if not run.playing:
            followed.due = min(followed.due, time.monotonic() + AT_REST / 1_000)
        self._wait()

    def end(self, run: RunFacts, digits: Digits) -> None:
        """Keeps a run that ends, so that it can be gone back to."""
        followed = self._of(run, digits)
        followed.ended = True
        del self._followed[run.number]
        if followed.finite is not None and followed.finite.moment is not None:
            kept = weakref.ref(followed.finite.moment), run.name
            if self._kept.get(run.number) != kept:
                self._kept[run.number] = kept
                self._write(followed)

    def close(self) -> None:
        """Tries once more to keep the runs that have ended and are not kept."""
        for followed in list(self._followed.values()):
            if followed.ended:
                self._write(followed)

    def _of(self, run: RunFacts, digits: Digits) -> _Followed:
        followed = self._followed.get(run.number)
        if followed is None:
            slot = self._slots.get(run.number) or RunSlot(self.kept.folder)
            followed = self._followed[run.number] = _Followed(run, digits, slot)
            self._slots[run.number] = slot  # the same one, if it is opened again
        followed.run, followed.ended = run, False
        if not run.diverged:
            followed.finite = run
        return followed

    def _wait(self) -> None:
        due = [followed.due for followed in self._followed.values() if followed.has_news]
        if due:
            wait = max(0, round(1_000 * (min(due) - time.monotonic())))
            if not self._timer.isActive() or self._timer.remainingTime() > wait:
                self._timer.start(wait)

    def _keep(self) -> None:
        now = time.monotonic() + 0.02  # those that are nearly due, too
        for followed in list(self._followed.values()):
            if followed.has_news and followed.due <= now:
                followed.has_news = False
                self._write(followed)
        self._wait()

    def _write(self, followed: _Followed) -> None:
        """Writes what the run is now: the moment is fixed at the call, however long the writing waits."""
        slot, kept, finite, ends = followed.slot, self.kept, followed.finite, followed.ended
        moment = None if finite is None else finite.moment
        if moment is None or moment.step == 0:
            return  # nothing was learned
        about = _about(Shown(followed.digits, finite, moment), followed.run)

        def work() -> None:
            try:
                slot.write(moment.network, about)
            finally:
                if ends:
                    slot.release()
                    kept.tidy()

        self._writer.write(work, partial(self._on_written, followed, ends), slot=slot.path)

    def _on_written(self, followed: _Followed, ended: bool, error: Exception | None) -> None:
        number, before = followed.run.number, dict(self.troubles)
        is_followed = self._followed.get(number, followed) is followed  # not, if it was opened again
        has_ended = followed.ended and is_followed
        if error is None:
            self.troubles.pop(number, None)
            if has_ended:
                self._followed.pop(number, None)
        elif not _has_diverged(error):  # its newest finite network is kept already
            self.troubles[number] = Trouble(number, followed.run.letter, _reason(error))
            if has_ended:
                self._try_again(number, followed)
        if self.troubles != before:
            self.trouble_changed.emit()
        if ended:
            self.refresh()

    def _try_again(self, number: int, followed: _Followed) -> None:
        """Follows a run that has ended until it is kept. Of more than there are places for the oldest are given up."""
        self._kept.pop(number, None)
        self._followed[number] = followed
        followed.has_news, followed.due = True, time.monotonic() + WHILE_LEARNING / 1_000
        for lost in [number for number, each in self._followed.items() if each.ended][:-MOST]:
            del self._followed[lost]
            self.troubles.pop(lost, None)
        self._wait()

    def _on_listed(self, runs: list[KeptRun]) -> None:
        if runs != self.runs:
            self.runs = runs
            self.changed.emit()

    def _on_unlisted(self, error: Exception) -> None:
        """The list stays as it was; the log says why."""


def describe_run(shown: Shown) -> dict[str, object]:
    """What the file of the network shown says of its run: what had been measured by then."""
    digits, run, moment = shown.digits, shown.run, shown.moment
    assert digits is not None
    assert run is not None
    assert moment is not None
    sizes = digits.sizes(run.settings)
    right: dict[str, tuple[int, int]] = {
        name: (round(found.accuracy * (found.part or sizes[name])), found.part or sizes[name])
        for name, found in shown.measured.items()
        if found.count == 1  # the mean of several says of none how many were right
    }
    return about_run(moment.settings, digits, moment.step, moment.digits, right, run.origin)


def _about(shown: Shown, run: RunFacts) -> dict[str, object]:
    """The same, with what the list of earlier runs needs to know."""
    validation = shown.measured.get("validation")
    return {
        **describe_run(shown),
        "called": run.name or (made_name(run) if run.parent is not None else ""),
        "measured_at": None if validation is None else validation.step,
    }


def _has_diverged(error: Exception) -> bool:
    return isinstance(error, Problem) and error.code == "network_diverged"


def _reason(error: Exception) -> str:
    if isinstance(error, Problem):
        return str(error.values.get("reason", error.code))
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
