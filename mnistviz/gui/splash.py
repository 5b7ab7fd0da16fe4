"""What precedes the window: the application object, and the splash of a slow start. Only Qt is loaded by then."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import PySide6
from PySide6.QtCore import QEvent, QEventLoop, QRect, Qt
from PySide6.QtGui import QFileOpenEvent, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from mnistviz.assets import asset

SLOW: Final = 0.2  # seconds that Qt takes to load; if it takes less, a splash would only flash
_WIDE, _HIGH, _ICON, _ABOVE = 240, 150, 72, 26  # pixels
_SEEN_WITHIN: Final = 0.5  # seconds
_KIND: Final = (
    Qt.WindowType.SplashScreen | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowDoesNotAcceptFocus
)


class Application(QApplication):
    """Opens files that macOS asks for: there a double click is an event, which may come before the window."""

    asked: Path | None = None
    open_file: Callable[[Path], None] | None = None

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent):
            self.asked = Path(event.file())
            if self.open_file is not None:
                self.open_file(self.asked)
        return super().event(event)


def application() -> Application:
    """Return the application object, which is created only once."""
    there = QApplication.instance()
    for plugins in ("plugins", "Qt/plugins"):  # PySide hands its folder to Qt in a list that commas divide
        QApplication.addLibraryPath(str(Path(PySide6.__file__).parent / plugins))
    return there if isinstance(there, Application) else Application(["mnistviz"])  # its name for desktops


def splash_if_slow(begun: float) -> QWidget | None:
    """Show the program's icon and name if the start, `begun` at this time of the monotonic clock, is slow. They never
    take the focus. The caller closes them with `end_splash`."""
    app = application()
    if time.monotonic() - begun < SLOW:
        return None
    splash = QLabel(None, _KIND)  # `QSplashScreen` would wait a second on X11 before it goes on
    splash.setObjectName("splash")
    splash.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    splash.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    splash.setPixmap(_picture(app))
    splash.resize(_WIDE, _HIGH)
    splash.move(app.primaryScreen().availableGeometry().center() - splash.rect().center())
    splash.show()
    _until_seen(splash)
    return splash


def end_splash(splash: QWidget | None, window: QWidget) -> None:
    """Close the splash, if there is one, as soon as the window is visible."""
    if splash is not None:
        _until_seen(window)
        splash.close()


def _until_seen(window: QWidget) -> None:
    """Process events until the window is painted, for a moment at most."""
    end = time.monotonic() + _SEEN_WITHIN
    while not window.windowHandle().isExposed() and time.monotonic() < end:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    QApplication.processEvents()


def _picture(app: QApplication) -> QPixmap:
    colours, ratio = app.palette(), app.devicePixelRatio()
    picture = QPixmap(round(_WIDE * ratio), round(_HIGH * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(colours.window().color())
    with QPainter(picture) as painter:
        painter.setPen(colours.mid().color())
        painter.drawRect(0, 0, _WIDE - 1, _HIGH - 1)
        icon = QRect((_WIDE - _ICON) // 2, _ABOVE, _ICON, _ICON)
        QIcon(str(asset("icons", "mnistviz.svg"))).paint(painter, icon)
        painter.setPen(colours.windowText().color())
        below = QRect(0, icon.bottom(), _WIDE, _HIGH - icon.bottom())
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, "mnistviz")
    return picture
