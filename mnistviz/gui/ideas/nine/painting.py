"""The painted detectors and their vote, with undo, and their sums for all digits."""

from typing import Any, Final, Self, get_args

import numpy as np
from msgspec import Struct, to_builtins
from msgspec.structs import replace
from numpy.typing import NDArray

from mnistviz.engine.digits import PIXELS, DigitSet
from mnistviz.engine.ideas.detectors import BLANK, DETECTORS, Detector, DetectorReading, DetectorSums, Vote
from mnistviz.gui.common.records import read_record

UNDONE: Final = 100
Painted = tuple[tuple[Detector, ...], Vote]  # four detectors, and how they vote
FURTHEST: Final = float(PIXELS)  # a threshold beyond this is never reached, or always
_LETTERS: Final = {"+": 1, "-": -1, ".": 0}


class _SavedDetector(Struct, frozen=True):
    """A detector as saved in a file: a letter for each weight, row by row."""

    weights: str = ""
    threshold: float = 0.0

    @classmethod
    def of(cls, detector: Detector) -> Self:
        letters = {weight: letter for letter, weight in _LETTERS.items()}
        return cls("".join(letters[int(each)] for each in detector.weights), detector.threshold)

    def detector(self) -> Detector:
        """Return the detector, or a blank one if the letters are invalid."""
        if len(self.weights) != PIXELS or not set(self.weights) <= set(_LETTERS):
            return Detector()
        weights = np.array([_LETTERS[letter] for letter in self.weights], np.int8)
        return Detector(weights, float(self.threshold) if abs(self.threshold) <= FURTHEST else 0.0)


class _SavedPainting(Struct, frozen=True):
    detectors: tuple[_SavedDetector, ...] = ()
    vote: str = ""
    is_example: bool = False


class Painting:
    """The detectors, independent of the digits that they are tested on; `sums` is None without digits."""

    def __init__(self) -> None:
        self.detectors: tuple[Detector, ...] = BLANK
        self.vote: Vote = "all"
        self.sums: DetectorSums | None = None
        self._before: list[Painted] = []
        self._example: tuple[Detector, ...] = ()

    def judge(self, digits: DigitSet | None, label: int | None) -> None:
        self.sums = None if digits is None or label is None else DetectorSums(digits, label)
        self._set((self.detectors, self.vote))

    def reading(self) -> DetectorReading | None:
        return None if self.sums is None else self.sums.reading(self.vote)

    def remember(self) -> None:
        """Store the present state for undo; to be called before each stroke."""
        self._before = [*self._before, (self.detectors, self.vote)][-UNDONE:]

    def ink(self, number: int, pixels: NDArray[np.intp], sign: int) -> None:
        self._set_detector(number, self.detectors[number].painted(pixels, sign))

    def set_threshold(self, number: int, threshold: float) -> None:
        self._set_detector(number, replace(self.detectors[number], threshold=threshold))

    def show(self, painted: Painted) -> None:
        """Replace the painting with an example; this can be undone."""
        self.remember()
        self._example = painted[0]
        self._set(painted)

    @property
    def is_example(self) -> bool:
        """Whether all pictures are still those of the last example, whatever their thresholds."""
        pairs = zip(self.detectors, self._example, strict=False)
        return bool(self._example) and all(own.weights is shown.weights for own, shown in pairs)

    def clear(self) -> None:
        self._before.clear()
        self._set((BLANK, "all"))

    @property
    def can_undo(self) -> bool:
        return any(each != (self.detectors, self.vote) for each in self._before)

    def undo(self) -> None:
        now = (self.detectors, self.vote)
        while self._before and now == (self.detectors, self.vote):
            self._set(self._before.pop())

    def record(self) -> dict[str, Any]:
        """Return the painting as JSON values, or an empty dict if it is blank."""
        if all(each.is_blank for each in self.detectors):
            return {}
        detectors = tuple(map(_SavedDetector.of, self.detectors))
        record: dict[str, Any] = to_builtins(_SavedPainting(detectors, self.vote, self.is_example))
        return record

    def take_record(self, values: object) -> None:
        """Restore a saved painting; invalid detectors become blank."""
        saved = read_record(_SavedPainting, values)
        detectors = tuple(each.detector() for each in saved.detectors[:DETECTORS])
        votes: tuple[Vote, ...] = get_args(Vote)
        vote: Vote = next((each for each in votes if each == saved.vote), "all")
        self._set(((*detectors, *BLANK[len(detectors) :]), vote))
        self._example = self.detectors if saved.is_example else ()

    def _set(self, painted: Painted) -> None:
        detectors, self.vote = painted
        for number, detector in enumerate(detectors):
            self._set_detector(number, detector)

    def _set_detector(self, number: int, detector: Detector) -> None:
        self.detectors = (*self.detectors[:number], detector, *self.detectors[number + 1 :])
        if self.sums is not None:
            self.sums.put(number, detector)
