"""The session: restored at the start, closed into the earlier ones, and reopened from there."""

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.experiment.experiment_file import SUFFIX, load_experiment
from mnistviz.engine.experiment.saved import Experiment, SavedRun
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.messages import message, tell
from mnistviz.gui.common.records import read_record
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.widgets import problem_sentence
from mnistviz.gui.lab.jobs import details
from mnistviz.gui.lab.kept_runs import KeptRun
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.open_runs import MOST_OPEN
from mnistviz.gui.lab.session_rule import NOT_OPENED, NOTE, About, after_start, is_closed, run_file
from mnistviz.gui.lab.session_store import MOST_STARTS, PATIENCE, EarlierSession, SessionFolder, SessionNote
from mnistviz.gui.lab.shown_record import ShownRecord
from mnistviz.gui.settings.settings_column import ControlPanel
from mnistviz.gui.window.bottom_line import BottomLine
from mnistviz.gui.window.documents import Documents
from mnistviz.gui.window.steering import Steering

MOST_SINGLE = 20
MISSING: Final = "experiment_missing"  # the problem of a run whose file is missing
UP_AFTER = 3_000  # milliseconds after which a start with a session counts as successful

log = logging.getLogger(__name__)


class NotOpened(NamedTuple):
    about: About
    problem: Problem

    @property
    def is_news(self) -> bool:
        """Whether no earlier start has reported it for the same reason."""
        return self.about.get(NOT_OPENED) != self.problem.code


class ReadSession(Struct, frozen=True, eq=False):
    """A session that was read: its updated note, its open runs, their data set, and the runs that failed.
    `note_unread`: the note could not be read."""

    note: SessionNote
    runs: tuple[SavedRun, ...]
    data: str
    data_name: str
    not_opened: tuple[NotOpened, ...]
    note_unread: bool = False


def read_session(session: SessionFolder, note: SessionNote) -> ReadSession:
    """Read the open runs of a session, at most as many as can be open, with the data set of the selected one. Closed
    runs are only checked for existence."""
    abouts, there = {about["number"]: about for about in note.runs}, session.numbers()
    experiments, problems = dict[int, Experiment](), dict[int, Problem]()
    for number in dict.fromkeys((*abouts, *there)):
        file = run_file(number)
        try:
            if number not in there:
                raise Problem(MISSING, file=file)
            if not is_closed(abouts.get(number, {})):
                if len(experiments) == MOST_OPEN:
                    raise Problem("session_full", file=file, most=MOST_OPEN)
                experiments[number] = session.read_run(number)
        except Problem as problem:
            log.warning("run %d of the session is not opened: %s, %r", number, problem, problem.__cause__)
            problems[number] = problem
    first = experiments.get(note.selected) or next(iter(experiments.values()), None)
    name, checksum = ("", "") if first is None else (first.data.name, first.data.checksum)
    for number, each in experiments.items():
        if first is not None and each.data != first.data:
            file = run_file(number)
            problems[number] = Problem("session_other_data", file=file, data=each.data.name, other=name)
    runs = tuple(each.runs[0] for number, each in experiments.items() if number not in problems)
    codes = {number: problem.code for number, problem in problems.items()}
    not_opened = tuple(NotOpened(abouts.get(number, {}), problems[number]) for number in sorted(problems))
    note_unread = NOTE in session.files() and not session.opens(NOTE)
    note = replace(note, runs=after_start(note.runs, codes))
    return ReadSession(note, runs, checksum, name, not_opened, note_unread)


class Sessions(QObject):
    """Restores the last session, once it is read and there are digits."""

    changed = Signal()  # emitted when the earlier sessions or runs have changed

    def __init__(
        self,
        lab: Lab,
        controls: ControlPanel,
        documents: Documents,
        steering: Steering,
        line: BottomLine,
        window: QWidget,
        show_view: Callable[[Mapping[str, Any]], None],
        clear_view: Callable[[], None],
    ) -> None:
        """Call `show_view` with the saved view of a session, `clear_view` to clear what was drawn and chosen."""
        super().__init__(window)
        self._show_view, self._clear_view = show_view, clear_view
        self._lab, self._controls, self._documents = lab, controls, documents
        self._steering, self._line, self._window = steering, line, window
        self._keeper = documents.keeper
        self._pending: SessionFolder | None = None
        self._note = SessionNote()  # of the session to restore
        self._read: ReadSession | None = None
        self.data_place: Path | None = None
        """The path of the last session's digits; None for the bundled ones."""
        self.earlier: list[EarlierSession] = []  # the earlier sessions known so far, the newest first
        self.single: list[KeptRun] = []  # the single earlier runs known so far, the newest first
        self.is_set_aside = False  # whether the last session was not restored, as starts with it have failed
        self._closes = False  # whatever would be lost
        self._then: Callable[[SessionFolder | None], object] | None = None  # called after closing
        self._take_last()
        documents.tidy()

    def _take_last(self) -> None:
        if (last := self._keeper.store.take_last()) is None:
            return
        session, note = last
        if session.failed_starts >= MOST_STARTS:
            self.is_set_aside = True
            session.end_start()
            self._set_aside(session, note)
            QTimer.singleShot(0, self, self._report_set_aside)
            return
        session.begin_start()
        self._pending, self._note, self.data_place = session, note, Path(note.place) if note.place else None

    def read(self) -> None:
        """Start to read the last session; can be called before there are digits."""
        if self._pending is not None and self._read is None and not self._lab.jobs.is_open("session"):
            work = partial(read_session, self._pending, self._note)
            self._lab.jobs.ask("session", lambda cancelled: work(), self._on_read, self._on_unread)

    def begin(self) -> None:
        """Restore the session if it is read, or begin the first run. Call it when there are digits."""
        if self._pending is None:
            self._steering.begin()
            if self._keeper.store.is_elsewhere:
                self._keeper.store.is_elsewhere = False
                self._line.tell(tr("Another window has your last session, so this one begins afresh."))
        elif self._read is not None:
            session, content = self._pending, self._read
            self._pending = self._read = None
            self._restore(session, content)
            self._steering.begin()
        else:
            self.read()  # which calls this again

    def _on_read(self, content: ReadSession) -> None:
        self._read = content
        if self._lab.digits is not None:
            self.begin()

    def _on_unread(self, error: Exception) -> None:
        """Report an unexpected error, and release the session for the next start."""
        session, self._pending = self._pending, None
        if session is not None:
            session.release()
        self._report_unopened(details(error))
        if self._lab.digits is not None:
            self.begin()

    def _restore(self, session: SessionFolder, content: ReadSession) -> None:
        digits, starts = self._lab.digits, self._lab.time.play_when_ready
        assert digits is not None
        QTimer.singleShot(UP_AFTER, self, partial(SessionFolder.end_start, session))  # keeps it alive
        self._report_unread(session, content)
        if not content.runs:
            self._set_aside(session, content.note)
            return
        if content.data != digits.checksum:
            session.release()
            text = tr("The last session learned {data}. It is under File, Earlier sessions.")
            self._line.tell(text.format(data=content.data_name))
            return
        self._open(session, content)
        back = self._restored_text(content)
        if session.is_read_only:
            back = tr("{back} Nothing can be kept: its folder cannot be written.", back=back)
        self._line.tell(back)
        if starts:
            self._lab.time.play_when_ready = False
            if not read_record(ShownRecord, content.note.view.get("runs")).copy.acts:  # else that waits first
                self._steering.toggle_play()

    def _open(self, session: SessionFolder, content: ReadSession) -> None:
        """Replace the open runs with those of a session, and restore its view."""
        digits = self._lab.digits
        assert digits is not None
        self._lab.experiment.open(content.runs, content.note.selected)
        self._keeper.continue_session(session, content.note, content.runs, digits)
        self._show_view({"runs": {"step": content.note.step}, **content.note.view})

    def start_afresh(self) -> None:
        """Close the session into the earlier ones, and begin as at the first start."""
        self._leave_session(self._begin_anew)

    def _begin_anew(self, closed: SessionFolder | None) -> None:
        self._lab.runs.forget_all()
        self._keeper.begin(self._keeper.store.new())
        self._controls.show_settings(Settings())
        self._clear_view()
        self._steering.begin()
        self._line.order.clear()
        if closed is not None:
            text = tr("Started afresh. What was open is under File, Earlier sessions.")
            self._line.offer_undo(text, tr("Started afresh"), partial(self.open_earlier, closed.path))

    def open_earlier(self, path: Path) -> None:
        """Open an earlier session; the current one becomes an earlier one."""
        session = SessionFolder(path)
        if not session.take(PATIENCE) and session.is_open:
            self._report_unopened(tr("Another window has it open."))
            return
        note = session.note()
        then, failed = partial(self._on_earlier_read, session), partial(self._on_earlier_unread, session)
        self._lab.jobs.ask("session", lambda cancelled: read_session(session, note), then, failed)

    def _on_earlier_read(self, session: SessionFolder, content: ReadSession) -> None:
        if self._can_open(session, content):
            self._leave_session(partial(self._switch_to, session, content))

    def _can_open(self, session: SessionFolder, content: ReadSession) -> bool:
        """Return True if a session's runs learned the present digits; else release it and say why."""
        digits = self._lab.digits
        if content.runs and digits is not None and content.data == digits.checksum:
            return True
        session.release()
        if content.runs:
            text = tr("Its runs learned {data}. Open that data set first, then the session.")
            self._report_unopened(text.format(data=content.data_name))
        else:
            self._report_unopened(" ".join(self._reasons(content.not_opened)[:1]))
        return False

    def _on_earlier_unread(self, session: SessionFolder, error: Exception) -> None:
        session.release()
        self._report_unopened(details(error))

    def _switch_to(self, session: SessionFolder, content: ReadSession, closed: SessionFolder | None) -> None:
        if self._can_open(session, content):
            self._lab.runs.forget_all()
            self._open(session, content)
            self._report_unread(session, content)
        elif closed is not None and closed.take():  # other digits came while it was written, so it goes on
            self._keeper.touch()

    def _leave_session(self, then: Callable[[SessionFolder | None], object]) -> None:
        """Close the session once it is written, then call `then`; a later call replaces `then`."""
        is_leaving, self._then = self._then is not None, then
        if is_leaving:
            return
        if self._lab.time.learning:
            self._lab.time.toggle_play()

        def go_on(closed: SessionFolder | None, well: bool) -> None:
            wanted, self._then = self._then, None
            if well and wanted is not None:
                wanted(closed)
            else:
                title = tr("The session could not be closed")
                why = tr(
                    "Its runs could not be kept on the disk, so they stay open. The line at the bottom says why."
                )
                tell(self._window, title, why)

        self._keeper.retire(go_on)

    def open_single(self, path: Path) -> None:
        """Open a single run beside the others: a closed one completely, one of an older version as a network."""
        if path.suffix != SUFFIX:
            self._documents.open(path)
            return
        work, then = partial(load_experiment, path), partial(self._on_single_read, path)
        self._lab.jobs.ask("single run", work, then, lambda error: self._report_unopened(details(error)))

    def _on_single_read(self, path: Path, experiment: Experiment) -> None:
        if (digits := self._lab.digits) is None or experiment.data.checksum != digits.checksum:
            problem = Problem("experiment_other_data", file=path.name, data=experiment.data.name)
            self._report_unopened(problem_sentence(problem))
            return
        here = {there: here for here, there in self._keeper.numbers.items() if there}
        self._lab.experiment.add(experiment.runs[0], here if path.parent == self._keeper.session.path else {})
        self._keeper.reopened(path, experiment.runs[0])

    def refresh(self) -> None:
        """Look for earlier sessions and runs; `changed` follows if there are others."""
        closed_now, store, networks = self._keeper.closed_runs(), self._keeper.store, self._documents.networks

        def work(_cancelled: Cancelled) -> tuple[list[EarlierSession], list[KeptRun]]:
            earlier = store.earlier()
            closed = [run for session in earlier for run in session.closed]
            return earlier, [*closed_now, *closed, *networks.runs()][:MOST_SINGLE]

        self._lab.jobs.ask("earlier sessions", work, self._on_listed, lambda error: None, quick=True)

    def _on_listed(self, listed: tuple[list[EarlierSession], list[KeptRun]]) -> None:
        if listed != (self.earlier, self.single):
            self.earlier, self.single = listed
            self.changed.emit()

    def _set_aside(self, session: SessionFolder, note: SessionNote) -> None:
        """Leave a session to the earlier ones, so that the next start does not restore it."""
        self._documents.writer.write(partial(session.write_note, replace(note, current=False)))
        self._documents.writer.write(session.release)

    def _report_set_aside(self) -> None:
        reason = tr(
            "Two starts with it did not come to their end. So this is a fresh start. The session is under File, "
            "Earlier sessions, under its date."
        )
        tell(self._window, tr("The last session was not opened"), reason)

    def _report_unread(self, session: SessionFolder, content: ReadSession) -> None:
        news = [each for each in content.not_opened if each.is_news]
        why = self._reasons(news)
        if content.note_unread:
            text = tr("The note of the session, {file}, cannot be read: runs that were closed are open.")
            why.append(text.format(file=NOTE))
        if content.note_unread or any(each.problem.code != MISSING for each in news):
            text = tr("Nothing was deleted: what could not be read stays in {folder}.")
            why.append(text.format(folder=session.path))
        if why:
            tell(self._window, tr("Not all of the session could be opened"), " ".join(why))

    def _reasons(self, not_opened: Sequence[NotOpened]) -> list[str]:
        """Return why runs were not opened, each with letter and name if the note has them."""
        reasons = []
        for about, problem in not_opened:
            letter, called, why = about.get("letter"), about.get("called"), problem_sentence(problem)
            if letter and is_closed(about):
                why = tr("Closed run {letter}: {why}", letter=letter, why=why)
            elif letter and called:
                why = tr("Run {letter}, “{name}”: {why}", letter=letter, name=called, why=why)
            elif letter:
                why = tr("Run {letter}: {why}", letter=letter, why=why)
            reasons.append(why)
        return reasons

    def _restored_text(self, content: ReadSession) -> str:
        """Return the message that the session is restored, and which runs are missing."""
        were_open = (each for each in content.not_opened if not is_closed(each.about))
        missing = (each for each in were_open if each.is_news or each.problem.code != MISSING)
        if not (letters := [str(each.about.get("letter") or "") for each in missing]):
            return tr("Your last session is back. To begin anew: File, Start afresh.")
        if not all(letters):
            return tr("Your last session is back, but not all of its runs.")
        if len(letters) == 1:
            return tr("Your last session is back, but for run {letter}.", letter=letters[0])
        return tr("Your last session is back, but for the runs {letters}.", letters=", ".join(letters))

    def _report_unopened(self, why: str) -> None:
        tell(self._window, tr("The session could not be opened"), why)

    def ask_to_close(self) -> bool:
        """Ask whether to close if something cannot be saved. Return False if nothing is lost, or it was confirmed."""
        if self._closes or not self._keeper.would_lose:
            return False
        self._closes = True
        title = tr("What was learned cannot be kept")
        text = tr("Once the window closes, it is lost, unless you save the experiment in another place.")
        box = message(self._window, title, text, fault=True)
        save = box.addButton(tr("Save as…"), QMessageBox.ButtonRole.AcceptRole)
        without = box.addButton(tr("Close without saving"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(save)
        box.finished.connect(lambda: setattr(self, "_closes", False))
        save.clicked.connect(lambda: self._documents.ask_save_experiment(self._close_now))
        without.clicked.connect(self._close_now)
        box.open()
        return True

    def _close_now(self) -> None:
        self._closes = True
        self._window.close()

    def close(self) -> None:
        """Leave a session that is not restored yet to the next start."""
        if self._pending is not None:
            self._pending.end_start()
            self._pending.release()
