"""Networks on disk: an `.npz` put in place at once, and checked before anything of it is believed.

The file is a zip of `header.json` (what the network is, and `about`: where it comes from) and, for each
layer after the input, `weights_1.npy`, `biases_1.npy`, ... as float32; `numpy.load` reads it too.
"""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from mnistviz import __version__
from mnistviz.engine.digits import Digits
from mnistviz.engine.files import TooLarge, read_file, reason, replacing
from mnistviz.engine.functions import ACTIVATIONS, COSTS, INITIAL_WEIGHTS, Array
from mnistviz.engine.network import Network
from mnistviz.engine.origin import Origin
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import MAX_HIDDEN_LAYERS, MAX_WEIGHTS, SETTINGS, Settings, check_sizes

FORMAT: Final = 1
"""Raised whenever an older program would misread a newer file."""

SUFFIX: Final = ".npz"
"""The end of the name of a network's file."""

_HEADER: Final = "header.json"
_MOST_HEADER_BYTES: Final = 64 * 1024
_MOST_ARRAY_HEADER_BYTES: Final = 1024
_MOST_FILE_BYTES: Final = 4 * MAX_WEIGHTS + 1024 * 1024
_MOST_DIRECTORY_BYTES: Final = 256 * (2 * (MAX_HIDDEN_LAYERS + 1) + 1)
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


def save_network(network: Network, path: Path, about: Mapping[str, object]) -> None:
    """Writes `network` to `path`, where it appears whole or not at all.

    `about` is kept in the header: settings, data set, step, accuracy, whatever JSON can hold. Raises
    `Problem` if the weights are not finite or the file can't be written; what stood there then still does.
    """
    if not all(np.isfinite(array).all() for array in (*network.weights, *network.biases)):
        raise Problem("network_diverged", file=str(path))
    content = network_bytes(network, about)
    with replacing(path) as file:
        file.write(content)


def network_bytes(network: Network, about: Mapping[str, object]) -> bytes:
    """What `save_network` writes."""
    header = {
        "format": FORMAT,
        "engine": __version__,
        "sizes": list(network.sizes),
        "activation": network.activation,
        "output": network.output,
        "cost": network.cost,
        "start": network.initial_weights,
        "seed": network.seed,
        "about": dict(about),
    }
    # half a character, as in the name of a folder that is not UTF-8, stands there as JSON escapes it
    written = json.dumps(header, indent=1, ensure_ascii=False).encode(errors="backslashreplace")
    if len(written) > _MOST_HEADER_BYTES:
        raise ValueError("more is to be said about the network than its header may hold")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(zipfile.ZipInfo(_HEADER), written)  # a ZipInfo has no date: same network, same file
        for name, array in _arrays(network):
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w") as member:
                np.lib.format.write_array(member, np.ascontiguousarray(array, np.float32), allow_pickle=False)
    return content.getvalue()


def about_run(
    settings: Settings,
    digits: Digits,
    step: int,
    consumed: int,
    right: Mapping[str, tuple[int, int]],
    before: Origin | None = None,
) -> dict[str, object]:
    """What `save_network` should keep about a run: its settings, its data set and how far it has come.

    `step` counts mini-batches and `consumed` digits; `right` says for each set how many digits were read
    right, and of how many. `before` is what the network had learned if the run began with that of a file.
    """
    return {
        "settings": asdict(settings),
        "data": {"name": digits.name, "checksum": digits.checksum, "classes": list(digits.classes)},
        "step": step,
        "digits": consumed,
        "epoch": digits.epoch(settings),
        "right": dict(right),
        **({} if before is None else {"before": before.as_json()}),
    }


def load_network(path: Path) -> tuple[Network, dict[str, Any]]:
    """The network in `path`, float32, and its header, in which `about` is a dictionary of unchecked content.

    Nothing is unpacked before its declared size is known to fit. Raises `Problem`, which names the file.
    """
    name = path.name or str(path)
    try:
        content = read_file(path, _MOST_FILE_BYTES)
    except FileNotFoundError as error:
        raise Problem("network_missing", file=str(path)) from error
    except TooLarge as error:
        raise Problem("network_too_large", file=name) from error
    except OSError as error:
        raise Problem("network_unreadable", file=name, reason=reason(error)) from error
    try:
        return _read(content, name)
    except _FAULTS_OF_A_ZIP as error:
        raise Problem("network_damaged", file=name) from error


def _arrays(network: Network) -> Iterator[tuple[str, Array]]:
    """Each array with its name in the file, in the file's order."""
    for layer, (weights, biases) in enumerate(zip(network.weights, network.biases, strict=True), start=1):
        yield f"weights_{layer}", weights
        yield f"biases_{layer}", biases


def _read(content: bytes, name: str) -> tuple[Network, dict[str, Any]]:
    _check_directory(content, name)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {info.filename: info for info in archive.infolist()}
        header = _read_header(archive, members, name)
        network = Network(
            header["sizes"],
            header["seed"],
            activation=header["activation"],
            output=header["output"],
            cost=header["cost"],
            initial_weights=header["start"],
            dtype=np.float32,
        )
        arrays = dict(_arrays(network))
        if members.keys() != {_HEADER, *(f"{array}.npy" for array in arrays)}:
            raise Problem("network_unknown", file=name)
        for array_name, array in arrays.items():
            _read_array(archive, members[f"{array_name}.npy"], array, name)
    return network, header


def _check_directory(content: bytes, name: str) -> None:
    """Refuses what is no zip, and one whose directory has far more entries than a network has arrays."""
    record = content[-_DIRECTORY_END.size :]
    if len(record) < _DIRECTORY_END.size or not record.startswith(b"PK\5\6"):
        raise Problem("network_unknown", file=name)
    overruled = content[-42:].startswith(b"PK\6\7")  # by a record for zips of more than 4 GB
    if overruled or _DIRECTORY_END.unpack(record)[5] > _MOST_DIRECTORY_BYTES:
        raise Problem("network_unknown", file=name)


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """The content of a member, no more of it than it announces: `info.file_size` is to be checked beforehand.

    Of the ways of packing only these can be unpacked bit by bit: bzip2 and LZMA give back all they hold at once.
    """
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Problem("network_unknown", file=name)
    with archive.open(info) as member:
        content = member.read(info.file_size)
    if len(content) != info.file_size:
        raise Problem("network_damaged", file=name)
    return content


def _read_header(archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], name: str) -> dict[str, Any]:
    info = members.get(_HEADER)
    if info is None or info.file_size > _MOST_HEADER_BYTES:
        raise Problem("network_unknown", file=name)
    content = _unpacked(archive, info, name)
    try:
        header = json.loads(content)
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
            "start": str(initial_weights),
            "seed": int(seed),
            "about": dict(),
        } if all(type(size) is int for size in sizes) and _within(seed, SETTINGS["seed"].bounds):
            if (
                activation not in ACTIVATIONS
                or (output, cost) not in COSTS
                or initial_weights not in INITIAL_WEIGHTS
            ):
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
    content = _unpacked(archive, info, name)
    start = len(content) - array.nbytes
    if not _describes(content[:start], array):
        raise Problem("network_unknown", file=name)
    array[...] = np.frombuffer(content, "<f4", offset=start).reshape(array.shape)
    if not np.isfinite(array).all():
        raise Problem("network_not_finite", file=name)


def _describes(header: bytes, array: Array) -> bool:
    """Whether this is what NumPy writes before the numbers of such an array. NumPy itself would parse Python here."""
    magic, length, text = header[:8], header[8:10], header[10:]
    expected = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {array.shape}, }}".encode()
    return (
        magic == b"\x93NUMPY\x01\x00"
        and int.from_bytes(length, "little") == len(text)
        and text.removeprefix(expected).lstrip(b" ") == b"\n"  # as many spaces as it likes
    )


def _within(value: int, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]
