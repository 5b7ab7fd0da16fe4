"""Three panels below the map: a section through the valley, the cost at each step, and the final costs of twenty η."""

import math
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QGraphicsPolygonItem, QStackedWidget, QWidget

from mnistviz.engine.ideas.ball_race import LAP, BallRace, Fan
from mnistviz.engine.ideas.landscape import SEEN, Array
from mnistviz.gui.common import numbers
from mnistviz.gui.common.layouts import column_of, label, row_of, styled
from mnistviz.gui.common.painted_figure import bold
from mnistviz.gui.common.painter_tools import translucent
from mnistviz.gui.common.scales import ROUND, multiples, nice_below
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.wrapped import ShortenedLabel
from mnistviz.gui.ideas.parts.idea_plot import DASH, DOT, IdeaPlot, Ticks, ticks_at
from mnistviz.gui.ideas.valley.valley_map import BallItem, band_colours
from mnistviz.gui.ideas.valley.valley_words import say

LEAST_HEIGHT = 70  # pixels of a panel's figure
_ABOVE = 1.1  # visible height, in heights of the start above the minimum
_TOGETHER = 15  # pixels between two balls that share their letters
_ROOMY = 100  # pixels of a plot that has room for words
_LOWEST, _HIGHEST = -6, 9  # powers of ten of C


class Panel(QWidget):
    """A figure with its title, and a note beside it where there is room."""

    def __init__(self, title: str, figure: QWidget) -> None:
        super().__init__()
        self.note = styled(ShortenedLabel(), "quietText")
        head = row_of(label("figureTitle", title), (self.note, 1), spacing=8)
        column_of(head, (figure, 1), spacing=2, inside=self)
        figure.setMinimumHeight(LEAST_HEIGHT)


class _Small(IdeaPlot):
    resized: Callable[[], object] | None = None
    """Called when its size has changed; its owner may set a function here."""

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if self.resized is not None:
            self.resized()

    def minimumSizeHint(self) -> QSize:
        return QSize(90, LEAST_HEIGHT)


class SectionPlot(_Small):
    """C along one axis, and the balls projected onto that line."""

    def __init__(self, letters: tuple[str, str]) -> None:
        super().__init__("valley_section", say("section"))
        self._letters = letters
        self._ground = self.add(QGraphicsPolygonItem())
        self._ground.setPen(QPen(Qt.PenStyle.NoPen))
        self._line = self.curve("text", 1.6, smooth=True)
        self.ways = [self.curve(ball, 1.0, smooth=True) for ball in (0, 1)]
        self._dots = [self.dots(ball, 5.5, edge="card", width=1.0) for ball in (0, 1)]
        self.balls = [BallItem(self, ball, 6.5, letters[ball]) for ball in (0, 1)]
        self.both = BallItem(self, "text", 6.5, ", ".join(letters))
        self.paint(self._colour)

    def show_race(self, race: BallRace) -> None:
        surface, cut = race.surface, race.surface.cut
        low, high = SEEN[cut]
        along = np.linspace(low, high, 201)
        heights = surface.section(along)
        bottom, top = float(heights.min()), float(heights.max())
        self._line.setData(along, heights)
        corners = [(low, bottom), *zip(along.tolist(), heights.tolist(), strict=True), (high, bottom)]
        self._ground.setPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        places = ticks_at(multiples(1 if cut else 2, low, high))
        self.set_ticks([*places, (high, say("v2" if cut else "v1"))], few_ticks(bottom, top, self.height()))
        self.show_range((low, high), (bottom, top + 0.1 * (top - bottom)))
        self._colour()
        ends = [race.paths[number][-1].place[cut] for number in (0, 1)]
        near = abs(ends[0] - ends[1]) < _TOGETHER * self.pixel[0]
        letters = (", ".join(self._letters), "") if near else self._letters
        if self.height() < _ROOMY:
            letters = ("", "")
        for number, ball in enumerate(self.balls):
            x = race.places(number)[:, cut]
            x = x[np.abs(x) <= 2 * high]
            y = surface.section(x)
            self.ways[number].setData(x, y)
            self._dots[number].setData(x[:-1] if len(x) else x, y[:-1] if len(x) else y)
            seen = low <= ends[number] <= high and race.steps > 0
            ball.put(self._on(race, ends[number]), seen=seen, letter=letters[number])
        letter = None if self.height() >= _ROOMY else ""
        self.both.put(self._on(race, race.start[cut]), seen=not race.steps, letter=letter)

    @staticmethod
    def _on(race: BallRace, x: float) -> tuple[float, float]:
        return x, float(race.surface.section(np.array(x)))

    def _colour(self) -> None:
        seen = self.seen[1]
        shades = QLinearGradient(QPointF(0, seen[0]), QPointF(0, seen[1]))
        colours = band_colours(theme())
        for number, colour in enumerate(colours.tolist()):
            shades.setColorAt((number / len(colours)) ** 2, QColor(*map(round, colour)))
        self._ground.setBrush(QBrush(shades))


class CostCurve(_Small):
    """The cost of both balls at each step of the present lap, and of twenty others with the outcome."""

    def __init__(self, letters: tuple[str, str]) -> None:
        super().__init__("valley_cost", say("curve"))
        self._texts = letters
        self._down = self.curve("line", 1.0, smooth=True)
        self._up = self.curve("line", 1.0, dash=DASH, smooth=True)
        self._lines = [self.curve(ball, 2.0, smooth=True) for ball in (0, 1)]
        self._dots = [self.dots(ball, 5.0) for ball in (0, 1)]
        self._letters = [self.text("", ball, 0, 0, (-0.4, 0.5)) for ball in (0, 1)]

    def show_race(self, race: BallRace, fan: Fan | None) -> None:
        both = [race.costs(number) for number in (0, 1)]
        start, end = float(both[0][0]), max(LAP, -(-race.steps // LAP) * LAP)
        low = min(0.0, max(race.surface.lowest, -3 * abs(start) - 10))
        top = max(start, 0.1) + (_ABOVE - 1) * max(start - low, 0.1)
        every = LAP // 2 * max(1, end // LAP // 2)
        ticks = [(float(step), numbers.whole(step)) for step in range(0, end, every)]
        ticks.append((float(end), say("steps", count=end)))
        self.set_ticks(ticks, few_ticks(low, top, self.height()))
        self.show_range((-0.02 * end, end * (1 + 30 / self.box.geometry().width())), (low, top))
        for number, costs in enumerate(both):
            steps, seen = np.arange(len(costs)), _clipped(costs, low, top)
            self._lines[number].setData(steps, seen)
            self._dots[number].setData(steps, seen)
            self._letters[number].setText(self._texts[number] if race.steps else "")
            self._letters[number].setFont(bold(self.font()))
        for line, lower in ((self._down, True), (self._up, False)):
            x, y = self._joined(fan, lower, low, top)
            line.setData(x, y, connect="finite")
        self._lay_letters([(len(costs) - 1, float(costs[-1])) for costs in both], low, top)

    def _joined(self, fan: Fan | None, lower: bool, low: float, top: float) -> tuple[Array, Array]:
        """Return one broken line for those of the twenty that end `lower` than they began, or for the others."""
        if fan is None or not (fan.lower() == lower).any():
            return np.empty(0), np.empty(0)
        chosen = np.flatnonzero(fan.lower() == lower).tolist()
        lines = [np.append(_clipped(fan.costs(number), low, top), math.nan) for number in chosen]
        return np.concatenate([np.arange(len(line), dtype=float) for line in lines]), np.concatenate(lines)

    def _lay_letters(self, ends: list[tuple[int, float]], low: float, top: float) -> None:
        line = self.fontMetrics().height() * self.pixel[1]
        lower, upper = sorted((0, 1), key=lambda number: (ends[number][1], -number))
        below = min(max(ends[lower][1], low + line / 2), top - 1.5 * line)
        above = min(max(ends[upper][1], below + line), top - line / 2)
        for number, y in ((lower, below), (upper, above)):
            self._letters[number].setPos(ends[number][0], y)


class FanPlot(QStackedWidget):
    """The final C of each of twenty η, and of A and B among them. Hidden until the outcome is shown."""

    def __init__(self, letters: tuple[str, str]) -> None:
        super().__init__()
        self.setObjectName("valley_fan")
        waits = label("card", say("fan_waits"), wraps=True)
        waits.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._edge_at: tuple[float, float] | None = None
        plot = self.plot = _Small("valley_fan_plot", say("fan"))
        self._start = plot.curve("line", 1.2, dash=DOT)
        self._line = plot.curve("line", 1.0)
        self.end_dots = plot.dots("card", 8, edge="muted", width=1.3)
        self.edge_band = plot.curve("accent", 0.0)
        self._balls = [plot.dots(ball, 9) for ball in (0, 1)]
        anchors = ((-0.2, 0.9), (1.2, 0.9))
        self._letters = [plot.text(letters[ball], ball, 0, 0, anchors[ball]) for ball in (0, 1)]
        self._words = plot.text(say("edge"), "accent", 0, 0, (1.0, 0.0))
        self._begun = plot.text(say("at_start"), "muted", 0, 0, (0.0, 1.0))
        plot.paint(self._colour)
        plot.ranged = self._lay_words
        for each in (waits, plot):
            self.addWidget(each)

    def show_fan(self, race: BallRace, fan: Fan | None) -> None:
        self.setCurrentIndex(0 if fan is None else 1)
        self._edge_at = None if fan is None else fan.edge
        if fan is None:
            return
        log, begun = bool(race.surface.bottoms), float(race.costs(0)[0])
        costs = [*fan.ends().tolist(), *(float(race.costs(number)[-1]) for number in (0, 1)), begun]
        least, most = (10.0**_LOWEST, 10.0**_HIGHEST) if log else (-6 * abs(begun) - 10, 6 * abs(begun) + 10)
        heights = [min(max(each, least), most) for each in costs]
        heights = list(map(math.log10, heights)) if log else heights
        low, top = min(heights), max(heights)
        low, top = low - 0.06 * (top - low), top + 0.2 * (top - low)
        wide, many = fan.etas[-1] * 1.03, heights[: len(fan.etas)]
        ticks = [tick for tick in few_ticks(0.0, 0.7 * wide) if tick[0] > 0]
        ticks.append((wide, say("eta")))
        self.plot.set_ticks(ticks, _powers(low, top) if log else few_ticks(low, top))
        self.plot.show_range((0.0, wide), (low, top))
        self.end_dots.setData(list(fan.etas), many)
        self._line.setData(list(fan.etas), many)
        self._start.setData([0.0, wide], [heights[-1]] * 2)
        self._begun.setPos(0.02 * wide, heights[-1])
        self.edge_band.setData(list(self._edge_at or (0.0, 0.0)), [top, top], fillLevel=low)
        for ball, height in enumerate(heights[-3:-1]):
            eta = race.rules[ball].eta
            self._balls[ball].setData(*(([eta], [height]) if eta <= wide else ([], [])))
            self._letters[ball].setPos(eta, height)
        self._lay_words()

    def _lay_words(self) -> None:
        roomy = self.plot.height() >= _ROOMY
        self._begun.setVisible(roomy)
        self._words.setVisible(roomy and self._edge_at is not None)
        self._words.setPos((self._edge_at or (0.0, 0.0))[0], self.plot.seen[1][1])
        for dots, letter in zip(self._balls, self._letters, strict=True):
            letter.setVisible(roomy and len(dots.points()) > 0)
        for words in (self._words, *self._letters):
            words.setFont(bold(self.font()))

    def _colour(self) -> None:
        self.edge_band.setBrush(QBrush(translucent(theme().accent, 60 / 255)))
        self.edge_band.setPen(None)


def _clipped(costs: Array, low: float, top: float) -> Array:
    return np.clip(costs, low - (top - low), top + 2 * (top - low))


def few_ticks(low: float, high: float, pixels: float = _ROOMY) -> Ticks:
    """Return two or three round numbers; in few pixels one or two."""
    step = nice_below(max(high - low, 1e-9) / (2 if pixels >= _ROOMY else 1), ROUND)
    return ticks_at(multiples(step, low, high))


def _powers(low: float, high: float) -> Ticks:
    first, last = math.ceil(low), math.floor(high)
    every = max(1, round((last - first) / 2.5))
    return [
        (float(power), numbers.tick(10.0**power) if -4 < power < 6 else numbers.one_figure(10.0**power))
        for power in range(-6, 13)
        if low <= power <= high and power % every == 0
    ]
