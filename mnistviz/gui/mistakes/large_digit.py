"""One digit, so large that each pixel is visible."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLabel, QWidget

from mnistviz.gui.common.layouts import column_of, label
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.wrapped import WrappedLabel
from mnistviz.gui.mistakes.near_pictures import framed_digit

_SIDE = 28 * 14  # pixels


class LargeDigit(QDialog):
    """A dialog; Left and Right go to other digits, Enter or Escape closes it."""

    def __init__(self, walk: Callable[[int], object], parent: QWidget) -> None:
        """`walk` moves by so many digits."""
        super().__init__(parent)
        self._walk = walk
        self.setObjectName("large_digit")
        self._picture, self.words = QLabel(), WrappedLabel()
        self._picture.setObjectName("large_digit_picture")
        self.words.setObjectName("large_digit_words")
        hint = self.tr("Left and Right go to the other digits. Escape closes this window.")
        column_of(self._picture, self.words, label("smallPrint", hint), margins=None, inside=self)
        self._picture.setFixedSize(_SIDE, _SIDE)

    def show_digit(self, image: NDArray[np.uint8], title: str, told: str, theme: Theme) -> None:
        self._picture.setPixmap(framed_digit(image, _SIDE, self.devicePixelRatioF(), theme))
        self._picture.setAccessibleName(title)
        self.words.setText(told)
        self.setWindowTitle(title)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        key = Qt.Key(event.key())
        if key in ways:
            self._walk(ways[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
        else:
            super().keyPressEvent(event)
