"""A Jupyter notebook with a network: it evaluates MNIST in NumPy, shows the units, and repeats it in PyTorch."""

import base64
import json
from collections.abc import Mapping
from typing import Any, Final

from mnistviz import __version__
from mnistviz.engine.functions import ACTIVATIONS
from mnistviz.engine.network import Network
from mnistviz.engine.storage import network_bytes

_LINE: Final = 100  # letters of a line of the network's file

_LOAD: Final = """\
import base64, gzip, io
from pathlib import Path

import numpy as np

file = np.load(io.BytesIO(base64.b64decode(NETWORK)))  # np.load("network.npz") reads a saved network just as well
layers = range(1, sum(name.startswith("weights") for name in file) + 1)
weights = [file[f"weights_{layer}"] for layer in layers]  # of each layer, (neurons, inputs)
biases = [file[f"biases_{layer}"] for layer in layers]
[w.shape for w in weights]
"""

_FEEDFORWARD: Final = """\
def hidden(z):
    return {hidden}


def output(z):
    return {output}


def feedforward(a):
    \"\"\"The outputs for digits in rows, (n, {inputs}): a = σ(w·a + b), layer by layer.\"\"\"
    for w, b in zip(weights[:-1], biases[:-1]):
        a = hidden(a @ w.T + b)
    return output(a @ weights[-1].T + biases[-1])
"""

_READ: Final = """\
FOLDER = Path(".")  # where the four files are, such as t10k-images-idx3-ubyte.gz


def read(name, header):
    for path in (FOLDER / f"{name}.gz", FOLDER / name):
        if path.exists():
            content = path.read_bytes()
            content = gzip.decompress(content) if path.suffix == ".gz" else content
            return np.frombuffer(content, np.uint8, offset=header)
    raise FileNotFoundError(f"{name}.gz is not in {FOLDER.resolve()}")


images = read("t10k-images-idx3-ubyte", 16).reshape(-1, 784)
labels = read("t10k-labels-idx1-ubyte", 8)
pixels = images.astype(np.float32) / np.float32(255)  # 0 for paper, 1 for ink
"""

_EVALUATE: Final = """\
predictions = feedforward(pixels).argmax(axis=1)
print(f"{(predictions == labels).sum()} of {len(labels)} test digits are read right")
"""

_UNITS: Final = """\
import matplotlib.pyplot as plt

units = weights[0][:100]  # orange says yes, blue says no
columns = min(10, len(units))
rows = -(-len(units) // columns)
figure, axes = plt.subplots(rows, columns, figsize=(columns, rows), squeeze=False)
for unit, axis in enumerate(axes.flat):
    axis.axis("off")
    if unit < len(units):
        most = abs(units[unit]).max()
        axis.imshow(-units[unit].reshape(28, 28), cmap="RdBu", vmin=-most, vmax=most)
"""

_TORCH: Final = """\
import torch

network = torch.nn.Sequential(
MODULES
)
with torch.no_grad():
    for linear, w, b in zip(network[::2], weights, biases):
        linear.weight.copy_(torch.from_numpy(w))
        linear.bias.copy_(torch.from_numpy(b))
    in_torch = network(torch.from_numpy(pixels)).argmax(dim=1).numpy()
print(f"{(in_torch == labels).sum()} of {len(labels)} in PyTorch; {(in_torch != predictions).sum()} differ from NumPy")
"""


def notebook(network: Network, about: Mapping[str, object]) -> bytes:
    """Return the file's content, in version 4.5 of the format. A tag of each cell names the library it needs."""
    sizes = "-".join(map(str, network.sizes))
    content = base64.b64encode(network_bytes(network, about)).decode()
    encoded = "\n".join(content[at : at + _LINE] for at in range(0, len(content), _LINE))
    values = {
        "hidden": ACTIVATIONS[network.activation].numpy,
        "output": network.functions[-1].numpy,
        "inputs": network.sizes[0],
    }
    layers = zip(network.sizes, network.sizes[1:], network.functions, strict=False)
    modules = [f"    torch.nn.Linear({n}, {size}), torch.nn.{f.torch}," for n, size, f in layers]
    texts = (
        ("", f"# The network {sizes}\n\n{_story(network, about)}"),
        ("numpy", f'NETWORK = """\n{encoded}\n"""  # the file of the network, in base64'),
        ("", "## The network in NumPy"),
        ("numpy", _LOAD),
        ("numpy", _FEEDFORWARD.format(**values)),
        ("", "## What it reads\n\nThis needs the test digits in two of the four files of MNIST."),
        ("numpy", _READ),
        ("numpy", _EVALUATE),
        ("", "## Its units\n\nEach picture shows the weights of a unit of the first layer, from each pixel."),
        ("matplotlib", _UNITS),
        ("", "## The same in PyTorch"),
        ("torch", _TORCH.replace("MODULES", "\n".join(modules))),
    )
    document = {
        "cells": [_cell(number, tag, text.strip()) for number, (tag, text) in enumerate(texts)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1, ensure_ascii=True).encode()


def _cell(number: int, tag: str, text: str) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": "code" if tag else "markdown",
        "id": f"cell-{number}",
        "metadata": {"tags": [tag]} if tag else {},
        "source": text.splitlines(keepends=True),
    }
    if text.startswith("NETWORK"):
        cell["metadata"]["jupyter"] = {"source_hidden": True}
    return cell | ({"execution_count": None, "outputs": []} if tag else {})


def _story(network: Network, about: Mapping[str, object]) -> str:
    lines = [
        f"Saved by mnistviz {__version__}. Activation of hidden units: {network.activation}; output: "
        f"{network.output}; cost: {network.cost}."
    ]
    match about:  # which may hold anything
        case {"data": {"name": str(name)}, "step": int(step)}:
            lines.append(f"It was trained on {step:,} mini-batches of {_plain(name)}.")
    match about:
        case {"right": {"test": [int(read), int(count)]}}:
            lines.append(f"It read {read:,} of {count:,} test digits right.")
    return "\n\n".join(lines)


def _plain(text: object) -> str:
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]()#+-.!<>|$&" else letter for letter in str(text))
