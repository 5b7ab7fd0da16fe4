"""Decides what the network card shows, and when it is made anew."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject

from mnistviz.engine.moment import Moment
from mnistviz.gui.common.bar_table import BarTableContent
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.batch_stage import BatchStage
from mnistviz.gui.lab.in_card import AlteredPicture, Beside
from mnistviz.gui.lab.moments import Moments
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.card_picture import PARTS, WORDS, CardPicture, PadContent, Part, health_of, present
from mnistviz.gui.network.card_widgets import CardWidgets
from mnistviz.gui.network.flow import Scales
from mnistviz.gui.network.last_flag import LastFlag
from mnistviz.gui.network.pad import picture_words
from mnistviz.gui.network.selection import Selected, Selection
from mnistviz.gui.network.stage_picture import present_stage

_JUST_NOW: Final = 0.02  # seconds after a response to the user: the next frame need not show all of it again


class CardPresenter(QObject):
    """Has the widgets show what lies on the pad, or a stage of a mini-batch, in the network of the moment: at once
    after what the user did, and else no more often than can be seen."""

    def __init__(
        self, widgets: CardWidgets, selection: Selection, moments: Moments | None,
        table_changed: Callable[[], object],
    ) -> None:  # fmt: skip
        """`table_changed` is called when the table of a stage is there, or no more."""
        super().__init__(widgets)
        self._widgets, self._selection, self._tell_table = widgets, selection, table_changed
        self.shown = Shown()
        self.is_seen = False
        """Else nothing of a moment is worked out."""
        self.classes: tuple[str, ...] = ()
        self.stage: BatchStage | None = None
        self.altered: AlteredPicture | None = None
        """Shown in the place of what lies on the pad."""
        self.beside: Beside | None = None
        """Whose outputs are shown beside, in the place of those at the last flag."""
        self.last_flag = LastFlag(moments, self.respond)
        self.picture = CardPicture()
        """What is shown."""
        self._content = PadContent()
        self._selected: Selected | None = None  # until something else is
        self._responded_at = 0.0  # to a stroke or to the mouse, in seconds
        self._later = new_timer(self, self._catch_up, round(1000 * WORDS))

    def take_over(self, other: CardPresenter) -> None:
        self.altered, self.beside = other.altered, other.beside
        self.last_flag.moment, self.picture = other.last_flag.moment, CardPicture(other.picture.memory)

    # What lies on the pad

    def take_content(self) -> bool:
        """Looks at what lies on the pad now; whether it is something else."""
        row, altered, before = self._widgets.row, self.altered, self._content
        picture, note, dots = (
            (row.picture, row.note, ()) if altered is None else (altered.picture, altered.note, altered.dots)
        )
        self._content = PadContent(picture, row.true_label, note, self._captions(), dots)
        return not self._content.is_as(before)

    def _captions(self) -> tuple[str, ...]:
        """How the picture is made of what lies on the pad, where that is not as usual."""
        pad, toll = self._widgets.pad, self._widgets.noise.toll
        share = 0.0 if pad.noise is None else pad.noise.strength
        as_usual = pad.is_centred or pad.sheet.number is not None  # a digit of a set is what it is
        return () if pad.is_wide else picture_words.captions(share, toll, centred=as_usual)

    def take_stage(self, stage: BatchStage | None) -> None:
        """From now on a stage is shown, or the drawing again."""
        self.stage = stage
        self._later.stop()
        if stage is None:
            self._widgets.table.show_content(BarTableContent())

    # When

    def follow(self, before: Shown) -> None:
        """Shows the moment of now, unless all is as it was `before`."""
        shown = self.shown
        if shown.moment is None or self.stage is not None:
            return
        same = shown.moment.same_as(before.moment) and health_of(shown) is health_of(before)
        if same and self.picture.when == moment_words.at(shown):
            return
        if shown.rests:
            self._present()
            self._later.start()  # scales and words are looked at once more
        elif time.monotonic() - self._responded_at > _JUST_NOW:
            self._present()
        elif not self._later.isActive():
            self._later.start()

    def respond(self, *hurried: Part) -> None:
        """Shows at once what the user did."""
        self._present(*hurried)
        self._responded_at = time.monotonic()

    def refresh(self) -> None:
        """Makes all of it anew, after a change of what is shown or how."""
        self.take_content()
        self._present(*PARTS)

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will be written until something changes."""
        return not self._later.isActive()

    def _catch_up(self) -> None:
        """Writes what had to wait; at rest all that is made less often than each frame is made once more."""
        self._present(*(PARTS if self.shown.rests else ("words",)))

    # Making it

    def _present(self, *hurried: Part) -> None:
        """Shows what there is now. What is `hurried` is made again at once: so is what depends on a selection."""
        widgets, moment = self._widgets, self.shown.moment
        if hurried:
            self._selected = None
        if moment is None or not self.is_seen:
            widgets.head.show_note(self._content.note)
            widgets.seen.show_image(self._content.picture)
            return
        if moment.network.sizes != widgets.picture.sizes:
            return  # its layers are being laid out
        memory = self.picture.memory.hurried(*hurried) if hurried else self.picture.memory
        if self._selected is None:
            self._selected = self._selection.value(
                layer=widgets.picture.open_layer,
                path=widgets.foot.path.isChecked(),
                learned=widgets.showing.learned(),
            )
        if self.stage is not None:
            self._present_stage(self.stage, moment, self._selected)
            return
        self.picture = picture = present(
            self.shown, self._content, self._selected, memory, self.classes, time.monotonic(),
            self._other,
        )  # fmt: skip
        self._show(picture)
        if not picture.is_behind:
            self._later.stop()
        elif not self._later.isActive():
            self._later.start()

    def _present_stage(self, stage: BatchStage, moment: Moment, selected: Selected) -> None:
        scales = Scales(stage.batch.before, health_of(self.shown))
        picture = present_stage(stage, moment, selected, scales, self.picture.memory)
        self.picture = replace(self.picture, memory=picture.memory)
        table = self._widgets.table
        before = table.content
        table.show_content(picture.table or BarTableContent())
        if bool(before.above) != bool(table.content.above):
            self._tell_table()
        self._show(picture)

    def _show(self, picture: CardPicture) -> None:
        widgets = self._widgets
        if widgets.is_folded:
            widgets.ribbon.show_picture(picture)
        for part in (widgets.seen, widgets.head, widgets.foot):
            part.show_picture(picture)
        widgets.head.show_seen(widgets.seen.title)
        if widgets.picture.isVisible() or not widgets.is_folded or widgets.part == "units":
            widgets.picture.show_picture(picture)

    @property
    def _other(self) -> Beside | None:
        flag = self.last_flag.moment
        return self.beside or (None if flag is None else Beside(flag))
