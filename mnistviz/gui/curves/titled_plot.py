"""A plot below a line that describes it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.layouts import column_of, label, row_of
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.shortened_label import ShortenedLabel
from mnistviz.gui.curves.curve_legend import CurveLegend, Entry, paint_entries, rows_of
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.curves.plot_painting import WHOSE

GAP = 8  # pixels
ABOVE_ROWS = 4  # pixels between the plot and the rows below it


class TitledPlot(QWidget):
    """The line has a title, an explanation and the legend. Without room the explanation goes first, unless it is
    needed."""

    def __init__(self, plot: Plot) -> None:
        super().__init__()
        self.setObjectName(f"titled_{plot.objectName()}")
        self.title, self.about, self.plot = label("cardTitle"), ShortenedLabel(), plot
        self.legend = CurveLegend(plot.theme, self.fit)
        self._needed = 0
        self.picture_entries: tuple[Entry, ...] = ()
        """Legend entries below the plot in an exported picture, where nothing around it names them."""
        self.about.setProperty("role", "cardNote")
        line = row_of(self.title, self.about, (self.legend, 1), spacing=GAP)
        column_of(line, (plot, 1), spacing=2, inside=self)

    def name(self, title: str, *about: str, needed: bool = False) -> None:
        """Set title and explanation; `about` are ever shorter texts, of which the shortest may be `needed`."""
        self.title.setText(title)
        self.about.set_wordings(*about)
        self._needed = self.about.fontMetrics().horizontalAdvance(about[-1]) + 1 if needed else 0
        self.fit()

    def fit(self) -> None:
        needed = self.title.sizeHint().width() + self.legend.sizeHint().width() + 2 * GAP
        self.about.setMaximumWidth(max(self._needed, self.width() - needed))
        self.about.setMinimumWidth(self._needed)

    @property
    def picture_size(self) -> QSize:
        """The size of an exported picture, with the rows below the plot."""
        rows = len(self._rows)
        return self.size() + QSize(0, rows * self._line + ABOVE_ROWS if rows else 0)

    def paint(self, painter: QPainter) -> None:
        """Paint title, plot, legend and rows as vectors and text, at their present size."""
        theme = self.plot.theme
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for words, colour in ((self.title, theme.text), (self.about, theme.muted)):
            painter.setFont(words.font())
            painter.setPen(QColor(colour))
            draw_text(painter, QRectF(words.geometry()), left, words.text(), whose=WHOSE)
        painter.setFont(self.legend.font())
        paint_entries(painter, self.legend.entries, theme, QRectF(self.legend.geometry()), WHOSE)
        for number, (entries, width) in enumerate(self._rows):
            top = self.height() + ABOVE_ROWS + number * self._line
            room = QRectF(0, top, width, self._line)
            paint_entries(painter, entries, theme, room, WHOSE)
        painter.translate(self.plot.pos() + self.plot.viewport().pos())
        self.plot.paint(painter)

    @property
    def _line(self) -> int:
        return self.legend.fontMetrics().height() + 2

    @property
    def _rows(self) -> list[tuple[Sequence[Entry], float]]:
        """The rows below the plot, with the width of each."""
        return rows_of(self.picture_entries, self.width(), QFontMetricsF(self.legend.font()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
