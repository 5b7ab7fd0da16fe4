"""The two workspaces, Lab and Ideas: which is seen, and which keys are on."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget

from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.arrangement import Arrangement
from mnistviz.gui.window.transport import WorkspaceSwitch
from mnistviz.gui.window.views import IDEAS, Views


class Workspaces(QStackedWidget):
    """Shows one of the two. The keys of the other are off: its actions can't be seen, and Qt turns those off whatever
    else is said of them meanwhile."""

    changed = Signal()

    def __init__(self, arrangement: Arrangement, views: Views, book: ActionBook) -> None:
        super().__init__()
        self.setObjectName("workspaces")
        self._arrangement, self._views, self._book = arrangement, views, book
        self._of: dict[bool, list[QAction]] = {False: [], True: []}  # of the lab, and of the ideas
        self._away: list[QAction] = []
        self.addWidget(arrangement)
        views.when_built(IDEAS.id, self._take_ideas)

    def _take_ideas(self) -> None:
        ideas = self._views[IDEAS]
        self.addWidget(ideas)
        ideas.bar.row.insertWidget(0, WorkspaceSwitch(self._book, "ideas"))
        ideas.lab_wanted.connect(self._book["lab"].trigger)

    @property
    def in_ideas(self) -> bool:
        return self.currentWidget() is not self._arrangement

    def set_actions(self, lab: list[QAction], ideas: list[QAction]) -> None:
        """Tells what belongs to one of them only, once the menus are built."""
        self._of = {False: lab, True: ideas}
        self._turn_off()

    def choose(self, id: str) -> None:
        """Shows "lab" or "ideas"."""
        was, wanted = self.in_ideas, id == "ideas"
        self._book.choose("workspace", id)
        if was == wanted:
            return
        self._book["enlarge"].setChecked(False)
        ideas = self._views[IDEAS]
        if was:
            ideas.end()
        else:
            ideas.begin()
        self.setCurrentWidget(ideas if wanted else self._arrangement)
        self._turn_off()
        self.changed.emit()

    def enlarge(self, on: bool) -> None:
        """Makes the page large, or what has the focus in the lab; or puts all back."""
        (self._views[IDEAS] if self.in_ideas else self._arrangement).enlarge(on)

    def open_tab(self, id: str) -> None:
        """Opens a tab of the lab's lower half."""
        self._arrangement.open_tab(id)

    def _turn_off(self) -> None:
        for action in self._away:
            action.setVisible(True)
        self._away = [action for action in self._of[not self.in_ideas] if action.isVisible()]
        for action in self._away:
            action.setVisible(False)
