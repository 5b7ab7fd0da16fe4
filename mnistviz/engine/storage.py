"""Network files: an `.npz` written atomically, and checked before its content is trusted.

The file is a zip of `header.json` (what the network is, and `about`: where it comes from) and, for each
layer after the input, `weights_1.npy`, `biases_1.npy`, ... as float32; `numpy.load` reads it too.
"""

import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from msgspec.structs import asdict

from mnistviz import __version__
from mnistviz.engine.cancelling import Cancelled, never
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.saved import DataNote
from mnistviz.engine.files import ArchiveReader, archive_into, json_bytes, opened_archive, replacing
from mnistviz.engine.fork import Origin
from mnistviz.engine.functions import ACTIVATIONS, COSTS, INITIAL_WEIGHTS, Array
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.settings import MAX_HIDDEN_LAYERS, MAX_WEIGHTS, SETTINGS, Settings, check_sizes

FORMAT: Final = 1  # increased whenever an older program would misinterpret a newer file

SUFFIX: Final = ".npz"  # suffix of a network file

_HEADER: Final = "header.json"
_MOST_HEADER_BYTES: Final = 64 * 1024
_MOST_FILE_BYTES: Final = 4 * MAX_WEIGHTS + 1024 * 1024
_MOST_MEMBERS: Final = 2 * (MAX_HIDDEN_LAYERS + 1) + 1


def network_bytes(network: Network, about: Mapping[str, object]) -> bytes:
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
    if len(json_bytes(header)) > _MOST_HEADER_BYTES:
        raise ValueError("more is to be said about the network than its header may hold")
    content = io.BytesIO()
    with archive_into(content) as archive:
        archive.json(_HEADER, header)
        for name, array in _arrays(network):
            archive.array(f"{name}.npy", array.astype(np.float32, copy=False))
    return content.getvalue()


def save_network(
    network: Network, path: Path, about: Mapping[str, object], encode: Callable[..., bytes] = network_bytes
) -> None:
    """Write `network` to `path`, atomically, as `encode` gives it. `about` is stored in the header: settings, data
    set, step, accuracy, any JSON. Raise `Problem` if the weights are not finite or the file can't be written; an older
    one then stays."""
    if not all(np.isfinite(array).all() for array in (*network.weights, *network.biases)):
        raise Problem("network_diverged", file=str(path))
    content = encode(network, about)
    with replacing(path) as file:
        file.write(content)


def about_run(
    settings: Settings,
    data: Digits | DataNote,
    epoch: int,
    step: int,
    consumed: int,
    right: Mapping[str, tuple[int, int]],
    before: Origin | None = None,
) -> dict[str, object]:
    """Return what `save_network` should store about a run: settings, data set and progress. `epoch` is the number of
    samples in one, `step` counts mini-batches and `consumed` samples; `right` has for each set the correct samples and
    their total. `before` is the training of the file's network that the run began with."""
    return {
        "settings": asdict(settings),
        "data": {"name": data.name, "checksum": data.checksum, "classes": list(data.classes)},
        "step": step,
        "digits": consumed,
        "epoch": epoch,
        "right": dict(right),
        **({} if before is None else {"before": before.as_json()}),
    }


def load_network(path: Path, cancelled: Cancelled = never) -> tuple[Network, dict[str, Any]]:
    """Return the network in `path`, float32, and its header, in which `about` is a dictionary of unchecked content.
    Nothing is decompressed before its declared size is known to fit. Raise `Problem`, which names the file."""
    with opened_archive(path, "network", _MOST_FILE_BYTES, _MOST_MEMBERS, cancelled) as archive:
        return _read(archive)


def _arrays(network: Network) -> Iterator[tuple[str, Array]]:
    for layer, (weights, biases) in enumerate(zip(network.weights, network.biases, strict=True), start=1):
        yield f"weights_{layer}", weights
        yield f"biases_{layer}", biases


def _read(archive: ArchiveReader) -> tuple[Network, dict[str, Any]]:
    header = _read_header(archive)
    choices = {name: header[name] for name in ("activation", "output", "cost")}
    network = Network(header["sizes"], header["seed"], initial_weights=header["start"], **choices)
    arrays = dict(_arrays(network))
    if archive.names != {_HEADER, *(f"{array}.npy" for array in arrays)}:
        raise archive.problem("unknown")
    for name, array in arrays.items():
        array[...] = archive.array(f"{name}.npy", "<f4", array.shape)
        if not np.isfinite(array).all():
            raise archive.problem("not_finite")
    return network, header


def _read_header(archive: ArchiveReader) -> dict[str, Any]:
    header, (low, high) = archive.json(_HEADER, _MOST_HEADER_BYTES), SETTINGS["seed"].bounds
    match header:
        case {"format": int(version)} if version > FORMAT:
            raise archive.problem("newer")
        case {
            "format": 1,
            "sizes": [int(), int(), *_] as sizes,
            "activation": str(activation),
            "output": str(output),
            "cost": str(cost),
            "start": str(initial_weights),
            "seed": int(seed),
            "about": dict(),
        } if all(type(size) is int for size in sizes) and low <= seed <= high:
            known = activation in ACTIVATIONS and initial_weights in INITIAL_WEIGHTS
            if not known or (output, cost) not in COSTS:
                raise archive.problem("newer")
            try:
                check_sizes(tuple(sizes))
            except Problem as problem:
                raise archive.problem("too_large") from problem
            return dict(header)
    raise archive.problem("unknown")
