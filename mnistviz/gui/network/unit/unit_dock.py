"""Shows a unit large in a window beside the network card or as a panel of it, with one shared choice of unit."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QApplication

from mnistviz.engine.network import Unit
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.side_window import place_beside
from mnistviz.gui.network.unit.unit_detail import UnitDetail


class UnitDock(QObject):
    """Places the unit that is shown large, and keeps the choices of card and unit equal."""

    def __init__(self, card: NetworkCard, detail: UnitDetail, parent: QObject) -> None:
        super().__init__(parent)
        self._card, self._detail = card, detail
        detail.share_colours(card.presenter.picture.memory.colours)
        card.selection.unit_chosen.connect(self._follow)
        card.selection.output_chosen.connect(self._follow_output)
        detail.unit_changed.connect(card.select)
        detail.header.dock.clicked.connect(self._change)
        detail.closed.connect(self._on_closed)
        detail.header.show_dockable(self._is_dockable())
        card.installEventFilter(self)
        self._follow(card.selection.chosen_unit)

    def open(self, layer: int, unit: int) -> None:
        self._card.select(layer, unit)
        self._detail.show_unit(layer, unit)
        self._sit(docked=self._detail.wants_dock and self._is_dockable())

    def _change(self) -> None:
        self._detail.wants_dock = not self._detail.is_docked
        self._sit(docked=self._detail.wants_dock and self._is_dockable())

    def _sit(self, *, docked: bool) -> None:
        card, detail = self._card, self._detail
        opens = detail.isHidden() or docked != detail.is_docked
        if docked != detail.is_docked:
            card.dock(None)
            window = (card,) if docked else (card.window(), Qt.WindowType.Dialog)
            detail.setParent(*window)
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
        card, detail = self._card, self._detail
        area = card.rect().adjusted(0, card.arrangement.places.head, 0, 0)
        frame = card.frame_of(detail.shown_unit) or QRect(area.center(), QSize(1, 1))
        desktop = card.mapToGlobal(QPoint(0, 0))
        window = card.window()
        around = window.frameGeometry().size() - window.size()  # the window's frame
        sizes = detail.sizeHint() + around, detail.least_size() + around
        rooms = card.screen().availableGeometry(), window.frameGeometry()
        place = place_beside(*sizes, *rooms, area.translated(desktop), frame.translated(desktop))
        detail.resize(place.size() - around)
        detail.move(place.topLeft())

    def _is_dockable(self) -> bool:
        return self._card.isVisible() and self._card.arrangement.has_room_for_panel

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

    def _follow(self, chosen: Unit | None) -> None:
        if chosen is not None and chosen != self._detail.shown_unit:
            self._detail.show_unit(*chosen)

    def _follow_output(self, output: int | None) -> None:
        """Show a chosen output large only if an output is shown large already."""
        layer, shown = self._detail.shown_unit
        if output is not None and output != shown and self._card.is_output(layer):
            self._detail.show_unit(layer, output)
