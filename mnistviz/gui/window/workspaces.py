"""The two workspaces, Lab and Ideas: which is shown, and which actions are enabled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QStackedWidget

from mnistviz.gui.common.chosen import Chosen
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.arrangement import Arrangement
from mnistviz.gui.window.transport import WorkspaceSwitch
from mnistviz.gui.window.views import IDEAS, Views

if TYPE_CHECKING:
    from mnistviz.gui.ideas.ideas import Ideas


class Workspaces(QStackedWidget):
    """Shows one of the two. The actions of the other are hidden, as Qt disables the shortcuts of hidden actions."""

    def __init__(
        self,
        arrangement: Arrangement,
        views: Views,
        book: ActionBook,
        chosen: Chosen,
        entered: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setObjectName("workspaces")
        self._arrangement, self._views, self._book = arrangement, views, book
        self._chosen, self._entered = chosen, entered
        self._of: dict[bool, list[QAction]] = {False: [], True: []}  # of the lab, and of the ideas
        self._hidden: list[QAction] = []
        self.addWidget(arrangement)
        chosen.listen("window", self._follow)

    def take_ideas(self, ideas: Ideas) -> None:
        self.addWidget(ideas)
        ideas.bar.row.insertWidget(0, WorkspaceSwitch(self._book, "ideas"))

    @property
    def in_ideas(self) -> bool:
        return self.currentWidget() is not self._arrangement

    def set_actions(self, lab: list[QAction], ideas: list[QAction]) -> None:
        """Set the actions that belong to one of them only, once the menus are built."""
        self._of = {False: lab, True: ideas}
        self._turn_off()

    def _follow(self) -> None:
        was, wanted = self.in_ideas, self._chosen.now.window.workspace == "ideas"
        self._book.choose("workspace", "ideas" if wanted else "lab")
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
        self._entered()

    def enlarge(self, on: bool) -> None:
        (self._views[IDEAS] if self.in_ideas else self._arrangement).enlarge(on)

    def open_tab(self, id: str) -> None:
        self._arrangement.open_tab(id)

    def _turn_off(self) -> None:
        for action in self._hidden:
            action.setVisible(True)
        self._hidden = [action for action in self._of[not self.in_ideas] if action.isVisible()]
        for action in self._hidden:
            action.setVisible(False)
