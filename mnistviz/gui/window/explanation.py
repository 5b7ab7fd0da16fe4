"""Why a notice says what it says, in a small window above the line at the bottom."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from mnistviz.gui.common.widgets import describe

_WIDEST = 52  # letters in a line, as one reads easily
_GAP = 6  # pixels between it and what it explains


class Explanation(QFrame):
    """The whole sentence, and below it the explanation. Escape or a click beside it closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # the click that closes it does nothing else
        self.setProperty("role", "explanation")
        self.setObjectName("explanation")
        self._sentence, self._why = QLabel(), QLabel()
        self._sentence.setProperty("role", "cardTitle")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 11, 14, 12)
        column.setSpacing(6)
        for label, name, accessible in (
            (self._sentence, "explained_sentence", self.tr("What is to be seen")),
            (self._why, "why", self.tr("Why it is said")),
        ):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)  # it may name a class of the data set
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            describe(label, name, accessible, self.tr("Escape or a click beside it closes this."))
            column.addWidget(label)

    def explain(self, sentence: str, why: str, above: QWidget) -> None:
        """Opens above a widget, within its window."""
        self._sentence.setText(sentence)
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
