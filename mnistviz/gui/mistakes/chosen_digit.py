"""One chosen digit: its label, its prediction, its history along the run, and the nearest training digits."""

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from mnistviz.engine.mistakes.nearest import nearest_digits
from mnistviz.engine.mistakes.stories import FineStretch, look_finer, story_of
from mnistviz.engine.moment import SetName
from mnistviz.gui.common.layouts import column_of, label, row_of, styled
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.common.widgets import ElidedLabel, push_button, truth_legend
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.shown import RunFacts, Shown
from mnistviz.gui.mistakes import mistake_words as words
from mnistviz.gui.mistakes import story_words
from mnistviz.gui.mistakes.digit_gallery import NearPair, NearPicture
from mnistviz.gui.mistakes.read_digits import ReadDigits, ReadSide
from mnistviz.gui.mistakes.story_strip import RunStory, StoryCard

_NEAREST, _FINER = "nearest training digits", "story of a digit"  # job keys
_PAUSE: Final = 120  # milliseconds before the nearest digits are requested
_SPACING, _BESIDE = 4, 6  # pixels: between two parts, and between those of the title's line
_MOST_STORIES: Final = 8  # digits whose predictions per mini-batch are cached

_Subject = tuple[int, str, SetName, int]
"""A run, the checksum of its data, a set, and the number of a digit in it."""


class OtherRun(NamedTuple):
    """The run beside the shown one, the names of both, and the step where they forked, or 0."""

    run: RunFacts
    names: tuple[ReadSide, ReadSide]
    fork: int


class ChosenDigit(QWidget):
    """The card of one digit, with the nearest digits after a pause, and predictions per mini-batch on a click."""

    def __init__(self, lab: Lab, show_overview: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("chosen_digit")
        self._lab, self._shown = lab, Shown()
        self._read: ReadDigits | None = None
        self._number: int | None = None
        self._other: OtherRun | None = None
        self._near_key: object = None  # what the nearest digits were requested for
        self._near_step = 0  # and of the network at which mini-batch
        self._fine: dict[_Subject, tuple[FineStretch, ...]] = {}
        self.story, self.near = StoryCard(self._go, self._look_finer, self.cancel), NearPair()
        self._title = styled(ElidedLabel(), "cardTitle", "chosen_digit_title")
        self._told = label("", name="chosen_digit_told", wraps=True)
        self._near_title = styled(ElidedLabel(), "smallPrint", "nearest_title")
        self.legend = truth_legend()
        tip = tr("Shows the overview of all digits again, in the place of this digit. (Escape)")
        name, spoken = "chosen_digit_back", tr("Overview")
        self.back_button = push_button("option", name, tr("‹ All"), tip, accessible=spoken, act=show_overview)
        head = row_of(self.back_button, (self._title, 1), self.legend, self.story.finer, spacing=_BESIDE)
        parts = head, self._told, self.story, self._near_title, self.near, None
        column_of(*parts, spacing=_SPACING, inside=self)
        self._pause_timer = new_timer(self, self._ask_nearest, _PAUSE)
        self.show_digit(Shown(), None, None)

    def adopt_theme(self) -> None:
        self._fit()

    def show_here(self, shown: Shown) -> None:
        before, self._shown = self._shown, shown
        restored = before.moment is None and shown.moment is not None and before.number == shown.number
        if restored and self._read is not None and self._read.run == shown.number:
            self._show_story()
            if self._number is not None:
                self._find_nearest(self._read, self._number)  # unless they came before the tab was hidden
        self.story.show_here(shown.here, self._other_step)

    def show_digit(
        self,
        shown: Shown,
        read: ReadDigits | None,
        number: int | None,
        told: str = "",
        other: OtherRun | None = None,
    ) -> None:
        """Show a digit by its number, with the text `told`, also in an `other` run; or ask to choose one."""
        before = self._subject
        self._shown, self._read, self._number, self._other = shown, read, number, other
        if self._subject != before:
            self.cancel()
        known = read is not None and number is not None
        for part in (self._title, self.story, self.story.finer):
            part.setVisible(known)
        if read is None or number is None:
            self._title.setText("")
            told = tr("Choose a digit: it goes to the scratchpad, and what is known of it appears here.")
            self._told.setText(told)
            self._near_key = None
            self._lab.questions.withdraw(_NEAREST)
            self._show_near("")
            return
        self._title.setText(words.digit_title(read.set_name, number))
        self._told.setText(told)
        self._show_story()
        self._find_nearest(read, number)
        self._fit()

    @property
    def _subject(self) -> _Subject | None:
        read, number = self._read, self._number
        return None if read is None or number is None else (read.run, read.data, read.set_name, number)

    def put_aside(self) -> None:
        self.stop()
        self._shown = self._shown.put_aside()

    def stop(self) -> None:
        self.cancel()
        self._pause_timer.stop()
        if not self.near.near:
            self._lab.questions.withdraw(_NEAREST)
            self._near_key = None

    def _show_story(self) -> None:
        read, run, other = self._read, self._shown.run, self._other
        if read is None or run is None:
            return
        if other is None or read.set_name == "training":
            story = RunStory(told=story_words.no_story())
            if read.set_name != "training":
                story = self._story_in(read, run, run.digits_seen, self._shown.here)
            self.story.show_stories((story,))
            return
        end = max(run.digits_seen, other.run.digits_seen)
        above = self._story_in(read, other.run, end, self._other_step, other.names[0])
        own = self._story_in(read, run, end, self._shown.here, other.names[1])
        place = None
        if other.fork:
            place = run.digits_at(other.fork) / max(1, end)
            own = replace(own, marks=own.marks.after(other.fork, place))
        above = replace(above, marks=replace(above.marks, leaves=place, labels=()))
        self.story.show_stories((above, own))

    def _story_in(
        self, read: ReadDigits, run: RunFacts, end: int, here: int, side: ReadSide | None = None
    ) -> RunStory:
        number, name_of_set = self._number or 0, read.set_name
        kept = () if name_of_set == "training" else run.readings.of(name_of_set)
        story = measured = story_of(kept, number, read.label(number))
        stretches = self._fine.get((run.number, read.data, name_of_set, number), ())
        for stretch in stretches:
            story = story.with_stretch(stretch)
        name, hue = ("", "") if side is None else (side.name, side.hue)
        marks = story_words.story_marks(story, run, read.classes, stretches, end=end, name=name)
        if side is None:
            told = story_words.story_told(story, run.epoch, sum(len(each.steps) for each in stretches))
        else:  # without the predictions per mini-batch, which only one of the runs may have
            told = story_words.story_in_short(measured, run.epoch)
        return RunStory(run.number, marks, told, here, name, hue)

    @property
    def _other_step(self) -> int:
        run, other = self._shown.run, self._other
        return -1 if run is None or other is None else other.run.nearest_step(run.digits_at(self._shown.here))

    def _run(self, number: int) -> RunFacts | None:
        runs = (self._shown.run, None if self._other is None else self._other.run)
        return next((run for run in runs if run is not None and run.number == number), None)

    def _go(self, number: int, step: int) -> None:
        """View a step; a step of the other run means the step of the shown run after as many digits."""
        run, shown = self._run(number), self._shown.run
        if run is not None and shown is not None:
            other = run.number != shown.number
            self._lab.playhead.visit(shown.nearest_step(run.digits_at(step)) if other else step)

    def _look_finer(self, number: int, begin: int, end: int) -> None:
        read, digit, run = self._read, self._number, self._run(number)
        if read is None or digit is None or run is None:
            return
        self.story.show_progress(0, end - begin)
        image = read.digits.images[digit]
        then = partial(self._on_finer, (number, read.data, read.set_name, digit))
        ends = then, lambda error: self.story.show_progress(0, 0), self.story.show_progress
        self._lab.questions.ask_run(
            _FINER, run, lambda recorded, *how: look_finer(recorded, image, begin, end, *how), *ends
        )

    def cancel(self) -> bool:
        if not self._lab.questions.is_open(_FINER):
            return False
        self._lab.questions.withdraw(_FINER)
        self.story.show_progress(0, 0)
        return True

    def _on_finer(self, subject: _Subject, stretch: FineStretch) -> None:
        self._fine[subject] = (*self._fine.pop(subject, ()), stretch)
        for oldest in list(self._fine)[:-_MOST_STORIES]:
            del self._fine[oldest]
        self.story.show_progress(0, 0)
        self._show_story()
        self.story.move_to(subject[0], int(stretch.steps[-1]))  # so that the next click continues from there

    def _find_nearest(self, read: ReadDigits, number: int) -> None:
        """Find the nearest digits after a pause, unless they are those shown or asked for: while the run trains, also
        those of an earlier network that predicts the same."""
        run, step = self._shown.run, read.found.step
        if (near_of := (self._subject, read.prediction(number))) != self._near_key:
            self._lab.questions.withdraw(_NEAREST)
            self._show_near("")
        elif run is None or run.playing or step == self._near_step:
            return
        self._near_key, self._near_step = near_of, step
        self._pause_timer.start()

    def _ask_nearest(self) -> None:
        read, number, moment = self._read, self._number, self._shown.moment
        is_own = read is not None and read.set_name == "training"
        if read is None or number is None or moment is None or (is_own and read.run != moment.run):
            self._near_key = None  # ask again once all is known, and of the run that was just selected
            return
        image, label, prediction = read.digits.images[number], read.label(number), read.prediction(number)
        training = self._lab.questions.digits.trained_on(moment.settings)
        leave_out = number if is_own else None
        self._lab.questions.ask(
            _NEAREST,
            lambda cancelled, _: nearest_digits(
                moment.network, image, label, prediction, training, leave_out=leave_out, cancelled=cancelled
            ),
            lambda near: self._on_nearest(words.near_pictures(read, prediction, training, near)),
            lambda error: self._show_near(tr("The nearest training digits could not be found.")),
            quick=True,
        )

    def _on_nearest(self, pictures: list[NearPicture]) -> None:
        self.near.show_near(pictures)
        self._show_near(tr("The nearest training digits") if pictures else "")

    def _show_near(self, title: str) -> None:
        self._near_title.setText(title)
        if not title:
            self.near.show_near(())
        self._fit()

    def _fit(self) -> None:
        """Fit the nearest digits below the history, and the legend beside the title, as far as there is room."""
        line, width, above = self.fontMetrics().height(), self.width(), 0
        if not self.story.isHidden():
            head = self.story.finer.sizeHint().height()
            told, story = self._told.heightForWidth(width), self.story.heightForWidth(width)
            above = head + told + story + 3 * _SPACING
        title = self._title.fontMetrics().horizontalAdvance(self._title.text())
        others = (self.legend, self.story.finer, *([] if self.back_button.isHidden() else [self.back_button]))
        beside = sum(each.sizeHint().width() + _BESIDE for each in others)
        has_story = self._number is not None and len(self.story.strip.story.steps) > 0
        self.legend.setVisible(has_story and title + beside <= width)
        free = self.height() - above
        high = self.near.fit(width, free)
        self.near.setVisible(bool(self.near.near) and free >= high)
        self._near_title.setVisible(bool(self._near_title.text()) and free >= high + line + _SPACING)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(12 * line, 6 * line)
