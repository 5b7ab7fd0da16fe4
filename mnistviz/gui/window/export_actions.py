"""The actions that copy and save what the window shows, as data."""

from __future__ import annotations

from typing import Final

from mnistviz.gui.window.entries import ActionEntry, MenuEntry
from mnistviz.marking import QT_TRANSLATE_NOOP

_COPY_TIP: Final = QT_TRANSLATE_NOOP(
    "sentences", "Puts it on the clipboard as a picture, in pixels and as SVG, with the settings of the run."
)
_SAVE_TIP: Final = QT_TRANSLATE_NOOP(
    "sentences", "Saves it as a picture, PNG or SVG, with the settings of the run in the file."
)

EXPORT_ACTIONS: Final = (
    ActionEntry(
        "copy_cost_picture",
        QT_TRANSLATE_NOOP("sentences", "Copy the &cost plot"),
        _COPY_TIP,
        "exports.copy",
        value="cost",
    ),
    ActionEntry(
        "copy_accuracy_picture",
        QT_TRANSLATE_NOOP("sentences", "Copy the &accuracy plot"),
        _COPY_TIP,
        "exports.copy",
        value="accuracy",
    ),
    ActionEntry(
        "copy_network_picture",
        QT_TRANSLATE_NOOP("sentences", "Copy the &network's picture"),
        _COPY_TIP,
        "exports.copy",
        value="network",
    ),
    ActionEntry(
        "save_cost_picture",
        QT_TRANSLATE_NOOP("sentences", "Save the c&ost plot …"),
        _SAVE_TIP,
        "exports.save",
        value="cost",
    ),
    ActionEntry(
        "save_accuracy_picture",
        QT_TRANSLATE_NOOP("sentences", "Save the acc&uracy plot …"),
        _SAVE_TIP,
        "exports.save",
        value="accuracy",
    ),
    ActionEntry(
        "save_network_picture",
        QT_TRANSLATE_NOOP("sentences", "Save the network's &picture …"),
        _SAVE_TIP,
        "exports.save",
        value="network",
    ),
    ActionEntry(
        "save_curves",
        QT_TRANSLATE_NOOP("sentences", "Save the curves as a &table …"),
        QT_TRANSLATE_NOOP(
            "sentences", "Saves cost and accuracy of this run as a table in a CSV file, with its settings."
        ),
        "exports.save_curves",
    ),
)

EXPORT_MENU: Final = MenuEntry(
    "export",
    QT_TRANSLATE_NOOP("sentences", "&Pictures and tables"),
    (
        "copy_cost_picture",
        "copy_accuracy_picture",
        "copy_network_picture",
        "-",
        "save_cost_picture",
        "save_accuracy_picture",
        "save_network_picture",
        "save_curves",
    ),
)
