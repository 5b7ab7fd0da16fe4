"""The card with the picture of a unit's weights, what it shows, and the line that reads it."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import Card, describe
from mnistviz.gui.network.unit.flat import show_flat
from mnistviz.gui.network.unit.weight_picture import WeightPicture
from mnistviz.gui.network.unit_names import longest_readings
from mnistviz.gui.network.weight_legend import WeightLegend
from mnistviz.gui.network.weight_switch import WeightSwitch


class WeightsCard(Card):
    """Beside the network card it needs no legend and no choice of its own: those of the card count for both."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._docked = False
        self.note.hide()
        self.title.hide()
        self.showing = WeightSwitch("unit_showing")
        self.legend = WeightLegend("unit_legend", theme)
        self.header.insertWidget(0, self.showing)
        self.header.addWidget(self.legend)
        self.picture = WeightPicture(theme)
        describe(
            self.picture,
            "unit_weights",
            self.tr("Weights of the unit"),
            self.tr(
                "The unit's weights, orange for yes and blue for no; the line below reads the one pointed at."
            ),
        )
        self.reading = QLabel()
        self.reading.setObjectName("unit_reading")
        self.reading.setProperty("role", "reading")
        self.reading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.body.addWidget(self.picture, 1)
        self.body.addWidget(self.reading)
        self._make_room()

    def set_theme(self, theme: Theme) -> None:
        self.picture.set_theme(theme)
        self.legend.set_theme(theme)

    def show_docked(self, docked: bool) -> None:
        """Takes as little room as it can, or has a frame and all there is."""
        self._docked = docked
        show_flat(self, docked)
        self.showing.setVisible(not docked)
        self.legend.setVisible(not docked)
        self.picture.setMinimumSize(*((96, 96) if docked else (174, 174)))
        self._make_room()

    def docked_width(self) -> int:
        """Pixels that the line below the picture takes."""
        metrics = self.reading.fontMetrics()
        return max(map(metrics.horizontalAdvance, longest_readings()))

    def _make_room(self) -> None:
        self.reading.setMinimumWidth(self.docked_width())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "reading"):
            self._make_room()

    def show_output(self, is_output: bool) -> None:
        """The weights of the outputs have colours of their own: the card's legend does not tell of them."""
        self.legend.setVisible(is_output or not self._docked)
