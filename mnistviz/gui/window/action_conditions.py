"""The parts of the window that its actions act on, and what actions need, with the reasons that tooltips give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct
from PySide6.QtWidgets import QWidget

from mnistviz.engine.digits import BUNDLED
from mnistviz.gui.common.look import Look
from mnistviz.gui.common.undo_order import UndoOrder
from mnistviz.gui.curves.curves import Curves
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.preview import Mixture
from mnistviz.gui.lab.recipe_book import RecipeBook
from mnistviz.gui.lab.run_names import way_back
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.settings.settings_column import ControlPanel
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.action_book import Need as NeedOf
from mnistviz.gui.window.arrangement import Workspaces
from mnistviz.gui.window.data_sets import DataSets
from mnistviz.gui.window.documents import Documents
from mnistviz.gui.window.experiments import Experiments
from mnistviz.gui.window.exports import Exports
from mnistviz.gui.window.help import Help
from mnistviz.gui.window.lab_and_ideas import LabAndIdeas
from mnistviz.gui.window.run_list import RunList
from mnistviz.gui.window.sessions import Sessions
from mnistviz.gui.window.steering import Steering
from mnistviz.gui.window.time_travel import LookingAhead, TimeTravel
from mnistviz.gui.window.transport import Transport
from mnistviz.gui.window.views import UNIT_DETAIL, Views
from mnistviz.marking import marked

if TYPE_CHECKING:
    from mnistviz.gui.network.unit.hand_bar import NeededUnits


class Parts(Struct, frozen=True):
    """The parts of the window that its actions act on."""

    window: QWidget
    look: Look
    lab: Lab
    documents: Documents
    data_sets: DataSets
    recipes: RecipeBook
    help: Help
    book: ActionBook
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
    between: LabAndIdeas
    undo: UndoOrder

    @property
    def needed_units(self) -> NeededUnits:
        needed = self.views[UNIT_DETAIL].needed
        assert needed is not None
        return needed


Need = NeedOf[Parts]

# fmt: off
HAS_DIGITS: Final = Need(marked("No digits are open yet."), lambda shown: shown.digits is not None)
HAS_RUN: Final = Need(marked("No run is open yet."), lambda shown: shown.run is not None)
HAS_MOMENT: Final = Need(marked("No run is open yet."), lambda shown: shown.moment is not None)
HAS_BEGUN: Final = Need(marked("The run has not begun yet."), lambda shown: shown.run is not None and shown.run.ready)
HAS_LEARNED: Final = Need(marked("The run has learned nothing yet."),
    lambda shown: shown.run is not None and shown.run.has_learned)
HAS_RUNS: Final = Need(marked("There is only one run."), lambda shown: bool(shown.other_runs))
NOT_FAILED: Final = Need(marked("A fault has ended this run."), lambda shown: shown.run is None or not shown.run.failed)
HAS_BEST: Final = Need(marked("No epoch has been judged yet."),
    lambda shown: shown.run is not None and shown.run.best is not None)
IS_LIVE: Final = Need(
    marked("The past cannot be changed: press Live first. The star on the strip shows the best weights."),
    lambda shown: shown.live)
IS_AWAY: Final = Need(marked("The end of the run is shown already."),
    lambda shown: not shown.live or shown.preview is not None)
HAS_PAST: Final = Need(marked("This is the beginning of the run."), lambda shown: shown.here > 0)
HAS_FUTURE: Final = Need(marked("This is the end of the run."), lambda shown: not shown.live and shown.here < shown.end)
FLAG_BEFORE: Final = Need(marked("There is no flag before this moment."),
    lambda shown: any(flag < shown.here for flag in shown.flags[:1]))
FLAG_AFTER: Final = Need(marked("There is no flag after this moment."),
    lambda shown: not shown.live and any(flag > shown.here for flag in shown.flags[-1:]))
HAS_CHANGED: Final = Need(marked("Nothing was changed in this run."), lambda shown: way_back(shown) is not None)
HAS_UNIT: Final = Need(marked("No unit is chosen."), can=lambda parts: parts.network.selection.chosen_unit is not None)
HAS_PINS: Final = Need(marked("No picture is pinned: the star below a digit pins it."),
    can=lambda parts: bool(parts.lab.chosen.now.pins.pins))
HAS_ROW: Final = Need(marked("There is no row of digits."), can=lambda parts: parts.network.row.is_on)
HAS_NO_ROW: Final = Need(marked("There is a row of digits on the scratchpad."),
    can=lambda parts: not parts.network.row.is_on)
SHOWS_MISTAKES: Final = Need(marked("Mistakes is not open."), can=lambda parts: parts.views.is_seen("mistakes"))
SHOWS_STAGE: Final = Need(marked("No stage of One step is shown."),
    can=lambda parts: parts.lab.in_card.stage is not None)
IS_FINITE: Final = Need(marked("Some weights are no longer finite numbers: there is nothing to forecast."),
    can=lambda parts: parts.ahead.is_on or parts.lab.run is None or not parts.lab.run.diverged)
IS_MNIST: Final = Need(marked("This was measured with MNIST, the digits that come with the program: open them first."),
    lambda shown: shown.digits is None or shown.digits.checksum == BUNDLED)
NOT_MIXED: Final = Need(marked(
    "A mixture of two networks belongs to no run: it can't be trained, branched or saved. Press Live, or close it in "
    "Mistakes."), lambda shown: not isinstance(shown.preview, Mixture))
NOT_EDITED: Final = Need(marked(
    "What you look at is a copy that you have changed by hand. Keep it or put it back first, in the line at the "
    "bottom."), lambda shown: shown.preview is None or isinstance(shown.preview, Mixture))
CAN_LEARN: Final = Need(
    marked(
        "Some weights are no longer finite numbers, so this network cannot learn. Go back to its best weights, or "
        "begin a new run."),
    lambda shown: not (shown.live and shown.diverged) or any(
        other.on and not (other.diverged or other.failed) for other in shown.others))
# fmt: on
OF_RUN: Final = NOT_MIXED, NOT_EDITED  # the network shown is that of a run
LEARNS: Final = *OF_RUN, CAN_LEARN
