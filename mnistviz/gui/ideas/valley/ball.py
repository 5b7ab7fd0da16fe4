"""A ball on the map: where it was, where it is, and the arrow of its next step."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor, QFont

from mnistviz.engine.ideas.digit_count_race import DigitCountRace
from mnistviz.engine.ideas.landscape import Array
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.ideas.parts.axes import pen
from mnistviz.gui.ideas.parts.idea_plot import IdeaPlot

_HEAD = 9.0  # pixels of the arrow's head
_FAR = 80.0  # units; what lies farther out is drawn there


class BallItems:
    """All that is drawn of one ball; its colour is that of a run."""

    def __init__(self, plot: IdeaPlot, number: int, letter: str) -> None:
        self._plot, self._number = plot, number
        self.way = plot.curve("#000000", 2.0)
        self.dots = plot.dots("#000000", 5.0)
        self._arrow_line = plot.curve("#000000", 2.6)
        for line in (self.way, self._arrow_line):
            line.opts["antialias"] = True
        self.disc = plot.add(pg.ScatterPlotItem(size=20, pxMode=True))
        self.letter = plot.text(letter, "#000000", 0, 0, (0.5, 0.5))
        self.arrow = ((0.0, 0.0), (0.0, 0.0))
        """Where −η∇C begins, at the ball, and ends."""
        for depth, item in enumerate((self.way, self.dots, self._arrow_line, self.disc, self.letter)):
            item.setZValue(2 * depth + 1 - number)  # A's step is the shorter one, mostly

    def show(self, race: DigitCountRace) -> None:
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

    def set_theme(self, theme: Theme) -> None:
        colour = theme.runs[self._number]
        self.way.setPen(pen(colour, 1.6))
        self.dots.setBrush(QColor(colour))
        self._arrow_line.setPen(pen(colour, 2.8))
        self.disc.setBrush(QColor(colour))
        self.disc.setPen(pen(theme.card, 2.0))
        self.letter.setColor(QColor(theme.card))


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
