"""The figures of the valley: the map with the balls on it, and the cost of both at each step."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsPixmapItem

from mnistviz.engine.ideas.ball_race import LAP, BallRace
from mnistviz.engine.ideas.contours import LEVELS, SEEN, contours, levels_of
from mnistviz.engine.ideas.landscape import Array, Landscape
from mnistviz.gui.common import numbers
from mnistviz.gui.common.theme import Theme, toned
from mnistviz.gui.ideas.parts.idea_plot import BEHIND, REACH, Colour, IdeaPlot, Ticks
from mnistviz.gui.ideas.valley.valley_words import outside, say, where

_CELL = 5.0  # pixels of the grid that contours are drawn on

Range = tuple[tuple[float, float], tuple[float, float]]


def picture(surface: Landscape, seen: Range, size: QSize, ratio: float, theme: Theme) -> QPixmap:
    """What is `seen` of a surface, in a picture of `size` pixels of the widget, each `ratio` of the screen's. It is
    painted once, so that a ball that is dragged over it costs no more than itself."""
    (x0, x1), (y0, y1) = seen
    columns, rows = (max(24, round(pixels / _CELL)) for pixels in (size.width(), size.height()))
    points = np.meshgrid(np.linspace(x0, x1, columns), np.linspace(y1, y0, rows))
    heights = surface.value(np.stack(points, axis=-1))
    levels = levels_of(surface)
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    painter = QPainter(pixmap)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    cell = np.array((size.height() / (rows - 1), size.width() / (columns - 1)))
    around = QRectF(-cell[1] / 2, -cell[0] / 2, size.width() + float(cell[1]), size.height() + float(cell[0]))
    bands = np.ascontiguousarray(_greys(theme)[np.searchsorted(levels, heights)])
    painter.drawImage(around, QImage(bands.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888))
    for number, segments in enumerate(contours(heights, levels)):
        painter.setPen(QPen(QColor(toned(theme, theme.line, -0.25 - 0.4 * number / LEVELS)), 1.0))
        painter.drawLines([QLineF(*line) for line in (segments * cell)[:, :, ::-1].reshape(-1, 4).tolist()])
    painter.end()
    return pixmap


def _greys(theme: Theme) -> NDArray[np.uint8]:
    """Of the bands, from the lowest up: (LEVELS + 1, 3)."""
    deep, high = QColor(toned(theme, theme.card, 0.24 if theme.dark else 0.2)), QColor(theme.card)
    ends = np.array([(colour.red(), colour.green(), colour.blue()) for colour in (deep, high)], dtype=float)
    shares = (np.arange(LEVELS + 1)[:, np.newaxis] / LEVELS) ** 0.7
    greys: NDArray[np.uint8] = np.rint(ends[0] + shares * (ends[1] - ends[0])).astype(np.uint8)
    return greys


_HEAD = 9.0  # pixels of the arrow's head
_FAR = 80.0  # units; what lies farther out is drawn there


class BallItems:
    """All that is drawn of one ball; its colour is that of a run."""

    def __init__(self, plot: IdeaPlot, number: int, letter: str) -> None:
        self._plot, self._number = plot, number

        def colour(theme: Theme) -> str:
            return theme.runs[number]

        self.way = plot.curve(colour, 1.6, smooth=True)
        self.dots = plot.dots(colour, 5.0)
        self._arrow_line = plot.curve(colour, 2.8, smooth=True)
        self.disc = plot.dots(colour, 20, edge=lambda theme: theme.card, width=2.0)
        self.letter = plot.text(letter, lambda theme: theme.card, 0, 0, (0.5, 0.5))
        self.arrow = ((0.0, 0.0), (0.0, 0.0))
        """Where −η∇C begins, at the ball, and ends."""
        for depth, item in enumerate((self.way, self.dots, self._arrow_line, self.disc, self.letter)):
            item.setZValue(2 * depth + 1 - number)  # A's step is the shorter one, mostly

    def show(self, race: BallRace) -> None:
        """Its way as far as it was run; no disc before, where the start is."""
        places = race.places(self._number)
        held = held_in(places)
        self.way.setData(held[:, 0], held[:, 1])
        self.dots.setData(held[1:, 0], held[1:, 1])
        end = places[-1]
        moved = race.steps > 0
        self.disc.setData(held[-1:, 0] if moved else [], held[-1:, 1] if moved else [])
        self.letter.setVisible(moved)
        self.letter.setFont(_small_bold(self._plot.font()))
        self.letter.setPos(*held[-1])
        step = -race.rules[self._number].eta * race.surface.gradient(end)
        self.arrow = ((float(end[0]), float(end[1])), (float(end[0] + step[0]), float(end[1] + step[1])))
        self.draw_arrow()

    def draw_arrow(self) -> None:
        """The head keeps its size in pixels."""
        ends = held_in(np.array(self.arrow))
        (x0, y0), (x1, y1) = ends
        across, up = self._plot.pixel
        length = math.hypot((x1 - x0) / across, (y1 - y0) / up)
        if length < 3:
            self._arrow_line.setData([], [])
            return
        way = np.array((x1 - x0, y1 - y0)) / length  # of one pixel
        side = np.array((-way[1], way[0]))
        head = min(_HEAD, 0.6 * length)
        wings = [ends[1] - head * way + turn * 0.5 * head * side for turn in (1, -1)]
        line = np.array((ends[0], ends[1], wings[0], ends[1], wings[1]))
        self._arrow_line.setData(line[:, 0], line[:, 1])


def held_in(places: Array) -> Array:
    """Places that lie far outside, drawn not so far: Qt can't draw lines without an end."""
    lengths = np.hypot(places[:, 0], places[:, 1])[:, np.newaxis]
    held: Array = np.where(lengths > _FAR, places * (_FAR / np.maximum(lengths, _FAR)), places)
    return held


def bold(font: QFont) -> QFont:
    font = QFont(font)
    font.setBold(True)
    return font


def _small_bold(font: QFont) -> QFont:
    """Of a letter within a ball, whatever the size of text."""
    font = bold(font)
    font.setPixelSize(12)
    return font


ROOM = 190  # pixels that words at a place may need
TOGETHER = 14  # pixels between two balls that share their letters


class ValleyMap(IdeaPlot):
    """The surface from above: contours in grey, the balls with their ways and next steps, start and flag. Both axes
    have one scale, so that −η∇C stands at right angles to the contours."""

    def __init__(self, surface: Landscape, letters: tuple[str, str], theme: Theme) -> None:
        """`letters` are what the balls are called."""
        super().__init__("valley_map", say("map"), theme, equal=True)
        self._surface, self._letters = surface, letters
        self._drawn: tuple[object, ...] = ()
        self._ground = QGraphicsPixmapItem()
        self._ground.setZValue(BEHIND + 1)
        self.scene().addItem(self._ground)
        self._ghost = self.curve(lambda theme: theme.accent, 1.5, dash=Qt.PenStyle.DashLine)
        self.balls = (BallItems(self, 0, letters[0]), BallItems(self, 1, letters[1]))
        self.start = self.handle("start", lambda theme: theme.text)
        self.flag = self.handle("flag", lambda theme: theme.accent)
        self._flag_cloth = QGraphicsPathItem(_flag_path(), self.flag.item)
        self.start_words = self.text("", lambda theme: theme.text, 0, 0, (0, 1.35))
        self.flag_words = self.text("", lambda theme: theme.accent, 0, 0, (-0.12, 1.0))
        self.outside_words = self.text("", lambda theme: theme.text, 0, 0, (1, 0))
        self.set_axes(say("v1"), say("v2"))
        self.is_flag_placed = False
        self._surface_later = QTimer(self, singleShot=True, interval=0)
        self._surface_later.timeout.connect(self._draw_surface)
        self.ranged.connect(self._redraw)
        self.flag.moved.connect(self._flag_moved)
        self.paint(self._colour)
        self.show_range(*SEEN)

    # What is shown

    def show_race(self, race: BallRace) -> None:
        """A race as far as it was run, and where a ball is that can't be seen."""
        if race.surface is not self._surface:
            self._surface = race.surface
            self._draw_surface()
        self.start.set_place(*race.start)
        for ball in self.balls:
            ball.show(race)
        a, b = (ball.letter for ball in self.balls)
        way = self.at(*race.paths[0][-1].place) - self.at(*race.paths[1][-1].place)
        near = way.manhattanLength() < TOGETHER
        a.setText("".join(self._letters) if near else self._letters[0])
        b.setText("" if near else self._letters[1])
        for words in (self.start_words, self.flag_words, self.outside_words):
            words.setFont(self.font())
        away = [
            outside(letter, float(race.costs(number)[-1]))
            for number, letter in enumerate(self._letters)
            if not self._sees(race.paths[number][-1].place)
        ]
        self.start_words.setText(say("start_here"))
        self.start_words.setVisible(not race.steps)
        self.outside_words.setText("\n".join(away))
        heard = say("heard", place=where(race.start), steps=numbers.whole(race.steps))
        self.setAccessibleDescription(heard)
        self._lay_words()

    def _sees(self, place: tuple[float, float]) -> bool:
        """Whether a place lies in what is seen."""
        (x0, x1), (y0, y1) = self.seen
        return x0 <= place[0] <= x1 and y0 <= place[1] <= y1

    def offer_flag(self) -> None:
        """The flag lies at the lower right, to be taken from there."""
        self.is_flag_placed = False
        self.flag.free = "xy"
        self.flag.item.setOpacity(1.0)
        self._ghost.setData([], [])
        self.flag_words.setText(say("drag_flag"))
        self._lay_flag_by()
        self.flag.set_visible(True)
        self.flag_words.setVisible(True)

    def lock_flag(self) -> None:
        """The balls have moved: a flag that was placed stays where it is, and one that was not comes too late."""
        self.flag.free = ""
        self.flag.set_visible(self.is_flag_placed)
        self.flag_words.setVisible(self.is_flag_placed)

    def is_on_flag(self, x: float, y: float) -> bool:
        """Whether a place is on a visible flag: a click on a locked one asks for no other start."""
        way = self.at(x, y) - self.at(self.flag.x, self.flag.y)
        return self.flag.item.isVisible() and math.hypot(way.x(), way.y()) <= REACH

    def keep_flag(self, came: tuple[float, float]) -> None:
        """What was predicted stays as a ghost, joined to what came; one that was not placed goes."""
        self.lock_flag()
        self.flag.item.setOpacity(0.55)
        self.flag_words.setText(say("your_flag"))
        if self.is_flag_placed:
            ends = held_in(np.array([(self.flag.x, self.flag.y), came]))
            self._ghost.setData(ends[:, 0], ends[:, 1])

    def arrow(self, number: int) -> tuple[QPointF, QPointF]:
        """Where the arrow −η∇C of ball 0 or 1 begins and ends, in pixels."""
        begin, end = self.balls[number].arrow
        return self.at(*begin), self.at(*end)

    # Drawing

    def _redraw(self) -> None:
        self._surface_later.start()  # while parts find their places, sizes follow on each other
        for ball in self.balls:
            ball.draw_arrow()
        if self.is_flag_placed:
            self._lay_words()
        else:
            self._lay_flag_by()

    def _lay_words(self) -> None:
        """Words stand on the card, so that they are read on any line, and within what is seen."""
        (_, x1), (_, y1) = self.seen
        across, up = self.pixel
        self.outside_words.setPos(x1 - 6 * across, y1 - 4 * up)
        for words, handle in ((self.start_words, self.start), (self.flag_words, self.flag)):
            words.setPos(handle.x, handle.y)
            beside = 1.12 if x1 - handle.x < ROOM * across else -0.12
            words.setAnchor((beside, 1.0 if handle is self.flag else self._above_or_below(y1, up)))

    def _above_or_below(self, top: float, up: float) -> float:
        """Where the words of the start don't lie on the next step: the anchor's height."""
        (_, begin), (_, end) = self.balls[1].arrow
        below = end > begin + 2 * up or top - begin < 1.6 * self.fontMetrics().height() * up
        return -0.35 if below else 1.35

    def _lay_flag_by(self) -> None:
        (_, x1), (y0, _) = self.seen
        across, up = self.pixel
        self.flag.set_place(x1 - 34 * across, y0 + 20 * up)
        self._lay_words()

    def _flag_moved(self, x: float, y: float) -> None:
        self.is_flag_placed = True
        self._lay_words()

    def _draw_surface(self) -> None:
        (x0, x1), (y0, y1) = self.seen
        now = (self._surface.code, x0, x1, y0, y1, self.theme.dark, self.devicePixelRatioF())
        if now == self._drawn or not self.isVisible():  # while it is built, its size changes many times
            return
        self._drawn = now
        area = self.box.geometry()
        size = QSize(max(1, round(area.width())), max(1, round(area.height())))
        self._ground.setPixmap(picture(self._surface, self.seen, size, self.devicePixelRatioF(), self.theme))
        self._ground.setPos(area.topLeft())

    def _colour(self, theme: Theme) -> None:
        self._flag_cloth.setPen(QPen(QColor(theme.accent), 2))
        self._flag_cloth.setBrush(QColor(theme.accent))
        fill = QColor(theme.card)
        fill.setAlpha(190)
        for words in (self.start_words, self.outside_words, self.flag_words):
            words.fill = pg.mkBrush(fill)
        self._draw_surface()


def _flag_path() -> QPainterPath:
    """A pole with a cloth, in pixels above the place."""
    path = QPainterPath(QPointF(0, 0))
    path.lineTo(0, -30)
    path.lineTo(17, -24)
    path.lineTo(0, -18)
    return path


_ABOVE = 1.6  # times what the start lies above the bottom is seen; a ball thrown out leaves at the top


class CostCurve(IdeaPlot):
    """The cost of both balls at each step. It grows as the race is run; the axis is as long as the lap that is on."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("valley_cost", say("curve"), theme)
        colours: tuple[Colour, ...] = (lambda theme: theme.runs[0], lambda theme: theme.runs[1])
        self._lines = [self.curve(colour, 2.0, smooth=True) for colour in colours]
        self._dots = [self.dots(colour, 5.0) for colour in colours]
        self._letters = [self.text("", colour, 0, 0, (-0.4, 0.5)) for colour in colours]

    def show_race(self, race: BallRace, letters: tuple[str, str]) -> None:
        both = [race.costs(number) for number in (0, 1)]
        start = float(both[0][0])
        bottoms = race.surface.value(np.array(race.surface.bottoms)) if race.surface.bottoms else np.zeros(1)
        low = min(0.0, float(bottoms.min()), *(float(costs.min()) for costs in both))
        low = max(low, -3 * abs(start) - 10)
        high = max(start, 0.1) + (_ABOVE - 1) * max(start - low, 0.1)
        top = min(high, max(max(float(costs.max()) for costs in both), start) * 1.08 + 0.05)
        end = max(LAP, -(-race.steps // LAP) * LAP)
        self.set_ticks(self._step_ticks(end), self._cost_ticks(start))
        self.show_range((0, end * 1.09), (low, top))
        for number, costs in enumerate(both):
            steps = np.arange(len(costs))
            seen = np.clip(costs, low - (top - low), top + 2 * (top - low))
            self._lines[number].setData(steps, seen)
            self._dots[number].setData(steps[1:], seen[1:])
            self._letters[number].setText(letters[number] if race.steps else "")
            self._letters[number].setFont(bold(self.font()))
        self._lay_letters([(len(costs) - 1, float(costs[-1])) for costs in both], low, top)

    def _lay_letters(self, ends: list[tuple[int, float]], low: float, top: float) -> None:
        """Each where its line ends, within what is seen, and not on each other."""
        line = self.fontMetrics().height() * self.pixel[1]
        lower, upper = sorted((0, 1), key=lambda number: (ends[number][1], -number))
        below = min(max(ends[lower][1], low + line / 2), top - 1.5 * line)
        above = min(max(ends[upper][1], below + line), top - line / 2)
        for number, y in ((lower, below), (upper, above)):
            self._letters[number].setPos(ends[number][0], y)

    def _step_ticks(self, end: int) -> Ticks:
        """A tick every half lap, the last with its unit."""
        every = LAP // 2
        ticks = [(float(step), numbers.whole(step)) for step in range(0, end, every)]
        return [*ticks, (float(end), say("steps", count=numbers.whole(end)))]

    def _cost_ticks(self, start: float) -> Ticks:
        """0, and the cost at the start."""
        both = dict.fromkeys((0.0, start))
        return [(cost, say("cost", cost=numbers.tick(float(f"{cost:.2g}")))) for cost in both]
