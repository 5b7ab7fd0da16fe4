"""Ink from a picture of handwriting, placed as large as possible on the wide pad."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.framing import Array, resized
from mnistviz.engine.rows import Box, Evened, take_ink
from mnistviz.engine.rows.cleaning import Progress

FINE: Final = 112
"""The height of a picture's ink on the pad, in pixels."""
_HIGH, _LONG = 0.8, 0.94  # fractions of the pad that the writing fills at most
_LEAST_PART: Final = 8  # pixels: a smaller part of a picture is ignored


@dataclass(frozen=True, eq=False)
class Scan:
    """Origin of the ink on the pad. `evened` is the picture, `part` the chosen box in its pixels or None for all of
    it; `threshold` was used. There are `lines` lines of writing, of which number `line`, from 0 at the top, is read.
    `photo`, uint8 (h, w), is the picture behind the ink on the pad."""

    name: str
    evened: Evened
    threshold: float
    part: Box | None
    lines: int
    photo: NDArray[np.uint8]
    line: int = 0


def scanned(
    name: str,
    evened: Evened,
    width: float,
    threshold: float | None = None,
    part: Box | None = None,
    number: int = 0,
    progress: Progress | None = None,
) -> tuple[NDArray[np.uint8], Scan]:
    """Return the ink of a picture's line of writing, uint8 (h, w), for a pad `width` times as wide as high, and its
    origin.

    `number` counts from 0; if it is too large, the last line is used. Raise the `Problem` "picture_without_digits" if
    no ink is found.
    """
    cleaned = take_ink(evened if part is None else _cropped(evened, part), threshold, progress)
    number = min(number, len(cleaned.lines) - 1)
    line = cleaned.lines[number]
    size = (FINE, round(width * FINE))
    scale = min(_HIGH * size[0] / (line.bottom - line.top), _LONG * size[1] / (line.right - line.left))
    ink = _placed(cleaned.line(number), line, scale, size)
    photo = _placed(cleaned.contrast, line, scale, size)
    return ink, Scan(name, evened, cleaned.threshold, part, len(cleaned.lines), photo, number)


def whole(evened: Evened, size: tuple[int, int]) -> tuple[NDArray[np.uint8], float]:
    """Return the whole picture as large as fits into `size`, (h, w), and the factor by which it was scaled."""
    high, wide = evened.contrast.shape
    scale = min(size[0] / high, size[1] / wide)
    return _bytes(resized(evened.contrast, scale)), scale


def _cropped(evened: Evened, part: Box) -> Evened:
    high, wide = evened.contrast.shape
    left, top = (
        int(np.clip(edge, 0, most - _LEAST_PART)) for edge, most in ((part.left, wide), (part.top, high))
    )
    right, bottom = (
        int(np.clip(edge, least + _LEAST_PART, most))
        for edge, least, most in ((part.right, left, wide), (part.bottom, top, high))
    )
    return replace(evened, contrast=np.ascontiguousarray(evened.contrast[top:bottom, left:right]))


def _placed(values: Array, line: Box, scale: float, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return the surroundings of a line, scaled by `scale`, in the middle of paper of this size."""
    middle = ((line.top + line.bottom) / 2, (line.left + line.right) / 2)
    firsts, afters = (
        [int(np.clip(round(centre + sign * length / 2 / scale), 0, most)) for centre, length, most in zip(
            middle, size, values.shape, strict=True)]
        for sign in (-1, 1)
    )  # fmt: skip
    part = _bytes(resized(values[firsts[0] : afters[0], firsts[1] : afters[1]], scale))
    paper = np.zeros(size, dtype=np.uint8)
    tops = [
        int(np.clip(round((first - centre) * scale + length / 2), 0, max(0, length - 1)))
        for first, centre, length in zip(firsts, middle, size, strict=True)
    ]
    room = paper[tops[0] : tops[0] + part.shape[0], tops[1] : tops[1] + part.shape[1]]
    room[...] = part[: room.shape[0], : room.shape[1]]
    return paper


def _bytes(values: Array) -> NDArray[np.uint8]:
    return np.rint(255 * np.clip(values, 0, 1)).astype(np.uint8)
