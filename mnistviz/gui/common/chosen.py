"""The current choices, which gestures replace and views follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction

from mnistviz.gui.common.choice_rules import follow, restored
from mnistviz.gui.common.choices import Choices
from mnistviz.gui.common.listeners import Listeners
from mnistviz.gui.common.tab_tools import ChoiceActions

_PARTS: Final = tuple(field.name for field in fields(Choices))


class Chosen(QObject):
    """The current choices. A gesture replaces them, and the views are notified."""

    restored = Signal()
    """Emitted before all choices are replaced, so that views discard what they remember. The listeners of each part are
    called next."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.now = Choices()
        self._listeners = Listeners(self)

    def listen(self, part: str, act: Callable[[], object]) -> None:
        """Call `act` whenever a part of the choices changes or all are restored."""
        self._listeners.listen(part, act)

    def choose(self, part: str, **fields: Any) -> None:
        """Replace fields of one part of the choices, and what follows from it."""
        choices = follow(self.now, replace(self.now, **{part: replace(getattr(self.now, part), **fields)}))
        if choices != self.now:
            before, self.now = self.now, choices
            for part in _PARTS:
                if getattr(before, part) != getattr(choices, part):
                    self._listeners.tell(part)

    def restore(self, choices: Choices) -> None:
        """Replace all choices by saved ones."""
        self.restored.emit()
        self.now = replace(choices, window=restored(self.now.window, choices.window))
        for part in _PARTS:
            self._listeners.tell(part)

    def bind(self, control: QAction | ChoiceActions, part: str, field: str) -> None:
        """Bind a control to a field of the choices, in both directions."""
        _Binding(self, control, part, field)


class _Binding(QObject):
    """A control bound to a field of the choices; it is deleted with the control."""

    def __init__(self, chosen: Chosen, control: QAction | ChoiceActions, part: str, field: str) -> None:
        super().__init__(control)
        self._chosen, self._control, self._part, self._field = chosen, control, part, field
        self._show()
        (control.toggled if isinstance(control, QAction) else control.chosen).connect(self._choose)
        chosen.listen(part, self._show)

    def _show(self) -> None:
        value = getattr(getattr(self._chosen.now, self._part), self._field)
        if isinstance(self._control, QAction):
            self._control.setChecked(value)
        else:
            self._control.choose(value)

    def _choose(self, value: object) -> None:
        self._chosen.choose(self._part, **{self._field: value})
