"""A field to edit the name of a run, shown over its lane."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from mnistviz.gui.common.widgets import describe
from mnistviz.gui.lab.kept_runs import LONGEST_NAME


class NameField(QLineEdit):
    """Enter or leaving accepts the name, Escape keeps the old one. An empty name restores the generated one."""

    def __init__(self, parent: QWidget, done: Callable[[str | None], object]) -> None:
        super().__init__(parent)
        self._done = done
        self._too_long = self.tr("A name has {count} letters at most.").format(count=LONGEST_NAME)
        tip = self.tr("A name of up to {count} letters. Enter takes it, Escape keeps the old one.")
        describe(self, "run_name_field", self.tr("Name of the run"), tip.format(count=LONGEST_NAME))
        self.textEdited.connect(self._shorten)
        self.returnPressed.connect(lambda: self._finish(self.text()))
        self.hide()

    def ask(self, name: str, made: str) -> None:
        """Show the field with a name, or with the generated one as a placeholder."""
        self.setText(name)
        self.setPlaceholderText(made if len(made) <= LONGEST_NAME else "")
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _shorten(self, text: str) -> None:
        if len(text) > LONGEST_NAME:
            at = self.cursorPosition()
            self.setText(text[:LONGEST_NAME])
            self.setCursorPosition(min(at, len(self.text())))
            QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), self._too_long, self)

    def _finish(self, text: str | None) -> None:
        if not self.isHidden():
            self.hide()
            self._done(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._finish(None)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:  # its own menu
            self._finish(self.text())
