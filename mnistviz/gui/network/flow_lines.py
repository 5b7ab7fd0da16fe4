"""Lines in the picture of the network: a neutral connector between stages, and coloured lines from units."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import set_path

THINNEST: Final = 1.5  # pixels
THICKEST: Final = 6.0
_ROUND: Final = 6.0  # pixels, the radius of a corner
_POINT: Final = 4.0  # pixels, the length of an arrowhead


class Lines:
    """Lines of the picture as Qt items, which are reused."""

    def __init__(self, scene: QGraphicsScene, theme: Theme) -> None:
        self._scene = scene
        self.connector, self.trunk = QGraphicsPathItem(), QGraphicsPathItem()
        for z, item in ((1, self.connector), (29, self.trunk)):
            item.setZValue(z)
            scene.addItem(item)
        self.items: list[QGraphicsPathItem] = []
        self._empty = True
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.connector.setPen(QPen(QColor(theme.line), 1.5))
        self.trunk.setPen(QPen(QColor(theme.line), 3))

    def connect(self, ways: list[tuple[QPointF, QPointF]]) -> None:
        """Draw the neutral connector: an arrow for each start and end."""
        path = QPainterPath()
        for start, end in ways:
            path.addPath(arrow(start, end))
        set_path(self.connector, path)

    def show(
        self,
        lines: Sequence[tuple[QPointF, Sequence[QPointF], float]],
        trunks: Sequence[Sequence[QPointF]],
    ) -> None:
        """Draw coloured lines, each from a point along further points with a weight as its thickness, the first on
        top, and the neutral `trunks` that lead to them."""
        if not lines and not trunks and self._empty:
            return
        self._empty = not lines and not trunks
        path = QPainterPath()
        for trunk in trunks:
            path.moveTo(trunk[0])
            for point in trunk[1:]:
                path.lineTo(point)
        set_path(self.trunk, path)
        while len(self.items) < len(lines):
            item = QGraphicsPathItem()
            item.setZValue(30)
            self._scene.addItem(item)
            self.items.append(item)
        for item, (start, way, weight) in zip(self.items, reversed(lines), strict=False):
            thick = THINNEST + (THICKEST - THINNEST) * min(abs(weight), 1.0)
            pen = QPen(QColor(self._theme.yes if weight > 0 else self._theme.no), thick)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            item.setPen(pen)
            path = curve(start, way[0])
            for point in way[1:]:
                path.lineTo(point)
            set_path(item, path)
        for number, item in enumerate(self.items):
            item.setVisible(number < len(lines))


def arrow(start: QPointF, end: QPointF) -> QPainterPath:
    path, down = QPainterPath(start), end.y() - start.y()
    if abs(down) >= 1:
        x = (start.x() + end.x()) / 2
        round_x = min(_ROUND, (end.x() - start.x()) / 2)
        round_y = math.copysign(min(_ROUND, abs(down) / 2), down)
        path.lineTo(x - round_x, start.y())
        path.quadTo(x, start.y(), x, start.y() + round_y)
        path.lineTo(x, end.y() - round_y)
        path.quadTo(x, end.y(), x + round_x, end.y())
    path.lineTo(end)
    path.moveTo(end + QPointF(-_POINT, -_POINT))
    path.lineTo(end)
    path.lineTo(end + QPointF(-_POINT, _POINT))
    return path


def curve(start: QPointF, end: QPointF) -> QPainterPath:
    path = QPainterPath(start)
    bend = max(12.0, 0.5 * (end.x() - start.x()))
    path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end)
    return path
