"""Ctrl+Z while the line at the bottom offers an undo."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, SignalInstance
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from mnistviz.gui.window.bottom_line import BottomLine


class UndoKey(QObject):
    """Undoes the last command first: while the line offers an undo, Ctrl+Z does that wherever the focus is, until a
    panel with its own undo is used; then the key is for the focused panel. Events are filtered only during an offer, as
    Python would be called for each."""

    def __init__(self, window: QWidget, line: BottomLine, *done_elsewhere: SignalInstance) -> None:
        super().__init__(window)
        self._window, self._line = window, line
        line.undo_offered.connect(self._claim)
        for done in done_elsewhere:
            done.connect(self.let_go)

    def _claim(self) -> None:
        self._window.installEventFilter(self)

    def let_go(self) -> None:
        """Leave the key to the focused panel: something was done elsewhere."""
        self._window.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Handle the keys that no widget, such as a field in use, has accepted."""
        if not self._line.offers_undo:
            self.let_go()
            return False
        if not isinstance(event, QKeyEvent) or not event.matches(QKeySequence.StandardKey.Undo):
            return False
        if event.type() == QEvent.Type.KeyPress:
            self.let_go()
            self._line.take_undo()
        event.accept()  # also a shortcut, so that its key comes here next
        return True
