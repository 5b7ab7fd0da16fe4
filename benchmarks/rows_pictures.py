"""The pictures of docs/rows.md: how far the chances told are true, and twelve rows that are read wrong, with the cause.

The rows are made of test digits, written on paper here, and read as a photograph is. Of each cause the first row that
is read wrong is shown, with the cuts that were chosen.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.random import Generator
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QGuiApplication, QImage, QPainter, QPen

from mnistviz.engine import DigitSet, Network
from mnistviz.engine.digits import SIDE, grey_values
from mnistviz.engine.framing import BOX, Array, resized
from mnistviz.engine.problems import Problem
from mnistviz.engine.rows import Candidates, clean, filters, find_candidates, read_row, row_of

ZOOM: Final = 4  # pixels of the pictures for one of MNIST
TRIES: Final = 200  # rows of each cause, at most
PAPER, PEN = 235.0, 190.0  # grey of the paper, and how much darker the pen is
TEXT, QUIET, RIGHT, BLUE, ORANGE = "#1f2430", "#6b7280", "#9ca3af", "#2f6fde", "#c2570c"


class Told(Struct, frozen=True):
    """How many texts were told chances from `low` to `high`, and how many of these texts were right."""

    low: float
    high: float
    right: int
    count: int

    @staticmethod
    def of(texts: Sequence[tuple[float, bool]], low: float, high: float) -> Told:
        """Those of the texts, each a chance and whether it was right, that are between two chances."""
        inside = [right for chance, right in texts if low <= chance < high or chance == high == 1]
        return Told(low, high, sum(inside), len(inside))


Written = tuple[Array, str]
"""Ink from 0 to 1, four times as large as in MNIST, and what it says."""
Cause = Callable[[DigitSet, Generator], Written]


def beside(pieces: Sequence[Array], gaps: Sequence[int]) -> Array:
    """The pieces side by side on one line, with room around; where gaps are below 0 they overlap, and what is higher
    than a digit hangs below the line."""
    lefts = [0]
    for before, gap in zip(pieces[:-1], gaps, strict=False):
        lefts.append(lefts[-1] + before.shape[1] + gap * ZOOM)
    room, line = 6 * ZOOM, BOX * ZOOM
    high = max(line, *map(len, pieces))
    ink = np.zeros((high + 2 * room, lefts[-1] + pieces[-1].shape[1] + 2 * room), dtype=np.float32)
    for each, left in zip(pieces, lefts, strict=True):
        top = room + max(line - len(each), 0)
        place = ink[top : top + len(each), room + left : room + left + each.shape[1]]
        np.maximum(place, each, out=place)
    return ink


def piece(image: NDArray[np.uint8], size: float = 1.0) -> Array:
    """A digit alone, cropped to its ink."""
    ink = grey_values(image.reshape(SIDE, SIDE))
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    smooth = resized(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], ZOOM * size)
    sharp: Array = np.clip((filters.mean(smooth, 1) - 0.5) * 1.5 + 0.5, 0, 1).astype(np.float32)
    return sharp


def digits_of(
    digits: DigitSet, random: Generator, labels: Sequence[int] | None = None
) -> tuple[list[int], str]:
    """The places of five digits, of these labels or of any, and what they say."""
    if labels is None:
        numbers = random.integers(0, len(digits), 5).tolist()
    else:
        numbers = [int(random.choice(np.flatnonzero(digits.labels == label))) for label in labels]
    return numbers, "".join(str(digits.labels[number]) for number in numbers)


def written(
    digits: DigitSet,
    random: Generator,
    gap: int,
    labels: Sequence[int] | None = None,
    sizes: Sequence[float] = (1, 1, 1, 1, 1),
) -> Written:
    numbers, text = digits_of(digits, random, labels)
    pieces = [piece(digits.images[number], size) for number, size in zip(numbers, sizes, strict=False)]
    return beside(pieces, [gap] * len(pieces)), text


def leaning(ink: Array, share: float) -> Array:
    """The ink slanted to the right."""
    slanted = np.pad(ink, ((0, 0), (0, int(abs(share) * len(ink)) + 1)))
    columns = np.arange(slanted.shape[1])
    for y, line in enumerate(slanted):
        slanted[y] = np.interp(columns - share * (len(ink) - y), columns, line, left=0)
    return slanted


def overlapping(digits: DigitSet, random: Generator) -> Written:
    return written(digits, random, -4)


def zeros(digits: DigitSet, random: Generator) -> Written:
    return written(digits, random, -3, (1, 0, 0, 0))


def small_and_large(digits: DigitSet, random: Generator) -> Written:
    return written(digits, random, 0, sizes=(1, 0.4, 1, 0.4, 1))


def under_the_next(digits: DigitSet, random: Generator) -> Written:
    numbers, text = digits_of(digits, random, (9, 0, 7, 2, 4))
    pieces = [piece(digits.images[number]) for number in numbers]
    for place in (0, 2):  # their lower part three times as long, and slanted
        tail = np.repeat(pieces[place][len(pieces[place]) // 2 :], 3, axis=0)
        pieces[place] = leaning(np.concatenate([pieces[place][: len(pieces[place]) // 2], tail]), 0.25)
    return beside(pieces, [-5, 1, -5, 1]), text


def upstroke(digits: DigitSet, random: Generator) -> Written:
    numbers, text = digits_of(digits, random, (1, 0, 1, 3))
    pieces = [piece(digits.images[number]) for number in numbers]
    wide, low = random.uniform(9, 15), random.uniform(9, 18)
    y, x = np.mgrid[0 : 20 * ZOOM, 0 : int(wide + 2) * ZOOM] / ZOOM
    up = np.abs((y - 1) * wide + (x - wide) * low) / np.hypot(
        wide, low
    )  # the distance from the line to the top
    one = np.maximum(
        np.clip(2.3 - 2 * np.abs(x - wide), 0, 1), np.clip(2.3 - 2 * up, 0, 1) * (x < wide) * (y < low)
    )
    pieces[0] = pieces[2] = np.asarray(leaning(one.astype(np.float32), random.uniform(-0.1, 0.3)))
    return beside(pieces, [5] * 4), text


def cut_off(digits: DigitSet, random: Generator) -> Written:
    ink, text = written(digits, random, 4)
    return ink[:, : -6 * ZOOM - int(random.uniform(4, 7) * ZOOM)], text


def thick_pen(digits: DigitSet, random: Generator) -> Written:
    ink, text = written(digits, random, 4)
    return filters.largest(ink, ZOOM), text


def pale(digits: DigitSet, random: Generator) -> Written:
    ink, text = written(digits, random, 4)
    coarse = random.uniform(0, 1, (len(ink) // 20 + 1, ink.shape[1] // 20 + 1)).astype(np.float32)
    pressure = filters.mean(np.kron(coarse, np.ones((20, 20), dtype=np.float32)), 6)
    return ink * np.clip(pressure[: len(ink), : ink.shape[1]] * 3 - 0.9, 0.02, 1), text


def odd_digit(digits: DigitSet, random: Generator) -> Written:
    return written(digits, random, 4)


def written_over(digits: DigitSet, random: Generator) -> Written:
    ink, text = written(digits, random, 4)
    other = piece(digits.images[int(random.integers(0, len(digits)))])
    place = ink[6 * ZOOM : 6 * ZOOM + len(other), 6 * ZOOM : 6 * ZOOM + other.shape[1]]
    np.maximum(place, other[: len(place), : place.shape[1]], out=place)
    return ink, text


def slanted(digits: DigitSet, random: Generator) -> Written:
    ink, text = written(digits, random, 1)
    return leaning(ink, 1.0), text


def struck_through(digits: DigitSet, random: Generator) -> Written:
    ink, text = written(digits, random, 3)
    middle = len(ink) // 2
    ink[middle : middle + 2 * ZOOM] = 1
    return ink, text


CAUSES: Final[tuple[tuple[str, Cause], ...]] = (
    ("boxes overlap by 4 pixels", overlapping),
    ("zeros share a stroke", zeros),
    ("small digits touch large ones", small_and_large),
    ("a tail hangs under the next digit", under_the_next),
    ("a 1 has an upstroke, rare in MNIST", upstroke),
    ("the last digit is cut off by the edge", cut_off),
    ("the pen fills the holes", thick_pen),
    ("a pale pen leaves gaps", pale),
    ("a digit is misread, cut right", odd_digit),
    ("the first digit is written over another", written_over),
    ("the writing slants by 45°", slanted),
    ("a line as dark as the pen runs through", struck_through),
)


def is_shown_by(cause: Cause, says: str, read: str) -> bool:
    """Whether a row is read wrong for this cause: two of them are not of the cuts, and one is of the first digit."""
    if cause in (upstroke, odd_digit) and len(read) != len(says):
        return False
    return read[:1] != says[:1] if cause is upstroke else read != says


class Failure(Struct, frozen=True):
    """A row that was read wrong: its picture, grey from 0 to 255, and the points of each cut in it."""

    cause: str
    picture: NDArray[np.uint8]
    says: str
    read: str
    sure: bool
    cuts: tuple[NDArray[np.float64], ...] = ()


def cut_line(found: Candidates, cut: int) -> NDArray[np.float64]:
    """The points, x and y, of a cut from top to bottom, in the original ink."""
    columns = found.cuts[cut]
    return found.row.at(np.stack([np.append(columns, columns[-1:]), np.arange(len(columns) + 1)], axis=1))


def failure(network: Network, digits: DigitSet, cause: str, make: Cause) -> Failure | None:
    """The first row with this cause that is read wrong."""
    for number in range(TRIES):
        ink, says = make(digits, np.random.default_rng((len(cause), number)))
        picture = np.rint(PAPER - PEN * ink).astype(np.uint8)
        try:
            cleaned = clean(picture)
            reading = read_row(network, find_candidates(row_of(cleaned.line())))
        except Problem:
            continue
        read = "".join(map(str, reading.digits))
        if is_shown_by(make, says, read):
            ends = reading.candidates.ends[list(reading.way[1:]), 0].tolist() if reading.way else []
            cuts = tuple(cleaned.in_picture(cut_line(reading.candidates, cut)) for cut in ends)
            return Failure(cause, picture, says, read, reading.is_sure, cuts)
    return None


def sheet(width: int, height: int) -> tuple[QImage, QPainter]:
    """An empty picture, twice as fine as it is large, and what paints on it."""
    image = QImage(2 * width, 2 * height, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(2)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    font = QFont(painter.font())
    font.setPixelSize(13)
    painter.setFont(font)
    return image, painter


def draw_failures(failures: Sequence[Failure], file: Path) -> None:
    """The rows in three columns: the picture with its cuts, what it says, what was read, and why."""
    wide, high, columns = 330, 150, 3
    image, painter = sheet(wide * columns, high * -(-len(failures) // columns))
    for number, each in enumerate(failures):
        x, y = wide * (number % columns), high * (number // columns)
        rows, across = each.picture.shape
        scale = min((wide - 20) / across, (high - 60) / rows)
        grey = np.ascontiguousarray(each.picture)
        picture = QImage(grey.tobytes(), across, rows, across, QImage.Format.Format_Grayscale8)
        painter.drawImage(QRectF(x + 10, y + 8, across * scale, rows * scale), picture)
        painter.setPen(QPen(QColor(ORANGE), 1.2))
        for cut in each.cuts:
            painter.drawPolyline([QPointF(x + 10 + px * scale, y + 8 + py * scale) for px, py in cut])
        painter.setPen(QColor(TEXT))
        sure = ", called sure" if each.sure else ""
        painter.drawText(QPointF(x + 10, y + high - 34), f"says {each.says}, read {each.read}{sure}")
        painter.setPen(QColor(QUIET))
        painter.drawText(QPointF(x + 10, y + high - 16), each.cause)
    painter.end()
    image.save(str(file))


def draw_calibration(
    series: Sequence[tuple[str, str, Sequence[Told]]],
    interval: Callable[[int, int], tuple[float, float]],
    file: Path,
) -> None:
    """The share of texts that were right over the chance that was told of them, with the diagonal beside it."""
    side, left, top = 320, 60, 16
    image, painter = sheet(left + side + 190, top + side + 56)

    def at(chance: float, share: float) -> QPointF:
        return QPointF(left + side * chance, top + side * (1 - share))

    for tick in np.linspace(0, 1, 6).tolist():
        painter.setPen(QPen(QColor("#e5e7eb"), 1))
        painter.drawLine(at(0, tick), at(1, tick))
        painter.setPen(QColor(QUIET))
        painter.drawText(QRectF(0, top + side * (1 - tick) - 9, left - 8, 18), int(ALIGNED), f"{tick:.0%}")
        painter.drawText(QRectF(left + side * tick - 30, top + side + 6, 60, 18), int(MIDDLE), f"{tick:.1f}")
    painter.drawText(QRectF(left, top + side + 28, side, 18), int(MIDDLE), "chance told of a text")
    painter.drawText(QPointF(left + 6, top + 12), "texts that are right")
    painter.setPen(QPen(QColor(RIGHT), 1, Qt.PenStyle.DashLine))
    painter.drawLine(at(0, 0), at(1, 1))
    for aside, (name, colour, told) in enumerate(series):
        painter.setPen(QPen(QColor(colour), 1.6))
        painter.setBrush(QBrush(QColor(colour)))
        points = []
        for each in told:
            if not each.count:
                continue
            middle, share = (each.low + each.high) / 2, each.right / each.count
            low, high = interval(each.right, each.count)
            moved = QPointF(3 * aside, 0)  # so that one interval does not hide the other
            painter.drawLine(at(middle, low) + moved, at(middle, high) + moved)
            points.append(at(middle, share) + moved)
        for point in points:
            painter.drawEllipse(point, 3, 3)
        painter.drawPolyline(points)
        painter.drawText(QPointF(left + side + 8, points[-1].y() + 16 * aside), name)
    painter.end()
    image.save(str(file))


ALIGNED: Final = (Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter).value
MIDDLE: Final = Qt.AlignmentFlag.AlignCenter.value


def application() -> QGuiApplication:
    """What Qt needs to draw text, without a screen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication(["rows"])
