"""Where a unit is seen large: in a window beside the network card, or as a panel of it. Both have one choice."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication

from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.selection import Unit
from mnistviz.gui.network.unit.beside import beside
from mnistviz.gui.network.unit.unit_detail import UnitDetail


class UnitDock(QObject):
    """Puts the unit that is seen large where it is wanted. What is chosen on either side is chosen on both."""

    def __init__(self, card: NetworkCard, detail: UnitDetail, parent: QObject) -> None:
        super().__init__(parent)
        self._card, self._detail = card, detail
        detail.share_colours(card.colours)
        card.unit_chosen.connect(self._follow)
        card.selection.output_chosen.connect(self._follow_output)
        detail.unit_changed.connect(card.select)
        card.foot.showing.changed.connect(lambda: detail.showing.set_value(card.foot.showing.value()))
        detail.showing.changed.connect(lambda: card.foot.showing.set_value(detail.showing.value()))
        detail.header.dock_wanted.connect(self._change)
        detail.closed.connect(self._on_closed)
        card.installEventFilter(self)

    def open(self, layer: int, unit: int) -> None:
        """Shows a unit large, and chooses it."""
        self._card.select(layer, unit)
        self._detail.show_unit(layer, unit)
        self._sit(docked=self._detail.wants_dock and self._is_dockable())

    # Docked or not

    def _change(self) -> None:
        self._detail.wants_dock = not self._detail.is_docked
        self._sit(docked=self._detail.wants_dock)

    def _sit(self, *, docked: bool) -> None:
        card, detail = self._card, self._detail
        opens = detail.isHidden() or docked != detail.is_docked
        if docked != detail.is_docked:
            card.dock(None)
            if docked:
                detail.setParent(card)
            else:
                detail.setParent(card.window(), Qt.WindowType.Dialog)
            detail.show_docked(docked)
        if docked:
            card.dock(detail)
        elif opens:
            detail.header.show_dockable(self._is_dockable())
            self._place()
        detail.show()
        detail.setFocus()
        if not docked:
            detail.raise_()
            detail.activateWindow()

    def _place(self) -> None:
        """Puts the window beside its unit, once: where it is then is the user's."""
        card, detail = self._card, self._detail
        head = card.places.head
        area = card.rect().adjusted(0, head, 0, 0)
        frame = card.frame_of(detail.shown_unit) or QRect(area.center(), QSize(1, 1))
        desktop = card.mapToGlobal(QPoint(0, 0))
        window = card.window()
        around = (
            window.frameGeometry().size() - window.size()
        )  # the frame that the desktop puts around windows
        place = beside(
            detail.sizeHint() + around,
            detail.least_size() + around,
            card.screen().availableGeometry(),
            window.frameGeometry(),
            area.translated(desktop),
            frame.translated(desktop),
        )
        detail.resize(place.size() - around)
        detail.move(place.topLeft())

    def _is_dockable(self) -> bool:
        return self._card.isVisible() and self._card.has_room_for(self._detail.docked_width())

    def _on_closed(self) -> None:
        detail = self._detail
        focus = QApplication.focusWidget()
        if detail.is_docked:
            if focus is not None and (focus is detail or detail.isAncestorOf(focus)):
                self._card.picture.setFocus()
            self._card.dock(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide):
            self._detail.header.show_dockable(self._is_dockable())
        return super().eventFilter(watched, event)

    # One choice

    def _follow(self, chosen: Unit | None) -> None:
        if chosen is not None and chosen != self._detail.shown_unit:
            self._detail.show_unit(*chosen)

    def _follow_output(self, output: int | None) -> None:
        """An output is also chosen to see who speaks for it: only where one is seen large, another takes its place."""
        layer, shown = self._detail.shown_unit
        if output is not None and output != shown and self._card.is_output(layer):
            self._detail.show_unit(layer, output)
