"""A row of four tiles with a picture or text at its left and a last neuron at its right: all such rows are aligned."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPolygonF

from mnistviz.engine.digits import SIDE
from mnistviz.engine.ideas.detectors import DETECTORS, LearnedQuestion
from mnistviz.gui.common import numbers
from mnistviz.gui.common.painted_figure import CENTRE, LEFT, PaintedFigure, inked
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.weight_images import weights_image
from mnistviz.gui.ideas.nine.nine_words import say

LEAST_TILE, MOST_TILE = 64.0, 140.0  # pixels


class TileRow(PaintedFigure):
    """Four tiles between a picture or text and a box for the last neuron. The height follows from the width."""

    def __init__(self, *, takes_focus: bool = True) -> None:
        super().__init__(takes_focus=takes_focus)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def top(self) -> float:
        """The upper edge of the tiles."""
        raise NotImplementedError

    @property
    def around(self) -> float:
        raise NotImplementedError

    @property
    def side(self) -> float:
        """The side of a tile: the largest that fits, a multiple of the picture's pixels if that costs little."""
        return self._side_for(self.width(), self.height() - self.around)

    @classmethod
    def _side_for(cls, width: float, room: float) -> float:
        left, arrow, right = cls._widths(width)
        free = width - (left + right + 2 * arrow) - 3 * max(12.0, 0.026 * width)
        side = min(free / DETECTORS, room, MOST_TILE)
        crisp = side // SIDE * SIDE
        return max(LEAST_TILE, crisp if crisp >= 0.88 * side else side // 1)

    @staticmethod
    def _widths(width: float) -> tuple[float, float, float]:
        """Return the widths of the picture at the left, of an arrow, and of the box at the right."""
        arrow = 26.0 if width > 600 else 17.0
        return min(104.0, max(64.0, 0.125 * width)), arrow, min(132.0, max(88.0, 0.155 * width))

    @property
    def left(self) -> QRectF:
        return QRectF(0, self.top, self._widths(self.width())[0], self.side)

    @property
    def words(self) -> float:
        return self.tile(0).left() - 9

    @property
    def right(self) -> QRectF:
        wide = self._widths(self.width())[2]
        return QRectF(self.width() - wide - 1, self.top, wide, self.side)

    def tile(self, number: int) -> QRectF:
        arrow, side = self._widths(self.width())[1], self.side
        begin, end = self.left.right() + arrow, self.right.left() - arrow
        gap = (end - begin - DETECTORS * side) / (DETECTORS - 1)
        return QRectF(begin + number * (side + gap), self.top, side, side)

    def heightForWidth(self, width: int) -> int:
        return round(self._side_for(width, MOST_TILE) + self.around)

    def minimumSizeHint(self) -> QSize:
        return QSize(400, round(LEAST_TILE + self.around))

    def paint_arrows(self, painter: QPainter) -> None:
        first, last, middle = self.tile(0), self.tile(DETECTORS - 1), self.top + self.side / 2
        for x, to_x in ((self.left.right(), first.left()), (last.right(), self.right.left())):
            end = QPointF(to_x - 5, middle)
            inked(painter, theme().line, 1.3).drawLine(QPointF(x + 4, middle), end)
            inked(painter, fill=theme().line)
            painter.drawPolygon(QPolygonF([end, end + QPointF(-5, -3.5), end + QPointF(-5, 3.5)]))

    def paint_box(self, painter: QPainter, lines: Sequence[Sequence[str]], verdict: tuple[str, str]) -> None:
        """Paint the last neuron: each line in its first wording that fits, and a verdict below in its colour."""
        high = self.fontMetrics().height()
        wide = self.right.width() - 8
        lines = [line for line in lines if self.fitting(wide, *line)]
        box = QRectF(self.right.left(), 0, self.right.width(), (len(lines) + 0.9) * 1.12 * high)
        box.moveTop(max(4.0, self.top + (self.side - box.height() - 1.4 * high) / 2))
        inked(painter, theme().line, fill=theme().field).drawRoundedRect(box, 7, 7)
        room = QRectF(box.left() + 3, box.top() + 0.5 * high, box.width() - 6, 1.12 * high)
        for number, line in enumerate(lines):
            heavy = number in (0, len(lines) - 1)
            shown = self.fitting(wide, *line, heavy=heavy)
            self.write(painter, room, CENTRE, shown, theme().text, cut=False, heavy=heavy)
            room.translate(0, 1.12 * high)
        room.moveTop(box.bottom() + 0.2 * high)
        shown = self.fitting(wide, verdict[0], verdict[0][:1], heavy=True)  # the sign alone
        self.write(painter, room, CENTRE, shown, verdict[1], cut=False, heavy=True)
        painter.setFont(self.font())

    def judged(self, is_right: bool) -> tuple[str, str]:
        return (say("right"), theme().right) if is_right else (say("wrong"), theme().wrong)


_ABOVE = 9.0  # pixels


class LearnedFigure(TileRow):
    """The hidden weights of a 784-4-1 network, and its answer for the digit; hidden until the outcome."""

    def __init__(self) -> None:
        super().__init__(takes_focus=False)
        self.learned: LearnedQuestion | None = None
        self.digit: NDArray[np.uint8] | None = None
        self.is_own = False

    @property
    def around(self) -> float:
        return _ABOVE + 1.5 * self.fontMetrics().height()

    def show_learned(
        self, learned: LearnedQuestion | None, digit: NDArray[np.uint8] | None, *, is_own: bool
    ) -> None:
        is_same = self.digit is not None and digit is not None and np.array_equal(self.digit, digit)
        if learned is self.learned and is_same:
            return  # a stroke of the pen changes nothing here
        self.learned, self.digit, self.is_own = learned, digit, is_own
        self.update()

    @property
    def top(self) -> float:
        return _ABOVE

    def paint(self, painter: QPainter) -> None:
        line = self.fontMetrics().height()
        inked(painter, theme().border).drawLine(QPointF(0, 0.5), QPointF(self.width(), 0.5))
        epochs = "" if self.learned is None else say("epochs", epochs=self.learned.epochs)
        room = QRectF(0, self.top + max(0.0, (self.side - 3.6 * line) / 2), self.words, 1.2 * line)
        for text, heavy in ((say("network"), True), (say("shape"), False), (epochs, False)):
            shown = self.fitting(room.width(), text, heavy=heavy)
            colour = theme().text if heavy else theme().muted
            self.write(painter, room, LEFT, shown, colour, cut=False, heavy=heavy)
            room.translate(0, 1.2 * line)
        self.paint_arrows(painter)
        hidden = None
        if self.learned is not None and self.digit is not None:
            hidden = self.learned.activations(self.digit)
        for number in range(DETECTORS):
            self._paint_tile(painter, number, None if hidden is None else float(hidden[number]))
        if self.learned is None or hidden is None:
            lines = (say("output"),), (say("comes_later"), say("comes_later_short"))
            self.paint_box(painter, lines, ("", theme().muted))
            return
        z = float(hidden @ self.learned.network.weights[1][0] + self.learned.network.biases[1][0])
        a = numbers.number_text(1 / (1 + np.exp(-min(max(z, -60.0), 60.0))), 2)
        came = say("a_yes" if z > 0 else "a_no", a=a), say("yes" if z > 0 else "no")
        z_is = say("z_is", z=numbers.number_text(z, 1, sign=True))
        self.paint_box(painter, ((say("output"),), (z_is,), came), self.judged((z > 0) == self.is_own))

    def _paint_tile(self, painter: QPainter, number: int, a: float | None) -> None:
        tile, line = self.tile(number), self.fontMetrics().height()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self.learned is not None:
            weights = self.learned.network.weights[0][number]
            limit = float(np.quantile(np.abs(weights), 0.99)) or 1.0
            painter.drawImage(tile, weights_image(weights, limit, theme()))
        else:
            inked(painter, fill=theme().field).drawRect(tile)
        inked(painter, theme().line).drawRect(tile)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.learned is None or a is None:
            return
        weight = float(self.learned.network.weights[1][0][number])
        room = QRectF(tile.left() - 3, tile.bottom() + 2, tile.width() + 6, 1.2 * line)
        shown = numbers.number_text(a, 2), numbers.number_text(weight, 1, sign=True)
        text = self.fitting(room.width(), say("times", a=shown[0], weight=shown[1]), shown[1])
        self.write(painter, room, CENTRE, text, theme().yes if weight > 0 else theme().no, cut=False)
