"""A figure that says what will appear in its place until there is something to see."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget


class WaitingFigure(QWidget):
    """Words, or what was put `inside`."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.waits, self._stack = QLabel(), QStackedWidget()
        self.waits.setProperty("role", "quietText")
        self.waits.setWordWrap(True)
        self.waits.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(self.waits)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    @property
    def has_inside(self) -> bool:
        """Whether what will appear was made yet."""
        return self._stack.count() > 1

    def put_inside(self, figure: QWidget) -> None:
        self._stack.addWidget(figure)

    def show_words(self, words: str) -> None:
        """Says what is still missing; empty to show the figure."""
        self.waits.setText(words)
        self._stack.setCurrentIndex(0 if words else 1)
