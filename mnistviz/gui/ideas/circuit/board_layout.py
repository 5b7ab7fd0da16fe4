"""Where the parts of a circuit lie on the board, in pixels."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPainterPathStroker

from mnistviz.engine.ideas.circuit import Circuit, Source, Target
from mnistviz.engine.ideas.circuit_board import Share, Wire, free_slot, things

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

    @property
    def radius(self) -> float:
        """Of a gate."""
        across = 19 if self.circuit.inputs < 3 else 23  # with three inputs there are more gates
        return max(17.0, min(self.width / across, self.height / 8, 38.0))

    @property
    def end_radius(self) -> float:
        """Of an input or output."""
        return max(15.0, 0.75 * self.radius)

    @property
    def area(self) -> QRectF:
        """Where the middles of gates may be."""
        side = 2 * self.end_column + self.radius + 14
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
