"""The labels at the ends of lines: they overlap neither each other nor the playhead, and stay inside the plot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsPixmapItem, QGraphicsScene

from mnistviz.gui.common.painted_text import draw_text
from mnistviz.gui.common.painter_tools import spread, steady_order
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.curves.plot_frame import TO_LABEL, WHOSE, Frame

CALM = 4  # pixels that the end of a line may move, or lie beyond another one, before its name follows
TOGETHER = 24  # pixels: names of lines that end this near each other are in one column
BESIDE = 4  # pixels between two names at one height
PITCH = 14  # pixels from name to name, with text of the usual size
GROUND = 0.75  # the opacity of what a name is painted on
NO_INK = 3  # pixels below the letters of a name


class Name(NamedTuple):
    text: str
    colour: str
    end: QPointF


class NameStyle(NamedTuple):
    font: QFont
    theme: Theme
    ratio: float


class LineNames:
    """Labels as pictures, painted once and then only moved, at the right of their lines' ends; and arrows where a line
    has left the plot."""

    def __init__(self, scene: QGraphicsScene, z: float) -> None:
        self._scene, self._z = scene, z
        self._items: dict[str, QGraphicsPixmapItem] = {}
        self._painted: dict[str, object] = {}
        self._places: dict[str, QPointF] = {}
        self._calm: dict[str, float] = {}
        self._ranks: dict[str, int] = {}  # from the top down
        self._shown: tuple[Name, ...] = ()
        self._look: NameStyle | None = None
        self.arrows = QGraphicsPathItem()
        self.arrows.setPen(QPen(Qt.PenStyle.NoPen))
        self.arrows.setZValue(z)
        scene.addItem(self.arrows)

    def draw(
        self,
        names: Iterable[Name],
        playhead: float | None,
        frame: Frame,
        look: NameStyle,
        *,
        learning: bool = False,
    ) -> None:
        """Show these labels, none of them on the playhead (in pixels), ordered by the ends of their lines. While a run
        is `learning`, labels of lines that cross repeatedly keep their order."""
        self._shown = tuple(names)
        if look != self._look:
            self._look = look
            self.arrows.setBrush(QColor(look.theme.muted))
        metrics = QFontMetricsF(look.font)
        self._places = self._placed(playhead, frame, metrics, CALM if learning else 0)
        for text in self._items.keys() - self._places.keys():
            self._scene.removeItem(self._items.pop(text))
            self._painted.pop(text)
        for name in self._shown:
            self._item(name, look, metrics).setPos(self._places[name.text])
        path = self._arrows_path(frame, metrics.height())
        if not (path.isEmpty() and self.arrows.path().isEmpty()):
            self.arrows.setPath(path)

    def paint(self, painter: QPainter, theme: Theme) -> None:
        metrics = QFontMetricsF(painter.font())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.muted))
        painter.drawPath(self.arrows.path())
        for name in self._shown:
            room = QRectF(self._places[name.text], _size(name.text, metrics))
            painter.fillRect(room, _ground(theme))
            painter.setPen(QColor(name.colour))
            draw_text(painter, room, Qt.AlignmentFlag.AlignLeft, name.text, whose=WHOSE)

    def at(self, place: QPointF) -> str | None:
        return next((text for text, room in self.rooms().items() if room.contains(place)), None)

    def rooms(self) -> dict[str, QRectF]:
        return {text: item.sceneBoundingRect() for text, item in self._items.items()}

    def items(self) -> list[QGraphicsPixmapItem | QGraphicsPathItem]:
        return [*self._items.values(), self.arrows]

    def _placed(
        self, playhead: float | None, frame: Frame, metrics: QFontMetricsF, apart: float
    ) -> dict[str, QPointF]:
        """Return the corner of each label. Touching labels are moved apart, in the order of their lines' ends, or in
        their previous order where that is at most `apart` off; with 0, equal heights keep the order given. A column
        gives way to those at its right."""
        height, rooms = metrics.height(), dict[str, QRectF]()
        pitch, lowest = max(PITCH, height), frame.area.bottom() - height + NO_INK
        for names, left in _columns(self._shown, playhead, frame, metrics):
            wanted = [self._top(name, frame, height, apart) for name in names]
            tops = spread(wanted, pitch, 0, lowest, self._ordered(names, apart))
            rights = [left + metrics.horizontalAdvance(name.text) + BESIDE for name in names]
            beside = [[room.top() for room in rooms.values() if room.left() <= right] for right in rights]
            by = column_shift(tops, beside, pitch, 0, lowest)
            for name, top in zip(names, tops, strict=True):
                size = QSizeF(metrics.horizontalAdvance(name.text), height)
                rooms[name.text] = QRectF(QPointF(left, round(top + by)), size)
        return {text: room.topLeft() for text, room in rooms.items()}

    def _ordered(self, names: Sequence[Name], apart: float) -> list[int]:
        ends = [name.end.y() for name in names]
        before = sorted(range(len(names)), key=lambda number: ends[number])
        if apart and all(name.text in self._ranks for name in names):
            before.sort(key=lambda number: self._ranks[names[number].text])
        order = steady_order(ends, before, apart)
        self._ranks.update({names[number].text: rank for rank, number in enumerate(order)})
        return order

    def _top(self, name: Name, frame: Frame, height: float, apart: float) -> float:
        """Return the top of a label on its own: the previous one, if the end moved by at most `apart`."""
        y = min(max(name.end.y(), frame.area.top()), frame.area.bottom())
        if abs(self._calm.get(name.text, -height) - y) > apart:
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

    def _arrows_path(self, frame: Frame, height: float) -> QPainterPath:
        path = QPainterPath()
        for name in self._shown:
            below, above = name.end.y() > frame.area.bottom() + 1, name.end.y() < frame.area.top() - 1
            if below or above:
                x = self._places[name.text].x() - TO_LABEL / 2 - 1
                y = self._places[name.text].y() + height / 2
                way = 3 if below else -3
                path.moveTo(x - 3, y - way)
                path.lineTo(x + 3, y - way)
                path.lineTo(x, y + way)
                path.closeSubpath()
        return path


def _columns(
    names: Sequence[Name], playhead: float | None, frame: Frame, metrics: QFontMetricsF
) -> list[tuple[list[Name], int]]:
    """Group labels of lines that end nearly together, with their common left edge, the rightmost first. A column that
    would cover the playhead stands to the right of it."""
    ends = [(min(name.end.x(), frame.area.right()), name) for name in names]
    if playhead is not None:
        ends = [
            (playhead if _lies_on(playhead, column, metrics) else end, name)
            for column in _together(ends)
            for end, name in column
        ]
    return [([name for _, name in column], round(column[0][0] + TO_LABEL)) for column in _together(ends)]


def _together(ends: Iterable[tuple[float, Name]]) -> list[list[tuple[float, Name]]]:
    """Group the names whose ends are nearly at one x, the rightmost first."""
    columns: list[list[tuple[float, Name]]] = []
    for end, name in sorted(ends, key=lambda each: -each[0]):
        if not columns or columns[-1][0][0] - end > TOGETHER:
            columns.append([])
        columns[-1].append((end, name))
    return columns


def _lies_on(playhead: float, column: Sequence[tuple[float, Name]], metrics: QFontMetricsF) -> bool:
    """Return True if labels at the right of these ends would cover the playhead."""
    return any(end < playhead < end + TO_LABEL + metrics.horizontalAdvance(name.text) for end, name in column)


def column_shift(
    tops: Sequence[float], beside: Sequence[Sequence[float]], height: float, low: float, high: float
) -> float:
    """Return by how much a column must move so that none of its labels touches one beside it; 0 if there is no room."""
    pairs = [(top, other) for top, others in zip(tops, beside, strict=True) for other in others]

    def touches(by: float) -> bool:
        return any(abs(top + by - other) < height - 0.5 for top, other in pairs)

    ways = [0.0, *(other + sign * height - top for top, other in pairs for sign in (-1, 1))]
    inside = [by for by in ways if min(tops) + by >= low and max(tops) + by <= high and not touches(by)]
    return min(inside, key=abs, default=0.0)


def _size(text: str, metrics: QFontMetricsF) -> QSizeF:
    return QSizeF(metrics.horizontalAdvance(text) + 2, metrics.height())


def _ground(theme: Theme) -> QColor:
    ground = QColor(theme.card)
    ground.setAlphaF(GROUND)
    return ground


def _picture(name: Name, look: NameStyle, metrics: QFontMetricsF) -> QPixmap:
    size = _size(name.text, metrics)
    picture = QPixmap((size * look.ratio).toSize())
    picture.setDevicePixelRatio(look.ratio)
    picture.fill(_ground(look.theme))
    painter = QPainter(picture)
    painter.setFont(look.font)
    painter.setPen(QColor(name.colour))
    draw_text(
        painter, QRectF(0, 0, size.width(), size.height()), Qt.AlignmentFlag.AlignLeft, name.text, whose=WHOSE
    )
    painter.end()
    return picture
