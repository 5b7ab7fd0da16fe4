"""The box with the values under the cursor of a plot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget

from mnistviz.gui.curves.plot_frame import Frame, beside, room_beside


class Readout(QLabel):
    """Stands beside the cursor, off the points read, at least as wide as its longest word. In a small plot its last
    lines are left out."""

    def __init__(self, plot: QWidget) -> None:
        super().__init__(plot)
        self._plot = plot
        self.setObjectName("readout")
        self.setProperty("role", "cardNote")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_beside(
        self, at: float, text: str, points: Sequence[QPointF], frame: Frame, *, on_top: bool
    ) -> None:
        """Show a text beside the cursor at pixel `at`, with unbroken lines where there is room."""
        plot, lines = self._plot.size(), text.split("\n")
        while True:
            size = self._fitted("\n".join(lines), room_beside(at, plot.width()), plot.width())
            corner, covers = beside(at, size, frame, plot, points, on_top=on_top)
            if len(lines) == 1 or (size.height() <= plot.height() and not covers):
                break
            lines.pop()
        self.setGeometry(QRect(corner, size))
        self.setVisible(bool(text))

    def _fitted(self, text: str, room: int, most: int) -> QSize:
        """Return the size of a text, at most `room` wide unless that cuts off a word."""
        self.setText(text)
        self.setWordWrap(False)
        size = self.sizeHint()
        if size.width() <= room:
            return size
        advance = self.fontMetrics().horizontalAdvance
        frame = size.width() - max(map(advance, text.split("\n")))
        word = max(map(advance, text.replace("\n", " ").split(" ")))  # no-break spaces do not separate words
        if word + frame + 2 > most:
            self.setText(text.replace("\N{NO-BREAK SPACE}", " "))
        self.setWordWrap(True)
        width = min(max(room, word + frame + 2), most)
        return QSize(width, self.heightForWidth(width))
