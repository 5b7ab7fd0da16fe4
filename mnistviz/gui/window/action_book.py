"""The entries of the table of actions and menus, and the actions and menus of Qt made from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, Final, Generic, Literal, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QMenuBar

from mnistviz.gui.common.texts import translated
from mnistviz.gui.common.tooltips import explain, set_tooltip
from mnistviz.gui.common.widgets import EntryMenu
from mnistviz.gui.lab.shown import Shown

P = TypeVar("P")  # the parts of the window that actions act on
Keys = str | QKeySequence.StandardKey
Workspace = Literal["", "lab", "ideas"]
_WHY_OFF: Final = "why_off"  # a property of actions


class Need(Struct, Generic[P], frozen=True):
    """What an action needs of what is shown, or of a part of the window, and `why` it is off without that."""

    why: str
    holds: Callable[[Shown], bool] | None = None
    can: Callable[[P], bool] | None = None

    def is_met(self, shown: Shown, parts: P | None) -> bool:
        can = self.can is None or (parts is not None and self.can(parts))
        return can and (self.holds is None or self.holds(shown))


class ActionEntry(Struct, Generic[P], frozen=True):
    """An action of the table: `do` is called when it is triggered, or `switch` with its state when it is toggled."""

    id: str
    text: str
    tip: str
    do: Callable[[P], object] | None = None
    keys: Keys = ""
    switch: Callable[[P, bool], object] | None = None
    needs: Sequence[Need[P]] = ()
    ticked: Callable[[Shown], bool] | None = None  # whether it is checked, if that depends on what is shown
    chosen: Callable[[P], bool] | None = None  # whether it is checked, if that depends on what is chosen
    words: Callable[[Shown], str] | None = None
    """Its text, if that depends on what is shown; if that is empty, `text`."""
    past_tip: str = ""  # its tooltip while the past is shown, if that differs
    short: str = ""  # its text on a button
    also: str = ""  # a second shortcut, for keyboards that lack the first
    group: str = ""  # the exclusive group that it belongs to; `value` is its name there
    value: str = ""
    checked: bool = False
    much: bool = False
    """Whether it makes the window busy for long, so that training yields until that is painted."""
    role: QAction.MenuRole = QAction.MenuRole.TextHeuristicRole
    workspace: Workspace = ""  # the only workspace that it is enabled in; without this, that of its menu
    everywhere: bool | None = None
    """Whether its keys work in the other windows of the program, too; without this, as its menu says."""


class OwnActions(Struct, Generic[P], frozen=True):
    """Actions that a view creates itself."""

    find: Callable[[P], Iterable[QAction]]
    workspace: Workspace = ""
    everywhere: bool = False
    """Whether their shortcuts work everywhere in the window, except while the user types."""
    why_off: str = ""  # why each of them may be off
    view: str = ""
    """The view that creates them, if that is built late: the menu gets them with the view, or when it opens."""


class MenuList(Struct, Generic[P], frozen=True):
    """Menu entries that change: `make` adds them to the menu and keeps them up to date."""

    make: Callable[[P, QMenu], object]


class MenuEntry(Struct, Generic[P], frozen=True):
    """A menu and its entries, in this order. That of a `workspace` is visible only there."""

    id: str
    text: str
    holds: Sequence[MenuItem[P]]
    workspace: Workspace = ""
    view: str = ""  # the view that creates its entries, if that is built late
    everywhere: bool = False  # whether its shortcuts work in the other windows of the program, too

    def actions(self) -> Iterator[ActionEntry[P]]:
        for item in self.holds:
            if isinstance(item, ActionEntry):
                yield item
            elif isinstance(item, MenuEntry):
                yield from item.actions()


MenuItem = ActionEntry[P] | OwnActions[P] | MenuList[P] | MenuEntry[P] | Literal["-"]
"""An entry of a menu; "-" is a separator."""


class ActionBook(QObject):
    """The actions of a table of menus by id, without effect until they are connected."""

    def __init__(self, menus: Sequence[MenuEntry[Any]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._groups: dict[str, QActionGroup] = {}
        self.entries = {entry.id: entry for menu in menus for entry in menu.actions()}
        self._actions = {
            entry.id: self._make(entry, menu.everywhere if entry.everywhere is None else entry.everywhere)
            for menu in menus
            for entry in menu.actions()
        }
        self._varying = [
            entry
            for entry in self.entries.values()
            if entry.needs or entry.ticked or entry.chosen or entry.words or entry.past_tip
        ]
        self._tips = {entry.id: entry.tip for entry in self._varying}
        self._parts: object = None
        self.show(Shown())

    def __getitem__(self, id: str) -> QAction:
        return self._actions[id]

    def connect_to(self, parts: object, yield_cpu: Callable[[], None]) -> None:
        self._parts = parts
        for id, entry in self.entries.items():
            signal = self[id].toggled if entry.switch is not None else self[id].triggered
            if entry.much:
                signal.connect(yield_cpu)
            act: Callable[..., object] | None = entry.switch or entry.do
            assert act is not None
            signal.connect(partial(act, parts))

    def show(self, shown: Shown) -> None:
        """Update the actions' state, text and tooltip to what is shown."""
        for entry in self._varying:
            action, why_off = self[entry.id], self.why_off(entry.id, shown)
            if entry.needs:
                action.setEnabled(not why_off)
            if entry.ticked is not None:
                action.setChecked(entry.ticked(shown))
            if entry.chosen is not None and self._parts is not None:
                action.setChecked(entry.chosen(self._parts))
            if entry.words is not None:
                action.setText(entry.words(shown) or translated(entry.text))
            tip = why_off or (entry.past_tip if not shown.live else "") or entry.tip
            if tip != self._tips[entry.id]:
                self._tips[entry.id] = tip
                set_tooltip(action, translated(tip), action.shortcut())

    def reason_off(self, keys: QKeySequence, shown: Shown) -> str:
        """Return why the action with these keys cannot act on what is shown, or an empty text."""
        reasons = (self.why_off(id, shown) for id in self.entries if keys in self[id].shortcuts())
        return translated(next(filter(None, reasons), ""))

    def reason(self, action: QAction, shown: Shown) -> str:
        """Return why an action of a menu is off, or an empty text if that is not known."""
        id = action.objectName().removesuffix("_action")
        own: str = action.property(_WHY_OFF) or ""
        return translated(self.why_off(id, shown) if id in self.entries else own)

    def why_off(self, id: str, shown: Shown) -> str:
        """Return why an action cannot act on what is shown, untranslated, or an empty text."""
        needs = self.entries[id].needs
        return next((need.why for need in needs if not need.is_met(shown, self._parts)), "")

    def choose(self, group: str, value: str) -> None:
        for id, entry in self.entries.items():
            if entry.group == group:
                self[id].setChecked(entry.value == value)

    def _make(self, entry: ActionEntry[Any], everywhere: bool) -> QAction:
        action = QAction(translated(entry.text), self.parent())
        action.setObjectName(f"{entry.id}_action")
        keys = (QKeySequence(entry.keys), QKeySequence(entry.also))
        action.setShortcuts([key for key in keys if not key.isEmpty()])
        if everywhere:
            action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
        explain(action, translated(entry.tip), action.shortcut())
        if entry.short:
            action.setIconText(translated(entry.short))
        action.setMenuRole(entry.role)
        action.setCheckable(bool(entry.switch or entry.ticked or entry.chosen or entry.group))
        action.setChecked(entry.checked)
        if entry.group:
            self._groups.setdefault(entry.group, QActionGroup(self)).addAction(action)
        return action


class LateViews(Protocol):
    def build(self, id: str) -> object:
        """Build a view unless it exists."""


class Menus:
    """Fills a menu bar. `of` has the menus and actions by their workspace, without entries that change."""

    def __init__(
        self, bar: QMenuBar, menus: Sequence[MenuEntry[P]], parts: P, book: ActionBook, views: LateViews
    ) -> None:
        self.of: dict[Workspace, list[QAction]] = {"": [], "lab": [], "ideas": []}
        self._views = views
        self._late: dict[str, list[Callable[[], object]]] = {}  # what waits for a view, by its id
        for entry in menus:
            self._make(bar, entry, parts, book)
        if not bar.isNativeMenuBar():
            QShortcut("F10", bar, lambda: bar.setActiveAction(bar.actions()[0]))

    def _make(self, of: QMenuBar | QMenu, entry: MenuEntry[P], parts: P, book: ActionBook) -> None:
        menu = EntryMenu(f"{entry.id}_menu", translated(entry.text), of)
        of.addMenu(menu)
        self.of[entry.workspace].append(menu.menuAction())
        self._do_with(entry.view, menu, partial(self._fill, menu, entry, parts, book))

    def _do_with(self, view: str, menu: QMenu, do: Callable[[], object]) -> None:
        """Call `do` at once, or once its late view is built, at the latest when the menu opens."""
        if not view:
            do()
            return
        menu.aboutToShow.connect(partial(self._views.build, view))
        self._late.setdefault(view, []).append(do)

    def take_view(self, view: str) -> None:
        for do in self._late.pop(view, ()):
            do()

    def _fill(self, menu: QMenu, entry: MenuEntry[P], parts: P, book: ActionBook) -> None:
        for item in entry.holds:
            if isinstance(item, MenuEntry):
                item = replace(item, workspace=item.workspace or entry.workspace)
                self._make(menu, item, parts, book)
            elif isinstance(item, MenuList):
                item.make(parts, menu)
            elif isinstance(item, str):
                menu.addSeparator()
            elif isinstance(item, OwnActions):
                place = menu.addSeparator() if item.view else None
                self._do_with(item.view, menu, partial(self._put, item, entry, parts, menu, place))
            else:
                self.of[item.workspace or entry.workspace].append(book[item.id])
                menu.addAction(book[item.id])

    def _put(
        self, item: OwnActions[P], entry: MenuEntry[P], parts: P, menu: QMenu, place: QAction | None
    ) -> None:
        actions = list(item.find(parts))
        for action in actions:
            action.setProperty(_WHY_OFF, item.why_off)
            if item.everywhere:
                action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self.of[item.workspace or entry.workspace] += actions
        if place is None:
            menu.addActions(actions)
        else:
            menu.insertActions(place, actions)
            menu.removeAction(place)
