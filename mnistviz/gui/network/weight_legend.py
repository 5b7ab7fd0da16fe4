"""The legend of a picture of weights."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLocale, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.network.colour_scale import colour_table


class WeightLegend(QWidget):
    """The colour scale in one line: what blue says, the numbers of both ends, what orange says.

    Where there is little room the words go first, then the bar gets shorter.
    """

    _SHORTEST: Final = 36
    _LONGEST: Final = 70

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limit, self._low, self._high = 0.0, "", ""
        describe(
            self,
            name,
            self.tr("Colour scale"),
            self.tr("All units of the layer share these colours; beyond the ends they grow no stronger."),
        )
        self.setProperty("role", "cardNote")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        table = colour_table(theme)[1:]
        self._bar = QImage(table.data, len(table), 1, table.nbytes, QImage.Format.Format_RGB32).copy()
        self.update()

    def show_scale(self, limit: float, learned: bool) -> None:
        """Shows −limit … +limit, of weights or of what was added to them."""
        low = self.tr("fell") if learned else self.tr("says no")
        high = self.tr("rose") if learned else self.tr("says yes")
        if (limit, low, high) != (self._limit, self._low, self._high):
            self._limit, self._low, self._high = limit, low, high
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        words = self.fontMetrics().horizontalAdvance(self._low + self._high) + 16
        return self.minimumSizeHint() + QSize(words + self._LONGEST - self._SHORTEST, 0)

    def minimumSizeHint(self) -> QSize:
        numbers = self.fontMetrics().horizontalAdvance("−0.15+0.15") + 14
        return QSize(numbers + self._SHORTEST, self.fontMetrics().height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        with_words = self.width() >= self.sizeHint().width()
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        area = self.rect()

        def text(words: str, colour: str) -> None:
            painter.setPen(QColor(colour))
            painter.drawText(area, middle, words)
            area.setRight(area.right() - self.fontMetrics().horizontalAdvance(words) - 6)

        limit = QLocale().toString(self._limit, "g", 3)
        if with_words:
            text(self._high, self._theme.text)
        text("+" + limit, self._theme.muted)
        room = area.width() - self.fontMetrics().horizontalAdvance("−" + limit) - 7
        long = self._LONGEST if with_words else min(self._LONGEST, room)
        bar = QRect(area.right() - long + 1, (self.height() - 9) // 2, long, 9)
        painter.drawImage(bar, self._bar)
        painter.setPen(QColor(self._theme.muted))
        painter.drawLine(bar.center().x(), bar.top() - 1, bar.center().x(), bar.bottom() + 1)
        area.setRight(bar.left() - 7)
        text("−" + limit, self._theme.muted)
        if with_words:
            text(self._low, self._theme.text)
