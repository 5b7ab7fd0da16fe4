"""The key to a plot's lines, painted in one row; what finds no room is left out from the end."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme

SWATCH, GAP, BETWEEN = 16, 5, 12  # pixels


@dataclass(frozen=True)
class Entry:
    """A name beside a piece of its line; without a style, beside a piece of its band."""

    text: str
    colour: str
    style: Qt.PenStyle | None = Qt.PenStyle.SolidLine


class CurveLegend(QWidget):
    """Shows entries, right-aligned. Its text is also its accessible description."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entries: tuple[Entry, ...] = ()
        self.setProperty("role", "cardNote")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def set_entries(self, theme: Theme, entries: tuple[Entry, ...]) -> None:
        if (theme, entries) == (self._theme, self._entries):
            return
        self._theme, self._entries = theme, entries
        self.setAccessibleDescription(", ".join(entry.text for entry in entries))
        self.updateGeometry()
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths()), self.fontMetrics().height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        widths = self._widths()
        shown = len(widths)
        while shown and sum(widths[:shown]) > self.width():
            shown -= 1
        x, middle = float(self.width() - sum(widths[:shown])), self.height() / 2
        for entry, width in zip(self._entries[:shown], widths, strict=False):
            colour = QColor(entry.colour)
            if entry.style is None:
                colour.setAlphaF(0.45 if self._theme.dark else 0.35)
                painter.fillRect(QRectF(x + SWATCH - 9, middle - 4.5, 9, 9), colour)
            else:
                painter.setPen(QPen(colour, 2, entry.style, Qt.PenCapStyle.FlatCap))
                painter.drawLine(QPointF(x, middle), QPointF(x + SWATCH, middle))
            painter.setPen(QColor(self._theme.muted))
            room = QRectF(x + SWATCH + GAP, 0, width, self.height())
            draw_text(painter, room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, entry.text)
            x += width
        painter.end()

    def _widths(self) -> list[int]:
        metrics = QFontMetrics(self.font())
        return [SWATCH + GAP + metrics.horizontalAdvance(entry.text) + BETWEEN for entry in self._entries]
