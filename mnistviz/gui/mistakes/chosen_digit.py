"""One digit of those that were read: what it is, what it was read as, and the training digits nearest to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mnistviz.engine.digits import SIDE
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.common.widgets import ElidedLabel

_PICTURE = 56  # pixels, of a nearest digit
_LOW_PICTURE = 42


@dataclass(frozen=True, eq=False)
class NearPicture:
    """A training digit that is near to another digit: its picture, (784,), what it is, and how that was found."""

    image: NDArray[np.uint8]
    caption: str
    told: str


class ChosenDigit(QWidget):
    """What is known of the digit that is chosen in the gallery."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("chosen_digit")
        self._theme = theme
        self._near: tuple[NearPicture, ...] = ()
        self.title, self.told = ElidedLabel(), QLabel()
        self.title.setProperty("role", "cardTitle")
        self.title.setObjectName("chosen_digit_title")
        self.told.setObjectName("chosen_digit_told")
        self.near_title = ElidedLabel()
        self.near_title.setProperty("role", "smallPrint")
        self.near_title.setObjectName("nearest_title")
        self._rows = [_NearRow("nearest_wrong"), _NearRow("nearest_right")]
        self.told.setWordWrap(True)
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)
        self.column.addWidget(self.title)
        self.column.addWidget(self.told)
        self.column.addWidget(self.near_title)
        self._pair = QHBoxLayout()
        self._pair.setSpacing(8)
        for row in self._rows:
            self._pair.addWidget(row, 1)
        self.column.addLayout(self._pair)
        self.column.addStretch(1)
        self.show_digit("", "")

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._show_near()

    def show_digit(self, title: str, told: str) -> None:
        """Names a digit, and says what it was read as; without a title, invites to choose one."""
        self.title.setText(title)
        self.title.setVisible(bool(title))
        self.told.setText(
            told
            or self.tr("Choose a digit: it goes to the scratchpad, and what is known of it appears here.")
        )
        self.told.setProperty("role", "reading" if told else "quietText")
        if not title:
            self.show_near("")

    def show_near(self, title: str, near: Sequence[NearPicture] = ()) -> None:
        """The nearest training digits, or in a title what is being done about them."""
        self.near_title.setText(title)
        self._near = tuple(near)
        self._show_near()

    def _show_near(self) -> None:
        side = _PICTURE if self.height() >= 3 * _PICTURE else _LOW_PICTURE
        for place, row in enumerate(self._rows):
            near = self._near[place] if place < len(self._near) else None
            row.setVisible(near is not None)
            if near is not None:
                row.show_digit(near, side, self._theme)
        needed = sum(row.needed for row in self._rows) + self._pair.spacing()
        way = QBoxLayout.Direction.LeftToRight if needed <= self.width() else QBoxLayout.Direction.TopToBottom
        self._pair.setDirection(way)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_near()

    def minimumSizeHint(self) -> QSize:
        return QSize(12 * self.fontMetrics().height(), 6 * self.fontMetrics().height())


class _NearRow(QWidget):
    """A picture and words beside it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._picture, self._words = QLabel(), QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setProperty("role", "smallPrint")
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._picture)
        row.addWidget(self._words, 1)

    @property
    def needed(self) -> int:
        """The width of all that it shows."""
        row = self.layout()
        assert row is not None
        return (
            0 if self.isHidden() else self._picture.width() + row.spacing() + self._words.sizeHint().width()
        )

    def show_digit(self, near: NearPicture, side: int, theme: Theme) -> None:
        self._picture.setPixmap(framed_digit(near.image, side, self.devicePixelRatioF(), theme))
        self._picture.setFixedSize(side, side)
        self._words.setText(near.caption)
        set_tooltip(self, near.told)
        self.setAccessibleName(near.told)


def framed_digit(image: NDArray[np.uint8], side: int, ratio: float, theme: Theme) -> QPixmap:
    """A digit in a thin frame, so many pixels of the screen wide."""
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
