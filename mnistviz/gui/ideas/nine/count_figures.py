"""How all test digits are classified, by the painted detectors and by the network."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy

from mnistviz.engine.ideas.detectors import DetectorReading, LearnedQuestion
from mnistviz.gui.common import numbers
from mnistviz.gui.common.focus_ring import has_ring
from mnistviz.gui.common.painted_figure import CENTRE, ENTER, LEFT, RIGHT, PaintedFigure, inked
from mnistviz.gui.common.scales import ROUND, nice_above
from mnistviz.gui.common.theme import theme
from mnistviz.gui.ideas.nine.nine_words import say

BARS: Final = 60
_LEAST, _ABOVE = 44, 6  # pixels: minimum height of the bars, and room above them


class Judgements(Struct, frozen=True, eq=False):
    """How all digits were judged: `counts`, (2, bins), of the class and of all others; digits from the bin `first_yes`
    on are classified as the class; that bin begins at `zero`, 0 to 1 of the axis. `ticks` are places, 0 to 1, with
    labels; `found` and `taken` are the true and the false positives."""

    counts: NDArray[np.int64]
    first_yes: int
    ticks: tuple[tuple[float, str], ...]
    axis: str
    found: int
    taken: int

    @property
    def wrong(self) -> int:
        return int(self.counts[0].sum()) - self.found + self.taken

    @property
    def zero(self) -> float:
        return self.first_yes / len(self.counts[0])

    def heights(self) -> NDArray[np.float64]:
        """Return the bars as fractions of all digits, shape (2, bins): a rare class has low bars."""
        return np.divide(self.counts, max(1, int(self.counts.sum())), dtype=np.float64)


def judgements_of_parts(reading: DetectorReading) -> Judgements:
    bins = reading.counts.shape[1]
    ticks = tuple(((votes + 0.5) / bins, numbers.whole(votes)) for votes in range(bins))
    return Judgements(reading.counts, reading.needed, ticks, say("axis_votes"), reading.found, reading.taken)


def judgements_of_network(learned: LearnedQuestion) -> Judgements:
    """Return bars of the output's weighted input, with an edge at 0; outliers are in the first and the last bar."""
    z = learned.z[np.isfinite(learned.z)]
    own = learned.is_own[np.isfinite(learned.z)]
    reach = max(1.0, float(np.quantile(np.abs(z), 0.99))) if z.size else 1.0
    width = nice_above(2 * reach / BARS, ROUND)
    low = -int(np.ceil(max(1.0, -float(np.quantile(z, 0.005)) if z.size else 1.0) / width))
    high = int(np.ceil(max(1.0, float(np.quantile(z, 0.995)) if z.size else 1.0) / width))
    at = np.clip(np.ceil(z / width).astype(np.int64) - 1, low, high - 1) - low  # 0 itself is negative
    counts = np.stack([np.bincount(at[side], minlength=high - low) for side in (own, ~own)])
    step = nice_above((high - low) * width / 5, ROUND)
    marks = [step * k for k in range(int(np.ceil(low * width / step)), int(high * width / step) + 1)]
    ticks = tuple(((mark / width - low) / (high - low), numbers.tick(mark)) for mark in marks)
    return Judgements(counts, -low, ticks, say("axis_z"), learned.found, learned.taken)


class CountsFigure(PaintedFigure):
    """Bars of your detectors and of the network. Click, or arrows and Enter, show the next digit in one of yours."""

    def __init__(self, show_digit: Callable[[int, bool], object]) -> None:
        super().__init__()
        self._show_digit = show_digit
        self.yours: Judgements | None = None
        self.learned: Judgements | None = None
        self.name = "9"
        self.current: tuple[int, int] = (0, 0)
        """The bar with the keyboard cursor: the number of firing detectors, and 0 for the class, 1 for the others."""
        self.setMouseTracking(True)

    def minimumSizeHint(self) -> QSize:
        return QSize(390, round(3.8 * self.fontMetrics().height()) + _LEAST + _ABOVE)

    def show_judgements(self, yours: Judgements | None, learned: Judgements | None, name: str) -> None:
        self.yours, self.learned, self.name = yours, learned, name
        self._describe_bar()
        self.update()

    # Places: of your detectors (0) and of the network (1)

    @property
    def _is_high(self) -> bool:
        return self.height() - _ABOVE > 9 * self.fontMetrics().height()

    def _room(self, judge: int) -> QRectF:
        gap = 0.05 * self.width()
        wide = (self.width() - gap) / 2
        return QRectF(judge * (wide + gap), _ABOVE, wide, self.height() - _ABOVE)

    def _plot(self, judge: int) -> QRectF:
        room, line = self._room(judge), float(self.fontMetrics().height())
        names = min(max(map(self.wide, self._row_names())) + 10, 0.3 * room.width())
        return room.adjusted(names, 2.5 * line, 0, -(2.2 if self._is_high else 1.25) * line)

    def _row_names(self) -> tuple[str, str]:
        return say("own", name=self.name), say("others")

    def bar(self, votes: int, row: int) -> QRectF:
        """Return the area of one of your bars, above the axis for the class (0), below it for the others (1)."""
        plot = self._plot(0)
        bins = 1 if self.yours is None else self.yours.counts.shape[1]
        wide, high = plot.width() / bins, plot.height() / 2
        return QRectF(plot.left() + votes * wide, plot.top() + row * high, wide, high)

    def press(self, at: QPointF) -> None:
        if (bar := self._bar_at(at)) is not None:
            self.current = bar
            self._ask()

    def takes(self, at: QPointF) -> bool:
        return self._bar_at(at) is not None

    def arrow(self, right: int, down: int) -> bool:
        if self.yours is None:
            return False
        votes, row = self.current
        self.current = max(0, votes + right), min(1, max(0, row + down))
        self._describe_bar()
        return True

    def key(self, key: Qt.Key) -> bool:
        if key in ENTER:
            self._ask()
        return key in ENTER

    def _bar_at(self, at: QPointF) -> tuple[int, int] | None:
        bins = 0 if self.yours is None else self.yours.counts.shape[1]
        bars = ((votes, row) for votes in range(bins) for row in (0, 1))
        return next((bar for bar in bars if self.bar(*bar).contains(at)), None)

    def _ask(self) -> None:
        self._describe_bar()
        self._show_digit(self.current[0], self.current[1] == 0)

    def _describe_bar(self) -> None:
        if self.yours is None:
            return
        votes, row = min(self.current[0], self.yours.counts.shape[1] - 1), self.current[1]
        self.current = votes, row
        values = {"votes": votes, "count": int(self.yours.counts[row, votes]), "name": self.name}
        self.tell(say("heard_bar_others" if row else "heard_bar", **values))

    def paint(self, painter: QPainter) -> None:
        if self.yours is None:
            return
        inked(painter, theme().border).drawLine(QPointF(0, 0.5), QPointF(self.width(), 0.5))
        judges = (
            (say("yours"), self.yours, (say("nothing_painted"), say("nothing_painted_short"))),
            (say("theirs"), self.learned, (say("hits_later"), say("comes_later"))),
        )
        for judge, (whose, judged, _) in enumerate(judges):
            self._paint_head(painter, judge, whose, judged)
        for judge, (_, judged, wordings) in enumerate(judges):
            if judged is not None and (judge or judged.counts.shape[1] > 1):
                self._paint_bars(painter, judge, judged)
                continue
            plot = self._plot(judge)
            inked(painter, fill=theme().field).drawRect(plot)
            text = self.fitting(plot.width() - 8, *wordings) or wordings[-1]
            self.write(painter, plot, CENTRE, text, theme().muted)
        if has_ring(self):
            self.frame(painter, self.bar(*self.current).adjusted(1, 1, -1, -1), 3, 2)

    def _paint_head(self, painter: QPainter, judge: int, whose: str, judged: Judgements | None) -> None:
        room = self._room(judge)
        room.setHeight(1.15 * self.fontMetrics().height())
        self.write(painter, room, LEFT, whose, theme().text, cut=False, heavy=True)
        painter.setFont(self.font())
        if judged is None:
            return
        own, of = int(judged.counts[0].sum()), max(1, int(judged.counts.sum()))
        right = say("share_right", share=numbers.percent(1 - judged.wrong / of))
        rest = room.adjusted(self.wide(whose, heavy=True) + 10, 0, 0, 0)
        self.write(painter, rest, LEFT, right, theme().text, cut=False, heavy=True)
        painter.setFont(self.font())
        if judged.counts.shape[1] > 1:
            self._paint_legend(painter, rest.adjusted(self.wide(right, heavy=True) + 14, 0, 0, 0))
        room.translate(0, room.height())
        values: dict[str, Any] = {"found": judged.found, "own": own, "taken": judged.taken, "name": self.name}
        wordings = (say(f"found_taken{id}", **values) for id in ("", "_short", "_shortest"))
        self.write(painter, room, LEFT, self.fitting(room.width(), *wordings), theme().muted, cut=False)

    def _paint_legend(self, painter: QPainter, room: QRectF) -> None:
        if text := self.fitting(room.width() - 15, say("judged_wrong"), say("judged_wrong_short")):
            left = room.right() - self.wide(text) - 15
            inked(painter, theme().wrong, 1.2, fill=theme().card)
            painter.drawRect(QRectF(left, room.center().y() - 4.5, 9, 9))
            self.write(painter, room, RIGHT, text, theme().muted, cut=False)

    def _paint_bars(self, painter: QPainter, judge: int, judged: Judgements) -> None:
        """Paint the bars, both rows on one scale; yours with their counts, if there is room."""
        plot, shares = self._plot(judge), judged.heights()
        line, middle, half = self.fontMetrics().height(), plot.center().y(), plot.height() / 2
        wide, zero = plot.width() / shares.shape[1], plot.left() + judged.zero * plot.width()
        inked(painter, fill=theme().field)
        painter.drawRect(QRectF(zero, plot.top(), plot.right() - zero, plot.height()))
        counted = not judge and self._is_high
        inner = half - (line if counted else 2)  # counts are beyond the bars
        most = float(shares.max()) or 1.0
        left = self._room(judge).left()
        rows = zip(self._row_names(), (theme().text, theme().muted), strict=True)
        for row, (name, colour) in enumerate(rows):
            beside = QRectF(left, plot.top() + row * half, plot.left() - left - 6, half)
            self.write(painter, beside, RIGHT, name, colour)
            for at in np.flatnonzero(judged.counts[row]).tolist():
                high = max(1.5, inner * float(shares[row, at]) / most)
                top = middle - high if row == 0 else middle
                bar = QRectF(plot.left() + at * wide, top, wide, high).adjusted(0.5, 0, -0.5, 0)
                if (at >= judged.first_yes) == (row == 0):  # correct
                    inked(painter, fill=theme().line if row else theme().answer).drawRect(bar)
                else:
                    edge = bar.adjusted(0.6, 0, -0.6, 0)
                    inked(painter, theme().wrong, 1.2, fill=theme().card).drawRect(edge)
                if counted:
                    text = numbers.whole(int(judged.counts[row, at]))
                    under = bar.bottom() if row else bar.top() - line
                    room = QRectF(bar.left() - 8, under, bar.width() + 16, line)
                    self.write(painter, room, CENTRE, text, colour, cut=False)
        inked(painter, theme().line).drawLine(QPointF(plot.left(), middle), QPointF(plot.right(), middle))
        inked(painter, theme().accent, 1.6)
        painter.drawLine(QPointF(zero, plot.top() - 2), QPointF(zero, plot.bottom()))
        self._paint_axis(painter, plot, left, judged)

    def _paint_axis(self, painter: QPainter, plot: QRectF, left: float, judged: Judgements) -> None:
        line, yes = self.fontMetrics().height(), say("yes_side")
        below = QRectF(plot.left(), plot.bottom() + 0.1 * line, plot.width(), line)
        words = below.translated(0, line if self._is_high else 0)
        words.setLeft(left)
        self.write(painter, words, LEFT, judged.axis, theme().muted, cut=False)
        self.write(painter, words, RIGHT, yes, theme().accent, cut=False)
        begun, ends = plot.left() - 20, plot.right() + 20
        if not self._is_high:
            begun, ends = left + self.wide(judged.axis) + 8, plot.right() - self.wide(yes) - 8
        for place, text in judged.ticks:
            half, x = self.wide(text) / 2 + 1, plot.left() + place * plot.width()
            if x - half > begun and x + half < ends:
                room = QRectF(x - half, below.top(), 2 * half, line)
                self.write(painter, room, CENTRE, text, theme().muted, cut=False)


class WrongBars(PaintedFigure):
    """Numbers of misclassified digits: by always no, by your detectors, by the network."""

    def __init__(self) -> None:
        super().__init__(takes_focus=False)
        self.rows: tuple[tuple[str, int | None], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, round(3.7 * self.fontMetrics().height()))

    def show_wrong(self, always_no: int, yours: int, learned: int | None) -> None:
        self.rows = (say("always_no"), always_no), (say("yours"), yours), (say("theirs"), learned)
        self.update()

    def paint(self, painter: QPainter) -> None:
        metrics = self.fontMetrics()
        line = 1.2 * metrics.height()
        name = max((metrics.horizontalAdvance(name) for name, _ in self.rows), default=0) + 10.0
        shown = ["" if wrong is None else numbers.whole(wrong) for _, wrong in self.rows]
        value = max((metrics.horizontalAdvance(text) for text in shown), default=0) + 8.0
        most = max((wrong for _, wrong in self.rows if wrong is not None), default=0) or 1
        for row, (title, wrong) in enumerate(self.rows):
            top = row * line
            self.write(painter, QRectF(0, top, name, line), LEFT, title, theme().text, cut=False)
            track = QRectF(name, top + 0.28 * line, max(20.0, self.width() - name - value), 0.5 * line)
            share = None if wrong is None else wrong / most
            self.paint_bar(painter, track, share, theme().line if row == 0 else theme().answer)
            room = QRectF(self.width() - value, top, value, line)
            self.write(painter, room, RIGHT, shown[row], theme().text, cut=False)
