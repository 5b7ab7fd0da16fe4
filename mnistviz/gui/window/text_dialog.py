"""A page to read, in a window of its own."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

MARGIN = 40  # pixels less than the window above which it opens, at least
_LOW = 120  # pixels, before it is known how much there is


class TextDialog(QDialog):
    """Shows some HTML, as high as that needs, and a button to close it. A subclass may add something above the text."""

    def __init__(self, title: str, html: str, width: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("text_dialog")
        self.setWindowTitle(title)
        self._most = parent.window().size() - QSize(MARGIN, MARGIN)
        self.column = QVBoxLayout(self)
        self._add_above()
        self.text = QTextBrowser()
        self.text.setObjectName("text")
        self.text.setAccessibleName(title)
        self.text.setOpenExternalLinks(True)
        self.text.setHtml(html)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        self.column.addWidget(self.text)
        self.column.addWidget(buttons)
        self.resize(QSize(width, _LOW).boundedTo(self._most))

    def _add_above(self) -> None:
        """Puts what belongs above the text into the column."""

    def showEvent(self, event: QShowEvent) -> None:
        """Grows until all of the text can be seen, or as far as there is room."""
        super().showEvent(event)
        self.column.activate()
        hidden = QSize(0, self.text.verticalScrollBar().maximum())
        self.resize((self.size() + hidden).boundedTo(self._most))
