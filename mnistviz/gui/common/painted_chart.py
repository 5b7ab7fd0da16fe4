"""A widget that paints a chart in small print. What it needs for that is made once, and not at each painting."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLineF, QRectF
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.small_print import SmallPrint


class PaintedChart(QWidget):
    """Fonts and places hold until the font or the size of the widget changes."""

    def __init__(self) -> None:
        super().__init__()
        self._print: SmallPrint | None = None
        self._lent_place, self._lent_line = QRectF(), QLineF()

    @property
    def small(self) -> SmallPrint:
        if self._print is None:
            self._print = SmallPrint(self)
        return self._print

    @property
    def line(self) -> float:
        """The height of a line of text, in pixels."""
        return self.small.line

    def forget_places(self) -> None:
        """The places of what is painted are others now: the size or the font has changed."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._print = None
            self.forget_places()
            self.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.forget_places()

    def lend_place(self, left: float, top: float, wide: float, high: float) -> QRectF:
        """A place that holds until the next one is asked for."""
        self._lent_place.setRect(left, top, wide, high)
        return self._lent_place

    def draw_line(self, painter: QPainter, x: float, y: float, to_x: float, to_y: float) -> None:
        self._lent_line.setLine(x, y, to_x, to_y)
        painter.drawLine(self._lent_line)
