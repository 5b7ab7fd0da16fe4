"""The actions of the workspaces and of the ideas, as data: a part of the tables of `actions.py`."""

from __future__ import annotations

from typing import Final

from mnistviz.gui.window.entries import ActionEntry, MenuEntry
from mnistviz.marking import QT_TRANSLATE_NOOP

WORKSPACE_ACTIONS: Final = (
    ActionEntry(
        "lab",
        QT_TRANSLATE_NOOP("sentences", "La&b"),
        QT_TRANSLATE_NOOP("sentences", "The network that learns, and all that it shows."),
        "workspaces.choose",
        "Ctrl+1",
        value="lab",
        group="workspace",
        much=True,
    ),
    ActionEntry(
        "ideas",
        QT_TRANSLATE_NOOP("sentences", "&Ideas"),
        QT_TRANSLATE_NOOP("sentences", "The ideas behind the network, each something to try for a minute."),
        "workspaces.choose",
        "Ctrl+2",
        value="ideas",
        group="workspace",
        much=True,
    ),
)

IDEA_ACTIONS: Final = (
    ActionEntry(
        "idea_main",
        QT_TRANSLATE_NOOP("sentences", "Press the page's &main button"),
        QT_TRANSLATE_NOOP("sentences", "Does what the button under the figure says."),
        "ideas.press_main",
        "Space",
    ),
    ActionEntry(
        "idea_back",
        QT_TRANSLATE_NOOP("sentences", "Put the page &back"),
        QT_TRANSLATE_NOOP(
            "sentences", "Puts the page back to how it opened; what you have done stays ticked."
        ),
        "ideas.put_back",
        "R",
    ),
    ActionEntry(
        "idea_show_me",
        QT_TRANSLATE_NOOP("sentences", "&Show me"),
        QT_TRANSLATE_NOOP("sentences", "Does for you what is asked, so that you can look at it."),
        "ideas.show_me",
    ),
    ActionEntry(
        "idea_previous",
        QT_TRANSLATE_NOOP("sentences", "&Previous page"),
        QT_TRANSLATE_NOOP("sentences", "Opens the page before this one."),
        "ideas.previous",
        "Alt+Left",
    ),
    ActionEntry(
        "idea_next",
        QT_TRANSLATE_NOOP("sentences", "&Next page"),
        QT_TRANSLATE_NOOP("sentences", "Opens the page after this one."),
        "ideas.next",
        "Alt+Right",
    ),
)

IDEAS_MENU: Final = MenuEntry(
    "ideas",
    QT_TRANSLATE_NOOP("sentences", "&Ideas"),
    ("idea_main", "idea_back", "idea_show_me", "-", "idea_previous", "idea_next"),
)

LAB_MENUS: Final = ("run", "runs", "time", "recipes", "draw")
"""Menus that are not seen, and whose actions are off, while the ideas are open."""
IDEAS_MENUS: Final = ("ideas",)
"""And while the lab is."""
LAB_ACTIONS: Final = (
    "show_controls",
    "curves.follow_action",
    "curves.log_cost_action",
    "curves.error_scale_action",
    "curves.x_minibatches_action",
)
"""What else is off while the ideas are open, of menus that are always seen."""
