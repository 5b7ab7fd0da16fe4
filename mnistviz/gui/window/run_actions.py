"""The actions of the runs, as data: a part of the tables of `actions.py`."""

from __future__ import annotations

from typing import Final

from mnistviz.gui.window.entries import ActionEntry, MenuEntry
from mnistviz.marking import QT_TRANSLATE_NOOP

RUN_ACTIONS: Final = (
    ActionEntry(
        "previous_run",
        QT_TRANSLATE_NOOP("sentences", "&Previous run"),
        QT_TRANSLATE_NOOP("sentences", "Selects the run before the selected one."),
        "run_list.select_previous",
        "Ctrl+Shift+Tab",
    ),
    ActionEntry(
        "next_run",
        QT_TRANSLATE_NOOP("sentences", "&Next run"),
        QT_TRANSLATE_NOOP("sentences", "Selects the run after the selected one."),
        "run_list.select_next",
        "Ctrl+Tab",
    ),
    ActionEntry(
        "rename_run",
        QT_TRANSLATE_NOOP("sentences", "Give the run a na&me …"),
        QT_TRANSLATE_NOOP("sentences", "Calls the selected run as you like, in up to forty letters."),
        "run_list.rename",
        "F2",
    ),
    ActionEntry(
        "switch_run",
        QT_TRANSLATE_NOOP("sentences", "&On: learns when the lab learns"),
        QT_TRANSLATE_NOOP("sentences", "Lets the selected run learn together with the others, or rest."),
        "run_list.switch",
    ),
    ActionEntry(
        "hide_run",
        QT_TRANSLATE_NOOP("sentences", "&Hide its curves"),
        QT_TRANSLATE_NOOP(
            "sentences", "Leaves out the curves of the selected run while another one is selected."
        ),
        "run_list.hide",
    ),
    ActionEntry(
        "close_run",
        QT_TRANSLATE_NOOP("sentences", "&Close the run"),
        QT_TRANSLATE_NOOP(
            "sentences", "Closes the selected run; it can be opened again until the program ends."
        ),
        "run_list.close",
        "Ctrl+W",
    ),
)

RUNS_MENU: Final = MenuEntry(
    "runs",
    QT_TRANSLATE_NOOP("sentences", "Ru&ns"),
    (
        "previous_run",
        "next_run",
        "-",
        "rename_run",
        "switch_run",
        "hide_run",
        "+run_colours",
        "-",
        "close_run",
        "+closed_runs",
    ),
)
