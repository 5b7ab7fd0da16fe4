"""A network as safetensors, written by hand: https://github.com/huggingface/safetensors#format.

The keys are those of a `torch.nn.Sequential` in which each `Linear` is followed by its function: 0.weight, 0.bias,
2.weight, 2.bias, …
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, Final

from mnistviz.engine.network import Network

_ALIGNED: Final = 8  # bytes: where the numbers begin


def safetensors(network: Network, about: Mapping[str, object]) -> bytes:
    """Return the file's content: the length of a header, the header, and the numbers. `about` goes into its
    metadata."""
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
            offsets = [len(content), len(content) + len(numbers)]
            header[f"{2 * layer}.{name}"] = {
                "dtype": "F32",
                "shape": list(array.shape),
                "data_offsets": offsets,
            }
            content += numbers
    header_bytes = json.dumps(header).encode()
    header_bytes += b" " * (-len(header_bytes) % _ALIGNED)
    return struct.pack("<Q", len(header_bytes)) + header_bytes + content
