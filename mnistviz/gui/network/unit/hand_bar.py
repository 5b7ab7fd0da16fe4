"""The line of a unit seen large with what can be done to its weights by hand, and what that does to the digits."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.layouts import column_of, row_of
from mnistviz.gui.common.shortened_label import ShortenedLabel
from mnistviz.gui.common.widgets import ActionPushButton
from mnistviz.gui.network.unit.hand_work import HandWork


class HandBar(QWidget):
    """Buttons for the actions; those for what is tried, and a line that says what it does, are there only then."""

    def __init__(self, work: HandWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self.setProperty("role", "scrolled")
        self.said = ShortenedLabel()
        self.said.setObjectName("by_hand_said")
        self.off = self._button(work.switch_off)
        self.keep, self.put_back = self._button(work.keep), self._button(work.put_back)
        self.digits = self._button(work.show_digits)
        buttons = row_of(self.off, None, self.put_back, self.keep, spacing=4)
        self._line = row_of((self.said, 1), self.digits, spacing=8)
        column_of(buttons, self._line, spacing=4, inside=self)
        work.changed.connect(self.show_state)
        self.show_state()

    @staticmethod
    def _button(action: QAction) -> ActionPushButton:
        button = ActionPushButton(action)
        button.setProperty("role", "option")
        return button

    def show_state(self) -> None:
        """Shows what is tried, and what it does as far as that is known."""
        tries = self._work.tried is not None
        for part in (self.keep, self.put_back, self.said):
            part.setVisible(tries)
        self.digits.setVisible(tries and self._work.bill is not None)
        self.said.set_wordings(*(self._work.said if tries else ()))
