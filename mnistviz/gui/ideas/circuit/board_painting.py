"""How a circuit is painted. A 1 is a thick orange wire or a filled disc with 1 in it, a 0 a thin one or a ring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen

from mnistviz.engine.ideas.circuit import NAND_BIAS, NAND_WEIGHT, Source, Target
from mnistviz.engine.ideas.circuit_board import Thing, Wire
from mnistviz.gui.common import numbers
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.ideas.circuit.board_layout import BoardLayout, curve

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
    painter.setClipPath(_seen_of(picture, source, target))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if picture.chosen == Wire(target):
        painter.setPen(QPen(QColor(theme.accent), ON_WIDTH + 5))
        painter.drawPath(path)
        painter.setPen(QPen(QColor(theme.card), ON_WIDTH + 1))
        painter.drawPath(path)
    painter.setPen(signal_pen(theme, picture.said[source]))
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
    font = _sized(picture.font, 17 / 13)
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
