"""Something in a figure that one takes hold of."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsEllipseItem, QGraphicsSimpleTextItem

from mnistviz.gui.common.theme import Theme

RADIUS = 8.0  # pixels


class Handle(QObject):
    """A place in units, drawn as a disc with perhaps a letter in it. `low` and `high` bound it, `step` is how far an
    arrow moves it (0: a few pixels)."""

    moved = Signal(float, float)  # by the user
    taken, released = Signal(), Signal()
    renewed = Signal()

    def __init__(self, name: str, colour: str, *, letter: str = "", free: str = "xy") -> None:
        super().__init__()
        self.name, self.free, self.step = name, free, 0.0
        self.x = self.y = 0.0
        self.low, self.high = (-1e9, -1e9), (1e9, 1e9)
        self.item = QGraphicsEllipseItem(QRectF(-RADIUS, -RADIUS, 2 * RADIUS, 2 * RADIUS))
        self.item.setZValue(20)
        self._ring = QGraphicsEllipseItem(
            QRectF(-RADIUS - 4, -RADIUS - 4, 2 * RADIUS + 8, 2 * RADIUS + 8), self.item
        )
        self._ring.hide()
        self._letter = QGraphicsSimpleTextItem(letter, self.item)
        self._theme: Theme | None = None
        self.set_colour(colour)

    def set_colour(self, colour: str, edge: str = "#ffffff", text: str = "#ffffff") -> None:
        self.item.setBrush(QColor(colour))
        self.item.setPen(QPen(QColor(edge), 2))
        self._ring.setPen(QPen(QColor(colour), 2))
        self._letter.setBrush(QColor(text))

    def set_letter(self, letter: str) -> None:
        self._letter.setText(letter)
        font = self._letter.font()
        font.setBold(True)
        font.setPixelSize(11)
        self._letter.setFont(font)
        size = self._letter.boundingRect()
        self._letter.setPos(-size.width() / 2, -size.height() / 2)

    def set_theme(self, theme: Theme) -> None:
        """Its edge is of the card's colour, so that it is seen on any line."""
        self._theme = theme
        self.item.setPen(QPen(QColor(theme.card), 2))
        self._letter.setBrush(QColor(theme.card))

    def set_place(self, x: float, y: float) -> None:
        """Puts it somewhere, and tells nobody."""
        self.x, self.y = x, y
        self.renewed.emit()

    def set_visible(self, seen: bool) -> None:
        self.item.setVisible(seen)
        self.renewed.emit()

    def drag(self, x: float, y: float) -> None:
        """The hand moves it, as far as it may go."""
        x = min(max(x, self.low[0]), self.high[0]) if "x" in self.free else self.x
        y = min(max(y, self.low[1]), self.high[1]) if "y" in self.free else self.y
        if (x, y) != (self.x, self.y):
            self.set_place(x, y)
            self.moved.emit(x, y)

    def place(self, pixel: QPointF, focused: bool) -> None:
        """Where the plot draws it, and whether the keys move it."""
        self.item.setPos(pixel)
        self._ring.setVisible(focused)
