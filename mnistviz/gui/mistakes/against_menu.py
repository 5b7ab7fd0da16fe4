"""What the mistakes can be compared with, as a menu: for windows that have no room for the list beside the tabs."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.mistakes.mistakes_view import Mistakes


class AgainstMenu(QObject):
    """A menu within another one; its entries are made when it opens."""

    def __init__(self, view: Mistakes, menu: QMenu) -> None:
        super().__init__(menu)
        self._view = view
        self._menu = menu.addMenu(self.tr("&Compared with"))
        self._menu.setObjectName("against_menu")
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self._menu.clear()
        for option in self._view.options:
            action = self._menu.addAction(option.words)
            action.setCheckable(True)
            action.setChecked(option.opponent == self._view.against.choice)
            set_tooltip(action, option.tip)
            action.triggered.connect(lambda _on, of=option.opponent: self._view.compare_with(of))
