"""The card of one digit's history: a mark for each measurement along the run, a summary, and the prediction after every
mini-batch between two marks; or its history in two runs, one above the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from mnistviz.gui.common import numbers
from mnistviz.gui.common.layouts import label
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.tooltips import explain
from mnistviz.gui.common.widgets import push_button
from mnistviz.gui.common.wrapped import WrappedLabel
from mnistviz.gui.mistakes.story_strip import StoryMarks, StoryStrip


@dataclass(frozen=True, eq=False)
class RunStory:
    """The history of a digit in the run of a number, with a text. Beside another run it has a `name` in a colour. The
    mark of the step `here` is framed."""

    run: int = 0
    marks: StoryMarks = field(default_factory=StoryMarks)
    told: str = ""
    here: int = -1
    name: str = ""
    hue: str = ""


class _StoryRow:
    """The widgets of one history: a strip and a sentence, each with the name of the run before it."""

    def __init__(
        self, theme: Theme, name: str, go: Callable[[int, int], object], use: Callable[[_StoryRow], object]
    ) -> None:
        self.strip = StoryStrip(theme, lambda step: go(self.story.run, step), lambda: use(self))
        self.told = WrappedLabel()
        self.strip.setObjectName(f"{name}_strip")
        self.told.setObjectName(f"{name}_told")
        self.names = label("cardTitle"), label("cardTitle")
        self.story = RunStory()

    def place(self, grid: QGridLayout, row: int) -> None:
        """Put the strip into a row of the grid, and the sentence two rows below."""
        for line, part in enumerate((self.strip, self.told)):
            grid.addWidget(self.names[line], row + 2 * line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(part, row + 2 * line, 1)

    def show_story(self, story: RunStory) -> None:
        self.story = story
        self.strip.show_story(story.marks, story.here)
        self.strip.name_run(story.name)
        self.told.setText(story.told)
        for name in self.names:
            name.setVisible(bool(story.name))
            name.setText(story.name)
            name.setStyleSheet(f"color: {story.hue};" if story.hue else "")

    def set_visible(self, on: bool) -> None:
        self.strip.setVisible(on)
        self.told.setVisible(on)
        for name in self.names:
            name.setVisible(on and bool(self.story.name))

    @property
    def stretch(self) -> tuple[int, int] | None:
        """The steps of the selected mark and the next one, or of the last two. None if every mini-batch between them is
        known."""
        steps, at = self.strip.story.steps, self.strip.mark
        if len(steps) < 2:
            return None
        at = min(at, len(steps) - 2)
        begin, end = int(steps[at]), int(steps[at + 1])
        return (begin, end) if end > begin + 1 else None


class StoryCard(QWidget):
    """A strip and a sentence for each of one or two runs. The button `finer`, which is placed elsewhere, evaluates
    every mini-batch between two marks of the strip used last, or cancels that."""

    def __init__(
        self, theme: Theme, go: Callable[[int, int], object], look_finer: Callable[[int, int, int], object],
        stop: Callable[[], object],
    ) -> None:  # fmt: skip
        """`go` gets the number of a run and a step, `look_finer` the first and last step of a stretch."""
        super().__init__()
        self.setObjectName("story_card")
        self._look_finer, self._stop = look_finer, stop
        self._other, self._own = (
            _StoryRow(theme, name, go, self._select) for name in ("other_story", "story")
        )
        self._selected, self._is_busy = self._own, False
        accessible = self.tr("Finer here")
        self.finer = push_button("option", "story_finer", accessible=accessible, act=self._on_finer)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        for row, part in enumerate((self._other, self._own)):
            part.place(grid, row)
        self.show_stories((RunStory(),))

    @property
    def strip(self) -> StoryStrip:
        """The strip of the run that is shown."""
        return self._own.strip

    @property
    def other_strip(self) -> StoryStrip:
        return self._other.strip

    def set_theme(self, theme: Theme) -> None:
        for row in (self._other, self._own):
            row.strip.set_theme(theme)

    def show_stories(self, stories: Sequence[RunStory]) -> None:
        """Show the history in the shown run, and above it that in another run, if any."""
        *others, own = stories
        self._own.show_story(own)
        if others:
            self._other.show_story(others[0])
        else:
            self._selected = self._own
        self._other.set_visible(bool(others))
        self._show()

    def show_here(self, here: int, there: int) -> None:
        """Frame the marks of other steps: of the shown run, and of the other one."""
        self._own.strip.show_here(here)
        self._other.strip.show_here(there)

    def show_progress(self, done: int, of: int) -> None:
        """Show the progress of the evaluation of every mini-batch; 0 of 0 if none is under way."""
        self._is_busy = of > 0
        self._show()
        if self._is_busy:
            percent = numbers.whole(100 * done // of)
            self._selected.told.setText(
                self.tr("Looking at every mini-batch: {percent} %").format(percent=percent)
            )

    def move_to(self, run: int, step: int) -> None:
        """Select the mark at a step of a run, or the last one before it."""
        for row in (self._other, self._own):
            if row.story.run == run:
                row.strip.move_to(step)

    @property
    def stretch(self) -> tuple[int, int] | None:
        """The first and last step that the button would evaluate, or None."""
        return self._selected.stretch

    def _select(self, row: _StoryRow) -> None:
        if not self._is_busy:
            self._selected = row
            self._show()

    def _show(self) -> None:
        used, stretch = self._selected.story, self.stretch
        for row in (self._other, self._own):
            row.told.setText(row.story.told)
        text = self.tr("Finer in {run}").format(run=used.name) if used.name else self.tr("Finer here")
        if self._is_busy:
            text, tip = self.tr("Cancel"), self.tr("Stops the closer look. (Escape)")
        elif stretch is None:
            tip = self.tr("Here each mini-batch was looked at already, or there are no two marks.")
        else:
            tip = (
                self.tr(
                    "Replays mini-batches {begin} to {end} of run {run}, and looks at this digit after each. Point at "
                    "a mark of the other run to look there."
                )
                if used.name
                else self.tr(
                    "Replays mini-batches {begin} to {end}, and looks at this digit after each. The line below the "
                    "marks shows where that was done."
                )
            ).format(begin=numbers.whole(stretch[0]), end=numbers.whole(stretch[1]), run=used.name)
        self.finer.setText(text)
        self.finer.setAccessibleName(text)
        self.finer.setEnabled(self._is_busy or stretch is not None)
        explain(self.finer, tip)

    def _on_finer(self) -> None:
        if self._is_busy:
            self._stop()
        elif self.stretch is not None:
            self._look_finer(self._selected.story.run, *self.stretch)

    def heightForWidth(self, width: int) -> int:
        """Return the height of the strips and of two lines of text."""
        rows = [self._own] if self._other.strip.isHidden() else [self._other, self._own]
        strips = sum(row.strip.minimumSizeHint().height() for row in rows)
        return strips + 2 + 2 * self.fontMetrics().height()

    def minimumSizeHint(self) -> QSize:
        return QSize(10 * self.fontMetrics().height(), self.heightForWidth(0))
