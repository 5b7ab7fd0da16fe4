"""Layout and painting of a circuit on the board. A 1 is a thick wire or a filled disc."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPen

from mnistviz.engine.ideas.circuit import (
    NAND_BIAS,
    NAND_WEIGHT,
    Circuit,
    Share,
    Source,
    Target,
    Thing,
    Wire,
    free_slot,
    things,
)
from mnistviz.gui.common import numbers
from mnistviz.gui.common.painted_figure import CENTRE, bold, set_ink
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import SMALLEST

T = TypeVar("T")

REACH: Final = 13.0  # pixels around a wire's end
WIRE_REACH: Final = 12.0  # pixels, the width of a wire for the mouse
_PORT: Final = math.radians(32)  # angle of a gate's two inputs from its left end


@dataclass
class BoardLayout:
    """Layout of a board of `width` × `height` pixels, with text `line` pixels high; names of inputs and outputs are
    `names` pixels wide."""

    width: float
    height: float
    line: float
    names: float
    circuit: Circuit
    shares: Mapping[int, Share]
    least: tuple[float, float] = (17.0, 15.0)
    """The smallest radius of a gate, and of an input or output."""

    def __post_init__(self) -> None:
        across = 19 if self.circuit.inputs < 3 else 23  # with three inputs there are more gates
        self.radius = max(self.least[0], min(self.width / across, self.height / 8, 38.0))
        """The radius of a gate."""
        self.end_radius = max(self.least[1], 0.75 * self.radius)
        """The radius of an input or output."""
        self.end_column = max(self.end_radius, self.names / 2) + 4
        """The distance of the centres of inputs and outputs from the edge."""
        side = 2 * self.end_column + self.radius + 0.8 * self.least[0]
        top, bottom = self.radius + 6, self.radius + self.line + 4
        wide, high = max(1.0, self.width - 2 * side), max(1.0, self.height - top - bottom)
        self.area = QRectF(side, top, wide, high)
        """The area for the centres of gates."""

    def source(self, source: Source) -> QPointF:
        """Return the centre of an input or a gate."""
        if source.kind == "input":
            return QPointF(self.end_column, self._end_row(source.number, self.circuit.inputs))
        (across, down), area = self.shares[source.number], self.area
        return QPointF(area.left() + across * area.width(), area.top() + down * area.height())

    def middle(self, thing: Source | Target) -> QPointF:
        """Return the centre of an input, a gate or an output."""
        if isinstance(thing, Source):
            return self.source(thing)
        return QPointF(self.width - self.end_column, self._end_row(thing.number, len(self.circuit.outputs)))

    def _end_row(self, number: int, count: int) -> float:
        return self.area.top() + self.area.height() * (number + 0.5) / count

    def share(self, pixel: QPointF) -> Share:
        """Return the place nearest to a pixel, as fractions of the board."""
        across = (pixel.x() - self.area.left()) / self.area.width()
        down = (pixel.y() - self.area.top()) / self.area.height()
        return (min(max(across, 0.0), 1.0), min(max(down, 0.0), 1.0))

    def start(self, source: Source) -> QPointF:
        radius = self.radius if source.kind == "gate" else self.end_radius
        return self.source(source) + QPointF(radius, 0)

    def end(self, target: Target) -> QPointF:
        if target.kind == "output":
            return self.middle(target) - QPointF(self.end_radius, 0)
        middle = self.source(Source("gate", target.number))
        up = -1 if target.slot == 0 else 1
        return middle + QPointF(-math.cos(_PORT), up * math.sin(_PORT)) * self.radius

    def path(self, source: Source, target: Target) -> QPainterPath:
        return curve(self.start(source), self.end(target))

    def targets(self) -> list[Target]:
        gates = [Target("gate", gate.number, slot) for gate in self.circuit.gates for slot in (0, 1)]
        return gates + [Target("output", number) for number in range(len(self.circuit.outputs))]

    # Parts at a pixel

    def start_at(self, pixel: QPointF) -> Source | None:
        """Return the input or gate whose wires start at `pixel`."""
        sources = [thing for thing in things(self.circuit) if isinstance(thing, Source)]
        return _nearest(pixel, [(source, self.start(source)) for source in sources], REACH)

    def end_at(self, pixel: QPointF) -> Target | None:
        """Return the end of a wire at `pixel`, connected or not."""
        return _nearest(pixel, [(target, self.end(target)) for target in self.targets()], REACH)

    def body_at(self, pixel: QPointF) -> Source | Target | None:
        """Return the input, gate or output at `pixel`."""
        bodies = [thing for thing in things(self.circuit) if not isinstance(thing, Wire)]
        return _nearest(pixel, [(body, self.middle(body)) for body in bodies], self.radius + 2)

    def wire_at(self, pixel: QPointF) -> Wire | None:
        stroker = QPainterPathStroker()
        stroker.setWidth(WIRE_REACH)
        for source, target in self.circuit.wires():
            if stroker.createStroke(self.path(source, target)).contains(pixel):
                return Wire(target)
        return None

    def dropped_at(self, pixel: QPointF) -> Target | None:
        """Return the end for a wire dropped at `pixel`: one near it, or one of the gate or output there, preferably
        free."""
        near = self.end_at(pixel)
        if near is not None:
            return near
        body = self.body_at(pixel)
        if isinstance(body, Target):
            return body
        if body is None or body.kind == "input":
            return None
        return free_slot(self.circuit, body.number)


def curve(start: QPointF, end: QPointF) -> QPainterPath:
    """Return the path of a wire, horizontal at both ends."""
    way = end.x() - start.x()
    bend = way / 2 if way > 16 else min(60.0, 24 - way / 2)
    path = QPainterPath(start)
    path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end)
    return path


def _nearest(pixel: QPointF, places: list[tuple[T, QPointF]], reach: float) -> T | None:
    def far(place: QPointF) -> float:
        return math.hypot(place.x() - pixel.x(), place.y() - pixel.y())

    nearest = min(places, key=lambda each: far(each[1]), default=None)
    return nearest[0] if nearest is not None and far(nearest[1]) <= reach else None


ON_WIDTH, OFF_WIDTH = 4.0, 1.5
GAP = 9.0
"""Pixels around a gate where wires that pass behind it are hidden, unlike wires that end there."""


@dataclass(frozen=True)
class BoardPicture:
    """What the board shows: layout, signals, names, the chosen part, and a wire that is being drawn or was invalid."""

    places: BoardLayout
    signals: Mapping[Source, bool]
    names: Mapping[Source | Target, str]
    chosen: Thing | None = None
    pulled: tuple[Source, QPointF] | None = None
    aim: Target | None = None
    hidden: Target | None = None
    refused: tuple[Source, Target] | None = None
    font: QFont = field(default_factory=QFont)
    small: bool = False
    """Whether it is one of several small copies: without names, ends of wires, and numbers in gates."""


def paint(painter: QPainter, picture: BoardPicture, theme: Theme) -> None:
    """Paint the board: wires below gates, and names on backgrounds of their own."""
    places = picture.places
    for source, target in places.circuit.wires():
        if target != picture.hidden:
            _wire(painter, picture, theme, source, target)
    for gate in places.circuit.gates:
        _gate(painter, picture, theme, gate.number)
    for number in range(places.circuit.inputs):
        source = Source("input", number)
        _end(painter, picture, theme, source, picture.signals[source])
    for number, wired in enumerate(places.circuit.outputs):
        signal = None if wired is None else picture.signals[wired]
        _end(painter, picture, theme, Target("output", number), signal)
    if not picture.small:
        _ports(painter, picture, theme)
    if picture.pulled is not None:
        source, pixel = picture.pulled
        end = pixel if picture.aim is None else places.end(picture.aim)
        set_ink(painter, theme.accent, 2.5, style=Qt.PenStyle.DashLine)
        painter.drawPath(curve(places.start(source), end))
    if picture.refused is not None:
        set_ink(painter, theme.wrong, 2.5, style=Qt.PenStyle.DashLine)
        painter.drawPath(places.path(*picture.refused))


def signal_pen(theme: Theme, signal: bool) -> QPen:
    """Return the pen of a wire or a frame with signal 1 or 0."""
    pen = QPen(QColor(theme.yes if signal else theme.line), ON_WIDTH if signal else OFF_WIDTH)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen


def _wire(painter: QPainter, picture: BoardPicture, theme: Theme, source: Source, target: Target) -> None:
    path = picture.places.path(source, target)
    painter.save()
    if not picture.small:
        painter.setClipPath(_seen_of(picture, source, target))
    if picture.chosen == Wire(target):
        for colour, wider in ((theme.accent, 5), (theme.card, 1)):
            set_ink(painter, colour, ON_WIDTH + wider)
            painter.drawPath(path)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = signal_pen(theme, picture.signals[source])
    pen.setWidthF(pen.widthF() * (0.6 if picture.small else 1))
    painter.setPen(pen)
    painter.drawPath(path)
    painter.restore()


def _seen_of(picture: BoardPicture, source: Source, target: Target) -> QPainterPath:
    """Return where a wire is visible: not around gates at which it does not end, nor their names."""
    places, seen, behind = picture.places, QPainterPath(), QPainterPath()
    seen.addRect(QRectF(0, 0, places.width, places.height))
    behind.setFillRule(Qt.FillRule.WindingFill)
    for gate in places.circuit.gates:
        other = Source("gate", gate.number)
        ends_there = (target.kind, target.number) == ("gate", gate.number)
        if source != other and not ends_there:
            far = places.radius + GAP
            behind.addEllipse(places.source(other), far, far)
            behind.addRect(_name_room(picture, other))
    return seen.subtracted(behind)


def _disc(
    painter: QPainter, theme: Theme, middle: QPointF, radius: float, signal: bool | None, *, chosen: bool
) -> None:
    if chosen:
        set_ink(painter, theme.accent, 2)
        painter.drawEllipse(middle, radius + 4, radius + 4)
    style = Qt.PenStyle.DotLine if signal is None else Qt.PenStyle.SolidLine
    set_ink(
        painter, theme.yes if signal else theme.line, 2, fill=theme.yes if signal else theme.card, style=style
    )
    painter.drawEllipse(middle, radius, radius)


def _gate(painter: QPainter, picture: BoardPicture, theme: Theme, number: int) -> None:
    places, source = picture.places, Source("gate", number)
    middle, radius, signal = places.source(source), places.radius, picture.signals[source]
    _disc(painter, theme, middle, radius, signal, chosen=picture.chosen == source)
    if picture.small:
        return
    on_disc = theme.card if signal else theme.text
    small = _sized(picture.font, 12 / 13)
    line = QFontMetricsF(small).height()
    detailed = radius >= 1.8 * line
    if detailed:  # weights at the inputs, bias between them
        painter.setFont(small)
        painter.setPen(QColor(on_disc if signal else theme.muted))
        for row, value in enumerate((NAND_WEIGHT, NAND_BIAS, NAND_WEIGHT)):
            text = numbers.number_text(value, 0, sign=True)
            top = middle.y() + (row - 1.5) * 0.86 * line
            draw_text(painter, QRectF(middle.x() - 0.86 * radius, top, radius, 0.86 * line), CENTRE, text)
    _bit(painter, picture, on_disc, middle + QPointF(0.42 * radius if detailed else 0, 0), signal)
    _name(painter, picture, theme, source)


def _end(
    painter: QPainter, picture: BoardPicture, theme: Theme, thing: Source | Target, signal: bool | None
) -> None:
    middle = picture.places.middle(thing)
    _disc(painter, theme, middle, picture.places.end_radius, signal, chosen=picture.chosen == thing)
    if signal is not None:
        _bit(painter, picture, theme.card if signal else theme.text, middle, signal)
    _name(painter, picture, theme, thing)


def _bit(painter: QPainter, picture: BoardPicture, colour: str, middle: QPointF, signal: bool) -> None:
    font = bold(_sized(picture.font, (12 if picture.small else 17) / 13))
    painter.setFont(font)
    painter.setPen(QColor(colour))
    half = QFontMetricsF(font).height() / 2
    room = QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half)
    draw_text(painter, room, CENTRE, numbers.whole(int(signal)))


def _name_room(picture: BoardPicture, thing: Source | Target) -> QRectF:
    """Return the area of a name, below its part."""
    places, metrics = picture.places, QFontMetricsF(picture.font)
    middle = places.middle(thing)
    radius = places.radius if thing.kind == "gate" else places.end_radius
    wide = metrics.horizontalAdvance(picture.names[thing]) + 8
    return QRectF(middle.x() - wide / 2, middle.y() + radius + 2, wide, metrics.height())


def _name(painter: QPainter, picture: BoardPicture, theme: Theme, thing: Source | Target) -> None:
    if picture.small:
        return
    room = _name_room(picture, thing)
    set_ink(painter, fill=theme.card)
    painter.drawRoundedRect(room, 4, 4)
    painter.setFont(picture.font)
    set_ink(painter, theme.muted)
    draw_text(painter, room, CENTRE, picture.names[thing])


def _ports(painter: QPainter, picture: BoardPicture, theme: Theme) -> None:
    places = picture.places
    set_ink(painter, theme.text, 1.5, fill=theme.text)
    for source in picture.signals:
        painter.drawEllipse(places.start(source), 4, 4)
    set_ink(painter, theme.text, 1.5, fill=theme.card)
    for target in places.targets():
        painter.drawEllipse(places.end(target), 4, 4)


def _sized(font: QFont, share: float) -> QFont:
    """Return a scaled font, never too small to read."""
    font = QFont(font)
    pixels = font.pixelSize() if font.pixelSize() > 0 else QFontMetricsF(font).height() / 1.17
    font.setPixelSize(max(SMALLEST, round(pixels * share)))
    return font
