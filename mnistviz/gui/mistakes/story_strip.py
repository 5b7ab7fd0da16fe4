"""The predictions for one digit along a run: a mark for each measurement, a summary, and a closer look."""

from collections.abc import Callable, Sequence
from typing import Final, Self

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPen
from PySide6.QtWidgets import QGridLayout, QWidget

from mnistviz.gui.common import numbers
from mnistviz.gui.common.focus_ring import has_ring
from mnistviz.gui.common.layouts import label
from mnistviz.gui.common.painted_figure import CENTRE, ENTER, PaintedFigure, inked, place_after
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.tooltips import explain
from mnistviz.gui.common.widgets import push_button, small_font
from mnistviz.gui.common.wrapped import WrappedLabel

_SIDE: Final = 12  # pixels beside the axis, for half a mark and its ring
_FINE: Final = 3  # pixels: the line below a stretch evaluated per mini-batch
_TICK: Final = 8  # pixels, of a mark that does not fit a text


class StoryMarks(Struct, frozen=True, eq=False):
    """The content of the strip. Each of k marks has a step, a place on the axis (`shares`), whether the digit was
    `right`, a height, 0 to 1, by how much, or 1 if unknown, and a text. `steps`, `shares`, `right` and `heights` have
    shape (k,). `fine` are the stretches in which every mini-batch was evaluated; `told` describes a mark. The line goes
    from `begin` to `end`: if it begins later it comes from the strip above, and it goes down to the strip below where
    another run `leaves` this one. Places are shares of the axis, 0 to 1."""

    steps: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    shares: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    right: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    heights: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    texts: tuple[str, ...] = ()
    labels: tuple[tuple[float, str], ...] = ()
    fine: tuple[tuple[float, float], ...] = ()
    told: Callable[[int], str] = lambda mark: ""
    begin: float = 0.0
    end: float = 1.0
    leaves: float | None = None

    def after(self, step: int, place: float) -> Self:
        """Return the marks from a step on, at `place` on the axis: what a branch does not share with its parent."""
        first = int(np.searchsorted(self.steps, step))
        return replace(
            self,
            steps=self.steps[first:],
            shares=self.shares[first:],
            right=self.right[first:],
            heights=self.heights[first:],
            texts=self.texts[first:],
            fine=tuple((max(begin, place), end) for begin, end in self.fine if end > place),
            told=lambda mark: self.told(first + mark),
            begin=place,
        )

    def at(self, step: int) -> int:
        """Return the last mark up to a step, or else the first; −1 if there are none."""
        return max(int(np.searchsorted(self.steps, step, side="right")) - 1, min(0, len(self.steps) - 1))


class StoryStrip(PaintedFigure):
    """Marks with a text if there is room, else ticks: up for correct, down for wrong, as long as the margin between the
    true class's output and the best other one. A click views that step."""

    def __init__(self, go: Callable[[int], object], use: Callable[[], object]) -> None:
        tip = tr(
            "A mark for each measurement of all digits: a tick where the digit was read right, else the class "
            "that was read. Click a mark to go there; arrow keys move, Enter goes there."
        )
        super().__init__("story_strip", tr("What the digit was read as along the run"), tip)
        self._go, self._use = go, use
        self.story = StoryMarks()
        self.mark = self._here = -1

    def show_story(self, story: StoryMarks, here: int) -> None:
        """Show a history and frame the mark at the step `here`. The selected mark stays, or the last up to `here`."""
        steps, at = self.story.steps, self.mark
        kept = int(steps[at]) if 0 <= at < len(steps) - 1 else here
        if bool(story.labels) != bool(self.story.labels):
            self.updateGeometry()
        self.story, self._here = story, here
        self.mark = story.at(kept)
        self._tell()

    def name_run(self, name: str) -> None:
        text = tr("What the digit was read as along run {run}", run=name)
        self.setAccessibleName(text if name else tr("What the digit was read as along the run"))

    def move_to(self, step: int) -> None:
        self._move(self.story.at(step))

    def show_here(self, step: int) -> None:
        before, now = (bool((self.story.steps == each).any()) for each in (self._here, step))
        if step != self._here and (before or now):
            self._here = step
            self.update()

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(10 * line, line + _FINE + 6 + (line + 4 if self.story.labels else 0))

    @property
    def _mark_height(self) -> float:
        return float(self.fontMetrics().height() + 2)

    def _x(self, share: float) -> float:
        return _SIDE + share * (self.width() - 2 * _SIDE)

    def mark_at(self, x: float) -> int:
        if not len(self.story.shares):
            return -1
        share = (x - _SIDE) / max(1, self.width() - 2 * _SIDE)
        return int(np.abs(self.story.shares - share).argmin())

    def press(self, at: QPointF) -> None:
        if (mark := self.mark_at(at.x())) >= 0:
            self._move(mark)
            self._use()
            self._go(int(self.story.steps[mark]))

    def key(self, key: Qt.Key) -> bool:
        last = len(self.story.steps) - 1
        if (goal := place_after(key, self.mark, last)) is not None:
            self._move(goal)
        elif last >= 0 and key in ENTER:
            self._go(int(self.story.steps[self.mark]))
        else:
            return False
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._use()

    def _move(self, at: int) -> None:
        if at != self.mark:
            self.mark = at
            self._tell()
            self._use()

    def _tell(self) -> None:
        self.tell(self.story.told(self.mark) if self.mark >= 0 else "")

    def tooltip_at(self, at: QPointF) -> str:
        mark = self.mark_at(at.x())
        return self.story.told(mark) if mark >= 0 else ""

    def paint(self, painter: QPainter) -> None:
        story, high = self.story, self._mark_height
        painter.setFont(small_font(self))
        middle = 1 + high / 2
        begin = self._x(story.begin)
        self.draw_line(inked(painter, theme().line), begin, middle, self._x(story.end), middle)
        if story.begin:
            self.draw_line(painter, begin, 0, begin, middle)
        if story.leaves is not None:
            x = self._x(story.leaves)
            self.draw_line(painter, x, middle, x, self.height())
        below = high + 4
        inked(painter, theme().accent, _FINE)
        for begin, end in story.fine:
            self.draw_line(painter, self._x(begin), below, self._x(end), below)
        self._paint_labels(painter, below + _FINE)
        self._paint_marks(painter, middle)

    def _paint_labels(self, painter: QPainter, top: float) -> None:
        metrics = painter.fontMetrics()
        painter.setPen(QColor(theme().muted))
        free = -1.0
        for share, text in self.story.labels:
            wide = metrics.horizontalAdvance(text) + 2
            if (left := min(max(self._x(share) - wide / 2, 0.0), self.width() - float(wide))) > free:
                draw_text(painter, QRectF(left, top, wide, metrics.height()), CENTRE, text)
                free = left + wide + 4

    def _paint_marks(self, painter: QPainter, middle: float) -> None:
        """Paint marks with a text if it fits half-way to the neighbours, else ticks."""
        story, high = self.story, self._mark_height
        if not len(story.steps):
            return
        xs = _SIDE + story.shares * (self.width() - 2 * _SIDE)
        apart = np.concatenate(([2 * high], np.diff(xs), [2 * high]))
        rooms = np.minimum(apart[:-1], apart[1:]) - 2
        widths = {text: painter.fontMetrics().horizontalAdvance(text) + 6.0 for text in {*story.texts}}
        texts = np.array([widths[text] for text in story.texts]) <= rooms
        for right in (True, False):
            painter.setPen(QPen(QColor(theme().right if right else theme().wrong), 1.5))
            wanted = ~texts & (story.right == right)
            pixels, which = np.unique(np.rint(xs[wanted]), return_inverse=True)
            longest = np.zeros(len(pixels))
            np.maximum.at(longest, which, story.heights[wanted])
            for x, height in zip(pixels.tolist(), longest.tolist(), strict=True):
                length = max(1.5, _TICK * height)
                painter.drawLine(QPointF(x, middle), QPointF(x, middle + (-length if right else length)))
        here = np.flatnonzero(story.steps == self._here)
        for number in np.flatnonzero(texts).tolist():
            needed = widths[story.texts[number]]
            room = QRectF(0, middle - high / 2, max(needed, min(high, float(rooms[number]))), high)
            room.moveLeft(float(xs[number]) - room.width() / 2)
            self._paint_text(painter, room, number, chosen=number in here)
        for number in here.tolist():
            if not texts[number]:
                x = float(xs[number])
                self.draw_line(inked(painter, theme().accent, 2), x, middle - _TICK, x, middle + _TICK)
        if has_ring(self):
            x = float(xs[self.mark])
            self.frame(painter, QRectF(x - high / 2 - 2, 0, high + 4, high + 2), 4, 1)

    def _paint_text(self, painter: QPainter, room: QRectF, number: int, *, chosen: bool) -> None:
        story = self.story
        inked(painter, theme().accent if chosen else theme().line, 2 if chosen else 1, fill=theme().card)
        painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        colour = theme().right if story.right[number] else theme().wrong
        self.write(painter, room, CENTRE, story.texts[number], colour, cut=False)


class RunStory(Struct, frozen=True, eq=False):
    """A digit's history in a run, with a text and a framed step `here`; beside another run with a `name` in a `hue`."""

    run: int = 0
    marks: StoryMarks = field(default_factory=StoryMarks)
    told: str = ""
    here: int = -1
    name: str = ""
    hue: str = ""


class _StoryRow:
    def __init__(self, name: str, go: Callable[[int, int], object], use: Callable[[Self], object]) -> None:
        self.strip = StoryStrip(lambda step: go(self.story.run, step), lambda: use(self))
        self.told = WrappedLabel()
        self.strip.setObjectName(f"{name}_strip")
        self.told.setObjectName(f"{name}_told")
        self.names = label("cardTitle"), label("cardTitle")
        self.story = RunStory()

    def place(self, grid: QGridLayout, row: int) -> None:
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
        """The steps of the selected mark and the next one, or of the last two; None if all between are known."""
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
        self, go: Callable[[int, int], object], look_finer: Callable[[int, int, int], object],
        stop: Callable[[], object],
    ) -> None:  # fmt: skip
        super().__init__()
        self.setObjectName("story_card")
        self._look_finer, self._stop = look_finer, stop
        self._other, self._own = (_StoryRow(name, go, self._select) for name in ("other_story", "story"))
        self.strip, self.other_strip = self._own.strip, self._other.strip
        self._selected, self._is_busy = self._own, False
        self.finer = push_button("option", "story_finer", accessible=tr("Finer here"), act=self._on_finer)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        for row, part in enumerate((self._other, self._own)):
            part.place(grid, row)
        self.show_stories((RunStory(),))

    def show_stories(self, stories: Sequence[RunStory]) -> None:
        *others, own = stories
        self._own.show_story(own)
        if others:
            self._other.show_story(others[0])
        else:
            self._selected = self._own
        self._other.set_visible(bool(others))
        self._show()

    def show_here(self, here: int, there: int) -> None:
        self._own.strip.show_here(here)
        self._other.strip.show_here(there)

    def show_progress(self, done: int, of: int) -> None:
        self._is_busy = of > 0
        self._show()
        if self._is_busy:
            percent = numbers.whole(100 * done // of)
            self._selected.told.setText(tr("Looking at every mini-batch: {percent} %", percent=percent))

    def move_to(self, run: int, step: int) -> None:
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
        text = tr("Finer in {run}", run=used.name) if used.name else tr("Finer here")
        if self._is_busy:
            text, tip = tr("Cancel"), tr("Stops the closer look. (Escape)")
        elif stretch is None:
            tip = tr("Here each mini-batch was looked at already, or there are no two marks.")
        else:
            tip = (
                tr(
                    "Replays mini-batches {begin} to {end} of run {run}, and looks at this digit after each. Point at "
                    "a mark of the other run to look there."
                )
                if used.name
                else tr(
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
        rows = [self._own] if self._other.strip.isHidden() else [self._other, self._own]
        return sum(row.strip.minimumSizeHint().height() for row in rows) + 2 + 2 * self.fontMetrics().height()

    def minimumSizeHint(self) -> QSize:
        return QSize(10 * self.fontMetrics().height(), self.heightForWidth(0))
