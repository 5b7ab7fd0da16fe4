"""A double click as a mouse makes it."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget


def double_click(widget: QWidget, place: QPoint | None = None) -> None:
    """Double-clicks a widget with the left button, in its middle if no place is given.

    `QTest.mouseDClick` leaves the button held.
    """
    place = place or widget.rect().center()
    QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
