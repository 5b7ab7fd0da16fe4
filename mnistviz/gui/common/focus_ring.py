"""A ring around the widget with the keyboard focus, shown once a key has moved the focus there."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QScrollArea,
    QWidget,
)
from shiboken6 import isValid

_AROUND: Final = 3  # pixels around a widget, with the ring and the gap to it
_ATTRIBUTE, _EVENT = Qt.WidgetAttribute, QEvent.Type
_MOVES: Final = {_EVENT.Move, _EVENT.Resize, _EVENT.Show, _EVENT.Hide, _EVENT.ZOrderChange}
_BY_KEY = _ATTRIBUTE.WA_KeyboardFocusChange
"""Qt sets it for a window when Tab, an arrow or a shortcut moves the focus, and clears it at any other move."""


def has_ring(widget: QWidget) -> bool:
    """Return True if a painted widget must show where inside it the keys act."""
    return widget.hasFocus() and widget.window().testAttribute(_BY_KEY)


def show_ring(widget: QWidget) -> None:
    """Show the ring around a widget from now on, even if a click gave it the focus."""
    ring = QApplication.instance().findChild(FocusRing)  # type: ignore[union-attr]
    if widget.hasFocus() and not has_ring(widget) and ring is not None:
        widget.window().setAttribute(_BY_KEY)
        ring.move(None, widget)


class FocusFrame(QWidget):
    """The ring: above all else, around its widget, or on the edge of one without room around it.

    It is no `QFocusFrame`: PySide takes the widget of one for its child, and forgets menus and layouts below that
    widget once the frame goes with its dialog.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("focus_frame")
        for attribute in (_ATTRIBUTE.WA_TransparentForMouseEvents, _ATTRIBUTE.WA_StyledBackground):
            self.setAttribute(attribute)
        self.widgets = list[QWidget]()  # the one that it is around, and those around that one

    def set_widget(self, widget: QWidget | None) -> None:
        for each in filter(isValid, self.widgets):
            each.removeEventFilter(self)
        self.widgets = []
        while widget is not None:
            self.widgets.append(widget)
            widget.installEventFilter(self)
            area = widget.parentWidget()
            if widget.isWindow() or (isinstance(area, QAbstractScrollArea) and area.viewport() is widget):
                break
            widget = area
        if len(self.widgets) > 1:
            self.setParent(self.widgets[-1])
        self._place()

    def _place(self) -> None:
        if len(self.widgets) < 2 or not all(map(isValid, self.widgets)) or not self.widgets[0].isVisible():
            self.hide()
            return
        inner, around = self.widgets[0], self.widgets[-1]
        room, widget = around.rect(), QRect(inner.mapTo(around, QPoint(0, 0)), inner.size())
        self.setGeometry(widget.adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND) & room | widget)
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._place()
        return False


class FocusRing(QObject):
    """Moves the ring with the focus; there Space presses a button instead of starting the training."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._ring: FocusFrame | None = None
        self._by_key = False
        app.focusChanged.connect(self.move)

    def move(self, before: QWidget | None, now: QWidget | None) -> None:
        ring = self._ring if self._ring is not None and isValid(self._ring) else None
        if ring is not None:
            ring.set_widget(None)
        if before is not None and isValid(before):
            before.removeEventFilter(self)
            before.update()
        if now is None:
            return
        by_mouse = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        window = now.window()
        self._by_key = window.testAttribute(_BY_KEY) or (self._by_key and not by_mouse)
        window.setAttribute(_BY_KEY, self._by_key)
        if self._by_key:
            if ring is None:  # or it went with a dialog
                ring = self._ring = FocusFrame()
            area = (now.parentWidget() or window).parentWidget()
            ring.set_widget(area if isinstance(area, QScrollArea) and area.widget() is now else now)
            now.update()
            if isinstance(now, QAbstractButton | QComboBox):
                now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_space = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        if not is_space or event.type() != _EVENT.ShortcutOverride:
            return False
        event.accept()  # it is no shortcut here
        return True
