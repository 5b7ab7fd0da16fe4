"""The parts of the window that its actions act on, and their conditions with the reasons that tooltips give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QWidget

from mnistviz.engine.digits import BUNDLED
from mnistviz.gui.common.look import Look
from mnistviz.gui.curves.curves import Curves
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.preview import Mixture
from mnistviz.gui.lab.recipe_book import RecipeBook
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.settings.settings_column import ControlPanel
from mnistviz.gui.window.arrangement import Workspaces
from mnistviz.gui.window.data_sets import DataSets
from mnistviz.gui.window.documents import Documents
from mnistviz.gui.window.experiments import Experiments
from mnistviz.gui.window.exports import Exports
from mnistviz.gui.window.help import Help
from mnistviz.gui.window.run_list import RunList
from mnistviz.gui.window.sessions import Sessions
from mnistviz.gui.window.steering import Steering
from mnistviz.gui.window.time_travel import LookingAhead, TimeTravel
from mnistviz.gui.window.transport import Transport
from mnistviz.gui.window.views import UNIT_DETAIL, Views
from mnistviz.marking import marked

if TYPE_CHECKING:
    from mnistviz.gui.network.unit.hand_bar import NeededUnits


@dataclass(frozen=True)
class Parts:
    """The parts of the window that its actions act on."""

    window: QWidget
    look: Look
    lab: Lab
    documents: Documents
    data_sets: DataSets
    recipes: RecipeBook
    help: Help
    views: Views
    by_hand: HandWork
    transport: Transport
    controls: ControlPanel
    network: NetworkCard
    curves: Curves
    exports: Exports
    steering: Steering
    experiments: Experiments
    sessions: Sessions
    time: TimeTravel
    run_list: RunList
    workspaces: Workspaces
    ahead: LookingAhead

    @property
    def needed_units(self) -> NeededUnits:
        needed = self.views[UNIT_DETAIL].needed
        assert needed is not None
        return needed


_NOT_MNIST: Final = marked(
    "sentences", "This was measured with MNIST, the digits that come with the program: open them first."
)
_DIVERGED: Final = marked(
    "sentences",
    "Some weights are no longer finite numbers, so this network cannot learn. Go back to its best "
    "weights, or begin a new run.",
)
_MIXED: Final = marked(
    "sentences",
    "A mixture of two networks belongs to no run: it can't be trained, branched or saved. Press Live, or close it in "
    "Mistakes.",
)
_NOT_KEPT: Final = marked(
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


def reason_preview(shown: Shown) -> str:
    if shown.preview is None:
        return ""
    return _MIXED if isinstance(shown.preview, Mixture) else _NOT_KEPT


def reason_not_learning(shown: Shown) -> str:
    return reason_preview(shown) or reason_diverged(shown)


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
