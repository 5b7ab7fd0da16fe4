"""Reads one file in the IDX format of MNIST, gzipped or plain, and never more of it than may be there."""

from __future__ import annotations

import gzip
import hashlib
import io
import math
import struct
import zlib
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.files import TooLarge, read_file, reason
from mnistviz.engine.problems import Problem

_MAGIC_OF_BYTES: Final = 0x0800  # plus the number of dimensions
_MOST_UNPACKED_FROM_ONE: Final = 1032  # bytes; no byte of gzip stands for more


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
    body: bytes | memoryview
    if path.suffix == ".gz":
        header, count, body = _unpack(content, length, file, item, most)
    else:
        header = content[:length]
        count = _announced(header, file, item, most)
        body = memoryview(content)[length:]
    if len(body) > count * math.prod(item):
        raise Problem("data_too_long", file=file)
    if len(body) < count * math.prod(item):
        raise Problem("data_truncated", file=file)
    return Idx(file, header, np.frombuffer(body, np.uint8).reshape(count, math.prod(item)))


def read_data_file(path: Path, most_bytes: int) -> bytes | None:
    """The whole of a regular file of at most `most_bytes`; None if there is no such file."""
    try:
        return read_file(path, most_bytes)
    except FileNotFoundError:
        return None
    except TooLarge as error:
        raise Problem("data_file_too_large", file=path.name, most=most_bytes) from error
    except OSError as error:
        raise Problem("data_unreadable", file=path.name, reason=reason(error)) from error


def _read_either(folder: Path, name: str, most_bytes: int) -> tuple[Path, bytes]:
    for path in (folder / f"{name}.gz", folder / name):
        content = read_data_file(path, most_bytes)
        if content is not None:
            return path, content
    raise Problem("data_missing", file=f"{name}.gz", folder=str(folder))


def _unpack(
    content: bytes, length: int, file: str, item: tuple[int, ...], most: int
) -> tuple[bytes, int, bytes]:
    """The header, of `length` bytes, the count it announces, and the items, of one or several gzip members."""
    if content[:2] != b"\x1f\x8b":
        raise Problem("data_not_gzip", file=file)
    unpacker = gzip.GzipFile(fileobj=io.BytesIO(content))
    try:
        header = unpacker.read(length)
        count = _announced(header, file, item, most)
        # One byte more than announced shows a longer file, and lets the unpacker check its own checksum. Room is
        # made for all that is asked for, so no more is asked for than can come.
        body = unpacker.read(min(count * math.prod(item), _MOST_UNPACKED_FROM_ONE * len(content)) + 1)
    except EOFError as error:
        raise Problem("data_truncated", file=file) from error
    except (OSError, zlib.error) as error:
        raise Problem("data_damaged", file=file) from error
    return header, count, body


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
