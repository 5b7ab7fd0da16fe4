"""Small data sets in the four files of MNIST."""

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def idx(values: NDArray[np.uint8]) -> bytes:
    """Images (n, side, side) or labels as a file of MNIST holds them."""
    return struct.pack(f">{values.ndim + 1}I", 0x800 + values.ndim, *values.shape) + values.tobytes()


def write_data_set(folder: Path, classes: int, training: int, test: int) -> Path:
    """Writes pictures of `classes` kinds that a network can tell apart: `training` of them to train and validate
    with, and `test` to test with. Returns `folder`, which is made."""
    folder.mkdir()
    chance = np.random.default_rng(0)
    for part, count in (("train", training), ("t10k", test)):
        labels = (np.arange(count) % classes).astype(np.uint8)
        images = chance.integers(0, 60, (count, classes, 784 // classes + 1), np.uint8)
        images[np.arange(count), labels] += 190
        pixels = images.reshape(count, -1)[:, :784].reshape(-1, 28, 28)
        (folder / f"{part}-images-idx3-ubyte").write_bytes(idx(pixels))
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(idx(labels))
    return folder
