"""Keeps the session unasked: all runs as they go on, and what is open, chosen and shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.experiment_file import KEPT_BYTES
from mnistviz.engine.experiment.saved import Experiment, SavedRun
from mnistviz.engine.history import History
from mnistviz.engine.problems import Problem
from mnistviz.engine.run_content import RunContent
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.lab.kept_runs import KeptRun, described
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind, RunComposed, RunEnded
from mnistviz.gui.lab.saved_facts import describe_content, saved_run
from mnistviz.gui.lab.session_rule import NOT_OPENED, is_closed
from mnistviz.gui.lab.session_store import SessionFolder, SessionNote, SessionStore, now_as_text
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.lab.writer import Writer

WHILE_LEARNING = 25_000
"""Milliseconds between two times: with the writing itself, a killed program loses half a minute at most."""
AT_REST = 300
"""Milliseconds after which a run that rests is kept: by then it is evaluated, and clicks in a row count once."""
SHOWN_AFTER = 1_000
"""Milliseconds after which what is shown is kept."""
BETWEEN = 30
"""Milliseconds between two runs: each costs the worker a moment."""


@dataclass(frozen=True)
class Trouble:
    """Why the run of a number and a letter can't be kept."""

    number: int
    letter: str
    reason: str


@dataclass(frozen=True, eq=False)
class _Version:
    """What is kept of a run: its history, which is another one whenever anything was learned, read or done, and what
    else there is."""

    history: History
    rest: tuple[object, ...]

    @classmethod
    def of(cls, run: RunFacts | SavedRun, history: History, judged: int, *, stopped: bool) -> _Version:
        is_on = run.on and not (isinstance(run, RunFacts) and run.closed)
        look = run.letter, run.name, run.hue, run.about, is_on, run.hidden
        return cls(history, (judged, stopped, run.bands, run.stories, *look))

    def is_same(self, other: _Version) -> bool:
        """Whether nothing has changed in between."""
        return self.history is other.history and self.rest == other.rest


@dataclass(eq=False)
class _Kept:
    """A run and its number in the session. `version` is what was written last, or waits for the writer; None where that
    failed. Where it `has_news`, it is to be kept when it is `due`, in seconds of the monotonic clock. `waiting` is what
    is not on the disk yet, and `is_there` says whether anything is."""

    number: int
    digits: Digits
    about: Mapping[str, Any] = field(default_factory=dict)
    version: _Version | None = None
    is_there: bool = False
    leaves: bool = False
    """Whether it was closed, and what it has come to is still on its way."""
    has_news: bool = False
    due: float = 0.0
    waiting: tuple[SavedRun, _Version] | None = None


class SessionKeeper(QObject):
    """Follows the open runs of a lab. The worker hands them over, one at a time, and the writer writes them."""

    def __init__(self, store: SessionStore, writer: Writer, lab: Lab, parent: QObject) -> None:
        super().__init__(parent)
        self.store = store
        self.session = store.new()
        self.view: Callable[[], Mapping[str, Any]] = dict
        """What the window shows, in values that JSON can hold."""
        self.place: Callable[[], str] = str
        """Where the digits of now are from; empty for the bundled ones."""
        self.looked: Callable[[], object] = lambda: None
        """What the window does once something that is shown may have changed."""
        self.show_troubles: Callable[[], object] = lambda: None
        self.troubles: dict[int, Trouble] = {}
        """Of the runs that can't be kept, by their numbers."""
        self._writer, self._lab = writer, lab
        self.numbers: dict[int, int] = {}
        """The numbers in the session by those in the lab, also of runs that others branched off and that are gone."""
        self._runs: dict[int, _Kept] = {}  # by their numbers in the lab
        self._others: list[
            Mapping[str, Any]
        ] = []  # runs that the lab does not know, the one closed last at the end
        self._order = 0  # none yet
        self._count = 0  # runs that the session has had
        self._note: SessionNote | None = None  # as it was written last
        self._note_due: float | None = None
        self._last_view: Mapping[str, Any] | None = None  # as the window closed
        self._timer = new_timer(self, self._keep)
        lab.listen(ChangeKind.RUNS, self.touch)
        lab.listen(RunEnded, self._on_ended)
        lab.listen(RunComposed, self._on_composed)

    # What is followed

    def _on_ended(self, change: RunEnded) -> None:
        self.follow(change.run, change.digits)

    def follow(self, run: RunFacts, digits: Digits) -> None:
        """To be called when there is news of a run."""
        kept = self._of(run, digits)
        kept.leaves = run.closed
        if run.closed:
            return  # what it has come to follows by itself
        now = time.monotonic()
        if not kept.has_news:
            kept.has_news, kept.due = True, now + WHILE_LEARNING / 1_000
        if not run.playing:
            kept.due = min(kept.due, now + AT_REST / 1_000)
        self._wait()

    def touch(self) -> None:
        """To be called when something else may have changed: what is chosen, shown or drawn, or the name of a run."""
        if self._note_due is None:
            self._note_due = time.monotonic() + SHOWN_AFTER / 1_000
            self._wait()

    def take_up(
        self, session: SessionFolder, note: SessionNote, runs: Sequence[SavedRun], digits: Digits
    ) -> None:
        """Goes on with a session, of which these runs are those of the lab now, in the same order."""
        self._begin(session)
        abouts = {about["number"]: about for about in note.runs}
        self._note, self._count = note, max([*session.numbers(), *abouts], default=0)
        there, kept_runs = {run.number for run in runs}, self._lab.runs.open
        self._others = [each for each in note.runs if each["number"] not in there]
        for saved, run in zip(runs, kept_runs, strict=True):
            self._go_on_with(run, saved, digits, abouts.get(saved.number, {}))
        self.touch()

    def _go_on_with(self, run: RunFacts, saved: SavedRun, digits: Digits, about: Mapping[str, Any]) -> None:
        """A run of the lab is what was kept, so far."""
        content = saved.content
        version = _Version.of(saved, content.history, len(content.record.judged), stopped=content.stopped)
        self._runs[run.number] = _Kept(saved.number, digits, about, version, is_there=True)
        self.numbers[run.number] = saved.number
        if run.parent is not None and saved.fork is not None:
            for (here, *_), (there, *_) in zip(run.parent.line, saved.fork.line, strict=True):
                self.numbers[here] = there

    def begin_anew(self) -> None:
        """Goes on with a session of its own, in which nothing is kept yet."""
        self._begin(self.store.new())

    def _begin(self, session: SessionFolder) -> None:
        self.session, self._order, self._count = session, 0, 0
        self.numbers = {}
        self._runs, self._others, self._note, self._note_due = {}, [], None, None
        self._set_troubles({})

    def _of(self, run: RunFacts, digits: Digits) -> _Kept:
        kept = self._runs.get(run.number)
        if kept is None:
            self._count += 1
            kept = self._runs[run.number] = _Kept(self._count, digits)
            self.numbers[run.number] = self._count
        kept.digits = digits
        return kept

    # Keeping

    def _wait(self) -> None:
        due = [kept.due for kept in self._runs.values() if kept.has_news]
        if self._note_due is not None:
            due.append(self._note_due)
        if due:
            wait = max(0, round(1_000 * (min(due) - time.monotonic())))
            if not self._timer.isActive() or self._timer.remainingTime() > wait:
                self._timer.start(wait)

    def _keep(self) -> None:
        """Asks for one of the runs that are due; where none is, what is shown is kept."""
        now = time.monotonic() + 0.02  # what is nearly due, too
        if self._note_due is not None and self._note_due <= now:
            self.looked()
        if not self._is_worth_it():
            self._note_due = None
            return  # until something is learned
        if self._note is None:
            self._keep_note()  # which says that there is a session
        for number, kept in list(self._runs.items()):
            if kept.has_news and kept.due <= now:
                kept.has_news = False
                if self._ask(number, kept):
                    self._timer.start(BETWEEN)
                    return
        if self._note_due is not None and self._note_due <= now:
            self._look_for_news()
            self._keep_note()
        self._wait()

    def _look_for_news(self) -> None:
        """Finds runs at rest that are called or shown otherwise by now."""
        for run in self._lab.runs.open:
            kept = self._runs.get(run.number)
            if kept is not None and kept.version is not None and not run.playing and _has_news(run, kept):
                self.follow(run, kept.digits)

    def _is_worth_it(self) -> bool:
        """Whether there is a session, or something was learned or done by hand: also in a run that was closed
        meanwhile, and in one of a file, which is known by its curves before it is there."""
        runs = (*self._lab.runs.open, *self._lab.runs.closed)
        if self._note is not None or self._lab.stand_in is not None:
            return True
        return any(run.has_learned or run.history.costs.size or run.history.interventions for run in runs)

    def _ask(self, number: int, kept: _Kept) -> bool:
        """Has a run kept, if there is news of it."""
        run = self._lab.runs.find(number)
        if (run is None or run.closed) and kept.waiting is not None and kept.version is None:
            self._write(number, kept, *kept.waiting)
            return True
        if run is None or run.closed or run.failed or not _has_news(run, kept):
            return False
        self._lab.experiment.compose(number)
        return True

    def _on_composed(self, change: RunComposed) -> None:
        run, content = change.run, change.content
        kept = self._runs.get(run.number)
        if kept is not None:
            self._take(run, kept, content)
            self.touch()

    def _take(self, run: RunFacts, kept: _Kept, content: RunContent) -> None:
        kept.leaves = False
        fork = run.parent
        if fork is not None:
            fork = fork.renumbered(lambda number: self.numbers.get(number, 0))
        saved = replace(saved_run(run, content), number=kept.number, fork=fork)
        about = describe_content(run, content, kept.digits)
        kept.about = {"number": kept.number, "kept": now_as_text(), **about}
        judged = len(content.record.judged)
        version = _Version.of(run, content.history, judged, stopped=content.stopped)
        self._write(run.number, kept, saved, version)

    def _write(self, number: int, kept: _Kept, saved: SavedRun, version: _Version) -> None:
        session, digits = self.session, kept.digits
        most = KEPT_BYTES // max(1, len(self._lab.runs.open))
        kept.waiting, kept.version = (saved, version), version
        self._writer.write(
            partial(session.write_run, saved, digits, most),
            partial(self._on_written, number, kept, version),
            slot=session.run_path(saved.number),
        )

    def _on_written(self, number: int, kept: _Kept, version: _Version, error: Exception | None) -> None:
        if self._runs.get(number) is not kept:
            return  # another session goes on
        troubles = dict(self.troubles)
        if error is None:
            kept.is_there = True
            if kept.version is version:
                kept.waiting = None
            troubles.pop(number, None)
        else:
            troubles[number] = Trouble(number, str(kept.about.get("letter", "")), _reason(error))
            self._try_again(number, kept)
        self._set_troubles(troubles)

    def _try_again(self, number: int, kept: _Kept) -> None:
        """Keeps a run later: one that is closed as it was, an open one as it is then."""
        run = self._lab.runs.find(number)
        if run is not None and not run.closed:
            kept.waiting = None
        kept.version = None
        kept.has_news, kept.due = True, time.monotonic() + WHILE_LEARNING / 1_000
        self._wait()

    def _set_troubles(self, troubles: dict[int, Trouble]) -> None:
        if troubles != self.troubles:
            self.troubles = troubles
            self.show_troubles()

    # What is shown

    def _keep_note(self, *, current: bool = True) -> None:
        self._note_due = None
        note = self._made_note(current=current)
        if note == self._note:
            return
        self._note = note
        session, lost = self.session, list[int]()
        expected = {kept.number for kept in self._runs.values() if kept.is_there}

        def work() -> None:
            lost.extend(expected.difference(session.numbers()))
            session.write_note(note)

        self._writer.write(work, partial(self._on_note_written, note, lost), slot=session.path)

    def _on_note_written(self, note: SessionNote, lost: list[int], error: Exception | None) -> None:
        """Forgets the runs that were deleted. Where the folder has vanished, what was in it is kept again."""
        self._others = [each for each in self._others if each["number"] not in self.session.deleted]
        if error is not None and self._note is note:
            self._note = None
        for number, kept in self._runs.items():
            run = self._lab.runs.find(number)
            if kept.number in lost and run is not None:
                kept.version, kept.is_there = None, False
                self.follow(run, kept.digits)

    def _made_note(self, *, current: bool) -> SessionNote:
        lab = self._lab
        self._let_go()
        self._order = self._order or self.store.next_order()
        selected = None if lab.run is None else self._runs.get(lab.run.number)
        runs = [*self._others]
        closed = {run.number: place for place, run in enumerate(reversed(lab.runs.closed), start=1)}
        # open ones as their lanes, whichever had news first
        for number, kept in sorted(self._runs.items(), key=lambda each: (closed.get(each[0], 0), each[0])):
            if kept.about:
                runs.append({**kept.about, "closed": number in closed or lab.runs.find(number) is None})
        return SessionNote(
            order=self._order,
            current=current,
            selected=0 if selected is None else selected.number,
            place=self.place(),
            view=self.view() if self._last_view is None else self._last_view,
            runs=tuple(runs),
        )

    def _let_go(self) -> None:
        """Leaves the runs that the lab has forgotten to the disk."""
        for number, kept in list(self._runs.items()):
            if self._lab.runs.find(number) is None and kept.waiting is None:
                del self._runs[number]
                if kept.about:
                    self._others.append({**kept.about, "closed": True})

    # Sessions come and go

    def retire(self, then: Callable[[SessionFolder | None, bool], object]) -> None:
        """Keeps all open runs and leaves the session to the earlier ones. `then` is told which it was, None where there
        was nothing to keep, and whether all is written; if not, the session goes on."""
        self._lab.experiment.gather(partial(self._retire, then, again=True))

    def _retire(
        self, then: Callable[[SessionFolder | None, bool], object], experiment: Experiment, *, again: bool
    ) -> None:
        digits = self._lab.digits
        if not self._is_worth_it() or digits is None:
            then(None, True)
            return
        self._timer.stop()
        for saved in experiment.runs:
            run = self._lab.runs.find(saved.number)
            if run is not None and _has_news(run, self._of(run, digits)):
                self._take(run, self._of(run, digits), saved.content)
        self._order = 0  # a new one: it was used last
        self._keep_note(current=False)
        self._writer.write(lambda: None, lambda _: self._on_retired(then, again=again))

    def _on_retired(self, then: Callable[[SessionFolder | None, bool], object], *, again: bool) -> None:
        if self.troubles or self._note is None:
            self.touch()  # it goes on
            then(None, False)
            return
        if again and any(self._is_news(run) for run in self._lab.runs.open):
            self._lab.experiment.gather(
                partial(self._retire, then, again=False)
            )  # the disk was slow, and the hand quick
            return
        self._timer.stop()
        self.session.release()
        then(self.session, True)
        self._writer.write(self.store.tidy)

    def _is_news(self, run: RunFacts) -> bool:
        kept = self._runs.get(run.number)
        return kept is None or _has_news(run, kept)

    @property
    def would_lose(self) -> bool:
        """Whether closing would lose what a run has learned: it can't be kept, or nothing can."""
        news = any(run.has_learned and self._is_news(run) for run in self._lab.runs.open)
        return bool(self.troubles) or (news and self.session.is_read_only)

    def closed_runs(self) -> list[KeptRun]:
        """The closed runs of this session that only the disk knows, the newest first."""
        closed = [each for each in self._others if is_closed(each) and NOT_OPENED not in each]
        found = [described(self.session.run_path(each["number"]), each.get("sizes"), each) for each in closed]
        return [run for run in reversed(found) if run is not None]

    def reopened(self, path: Path, saved: SavedRun) -> None:
        """A closed run of this session was opened again, and is the newest run of the lab."""
        about = next((each for each in self._others if self.session.run_path(each["number"]) == path), None)
        digits = self._lab.digits
        if about is not None and digits is not None:
            self._others.remove(about)
            self._go_on_with(self._lab.runs.open[-1], saved, digits, about)
            self.touch()

    # The end

    def remember_view(self) -> None:
        """The lab is about to close, and leaves the past."""
        self._last_view = self.view()

    def close(self) -> None:
        """Keeps all as it is once nothing is learned any more. The writer must be closed after it, then `release`."""
        self._timer.stop()
        if not self._is_worth_it():
            return
        contents = self._lab.experiment.contents()
        for run in (*self._lab.runs.open, *self._lab.runs.closed):
            if run.number in contents and not run.failed and self._lab.digits is not None:
                kept = self._runs.get(run.number) or self._of(run, self._lab.digits)
                if kept.leaves or (_has_news(run, kept) and not run.closed):
                    self._take(run, kept, contents[run.number])
        for number, kept in self._runs.items():
            if kept.waiting is not None and kept.version is None:
                self._write(number, kept, *kept.waiting)
        self._order = 0  # a new one: the next start takes up what was closed last
        self._keep_note()

    def release(self) -> None:
        """Leaves the session to the next window."""
        self.session.end_start()
        self.session.release()


def _has_news(run: RunFacts, kept: _Kept) -> bool:
    """Whether a run is not on the disk as it is. Of one that is still being made nothing is known to have changed."""
    if kept.version is None:
        return True
    if run.record is None:
        return False
    version = _Version.of(run, run.history, len(run.record.judged), stopped=run.stopped)
    return not kept.version.is_same(version)


def _reason(error: Exception) -> str:
    if isinstance(error, Problem):
        return str(error.values.get("reason", error.code))
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
