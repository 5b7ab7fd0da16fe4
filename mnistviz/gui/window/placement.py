"""Position and size of the window, at first and at the next start; it is never larger than the screen."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.look import Look

MOST = QSize(1440, 900)  # pixels, at the first start
LEAST = QSize(320, 240)  # pixels
FRAME = QMargins(4, 38, 4, 4)  # pixels: an estimate of the window frame before it can be measured


_FILLS = Qt.WindowState.WindowFullScreen | Qt.WindowState.WindowMaximized
_FAR = 100_000  # pixels: beyond any screen


def place_first(window: QWidget) -> None:
    free = _free(window)
    size = free.size().boundedTo(MOST)
    window.resize(size)
    inside = QRect(0, 0, size.width(), size.height())
    window.move(free.center() - inside.center() - QPoint(FRAME.left(), FRAME.top()))  # of the frame


def corner_of(window: QWidget) -> tuple[int, int] | None:
    """Return the upper left corner of a window with its frame, or None if it fills the screen."""
    if window.windowState() & _FILLS:
        return None
    return window.pos().x(), window.pos().y()


def put_back(window: QWidget, geometry: QByteArray, corner: tuple[int, int] | None) -> None:
    """Restore size and position of a window. Qt guesses the height of the title bar and moves a window down from the
    top, so `corner` corrects that."""
    window.restoreGeometry(geometry)
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowFullScreen)
    bring_in(window, window.geometry())
    if corner is None or window.windowState() & _FILLS or max(map(abs, corner)) > _FAR:
        return
    place = QPoint(*corner)
    free = QGuiApplication.screenAt(place)
    near = (window.pos() - place).manhattanLength() < FRAME.top() + FRAME.left()
    if near and free is not None and free.availableGeometry().contains(place):
        window.move(place)


def bring_in(window: QWidget, now: QRect) -> None:
    """Fit a window of geometry `now` into its screen: shrink or enlarge it, and move it in."""
    if window.windowState() & _FILLS:
        return
    free = _free(window)
    size = now.size().expandedTo(LEAST).boundedTo(free.size())
    if size == now.size() and any(screen.geometry().intersects(now) for screen in QGuiApplication.screens()):
        return
    x = min(max(now.x(), free.left()), free.right() + 1 - size.width())
    y = min(max(now.y(), free.top()), free.bottom() + 1 - size.height())
    window.setGeometry(QRect(x, y, size.width(), size.height()))


def fill_screen(window: QWidget, look: Look, on: bool) -> None:
    """Set full screen with larger text, for a class."""
    if on != window.isFullScreen():
        otherwise = window.normalGeometry()  # the desktop may restore it later, and it may not fit
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)
        bring_in(window, otherwise)
    look.fill_screen(on)


def _free(window: QWidget) -> QRect:
    screen = QGuiApplication.screenAt(window.geometry().center()) or QGuiApplication.primaryScreen()
    return screen.availableGeometry().marginsRemoved(FRAME)
