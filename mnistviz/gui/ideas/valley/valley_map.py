"""The surface from above, with the balls and their paths, the flag, and the balls of twenty other η."""

import math
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
    QRadialGradient,
)
from PySide6.QtWidgets import (
    QGraphicsEllipseItem,
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsPixmapItem,
    QGraphicsSimpleTextItem,
)

from mnistviz.engine.ideas.ball_race import BallRace, Fan
from mnistviz.engine.ideas.landscape import BANDS, SEEN, Array, Landscape, bands_between, contours
from mnistviz.gui.common import numbers
from mnistviz.gui.common.painted_figure import bold
from mnistviz.gui.common.painter_tools import blank_pixmap, translucent
from mnistviz.gui.common.scales import multiples
from mnistviz.gui.common.theme import Theme, theme
from mnistviz.gui.common.timers import new_timer
from mnistviz.gui.ideas.parts import idea_plot
from mnistviz.gui.ideas.parts.idea_plot import REACH, Colour, IdeaPlot, Moved, Ticks, colour_of, ticks_at
from mnistviz.gui.ideas.valley.valley_words import MOST_COST, say, short_cost, where

_CELL, _FINE = 5.0, 2.0  # pixels of the grids for contours and colours
_LIGHT: Final = 0.11  # how much lighter or darker a slope is, at most
_RAMP: Final = {
    False: ("#5f8474", "#7f9f88", "#a1b89b", "#c2cdb1", "#dfe2cb", "#f4f2e4"),
    True: ("#17332c", "#21423a", "#2e5247", "#3e6254", "#527261", "#68826f"),
}

Range = tuple[tuple[float, float], tuple[float, float]]


def band_colours(theme: Theme) -> NDArray[np.float64]:
    """Return the colours of the bands, from the lowest up, shape (BANDS, 3), 0 to 255."""
    ramp = np.array([QColor(name).getRgb() for name in _RAMP[theme.dark]], float)[:, :3]
    at, given = np.linspace(0, 1, BANDS), np.linspace(0, 1, len(ramp))
    return np.stack([np.interp(at, given, part) for part in ramp.T], axis=-1)


def heights_seen(surface: Landscape, seen: Range) -> tuple[float, float]:
    heights = surface.value(_grid(seen, 120, 80))
    low, high = float(heights.min()), float(heights.max())
    return max(surface.lowest, low - 0.02 * (high - low)), high


def picture(surface: Landscape, seen: Range, size: QSize, ratio: float) -> QPixmap:
    """Return the visible part of a surface in `size` pixels of the widget, painted once: dragging is fast."""
    levels = bands_between(*heights_seen(surface, seen))
    pixmap = blank_pixmap(size, ratio)
    with QPainter(pixmap) as painter:
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        columns, rows = _cells(size, _FINE)
        points = _grid(seen, columns, rows)
        bands = band_colours(theme())[np.searchsorted(levels, surface.value(points))]
        lit = _lit(bands, surface.gradient(points))
        cell = size.width() / (columns - 1), size.height() / (rows - 1)
        around = QRectF(-cell[0] / 2, -cell[1] / 2, size.width() + cell[0], size.height() + cell[1])
        painter.drawImage(around, QImage(lit.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888))
        columns, rows = _cells(size, _CELL)
        scale = np.array((size.height() / (rows - 1), size.width() / (columns - 1)))
        for number, segments in enumerate(contours(surface.value(_grid(seen, columns, rows)), levels)):
            line = translucent(
                "#ffffff" if theme().dark else "#1c2f28", (110 if number % 3 == 2 else 60) / 255
            )
            painter.setPen(QPen(line, 1.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            ends = (segments * scale)[:, :, ::-1].reshape(-1, 4).tolist()
            painter.drawLines([QLineF(*each) for each in ends])
    return pixmap


def legend(size: QSize, ratio: float) -> QPixmap:
    pixmap = blank_pixmap(size, ratio)
    with QPainter(pixmap) as painter:
        for number, colour in reversed(list(enumerate(band_colours(theme()).tolist()))):
            end = ((number + 1) / BANDS) ** 2 * size.width()
            painter.fillRect(QRectF(0, 0, end, size.height()), QColor(*map(round, colour)))
    return pixmap


def _cells(size: QSize, pixels: float) -> tuple[int, int]:
    return max(24, round(size.width() / pixels)), max(24, round(size.height() / pixels))


def _grid(seen: Range, columns: int, rows: int) -> Array:
    """Return a grid of places, in rows from the top, shape (rows, columns, 2)."""
    (x0, x1), (y0, y1) = seen
    return np.stack(np.meshgrid(np.linspace(x0, x1, columns), np.linspace(y1, y0, rows)), axis=-1)


def _lit(colours: NDArray[np.float64], gradient: Array) -> NDArray[np.uint8]:
    steep = np.hypot(gradient[..., 0], gradient[..., 1])
    facing = (gradient[..., 0] - gradient[..., 1]) / np.sqrt(2) / (steep + 0.3 * steep.mean() + 1e-12)
    light = _LIGHT * facing[..., np.newaxis]
    lit = np.where(light > 0, colours + light * (255 - colours), colours * (1 + light))
    return np.ascontiguousarray(np.rint(lit).astype(np.uint8))


_HEAD = 9.0  # pixels of the arrow's head
_FAR = 80.0  # units: farther places are drawn there
_ROOM = 190  # pixels that a text may need
_TOGETHER = 18  # pixels between two balls that share their letters
_LOW = 190  # pixels of a map without room for the names of the twenty balls
_APART = 52  # pixels between the names of two of the twenty balls


class HaloText:
    """A text that is legible on any background: in `plot` at a place in units, with an outline in the card's colour."""

    def __init__(self, plot: IdeaPlot, colour: Colour, *, bold: bool = False) -> None:
        self._plot, self._bold = plot, bold
        self._at = plot.add(QGraphicsPathItem())
        self._at.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self._at.setZValue(30)
        self._halo, self._ink = (QGraphicsSimpleTextItem(self._at) for _ in range(2))

        def paint() -> None:
            self._ink.setBrush(QColor(colour_of(colour)))
            outline = QPen(QColor(theme().card), 3.6)
            outline.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            self._halo.setPen(outline)
            self._halo.setBrush(QColor(theme().card))

        plot.paint(paint)

    def show(self, text: str, place: tuple[float, float], anchor: tuple[float, float] = (0.0, 0.5)) -> None:
        """Show a text; `anchor` is the point of it that lies at the place, (0, 0) its upper left."""
        font = bold(self._plot.font()) if self._bold else self._plot.font()
        for item in (self._halo, self._ink):
            item.setText(text)
            item.setFont(font)
        size = self._ink.boundingRect()
        for item in (self._halo, self._ink):
            item.setPos(-anchor[0] * size.width(), -anchor[1] * size.height())
        self._at.setPos(*place)
        self._at.setVisible(bool(text))


class BallItem:
    """A shaded ball of constant size in pixels, at a place in units."""

    def __init__(self, plot: IdeaPlot, colour: Colour, radius: float, letter: str = "") -> None:
        self.disc = plot.add(QGraphicsEllipseItem(QRectF(-radius, -radius, 2 * radius, 2 * radius)))
        self.disc.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.disc.setZValue(12)
        self._letter, self._text = HaloText(plot, colour, bold=True), letter

        def paint() -> None:
            hue = QColor(colour_of(colour))
            light = QRadialGradient(-0.35 * radius, -0.4 * radius, 1.3 * radius)
            light.setColorAt(0.0, hue.lighter(150 if theme().dark else 190))
            light.setColorAt(0.35, hue)
            light.setColorAt(1.0, hue.darker(118))
            self.disc.setBrush(QBrush(light))
            self.disc.setPen(QPen(QColor(theme().card), 1.6))

        plot.paint(paint)

    def put(self, place: tuple[float, float], *, seen: bool = True, letter: str | None = None) -> None:
        """Place the ball; `letter` replaces its own name: two balls at one place share their letters."""
        self.disc.setPos(*place)
        self.disc.setVisible(seen)
        text = self._text if letter is None else letter
        self._letter.show(text if seen else "", place, (0.5, 1.75))


class BallWay:
    """The path of one ball over the map, and an arrow to its next place."""

    def __init__(self, plot: IdeaPlot, number: int, letter: str) -> None:
        self._plot, self._number, self._letter = plot, number, letter
        self._casing, self._arrow_casing = (plot.curve("card", 4.6, smooth=True) for _ in range(2))
        self._way = plot.curve(number, 2.0, smooth=True)
        self._dots = plot.dots(number, 6.5, edge="card", width=1.0)
        self._arrow = plot.curve(number, 2.4, smooth=True)
        self.ball = BallItem(plot, number, 8.0, letter)
        self._next = HaloText(plot, number, bold=True)
        self.arrow = ((0.0, 0.0), (0.0, 0.0))  # start (at the ball) and end of −η∇C
        for depth, item in enumerate((self._arrow_casing, self._arrow, self._casing, self._way, self._dots)):
            item.setZValue(2 * depth + 1 - number)  # on top, since A's step is usually shorter

    def show(self, race: BallRace, letter: str) -> None:
        places = race.places(self._number)
        path = clamped(places)
        for line in (self._casing, self._way):
            line.setData(path[:, 0], path[:, 1])
        self._dots.setData(path[1:, 0], path[1:, 1])
        self.ball.put(tuple(path[-1]), seen=race.steps > 0, letter=letter)
        end, step = places[-1], -race.rules[self._number].eta * race.surface.gradient(places[-1])
        self.arrow = ((float(end[0]), float(end[1])), (float(end[0] + step[0]), float(end[1] + step[1])))
        self._draw_arrow(named=not race.steps)

    def _draw_arrow(self, *, named: bool) -> None:
        begin, end = clamped(np.array(self.arrow))
        across, up = self._plot.pixel
        length = float(np.hypot(*((end - begin) / (across, up))))
        self._next.show(self._letter if named and length > 6 else "", (end[0] + 9 * across, end[1]))
        way = (end - begin) / max(length, 1.0)  # of one pixel
        side = np.array((-way[1], way[0]))
        head = min(_HEAD, 0.6 * length)
        wings = [end - head * way + turn * 0.5 * head * side for turn in (1, -1)]
        line = np.array((begin, end, wings[0], end, wings[1])) if length >= 3 else np.empty((0, 2))
        for arrow in (self._arrow_casing, self._arrow):
            arrow.setData(*line.T)


def clamped(places: Array) -> Array:
    """Limit the distance of places from the origin: Qt cannot draw endless lines."""
    lengths = np.hypot(places[:, 0], places[:, 1])[:, np.newaxis]
    limited: Array = np.where(lengths > _FAR, places * (_FAR / np.maximum(lengths, _FAR)), places)
    return limited


class ValleyMap(IdeaPlot):
    """A relief with the balls on it. Both axes have one scale, so that −η∇C is perpendicular to the contours."""

    def __init__(
        self, race: BallRace, letters: tuple[str, str], start_moved: Moved, flag_moved: Moved,
        show_heights: Callable[[float, float], object],
    ) -> None:  # fmt: skip
        super().__init__("valley_map", say("map"), equal=True)
        self._start_moved, self._predicted, self._show_heights = start_moved, flag_moved, show_heights
        self._race, self._letters = race, letters
        self._drawn: tuple[object, ...] = ()
        self._fan: Fan | None = None
        self._ticked: tuple[Ticks, Ticks] | None = None
        self._ground = QGraphicsPixmapItem()
        self._ground.setZValue(idea_plot.BEHIND + 1)
        self.scene().addItem(self._ground)
        self._fan_casing = self.curve("card", 3.4, smooth=True)
        self._fan_line = self.curve("muted", 1.2, smooth=True)
        self._fan_balls = self.dots("track", 11, edge="muted", width=1.2)
        self._ghost = self.curve("accent", 1.5, dash=idea_plot.DASH)
        self.balls = (BallWay(self, 0, letters[0]), BallWay(self, 1, letters[1]))
        self.start = self.handle("start", "text", moved=start_moved)
        self.flag = self.handle("flag", "accent", moved=self._flag_moved)
        pole = QPainterPath()  # with a flag, in pixels above the place
        pole.addPolygon(QPolygonF([QPointF(*each) for each in ((0, 0), (0, -30), (17, -24), (0, -18))]))
        self._flag_cloth = QGraphicsPathItem(pole, self.flag.item)
        self.start_words, self.outside_words = HaloText(self, "text"), HaloText(self, "text")
        self.flag_words = HaloText(self, "accent", bold=True)
        self.fan_words = (HaloText(self, "text"), HaloText(self, "text"))
        self._flag_text = ""
        self.is_flag_placed = False
        self._surface_later = new_timer(self, self._draw_surface)
        self.ranged = self._redraw
        self.paint(self._colour)
        self.set_room(right=3)
        self.show_range(*SEEN)

    def show_race(self, race: BallRace, fan: Fan | None) -> None:
        before, self._race, self._fan = self._race, race, fan
        if race.surface is not before.surface:
            self._draw_surface()
        self.start.set_place(*race.start)
        way = self.at(*race.paths[0][-1].place) - self.at(*race.paths[1][-1].place)
        letters = ("".join(self._letters), "") if way.manhattanLength() < _TOGETHER else self._letters
        for ball, letter in zip(self.balls, letters, strict=True):
            ball.show(race, letter)
        self._show_fan()
        self.setAccessibleDescription(say("heard", place=where(race.start), steps=race.steps))
        self._lay_words()

    def _show_fan(self) -> None:
        seen = [place for _, place in self._fan_ends() if self._sees(place)]
        x, y = [place[0] for place in seen], [place[1] for place in seen]
        for line in (self._fan_casing, self._fan_line, self._fan_balls):
            line.setData(x, y)

    def _lay_fan_words(self) -> None:
        for words in self.fan_words:
            words.show("", (0.0, 0.0))
        seen = [(eta, self.at(*place)) for eta, place in self._fan_ends() if self._sees(place)]
        ends = seen[:1] if self.height() >= _LOW else []
        if ends and (seen[-1][1] - seen[0][1]).manhattanLength() > _APART:
            ends.append(seen[-1])
        for words, (eta, at), (_, other) in zip(self.fan_words, ends, reversed(ends), strict=False):
            side = -1 if _APART < at.x() < other.x() else 1  # away from the balls between both
            place = self.where(at + QPointF(10 * side, -9 * side))
            words.show(say("eta_is", eta=numbers.tick(eta)), place, ((1 - side) / 2, 0.5))

    def _fan_ends(self) -> list[tuple[float, tuple[float, float]]]:
        if self._fan is None:
            return []
        return [(eta, path[-1].place) for eta, path in zip(self._fan.etas, self._fan.paths, strict=True)]

    def _sees(self, place: tuple[float, float]) -> bool:
        (x0, x1), (y0, y1) = self.seen
        return x0 <= place[0] <= x1 and y0 <= place[1] <= y1

    def _away(self) -> list[str]:
        race, fan = self._race, self._fan
        away = [
            say("outside", ball=letter, cost=short_cost(float(race.costs(number)[-1])))
            for number, letter in enumerate(self._letters)
            if not self._sees(race.paths[number][-1].place)
        ]
        gone = [number for number, (_, place) in enumerate(self._fan_ends()) if not self._sees(place)]
        if fan is not None and gone and gone[-1] - gone[0] == len(gone) - 1:
            low, high = (numbers.tick(fan.etas[gone[end]]) for end in (0, -1))
            most = float(fan.ends()[gone].max())
            id = "outside_fan" if most <= MOST_COST else "far_outside_fan"
            away.append(say(id, low=low, high=high, cost=short_cost(most)))
        return away

    def offer_flag(self) -> None:
        self.is_flag_placed = False
        self.flag.free = "xy"
        self.flag.item.setOpacity(1.0)
        self._ghost.setData([], [])
        self._flag_text = say("drag_flag")
        self.flag.set_visible(True)
        self._lay_flag_by()

    def lock_flag(self) -> None:
        """Lock the flag once the balls have moved, and hide it if it was not placed."""
        self.flag.free = ""
        self.flag.set_visible(self.is_flag_placed)
        if not self.is_flag_placed:
            self._flag_text = ""
        self._lay_words()

    def press(self, x: float, y: float) -> None:
        """Move the start there; but ignore a click on a visible flag, which is locked."""
        way = self.at(x, y) - self.at(self.flag.x, self.flag.y)
        if not (self.flag.item.isVisible() and math.hypot(way.x(), way.y()) <= REACH):
            self._start_moved(x, y)

    def freeze_flag(self, came: tuple[float, float]) -> None:
        """Show the prediction as an outline, joined to the outcome, or hide a flag that was not placed."""
        self.flag.item.setOpacity(0.55)
        if self.is_flag_placed:
            self._flag_text = say("your_flag")
            ends = clamped(np.array([(self.flag.x, self.flag.y), came]))
            self._ghost.setData(ends[:, 0], ends[:, 1])
        self.lock_flag()

    def arrow(self, number: int) -> tuple[QPointF, QPointF]:
        """Return start and end of the arrow −η∇C of ball 0 or 1, in pixels."""
        begin, end = self.balls[number].arrow
        return self.at(*begin), self.at(*end)

    def _redraw(self) -> None:
        self._surface_later.start()  # sizes change repeatedly during a layout
        if (ticks := self._ticks()) != self._ticked:
            self._ticked = ticks
            self.set_ticks(*ticks)
            return
        if not self.is_flag_placed:
            self._lay_flag_by()
        self.show_race(self._race, self._fan)

    def _ticks(self) -> tuple[Ticks, Ticks]:
        ticks = []
        names = say("v1"), say("v2")
        for (low, high), pixel, name, apart in zip(self.seen, self.pixel, names, (30, 17), strict=True):
            places = multiples(1 if 42 * pixel < 1 else 2, low, high - apart * pixel)
            ticks.append([*ticks_at(places), (high, name)])
        return ticks[0], ticks[1]

    def _lay_words(self) -> None:
        (_, x1), (_, y1) = self.seen
        across, up = self.pixel
        self.outside_words.show("\n".join(self._away()), (x1 - 8 * across, y1 - 5 * up), (1.0, 0.0))
        text, start, race = say("start_was" if self._race.steps else "start_here"), self.start, self._race
        beside = 1.0 if x1 - start.x < _ROOM * across else 0.0
        rises = float(race.surface.gradient(np.array(race.start))[1]) < 0
        # So that the first step is not covered.
        below = rises or y1 - start.y < 0.9 * self.fontMetrics().height() * up
        place = start.x + (14 - 28 * beside) * across, start.y
        self.start_words.show(text, place, (beside, 0.0 if below else 0.9))
        beside = 1.0 if x1 - self.flag.x < 110 * across else 0.0
        place = self.flag.x + (13 - 26 * beside) * across, self.flag.y
        self.flag_words.show(self._flag_text, place, (beside, 0.5))
        self._lay_fan_words()

    def _lay_flag_by(self) -> None:
        (_, x1), (y0, _) = self.seen
        across, up = self.pixel
        self.flag.set_place(x1 - 34 * across, y0 + 20 * up)
        self._lay_words()

    def _flag_moved(self, x: float, y: float) -> None:
        self.is_flag_placed = True
        self._flag_text = say("b_here")
        self._lay_words()
        self._predicted(x, y)

    def _draw_surface(self) -> None:
        (x0, x1), (y0, y1) = self.seen
        surface = self._race.surface
        now = (surface.code, x0, x1, y0, y1, theme().dark, self.devicePixelRatioF())
        if now == self._drawn or not self.isVisible():  # its size changes many times while it is built
            return
        self._drawn = now
        area = self.box.geometry()
        size = QSize(max(1, round(area.width())), max(1, round(area.height())))
        self._ground.setPixmap(picture(surface, self.seen, size, self.devicePixelRatioF()))
        self._ground.setPos(area.topLeft())
        self._show_heights(*heights_seen(surface, self.seen))

    def _colour(self) -> None:
        self._flag_cloth.setPen(QPen(QColor(theme().accent), 2))
        self._flag_cloth.setBrush(QColor(theme().accent))
        self._draw_surface()
