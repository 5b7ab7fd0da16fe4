"""Where the window is and how large: at first, and at the next start. It is never larger than the screen."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.look import Look

MOST = QSize(1440, 900)  # pixels, at the first start
LEAST = QSize(320, 240)  # pixels
FRAME = QMargins(4, 38, 4, 4)  # pixels: what a desktop's frame takes, before there is one to be measured


_FILLS = Qt.WindowState.WindowFullScreen | Qt.WindowState.WindowMaximized
_FAR = 100_000  # pixels: no screen is there


def place_first(window: QWidget) -> None:
    """As large as is of use, as far as the screen has room, in its middle."""
    free = _free(window)
    size = free.size().boundedTo(MOST)
    window.resize(size)
    inside = QRect(0, 0, size.width(), size.height())
    window.move(
        free.center() - inside.center() - QPoint(FRAME.left(), FRAME.top())
    )  # where its frame will be


def corner_of(window: QWidget) -> tuple[int, int] | None:
    """The upper left corner of a window with its frame; None where it fills the screen."""
    if window.windowState() & _FILLS:
        return None
    return window.pos().x(), window.pos().y()


def put_back(window: QWidget, geometry: QByteArray, corner: tuple[int, int] | None) -> None:
    """Makes a window as large as it was, in its old place. Qt guesses how high its title bar will be and moves a window
    down that stood near the top: its corner says where it was."""
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
    """Makes a window smaller that is `now` larger than its screen, or larger that is next to nothing, and moves one in
    that is off all screens."""
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
    """Full screen with larger text, for a class."""
    if on != window.isFullScreen():
        otherwise = (
            window.normalGeometry()
        )  # the desktop may give it back later, and it may not fit the screen
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)
        bring_in(window, otherwise)
    look.fill_screen(on)


def _free(window: QWidget) -> QRect:
    """Where the window's inside may be on its screen."""
    screen = QGuiApplication.screenAt(window.geometry().center()) or QGuiApplication.primaryScreen()
    return screen.availableGeometry().marginsRemoved(FRAME)
