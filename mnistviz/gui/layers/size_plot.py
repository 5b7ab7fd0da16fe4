"""The sizes of gradients or steps over the run, on a logarithmic scale: a line per layer, named at its end."""

from collections.abc import Callable
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QToolTip

from mnistviz.gui.common.painted_figure import CENTRE, ENTER, LEFT, RIGHT, PaintedFigure, inked, place_after
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.painter_tools import colour, line_path, pen, spread
from mnistviz.gui.common.scales import Range, ticks
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme, toned
from mnistviz.gui.common.tooltips import tooltip

Floats = NDArray[np.float64]

DECADES: Final = 12  # the largest range of the axis; smaller values lie below it
_FIRST: Final = 0.7
_LAST: Final = -0.45  # the tones of the lines of the first layer and of the outputs
_LEADER: Final = 12  # pixels from the end of a line to its name
_KNOB: Final = 4  # pixels


class SizeLine(Struct, frozen=True, eq=False):
    """A layer: its sizes `y` at places `x` in epochs. NaN where a size was not finite."""

    names: tuple[str, ...]
    x: Floats
    y: Floats


class SizesContent(Struct, frozen=True, eq=False):
    """The lines of all layers in the colour of their run, the first layer first, over an axis that ends at `end`, in a
    `unit`. `here` is the shown step. Of the title's explanation and of the line below, the first text that fits is
    painted. Without lines there is a `message`. `told` describes a measurement. `beside` are the lines of another run,
    dashed, in its own colour."""

    hue: str
    title: str = ""
    about: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    lines: tuple[SizeLine, ...] = ()
    end: float = 1.0
    unit: str = ""
    here: float | None = None
    message: str = ""
    y_texts: Callable[[float], str] = str
    x_texts: Callable[[float], str] = str
    told: Callable[[int], str] = lambda at: ""
    beside: tuple[SizeLine, ...] = ()
    beside_hue: str = ""

    @property
    def every(self) -> tuple[SizeLine, ...]:
        return self.lines + self.beside

    @property
    def places(self) -> Floats:
        return self.lines[0].x if self.lines else np.empty(0)


def size_range(lines: tuple[SizeLine, ...]) -> Range:
    """Return the range of the axis: whole decades, at most `DECADES`."""
    every = np.concatenate([np.empty(0), *(line.y for line in lines)])
    every = every[np.isfinite(every) & (every > 0)]
    if not every.size:
        return Range(0.1, 1.0, True)
    high = float(np.ceil(np.log10(every.max()) + 1e-9))
    low = max(float(np.floor(np.log10(every.min()))), high - DECADES)
    return Range(10.0 ** min(low, high - 1), 10.0**high, True)


class SizePlot(PaintedFigure):
    """A plot of the lines. The pointer and the arrow keys read them; a click or Enter views the step that is read."""

    def __init__(self, go: Callable[[float], object]) -> None:
        tip = tr(
            "How large the gradient or the step of each layer was over the run, on a logarithmic scale. Point at "
            "the plot to read it, click to go to that moment. Left and Right go from measurement to measurement."
        )
        super().__init__("size_plot", tr("Sizes of gradient and step by layer over the run"), tip)
        self._go, self.content = go, SizesContent(theme().muted)
        self._range = Range(0.1, 1.0, True)
        self.at: int | None = None  # the measurement that is read
        self._area: QRectF | None = None  # cached until resized
        self._pens: list[tuple[str, QPen]] = []  # of the lines, each with its colour
        self.setMouseTracking(True)

    def adopt_theme(self) -> None:
        self._pens = self._new_pens()

    def show_content(self, content: SizesContent) -> None:
        """Show these lines. A measurement that no longer exists is not read any more."""
        self.content, self._range, self._area = content, size_range(content.every), None
        self._pens = self._new_pens()
        if self.at is not None and self.at >= len(content.places):
            self.at = None
        self._tell()

    def forget_places(self) -> None:
        self._area = None

    def minimumSizeHint(self) -> QSize:
        line = self.line
        return QSize(round(12 * line), round(8.5 * line))

    def _y_labels(self, high: float) -> list[tuple[float, str]]:
        most = max(2, int(high / (1.5 * self.line)))
        return [(value, self.content.y_texts(value)) for value in ticks(self._range, most)]

    def _names(self) -> list[str]:
        """Return the names at the ends of the lines, in the form that leaves the lines more than half of the width."""
        for wording in (0, -1):
            names = [line.names[wording] for line in self.content.every]
            if max(map(self.small.advance, names), default=0.0) < 0.3 * self.width():
                break
        return names

    def area(self) -> QRectF:
        if self._area is None:
            small, line = self.small, self.line
            top, bottom = 1.5 * line + 3, self.height() - 2 * line - 7
            left = max((small.advance(text) for _, text in self._y_labels(bottom - top)), default=0.0) + 8
            unit = small.advance(self.content.unit) / 2 + 4
            right = max((small.advance(name) for name in self._names()), default=0.0) + _LEADER + 6
            wide = self.width() - left - max(right, unit)
            self._area = QRectF(left, top, max(1.0, wide), max(1.0, bottom - top))
        return self._area

    def _across(self, area: QRectF, x: Floats) -> Floats:
        return area.left() + x / max(self.content.end, 1e-12) * area.width()

    def _down(self, area: QRectF, y: Floats) -> Floats:
        down: Floats = area.bottom() - self._range.share(np.where(np.isfinite(y), y, np.nan)) * area.height()
        return down

    def nearest(self, across: float) -> int | None:
        places = self.content.places
        if not len(places):
            return None
        return int(np.abs(self._across(self.area(), places) - across).argmin())

    def hover(self, at: QPointF | None) -> None:
        self._read(self.nearest(at.x()) if at is not None and self._near(at) else None)

    def _near(self, at: QPointF) -> bool:
        return self.area().adjusted(-4, -4, 4, 4).contains(at)

    def press(self, at: QPointF) -> None:
        area = self.area()
        if self._near(at) and self.content.lines:
            self._go(min(max((at.x() - area.left()) / area.width(), 0.0), 1.0) * self.content.end)

    def key(self, key: Qt.Key) -> bool:
        last = len(self.content.places) - 1
        if (goal := place_after(key, last + 1 if self.at is None else self.at, last)) is not None:
            self._read(goal)
        elif self.at is not None and key == Qt.Key.Key_Escape:
            self._read(None)
        elif self.at is not None and key in ENTER:
            self._go(float(self.content.places[self.at]))
        else:
            return False
        return True

    def _read(self, at: int | None) -> None:
        if at == self.at:
            return
        self.at = at
        self._tell()
        if at is None:
            QToolTip.hideText()
            return
        area = self.area()
        x = float(self._across(area, self.content.places[at : at + 1])[0])
        there = self.mapToGlobal(QPoint(round(x) + 8, round(area.top())))
        QToolTip.showText(there, tooltip(self.content.told(at)), self, self.rect())

    def _tell(self) -> None:
        at = len(self.content.places) - 1 if self.at is None else self.at
        self.tell(self.content.message or self.content.told(at))

    # Painting: with few new objects, see `inks`

    def paint(self, painter: QPainter) -> None:
        self._paint_words(painter)
        area, content = self.area(), self.content
        if not content.lines:
            painter.setPen(colour(theme().muted))
            painter.setFont(self.font())
            words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            draw_text(painter, QRectF(self.rect()).adjusted(8, area.top(), -8, 0), words, content.message)
        else:
            self._paint_axes(painter, area)
            self._paint_lines(painter, area)
            self._paint_places(painter, area)

    def _paint_words(self, painter: QPainter) -> None:
        content, small, line = self.content, self.small, self.line
        painter.setFont(small.bold)
        wide = small.advance(content.title, bold=True) + 1
        draw_text(painter, self.lend_place(0, 0, wide, line), LEFT, content.title, ink=theme().text)
        painter.setFont(small.plain)
        room = self.lend_place(wide + 8, 0, self.width() - wide - 8, line)
        draw_text(painter, room, LEFT, small.fitting(content.about, room.width()), ink=theme().muted)
        room = self.lend_place(0, self.height() - line - 1, self.width(), line)
        draw_text(painter, room, LEFT, small.fitting(content.foot, room.width()))

    def _paint_axes(self, painter: QPainter, area: QRectF) -> None:
        content, small, line = self.content, self.small, self.line
        for value, text in self._y_labels(area.height()):
            y = round(float(self._down(area, np.array([value]))[0])) + 0.5
            self.draw_line(painter, area.left(), y, area.right(), y, pen(theme().grid))
            painter.setPen(colour(theme().muted))
            draw_text(painter, self.lend_place(0, y - line / 2, area.left() - 6, line), RIGHT, text)
        painter.setPen(colour(theme().muted))
        wide, foot = small.advance(content.unit) + 1, area.bottom() + 4
        free = self.width() - wide - 6
        draw_text(painter, self.lend_place(self.width() - wide, foot, wide, line), RIGHT, content.unit)
        taken = -1.0
        for value in ticks(Range(0.0, max(content.end, 1e-9)), max(1, int(area.width() / (3.5 * line)))):
            text = content.x_texts(value)
            wide = small.advance(text) + 1
            left = float(self._across(area, np.array([value]))[0]) - wide / 2
            if left > taken and left + wide <= free:
                draw_text(painter, self.lend_place(left, foot, wide, line), CENTRE, text)
                taken = left + wide + 4

    def _new_pens(self) -> list[tuple[str, QPen]]:
        """Return pens from thick and dark to thin and pale; the run beside, or else the outputs, are dashed."""
        content = self.content
        own = self._pens_of(len(content.lines), content.hue)
        beside = self._pens_of(len(content.beside), content.beside_hue)
        for _, each in beside or own[1:][-1:]:
            each.setDashPattern((4.0, 2.0))
        return own + beside

    def _pens_of(self, count: int, hue: str) -> list[tuple[str, QPen]]:
        tones = [0.0] if count == 1 else [_FIRST + at / (count - 1) * (_LAST - _FIRST) for at in range(count)]
        shades = [toned(theme(), hue, tone) for tone in tones]
        return [(shade, QPen(pen(shade, 1.4 if at else 2.2))) for at, shade in enumerate(shades)]

    def _named(self) -> list[int]:
        """Return the lines that are named at their end: if there is little room, the first and last of each run."""
        own, beside = len(self.content.lines), len(self.content.beside)
        every, room = [*range(own + beside)], int(self.height() / self.line - 2.2)
        ends = {0, own - 1, own, own + beside - 1}
        if len(every) > room and beside:
            every = [number for number in every if number < own or number in ends]
        return every if len(every) <= room else [each for each in every if each in ends]

    def _paint_lines(self, painter: QPainter, area: QRectF) -> None:
        small, line, lines = self.small, self.line, self.content.every
        ends = list[tuple[float, float]]()
        painter.setClipRect(area.adjusted(-2, -2, 2, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for each, (_, ink) in reversed([*zip(lines, self._pens, strict=True)]):  # the first layer on top
            across, down = self._across(area, each.x), self._down(area, each.y)
            painter.setPen(ink)
            painter.drawPath(line_path(across, down))
            good = np.flatnonzero(np.isfinite(down))
            last = good[-1] if good.size else -1
            y = float(np.clip(down[last], area.top(), area.bottom())) if good.size else area.bottom()
            ends.insert(0, (float(across[last]), y))
            if good.size == 1:
                painter.drawEllipse(self.lend_place(ends[0][0] - 1.5, y - 1.5, 3, 3))
        painter.setClipping(False)
        left = max(x for x, _ in ends) + _LEADER
        names = self._names()
        if (here := self.content.here) is not None:  # names must not cover the playhead
            playhead = float(self._across(area, np.array([here]))[0])
            widest = max(map(small.advance, names))
            left = max(left, playhead + _KNOB + 4) if left - _LEADER <= playhead < left + widest else left
        order = sorted(self._named(), key=lambda number: (ends[number][1], number))
        high = self.height() - 2.2 * line
        tops = spread([ends[number][1] - line / 2 for number in order], line, area.top() - line, high - line)
        for number, top in zip(order, tops, strict=True):
            x, y = ends[number]
            self.draw_line(painter, x + 2, y, left - 3, top + line / 2, pen(self._pens[number][0]))
            room = self.lend_place(left, top, small.advance(names[number]) + 2, line)
            draw_text(painter, room, LEFT, names[number], ink=theme().text if number == 0 else theme().muted)

    def _paint_places(self, painter: QPainter, area: QRectF) -> None:
        accent, content = theme().accent, self.content
        if content.here is not None:
            x = round(float(self._across(area, np.array([content.here]))[0]))
            self.draw_line(painter, x, area.top(), x, area.bottom(), pen(accent, 2))
            inked(painter, fill=accent)
            painter.drawEllipse(self.lend_place(x - _KNOB, area.top() - _KNOB, 2 * _KNOB, 2 * _KNOB))
        if self.at is None:
            return
        read = float(self._across(area, content.places[self.at : self.at + 1])[0])
        self.draw_line(painter, read, area.top(), read, area.bottom(), pen(theme().muted, dashed=True))
        painter.setPen(pen(theme().card))
        painter.setBrush(colour(content.hue))
        for each in content.lines:
            if self.at < len(each.y):
                y = float(self._down(area, each.y[self.at : self.at + 1])[0])
                if area.top() - 1 <= y <= area.bottom() + 1:
                    painter.drawEllipse(self.lend_place(read - 3.5, y - 3.5, 7, 7))
