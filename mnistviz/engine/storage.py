"""Networks on disk: an `.npz` put in place at once, and checked before anything of it is believed.

The file is a zip of `header.json` (what the network is, and `about`: where it comes from) and, for each
layer after the input, `weights_1.npy`, `biases_1.npy`, ... as float32; `numpy.load` reads it too.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from mnistviz import __version__
from mnistviz.engine.digits import Digits
from mnistviz.engine.functions import ACTIVATIONS, COSTS, STARTS, Array
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import BOUNDS, MAX_HIDDEN_LAYERS, MAX_WEIGHTS, Settings, check_sizes

FORMAT: Final = 1
"""Raised whenever an older program would misread a newer file."""

_HEADER: Final = "header.json"
_MOST_HEADER_BYTES: Final = 64 * 1024
_MOST_ARRAY_HEADER_BYTES: Final = 1024
_MOST_FILE_BYTES: Final = 4 * MAX_WEIGHTS + 1024 * 1024
_MOST_DIRECTORY_BYTES: Final = 256 * (2 * (MAX_HIDDEN_LAYERS + 1) + 1)
_FAULTS_OF_A_ZIP: Final = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, RuntimeError)
_DIRECTORY_END: Final = struct.Struct("<4s4H2LH")  # the last record of a zip without a comment


def save_network(network: Network, path: Path, about: Mapping[str, object]) -> None:
    """Writes `network` to `path`, where it appears whole or not at all.

    `about` is kept in the header: settings, data set, step, accuracy, whatever JSON can hold. Raises
    `Problem` if the weights are not finite or the file can't be written; what stood there then still does.
    """
    if not all(np.isfinite(array).all() for array in (*network.weights, *network.biases)):
        raise Problem("network_diverged", file=str(path))
    header = {
        "format": FORMAT,
        "engine": __version__,
        "sizes": list(network.sizes),
        "activation": network.activation,
        "output": network.output,
        "cost": network.cost,
        "start": network.start,
        "seed": network.seed,
        "about": dict(about),
    }
    written = json.dumps(header, indent=1, ensure_ascii=False).encode()
    if len(written) > _MOST_HEADER_BYTES:
        raise ValueError("more is to be said about the network than its header may hold")
    with replacing(path) as file, zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo(_HEADER), written)  # a ZipInfo has no date: same network, same file
        for name, array in _arrays(network):
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w") as member:
                np.lib.format.write_array(member, np.ascontiguousarray(array, np.float32), allow_pickle=False)


def about_run(
    settings: Settings, digits: Digits, step: int, consumed: int, right: Mapping[str, tuple[int, int]]
) -> dict[str, object]:
    """What `save_network` should keep about a run: its settings, its data set and how far it has come.

    `step` counts mini-batches and `consumed` digits; `right` says for each set how many digits were read
    right, and of how many.
    """
    return {
        "settings": asdict(settings),
        "data": {"name": digits.name, "checksum": digits.checksum, "classes": list(digits.classes)},
        "step": step,
        "digits": consumed,
        "right": dict(right),
    }


def load_network(path: Path) -> tuple[Network, dict[str, Any]]:
    """The network in `path`, float32, and its header, in which `about` is a dictionary of unchecked content.

    Nothing is unpacked before its declared size is known to fit. Raises `Problem`, which names the file.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise Problem("network_unreadable", file=path.name, reason="it is not a regular file")
        if found.st_size > _MOST_FILE_BYTES:
            raise Problem("network_too_large", file=path.name)
        with path.open("rb") as file:
            return _read(file, path.name)
    except FileNotFoundError as error:
        raise Problem("network_missing", file=str(path)) from error
    except OSError as error:
        raise Problem("network_unreadable", file=path.name, reason=_reason(error)) from error
    except _FAULTS_OF_A_ZIP as error:
        raise Problem("network_damaged", file=path.name) from error


def check_writable(path: Path) -> None:
    """Raises the `Problem` that saving to `path` would meet now; leaves what is there alone."""
    with contextlib.suppress(_Unharmed), replacing(path):
        raise _Unharmed


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A new file to write, which takes the place of `path` at the end, at once and for good.

    If the writing fails, `path` is as it was and nothing else is left behind. Raises `Problem`.
    """
    try:
        target = Path(os.path.realpath(path))  # a link stays a link
    except OSError as error:  # the current folder has gone
        raise Problem("file_not_written", file=str(path), reason=_reason(error)) from error
    aside = target.parent / f".mnistviz-{secrets.token_hex(6)}.tmp"
    try:
        mode = _mode_of_replaced(target)
        with aside.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            aside.chmod(mode)
        aside.replace(target)
    except OSError as error:
        raise Problem("file_not_written", file=str(path), reason=_reason(error)) from error
    finally:
        with contextlib.suppress(OSError):
            aside.unlink()
    with contextlib.suppress(OSError):  # not every system can, and the file itself is safe
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


class _Unharmed(Exception):
    """Leaves `replacing` before anything is replaced."""


def _mode_of_replaced(target: Path) -> int | None:
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file")
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return stat.S_IMODE(found.st_mode)


def _arrays(network: Network) -> Iterator[tuple[str, Array]]:
    """Each array with its name in the file, in the file's order."""
    for layer, (weights, biases) in enumerate(zip(network.weights, network.biases, strict=True), start=1):
        yield f"weights_{layer}", weights
        yield f"biases_{layer}", biases


def _read(file: IO[bytes], name: str) -> tuple[Network, dict[str, Any]]:
    _check_directory(file, name)
    with zipfile.ZipFile(file) as archive:
        members = {info.filename: info for info in archive.infolist()}
        header = _read_header(archive, members, name)
        network = Network(
            header["sizes"],
            header["seed"],
            activation=header["activation"],
            output=header["output"],
            cost=header["cost"],
            start=header["start"],
            dtype=np.float32,
        )
        arrays = dict(_arrays(network))
        if members.keys() != {_HEADER, *(f"{array}.npy" for array in arrays)}:
            raise Problem("network_unknown", file=name)
        for array_name, array in arrays.items():
            _read_array(archive, members[f"{array_name}.npy"], array, name)
    return network, header


def _check_directory(file: IO[bytes], name: str) -> None:
    """Refuses what is no zip, and one whose directory has far more entries than a network has arrays."""
    length = file.seek(0, os.SEEK_END)
    file.seek(max(0, length - _DIRECTORY_END.size))
    record = file.read()
    if len(record) < _DIRECTORY_END.size or not record.startswith(b"PK\5\6"):
        raise Problem("network_unknown", file=name)
    if _DIRECTORY_END.unpack(record)[5] > _MOST_DIRECTORY_BYTES:
        raise Problem("network_unknown", file=name)


def _read_header(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], name: str) -> dict[str, Any]:
    info = members.get(_HEADER)
    if info is None or info.file_size > _MOST_HEADER_BYTES:
        raise Problem("network_unknown", file=name)
    try:
        header = json.loads(archive.read(info))
    except (ValueError, RecursionError) as error:
        raise Problem("network_damaged", file=name) from error
    match header:
        case {"format": int(version)} if version > FORMAT:
            raise Problem("network_newer", file=name)
        case {
            "format": 1,
            "sizes": [int(), int(), *_] as sizes,
            "activation": str(activation),
            "output": str(output),
            "cost": str(cost),
            "start": str(start),
            "seed": int(seed),
            "about": dict(),
        } if all(type(size) is int for size in sizes) and _within(seed, BOUNDS["seed"]):
            if activation not in ACTIVATIONS or (output, cost) not in COSTS or start not in STARTS:
                raise Problem("network_newer", file=name)
            try:
                check_sizes(tuple(sizes))
            except Problem as problem:
                raise Problem("network_too_large", file=name) from problem
            return dict(header)
    raise Problem("network_unknown", file=name)


def _read_array(archive: zipfile.ZipFile, info: zipfile.ZipInfo, array: Array, name: str) -> None:
    """Fills `array` from the member `info`, which must hold just that: the shape, the type, the size."""
    if not array.nbytes < info.file_size <= array.nbytes + _MOST_ARRAY_HEADER_BYTES:
        raise Problem("network_unknown", file=name)
    with archive.open(info) as member:
        if np.lib.format.read_magic(member) != (1, 0):
            raise Problem("network_unknown", file=name)
        found = np.lib.format.read_array_header_1_0(member, max_header_size=_MOST_ARRAY_HEADER_BYTES)
        if found != (array.shape, False, np.dtype("<f4")):
            raise Problem("network_unknown", file=name)
        content = member.read(array.nbytes + 1)
    if len(content) != array.nbytes:
        raise Problem("network_damaged", file=name)
    array[...] = np.frombuffer(content, "<f4").reshape(array.shape)
    if not np.isfinite(array).all():
        raise Problem("network_not_finite", file=name)


def _within(value: int, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
