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
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme

T = TypeVar("T")

REACH: Final = 13.0  # pixels around a wire's end
WIRE_REACH: Final = 12.0  # pixels, the width of a wire for the mouse
_PORT: Final = math.radians(32)  # how far up and down a gate's two inputs are from its left end


@dataclass(frozen=True)
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

    @property
    def radius(self) -> float:
        """Of a gate."""
        across = 19 if self.circuit.inputs < 3 else 23  # with three inputs there are more gates
        return max(self.least[0], min(self.width / across, self.height / 8, 38.0))

    @property
    def end_radius(self) -> float:
        """Of an input or output."""
        return max(self.least[1], 0.75 * self.radius)

    @property
    def area(self) -> QRectF:
        """Where the middles of gates may be."""
        side = 2 * self.end_column + self.radius + 0.8 * self.least[0]
        top, bottom = self.radius + 6, self.radius + self.line + 4
        return QRectF(side, top, max(1.0, self.width - 2 * side), max(1.0, self.height - top - bottom))

    @property
    def end_column(self) -> float:
        """How far from the edge the middles of inputs and outputs are."""
        return max(self.end_radius, self.names / 2) + 4

    def source(self, source: Source) -> QPointF:
        """The middle of an input or a gate."""
        if source.kind == "input":
            return QPointF(self.end_column, self._end_row(source.number, self.circuit.inputs))
        across, down = self.shares[source.number]
        return QPointF(
            self.area.left() + across * self.area.width(), self.area.top() + down * self.area.height()
        )

    def output(self, number: int) -> QPointF:
        """The middle of an output."""
        return QPointF(self.width - self.end_column, self._end_row(number, len(self.circuit.outputs)))

    def _end_row(self, number: int, count: int) -> float:
        return self.area.top() + self.area.height() * (number + 0.5) / count

    def share(self, pixel: QPointF) -> Share:
        """The share nearest to a pixel, on the board."""
        across = (pixel.x() - self.area.left()) / self.area.width()
        down = (pixel.y() - self.area.top()) / self.area.height()
        return (min(max(across, 0.0), 1.0), min(max(down, 0.0), 1.0))

    def start(self, source: Source) -> QPointF:
        """Where wires begin."""
        radius = self.radius if source.kind == "gate" else self.end_radius
        return self.source(source) + QPointF(radius, 0)

    def end(self, target: Target) -> QPointF:
        """Where a wire ends."""
        if target.kind == "output":
            return self.output(target.number) - QPointF(self.end_radius, 0)
        middle = self.source(Source("gate", target.number))
        up = -1 if target.slot == 0 else 1
        return middle + QPointF(-math.cos(_PORT), up * math.sin(_PORT)) * self.radius

    def path(self, source: Source, target: Target) -> QPainterPath:
        return curve(self.start(source), self.end(target))

    # What is under the mouse

    def start_at(self, pixel: QPointF) -> Source | None:
        """The input or gate whose wires begin at `pixel`."""
        sources = [thing for thing in things(self.circuit) if isinstance(thing, Source)]
        return _nearest(pixel, [(source, self.start(source)) for source in sources], REACH)

    def end_at(self, pixel: QPointF) -> Target | None:
        """The wire's end at `pixel`, wired or not."""
        targets = [Target("gate", gate.number, slot) for gate in self.circuit.gates for slot in (0, 1)]
        targets += [Target("output", number) for number in range(len(self.circuit.outputs))]
        return _nearest(pixel, [(target, self.end(target)) for target in targets], REACH)

    def body_at(self, pixel: QPointF) -> Source | Target | None:
        """The input, gate or output that lies under `pixel`."""
        bodies: list[tuple[Source | Target, QPointF]] = []
        for thing in things(self.circuit):
            if isinstance(thing, Source):
                bodies.append((thing, self.source(thing)))
            elif isinstance(thing, Target):
                bodies.append((thing, self.output(thing.number)))
        return _nearest(pixel, bodies, self.radius + 2)

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
        _end(painter, picture, theme, source, places.source(source), picture.said[source])
    for number, wired in enumerate(places.circuit.outputs):
        said = None if wired is None else picture.said[wired]
        _end(painter, picture, theme, Target("output", number), places.output(number), said)
    if not picture.small:
        _ports(painter, picture, theme)
    if picture.pulled is not None:
        source, pixel = picture.pulled
        end = pixel if picture.aim is None else places.end(picture.aim)
        painter.setPen(QPen(QColor(theme.accent), 2.5, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(curve(places.start(source), end))
    if picture.refused is not None:
        painter.setPen(QPen(QColor(theme.wrong), 2.5, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
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
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if picture.chosen == Wire(target):
        painter.setPen(QPen(QColor(theme.accent), ON_WIDTH + 5))
        painter.drawPath(path)
        painter.setPen(QPen(QColor(theme.card), ON_WIDTH + 1))
        painter.drawPath(path)
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
        own = source == Source("gate", gate.number) or target in (
            Target("gate", gate.number, slot) for slot in (0, 1)
        )
        if not own:
            far = places.radius + GAP
            behind.addEllipse(places.source(Source("gate", gate.number)), far, far)
            behind.addRect(_name_room(picture, Source("gate", gate.number)))
    return seen.subtracted(behind)


def _disc(
    painter: QPainter, theme: Theme, middle: QPointF, radius: float, said: bool | None, *, chosen: bool
) -> None:
    if chosen:
        painter.setPen(QPen(QColor(theme.accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(middle, radius + 4, radius + 4)
    style = Qt.PenStyle.DotLine if said is None else Qt.PenStyle.SolidLine
    painter.setPen(QPen(QColor(theme.yes if said else theme.line), 2, style))
    painter.setBrush(QColor(theme.yes if said else theme.card))
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
            room = QRectF(
                middle.x() - 0.86 * radius, middle.y() + (row - 1.5) * 0.86 * line, radius, 0.86 * line
            )
            draw_text(painter, room, Qt.AlignmentFlag.AlignCenter, text)
    _bit(painter, picture, on_disc, middle + QPointF(0.42 * radius if detailed else 0, 0), said)
    _name(painter, picture, theme, source)


def _end(
    painter: QPainter,
    picture: BoardPicture,
    theme: Theme,
    thing: Source | Target,
    middle: QPointF,
    said: bool | None,
) -> None:
    radius = picture.places.end_radius
    _disc(painter, theme, middle, radius, said, chosen=picture.chosen == thing)
    if said is not None:
        _bit(painter, picture, theme.card if said else theme.text, middle, said)
    _name(painter, picture, theme, thing)


def _bit(painter: QPainter, picture: BoardPicture, colour: str, middle: QPointF, said: bool) -> None:
    font = _sized(picture.font, (12 if picture.small else 17) / 13)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    half = QFontMetricsF(font).height() / 2
    room = QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half)
    draw_text(painter, room, Qt.AlignmentFlag.AlignCenter, numbers.whole(int(said)))


def _name_room(picture: BoardPicture, thing: Source | Target) -> QRectF:
    """Where a name stands: under what it names."""
    places, metrics = picture.places, QFontMetricsF(picture.font)
    middle = places.source(thing) if isinstance(thing, Source) else places.output(thing.number)
    radius = places.radius if thing.kind == "gate" else places.end_radius
    wide = metrics.horizontalAdvance(picture.names[thing]) + 8
    return QRectF(middle.x() - wide / 2, middle.y() + radius + 2, wide, metrics.height())


def _name(painter: QPainter, picture: BoardPicture, theme: Theme, thing: Source | Target) -> None:
    if picture.small:
        return
    room = _name_room(picture, thing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.card))
    painter.drawRoundedRect(room, 4, 4)
    painter.setFont(QFont(picture.font))
    painter.setPen(QColor(theme.muted))
    draw_text(painter, room, Qt.AlignmentFlag.AlignCenter, picture.names[thing])


def _ports(painter: QPainter, picture: BoardPicture, theme: Theme) -> None:
    """The dots where wires begin and end."""
    places = picture.places
    painter.setPen(QPen(QColor(theme.text), 1.5))
    painter.setBrush(QColor(theme.text))
    for source in picture.said:
        painter.drawEllipse(places.start(source), 4, 4)
    painter.setBrush(QColor(theme.card))
    for gate in places.circuit.gates:
        for slot in (0, 1):
            painter.drawEllipse(places.end(Target("gate", gate.number, slot)), 4, 4)
    for number in range(len(places.circuit.outputs)):
        painter.drawEllipse(places.end(Target("output", number)), 4, 4)


def _sized(font: QFont, share: float) -> QFont:
    """The same font, larger or smaller, never below 12 pixels."""
    font = QFont(font)
    font.setPixelSize(
        max(12, round(QFontMetricsF(font).height() / 1.17 * share))
        if font.pixelSize() < 0
        else max(12, round(font.pixelSize() * share))
    )
    return font
