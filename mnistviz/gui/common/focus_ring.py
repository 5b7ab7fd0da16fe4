"""A ring around the widget with the keyboard focus, shown once a key has moved the focus there."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget
from shiboken6 import isValid

from mnistviz.gui.common.widgets import restyle

_BY_KEY = Qt.WidgetAttribute.WA_KeyboardFocusChange
"""Qt sets it for a window when Tab, an arrow or a shortcut moves the focus, and clears it at any other move."""


def has_ring(widget: QWidget) -> bool:
    """Return True if a painted widget must show that it has the keyboard focus."""
    return widget.hasFocus() and widget.window().testAttribute(_BY_KEY)


def show_ring(widget: QWidget) -> None:
    """Show the ring on a painted widget from now on, even if a click gave it the focus."""
    if widget.hasFocus() and not has_ring(widget):
        widget.window().setAttribute(_BY_KEY)
        widget.update()


class FocusRing(QObject):
    """Sets the property `ring`, which the style sheet uses, on the widget with the ring. If the program moves the
    focus, the ring moves along. There Space presses a button, and starts no training."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._ringed: QWidget | None = None
        self._by_key = False
        app.focusChanged.connect(self._move)

    def _move(self, before: QWidget | None, now: QWidget | None) -> None:
        if self._ringed is not None and isValid(self._ringed):
            self._ringed.removeEventFilter(self)
            _show(self._ringed, on=False)
        self._ringed = None
        if now is None:
            return
        by_mouse = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        window = now.window()
        self._by_key = window.testAttribute(_BY_KEY) or (self._by_key and not by_mouse)
        window.setAttribute(_BY_KEY, self._by_key)
        if self._by_key:
            self._ringed = now
            now.installEventFilter(self)
            _show(now, on=True)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
            return False
        if event.key() == Qt.Key.Key_Space and isinstance(watched, QAbstractButton | QComboBox):
            event.accept()  # it is no shortcut here
            return True
        return False


def _show(widget: QWidget, *, on: bool) -> None:
    restyle(widget, "ring", on)
    widget.update()
