"""Windows beside the main one, and where they are placed."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QWidget

from mnistviz.gui.common.painted_figure import ENTER

GAP: Final = 8  # pixels between the window and what it must not hide


class SideWindow(QFrame):
    """Window in which Escape closes, and Enter presses the button with the focus."""

    def __init__(self, parent: QWidget | None, name: str) -> None:
        super().__init__(parent, Qt.WindowType.Dialog)
        self.setObjectName(name)
        self.setProperty("role", "stage")

    def set_titles(self, title: str, accessible: str, what: str) -> None:
        """Set the title, the accessible name and the What's This text."""
        self.setWindowTitle(title)
        self.setAccessibleName(accessible)
        self.setWhatsThis(what)

    def show_in_front(self) -> None:
        self.show()
        self.raise_()
        self.activateWindow()

    def let_go(self) -> bool:
        """Handle Escape before it closes the window. Return False if it had no effect."""
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focus = QApplication.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            if not self.let_go():
                self.close()
        elif event.key() in ENTER and isinstance(focus, QAbstractButton):
            focus.click()  # the space bar starts and pauses training in this window, too
        else:
            super().keyPressEvent(event)


def place_beside(size: QSize, least: QSize, screen: QRect, window: QRect, card: QRect, tile: QRect) -> QRect:
    """Return a rectangle on `screen` for a new window about `tile`, on the `card` of the main `window`; all are in
    desktop coordinates, and `card` is without its header. It is on the side away from the tile: beside the main window
    if it fits, otherwise over the card and below it, if possible away from the tile's neighbours. It is smaller than
    `size`, down to `least`, only if no place is large enough."""
    leftwards = tile.center().x() > window.center().x()
    left = QRect(screen.topLeft(), QPoint(window.left() - 1, screen.bottom()))
    right = QRect(QPoint(window.right() + 1, screen.top()), screen.bottomRight())
    for room in (left, right) if leftwards else (right, left):
        if _holds(room, size):
            return _in(room, size, room is left, card.top(), screen)
    around = tile.adjusted(-tile.width(), -tile.height(), tile.width(), tile.height())
    rooms: list[tuple[QRect, bool]] = []
    for avoided in (around, tile):
        rooms = _rooms(screen, card.top(), avoided.adjusted(-GAP, -GAP, GAP, GAP), leftwards)
        for wanted in (size, least):
            for room, at_right in rooms:
                if _holds(room, wanted):
                    return _in(room, size.boundedTo(room.size()), at_right, card.top(), screen)
    room, at_right = max(rooms, key=lambda each: each[0].width() * each[0].height())
    return _in(room, size.boundedTo(room.size()), at_right, card.top(), screen)


def _rooms(screen: QRect, top: int, taken: QRect, leftwards: bool) -> list[tuple[QRect, bool]]:
    """Return the parts of a screen beside `taken`, the best first, and whether to align right in each."""
    left = QRect(QPoint(screen.left(), top), QPoint(taken.left() - 1, screen.bottom())) & screen
    right = QRect(QPoint(taken.right() + 1, top), screen.bottomRight()) & screen
    below = QRect(QPoint(screen.left(), taken.bottom() + 1), screen.bottomRight()) & screen
    above = QRect(screen.topLeft(), QPoint(screen.right(), taken.top() - 1)) & screen
    sides = [(left, True), (right, False)]
    return [*(sides if leftwards else reversed(sides)), (below, leftwards), (above, leftwards)]


def _holds(room: QRect, size: QSize) -> bool:
    return room.width() >= size.width() and room.height() >= size.height()


def _in(room: QRect, size: QSize, at_right: bool, top: int, screen: QRect) -> QRect:
    """Return a rectangle of this size in a room, at the height `top` or as close to it as possible."""
    x = room.right() + 1 - size.width() if at_right else room.left()
    return QRect(QPoint(x, min(max(top, room.top()), room.bottom() + 1 - size.height())), size) & screen
