"""The parts of the window that its actions act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.look import Look
from mnistviz.gui.curves.curves import Curves
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.recipe_book import RecipeBook
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.settings.settings_column import ControlPanel
from mnistviz.gui.window.data_sets import DataSets
from mnistviz.gui.window.documents import Documents
from mnistviz.gui.window.experiments import Experiments
from mnistviz.gui.window.exports import Exports
from mnistviz.gui.window.help import Help
from mnistviz.gui.window.looking_ahead import LookingAhead
from mnistviz.gui.window.run_list import RunList
from mnistviz.gui.window.sessions import Sessions
from mnistviz.gui.window.steering import Steering
from mnistviz.gui.window.time_travel import TimeTravel
from mnistviz.gui.window.transport import Transport
from mnistviz.gui.window.views import UNIT_DETAIL, Views
from mnistviz.gui.window.workspaces import Workspaces

if TYPE_CHECKING:
    from mnistviz.gui.network.unit.needed_units import NeededUnits


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
