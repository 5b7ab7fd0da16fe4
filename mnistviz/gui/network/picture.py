"""The picture of the network: from the 28 × 28 through the layers to the outputs, with mouse and keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QScrollBar, QWidget

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.tooltips import set_tooltip
from mnistviz.gui.network.selection import Selection, Unit
from mnistviz.gui.network.stages_view import StagesView
from mnistviz.gui.network.unit_slots import UnitSlots


class NetworkPicture(StagesView):
    """Turns mouse and keys into what is pointed at and chosen."""

    opened = Signal(int, int)
    """layer, unit: it is to be seen large"""
    layer_wanted = Signal(int)
    """A folded layer is to be opened."""

    def __init__(self, theme: Theme, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(theme, selection, parent)
        self._pressed: Unit | None = None
        selection.changed.connect(self._tell_tip)

    def _tell_tip(self) -> None:
        """While something is pointed at the line below tells of it; a tooltip would hide its neighbours."""
        pointed = self.selection.pointed_unit is not None or self.selection.pointed_output is not None
        set_tooltip(self, "" if pointed else self.whatsThis())

    # Events

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.selection.point(None, None, None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(event.position().toPoint())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._point_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._under(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        under = self._under(event.position().toPoint())
        pressed, self._pressed = self._pressed, None
        if event.button() != Qt.MouseButton.LeftButton or pressed != under:
            return
        if under is None:
            self._click_beside(event.position().toPoint())
        elif under[0] == len(self.sizes) - 1:
            self.selection.choose_output(None if under[1] == self.selection.chosen_output else under[1])
        else:
            self.selection.choose_unit(under)
            if under[0] != self.open_layer:
                self.layer_wanted.emit(under[0])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        under = self._under(event.position().toPoint())
        if under is not None and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(*under)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.bar.isVisible():
            QScrollBar.wheelEvent(self.bar, event)
            self._point_at(event.position().toPoint())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.handle_key(event):
            super().keyPressEvent(event)

    def handle_key(self, event: QKeyEvent) -> bool:
        """What a key does in the picture; False if nothing."""
        stage = self.opened_stage
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        slots = None if stage is None else stage.slots
        return plain and slots is not None and self._handle(Qt.Key(event.key()), slots)

    def _handle(self, key: Qt.Key, slots: UnitSlots) -> bool:
        """What a key does here; False if nothing."""
        chosen = self.selection.chosen_unit
        if Qt.Key.Key_0 <= key <= Qt.Key.Key_9 and (output := key - Qt.Key.Key_0) < self.sizes[-1]:
            self.selection.choose_output(output)
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and chosen is not None:
            self.opened.emit(*chosen)
            return True
        page, columns = slots.rows_in_view * slots.columns, slots.columns
        steps = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns,
            Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -slots.total, Qt.Key.Key_End: slots.total,
        }  # fmt: skip
        if key not in steps:
            return False
        here = chosen[1] if chosen is not None and chosen[0] == self.open_layer else None
        wanted = slots.units[0] if here is None else here + steps[key]
        if key not in (Qt.Key.Key_Up, Qt.Key.Key_Down) or 0 <= wanted < slots.total:
            self.choose(min(max(wanted, 0), slots.total - 1))
        return True

    def choose(self, unit: int) -> None:
        """Chooses a unit of the open layer, and brings it into view."""
        stage = self.opened_stage
        if stage is None or stage.slots is None:
            return
        self.selection.choose_unit((self.open_layer, unit))
        row, slots = unit // stage.slots.columns, stage.slots
        if row < slots.scrolled:
            self.bar.setValue(row)
        elif row >= slots.scrolled + slots.rows_in_view:
            self.bar.setValue(row - slots.rows_in_view + 1)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        stage = self.opened_stage
        by_key = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if by_key and self.selection.chosen_unit is None and stage is not None and stage.slots is not None:
            self.choose(stage.slots.units[0])

    # What is where

    def _under(self, point: QPoint) -> Unit | None:
        """The unit at a point, an output counted as one."""
        if self.message or not self.sizes:
            return None
        output = self.outputs.at(point)
        if output is not None:
            return len(self.sizes) - 1, output
        for layer, stage in self.stages.items():
            unit = stage.unit_at(point)
            if unit is not None:
                return layer, unit
        return None

    def _click_beside(self, point: QPoint) -> None:
        """A click on a folded layer opens it; one on nothing lets go."""
        for layer, stage in self.stages.items():
            if layer != self.open_layer and stage.bounds.adjusted(-4, -4, 4, 4).contains(point):
                self.layer_wanted.emit(layer)
                return
        self.selection.let_go()

    def _point_at(self, point: QPoint) -> None:
        under, last = self._under(point), len(self.sizes) - 1
        unit = under if under is not None and (under[0] < last or last == 1) else None
        output = under[1] if under is not None and under[0] == last else None
        cell = None
        stage = self.opened_stage
        if unit is not None and unit[0] == self.open_layer and stage is not None:
            cell = stage.cell_at(point, unit[1])
        self.selection.point(unit, cell, output)
