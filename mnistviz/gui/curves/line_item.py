"""Graphics items of the lines in a plot, of the bands of other runs, and of the labels at the ends of lines."""

import math
from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsPixmapItem,
    QGraphicsPolygonItem,
    QGraphicsScene,
)

from mnistviz.gui.common.painted_figure import bold, inked, sized
from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.painter_tools import (
    blank_pixmap,
    line_path,
    polygon,
    spread,
    steady_order,
    translucent,
)
from mnistviz.gui.common.theme import Theme, theme
from mnistviz.gui.common.widgets import SMALLEST
from mnistviz.gui.curves.compose import PlotBand, PlotLine
from mnistviz.gui.curves.pens import pen
from mnistviz.gui.curves.plot_frame import TO_LABEL, WHOSE, Frame
from mnistviz.gui.curves.traces import Floats

FEW = 200  # points: lines of few are thick, which takes time
FEW_WITH_BAND = 60  # the same where the line moves whenever it is drawn
MOST_DOTS = 30
NEAR = 6  # pixels between the pointer and a point
PIECES = 4  # of a band
_CACHED, _NOT_CACHED = QGraphicsItem.CacheMode.DeviceCoordinateCache, QGraphicsItem.CacheMode.NoCache
_DOT, _FAINT_DOT = 2.5, 1.5  # pixels: half of a dot's width


class LineItem:
    def __init__(self, parent: QGraphicsItem) -> None:
        self._line, self.dots = QGraphicsPathItem(parent), QGraphicsPathItem(parent)
        self._band: list[QGraphicsPolygonItem] = []
        self.dots.setPen(QPen(Qt.PenStyle.NoPen))
        self.dots.setZValue(1)
        self._across: Floats = np.empty(0)
        self._down: Floats = np.empty(0)
        self.end: QPointF | None = None
        """Where the line ends in the plot or leaves it at the right, in pixels, or above or below; None if unseen."""

    def items(self) -> list[QGraphicsItem]:
        return [self._line, self.dots, *self._band]

    def draw(self, line: PlotLine, frame: Frame, *, sharp: bool, exact: bool = False) -> None:
        """Draw the line; NaN leaves a gap. `sharp` is a high-resolution screen; `exact` draws vectors, uncached."""
        style, x = line.style, line.x
        across, down = self._across, self._down = frame.across(x), frame.down(line.y)
        few = len(x) <= (FEW_WITH_BAND if style.band else FEW)
        thick = few and not style.faint
        cache = _NOT_CACHED if style.band or exact else _CACHED  # most stay while the playhead moves
        self._line.setCacheMode(cache)
        self.dots.setCacheMode(cache)
        thin = 1 if sharp else 0  # 0 is one pixel of the screen, by far the fastest
        self._line.setPen(pen(style, style.width if thick else thin))
        self._line.setZValue(0 if style.faint else 1)
        self._line.setPath(line_path(across, down))
        self.end = end_of(across, down, frame)
        self.dots.setBrush(QColor(theme().card if style.hollow else style.colour))
        self.dots.setPen(QPen(QColor(style.colour), 1) if style.hollow else QPen(Qt.PenStyle.NoPen))
        self.dots.setPath(self._dots_of(line, across, down))
        if style.band:
            self._draw_band(across, frame.down(line.points.band), style.colour, dark=theme().dark)
        else:
            for piece in self._band:
                piece.setPolygon(QPolygonF())

    def distance(self, at: QPointF) -> float:
        """Return the vertical distance of a place from the line in pixels; infinite where there is no line."""
        across, x = self._across, at.x()
        if not len(across) or not across[0] - 1 <= x <= across[-1] + 1:
            return math.inf
        far = abs(float(np.interp(x, across, self._down)) - at.y())
        return far if math.isfinite(far) else math.inf

    def point_near(self, at: QPointF) -> tuple[int, float] | None:
        if not len(self._across):
            return None
        far = np.hypot(self._across - at.x(), self._down - at.y())
        if not np.isfinite(far).any():
            return None
        nearest = int(np.nanargmin(far))
        return (nearest, float(far[nearest])) if far[nearest] <= NEAR else None

    @staticmethod
    def _dots_of(line: PlotLine, across: Floats, down: Floats) -> QPainterPath:
        """Return dots for few points on a line, and for single points between gaps, which make no line."""
        path, style = QPainterPath(), line.style
        seen, half = np.isfinite(down), _FAINT_DOT if style.faint else _DOT
        if len(across) > MOST_DOTS or (not style.hollow and (style.faint or style.dash)):
            beside = np.pad(seen, 1)
            seen &= ~(beside[:-2] | beside[2:])
        for x, y in zip(across[seen].tolist(), down[seen].tolist(), strict=True):
            path.addEllipse(x - half, y - half, 2 * half, 2 * half)
        places = np.flatnonzero(np.isfinite(down))
        if style.letter and len(places) > 3:
            font = sized(bold(QFont()), SMALLEST)
            share = 0.2 + 3 * sum(map(ord, style.letter)) % 8 / 20  # each run has another one
            first, last = across[places[[0, -1]]].tolist()
            wanted = [first + each * (last - first) for each in (share, share + 0.4)]
            for place in places[np.searchsorted(across[places], wanted)]:
                path.addText(across[place], down[place] - _DOT, font, style.letter)
        return path

    def _draw_band(self, across: Floats, edges: Floats, colour: str, *, dark: bool) -> None:
        """Fill the area between two curves, `edges` of shape (2, points) in pixels, without the NaN.

        It is several shapes side by side: Qt searches each row of pixels of a shape from its left, so that one that is
        a quarter as wide takes a sixteenth of the time.
        """
        tint = translucent(colour, 0.25 if dark else 0.2)
        good = np.isfinite(edges[0])
        if not good.all():
            across, edges = across[good], edges[:, good]
        step = max(1, -(-(len(across) - 1) // PIECES))
        for number, begin in enumerate(range(0, PIECES * step, step)):
            if number == len(self._band):
                self._band.append(QGraphicsPolygonItem(self._line.parentItem()))
                self._band[number].setPen(QPen(Qt.PenStyle.NoPen))
                self._band[number].setZValue(-1)
            part = slice(begin, begin + step + 1)  # its last point is the first of the next
            self._band[number].setBrush(tint)
            self._band[number].setPolygon(_between(across[part], *edges[:, part]))


def _between(across: Floats, one: Floats, other: Floats) -> QPolygonF:
    if len(across) < 2:
        return QPolygonF()
    return polygon(np.concatenate((across, across[::-1])), np.concatenate((one, other[::-1])))


def end_of(across: Floats, down: Floats, frame: Frame) -> QPointF | None:
    """Return the last point of a line, or that at the right edge of the plot; None if it is left of the plot."""
    if len(down) and math.isfinite(down[-1]) and frame.area.left() <= across[-1] <= frame.area.right():
        return QPointF(across[-1], down[-1])  # the usual case
    good = np.flatnonzero(np.isfinite(down))
    if not len(good) or across[good[-1]] < frame.area.left() - 1:
        return None
    last, edge = good[-1], frame.area.right()
    if across[last] <= edge or len(good) == 1:
        return QPointF(min(across[last], edge), down[last])
    return QPointF(edge, float(np.interp(edge, across[good], down[good])))


_ALL: Final = 0.10
_HALF: Final = 0.16
_RUNS: Final = 0.38
_DARKER: Final = 1.35  # a dark background needs stronger colours
_END: Final = 2.0  # pixels: half of the width of the dot at the end of a run


class BandItem:
    """Fills, lines and line ends of a band, below the run. Costs have lines only, perturbed copies dotted ones."""

    def __init__(self, parent: QGraphicsItem) -> None:
        self._all, self._half = QGraphicsPathItem(parent), QGraphicsPathItem(parent)
        self._runs, self._ends = QGraphicsPathItem(parent), QGraphicsPathItem(parent)
        for z, item in enumerate(self.items()):
            item.setZValue(-3 + z / 4)
        for item in (self._all, self._half, self._ends):
            item.setPen(QPen(Qt.PenStyle.NoPen))

    def items(self) -> list[QGraphicsPathItem]:
        return [self._all, self._half, self._runs, self._ends]

    def draw(self, band: PlotBand, frame: Frame, *, dark: bool, exact: bool = False) -> None:
        """Draw the band; where `exact`, as vector shapes and not as cached pictures."""
        for item in self.items():
            item.setCacheMode(_NOT_CACHED if exact else _CACHED)
        strength = _DARKER if dark else 1.0
        for item, alpha in ((self._all, _ALL), (self._half, _HALF), (self._ends, 2 * _RUNS)):
            item.setBrush(translucent(band.colour, strength * alpha))
        ink = QPen(translucent(band.colour, strength * _RUNS), 0.8 if exact else 0)
        if band.shape.band.kind == "tiny changes":
            ink.setStyle(Qt.PenStyle.DotLine)
        self._runs.setPen(ink)
        across, down = frame.across(band.x), frame.down(band.y)
        path = QPainterPath()
        for line in down:
            path.addPath(line_path(across, line))
        self._runs.setPath(path)
        edges = None if band.edges is None else frame.down(band.edges)
        for item, first, last in ((self._all, 0, -1), (self._half, 1, -2)):
            area = QPainterPath()
            if edges is not None:
                area.addPolygon(_between(across, edges[first], edges[last]))
            item.setPath(area)
        dots = QPainterPath()
        for y in () if edges is None else down[:, -1].tolist():
            dots.addEllipse(across[-1] - _END, y - _END, 2 * _END, 2 * _END)
        self._ends.setPath(dots)


CALM = 12  # pixels that the end of a line may move before its name follows
APART = 4  # pixels that an end may lie beyond another one before their names change places
AFTER = 9  # pixels from the playhead, or the end of the run, to the names
PITCH = 14  # pixels from name to name, with text of the usual size
GROUND = 0.75  # the opacity of what a name is painted on
NO_INK = 3  # pixels below the letters of a name
TIGHT = 0.8  # of a line of text: names that are closer would touch


class Name(NamedTuple):
    """The label of a line, `key`, in the colour of the line."""

    key: tuple[int, str]
    text: str
    colour: str
    end: QPointF
    bold: bool = False
    best: bool = False  # whether its run is the best


class NameStyle(NamedTuple):
    font: QFont
    theme: Theme
    ratio: float


class LineNames:
    """Labels as pictures, painted once and then moved, at the right of their lines' ends; arrows for lines outside."""

    def __init__(self, scene: QGraphicsScene, z: float) -> None:
        self._scene, self._z = scene, z
        self._items: dict[tuple[int, str], QGraphicsPixmapItem] = {}
        self._painted: dict[tuple[int, str], object] = {}
        self._places: dict[tuple[int, str], QPointF] = {}
        self._calm: dict[tuple[int, str], float] = {}
        self._ranks: dict[tuple[int, str], int] = {}  # from the top down
        self._shown: tuple[Name, ...] = ()
        self._look: NameStyle | None = None
        self.arrows = QGraphicsPathItem()
        self.arrows.setPen(QPen(Qt.PenStyle.NoPen))
        self.arrows.setZValue(z)
        scene.addItem(self.arrows)

    def draw(
        self, names: Iterable[Name], playhead: float | None, frame: Frame, look: NameStyle, *, learning: bool
    ) -> None:
        """Show these labels in the order of their lines' ends: beyond these and the playhead (in pixels), or beside
        the plot for several runs. While a run is `learning`, labels of lines that cross repeatedly keep their order.
        In a low plot the last runs have no label, except the selected one and the best."""
        metrics = QFontMetricsF(look.font)
        most = 1 + int((frame.area.bottom() - metrics.height() + NO_INK) / (TIGHT * metrics.height()))
        self._shown = tuple(sorted(names, key=lambda name: (not name.bold, not name.best))[:most])
        if look != self._look:
            self._look = look
            self.arrows.setBrush(QColor(look.theme.muted))
        self._places = self._placed(playhead, frame, metrics, learning=learning)
        for key in self._items.keys() - self._places.keys():
            self._scene.removeItem(self._items.pop(key))
            self._painted.pop(key)
        for name in self._shown:
            self._item(name, look).setPos(self._places[name.key])
        path = self._arrows_path(frame, metrics.height())
        if not (path.isEmpty() and self.arrows.path().isEmpty()):
            self.arrows.setPath(path)

    def paint(self, painter: QPainter) -> None:
        font = QFont(painter.font())
        inked(painter, fill=theme().muted).drawPath(self.arrows.path())
        for name in self._shown:
            font.setBold(name.bold)
            painter.setFont(font)
            room = QRectF(self._places[name.key], _size(name.text, QFontMetricsF(font)))
            painter.fillRect(room, translucent(theme().card, GROUND))
            draw_text(painter, room, Qt.AlignmentFlag.AlignLeft, name.text, ink=name.colour, whose=WHOSE)

    def at(self, place: QPointF) -> int | None:
        """Return the number of the run whose label is at a place, or None."""
        items = self._items.items()
        return next((key[0] for key, item in items if item.sceneBoundingRect().contains(place)), None)

    def rooms(self) -> dict[str, QRectF]:
        return {name.text: self._items[name.key].sceneBoundingRect() for name in self._shown}

    def items(self) -> list[QGraphicsPixmapItem | QGraphicsPathItem]:
        return [*self._items.values(), self.arrows]

    def _placed(
        self, playhead: float | None, frame: Frame, metrics: QFontMetricsF, *, learning: bool
    ) -> dict[tuple[int, str], QPointF]:
        """Return the corner of each label. Touching labels are moved apart, in the order of their lines' ends, or while
        `learning` in their previous order where that is at most `APART` off."""
        names, height = self._shown, metrics.height()
        if not names:
            return {}
        ends = [name.end.y() for name in names]
        before = sorted(range(len(names)), key=lambda number: ends[number])
        if learning and all(name.key in self._ranks for name in names):
            before.sort(key=lambda number: self._ranks[names[number].key])
        order = steady_order(ends, before, APART if learning else 0)
        self._ranks.update({names[number].key: rank for rank, number in enumerate(order)})
        wanted = [self._top(name, frame, height, CALM if learning else 0) for name in names]
        tops = spread(wanted, max(PITCH, height), 0, frame.area.bottom() - height + NO_INK, order)
        left = frame.area.right()
        if len({name.key[0] for name in names}) == 1:
            left = min(left, max(0.0, playhead or 0.0, *(name.end.x() for name in names)))
        left = round(left + AFTER)
        return {name.key: QPointF(left, round(top)) for name, top in zip(names, tops, strict=True)}

    def _top(self, name: Name, frame: Frame, height: float, apart: float) -> float:
        """Return the top of a label on its own: the previous one, if the end moved by at most `apart`."""
        y = min(max(name.end.y(), frame.area.top()), frame.area.bottom())
        if abs(self._calm.get(name.key, -height) - y) > apart:
            self._calm[name.key] = y
        return self._calm[name.key] - height / 2

    def _item(self, name: Name, look: NameStyle) -> QGraphicsPixmapItem:
        if (item := self._items.get(name.key)) is None:
            item = self._items[name.key] = QGraphicsPixmapItem()
            item.setZValue(self._z)
            self._scene.addItem(item)
        painted = name.text, name.colour, name.bold, look
        if self._painted.get(name.key) != painted:
            self._painted[name.key] = painted
            item.setPixmap(_picture(name, look))
        return item

    def _arrows_path(self, frame: Frame, height: float) -> QPainterPath:
        path = QPainterPath()
        for name in self._shown:
            below, above = name.end.y() > frame.area.bottom() + 1, name.end.y() < frame.area.top() - 1
            if below or above:
                x = self._places[name.key].x() - TO_LABEL / 2 - 1
                y = self._places[name.key].y() + height / 2
                way = 3 if below else -3
                path.moveTo(x - 3, y - way)
                path.lineTo(x + 3, y - way)
                path.lineTo(x, y + way)
                path.closeSubpath()
        return path


def _size(text: str, metrics: QFontMetricsF) -> QSizeF:
    return QSizeF(metrics.horizontalAdvance(text) + 2, metrics.height())


def _picture(name: Name, look: NameStyle) -> QPixmap:
    font = bold(look.font) if name.bold else look.font
    size = _size(name.text, QFontMetricsF(font))
    picture = blank_pixmap(size, look.ratio, translucent(look.theme.card, GROUND))
    with QPainter(picture) as painter:
        painter.setFont(font)
        painter.setPen(QColor(name.colour))
        draw_text(painter, QRectF(QPointF(), size), Qt.AlignmentFlag.AlignLeft, name.text, whose=WHOSE)
    return picture
