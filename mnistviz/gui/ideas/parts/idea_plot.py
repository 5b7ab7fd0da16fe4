"""A figure with axes and handles that one takes hold of, by mouse or by keys, drawn by pyqtgraph."""

from __future__ import annotations

import math
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy
from shiboken6 import delete

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.ideas.parts.axes import Axes, Ticks, pen
from mnistviz.gui.ideas.parts.handle import Handle

REACH = 18  # pixels from a handle at which the mouse takes hold of it
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
}  # fmt: skip


class IdeaPlot(pg.GraphicsView):  # type: ignore[misc]
    """Items are in the figure's own units; `add` puts one in. Nothing is moved or zoomed but by the page.

    The arrows move the handle that has the focus, Tab goes to the next one, Shift makes steps ten times as long.
    """

    clicked = Signal(float, float)  # where no handle is, in units
    ranged = Signal()  # its range or its size is another

    def __init__(self, name: str, accessible: str, theme: Theme, *, equal: bool = False) -> None:
        """With `equal`, a unit is as long upwards as sideways, and the range asked for is seen at least."""
        super().__init__(background=None)
        for action in self.sceneObj.contextMenu:  # pyqtgraph's own, in English
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
        self._axes = Axes(self)
        self.handles: list[Handle] = []
        self._held: Handle | None = None
        self._focused = 0
        self.theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.set_theme(theme)

    # What is in it

    def add(self, item: Any) -> Any:
        """Puts an item of pyqtgraph or Qt in, in units; returns it."""
        self.box.addItem(item, ignoreBounds=True)
        return item

    def curve(self, colour: str, width: float = 2.0, *, dash: Qt.PenStyle = Qt.PenStyle.SolidLine) -> Any:
        """A line to which `setData(x, y)` gives points."""
        return self.add(pg.PlotCurveItem(pen=pen(colour, width, dash)))

    def dots(self, colour: str, size: float = 6.0) -> Any:
        """Points to which `setData(x, y)` gives places; `size` in pixels."""
        return self.add(pg.ScatterPlotItem(size=size, pen=None, brush=QColor(colour)))

    def text(self, text: str, colour: str, x: float, y: float, anchor: tuple[float, float] = (0, 1)) -> Any:
        """Words at a place; `anchor` is the point of them that lies there, (0, 0) their upper left."""
        item = pg.TextItem(text, color=QColor(colour), anchor=anchor)
        item.setFont(self.font())
        item.setPos(x, y)
        return self.add(item)

    def handle(self, name: str, colour: str, *, letter: str = "", free: str = "xy") -> Handle:
        """Something to take hold of; `free` says along which axes it may go."""
        handle = Handle(name, colour, letter=letter, free=free)
        handle.renewed.connect(self._place_handles)
        self.handles.append(handle)
        self.scene().addItem(handle.item)
        self._place_handles()
        return handle

    # Axes

    def set_axes(self, x: str, y: str, *, log_x: bool = False, log_y: bool = False) -> None:
        """What the axes are called; empty names and no ticks where there is nothing to say. On a logarithmic axis
        units are exponents of ten."""
        self._axes.names, self._axes.log = (x, y), (log_x, log_y)
        self._lay_out()

    def set_ticks(self, x: Ticks | None = None, y: Ticks | None = None) -> None:
        """Ticks of the page's own, as places and words; None lets the axis choose round numbers."""
        self._axes.given = (x, y)
        self._lay_out()

    def set_left(self, pixels: float) -> None:
        """How much room is left of the figure at least, so that figures above each other begin at one place."""
        self._axes.least_left = pixels
        self._lay_out()

    def show_range(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Which part of the plane is seen."""
        asked = QRectF(x[0], y[0], x[1] - x[0], y[1] - y[0])
        if asked != self._asked:
            self._asked = asked
            self._lay_out()

    @property
    def seen(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The range that is seen, of x and of y."""
        (x0, x1), (y0, y1) = self.box.viewRange()
        return (float(x0), float(x1)), (float(y0), float(y1))

    def at(self, x: float, y: float) -> QPointF:
        """Where a place is, in pixels of the widget."""
        return QPointF(self.box.mapViewToScene(QPointF(x, y)))

    def where(self, pixel: QPointF) -> tuple[float, float]:
        """What place is under a pixel of the widget."""
        place = self.box.mapSceneToView(pixel)
        return float(place.x()), float(place.y())

    @property
    def pixel(self) -> tuple[float, float]:
        """How many units a pixel is, sideways and upwards."""
        area = self.box.geometry()
        (x0, x1), (y0, y1) = self.seen
        return (x1 - x0) / max(1.0, area.width()), (y1 - y0) / max(1.0, area.height())

    def _lay_out(self) -> None:
        """Makes room for names and ticks, then sets the range and draws both anew."""
        asked = self._asked
        area = self._axes.room(self.width(), self.height(), asked)
        self.box.setGeometry(area)
        x0, x1, y0, y1 = asked.left(), asked.right(), asked.top(), asked.bottom()
        if self._equal:
            unit = max((x1 - x0) / area.width(), (y1 - y0) / area.height())
            more_x, more_y = unit * area.width() - (x1 - x0), unit * area.height() - (y1 - y0)
            x0, x1, y0, y1 = x0 - more_x / 2, x1 + more_x / 2, y0 - more_y / 2, y1 + more_y / 2
        self.box.setRange(xRange=(x0, x1), yRange=(y0, y1), padding=0, disableAutoRange=True)
        self.box.updateMatrix()
        if self.isVisible():  # while a page is built, sizes and names change many times
            self._axes.draw(area, QRectF(x0, y0, x1 - x0, y1 - y0), self.theme)
        self._place_handles()
        self.ranged.emit()

    # Handles

    def _place_handles(self) -> None:
        focused = self.hasFocus()
        free = self._free()
        for handle in self.handles:
            handle.place(
                self.at(handle.x, handle.y),
                focused and bool(free) and handle is free[self._focused % len(free)],
            )

    def _free(self) -> list[Handle]:
        return [handle for handle in self.handles if handle.free and handle.item.isVisible()]

    def _under(self, pixel: QPointF) -> Handle | None:
        def far(handle: Handle) -> float:
            return math.hypot(handle.item.x() - pixel.x(), handle.item.y() - pixel.y())

        near = [handle for handle in self._free() if far(handle) <= REACH]
        return min(near, key=far, default=None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._held = self._under(event.position())
        if self._held is not None:
            self._focused = self._free().index(self._held)
            self._place_handles()
            self._held.taken.emit()
        else:
            self.clicked.emit(*self.where(event.position()))
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
            held.released.emit()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def wheelEvent(self, event: Any) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way, free = _ARROWS.get(Qt.Key(event.key())), self._free()
        if way is None or not free:
            event.ignore()
            return
        handle = free[self._focused % len(free)]
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        step = handle.step or 4 * max(self.pixel)
        handle.drag(_on_grid(handle.x, way[0] * far, step), _on_grid(handle.y, way[1] * far, step))
        handle.released.emit()
        event.accept()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        event.ignore()

    def focusNextPrevChild(self, forward: bool) -> bool:
        beside = self._focused + (1 if forward else -1)
        if 0 <= beside < len(self._free()):
            self._focused = beside
            self._place_handles()
            return True
        return bool(super().focusNextPrevChild(forward))

    # Events and looks

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

    def set_theme(self, theme: Theme) -> None:
        """The page gives its own items their colours."""
        self.theme = theme
        self.setBackground(theme.card)
        for handle in self.handles:
            handle.set_theme(theme)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "theme"):
            for item in self.box.addedItems:
                if isinstance(item, pg.TextItem):
                    item.setFont(self.font())
            self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if event is not None and hasattr(self, "theme"):
            self._lay_out()

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()  # it takes what there is; a wish would make the page scroll

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 110)


def _on_grid(value: float, by: int, step: float) -> float:
    return value if by == 0 else float(f"{(round(value / step) + by) * step:.9g}")
