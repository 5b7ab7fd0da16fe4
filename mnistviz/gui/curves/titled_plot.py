"""A plot below a line that says what it shows."""

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
ABOVE_ROWS = 4  # pixels from the plot to what stands below it


class TitledPlot(QWidget):
    """The line has a title, what is meant by it, and the legend. Where it is short, the explanation goes first, unless
    it is needed."""

    def __init__(self, plot: Plot) -> None:
        super().__init__()
        self.setObjectName(f"titled_{plot.objectName()}")
        self.title, self.about, self.plot = label("cardTitle"), ShortenedLabel(), plot
        self.legend = CurveLegend(plot.theme, self.fit)
        self._needed = 0
        self.picture_entries: tuple[Entry, ...] = ()
        """What stands below the plot in a picture, where nothing else around it says it."""
        self.about.setProperty("role", "cardNote")
        line = row_of(self.title, self.about, (self.legend, 1), spacing=GAP)
        column_of(line, (plot, 1), spacing=2, inside=self)

    def name(self, title: str, *about: str, needed: bool = False) -> None:
        """Says what is shown; `about` is the same in fewer and fewer words, of which the fewest may be `needed`."""
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
        """With what stands below the plot in a picture."""
        rows = len(self._rows)
        return self.size() + QSize(0, rows * self._line + ABOVE_ROWS if rows else 0)

    def paint(self, painter: QPainter) -> None:
        """Paints the same as lines and text, in its own size, and what stands below."""
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
        """What stands below the plot, line by line, with the width of each."""
        return rows_of(self.picture_entries, self.width(), QFontMetricsF(self.legend.font()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
