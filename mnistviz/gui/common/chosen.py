"""The choices of now, which gestures replace and views follow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from mnistviz.gui.common.choice_rules import follow
from mnistviz.gui.common.choices import Choices
from mnistviz.gui.common.tab_tools import ChoiceActions


class Chosen(QObject):
    """Holds the choices of now. A gesture replaces them, and the views follow."""

    changed = Signal()
    restored = Signal()
    """All are to be replaced: what views remember of those before does not count any more. `changed` comes next."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now = Choices()

    def choose(self, part: str, **fields: Any) -> None:
        """Replace fields of one part of the choices, and what follows from it."""
        choices = follow(self.now, replace(self.now, **{part: replace(getattr(self.now, part), **fields)}))
        if choices != self.now:
            self.now = choices
            self.changed.emit()

    def restore(self, choices: Choices) -> None:
        """Replace all choices by those of another time."""
        self.restored.emit()
        self.now = choices
        self.changed.emit()

    def bind_action(self, action: QAction, part: str, field: str) -> None:
        """Tick an action as a field of the choices says, and the other way round."""

        def show() -> None:
            action.setChecked(getattr(getattr(self.now, part), field))

        show()
        action.toggled.connect(lambda on: self.choose(part, **{field: on}))
        self.changed.connect(show)

    def bind_choice(self, choice: ChoiceActions, part: str, field: str) -> None:
        """Choose what a field of the choices says, and the other way round."""

        def show() -> None:
            choice.choose(getattr(getattr(self.now, part), field))

        show()
        choice.chosen.connect(lambda id: self.choose(part, **{field: id}))
        self.changed.connect(show)
