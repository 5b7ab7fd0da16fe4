"""The changing lists in the menus: recent files, closed runs, earlier sessions and single runs, and recipes."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.tooltips import as_it_is, explain, set_tooltip
from mnistviz.gui.common.widgets import EntryMenu
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.lab.recipe_book import RecipeBook, RecipeEntry
from mnistviz.gui.runs.lane import RunWords
from mnistviz.gui.window.documents import Documents


class RecentNetworks(EntryMenu):
    def __init__(self, documents: Documents, parent: QMenu) -> None:
        super().__init__("recent_menu", tr("&Recent files"), parent)
        self._documents = documents
        documents.recent_changed.connect(self._list)
        self._list()
        parent.addMenu(self)

    def _list(self) -> None:
        self.clear()
        for path in self._documents.recent:
            text = str(Path(path))
            action = self.addAction(as_it_is("…" + text[-59:] if len(text) > 60 else text))
            action.triggered.connect(partial(self._documents.open, path))
            set_tooltip(action, path)
        self.setEnabled(not self.isEmpty())


class ClosedRuns(EntryMenu):
    """A submenu of `parent` with the closed runs, the last closed first."""

    def __init__(self, lab: Lab, parent: QMenu) -> None:
        super().__init__("closed_runs_menu", tr("Open a&gain"), parent)
        self._lab, self._words = lab, RunWords(self)
        lab.listen(ChangeKind.RUNS, self._list)
        self._list()
        parent.addMenu(self)

    def _list(self) -> None:
        self.clear()
        runs = self._lab.runs.reopenable
        tip = tr("Opens the run again, as it was when it was closed.")
        for run in runs:
            title = as_it_is(self._words.title(run, (*self._lab.runs.open, *runs)))
            act = partial(self._lab.runs.reopen, run.number)
            self.add(f"closed_run_{run.letter}_action", title, tip, act)
        if not runs:
            text = tr("None yet: closed runs appear here")
            tip = tr(
                "A closed run can be opened again here. After the next start it is under File, Earlier sessions."
            )
            if self._lab.runs.closed:
                text = tr("None on these digits: open the data set of the closed runs first")
                tip = tr("Closed runs are listed here while their data set is open.")
            self.add("no_closed_run_action", text, tip, enabled=False).setProperty("why_off", tip)


class RecipeMenu(QObject):
    """The recipes by group at the end of `menu`, each with its accuracy, the user's own last; `start` gets an id."""

    def __init__(self, book: RecipeBook, start: Callable[[str], object], menu: QMenu) -> None:
        super().__init__(menu)
        self._book, self._menu = book, menu
        self._end = menu.addSeparator()
        self._group = QActionGroup(self)
        self._group.triggered.connect(lambda action: start(action.data()))
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
            own = tr("A recipe of your own. Begins a new run with it.")
            explain(action, own if entry.own else f"{entry.about} {entry.outcome}")
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
        reaches = tr(", ").join(filter(None, (entry.reaches, entry.seeds)))
        return f"{title}\t{reaches}" if reaches else title
