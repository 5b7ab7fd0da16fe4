"""Files of any kind: read whole within a bound, and written whole or not at all."""

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
"""Seconds after which an unfinished file belongs to no one who still writes it."""

_UNFINISHED: Final = re.compile(r"\.mnistviz-[0-9a-f]{12}\.tmp")


class TooLarge(OSError):
    """The file has more bytes than its reader takes."""


def read_file(path: Path, most_bytes: int) -> bytes:
    """The content of a regular file of at most `most_bytes`; raises what `opened` raises."""
    with opened(path, most_bytes) as file:
        return file.read(os.fstat(file.fileno()).st_size)


@contextlib.contextmanager
def opened(path: Path, most_bytes: int) -> Iterator[BufferedReader]:
    """A regular file of at most `most_bytes`, to be read.

    Never waits, as a pipe would have it wait. Raises `TooLarge`, `FileNotFoundError` or another `OSError`, also
    for a name that no file can have.
    """
    with _any_name():
        content = open(path, "rb", opener=_open_at_once)  # noqa: SIM115
    with content as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "not_a_regular_file")
        if found.st_size > most_bytes:
            raise TooLarge(errno.EFBIG, os.strerror(errno.EFBIG))
        yield file


def is_folder(path: Path) -> bool:
    """Whether `path` is a folder; raises an `OSError` where that can't be known."""
    try:
        with _any_name():
            return stat.S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def reason(error: OSError) -> str:
    """Why the system refused, in its own words, or as a code where it is we who refused."""
    return error.strerror or str(error)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A new file to write, which takes the place of `path` at the end, at once and for good.

    If the writing fails, `path` is as it was and nothing else is left behind. What a killed program left in the
    same folder is swept. Raises `Problem`.
    """
    aside: Path | None = None
    try:
        with _any_name():
            target = Path(os.path.realpath(path))  # a link stays a link
            mode = _mode_of_replaced(target)
        remove_leftovers(target.parent)
        aside = target.parent / f".mnistviz-{os.urandom(6).hex()}.tmp"
        with aside.open("xb") as file:
            if mode is not None:
                aside.chmod(mode)  # before there is anything to read in it
            yield file
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
    except OSError as error:
        raise Problem("file_not_written", file=str(path), reason=reason(error)) from error
    finally:
        if aside is not None:
            with contextlib.suppress(OSError):
                aside.unlink()
    _write_through(target.parent)


def check_writable(path: Path) -> None:
    """Raises the `Problem` that writing to `path` would meet now; leaves what is there alone."""
    with contextlib.suppress(_Unharmed), replacing(path):
        raise _Unharmed


def set_aside(path: Path) -> None:
    """Renames a file that can't be read, with the date, so that another one can take its place. Raises an `OSError`."""
    now = f"{datetime.now():%Y-%m-%d-%H%M%S-%f}"  # to the microsecond: none takes another's place
    path.rename(path.with_name(f"{path.stem}-{now}.unread"))


def remove_leftovers(folder: Path, older_than: float = LEFTOVER_AGE) -> int:
    """Removes from `folder` what `replacing` could not finish, as its program was killed; returns how many.

    Only files that nobody has written to for more than `older_than` seconds. Never raises.
    """
    removed = 0
    with contextlib.suppress(OSError, ValueError), os.scandir(folder) as entries:
        for entry in entries:
            if not _UNFINISHED.fullmatch(entry.name):
                continue
            with contextlib.suppress(OSError):
                found = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(found.st_mode) and time.time() - found.st_mtime > older_than:
                    os.unlink(entry.path)
                    removed += 1
    return removed


def make_folder(folder: Path) -> None:
    """Makes a folder, and those above it that are missing, for good. Raises an `OSError` where that can't be."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for made in missing:
        _write_through(made.parent)


def _write_through(folder: Path) -> None:
    """Has the disk keep the names in a folder, where the system can."""
    with contextlib.suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


class _Unharmed(Exception):
    """Leaves `replacing` before anything is replaced."""


@contextlib.contextmanager
def _any_name() -> Iterator[None]:
    """A name with a zero byte, or with half a character, is refused by Python and not by the system."""
    try:
        yield
    except ValueError as error:
        raise OSError(errno.EINVAL, "not_a_file_name") from error


def _open_at_once(path: str, flags: int) -> int:
    """Opens without waiting for somebody to write into a pipe."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _mode_of_replaced(target: Path) -> int | None:
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "not_a_regular_file")
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return stat.S_IMODE(found.st_mode)
