"""The base of the figures that are painted by hand: theme, mouse, keys and text."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from mnistviz.gui.common.focus_ring import has_ring, show_ring
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
SMALLEST = 12
"""No text is smaller, in pixels."""
ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
"""How far an arrow goes to the right, and how far down."""
ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def set_ink(
    painter: QPainter,
    line: str | QColor = "",
    width: float = 1.0,
    *,
    fill: str | QColor = "",
    style: Qt.PenStyle = Qt.PenStyle.SolidLine,
) -> None:
    """What is painted next has an edge in the colour `line` and is filled with `fill`, or lacks them."""
    painter.setPen(QPen(QColor(line), width, style) if line else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)


def bold(font: QFont) -> QFont:
    font = QFont(font)
    font.setBold(True)
    return font


class PaintedFigure(QWidget):
    """A figure implements `paint`, and what the mouse and the keys do there. One that tracks the mouse shows a hand
    where it `takes` a press."""

    def __init__(self, theme: Theme, *, takes_focus: bool = True) -> None:
        super().__init__()
        self.theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if takes_focus:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paint(self, painter: QPainter) -> None:
        raise NotImplementedError

    def press(self, at: QPointF) -> None:
        """The left button was pressed at a place."""

    def drag(self, at: QPointF) -> None:
        """The mouse was moved there with the left button down."""

    def release(self, at: QPointF) -> None:
        """The left button was let go there."""

    def takes(self, at: QPointF) -> bool:
        """Whether a press there would do something."""
        return False

    def arrow(self, right: int, down: int) -> bool:
        """Does what an arrow says, which goes a step right or left, down or up; whether it says anything here."""
        return False

    def key(self, key: Qt.Key) -> bool:
        """Does what any other key says; whether it says anything here."""
        return False

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()  # it takes what there is

    # What they paint

    def write(
        self,
        painter: QPainter,
        room: QRectF,
        flags: Qt.AlignmentFlag,
        text: str,
        colour: str,
        *,
        cut: bool = True,
    ) -> None:
        """Paints a line of text; where there is no room it ends in …, if it may be `cut`."""
        painter.setPen(QColor(colour))
        draw_text(painter, room, flags, text, elide=Qt.TextElideMode.ElideRight if cut else None)

    def paint_bar(self, painter: QPainter, track: QRectF, share: float | None, colour: str) -> None:
        """Paints a share, from 0 to 1, of a track; without one the track alone."""
        set_ink(painter, fill=self.theme.track)
        painter.drawRoundedRect(track, 3, 3)
        if share is not None:
            filled = QRectF(track)
            filled.setWidth(max(0.0, min(1.0, share)) * track.width())
            set_ink(painter, fill=colour)
            painter.drawRoundedRect(filled, 3, 3)

    def frame(
        self, painter: QPainter, room: QRectF, radius: float, width: float, *, dashed: bool = False
    ) -> None:
        """Paints a frame that says: here are the keys, or this was chosen."""
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        set_ink(painter, self.theme.accent, width, style=style)
        painter.drawRoundedRect(room, radius, radius)

    def paint_focus(self, painter: QPainter) -> None:
        """Frames the whole figure while it has the keys."""
        if has_ring(self):
            self.frame(painter, QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 1)

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint(painter)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.press(event.position())
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.drag(event.position())
        elif self.hasMouseTracking():
            hand = self.takes(event.position())
            self.setCursor(Qt.CursorShape.PointingHandCursor if hand else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.release(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self.arrow(*ARROWS[key]) if key in ARROWS else self.key(key):
            show_ring(self)
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.updateGeometry()
            self.update()
