"""Files of any kind, read within a limit and written atomically; and zip files of JSON and arrays, read without
trusting the sizes that they declare: nothing is decompressed before its size is known to fit, or unpickled."""

import contextlib
import errno
import io
import json
import os
import re
import stat
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import DTypeLike

from mnistviz.engine.cancelling import Cancelled, check, never
from mnistviz.engine.functions import Array
from mnistviz.engine.problems import Problem

LEFTOVER_AGE: Final = 3600.0  # seconds after which an unfinished file is abandoned
RENAME_PAUSES: Final = (0.01, 0.03, 0.1, 0.3) if sys.platform == "win32" else ()  # seconds

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
        at_once = getattr(os, "O_NONBLOCK", 0)
        content = open(path, "rb", opener=lambda name, flags: os.open(name, flags | at_once))  # noqa: SIM115
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
        _rename(temporary, target)
    except OSError as error:
        raise Problem("file_not_written", file=str(path), reason=reason(error)) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()
    _write_through(target.parent)


def _rename(path: Path, target: Path) -> None:
    """Rename, and on Windows wait a moment for who reads the target, as a virus scanner does."""
    for pause in RENAME_PAUSES:
        with contextlib.suppress(PermissionError):
            path.replace(target)
            return
        time.sleep(pause)
    path.replace(target)


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


MOST_COUNT: Final = 2**53
_MOST_ARRAY_HEADER_BYTES: Final = 1024
_BYTES_OF_AN_ENTRY: Final = 256  # at most, in the central directory
_FAULTS_OF_A_ZIP: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ValueError,
    OverflowError,
    RuntimeError,
)
_DIRECTORY_END: Final = struct.Struct("<4s4H2LH")  # the last record of a zip without a comment


def json_bytes(values: object) -> bytes:
    """Return values as UTF-8 JSON, as stored in an archive."""
    # a lone surrogate, as in a folder name that is not UTF-8, is written as a JSON escape
    return json.dumps(values, indent=1, ensure_ascii=False).encode(errors="backslashreplace")


def whole(value: object, most: int = MOST_COUNT) -> int:
    """Return `value` if it is a whole number from 0 to `most`; raise ValueError otherwise."""
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError("this is no such number")
    return value


class ArchiveWriter:
    """Writer of a new zip. Members have no date: the same content gives the same file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def json(self, name: str, values: object, *, packed: bool = False) -> None:
        self._write(name, json_bytes(values), packed=packed)

    def array(self, name: str, array: Array, *, packed: bool = False) -> None:
        """Write an array in NumPy's format, without pickle."""
        content = io.BytesIO()
        np.lib.format.write_array(content, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
        self._write(name, content.getbuffer(), packed=packed)

    def _write(self, name: str, content: bytes | memoryview, *, packed: bool) -> None:
        kind = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        self._archive.writestr(zipfile.ZipInfo(name), content, kind)


@contextlib.contextmanager
def new_archive(path: Path) -> Iterator[ArchiveWriter]:
    """Open a new zip that atomically replaces `path` when it is complete. Raise `Problem`."""
    with replacing(path) as file, archive_into(file) as archive:
        yield archive


@contextlib.contextmanager
def archive_into(file: IO[bytes]) -> Iterator[ArchiveWriter]:
    with zipfile.ZipFile(file, "w") as archive:
        yield ArchiveWriter(archive)


class ArchiveReader:
    """Reader of a zip. Every fault is a `Problem` that names the file and whose code begins with `kind`."""

    def __init__(self, archive: zipfile.ZipFile, kind: str, name: str, cancelled: Cancelled) -> None:
        self._archive = archive
        self._kind, self._name, self._cancelled = kind, name, cancelled
        self._members = {info.filename: info for info in archive.infolist()}

    @property
    def packed_bytes(self) -> int:
        """Uncompressed size of all compressed members, in bytes."""
        return sum(info.file_size for info in self._members.values() if info.compress_type)

    @property
    def names(self) -> set[str]:
        return set(self._members)

    def problem(self, what: str) -> Problem:
        return Problem(f"{self._kind}_{what}", file=self._name)

    def json(self, name: str, most_bytes: int) -> Any:
        """Return the parsed JSON of a member of at most `most_bytes`."""
        if (info := self._members.get(name)) is None or info.file_size > most_bytes:
            raise self.problem("unknown")
        content = self._unpacked(info)
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            raise self.problem("damaged") from error

    def array(self, name: str, dtype: DTypeLike, shape: tuple[int, ...], *, stored: bool = False) -> Array:
        """Return the array of a member, which must have exactly this type and shape. If `stored`, it must not be
        compressed, so that a small file can't contain a large array."""
        info, empty = self._members.get(name), np.dtype(dtype)
        size = empty.itemsize * int(np.prod(shape, dtype=np.int64))
        if info is None or (stored and info.compress_type != zipfile.ZIP_STORED):
            raise self.problem("unknown")
        if not size < info.file_size <= size + _MOST_ARRAY_HEADER_BYTES:
            raise self.problem("unknown")
        content = self._unpacked(info)
        start = len(content) - size
        if not _describes(content[:start], empty, shape):
            raise self.problem("unknown")
        return np.asarray(np.frombuffer(content, empty, offset=start).reshape(shape))

    def _unpacked(self, info: zipfile.ZipInfo) -> bytes:
        """Return the content of a member, at most the size it declares: check `info.file_size` first. Only stored and
        deflated members are read: bzip2 and LZMA can't be decompressed in bounded pieces."""
        check(self._cancelled)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise self.problem("unknown")
        with self._archive.open(info) as member:
            content = member.read(info.file_size)
        if len(content) != info.file_size:
            raise self.problem("damaged")
        return content


class ForeignZip(Exception):
    """The file is no zip, or has far too many members, or its members overlap."""


class DamagedZip(Exception):
    """The zip or one of its members is incomplete or corrupt."""


@contextlib.contextmanager
def opened_zip(path: Path, most_bytes: int, most_members: int) -> Iterator[zipfile.ZipFile]:
    """Open a zip of at most `most_bytes` bytes and `most_members` members. Raise `ForeignZip`, `DamagedZip`, also while
    its members are read, and what `opened` raises."""
    with opened(path, most_bytes) as file:
        try:
            _check_directory(file, most_members)
            with zipfile.ZipFile(file) as archive:
                if sum(info.compress_size for info in archive.infolist()) > os.fstat(file.fileno()).st_size:
                    raise ForeignZip  # overlapping members: a zip bomb
                yield archive
        except _FAULTS_OF_A_ZIP as error:
            raise DamagedZip from error
        except OSError as error:
            if error.errno == errno.EINVAL:  # seek before the beginning of the file
                raise DamagedZip from error
            raise


@contextlib.contextmanager
def opened_archive(
    path: Path, kind: str, most_bytes: int, most_members: int, cancelled: Cancelled = never
) -> Iterator[ArchiveReader]:
    """Open a zip for reading; every fault is a `Problem` whose code begins with `kind`. Reading the next member raises
    `Withdrawn` once `cancelled()`."""
    name = path.name or str(path)
    try:
        with opened_zip(path, most_bytes, most_members) as archive:
            yield ArchiveReader(archive, kind, name, cancelled)
    except ForeignZip as error:
        raise Problem(f"{kind}_unknown", file=name) from error
    except DamagedZip as error:
        raise Problem(f"{kind}_damaged", file=name) from error
    except FileNotFoundError as error:
        raise Problem(f"{kind}_missing", file=str(path)) from error
    except TooLarge as error:
        raise Problem(f"{kind}_too_large", file=name) from error
    except OSError as error:
        raise Problem(f"{kind}_unreadable", file=name, reason=reason(error)) from error


def _check_directory(file: IO[bytes], most_members: int) -> None:
    """Raise `ForeignZip` for a file that is no zip, or whose directory is far larger than `most_members` allow."""
    file.seek(max(0, file.seek(0, io.SEEK_END) - 2 * _DIRECTORY_END.size))
    end = file.read()
    record = end[-_DIRECTORY_END.size :]
    if len(record) < _DIRECTORY_END.size or not record.startswith(b"PK\5\6"):
        raise ForeignZip
    zip64 = end[-42:].startswith(b"PK\6\7")  # the record for zips of more than 4 GB overrides this one
    if zip64 or _DIRECTORY_END.unpack(record)[5] > _BYTES_OF_AN_ENTRY * most_members:
        raise ForeignZip
    file.seek(0)


def _describes(header: bytes, dtype: np.dtype[Any], shape: tuple[int, ...]) -> bool:
    """Return True if `header` is the one NumPy writes for such an array. NumPy itself would parse it as Python."""
    magic, length, text = header[:8], header[8:10], header[10:]
    described = np.lib.format.dtype_to_descr(dtype)
    expected = f"{{'descr': {described!r}, 'fortran_order': False, 'shape': {shape!r}, }}".encode()
    return (
        magic == b"\x93NUMPY\x01\x00"
        and int.from_bytes(length, "little") == len(text)
        and text.removeprefix(expected).lstrip(b" ") == b"\n"  # as many spaces as it likes
    )
