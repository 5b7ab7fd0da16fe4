"""A page of text in its own window."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

MARGIN = 40  # pixels: how much smaller than the window it is, at least
_LOW = 120  # pixels, until the height of the text is known


class TextDialog(QDialog):
    """Shows HTML at its full height, with a button to close it. A subclass may add widgets above the text."""

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
        """Add widgets above the text to the column."""

    def showEvent(self, event: QShowEvent) -> None:
        """Grow until all of the text is visible, as far as the window allows."""
        super().showEvent(event)
        self.column.activate()
        hidden = QSize(0, self.text.verticalScrollBar().maximum())
        self.resize((self.size() + hidden).boundedTo(self._most))
