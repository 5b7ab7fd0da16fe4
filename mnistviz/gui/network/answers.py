"""How long the bars are: what units answer, and what they say for an output."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainterPath

Array = NDArray[Any]

CAP: Final = 2.0  # pixels: it stands above a bar whose value is beyond the scale
_BELOW_ZERO: Final = {
    "tanh": 0.5,
    "leaky_relu": 0.15,
}  # the share of a bar's height that negative answers have
_BOUNDED: Final = ("sigmoid", "tanh", "softmax")


@dataclass(frozen=True)
class AnswerScale:
    """Answers as bars: 0 is at `zero`, a share of the height, and `full` is at the top."""

    zero: float
    full: float

    @property
    def told(self) -> bool:
        """Whether a legend must say what is full, since it is not 1."""
        return self.full != 1.0


def answer_scale(function: str, full: float) -> AnswerScale:
    """The scale for the answers of an activation or output function; `full` counts where they have no bound."""
    if function in _BOUNDED or not (full > 0 and math.isfinite(full)):
        full = 1.0
    return AnswerScale(_BELOW_ZERO.get(function, 0.0), full)


def answer_bars(answers: Array, rooms: Array, scale: AnswerScale) -> Array:
    """The bars of some answers, (n,), in their `rooms`, (n, 4) as x, y, width, height: (m, 4), with a cap, a bar of its
    own, for each that is beyond the scale. They go up from nought, or down."""
    x, y, width, height = rooms.T
    zero = y + (1 - scale.zero) * height
    length = answers / scale.full * (1 - scale.zero) * height
    most = zero - y
    beyond = length > most
    up = np.where(beyond, most - 2 * CAP, np.clip(length, 0, None))
    down = np.clip(-length, 0, scale.zero * height)
    bars = np.stack([x, zero - up, width, up + down], axis=1)
    caps = np.stack([x, y, width, np.full_like(x, CAP)], axis=1)[beyond]
    return np.concatenate([bars, caps]) if len(caps) else bars


def said_bars(said: Array, rooms: Array, full: float) -> tuple[Array, Array]:
    """The bars of what some units say, (n,), in their `rooms`, (n, 4): those for it and those against it, (m, 4) each.
    They go from the middle to the right or to the left; `full` > 0 is half the width, beyond it a cap stands apart at
    the end."""
    x, y, width, height = rooms.T
    half, size = width / 2, np.abs(said)
    beyond = size > full
    length = np.where(beyond, half - 2 * CAP, size / full * half)
    way = np.where(said > 0, 1.0, -1.0)
    left = x + half - np.where(way < 0, length, 0)
    bars = np.stack([left, y, length, height], axis=1)
    ends = np.where(way > 0, x + width - CAP, x)
    caps = np.stack([ends, y, np.full_like(x, CAP), height], axis=1)
    found = [np.concatenate([bars[way == each], caps[beyond & (way == each)]]) for each in (1, -1)]
    return found[0], found[1]


def path_of(bars: Array) -> QPainterPath:
    """Rectangles, (n, 4), as one path."""
    path = QPainterPath()
    add = path.addRect
    for x, y, width, height in bars.tolist():
        add(x, y, width, height)
    return path
