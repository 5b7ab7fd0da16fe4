"""The menu bar, made from the table of menus and filled with actions, and with lists that change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from mnistviz.gui.common.widgets import translated
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.actions import MENUS
from mnistviz.gui.window.entries import MenuEntry


class Menus(QObject):
    """Builds the menus of `bar`. `lists` puts what changes into a menu, and keeps it right."""

    def __init__(
        self,
        bar: QMenuBar,
        window: QObject,
        book: ActionBook,
        lists: Mapping[str, Callable[[QMenu], QObject]],
    ) -> None:
        super().__init__(bar)
        self._bar, self._window, self._book, self._make_list = bar, window, book, lists
        self.lists: dict[str, QObject] = {}
        self._lasting: dict[str, list[QAction]] = {}  # by the menu's id: the bar's entry, and all but lists
        for entry in MENUS:
            self._fill(bar.addMenu(translated(entry.text)), entry)

    def _fill(self, menu: QMenu, entry: MenuEntry) -> None:
        menu.setObjectName(f"{entry.id}_menu")
        menu.setToolTipsVisible(True)
        lasting = self._lasting[entry.id] = [menu.menuAction()]
        for item in entry.holds:
            if isinstance(item, MenuEntry):
                self._fill(menu.addMenu(translated(item.text)), item)
            elif item == "-":
                menu.addSeparator()
            elif item.startswith("+"):
                self.lists[item[1:]] = self._make_list[item[1:]](menu)
            else:
                lasting.append(self._action(item))
                menu.addAction(lasting[-1])

    def of(self, ids: Iterable[str]) -> Iterator[QAction]:
        """The menus of these ids, as entries of the bar, and what is in them; but not what lists put there, which they
        take away again."""
        for id in ids:
            yield from self._lasting[id]

    def _action(self, item: str) -> QAction:
        found = attrgetter(item)(self._window) if "." in item else self._book[item]
        assert isinstance(found, QAction)
        return found
