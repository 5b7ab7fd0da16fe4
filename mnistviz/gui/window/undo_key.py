"""Ctrl+Z where the line at the bottom offers to take something back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, SignalInstance
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from mnistviz.gui.window.bottom_line import BottomLine


class UndoKey(QObject):
    """What was done last is taken back first. While the line offers to take something back, Ctrl+Z does so wherever the
    focus is, until something is done that a panel undoes by itself. Then the key is for the panel with the focus, as it
    is whenever nothing is offered.

    It hears of the keys only as long as there is an offer: Python would be called for each event of the window.
    """

    def __init__(self, window: QWidget, line: BottomLine, *done_elsewhere: SignalInstance) -> None:
        super().__init__(window)
        self._window, self._line = window, line
        line.undo_offered.connect(self._claim)
        for done in done_elsewhere:
            done.connect(self.let_go)

    def _claim(self) -> None:
        self._window.installEventFilter(self)

    def let_go(self) -> None:
        """Leaves the key to the panel with the focus: something was done elsewhere."""
        self._window.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys come here that nobody in the window has taken, as a field does in which one types."""
        if not self._line.offers_undo:
            self.let_go()
            return False
        if not isinstance(event, QKeyEvent) or not event.matches(QKeySequence.StandardKey.Undo):
            return False
        if event.type() == QEvent.Type.KeyPress:
            self.let_go()
            self._line.take_undo()
        event.accept()  # a shortcut, too: its key comes here next
        return True
