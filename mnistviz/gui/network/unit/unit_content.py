"""All that is shown of one unit, in a window or in the little room of a panel."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.network.unit.outgoing_weights import OutgoingWeights
from mnistviz.gui.network.unit.ranked_digits import RankedDigits
from mnistviz.gui.network.unit.weights_card import WeightsCard


class UnitContent(QScrollArea):
    """The weights of a unit, what it passes on and the digits that fire it. Where there is little room, it scrolls."""

    def __init__(self, theme: Theme, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.weights = WeightsCard(theme)
        self.outgoing = OutgoingWeights(theme)
        self.ranked = RankedDigits(theme, jobs)
        self._docked = False
        self._inside = QWidget()
        self._inside.setProperty("role", "scrolled")
        column, upper = QVBoxLayout(self._inside), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        upper.setSpacing(10)
        upper.addWidget(self.weights, 3)
        upper.addWidget(self.outgoing, 2)
        column.addLayout(upper, 1)
        column.addWidget(self.ranked)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(self._inside)

    def set_theme(self, theme: Theme) -> None:
        for card in (self.weights, self.outgoing, self.ranked):
            card.set_theme(theme)

    def show_docked(self, docked: bool) -> None:
        """As a panel it leaves out what the unit passes on: the lines in the network's picture show that."""
        self._docked = docked
        self.outgoing.setVisible(not docked)
        self.weights.show_docked(docked)
        self.ranked.show_docked(docked)
        self._fit()

    def docked_width(self) -> int:
        """Pixels that it needs as a panel."""
        return max(self.weights.docked_width(), self.ranked.docked_width())

    def least_size(self) -> QSize:
        """What it needs to show all without scrolling."""
        for each in self._inside.findChildren(QWidget):
            each.ensurePolished()  # what was never shown has no font of its own yet,
        for layout in self._inside.findChildren(QLayout):
            layout.invalidate()  # nor a size for its layout
        return self._inside.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """A low panel has the digits that fire the unit most, a high one those that fire it least, too."""
        high = self.height() >= 210 + 2.6 * self.ranked.most.sizeHint().height()
        self.ranked.show_least(high or not self._docked)
