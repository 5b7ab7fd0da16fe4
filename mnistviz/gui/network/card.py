"""The network card: it shows live how a drawing flows from the scratchpad through the layers to the outputs."""

from typing import Any, Final, Self

from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.moment import SetName
from mnistviz.engine.network import Unit
from mnistviz.gui.common.choices import Chosen, NetworkPart
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.unit_names import class_name
from mnistviz.gui.common.widgets import new_action
from mnistviz.gui.lab.in_card import AlteredPicture, BatchStage, InCard
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.questions import Questions
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network import stage_words
from mnistviz.gui.network.card_arrangement import CardArrangement, CardForm
from mnistviz.gui.network.card_presenter import CardPresenter
from mnistviz.gui.network.card_widgets import CardWidgets, ReportPart
from mnistviz.gui.network.selection import CardGestures, Selection

_NO_NETWORK: Final = (784, 30, 10)  # the layer sizes that the card is arranged for before a network is loaded


class NetworkCard(Fitted, QFrame):
    """Shows the network's prediction in each frame, and at once after a stroke. Layers are numbered as in
    `Network.sizes`: 0 is the input. Units count from 0 here and from 1 on the screen."""

    unit_opened = Signal(int, int)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        jobs: Jobs | None = None,
        questions: Questions | None = None,
        part: ReportPart | None = None,
        chosen: Chosen | None = None,
    ) -> None:
        """Create the card. Without `jobs` no picture of a row can be read; `questions` load the network
        at the last flag and measure the effect of noise, and a report shows only the given `part`."""
        super().__init__(parent)
        self.setObjectName("network")
        self.setProperty("role", "card")
        self.setAccessibleName(tr("The network"))
        self._sizes: tuple[int, ...] = ()
        self.chosen = chosen or Chosen(self)
        self._part: NetworkPart | None = NetworkPart()  # the choices that are shown now
        self._is_adopting = False
        self._in_card = InCard()
        self._wanted_layer = 1
        self._wanted_unit: int | None = None
        self.selection = Selection(self)
        self._make_actions()
        gestures = CardGestures(
            self.unit_opened.emit, self.open_layer, self._on_content, lambda: self.presenter.refresh(), self.bring_pad,
        )  # fmt: skip
        self.widgets = of = CardWidgets(
            self, self.selection, gestures, self.chosen, jobs=jobs, questions=questions, part=part
        )
        self.pad, self.tools, self.row = of.pad, of.tools, of.row
        self.noise, self.options = of.noise, of.options
        self.seen, self.picture, self.head, self.foot = of.seen, of.picture, of.head, of.foot
        self.showing, self.stage_figure = of.showing, of.stage
        self.arrangement = CardArrangement(self, of)
        self.presenter = CardPresenter(of, self.selection, self.path_action, questions, self._place_over_pad)
        self._connect()
        self.picture.show_message(tr("The network appears here once the digits are loaded."))
        self._lay_out()
        self._adopt_choices()

    def _connect(self) -> None:
        self.chosen.restored.connect(self._forget_part)
        self.chosen.listen("network", self._adopt_choices)
        self.selection.changed.connect(self._on_selection)
        pad, row = self.pad, self.row
        for signal in (
            pad.stepped, pad.eraser_action.toggled, pad.centred_action.toggled, row.widened,
            row.side.gap.valueChanged, row.actions.candidates.toggled,
        ):  # fmt: skip
            signal.connect(self._save_pad)
        self.row.widened.connect(self._widen)
        self.noise.changed.connect(self._on_content)
        self.pad.pen_action.triggered.connect(self.bring_pad)
        self.pad.options_action.triggered.connect(lambda: self.options.open(self.tools.more))

    def draw(self, shown: Shown) -> None:
        """Show the network of this step and its prediction. Do nothing while hidden or if nothing has changed."""
        presenter = self.presenter
        before, presenter.shown = presenter.shown, shown
        if (moment := shown.moment) is not None and moment.network.sizes != self._sizes:
            self._begin(moment.network.sizes)
        elif moment is not None and (of := presenter.picture.memory.of) is not None and of[0] != moment.run:
            self.selection.point(None, None, None)
        self.row.draw(shown)
        if moment is None or not presenter.is_seen:
            return
        presenter.last_flag.follow(shown)
        self.noise.draw(shown)
        presenter.follow(before)

    def set_seen(self, seen: bool) -> None:
        self.presenter.is_seen = seen
        self.row.set_seen(seen)

    def set_digits(self, digits: Digits) -> None:
        """Set the data set of the test digits and class names. A run on another data set must have ended."""
        self.presenter.shown = Shown(digits)
        self.pad.set_digits(digits)
        self.set_classes(digits.classes)

    def set_classes(self, names: tuple[str, ...]) -> None:
        if names != self.presenter.classes:
            self.presenter.classes = tuple(names)
            self.row.set_classes(tuple(names))
            if self._sizes:
                self._show_layers()
            else:
                self.presenter.refresh()

    def adopt_theme(self) -> None:
        self.row.actions.set_icons()

    def adopt(self, other: Self) -> None:
        """Copy everything from another card that is not a saved choice."""
        self.pad.start_with(other.pad.sheet)
        self.pad.set_noise(other.pad.noise)
        self.noise.accuracy = other.noise.accuracy
        self.row.adopt(other.row)
        self.presenter.adopt(other.presenter)

    def _on_selection(self) -> None:
        self._save_selection()
        self.large_action.setEnabled(self.selection.chosen_unit is not None)
        self.presenter.respond("words", "path")

    def _save_selection(self) -> None:
        chosen = self.selection.chosen_unit
        unit = self._wanted_unit if chosen is None or chosen.layer != self.layer else chosen.number
        output, path = self.selection.chosen_output, self.path_action.isChecked()
        self._save(layer=self._wanted_layer, unit=unit, output=output, path=path)

    def _save_pad(self) -> None:
        if not self.pad.is_drawing:
            self._save(pad=self.pad.record(), row=self.row.part())

    def _save(self, **fields: Any) -> None:
        if not self._is_adopting:
            self._part = replace(self.chosen.now.network, showing=None, **fields)
            self.chosen.choose("network", **fields)

    def _forget_part(self) -> None:
        self._part = None

    def _adopt_choices(self) -> None:
        part = replace(self.chosen.now.network, showing=None)  # the switch follows this choice itself
        if part == self._part or self._is_adopting:
            return
        self._part, self._is_adopting = part, True
        try:
            self._adopt(part)
        finally:
            self._is_adopting = False

    def _adopt(self, part: NetworkPart) -> None:
        self.pad.take_record(part.pad)
        self.row.take_part(part.row)
        self.pad.take_beside(part.pad)
        if part.layer is not None and part.layer >= 1:
            self._wanted_layer = part.layer
        self._wanted_unit = part.unit if part.unit is not None and part.unit >= 0 else None
        if part.output is not None and part.output >= 0:
            self.selection.choose_output(part.output)
        self.path_action.setChecked(part.path)
        if self._sizes:
            self._show_layers()

    def show_digit(self, set_name: SetName, number: int) -> None:
        self.end_whole()
        self.pad.show_digit(set_name, number)

    def show_in_card(self, in_card: InCard) -> None:
        before, self._in_card = self._in_card, in_card
        if in_card.altered is not before.altered:
            self._show_altered(in_card.altered)
        if in_card.beside is not before.beside:
            self.presenter.beside = in_card.beside  # the outputs at the last flag are hidden meanwhile
            self.presenter.respond("words")
        if in_card.stage is not before.stage:
            self.show_stage(in_card.stage)

    def _show_altered(self, altered: AlteredPicture | None) -> None:
        self.presenter.altered = altered
        self.presenter.read_content()
        self.presenter.respond("words")
        self._place_over_pad()
        if altered is not None:
            self._end_stage()

    def _end_stage(self) -> None:
        if self.presenter.stage is not None:
            self.chosen.choose("minibatch", stage="off")

    def _on_content(self) -> None:
        if not self.presenter.read_content():
            self.presenter.respond()
            return
        self.presenter.respond("words")
        self._end_stage()

    def bring_pad(self) -> None:
        """Close what is shown in the place of the scratchpad."""
        if self.arrangement.docked is not None:
            self.arrangement.docked.close()
        self._end_stage()
        self.pad.setFocus()

    def _place_over_pad(self) -> None:
        """Cover the scratchpad with what is shown in its place. A stroke through an altered picture ends it."""
        self.arrangement.place_over_pad()
        altered = None if self.pad.isHidden() else self.presenter.altered
        self.widgets.over_pad.show_over(self.pad.geometry(), altered)

    def show_stage(self, stage: BatchStage | None) -> None:
        if stage is not None and stage.batch.before.sizes != self._sizes:
            stage = None
        changes = (stage is None) != (self.presenter.stage is None)
        if stage is None and not changes:
            return
        if stage is not None:
            self.end_whole()
        self.presenter.set_stage(stage)
        self.head.show_title("" if stage is None else stage_words.place_told(stage)[0])
        self.presenter.refresh()
        self._place_over_pad()

    @property
    def layer(self) -> int:
        return self.picture.open_layer

    def is_output(self, layer: int) -> bool:
        return layer == len(self._sizes) - 1

    def open_layer(self, layer: int) -> None:
        if 0 < layer <= max(len(self._sizes) - 2, 1) and layer != self.picture.open_layer:
            self._wanted_layer = layer
            self._show_layers()
            self._save_selection()

    def select(self, layer: int, unit: int) -> None:
        last = len(self._sizes) - 1
        if not (0 < layer <= last and 0 <= unit < self._sizes[layer]):
            return
        if layer == last:
            self.selection.choose_output(unit)
        if layer < last or last == 1:
            self.open_layer(layer)
            self.picture.choose(unit)

    def _begin(self, sizes: tuple[int, ...]) -> None:
        before, self._sizes = self._sizes, sizes
        if self.presenter.stage is not None:
            self.show_stage(None)  # the stage belongs to another network
        self.selection.keep_to(sizes, before)
        self._show_layers()

    def _show_layers(self) -> None:
        hidden = len(self._sizes) - 2
        opened = min(self._wanted_layer, max(1, hidden))
        wanted, self._wanted_unit = self._wanted_unit, None
        self.picture.sizes = ()  # nothing is placed before its position is known
        self._lay_out(opened)
        self.picture.show_layers(self._sizes, opened, self._form().names)
        self.arrangement.place_switch()
        self.head.show_layers(self._sizes, opened, self.picture)
        self.path_action.setEnabled(hidden > 0)
        if wanted is not None and wanted < self._sizes[opened]:
            self.picture.choose(wanted)
        self.presenter.refresh()

    def _make_actions(self) -> None:
        tip = tr(
            "From the output back, shows in each layer the unit that contributes most to the next. "
            "It ends where none does."
        )
        self.path_action = new_action(self, "network_path", tr("Strongest path"), tip, checkable=True)
        self.path_action.toggled.connect(self._on_path)
        tip = tr("Shows the chosen unit large: all its weights, and the digits that activate it. (Enter)")
        text, act = tr("See it large"), self.open_some_unit
        self.large_action = new_action(self, "see_unit_large", text, tip, act=act)
        self.large_action.setEnabled(False)

    def open_some_unit(self) -> None:
        """Ask to show the chosen unit large, or the first of the open layer."""
        if self.layer:
            self.unit_opened.emit(*(self.selection.chosen_unit or (self.layer, 0)))

    def actions_at(self, point: QPoint) -> list[QAction]:
        """Choose the unit or output at a point of the picture, and return the actions for it."""
        if (unit := self.picture.under(point)) is None:
            return []
        if self.is_output(unit.layer):
            self.selection.choose_output(unit.number)
            return [self.path_action]
        self.selection.choose_unit(unit)
        return [self.large_action]

    def _on_path(self, on: bool) -> None:
        if on:
            self.selection.choose_unit(None)  # its lines would hide the path
        self.presenter.refresh()
        self._save_selection()

    def let_go(self) -> bool:
        """Handle Escape, from reading a picture to the selection. Return False if it had no effect."""
        docked = self.arrangement.docked
        if self.row.pictures.is_reading:
            self.row.pictures.cancel()
        elif docked is not None and docked.isVisible():
            docked.close()
        elif self.widgets.cover.isVisible():
            self.row.spread(False)
        elif self.selection.let_go():
            return True
        elif self.presenter.altered is not None:
            self.chosen.choose("fewest", open=False)
        elif self.row.is_on:
            self.end_whole()
        elif self.presenter.stage is not None:
            self._end_stage()
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape or not self.let_go():
            super().keyPressEvent(event)

    def end_whole(self) -> None:
        self.row.actions.wide.setChecked(False)

    def dock(self, panel: QWidget | None) -> None:
        self.arrangement.docked = panel
        self._place_over_pad()

    def _form(self, opened: int | None = None) -> CardForm:
        sizes = self._sizes or _NO_NETWORK
        opened = opened or self.picture.open_layer or min(self._wanted_layer, max(1, len(sizes) - 2))
        names = [class_name(self.presenter.classes, output) for output in range(sizes[-1])]
        return CardForm(sizes, opened, names)

    def _lay_out(self, opened: int | None = None) -> None:
        self.arrangement.lay_out(self._form(opened))
        self._place_over_pad()

    def _widen(self) -> None:
        self._lay_out()
        self.row.draw(self.presenter.shown)

    def minimumSizeHint(self) -> QSize:
        return QSize(700, self.arrangement.least_height())

    def sizeHint(self) -> QSize:
        return QSize(1130, 410)

    def refit(self) -> None:
        if hasattr(self, "presenter"):
            self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lay_out()
        self.set_seen(True)
        self.row.draw(self.presenter.shown)
        self.presenter.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.set_seen(False)

    def frame_of(self, unit: Unit) -> QRect | None:
        frame = self.picture.frame_of(unit)
        return None if frame is None else frame.translated(self.picture.pos())
