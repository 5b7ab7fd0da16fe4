"""Late views are built soon after the start, so that each tab opens at once."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit

from mnistviz.gui.window.views import Views

PAUSE: Final = 80  # milliseconds between two steps, in which the window handles events


class BuildingAhead(QTimer):
    """Builds the late views one by one, in steps of some ten milliseconds; pauses while the user draws or types."""

    def __init__(self, views: Views, parent: QObject) -> None:
        super().__init__(parent, interval=PAUSE)
        self._steps = views.build_ahead()
        self.timeout.connect(self._go_on)

    def _go_on(self) -> None:
        if _is_busy():
            return
        if next(self._steps, self) is self:
            self.stop()


def _is_busy() -> bool:
    typed = isinstance(QApplication.focusWidget(), QLineEdit | QAbstractSpinBox | QComboBox)
    return typed or QApplication.mouseButtons() != Qt.MouseButton.NoButton
