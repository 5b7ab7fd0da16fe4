"""Reads one file in the IDX format of MNIST, gzipped or plain, and never more of it than may be there."""

from __future__ import annotations

import hashlib
import math
import stat
import struct
import zlib
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.problems import Problem

_MAGIC_OF_BYTES: Final = 0x0800  # plus the number of dimensions


class Idx(NamedTuple):
    """A file's name, its header as it stands, and its items: uint8 (count, bytes of an item), read-only."""

    file: str
    header: bytes
    items: NDArray[np.uint8]


def read_idx(
    folder: Path, name: str, item: tuple[int, ...], most: int, checksums: dict[str, str] | None = None
) -> Idx:
    """The file `name`.gz in `folder`, or `name` if there is none, holding at most `most` items.

    `item` is the shape of one item: () for a label, (rows, columns) for a picture. If `checksums` are given,
    the file must have its SHA-256 there. Raises `Problem` for a file that is anything else than announced.
    """
    path, content = _read_either(folder, name, 1024 + 2 * most * math.prod(item))
    file = path.name
    if checksums is not None and hashlib.sha256(content).hexdigest() != checksums.get(file):
        raise Problem("data_checksum", file=file)

    length = 8 + 4 * len(item)
    if path.suffix != ".gz":
        header = content[:length]
        count = _announced(header, file, item, most)
        body: bytes | memoryview = memoryview(content)[length:]
    else:
        if content[:2] != b"\x1f\x8b":
            raise Problem("data_not_gzip", file=file)
        unpacker = zlib.decompressobj(wbits=31)
        try:
            header = unpacker.decompress(content, length)
            count = _announced(header, file, item, most)
            # One byte more than announced shows a longer file, and lets the unpacker check its own checksum.
            body = unpacker.decompress(unpacker.unconsumed_tail, count * math.prod(item) + 1)
        except zlib.error as error:
            raise Problem("data_damaged", file=file) from error
        if unpacker.unused_data.strip(b"\0"):
            raise Problem("data_too_long", file=file)
        if not unpacker.eof and len(body) <= count * math.prod(item):
            raise Problem("data_truncated", file=file)

    if len(body) > count * math.prod(item):
        raise Problem("data_too_long", file=file)
    if len(body) < count * math.prod(item):
        raise Problem("data_truncated", file=file)
    return Idx(file, header, np.frombuffer(body, np.uint8).reshape(count, math.prod(item)))


def read_file(path: Path, most_bytes: int) -> bytes | None:
    """The whole of a regular file of at most `most_bytes`; None if there is no such file."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise Problem("data_unreadable", file=path.name, reason="it is not a regular file")
        if found.st_size > most_bytes:
            raise Problem("data_file_too_large", file=path.name, most=most_bytes)
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Problem("data_unreadable", file=path.name, reason=error.strerror) from error


def _read_either(folder: Path, name: str, most_bytes: int) -> tuple[Path, bytes]:
    for path in (folder / f"{name}.gz", folder / name):
        content = read_file(path, most_bytes)
        if content is not None:
            return path, content
    raise Problem("data_missing", file=f"{name}.gz", folder=str(folder))


def _announced(header: bytes, file: str, item: tuple[int, ...], most: int) -> int:
    """The number of items that the header announces, after everything else in it was found right."""
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
