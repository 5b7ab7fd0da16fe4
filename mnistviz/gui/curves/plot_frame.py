"""Places of the parts of a plot, in pixels; painting of what does not change while curves grow; and the readout."""

import math
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Final, NamedTuple

import numpy as np
from msgspec import Struct
from PySide6.QtCore import QLineF, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QWidget

from mnistviz.gui.common.layouts import styled
from mnistviz.gui.common.painted_figure import RIGHT as RIGHT_MIDDLE
from mnistviz.gui.common.painted_figure import inked
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.painter_tools import translucent
from mnistviz.gui.common.scales import Range, ticks
from mnistviz.gui.common.theme import theme
from mnistviz.gui.curves.compose import PlotAxis, PlotWayBack
from mnistviz.gui.curves.marks import Mark
from mnistviz.gui.curves.traces import Floats

Labels = Sequence[tuple[float, str]]  # the place of each tick and its text

RIGHT = 16  # pixels at the right of the curves at least, for half a label
TO_LABEL = 8  # pixels from the end of a line to its name
FLAGS = 8  # pixels below the axis, for the flags
TICK = 4  # pixels below the axis
BLANK = 3  # pixels at the top of a line of figures, where they have no ink
BETWEEN, BESIDE_UNIT = 6, 9  # pixels between labels of the x axis at least, and from the last one to the unit
LEAST_AREA = 58  # pixels: in less, a curve can't be read
READOUT_GAP = 12  # pixels from the cursor
CLEAR = 8  # pixels around a point that is read


class Sides(NamedTuple):
    left: int
    right: int


class Frame(Struct, frozen=True):
    x: Range
    y: Range
    area: QRectF

    def across(self, x: Floats) -> Floats:
        return self.x.share(x) * self.area.width() + self.area.left()

    def down(self, y: Floats) -> Floats:
        return self.y.share(y) * -self.area.height() + self.area.bottom()

    def x_of(self, x: float) -> float:
        """Return the pixel of a value on the x axis, which is never logarithmic."""
        return (x - self.x.low) / (self.x.high - self.x.low) * self.area.width() + self.area.left()

    def point(self, x: float, y: float) -> QPointF:
        return QPointF(self.across(np.array([x]))[0], self.down(np.array([y]))[0])

    def place(self, across: float) -> float:
        return self.x.low + (across - self.area.left()) / self.area.width() * (self.x.high - self.x.low)


def area_of_curves(size: QSize, sides: Sides, line: float) -> QRectF:
    width = max(size.width() - sides.left - sides.right, 1)
    height = size.height() - 1.5 * line - FLAGS + BLANK
    return QRectF(sides.left, line / 2 - BLANK, width, max(height, 1))


def least_height(line: float) -> int:
    return math.ceil(LEAST_AREA + 1.5 * line + FLAGS - BLANK)


def most_y(area: QRectF, line: float) -> int:
    return max(3, int((area.height() + FLAGS - BLANK - line) / (1.9 * line)))


def y_labels(axis: PlotAxis, height: int, metrics: QFontMetricsF) -> Labels:
    area = area_of_curves(QSize(0, height), Sides(0, 0), metrics.height())
    values = ticks(axis.range, most_y(area, metrics.height()))
    return list(zip(values, axis.texts(values), strict=True))


def x_labels(axis: PlotAxis, frame: Frame, width: float, metrics: QFontMetricsF) -> Labels:
    """Return as many labels as fit before the unit in a plot of this width; at least two, if they do not touch."""
    wide = metrics.horizontalAdvance
    ends = width - wide(axis.unit) - BESIDE_UNIT
    fitting: Labels = []
    for most in range(10, 0, -1):
        values = ticks(axis.range, most)
        labels = list(zip(values, axis.texts(values), strict=True))
        seen = [(value, text) for value, text in labels if frame.x_of(value) + wide(text) / 2 <= ends]
        taken = sum(wide(text) for _, text in labels)
        if len(seen) > 1 and taken + BETWEEN * (len(labels) - 1) < frame.area.width():
            fitting = seen
        if fitting and taken + 3.2 * metrics.height() * len(labels) < frame.area.width():
            break
    return fitting or labels[:1]


def left_of_curves(labels: Labels, metrics: QFontMetricsF) -> int:
    widest = max((metrics.horizontalAdvance(text) for _, text in labels), default=0)
    return round(max(widest, metrics.horizontalAdvance("100 %"))) + 9


def right_of_curves(names: Iterable[str], metrics: QFontMetricsF) -> int:
    return max(RIGHT, math.ceil(max(map(metrics.horizontalAdvance, names), default=0.0)) + TO_LABEL + 2)


def beside(
    at: float, readout: QSize, frame: Frame, plot: QSize, points: Sequence[QPointF], *, on_top: bool
) -> tuple[QPoint, int]:
    """Return the corner of the cursor's readout, and how many of the `points` it covers. Best is right of the cursor,
    at the top or the bottom; another place if it covers fewer points there."""
    area, width, height = frame.area, readout.width(), readout.height()
    right, left = at + READOUT_GAP, at - READOUT_GAP - width
    across = [right] if right + width <= plot.width() else []
    across += [left] if left >= 0 else []
    across += [plot.width() - width, 0]
    top, bottom = area.top() + 2, area.bottom() - 2 - height
    down = [top, bottom] if on_top else [bottom, top]
    down += [(top + bottom) / 2, 0, plot.height() - height]
    corners = [
        QPoint(round(max(0, min(x, plot.width() - width))), round(max(0, min(y, plot.height() - height))))
        for x, y in product(across, down)
    ]

    def covered(corner: QPoint) -> int:
        box = QRect(corner, readout).adjusted(-CLEAR, -CLEAR, CLEAR, CLEAR)
        return sum(box.contains(point.toPoint()) for point in points)

    return min(((corner, covered(corner)) for corner in corners), key=lambda each: each[1])


WHOSE: Final = "plot"  # the pixmap painted on has no object name
HALF, HIGH = 4, 6  # pixels: half of a flag's width, and its height
POLE = 18  # pixels: the line above a flag


def paint_axes(
    painter: QPainter, frame: Frame, x_labels: Labels, y_labels: Labels, unit: str, width: int, *, empty: bool
) -> None:
    """Paint grid and labels; of an `empty` plot the two axes and what is below."""
    area, metrics = frame.area, QFontMetricsF(painter.font(), painter.device())
    height = metrics.height()
    for value, text in y_labels:
        y = round(frame.point(frame.x.low, value).y())
        inked(painter, theme().grid).drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        middle = max(y, height / 2 - BLANK + 1)  # the figures of the top label stay inside the picture
        room = QRectF(0, middle - height, area.left() - 7, 2 * height)
        draw_text(painter, room, RIGHT_MIDDLE, text, ink=theme().muted, whose=WHOSE)
    foot = round(area.bottom()) + 0.5
    ink = theme().border if empty else theme().line
    inked(painter, ink).drawLine(QPointF(area.left(), foot), QPointF(area.right(), foot))
    marks = [round(frame.x_of(value)) + 0.5 for value, _ in x_labels]
    painter.drawLines([QLineF(at, foot, at, foot + TICK) for at in marks])
    if empty:
        painter.drawLine(QPointF(area.left() + 0.5, area.top()), QPointF(area.left() + 0.5, foot))
    painter.setPen(QColor(theme().muted))
    below = area.bottom() + FLAGS - 1
    left = Qt.AlignmentFlag.AlignLeft
    wide = metrics.horizontalAdvance(unit) + 1
    draw_text(painter, QRectF(width - wide, below, wide, height), left, unit, whose=WHOSE)
    for value, text in x_labels:
        wide = metrics.horizontalAdvance(text) + 1
        room = QRectF(max(0.0, frame.x_of(value) - wide / 2), below, wide, height)
        draw_text(painter, room, left, text, whose=WHOSE)


def paint_ways_back(painter: QPainter, frame: Frame, ways_back: Sequence[PlotWayBack]) -> None:
    """Paint a dotted line at the height that the run went back to, with its text if there is room before it, and a
    triangle where the abandoned line leaves the axis."""
    area, metrics, taken = frame.area, QFontMetricsF(painter.font(), painter.device()), list[QRectF]()
    right_bottom = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
    for way in ways_back:
        if way.beyond is not None:
            x, upper = frame.x_of(way.beyond[0]), way.beyond[1]
            tip = area.top() if upper else area.bottom()
            foot = tip + HIGH if upper else tip - HIGH
            inked(painter, fill=way.colour).drawPolygon(_triangle(x, tip, foot))
        begin, end = frame.point(way.source, way.height), frame.point(way.place, way.height)
        if not frame.y.low <= way.height <= frame.y.high:
            continue
        line = QLineF(begin.x(), round(end.y()), end.x(), round(end.y()))
        inked(painter, theme().text, style=Qt.PenStyle.DotLine).drawLine(line)
        wide, high = metrics.horizontalAdvance(way.text) + 1, metrics.height()
        room = QRectF(end.x() - wide - HALF, max(area.top(), end.y() - high), wide, high)
        if room.left() >= area.left() and not any(room.intersects(other) for other in taken):
            taken.append(room)
            painter.fillRect(room, translucent(theme().card, 0.7))
            draw_text(painter, room, right_bottom, way.text, ink=theme().muted, whose=WHOSE)


def _triangle(x: float, tip: float, foot: float) -> QPolygonF:
    return QPolygonF((QPointF(x, tip), QPointF(x + HALF, foot), QPointF(x - HALF, foot)))


def paint_marks(painter: QPainter, frame: Frame, marks: Sequence[Mark]) -> None:
    """Paint flags at the axis, each with a short dotted line; one of many gestures has a bar below it."""
    axis = frame.area.bottom()
    places: list[float] = frame.across(np.array([mark.place for mark in marks])).round().tolist()
    painter.setPen(QPen(QColor(theme().muted), 1, Qt.PenStyle.DotLine))
    painter.drawLines([QLineF(x, axis - POLE, x, axis) for x in places])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inked(painter, fill=theme().accent)
    for x, mark in zip(places, marks, strict=True):
        foot = axis + HIGH - 2 * mark.many
        painter.drawPolygon(_triangle(x, axis, foot))
        if mark.many:
            painter.drawRect(QRectF(x - HALF, foot + 1, 2 * HALF, 2))


class Readout(QLabel):
    """Stands beside the cursor, off the points, as wide as its longest word; a small plot leaves out its last lines."""

    def __init__(self, plot: QWidget) -> None:
        super().__init__(plot, textFormat=Qt.TextFormat.PlainText)
        self._plot = plot
        styled(self, "cardNote", "readout")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_beside(
        self, at: float, text: str, points: Sequence[QPointF], frame: Frame, *, on_top: bool
    ) -> None:
        plot, lines = self._plot.size(), text.split("\n")
        room = round(max(at, plot.width() - at) - READOUT_GAP)
        while True:
            size = self._fitted("\n".join(lines), room, plot.width())
            corner, covers = beside(at, size, frame, plot, points, on_top=on_top)
            if len(lines) == 1 or (size.height() <= plot.height() and not covers):
                break
            lines.pop()
        self.setGeometry(QRect(corner, size))
        self.setVisible(bool(text))

    def _fitted(self, text: str, room: int, most: int) -> QSize:
        """Return the size of a text, at most `room` wide unless that cuts off a word."""
        self.setText(text)
        self.setWordWrap(False)
        size = self.sizeHint()
        if size.width() <= room:
            return size
        advance = self.fontMetrics().horizontalAdvance
        frame = size.width() - max(map(advance, text.split("\n")))
        word = max(map(advance, text.replace("\n", " ").split(" ")))  # no-break spaces do not separate words
        if word + frame + 2 > most:
            self.setText(text.replace("\N{NO-BREAK SPACE}", " "))
        self.setWordWrap(True)
        width = min(max(room, word + frame + 2), most)
        return QSize(width, self.heightForWidth(width))
