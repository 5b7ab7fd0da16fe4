"""Pane for the layers and the chosen unit, while the network card is folded to a ribbon."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from mnistviz.gui.common.layouts import styled
from mnistviz.gui.common.wrapped import WrappedLabel


class LayerPane(QWidget):
    """Pane with the picture of the layers at the left and a unit at the right."""

    changed = Signal()
    """The pane was resized, shown or hidden."""

    def __init__(self, escape: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._escape = escape
        self.setObjectName("layer_pane")
        self.setProperty("role", "scrolled")
        self.hint = styled(
            WrappedLabel(self.tr("Click a unit to see it large."), self), "quietText", "layer_pane_hint"
        )
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.tab_tools = QWidget()
        """Widgets for the row of tabs."""
        # they are deleted with the pane, whatever their parent
        self.destroyed.connect(self.tab_tools.deleteLater)
        self.tools = QHBoxLayout(self.tab_tools)
        self.tools.setContentsMargins(0, 0, 0, 0)
        self.tools.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        return QSize(600, 220)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._escape()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.changed.emit()
