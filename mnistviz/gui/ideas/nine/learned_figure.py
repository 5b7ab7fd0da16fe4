"""What a network 784-4-1 learned of the same question, below the painted detectors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from mnistviz.engine.ideas.detectors import DETECTORS, LearnedQuestion
from mnistviz.gui.common import numbers
from mnistviz.gui.common.painted_figure import CENTRE, LEFT, bold, set_ink
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.ideas.nine.nine_words import say
from mnistviz.gui.ideas.nine.tile_row import TilePlaces, TileRow, weights_image

_ABOVE = 9.0  # pixels


class LearnedFigure(TileRow):
    """The weights of a 784-4-1 network's four hidden neurons, and its answer for the digit. Hidden until the outcome is
    shown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, takes_focus=False)
        self.learned: LearnedQuestion | None = None
        self.digit: NDArray[np.uint8] | None = None
        self.is_own = False

    @property
    def around(self) -> float:
        return _ABOVE + 1.5 * self.fontMetrics().height()

    def show_learned(
        self, learned: LearnedQuestion | None, digit: NDArray[np.uint8] | None, *, is_own: bool
    ) -> None:
        """Show a network; None hides it."""
        before = self.digit
        same_digit = before is not None and digit is not None and np.array_equal(before, digit)
        if learned is self.learned and same_digit:
            return  # a stroke of the pen changes nothing here
        self.learned, self.digit, self.is_own = learned, digit, is_own
        self.update()

    def places(self) -> TilePlaces:
        return TilePlaces.fitted(self.width(), self.height() - self.around, _ABOVE)

    def paint(self, painter: QPainter) -> None:
        places, theme, line = self.places(), self.theme, self.fontMetrics().height()
        set_ink(painter, theme.border)
        painter.drawLine(QPointF(0, 0.5), QPointF(self.width(), 0.5))
        wide = places.words
        epochs = "" if self.learned is None else say("epochs", epochs=self.learned.epochs)
        room = QRectF(0, places.top + max(0.0, (places.side - 3.6 * line) / 2), wide, 1.2 * line)
        for number, text in enumerate((say("network"), say("shape"), epochs)):
            painter.setFont(bold(self.font()) if number == 0 else self.font())
            shown = self.fitting(wide, text, heavy=number == 0)
            self.write(painter, room, LEFT, shown, theme.muted if number else theme.text, cut=False)
            room.translate(0, 1.2 * line)
        painter.setFont(self.font())
        self.paint_arrows(painter, places)
        hidden = None
        if self.learned is not None and self.digit is not None:
            hidden = self.learned.activations(self.digit)
        for number in range(DETECTORS):
            self._paint_tile(painter, places, number, None if hidden is None else float(hidden[number]))
        if self.learned is None or hidden is None:
            self.paint_box(painter, places, ((say("output"),), (say("covered"),)), ("", theme.muted))
            return
        z = float(hidden @ self.learned.network.weights[1][0] + self.learned.network.biases[1][0])
        a = numbers.number_text(1 / (1 + np.exp(-min(max(z, -60.0), 60.0))), 2)
        came = say("a_yes" if z > 0 else "a_no", a=a), say("yes" if z > 0 else "no")
        value = say("z_is", z=numbers.number_text(z, 1, sign=True))
        self.paint_box(
            painter, places, ((say("output"),), (value,), came), self.judged((z > 0) == self.is_own)
        )

    def _paint_tile(self, painter: QPainter, places: TilePlaces, number: int, a: float | None) -> None:
        theme, tile, line = self.theme, places.tile(number), self.fontMetrics().height()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        if self.learned is not None:
            painter.drawImage(tile, weights_image(self.learned.network.weights[0][number], theme))
        else:
            set_ink(painter, fill=theme.field)
            painter.drawRect(tile)
        set_ink(painter, theme.line)
        painter.drawRect(tile)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.learned is None or a is None:
            self.write(painter, tile, CENTRE, say("covered"), theme.muted, cut=False)
            return
        weight = float(self.learned.network.weights[1][0][number])
        room = QRectF(tile.left() - 3, tile.bottom() + 2, tile.width() + 6, 1.2 * line)
        shown = numbers.number_text(a, 2), numbers.number_text(weight, 1, sign=True)
        text = self.fitting(room.width(), say("times", a=shown[0], weight=shown[1]), shown[1])
        self.write(painter, room, CENTRE, text, theme.yes if weight > 0 else theme.no, cut=False)
