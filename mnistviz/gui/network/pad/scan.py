"""A picture of handwriting on the wide pad: what was taken for ink, set as large as the pad allows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.framing import Array, resized
from mnistviz.engine.rows import Box, Evened, take_ink
from mnistviz.engine.rows.cleaning import Progress

FINE: Final = 112
"""So many pixels high is the ink of a picture on the pad."""
_HIGH, _LONG = 0.8, 0.94  # shares of the pad that the writing takes at most
_LEAST_PART: Final = 8  # pixels: a smaller part of a picture is none


@dataclass(frozen=True, eq=False)
class Scan:
    """What the ink on the pad was taken from.

    `evened` is the picture, `part` the box of it that was chosen, in its pixels, None for all of it; `threshold` was
    used. `lines` is how many lines of writing there are, and `line` the number of the one that is read, from 0 for the
    uppermost. `photo`, uint8 (h, w), shows the picture where the ink lies on the pad.
    """

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
    """The ink of a line of a picture, by its number, or of the last line where there are fewer, on a pad `width` times
    as wide as high, uint8 (h, w), and what it was taken from.

    Raises the `Problem` "picture_without_digits".
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
    """All of a picture as large as fits into `size`, (h, w), and how many pixels it has to one of `evened`."""
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
    """The surroundings of a line, `scale` times as large, in the middle of paper of that size."""
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
