"""Automatic saving of the session: all runs as they train, and what is open, chosen and shown."""

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self

from msgspec import Struct, field
from msgspec.structs import replace
from PySide6.QtCore import QObject

from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.experiment_file import KEPT_BYTES
from mnistviz.engine.experiment.saved import Experiment, SavedRun
from mnistviz.engine.history import History
from mnistviz.engine.problems import Problem
from mnistviz.engine.recorder import RunContent
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.lab.jobs import Writer
from mnistviz.gui.lab.kept_runs import KeptRun
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind, RunComposed, RunEnded
from mnistviz.gui.lab.saved_facts import describe_content, saved_run
from mnistviz.gui.lab.session_rule import MOST_CLOSED, NOT_OPENED, is_closed
from mnistviz.gui.lab.session_store import SessionFolder, SessionNote, SessionStore, now_as_text
from mnistviz.gui.lab.shown import RunFacts

WHILE_LEARNING = 25_000
"""Milliseconds between two saves: with the writing itself, a killed program loses half a minute at most."""
AT_REST = 300
"""Milliseconds after which a paused run is saved: by then it is evaluated, and clicks in a row count once."""
SHOWN_AFTER = 1_000  # milliseconds after which what is shown is saved
BETWEEN = 30


class Trouble(Struct, frozen=True):
    """Why the run of a number and a letter can't be saved."""

    number: int
    letter: str
    reason: str


class _Version(Struct, frozen=True, eq=False):
    """The saved state of a run: its history, a new object after any change, and the rest."""

    history: History
    rest: tuple[object, ...]

    @classmethod
    def of(cls, run: RunFacts | SavedRun, history: History, judged: int, *, stopped: bool) -> Self:
        is_on = run.on and not (isinstance(run, RunFacts) and run.closed)
        look = run.letter, run.name, run.hue, run.about, is_on, run.hidden
        return cls(history, (judged, stopped, run.bands, run.stories, *look))

    def is_same(self, other: Self) -> bool:
        return self.history is other.history and self.rest == other.rest


class _Entry(Struct, eq=False):
    """A run and its number in the session. `version` is what was written last, or waits for the writer; None if that
    failed. If it `has_news`, it is saved when it is `due`, in seconds of the monotonic clock. `waiting` is what is not
    on the disk yet, and `is_there` is True if anything is."""

    number: int
    digits: Digits
    about: Mapping[str, Any] = field(default_factory=dict)
    version: _Version | None = None
    is_there: bool = False
    leaves: bool = False  # true if it was closed, and its content has not arrived yet
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
        self.place: Callable[[], str] = str
        """Returns where the current data set is from; empty for the bundled one."""
        self.looked: Callable[[], object] = lambda: None
        self.show_troubles: Callable[[], object] = lambda: None
        self.tell: Callable[[str], object] = lambda text: None
        self.troubles: dict[int, Trouble] = {}  # the runs that can't be saved, by their numbers
        self._writer, self._lab = writer, lab
        self.numbers: dict[int, int] = {}
        """The numbers in the session by those in the lab, also of deleted runs that others branched off."""
        self._runs: dict[int, _Entry] = {}  # by their numbers in the lab
        self._others: list[Mapping[str, Any]] = []
        """Runs that the lab does not know, the one closed last at the end."""
        self._order = 0  # 0 for none
        self._count = 0  # runs of the session so far
        self._note: SessionNote | None = None  # as written last
        self._note_due: float | None = None
        self._last_view: Mapping[str, Any] | None = None  # as the window closed
        self._timer = new_timer(self, self._save_due)
        lab.listen(ChangeKind.RUNS, self.touch)
        lab.listen(RunEnded, self._on_ended)
        lab.listen(RunComposed, self._on_composed)

    def _on_ended(self, change: RunEnded) -> None:
        self.follow(change.run, change.digits)

    def follow(self, run: RunFacts, digits: Digits) -> None:
        entry = self._of(run, digits)
        entry.leaves = run.closed
        if run.closed:
            return  # its content follows by itself
        now = time.monotonic()
        if not entry.has_news:
            entry.has_news, entry.due = True, now + WHILE_LEARNING / 1_000
        if not run.playing:
            entry.due = min(entry.due, now + AT_REST / 1_000)
        self._wait()

    def touch(self) -> None:
        if self._note_due is None:
            self._note_due = time.monotonic() + SHOWN_AFTER / 1_000
            self._wait()

    def continue_session(
        self, session: SessionFolder, note: SessionNote, runs: Sequence[SavedRun], digits: Digits
    ) -> None:
        """Continue a session, whose open runs are those of the lab, in the same order."""
        self.begin(session)
        abouts = {about["number"]: about for about in note.runs}
        self._note, self._count = note, max([*session.numbers(), *abouts], default=0)
        there, kept_runs = {run.number for run in runs}, self._lab.runs.open
        self._others = [each for each in note.runs if each["number"] not in there]
        for saved, run in zip(runs, kept_runs, strict=True):
            self._adopt(run, saved, digits, abouts.get(saved.number, {}))
        self.touch()

    def _adopt(self, run: RunFacts, saved: SavedRun, digits: Digits, about: Mapping[str, Any]) -> None:
        content = saved.content
        version = _Version.of(saved, content.history, len(content.record.judged), stopped=content.stopped)
        self._runs[run.number] = _Entry(saved.number, digits, about, version, is_there=True)
        self.numbers[run.number] = saved.number
        if run.parent is not None and saved.fork is not None:
            for (here, *_), (there, *_) in zip(run.parent.line, saved.fork.line, strict=True):
                self.numbers[here] = there

    def begin(self, session: SessionFolder) -> None:
        self.session, self._order, self._count = session, 0, 0
        self.numbers = {}
        self._runs, self._others, self._note, self._note_due = {}, [], None, None
        self._set_troubles({})

    def _of(self, run: RunFacts, digits: Digits) -> _Entry:
        if (entry := self._runs.get(run.number)) is None:
            self._count += 1
            entry = self._runs[run.number] = _Entry(self._count, digits)
            self.numbers[run.number] = self._count
        entry.digits = digits
        return entry

    def _wait(self) -> None:
        due = [entry.due for entry in self._runs.values() if entry.has_news]
        if self._note_due is not None:
            due.append(self._note_due)
        if due:
            wait = max(0, round(1_000 * (min(due) - time.monotonic())))
            if not self._timer.isActive() or self._timer.remainingTime() > wait:
                self._timer.start(wait)

    def _save_due(self) -> None:
        """Request one of the runs that are due; if there is none, save what is shown."""
        now = time.monotonic() + 0.02  # include what is nearly due
        if self._note_due is not None and self._note_due <= now:
            self.looked()
        self._drop_forgotten()
        if not self._is_worth_it():
            self._note_due = None
            return  # until something is trained
        if self._note is None:
            self._save_note()  # so that the session exists
        for number, entry in list(self._runs.items()):
            if entry.has_news and entry.due <= now:
                entry.has_news = False
                if self._ask(number, entry):
                    self._timer.start(BETWEEN)
                    return
        if self._note_due is not None and self._note_due <= now:
            self._look_for_news()
            self._save_note()
        self._wait()

    def _look_for_news(self) -> None:
        """Find runs that were begun and paused runs that have another name or look now."""
        for run in self._lab.runs.open:
            entry = self._runs.get(run.number)
            digits = self._lab.digits if entry is None else entry.digits
            has_news = entry is None or (entry.version is not None and _has_news(run, entry))
            if digits is not None and has_news and not run.playing:
                self.follow(run, digits)

    def _is_worth_it(self) -> bool:
        """Return True if there is a session, or something was trained or edited by hand: also in a run that was closed
        meanwhile, and in one of a file, which is known by its curves before the worker has it."""
        runs = (*self._lab.runs.open, *self._lab.runs.closed)
        if self._note is not None or self._lab.preview is not None:
            return True
        return any(run.has_learned or run.history.costs.size or run.history.interventions for run in runs)

    def _ask(self, number: int, entry: _Entry) -> bool:
        """Request the content of a run, if it has news. Return True if so."""
        run = self._lab.runs.find(number)
        if (run is None or run.closed) and entry.waiting is not None and entry.version is None:
            self._write(number, entry, *entry.waiting)
            return True
        if run is None or run.closed or run.failed or not _has_news(run, entry):
            return False
        self._lab.experiment.compose(number)
        return True

    def _on_composed(self, change: RunComposed) -> None:
        if (entry := self._runs.get(change.run.number)) is not None:
            self._take(change.run, entry, change.content)
            self.touch()

    def _take(self, run: RunFacts, entry: _Entry, content: RunContent) -> None:
        entry.leaves = False
        if (fork := run.parent) is not None:
            fork = fork.renumbered(lambda number: self.numbers.get(number, 0))
        saved = replace(saved_run(run, content), number=entry.number, fork=fork)
        about = describe_content(run, content, entry.digits)
        entry.about = {"number": entry.number, "kept": now_as_text(), **about}
        version = _Version.of(run, content.history, len(content.record.judged), stopped=content.stopped)
        self._write(run.number, entry, saved, version)

    def _write(self, number: int, entry: _Entry, saved: SavedRun, version: _Version) -> None:
        session, digits = self.session, entry.digits
        most = KEPT_BYTES // max(1, len(self._lab.runs.open))
        entry.waiting, entry.version = (saved, version), version
        self._writer.write(
            partial(session.write_run, saved, digits, most),
            partial(self._on_written, number, entry, version),
            slot=session.run_path(saved.number),
        )

    def _on_written(self, number: int, entry: _Entry, version: _Version, error: Exception | None) -> None:
        if self._runs.get(number) is not entry:
            return  # another session is open
        troubles = dict(self.troubles)
        if error is None:
            entry.is_there = True
            if entry.version is version:
                entry.waiting = None
            troubles.pop(number, None)
            if self._lab.runs.find(number) is None:
                self.touch()  # it was kept here until now
        else:
            troubles[number] = Trouble(number, str(entry.about.get("letter", "")), _reason(error))
            self._try_again(number, entry)
        self._set_troubles(troubles)

    def _try_again(self, number: int, entry: _Entry) -> None:
        """Save a run later: a closed one as it was, an open one as it is then."""
        if (run := self._lab.runs.find(number)) is not None and not run.closed:
            entry.waiting = None
        entry.version = None
        entry.has_news, entry.due = True, time.monotonic() + WHILE_LEARNING / 1_000
        self._wait()

    def _set_troubles(self, troubles: dict[int, Trouble]) -> None:
        if troubles != self.troubles:
            self.troubles = troubles
            self.show_troubles()

    def _save_note(self, *, current: bool = True) -> None:
        self._note_due = None
        if (note := self._new_note(current=current)) == self._note:
            return
        self._note = note
        session, lost = self.session, list[int]()
        expected = {entry.number for entry in self._runs.values() if entry.is_there}

        def work() -> None:
            lost.extend(expected.difference(session.numbers()))
            session.write_note(note)

        self._writer.write(work, partial(self._on_note_written, note, lost), slot=session.path)

    def _on_note_written(self, note: SessionNote, lost: list[int], error: Exception | None) -> None:
        """Remove the deleted runs from the list, and tell of them. If the folder has vanished, save its runs again."""
        gone = [each for each in self._others if each["number"] in self.session.deleted]
        self._others = [each for each in self._others if each not in gone]
        if letters := ", ".join(str(each.get("letter")) for each in gone if each.get("step")):
            text = tr("Deleted for good: {letters}. Of over {count} closed runs those with least work go.")
            self.tell(text.format(letters=letters, count=MOST_CLOSED))
        if error is not None and self._note is note:
            self._note = None
        for number, entry in self._runs.items():
            run = self._lab.runs.find(number)
            if entry.number in lost and run is not None:
                entry.version, entry.is_there = None, False
                self.follow(run, entry.digits)

    def _new_note(self, *, current: bool) -> SessionNote:
        lab = self._lab
        self._drop_forgotten()
        self._order = self._order or self.store.next_order()
        selected = None if lab.run is None else self._runs.get(lab.run.number)
        runs = [*self._others]
        closed = {run.number: place for place, run in enumerate(reversed(lab.runs.closed), start=1)}
        # open ones in the order of their lanes
        for number, entry in sorted(self._runs.items(), key=lambda each: (closed.get(each[0], 0), each[0])):
            if entry.about:
                runs.append({**entry.about, "closed": number in closed or lab.runs.find(number) is None})
        return SessionNote(
            order=self._order,
            current=current,
            selected=0 if selected is None else selected.number,
            place=self.place(),
            view=self.view() if self._last_view is None else self._last_view,
            runs=tuple(runs),
        )

    def _drop_forgotten(self) -> None:
        """Move runs that the lab has deleted to the list of those that are only on the disk."""
        for number, entry in list(self._runs.items()):
            if self._lab.runs.find(number) is None and entry.waiting is None:
                del self._runs[number]
                if entry.about:
                    self._others.append({**entry.about, "closed": True})

    def retire(self, then: Callable[[SessionFolder | None, bool], object]) -> None:
        """Save all open runs and end the session. `then` gets the session, or None if there was nothing to save, and
        True if all was written; if not, the session continues."""
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
        self._order = 0  # a new one, since it was used last
        self._save_note(current=False)
        self._writer.write(lambda: None, lambda _: self._on_retired(then, again=again))

    def _on_retired(self, then: Callable[[SessionFolder | None, bool], object], *, again: bool) -> None:
        if self.troubles or self._note is None:
            self.touch()  # it continues
            then(None, False)
            return
        if again and any(self._is_news(run) for run in self._lab.runs.open):  # during a slow write
            self._lab.experiment.gather(partial(self._retire, then, again=False))
            return
        self._timer.stop()
        self.session.release()
        then(self.session, True)
        self._writer.write(self.store.tidy)

    def _is_news(self, run: RunFacts) -> bool:
        entry = self._runs.get(run.number)
        return entry is None or _has_news(run, entry)

    @property
    def would_lose(self) -> bool:
        """True if closing would lose training: a run can't be saved, or nothing can."""
        news = any(run.has_learned and self._is_news(run) for run in self._lab.runs.open)
        return bool(self.troubles) or (news and self.session.is_read_only)

    def closed_runs(self) -> tuple[KeptRun, ...]:
        """Return the closed runs of this session that are only on the disk, the newest first."""
        newest_first = reversed(self._others)
        closed = (each for each in newest_first if is_closed(each) and NOT_OPENED not in each)
        return self.session.described(closed)

    def reopened(self, path: Path, saved: SavedRun) -> None:
        """Record that a closed run of this session was reopened as the newest run of the lab."""
        about = next((each for each in self._others if self.session.run_path(each["number"]) == path), None)
        digits = self._lab.digits
        if about is not None and digits is not None:
            self._others.remove(about)
            self._adopt(self._lab.runs.open[-1], saved, digits, about)
            self.touch()

    def remember_view(self) -> None:
        self._last_view = self.view()

    def close(self) -> None:
        """Save everything after the training. Then the writer must be closed, and `release` be called."""
        self._timer.stop()
        if not self._is_worth_it():
            return
        contents = self._lab.experiment.contents()
        for run in (*self._lab.runs.open, *self._lab.runs.closed):
            if run.number in contents and not run.failed and self._lab.digits is not None:
                entry = self._runs.get(run.number) or self._of(run, self._lab.digits)
                if entry.leaves or (_has_news(run, entry) and not run.closed):
                    self._take(run, entry, contents[run.number])
        for number, entry in self._runs.items():
            if entry.waiting is not None and entry.version is None:
                self._write(number, entry, *entry.waiting)
        self._order = 0  # a new one: the next start opens the session closed last
        self._save_note()

    def release(self) -> None:
        self.session.end_start()
        self.session.release()


def _has_news(run: RunFacts, entry: _Entry) -> bool:
    """Return True if a run differs from its saved state. One that is still being created has not changed."""
    if entry.version is None:
        return True
    if run.record is None:
        return False
    version = _Version.of(run, run.history, len(run.record.judged), stopped=run.stopped)
    return not entry.version.is_same(version)


def _reason(error: Exception) -> str:
    if isinstance(error, Problem):
        return str(error.values.get("reason", error.code))
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
