"""The network card: it shows live how a drawing flows from the scratchpad through the layers to the outputs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.moment import SetName
from mnistviz.engine.network import Unit
from mnistviz.gui.common.choices import NETWORK_TAB, Chosen, NetworkPart, stage_up
from mnistviz.gui.common.theme import LIGHT, Theme
from mnistviz.gui.common.unit_names import class_name
from mnistviz.gui.lab.in_card import AlteredPicture, BatchStage, InCard
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.questions import Questions
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network import stage_words
from mnistviz.gui.network.card_arrangement import CardArrangement, CardForm
from mnistviz.gui.network.card_presenter import CardPresenter
from mnistviz.gui.network.card_widgets import CardWidgets, ReportPart
from mnistviz.gui.network.selection import CardGestures, Selection
from mnistviz.gui.network.stage_picture import digit_of

_NO_NETWORK: Final = (784, 30, 10)  # the layer sizes that the card is arranged for before a network is loaded


class NetworkCard(QFrame):
    """Card that shows the network's prediction in each frame, and at once after a stroke.

    Layers are numbered as in `Network.sizes`: 0 is the input. Units count from 0 here and from 1 on the screen.
    """

    unit_opened = Signal(int, int)
    room_wanted = Signal()
    unfold_wanted = Signal(bool)
    folded = Signal(bool)
    """The card was folded to a ribbon, or unfolded if False."""

    def __init__(
        self,
        theme: Theme = LIGHT,
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
        self.setAccessibleName(self.tr("The network"))
        self._sizes: tuple[int, ...] = ()
        self.chosen = chosen or Chosen(self)
        self._part: NetworkPart | None = NetworkPart()  # the choices that are shown now
        self._is_adopting = False
        self._in_card = InCard()
        self._wanted_layer = 1
        self._wanted_unit: int | None = None
        self._can_fold = False
        self.selection = Selection(self)
        gestures = CardGestures(
            self.unit_opened.emit, self.open_layer, self._open_chosen, self._on_path, self._on_content,
            lambda: self.presenter.refresh(), self.let_go,
        )  # fmt: skip
        self.widgets = of = CardWidgets(
            self, theme, self.selection, gestures, self.chosen, jobs=jobs, questions=questions, part=part
        )
        self.pad, self.tools, self.row = of.pad, of.tools, of.row
        self.noise, self.options = of.noise, of.options
        self.seen, self.picture, self.head, self.foot = of.seen, of.picture, of.head, of.foot
        self.showing, self.ribbon, self.pane, self.unfold = of.showing, of.ribbon, of.pane, of.unfold
        self.table = of.table
        self.arrangement = CardArrangement(self, of)
        self.presenter = CardPresenter(of, self.selection, questions, self._place_over_outputs)
        self._connect()
        self.picture.show_message(self.tr("The network appears here once the digits are loaded."))
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
        self.noise.changed.connect(self._on_noise)
        self.pad.options_action.triggered.connect(lambda: self.options.open(self.tools.buttons[-1]))
        self.pane.changed.connect(self._on_pane)
        self.unfold.clicked.connect(lambda: self.unfold_wanted.emit(self.is_folded))

    # What the window calls

    def draw(self, shown: Shown) -> None:
        """Show the network of this step and its prediction. Do nothing while hidden or if nothing has changed."""
        presenter = self.presenter
        before, presenter.shown = presenter.shown, shown
        moment = shown.moment
        if moment is not None and moment.network.sizes != self._sizes:
            self._begin(moment.network.sizes)
        elif moment is not None and (of := presenter.picture.memory.of) is not None and of[0] != moment.run:
            self.selection.point(None, None, None)
        self.row.draw(shown)
        is_left = presenter.stage is not None and self.chosen.now.window.tab == NETWORK_TAB
        if is_left and moment is not None and not moment.same_as(before.moment):
            self.show_stage(None)  # a stage of a mini-batch does not follow training once its tab is left
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

    @property
    def theme(self) -> Theme:
        return self.widgets.theme

    def set_theme(self, theme: Theme) -> None:
        self.widgets.set_theme(theme)
        self._show_unfold()

    def adopt(self, other: NetworkCard) -> None:
        """Copy everything from another card that is not a saved choice."""
        self.pad.start_with(other.pad.sheet)
        self.pad.set_noise(other.pad.noise)
        self.noise.accuracy = other.noise.accuracy
        self.row.adopt(other.row)
        self.presenter.adopt(other.presenter)

    # Choices

    def _on_selection(self) -> None:
        self._save_selection()
        self.presenter.respond("words", "path")

    def _save_selection(self) -> None:
        chosen = self.selection.chosen_unit
        unit = self._wanted_unit if chosen is None or chosen.layer != self.layer else chosen.number
        self._save(
            layer=self._wanted_layer,
            unit=unit,
            output=self.selection.chosen_output,
            path=self.foot.path.isChecked(),
        )

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
        self.foot.path.setChecked(part.path)
        if self._sizes:
            self._show_layers()

    # Scratchpad

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
        self._show_over_pad()
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

    def _on_noise(self) -> None:
        self.presenter.read_content()
        self.presenter.respond()

    def _show_over_pad(self) -> None:
        """Cover the scratchpad with the picture shown in its place. A stroke through an altered picture ends it."""
        stage, over = self.presenter.stage, self.widgets.over_pad
        over.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, stage is None)
        over.show_over(self.pad.geometry(), self.presenter.altered if stage is None else digit_of(stage))

    # A stage of a mini-batch

    def show_stage(self, stage: BatchStage | None) -> None:
        if stage is not None and stage.batch.before.sizes != self._sizes:
            stage = None
        changes = (stage is None) != (self.presenter.stage is None)
        was_wide = self._has_wide_table
        if stage is None and not changes:
            return
        if stage is not None:
            self.end_whole()
        self.presenter.set_stage(stage)
        if changes:
            self.picture.show_errors(stage is not None)
            self.tools.setEnabled(stage is None)
            self.foot.show_symbols("" if stage is None else stage_words.symbols())
        self.head.show_title("" if stage is None else stage_words.place_told(stage)[0])
        self._show_switch()
        if was_wide != self._has_wide_table:
            self._show_layers()
        self.presenter.refresh()
        self._place_over_outputs()
        self._show_over_pad()

    @property
    def _has_wide_table(self) -> bool:
        """True if the layers are folded to make room for the table of the errors."""
        error = self.presenter.stage is not None and self.presenter.stage.name == "error"
        return error and not self.is_folded and len(self._sizes) > 2

    def _show_switch(self) -> None:
        """Show the switch only while there are weight pictures; in the row of tabs a stage takes its room."""
        name = "" if self.presenter.stage is None else self.presenter.stage.name
        on = name not in ("gradient", "step") and not self._has_wide_table
        self.showing.setVisible(on and not (self.is_folded and name))

    # Selection

    @property
    def layer(self) -> int:
        return self.picture.open_layer

    def is_output(self, layer: int) -> bool:
        return layer == len(self._sizes) - 1

    def open_layer(self, layer: int) -> None:
        last = len(self._sizes) - 1
        if 0 < layer <= max(last - 1, 1) and layer != self.picture.open_layer:
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
        opened = 0 if self._has_wide_table else min(self._wanted_layer, max(1, hidden))
        wanted, self._wanted_unit = self._wanted_unit, None
        self.picture.sizes = ()  # nothing is placed before its position is known
        self._lay_out(opened)
        self.picture.show_layers(self._sizes, opened, self._names())
        self.arrangement.place_switch()
        self.head.show_layers(self._sizes, opened, self.picture)
        self.foot.show_layers(self._sizes)
        if opened and wanted is not None and wanted < self._sizes[opened]:
            self.picture.choose(wanted)
        self.presenter.refresh()

    def _open_chosen(self) -> None:
        chosen = self.selection.chosen_unit
        if chosen is not None:
            self.unit_opened.emit(*chosen)

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
            return True
        if docked is not None and docked.isVisible():
            docked.close()
            return True
        if self.selection.let_go():
            return True
        if self.presenter.altered is not None:
            self.chosen.choose("fewest", open=False)
            return True
        if self.presenter.stage is None:
            return False
        self.chosen.choose("minibatch", **vars(stage_up(self.chosen.now.minibatch)))
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape or not self.let_go():
            super().keyPressEvent(event)

    # Folding, and a panel over the outputs

    @property
    def is_folded(self) -> bool:
        return self.widgets.is_folded

    def set_folded(self, folded: bool, *, can_fold: bool) -> None:
        """Fold the card to a ribbon, with its layers in the pane, or unfold it. `can_fold` shows a button to fold it
        again, because the whole card leaves no room for the views below."""
        if (folded, can_fold) == (self.is_folded, self._can_fold):
            return
        self._can_fold = can_fold
        if folded != self.is_folded:
            was_wide = self._has_wide_table
            self.widgets.fold(folded=folded)
            self._show_switch()
            self.updateGeometry()
            if was_wide != self._has_wide_table:
                self._show_layers()
            self._lay_out()
            self.presenter.refresh()
            self.folded.emit(folded)
        self._show_unfold()

    def _show_unfold(self) -> None:
        self.unfold.setVisible(self.is_folded or self._can_fold)
        self.unfold.show_state(self.theme, folded=self.is_folded)
        self._lay_out()

    def end_whole(self) -> None:
        self.row.actions.wide.setChecked(False)

    def dock(self, panel: QWidget | None) -> None:
        self.arrangement.docked = panel
        self._place_over_outputs()

    # Size and places

    def _names(self) -> list[str]:
        count = (self._sizes or _NO_NETWORK)[-1]
        return [class_name(self.presenter.classes, output) for output in range(count)]

    def _form(self, opened: int | None = None) -> CardForm:
        sizes = self._sizes or _NO_NETWORK
        opened = opened or self.picture.open_layer or min(self._wanted_layer, max(1, len(sizes) - 2))
        has_stage = self.presenter.stage is not None
        return CardForm(sizes, opened, self._names(), self._can_fold, has_stage, self._has_wide_table)

    def _lay_out(self, opened: int | None = None) -> None:
        self.arrangement.lay_out(self._form(opened))
        self._show_over_pad()

    def _place_over_outputs(self) -> None:
        self.arrangement.place_over_outputs(self._form())

    def _on_pane(self) -> None:
        if self.is_folded:
            self._lay_out()
            self.set_seen(self.isVisible() or self.pane.isVisible())
            self.presenter.refresh()

    def _widen(self) -> None:
        if self.is_folded and self.row.is_on:
            self.pad.setFocus()
        self.updateGeometry()
        self._lay_out()
        self.room_wanted.emit()
        self.row.draw(self.presenter.shown)

    @property
    def handy_unfolded(self) -> int:
        return self.arrangement.handy_unfolded(self._form())

    @property
    def least_unfolded(self) -> int:
        return self.arrangement.least_unfolded(self._form())

    def minimumSizeHint(self) -> QSize:
        height = self.arrangement.folded_height(self._form()) if self.is_folded else self.least_unfolded
        return QSize(700, height)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint() if self.is_folded else QSize(1130, 410)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "presenter"):
            self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lay_out()
        self.set_seen(True)
        self.row.draw(self.presenter.shown)
        self.presenter.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.set_seen(self.is_folded and self.pane.isVisible())

    def frame_of(self, unit: Unit) -> QRect | None:
        frame = self.picture.frame_of(unit)
        if frame is None:
            return None
        window = self.window()
        return frame.translated(self.picture.mapTo(window, QPoint()) - self.mapTo(window, QPoint()))
