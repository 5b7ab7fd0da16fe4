"""An `.npz` with the arrays `x_train`, `y_train`, `x_test` and `y_test`, as Keras has MNIST; never unpickled."""

import math
import re
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Progress
from mnistviz.engine.data_sets.source import MOST_SIDE, MOST_VALUES, PictureSource, arrays_source, within
from mnistviz.engine.digits import MOST_DIGITS
from mnistviz.engine.files import DamagedZip, ForeignZip, opened_zip
from mnistviz.engine.functions import Bytes
from mnistviz.engine.idx import file_faults
from mnistviz.engine.problems import Problem

SUFFIX: Final = ".npz"
MOST_BYTES: Final = 4 << 30
_PARTS: Final = (("x_train", "y_train"), ("x_test", "y_test"))
_MOST_MEMBERS: Final = 256
_MOST_HEADER: Final = 4096  # bytes
_AT_ONCE: Final = 1 << 22  # bytes decompressed at once
_MOST_LABEL: Final = 1_000_000
_HEADER: Final = re.compile(
    rb"\{'descr': '([<>|][ui][1248]|[<>]f[248])', 'fortran_order': False, "
    rb"'shape': \(((?:\d{1,10}, ?)*\d{0,10})\), ?\}\s*"
)
_LUMINANCE: Final = np.array([0.299, 0.587, 0.114], dtype=np.float32)


class _Array(NamedTuple):
    """An array of the file, after its header was checked."""

    file: str
    name: str
    content: IO[bytes]
    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]

    @property
    def item(self) -> int:
        """Bytes of one item along the first axis."""
        return math.prod(self.shape[1:]) * self.dtype.itemsize

    def read(self, count: int) -> NDArray[np.generic]:
        """Return the next `count` items."""
        content = self.content.read(count * self.item)
        if len(content) != count * self.item:
            raise Problem("data_truncated", file=self.file)
        return np.frombuffer(content, self.dtype).reshape(count, *self.shape[1:])


def holds_data_set(path: Path) -> bool:
    """Return True if an `.npz` has training pictures, and no network. Reads only its directory; never raises."""
    try:
        with opened_zip(path, MOST_BYTES, _MOST_MEMBERS) as archive:
            return "x_train.npy" in archive.namelist()
    except (ForeignZip, DamagedZip, OSError):
        return False


def read_arrays(path: Path, progress: Progress) -> PictureSource:
    """Read the pictures and labels of an `.npz`, unpacking nothing before its size is checked. Raise a `Problem`."""
    file = path.name
    try:
        with file_faults(path, MOST_BYTES), opened_zip(path, MOST_BYTES, _MOST_MEMBERS) as archive:
            names = [part for part in _PARTS if f"{part[0]}.npy" in archive.namelist()]
            if _PARTS[0] not in names:
                raise ForeignZip
            shares = (within(progress, place / len(names), (place + 1) / len(names)) for place in (0, 1))
            parts = [_part(archive, part, file, share) for part, share in zip(names, shares, strict=False)]
    except ForeignZip as error:
        raise Problem("data_no_arrays", file=file, missing=_PARTS[0][0]) from error
    except DamagedZip as error:
        raise Problem("data_damaged", file=file) from error
    return arrays_source(path, parts, keeps_order=len(parts) > 1)


def _part(
    archive: zipfile.ZipFile, names: tuple[str, str], file: str, progress: Progress
) -> tuple[Bytes, list[str]]:
    """Return the pictures, uint8 (n, h, w), and the labels of one part."""
    images, labels = names
    if f"{labels}.npy" not in archive.namelist():
        raise Problem("data_no_arrays", file=file, missing=labels)
    pictures = _pictures(archive, images, file, progress)
    label_names = _labels(archive, labels, file)
    if len(label_names) != len(pictures):
        raise Problem("data_counts_differ", file=file, labels=len(label_names), images=len(pictures))
    return pictures, label_names


def _pictures(archive: zipfile.ZipFile, name: str, file: str, progress: Progress) -> Bytes:
    with _opened(archive, name, file) as array:
        shape = _shape_of_pictures(array)
        if (count := array.shape[0]) > MOST_DIGITS or math.prod(shape) > MOST_VALUES:
            most = min(MOST_DIGITS, MOST_VALUES // math.prod(shape[1:]))
            raise Problem("data_too_large", file=file, most=most)
        pictures = np.empty(shape, dtype=np.uint8)
        step = max(1, _AT_ONCE // array.item)
        white = 0.0
        for start in range(0, count, step):
            progress(start / count)
            values = array.read(min(step, count - start)).astype(np.float32, copy=False)
            white = white or (1.0 if array.dtype.kind == "f" and values.max(initial=0) <= 1 else 255.0)
            if not ((values >= 0) & (values <= white)).all():
                raise Problem("data_array_values", file=file, name=name, most=white)
            if values.ndim == 4:
                values = values[..., 0] if values.shape[-1] < 3 else values[..., :3] @ _LUMINANCE
            values = values.reshape(len(values), *shape[1:])
            pictures[start : start + step] = np.rint(values * np.float32(255 / white))
    return pictures


def _shape_of_pictures(array: _Array) -> tuple[int, int, int]:
    """Return (n, h, w) of pictures with or without colours, or of flattened square ones."""
    match array.shape:
        case (count, height, width) | (count, height, width, 1 | 3 | 4):
            pass
        case (count, pixels) if math.isqrt(pixels) ** 2 == pixels:
            height = width = math.isqrt(pixels)
        case _:
            raise Problem("data_array_shape", file=array.file, name=array.name)
    if not (2 <= height <= MOST_SIDE and 2 <= width <= MOST_SIDE and count):
        raise Problem("data_array_shape", file=array.file, name=array.name)
    return count, height, width


def _labels(archive: zipfile.ZipFile, name: str, file: str) -> list[str]:
    with _opened(archive, name, file) as array:
        if array.dtype.kind not in "ui" or array.shape[1:] not in ((), (1,)) or array.shape[0] > MOST_DIGITS:
            raise Problem("data_array_shape", file=file, name=name)
        values = array.read(array.shape[0]).reshape(-1)
    if len(values) and not 0 <= int(values.min()) <= int(values.max()) <= _MOST_LABEL:
        raise Problem("data_array_values", file=file, name=name, most=_MOST_LABEL)
    return [str(value) for value in values.tolist()]


@contextmanager
def _opened(archive: zipfile.ZipFile, name: str, file: str) -> Iterator[_Array]:
    """Open an array whose header fits its size in the zip. NumPy would parse the header as Python."""
    info = archive.getinfo(f"{name}.npy")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Problem("data_array_shape", file=file, name=name)
    with archive.open(info) as member:
        start = member.read(8)
        lengths = {b"\x93NUMPY\1\0": "<H", b"\x93NUMPY\2\0": "<I"}
        if start not in lengths:
            raise Problem("data_array_shape", file=file, name=name)
        length = struct.Struct(lengths[start])
        size = length.unpack(member.read(length.size))[0]
        match = _HEADER.fullmatch(member.read(size)) if size <= _MOST_HEADER else None
        if match is None:
            raise Problem("data_array_shape", file=file, name=name)
        dtype = np.dtype(match[1].decode())
        shape = tuple(int(number) for number in match[2].replace(b" ", b"").split(b",") if number)
        if not shape or math.prod(shape) * dtype.itemsize != info.file_size - 8 - length.size - size:
            raise Problem("data_array_shape", file=file, name=name)
        yield _Array(file, name, member, dtype, shape)
