"""Every action of the window's own, as data, and the structure of the menus.

A new action is an entry in `ACTIONS`, and its id in `MENUS`. Views have actions of their own, which the menus name by
where they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtGui import QAction, QKeySequence

from mnistviz.marking import QT_TRANSLATE_NOOP

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
    group: str = ""
    checkable: bool = False
    checked: bool = False
    tells_keys: bool = False
    """Whether the tooltip ends with the keys."""
    everywhere: bool = False
    """Whether the keys act in the program's other windows, too."""
    role: QAction.MenuRole = QAction.MenuRole.TextHeuristicRole


@dataclass(frozen=True)
class MenuEntry:
    """A menu: ids of actions, places of actions of views ("curves.follow_action"), lists that change ("+recent"),
    separators ("-"), and menus."""

    id: str
    text: str
    holds: tuple[str | MenuEntry, ...]


_PANEL_TIP: Final = QT_TRANSLATE_NOOP("Actions", "Shows or hides this panel.")
_LOOK_TIP: Final = QT_TRANSLATE_NOOP("Actions", "Chooses light or dark.")

ACTIONS: Final = (
    # File
    ActionEntry(
        "open_network",
        QT_TRANSLATE_NOOP("Actions", "&Open a network …"),
        QT_TRANSLATE_NOOP("Actions", "Opens a saved network and goes on from it in a new run."),
        "documents.ask_open",
        QKeySequence.StandardKey.Open,
    ),
    ActionEntry(
        "save_network",
        QT_TRANSLATE_NOOP("Actions", "&Save the network …"),
        QT_TRANSLATE_NOOP("Actions", "Saves the network as it is at this moment."),
        "steering.save_network",
        QKeySequence.StandardKey.Save,
    ),
    ActionEntry(
        "open_data",
        QT_TRANSLATE_NOOP("Actions", "Open a &data set …"),
        QT_TRANSLATE_NOOP(
            "Actions", "Reads other digits or pictures from a folder with four files in the MNIST format."
        ),
        "data_sets.ask",
        "Ctrl+D",
    ),
    ActionEntry(
        "bundled_data",
        QT_TRANSLATE_NOOP("Actions", "Back to the &bundled MNIST"),
        QT_TRANSLATE_NOOP("Actions", "Reads the digits that came with the program."),
        "data_sets.load_bundled",
    ),
    ActionEntry(
        "quit",
        QT_TRANSLATE_NOOP("Actions", "&Quit"),
        QT_TRANSLATE_NOOP("Actions", "Closes the program. The arrangement and the network are kept."),
        "close",
        QKeySequence.StandardKey.Quit,
        role=QAction.MenuRole.QuitRole,
    ),
    # Run
    ActionEntry(
        "play",
        QT_TRANSLATE_NOOP("Actions", "&Start"),
        QT_TRANSLATE_NOOP("Actions", "Starts or pauses the training."),
        "steering.toggle_play",
        "Space",
        tells_keys=True,
        everywhere=True,
    ),
    ActionEntry(
        "step",
        QT_TRANSLATE_NOOP("Actions", "One &mini-batch"),
        QT_TRANSLATE_NOOP("Actions", "Trains on exactly one mini-batch, then pauses."),
        "steering.step",
        "Ctrl+M",
        short=QT_TRANSLATE_NOOP("Actions", "Mini-batch"),
        tells_keys=True,
    ),
    ActionEntry(
        "epoch",
        QT_TRANSLATE_NOOP("Actions", "One &epoch"),
        QT_TRANSLATE_NOOP("Actions", "Trains to the end of the epoch, then pauses."),
        "steering.finish_epoch",
        "Ctrl+E",
        short=QT_TRANSLATE_NOOP("Actions", "Epoch"),
        tells_keys=True,
    ),
    ActionEntry(
        "slower",
        QT_TRANSLATE_NOOP("Actions", "S&lower"),
        QT_TRANSLATE_NOOP("Actions", "Fewer mini-batches a second."),
        "transport.slower",
        "Ctrl+Left",
        tells_keys=True,
    ),
    ActionEntry(
        "faster",
        QT_TRANSLATE_NOOP("Actions", "&Faster"),
        QT_TRANSLATE_NOOP("Actions", "More mini-batches a second."),
        "transport.faster",
        "Ctrl+Right",
        tells_keys=True,
    ),
    ActionEntry(
        "new",
        QT_TRANSLATE_NOOP("Actions", "&New run"),
        QT_TRANSLATE_NOOP(
            "Actions",
            "Begins again with the start weights of the seed; the last run's curves stay behind the new ones.",
        ),
        "steering.new_run",
        "Ctrl+N",
        short=QT_TRANSLATE_NOOP("Actions", "New run"),
        tells_keys=True,
    ),
    ActionEntry(
        "default_settings",
        QT_TRANSLATE_NOOP("Actions", "&Default settings"),
        QT_TRANSLATE_NOOP("Actions", "Puts every control back to the book's first network."),
        "steering.default_settings",
    ),
    ActionEntry(
        "restore_best",
        QT_TRANSLATE_NOOP("Actions", "Go back to the &best weights"),
        QT_TRANSLATE_NOOP(
            "Actions", "Takes the weights that read the most validation digits at the end of an epoch."
        ),
        "steering.restore_best",
        "Ctrl+B",
    ),
    # View
    ActionEntry(
        "show_controls",
        QT_TRANSLATE_NOOP("Actions", "&Controls"),
        _PANEL_TIP,
        "views.show",
        "Ctrl+1",
        "controls",
        checkable=True,
        checked=True,
    ),
    ActionEntry(
        "show_units",
        QT_TRANSLATE_NOOP("Actions", "&Hidden units"),
        _PANEL_TIP,
        "views.show",
        "Ctrl+2",
        "units",
        checkable=True,
        checked=True,
    ),
    ActionEntry(
        "show_scratchpad",
        QT_TRANSLATE_NOOP("Actions", "&Scratchpad"),
        _PANEL_TIP,
        "views.show",
        "Ctrl+3",
        "scratchpad",
        checkable=True,
        checked=True,
    ),
    ActionEntry(
        "look_system",
        QT_TRANSLATE_NOOP("Actions", "As the &desktop"),
        _LOOK_TIP,
        "look.choose",
        value="system",
        group="look",
    ),
    ActionEntry(
        "look_light",
        QT_TRANSLATE_NOOP("Actions", "&Light"),
        _LOOK_TIP,
        "look.choose",
        value="light",
        group="look",
    ),
    ActionEntry(
        "look_dark",
        QT_TRANSLATE_NOOP("Actions", "D&ark"),
        _LOOK_TIP,
        "look.choose",
        value="dark",
        group="look",
    ),
    ActionEntry(
        "classroom",
        QT_TRANSLATE_NOOP("Actions", "&Full screen, larger text"),
        QT_TRANSLATE_NOOP("Actions", "For a class: fills the screen and enlarges the text."),
        "set_classroom",
        "F11",
        checkable=True,
    ),
    # Help
    ActionEntry(
        "keys",
        QT_TRANSLATE_NOOP("Actions", "&Keys and gestures"),
        QT_TRANSLATE_NOOP("Actions", "Lists every shortcut, and what the mouse does where."),
        "help.show_keys",
        "F1",
    ),
    ActionEntry(
        "show_log",
        QT_TRANSLATE_NOOP("Actions", "Show the &log file"),
        QT_TRANSLATE_NOOP("Actions", "Opens the file to send with a report of a fault."),
        "help.show_log",
    ),
    ActionEntry(
        "about",
        QT_TRANSLATE_NOOP("Actions", "&About mnistviz"),
        QT_TRANSLATE_NOOP("Actions", "Versions and licences."),
        "help.show_about",
        role=QAction.MenuRole.AboutRole,
    ),
)

MENUS: Final = (
    MenuEntry(
        "file",
        QT_TRANSLATE_NOOP("Actions", "&File"),
        ("open_network", "+recent", "save_network", "+earlier_runs", "-", "open_data", "bundled_data", "-", "quit"),
    ),
    MenuEntry(
        "run",
        QT_TRANSLATE_NOOP("Actions", "&Run"),
        ("play", "step", "epoch", "-", "slower", "faster", "-", "new", "default_settings", "restore_best"),
    ),
    MenuEntry(
        "recipes",
        QT_TRANSLATE_NOOP("Actions", "R&ecipes"),
        ("+recipes", "controls.recipes.save_action", "controls.recipes.delete_action"),
    ),
    MenuEntry(
        "draw",
        QT_TRANSLATE_NOOP("Actions", "&Draw"),
        (
            "scratchpad.pad.pen_action",
            "scratchpad.pad.eraser_action",
            "scratchpad.pad.undo_action",
            "scratchpad.pad.redo_action",
            "scratchpad.pad.test_digit_action",
            "scratchpad.pad.clear_action",
        ),
    ),
    MenuEntry(
        "view",
        QT_TRANSLATE_NOOP("Actions", "&View"),
        (
            "show_controls",
            "show_units",
            "show_scratchpad",
            "-",
            "curves.follow_action",
            "curves.log_cost_action",
            "curves.error_scale_action",
            "curves.x_minibatches_action",
            "-",
            MenuEntry(
                "look",
                QT_TRANSLATE_NOOP("Actions", "&Look"),
                ("look_system", "look_light", "look_dark"),
            ),
            "classroom",
        ),
    ),
    MenuEntry(
        "help",
        QT_TRANSLATE_NOOP("Actions", "&Help"),
        ("keys", "help.whats_this_action", "show_log", "-", "about"),
    ),
)  # fmt: skip
