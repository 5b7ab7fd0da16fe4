"""Image filters: maximum, minimum and mean around each pixel, and rotation."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.framing import Array

_ROWS: Final = 256  # rotated at once, to save memory


def largest(values: Array, reach: int, axes: tuple[int, ...] = (0, 1)) -> Array:
    """Return the largest value in the square of `reach` pixels around each pixel, or along some of the axes."""
    for axis in axes:  # by windows that double: few comparisons however large `reach` is
        widths = [(reach, reach) if each == axis else (0, 0) for each in range(values.ndim)]
        values = np.pad(values, widths, mode="edge")
        window, done = 2 * reach + 1, 1
        while done < window:
            step = min(done, window - done)
            values = np.maximum(_cut(values, 0, -step, axis), _cut(values, step, None, axis))
            done += step
    return values


def smallest(values: Array, reach: int, axes: tuple[int, ...] = (0, 1)) -> Array:
    """Return the smallest value in the square of `reach` pixels around each pixel, or along some of the axes."""
    return np.asarray(-largest(-values, reach, axes))


def mean(values: Array, reach: int) -> Array:
    """Return the mean of the square of `reach` pixels around each pixel; edge pixels are repeated."""
    for axis in (0, 1):
        widths = [(reach + 1, reach) if each == axis else (0, 0) for each in (0, 1)]
        sums = np.cumsum(np.pad(values, widths, mode="edge"), axis=axis, dtype=np.float64)
        window = 2 * reach + 1
        values = (_cut(sums, window, None, axis) - _cut(sums, 0, -window, axis)).astype(np.float32) / window
    return values


def turned(values: Array, degrees: float) -> Array:
    """Rotate the picture clockwise, on a sheet that is large enough; 0 around it."""
    turn = np.radians(degrees)
    cos, sin = float(np.cos(turn)), float(np.sin(turn))
    height, width = values.shape
    rows = int(np.ceil(height * abs(cos) + width * abs(sin)))
    columns = int(np.ceil(width * abs(cos) + height * abs(sin)))
    padded = np.pad(values, 1)
    new = np.zeros((rows, columns), dtype=np.float32)
    x = np.arange(columns, dtype=np.float32) - np.float32((columns - 1) / 2)
    for start in range(0, rows, _ROWS):
        y = np.arange(start, min(start + _ROWS, rows), dtype=np.float32)[:, np.newaxis]
        y -= np.float32((rows - 1) / 2)
        across = np.clip(x * cos + y * sin + (width + 1) / 2, 0, width + 1 - 1e-3)
        down = np.clip(-x * sin + y * cos + (height + 1) / 2, 0, height + 1 - 1e-3)
        left, top = across.astype(np.intp), down.astype(np.intp)
        right_share, lower_share = across - left, down - top
        upper = padded[top, left] * (1 - right_share) + padded[top, left + 1] * right_share
        lower = padded[top + 1, left] * (1 - right_share) + padded[top + 1, left + 1] * right_share
        new[start : start + _ROWS] = upper * (1 - lower_share) + lower * lower_share
    return new


def _cut(values: NDArray[Any], start: int, end: int | None, axis: int) -> NDArray[Any]:
    return np.asarray(values[(slice(None),) * axis + (slice(start, end),)])
