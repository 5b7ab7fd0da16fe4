"""The hand on the cells of a row: which one is chosen, and cuts that are moved, added and taken away."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.network.row.cells import LANE, CellsView

_OFF: Final = 26  # pixels above or below the lane: a cut dragged so far is taken away
_PLAIN: Final = Qt.KeyboardModifier.NoModifier


class Cells(CellsView):
    """Turns mouse and keys into what is wanted."""

    cell_wanted = Signal(int)
    cut_held = Signal(object)
    """The number of a cut, or None."""
    cut_moved = Signal(int, float)
    """A cut is being moved to a place, in pixels of the view."""
    cut_nudged = Signal(int, int)
    """A cut, and by how many pixels of ink keys move it: to the left below 0."""
    cut_removed = Signal(int)
    cut_added = Signal(float)
    cell_parted = Signal(int)
    """A cell is to be cut in the middle."""
    let_go = Signal()
    """The mouse lets go of a cut: what it did is one step."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._dragging = False

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        handle, cell = self.handle_at(event.position()), self.cell_at(event.position())
        self._dragging = handle is not None
        if handle is not None or cell is None:
            self.cut_held.emit(handle)
        if cell is not None:
            self.cell_wanted.emit(cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self.handle_at(event.position()) is not None
        shape = Qt.CursorShape.SizeHorCursor if over or self._dragging else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        if self._dragging and self.held is not None:
            gone = self._is_off(event.position())
            if gone != self.gone:
                self.show_handles(self.handles, self.held, gone=gone)
            if not gone:
                self.cut_moved.emit(self.held, min(max(event.position().x(), 0.0), float(self.width())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._dragging:
            return
        self._dragging = False
        self.let_go.emit()
        if self.gone and self.held is not None:
            self.cut_removed.emit(self.held)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = event.position()
        free = 0 <= point.y() < LANE and self.handle_at(point) is None
        if event.button() == Qt.MouseButton.LeftButton and free and self.cells:
            self.cut_added.emit(point.x())

    def _is_off(self, point: QPointF) -> bool:
        return not -_OFF <= point.y() < LANE + _OFF

    # Keys

    def event(self, event: QEvent) -> bool:
        override = event.type() == QEvent.Type.ShortcutOverride and self.held is not None
        if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Delete:
            event.accept()  # it takes that cut away, and does not clear the pad
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.handle_key(event):
            QWidget.keyPressEvent(self, event)

    def handle_key(self, event: QKeyEvent) -> bool:
        """What a key does to the row; False if nothing."""
        if not self.cells:
            return False
        key, last = Qt.Key(event.key()), len(self.cells) - 1
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -last, Qt.Key.Key_End: last}
        if modifiers == Qt.KeyboardModifier.ShiftModifier and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            cut = self._cut_of_keys()
            if cut is not None:
                self.cut_nudged.emit(cut, steps[key])
            return True
        if modifiers != _PLAIN:
            return False
        if key in steps:
            self.cell_wanted.emit(min(max(self.chosen + steps[key], 0), last))
        elif key == Qt.Key.Key_Insert:
            self.cell_parted.emit(self.chosen)
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            cut = self._cut_of_keys() if key == Qt.Key.Key_Backspace else self.held
            if cut is None:
                return False
            self.cut_removed.emit(cut)
        elif key == Qt.Key.Key_Escape and self.held is not None:
            self.cut_held.emit(None)
        else:
            return False
        return True

    def _cut_of_keys(self) -> int | None:
        """The cut that is held, or the one at the right of the chosen cell, or at its left."""
        if not self.handles:
            return None
        return min(self.chosen, len(self.handles) - 1) if self.held is None else self.held

    # Focus and size

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.draw()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.draw()
