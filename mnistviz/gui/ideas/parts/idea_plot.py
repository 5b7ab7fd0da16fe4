"""A figure with axes and handles, drawn by pyqtgraph; a handle is dragged with the mouse or moved by keys."""

import math
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QGraphicsEllipseItem,
    QGraphicsItem,
    QGraphicsRectItem,
    QGraphicsSimpleTextItem,
    QSizePolicy,
)
from shiboken6 import delete

from mnistviz.gui.common import numbers
from mnistviz.gui.common.announcements import announce
from mnistviz.gui.common.focus_ring import has_ring
from mnistviz.gui.common.painted_figure import ARROWS, bold, sized
from mnistviz.gui.common.painted_text import note_text
from mnistviz.gui.common.painter_tools import translucent
from mnistviz.gui.common.scales import ROUND, multiples, nice_above
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.ideas.parts.page_parts import Act

_APART = 70  # pixels between two ticks, about
BEHIND = -200  # z value below everything else in a figure
_RIGHT = 12  # pixels
RADIUS = 8.0  # pixels of a handle
REACH = 18  # pixels around a handle in which the mouse grabs it
SOLID, DASH, DOT = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine

Colour = Literal["text", "muted", "line", "track", "card", "accent", "on_accent"] | int
"""A colour of a theme by its name, or the hue of a run by its number."""
Moved = Callable[[float, float], object]  # called with a place, in units of the axes
Ticks = list[tuple[float, str]]  # places on an axis, and their labels


def colour_of(colour: Colour) -> str:
    return theme().runs[colour] if isinstance(colour, int) else str(getattr(theme(), colour))


def ticks_at(places: list[float]) -> Ticks:
    return [(place, numbers.tick(place)) for place in places]


def pen(colour: str, width: float, dash: Qt.PenStyle = SOLID) -> QPen:
    """Return a pen whose width is in pixels, whatever the units of the drawing."""
    made = QPen(QColor(colour), width, dash)
    made.setCosmetic(True)
    made.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    made.setCapStyle(Qt.PenCapStyle.RoundCap)
    return made


class Handle:
    """A disc to drag along the axes `free`, from `low` to `high`; a key moves it by `step` (0: a few pixels)."""

    def __init__(self, name: str, renewed: Act, moved: Moved, released: Act, free: str) -> None:
        """`renewed` is called when it is placed, shown or hidden, the others by what the user does."""
        self._renewed, self.moved, self.released = renewed, moved, released
        self.name, self.free, self.step = name, free, 0.0
        self.x = self.y = 0.0
        self.low, self.high = -1e9, 1e9
        self.item = QGraphicsEllipseItem(QRectF(-RADIUS, -RADIUS, 2 * RADIUS, 2 * RADIUS))
        self.item.setZValue(20)
        around = QRectF(-RADIUS - 4, -RADIUS - 4, 2 * RADIUS + 8, 2 * RADIUS + 8)
        self.ring = QGraphicsEllipseItem(around, self.item)  # visible while the keys move it
        self.ring.hide()
        self._letter = QGraphicsSimpleTextItem(self.item)

    def set_colour(self, colour: str, edge: str, ink: str) -> None:
        self.item.setBrush(QColor(colour))
        self.item.setPen(QPen(QColor(edge), 2))
        self.ring.setPen(QPen(QColor(colour), 2))
        self._letter.setBrush(QColor(ink))

    def set_letter(self, letter: str) -> None:
        self._letter.setText(letter)
        self._letter.setFont(sized(bold(self._letter.font()), 11))
        size = self._letter.boundingRect()
        self._letter.setPos(-size.width() / 2, -size.height() / 2)

    def set_bounds(self, low: float, high: float, step: float = 0.0) -> None:
        self.low, self.high, self.step = low, high, step

    def set_place(self, x: float, y: float) -> None:
        """Place the handle without calling `moved`."""
        self.x, self.y = x, y
        self._renewed()

    def set_visible(self, seen: bool) -> None:
        self.item.setVisible(seen)
        self._renewed()

    def told(self) -> str:
        places = (numbers.number_text(at) for axis, at in (("x", self.x), ("y", self.y)) if axis in self.free)
        return f"{self.name}: {', '.join(places)}"

    def drag(self, x: float, y: float) -> None:
        x = min(max(x, self.low), self.high) if "x" in self.free else self.x
        y = min(max(y, self.low), self.high) if "y" in self.free else self.y
        if (x, y) != (self.x, self.y):
            self.set_place(x, y)
            self.moved(x, y)


class IdeaPlot(pg.GraphicsView):  # type: ignore[misc]
    """Items are in the figure's own units; `add` adds one. Only the page changes what is visible. The arrow keys move
    the focused handle, Tab goes to the next one, Shift makes steps ten times as long."""

    def __init__(self, name: str, accessible: str, *, equal: bool = False) -> None:
        """Create a plot. With `equal` both axes have the same scale, and the whole range asked for is visible."""
        super().__init__(background=None)
        for action in self.sceneObj.contextMenu:  # pyqtgraph's own menu is in English
            delete(action)
        self.sceneObj.contextMenu = []
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.setWhatsThis(accessible)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAntialiasing(True)
        self.setFrameShape(pg.GraphicsView.Shape.NoFrame)
        self._equal = equal
        self._asked = QRectF(0, 0, 1, 1)
        self.box = pg.ViewBox(enableMenu=False, enableMouse=False, lockAspect=False)
        self.box.setParentItem(None)
        self.addItem(self.box)
        self._names, self._log = ("", ""), (False, False)
        self._given: tuple[Ticks | None, Ticks | None] = (None, None)
        self._left, self._right = 0.0, _RIGHT
        """The least room at the left, so that stacked figures are aligned, and that at the right."""
        self._axis_items: list[QGraphicsItem] = []
        self._frame = QGraphicsRectItem()
        self.scene().addItem(self._frame)
        self.handles: list[Handle] = []
        self._held: Handle | None = None
        self._focused = 0
        self._paints: list[Act] = []
        self.ranged: Act = lambda: None
        """Called when its range or its size has changed; its owner may set a function here."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setBackground(theme().card)
        self._lay_out()

    def add(self, item: Any) -> Any:
        self.box.addItem(item, ignoreBounds=True)
        return item

    def paint(self, how: Act) -> None:
        self._paints.append(how)
        how()

    def curve(
        self, colour: Colour, width: float = 2.0, *, dash: Qt.PenStyle = SOLID, smooth: bool = False
    ) -> Any:
        """Return a line; its `setData(x, y)` sets the points."""
        line = self.add(pg.PlotCurveItem())
        if smooth:
            line.opts["antialias"] = True
        self.paint(lambda: line.setPen(pen(colour_of(colour), width, dash)))
        return line

    def dots(
        self,
        colour: Colour | None,
        size: float = 6.0,
        *,
        edge: Colour | None = None,
        width: float = 1.5,
        alpha: int = 255,
        symbol: str = "o",
    ) -> Any:
        """Return dots; `setData(x, y)` sets their places. `size` and `width` are in pixels, `alpha` is the opacity."""
        dots = self.add(pg.ScatterPlotItem(size=size, pen=None, brush=None, symbol=symbol))

        def paint() -> None:
            opacity = 0 if colour is None else alpha / 255
            dots.setBrush(translucent("black" if colour is None else colour_of(colour), opacity))
            if edge is not None:
                dots.setPen(pen(colour_of(edge), width))

        self.paint(paint)
        return dots

    def text(
        self, text: str, colour: Colour, x: float, y: float, anchor: tuple[float, float] = (0, 1)
    ) -> Any:
        """Return a text; `anchor` is the point of it that lies at (x, y), (0, 0) its upper left."""
        item = pg.TextItem(text, anchor=anchor)
        item.setFont(self.font())
        item.setPos(x, y)
        self.paint(lambda: item.setColor(QColor(colour_of(colour))))
        return self.add(item)

    def handle(
        self,
        name: str,
        colour: Colour,
        *,
        edge: Colour = "card",
        ink: Colour = "card",
        letter: str = "",
        free: str = "xy",
        moved: Moved = lambda _x, _y: None,
        released: Act = lambda: None,
    ) -> Handle:
        """Return a handle: `edge` sets it off from lines, `free` names the axes along which it moves."""
        handle = Handle(name, self._place_handles, moved, released, free)
        self.paint(lambda: handle.set_colour(*(colour_of(each) for each in (colour, edge, ink))))
        if letter:
            handle.set_letter(letter)
        self.handles.append(handle)
        self.scene().addItem(handle.item)
        self._place_handles()
        return handle

    def show_guess(
        self, handle: Handle, colour: Colour, place: tuple[float, float], *, placed: bool, told: bool
    ) -> None:
        """Show a prediction: a ? until it is `placed`, and an outline once the outcome is `told`."""
        hue = colour_of(colour)
        handle.set_visible(placed or not told)
        handle.free = "" if told else "y"
        handle.set_colour(hue if placed and not told else theme().card, hue, hue)
        handle.set_letter("" if placed else "?")
        handle.set_place(*place)

    def press(self, x: float, y: float) -> None:
        """Handle a press of the left button away from all handles, in units of the axes."""

    def set_axes(self, x: str, y: str, *, log_x: bool = False, log_y: bool = False) -> None:
        """Name the axes; empty names and no ticks hide one. On a logarithmic axis units are exponents of ten."""
        self._names, self._log = (x, y), (log_x, log_y)
        self._lay_out()

    def set_ticks(self, x: Ticks | None = None, y: Ticks | None = None) -> None:
        """Set ticks as places and labels; None lets the axis choose round numbers."""
        self._given = (x, y)
        self._lay_out()

    def set_room(self, *, left: float = 0.0, right: int = _RIGHT) -> None:
        """Reserve room at the left, so that stacked figures are aligned, and at the right."""
        self._left, self._right = left, right
        self._lay_out()

    def show_range(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        if (asked := QRectF(x[0], y[0], x[1] - x[0], y[1] - y[0])) != self._asked:
            self._asked = asked
            self._lay_out()

    @property
    def seen(self) -> tuple[tuple[float, float], tuple[float, float]]:
        (x0, x1), (y0, y1) = self.box.viewRange()
        return (float(x0), float(x1)), (float(y0), float(y1))

    def at(self, x: float, y: float) -> QPointF:
        return QPointF(self.box.mapViewToScene(QPointF(x, y)))

    def where(self, pixel: QPointF) -> tuple[float, float]:
        place = self.box.mapSceneToView(pixel)
        return float(place.x()), float(place.y())

    @property
    def pixel(self) -> tuple[float, float]:
        """How many units a pixel is, horizontally and vertically."""
        area = self.box.geometry()
        (x0, x1), (y0, y1) = self.seen
        return (x1 - x0) / max(1.0, area.width()), (y1 - y0) / max(1.0, area.height())

    def _lay_out(self) -> None:
        asked = self._asked
        area = self._area(asked)
        self.box.setGeometry(area)
        x0, x1, y0, y1 = asked.left(), asked.right(), asked.top(), asked.bottom()
        if self._equal:
            unit = max((x1 - x0) / area.width(), (y1 - y0) / area.height())
            more_x, more_y = unit * area.width() - (x1 - x0), unit * area.height() - (y1 - y0)
            x0, x1, y0, y1 = x0 - more_x / 2, x1 + more_x / 2, y0 - more_y / 2, y1 + more_y / 2
        self.box.setRange(xRange=(x0, x1), yRange=(y0, y1), padding=0, disableAutoRange=True)
        self.box.updateMatrix()
        if self.isVisible():  # sizes and names change many times while a page is built
            self._draw_axes(area, QRectF(x0, y0, x1 - x0, y1 - y0))
        self._place_handles()
        self.ranged()

    def _area(self, asked: QRectF) -> QRectF:
        """Return the area between the axes; their labels are around it."""
        metrics = self._metrics
        high = metrics.height()
        ticks = self._ticks_of(1, asked.top(), asked.bottom(), max(60.0, self.height() - 3 * high))
        left = max((metrics.horizontalAdvance(text) for _, text in ticks), default=-4.0) + 8
        left, top = max(left, self._left), high + 6 if self._names[1] else 6.0
        under = 4.0 + (high + 3 if self._shows(0) else high / 2) + (high + 1 if self._names[0] else 0)
        wide, tall = self.width() - left - self._right, self.height() - top - under
        return QRectF(left, top, max(20.0, wide), max(20.0, tall))

    def _draw_axes(self, area: QRectF, seen: QRectF) -> None:
        """Draw the axes around and behind `area` again; `seen` is the range, in their units."""
        metrics, free = self._metrics, math.inf
        for item in self._axis_items:
            self.scene().removeItem(item)
        self._axis_items = []
        self._frame.setRect(area)
        self._frame.setPen(pen(theme().border, 1.0))
        for place, text in reversed(self._ticks_of(0, seen.left(), seen.right(), area.width())):
            x = area.left() + (place - seen.left()) / seen.width() * area.width()
            wide = metrics.horizontalAdvance(text)
            start = min(max(x - wide / 2, area.left() - 8), area.right() + self._right - 2 - wide)
            if start + wide < free - 8:  # from the right, where the name or the unit is
                self._write(text, start, area.bottom() + 3)
                free = start
            self._grid(x, area.top(), x, area.bottom())
        for place, text in self._ticks_of(1, seen.top(), seen.bottom(), area.height()):
            y = area.bottom() - (place - seen.top()) / seen.height() * area.height()
            self._write(text, area.left() - 6 - metrics.horizontalAdvance(text), y - metrics.height() / 2)
            self._grid(area.left(), y, area.right(), y)
        x_name, y_name = self._names
        if x_name:
            low = area.bottom() + 4 + (metrics.height() if self._shows(0) else 0)
            self._write(x_name, max(0.0, area.right() - metrics.horizontalAdvance(x_name)), low)
        if y_name:
            self._write(y_name, 2, 1)

    @property
    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self.font())

    def _shows(self, axis: int) -> bool:
        return bool(self._names[axis] if self._given[axis] is None else self._given[axis])

    def _ticks_of(self, axis: int, low: float, high: float, pixels: float) -> Ticks:
        if (given := self._given[axis]) is not None:
            return [(place, text) for place, text in given if low - 1e-9 <= place <= high + 1e-9]
        if not self._shows(axis) or not high > low:
            return []
        if self._log[axis]:
            powers = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
            return [(float(power), numbers.tick(10.0**power)) for power in powers]
        return ticks_at(multiples(nice_above((high - low) / max(1.0, pixels / _APART), ROUND), low, high))

    def _write(self, text: str, x: float, y: float) -> None:
        item = self.scene().addSimpleText(text, self.font())
        item.setBrush(QColor(theme().muted))
        item.setPos(x, y)
        self._axis_items.append(item)
        wide = min(self.width() - x, self._metrics.horizontalAdvance(text) + 2)
        note_text(text, QRectF(x, y, wide, self.height() - y), self._metrics, self.objectName())

    def _grid(self, *ends: float) -> None:
        line = self.scene().addLine(*ends, pen(theme().grid, 1.0))
        line.setZValue(BEHIND)
        self._axis_items.append(line)

    def _place_handles(self) -> None:
        free = self._free()
        focused = free[self._focused % len(free)] if free and has_ring(self) else None
        for handle in self.handles:
            handle.item.setPos(self.at(handle.x, handle.y))
            handle.ring.setVisible(handle is focused)

    def _free(self) -> list[Handle]:
        return [handle for handle in self.handles if handle.free and handle.item.isVisible()]

    def heard(self) -> str:
        """Say where its handles stand, and where its lines begin and end, for assistive technologies."""
        texts = [handle.told() for handle in self._free()]
        for item in self.box.childGroup.childItems():
            ends = item.getData()[1] if isinstance(item, pg.PlotCurveItem) and item.isVisible() else None
            if ends is not None and len(ends) > 1 and np.isfinite([ends[0], ends[-1]]).all():
                first, last = (numbers.number_text(float(ends[at])) for at in (0, -1))
                texts.append(tr("a line from {start} to {end}", start=first, end=last))
        return "; ".join(dict.fromkeys(texts)) or tr("Nothing is drawn yet.")

    def _under(self, pixel: QPointF) -> Handle | None:
        far = {handle: QLineF(handle.item.pos(), pixel).length() for handle in self._free()}
        return min((handle for handle in far if far[handle] <= REACH), key=far.__getitem__, default=None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._held = self._under(event.position())
        if self._held is not None:
            self._focused = self._free().index(self._held)
            self._place_handles()
        else:
            self.press(*self.where(event.position()))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            self._held.drag(*self.where(event.position()))
        else:
            over = self._under(event.position()) is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.released()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def wheelEvent(self, event: Any) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way, free = ARROWS.get(Qt.Key(event.key())), self._free()
        if way is None or not free:
            event.ignore()
            return
        handle = free[self._focused % len(free)]
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        step = handle.step or 4 * max(self.pixel)
        handle.drag(_on_grid(handle.x, way[0] * far, step), _on_grid(handle.y, -way[1] * far, step))
        handle.released()
        announce(self, handle.told())
        event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def focusNextPrevChild(self, forward: bool) -> bool:
        beside = self._focused + (1 if forward else -1)
        if not 0 <= beside < len(self._free()):
            return bool(super().focusNextPrevChild(forward))
        self._focused = beside
        self._place_handles()
        announce(self, self._free()[beside].told())
        return True

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.BacktabFocusReason:
            self._focused = max(0, len(self._free()) - 1)
        elif event.reason() == Qt.FocusReason.TabFocusReason:
            self._focused = 0
        self._place_handles()

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self._place_handles()

    def adopt_theme(self) -> None:
        self.setBackground(theme().card)
        self._lay_out()
        for paint in self._paints:
            paint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and self.isVisible():
            self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is not None and hasattr(self, "ranged"):
            self._lay_out()

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()  # it fills the room; a larger hint would make the page scroll

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 110)


def _on_grid(value: float, by: int, step: float) -> float:
    return value if by == 0 else float(f"{(round(value / step) + by) * step:.9g}")
