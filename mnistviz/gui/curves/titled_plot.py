"""A plot below a line that says what it shows."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mnistviz.gui.common.shortened_label import ShortenedLabel
from mnistviz.gui.curves.curve_legend import CurveLegend
from mnistviz.gui.curves.plot import Plot

GAP = 8  # pixels


class TitledPlot(QWidget):
    """The line has a title, what is meant by it, and the legend. Where it is short, the explanation goes first."""

    def __init__(self, plot: Plot, legend: CurveLegend) -> None:
        super().__init__()
        self.setObjectName(f"titled_{plot.objectName()}")
        self.title, self.about, self._legend = QLabel(), ShortenedLabel(), legend
        self.title.setProperty("role", "cardTitle")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.about.setProperty("role", "cardNote")
        line = QHBoxLayout()
        line.setSpacing(GAP)
        line.addWidget(self.title)
        line.addWidget(self.about)
        line.addWidget(legend, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(plot, 1)

    def name(self, title: str, *about: str) -> None:
        """Says what is shown; `about` is the same in fewer and fewer words."""
        self.title.setText(title)
        self.about.set_wordings(*about)
        self.fit()

    def fit(self) -> None:
        """Leaves to the explanation what the others do not need: to be called when the legend is another."""
        needed = self.title.sizeHint().width() + self._legend.sizeHint().width() + 2 * GAP
        self.about.setMaximumWidth(max(0, self.width() - needed))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
