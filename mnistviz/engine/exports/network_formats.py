"""Export of a network in the format that the file's suffix names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from mnistviz.engine.exports.notebook import notebook
from mnistviz.engine.exports.onnx_file import onnx_model
from mnistviz.engine.exports.safetensors_file import safetensors
from mnistviz.engine.files import replacing
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.storage import SUFFIX, save_network

About = Mapping[str, object]

FORMATS: Final[dict[str, Callable[[Network, About], bytes]]] = {
    ".onnx": onnx_model,
    ".safetensors": safetensors,
    ".ipynb": notebook,
}
"""Functions that return a file's content, by suffix, beside the program's own format."""

SUFFIXES: Final = (SUFFIX, *FORMATS)


def write_network(network: Network, path: Path, about: About) -> None:
    """Write a network to `path`, atomically, in the program's own format unless the suffix names another; `about` is
    its description. Raise a `Problem`."""
    make = FORMATS.get(path.suffix.lower())
    if make is None:
        save_network(network, path, about)
        return
    if not np.isfinite(network.parameters).all():
        raise Problem("network_diverged", file=str(path))
    content = make(network, about)
    with replacing(path) as file:
        file.write(content)
