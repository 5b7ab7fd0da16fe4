"""The reason for a notice, in a small popup above the line at the bottom."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from mnistviz.gui.common.layouts import column_of
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.common.wrapped import WrappedLabel

_WIDEST = 52  # letters per line, for easy reading
_GAP = 6  # pixels to the widget that it explains


class Explanation(QFrame):
    """A popup with a reason. Escape or a click outside closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # the closing click has no other effect
        self.setProperty("role", "explanation")
        self.setObjectName("explanation")
        self._why = WrappedLabel()
        self._why.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        tip = self.tr("Escape or a click beside it closes this.")
        describe(self._why, "why", self.tr("Why it is said"), tip)
        column_of(self._why, margins=(14, 11, 14, 12), inside=self)

    def explain(self, why: str, above: QWidget) -> None:
        self._why.setText(why)
        self.ensurePolished()
        window = above.window()
        width = min(_WIDEST * self._why.fontMetrics().averageCharWidth(), window.width() - 2 * _GAP)
        self.setFixedWidth(width)
        self.setFixedHeight(self.heightForWidth(width))
        left = min(above.mapTo(window, QPoint()).x(), window.width() - width - _GAP)
        top = above.mapTo(window, QPoint()).y() - self.height() - _GAP
        self.move(window.mapToGlobal(QPoint(max(_GAP, left), max(_GAP, top))))
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
