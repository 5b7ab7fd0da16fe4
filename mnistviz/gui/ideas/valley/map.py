"""The surface from above: contours in neutral grey, the balls with their ways and next steps, start and flag."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsPixmapItem

from mnistviz.engine.ideas.digit_count_race import DigitCountRace
from mnistviz.engine.ideas.landscape import Landscape
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.ideas.parts.axes import BEHIND, pen
from mnistviz.gui.ideas.parts.idea_plot import REACH, IdeaPlot
from mnistviz.gui.ideas.valley.ball import BallItems, held_in
from mnistviz.gui.ideas.valley.surface import SEEN, picture

ROOM = 190  # pixels that words at a place may need
TOGETHER = 14  # pixels between two balls that share their letters


class ValleyMap(IdeaPlot):
    """Places are (v₁, v₂); both axes have one scale, so that −η∇C stands at right angles to the contours."""

    def __init__(self, accessible: str, surface: Landscape, letters: tuple[str, str], theme: Theme) -> None:
        """`letters` are what the balls are called."""
        self._surface = surface
        self._letters = letters
        self._drawn: tuple[object, ...] = ()
        super().__init__("valley_map", accessible, theme, equal=True)
        self._ground = QGraphicsPixmapItem()
        self._ground.setZValue(BEHIND + 1)
        self.scene().addItem(self._ground)
        self._ghost = self.curve(theme.accent, 1.5, dash=Qt.PenStyle.DashLine)
        self.balls = (BallItems(self, 0, letters[0]), BallItems(self, 1, letters[1]))
        self.start = self.handle("start", theme.text)
        self.flag = self.handle("flag", theme.accent)
        self._flag_cloth = QGraphicsPathItem(_flag_path(), self.flag.item)
        self.start_words = self.text("", theme.text, 0, 0, (0, 1.35))
        self.flag_words = self.text("", theme.accent, 0, 0, (-0.12, 1.0))
        self.outside_words = self.text("", theme.text, 0, 0, (1, 0))
        self.is_flag_placed = False
        self._surface_later = QTimer(self, singleShot=True, interval=0)
        self._surface_later.timeout.connect(self._draw_surface)
        self.ranged.connect(self._redraw)
        self.flag.moved.connect(self._flag_moved)
        self._ready = True
        self.set_theme(theme)
        self.show_range(*SEEN)

    # What is shown

    def show_race(self, race: DigitCountRace, start_words: str, outside: str) -> None:
        """A race as far as it was run; `outside` says of a ball that can't be seen where it is."""
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
        self.start_words.setText(start_words)
        self.start_words.setVisible(not race.steps)
        self.outside_words.setText(outside)
        self._lay_words()

    def sees(self, place: tuple[float, float]) -> bool:
        """Whether a place lies in what is seen."""
        (x0, x1), (y0, y1) = self.seen
        return x0 <= place[0] <= x1 and y0 <= place[1] <= y1

    def offer_flag(self, words: str) -> None:
        """The flag lies at the lower right, to be taken from there."""
        self.is_flag_placed = False
        self.flag.free = "xy"
        self._set_flag_opacity(1.0)
        self._ghost.setData([], [])
        self.flag_words.setText(words)
        self._lay_flag_by()
        self.flag.set_visible(True)
        self.flag_words.setVisible(True)

    def lock_flag(self) -> None:
        """The balls have moved: a flag that was placed stays where it is, and one that was not comes too late."""
        self.flag.free = ""
        self.flag.set_visible(self.is_flag_placed)
        self.flag_words.setVisible(self.is_flag_placed)

    def is_on_flag(self, x: float, y: float) -> bool:
        """Whether a place is that of a flag that one sees: who takes hold of a locked one wants no other start."""
        way = self.at(x, y) - self.at(self.flag.x, self.flag.y)
        return self.flag.item.isVisible() and math.hypot(way.x(), way.y()) <= REACH

    def keep_flag(self, words: str, came: tuple[float, float]) -> None:
        """What was predicted stays as a ghost, joined to what came; one that was not placed goes."""
        self.flag.free = ""
        self.flag.set_visible(self.is_flag_placed)
        self.flag_words.setVisible(self.is_flag_placed)
        self._set_flag_opacity(0.55)
        self.flag_words.setText(words)
        if self.is_flag_placed:
            ends = held_in(np.array([(self.flag.x, self.flag.y), came]))
            self._ghost.setData(ends[:, 0], ends[:, 1])

    def name_flag(self, words: str) -> None:
        self.flag_words.setText(words)

    def arrow(self, number: int) -> tuple[QPointF, QPointF]:
        """Where the arrow −η∇C of ball 0 or 1 begins and ends, in pixels."""
        begin, end = self.balls[number].arrow
        return self.at(*begin), self.at(*end)

    # Drawing

    def _redraw(self) -> None:
        if not getattr(self, "_ready", False):
            return
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

    def _set_flag_opacity(self, opacity: float) -> None:
        self.flag.item.setOpacity(opacity)

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

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        if not getattr(self, "_ready", False):
            return
        for ball in self.balls:
            ball.set_theme(theme)
        self.start.set_colour(theme.text)
        self.flag.set_colour(theme.accent)
        self.start.set_theme(theme)
        self.flag.set_theme(theme)
        self._flag_cloth.setPen(QPen(QColor(theme.accent), 2))
        self._flag_cloth.setBrush(QColor(theme.accent))
        self._ghost.setPen(pen(theme.accent, 1.5, Qt.PenStyle.DashLine))
        for words, colour in (
            (self.start_words, theme.text),
            (self.outside_words, theme.text),
            (self.flag_words, theme.accent),
        ):
            words.setColor(QColor(colour))
            fill = QColor(theme.card)
            fill.setAlpha(190)
            words.fill = pg.mkBrush(fill)
        self._draw_surface()


def _flag_path() -> QPainterPath:
    """A pole with a cloth, in pixels above the place."""
    path = QPainterPath(QPointF(0, 0))
    path.lineTo(0, -30)
    path.lineTo(17, -24)
    path.lineTo(0, -18)
    return path
