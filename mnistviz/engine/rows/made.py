"""Rows composed of digits of a data set, with the correct labels: for the pad, the benchmark and the tests."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from mnistviz.engine.digits import SIDE, DigitSet, grey_values
from mnistviz.engine.framing import resized
from mnistviz.engine.functions import Bytes
from mnistviz.engine.randomness import generator
from mnistviz.engine.rows.candidates import Box


class MadeRow(Struct, frozen=True, eq=False):
    """Digits side by side: `canvas` is uint8 (28, w), 255 for ink; `numbers` are their indices in the set."""

    canvas: Bytes
    numbers: tuple[int, ...]
    labels: tuple[int, ...]
    boxes: tuple[Box, ...]

    @property
    def ink(self) -> NDArray[np.float32]:
        """The canvas as grey values from 0 to 1."""
        return grey_values(self.canvas)


def make_row(
    digits: DigitSet,
    seed: int,
    number: int = 0,
    *,
    count: int = 5,
    gaps: tuple[int, int] = (2, 6),
    width: int | None = None,
    sizes: tuple[float, float] = (1.0, 1.0),
) -> MadeRow:
    """Compose row `number` of a seed: `count` random digits, each gap uniform in `gaps`, ends included.

    A gap is the distance between two boxes of ink, in pixels; below 0 they overlap. With a `width` the row is centred
    on a canvas of that width, else it has 4 pixels of paper at either end. `sizes` is the range of each digit's random
    size, 1 for that in the set.
    """
    random = generator(seed, "row", number)
    numbers = random.integers(0, len(digits), count)
    between = random.integers(gaps[0], gaps[1] + 1, count - 1).tolist()
    drawn = None if sizes == (1, 1) else random.uniform(*sizes, count).tolist()
    return set_row(digits, numbers.tolist(), between, width, drawn)


def set_row(
    digits: DigitSet,
    numbers: Sequence[int],
    gaps: Sequence[int],
    width: int | None = None,
    sizes: Sequence[float] | None = None,
) -> MadeRow:
    """Compose the digits with these indices, gaps and sizes in a row, on one line."""
    pieces = []
    for number, size in zip(numbers, sizes or [1.0] * len(numbers), strict=True):
        image = digits.images[number].reshape(SIDE, SIDE)
        if size != 1:
            image = _on_the_line(image, size)
        columns = np.flatnonzero(image.any(axis=0))
        pieces.append(image[:, columns[0] : columns[-1] + 1] if len(columns) else image[:, :1])
    lefts = [0]
    for piece, gap in zip(pieces, gaps, strict=False):
        lefts.append(lefts[-1] + piece.shape[1] + gap)
    long = max(left + piece.shape[1] for left, piece in zip(lefts, pieces, strict=True))
    canvas = np.zeros((SIDE, max(width or long + 8, long)), dtype=np.uint8)
    start = (canvas.shape[1] - long) // 2
    boxes = []
    for left, piece in zip(lefts, pieces, strict=True):
        place = canvas[:, start + left : start + left + piece.shape[1]]
        np.maximum(place, piece, out=place)
        rows = np.flatnonzero(piece.any(axis=1))
        top, bottom = (rows[0], rows[-1] + 1) if len(rows) else (0, 0)
        box = start + left, top, start + left + piece.shape[1], bottom
        boxes.append(Box(*map(float, box)))
    labels = tuple(digits.labels[list(numbers)].tolist())
    return MadeRow(canvas, tuple(map(int, numbers)), labels, tuple(boxes))


def _on_the_line(image: Bytes, size: float) -> Bytes:
    rows, columns = (np.flatnonzero(image.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return image
    ink = resized(grey_values(image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]), size)
    moved = np.zeros_like(image)
    bottom = int(rows[-1]) + 1
    moved[bottom - len(ink) : bottom, : ink.shape[1]] = np.rint(255 * ink)
    return moved
