"""The parts of the window for one unit: its weights, its outgoing weights, rows of digits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLocale, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QSizePolicy,
    QToolTip,
    QWidget,
)

from mnistviz.engine.digits import SIDE, DigitSet
from mnistviz.gui.common.digit_image import digit_image, ink_shades
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import tabular
from mnistviz.gui.units.colour_scale import colour_table, fitted_limit
from mnistviz.gui.units.unit_names import number_text
from mnistviz.gui.units.weight_tiles import Tiles, cell_at, cells

Array = NDArray[Any]

DIGITS_SHOWN: Final = 10


class WeightPicture(QWidget):
    """The weights of one unit, as large as there is room for; knows which one the mouse points at."""

    pointed_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pointed: int | None = None
        self._weights: Array | None = None
        self._initial: Array | None = None
        self._limit = 1.0
        self._tiles: Tiles | None = None
        self.setMinimumSize(174, 174)
        self.setMouseTracking(True)
        self.set_theme(theme)

    def sizeHint(self) -> QSize:
        return QSize(342, 342)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._table = colour_table(theme)
        self.update()

    def show_weights(self, weights: Array, limit: float, initial: Array | None) -> None:
        """Shows the weights of one unit, (n_in,), less the `initial` ones if there are any."""
        if self._weights is None or len(weights) != len(self._weights):
            self._tiles = Tiles(len(weights), 1, 1)
            self.pointed = None  # what the mouse is over now is another weight, if it is one
        self._weights, self._limit, self._initial = weights, limit, initial
        self.update()

    def picture_rect(self) -> QRect:
        """Where the weights are: square cells of whole pixels, in the middle."""
        if self._weights is None:
            return QRect()
        rows, columns = cells(len(self._weights))
        cell = max(1, min((self.width() - 6) // columns, (self.height() - 6) // rows))
        size = QSize(columns * cell, rows * cell)
        return QRect(QPoint((self.width() - size.width()) // 2, (self.height() - size.height()) // 2), size)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._weights is None or self._tiles is None:
            return
        painter = QPainter(self)
        initial = None if self._initial is None else self._initial[np.newaxis]
        image = self._tiles.colour(self._weights[np.newaxis], self._limit, self._table, initial)
        place = self.picture_rect()
        painter.drawImage(place, image)
        if self.pointed is not None:
            rows, columns = cells(len(self._weights))
            row, column = divmod(self.pointed, columns)
            size = QSize(place.width() // columns, place.height() // rows)
            corner = place.topLeft() + QPoint(column * size.width(), row * size.height())
            painter.setPen(QPen(QColor(self._theme.accent), 2))
            painter.drawRect(QRect(corner, size))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self._theme.border))
        painter.drawRoundedRect(QRectF(place).adjusted(-2.5, -2.5, 2.5, 2.5), 4, 4)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._weights is not None:
            self._point_at(cell_at(event.position().toPoint(), self.picture_rect(), len(self._weights)))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and self.pointed is not None:
            return True  # the line below tells of this weight; a tooltip would hide its neighbours
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    def _point_at(self, cell: int | None) -> None:
        if cell != self.pointed:
            self.pointed = cell
            self.update()
            self.pointed_changed.emit()


class Bars(QWidget):
    """Signed bars from a common middle: a name, a bar and a number a line."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names: list[str] = []
        self.values: list[float] = []
        self._limit = 1.0
        self.setMinimumSize(200, 160)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_values(self, names: list[str], values: Array) -> None:
        self._limit = fitted_limit(self._limit, values)
        self.names, self.values = names, [float(value) for value in values]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.names:
            return
        painter = QPainter(self)
        line = min(30.0, self.height() / len(self.names))
        font = tabular(self.font())
        font.setPixelSize(max(8, min(13, int(line) - 2)))
        painter.setFont(font)
        metrics = painter.fontMetrics()
        left = min(max(metrics.horizontalAdvance(name) for name in self.names), self.width() // 3) + 8
        right = metrics.horizontalAdvance("−00.00") + 8
        middle = (left + self.width() - right) / 2
        longest = middle - left
        for place, (name, value) in enumerate(zip(self.names, self.values, strict=True)):
            top = place * line
            painter.setPen(QColor(self._theme.text))
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, left - 8)
            alignment = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(QRectF(0, top, left, line), alignment, shown)
            thick = min(11.0, 0.62 * line)
            track = QRectF(left, top + (line - thick) / 2, 2 * longest, thick)
            painter.fillRect(track, QColor(self._theme.grid))
            length = longest * max(-1.0, min(value / self._limit, 1.0)) if value == value else 0.0
            bar = QRectF(middle, track.top(), length, thick).normalized()
            painter.fillRect(bar, QColor(self._theme.yes if value > 0 else self._theme.no))
            painter.setPen(QColor(self._theme.muted))
            alignment = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(QRectF(0, top, self.width(), line), alignment, number_text(value, sign=True))
        painter.fillRect(QRectF(middle - 0.5, 0, 1, line * len(self.names)), QColor(self._theme.muted))


class DigitRow(QWidget):
    """Digits side by side, each with what it is and how strongly it fires the unit."""

    _SIDE: Final = 2 * SIDE

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: list[int] = []
        """The numbers of the digits in their set."""
        self._images: list[QImage] = []
        self._labels: list[str] = []
        self._values: list[str] = []
        self._tips: list[str] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_theme(theme)

    def sizeHint(self) -> QSize:
        return QSize(DIGITS_SHOWN * 62, self._SIDE + 2 * self.fontMetrics().height() + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(DIGITS_SHOWN * 42, self.sizeHint().height())

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for image in self._images:
            image.setColorTable(ink_shades(theme))
        self.update()

    def clear(self) -> None:
        self.shown, self._images, self._labels, self._values, self._tips = [], [], [], [], []
        self.update()

    def show_digits(
        self, digit_set: DigitSet, which: Array, classes: Sequence[str], inputs: Array, activations: Array
    ) -> None:
        """Shows the digits number `which` of the set, with the weighted input and activation of each."""
        self.clear()
        self.shown = [int(index) for index in which]
        for index, z, a in zip(which, inputs, activations, strict=True):
            label = classes[digit_set.labels[index]]
            self._images.append(digit_image(digit_set.images[index].reshape(SIDE, SIDE), self._theme))
            self._labels.append(label)
            self._values.append(number_text(a))
            tip = self.tr("Training digit {number}: {label}. Activation {a}, from a weighted input z = {z}.")
            place = QLocale().toString(int(index) + 1)
            self._tips.append(
                tip.format(number=place, label=f"“{label}”", a=number_text(a, 4), z=number_text(z))
            )
        self.setAccessibleDescription(" ".join(self._tips))
        self.update()

    def _column(self, place: int) -> QRectF:
        side = min(self._SIDE, self.width() / DIGITS_SHOWN - 6)
        return QRectF(place * (self.width() - side - 1) / (DIGITS_SHOWN - 1), 0, side, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        line = self.fontMetrics().height()
        bold = painter.font()
        bold.setBold(True)
        plain = tabular(painter.font())
        for place, (image, label, value) in enumerate(
            zip(self._images, self._labels, self._values, strict=True)
        ):
            column = self._column(place)
            side = column.width()
            picture = QRectF(column.x(), self._SIDE - side, side, side)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, side != self._SIDE)
            painter.drawImage(picture, image)
            painter.setPen(QColor(self._theme.border))
            painter.drawRect(picture)
            text = QRectF(picture.x() - 3, self._SIDE + 2, side + 6, line)
            painter.setFont(bold)
            painter.setPen(QColor(self._theme.text))
            shown = painter.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, int(text.width()))
            painter.drawText(text, Qt.AlignmentFlag.AlignCenter, shown)
            painter.setFont(plain)
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(text.translated(0, line - 1), Qt.AlignmentFlag.AlignCenter, value)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            for place, tip in enumerate(self._tips):
                if self._column(place).contains(event.pos()):
                    QToolTip.showText(event.globalPos(), tip, self)
                    return True
        return super().event(event)
