"""Every action of the window's own, as data, and the structure of the menus.

A new action is an entry in `ACTIONS`, and its id in `MENUS`. Views have actions of their own, which the menus name by
where they are.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QAction, QKeySequence

from mnistviz.gui.window.entries import ActionEntry, MenuEntry
from mnistviz.gui.window.export_actions import EXPORT_ACTIONS, EXPORT_MENU
from mnistviz.gui.window.idea_actions import IDEA_ACTIONS, IDEAS_MENU, WORKSPACE_ACTIONS
from mnistviz.gui.window.run_actions import RUN_ACTIONS, RUNS_MENU
from mnistviz.gui.window.time_actions import TIME_ACTIONS, TIME_MENU
from mnistviz.marking import QT_TRANSLATE_NOOP

_LOOK_TIP: Final = QT_TRANSLATE_NOOP("sentences", "Chooses light or dark.")

ACTIONS: Final = (
    # File
    ActionEntry(
        "open_network",
        QT_TRANSLATE_NOOP("sentences", "&Open a network …"),
        QT_TRANSLATE_NOOP("sentences", "Opens a saved network and goes on from it in a new run."),
        "documents.ask_open",
        QKeySequence.StandardKey.Open,
    ),
    ActionEntry(
        "save_network",
        QT_TRANSLATE_NOOP("sentences", "&Save the network …"),
        QT_TRANSLATE_NOOP("sentences", "Saves the network as it is at this moment."),
        "steering.save_network",
        QKeySequence.StandardKey.Save,
    ),
    *EXPORT_ACTIONS,
    ActionEntry(
        "open_data",
        QT_TRANSLATE_NOOP("sentences", "Open a &data set …"),
        QT_TRANSLATE_NOOP(
            "sentences", "Reads other digits or pictures from a folder with four files in the MNIST format."
        ),
        "data_sets.ask",
        "Ctrl+D",
    ),
    ActionEntry(
        "bundled_data",
        QT_TRANSLATE_NOOP("sentences", "Back to the &bundled MNIST"),
        QT_TRANSLATE_NOOP("sentences", "Reads the digits that came with the program."),
        "data_sets.load_bundled",
    ),
    ActionEntry(
        "quit",
        QT_TRANSLATE_NOOP("sentences", "&Quit"),
        QT_TRANSLATE_NOOP("sentences", "Closes the program. The arrangement and the network are kept."),
        "close",
        QKeySequence.StandardKey.Quit,
        role=QAction.MenuRole.QuitRole,
    ),
    # Run
    ActionEntry(
        "play",
        QT_TRANSLATE_NOOP("sentences", "&Start"),
        QT_TRANSLATE_NOOP("sentences", "Starts or pauses the training."),
        "steering.toggle_play",
        "Space",
        everywhere=True,
    ),
    ActionEntry(
        "step",
        QT_TRANSLATE_NOOP("sentences", "One &mini-batch"),
        QT_TRANSLATE_NOOP("sentences", "Trains on exactly one mini-batch, then pauses."),
        "steering.step",
        "Ctrl+M",
        short=QT_TRANSLATE_NOOP("sentences", "Mini-batch"),
    ),
    ActionEntry(
        "epoch",
        QT_TRANSLATE_NOOP("sentences", "One &epoch"),
        QT_TRANSLATE_NOOP("sentences", "Trains to the end of the epoch, then pauses."),
        "steering.finish_epoch",
        "Ctrl+E",
        short=QT_TRANSLATE_NOOP("sentences", "Epoch"),
    ),
    ActionEntry(
        "slower",
        QT_TRANSLATE_NOOP("sentences", "S&lower"),
        QT_TRANSLATE_NOOP("sentences", "Fewer mini-batches per second."),
        "transport.slower",
        "Ctrl+Left",
    ),
    ActionEntry(
        "faster",
        QT_TRANSLATE_NOOP("sentences", "&Faster"),
        QT_TRANSLATE_NOOP("sentences", "More mini-batches per second."),
        "transport.faster",
        "Ctrl+Right",
    ),
    ActionEntry(
        "raise_eta",
        QT_TRANSLATE_NOOP("sentences", "Larger &η"),
        QT_TRANSLATE_NOOP("sentences", "The next larger learning rate of 0.1, 0.2, 0.5, 1, 2, 5, 10 …"),
        "controls.raise_eta",
        "Ctrl+Up",
    ),
    ActionEntry(
        "lower_eta",
        QT_TRANSLATE_NOOP("sentences", "S&maller η"),
        QT_TRANSLATE_NOOP("sentences", "The next smaller learning rate of 10, 5, 2, 1, 0.5, 0.2, 0.1 …"),
        "controls.lower_eta",
        "Ctrl+Down",
    ),
    ActionEntry(
        "new",
        QT_TRANSLATE_NOOP("sentences", "&New run"),
        QT_TRANSLATE_NOOP(
            "sentences",
            "Begins again with the initial weights of the seed; the curves of the run before stay behind.",
        ),
        "steering.new_run",
        "Ctrl+N",
        short=QT_TRANSLATE_NOOP("sentences", "New run"),
    ),
    ActionEntry(
        "default_settings",
        QT_TRANSLATE_NOOP("sentences", "&Default settings"),
        QT_TRANSLATE_NOOP("sentences", "Puts every control back to the book's first network."),
        "steering.default_settings",
    ),
    ActionEntry(
        "restore_best",
        QT_TRANSLATE_NOOP("sentences", "Go back to the &best weights"),
        QT_TRANSLATE_NOOP(
            "sentences", "Takes the weights that read the most validation digits at the end of an epoch."
        ),
        "steering.restore_best",
        "Ctrl+B",
    ),
    *RUN_ACTIONS,
    *TIME_ACTIONS,
    # View
    *WORKSPACE_ACTIONS,
    ActionEntry(
        "show_controls",
        QT_TRANSLATE_NOOP("sentences", "Se&ttings"),
        QT_TRANSLATE_NOOP("sentences", "Shows or hides the settings."),
        "views.show",
        "F9",
        "controls",
        checkable=True,
        checked=True,
        much=True,
    ),
    ActionEntry(
        "enlarge",
        QT_TRANSLATE_NOOP("sentences", "En&large"),
        QT_TRANSLATE_NOOP(
            "sentences",
            "Makes what has the focus as large as it goes, curves, network, scratchpad or the figure of a page, and "
            "puts it back.",
        ),
        "workspaces.enlarge",
        "F8",
        checkable=True,
        much=True,
    ),
    ActionEntry(
        "look_system",
        QT_TRANSLATE_NOOP("sentences", "As the &desktop"),
        _LOOK_TIP,
        "look.choose",
        value="system",
        group="look",
    ),
    ActionEntry(
        "look_light",
        QT_TRANSLATE_NOOP("sentences", "&Light"),
        _LOOK_TIP,
        "look.choose",
        value="light",
        group="look",
    ),
    ActionEntry(
        "look_dark",
        QT_TRANSLATE_NOOP("sentences", "D&ark"),
        _LOOK_TIP,
        "look.choose",
        value="dark",
        group="look",
    ),
    ActionEntry(
        "larger_text",
        QT_TRANSLATE_NOOP("sentences", "Larger &text"),
        QT_TRANSLATE_NOOP("sentences", "Makes all text larger, to be read from further away."),
        "look.enlarge",
        checkable=True,
    ),
    ActionEntry(
        "classroom",
        QT_TRANSLATE_NOOP("sentences", "&Full screen, larger text"),
        QT_TRANSLATE_NOOP("sentences", "For a class: fills the screen and enlarges the text."),
        "set_classroom",
        "F11",
        checkable=True,
        much=True,
    ),
    *IDEA_ACTIONS,
    # Draw
    ActionEntry(
        "paste_picture",
        QT_TRANSLATE_NOOP("sentences", "Paste a p&icture"),
        QT_TRANSLATE_NOOP("sentences", "Reads a row of digits from the picture on the clipboard."),
        "network.row.pictures.paste",
        QKeySequence.StandardKey.Paste,
    ),
    # Help
    ActionEntry(
        "guide",
        QT_TRANSLATE_NOOP("sentences", "User's &guide"),
        QT_TRANSLATE_NOOP("sentences", "Explains all that is to be seen, with pictures, and what to try."),
        "help.show_guide",
        much=True,
    ),
    ActionEntry(
        "keys",
        QT_TRANSLATE_NOOP("sentences", "&Keys and gestures"),
        QT_TRANSLATE_NOOP("sentences", "Lists every shortcut, and what the mouse does where."),
        "help.show_keys",
        "F1",
        much=True,
    ),
    ActionEntry(
        "show_log",
        QT_TRANSLATE_NOOP("sentences", "Show the &log file"),
        QT_TRANSLATE_NOOP("sentences", "Opens the file to send with a report of a fault."),
        "help.show_log",
    ),
    ActionEntry(
        "about",
        QT_TRANSLATE_NOOP("sentences", "&About mnistviz"),
        QT_TRANSLATE_NOOP("sentences", "Versions and licences."),
        "help.show_about",
        role=QAction.MenuRole.AboutRole,
        much=True,
    ),
)

MENUS: Final = (
    MenuEntry(
        "file",
        QT_TRANSLATE_NOOP("sentences", "&File"),
        (
            "open_network",
            "+recent",
            "save_network",
            "+earlier_runs",
            "-",
            EXPORT_MENU,
            "-",
            "open_data",
            "bundled_data",
            "-",
            "quit",
        ),
    ),
    MenuEntry(
        "run",
        QT_TRANSLATE_NOOP("sentences", "&Run"),
        (
            "play",
            "step",
            "epoch",
            "-",
            "raise_eta",
            "lower_eta",
            "slower",
            "faster",
            "-",
            "controls.history.undo_action",
            "controls.history.redo_action",
            "-",
            "new",
            "default_settings",
            "restore_best",
        ),
    ),
    RUNS_MENU,
    TIME_MENU,
    MenuEntry(
        "recipes",
        QT_TRANSLATE_NOOP("sentences", "R&ecipes"),
        ("+recipes", "controls.recipes.save_action", "controls.recipes.delete_action"),
    ),
    MenuEntry(
        "draw",
        QT_TRANSLATE_NOOP("sentences", "&Draw"),
        (
            "network.pad.pen_action",
            "network.pad.eraser_action",
            "network.pad.undo_action",
            "network.pad.redo_action",
            "network.pad.test_digit_action",
            "network.pad.clear_action",
            "-",
            "network.pad.row_action",
            "network.row.actions.picture",
            "paste_picture",
            "network.row.actions.part",
            "network.row.actions.candidates",
            "network.row.actions.walk",
            "network.row.actions.walk_back",
            "network.row.actions.cut_again",
        ),
    ),
    IDEAS_MENU,
    MenuEntry(
        "view",
        QT_TRANSLATE_NOOP("sentences", "&View"),
        (
            "lab",
            "ideas",
            "-",
            "show_controls",
            "enlarge",
            "-",
            "curves.follow_action",
            "curves.log_cost_action",
            "curves.error_scale_action",
            "curves.x_minibatches_action",
            "-",
            MenuEntry(
                "look",
                QT_TRANSLATE_NOOP("sentences", "&Look"),
                ("look_system", "look_light", "look_dark"),
            ),
            "larger_text",
            "classroom",
        ),
    ),
    MenuEntry(
        "help",
        QT_TRANSLATE_NOOP("sentences", "&Help"),
        ("guide", "keys", "help.whats_this_action", "-", "show_log", "about"),
    ),
)  # fmt: skip
