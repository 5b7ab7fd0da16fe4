"""The networks of earlier runs in a folder of the program's own: which are there, and which must go.

Each run has a file of its own there, its slot. A lock beside it says that a window, of this program or of another,
still keeps its present run in it; such a slot is nobody else's, and not yet an earlier run.
"""

from __future__ import annotations

import contextlib
import logging
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLockFile

from mnistviz.engine.files import make_folder
from mnistviz.engine.network import Network
from mnistviz.engine.origin import Origin, whole_number
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import Settings
from mnistviz.engine.storage import SUFFIX, load_network, save_network

MOST = 20
"""So many runs are kept, and one more of those that saw less than an epoch of digits."""

LONGEST_NAME = 40  # letters

_COARSEST = 2_000_000_000
"""Nanoseconds: every file system tells apart two dates that lie so far from each other."""

_LOCK = ".lock"
_NAME = "%Y-%m-%d_%H%M%S"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class KeptRun:
    """What the file of a run says of it."""

    path: Path
    date: datetime
    sizes: tuple[int, ...]
    mini_batches: int
    epochs: float | None  # None: not known how many digits an epoch had
    accuracy: float | None  # on `read` validation digits, the last that was measured
    measured_at: int | None  # the mini-batch after which it was
    settings: Settings | None
    data: str
    read: int = 0
    before: Origin | None = None  # what its network had learned before, if it was opened
    name: str = ""  # that the user gave it, or what a branch was called by

    @property
    def short(self) -> bool:
        """Whether it saw less than an epoch of digits."""
        return self.epochs is not None and self.epochs < 1


class RunSlot:
    """The place of one run's network, locked as long as the run goes on. Not yet a file when it is made."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{datetime.now():{_NAME}}-{os.urandom(3).hex()}{SUFFIX}"
        self._lock = _lock_of(self.path)

    def write(self, network: Network, about: Mapping[str, object]) -> None:
        """Puts the network of now in the place of the one before. Raises `Problem` or `OSError`."""
        make_folder(self.path.parent)
        if not self._lock.isLocked():
            self._lock.tryLock(0)  # where that can't be, neither can the network be written, which is told
        save_network(network, self.path, {**about, "kept": _written(datetime.now())})
        _date(self.path)

    def release(self) -> None:
        """Makes it one of the earlier runs."""
        self._lock.unlock()


class KeptRuns:
    """The slots in `folder`. Knows no window, and may be asked from any thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[tuple[Path, int], KeptRun | None] = {}  # by path and date of change

    def runs(self) -> list[KeptRun]:
        """The earlier runs, the newest first; a file that no run was kept in is passed over."""
        return sorted((run for _, run in self._earlier()), key=lambda run: run.date, reverse=True)

    def touch(self, path: Path) -> None:
        """Says that a run was opened again: it is the last to go. One that is gone stays so."""
        _date(path)

    def tidy(self) -> None:
        """Deletes the runs that are too many, those first that were used longest ago."""
        runs = [run for _, run in sorted(self._earlier(), key=lambda found: found[0], reverse=True)]
        surplus = [run for run in runs if not run.short][MOST:] + [run for run in runs if run.short][1:]
        for run in surplus:
            with contextlib.suppress(OSError):
                run.path.unlink()
        for lock in _files(self.folder, _LOCK):
            _is_living(lock.with_suffix(""))  # one without a run may be left of a killed window, too

    def adopt(self, path: Path) -> None:
        """Takes over the file that version 0.1 kept, if there is one."""
        if not path.exists():
            return
        try:
            network, header = load_network(path)
            changed = datetime.fromtimestamp(path.stat().st_mtime)
            make_folder(self.folder)
            own = self.folder / f"{changed:{_NAME}}-{path.name}"
            save_network(network, own, {**header["about"], "kept": _written(changed)})
            path.unlink()
        except (OSError, Problem) as error:
            log.warning("%s was not taken over: %s", path, error)

    def _earlier(self) -> list[tuple[int, KeptRun]]:
        """The runs that have ended, each with the date of its last use in nanoseconds."""
        found, there = [], {}
        for path in _files(self.folder, SUFFIX):
            with contextlib.suppress(OSError):  # another window may just have deleted it
                used = path.stat().st_mtime_ns
                if _is_living(path):
                    continue
                run = there[path, used] = self._run(path, used)
                if run is not None:
                    found.append((used, run))
        self._read = there  # what is no longer there need not be remembered
        return found

    def _run(self, path: Path, used: int) -> KeptRun | None:
        if (path, used) in self._read:
            return self._read[path, used]
        try:
            _, header = load_network(path)
            return described(path, header)
        except Problem as problem:
            log.warning("%s is not listed: %s", path, problem)
        except Exception:  # whatever is in it, it hides no other run
            log.exception("%s is not listed", path)
        return None


def _date(path: Path) -> None:
    """Makes a run the one that was used last, whatever the clock and the dates of the others say."""
    now = time.time_ns()
    for other in _files(path.parent, SUFFIX):
        with contextlib.suppress(OSError):  # another window may just have deleted it
            now = max(now, other.stat().st_mtime_ns + (other != path) * _COARSEST)
    with contextlib.suppress(OSError, OverflowError):
        os.utime(path, ns=(now, now))


def _files(folder: Path, suffix: str) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.name.endswith(suffix)]
    except OSError:  # it is made with the first run that is kept
        return []


def _lock_of(path: Path) -> QLockFile:
    lock = QLockFile(f"{path}{_LOCK}")
    lock.setStaleLockTime(
        0
    )  # however long it trains; the lock of a dead process counts for nothing all the same
    return lock


def _is_living(path: Path) -> bool:
    lock = _lock_of(path)
    if not Path(lock.fileName()).exists():
        return False
    if lock.tryLock(0):
        lock.unlock()  # which removes it: its window was killed
        return False
    return lock.error() == QLockFile.LockError.LockFailedError


def _one_line(name: object) -> str:
    """A name as the user may give one; empty for anything else."""
    return name if isinstance(name, str) and len(name) <= LONGEST_NAME and name.isprintable() else ""


def _written(date: datetime) -> str:
    return date.astimezone().isoformat(timespec="seconds")


def described(path: Path, header: Mapping[str, Any]) -> KeptRun | None:
    """What `header` says, as far as it makes sense: its `about` may hold anything. None: no run was kept here."""
    about: Mapping[str, Any] = header["about"]
    try:
        date = datetime.fromisoformat(about["kept"]).astimezone()
    except (KeyError, TypeError, ValueError, OverflowError):
        return None

    def number(name: str) -> int | None:
        return whole_number(about.get(name))

    digits, epoch = number("digits"), number("epoch")
    settings, accuracy, read, data = None, None, 0, ""
    with contextlib.suppress(Problem, KeyError, TypeError, AttributeError):
        settings = Settings.from_mapping(about["settings"])
    match about:
        case {"right": {"validation": [right, of]}}:
            right, of = whole_number(right), whole_number(of)
            if right is not None and of and right <= of:
                accuracy, read = right / of, of
    match about:
        case {"data": {"name": str(name)}}:
            data = name
    return KeptRun(
        path,
        date,
        tuple(header["sizes"]),
        number("step") or 0,
        digits / epoch if digits is not None and epoch else None,
        accuracy,
        number("measured_at"),
        settings,
        data,
        read,
        Origin.of(about) if "before" in about else None,
        _one_line(about.get("called")),
    )
