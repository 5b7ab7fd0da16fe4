"""How long the bars are: what units answer, and what they say for an output."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from numpy.typing import NDArray
from PySide6.QtCore import QRectF
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


def add_answer(path: QPainterPath, room: QRectF, answer: float, scale: AnswerScale) -> None:
    """Adds the bar of one answer: up from nought, or down, with a cap if it is beyond the scale."""
    zero = room.bottom() - scale.zero * room.height()
    length = answer / scale.full * (1 - scale.zero) * room.height()
    if length < 0:
        path.addRect(room.x(), zero, room.width(), min(-length, room.bottom() - zero))
        return
    most = zero - room.top()
    if length <= most:
        path.addRect(room.x(), zero - length, room.width(), length)
        return
    path.addRect(room.x(), room.top() + 2 * CAP, room.width(), most - 2 * CAP)
    path.addRect(room.x(), room.top(), room.width(), CAP)


def add_said(for_it: QPainterPath, against: QPainterPath, room: QRectF, said: float, full: float) -> None:
    """Adds the bar of what one unit says: from the middle to the right for, to the left against. `full` > 0 is half
    the width; beyond it a cap stands apart at the end."""
    half = room.width() / 2
    middle, length = room.x() + half, min(abs(said) / full, 1.0) * half
    beyond = abs(said) > full
    path, way = (for_it, 1) if said > 0 else (against, -1)
    if beyond:
        length -= 2 * CAP
        end = middle + way * half
        path.addRect(min(end, end - way * CAP), room.y(), CAP, room.height())
    path.addRect(min(middle, middle + way * length), room.y(), length, room.height())
