"""What lies on the scratchpad, the steps that can be undone, and its form in a session's record."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import MOST_CLASSES, MOST_DIGITS, PIXELS, SIDE, Digits
from mnistviz.engine.handwriting import Ink, Stroke

MOST_POINTS: Final = 20_000
"""A sheet takes no more points than this: minutes of scribbling."""
MOST_STEPS: Final = 100
"""So many steps can be undone."""

_BLANK: Final = Ink()


@dataclass(frozen=True, eq=False)
class Sheet:
    """Ink, or an untouched test digit with its number in the test set and its true label."""

    ink: Ink = _BLANK
    number: int | None = None
    label: int | None = None

    @property
    def points(self) -> int:
        """How many points its strokes have."""
        return sum(len(stroke.points) for stroke in self.ink.strokes)

    def picture(self) -> NDArray[np.uint8] | None:
        """What the network gets, uint8 (28, 28): of a test digit, the very bytes of the data set."""
        return self.ink.picture() if self.number is None else self.ink.digit

    def checked(self, digits: Digits) -> Sheet:
        """This sheet, but without number and label if its test digit is not one of `digits`."""
        if self.number is None or self.ink.digit is None:
            return self
        test = digits.test
        known = (
            self.number < len(test)
            and self.label == test.labels[self.number]
            and np.array_equal(self.ink.digit.ravel(), test.images[self.number])
        )
        return self if known else Sheet(self.ink)

    def state(self) -> dict[str, Any]:
        """The sheet in values that JSON can hold."""
        return {
            "strokes": [np.round(stroke.points.astype(float), 4).tolist() for stroke in self.ink.strokes],
            "digit": None if self.ink.digit is None else self.ink.digit.tobytes().hex(),
            "number": self.number,
            "label": self.label,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Sheet:
        """The sheet that `state` described; a blank one for anything that is too large or makes no sense."""
        try:
            lines = list(state["strokes"])
            if sum(map(len, lines)) > MOST_POINTS:
                return cls()
            strokes = tuple(_stroke(line) for line in lines)
            digit = None if state["digit"] is None else _digit(state["digit"])
        except (KeyError, TypeError, ValueError, OverflowError):
            return cls()
        number, label = state.get("number"), state.get("label")
        numbered = type(number) is int and 0 <= number < MOST_DIGITS
        labelled = type(label) is int and 0 <= label < MOST_CLASSES
        if digit is not None and not strokes and numbered and labelled:
            return cls(Ink(digit=digit), number, label)
        return cls(Ink(strokes, digit))


class Sheets:
    """The sheet on the pad, and those before and after it."""

    def __init__(self) -> None:
        self.top = Sheet()
        self._past: deque[Sheet] = deque(maxlen=MOST_STEPS)
        self._future: list[Sheet] = []

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    def step_from(self, before: Sheet) -> None:
        """What was done since `before` lay on top is one step."""
        if before is not self.top:
            self._past.append(before)
            self._future.clear()

    def undo(self) -> None:
        self._future.append(self.top)
        self.top = self._past.pop()

    def redo(self) -> None:
        self._past.append(self.top)
        self.top = self._future.pop()

    def replace_each(self, change: Callable[[Sheet], Sheet]) -> None:
        """Puts `change(sheet)` in the place of every sheet."""
        self.top = change(self.top)
        self._past = deque(map(change, self._past), maxlen=MOST_STEPS)
        self._future = list(map(change, self._future))


def _stroke(line: list[list[float]]) -> Stroke:
    points = np.array(line, dtype=np.float32)
    if points.ndim != 2 or points.shape[1] != 3 or not len(points):
        raise ValueError("not a line of points")
    within = (points >= (0, 0, 0.25)) & (points <= (1, 1, 2))
    if not within.all():  # also refuses NaN
        raise ValueError("a point off the pad")
    return Stroke(points)


def _digit(text: str) -> NDArray[np.uint8]:
    if len(text) != 2 * PIXELS:
        raise ValueError("not a digit")
    return np.frombuffer(bytes.fromhex(text), dtype=np.uint8).reshape(SIDE, SIDE)
