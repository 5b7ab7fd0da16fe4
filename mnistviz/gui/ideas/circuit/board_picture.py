"""Where the parts of a circuit lie on the board, and how they are painted. A 1 is a thick wire or a filled disc."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPen

from mnistviz.engine.ideas.circuit import NAND_BIAS, NAND_WEIGHT, Circuit, Source, Target
from mnistviz.engine.ideas.circuit_board import Share, Thing, Wire, free_slot, things
from mnistviz.gui.common import numbers
from mnistviz.gui.common.painted_figure import CENTRE, bold, set_ink
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import SMALLEST

T = TypeVar("T")

REACH: Final = 13.0  # pixels around a wire's end
WIRE_REACH: Final = 12.0  # pixels, the width of a wire for the mouse
_PORT: Final = math.radians(32)  # how far up and down a gate's two inputs are from its left end


@dataclass
class BoardLayout:
    """Where everything is on a board of `width` × `height` pixels, written in lines `line` pixels high; `names` is how
    wide the names of inputs and outputs are."""

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
        """Of a gate."""
        self.end_radius = max(self.least[1], 0.75 * self.radius)
        """Of an input or output."""
        self.end_column = max(self.end_radius, self.names / 2) + 4
        """How far from the edge the middles of inputs and outputs are."""
        side = 2 * self.end_column + self.radius + 0.8 * self.least[0]
        top, bottom = self.radius + 6, self.radius + self.line + 4
        wide, high = max(1.0, self.width - 2 * side), max(1.0, self.height - top - bottom)
        self.area = QRectF(side, top, wide, high)
        """Where the middles of gates may be."""

    def source(self, source: Source) -> QPointF:
        """The middle of an input or a gate."""
        if source.kind == "input":
            return QPointF(self.end_column, self._end_row(source.number, self.circuit.inputs))
        (across, down), area = self.shares[source.number], self.area
        return QPointF(area.left() + across * area.width(), area.top() + down * area.height())

    def middle(self, thing: Source | Target) -> QPointF:
        """The middle of an input, a gate or an output."""
        if isinstance(thing, Source):
            return self.source(thing)
        return QPointF(self.width - self.end_column, self._end_row(thing.number, len(self.circuit.outputs)))

    def _end_row(self, number: int, count: int) -> float:
        return self.area.top() + self.area.height() * (number + 0.5) / count

    def share(self, pixel: QPointF) -> Share:
        """The share nearest to a pixel, on the board."""
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

    # What is under the mouse

    def start_at(self, pixel: QPointF) -> Source | None:
        """The input or gate whose wires begin at `pixel`."""
        sources = [thing for thing in things(self.circuit) if isinstance(thing, Source)]
        return _nearest(pixel, [(source, self.start(source)) for source in sources], REACH)

    def end_at(self, pixel: QPointF) -> Target | None:
        """The wire's end at `pixel`, wired or not."""
        return _nearest(pixel, [(target, self.end(target)) for target in self.targets()], REACH)

    def body_at(self, pixel: QPointF) -> Source | Target | None:
        """The input, gate or output that lies under `pixel`."""
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
        """Where a wire that is let go at `pixel` ends: an end near it, or a place of the gate or output under it, a
        free one first."""
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
    """A wire: it leaves and arrives level."""
    way = end.x() - start.x()
    bend = way / 2 if way > 16 else min(60.0, 24 - way / 2)
    path = QPainterPath(start)
    path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end)
    return path


def _nearest(pixel: QPointF, places: list[tuple[T, QPointF]], reach: float) -> T | None:
    def far(place: QPointF) -> float:
        return math.hypot(place.x() - pixel.x(), place.y() - pixel.y())

    found = min(places, key=lambda each: far(each[1]), default=None)
    return found[0] if found is not None and far(found[1]) <= reach else None


ON_WIDTH, OFF_WIDTH = 4.0, 1.5
GAP = 9.0
"""Pixels around a gate where no wire is seen that only passes behind it: one that ends there reaches it."""


@dataclass(frozen=True)
class BoardPicture:
    """What the board shows: places, what every source says, names, what is chosen, and a wire that is drawn just now
    or was refused."""

    places: BoardLayout
    said: Mapping[Source, bool]
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
    """Paints all of it: wires lie under gates, and names on grounds of their own."""
    places = picture.places
    for source, target in places.circuit.wires():
        if target != picture.hidden:
            _wire(painter, picture, theme, source, target)
    for gate in places.circuit.gates:
        _gate(painter, picture, theme, gate.number)
    for number in range(places.circuit.inputs):
        source = Source("input", number)
        _end(painter, picture, theme, source, picture.said[source])
    for number, wired in enumerate(places.circuit.outputs):
        said = None if wired is None else picture.said[wired]
        _end(painter, picture, theme, Target("output", number), said)
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


def signal_pen(theme: Theme, said: bool) -> QPen:
    """How a wire or a frame is drawn that says 1 or 0."""
    pen = QPen(QColor(theme.yes if said else theme.line), ON_WIDTH if said else OFF_WIDTH)
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
    pen = signal_pen(theme, picture.said[source])
    pen.setWidthF(pen.widthF() * (0.6 if picture.small else 1))
    painter.setPen(pen)
    painter.drawPath(path)
    painter.restore()


def _seen_of(picture: BoardPicture, source: Source, target: Target) -> QPainterPath:
    """Where a wire is drawn: anywhere but around gates that it has no end at, and their names."""
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
    painter: QPainter, theme: Theme, middle: QPointF, radius: float, said: bool | None, *, chosen: bool
) -> None:
    if chosen:
        set_ink(painter, theme.accent, 2)
        painter.drawEllipse(middle, radius + 4, radius + 4)
    style = Qt.PenStyle.DotLine if said is None else Qt.PenStyle.SolidLine
    set_ink(
        painter, theme.yes if said else theme.line, 2, fill=theme.yes if said else theme.card, style=style
    )
    painter.drawEllipse(middle, radius, radius)


def _gate(painter: QPainter, picture: BoardPicture, theme: Theme, number: int) -> None:
    places, source = picture.places, Source("gate", number)
    middle, radius, said = places.source(source), places.radius, picture.said[source]
    _disc(painter, theme, middle, radius, said, chosen=picture.chosen == source)
    if picture.small:
        return
    on_disc = theme.card if said else theme.text
    small = _sized(picture.font, 12 / 13)
    line = QFontMetricsF(small).height()
    detailed = radius >= 1.8 * line
    if detailed:  # weights at the inputs, bias between them
        painter.setFont(small)
        painter.setPen(QColor(on_disc if said else theme.muted))
        for row, value in enumerate((NAND_WEIGHT, NAND_BIAS, NAND_WEIGHT)):
            text = numbers.number_text(value, 0, sign=True)
            top = middle.y() + (row - 1.5) * 0.86 * line
            draw_text(painter, QRectF(middle.x() - 0.86 * radius, top, radius, 0.86 * line), CENTRE, text)
    _bit(painter, picture, on_disc, middle + QPointF(0.42 * radius if detailed else 0, 0), said)
    _name(painter, picture, theme, source)


def _end(
    painter: QPainter, picture: BoardPicture, theme: Theme, thing: Source | Target, said: bool | None
) -> None:
    middle = picture.places.middle(thing)
    _disc(painter, theme, middle, picture.places.end_radius, said, chosen=picture.chosen == thing)
    if said is not None:
        _bit(painter, picture, theme.card if said else theme.text, middle, said)
    _name(painter, picture, theme, thing)


def _bit(painter: QPainter, picture: BoardPicture, colour: str, middle: QPointF, said: bool) -> None:
    font = bold(_sized(picture.font, (12 if picture.small else 17) / 13))
    painter.setFont(font)
    painter.setPen(QColor(colour))
    half = QFontMetricsF(font).height() / 2
    room = QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half)
    draw_text(painter, room, CENTRE, numbers.whole(int(said)))


def _name_room(picture: BoardPicture, thing: Source | Target) -> QRectF:
    """Where a name stands: under what it names."""
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
    for source in picture.said:
        painter.drawEllipse(places.start(source), 4, 4)
    set_ink(painter, theme.text, 1.5, fill=theme.card)
    for target in places.targets():
        painter.drawEllipse(places.end(target), 4, 4)


def _sized(font: QFont, share: float) -> QFont:
    """The same font, larger or smaller, never too small to read."""
    font = QFont(font)
    pixels = font.pixelSize() if font.pixelSize() > 0 else QFontMetricsF(font).height() / 1.17
    font.setPixelSize(max(SMALLEST, round(pixels * share)))
    return font
