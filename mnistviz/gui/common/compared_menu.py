"""A menu of what can be compared with: for windows that have no room for the list beside the tabs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from mnistviz.gui.common.tooltips import set_tooltip


class ComparedChoice(NamedTuple):
    """An entry: its text, its tooltip, whether it is chosen, and the function that chooses it."""

    words: str
    tip: str
    is_chosen: bool
    choose: Callable[[], object]


class ComparedMenu(QObject):
    """A submenu whose entries are created when it opens."""

    def __init__(self, menu: QMenu, name: str, choices: Callable[[], Iterable[ComparedChoice]]) -> None:
        super().__init__(menu)
        self._choices = choices
        self._menu = menu.addMenu(self.tr("&Compared with"))
        self._menu.setObjectName(name)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self._menu.clear()
        for choice in self._choices():
            action = self._menu.addAction(choice.words)
            action.setCheckable(True)
            action.setChecked(choice.is_chosen)
            set_tooltip(action, choice.tip)
            action.triggered.connect(lambda _on, of=choice: of.choose())
