"""A picture of one unit's weights, orange yes and blue no, or of the digit beside it: a click chooses a pixel."""

from __future__ import annotations

from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnistviz.engine.digits import SIDE
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.nice_numbers import nice_above
from mnistviz.gui.common.theme import LIGHT, Theme, weight_colours

_STEPS: Final = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)
_ARROWS: Final = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -SIDE, Qt.Key.Key_Down: SIDE,
}  # fmt: skip


class WeightImage(QWidget):
    """A picture of 28 × 28 in which one pixel is chosen, by mouse or by arrows."""

    chosen = Signal(int)  # the number of the pixel

    def __init__(self, kind: Literal["weights", "digit"], theme: Theme = LIGHT) -> None:
        super().__init__()
        self._weights = kind == "weights"
        self._theme, self._image = theme, QImage()
        self._values: NDArray[Any] = np.zeros(SIDE * SIDE, np.float32)
        self.pixel = 0
        self.setObjectName(f"nudge_{kind}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(3 * SIDE, 3 * SIDE)

    def sizeHint(self) -> QSize:
        return self.minimumSize()  # it takes what there is

    def show_values(self, values: NDArray[Any]) -> None:
        """The weights, (784,), or the digit's grey values from 0 to 1."""
        self._values = values
        self._image = self._painted()
        self.update()

    def choose(self, pixel: int) -> None:
        """Chooses a pixel, and tells nobody."""
        self.pixel = pixel
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.show_values(self._values)

    @property
    def frame(self) -> QRectF:
        """Where the picture is."""
        side = min(self.width(), self.height()) - 6.0
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def place(self, pixel: int) -> QPointF:
        """The middle of a pixel of the picture."""
        row, column = divmod(pixel, SIDE)
        cell = self.frame.width() / SIDE
        return self.frame.topLeft() + QPointF((column + 0.5) * cell, (row + 0.5) * cell)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._choose_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose_at(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = _ARROWS.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
            return
        beside = self.pixel + by
        same_row = beside // SIDE == self.pixel // SIDE
        if 0 <= beside < SIDE * SIDE and (abs(by) > 1 or same_row):
            self._take(beside)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, frame, theme = QPainter(self), self.frame, self._theme
        painter.drawImage(frame, self._image)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawRect(frame)
        cell = frame.width() / SIDE
        box = QRectF(0, 0, cell + 4, cell + 4)
        box.moveCenter(self.place(self.pixel))
        painter.setPen(QPen(QColor(theme.card), 4))
        painter.drawRect(box)
        painter.setPen(QPen(QColor(theme.accent), 2.4))
        painter.drawRect(box)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1.5))
            painter.drawRect(frame.adjusted(-2, -2, 2, 2))

    def _choose_at(self, at: QPointF) -> None:
        inside = (at - self.frame.topLeft()) / (self.frame.width() / SIDE)
        column, row = (min(SIDE - 1, max(0, int(part))) for part in (inside.x(), inside.y()))
        self._take(row * SIDE + column)

    def _take(self, pixel: int) -> None:
        if pixel != self.pixel:
            self.choose(pixel)
            self.chosen.emit(pixel)

    def _painted(self) -> QImage:
        values = self._values.reshape(SIDE, SIDE)
        if not self._weights:
            return digit_image(np.rint(255 * values).astype(np.uint8), self._theme)
        largest = float(np.quantile(np.abs(values), 0.99))
        limit = nice_above(largest, _STEPS) if largest > 0 else 1.0
        places = np.clip(np.rint(128 + 127 * values / limit), 1, 255).astype(np.uint8)
        image = QImage(places.data, SIDE, SIDE, SIDE, QImage.Format.Format_Indexed8).copy()
        image.setColorTable([QColor(*colour).rgb() for colour in weight_colours(self._theme).tolist()])
        return image
