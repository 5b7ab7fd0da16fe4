"""Graphics items of a seed band: all of its runs as pale lines, and the areas that all and the middle half cover.

They are drawn when the band or the frame changes, and cached as pictures.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem

from mnistviz.gui.common.array_paths import line_path, polygon
from mnistviz.gui.curves.compose import PlotBand
from mnistviz.gui.curves.plot_frame import Frame
from mnistviz.gui.curves.traces import Floats

_ALL: Final = 0.10
_HALF: Final = 0.16
_RUNS: Final = 0.38
_DARKER: Final = 1.35  # a dark background needs stronger colours
_DOT: Final = 2.0  # pixels: half of the width of the dot at the end of a run


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
        pen = QPen(_tint(band.colour, strength * _RUNS), 0.8 if exact else 0)
        if band.shape.band.kind == "tiny changes":
            pen.setStyle(Qt.PenStyle.DotLine)
        self._runs.setPen(pen)
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
            dots.addEllipse(across[-1] - _DOT, y - _DOT, 2 * _DOT, 2 * _DOT)
        self._ends.setPath(dots)


def _between(across: Floats, one: Floats, other: Floats) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(polygon(np.concatenate((across, across[::-1])), np.concatenate((one, other[::-1]))))
    return path


def _tint(colour: str, alpha: float) -> QColor:
    tint = QColor(colour)
    tint.setAlphaF(min(alpha, 1.0))
    return tint
