"""Framing as in MNIST: ink scaled into a box of 20 × 20, its centre of mass in the middle of 28 × 28. It is shared by
the scratchpad, rows of digits and pictures. Arrays of ink are float32, 0 for paper and 1 for ink; pixel coordinates
count from the middle of the first pixel."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import SIDE
from mnistviz.engine.functions import Bools, Bytes, Numbers

Array = NDArray[np.float32]

BOX: Final = 20  # side of the box that the ink is scaled into, in pixels
CENTRE: Final = SIDE / 2  # coordinate of the centre of mass, in both directions, as in MNIST
FAINTEST: Final = 0.1  # paler ink does not count for the box, but stays in the image

PAPER: Final = 1 / 512  # paler values are paper: less than one grey level of a byte

_AS_IT_IS: Final = 1  # a box this many pixels off 20 is not scaled


def shares(places: NDArray[Any], scale: NDArray[Any], pixels: int = SIDE) -> Array:
    """Return the share of each source pixel in each of `pixels` new ones: (m, pixels, n). `places`, (m, n), are the
    new centres of the source pixels, and `scale`, (m,), their new size. A new pixel is the mean of what it covers."""
    size = scale.astype(np.float32)[:, np.newaxis, np.newaxis]
    overlap: Array = (
        np.arange(pixels, dtype=np.float32)[:, np.newaxis] - places.astype(np.float32)[:, np.newaxis]
    )
    np.abs(overlap, out=overlap)
    np.subtract((1 + size) / 2, overlap, out=overlap)
    np.minimum(overlap, np.minimum(1, size), out=overlap)
    return np.maximum(overlap, 0, out=overlap)


def row_shares(middles: NDArray[Any], scale: float, pixels: int = SIDE) -> Array:
    """Return the `shares` of a single row of source pixels, (pixels, n), from their new centres and new size."""
    return np.asarray(shares(middles[np.newaxis], np.array([scale]), pixels)[0])


def resized(ink: Array, scale: float) -> Array:
    """Scale ink by `scale`: each pixel is the mean of what it covers."""
    sizes = [max(1, round(length * scale)) for length in ink.shape]
    down, across = (
        row_shares((np.arange(length) + 0.5) * (size / length) - 0.5, size / length, size)
        for length, size in zip(ink.shape, sizes, strict=True)
    )
    return np.asarray(down @ ink @ across.T)


def framed(inks: Array, boxes: Numbers | None = None) -> Bytes:
    """Frame shapes (m, h, w) as images for a network: uint8 (m, 784), 255 for ink. A shape that already has the size
    of the box, as in MNIST, is moved by whole pixels, which keep their values; any other is scaled and centred to a
    fraction of a pixel. `boxes` are the `ink_boxes` of the shapes, if known."""
    edges = (ink_boxes(inks) if boxes is None else boxes).astype(np.float32)
    size = np.maximum(edges[:, 2] - edges[:, 0], edges[:, 3] - edges[:, 1])
    whole = np.abs(size - BOX) <= _AS_IT_IS
    scale = np.where(whole, 1, BOX / np.maximum(size, 1)).astype(np.float32)
    mass = np.maximum(inks.sum(axis=(1, 2)), 1e-6)
    weights = []
    for axis, length in ((1, inks.shape[1]), (2, inks.shape[2])):
        along = np.arange(length, dtype=np.float32)
        centre = inks.sum(axis=3 - axis) @ along / mass
        start = CENTRE - centre * scale
        first, last = (edges[:, 2 - axis] - 0.5) * scale, (edges[:, 4 - axis] - 0.5) * scale
        start = np.clip(start, -0.5 - first, SIDE - 0.5 - last)  # all of the ink stays in the picture
        start = np.where(whole, np.rint(start), start)
        weights.append(shares(along * scale[:, np.newaxis] + start[:, np.newaxis], scale))
    grey = weights[0] @ inks @ weights[1].transpose(0, 2, 1)
    return np.rint(np.clip(grey, 0, 1) * 255).astype(np.uint8).reshape(len(inks), SIDE * SIDE)


def ink_boxes(inks: Array) -> Numbers:
    """Return the bounding box of each shape's ink, (m, 4): left, top, right, bottom (exclusive); all 0 without ink."""
    columns: Bools = inks.max(axis=1) > FAINTEST
    rows: Bools = inks.max(axis=2) > FAINTEST
    inked = columns.any(axis=1)
    left, top = columns.argmax(axis=1), rows.argmax(axis=1)
    right = columns.shape[1] - columns[:, ::-1].argmax(axis=1)
    bottom = rows.shape[1] - rows[:, ::-1].argmax(axis=1)
    return np.asarray(np.where(inked, [left, top, right, bottom], 0).T)
