"""The digits of a row, below the wide pad: a prediction for each, a handle for each cut, mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import (
    QGraphicsPathItem,
    QGraphicsPixmapItem,
    QGraphicsScene,
    QGraphicsSimpleTextItem,
    QGraphicsView,
    QToolTip,
    QWidget,
)

from mnistviz.engine.digits import SIDE
from mnistviz.gui.common.digit_image import digit_image
from mnistviz.gui.common.digit_verdict import DigitVerdict
from mnistviz.gui.common.fitted import Fitted
from mnistviz.gui.common.painted_text import note_text
from mnistviz.gui.common.texts import tr
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.tooltips import tooltip
from mnistviz.gui.common.widgets import add_items, claims, demi_bold, describe, show_scene, small_font
from mnistviz.gui.network.card_layout import LANE
from mnistviz.gui.network.pad.pad import Pad
from mnistviz.gui.network.pad.sheet import MOST_CUTS, WIDE
from mnistviz.gui.network.row.reader import Reader
from mnistviz.gui.network.row.sheet_view import SheetView

_GAP: Final = 4  # pixels between two cells
_IN: Final = 3  # pixels between a cell's edge and its picture
_WIDEST: Final = 150
_HANDLE: Final = 5  # pixels: half the width of a handle
_OFF: Final = 26  # pixels above or below the strip at which a dragged cut is removed
_NUDGE: Final = 1 / 56  # of the pad's height: the step of a key


class RowCell(Struct, frozen=True, eq=False):
    """Digit of the row. `centre` is its x coordinate on the view; `right` is None if its label is unknown, and then
    `doubtful` marks an uncertain prediction. `told` explains the figure."""

    picture: NDArray[np.uint8]
    name: str
    figure: str
    centre: float
    right: bool | None = None
    doubtful: bool = False
    told: str = ""

    @property
    def words(self) -> str:
        doubt = "?" if self.doubtful and self.right is None else ""
        return DigitVerdict(self.name, doubt=doubt, right=self.right).marked


class CellItems:
    def __init__(self, scene: QGraphicsScene) -> None:
        self.picture, self.name, self.figure = (
            QGraphicsPixmapItem(), QGraphicsSimpleTextItem(), QGraphicsSimpleTextItem()
        )  # fmt: skip
        self.shown: NDArray[np.uint8] | None = None
        add_items(scene, (2, self.picture), (2, self.name), (2, self.figure))

    def hide(self) -> None:
        for item in (self.picture, self.name, self.figure):
            item.hide()


class RowCells(Fitted, QGraphicsView):
    """Shows cells and handles; mouse and keyboard `choose` a cell or change the cuts."""

    held: int | None = None  # the cut that is dragged or moved with keys

    def __init__(
        self, cutting: CutEditor, choose: Callable[[int], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._cutting, self._choose = cutting, choose
        self.cells: Sequence[RowCell] = ()
        self.chosen = 0
        self.rooms: list[QRectF] = []
        self.handles: list[float] = []
        self.gone = False  # true if that cut is dragged so far away that it will be removed
        self._dragging = False
        self._scene = show_scene(self)
        self._frames, self._chosen, self._lane, self._handles, self._held = (
            QGraphicsPathItem() for _ in range(5)
        )
        items = self._frames, self._chosen, self._lane, self._handles, self._held
        add_items(self._scene, *enumerate(items))
        self._items: list[CellItems] = []
        self._set_up()

    def _set_up(self) -> None:
        tip = tr(
            "What the network gets and reads of each digit. Click one, or press Left and Right: it goes "
            "through the network below. Drag the handle of a cut to move it, or drag it off to remove "
            "it. Double-click to add one."
        )
        describe(self, "row_cells", tr("The digits of the row"), tip)
        self.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)

    def adopt_theme(self) -> None:
        self.setBackgroundBrush(QColor(theme().card))
        for items in self._items:
            items.shown = None
        self.draw()

    def show_cells(self, cells: Sequence[RowCell], chosen: int) -> None:
        self.cells, self.chosen = cells, chosen
        self._draw_cells()

    def show_handles(self, places: list[float], held: int | None, *, gone: bool = False) -> None:
        if (places, held, gone) != (self.handles, self.held, self.gone):
            self.handles, self.held, self.gone = places, held, gone
            self._draw_handles()

    def draw(self) -> None:
        self.setSceneRect(QRectF(self.rect()))
        self._draw_cells()
        self._draw_handles()

    def _rooms(self) -> list[QRectF]:
        """Return the rectangles of the cells, each as close to its digit as the others allow."""
        count, height = len(self.cells), self.height() - LANE - 1.0
        if not count:
            return []
        most = min(float(_WIDEST), (self.width() - 2 - _GAP * (count - 1)) / count)
        name = max(self._advance(cell.words, bold=True) for cell in self.cells)
        width = min(most, SIDE + 3 * _IN + max(name, self._advance("0.00")) + 4)
        lefts: list[float] = []
        for cell in self.cells:
            lefts.append(max(lefts[-1] + width + _GAP if lefts else 1.0, cell.centre - width / 2))
        limit = self.width() - 1.0
        for number in range(count - 1, -1, -1):
            lefts[number] = min(lefts[number], limit - width)
            limit = lefts[number] - _GAP
        return [QRectF(left, LANE, width, height) for left in lefts]

    def _advance(self, text: str, *, bold: bool = False) -> float:
        return QFontMetricsF(demi_bold(self.font()) if bold else small_font(self)).horizontalAdvance(text)

    def _draw_cells(self) -> None:
        self.rooms = self._rooms()
        frames, chosen = QPainterPath(), QPainterPath()
        for number, room in enumerate(self.rooms):
            inside = room.adjusted(0.5, 0.5, -0.5, -0.5)
            (chosen if number == self.chosen else frames).addRoundedRect(inside, 5, 5)
        self._frames.setPen(QPen(QColor(theme().border), 1))
        self._frames.setPath(frames)
        self._chosen.setPen(QPen(QColor(theme().accent), 2))
        self._chosen.setBrush(QColor(theme().accent_soft))
        self._chosen.setPath(chosen)
        while len(self._items) < len(self.cells):
            self._items.append(CellItems(self._scene))
        for items, cell, room in zip(self._items, self.cells, self.rooms, strict=False):
            self._draw_cell(items, cell, room)
        for items in self._items[len(self.cells) :]:
            items.hide()
        lane = QPainterPath()
        if self.cells:
            lane.moveTo(1, LANE - 2.5)
            lane.lineTo(self.width() - 1, LANE - 2.5)
        self._lane.setPen(QPen(QColor(theme().track), 1))
        self._lane.setPath(lane)
        read = ", ".join(f"{cell.words} {cell.figure}" for cell in self.cells)
        if read != self.accessibleDescription():
            self.setAccessibleDescription(read)

    def _draw_cell(self, items: CellItems, cell: RowCell, room: QRectF) -> None:
        """Draw a cell. If it is too narrow, it has no picture, then no figure."""
        figure = self._advance("0.00")
        pictured = room.width() >= SIDE + 3 * _IN + figure
        left = room.left() + _IN
        if pictured:
            if items.shown is not cell.picture:
                items.shown = cell.picture
                items.picture.setPixmap(QPixmap.fromImage(digit_image(cell.picture, theme())))
            items.picture.setPos(left, room.center().y() - SIDE / 2)
            left += SIDE + _IN
        items.picture.setVisible(pictured)
        words = QRectF(left, room.top(), room.right() - left - 2, room.height())
        colour = {None: theme().text, True: theme().right, False: theme().wrong}[cell.right]
        self._write(items.name, cell.words, demi_bold(self.font()), colour, words, above=True)
        self._write(items.figure, cell.figure, small_font(self), theme().muted, words, above=False)
        items.figure.setVisible(words.width() >= figure - 3)

    def _write(
        self, item: QGraphicsSimpleTextItem, text: str, font: QFont, colour: str, room: QRectF, *, above: bool
    ) -> None:
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width() + 1)
        if item.text() != shown:
            item.setText(shown)
        if item.font() != font:
            item.setFont(font)
        item.setBrush(QColor(colour))
        middle = room.center().y()
        item.setPos(room.left(), middle - metrics.height() + 1 if above else middle - 1)
        item.show()
        half = QRectF(room.left(), room.top(), room.width(), max(room.height() / 2, metrics.height()))
        note_text(text, half, metrics, self.objectName(), shown=shown)

    def _draw_handles(self) -> None:
        usual, held = QPainterPath(), QPainterPath()
        for number, place in enumerate(self.handles):
            if number == self.held and self.gone:
                continue
            points = ((-_HANDLE, LANE - 3), (_HANDLE, LANE - 3), (0, 1), (-_HANDLE, LANE - 3))
            triangle = QPolygonF([QPointF(place + x, y) for x, y in points])
            (held if number == self.held else usual).addPolygon(triangle)
        for item, path, fill in ((self._handles, usual, theme().card), (self._held, held, theme().accent)):
            item.setPen(QPen(QColor(theme().accent), 1.5))
            item.setBrush(QColor(fill))
            item.setPath(path)

    def cell_at(self, point: QPointF) -> int | None:
        return next((number for number, room in enumerate(self.rooms) if room.contains(point)), None)

    def handle_at(self, point: QPointF) -> int | None:
        if not 0 <= point.y() < LANE or not self.handles:
            return None
        nearest = min(range(len(self.handles)), key=lambda number: abs(self.handles[number] - point.x()))
        return nearest if abs(self.handles[nearest] - point.x()) <= _HANDLE + 3 else None

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            cell = self.cell_at(QPointF(event.pos()))
            if cell is not None and self.cells[cell].told:
                QToolTip.showText(event.globalPos(), tooltip(self.cells[cell].told), self)
                return True
        return super().viewportEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        handle, cell = self.handle_at(event.position()), self.cell_at(event.position())
        self._dragging = handle is not None
        if handle is not None or cell is None:
            self._cutting.hold(handle)
        if cell is not None:
            self._choose(cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self.handle_at(event.position()) is not None
        shape = Qt.CursorShape.SizeHorCursor if over or self._dragging else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        if self._dragging and self.held is not None:
            if (gone := not -_OFF <= event.position().y() < LANE + _OFF) != self.gone:
                self.show_handles(self.handles, self.held, gone=gone)
            if not gone:
                self._cutting.move(self.held, min(max(event.position().x(), 0.0), float(self.width())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._dragging:
            return
        self._dragging = False
        self._cutting.release()
        if self.gone and self.held is not None:
            self._cutting.remove(self.held)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = event.position()
        free = 0 <= point.y() < LANE and self.handle_at(point) is None
        if event.button() == Qt.MouseButton.LeftButton and free and self.cells:
            self._cutting.add(point.x())

    def event(self, event: QEvent) -> bool:
        removes_cut = self.held is not None and claims(event, Qt.Key.Key_Delete)  # and does not clear the pad
        return removes_cut or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.handle_key(event):
            QWidget.keyPressEvent(self, event)

    def handle_key(self, event: QKeyEvent) -> bool:
        """Handle a key for the row. Return False if it has no effect."""
        if not self.cells:
            return False
        key, last = Qt.Key(event.key()), len(self.cells) - 1
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -last, Qt.Key.Key_End: last}
        if modifiers == Qt.KeyboardModifier.ShiftModifier and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            if (cut := self._cut_of_keys()) is not None:
                self._cutting.nudge(cut, steps[key])
            return True
        if modifiers != Qt.KeyboardModifier.NoModifier:
            return False
        if key in steps:
            self._choose(min(max(self.chosen + steps[key], 0), last))
        elif key == Qt.Key.Key_Insert:
            self._cutting.split(self.chosen)
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            cut = self._cut_of_keys() if key == Qt.Key.Key_Backspace else self.held
            if cut is None:
                return False
            self._cutting.remove(cut)
        elif key == Qt.Key.Key_Escape and self.held is not None:
            self._cutting.hold(None)
        else:
            return False
        return True

    def _cut_of_keys(self) -> int | None:
        """Return the cut that is dragged, or the one at the right or left of the chosen cell, or None."""
        if not self.handles:
            return None
        return min(self.chosen, len(self.handles) - 1) if self.held is None else self.held

    def refit(self) -> None:
        self.draw()


class CutEditor:
    """Changes the cuts of the sheet on the pad, and knows the one that is dragged."""

    def __init__(
        self, pad: Pad, reader: Reader, view: SheetView, choose: Callable[[int], object],
        card: QWidget,
    ) -> None:  # fmt: skip
        self._pad, self._reader, self._view = pad, reader, view
        self.cells = RowCells(self, choose, card)
        self._held: int | None = None

    def show(self) -> None:
        row = self._reader.row
        places = [self.in_view(place) for place in self._places] if row.reading is not None else []
        if self._held is not None and self._held >= len(places):
            self._held = None
        self._view.show_cuts(row.lines, self._held)
        self.cells.show_handles(places, self._held, gone=self.cells.gone and self._held is not None)

    @property
    def _places(self) -> list[float]:
        cuts = self._pad.sheet.cuts
        return [*(self._reader.row.places if cuts is None else cuts)]

    def hold(self, cut: int | None) -> None:
        self._held = cut
        self.show()

    def release(self) -> None:
        self._pad.lift()

    def let_go(self) -> None:
        self._held = None

    def cut_again(self) -> None:
        self._held = None
        if self._pad.sheet.cuts is not None:
            self._pad.put(self._pad.sheet.cut_at(None))

    def in_view(self, x: float) -> float:
        paper = self._pad.paper
        return paper.left() + x * paper.height()

    def _from_view(self, x: float) -> float:
        paper = self._pad.paper
        return min(max((x - paper.left()) / paper.height(), 0.0), WIDE)

    def _cut_at(self, places: list[float], held: float | None, *, trying: bool = False) -> None:
        """Cut the row at these places only, and select the cut at `held`."""
        cuts = sorted({min(max(place, 0.0), WIDE) for place in places})[:MOST_CUTS]
        self._held = cuts.index(held) if held in cuts else None
        sheet = self._pad.sheet.cut_at(tuple(cuts))
        if trying:
            self._pad.lay(sheet)
            self.show()
        else:
            self._pad.put(sheet)

    def move(self, cut: int, x: float) -> None:
        places = self._places
        if 0 <= cut < len(places):
            place = self._from_view(x)
            self._cut_at([*places[:cut], place, *places[cut + 1 :]], place, trying=True)

    def nudge(self, cut: int, by: int) -> None:
        places = self._places
        if 0 <= cut < len(places):
            place = min(max(places[cut] + by * _NUDGE, 0.0), WIDE)
            self._cut_at([*places[:cut], place, *places[cut + 1 :]], place)

    def remove(self, cut: int) -> None:
        places = self._places
        if 0 <= cut < len(places):
            self._cut_at([*places[:cut], *places[cut + 1 :]], None)

    def add(self, x: float) -> None:
        self._add(self._from_view(x))

    def _add(self, place: float) -> None:
        self._cut_at([*self._places, place], place)

    def split(self, cell: int) -> None:
        row = self._reader.row
        if 0 <= cell < len(row.way):  # none is chosen while one walks through the pieces
            self._add(row.centre(row.way[cell]))
