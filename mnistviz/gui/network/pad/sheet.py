"""The contents of the scratchpad, also from a picture, the undo steps, and their form in a session file."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections import deque
from collections.abc import Callable, Mapping
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Progress, unheard
from mnistviz.engine.digits import MOST_DIGITS, PIXELS, SIDE, Digits, DigitSet
from mnistviz.engine.distortion import DRAWING
from mnistviz.engine.framing import Array, resized
from mnistviz.engine.handwriting import Ink, Stroke
from mnistviz.engine.history import SETS
from mnistviz.engine.moment import SetName
from mnistviz.engine.rows import Box, Evened, MadeRow, set_row, take_ink
from mnistviz.engine.settings import MOST_CLASSES

FINE: Final = 112  # the height of a picture's ink on the pad, in pixels
_HIGH, _LONG = 0.8, 0.94  # fractions of the pad that the writing fills at most
_LEAST_PART: Final = 8  # pixels: a smaller part of a picture is ignored


class Scan(Struct, frozen=True, eq=False):
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
    progress: Progress = unheard,
) -> tuple[NDArray[np.uint8], Scan]:
    """Return the ink of a picture's line of writing, uint8 (h, w), for a pad `width` times as wide as high, and its
    origin. `number` counts from 0; if it is too large, the last line is used. Raise the `Problem`
    "picture_without_digits" if no ink is found."""
    cleaned = take_ink(evened if part is None else _cropped(evened, part), threshold, progress)
    number = min(number, len(cleaned.lines) - 1)
    line = cleaned.lines[number]
    size = (FINE, round(width * FINE))
    scale = min(_HIGH * size[0] / (line.bottom - line.top), _LONG * size[1] / (line.right - line.left))
    ink = _placed(cleaned.line(number), line, scale, size)
    photo = _placed(cleaned.contrast, line, scale, size)
    return ink, Scan(name, evened, cleaned.threshold, part, len(cleaned.lines), photo, number)


def whole_picture(evened: Evened, size: tuple[int, int]) -> tuple[NDArray[np.uint8], float]:
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


MOST_POINTS: Final = 20_000
MOST_STEPS: Final = 100
PLACES: Final = 4
"""The decimal places of a point, with which a saved drawing stays identical, and pinned if it was."""
WIDE: Final = 7.0
MOST_PICTURES: Final = 3  # the number of undo steps that keep the picture of their ink: one takes 8 MB
MOST_CUTS: Final = 60

_MARGIN: Final = 0.2  # beside a row on a pad for one digit
MOST_TEST_DIGITS: Final = 30
_FARTHEST: Final = 28  # pixels


class TestRow(Struct, frozen=True):
    """Test digits of a row: their `numbers`, `labels`, and the `gaps` between them in pixels."""

    __test__ = False  # not a test, despite its name

    numbers: tuple[int, ...]
    labels: tuple[int, ...]
    gaps: tuple[int, ...]

    @classmethod
    def of(cls, made: MadeRow) -> TestRow:
        gaps = tuple(round(after.left - before.right) for before, after in pairwise(made.boxes))
        return cls(made.numbers, made.labels, gaps)

    def is_in(self, digits: Digits, canvas: NDArray[np.uint8]) -> bool:
        test = digits.test
        if max(self.numbers) >= len(test):
            return False
        made = set_row(test, self.numbers, self.gaps, canvas.shape[1])
        return made.labels == self.labels and np.array_equal(made.canvas, canvas)

    def record(self) -> dict[str, Any]:
        return {"numbers": [*self.numbers], "labels": [*self.labels], "gaps": [*self.gaps]}

    @classmethod
    def from_record(cls, state: object) -> TestRow | None:
        if not isinstance(state, Mapping):
            return None
        numbers = _whole(state.get("numbers"), 0, MOST_DIGITS - 1)
        labels = _whole(state.get("labels"), 0, MOST_CLASSES - 1)
        gaps = _whole(state.get("gaps"), -_FARTHEST, _FARTHEST)
        fits = 0 < len(numbers) == len(labels) == len(gaps) + 1 <= MOST_TEST_DIGITS
        return cls(numbers, labels, gaps) if fits else None


class Sheet(Struct, frozen=True, eq=False, dict=True):
    """Ink, or an unchanged sample of a data set with its number and true label. A sample that was moved has its label,
    but no number. On a pad for rows the sheet may be an unchanged `row` of samples, or the ink of a scanned picture;
    `cuts` are the user's cuts, or None if the network cuts."""

    ink: Ink = Ink()
    number: int | None = None
    label: int | None = None
    row: TestRow | None = None
    scan: Scan | None = None
    cuts: tuple[float, ...] | None = None
    set_name: SetName = "test"

    @property
    def points(self) -> int:
        return sum(len(stroke.points) for stroke in self.ink.strokes)

    @cached_property
    def reach(self) -> float:
        """The right end of the ink, at least 1: where a row ends on a pad for one digit."""
        ends = [float(stroke.points[:, 0].max()) for stroke in self.ink.strokes]
        if self.ink.digit is not None:
            columns = np.flatnonzero(self.ink.digit.any(axis=0))
            ends.append(float(columns.max(initial=0) + 1) / len(self.ink.digit))
        end = max(ends, default=0.0)
        return 1.0 if end <= 1 else end + _MARGIN

    @property
    def is_row(self) -> bool:
        return self.reach > 1 or self.row is not None or self.scan is not None

    def cut_at(self, cuts: tuple[float, ...] | None) -> Sheet:
        return replace(self, cuts=cuts)

    def picture(self, *, centred: bool = True) -> NDArray[np.uint8] | None:
        """Return the network's input, uint8 (28, 28): an unchanged sample, or ink `centred` as in MNIST or as drawn."""
        if self.number is not None:
            return self.ink.digit
        return self.ink.picture() if centred else self.ink.as_drawn(self.reach)

    @property
    def noise_number(self) -> int:
        """The number that seeds the noise: a test digit gets the same noise as in the test set."""
        return self.number if self.number is not None and self.set_name == "test" else DRAWING

    def checked(self, digits: Digits) -> Sheet:
        """Return this sheet, without number and label if it is not in `digits`."""
        if self.row is not None and self.ink.digit is not None:
            return self if self.row.is_in(digits, self.ink.digit) else Sheet(self.ink, cuts=self.cuts)
        if self.number is None or self.ink.digit is None:
            return self if self.label is None else replace(self, label=None)
        of: DigitSet = getattr(digits, self.set_name)
        known = self.number < len(of) and self.label == of.labels[self.number]
        known = known and np.array_equal(self.ink.digit.ravel(), of.images[self.number])
        return self if known else Sheet(self.ink)

    def record(self) -> dict[str, Any]:
        digit = self.ink.digit
        single = digit is not None and digit.shape == (SIDE, SIDE)
        return {
            "strokes": [
                np.round(stroke.points.astype(float), PLACES).tolist() for stroke in self.ink.strokes
            ],
            "digit": digit.tobytes().hex() if digit is not None and single else None,
            "canvas": None if digit is None or single else _packed(digit),
            "number": self.number,
            "label": self.label,
            "set": self.set_name,
            "row": None if self.row is None else self.row.record(),
            "cuts": None if self.cuts is None else [round(cut, 4) for cut in self.cuts],
        }

    @classmethod
    def from_record(cls, state: Mapping[str, Any]) -> Sheet:
        try:
            lines = list(state["strokes"])
            if sum(map(len, lines)) > MOST_POINTS:
                return cls()
            strokes = tuple(_stroke(line) for line in lines)
            digit = None if state["digit"] is None else _digit(state["digit"])
            if digit is None and state.get("canvas") is not None:
                digit = _unpacked(state["canvas"])
            cuts = _cuts(state.get("cuts"))
        except (KeyError, TypeError, ValueError, OverflowError, zlib.error):
            return cls()
        number, label = state.get("number"), state.get("label")
        numbered = type(number) is int and 0 <= number < MOST_DIGITS
        labelled = type(label) is int and 0 <= label < MOST_CLASSES
        if digit is not None and not strokes and numbered and labelled:
            name = state.get("set")
            return cls(Ink(digit=digit), number, label, cuts=cuts, set_name=name if name in SETS else "test")
        row = None if strokes or digit is None else TestRow.from_record(state.get("row"))
        return cls(Ink(strokes, digit), row=row, cuts=cuts)


class Sheets:
    """The sheet on the pad, and those before and after it."""

    def __init__(self, top: Sheet | None = None) -> None:
        self.top = Sheet() if top is None else top
        self._past: deque[Sheet] = deque(maxlen=MOST_STEPS)
        self._future: list[Sheet] = []

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    def step_from(self, before: Sheet) -> bool:
        """Make the change since another sheet a step; return False if there is none."""
        if before is self.top:
            return False
        self._past.append(before)
        self._future.clear()
        self._drop_pictures()
        return True

    def undo(self) -> None:
        if self._past:
            self._future.append(self.top)
            self.top = self._past.pop()

    def redo(self) -> None:
        if self._future:
            self._past.append(self.top)
            self.top = self._future.pop()

    def _drop_pictures(self) -> None:
        pictures: list[object] = []
        for at in reversed(range(len(self._past))):
            sheet = self._past[at]
            if sheet.scan is None or any(sheet.scan.evened is each for each in pictures):
                continue
            if len(pictures) < MOST_PICTURES:
                pictures.append(sheet.scan.evened)
            else:
                self._past[at] = replace(sheet, scan=None)

    def replace_each(self, change: Callable[[Sheet], Sheet]) -> None:
        self.top = change(self.top)
        self._past = deque(map(change, self._past), maxlen=MOST_STEPS)
        self._future = list(map(change, self._future))


def _stroke(line: list[list[float]]) -> Stroke:
    points = np.array(line, dtype=np.float32)
    if points.ndim != 2 or points.shape[1] != 3 or not len(points):
        raise ValueError("not a line of points")
    within = (points >= (0, 0, 0.25)) & (points <= (WIDE, 1, 2))
    if not within.all():  # also rejects NaN
        raise ValueError("a point off the pad")
    return Stroke(points)


def _digit(text: str) -> NDArray[np.uint8]:
    if len(text) != 2 * PIXELS:
        raise ValueError("not a digit")
    return np.frombuffer(bytes.fromhex(text), dtype=np.uint8).reshape(SIDE, SIDE)


def _packed(canvas: NDArray[np.uint8]) -> dict[str, Any]:
    ink = b64encode(zlib.compress(canvas.tobytes(), 9)).decode()
    return {"height": canvas.shape[0], "width": canvas.shape[1], "ink": ink}


def _unpacked(state: Mapping[str, Any]) -> NDArray[np.uint8]:
    height, width = state["height"], state["width"]
    if height not in (SIDE, FINE) or type(width) is not int or not 0 < width <= WIDE * height:
        raise ValueError("not the ink of a row")
    ink = zlib.decompressobj().decompress(b64decode(state["ink"], validate=True), int(width * height) + 1)
    return np.frombuffer(ink, dtype=np.uint8).reshape(height, width)  # rejects ink of another size


def _cuts(state: object) -> tuple[float, ...] | None:
    if not isinstance(state, list) or len(state) > MOST_CUTS:
        return None
    fits = all(type(cut) in (int, float) and 0 <= cut <= WIDE for cut in state)  # also rejects NaN
    return tuple(sorted(map(float, state))) if fits else None


def _whole(values: object, least: int, most: int) -> tuple[int, ...]:
    if not isinstance(values, list) or len(values) > MOST_TEST_DIGITS:
        return ()
    return tuple(values) if all(type(value) is int and least <= value <= most for value in values) else ()
