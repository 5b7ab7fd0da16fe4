"""A column beside a figure: as wide as it wishes, and narrower where the figure needs the room."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QSizePolicy


class WishedWidth(QFrame):
    """Between `least` and what it wishes, in pixels."""

    def __init__(self, least: int, wished: int) -> None:
        super().__init__()
        self._wished = wished
        self.setMinimumWidth(least)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    def wish(self, width: int) -> None:
        """Wishes for another width."""
        if width != self._wished:
            self._wished = width
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self._wished, super().sizeHint().height())
