"""The box that says what the cursor of a plot reads."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget

from mnistviz.gui.curves.plot_frame import Frame, beside, room_beside


class Readout(QLabel):
    """Stands beside the cursor and off the points that are read, as wide as its longest word at least. Lines that a low
    plot has no room for are left out from the end."""

    def __init__(self, plot: QWidget) -> None:
        super().__init__(plot)
        self._plot = plot
        self._fitted: object = None
        self.setObjectName("readout")
        self.setProperty("role", "cardNote")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_beside(
        self, at: float, text: str, points: Sequence[QPointF], frame: Frame, *, on_top: bool
    ) -> None:
        """Shows a text, each line of it whole where there is room, beside the cursor, which is `at` this pixel."""
        plot = self._plot.size()
        fitted = text, plot, room_beside(at, plot.width()), self.font()
        if fitted != self._fitted:
            self._fitted = fitted
            self._fit(text, plot, room_beside(at, plot.width()))
        self.setVisible(bool(text))
        self.move(beside(at, self.size(), frame, plot, points, on_top=on_top))

    def _fit(self, text: str, plot: QSize, room: int) -> None:
        lines = text.split("\n")
        while True:
            self.setText("\n".join(lines))
            self.setWordWrap(False)
            size = self.sizeHint()
            if size.width() > room:
                self.setWordWrap(True)
                width = min(
                    max(room, self._longest_word() + size.width() - self._widest_line()), plot.width()
                )
                size = QSize(width, self.heightForWidth(width))
            if size.height() <= plot.height() or len(lines) == 1:
                break
            lines.pop()
        self.resize(size)

    def _longest_word(self) -> int:
        """What does not break: spaces that may not are within a word."""
        return max(map(self.fontMetrics().horizontalAdvance, self.text().replace("\n", " ").split(" "))) + 2

    def _widest_line(self) -> int:
        return max(map(self.fontMetrics().horizontalAdvance, self.text().split("\n")))
