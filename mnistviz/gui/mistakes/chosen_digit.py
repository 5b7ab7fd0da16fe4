"""One digit of those that were read: what it is, what it was read as, its story, and the nearest training digits."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mnistviz.engine.mistakes.nearest import NearestDigits
from mnistviz.engine.mistakes.stories import FineStretch, story_of
from mnistviz.engine.moment import SetName
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import ElidedLabel
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.mistakes import mistake_words as words
from mnistviz.gui.mistakes import story_words
from mnistviz.gui.mistakes.near_pictures import NearPair
from mnistviz.gui.mistakes.read_digits import ReadDigits
from mnistviz.gui.mistakes.story_card import StoryCard
from mnistviz.gui.mistakes.story_strip import StoryMarks

_NEAREST, _FINER = "nearest training digits", "story of a digit"  # the keys of the questions
_HAND_RESTS: Final = 120  # milliseconds after which the nearest digits are looked for
_SPACING: Final = 4  # pixels between two parts
_MOST_STORIES: Final = 8  # digits whose closer looks are remembered

_Subject = tuple[int, str, SetName, int]
"""A run, the checksum of its data, a set, and the number of a digit there."""


class ChosenDigit(QWidget):
    """Asks the lab for what takes a while: the nearest digits once the user pauses, a closer look at a click."""

    def __init__(self, theme: Theme, lab: Lab) -> None:
        super().__init__()
        self.setObjectName("chosen_digit")
        self._lab, self._shown = lab, Shown()
        self._read: ReadDigits | None = None
        self._number: int | None = None
        self._near_of: object = None  # what the nearest digits were asked for
        self._fine: dict[_Subject, tuple[FineStretch, ...]] = {}
        self.story, self.near = StoryCard(theme), NearPair(theme)
        self._title, self._told, self._near_title = ElidedLabel(), QLabel(), ElidedLabel()
        self._title.setProperty("role", "cardTitle")
        self._near_title.setProperty("role", "smallPrint")
        self._told.setWordWrap(True)
        for label, name in (
            (self._title, "chosen_digit_title"),
            (self._told, "chosen_digit_told"),
            (self._near_title, "nearest_title"),
        ):
            label.setObjectName(name)
            label.setTextFormat(Qt.TextFormat.PlainText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_SPACING)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self.story.finer)
        column.addLayout(head)
        for part in (self._told, self.story, self._near_title, self.near):
            column.addWidget(part)
        column.addStretch(1)
        self._later = QTimer(self, singleShot=True, interval=_HAND_RESTS)
        self._later.timeout.connect(self._ask_nearest)
        self.story.strip.step_wanted.connect(lab.playhead.visit)
        self.story.finer_wanted.connect(self._look_finer)
        self.story.stop_wanted.connect(self.cancel)
        self.show_digit(Shown(), None, None)

    # What it shows

    def set_theme(self, theme: Theme) -> None:
        self.story.set_theme(theme)
        self.near.set_theme(theme)
        self._fit()

    def show_here(self, shown: Shown) -> None:
        """Marks the step that is looked at."""
        self._shown = shown
        self.story.strip.show_here(shown.here)

    def show_digit(self, shown: Shown, read: ReadDigits | None, number: int | None, told: str = "") -> None:
        """Shows a digit by its number in its set, with what is `told` of it; without one, invites to choose one."""
        before = self._subject
        self._shown, self._read, self._number = shown, read, number
        if self._subject != before:
            self.cancel()
        known = read is not None and number is not None
        for part in (self._title, self.story, self.story.finer):
            part.setVisible(known)
        if read is None or number is None:
            self._title.setText("")
            self._told.setText(
                self.tr("Choose a digit: it goes to the scratchpad, and what is known of it appears here.")
            )
            self._show_near("")
            self._near_of = None
            return
        self._title.setText(words.digit_title(read.set_name, number))
        self._told.setText(told)
        self._show_story()
        near_of = self._subject, read.prediction(number)
        if near_of != self._near_of:
            self._near_of = near_of
            self._lab.mistakes.withdraw(_NEAREST)
            self._show_near("")
            self._later.start()
        self._fit()

    @property
    def _subject(self) -> _Subject | None:
        read, number = self._read, self._number
        return None if read is None or number is None else (read.run, read.data, read.set_name, number)

    def stop(self) -> None:
        """Asks no more, as it is hidden."""
        self.cancel()
        self._later.stop()
        if not self.near.near:
            self._lab.mistakes.withdraw(_NEAREST)
            self._near_of = None

    # Its story

    def _show_story(self) -> None:
        read, number, run, subject = self._read, self._number, self._shown.run, self._subject
        if read is None or number is None or run is None or subject is None:
            return
        if read.set_name == "training":
            self.story.show_story(StoryMarks(), story_words.no_story(), -1)
            return
        story = story_of(run.readings.of(read.set_name), number, read.label(number))
        stretches = self._fine.get(subject, ())
        for stretch in stretches:
            story = story.with_stretch(stretch)
        marks = story_words.story_marks(story, run, read.classes, stretches)
        self.story.show_story(marks, story_words.story_told(story, run.epoch), self._shown.here)

    def _look_finer(self, begin: int, end: int) -> None:
        read, number, run = self._read, self._number, self._shown.run
        if read is None or number is None or run is None:
            return
        self.story.show_progress(0, end - begin)
        image = read.digits.images[number]
        then = partial(self._on_finer, (read.run, read.data, read.set_name, number))
        self._lab.mistakes.finer(
            _FINER, run, image, begin, end, then, self._on_no_finer, self.story.show_progress
        )

    def cancel(self) -> bool:
        """Stops a closer look; False if there is none."""
        if not self._lab.mistakes.is_open(_FINER):
            return False
        self._lab.mistakes.withdraw(_FINER)
        self.story.show_progress(0, 0)
        return True

    def _on_finer(self, subject: _Subject, found: FineStretch) -> None:
        self._fine[subject] = (*self._fine.pop(subject, ()), found)
        for oldest in list(self._fine)[:-_MOST_STORIES]:
            del self._fine[oldest]
        self.story.show_progress(0, 0)
        self._show_story()
        self.story.strip.move_to(int(found.steps[-1]))  # so that another click goes on from there

    def _on_no_finer(self, error: Exception) -> None:
        self.story.show_progress(0, 0)

    # The nearest training digits

    def _ask_nearest(self) -> None:
        read, number, moment = self._read, self._number, self._shown.moment
        if read is None or number is None or moment is None:
            return
        self._lab.mistakes.nearest(
            _NEAREST,
            moment,
            read.digits.images[number],
            read.label(number),
            read.prediction(number),
            partial(self._on_nearest, read, read.prediction(number)),
            self._on_no_nearest,
            number if read.set_name == "training" else None,
        )

    def _on_nearest(self, read: ReadDigits, found: int, near: NearestDigits) -> None:
        digits = self._shown.digits
        if digits is not None:
            pictures = words.near_pictures(read, found, digits.training, near)
            self.near.show_near(pictures)
            self._show_near(self.tr("The nearest training digits") if pictures else "")

    def _on_no_nearest(self, error: Exception) -> None:
        self._show_near(self.tr("The nearest training digits could not be found."))

    def _show_near(self, title: str) -> None:
        """Names what was found; without a name there is nothing."""
        self._near_title.setText(title)
        if not title:
            self.near.show_near(())
        self._fit()

    # Arrangement

    def _fit(self) -> None:
        """Shows as much of the nearest digits as there is room for below the story."""
        line, width, above = self.fontMetrics().height(), self.width(), 0
        if not self.story.isHidden():
            head = self.story.finer.sizeHint().height()
            told, story = self._told.heightForWidth(width), self.story.heightForWidth(width)
            above = head + told + story + 3 * _SPACING
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
