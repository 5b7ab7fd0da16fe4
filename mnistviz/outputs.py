"""The files that `mnistviz train` is to write: looked at before training, and not lost after it."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, count
from pathlib import Path
from typing import Final

from mnistviz.engine.files import check_writable, make_folder
from mnistviz.engine.problems import Problem

_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def check_outputs(outputs: Iterable[tuple[Path, int]], inputs: Iterable[Path]) -> None:
    """Raises a `Problem` for what would go wrong when `outputs`, each with its bytes at most, are written.

    No two may be one file, and none may be one of `inputs`, by whatever path; each can be written, and there
    is room for it.
    """
    read = {_identity(path) for path in inputs}
    written = set()
    for path, size in outputs:
        check_writable(path)
        identity = _identity(path)
        if identity in read:
            raise Problem("file_is_read", file=str(path))
        if identity in written:
            raise Problem("file_twice", file=str(path))
        written.add(identity)
        _check_room(path, size)


def save_somewhere(path: Path, save: Callable[[Path], None]) -> tuple[Path | None, Problem | None]:
    """Writes a file by `save(path)`. Where that place fails, the current folder, that of the program and that
    for temporary files are tried in turn. Returns where the file is now, and what went wrong.
    """
    try:
        save(path)
        return path, None
    except Problem as problem:
        if problem.code != "file_not_written":
            return None, problem
        for other in _other_places(path):
            with contextlib.suppress(Problem):
                save(other)
                return other, Problem("file_elsewhere", **problem.values, other=str(other))
        return None, problem


def _identity(path: Path) -> tuple[int, int] | str:
    """The same for all paths of one file, whether it exists or not."""
    real = os.path.realpath(path)
    try:
        found = os.stat(real)
    except OSError:
        return real
    return found.st_dev, found.st_ino


def _check_room(path: Path, size: int) -> None:
    """Takes the room for a moment: that tells of a full disk, of a quota and of a limit alike."""
    try:
        folder = Path(os.path.realpath(path)).parent
        with tempfile.TemporaryFile(dir=folder) as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)
            elif shutil.disk_usage(folder).free < size:  # Windows and macOS; a quota is not seen there
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except OSError as error:
        if error.errno in _NO_ROOM:  # else this file system can't tell
            raise Problem("file_no_room", file=str(path), size=size, reason=error.strerror) from error


def _other_places(path: Path) -> Iterator[Path]:
    """A free name in each of the folders that may still do."""
    folders = (Path.cwd, lambda: data_folder() / "mnistviz", lambda: Path(tempfile.gettempdir()))
    for find in folders:
        try:
            folder = find()
            make_folder(folder)
        except OSError:
            continue
        yield _free(folder, path)


def data_folder(system: str = sys.platform, environment: Mapping[str, str] = os.environ) -> Path:
    """Where the system has programs keep what they make for a user."""
    if system == "win32" and environment.get("LOCALAPPDATA"):
        return Path(environment["LOCALAPPDATA"])
    if system == "darwin":
        return Path(os.path.expanduser("~/Library/Application Support"))
    return Path(environment.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share"))


def _free(folder: Path, path: Path) -> Path:
    """A name like that of `path` in `folder` that no file has yet."""
    names = (f"{path.stem}-{number}{path.suffix}" for number in count(2))
    return next(found for name in chain([path.name], names) if not os.path.lexists(found := folder / name))
