"""Graphics items of a line in a plot, and of a band of other runs."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsPolygonItem

from mnistviz.gui.common.painter_tools import line_path, polygon
from mnistviz.gui.curves.compose import PlotBand, PlotLine
from mnistviz.gui.curves.pens import pen
from mnistviz.gui.curves.plot_frame import Frame
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
        self._only_dots = False
        self.end: QPointF | None = None
        """Where the line ends in the plot or leaves it at the right, in pixels; None if it is not visible. It may be
        above or below the area of the curves."""

    def items(self) -> list[QGraphicsItem]:
        return [self._line, self.dots, *self._band]

    def draw(self, line: PlotLine, frame: Frame, *, dark: bool, sharp: bool, exact: bool = False) -> None:
        """Draw the line; NaN leaves a gap. `dark` is the background, `sharp` a high-resolution screen; `exact` draws
        vector lines and no cached picture."""
        style, x = line.style, line.x
        self._only_dots = style.only_dots
        across, down = self._across, self._down = frame.across(x), frame.down(line.y)
        few = len(x) <= (FEW_WITH_BAND if style.band else FEW)
        thick = style.only_dots or (few and not style.faint)
        cache = _NOT_CACHED if style.band or exact else _CACHED  # most stay while the playhead moves
        self._line.setCacheMode(cache)
        self.dots.setCacheMode(cache)
        thin = 1 if sharp else 0  # 0 is one pixel of the screen, by far the fastest
        self._line.setPen(pen(style, style.width if thick else thin))
        self._line.setZValue(0 if style.faint else 1)
        self._line.setPath(_points(across, down) if style.only_dots else line_path(across, down))
        self.end = end_of(across, down, frame)
        self.dots.setBrush(QColor(style.colour))
        self.dots.setPath(self._dots_of(line, across, down))
        if style.band:
            self._draw_band(across, frame.down(line.points.band), style.colour, dark=dark)
        else:
            for piece in self._band:
                piece.setPolygon(QPolygonF())

    def distance(self, at: QPointF) -> float:
        """Return the vertical distance of a place from the line in pixels; infinite where there is no line."""
        if self._only_dots:
            near = self.point_near(at)
            return math.inf if near is None else near[1]
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
        """Return dots for few points on a solid line, and for single points between gaps, which make no line."""
        path, style = QPainterPath(), line.style
        if style.only_dots:
            return path
        seen, half = np.isfinite(down), _FAINT_DOT if style.faint else _DOT
        if style.faint or style.dash or len(across) > MOST_DOTS:
            beside = np.pad(seen, 1)
            seen &= ~(beside[:-2] | beside[2:])
        for x, y in zip(across[seen].tolist(), down[seen].tolist(), strict=True):
            path.addEllipse(x - half, y - half, 2 * half, 2 * half)
        return path

    def _draw_band(self, across: Floats, edges: Floats, colour: str, *, dark: bool) -> None:
        """Fill the area between two curves, `edges` of shape (2, points) in pixels, without the NaN.

        It is several shapes side by side: Qt searches each row of pixels of a shape from its left, so that one that is
        a quarter as wide takes a sixteenth of the time.
        """
        tint = QColor(colour)
        tint.setAlphaF(0.25 if dark else 0.2)
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
            self._band[number].setPolygon(_outline(across[part], edges[:, part]))


def _points(across: Floats, down: Floats) -> QPainterPath:
    """Return a short dash at each point, which a pen with a round cap draws as a dot."""
    path = QPainterPath()
    for x, y in zip(across.tolist(), down.tolist(), strict=True):
        if math.isfinite(y):
            path.moveTo(x, y)
            path.lineTo(x + 0.01, y)
    return path


def _outline(across: Floats, edges: Floats) -> QPolygonF:
    if len(across) < 2:
        return QPolygonF()
    return polygon(np.concatenate([across, across[::-1]]), np.concatenate([edges[0], edges[1, ::-1]]))


def end_of(across: Floats, down: Floats, frame: Frame) -> QPointF | None:
    """Return the last point of a line, or its point at the right edge of the plot; None if all of it is left of the
    plot."""
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
    """Fills, lines and line ends of a band, below the lines of the run itself. A band of costs has lines only; lines of
    perturbed copies are dotted."""

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
        mode = QGraphicsItem.CacheMode.NoCache if exact else QGraphicsItem.CacheMode.DeviceCoordinateCache
        for item in self.items():
            item.setCacheMode(mode)
        strength = _DARKER if dark else 1.0
        for item, alpha in ((self._all, _ALL), (self._half, _HALF), (self._ends, 2 * _RUNS)):
            item.setBrush(_tint(band.colour, strength * alpha))
        ink = QPen(_tint(band.colour, strength * _RUNS), 0.8 if exact else 0)
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
            item.setPath(QPainterPath() if edges is None else _between(across, edges[first], edges[last]))
        dots = QPainterPath()
        for y in () if edges is None else down[:, -1].tolist():
            dots.addEllipse(across[-1] - _END, y - _END, 2 * _END, 2 * _END)
        self._ends.setPath(dots)


def _between(across: Floats, one: Floats, other: Floats) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(polygon(np.concatenate((across, across[::-1])), np.concatenate((one, other[::-1]))))
    return path


def _tint(colour: str, alpha: float) -> QColor:
    tint = QColor(colour)
    tint.setAlphaF(min(alpha, 1.0))
    return tint
