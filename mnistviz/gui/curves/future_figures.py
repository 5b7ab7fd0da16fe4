"""The figures of the forecasts: the fan of costs beyond now, and the final error rate by setting."""

import math
from collections.abc import Callable, Sequence
from itertools import product
from operator import itemgetter
from statistics import fmean
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen

from mnistviz.gui.common import numbers, setting_names
from mnistviz.gui.common.painted_figure import CENTRE, ENTER, LEFT, RIGHT, PaintedFigure, inked, place_after
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.painter_tools import line_path, pen, spread, translucent
from mnistviz.gui.common.scales import Range, ticks
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.widgets import small_font
from mnistviz.gui.curves import future_words as words
from mnistviz.gui.curves.future_content import FutureEnd, FuturesContent
from mnistviz.gui.curves.plot_frame import TICK, most_y

AHEAD: Final = 248  # pixels of the fan, where there is room
_GAP: Final = 8  # pixels, beside labels
_LEADER, _PITCH = 15, 15  # pixels from the end of a strand to its label, and from label to label
_NEAR: Final = 10  # pixels: the mouse points at what is this close
_FUTURE: Final = 0.6  # the opacity of a strand
_HALO, _POINTED, _CURRENT, _THIN = 6.0, 3.0, 2.0, 1.0  # pixels
_GUESS: Final = -1.0  # the key of the drawn line; no setting has a value below 0
_LEAST_STROKE: Final = 3  # points that a drawn line needs
_DOT, _LARGE_DOT, _RING, _MARGIN = 3.6, 5.5, 2.5, 3.0  # pixels: radii, and widths
_LEGEND_FROM: Final = 7  # lines of text: in a lower plot the words of the value pointed at have its room
_MARK: Final = 7  # pixels, of a value at the axis


class FutureFigure(PaintedFigure):
    """Base of both figures: the value pointed at, which stays until another is, and adopting one by a click."""

    value_wanted = Signal(float)  # emitted when the user adopts a value
    pointed = Signal(object)  # emitted with the value pointed at

    def __init__(self, name: str, accessible: str, what: str, *, takes_focus: bool = False) -> None:
        super().__init__(name, accessible, what, takes_focus=takes_focus)
        self.hue = theme().runs[0]
        self.content: FuturesContent | None = None
        self.value: float | None = None  # the value pointed at
        self.area = QRectF()
        self.setMouseTracking(True)

    def show_content(self, content: FuturesContent | None, hue: str) -> None:
        self.content, self.hue = content, hue
        if content is not None and all(end.value != self.value for end in content.ends):
            self.value = None
        self._update_text()

    def show_pointed(self, value: float | None) -> None:
        if value != self.value:
            self.value = value
            self._update_text()

    def set_area(self, area: QRectF) -> None:
        """Set the rectangle of the strands or dots."""
        if area != self.area:
            self.area = area
            self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)  # it is placed over the plots

    def value_at(self, place: QPointF) -> float | None:
        """Return the value of the strand or dot near a place, or None."""
        raise NotImplementedError

    def end_of(self, content: FuturesContent) -> FutureEnd:
        """Return the forecast pointed at, or else that of the value set."""
        return content.end(content.chosen if self.value is None else self.value)

    def _update_text(self) -> None:
        self.tell("" if self.content is None else self.end_of(self.content).told)

    def takes(self, at: QPointF) -> bool:
        return self.value_at(at) is not None

    def hover(self, at: QPointF | None) -> None:
        if at is not None and (value := self.value_at(at)) is not None:
            self.point(value)

    def press(self, at: QPointF) -> None:
        if (value := self.value_at(at)) is not None:
            self.value_wanted.emit(value)

    def point(self, value: float) -> None:
        if value != self.value:
            self.show_pointed(value)
            self.pointed.emit(value)

    def tooltip_at(self, at: QPointF) -> str | None:
        value = self.value_at(at)
        if self.content is None or value is None:
            return ""
        text = self.content.end(value).told
        return text if self.content.covered else tr("{told} A click takes this value.", told=text)

    def _paint_grid(self, painter: QPainter, span: Range, most: int) -> list[tuple[float, float]]:
        """Paint a grid line for each tick of a vertical axis; return the ticks with their pixels."""
        values = ticks(span, most)
        heights = (self.area.bottom() - span.share(np.array(values)) * self.area.height()).tolist()
        for y in (round(height) + 0.5 for height in heights):
            self.draw_line(painter, self.area.left(), y, self.area.right(), y, pen(theme().grid))
        return list(zip(values, heights, strict=True))

    def _paint_ticks(self, painter: QPainter, places: Sequence[tuple[float, str]], name: str) -> None:
        """Paint the horizontal axis with its ticks, at these pixels, and its name beside the last one."""
        area, ink, foot = self.area, pen(theme().line), round(self.area.bottom()) + 0.5
        self.draw_line(painter, area.left(), foot, area.right(), foot, ink)
        down, free = foot + TICK + 3, -math.inf
        for x, text in places:
            wide = self.small.advance(text) + 2
            if x - wide / 2 >= free:
                self.draw_line(painter, round(x) + 0.5, foot, round(x) + 0.5, foot + TICK, ink)
                room = QRectF(x - wide / 2, down, wide, self.line)
                draw_text(painter, room, CENTRE, text, ink=theme().muted)
                free = x + wide / 2 + _GAP
        room = QRectF(max(free, area.right() + _LEADER), down, self.small.advance(name) + 2, self.line)
        draw_text(painter, room, LEFT, name, ink=theme().muted)

    def _tone(self) -> QColor:
        return translucent(self.hue, _FUTURE)


class FutureFan(FutureFigure):
    """The costs of all forecasts, right of the playhead, on the cost axis. While covered, the user may draw a guess."""

    drawn = Signal(object, object)
    """Emitted with the drawn costs as two arrays: mini-batches of the run, costs."""

    def __init__(self) -> None:
        super().__init__(
            "futures_fan",
            tr("The costs that would come"),
            tr("A strand for each value, beyond now. The thick one is pointed at; a click on a strand takes its "
                "value."),
        )  # fmt: skip
        self._costs = Range(0.0, 1.0)
        self.message = ""
        self._stroke: list[QPointF] = []

    def set_costs(self, costs: Range) -> None:
        if costs != self._costs:
            self._costs = costs
            self.update()

    def beside_area(self) -> float:
        """Return the room for labels right of the strands."""
        labels = [] if self.content is None else [line.label for line in self.content.lines]
        advance = max(map(self.small.advance, (*labels, tr("your guess"), tr("mini-batches"))))
        return _LEADER + _GAP + advance + 4

    def _end(self, x: np.ndarray, y: np.ndarray) -> QPointF:
        """Return where a strand ends, at the right."""
        if not np.isfinite(y[-1]):  # it leaves the plot
            return self.area.topRight()
        across, down = self._place(x, y)
        good = np.isfinite(down)
        last = min(max(float(down[good][-1]), self.area.top()), self.area.bottom())
        return QPointF(min(float(across[good][-1]), self.area.right()), last)

    def _place(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        assert self.content is not None
        area = self.area
        across = area.left() + self.content.steps.share(x) * area.width()
        down = area.bottom() - self._costs.share(np.where(np.isfinite(y), y, np.nan)) * area.height()
        return across, down

    def value_at(self, place: QPointF) -> float | None:
        """Return the value of the strand nearest to a place, or None if none is near."""
        near: list[tuple[float, float]] = []  # distances and values
        for line in self.content.lines if self.content else ():
            x, y = self._place(line.x, line.y)
            good = np.isfinite(y)
            if good.any() and self.area.left() <= place.x() <= self.area.right():
                near.append((abs(float(np.interp(place.x(), x[good], y[good])) - place.y()), line.value))
        far, nearest = min(near, key=itemgetter(0), default=(math.inf, 0.0))
        return nearest if far <= _NEAR else None

    def press(self, at: QPointF) -> None:
        if self.content is None or not self.content.covered:
            super().press(at)
        else:
            self._stroke = [at]

    def drag(self, at: QPointF) -> None:
        if self._stroke and self._stroke[-1].x() < at.x() <= self.area.right():  # a curve only goes forward
            self._stroke.append(at)
            self.update()

    def release(self, at: QPointF) -> None:
        stroke, self._stroke = self._stroke, []
        self.update()
        if self.content is None or len(stroke) < _LEAST_STROKE:
            return
        area, steps, costs = self.area, self.content.steps, self._costs
        across = np.array([(point.x() - area.left()) / area.width() for point in stroke])
        up = np.array([(area.bottom() - point.y()) / area.height() for point in stroke])
        values = costs.low + up * (costs.high - costs.low)
        if costs.log:
            values = costs.low * (costs.high / costs.low) ** up
        self.drawn.emit(steps.low + across * (steps.high - steps.low), values)

    def paint(self, painter: QPainter) -> None:
        content, area = self.content, self.area
        painter.fillRect(self.rect(), QColor(theme().card))
        painter.setFont(small_font(self))
        painter.fillRect(area, QColor(theme().field))
        self._paint_grid(painter, self._costs, most_y(area, self.line))  # as the past has them
        if content is None:
            self._paint_words(painter, self.message)
            return
        span = content.steps.high - content.steps.low
        most = int(area.width() / (self.small.advance(tr("+{count}", count=round(span))) + 2 * _GAP))
        places = [
            (area.left() + step / span * area.width(), tr("+{count}", count=round(step)))
            for step in ticks(Range(0.0, span), min(max(most, 1), 5))
            if step and step == round(step)
        ]
        self._paint_ticks(painter, places, tr("mini-batches"))
        painter.save()
        painter.setClipRect(area.adjusted(0, -2, 2, 1))
        for line in sorted(content.lines, key=lambda line: self._weight(line.value)):
            path, weight = line_path(*self._place(line.x, line.y)), self._weight(line.value)
            if weight == _POINTED:
                painter.strokePath(path, QPen(QColor(theme().card), _HALO))
            painter.strokePath(path, QPen(QColor(self.hue) if weight > _THIN else self._tone(), weight))
        painter.setPen(QPen(QColor(theme().text), 1.8, Qt.PenStyle.DashLine))
        if self._stroke:
            painter.drawPolyline(self._stroke)
        elif content.guess.drawn is not None:
            painter.drawPath(line_path(*self._place(*content.guess.drawn)))
        painter.restore()
        if content.covered and not self._stroke:
            self._paint_words(painter, tr("Draw how the cost goes on from here."))
        self._paint_names(painter, content)

    def _paint_words(self, painter: QPainter, text: str) -> None:
        room = self.area.adjusted(_GAP, 0, -_GAP, 0)
        draw_text(painter, room, CENTRE | Qt.TextFlag.TextWordWrap, text, ink=theme().muted)

    def _weight(self, value: float) -> float:
        assert self.content is not None
        current = self.content.until_now
        if value == self.value or (self.value is None and value == self.content.chosen != current):
            return _POINTED
        return _CURRENT if value == current else _THIN

    def labels(self) -> dict[float, tuple[QPointF, float]]:
        """Return the values that have a label, or the button, beside the end of their strand: that end, and how far
        down the label is. All that fit have one, and those pointed at, kept and guessed always."""
        content, pitch = self.content, max(_PITCH, self.line)
        if content is None:
            return {}
        ends = {line.value: self._end(line.x, line.y) for line in content.lines if np.isfinite(line.y).any()}
        if content.guess.drawn is not None and not content.covered:
            ends[_GUESS] = self._end(*content.guess.drawn)
        always, named = {self.value, content.until_now, _GUESS}, list[float]()
        # the button is twice as high
        half = {value: pitch / (1 if value == self.value else 2) for value in ends}
        for value in sorted(ends, key=lambda value: (value not in always, -value)):
            others = (abs(ends[value].y() - ends[other].y()) - half[other] for other in named)
            if value in always or all(far >= half[value] for far in others):
                named.append(value)
        slots = [
            (value, ends[value].y() + by - pitch / 2)
            for value in sorted(named, key=lambda value: ends[value].y())
            for by in ((-pitch / 2, pitch / 2) if value == self.value else (0.0,))
        ]
        area = self.area.translated(0, -pitch / 2)
        tops = spread([top for _, top in slots], pitch, area.top(), area.bottom(), range(len(slots)))
        middles: dict[float, list[float]] = {}
        for (value, _), top in zip(slots, tops, strict=True):
            middles.setdefault(value, []).append(top + pitch / 2)
        return {value: (ends[value], fmean(each)) for value, each in middles.items()}

    def _paint_names(self, painter: QPainter, content: FuturesContent) -> None:
        labels = {line.value: line.label for line in content.lines} | {_GUESS: tr("your guess")}
        left, always = self.area.right() + _LEADER, (content.until_now, _GUESS)
        for value, (end, middle) in self.labels().items():
            self.draw_line(painter, end.x() + 2, end.y(), left - 4, middle, pen(theme().line))
            if value == self.value:
                continue  # it has the button
            room = QRectF(left, middle - self.line / 2, self.width() - left, self.line)
            colour = theme().text if value in always else theme().muted
            self.write(painter, room, LEFT, labels[value], colour, cut=False)


class MisreadPlot(FutureFigure):
    """The error rate after each forecast on logarithmic axes. Arrow keys point at values, Enter adopts one."""

    def __init__(self) -> None:
        super().__init__(
            "futures_misread",
            tr("The share misread after the next mini-batches"),
            tr("A dot for each value, a mean over orders of the digits. The bar behind it is what the order alone "
                "changes. Left and Right go from dot to dot; Enter or a click takes its value."),
            takes_focus=True,
        )  # fmt: skip

    def heard(self) -> str:
        """Describe the best of the values while none is pointed at, unless the answer is covered."""
        if (content := self.content) is None or content.covered or not content.ends:
            return self.whatsThis()
        return min(content.ends, key=lambda end: end.misread).told

    def beside_area(self) -> tuple[float, float]:
        """Return the room left and right of the dots."""
        name = "" if self.content is None else setting_names.short(self.content.varied)
        after = max(self.small.advance(self._reference()) + _GAP, self.small.advance(name) + 3 * _GAP)
        return self.small.advance(words.percent_tick(1)) + _GAP, after + 2

    @property
    def has_room_for_words(self) -> bool:
        """Whether two lines of words leave more than half of the height to the dots."""
        return self.area.height() >= 4 * self.line

    def _reference(self) -> str:
        """Return what the dotted line is: in full where that leaves room for the dots."""
        texts = ("",) if self.content is None else self.content.reference_names
        return next((each for each in texts if 3 * self.small.advance(each) <= self.width()), texts[-1])

    def point_of(self, end: FutureEnd) -> QPointF:
        return QPointF(self._across(end.value), self._down(end.misread))

    def _across(self, value: float) -> float:
        assert self.content is not None
        return self.area.left() + float(self.content.values.share(np.array([value]))[0]) * self.area.width()

    def _down(self, share: float) -> float:
        assert self.content is not None
        at = float(self.content.shares.share(np.array([share]))[0])
        return self.area.bottom() - min(max(at, 0.0), 1.0) * self.area.height()

    def value_at(self, place: QPointF) -> float | None:
        """Return the value of the nearest dot, or None if none is near; while covered, the nearest one horizontally."""
        if (content := self.content) is None or (content.covered and not self.area.contains(place)):
            return None
        off = {
            end.value: abs(place.x() - self._across(end.value))
            if content.covered
            else (place - self.point_of(end)).manhattanLength()
            for end in content.ends
        }
        value = min(off, key=lambda value: off[value])
        return value if content.covered or off[value] <= _NEAR else None

    def key(self, key: Qt.Key) -> bool:
        if (content := self.content) is None:
            return False
        values = [end.value for end in content.ends]
        at = values.index(self.end_of(content).value)
        if (goal := place_after(key, at, len(values) - 1)) is not None:
            self.point(values[goal])
        elif key in ENTER:
            self.value_wanted.emit(values[at])
        return goal is not None or key in ENTER

    def paint(self, painter: QPainter) -> None:
        content, area = self.content, self.area
        painter.fillRect(self.rect(), QColor(theme().card))
        if content is None:
            return
        painter.setFont(small_font(self))
        left, free = area.left() - _GAP, math.inf
        most = max(2, int(area.height() / (1.6 * self.line)))
        for value, y in self._paint_grid(painter, content.shares, most):
            if y + self.line <= free:
                room = QRectF(0, y - self.line / 2, left, self.line)
                self.write(painter, room, RIGHT, words.percent_tick(value), theme().muted, cut=False)
                free = y
        across = ticks(content.values, max(2, int(area.width() / 30)))
        places = [(self._across(value), numbers.tick(float(value))) for value in across]
        self._paint_ticks(painter, places, setting_names.short(content.varied))
        now = self._down(content.reference)
        painter.setPen(QPen(QColor(theme().accent), 1.5, Qt.PenStyle.DotLine))
        self.draw_line(painter, area.left(), now, area.right(), now)
        room = QRectF(area.right() + _GAP, now - self.line / 2, self.width() - area.right() - _GAP, self.line)
        self.write(painter, room, LEFT, self._reference(), theme().accent, cut=False)
        if content.covered:
            self._paint_question(painter, content)
            return
        for end in content.ends:
            colour = translucent(theme().line if end.outcome == "more" else self.hue, _FUTURE / 1.5)
            painter.fillRect(self._bar(end), colour)
        for end in content.ends:
            paint_outcome(painter, self.hue, end.outcome, self.point_of(end))
        self._paint_pointed(painter, self.end_of(content), self._paint_legend(painter))
        if content.guess.value is not None:
            at = self.point_of(content.end(content.guess.value))
            ink = pen(theme().text, 1.5, dashed=True)
            self.draw_line(painter, at.x(), at.y() + 2.6 * _DOT, at.x(), area.bottom(), ink)

    def _bar(self, end: FutureEnd) -> QRectF:
        x, high = self._across(end.value), self._down(end.misread + end.margin)
        return QRectF(x - _MARGIN / 2, high, _MARGIN, self._down(max(end.misread - end.margin, 0)) - high)

    def _covered(self) -> Callable[[QRectF], int]:
        """Return what tells how much of the outcomes words would cover in a room; a dot counts more than any bar."""
        drawn = [(self.point_of(end), self._bar(end)) for end in (self.content.ends if self.content else ())]

        def covered(room: QRectF) -> int:
            around = room.adjusted(-_LARGE_DOT, -_LARGE_DOT, _LARGE_DOT, _LARGE_DOT)
            return sum(len(drawn) * around.contains(dot) + around.intersects(bar) for dot, bar in drawn)

        return covered

    def _paint_legend(self, painter: QPainter) -> QRectF:
        """Paint the legend in a corner without dots, if there is one; return its room, which may be empty."""
        area, beside, high, covered = self.area, _GAP + _DOT, 2 * self.line + 3, self._covered()
        first, *rest = (self.small.advance(text) + beside for text in words.legend())
        wide = max(first, sum(rest) + 2 * _GAP) + _DOT + 2
        corners = product((area.left() + 2 * _GAP, area.right() - wide), (area.top(), area.bottom() - high))
        room = min((QRectF(*corner, wide, high) for corner in corners), key=covered)
        if area.height() < _LEGEND_FROM * self.line or covered(room):
            return QRectF()
        x, y = room.left() + _DOT, room.top() + self.line / 2
        painter.fillRect(QRectF(x - _MARGIN / 2, y - 6, _MARGIN, 12), self._tone())
        down = self.line + 3
        places = (x, y), (x, y + down), (x + rest[0] + 2 * _GAP, y + down)
        for (x, y), outcome, text in zip(places, ("same", "fewer", "more"), words.legend(), strict=True):
            paint_outcome(painter, self.hue, outcome, QPointF(x, y))
            beside_it = QRectF(x + beside, y - self.line / 2, self.small.advance(text) + 2, self.line)
            self.write(painter, beside_it, LEFT, text, theme().muted, cut=False)
        return room

    def _paint_pointed(self, painter: QPainter, end: FutureEnd, legend: QRectF) -> None:
        """Paint the value pointed at larger, with its two lines of words above it, or where they cover less."""
        at, line = self.point_of(end), self.line
        inked(painter, theme().accent, _RING, fill=theme().card).drawEllipse(at, _LARGE_DOT, _LARGE_DOT)
        if not self.has_room_for_words:
            return
        first, second = end.labels
        wide = max(self.small.advance(first), self.small.advance(second, bold=True)) + 6
        room = self._free_room(at, wide, legend)
        if room.left() < at.x() < room.right():
            near, far = (room.bottom(), -1) if room.bottom() < at.y() else (room.top(), 1)
            self.draw_line(painter, at.x(), near, at.x(), at.y() + far * (_LARGE_DOT + 2), pen(theme().line))
        painter.fillRect(room if first else room.adjusted(0, line, 0, 0), translucent(theme().card, 0.85))
        if first:
            self.write(painter, room.adjusted(0, 0, 0, -line), CENTRE, first, theme().muted, cut=False)
        self.write(painter, room.adjusted(0, line, 0, 0), CENTRE, second, theme().text, cut=False, heavy=True)

    def _free_room(self, at: QPointF, wide: float, legend: QRectF) -> QRectF:
        """Return where two lines of words cover the least, best a little above a point."""
        area, high, beside, covered = self.area, 2 * self.line, 2 * _LARGE_DOT, self._covered()
        wanted, last = QPointF(at.x() - wide / 2, at.y() - 1.5 * high), max(area.right() - wide, area.left())
        begins = wanted.x(), at.x() - wide - beside, at.x() + beside
        across = [min(max(x, area.left()), last) for x in begins]
        down = np.arange(area.top(), max(area.bottom() - high, area.top() + 1), 4).tolist()
        rooms = [QRectF(x, y, wide, high) for x, y in product(across, down)]
        rooms = [room for room in rooms if not room.intersects(legend)] or rooms
        return min(rooms, key=lambda room: (covered(room), (room.topLeft() - wanted).manhattanLength()))

    def _paint_question(self, painter: QPainter, content: FuturesContent) -> None:
        """Paint a mark at the axis for each value, and the label of the one pointed at, or else what to do."""
        area = self.area
        for end in content.ends:
            x = self._across(end.value)
            ink = pen(theme().accent, 3) if end.value == content.chosen else pen(theme().line, 1.5)
            self.draw_line(painter, x, area.bottom() - _MARK, x, area.bottom(), ink)
        if self.value is not None:
            self._paint_pointed(painter, content.end(self.value), QRectF())
            return
        room, reference = area.adjusted(_GAP, 0, -_GAP, -_MARK), self._down(content.reference)
        setting = setting_names.short(content.varied)
        text = tr("Point at the {setting} that will misread fewest.", setting=setting)
        if reference < area.center().y():
            room.setTop(reference + 2)
        else:
            room.setBottom(reference - 2)
        flags = CENTRE | Qt.TextFlag.TextWordWrap
        painter.fillRect(painter.boundingRect(room, flags, text), QColor(theme().card))  # hide the grid
        draw_text(painter, room, flags, text, ink=theme().muted)


def paint_outcome(painter: QPainter, hue: str, outcome: str, at: QPointF) -> None:
    """Paint a forecast's dot: filled for fewer misclassified, hollow for no clear difference, grey for more."""
    colour = theme().line if outcome == "more" else hue
    ground = theme().card if outcome == "same" else colour
    inked(painter, colour, 1.5, fill=ground).drawEllipse(at, _DOT, _DOT)
