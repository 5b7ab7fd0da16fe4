"""A ring around what has the keyboard focus, once a key has moved it there: whoever uses the mouse sees none."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from mnistviz.gui.common.widgets import refresh_style

_BY_KEY = Qt.WidgetAttribute.WA_KeyboardFocusChange
"""Qt sets it for a window where Tab, an arrow or a shortcut moves the focus, and clears it at any other move."""


def has_ring(widget: QWidget) -> bool:
    """Whether a widget that paints itself is to show that the keys act on it."""
    return widget.hasFocus() and widget.window().testAttribute(_BY_KEY)


def show_ring(widget: QWidget) -> None:
    """Keys act on a widget that paints itself: it shows so from now on, even where a click gave it the focus."""
    if widget.hasFocus() and not has_ring(widget):
        widget.window().setAttribute(_BY_KEY)
        widget.update()


class FocusRing(QObject):
    """Gives the widget with the ring the property `ring`, by which the style sheet knows it. Where the program moves
    the focus, the ring goes along if there was one."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._ringed: QWidget | None = None
        self._by_key = False
        app.focusChanged.connect(self._move)

    def _move(self, before: QWidget | None, now: QWidget | None) -> None:
        if self._ringed is not None and isValid(self._ringed):
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
            _show(now, on=True)


def _show(widget: QWidget, *, on: bool) -> None:
    widget.setProperty("ring", on)
    refresh_style(widget)
    widget.update()
