"""Decides what the network card shows, when it is updated, and with which network it is compared."""

import time
from collections.abc import Callable
from typing import Final, Self

from msgspec.structs import replace
from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from mnistviz.engine.acts import Changed, gesture_of
from mnistviz.engine.moment import Moment
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.in_card import AlteredPicture, BatchStage, Beside
from mnistviz.gui.lab.questions import Questions
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network import card_picture
from mnistviz.gui.network.card_picture import PARTS, CardPicture, PadContent, Part, health_of, present
from mnistviz.gui.network.card_widgets import CardWidgets
from mnistviz.gui.network.flow import Scales
from mnistviz.gui.network.pad.picture_options import captions
from mnistviz.gui.network.selection import Selected, Selection
from mnistviz.gui.network.stage_picture import present_stage


class LastFlag:
    """Loads the network at the last change of a setting in a background job, once for each change."""

    KEY: Final = "network at the last flag"

    def __init__(self, questions: Questions | None, changed: Callable[[], object]) -> None:
        """Call `changed` whenever `moment` changes; without `questions` there is never one."""
        self.moment: Moment | None = None
        self._questions, self._changed = questions, changed
        self._of: tuple[int, int] | None = None  # run and step of the last request

    def follow(self, shown: Shown) -> None:
        step = last_change(shown)
        of = None if step is None or shown.number is None else (shown.number, step)
        if of == self._of or self._questions is None:
            return
        self._of = of
        self._set(None)
        if of is None or step is None or shown.run is None:
            self._questions.withdraw(self.KEY)
        else:
            self._questions.ask_moment(self.KEY, shown.run, step, self._set, lambda error: self._set(None))

    def _set(self, moment: Moment | None) -> None:
        if moment is not self.moment:
            self.moment = moment
            self._changed()


def last_change(shown: Shown) -> int | None:
    """Return the step of the last change of a setting before the step shown, or of the fork. None if there is none, for
    a mixture, or while the record is too short. Settings before the first step do not count."""
    run, moment = shown.run, shown.moment
    if run is None or moment is None or run.record is None or shown.preview is not None:
        return None
    steps = [] if run.parent is None else [run.parent.step]
    commands = run.history.interventions
    for number in range(len(commands) - 1, -1, -1):
        if isinstance(commands[number], Changed) and commands[number].step < moment.step:
            steps.append(commands[gesture_of(commands, number).start].step)
            break
    earliest = 0 if run.origin is not None and run.origin.learned else 1
    known = [step for step in steps if earliest <= step < moment.step and step <= run.record.step]
    return max(known, default=None)


_JUST_NOW: Final = 0.02  # seconds after an update for the user in which the next frame need not repeat it


class CardPresenter(QObject):
    """Updates the widgets: at once after a user action, otherwise no more often than can be seen."""

    def __init__(
        self, widgets: CardWidgets, selection: Selection, path: QAction, questions: Questions | None,
        stage_shown: Callable[[], object],
    ) -> None:  # fmt: skip
        """Show the strongest path while `path` is checked; `stage_shown` is called when a stage covers the pad."""
        super().__init__(widgets)
        self._widgets, self._selection, self._path = widgets, selection, path
        self._stage_shown = stage_shown
        self.shown = Shown()
        self.is_seen = False
        self.classes: tuple[str, ...] = ()
        self.stage: BatchStage | None = None
        self.altered: AlteredPicture | None = None
        self.beside: Beside | None = None
        """Network whose outputs are compared, in place of those at the last flag."""
        self.last_flag = LastFlag(questions, self.respond)
        self.picture = CardPicture()
        self._content = PadContent()
        self._selected: Selected | None = None  # None after a change of the selection
        self._responded_at = 0.0  # time of the last update for the user, in seconds
        self._later = new_timer(self, self._catch_up, round(1000 * card_picture.WORDS))

    def adopt(self, other: Self) -> None:
        self.altered, self.beside = other.altered, other.beside
        self.last_flag.moment, self.picture = other.last_flag.moment, CardPicture(other.picture.memory)

    def read_content(self) -> bool:
        row, altered, before = self._widgets.row, self.altered, self._content
        picture, note, dots = (
            (row.picture, row.note, ()) if altered is None else (altered.picture, altered.note, altered.dots)
        )
        self._content = PadContent(picture, row.true_label, note, self._captions(), dots)
        return not self._content.is_as(before)

    def _captions(self) -> tuple[str, ...]:
        pad, accuracy = self._widgets.pad, self._widgets.noise.accuracy
        share = 0.0 if pad.noise is None else pad.noise.strength
        as_usual = pad.is_centred or pad.sheet.number is not None  # a sample of a data set is never centred
        return () if pad.is_wide else captions(share, accuracy, centred=as_usual)

    def set_stage(self, stage: BatchStage | None) -> None:
        self.stage = stage
        self._later.stop()
        if stage is None:
            self._widgets.stage.show_content(None)

    def follow(self, before: Shown) -> None:
        shown = self.shown
        if shown.moment is None or self.stage is not None:
            return
        same = shown.moment.same_as(before.moment) and health_of(shown) is health_of(before)
        if same and self.picture.when == moment_words.at(shown):
            return
        if shown.rests:
            self._present()
            self._later.start()  # update scales and texts once more
        elif time.monotonic() - self._responded_at > _JUST_NOW:
            self._present()
        elif not self._later.isActive():
            self._later.start()

    def respond(self, *due: Part) -> None:
        self._present(*due)
        self._responded_at = time.monotonic()

    def refresh(self) -> None:
        self.read_content()
        self._present(*PARTS)

    def _catch_up(self) -> None:
        self._present(*(PARTS if self.shown.rests else ("words",)))

    def _present(self, *due: Part) -> None:
        """Update the widgets. The `due` parts, and all that depends on the selection, are updated at once."""
        widgets, moment = self._widgets, self.shown.moment
        if due:
            self._selected = None
        if moment is None or not self.is_seen:
            widgets.head.show_note(self._content.note)
            widgets.seen.show_image(self._content.picture)
            return
        if moment.network.sizes != widgets.picture.sizes:
            return  # the layers are being arranged
        memory = self.picture.memory.hurried(*due) if due else self.picture.memory
        if self._selected is None:
            layer, learned = widgets.picture.open_layer, widgets.showing.learned()
            self._selected = self._selection.value(layer=layer, path=self._path.isChecked(), learned=learned)
        if self.stage is not None:
            self._present_stage(self.stage, moment, self._selected)
            return
        flag = self.last_flag.moment
        beside = self.beside or (None if flag is None else Beside(flag))
        given = self.shown, self._content, self._selected, memory, self.classes, time.monotonic(), beside
        self.picture = picture = present(card_picture.CardInput(*given))
        self._show(picture)
        if not picture.is_behind:
            self._later.stop()
        elif not self._later.isActive():
            self._later.start()

    def _present_stage(self, stage: BatchStage, moment: Moment, selected: Selected) -> None:
        scales = Scales(stage.batch.before, health_of(self.shown))
        picture = present_stage(stage, moment, selected, scales, self.picture.memory)
        self.picture = replace(self.picture, memory=picture.memory)
        figure = self._widgets.stage
        is_new = figure.content is None
        figure.show_content(picture.numbers)
        if is_new:
            self._stage_shown()
        self._show(picture)

    def _show(self, picture: CardPicture) -> None:
        widgets = self._widgets
        widgets.showing.setVisible(picture.has_choice and widgets.part is None)
        for part in (widgets.seen, widgets.head, widgets.foot, widgets.small):
            part.show_picture(picture)
        widgets.picture.show_picture(picture)
