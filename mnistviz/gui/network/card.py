"""The network card: a drawing flows from the pad through the layers to the outputs, live."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, Literal

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPixmap,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QWidget

from mnistviz.engine.digits import SIDE, Digits
from mnistviz.engine.moment import Moment, SetName
from mnistviz.gui.common.bar_table import BarTable, BarTableContent
from mnistviz.gui.common.class_names import class_name
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.laid_out import laid_out
from mnistviz.gui.common.theme import LIGHT, Theme
from mnistviz.gui.common.widgets import set_icon, small_font
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.batch_stage import BatchStage
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.moments import Moments
from mnistviz.gui.lab.picture_questions import PictureQuestions
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network import card_words, stage_words
from mnistviz.gui.network.altered_picture import AlteredPicture, paint_dots
from mnistviz.gui.network.beside import Beside
from mnistviz.gui.network.card_foot import CardFoot
from mnistviz.gui.network.card_head import CardHead
from mnistviz.gui.network.card_layout import (
    EDGE,
    FRAME,
    MARGIN,
    CardLayout,
    CardTexts,
    arrange,
    arrange_pane,
    arrange_wide,
    least_height,
)
from mnistviz.gui.network.card_picture import PARTS, WORDS, CardPicture, PadContent, Part, health_of, present
from mnistviz.gui.network.flow import Scales
from mnistviz.gui.network.input_view import InputView
from mnistviz.gui.network.last_flag import LastFlag
from mnistviz.gui.network.layer_pane import LayerPane
from mnistviz.gui.network.network_picture import NetworkPicture
from mnistviz.gui.network.pad import picture_words
from mnistviz.gui.network.pad.noise_figure import NoiseFigure
from mnistviz.gui.network.pad.picture_options import PictureOptions
from mnistviz.gui.network.pad.scratchpad import Scratchpad, Tools
from mnistviz.gui.network.ribbon import OutputRibbon, UnfoldButton, ribbon_height, ribbon_places, way_picture
from mnistviz.gui.network.row.row_controller import RowController
from mnistviz.gui.network.row.row_layout import RowPlaces, cells_height, least_row, row_places
from mnistviz.gui.network.selection import Selected, Selection, Unit
from mnistviz.gui.network.stage_picture import present_stage
from mnistviz.gui.network.weight_colours import ColourScales
from mnistviz.gui.network.weight_controls import WeightSwitch

_NO_NETWORK: Final = (784, 30, 10)  # what the card is laid out for before there is one
REPORT_OF_UNITS: Final = QSize(452, 436)
REPORT: Final = QSize(1_156, 432)  # pixels of the screen, of a picture for a report
REPORT_OF_ROW: Final = QSize(1_000, 220)
ReportPart = Literal["network", "units", "row"]
"""What of the card a picture for a report shows: all of it, its units, or the row with what was read."""
_MOST_PIXELS: Final = (1 << 24) - 1  # of a widget's side, for Qt
_LEAST_WITH_PANEL: Final = 640  # pixels of the card's width
_JUST_NOW: Final = 0.02  # seconds after a response to the user: the next frame need not show all of it again


class NetworkCard(QFrame):
    """Shows the network's answer in each frame, and at once after a stroke.

    Layers are numbered as in `Network.sizes`: 1 is the first after the input. Units count from 0 here and
    from 1 on the screen.
    """

    unit_opened = Signal(int, int)
    """layer, unit: it is to be seen large"""
    unit_chosen = Signal(object)
    """(layer, unit), or None"""
    room_wanted = Signal()
    """It needs more height than before, or less."""
    unfold_wanted = Signal(bool)
    """It is to have all the room, or to be folded again."""
    folded = Signal(bool)
    """It has become a ribbon, or is a card again."""
    stage_up_wanted = Signal()
    """Escape goes up from a stage of a mini-batch: from one digit to all, or to the drawing."""
    stage_off_wanted = Signal()
    """Something else lies on the pad, so that no stage is to be seen any more."""
    altered_off_wanted = Signal()
    """Escape ends what is shown in the place of what lies on the pad."""

    def __init__(
        self,
        theme: Theme = LIGHT,
        parent: QWidget | None = None,
        *,
        jobs: Jobs | None = None,
        moments: Moments | None = None,
        pictures: PictureQuestions | None = None,
    ) -> None:
        """`jobs` read pictures of rows; without them there are none. `moments` give the network at the last flag,
        `pictures` say what noise does to the test digits."""
        super().__init__(parent)
        self.setObjectName("network")
        self.setProperty("role", "card")
        self.setAccessibleName(self.tr("The network"))
        self._theme = theme
        self._shown = Shown()
        self._sizes: tuple[int, ...] = ()
        self._classes: tuple[str, ...] = ()
        self._wanted_layer = 1
        self._wanted_unit: int | None = None
        self._acts = True  # else nothing is offered, as in a picture for a report
        self._part: ReportPart = "network"  # what is shown: in a picture it may be a part alone
        self._is_folded = self._can_fold = False
        self._docked: QWidget | None = None
        self._seen = False  # else nothing of a moment is worked out
        self._content = PadContent()
        self._selected: Selected | None = None  # until something else is
        self._responded_at = 0.0  # to a stroke or to the mouse, in seconds
        self.presented = CardPicture()
        """What is shown."""
        self._later = QTimer(self, singleShot=True, interval=round(1000 * WORDS))
        self._later.timeout.connect(self._catch_up)
        self.selection = Selection(self)
        self.last_flag = LastFlag(moments, self)
        self._beside: Beside | None = None
        self._make_pad(pictures)
        self.seen = InputView(theme, self)
        self.picture = NetworkPicture(theme, self.selection, self)
        self.head = CardHead(self)
        self.foot = CardFoot(theme, self)
        self.showing = WeightSwitch("units_showing")
        self.showing.setParent(self)
        self.row = RowController(theme, self.pad, jobs, self)
        own = [self.pad.undo_action, self.pad.redo_action]  # in the layers their keys are for the settings
        for part in (self.tools, self.row.cells, self.row.side):
            part.addActions(own)
        self.addActions([action for action in self.pad.actions() if action not in own])
        self.ribbon = OutputRibbon(theme, self.selection, self)
        self.pane = LayerPane(self)
        """Has the layers while the card is folded; the window puts it where there is room."""
        self.pane.addActions([action for action in self.pad.actions() if action not in own])
        self.unfold = UnfoldButton(self)
        self._way = QLabel(self)
        self._make_stage_parts()
        for widget in (self.ribbon, self.pane, self.unfold, self._way):
            widget.hide()
        self._connect()
        self.picture.show_message(self.tr("The network appears here once the digits are loaded."))
        self._lay_out()

    def _make_pad(self, pictures: PictureQuestions | None) -> None:
        self.pad = Scratchpad(self._theme, self)
        self.tools = Tools(self.pad, self)
        self.noise = NoiseFigure(pictures, self)
        self.options = PictureOptions(self.pad, self.noise, self)

    def _make_stage_parts(self) -> None:
        self._stage: BatchStage | None = None
        self._is_stage_left = False  # with another moment it goes
        self.table = BarTable(
            self._theme,
            "stage_table",
            self.tr("The stage in numbers"),
            self.tr(
                "What this stage of backpropagation works out at each output, or for the unit pointed at."
            ),
            self,
        )
        self.table.hide()
        self._altered: AlteredPicture | None = None
        self._over_pad = QLabel(self)
        self._over_pad.setObjectName("over_pad")
        self._over_pad.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # else the pad is painted with it
        self._over_pad.hide()

    def _connect(self) -> None:
        self.row.changed.connect(self._on_content)
        self.row.widened.connect(self._widen)
        self.noise.changed.connect(self._on_noise)
        self.pad.options_action.triggered.connect(self._open_options)
        self.selection.changed.connect(lambda: self._respond("words", "path"))
        self.selection.unit_chosen.connect(self.unit_chosen)
        self.picture.opened.connect(self.unit_opened)
        self.picture.layer_wanted.connect(self.open_layer)
        self.head.layer_wanted.connect(self.open_layer)
        self.seen.titled.connect(self.head.show_seen)
        self.seen.pointed.connect(self.selection.point_pixel)
        self.seen.clicked.connect(self._on_pixel)
        self.last_flag.changed.connect(self._respond)
        self.foot.path_wanted.connect(self._on_path)
        self.showing.changed.connect(self.refresh)
        self.foot.large_wanted.connect(self._open_chosen)
        self.table.pointed.connect(lambda output: self.selection.point(None, None, output))
        self.table.clicked.connect(self.selection.choose_output)
        self.pane.changed.connect(self._on_pane)
        self.pane.escaped.connect(self.let_go)
        self.unfold.clicked.connect(lambda: self.unfold_wanted.emit(self._is_folded))

    # What the window calls

    def draw(self, shown: Shown) -> None:
        """Shows the network of the moment, and what it makes of what lies on the pad. Costs nothing while the card is
        hidden, or where all is as before."""
        before, self._shown = self._shown, shown
        moment = shown.moment
        if moment is not None and moment.network.sizes != self._sizes:
            self._begin(moment.network.sizes)
        elif moment is not None and (of := self.presented.memory.of) is not None and of[0] != moment.run:
            self.selection.point(None, None, None)
        self.row.draw(shown)
        if self._is_stage_left and moment is not None and not moment.same_as(before.moment):
            self.show_stage(None)
        if moment is None or not self._seen:
            return
        self.last_flag.follow(shown)
        self.noise.draw(shown)
        if self._stage is not None:
            return
        same = moment.same_as(before.moment) and health_of(shown) is health_of(before)
        if same and self.presented.when == moment_words.at(shown):
            return
        if shown.rests:
            self._present()
            self._later.start()  # scales and words are looked at once more
        elif time.monotonic() - self._responded_at > _JUST_NOW:
            self._present()
        elif not self._later.isActive():
            self._later.start()

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will be written until something changes."""
        return not self._later.isActive()

    def refresh(self) -> None:
        """Makes all of it anew, after a change of what is shown or how."""
        self._take_content()
        self._present(*PARTS)

    def _take_content(self) -> None:
        label, altered = self.row.true_label, self._altered
        if altered is not None:
            self._content = PadContent(altered.picture, label, altered.note, self._captions(), altered.dots)
        else:
            self._content = PadContent(self.row.picture, label, self.row.note, self._captions())

    def _captions(self) -> tuple[str, ...]:
        """How the picture is made of what lies on the pad, where that is not as usual."""
        pad, toll = self.pad, self.noise.toll
        share = 0.0 if pad.noise is None else pad.noise.strength
        as_usual = pad.is_centred or pad.sheet.number is not None  # a digit of a set is what it is
        return () if pad.is_wide else picture_words.captions(share, toll, centred=as_usual)

    def _on_noise(self) -> None:
        """Something else is known of the noise."""
        self._take_content()
        self._respond()

    def _open_options(self) -> None:
        self.options.open(self.tools.buttons[-1])

    def show_altered(self, altered: AlteredPicture | None) -> None:
        """Shows a picture in the place of what lies on the pad, or that again. It flows through the network."""
        if altered is self._altered:
            return
        self._altered = altered
        self._take_content()
        self._respond("words")
        self._show_over_pad()
        if altered is not None and self._stage is not None:
            self.stage_off_wanted.emit()

    def _on_content(self) -> None:
        """Something may have changed on the pad: what is drawn is answered at once, in figures, too."""
        before = self._content
        self._take_content()
        same = self._content.is_as(before)
        self._respond(*(() if same else ("words",)))
        if self._stage is not None and not same:
            self.stage_off_wanted.emit()

    def _respond(self, *hurried: Part) -> None:
        """Shows at once what the user did."""
        self._present(*hurried)
        self._responded_at = time.monotonic()

    def _catch_up(self) -> None:
        """Writes what had to wait, and looks at the colours of weights that rest once more."""
        self._present("words", *(("weights",) if self._shown.rests else ()))

    def _on_pixel(self) -> None:
        """Keeps the weight of the chosen unit from the pixel that was clicked."""
        unit, pixel = self.selection.chosen_unit, self.selection.pointed_pixel
        if unit is not None and unit[0] == 1 and pixel is not None:
            self.selection.choose_cell(pixel)

    def _on_path(self, on: bool) -> None:
        if on:
            self.selection.choose_unit(None)  # its lines would be shown instead
        self.refresh()

    def _present(self, *hurried: Part) -> None:
        """Shows what there is now. What is `hurried` is made again at once: so is what depends on a selection."""
        if hurried:
            self._selected = None
        if self._shown.moment is None or not self._seen:
            self.head.show_note(self._content.note)
            self.seen.show_image(self._content.picture)
            return
        if self._shown.moment.network.sizes != self.picture.sizes:
            return  # its layers are being laid out
        memory = self.presented.memory
        if hurried:
            memory = memory.hurried(*hurried)
        if self._selected is None:
            path, learned = self.foot.path.isChecked(), self.showing.learned()
            self._selected = self.selection.value(layer=self.layer, path=path, learned=learned)
        if self._stage is not None:
            self._present_stage(self._stage, self._shown.moment, self._selected)
            return
        self.presented = picture = present(
            self._shown, self._content, self._selected, memory, self._classes, time.monotonic(),
            self._other,
        )  # fmt: skip
        self._show_picture(picture)
        if not picture.is_behind:
            self._later.stop()
        elif not self._later.isActive():
            self._later.start()

    def _show_picture(self, picture: CardPicture) -> None:
        if self._is_folded:
            self.ribbon.show_picture(picture)
        for part in (self.seen, self.head, self.foot):
            part.show_picture(picture)
        if self.picture.isVisible() or not self._is_folded or self._part == "units":
            self.picture.show_picture(picture)

    @contextmanager
    def for_report(self, shown: Shown, part: ReportPart = "network") -> Iterator[QWidget]:
        """A widget that shows the same, or a part of it, without what only a hand needs, to be painted elsewhere: in a
        size of its own, whatever the window has room for."""
        card = NetworkCard(self._theme, self.window())
        card.hide()
        if shown.digits is not None:
            card.set_digits(shown.digits)
        chosen = {} if part != "units" else {"unit": None, "output": None, "path": False}
        card.restore({**self.state(), **chosen})
        card.pad.start_with(self.pad.sheet)
        card.pad.set_noise(self.pad.noise)
        card.noise.toll, card._altered = self.noise.toll, self._altered
        card.row.take_over(self.row)
        card.last_flag.moment, card._beside = self.last_flag.moment, self._beside
        card.presented = CardPicture(replace(self.presented.memory, times={}))
        card._acts, card._part = False, part
        for control in (card.tools, card.row.side, card.showing, card.pane.hint):
            control.hide()
        card._set_seen(True)
        try:
            with laid_out(card, REPORT_OF_ROW if part == "row" else REPORT):
                if part == "units":
                    card.pane.resize(REPORT_OF_UNITS)
                    card._fold(folded=True)
                    card.pane.hint.hide()
                    card.pane.show()
                card.draw(shown)
                card.row.be_ready()
                card.refresh()
                if part == "row":
                    card._show_row_alone()
                yield card.pane if part == "units" else card
        finally:
            card.setParent(None)
            card.deleteLater()

    def units_told(self, shown: Shown) -> str:
        """What a picture of the units is of: the run, the moment, what is shown of the weights, and the scale."""
        learned = self.showing.learned()
        limit = (
            1.0
            if shown.moment is None
            else self.presented.memory.colours.fit(shown.moment, self.layer, learned=learned)
        )
        return card_words.units_told(shown, limit, learned=learned)

    def _show_row_alone(self) -> None:
        """Leaves nothing but the row and its cells."""
        for part in self.children():
            if isinstance(part, QWidget) and part not in (self.pad, self.row.cells):
                part.hide()
        self._lay_out_row()

    def _lay_out_row(self) -> None:
        """The row has all of the card; nothing else is seen."""
        room = self.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN // 2)
        below = QRect(room)
        below.setTop(room.bottom() - cells_height(self._line))
        room.setBottom(below.top() - 2)
        self.pad.setGeometry(room)
        self.row.place(RowPlaces(0, room, below, QRect(), QRect()))

    def set_digits(self, digits: Digits) -> None:
        """The set that test digits and the names of the classes come from. No run on another one goes on."""
        self._shown = Shown(digits)
        self.pad.set_digits(digits)
        self.set_classes(digits.classes)

    def set_beside(self, moment: Moment | None, there: str, here: str) -> None:
        """Shows the outputs of another network beside those shown, by the names of the two, or no more. Those at the
        last flag are not seen meanwhile."""
        self._beside = None if moment is None else Beside(moment, there, here)
        self._respond("words")

    # A stage of a mini-batch

    @property
    def stage(self) -> BatchStage | None:
        """What of a mini-batch is shown in the place of the drawing."""
        return self._stage

    def show_stage(self, stage: BatchStage | None) -> None:
        """Shows a stage of a mini-batch, or what lies on the pad again."""
        if stage is not None and stage.batch.before.sizes != self._sizes:
            stage = None
        changes, self._is_stage_left = (stage is None) != (self._stage is None), False
        was_wide = self._has_wide_table
        if stage is None and not changes:
            return
        if stage is not None:
            self.end_whole()
        self._stage = stage
        self._later.stop()
        if changes:
            self.picture.show_errors(stage is not None)
            self.tools.setEnabled(stage is None)
            self.foot.show_symbols("" if stage is None else stage_words.symbols())
        self.head.show_title("" if stage is None else stage_words.place_told(stage)[0])
        self._show_switch()
        if was_wide != self._has_wide_table:
            self._show_layers()
        if stage is None:
            self.table.show_content(BarTableContent())
            self.presented = replace(self.presented, memory=replace(self.presented.memory, times={}))
        self.refresh()
        self._place_docked()
        self._show_over_pad()

    @property
    def _has_wide_table(self) -> bool:
        """Whether the layers are folded to give the table of the errors their room."""
        error = self._stage is not None and self._stage.name == "error"
        return error and not self._is_folded and len(self._sizes) > 2

    def leave_stage(self) -> None:
        """What shows the mini-batch is no longer seen. Where the layers are, the stage stays with its moment."""
        self._is_stage_left = self._is_folded and self._stage is not None
        if self._is_stage_left:
            QTimer.singleShot(0, self, self._end_left_stage)  # the layers may be about to be seen
        else:
            self.show_stage(None)

    def _end_left_stage(self) -> None:
        if self._is_stage_left and not self.pane.isVisible():
            self.show_stage(None)

    def _show_switch(self) -> None:
        """The choice of what pictures of weights show is there where there are some."""
        name = "" if self._stage is None else self._stage.name
        self.showing.setVisible(name not in ("gradient", "step") and not self._has_wide_table)

    def _present_stage(self, stage: BatchStage, moment: Moment, selected: Selected) -> None:
        scales = Scales(stage.batch.before, health_of(self._shown))
        picture = present_stage(stage, moment, selected, scales, self.presented.memory)
        self.presented = replace(self.presented, memory=picture.memory)
        before = self.table.content
        self.table.show_content(picture.table or BarTableContent())
        if bool(before.above) != bool(self.table.content.above):
            self._place_docked()
        self._show_picture(picture)

    def _show_over_pad(self) -> None:
        """Lays what is shown in the place of the drawing over the paper of the pad."""
        inset = FRAME + 2  # the pad keeps its own frame
        stage, altered, over = self._stage, self._altered, self._over_pad
        paper = self.pad.geometry().adjusted(inset, inset, -inset, -inset)
        over.setVisible(stage is not None or altered is not None)
        if over.isHidden() or paper.isEmpty():
            return
        # One draws on through an altered picture, which ends it.
        over.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, stage is None)
        if stage is not None:
            picture = stage.batch.images[stage.digit].reshape(SIDE, SIDE)
            told = ". ".join(stage_words.place_told(stage)[:2])
        else:
            assert altered is not None
            picture, told = altered.picture, altered.note
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(paper.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place = QRect(QPoint(0, 0), paper.size())
        painter.drawImage(place, digit_image(picture, self._theme))
        if stage is None and altered is not None:
            paint_dots(painter, QRectF(place), altered.dots, self._theme)
        painter.end()
        over.setGeometry(paper)
        over.setPixmap(pixmap)
        over.setAccessibleName(told)
        over.raise_()

    @property
    def _other(self) -> Beside | None:
        """What the hairlines are of."""
        flag = self.last_flag.moment
        return self._beside or (None if flag is None else Beside(flag))

    def show_digit(self, set_name: SetName, number: int) -> None:
        """Puts a digit of a set on the pad, which has room for one then."""
        self.end_whole()
        self.pad.show_digit(set_name, number)

    def set_classes(self, names: tuple[str, ...]) -> None:
        """Names the outputs."""
        if names != self._classes:
            self._classes = tuple(names)
            self.row.set_classes(self._classes)
            if self._sizes:
                self._show_layers()
            else:
                self.refresh()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for part in (self.pad, self.row, self.seen, self.foot, self.picture, self.ribbon, self.table):
            part.set_theme(theme)
        self._show_over_pad()
        self._show_unfold()

    @property
    def layer(self) -> int:
        """The open layer; 0 while there is no network."""
        return self.picture.open_layer

    def open_layer(self, layer: int) -> None:
        """Opens a layer; the one that was open is folded."""
        last = len(self._sizes) - 1
        if 0 < layer <= max(last - 1, 1) and layer != self.picture.open_layer:
            self._wanted_layer = layer
            self._show_layers()

    def select(self, layer: int, unit: int) -> None:
        """Chooses a unit, if the network has it, and opens its layer; an output is chosen as one."""
        last = len(self._sizes) - 1
        if not (0 < layer <= last and 0 <= unit < self._sizes[layer]):
            return
        if layer == last:
            self.selection.choose_output(unit)
        if layer < last or last == 1:
            self.open_layer(layer)
            self.picture.choose(unit)

    def dock(self, panel: QWidget | None) -> None:
        """Lays a panel of the card over the outputs, as long as there is room for it; None takes it away."""
        self._docked = panel
        self._place_docked()

    @property
    def has_room_for_panel(self) -> bool:
        """Whether a panel over the outputs leaves something of the picture."""
        return self._is_folded or self.width() >= _LEAST_WITH_PANEL

    @property
    def shown(self) -> Shown:
        """What was drawn last."""
        return self._shown

    @property
    def panel_home(self) -> QWidget:
        """The widget that a panel is to be part of."""
        return self.pane if self._is_folded else self

    @property
    def is_folded(self) -> bool:
        """Whether it is a ribbon now."""
        return self._is_folded

    def set_folded(self, folded: bool, *, can_fold: bool) -> None:
        """Folds the card to a ribbon, with its layers in the pane, or unfolds it. `can_fold` says that there is not
        room for all of it and the views below: then a button folds it again."""
        self._can_fold = can_fold
        if folded != self._is_folded:
            self._fold(folded=folded)
            self.folded.emit(folded)
        self._show_unfold()

    @property
    def is_whole_only(self) -> bool:
        """Whether what it shows can't be folded: a row of digits."""
        return self.row.is_on

    def end_whole(self) -> None:
        """Ends the row, so that it can be folded; what lies on the pad stays."""
        self.row.actions.wide.setChecked(False)

    def _fold(self, *, folded: bool) -> None:
        was_wide = self._has_wide_table
        self._is_folded = folded
        home = self.panel_home
        for part in (self.picture, self.head, self.foot):
            part.setParent(home)
            part.show()
        self.table.setParent(home)
        if folded:
            self.pane.tools.addWidget(self.showing)
        else:
            self.showing.setParent(self)
            self.setMaximumHeight(_MOST_PIXELS)
        self._show_switch()
        for widget in (self.ribbon, self._way):
            widget.setVisible(folded)
        self.head.show_folded(folded)
        self.foot.show_folded(folded)
        self.updateGeometry()
        if was_wide != self._has_wide_table:
            self._show_layers()
        self._lay_out()
        self.refresh()

    def _show_unfold(self) -> None:
        self.unfold.setVisible(self._is_folded or self._can_fold)
        if self._is_folded:
            self.unfold.show_words(
                self.tr("Unfold"), self.tr("Shows the large scratchpad and all of the network. (F8)")
            )
        else:
            self.unfold.show_words(
                self.tr("Fold"), self.tr("Folds the network card to a ribbon again. (Escape)")
            )
        set_icon(self.unfold, "chevron-down" if self._is_folded else "chevron-up", self._theme)
        self._lay_out()

    def let_go(self) -> bool:
        """What Escape does: gives up a picture that is being read, closes the docked unit, or lets go of what is
        chosen; False if there is nothing of that."""
        if self.row.pictures.is_reading:
            self.row.pictures.cancel()
            return True
        if self._docked is not None and self._docked.isVisible():
            self._docked.close()
            return True
        if self.selection.let_go():
            return True
        if self._altered is not None:
            self.altered_off_wanted.emit()
            return True
        if self._stage is not None:
            self.stage_up_wanted.emit()
        return self._stage is not None

    @property
    def colours(self) -> ColourScales:
        """The scales of the weights' colours, for other pictures of the same weights."""
        return self.presented.memory.colours

    def is_output(self, layer: int) -> bool:
        """Whether it is the last layer."""
        return layer == len(self._sizes) - 1

    def state(self) -> dict[str, Any]:
        """What lies on the pad and what is chosen, in values that JSON can hold."""
        chosen = self.selection.chosen_unit
        unit = self._wanted_unit if chosen is None or chosen[0] != self.layer else chosen[1]
        return {
            "pad": self.pad.state(),
            "row": self.row.state(),
            "layer": self._wanted_layer,
            "unit": unit,
            "output": self.selection.chosen_output,
            "path": self.foot.path.isChecked(),
            "showing": self.showing.value(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Takes up a `state()`, now or when the first network comes; what makes no sense is passed over."""
        pad = state.get("pad")
        pad = pad if isinstance(pad, dict) else {}
        self.pad.restore(pad)
        self.row.restore(state.get("row"))
        self.pad.restore_beside(pad)
        layer, unit, output = state.get("layer"), state.get("unit"), state.get("output")
        if type(layer) is int and layer >= 1:
            self._wanted_layer = layer
        self._wanted_unit = unit if type(unit) is int and unit >= 0 else None
        if type(output) is int and output >= 0:
            self.selection.choose_output(output)
        self.foot.path.setChecked(state.get("path") is True)
        if isinstance(showing := state.get("showing"), str):
            self.showing.set_value(showing)
        if self._sizes:
            self._show_layers()

    # Layers

    def _begin(self, sizes: tuple[int, ...]) -> None:
        """Goes over to a network with other layers."""
        before, self._sizes = self._sizes, sizes
        if self._stage is not None:
            self.show_stage(None)  # it is of another network
        self.selection.keep_to(sizes, before)
        self._show_layers()

    def _show_layers(self) -> None:
        hidden = len(self._sizes) - 2
        opened = 0 if self._has_wide_table else min(self._wanted_layer, max(1, hidden))
        names = self._names()
        wanted, self._wanted_unit = self._wanted_unit, None
        self.picture.sizes = ()  # nothing is placed before it is known where
        self._lay_out(opened)
        self.picture.show_layers(self._sizes, opened, names)
        self._place_switch(self.places)
        self.head.show_layers(self._sizes, opened, self.picture)
        self.foot.show_layers(self._sizes)
        if opened and wanted is not None and wanted < self._sizes[opened]:
            self.picture.choose(wanted)
        self.refresh()

    def _open_chosen(self) -> None:
        chosen = self.selection.chosen_unit
        if chosen is not None:
            self.unit_opened.emit(*chosen)

    # Arrangement

    def _texts(self) -> CardTexts:
        """How large the words are."""
        metrics, small = QFontMetrics(self.font()), QFontMetrics(small_font(self))
        names = max(map(metrics.horizontalAdvance, self._names()), default=10)
        return CardTexts(metrics.height(), small.height(), names, self.showing.sizeHint().width())

    def _names(self) -> list[str]:
        """Those of the outputs."""
        return [class_name(self._classes, output) for output in range((self._sizes or _NO_NETWORK)[-1])]

    def _lay_out(self, opened: int | None = None) -> None:
        sizes, texts = self._sizes or _NO_NETWORK, self._texts()
        opened = opened or self.picture.open_layer or min(self._wanted_layer, max(1, len(sizes) - 2))
        self.foot.path.setFixedHeight(texts.button)
        if self._is_folded:
            self._lay_out_folded(sizes, opened, texts)
            return
        least = self.minimumSizeHint().height()  # it may not have been given that yet
        size = self.size().expandedTo(QSize(0, least))
        row = None
        if self.row.is_on:
            row = row_places(size, self._line, self._least_below())
        above = 0 if row is None else row.height
        places = (
            arrange_wide(size, sizes, texts)
            if self._has_wide_table
            else arrange(size, sizes, opened, texts, above=above)
        )
        self.places = places
        self.pad.setGeometry(places.pad if row is None else row.pad)
        self.tools.place(places.tools if row is None else row.tools, places.tool_columns)
        if row is not None:
            self.row.place(row)
        self.seen.place(places.seen, places.seen_caption)
        self.picture.setGeometry(places.view)
        self.picture.set_places(places)
        self.head.title.setVisible(row is None)
        line = QRect(MARGIN, above, size.width() - 2 * MARGIN, places.head).adjusted(0, 4, 0, -6)
        if self._can_fold:
            wide = self.unfold.sizeHint().width()
            line.setRight(line.right() - wide - 8)
            self.unfold.setGeometry(line.right() + 9, above + 2, wide, places.head - EDGE - 4)
        self.head.place(line, places)
        self._place_switch(places)
        self.foot.place(places)
        for above_picture in (self.seen, self.seen.caption, self.showing):
            above_picture.raise_()
        self._place_docked()
        self._show_over_pad()
        if self._part == "row":
            self._lay_out_row()

    def _lay_out_folded(self, sizes: tuple[int, ...], opened: int, texts: CardTexts) -> None:
        self.setMaximumHeight(ribbon_height(texts))
        ribbon = ribbon_places(self.size(), self.unfold.sizeHint().expandedTo(QSize(92, 30)))
        self.pad.setGeometry(ribbon.pad)
        self.tools.place(ribbon.tools, 3, folded=True)
        self.seen.place(ribbon.seen, QRect())
        self.unfold.setGeometry(ribbon.unfold)
        between = QRect(
            ribbon.tools.right() + 1, 1, ribbon.seen.left() - ribbon.tools.right() - 1, self.height() - 2
        )
        self._way.setGeometry(between)
        self._way.setPixmap(way_picture(between.size(), self._theme, self.devicePixelRatioF()))
        self.ribbon.setGeometry(ribbon.outputs)
        self.ribbon.arrange(self._names())
        self.places, self._unit_room = arrange_pane(
            self.pane.size(), sizes, opened, texts, alone=self._part == "units"
        )
        self.picture.setGeometry(self.places.view)
        self.picture.set_places(self.places)
        self.head.setVisible(len(sizes) > 3 or self._part == "units")
        line = QRect(
            self.places.view.left(),
            4,
            self._unit_room.left() - self.places.view.left(),
            self.places.head - 10,
        )
        self.head.place(line, self.places)
        self.foot.place(self.places)
        self.pane.hint.setGeometry(self._unit_room)
        self._place_docked()
        self._show_over_pad()

    def _on_pane(self) -> None:
        """The pane has another size, or is seen, or no more."""
        if self._is_folded:
            QTimer.singleShot(0, self, self._end_left_stage)
            self._lay_out()
            self._set_seen(self.isVisible() or self.pane.isVisible())
            self.refresh()

    def _place_switch(self, places: CardLayout) -> None:
        """Where it is in the head it ends where the tiles end, if the title leaves it room there."""
        if self._is_folded:
            return
        place, stage = QRect(places.switch), self.picture.opened_stage
        if stage is not None and place.top() < places.view.top():
            tiles = stage.bounds.translated(places.view.topLeft())
            least = places.open.left() + places.view.left() + 2 * place.width()
            place.moveRight(min(place.right(), max(tiles.right(), least)))
        self.showing.setGeometry(place)
        self.head.keep_clear(place)

    def _widen(self) -> None:
        """A row needs more height, or no more."""
        if self._is_folded and self.row.is_on:
            self.pad.setFocus()
        self.updateGeometry()
        self._lay_out()
        self.room_wanted.emit()
        self.row.draw(self._shown)

    def _place_docked(self) -> None:
        """A panel goes where there is no room for it, and comes back. Nothing else moves for it."""
        panel, places = self._docked, self.places
        covered = panel is not None and self.has_room_for_panel and not self._is_folded
        table, stage = bool(self.table.content.above), self._stage is not None
        self.picture.cover_outputs(covered or (table and not self._is_folded))
        self.table.setVisible(table)
        if self._is_folded:
            self.table.setGeometry(self._unit_room)
            self.foot.show_actions(not stage, alone=stage)
            self.pane.hint.setVisible(panel is None and not table)
            if panel is not None:
                panel.setGeometry(self._unit_room)
                panel.setVisible(not table)  # the numbers of a stage come first
            return
        self.foot.show_actions(self._acts and not covered and not stage, alone=stage and not covered)
        outputs = places.outputs.translated(places.view.topLeft())
        room = outputs.adjusted(-MARGIN, 0, MARGIN - 2, 0)
        room.setBottom(places.foot.top() - 1)
        self.table.setGeometry(room)
        self.table.raise_()
        if panel is None:
            return
        left = places.actions.left()
        top = places.view.top() + EDGE - places.head
        panel.setGeometry(left, top + 1, self.width() - left - 1, self.height() - top - 2)
        there, focus = self.has_room_for_panel, QApplication.focusWidget()
        if not there and focus is not None and (focus is panel or panel.isAncestorOf(focus)):
            self.picture.setFocus()  # else it would go to whatever is next in the window
        panel.setVisible(there)
        panel.raise_()

    @property
    def _line(self) -> int:
        return self.fontMetrics().height()

    def _least_below(self) -> int:
        return least_height(self._line, (self._sizes or _NO_NETWORK)[-1])

    @property
    def least_unfolded(self) -> int:
        """The height of all of it, at least."""
        row = least_row(self._line) if self.row.is_on else 0
        return self._least_below() + row

    def minimumSizeHint(self) -> QSize:
        if self._is_folded:
            return QSize(700, ribbon_height(self._texts()))
        return QSize(700, self.least_unfolded)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint() if self._is_folded else QSize(1130, 410)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "row"):
            self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lay_out()
        self._set_seen(True)
        self.row.draw(self._shown)
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._set_seen(self._is_folded and self.pane.isVisible())

    def _set_seen(self, seen: bool) -> None:
        """Nothing is worked out for a card that nobody sees."""
        self._seen = seen
        self.row.set_seen(seen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape or not self.let_go():
            super().keyPressEvent(event)

    def frame_of(self, unit: Unit) -> QRect | None:
        """Where a unit's frame is on the card, or the row of an output; None if it is not in view."""
        frame = self.picture.frame_of(unit)
        return (
            None
            if frame is None
            else frame.translated(
                self.picture.mapTo(self.window(), QPoint()) - self.mapTo(self.window(), QPoint())
            )
        )
