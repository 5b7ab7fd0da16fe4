"""Files of any kind: read within a size limit, and written atomically."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import time
from collections.abc import Iterator
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import IO, Final

from mnistviz.engine.problems import Problem

LEFTOVER_AGE: Final = 3600.0
"""Seconds after which an unfinished file is abandoned."""

_UNFINISHED: Final = re.compile(r"\.mnistviz-[0-9a-f]{12}\.tmp")


class TooLarge(OSError):
    """The file has more bytes than its reader takes."""


def read_file(path: Path, most_bytes: int) -> bytes:
    """Return the content of a regular file of at most `most_bytes`; raise what `opened` raises."""
    with opened(path, most_bytes) as file:
        return file.read(os.fstat(file.fileno()).st_size)


@contextlib.contextmanager
def opened(path: Path, most_bytes: int) -> Iterator[BufferedReader]:
    """Open a regular file of at most `most_bytes` for reading. Never blocks, as a pipe would. Raise `TooLarge`,
    `FileNotFoundError` or another `OSError`, also for an invalid file name."""
    with _any_name():
        content = open(path, "rb", opener=_open_at_once)  # noqa: SIM115
    with content as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not_a_regular_file")
        if status.st_size > most_bytes:
            raise TooLarge(errno.EFBIG, os.strerror(errno.EFBIG))
        yield file


def is_folder(path: Path) -> bool:
    """Return True if `path` is a folder; raise an `OSError` if that can't be determined."""
    try:
        with _any_name():
            return stat.S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def reason(error: OSError) -> str:
    """Return why the system refused, in its own words, or a code if this program refused."""
    return error.strerror or str(error)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a new file that atomically replaces `path` at the end. If writing fails, `path` is unchanged and nothing is
    left behind. Temporary files of a killed program in the same folder are removed. Raise `Problem`."""
    temporary: Path | None = None
    try:
        with _any_name():
            target = Path(os.path.realpath(path))  # so that a symbolic link stays one
            mode = _mode_of_replaced(target)
        remove_leftovers(target.parent)
        temporary = target.parent / f".mnistviz-{os.urandom(6).hex()}.tmp"
        with temporary.open("xb") as file:
            if mode is not None:
                temporary.chmod(mode)  # before it has any content
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as error:
        raise Problem("file_not_written", file=str(path), reason=reason(error)) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()
    _write_through(target.parent)


def check_writable(path: Path) -> None:
    """Raise the `Problem` that writing to `path` would raise now, without changing it."""
    with contextlib.suppress(_NotReplaced), replacing(path):
        raise _NotReplaced


def set_aside(path: Path) -> None:
    """Rename an unreadable file, with the date, to free its name. Raise an `OSError`."""
    now = f"{datetime.now():%Y-%m-%d-%H%M%S-%f}"  # microseconds make the name unique
    path.rename(path.with_name(f"{path.stem}-{now}.unread"))


def remove_leftovers(folder: Path, older_than: float = LEFTOVER_AGE) -> int:
    """Remove from `folder` the temporary files of a program killed in `replacing`; return their number. Only files not
    written to for more than `older_than` seconds are removed. Never raises."""
    removed = 0
    with contextlib.suppress(OSError, ValueError), os.scandir(folder) as entries:
        for entry in entries:
            if not _UNFINISHED.fullmatch(entry.name):
                continue
            with contextlib.suppress(OSError):
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(status.st_mode) and time.time() - status.st_mtime > older_than:
                    os.unlink(entry.path)
                    removed += 1
    return removed


def make_folder(folder: Path) -> None:
    """Create a folder and its missing parents, and sync them to disk. Raise an `OSError`."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for created in missing:
        _write_through(created.parent)


def _write_through(folder: Path) -> None:
    """Sync the entries of a folder to disk where the system supports it."""
    with contextlib.suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


class _NotReplaced(Exception):
    """Raised to leave `replacing` before anything is replaced."""


@contextlib.contextmanager
def _any_name() -> Iterator[None]:
    """Turn Python's ValueError for an invalid file name (zero byte, lone surrogate) into an `OSError`."""
    try:
        yield
    except ValueError as error:
        raise OSError(errno.EINVAL, "not_a_file_name") from error


def _open_at_once(path: str, flags: int) -> int:
    """Open without blocking on a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _mode_of_replaced(target: Path) -> int | None:
    try:
        status = target.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not_a_regular_file")
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return stat.S_IMODE(status.st_mode)
