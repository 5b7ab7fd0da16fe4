"""The widgets of the network card."""

from typing import Literal

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.choices import Chosen
from mnistviz.gui.common.layouts import styled
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.questions import Questions
from mnistviz.gui.network.card_lines import CardFoot, CardHead
from mnistviz.gui.network.input_view import InputView, OverPad, SmallDigit
from mnistviz.gui.network.network_picture import NetworkPicture
from mnistviz.gui.network.pad.picture_options import NoiseFigure, PictureOptions
from mnistviz.gui.network.pad.scratchpad import Scratchpad, Tools
from mnistviz.gui.network.row.row_controller import RowController
from mnistviz.gui.network.selection import CardGestures, Selection
from mnistviz.gui.network.stage_figure import StageFigure
from mnistviz.gui.network.weight_colours import WeightSwitch

ReportPart = Literal["network", "units", "row"]
"""The part of the card that a picture for a report shows: all of it, its units, or the row with its predictions."""


class CardWidgets(QObject):
    def __init__(
        self,
        card: QWidget,
        selection: Selection,
        gestures: CardGestures,
        chosen: Chosen,
        *,
        jobs: Jobs | None,
        questions: Questions | None,
        part: ReportPart | None,
    ) -> None:
        """Create the widgets; for a report, only show a `part` of the card, without controls."""
        super().__init__(card)
        self.part = part
        self.pad = Scratchpad(card)
        self.tools = Tools(self.pad, card)
        self.noise = NoiseFigure(questions, card)
        self.options = PictureOptions(self.pad, self.noise, card)
        self.seen = InputView(selection, card)
        self.picture = NetworkPicture(selection, gestures, card)
        self.head = CardHead(gestures.open_layer, card, alone=part == "units")
        self.foot = CardFoot(card)
        self.showing = WeightSwitch("units_showing", chosen, gestures.refresh)
        self.showing.setParent(card)
        self.row = RowController(self.pad, jobs, card, gestures.show_content)
        self.stage = StageFigure(
            leave=gestures.bring_pad,
            click=selection.choose_output,
            point=lambda output: selection.point(None, None, output),
        )
        self.cover = QWidget(card)  # hides the network while a row has the whole card
        styled(self.cover, "cover", "row_cover")
        self.cover.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.cover.hide()
        self.over_pad, self.small = OverPad(card), SmallDigit(gestures.bring_pad, card)
        self.stage.setParent(card)
        self.stage.hide()
        card.addActions(self.pad.actions())  # their keys work on all of the card
