"""The names of lines, where they end: none on another, none on a line, none outside the plot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsPixmapItem, QGraphicsScene

from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.curves.plot_frame import COLUMN, TO_LABEL, Frame
from mnistviz.gui.curves.plot_painting import WHOSE

CALM = 4  # pixels that the end of a line may move up or down before its name does
LEADER = 14  # pixels: a line that ends further from its name is led to it


class Name(NamedTuple):
    """The name of a line in its colour, and where the line ends. Letters of faint lines have a column of their own,
    before the others: eight runs have more names than one column has room for."""

    text: str
    colour: str
    end: QPointF
    first: bool = False


class NameStyle(NamedTuple):
    """What names are painted with."""

    font: QFont
    theme: Theme
    ratio: float


class LineNames:
    """Pictures of the names, which are painted once and then only move; the lines that lead to them; and arrows where
    a line has left the plot."""

    def __init__(self, scene: QGraphicsScene, z: float) -> None:
        self._scene, self._z = scene, z
        self._items: dict[str, QGraphicsPixmapItem] = {}
        self._painted: dict[str, object] = {}
        self._places: dict[str, QPointF] = {}
        self._calm: dict[str, float] = {}
        self._column = 0  # pixels, of the letters before the names
        self._shown: tuple[Name, ...] = ()
        self._look: NameStyle | None = None
        self._leaders, self.arrows = QGraphicsPathItem(), QGraphicsPathItem()
        self.arrows.setPen(QPen(Qt.PenStyle.NoPen))
        for item in (self._leaders, self.arrows):
            item.setZValue(z)
            scene.addItem(item)

    def draw(self, names: Iterable[Name], beyond: float, frame: Frame, look: NameStyle) -> None:
        """Shows these names; `beyond` is how far right any line of the plot goes."""
        self._shown = tuple(names)
        if look != self._look:
            self._look = look
            self._leaders.setPen(_leader(look.theme))
            self.arrows.setBrush(QColor(look.theme.muted))
        metrics = QFontMetricsF(look.font)
        height = metrics.height()
        letters = [metrics.horizontalAdvance(name.text) for name in self._shown if name.first]
        self._column = round(max(letters) + COLUMN) if letters else 0
        self._places = self._placed(beyond, frame, height)
        for text in self._items.keys() - self._places.keys():
            self._scene.removeItem(self._items.pop(text))
            self._painted.pop(text)
        for name in self._shown:
            self._item(name, look, metrics).setPos(self._places[name.text])
        for item, path in (
            (self._leaders, self._leaders_path(frame, height)),
            (self.arrows, self._arrows_path(frame, height)),
        ):
            if not (path.isEmpty() and item.path().isEmpty()):
                item.setPath(path)

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Paints the same as text and lines, for a picture of the plot."""
        metrics = QFontMetricsF(painter.font())
        painter.setPen(_leader(theme))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(self._leaders.path())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.muted))
        painter.drawPath(self.arrows.path())
        for name in self._shown:
            painter.setPen(QColor(name.colour))
            room = QRectF(self._places[name.text], _size(name.text, metrics))
            draw_text(painter, room, Qt.AlignmentFlag.AlignLeft, name.text, whose=WHOSE)

    def at(self, place: QPointF) -> str | None:
        """The name at a place."""
        return next((text for text, room in self.rooms().items() if room.contains(place)), None)

    def rooms(self) -> dict[str, QRectF]:
        """Where each name is, in pixels of the plot."""
        return {text: item.sceneBoundingRect() for text, item in self._items.items()}

    def items(self) -> list[QGraphicsPixmapItem | QGraphicsPathItem]:
        return [*self._items.values(), self._leaders, self.arrows]

    def _placed(self, beyond: float, frame: Frame, height: float) -> dict[str, QPointF]:
        area, places = frame.area, {}
        x = round(min(beyond, area.right()) + TO_LABEL)
        for first in (True, False):
            names = [name for name in self._shown if name.first == first]
            tops = spread(
                [self._top(name, frame, height) for name in names], height - 1, 0, area.bottom() - height / 2
            )
            for name, top in zip(names, tops, strict=True):
                places[name.text] = QPointF(x if first else x + self._column, round(top))
        return places

    def _top(self, name: Name, frame: Frame, height: float) -> float:
        """The upper edge that a name would have were it alone."""
        y = min(max(name.end.y(), frame.area.top()), frame.area.bottom())
        if abs(self._calm.get(name.text, -height) - y) > CALM:
            self._calm[name.text] = y
        return self._calm[name.text] - height / 2

    def _item(self, name: Name, look: NameStyle, metrics: QFontMetricsF) -> QGraphicsPixmapItem:
        item = self._items.get(name.text)
        if item is None:
            item = self._items[name.text] = QGraphicsPixmapItem()
            item.setZValue(self._z)
            self._scene.addItem(item)
        key = name.colour, look
        if self._painted.get(name.text) != key:
            self._painted[name.text] = key
            item.setPixmap(_picture(name, look, metrics))
        return item

    def _leaders_path(self, frame: Frame, height: float) -> QPainterPath:
        path = QPainterPath()
        for name in self._shown:
            place, end = self._places[name.text], name.end
            left = place.x() - (0 if name.first else self._column)
            if left - TO_LABEL - end.x() > LEADER and frame.area.contains(end):
                path.moveTo(end.x() + 5, end.y())
                path.lineTo(left - 3, place.y() + height / 2)
        return path

    def _arrows_path(self, frame: Frame, height: float) -> QPainterPath:
        path = QPainterPath()
        for name in self._shown:
            below, above = name.end.y() > frame.area.bottom() + 1, name.end.y() < frame.area.top() - 1
            if below or above:
                x = (
                    self._places[name.text].x()
                    - (TO_LABEL if name.first or not self._column else COLUMN) / 2
                    - 1
                )
                y = self._places[name.text].y() + height / 2
                way = 3 if below else -3
                path.moveTo(x - 3, y - way)
                path.lineTo(x + 3, y - way)
                path.lineTo(x, y + way)
                path.closeSubpath()
        return path


def _leader(theme: Theme) -> QPen:
    """Dotted, so that it is not taken for a curve."""
    return QPen(QColor(theme.border), 1, Qt.PenStyle.DotLine)


def spread(wanted: Sequence[float], height: float, low: float, high: float) -> list[float]:
    """Upper edges near those `wanted`, in their order, `height` apart, from `low` to `high` if there is room."""
    order = sorted(range(len(wanted)), key=lambda number: wanted[number])
    tops: list[float] = []
    for number in order:
        tops.append(max(wanted[number], tops[-1] + height if tops else low))
    limit = high
    for place in reversed(range(len(tops))):
        tops[place] = min(tops[place], limit)
        limit = tops[place] - height
    placed = [0.0] * len(wanted)
    for number, top in zip(order, tops, strict=True):
        placed[number] = top
    return placed


def _size(text: str, metrics: QFontMetricsF) -> QSizeF:
    return QSizeF(metrics.horizontalAdvance(text) + 2, metrics.height())


def _picture(name: Name, look: NameStyle, metrics: QFontMetricsF) -> QPixmap:
    size = _size(name.text, metrics)
    picture = QPixmap((size * look.ratio).toSize())
    picture.setDevicePixelRatio(look.ratio)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    painter.setFont(look.font)
    painter.setPen(QColor(name.colour))
    draw_text(
        painter, QRectF(0, 0, size.width(), size.height()), Qt.AlignmentFlag.AlignLeft, name.text, whose=WHOSE
    )
    painter.end()
    return picture
