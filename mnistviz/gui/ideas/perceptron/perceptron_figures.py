"""The figures of the perceptron: the plane of two inputs, the parts of one sum, and the table of all inputs."""

import math
from collections.abc import Callable
from typing import NamedTuple

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF
from PySide6.QtWidgets import QGraphicsPolygonItem, QSizePolicy

from mnistviz.engine.ideas import perceptron
from mnistviz.gui.common import numbers
from mnistviz.gui.common.painted_figure import CENTRE, ENTER, PaintedFigure, bold, inked, sized
from mnistviz.gui.common.painter_tools import translucent
from mnistviz.gui.common.theme import theme
from mnistviz.gui.ideas.parts.idea_plot import DOT, REACH, SOLID, IdeaPlot, Moved, pen
from mnistviz.gui.ideas.perceptron.perceptron_words import SUBSCRIPTS, say

_CORNERS = perceptron.inputs(2)
_ARMS = (0.42, -0.42, 0.25, -0.25, 0.12, -0.12, 0.07, -0.07)
"""Distances, in units, from the handle of the line to that which turns it: the first in view is used."""
_DISC = 56.0  # pixels of a corner
_HALF = 0.3  # of a bar's height, in rows
_TARGET = 3  # the column of the target


class Attempt(NamedTuple):
    """Weights and a bias, the `wished` outputs, and the number of the chosen input."""

    weights: tuple[float, ...] = (0.0, 0.0)
    bias: float = 0.0
    wished: tuple[int, ...] = (0, 0, 0, 0)
    chosen: int = 0

    @property
    def given(self) -> tuple[int, ...]:
        return perceptron.inputs(len(self.weights))[self.chosen]


class Plane(IdeaPlot):
    """The plane of two inputs: one handle drags the line, another turns it; a click chooses a corner."""

    def __init__(self, line_moved: Moved, line_turned: Moved, corner_chosen: Callable[[int], object]) -> None:
        super().__init__("perceptron_plane", say("plane"), equal=True)
        self._corner_chosen = corner_chosen
        self._attempt = Attempt()
        self._side = self.add(QGraphicsPolygonItem())
        self._side.setPen(QColor(0, 0, 0, 0))
        self._line = self.curve("text", 2.0)
        dots = (pg.ScatterPlotItem(brush=None, useCache=False) for _ in range(3))
        self._chosen_ring, self._marks, self._discs = map(self.add, dots)  # a cache would grow with each pen
        self._words = [self.text("", "text", x, y, (0.5, 0.5)) for x, y in _CORNERS]
        self._signs = [self.text("", "text", x, y, (0, 1)) for x, y in _CORNERS]
        self.show_range((-0.4, 1.4), (-0.4, 1.4))
        self.set_axes("x₁", "x₂")
        self.set_ticks([(0, "0"), (1, "1")], [(0, "0"), (1, "1")])
        self.middle = self.handle(say("line"), "accent", moved=line_moved)
        name, turned = say("turner"), lambda x, y: line_turned(x - self.middle.x, y - self.middle.y)
        self.turner = self.handle(name, "card", edge="accent", moved=turned)
        self.middle.step = self.turner.step = 0.05
        self.ranged = self._draw
        self.paint(self._colour)

    def show_attempt(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._draw()

    def _draw(self) -> None:
        self._draw_corners()
        weights, bias = self._attempt[:2]
        w1, w2 = weights
        (x0, x1), (y0, y1) = self.seen
        firing = perceptron.firing_side([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], w1, w2, bias)
        self._side.setPolygon(QPolygonF([QPointF(*place) for place in firing]))
        size = math.hypot(w1, w2)
        self._line.setVisible(size > 0)
        for handle in (self.middle, self.turner):
            handle.set_visible(size > 0)
        if not size:
            return
        near = (0.5, 0.5) if self._held is None else (self.middle.x, self.middle.y)
        x, y = perceptron.nearest_on_line(weights, bias, *near)
        x, y = min(max(x, x0), x1), min(max(y, y0), y1)
        along = (-w2 / size, w1 / size)
        if along[0] < 0 or (along[0] == 0 and along[1] < 0):
            along = (-along[0], -along[1])
        px, py = perceptron.nearest_on_line(weights, bias, x, y)
        self._line.setData(*([p - 9 * step, p + 9 * step] for p, step in zip((px, py), along, strict=True)))
        self.middle.set_place(px, py)
        places = [(px + arm * along[0], py + arm * along[1]) for arm in _ARMS]
        inside = (place for place in places if x0 <= place[0] <= x1 and y0 <= place[1] <= y1)
        self.turner.set_place(*next(inside, places[0]))

    def _draw_corners(self) -> None:
        attempt, size = self._attempt, self._disc
        aside, discs, marks = 0.5 * size * self.pixel[0], [], []
        font = sized(bold(self.font()), max(12, round(0.4 * size)))
        fired = perceptron.outputs(attempt.weights, attempt.bias)
        corners = zip(_CORNERS, fired, attempt.wished, self._words, self._signs, strict=True)
        for corner, fires, wished, word, sign in corners:
            right = fires == wished
            colour, dash = (theme().right, SOLID) if right else (theme().wrong, DOT)
            edge, fill = (theme().yes,) * 2 if fires else (theme().line, theme().card)
            discs.append({"pos": corner, "brush": QColor(fill), "pen": pen(edge, 2.0)})
            marks.append({"pos": corner, "brush": None, "pen": pen(colour, 3.5, dash)})
            word.setText(str(fires), QColor(theme().card if fires else theme().text))
            sign.setText("✓" if right else "✗", QColor(colour))
            for text in (word, sign):
                text.setFont(font)
            sign.setPos(corner[0] + aside, corner[1] + aside)
        self._discs.setData(discs, size=size)
        self._marks.setData(marks, size=1.2 * size)
        x, y = attempt.given
        self._chosen_ring.setData([x], [y], pen=pen(theme().accent, 1.5), brush=None, size=1.45 * size)

    @property
    def _disc(self) -> float:
        return min(_DISC, 0.17 * float(self.box.geometry().height()))

    def press(self, x: float, y: float) -> None:
        pixel = self.at(x, y)
        for number, corner in enumerate(_CORNERS):
            off = self.at(*corner) - pixel
            if math.hypot(off.x(), off.y()) <= max(REACH, 0.7 * self._disc):
                self._corner_chosen(number)

    def _colour(self) -> None:
        self._side.setBrush(translucent(theme().yes, 0.14))
        self._draw()


class SumBars(IdeaPlot):
    """Bars of the bias, each weight × input, and the sum; orange pushes towards firing, blue away from it."""

    def __init__(self) -> None:
        super().__init__("perceptron_sum", say("sum_bars"))
        zero = self.add(pg.InfiniteLine(0, angle=90))
        self._bars = self.add(pg.BarGraphItem(x0=[], x1=[], y0=[], y1=[]))
        self._attempt = Attempt()
        self.set_axes(say("sum_axis"), "")
        self.paint(lambda: zero.setPen(pen(theme().text, 1.5)))

    def minimumSizeHint(self) -> QSize:
        lines = len(self._attempt.weights) + 4  # the bias, the sum, a gap, and the axis
        least = super().minimumSizeHint()
        return QSize(least.width(), max(least.height(), round(1.05 * lines * self.fontMetrics().height())))

    def show_attempt(self, attempt: Attempt) -> None:
        if len(attempt.weights) != len(self._attempt.weights):
            self.updateGeometry()
        self._attempt = attempt
        parts = perceptron.stacked(attempt.weights, attempt.bias, attempt.given)
        rows = [*parts, (0.0, parts[-1][1])]
        terms = (weight * x for weight, x in zip(attempt.weights, attempt.given, strict=True))
        values = [numbers.number_text(each, sign=True) for each in (attempt.bias, *terms, rows[-1][1])]
        texts = [say("b_is", value=values[0]), say("sum_is", value=values[-1])]
        texts[1:1] = [say("part_is", i=SUBSCRIPTS[i], value=each) for i, each in enumerate(values[1:-1])]
        ys = [len(parts) - row + (0.35 if row < len(parts) else 0.0) for row in range(len(rows))]
        colours = [theme().yes if end >= start else theme().no for start, end in rows]
        self._bars.setOpts(
            x0=[min(row) for row in rows],
            x1=[max(row) for row in rows],
            y0=[y - _HALF for y in ys],
            y1=[y + _HALF for y in ys],
            brushes=[QColor(colour) for colour in colours],
            pens=[pen(colour, 1.0) for colour in colours],
        )
        widest = max(1.0, *(abs(end) for row in parts for end in row))
        self.set_ticks(None, list(zip(ys, texts, strict=True)))
        self.show_range((-1.15 * widest, 1.15 * widest), (-0.6, ys[0] + 0.6))
        self.setAccessibleDescription("; ".join(texts))

    def adopt_theme(self) -> None:
        super().adopt_theme()
        self.show_attempt(self._attempt)


class CornerTable(PaintedFigure):
    """A row for each input: sum, output and target. Click or keys choose a row and change its target."""

    def __init__(self, row_chosen: Callable[[int], object], target_turned: Callable[[int], object]) -> None:
        super().__init__()
        self._attempt, self._row_chosen, self._target_turned = Attempt(), row_chosen, target_turned
        say.describe(self, "truth_table", "table")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_attempt(self, attempt: Attempt) -> None:
        if len(attempt.wished) != self._rows:
            self.updateGeometry()
        self._attempt = attempt
        self.tell(", ".join(self._words(attempt.chosen)))

    def cell(self, row: int, column: int) -> QRectF:
        needed, high = self._needed(), self._line
        more = max(0.0, self.width() - sum(needed)) / len(needed)
        return QRectF(sum(needed[:column]) + column * more, (row + 1) * high, needed[column] + more, high)

    def paint(self, painter: QPainter) -> None:
        for column, head in enumerate(self._heads()[:-1]):
            self.write(painter, self.cell(-1, column), CENTRE, head, theme().muted)
        for row in range(self._rows):
            target = self.cell(row, _TARGET)
            if row == self._attempt.chosen:
                inked(painter, fill=theme().accent_soft)
                painter.drawRoundedRect(QRectF(0, target.top() + 1, self.width(), target.height() - 2), 5, 5)
            button = QRectF(target.center().x() - 17, target.top() + 2, 34, target.height() - 4)
            inked(painter, theme().edge, fill=theme().card).drawRoundedRect(button, 5, 5)
            *words, sign = self._words(row)
            for column, text in enumerate(words):
                self.write(painter, self.cell(row, column), CENTRE, text, theme().text)
            colour = theme().right if sign == "✓" else theme().wrong
            self.write(painter, self.cell(row, _TARGET + 1), CENTRE, sign, colour)

    def press(self, at: QPointF) -> None:
        row = int(at.y() // self._line) - 1
        if 0 <= row < self._rows:
            (self._target_turned if self.cell(row, _TARGET).contains(at) else self._row_chosen)(row)

    def arrow(self, right: int, down: int) -> bool:
        if down:
            self._row_chosen((self._attempt.chosen + down) % self._rows)
        return bool(down)

    def key(self, key: Qt.Key) -> bool:
        if key in ENTER:
            self._target_turned(self._attempt.chosen)
        return key in ENTER

    def minimumSizeHint(self) -> QSize:
        return QSize(math.ceil(sum(self._needed())), round((self._rows + 1) * self._line))

    @property
    def _rows(self) -> int:
        return len(self._attempt.wished)

    @property
    def _line(self) -> float:
        return self.fontMetrics().height() + 5.0

    def _heads(self) -> tuple[str, ...]:
        names = " ".join(f"x{SUBSCRIPTS[i]}" for i in range(len(self._attempt.weights)))
        return names, say("sum"), say("output"), say("wished"), "✓"

    def _needed(self) -> list[float]:
        advance, heads = self.fontMetrics().horizontalAdvance, self._heads()
        wide = [advance(head) + 8.0 for head in heads]
        wide[1] = max(wide[1], advance("−0.00") + 8.0)
        return wide

    def _words(self, row: int) -> tuple[str, str, str, str, str]:
        weights, bias, wished, _ = self._attempt
        given = perceptron.inputs(len(weights))[row]
        total = numbers.number_text(perceptron.weighted_sum(weights, bias, given), sign=True)
        fires, bits = perceptron.output(weights, bias, given), " ".join(map(str, given))
        return bits, total, str(fires), str(wished[row]), "✓" if fires == wished[row] else "✗"
