"""The figures of the page on few digits. Dials show gradients of random samples as arrows, by their angle to the full
gradient, which points up; the cloud plots samples as dots over their number of digits, and the time of an epoch."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from mnistviz.engine.ideas.few_digits import Draw, DrawGroup, Price, Whole
from mnistviz.gui.common.painted_figure import CENTRE, LEFT, PaintedFigure, inked
from mnistviz.gui.common.painter_tools import translucent
from mnistviz.gui.common.theme import theme
from mnistviz.gui.ideas.few_digits.few_digits_words import angle_text, mean_text, middle_text, range_text, say
from mnistviz.gui.ideas.parts.idea_plot import DASH, DOT, IdeaPlot
from mnistviz.gui.ideas.parts.page_parts import Act

_LARGEST, _SMALLEST, _FULL = 100.0, 30.0, 44.0
"""Radii in pixels; if three lines of text would leave less than `_FULL`, there is only one."""
_OPEN = 120  # degrees to both sides
_BESIDE = 36  # pixels right of a dial for the angles


class DialRow(Struct, frozen=True):
    """The dials of one network: its name, a note, and a group for each size, None for those not shown yet."""

    name: str
    note: str
    groups: tuple[DrawGroup | None, ...]


class DialsFigure(PaintedFigure):
    """A row for each network, a column for each number of digits. A click on a column chooses that number."""

    def __init__(self, size_chosen: Callable[[int], object]) -> None:
        super().__init__(takes_focus=False)
        self._size_chosen = size_chosen
        self.sizes: tuple[int, ...] = (1, 10, 100, 1_000)
        self.rows: tuple[DialRow, ...] = ()
        self.chosen = 0

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().height()
        return QSize(360, round(1.7 * line + max(1, len(self.rows)) * (2.8 * line + 1.5 * _SMALLEST + 10)))

    def show_rows(self, sizes: tuple[int, ...], rows: tuple[DialRow, ...], chosen: int) -> None:
        if len(rows) != len(self.rows):
            self.updateGeometry()
        self.sizes, self.rows, self.chosen = sizes, rows, chosen
        self.tell(" ".join(
            say("heard_dial", row=row.name, m=group.m, middle=middle_text(group), range=range_text(group))
            for row in rows for group in row.groups if group is not None
        ))  # fmt: skip

    @property
    def _pitch(self) -> float:
        return self.width() / len(self.sizes)

    @property
    def _row_height(self) -> float:
        return (self.height() - 1.7 * self.fontMetrics().height()) / max(1, len(self.rows))

    def _fit(self, lines: int) -> float:
        high = (self._row_height - (1.8 + lines) * float(self.fontMetrics().height()) - 10) / 1.5
        return max(_SMALLEST, min((self._pitch - _BESIDE) / 2, high, _LARGEST))

    @property
    def lines(self) -> int:
        wide = self.wide(say("their_mean", angle=say("degrees", angle="8.88")), heavy=True)
        return 3 if self._fit(3) >= _FULL and wide <= self._pitch - 4 else 1

    @property
    def radius(self) -> float:
        return self._fit(self.lines)

    def centre(self, row: int, column: int) -> QPointF:
        line, radius = float(self.fontMetrics().height()), self.radius
        spare = self._row_height - (1.8 + self.lines) * line - 1.5 * radius - 10
        top = 3.5 * line + row * self._row_height + max(0.0, 0.4 * spare)
        return QPointF((column + 0.5) * self._pitch - 0.3 * _BESIDE, top + radius)

    def press(self, at: QPointF) -> None:
        column = int(at.x() // self._pitch)
        if 0 <= column < len(self.sizes):
            self._size_chosen(self.sizes[column])

    def paint(self, painter: QPainter) -> None:
        line = float(self.fontMetrics().height())
        for column, m in enumerate(self.sizes):
            room = QRectF(self.centre(0, column).x() - self._pitch / 2, 0, self._pitch, 1.4 * line)
            colour = theme().accent if m == self.chosen else theme().text
            self.write(painter, room, CENTRE, say("m_is", m=m), colour, heavy=True)
        for number, row in enumerate(self.rows):
            top = 1.7 * line + number * self._row_height
            inked(painter, theme().border).drawLine(QPointF(0, top), QPointF(self.width(), top))
            room = QRectF(0, top + 2, self.wide(row.name, heavy=True) + 10, 1.5 * line)
            self.write(painter, room, LEFT, row.name, theme().text, heavy=True)
            room = QRectF(room.right(), top + 2, self.width() - room.right(), 1.5 * line)
            self.write(painter, room, LEFT, row.note, theme().muted, heavy=False)
            for column, group in enumerate(row.groups):
                self._dial(painter, self.centre(number, column), group)

    def _dial(self, painter: QPainter, centre: QPointF, group: DrawGroup | None) -> None:
        radius = self.radius
        self._ground(painter, centre)
        self._arrow(painter, centre, 0.0, radius - 4, QColor(theme().text), 2.4)
        if group is None:
            return
        mean, faint = QColor(theme().runs[0]), translucent(theme().runs[0], 140 / 255)
        for each, side in zip(group.draws, group.sides, strict=True):
            if math.isfinite(each.angle):
                self._arrow(painter, centre, side * each.angle, 0.9 * radius, faint, 1.4)
        if math.isfinite(group.mean):
            self._arrow(painter, centre, group.mean, 0.64 * radius, mean, 2.8)
        inked(painter, fill=theme().text).drawEllipse(centre, 3.4, 3.4)
        line, text = float(self.fontMetrics().height()), middle_text(group)
        crowded = self._pitch < 1.3 * self.wide(text, heavy=True)  # then centred in the column
        left = centre.x() + (0.3 * _BESIDE if crowded else 0.0) - self._pitch / 2
        room = QRectF(left, centre.y() + 0.5 * radius + 6, self._pitch, line)
        lines = (text, theme().text, True), (range_text(group), theme().muted, False)
        for shown, colour, heavy in (*lines, (mean_text(group), theme().runs[0], True))[: self.lines]:
            self.write(painter, room, CENTRE, shown, colour, heavy=heavy)
            room.translate(0, line)

    def _ground(self, painter: QPainter, centre: QPointF) -> None:
        radius = self.radius
        painter.setFont(self.font())
        box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
        for colour, begin, end in ((theme().track, 90 - _OPEN, 90 + _OPEN), (theme().field, 0, 180)):
            inked(painter, fill=colour).drawPie(box, begin * 16, (end - begin) * 16)
        inked(painter, theme().line).drawArc(box, (90 - _OPEN) * 16, 2 * _OPEN * 16)
        inked(painter, theme().line, style=Qt.PenStyle.DotLine)
        painter.drawLine(centre - QPointF(radius, 0), centre + QPointF(radius, 0))
        inked(painter, theme().line)
        line = float(self.fontMetrics().height())
        for angle in (30, 60, 90):
            for side in (-1, 1):
                painter.drawLine(centre + _way(side * angle, radius), centre + _way(side * angle, radius - 5))
            if angle < 90 and radius < 2.6 * line:
                continue
            at = centre + _way(angle, radius + 4)
            room = QRectF(at.x(), at.y() - 0.7 * line, 40, line)
            self.write(painter, room, LEFT, angle_text(angle), theme().muted)

    def _arrow(
        self, painter: QPainter, start: QPointF, angle: float, length: float, colour: QColor, width: float
    ) -> None:
        """Paint an arrow from the centre of a dial, `angle` degrees clockwise from straight up."""
        head = min(3.2 * width + 2, 0.4 * length)
        back = start + _way(angle, length - head)
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(start, back)
        wings = [back + _way(angle + 90, side * 0.45 * head) for side in (-1, 1)]
        inked(painter, fill=colour).drawPolygon(QPolygonF([start + _way(angle, length), *wings]))


def _way(angle: float, length: float) -> QPointF:
    turned = math.radians(angle)
    return QPointF(length * math.sin(turned), -length * math.cos(turned))


Measure = Literal["off", "angle", "length", "epoch"]
MEASURES: Final[tuple[Measure, ...]] = ("off", "angle", "length", "epoch")
LEAST_HEIGHT = 96  # pixels, in a small window
_LEAST: Final = 1e-3  # smaller errors are drawn at the lower edge
_HEIGHTS: Final[Mapping[Measure, tuple[float, float]]] = {
    "off": (-2.6, 2.0), "length": (-1.0, 2.0), "epoch": (-2.3, 3.3),
}  # fmt: skip
"""Ranges as powers of ten. They are the same before and after the outcome."""


class Cloud(IdeaPlot):
    """A plot over m, which is dragged along the axis; the flag of the prediction is dragged vertically."""

    def __init__(self, m_moved: Callable[[int], object], flag_moved: Act) -> None:
        super().__init__("few_plot", say("plot"))
        self._m_moved = m_moved
        self.measure: Measure = "off"
        self.shown_draws: Sequence[Draw] = ()
        self.prices: Sequence[Price] = ()
        self.whole: Whole | None = None
        self.n, self.flag_at, self.line_shown = 1, 1, False
        """The number of all digits, the number that the flag predicts for, and whether the line is visible."""
        self._jitter = np.random.default_rng(6).uniform(-0.035, 0.035, 10_000)  # so that dots do not overlap
        self._m_line = self.curve("accent", 1.2, dash=DASH)
        self._line = self.curve("text", 1.8)
        self._bars = self.curve(1, 2.2)
        self.draw_dots = self.dots(0, 7, alpha=160)
        self._points = self.dots(1, 9)
        self.ghost_dot = self.dots(None, 15, edge=1, width=2.0)
        self._flag_line = self.curve("line", 1.2, dash=DOT)
        self._line_name = self.text("", "text", 0, 0, (0.0, 1.0))
        self.m = self.handle(say("m_handle"), "accent", free="x", moved=self.press)
        name, moved = say("flag_handle"), lambda _x, _y: flag_moved()
        self.flag = self.handle(name, 1, letter="A", free="y", moved=moved)
        self.ghost: float | None = None
        self.flag.set_bounds(*_HEIGHTS["off"], 0.05)
        self.setMinimumHeight(LEAST_HEIGHT)

    def press(self, x: float, y: float) -> None:
        self._m_moved(self.digits_at(x))

    def clear(self) -> None:
        self.shown_draws, self.prices, self.whole = (), (), None
        self.ghost, self.line_shown = None, False

    def show_measure(self, measure: Measure, *, asking: bool) -> None:
        self.measure = measure
        self.flag.set_visible(asking)
        self.renew()

    def ask_flag(self, start: float) -> None:
        self.ghost = None
        self.flag.set_place(math.log10(self.flag_at), math.log10(start))

    def predicted(self) -> float:
        return float(10**self.flag.y)

    def renew(self) -> None:
        off, (low, high) = self.measure == "off", _HEIGHTS[self.measure]
        self.show_range((-0.25, math.log10(self.n) + 0.25), (low, high))
        self.set_axes(say("m_axis"), say(f"{self.measure}_axis"), log_x=True, log_y=True)
        self.m.set_bounds(0.0, math.log10(self.n))
        x = np.array([math.log10(each.m) for each in self.shown_draws])
        y = np.array([self._place(each) for each in self.shown_draws])
        shown = np.isfinite(y) if self.measure != "epoch" else np.zeros(len(y), bool)
        wide = self._jitter[np.arange(len(x)) % len(self._jitter)]
        self.draw_dots.setData((x + wide)[shown], np.clip(y[shown], low + 0.01 * (high - low), high))
        prices = self.prices if self.measure == "epoch" else ()
        points = [math.log10(each.m) for each in prices], [math.log10(each.seconds) for each in prices]
        for item in (self._bars, self._points):
            item.setData(*points)
        self._draw_line()
        flag = math.log10(self.flag_at)
        self.ghost_dot.setData([flag], [math.log10(self.ghost or 1)])
        self.ghost_dot.setVisible(off and self.ghost is not None)
        self._flag_line.setData([flag, flag], [low, high])
        self._flag_line.setVisible(off and self.flag.item.isVisible())

    def place_m(self, m: int) -> None:
        low, high = _HEIGHTS[self.measure]
        x = math.log10(max(1, m))
        self.m.set_place(x, low + 0.02 * (high - low))
        self._m_line.setData([x, x], [low, high])

    def digits_at(self, x: float) -> int:
        if (m := 10**x) >= 0.98 * self.n:
            return self.n
        figures = 2 if m >= 20 else 1
        return min(self.n, max(1, round(float(f"{m:.{figures}g}"))))

    def _place(self, drawn: Draw) -> float:
        value = drawn.off if self.measure == "off" else drawn.length
        return math.log10(max(value, _LEAST / 10)) if math.isfinite(value) else math.nan

    def _draw_line(self) -> None:
        whole, visible = self.whole, self.line_shown and self.measure == "off"
        self._line.setVisible(visible)
        self._line_name.setText(say("line_name") if visible else "")
        if not visible or whole is None:
            return
        x = np.log10(np.geomspace(1, self.n, 400)[:-1])
        y = np.array([math.log10(max(whole.expected(10**each), _LEAST / 10)) for each in x])
        low, high = _HEIGHTS["off"]
        seen = (y > low) & (y < high)
        self._line.setData(x[seen], y[seen])
        at = min(2.2, 0.55 * math.log10(self.n))
        self._line_name.setPos(at, math.log10(max(whole.expected(10**at), _LEAST)) + 0.06)
