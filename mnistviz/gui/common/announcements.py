"""What a screen reader is to say at once, politely, as much of it as the user wants; free while no reader listens."""

from typing import Final

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

LEVELS: Final = ("quiet", "normal", "full")
"""Only what answers the user; also what happens by itself, now and then; all of that."""
_LEVEL: Final = "announcements"  # a property of the application


def level() -> str:
    app = QCoreApplication.instance()
    return str((app and app.property(_LEVEL)) or "normal")


def set_level(chosen: str) -> None:
    if (app := QCoreApplication.instance()) is not None:
        app.setProperty(_LEVEL, chosen if chosen in LEVELS else "normal")


def announce(source: QObject, text: str, least: str = "quiet") -> None:
    """Let a reader say a text about `source` if the user wants at least so many announcements."""
    if text and QAccessible.isActive() and LEVELS.index(level()) >= LEVELS.index(least):
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(source, text))
