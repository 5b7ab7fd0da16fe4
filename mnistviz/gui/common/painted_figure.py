"""The base of all painted widgets: theme, mouse, keys, small print, text and tooltips."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from mnistviz.gui.common.focus_ring import show_ring
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.tooltips import tooltip
from mnistviz.gui.common.widgets import demi_bold, describe, small_font


class SmallPrint:
    """A plain and a bold font, cached by a widget until its own changes: creating them takes longer than painting."""

    def __init__(self, widget: QWidget, pixels: int = 0) -> None:
        """Create the small print of a widget, or, for little room, with letters of so many `pixels`."""
        self.plain = sized(small_font(widget), pixels) if pixels else small_font(widget)
        self.bold = demi_bold(self.plain)
        self._plain, self._bold = QFontMetricsF(self.plain, widget), QFontMetricsF(self.bold, widget)
        self.line = self._plain.height()

    def advance(self, text: str, *, bold: bool = False) -> float:
        return (self._bold if bold else self._plain).horizontalAdvance(text)

    def fitting(self, texts: Sequence[str], wide: float, *, bold: bool = False) -> str:
        """Return the first text that fits into so many pixels, or an empty one."""
        return next((text for text in texts if self.advance(text, bold=bold) <= wide), "")


LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_OTHERS: Final = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


def place_after(key: Qt.Key, at: int, last: int) -> int | None:
    """Return where Left, Right, Home or End leads from place `at` of 0 to `last`; None for another key or no place."""
    goals = {Qt.Key.Key_Left: at - 1, Qt.Key.Key_Right: at + 1, Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
    return min(max(goals[key], 0), last) if key in goals and last >= 0 else None


def inked(
    painter: QPainter,
    line: str | QColor = "",
    width: float = 1.0,
    *,
    fill: str | QColor = "",
    style: Qt.PenStyle = Qt.PenStyle.SolidLine,
) -> QPainter:
    """Return the painter with a pen of the colour `line` and a brush of `fill`; an empty colour means none."""
    painter.setPen(QPen(QColor(line), width, style) if line else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    return painter


def bold(font: QFont) -> QFont:
    font = QFont(font)
    font.setBold(True)
    return font


def sized(font: QFont, pixels: int) -> QFont:
    font = QFont(font)
    font.setPixelSize(pixels)
    return font


def draw_upright(painter: QPainter, middle: QPointF, long: float, text: str) -> None:
    """Paint a line of text from the bottom up, in a room that is so `long` around its middle."""
    painter.save()
    painter.translate(middle)
    painter.rotate(-90)
    line = painter.fontMetrics().height()
    draw_text(painter, QRectF(-long / 2, -line / 2, long, line), CENTRE, text)
    painter.restore()


class PaintedFigure(QWidget):
    """A figure implements `paint`, and the reactions to mouse and keys. If it tracks the mouse, it shows a hand where
    it `takes` a press. Fonts and places are cached until the font or the size changes."""

    def __init__(
        self, name: str = "", accessible: str = "", what: str = "", *, takes_focus: bool = True
    ) -> None:
        """Create the widget; `what` is its What's This text."""
        super().__init__()
        self._print: SmallPrint | None = None
        self._lent_place, self._lent_line = QRectF(), QLineF()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        if name:
            describe(self, name, accessible, "")
            self.setWhatsThis(what)
        if takes_focus:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paint(self, painter: QPainter) -> None:
        raise NotImplementedError

    def press(self, at: QPointF) -> None:
        """Handle a press of the left button."""

    def drag(self, at: QPointF) -> None:
        """Handle a move with the left button down."""

    def release(self, at: QPointF) -> None:
        """Handle the release of the left button."""

    def hover(self, at: QPointF | None) -> None:
        """Handle a move without a button, or None when the mouse leaves; only if the figure tracks the mouse."""

    def takes(self, at: QPointF) -> bool:
        """Return True if a press there has an effect."""
        return False

    def shape_at(self, at: QPointF) -> Qt.CursorShape:
        """Return the shape of the cursor there, if the figure tracks the mouse."""
        return Qt.CursorShape.PointingHandCursor if self.takes(at) else Qt.CursorShape.ArrowCursor

    def tooltip_at(self, at: QPointF) -> str | None:
        """Return the tooltip of a place; "" for none there, None for that of the whole figure."""
        return None

    def tell(self, told: str) -> None:
        """Set the accessible description, and repaint."""
        self.setAccessibleDescription(told)
        self.update()

    def forget_places(self) -> None:
        """Discard cached places after the size or the font has changed."""

    def arrow(self, right: int, down: int) -> bool:
        """Handle an arrow key as a step to the right and down, of −1, 0 or 1. Return True if it was used."""
        return False

    def key(self, key: Qt.Key) -> bool:
        """Handle any other key, or an arrow that was not used. Return True if it was used."""
        return False

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()  # it takes the available room

    @property
    def small(self) -> SmallPrint:
        if self._print is None:
            self._print = SmallPrint(self)
        return self._print

    @property
    def line(self) -> float:
        return self.small.line

    def lend_place(self, left: float, top: float, wide: float, high: float) -> QRectF:
        """Return a shared rectangle that is valid until the next call."""
        self._lent_place.setRect(left, top, wide, high)
        return self._lent_place

    def draw_line(
        self, painter: QPainter, x: float, y: float, to_x: float, to_y: float, ink: QPen | None = None
    ) -> None:
        if ink is not None:
            painter.setPen(ink)
        self._lent_line.setLine(x, y, to_x, to_y)
        painter.drawLine(self._lent_line)

    def write(
        self,
        painter: QPainter,
        room: QRectF,
        flags: Qt.AlignmentFlag,
        text: str,
        colour: str,
        *,
        cut: bool = True,
        heavy: bool | None = None,
    ) -> None:
        """Paint a line of text; one too long may be `cut` to end in …. `heavy` makes the painter's font bold or not."""
        if heavy is not None:
            font = painter.font()
            font.setBold(heavy)
            painter.setFont(font)
        draw_text(painter, room, flags, text, ink=colour, elide=Qt.TextElideMode.ElideRight if cut else None)

    def wide(self, text: str, *, heavy: bool = False) -> float:
        """Return the width of a text in the widget's own font."""
        return QFontMetricsF(bold(self.font()) if heavy else self.font()).horizontalAdvance(text)

    def fitting(self, room: float, *wordings: str, heavy: bool = False) -> str:
        """Return the first wording that fits into so many pixels in the widget's own font, or ""."""
        return next((each for each in wordings if self.wide(each, heavy=heavy) <= room), "")

    def paint_bar(self, painter: QPainter, track: QRectF, share: float | None, colour: str) -> None:
        """Paint a share, 0 to 1, of a track, or the track alone."""
        inked(painter, fill=theme().track).drawRoundedRect(track, 3, 3)
        if share is not None:
            filled = QRectF(track)
            filled.setWidth(max(0.0, min(1.0, share)) * track.width())
            inked(painter, fill=colour).drawRoundedRect(filled, 3, 3)

    def frame(
        self, painter: QPainter, room: QRectF, radius: float, width: float, *, dashed: bool = False
    ) -> None:
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        inked(painter, theme().accent, width, style=style).drawRoundedRect(room, radius, radius)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.paint(painter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.press(event.position())
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.drag(event.position())
        elif self.hasMouseTracking():
            self.hover(event.position())
            self.setCursor(self.shape_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if self.hasMouseTracking():
            self.hover(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.release(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, is_other = Qt.Key(event.key()), bool(event.modifiers() & _OTHERS)
        if not is_other and ((key in ARROWS and self.arrow(*ARROWS[key])) or self.key(key)):
            show_ring(self)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            told = self.tooltip_at(QPointF(event.pos()))
            if told is not None:
                QToolTip.showText(event.globalPos(), tooltip(told) if told else "", self)
                return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._print = None
            self.forget_places()
            self.updateGeometry()
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.forget_places()
