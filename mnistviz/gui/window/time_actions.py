"""The actions of the time machine, as data: a part of the tables of `actions.py`."""

from __future__ import annotations

from typing import Final

from mnistviz.gui.window.entries import ActionEntry, MenuEntry
from mnistviz.marking import QT_TRANSLATE_NOOP

TIME_ACTIONS: Final = (
    ActionEntry(
        "live",
        QT_TRANSLATE_NOOP("sentences", "&Live"),
        QT_TRANSLATE_NOOP("sentences", "Goes to the end of the run; what was held trains on."),
        "time.live",
        short=QT_TRANSLATE_NOOP("sentences", "Live"),
    ),
    ActionEntry(
        "time_back",
        QT_TRANSLATE_NOOP("sentences", "One mini-batch &back"),
        QT_TRANSLATE_NOOP(
            "sentences", "Looks at the network as it was one mini-batch before; training waits."
        ),
        "time.back",
        ",",
    ),
    ActionEntry(
        "time_forward",
        QT_TRANSLATE_NOOP("sentences", "One mini-batch &forward"),
        QT_TRANSLATE_NOOP("sentences", "Looks at the network as it was one mini-batch later."),
        "time.forward",
        ".",
    ),
    ActionEntry(
        "flag_back",
        QT_TRANSLATE_NOOP("sentences", "To the fla&g before"),
        QT_TRANSLATE_NOOP(
            "sentences", "Looks at where something was done last: a change, a fork, or the best weights."
        ),
        "time.flag_back",
        "[",
        also="Ctrl+PgUp",
    ),
    ActionEntry(
        "flag_forward",
        QT_TRANSLATE_NOOP("sentences", "To the &next flag"),
        QT_TRANSLATE_NOOP("sentences", "Looks at where something was done next."),
        "time.flag_forward",
        "]",
        also="Ctrl+PgDown",
    ),
    ActionEntry(
        "look_at_best",
        QT_TRANSLATE_NOOP("sentences", "Look at the best &weights"),
        QT_TRANSLATE_NOOP("sentences", "Looks at the end of the epoch that read the most validation digits."),
        "time.look_at_best",
    ),
    ActionEntry(
        "branch",
        QT_TRANSLATE_NOOP("sentences", "B&ranch here"),
        QT_TRANSLATE_NOOP(
            "sentences",
            "Begins a run with the same past up to the moment shown, and from there on with what is set.",
        ),
        "time.branch",
        short=QT_TRANSLATE_NOOP("sentences", "Branch here"),
    ),
    ActionEntry(
        "butterfly",
        QT_TRANSLATE_NOOP("sentences", "B&utterfly"),
        QT_TRANSLATE_NOOP(
            "sentences",
            "Begins a twin at the moment shown of which one weight differs in its last bit: what chance does.",
        ),
        "time.butterfly",
    ),
    ActionEntry(
        "train_on",
        QT_TRANSLATE_NOOP("sentences", "&Train on while looking back"),
        QT_TRANSLATE_NOOP(
            "sentences", "Lets the training go on behind while one looks back, at half its speed."
        ),
        "time.train_on",
        short=QT_TRANSLATE_NOOP("sentences", "Train on"),
        checkable=True,
    ),
)

TIME_MENU: Final = MenuEntry(
    "time",
    QT_TRANSLATE_NOOP("sentences", "&Time"),
    (
        "live",
        "time_back",
        "time_forward",
        "flag_back",
        "flag_forward",
        "look_at_best",
        "-",
        "branch",
        "butterfly",
        "-",
        "train_on",
    ),
)
