"""What an entry of the tables of actions and menus is."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence

Keys = str | QKeySequence.StandardKey


@dataclass(frozen=True)
class ActionEntry:
    """An action: `does` is where in the window the method is that it calls, `value` what it calls it with.

    A checkable one calls it with whether it is ticked; of a `group`, one is ticked, and it calls when it is chosen.
    """

    id: str
    text: str
    tip: str
    does: str
    keys: Keys = ""
    value: str = ""
    short: str = ""
    """Its text on a button."""
    also: str = ""
    """Other keys that do the same, for keyboards that lack the first."""
    group: str = ""
    checkable: bool = False
    checked: bool = False
    everywhere: bool = False
    """Whether the keys act in the program's other windows, too."""
    much: bool = False
    """Whether it has the window do much at once, so that nothing learns until that is painted."""
    role: QAction.MenuRole = QAction.MenuRole.TextHeuristicRole


@dataclass(frozen=True)
class MenuEntry:
    """A menu: ids of actions, places of actions of views ("curves.follow_action"), lists that change ("+recent"),
    separators ("-"), and menus."""

    id: str
    text: str
    holds: tuple[str | MenuEntry, ...]
