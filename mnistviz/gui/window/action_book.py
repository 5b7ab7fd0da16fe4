"""What the table of actions and menus consists of, and the actions and menus of Qt that are made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, Literal, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from mnistviz.gui.common.tooltips import explain, set_tooltip
from mnistviz.gui.common.widgets import translated
from mnistviz.gui.lab.shown import Shown

P = TypeVar("P")  # the parts of the window, on which actions act
Keys = str | QKeySequence.StandardKey
Workspace = Literal["", "lab", "ideas"]


@dataclass(frozen=True)
class ActionEntry(Generic[P]):
    """An action and what it does: `do` when it is chosen; or it can be ticked, and `switch` gets whether it is."""

    id: str
    text: str
    tip: str
    do: Callable[[P], object] | None = None
    keys: Keys = ""
    switch: Callable[[P, bool], object] | None = None
    enabled: Callable[[Shown], bool] | None = None
    """Whether it can act on what is shown; without this, always."""
    can: Callable[[P], bool] | None = None
    """Whether it can act on what is chosen in a part of the window; without this, always."""
    ticked: Callable[[Shown], bool] | None = None
    """Whether it is ticked, if that follows from what is shown."""
    words: Callable[[Shown], str] | None = None
    """Its text, if that follows from what is shown; where it is empty, `text`."""
    why_off: Callable[[Shown], str] | None = None
    """Why it can't act on what is shown, as its tooltip says it then; empty where it can."""
    past_tip: str = ""
    """Its tooltip while the past is shown, if that is another."""
    short: str = ""
    """Its text on a button."""
    also: str = ""
    """Other keys that do the same, for keyboards that lack the first."""
    group: str = ""
    """Of the actions of a group one is ticked, and it acts when it is chosen. `value` is its name in the group."""
    value: str = ""
    checked: bool = False
    much: bool = False
    """Whether it has the window do much at once, so that nothing learns until that is painted."""
    role: QAction.MenuRole = QAction.MenuRole.TextHeuristicRole
    workspace: Workspace = ""
    """The workspace outside which it is off; without this, that of its menu."""


@dataclass(frozen=True)
class OwnAction(Generic[P]):
    """An action that a view makes itself."""

    find: Callable[[P], QAction]
    workspace: Workspace = ""
    everywhere: bool = False
    """Whether its keys act wherever the focus is in the window, unless one types."""
    view: str = ""
    """The view that makes it, if that is built late: then the menu has it as soon as there is one, or it opens."""


@dataclass(frozen=True)
class MenuList(Generic[P]):
    """Entries of a menu that change: `make` puts them into the menu and keeps them right."""

    make: Callable[[P, QMenu], object]


@dataclass(frozen=True)
class MenuEntry(Generic[P]):
    """A menu and what it holds, in this order. That of a `workspace` is seen there only."""

    id: str
    text: str
    holds: Sequence[MenuItem[P]]
    workspace: Workspace = ""
    view: str = ""
    """The view that makes what it holds, if that is built late."""
    everywhere: bool = False
    """Whether the keys of its actions act in the program's other windows, too."""

    def actions(self) -> Iterator[ActionEntry[P]]:
        """All actions in it and in its submenus."""
        for item in self.holds:
            if isinstance(item, ActionEntry):
                yield item
            elif isinstance(item, MenuEntry):
                yield from item.actions()


MenuItem = ActionEntry[P] | OwnAction[P] | MenuList[P] | MenuEntry[P] | Literal["-"]
"""Something in a menu; "-" is a separator."""


class ActionBook(QObject):
    """The actions of a table of menus, by their ids. They do nothing until they are connected."""

    def __init__(self, menus: Sequence[MenuEntry[Any]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._groups: dict[str, QActionGroup] = {}
        self.entries = {entry.id: entry for menu in menus for entry in menu.actions()}
        self._actions = {
            entry.id: self._make(entry, everywhere=menu.everywhere)
            for menu in menus
            for entry in menu.actions()
        }
        self._tips = {id: entry.tip for id, entry in self.entries.items()}
        self._parts: object = None
        self.show(Shown())

    def __getitem__(self, id: str) -> QAction:
        return self._actions[id]

    def connect_to(self, parts: object, make_way: Callable[[], None]) -> None:
        """Lets each action do to `parts` what the table says, those that do much after `make_way`."""
        self._parts = parts
        for id, entry in self.entries.items():
            signal = self[id].toggled if entry.switch is not None else self[id].triggered
            if entry.much:
                signal.connect(make_way)
            signal.connect(_caller(entry, parts))

    def show(self, shown: Shown) -> None:
        """Says which actions can act on what is shown."""
        for id, entry in self.entries.items():
            why_off = entry.why_off(shown) if entry.why_off is not None else ""
            if entry.enabled is not None or entry.why_off is not None or entry.can is not None:
                can = entry.can is None or (self._parts is not None and entry.can(self._parts))
                self[id].setEnabled(not why_off and can and (entry.enabled is None or entry.enabled(shown)))
            if entry.ticked is not None:
                self[id].setChecked(entry.ticked(shown))
            if entry.words is not None:
                self[id].setText(entry.words(shown) or translated(entry.text))
            tip = why_off or (entry.past_tip if not shown.live else "") or entry.tip
            if tip != self._tips[id]:
                self._tips[id] = tip
                set_tooltip(self[id], translated(tip), self[id].shortcut())

    def reason_off(self, keys: QKeySequence, shown: Shown) -> str:
        """Why the action with these keys can't act on what is shown; empty where it says no reason."""
        for id, entry in self.entries.items():
            if entry.why_off is not None and keys in self[id].shortcuts() and (why := entry.why_off(shown)):
                return translated(why)
        return ""

    def choose(self, group: str, value: str) -> None:
        """Ticks the action of a group that has this value."""
        for id, entry in self.entries.items():
            if entry.group == group:
                self[id].setChecked(entry.value == value)

    def _make(self, entry: ActionEntry[Any], *, everywhere: bool) -> QAction:
        action = QAction(translated(entry.text), self.parent())
        action.setObjectName(f"{entry.id}_action")
        keys = (QKeySequence(entry.keys), QKeySequence(entry.also))
        action.setShortcuts([key for key in keys if not key.isEmpty()])
        if everywhere:
            action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        tip = translated(entry.tip)
        explain(action, tip, action.shortcut())
        if entry.short:
            action.setIconText(translated(entry.short))
        action.setMenuRole(entry.role)
        action.setCheckable(bool(entry.switch or entry.ticked or entry.group))
        action.setChecked(entry.checked)
        if entry.group:
            self._groups.setdefault(entry.group, QActionGroup(self)).addAction(action)
        return action


def _caller(entry: ActionEntry[Any], parts: object) -> Callable[[bool], None]:
    def call(on: bool) -> None:
        if entry.switch is not None:
            entry.switch(parts, on)
        elif entry.do is not None:
            entry.do(parts)

    return call


class LateViews(Protocol):
    """What builds views late."""

    def build(self, id: str) -> object:
        """Builds a view, unless it is there."""


class Menus:
    """Fills a menu bar. `of` has the actions that belong to one workspace only: menus, as entries of the bar, and what
    is in them; but not what changes in them."""

    def __init__(
        self, bar: QMenuBar, menus: Sequence[MenuEntry[P]], parts: P, book: ActionBook, views: LateViews
    ) -> None:
        self.of: dict[Workspace, list[QAction]] = {"": [], "lab": [], "ideas": []}
        self._views = views
        self._late: dict[str, list[Callable[[], object]]] = {}  # what has to wait for a view
        for entry in menus:
            self._make(bar.addMenu(translated(entry.text)), entry, parts, book)

    def _make(self, menu: QMenu, entry: MenuEntry[P], parts: P, book: ActionBook) -> None:
        menu.setObjectName(f"{entry.id}_menu")
        menu.setToolTipsVisible(True)
        self.of[entry.workspace].append(menu.menuAction())
        self._do_with(entry.view, menu, partial(self._fill, menu, entry, parts, book))

    def _do_with(self, view: str, menu: QMenu, do: Callable[[], object]) -> None:
        """Does it at once, or with a late view, when the menu opens at the latest."""
        if not view:
            do()
            return
        menu.aboutToShow.connect(partial(self._views.build, view))
        self._late.setdefault(view, []).append(do)

    def take_view(self, view: str) -> None:
        """Puts in what a late view makes, once it is built."""
        for do in self._late.pop(view, ()):
            do()

    def _fill(self, menu: QMenu, entry: MenuEntry[P], parts: P, book: ActionBook) -> None:
        for item in entry.holds:
            if isinstance(item, MenuEntry):
                self._make(menu.addMenu(translated(item.text)), item, parts, book)
            elif isinstance(item, MenuList):
                item.make(parts, menu)
            elif isinstance(item, str):
                menu.addSeparator()
            elif isinstance(item, OwnAction):
                place = menu.addSeparator() if item.view else None
                self._do_with(item.view, menu, partial(self._put, item, entry, parts, menu, place))
            else:
                self.of[item.workspace or entry.workspace].append(book[item.id])
                menu.addAction(book[item.id])

    def _put(
        self, item: OwnAction[P], entry: MenuEntry[P], parts: P, menu: QMenu, place: QAction | None
    ) -> None:
        action = item.find(parts)
        if item.everywhere:
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.of[item.workspace or entry.workspace].append(action)
        if place is None:
            menu.addAction(action)
        else:
            menu.insertAction(place, action)
            menu.removeAction(place)
