"""Conditions for the actions of the window, with the reasons that their tooltips give."""

from __future__ import annotations

from typing import Final

from mnistviz.engine.digits import BUNDLED
from mnistviz.gui.lab.mixture import Mixture
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.window.action_parts import Parts
from mnistviz.marking import QT_TRANSLATE_NOOP

_NOT_MNIST: Final = QT_TRANSLATE_NOOP(
    "sentences", "This was measured with MNIST, the digits that come with the program: open them first."
)
_DIVERGED: Final = QT_TRANSLATE_NOOP(
    "sentences",
    "Some weights are no longer finite numbers, so this network cannot learn. Go back to its best "
    "weights, or begin a new run.",
)
_MIXED: Final = QT_TRANSLATE_NOOP(
    "sentences",
    "A mixture of two networks belongs to no run: it can't be trained, branched or saved. Press Live, or close it in "
    "Mistakes.",
)
_NOT_KEPT: Final = QT_TRANSLATE_NOOP(
    "sentences",
    "What you look at is a copy that you have changed by hand. Keep it or put it back first, in the line at the "
    "bottom.",
)


def can_train(shown: Shown) -> bool:
    return shown.digits is not None and (shown.run is None or not shown.run.failed)


def reason_diverged(shown: Shown) -> str:
    """Return why no run can learn from here: the selected one has diverged and no other that can learn is on."""
    others = any(other.on and not (other.diverged or other.failed) for other in shown.others)
    return _DIVERGED if shown.live and shown.diverged and not others else ""


def reason_stand_in(shown: Shown) -> str:
    if shown.stand_in is None:
        return ""
    return _MIXED if isinstance(shown.stand_in, Mixture) else _NOT_KEPT


def reason_not_learning(shown: Shown) -> str:
    return reason_stand_in(shown) or reason_diverged(shown)


def reason_not_mnist(shown: Shown) -> str:
    return "" if shown.digits is None or shown.digits.checksum == BUNDLED else _NOT_MNIST


def is_ready(shown: Shown) -> bool:
    """Return True if the run has started, so that it has a past."""
    return shown.run is not None and shown.run.ready


def can_branch(shown: Shown) -> bool:
    return shown.run is not None and is_ready(shown) and not shown.run.failed


def has_several_runs(shown: Shown) -> bool:
    return bool(shown.other_runs)


def has_chosen_unit(parts: Parts) -> bool:
    return parts.network.selection.chosen_unit is not None


def has_row(parts: Parts) -> bool:
    return parts.network.row.is_on


def can_look_ahead(parts: Parts) -> bool:
    """Return True if forecasts can be requested, or are shown and can be closed."""
    run = parts.lab.run
    return parts.ahead.is_on or (run is not None and run.ready and not (run.failed or run.diverged))


def shows_mistakes(parts: Parts) -> bool:
    return parts.views.is_seen("mistakes")
