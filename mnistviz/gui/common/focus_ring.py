"""A ring around the widget with the keyboard focus, shown once a key has moved the focus there."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFocusFrame,
    QProxyStyle,
    QScrollArea,
    QStyle,
    QWidget,
)
from shiboken6 import isValid

_AROUND: Final = 3  # pixels around a widget, with the ring and the gap to it
_MARGINS: Final = (QStyle.PixelMetric.PM_FocusFrameHMargin, QStyle.PixelMetric.PM_FocusFrameVMargin)
_HINTS: Final = {QStyle.StyleHint.SH_FocusFrame_AboveWidget: 1, QStyle.StyleHint.SH_FocusFrame_Mask: 0}
_BY_KEY = Qt.WidgetAttribute.WA_KeyboardFocusChange
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


class _RingStyle(QProxyStyle):
    """Places the ring over all else, around its widget, or on the edge of one without room around it."""

    def pixelMetric(self, metric: QStyle.PixelMetric, *rest: Any) -> int:
        ring = rest[-1] if rest and metric in _MARGINS else None
        if not isinstance(ring, QFocusFrame) or (around := ring.parentWidget()) is None:
            return super().pixelMetric(metric, *rest)
        axis, size, own = _MARGINS.index(metric), around.size(), ring.widget().size()
        before: int = ring.widget().mapTo(around, QPoint(0, 0)).toTuple()[axis]
        return max(0, min(_AROUND, before, (size - own).toTuple()[axis] - before))

    def styleHint(self, hint: QStyle.StyleHint, *rest: Any) -> int:
        return _HINTS[hint] if hint in _HINTS else super().styleHint(hint, *rest)


class _Ring(QFocusFrame):
    """Qt moves it with its widget, and the style sheet paints it."""

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if (widget := self.widget()) is not None and widget.isVisible():
            QTimer.singleShot(0, self, self.show)  # only the style has changed


class FocusRing(QObject):
    """Moves the ring with the focus, also if the program moves that. There Space presses a button, and starts no
    training."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._style = _RingStyle("Fusion")
        self._style.setParent(self)
        self._ring: _Ring | None = None
        self._by_key = False
        app.focusChanged.connect(self.move)

    def move(self, before: QWidget | None, now: QWidget | None) -> None:
        ring = self._ring if self._ring is not None and isValid(self._ring) else None
        if ring is not None:
            ring.setWidget(None)  # type: ignore[arg-type]
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
                ring = self._ring = _Ring()
                ring.setStyle(self._style)
            area = (now.parentWidget() or window).parentWidget()
            ring.setWidget(area if isinstance(area, QScrollArea) and area.widget() is now else now)
            now.update()
            if isinstance(now, QAbstractButton | QComboBox):
                now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
            return False
        if event.key() != Qt.Key.Key_Space:
            return False
        event.accept()  # it is no shortcut here
        return True
