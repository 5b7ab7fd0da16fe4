"""What is painted of four detectors and how they vote, with the way back, and what it judges of all digits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, get_args

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import PIXELS, DigitSet
from mnistviz.engine.ideas.detectors import BLANK, DETECTORS, Detector, DetectorReading, DetectorSums, Vote
from mnistviz.gui.common.records import plain_record, read_record

UNDONE: Final = 100
"""Strokes, thresholds and votes that can be taken back."""
Painted = tuple[tuple[Detector, ...], Vote]
"""Four detectors, and how they vote."""
FURTHEST: Final = float(PIXELS)
"""A threshold beyond this one is never reached, or always."""
_LETTERS: Final = {"+": 1, "-": -1, ".": 0}
"""Of the weights, in a file."""


@dataclass(frozen=True)
class _KeptDetector:
    """A detector as a file has it: a letter for each weight, row by row."""

    weights: str = ""
    threshold: float = 0.0

    @classmethod
    def of(cls, detector: Detector) -> _KeptDetector:
        letters = {weight: letter for letter, weight in _LETTERS.items()}
        return cls("".join(letters[int(each)] for each in detector.weights), detector.threshold)

    def detector(self) -> Detector:
        """The same to judge with; a blank one where the letters make no sense."""
        if len(self.weights) != PIXELS or not set(self.weights) <= set(_LETTERS):
            return Detector()
        weights = np.array([_LETTERS[letter] for letter in self.weights], np.int8)
        return Detector(weights, float(self.threshold) if abs(self.threshold) <= FURTHEST else 0.0)


@dataclass(frozen=True)
class _KeptPainting:
    """What is painted, as a file has it."""

    detectors: tuple[_KeptDetector, ...] = ()
    vote: str = ""
    is_example: bool = False


class Painting:
    """It outlives the digits that it is judged on; `sums` are None where there are none."""

    def __init__(self) -> None:
        self.detectors: tuple[Detector, ...] = BLANK
        self.vote: Vote = "all"
        self.sums: DetectorSums | None = None
        self._before: list[Painted] = []
        self._example: tuple[Detector, ...] = ()

    def judge(self, digits: DigitSet | None, label: int | None) -> None:
        """Is judged on other digits from now on, by whether they are of the class of that label."""
        self.sums = None if digits is None or label is None else DetectorSums(digits, label)
        self._put((self.detectors, self.vote))

    def reading(self) -> DetectorReading | None:
        return None if self.sums is None else self.sums.reading(self.vote)

    # What changes it

    def remember(self) -> None:
        """What stands now can be had again: to be called before each stroke."""
        self._before = [*self._before, (self.detectors, self.vote)][-UNDONE:]

    def ink(self, number: int, pixels: NDArray[np.intp], sign: int) -> None:
        self._put_one(number, self.detectors[number].painted(pixels, sign))

    def set_threshold(self, number: int, threshold: float) -> None:
        self._put_one(number, replace(self.detectors[number], threshold=threshold))

    def show(self, painted: Painted) -> None:
        """Puts an example in the place of what stands there; that can be had again."""
        self.remember()
        self._example = painted[0]
        self._put(painted)

    @property
    def is_example(self) -> bool:
        """Whether all pictures are still those of the example that was shown last, whatever their thresholds are."""
        pairs = zip(self.detectors, self._example, strict=False)
        return bool(self._example) and all(own.weights is shown.weights for own, shown in pairs)

    def clear(self) -> None:
        """Rubs all out, and forgets what was there."""
        self._before.clear()
        self._put((BLANK, "all"))

    @property
    def can_undo(self) -> bool:
        return any(each != (self.detectors, self.vote) for each in self._before)

    def undo(self) -> None:
        """Takes back the last stroke, threshold or vote that changed something."""
        now = (self.detectors, self.vote)
        while self._before and now == (self.detectors, self.vote):
            self._put(self._before.pop())

    # What is kept

    def record(self) -> dict[str, Any]:
        """What is painted, in values that JSON can hold; empty where nothing is."""
        if all(each.is_blank for each in self.detectors):
            return {}
        detectors = tuple(map(_KeptDetector.of, self.detectors))
        return plain_record(_KeptPainting(detectors, self.vote, self.is_example))

    def take_record(self, values: object) -> None:
        """Takes up what is kept; a part that makes no sense there is blank."""
        kept = read_record(_KeptPainting, values)
        found = tuple(each.detector() for each in kept.detectors[:DETECTORS])
        votes: tuple[Vote, ...] = get_args(Vote)
        vote: Vote = next((each for each in votes if each == kept.vote), "all")
        self._put(((*found, *BLANK[len(found) :]), vote))
        self._example = self.detectors if kept.is_example else ()

    def _put(self, painted: Painted) -> None:
        detectors, self.vote = painted
        for number, detector in enumerate(detectors):
            self._put_one(number, detector)

    def _put_one(self, number: int, detector: Detector) -> None:
        self.detectors = (*self.detectors[:number], detector, *self.detectors[number + 1 :])
        if self.sums is not None:
            self.sums.put(number, detector)
