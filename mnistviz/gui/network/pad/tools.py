"""The tools of the scratchpad, as buttons in one or more rows."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QGridLayout, QWidget

from mnistviz.gui.common.widgets import ActionButton
from mnistviz.gui.network.card_layout import TOOL, TOOL_GAP
from mnistviz.gui.network.pad.scratchpad import Scratchpad


class Tools(QWidget):
    """A button for each action of the pad."""

    def __init__(self, pad: Scratchpad, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scratchpad_tools")
        self._pad = pad
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(TOOL_GAP)
        self.buttons = [ActionButton(action, self) for action in pad.tool_actions]
        for button in self.buttons:
            button.setFixedSize(TOOL, TOOL)

    def place(self, room: QRect, columns: int) -> None:
        """Puts the buttons there, so many in a row."""
        if columns != self._columns:
            self._columns = columns
            for number, button in enumerate(self.buttons):
                self._grid.addWidget(button, *divmod(number, columns))
            self._grid.setColumnStretch(len(self.buttons), 1)
        self.setGeometry(room)
