"""The changing lists in the menus: recent files, and recipes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from mnistviz.gui.common.mnemonics import as_it_is
from mnistviz.gui.common.tooltips import explain, set_tooltip
from mnistviz.gui.lab.recipe_book import RecipeBook, RecipeEntry
from mnistviz.gui.window.documents import Documents


class RecentNetworks(QMenu):
    def __init__(self, documents: Documents, parent: QMenu) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("&Recent files"))
        self.setObjectName("recent_menu")
        self.setToolTipsVisible(True)
        self._documents = documents
        self.triggered.connect(self._open)
        documents.recent_changed.connect(self._list)
        self._list()
        parent.addMenu(self)

    def _list(self) -> None:
        self.clear()
        for path in self._documents.recent:
            action = self.addAction(_short(path))
            action.setData(path)
            set_tooltip(action, path)
        self.setEnabled(not self.isEmpty())

    def _open(self, action: QAction) -> None:
        self._documents.open(action.data())


class RecipeMenu(QObject):
    """The recipes by group at the end of `menu`, each with the accuracy that it reaches, the user's own last. `start`
    is called with a recipe's id."""

    def __init__(self, book: RecipeBook, start: Callable[[str], object], menu: QMenu) -> None:
        super().__init__(menu)
        self._book, self._start, self._menu = book, start, menu
        self._end = menu.addSeparator()
        self._group = QActionGroup(self)
        self._group.triggered.connect(self._on_triggered)
        book.changed.connect(self._list)
        self._list()

    def entries(self) -> list[QAction]:
        return [action for action in self._group.actions() if action.data() is not None]

    def _list(self) -> None:
        for action in self._group.actions():
            self._group.removeAction(action)
            action.deleteLater()
        group = ""
        for entry in self._book.entries():
            if entry.group != group:
                group = entry.group
                self._add_heading(entry.heading)
            action = QAction(self._text(entry), self._group)
            tip = self.tr("A recipe of your own. Begins a new run with it.")
            if not entry.own:
                tip = f"{entry.about} {entry.outcome}"
            explain(action, tip)
            action.setData(entry.id)
            self._group.addAction(action)
        self._menu.insertActions(self._end, self._group.actions())

    def _add_heading(self, text: str) -> None:
        heading = QAction(as_it_is(text), self._group)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        heading.setEnabled(False)

    def _text(self, entry: RecipeEntry) -> str:
        title = as_it_is(entry.title)
        reaches = self.tr(", ").join(filter(None, (entry.reaches, entry.seeds)))
        return f"{title}\t{reaches}" if reaches else title

    def _on_triggered(self, action: QAction) -> None:
        self._start(action.data())


def _short(path: str) -> str:
    text = str(Path(path))
    return as_it_is("…" + text[-59:] if len(text) > 60 else text)
