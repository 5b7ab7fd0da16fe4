"""Reading of one file in the IDX format of MNIST, gzipped or plain, with bounded memory."""

import hashlib
import math
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from mnistviz.engine.cancelling import Progress, unheard
from mnistviz.engine.files import TooLarge, opened, reason
from mnistviz.engine.functions import Bytes
from mnistviz.engine.problems import Problem

_MAGIC_OF_BYTES: Final = 0x0800  # plus the number of dimensions
_MOST_UNPACKED_FROM_ONE: Final = 1032  # bytes: a byte of gzip can't encode more
_PIECE: Final = 1 << 20  # bytes decompressed at once
_PACKED: Final = 1 << 18  # compressed bytes read at once
_OnPiece = Callable[[], object]  # called between two pieces; what it raises ends the reading
_GZIP: Final = 16 + zlib.MAX_WBITS  # zlib's name for this format


class Idx(NamedTuple):
    """A file's name and its items: uint8 (count, bytes of an item), read-only."""

    file: str
    items: Bytes


def read_idx(
    folder: Path,
    name: str,
    item: tuple[int, ...],
    most: int,
    checksums: dict[str, str] | None = None,
    progress: Progress = unheard,
) -> Idx:
    """Read the file `name`.gz in `folder`, or `name` if there is none, with at most `most` items. `item` is the shape
    of one item: () for a label, (rows, columns) for an image. If `checksums` are given, the file must have its SHA-256
    there. Raise `Problem` for any other content."""
    most_bytes = 1024 + 2 * most * math.prod(item)
    for path in (folder / f"{name}.gz", folder / name):
        with file_faults(path, most_bytes), suppress(FileNotFoundError), opened(path, most_bytes) as content:
            if checksums is not None:
                if hashlib.file_digest(content, "sha256").hexdigest() != checksums.get(path.name):
                    raise Problem("data_checksum", file=path.name)
                content.seek(0)
            size = os.fstat(content.fileno()).st_size
            on_piece = partial(_tell_place, content, max(size, 1), progress)
            read = _read_packed if path.suffix == ".gz" else _read
            return read(content, size, path.name, item, most, on_piece)
    raise Problem("data_missing", file=f"{name}.gz", folder=str(folder))


def _tell_place(content: BufferedReader, size: int, progress: Progress) -> None:
    progress(content.tell() / size)


def idx_header(count: int, item: tuple[int, ...] = ()) -> bytes:
    """Return the header of a file with `count` items of this shape."""
    return struct.pack(f">{2 + len(item)}I", _MAGIC_OF_BYTES + 1 + len(item), count, *item)


def read_data_file(path: Path, most_bytes: int) -> bytes | None:
    """Return the content of a regular file of at most `most_bytes`; None if there is no such file."""
    with file_faults(path, most_bytes), suppress(FileNotFoundError), opened(path, most_bytes) as content:
        return content.read(most_bytes)
    return None


@contextmanager
def file_faults(path: Path, most_bytes: int) -> Iterator[None]:
    """Turn errors of opening and reading a file of at most so many bytes into a `Problem` that names it."""
    try:
        yield
    except FileNotFoundError as error:
        raise Problem("data_no_file", file=str(path)) from error
    except TooLarge as error:
        raise Problem("data_file_too_large", file=path.name, most=most_bytes) from error
    except OSError as error:
        raise Problem("data_unreadable", file=path.name, reason=reason(error)) from error


def _read_packed(
    content: BufferedReader, size: int, file: str, item: tuple[int, ...], most: int, on_piece: _OnPiece
) -> Idx:
    if content.read(2) != b"\x1f\x8b":
        raise Problem("data_not_gzip", file=file)
    content.seek(0)
    try:
        most_bytes = _MOST_UNPACKED_FROM_ONE * size
        return _read(BufferedReader(_Unpacked(content, on_piece)), most_bytes, file, item, most, on_piece)
    except EOFError as error:
        raise Problem("data_truncated", file=file) from error
    except zlib.error as error:
        raise Problem("data_damaged", file=file) from error


class _Unpacked(RawIOBase):
    """Stream of the content of consecutive gzip members. Python's own reader decompresses only 8 kB at once in 3.11,
    and waits for the interpreter lock each time. Raises `EOFError` within a member, and `zlib.error`."""

    def __init__(self, packed: BufferedReader, on_piece: _OnPiece) -> None:
        self._on_piece = on_piece
        self._packed, self._waiting, self._member = packed, b"", zlib.decompressobj(_GZIP)

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        piece = self._next(len(room))
        room[: len(piece)] = piece
        return len(piece)

    def _next(self, most: int) -> bytes:
        piece = b""
        while not piece:
            self._on_piece()  # in this loop: millions of empty members give no piece
            self._waiting = self._waiting or self._packed.read(_PACKED)
            ended = not self._waiting
            if self._member.eof:
                self._waiting = self._waiting.lstrip(b"\0")  # zero padding at the end of the file is valid
                if ended:
                    break
                if self._waiting:
                    self._member = zlib.decompressobj(_GZIP)
                continue
            piece = self._member.decompress(self._waiting, most)
            self._waiting = self._member.unconsumed_tail or self._member.unused_data
            if not piece and ended and not self._member.eof:
                raise EOFError
        return piece


def _read(
    content: BufferedReader, can_come: int, file: str, item: tuple[int, ...], most: int, on_piece: _OnPiece
) -> Idx:
    """Read header and items in pieces into an exactly sized array, none larger than `can_come` bytes."""
    count = _announced(content.read(8 + 4 * len(item)), file, item, most)
    if count * math.prod(item) > can_come:
        raise Problem("data_truncated", file=file)
    items = np.empty((count, math.prod(item)), dtype=np.uint8)
    room, filled = items.reshape(-1).data, 0
    while piece := content.readinto(room[filled : filled + _PIECE]):
        filled += piece
        on_piece()
    if filled < len(room):
        raise Problem("data_truncated", file=file)
    if content.read(1):  # this also makes zlib verify its checksum
        raise Problem("data_too_long", file=file)
    items.flags.writeable = False
    return Idx(file, items)


def _announced(header: bytes, file: str, item: tuple[int, ...], most: int) -> int:
    if len(header) < 8 + 4 * len(item):
        raise Problem("data_truncated", file=file)
    magic, count, *shape = struct.unpack(f">{2 + len(item)}I", header)
    if magic != _MAGIC_OF_BYTES + 1 + len(item):
        raise Problem("data_wrong_magic", file=file)
    if tuple(shape) != item:
        raise Problem("data_wrong_size", file=file, width=shape[1], height=shape[0])
    if count > most:
        raise Problem("data_too_large", file=file, most=most)
    return int(count)
