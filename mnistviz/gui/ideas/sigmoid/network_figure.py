"""Nudging one weight of a copy of the lab's network: the weights of a unit, the digit, and the outputs."""

from collections.abc import Callable
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontInfo, QImage, QPainter, QPolygonF
from PySide6.QtWidgets import QGridLayout, QWidget

from mnistviz.engine.digits import SIDE, Digits, grey_values
from mnistviz.engine.ideas.along import NudgedCopy, Weight, WeightNudge
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.gui.common import numbers
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.layouts import column_of, label
from mnistviz.gui.common.painted_figure import CENTRE, LEFT, RIGHT, PaintedFigure, inked, sized
from mnistviz.gui.common.scales import ROUND, nice_above
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.unit_names import class_name
from mnistviz.gui.common.weight_images import weights_image
from mnistviz.gui.common.widgets import SMALLEST
from mnistviz.gui.ideas.sigmoid.sigmoid_words import say

_LIMITS: Final = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)
_FIRST = 100  # number of test digits to choose from


class WeightImage(PaintedFigure):
    """One unit's weights, orange positive and blue negative, or the digit. Mouse or arrows choose a pixel."""

    def __init__(self, kind: Literal["weights", "digit"], chosen: Callable[[int], object]) -> None:
        super().__init__()
        self._chosen = chosen
        self._weights = kind == "weights"
        self._values: NDArray[Any] = np.zeros(SIDE * SIDE, np.float32)
        self.pixel = 0
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(3 * SIDE, 3 * SIDE)

    def minimumSizeHint(self) -> QSize:
        return self.minimumSize()

    def show_values(self, values: NDArray[Any]) -> None:
        """Show weights, shape (784,), or the digit's grey values from 0 to 1."""
        self._values = values
        self.update()

    def choose(self, pixel: int) -> None:
        self.pixel = pixel
        self.update()

    @property
    def square(self) -> QRectF:
        side = min(self.width(), self.height()) - 6.0
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def place(self, pixel: int) -> QPointF:
        row, column = divmod(pixel, SIDE)
        cell = self.square.width() / SIDE
        return self.square.topLeft() + QPointF((column + 0.5) * cell, (row + 0.5) * cell)

    def press(self, at: QPointF) -> None:
        inside = (at - self.square.topLeft()) / (self.square.width() / SIDE)
        column, row = (min(SIDE - 1, max(0, int(part))) for part in (inside.x(), inside.y()))
        self._select(row * SIDE + column)

    def drag(self, at: QPointF) -> None:
        self.press(at)

    def arrow(self, right: int, down: int) -> bool:
        row, at = divmod(self.pixel, SIDE)
        if 0 <= row + down < SIDE and 0 <= at + right < SIDE:
            self._select((row + down) * SIDE + at + right)
        return True

    def paint(self, painter: QPainter) -> None:
        square = self.square
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawImage(square, self._picture())
        cell = square.width() / SIDE
        box = QRectF(0, 0, cell + 4, cell + 4)
        box.moveCenter(self.place(self.pixel))
        frames = [(theme().line, 1.0, square), (theme().card, 4.0, box), (theme().accent, 2.4, box)]
        for colour, width, frame in frames:
            inked(painter, colour, width).drawRect(frame)

    def _select(self, pixel: int) -> None:
        if pixel != self.pixel:
            self.choose(pixel)
            self._chosen(pixel)

    def _picture(self) -> QImage:
        if not self._weights:
            return digit_image(np.rint(255 * self._values).astype(np.uint8).reshape(SIDE, SIDE), theme())
        largest = float(np.quantile(np.abs(self._values), 0.99))
        return weights_image(self._values, nice_above(largest, _LIMITS) if largest > 0 else 1.0, theme())


_HEAD: Final = 1.3  # rows


class OutputRows(PaintedFigure):
    """The outputs before and after a nudge, a row each. A click, or Up and Down, predicts which changes most."""

    def __init__(self) -> None:
        super().__init__()
        self.nudge: WeightNudge | None = None
        self.names: tuple[str, ...] = ()
        self.told = False
        self.guess: int | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def minimumSizeHint(self) -> QSize:
        return QSize(230, round(1.25 * SMALLEST * (len(self.names) + _HEAD)))

    def show_nudge(self, nudge: WeightNudge | None, names: tuple[str, ...], *, told: bool) -> None:
        self.nudge, self.names, self.told = nudge, names, told
        self.update()

    def set_guess(self, guess: int | None) -> None:
        self.guess = guess
        self.update()

    @property
    def row_height(self) -> float:
        return self.height() / (len(self.names) + _HEAD)

    def row(self, output: int) -> QRectF:
        return QRectF(0, (output + _HEAD) * self.row_height, self.width(), self.row_height)

    def press(self, at: QPointF) -> None:
        if at.y() >= self.row(0).top():
            self._guess(int(at.y() / self.row_height - _HEAD))

    def arrow(self, right: int, down: int) -> bool:
        if down:
            self._guess((-1 if self.guess is None else self.guess) + down)
        return bool(down)

    def paint(self, painter: QPainter) -> None:
        if self.nudge is None:
            return
        size = min(QFontInfo(self.font()).pixelSize(), max(SMALLEST, round(0.82 * self.row_height)))
        painter.setFont(sized(self.font(), size))
        _, bar, value, moved, by = self._rooms(QRectF(0, 0, self.width(), 1.2 * self.row_height))
        self.write(painter, bar | value, LEFT, say("head_answers"), theme().muted, cut=False)
        if self.told:
            self.write(painter, moved | by, LEFT, say("head_moved"), theme().muted)
        for output in range(len(self.names)):
            self._paint_row(painter, output)

    def _guess(self, output: int) -> None:
        if not self.told and self.nudge is not None:
            self.set_guess(min(max(output, 0), len(self.names) - 1))

    def _rooms(self, row: QRectF) -> list[QRectF]:
        """Return the parts of a row: name, bar of the activation, its value, bar of the change, its value."""
        advance = self.fontMetrics().horizontalAdvance
        name = min(max(map(advance, self.names), default=10) + 10.0, 0.25 * self.width())
        value, by = advance("0.000") + 10.0, advance("+0.0000") + 8.0
        rest = self.width() - name - value - by - 30
        rooms, left = [], 6.0
        for wide, gap in ((name, 9), (0.42 * rest, 3), (value, 3), (0.58 * rest, 3), (by, 0)):
            rooms.append(QRectF(left, row.top(), wide, row.height()))
            left += wide + gap
        return rooms

    def _paint_row(self, painter: QPainter, output: int) -> None:
        assert self.nudge is not None
        row = self.row(output)
        name, bar, value, moved, by = self._rooms(row)
        before, after = (float(each[output]) for each in (self.nudge.before, self.nudge.after))
        level, hue = (after, theme().runs[1]) if self.told else (before, theme().runs[0])
        high = min(14.0, 0.5 * row.height())
        track = QRectF(bar.left(), row.center().y() - high / 2, bar.width(), high)
        self.write(painter, name, RIGHT, self.names[output], theme().text)
        self.paint_bar(painter, track, level, hue)
        self.write(painter, value, LEFT, numbers.number_text(level, 3), theme().text, cut=False)
        if self.told:
            x = bar.left() + max(0.0, min(1.0, before)) * bar.width()
            inked(painter, theme().runs[0], 2.4)  # the old activation
            painter.drawLine(QPointF(x, track.top() - 3), QPointF(x, track.bottom() + 3))
            self._paint_moved(painter, moved, high, output)
            text = numbers.number_text(after - before, 4, sign=True) if after != before else numbers.whole(0)
            self.write(painter, by, RIGHT, text, theme().text, cut=False)
        if output == self.guess:
            self.frame(painter, row.adjusted(3, 1.5, -3, -1.5), 5, 1.8, dashed=self.told)
            if not self.told:
                self.write(painter, moved | by, CENTRE, say("this_one"), theme().accent)

    def _paint_moved(self, painter: QPainter, room: QRectF, high: float, output: int) -> None:
        assert self.nudge is not None
        y, middle = room.center().y(), room.center().x()
        largest = max(float(abs(each).max()) for each in (self.nudge.moved, self.nudge.promised))
        unit = (room.width() / 2 - 7) / (nice_above(largest, ROUND) if largest > 1e-6 else 1e-6)
        moved, promised = float(self.nudge.moved[output]), float(self.nudge.promised[output])
        inked(painter, theme().line)
        painter.drawLine(QPointF(middle, room.top() + 1), QPointF(middle, room.bottom() - 1))
        inked(painter, fill=theme().yes if moved > 0 else theme().no)
        painter.drawRect(QRectF(middle, y - high / 2, moved * unit, high).normalized())
        at = QPointF(middle + promised * unit, y)
        inked(painter, theme().text, 1.5, fill=theme().card)
        painter.drawPolygon(QPolygonF([at + QPointF(*d) for d in ((-5, 0), (0, -5), (5, 0), (0, 5))]))


class NetworkFigure(QWidget):
    """A weight is chosen on the picture of its unit. The effect of the nudge is hidden until the outcome is shown."""

    def __init__(self, moved: Callable[[], object]) -> None:
        super().__init__()
        self._moved = moved
        self.weights = WeightImage("weights", self._choose_pixel)
        self.digit = WeightImage("digit", self._choose_pixel)
        self.outputs = OutputRows()
        self.unit = self.number = 0  # the unit whose weights are shown, and the test digit, both from 0
        self.by = 1.0
        self.told = False
        self.nudge: WeightNudge | None = None
        self._network: Network | None = None
        self._copy: NudgedCopy | None = None
        self._digits: Digits | None = None
        self._weights_title, self._digit_title = (label("cardTitle", wraps=True) for _ in range(2))
        self._line = label("quietText", wraps=True)
        for name, part in (("weights", self.weights), ("digit", self.digit), ("outputs", self.outputs)):
            say.describe(part, f"nudge_{name}", name)
        pictures = self._weights_title, (self.weights, 1), self._digit_title, (self.digit, 1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.addLayout(column_of(*pictures, spacing=3), 0, 0, 2, 1)
        grid.addWidget(label("cardTitle", say("outputs_title"), wraps=True), 0, 1)
        grid.addWidget(self.outputs, 1, 1)
        grid.addWidget(self._line, 2, 0, 1, 2)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 5)
        grid.setRowStretch(1, 1)

    @property
    def weight(self) -> Weight:
        return Weight(1, self.unit, self.weights.pixel)

    def use(self, moment: Moment, digits: Digits) -> None:
        self._network, self._digits = moment.network, digits
        self._copy = NudgedCopy(moment.network)

    def open_digit(self) -> None:
        """Show the least confident test digit, and choose the weight whose nudge changes an output most."""
        assert self._copy is not None
        assert self._digits is not None
        self.number = self._copy.least_sure(self._digits.test.images[:_FIRST])
        weight = self._copy.strongest(self._pixels(), 1)
        self.unit = weight.unit
        self.weights.choose(weight.source)
        self.renew()

    def frame_empty(self) -> None:
        empty = np.flatnonzero(self._pixels() == 0)
        if len(empty):
            far = ((np.stack(np.divmod(empty, SIDE)) - (SIDE - 1) / 2) ** 2).sum(axis=0)
            self.weights.choose(int(empty[far.argmin()]))
            self.renew()

    def renew(self) -> None:
        if self._copy is None or self._network is None or self._digits is None:
            return
        pixels = self._pixels()
        self.digit.choose(self.weights.pixel)
        self.weights.show_values(self._network.weights[0][self.unit])
        self.digit.show_values(pixels)
        self.nudge = self._copy.nudge(pixels, self.weight, self.by)
        names = tuple(map(self.name, range(len(self.nudge.before))))
        self.outputs.show_nudge(self.nudge, names, told=self.told)
        digit = int(self._digits.test.labels[self.number])
        self._weights_title.setText(say("weights_title", unit=self.unit + 1))
        self._digit_title.setText(say("digit_title", number=self.number, name=self.name(digit)))
        weight = numbers.number_text(self.weight.of(self._network), 2)
        text = say("framed", weight=weight, grey=numbers.number_text(float(pixels[self.weights.pixel]), 2))
        self._line.setText(text)
        self.weights.setAccessibleDescription(text)

    def show_outcome(self, told: bool) -> None:
        self.told = told
        if not told:
            self.outputs.set_guess(None)
        self.renew()

    def name(self, output: int) -> str:
        return class_name(() if self._digits is None else self._digits.classes, output)

    def _pixels(self) -> np.ndarray:
        assert self._digits is not None
        return grey_values(self._digits.test.images[self.number])

    def _choose_pixel(self, pixel: int) -> None:
        self.weights.choose(pixel)
        self.renew()
        self._moved()
