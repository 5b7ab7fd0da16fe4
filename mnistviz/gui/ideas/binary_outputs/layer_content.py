"""What the figure of the fourth layer shows, and where: values and numbers only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF

from mnistviz.engine.ideas.binary_outputs import FourthLayer, Sample, number_of
from mnistviz.gui.common.class_names import class_name


@dataclass(frozen=True, eq=False)
class Content:
    """The `layer`, the digit that is `shown` with its `caption`, and `samples`, a test digit of each class."""

    layer: FourthLayer
    classes: tuple[str, ...]
    shown: Sample | None = None
    caption: str = ""
    samples: tuple[Sample | None, ...] = ()

    def name(self, number: int) -> str:
        """What a number stands for: a class, or a number that is none."""
        return class_name(self.classes, number)

    def reads(self, sample: Sample) -> int:
        """The number that the bits say of a digit."""
        return int(number_of(self.layer.fired(sample.activations[np.newaxis]))[0])

    def sign(self, row: int, bit: int) -> int:
        """The sign of a weight; the row after the last class is that of the biases."""
        return int(self.layer.biases[bit] if row == self.layer.classes else self.layer.weights[row, bit])


_HEAD, _FOOT = 1.0, 2.0  # rows above and below those of the digits: names of the bits; biases and bits
_WIDEST_CELL = 58.0


@dataclass(frozen=True)
class LayerPlaces:
    """A figure of `width` × `height` pixels, text `line` pixels high, for a fourth layer of `classes` × `bits`;
    `name` is how wide the names of the digits are."""

    width: float
    height: float
    line: float
    classes: int
    bits: int
    name: float

    @property
    def row_height(self) -> float:
        """How high a digit's row is."""
        return self.height / (self.classes + _HEAD + _FOOT)

    @property
    def picture(self) -> QRectF:
        """The digit that is read."""
        side = max(40.0, min(0.22 * self.width, 0.6 * self.height, 230.0))
        return QRectF(2, self.row_height * _HEAD, side, side)

    @property
    def _reads(self) -> float:
        """How wide the column of test digits is."""
        return min(self.row_height - 2, 44.0) + 4.2 * self.line

    @property
    def _cells(self) -> QRectF:
        wide = min(
            _WIDEST_CELL, (self.width - self.picture.right() - self._reads - self.name) * 0.62 / self.bits
        )
        right = self.width - self._reads - 0.9 * self.line
        return QRectF(right - wide * self.bits, self.row_height * _HEAD, wide * self.bits, self.height)

    def cell(self, row: int, bit: int) -> QRectF:
        """A weight; below the last digit's row the bias of the bit, and below that what the bit answers."""
        cells = self._cells
        wide = cells.width() / self.bits
        return QRectF(cells.left() + bit * wide, self.top(row), wide, self.row_height)

    def head(self, bit: int) -> QRectF:
        """The name of a bit."""
        return self.cell(-1, bit)

    def top(self, row: int) -> float:
        """Where a row begins."""
        return (row + _HEAD) * self.row_height

    def names(self, row: int) -> QRectF:
        """The name of an output."""
        left = self.picture.right() + 0.8 * self.line
        return QRectF(left, self.top(row), self.name, self.row_height)

    def bar(self, row: int) -> QRectF:
        """How much an output answers."""
        names = self.names(row)
        left = names.right() + 6
        high = min(12.0, 0.5 * self.row_height)
        right = self._cells.left() - 0.7 * self.line
        return QRectF(left, names.center().y() - high / 2, max(4.0, right - left), high)

    def sample(self, row: int) -> QRectF:
        """A test digit of the row's class."""
        side = min(self.row_height - 2, 44.0)
        left = self._cells.right() + 0.9 * self.line
        return QRectF(left, self.top(row) + (self.row_height - side) / 2, side, side)

    def read(self, row: int) -> QRectF:
        """What the bits say of it."""
        sample = self.sample(row)
        return QRectF(sample.right() + 6, self.top(row), self.width - sample.right() - 6, self.row_height)

    def below_picture(self, lines: float = 3.0) -> QRectF:
        """What the picture is."""
        picture = self.picture
        return QRectF(0, picture.bottom() + 5, picture.right() + 2, lines * self.line)

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """The weight or bias under a pixel, as row and bit."""
        cells = self._cells
        row, bit = (
            int((y - cells.top()) // self.row_height),
            int((x - cells.left()) // (cells.width() / self.bits)),
        )
        return (row, bit) if 0 <= row <= self.classes and 0 <= bit < self.bits else None

    def sample_at(self, x: float, y: float) -> int | None:
        """The row of the test digit under a pixel."""
        row = int((y - self.top(0)) // self.row_height)
        return row if 0 <= row < self.classes and x >= self.sample(row).left() - 2 else None
