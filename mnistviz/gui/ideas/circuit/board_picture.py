"""Layout and painting of a circuit on the board. A 1 is a thick wire or a filled disc."""

import math
from collections.abc import Mapping
from typing import Final, TypeVar

from msgspec import Struct, field
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPainterPathStroker, QPen

from mnistviz.engine.ideas import circuit as circuits
from mnistviz.engine.ideas.circuit import Share, Source, Target, Thing, Wire, free_slot, things
from mnistviz.gui.common import numbers
from mnistviz.gui.common.painted_figure import CENTRE, bold, inked, sized
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.widgets import SMALLEST

T = TypeVar("T")

REACH, WIRE_REACH = 13.0, 12.0  # pixels: around a wire's end, and the width of a wire for the mouse
_PORT: Final = math.radians(32)  # angle of a gate's two inputs from its left end


class BoardLayout(Struct, dict=True):
    """Layout of a board; `line` is the height of text, `names` the width of inputs and outputs names."""

    width: float
    height: float
    line: float
    names: float
    circuit: circuits.Circuit
    shares: Mapping[int, Share]
    least: tuple[float, float] = (17.0, 15.0)
    """The smallest radius of a gate, and of an input or output."""

    def __post_init__(self) -> None:
        across = 19 if self.circuit.inputs < 3 else 23  # with three inputs there are more gates
        self.radius = max(self.least[0], min(self.width / across, self.height / 8, 38.0))
        self.end_radius = max(self.least[1], 0.75 * self.radius)
        self.end_column = max(self.end_radius, self.names / 2) + 4
        """The distance of the centres of inputs and outputs from the edge."""
        side = 2 * self.end_column + self.radius + 0.8 * self.least[0]
        top, bottom = self.radius + 6, self.radius + self.line + 4
        wide, high = max(1.0, self.width - 2 * side), max(1.0, self.height - top - bottom)
        self.area = QRectF(side, top, wide, high)

    def source(self, source: Source) -> QPointF:
        if source.kind == "input":
            return QPointF(self.end_column, self._end_row(source.number, self.circuit.inputs))
        (across, down), area = self.shares[source.number], self.area
        return QPointF(area.left() + across * area.width(), area.top() + down * area.height())

    def middle(self, thing: Source | Target) -> QPointF:
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
        return self.source(source) + QPointF(self.radius if source.kind == "gate" else self.end_radius, 0)

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

    def start_at(self, pixel: QPointF) -> Source | None:
        sources = [thing for thing in things(self.circuit) if isinstance(thing, Source)]
        return _nearest(pixel, [(source, self.start(source)) for source in sources], REACH)

    def end_at(self, pixel: QPointF) -> Target | None:
        return _nearest(pixel, [(target, self.end(target)) for target in self.targets()], REACH)

    def body_at(self, pixel: QPointF) -> Source | Target | None:
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
        """Return the end near `pixel`, or one of the gate or output there, preferably free."""
        if (near := self.end_at(pixel)) is not None:
            return near
        body = self.body_at(pixel)
        if isinstance(body, Target):
            return body
        return None if body is None or body.kind == "input" else free_slot(self.circuit, body.number)


def curve(start: QPointF, end: QPointF) -> QPainterPath:
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


class BoardPicture(Struct, frozen=True):
    """A painting of the board. A `small` copy has no names, no ends of wires and no numbers in gates."""

    painter: QPainter
    places: BoardLayout
    signals: Mapping[Source, bool]
    font: QFont
    names: Mapping[Source | Target, str] = field(default_factory=dict)
    chosen: Thing | None = None
    pulled: tuple[Source, QPointF] | None = None
    aim: Target | None = None
    hidden: Target | None = None
    refused: tuple[Source, Target] | None = None
    small: bool = False

    def paint(self) -> None:
        places, painter = self.places, self.painter
        for source, target in places.circuit.wires():
            if target != self.hidden:
                self._wire(source, target)
        for gate in places.circuit.gates:
            self._gate(Source("gate", gate.number))
        for number in range(places.circuit.inputs):
            source = Source("input", number)
            self._end(source, self.signals[source])
        for number, wired in enumerate(places.circuit.outputs):
            self._end(Target("output", number), None if wired is None else self.signals[wired])
        if not self.small:
            self._ports()
        if self.pulled is not None:
            source, pixel = self.pulled
            end = pixel if self.aim is None else places.end(self.aim)
            inked(painter, theme().accent, 2.5, style=Qt.PenStyle.DashLine)
            painter.drawPath(curve(places.start(source), end))
        if self.refused is not None:
            inked(painter, theme().wrong, 2.5, style=Qt.PenStyle.DashLine)
            painter.drawPath(places.path(*self.refused))

    def _wire(self, source: Source, target: Target) -> None:
        painter, path = self.painter, self.places.path(source, target)
        signal = self.signals[source]
        painter.save()
        if not self.small:
            painter.setClipPath(self._seen_of(source, target))
        if self.chosen == Wire(target):
            for colour, wider in ((theme().accent, 5), (theme().card, 1)):
                inked(painter, colour, ON_WIDTH + wider).drawPath(path)
        wide = (ON_WIDTH if signal else OFF_WIDTH) * (0.6 if self.small else 1)
        ink = QColor(theme().yes if signal else theme().line)
        painter.strokePath(path, QPen(ink, wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.restore()

    def _seen_of(self, source: Source, target: Target) -> QPainterPath:
        """Return where a wire is visible: not around gates at which it does not end, nor their names."""
        places, seen, behind = self.places, QPainterPath(), QPainterPath()
        seen.addRect(QRectF(0, 0, places.width, places.height))
        behind.setFillRule(Qt.FillRule.WindingFill)
        for gate in places.circuit.gates:
            other = Source("gate", gate.number)
            if source != other and (target.kind, target.number) != ("gate", gate.number):
                far = places.radius + GAP
                behind.addEllipse(places.source(other), far, far)
                behind.addRect(self._name_room(other))
        return seen.subtracted(behind)

    def _disc(self, thing: Source | Target, radius: float, signal: bool | None) -> None:
        painter, middle = self.painter, self.places.middle(thing)
        if self.chosen == thing:
            inked(painter, theme().accent, 2).drawEllipse(middle, radius + 4, radius + 4)
        style = Qt.PenStyle.DotLine if signal is None else Qt.PenStyle.SolidLine
        line, fill = (theme().yes, theme().yes) if signal else (theme().line, theme().card)
        inked(painter, line, 2, fill=fill, style=style).drawEllipse(middle, radius, radius)

    def _gate(self, source: Source) -> None:
        painter, places = self.painter, self.places
        middle, radius, signal = places.source(source), places.radius, self.signals[source]
        self._disc(source, radius, signal)
        if self.small:
            return
        small = self._sized(12)
        line = QFontMetricsF(small).height()
        detailed = radius >= 1.8 * line
        if detailed:  # weights at the inputs, bias between them
            painter.setFont(small)
            painter.setPen(QColor(theme().card if signal else theme().muted))
            for row, value in enumerate((circuits.NAND_WEIGHT, circuits.NAND_BIAS, circuits.NAND_WEIGHT)):
                top = middle.y() + (row - 1.5) * 0.86 * line
                room = QRectF(middle.x() - 0.86 * radius, top, radius, 0.86 * line)
                draw_text(painter, room, CENTRE, numbers.number_text(value, 0, sign=True))
        self._bit(middle + QPointF(0.42 * radius if detailed else 0, 0), signal)
        self._name(source)

    def _end(self, thing: Source | Target, signal: bool | None) -> None:
        self._disc(thing, self.places.end_radius, signal)
        if signal is not None:
            self._bit(self.places.middle(thing), signal)
        self._name(thing)

    def _bit(self, middle: QPointF, signal: bool) -> None:
        font = bold(self._sized(12 if self.small else 17))
        self.painter.setFont(font)
        self.painter.setPen(QColor(theme().card if signal else theme().text))
        half = QFontMetricsF(font).height() / 2
        room = QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half)
        draw_text(self.painter, room, CENTRE, numbers.whole(int(signal)))

    def _name_room(self, thing: Source | Target) -> QRectF:
        places, metrics = self.places, QFontMetricsF(self.font)
        middle = places.middle(thing)
        radius = places.radius if thing.kind == "gate" else places.end_radius
        wide = metrics.horizontalAdvance(self.names[thing]) + 8
        return QRectF(middle.x() - wide / 2, middle.y() + radius + 2, wide, metrics.height())

    def _name(self, thing: Source | Target) -> None:
        if self.small:
            return
        room = self._name_room(thing)
        inked(self.painter, fill=theme().card).drawRoundedRect(room, 4, 4)
        self.painter.setFont(self.font)
        draw_text(self.painter, room, CENTRE, self.names[thing], ink=theme().muted)

    def _ports(self) -> None:
        places = self.places
        starts, ends = map(places.start, self.signals), map(places.end, places.targets())
        for fill, ports in ((theme().text, starts), (theme().card, ends)):
            for port in ports:
                inked(self.painter, theme().text, 1.5, fill=fill).drawEllipse(port, 4, 4)

    def _sized(self, pixels: int) -> QFont:
        """Return the font with text of so many pixels where the usual one has 13; never too small to read."""
        font = self.font
        usual = font.pixelSize() if font.pixelSize() > 0 else QFontMetricsF(font).height() / 1.17
        return sized(font, max(SMALLEST, round(usual * pixels / 13)))
