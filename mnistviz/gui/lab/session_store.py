"""Sessions on disk: each is a folder with a file for each run and a note of what was open and shown.

A run has an experiment file of its own, so that only what changed is written again. The note is `session.json`; if it
is missing, the files of the runs suffice to list them. `session_rule.py` decides what may be deleted. A lock beside the
folder shows that a window has the session open, of this process or of another. Nothing here needs a window, and any
thread may use it.
"""

import contextlib
import json
import logging
import os
import re
import shutil
import sys
import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, field, to_builtins
from msgspec.structs import replace
from PySide6.QtCore import QLockFile, QSysInfo

from mnistviz import __version__
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.experiment_file import load_experiment, save_experiment
from mnistviz.engine.experiment.saved import DataNote, Experiment, SavedRun, checked
from mnistviz.engine.files import make_folder, read_file, remove_leftovers, replacing, set_aside
from mnistviz.engine.fork import whole_number
from mnistviz.gui.common.records import read_record
from mnistviz.gui.lab.kept_runs import KeptRun, described
from mnistviz.gui.lab.session_rule import NOTE, STARTS, is_closed, plan_folder, run_file, run_number

MOST_EARLIER: Final = 10
MOST_STARTS: Final = 2
"""The number of failed starts after which a session is not opened automatically any more."""

VERSION: Final = 2
_MOST_BYTES: Final = 4_000_000
_LOCK: Final = ".lock"
_NAME: Final = "%Y-%m-%d_%H%M%S"
_NAMES: Final = re.compile(r"\d{4}-\d\d-\d\d_\d{6}-[0-9a-f]{6}")

PATIENCE: Final = 300
"""Milliseconds that a lock is waited for: another window that only checks its owner is done by then."""
_LOCKING: Final = threading.Lock()
"""Held while a thread handles a lock: two that find that of a dead process at once would refuse each other."""

log = logging.getLogger(__name__)


class SessionNote(Struct, frozen=True):
    """The note of a session, beside the files of its runs.

    The session with the largest `order` was used last, whatever the clock says. If it is `current`, the next start
    opens it. `step` is the viewed step of the `selected` run in version 1; since then it is in `view`. `place` is where
    its digits are from, empty for the bundled ones. `runs` has what a list of runs needs.
    """

    version: int = VERSION
    engine: str = __version__
    order: int = 0
    current: bool = True
    selected: int = 0
    step: int | None = None
    place: str = ""
    view: Mapping[str, Any] = field(default_factory=dict)
    runs: tuple[Mapping[str, Any], ...] = ()


class SessionFolder:
    """The folder of one session. It is created when something is first written there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = QLockFile(f"{path}{_LOCK}")
        self._lock.setStaleLockTime(0)  # for as long as it is open; the lock of a dead process is void
        self._checks: dict[int, Mapping[int, str]] = {}  # of the weights of runs, which are final
        self._unread = set[str]()  # unreadable files, which are not tried again
        self.deleted = set[int]()

    def take(self, patience: int = 0) -> bool:
        """Lock it within so many milliseconds. Return False if another window has it or nothing can be written."""
        with _LOCKING:
            return self._lock.isLocked() or self._lock.tryLock(patience)

    def release(self) -> None:
        with _LOCKING:
            self._lock.unlock()

    @property
    def is_open(self) -> bool:
        """True if another window has it."""
        with _LOCKING:
            if self._lock.isLocked() or not Path(self._lock.fileName()).exists():
                return False
            if self._lock.tryLock(0):
                self._lock.unlock()  # this removes the lock of a killed window
                return False
            return self._lock.error() == QLockFile.LockError.LockFailedError and not self._is_stale()

    def _is_stale(self) -> bool:
        """Return True if the lock is that of a process that has ended. On a read-only disk such a lock stays."""
        process, host, _ = self._lock.getLockInfo()
        if not process or host != QSysInfo.machineHostName() or sys.platform == "win32":
            return False
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        except OSError:
            pass  # the process belongs to another user
        return False

    @property
    def is_read_only(self) -> bool:
        """True if no window can save anything in it now."""
        return not os.access(next(folder for folder in self.path.parents if folder.exists()), os.W_OK)

    def note(self) -> SessionNote:
        try:
            return self._read_note()
        except FileNotFoundError:
            return SessionNote()
        except (OSError, ValueError, RecursionError) as error:
            log.warning("the note of the session %a was not read: %s", str(self.path), error)
            return SessionNote()

    def _read_note(self) -> SessionNote:
        values = json.loads(read_file(self.path / NOTE, _MOST_BYTES))
        if not isinstance(values, dict):
            raise ValueError("not a record")
        note = read_record(SessionNote, values)
        runs = {each["number"]: each for each in note.runs if whole_number(each.get("number")) is not None}
        return replace(note, runs=tuple(runs.values()))

    def write_note(self, note: SessionNote) -> None:
        """Replace the note, without the runs that the rule of the folder deletes. Raises `Problem` or `OSError`."""
        self._create()
        plan = plan_folder(note.runs, self.files(), self.opens)
        for name in plan.move_aside:
            set_aside(self.path / name)
        for number in map(run_number, plan.delete if self.take() else ()):
            if number is not None:
                with contextlib.suppress(OSError):
                    self.run_path(number).unlink()
                    self.deleted.add(number)
        runs = [each for each in note.runs if each["number"] not in self.deleted]
        text = json.dumps(to_builtins(replace(note, runs=tuple(runs))), ensure_ascii=False, indent=1)
        with replacing(self.path / NOTE) as file:
            file.write(text.encode(errors="backslashreplace"))

    def files(self) -> list[str]:
        with contextlib.suppress(OSError):
            return [path.name for path in self.path.iterdir()]
        return []

    def numbers(self) -> list[int]:
        return sorted(number for name in self.files() if (number := run_number(name)) is not None)

    def opens(self, name: str) -> bool:
        try:
            if name == NOTE:
                return self._read_note().version <= VERSION
            if name not in self._unread and (number := run_number(name)) is not None:
                self.read_run(number)
                return True
        except Exception as error:  # whatever it is, the file is unreadable
            log.warning("%a is kept, since it cannot be read: %r", str(self.path / name), error)
            self._unread.add(name)
        return False

    def write_run(self, run: SavedRun, digits: Digits, most_bytes: int) -> None:
        """Write a run in place of its last version. Raises `Problem` or `OSError`."""
        self._create()
        known = {**run.checks, **self._checks.get(run.number, {})}
        run = checked(replace(run, checks=known), digits.training)
        end = run.content.record.step  # the weights here may still be edited
        self._checks[run.number] = {step: sum_ for step, sum_ in run.checks.items() if step < end}
        self.deleted.discard(run.number)
        experiment = Experiment(DataNote.of(digits), (run,), run.number)
        save_experiment(experiment, self.run_path(run.number), digits, most_bytes=most_bytes)

    def read_run(self, number: int) -> Experiment:
        return load_experiment(self.run_path(number))

    def described(self, noted: Iterable[Mapping[str, Any]]) -> tuple[KeptRun, ...]:
        """Return the runs of some notes, without those that cannot be read."""
        runs = (described(self.run_path(about["number"]), about.get("sizes"), about) for about in noted)
        return tuple(run for run in runs if run is not None)

    def run_path(self, number: int) -> Path:
        return self.path / run_file(number)

    def drop(self) -> None:
        """Delete the session, if all of its files can be read."""
        if not plan_folder((), self.files(), self.opens, whole=True).keep:
            shutil.rmtree(self.path, ignore_errors=True)

    def _create(self) -> None:
        make_folder(self.path.parent)
        self.take()  # if this fails, writing fails, too, and reports it
        make_folder(self.path)

    @property
    def failed_starts(self) -> int:
        with contextlib.suppress(OSError, ValueError):
            return int(read_file(self.path / STARTS, 10))
        return 0

    def begin_start(self) -> None:
        with contextlib.suppress(OSError):
            (self.path / STARTS).write_text(str(self.failed_starts + 1))

    def end_start(self) -> None:
        with contextlib.suppress(OSError):
            (self.path / STARTS).unlink(missing_ok=True)


class EarlierSession(Struct, frozen=True):
    """A session that no window has open: its date, and its open and closed runs."""

    path: Path
    date: datetime
    note: SessionNote
    runs: tuple[KeptRun, ...]
    closed: tuple[KeptRun, ...]


class SessionStore:
    """The sessions in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._order = 0  # the largest known
        self.is_elsewhere = False

    def new(self) -> SessionFolder:
        return SessionFolder(self.folder / f"{datetime.now():{_NAME}}-{os.urandom(3).hex()}")

    def next_order(self) -> int:
        """Return the order of a session that is used now, whatever other windows have saved meanwhile."""
        self._newest_first()
        self._order += 1
        return self._order

    def take_last(self) -> tuple[SessionFolder, SessionNote] | None:
        was_ended = False
        for session, note in self._newest_first():
            if note.current and (session.numbers() or note.runs):
                if was_ended and note.order:
                    return None
                self.is_elsewhere = not session.take(PATIENCE) and session.is_open
                return None if self.is_elsewhere else (session, note)
            was_ended = was_ended or not note.current
        return None

    def earlier(self) -> list[EarlierSession]:
        """Return the sessions that no window has open, the newest first."""
        sessions = []
        for session, note in self._newest_first():
            if not session.is_open:
                numbers = set(session.numbers())
                there = [each for each in note.runs if each["number"] in numbers]
                runs = session.described(each for each in there if not is_closed(each))
                closed = session.described(each for each in there if is_closed(each))
                if runs or closed:
                    date = max(run.date for run in (*runs, *closed))
                    sessions.append(EarlierSession(session.path, date, note, runs, closed))
        return sessions

    def tidy(self) -> None:
        """Delete surplus sessions, those used longest ago first, and those without a run, if all files can be read."""
        count = 0
        for session, _ in self._newest_first():
            remove_leftovers(session.path)
            if session.take():  # now that a window may have left it, check it again
                count += bool(session.numbers())
                if not session.numbers() or count > MOST_EARLIER:
                    session.drop()
                session.release()

    def _newest_first(self) -> list[tuple[SessionFolder, SessionNote]]:
        sessions = []
        with contextlib.suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                if _NAMES.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
                    session = SessionFolder(self.folder / entry.name)
                    sessions.append((session, session.note()))
        sessions.sort(key=lambda each: (each[1].order, each[0].path.name), reverse=True)
        self._order = max([self._order, *(note.order for _, note in sessions)])
        return sessions


def now_as_text() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
