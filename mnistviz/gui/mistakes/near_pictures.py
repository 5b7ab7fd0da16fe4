"""Pictures of digits in thin frames, and the pair of training digits nearest to another digit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QBoxLayout, QLabel, QSizePolicy, QWidget

from mnistviz.engine.digits import SIDE
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.layouts import label, row_of
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.tooltips import set_tooltip

_PICTURE, _LOW_PICTURE = 56, 42  # pixels: the side of a picture, also if there is little height
_BESIDE, _BETWEEN = 6, 8  # pixels between a picture and its text, and between two pictures


@dataclass(frozen=True, eq=False)
class NearPicture:
    """A training digit near another digit: its picture, (784,), its caption, and how it was found."""

    image: NDArray[np.uint8]
    caption: str
    told: str


class NearPair(QWidget):
    """Up to two pictures side by side, or one above the other if there is little width."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("nearest_digits")
        self._theme, self.near = theme, tuple[NearPicture, ...]()
        self._rows = [_NearRow("nearest_taken"), _NearRow("nearest_own")]
        self._layout = row_of(*((row, 1) for row in self._rows), spacing=_BETWEEN, inside=self)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.show_near(self.near)

    def show_near(self, near: Sequence[NearPicture]) -> None:
        self.near = tuple(near)
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(self.near))
            if place < len(self.near):
                row.show_digit(self.near[place], _PICTURE, self._theme)

    def fit(self, width: int, free: int) -> int:
        """Lay out the pictures for this width and `free` height. Return the least height that they need."""
        line, count = self.fontMetrics().height(), len(self.near)
        side = _PICTURE if free >= _PICTURE + line else _LOW_PICTURE
        for row, near in zip(self._rows, self.near, strict=False):
            row.show_digit(near, side, self._theme)
        beside = sum(row.needed for row in self._rows[:count]) + _BETWEEN <= width
        share = (width - _BETWEEN * (count - 1)) // count if beside and count else width
        for row in self._rows[:count]:
            row.shorten(share - side - _BESIDE)
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._layout.setDirection(way)
        rows = min(1, count) if beside else count
        return rows * max(side, 3 * line) + max(0, rows - 1) * _BETWEEN


class _NearRow(QWidget):
    """A picture and text beside it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._picture, self._words = QLabel(), label("smallPrint")
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row_of(self._picture, (self._words, 1), spacing=_BESIDE, inside=self)

    @property
    def needed(self) -> int:
        row = self.layout()
        assert row is not None
        return (
            0 if self.isHidden() else self._picture.width() + row.spacing() + self._words.sizeHint().width()
        )

    def shorten(self, room: int) -> None:
        """Elide each line to so many pixels."""
        metrics, right = self._words.fontMetrics(), Qt.TextElideMode.ElideRight
        lines = self._words.text().split("\n")
        self._words.setText("\n".join(metrics.elidedText(line, right, room) for line in lines))

    def show_digit(self, near: NearPicture, side: int, theme: Theme) -> None:
        self._picture.setPixmap(framed_digit(near.image, side, self.devicePixelRatioF(), theme))
        self._picture.setFixedSize(side, side)
        self._words.setText(near.caption)
        set_tooltip(self, near.told)
        self.setAccessibleName(near.told)


def framed_digit(image: NDArray[np.uint8], side: int, ratio: float, theme: Theme) -> QPixmap:
    """Return a digit in a thin frame, `side` pixels of the layout wide."""
    pixels = round(side * ratio)
    picture = QPixmap(pixels, pixels)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(picture.rect(), digit_image(image.reshape(SIDE, SIDE), theme))
    painter.setPen(QColor(theme.tile))
    painter.drawRect(0, 0, pixels - 1, pixels - 1)
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture
