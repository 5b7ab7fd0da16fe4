"""The predictions for one digit along a run: a mark for each measurement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPen

from mnistviz.gui.common.focus_ring import has_ring
from mnistviz.gui.common.painted_figure import CENTRE, ENTER, PaintedFigure, place_after
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import small_font

_SIDE: Final = 12  # pixels beside the axis, for half a mark and its ring
_FINE: Final = 3  # pixels: the line below a stretch evaluated per mini-batch
_TICK: Final = 8  # pixels, of a mark that does not fit a text


@dataclass(frozen=True, eq=False)
class StoryMarks:
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

    def after(self, step: int, place: float) -> StoryMarks:
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

    def __init__(self, theme: Theme, go: Callable[[int], object], use: Callable[[], object]) -> None:
        """`go` gets a step; `use` is called when the strip gets the focus or another mark is selected."""
        super().__init__(
            theme,
            "story_strip",
            self.tr("What the digit was read as along the run"),
            self.tr(
                "A mark for each measurement of all digits: a tick where the digit was read right, else the class "
                "that was read. Click a mark to go there; arrow keys move, Enter goes there."
            ),
        )
        self._go, self._use = go, use
        self.story = StoryMarks()
        self._cursor = self._here = -1

    @property
    def mark(self) -> int:
        """The number of the selected mark, which the keys act on; −1 if there is none."""
        return self._cursor

    def show_story(self, story: StoryMarks, here: int) -> None:
        """Show a history and frame the mark at the step `here`. The selected mark stays selected, or else the last one
        up to `here`."""
        steps, at = self.story.steps, self._cursor
        kept = int(steps[at]) if 0 <= at < len(steps) - 1 else here
        if bool(story.labels) != bool(self.story.labels):
            self.updateGeometry()
        self.story, self._here = story, here
        self._cursor = story.at(kept)
        self._tell()

    def name_run(self, name: str) -> None:
        """Add the name of the run to the accessible name, if there are two."""
        text = (
            self.tr("What the digit was read as along run {run}")
            if name
            else self.tr("What the digit was read as along the run")
        )
        self.setAccessibleName(text.format(run=name))

    def move_to(self, step: int) -> None:
        """Select the mark at a step, or the last one before it."""
        self._move(self.story.at(step))

    def show_here(self, step: int) -> None:
        """Frame the mark at another step, if there is one."""
        before, now = (bool((self.story.steps == each).any()) for each in (self._here, step))
        if step != self._here and (before or now):
            self._here = step
            self.update()

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(10 * line, line + _FINE + 6 + (line + 4 if self.story.labels else 0))

    # Geometry

    @property
    def _mark_height(self) -> float:
        return float(self.fontMetrics().height() + 2)

    def _x(self, share: float) -> float:
        return _SIDE + share * (self.width() - 2 * _SIDE)

    def mark_at(self, x: float) -> int:
        """Return the mark nearest to a pixel, or −1 if there are none."""
        if not len(self.story.shares):
            return -1
        share = (x - _SIDE) / max(1, self.width() - 2 * _SIDE)
        return int(np.abs(self.story.shares - share).argmin())

    # Input

    def press(self, at: QPointF) -> None:
        mark = self.mark_at(at.x())
        if mark >= 0:
            self._move(mark)
            self._use()
            self._go(int(self.story.steps[mark]))

    def key(self, key: Qt.Key) -> bool:
        last = len(self.story.steps) - 1
        goal = place_after(key, self._cursor, last)
        if goal is not None:
            self._move(goal)
        elif last >= 0 and key in ENTER:
            self._go(int(self.story.steps[self._cursor]))
        else:
            return False
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._use()

    def _move(self, at: int) -> None:
        if at != self._cursor:
            self._cursor = at
            self._tell()
            self._use()

    def _tell(self) -> None:
        self.tell(self.story.told(self._cursor) if self._cursor >= 0 else "")

    def told_at(self, at: QPointF) -> str:
        mark = self.mark_at(at.x())
        return self.story.told(mark) if mark >= 0 else ""

    # Painting

    def paint(self, painter: QPainter) -> None:
        theme, story, high = self.theme, self.story, self._mark_height
        painter.setFont(small_font(self))
        middle = 1 + high / 2
        painter.setPen(QPen(QColor(theme.line), 1))
        begin, end = self._x(story.begin), self._x(story.end)
        painter.drawLine(QPointF(begin, middle), QPointF(end, middle))
        if story.begin:
            painter.drawLine(QPointF(begin, 0), QPointF(begin, middle))
        if story.leaves is not None:
            x = self._x(story.leaves)
            painter.drawLine(QPointF(x, middle), QPointF(x, self.height()))
        below = high + 4
        painter.setPen(QPen(QColor(theme.accent), _FINE))
        for begin, end in story.fine:
            painter.drawLine(QPointF(self._x(begin), below), QPointF(self._x(end), below))
        self._paint_labels(painter, below + _FINE)
        self._paint_marks(painter, middle)

    def _paint_labels(self, painter: QPainter, top: float) -> None:
        metrics = painter.fontMetrics()
        painter.setPen(QColor(self.theme.muted))
        free = -1.0
        for share, text in self.story.labels:
            wide = metrics.horizontalAdvance(text) + 2
            left = min(max(self._x(share) - wide / 2, 0.0), self.width() - float(wide))
            if left > free:
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
        advance = painter.fontMetrics().horizontalAdvance
        widths = {text: advance(text) + 6.0 for text in {*story.texts}}
        texts = np.array([widths[text] for text in story.texts]) <= rooms
        for right in (True, False):
            painter.setPen(QPen(QColor(self.theme.right if right else self.theme.wrong), 1.5))
            wanted = ~texts & (story.right == right)
            pixels, which = np.unique(np.rint(xs[wanted]), return_inverse=True)
            longest = np.zeros(len(pixels))
            np.maximum.at(longest, which, story.heights[wanted])
            for x, height in zip(pixels.tolist(), longest.tolist(), strict=True):
                length = max(1.5, _TICK * height)
                painter.drawLine(
                    QPointF(x, middle), QPointF(x, middle - length if right else middle + length)
                )
        here = np.flatnonzero(story.steps == self._here)
        for number in np.flatnonzero(texts).tolist():
            needed = widths[story.texts[number]]
            room = QRectF(0, middle - high / 2, max(needed, min(high, float(rooms[number]))), high)
            room.moveLeft(float(xs[number]) - room.width() / 2)
            self._paint_text(painter, room, number, chosen=number in here)
        for number in here.tolist():
            if not texts[number]:
                x = float(xs[number])
                painter.setPen(QPen(QColor(self.theme.accent), 2))
                painter.drawLine(QPointF(x, middle - _TICK), QPointF(x, middle + _TICK))
        if has_ring(self):
            x = float(xs[self._cursor])
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self.theme.accent), 1))
            painter.drawRoundedRect(QRectF(x - high / 2 - 2, 0, high + 4, high + 2), 4, 4)

    def _paint_text(self, painter: QPainter, room: QRectF, number: int, *, chosen: bool) -> None:
        theme, story = self.theme, self.story
        painter.setPen(QPen(QColor(theme.accent), 2) if chosen else QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.card))
        painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(QColor(theme.right if story.right[number] else theme.wrong))
        draw_text(painter, room, CENTRE, story.texts[number])
