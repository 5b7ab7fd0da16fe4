"""A page to read, in a window of its own."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget


class TextDialog(QDialog):
    """Shows some HTML and a button to close it."""

    def __init__(self, title: str, html: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("text_dialog")
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        text = QTextBrowser()
        text.setObjectName("text")
        text.setAccessibleName(title)
        text.setOpenExternalLinks(True)
        text.setHtml(html)
        column.addWidget(text)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)
        self.resize(600, 560)
