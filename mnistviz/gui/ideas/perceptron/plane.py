"""The plane of two inputs: where the perceptron fires, the line that divides it, and the four corners."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QColor, QPolygonF
from PySide6.QtWidgets import QGraphicsPolygonItem

from mnistviz.engine.ideas.perceptron import inputs, nearest_on_line, outputs
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.ideas.parts.axes import pen
from mnistviz.gui.ideas.parts.idea_plot import IdeaPlot

_CORNERS = inputs(2)
_ARMS = (0.42, -0.42, 0.25, -0.25, 0.12, -0.12, 0.07, -0.07)
"""Units from the handle of the line to the one that turns it: the first that is in view."""
_DISC = 26  # pixels


class Plane(IdeaPlot):
    """The line is dragged by its handle, turned by the other one; a corner is chosen by a click."""

    line_moved = Signal(float, float)  # a place where the line goes through
    line_turned = Signal(float, float)  # a direction along it
    corner_chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        name, what = (
            "perceptron_plane",
            self.tr("The plane of the two inputs, with the line that divides it."),
        )
        super().__init__(name, what, theme, equal=True)
        self._weights: Sequence[float] = (0.0, 0.0)
        self._bias, self._chosen = 0.0, 3
        self._wished: tuple[int, ...] = (0, 0, 0, 0)
        self._side = self.add(QGraphicsPolygonItem())
        self._side.setPen(QColor(0, 0, 0, 0))
        self._line = self.curve(theme.text, 2.0)
        self._ring = self.add(pg.ScatterPlotItem(size=_DISC + 10, brush=None))
        self._discs = self.add(pg.ScatterPlotItem(size=_DISC))
        self._words = [self.text("", theme.text, x, y, (0.5, 0.5)) for x, y in _CORNERS]
        self._marks = [self.text("", theme.text, x, y, (-1.9, 0.5)) for x, y in _CORNERS]
        self.show_range((-0.45, 1.45), (-0.3, 1.3))
        self.set_axes("x₁", "x₂")
        self.set_ticks([(0, "0"), (1, "1")], [(0, "0"), (1, "1")])
        self.middle = self.handle(self.tr("the line"), theme.accent)
        self.turner = self.handle(self.tr("turns the line"), theme.card)
        self.middle.step = self.turner.step = 0.05
        self.middle.moved.connect(self.line_moved)
        self.turner.moved.connect(lambda x, y: self.line_turned.emit(x - self.middle.x, y - self.middle.y))
        self.clicked.connect(self._choose)
        self.ranged.connect(self._draw)
        self.set_theme(theme)

    def show_perceptron(
        self, weights: Sequence[float], bias: float, wished: Sequence[int], chosen: int
    ) -> None:
        """`wished` are the outputs that are asked for, `chosen` the number of the corner that is looked at."""
        self._weights, self._bias, self._wished, self._chosen = weights, bias, tuple(wished), chosen
        self._draw()

    def _draw(self) -> None:
        self._draw_side()
        self._draw_corners()

    def _draw_side(self) -> None:
        w1, w2 = self._weights
        (x0, x1), (y0, y1) = self.seen
        frame = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
        self._side.setPolygon(QPolygonF([QPointF(*place) for place in _cut(frame, w1, w2, self._bias)]))
        divides = math.hypot(w1, w2) > 0
        self._line.setVisible(divides)
        for handle in (self.middle, self.turner):
            handle.set_visible(divides)
        if not divides:
            return
        if self.middle is self._held or self.turner is self._held:
            x, y = nearest_on_line(self._weights, self._bias, self.middle.x, self.middle.y)
        else:
            x, y = nearest_on_line(self._weights, self._bias, 0.5, 0.5)
        x, y = min(max(x, x0), x1), min(max(y, y0), y1)
        size = math.hypot(w1, w2)
        along = (-w2 / size, w1 / size)
        if along[0] < 0 or (along[0] == 0 and along[1] < 0):
            along = (-along[0], -along[1])
        far = np.array([-9.0, 9.0])
        px, py = nearest_on_line(self._weights, self._bias, x, y)
        self._line.setData(px + far * along[0], py + far * along[1])
        self.middle.set_place(px, py)
        places = [(px + arm * along[0], py + arm * along[1]) for arm in _ARMS]
        inside = (place for place in places if x0 <= place[0] <= x1 and y0 <= place[1] <= y1)
        self.turner.set_place(*next(inside, places[0]))

    def _draw_corners(self) -> None:
        theme, found = self.theme, outputs(self._weights, self._bias)
        colours = [theme.yes if fires else theme.card for fires in found]
        spots = [
            {"pos": corner, "brush": QColor(colour), "pen": pen(theme.yes if fires else theme.line, 1.5)}
            for corner, colour, fires in zip(_CORNERS, colours, found, strict=True)
        ]
        self._discs.setData(spots)
        ring = _CORNERS[self._chosen]
        self._ring.setData([ring[0]], [ring[1]], pen=pen(theme.accent, 2.0), brush=None)
        for fires, wished, word, mark in zip(found, self._wished, self._words, self._marks, strict=True):
            word.setText(str(fires), QColor(theme.card if fires else theme.text))
            right = fires == wished
            mark.setText("✓" if right else "✗", QColor(theme.right if right else theme.wrong))

    def _choose(self, x: float, y: float) -> None:
        pixel = self.at(x, y)
        for number, corner in enumerate(_CORNERS):
            off = self.at(*corner) - pixel
            if math.hypot(off.x(), off.y()) <= _DISC:
                self.corner_chosen.emit(number)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        if not hasattr(self, "turner"):
            return
        soft = QColor(theme.yes)
        soft.setAlphaF(0.14)
        self._side.setBrush(soft)
        self._line.setPen(pen(theme.text, 2.0))
        self.middle.set_colour(theme.accent, theme.card)
        self.turner.set_colour(theme.card, theme.accent)
        self._draw()


def _cut(corners: list[tuple[float, float]], w1: float, w2: float, bias: float) -> list[tuple[float, float]]:
    """The part of a polygon in which w · x + b > 0 (Sutherland and Hodgman, one side)."""
    inside: list[tuple[float, float]] = []
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        at_a, at_b = w1 * ax + w2 * ay + bias, w1 * bx + w2 * by + bias
        if at_a > 0:
            inside.append((ax, ay))
        if (at_a > 0) != (at_b > 0):
            share = at_a / (at_a - at_b)
            inside.append((ax + share * (bx - ax), ay + share * (by - ay)))
    return inside
