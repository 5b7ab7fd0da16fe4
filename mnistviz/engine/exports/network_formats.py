"""Export of a network in the format that the file's suffix names. ONNX and safetensors are written by hand:
https://github.com/onnx/onnx/blob/main/onnx/onnx.proto and https://github.com/huggingface/safetensors#format."""

import json
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from mnistviz import __version__
from mnistviz.engine.exports.notebook import notebook
from mnistviz.engine.network import Network
from mnistviz.engine.storage import SUFFIX, network_bytes, save_network

OPERATORS: Final = 13  # the version of ONNX's operator set; `_IR` is the matching version of the format

_IR: Final = 7
_FLOAT, _INT = 1, 2  # types of numbers and attributes


def onnx_model(network: Network, about: Mapping[str, object]) -> bytes:
    """Return the file's content; `about` goes into its metadata, as JSON. The model takes `pixels`, float32 (n, 784)
    from 0 for paper to 1 for ink, and gives `activations`, (n, 10). A layer is a Gemm, w·a + b, and a function."""
    nodes, tensors, last = b"", b"", "pixels"
    depth = len(network.weights)
    for layer, (w, b) in enumerate(zip(network.weights, network.biases, strict=True), start=1):
        weights, biases, z = f"weights_{layer}", f"biases_{layer}", f"z_{layer}"
        a = "activations" if layer == depth else f"a_{layer}"
        f = network.functions[layer - 1]
        alpha = b"" if f.alpha is None else _field(5, _attribute("alpha", f.alpha))
        nodes += _field(1, _node("Gemm", (last, weights, biases), z, _field(5, _attribute("transB", 1))))
        nodes += _field(1, _node(f.onnx, (z,), a, alpha))
        tensors += _field(5, _tensor(weights, w)) + _field(5, _tensor(biases, b))
        last = a
    graph = (
        nodes
        + _field(2, "mnistviz")
        + tensors
        + _field(11, _value("pixels", network.sizes[0]))
        + _field(12, _value("activations", network.sizes[-1]))
    )
    return (
        _field(1, _IR)
        + _field(2, "mnistviz")
        + _field(3, __version__)
        + _field(7, graph)
        + _field(8, _field(1, "") + _field(2, OPERATORS))
        + _field(14, _field(1, "mnistviz") + _field(2, json.dumps(about, ensure_ascii=True)))
    )


def _field(number: int, value: int | float | str | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    if isinstance(value, float):
        return _varint(number << 3 | 5) + struct.pack("<f", value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    """Encode an integer with seven bits a byte, the lowest first; all but the last byte have their highest bit set."""
    content = bytearray()
    while value > 127:
        content.append(value & 127 | 128)
        value >>= 7
    content.append(value)
    return bytes(content)


def _node(kind: str, inputs: tuple[str, ...], output: str, attributes: bytes) -> bytes:
    return b"".join(_field(1, name) for name in inputs) + _field(2, output) + _field(4, kind) + attributes


def _attribute(name: str, value: int | float) -> bytes:
    place, kind = (3, _INT) if isinstance(value, int) else (2, _FLOAT)
    return _field(1, name) + _field(place, value) + _field(20, kind)


def _tensor(name: str, array: np.ndarray[tuple[int, ...], np.dtype[np.floating]]) -> bytes:
    shape = b"".join(_field(1, length) for length in array.shape)
    return shape + _field(2, _FLOAT) + _field(8, name) + _field(9, array.astype("<f4").tobytes())


def _value(name: str, width: int) -> bytes:
    shape = _field(1, _field(2, "digits")) + _field(1, _field(1, width))
    return _field(1, name) + _field(2, _field(1, _field(1, _FLOAT) + _field(2, shape)))


_ALIGNED: Final = 8  # bytes: where the numbers begin


def safetensors(network: Network, about: Mapping[str, object]) -> bytes:
    """Return the file's content: the length of a header, the header, and the numbers. `about` goes into its metadata.
    The keys are those of a `torch.nn.Sequential` in which each `Linear` is followed by its function: 0.weight, 0.bias,
    2.weight, 2.bias, …"""
    metadata = {
        "sizes": network.sizes,
        "activation": network.activation,
        "output": network.output,
        "about": about,
    }
    header: dict[str, Any] = {"__metadata__": {"format": "pt", "mnistviz": json.dumps(metadata)}}
    content = b""
    for layer, (w, b) in enumerate(zip(network.weights, network.biases, strict=True)):
        for name, array in (("weight", w), ("bias", b)):
            numbers = array.astype("<f4").tobytes()
            header[f"{2 * layer}.{name}"] = {
                "dtype": "F32",
                "shape": list(array.shape),
                "data_offsets": [len(content), len(content) + len(numbers)],
            }
            content += numbers
    header_bytes = json.dumps(header).encode()
    header_bytes += b" " * (-len(header_bytes) % _ALIGNED)
    return struct.pack("<Q", len(header_bytes)) + header_bytes + content


About = Mapping[str, object]

FORMATS: Final[dict[str, Callable[[Network, About], bytes]]] = {
    ".onnx": onnx_model,
    ".safetensors": safetensors,
    ".ipynb": notebook,
}
"""Functions that return a file's content, by suffix, beside the program's own format."""

SUFFIXES: Final = (SUFFIX, *FORMATS)


def write_network(network: Network, path: Path, about: About) -> None:
    """Write a network to `path`, atomically, in the form of its suffix, or the program's own. Raise a `Problem`."""
    save_network(network, path, about, FORMATS.get(path.suffix.lower(), network_bytes))
