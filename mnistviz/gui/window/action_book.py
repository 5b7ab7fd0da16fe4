"""The actions of the window, made from their table."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.common.widgets import translated
from mnistviz.gui.window.actions import ACTIONS
from mnistviz.gui.window.entries import ActionEntry


class ActionBook(QObject):
    """The actions of `ACTIONS` by their ids. They do nothing until they are connected."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._groups: dict[str, QActionGroup] = {}
        self._actions = {entry.id: self._make(entry) for entry in ACTIONS}

    def __getitem__(self, id: str) -> QAction:
        return self._actions[id]

    def connect_to(self, window: QObject, make_way: Callable[[], None]) -> None:
        """Lets each action do in `window` what the table says, those that do much after `make_way`."""
        for entry in ACTIONS:
            action, do = self._actions[entry.id], attrgetter(entry.does)(window)
            if entry.much:
                (action.toggled if entry.checkable else action.triggered).connect(make_way)
            if entry.value and entry.checkable:
                action.toggled.connect(_with_tick(do, entry.value))
            elif entry.value:
                action.triggered.connect(_with(do, entry.value))
            else:
                (action.toggled if entry.checkable else action.triggered).connect(do)

    def choose(self, group: str, value: str) -> None:
        """Ticks the action of a group that has this value."""
        for entry in ACTIONS:
            if entry.group == group:
                self._actions[entry.id].setChecked(entry.value == value)

    def hidden_panels(self) -> list[str]:
        """The names of the actions whose panels are hidden."""
        return [action.objectName() for action in self._panels() if not action.isChecked()]

    def hide_panels(self, names: list[Any]) -> None:
        """Hides the panels of the actions of these names, and shows the others."""
        for action in self._panels():
            action.setChecked(action.objectName() not in names)

    def _panels(self) -> list[QAction]:
        return [self._actions[entry.id] for entry in ACTIONS if entry.does == "views.show"]

    def _make(self, entry: ActionEntry) -> QAction:
        action = QAction(translated(entry.text), self.parent())
        action.setObjectName(f"{entry.id}_action")
        keys = (QKeySequence(entry.keys), QKeySequence(entry.also))
        action.setShortcuts([key for key in keys if not key.isEmpty()])
        if entry.everywhere:
            action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        tip = translated(entry.tip)
        set_tooltip(action, tip, action.shortcut())
        action.setWhatsThis(tip)
        if entry.short:
            action.setIconText(translated(entry.short))
        action.setMenuRole(entry.role)
        action.setCheckable(entry.checkable or bool(entry.group))
        action.setChecked(entry.checked)
        if entry.group:
            self._groups.setdefault(entry.group, QActionGroup(self)).addAction(action)
        return action


def _with(do: Callable[[str], object], value: str) -> Callable[[], None]:
    def triggered() -> None:
        do(value)

    return triggered


def _with_tick(do: Callable[[str, bool], object], value: str) -> Callable[[bool], None]:
    def toggled(on: bool) -> None:
        do(value, on)

    return toggled
