"""The digits that a command reads; its output files, checked first, saved elsewhere if that fails; and its problems."""

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

from mnistviz.engine.data_sets.importing import open_data
from mnistviz.engine.data_sets.source import DataChoice
from mnistviz.engine.digits import Digits
from mnistviz.engine.files import check_writable, make_folder
from mnistviz.engine.problems import Problem
from mnistviz.sentences import sentence
from mnistviz.terminal import tell

FAILED: Final = 2
SIGNALLED: Final = 128  # plus the number of the signal, as in shells

_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def failed(command: str, problem: Problem) -> int:
    tell(f"mnistviz {command}: {sentence(problem.code, problem.values)}")
    return FAILED


def open_and_report(data: Path | DataChoice | None, *, quiet: bool = False) -> Digits:
    """Load the digits; report unreadable pictures unless `quiet`. Raise a `Problem` that names the file."""
    digits = open_data(data)
    if digits.left_out and not quiet:
        tell(sentence("data_left_out", {"count": len(digits.left_out), "file": digits.left_out[0]}))
    return digits


def check_outputs(outputs: Iterable[tuple[Path, int]], inputs: Iterable[Path]) -> None:
    """Raise the `Problem` that writing `outputs`, each with its largest size in bytes, would meet. No two may be one
    file, and none may be one of `inputs`, by whatever path; each must be writable, with enough room."""
    read = {_identity(path) for path in inputs}
    written = set()
    for path, size in outputs:
        check_writable(path)
        if (identity := _identity(path)) in read:
            raise Problem("file_is_read", file=str(path))
        if identity in written:
            raise Problem("file_twice", file=str(path))
        written.add(identity)
        _check_room(path, size)


def save_somewhere(path: Path, save: Callable[[Path], None]) -> tuple[Path | None, Problem | None]:
    """Save a file by `save(path)`. If that fails, try the current folder, that of the program and that for temporary
    files. Return the path of the file, and the problem."""
    try:
        save(path)
        return path, None
    except Problem as problem:
        if problem.code != "file_not_written":
            return None, problem
        for fallback in _other_places(path):
            with contextlib.suppress(Problem):
                save(fallback)
                return fallback, Problem("file_elsewhere", **problem.values, other=str(fallback))
        return None, problem


def _identity(path: Path) -> tuple[int, int] | str:
    """Return a key that is the same for all paths of one file, whether it exists or not."""
    real = os.path.realpath(path)
    try:
        status = os.stat(real)
    except OSError:
        return real
    return status.st_dev, status.st_ino


def _check_room(path: Path, size: int) -> None:
    """Allocate the space for a moment: that detects a full disk, a quota and a limit alike."""
    try:
        folder = Path(os.path.realpath(path)).parent
        with tempfile.TemporaryFile(dir=folder) as file:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)
            elif shutil.disk_usage(folder).free < size:  # Windows and macOS; this misses quotas
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except OSError as error:
        if error.errno in _NO_ROOM:  # other errors: the file system can't tell
            raise Problem("file_no_room", file=str(path), size=size, reason=error.strerror) from error


def _other_places(path: Path) -> Iterator[Path]:
    """Yield a free name in each fallback folder."""
    for find in (Path.cwd, lambda: data_folder() / "mnistviz", lambda: Path(tempfile.gettempdir())):
        try:
            folder = find()
            make_folder(folder)
        except OSError:
            continue
        yield _free(folder, path)


def data_folder(system: str = sys.platform, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the system's folder for application data of a user."""
    if system == "win32" and environment.get("LOCALAPPDATA"):
        return Path(environment["LOCALAPPDATA"])
    if system == "darwin":
        return Path(os.path.expanduser("~/Library/Application Support"))
    return Path(environment.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share"))


def _free(folder: Path, path: Path) -> Path:
    """Return a name like that of `path` in `folder` that no file has yet."""
    names = (f"{path.stem}-{number}{path.suffix}" for number in count(2))
    return next(
        candidate for name in chain([path.name], names) if not os.path.lexists(candidate := folder / name)
    )
