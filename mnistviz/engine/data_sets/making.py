"""Conversion of a picture of any size to 28 × 28: as MNIST was made, or plainly scaled."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.data_sets.source import Bytes, Fit
from mnistviz.engine.digits import SIDE, grey_values
from mnistviz.engine.framing import Array, framed, shares
from mnistviz.engine.problems import Problem
from mnistviz.engine.rows.cleaning import even
from mnistviz.engine.rows.filters import largest
from mnistviz.engine.rows.strokes import without_specks

_PHOTOGRAPH: Final = 160  # pixels of the longer side: larger pictures may have shadows and grainy paper
_LEAST_PHOTOGRAPH: Final = 40  # pixels: smaller ones count as photographs only if the paper is rough
_ROUGH: Final = 0.02  # of white
_ENLARGED: Final = 2 * SIDE  # pixels: pictures smaller than 28 are first enlarged to this, with interpolation
_LEAST_CONTRAST: Final = 0.04  # of white: a picture with less is empty paper


def are_light_on_dark(stack: Bytes) -> NDArray[np.bool_]:
    """Return for each picture, (m, h, w), whether its ink is lighter than its paper, which is what lies along its
    edge."""
    low, high = stack.min(axis=(1, 2)).astype(float), stack.max(axis=(1, 2)).astype(float)
    light: NDArray[np.bool_] = np.median(_edges(stack), axis=1) <= (low + high) / 2
    return light


def make_digits(stack: Bytes, fit: Fit, light_on_dark: bool | None) -> Bytes:
    """Convert grey pictures (m, h, w) to digits: uint8 (m, 784), 255 for ink. `light_on_dark` is True if ink is
    lighter than paper in all of them; None: each picture decides."""
    light = are_light_on_dark(stack) if light_on_dark is None else np.full(len(stack), light_on_dark)
    if fit == "scaled":
        return _scaled(np.where(light[:, np.newaxis, np.newaxis], stack, 255 - stack))
    if max(stack.shape[1:]) >= _PHOTOGRAPH:
        return _framed_photographs(stack)
    grey = grey_values(stack)
    grain = _grain(grey)
    ink = _ink(grey, light, grain)
    digits = framed(_enlarged(ink) if max(ink.shape[1:]) < SIDE else ink)
    rough = grain > _ROUGH
    if rough.any() and max(stack.shape[1:]) >= _LEAST_PHOTOGRAPH:
        digits[rough] = _framed_photographs(stack[rough])
    return digits


def _edges(stack: NDArray[Any]) -> NDArray[Any]:
    """Return the outermost pixels of each picture: (m, n)."""
    edges: NDArray[Any] = np.concatenate([stack[:, 0], stack[:, -1], stack[:, :, 0], stack[:, :, -1]], axis=1)
    return edges


def _framed_photographs(stack: Bytes) -> Bytes:
    return np.concatenate([framed(_ink_of_photograph(picture)[np.newaxis]) for picture in stack])


def _grain(grey: Array) -> Array:
    """Return the median deviation of the paper along the edge, for each picture."""
    edges = _edges(grey)
    grain: Array = np.median(np.abs(edges - np.median(edges, axis=1, keepdims=True)), axis=1)
    return grain


def _ink(grey: Array, light: NDArray[np.bool_], grain: Array) -> Array:
    """Scale paper to 0 and the strongest ink to 1; deviations of little more than the grain count as paper."""
    paper = np.median(_edges(grey), axis=1)
    sign = np.where(light, 1, -1).astype(np.float32)
    ink: Array = (grey - paper[:, np.newaxis, np.newaxis]) * sign[:, np.newaxis, np.newaxis]
    ink -= 3 * grain[:, np.newaxis, np.newaxis]
    most = ink.max(axis=(1, 2), keepdims=True)
    ink /= np.where(most < _LEAST_CONTRAST, np.float32(np.inf), most)
    np.clip(ink, 0, 1, out=ink)
    return ink


def _ink_of_photograph(picture: Bytes) -> Array:
    """Return the ink of a larger picture, with possibly uneven illumination, by the same steps as for rows."""
    try:
        evened = even(picture)
    except Problem:  # nothing stands out from the paper
        return np.zeros((1, 1), dtype=np.float32)
    part = min(max(evened.threshold, 0.02), 0.98)
    inked = without_specks(evened.contrast > part)
    soft = np.clip((evened.contrast - part) / (2 * min(part, 1 - part)) + 0.5, 0, 1)
    ink: Array = (soft * (largest(inked.astype(np.float32), 1) > 0)).astype(np.float32)
    return ink


def _enlarged(ink: Array) -> Array:
    """Enlarge small pictures, linear between their pixels."""
    factor = -(-_ENLARGED // max(ink.shape[1:]))
    down, across = (_linear(length, length * factor) for length in ink.shape[1:])
    larger: Array = (down @ ink @ across.T).astype(np.float32, copy=False)
    return larger


def _linear(length: int, size: int) -> Array:
    """Return the share of each of `length` old pixels in each of `size` new ones: (size, length)."""
    at = np.clip((np.arange(size) + 0.5) * length / size - 0.5, 0, length - 1)
    taken: Array = np.maximum(0, 1 - np.abs(at[:, np.newaxis] - np.arange(length))).astype(np.float32)
    return taken


def _scaled(ink: Bytes) -> Bytes:
    """Scale whole pictures to the largest size that fits; 28 × 28 stays unchanged."""
    height, width = ink.shape[1:]
    if (height, width) != (SIDE, SIDE):
        scale = SIDE / max(height, width)
        down, across = (
            shares(
                ((np.arange(length) + 0.5) * scale - 0.5 + (SIDE - length * scale) / 2)[np.newaxis],
                np.array([scale]),
            )[0]
            for length in (height, width)
        )
        ink = np.rint(np.clip(down @ grey_values(ink) @ across.T, 0, 1) * 255).astype(np.uint8)
    return ink.reshape(len(ink), SIDE * SIDE)
