"""One unit seen large: its weights, what it passes on, and the digits that fire it most and least."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal, Slot
from PySide6.QtGui import (
    QHideEvent,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mnistviz.engine.digits import Digits
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import Card, describe
from mnistviz.gui.lab.jobs import Jobs
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.colour_scale import ColourScales
from mnistviz.gui.network.unit.outgoing_weights import OutgoingWeights
from mnistviz.gui.network.unit.ranked_digits import RankedDigits
from mnistviz.gui.network.unit.weight_picture import WeightPicture
from mnistviz.gui.network.unit_names import (
    layer_name,
    unit_name,
    unit_numbers,
    unit_title,
    weight_text,
)
from mnistviz.gui.network.weight_choice import WeightChoice
from mnistviz.gui.network.weight_legend import WeightLegend


class UnitDetail(QDialog):
    """A window for one unit that stays open, and live, while the network learns.

    Layers and units are numbered as in `Units`.
    """

    unit_changed = Signal(int, int)
    """layer, unit: the user went to another one"""

    def __init__(self, theme: Theme, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._digits: Digits | None = None
        self._moment: Moment | None = None
        self._layer, self._unit = 1, 0
        self._scales = ColourScales()
        self._build(theme, jobs)

    # What the window calls

    def draw(self, shown: Shown) -> None:
        """Shows the unit in the network of the moment."""
        if (moment := shown.moment) is None:
            return
        last, self._moment = self._moment, moment
        if self.isVisible() and not moment.same_as(last):
            self._refresh()

    def forget(self) -> None:
        """Forgets the network, and the digits that fire its unit. The window stays open for the next one."""
        self._moment = None
        self._scales.forget()
        self.outgoing.choose_anew()
        self.ranked.forget()

    def set_theme(self, theme: Theme) -> None:
        for view in (self.picture, self.legend, self.outgoing, self.ranked):
            view.set_theme(theme)

    def set_digits(self, digits: Digits) -> None:
        """The digits to look through; their classes name the outputs."""
        self._digits = digits
        self.ranked.forget()
        if self.isVisible():
            self._refresh()

    def show_unit(self, layer: int, unit: int) -> None:
        """Turns to a unit; `show()` opens the window."""
        if (layer, unit) != (self._layer, self._unit):
            self._layer, self._unit = layer, unit
            self.outgoing.choose_anew()
            self.ranked.forget()
        self._refresh()

    @property
    def shown_unit(self) -> tuple[int, int]:
        """Layer and unit."""
        return self._layer, self._unit

    # Building

    def _build(self, theme: Theme, jobs: Jobs) -> None:
        self.setObjectName("unit_detail")
        self.setWindowTitle(self.tr("One unit"))
        self.setAccessibleName(self.tr("One unit, seen large"))
        self.setWhatsThis(self.tr("All that one unit knows: its weights, what it passes on, what fires it."))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.resize(800, 640)
        self._build_weights(theme)
        self.outgoing = OutgoingWeights(theme)
        self.ranked = RankedDigits(theme, jobs)
        self.ranked.ranked.connect(self.outgoing.choose_anew)

        content = QWidget()
        content.setProperty("role", "stage")
        upper = QHBoxLayout()
        upper.setSpacing(10)
        upper.addWidget(self.weights_card, 3)
        upper.addWidget(self.outgoing, 2)
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(10)
        column.addLayout(upper, 1)
        column.addWidget(self.ranked)
        self.message = QLabel()
        self.message.setObjectName("unit_message")
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(content)
        self._pages.addWidget(self.message)

    def _build_weights(self, theme: Theme) -> None:
        """The card with the picture of the weights, and the ways to other units above it."""
        self.weights_card = Card("")
        self.previous = self._arrow("unit_previous", "‹", self.tr("Previous unit"))
        self.next = self._arrow("unit_next", "›", self.tr("Next unit"))
        for button, key, go in (
            (self.previous, Qt.Key.Key_Left, self.go_back),
            (self.next, Qt.Key.Key_Right, self.go_on),
        ):
            button.clicked.connect(go)
            QShortcut(QKeySequence(key), self).activated.connect(go)
        self.showing = WeightChoice("unit_showing")
        self.showing.changed.connect(self._refresh)
        self.legend = WeightLegend("unit_legend", theme)
        header = self.weights_card.header
        header.insertWidget(0, self.previous)
        header.insertWidget(2, self.next)
        header.insertWidget(3, self.showing)
        header.addWidget(self.legend)
        self.weights_card.note.hide()
        self.picture = WeightPicture(theme)
        describe(
            self.picture,
            "unit_weights",
            self.tr("Weights of the unit"),
            self.tr(
                "The unit's weights, orange for yes and blue for no; the line below reads the one pointed at."
            ),
        )
        self.picture.pointed_changed.connect(self._read)
        self.reading = QLabel()
        self.reading.setObjectName("unit_reading")
        self.reading.setProperty("role", "hint")
        self.reading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.weights_card.body.addWidget(self.picture, 1)
        self.weights_card.body.addWidget(self.reading)

    def _arrow(self, name: str, text: str, what: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        describe(button, name, what, self.tr("{what} of the layer (arrow key)").format(what=what))
        return button

    # Going to another unit

    @Slot()
    def go_on(self) -> None:
        """To the next unit of the layer; after the last comes the first."""
        self._go(1)

    @Slot()
    def go_back(self) -> None:
        """To the unit before; before the first comes the last."""
        self._go(-1)

    def _go(self, by: int) -> None:
        if (network := self._network()) is not None:
            self.show_unit(self._layer, (self._unit + by) % network.sizes[self._layer])
            self.unit_changed.emit(self._layer, self._unit)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.setFocus()
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.ranked.stop()

    # What is seen

    def _network(self) -> Network | None:
        """The network, if it has the unit."""
        if self._moment is None:
            return None
        network = self._moment.network
        there = self._layer < len(network.sizes) and self._unit < network.sizes[self._layer]
        return network if there else None

    def _refresh(self) -> None:
        network = self._network()
        self._pages.setCurrentIndex(0 if network is not None else 1)
        if network is None:
            self.message.setText(self._absence())
            self.ranked.stop()
            return
        layer, unit = self._layer, self._unit
        before = self.showing.initial(self._moment)
        weights = network.weights[layer - 1]
        initial = None if before is None else before.weights[layer - 1]
        limit = self._scales.fit(layer, self.showing.learned(), weights, initial)
        self.legend.show_scale(limit, self.showing.learned())
        classes = () if self._digits is None else self._digits.classes
        name = unit_name(layer, unit, network.sizes, classes)
        title = name if layer == len(network.sizes) - 1 else f"{layer_name(layer, network.sizes)} · {name}"
        if title != self.weights_card.title.text():
            self.weights_card.title.setText(title)
            self.setWindowTitle(unit_title(layer, unit, network.sizes, classes))
        self.picture.show_weights(weights[unit], limit, None if initial is None else initial[unit])
        self.outgoing.show_unit(network, layer, unit, classes)
        self._read()
        if self._moment is not None and self._digits is not None and self.isVisible():
            self.ranked.rank(self._moment, layer, unit, self._digits)

    def _absence(self) -> str:
        if self._moment is None:
            return self.tr("The unit appears here once the digits are loaded.")
        sizes = self._moment.network.sizes
        count = QLocale().toString(self._unit + 1)
        if self._layer >= len(sizes) - 1:
            return self.tr("The new network has no such layer. Choose a unit in the main window.")
        text = self.tr("The new network has no unit {number} in {layer}. Choose one in the main window.")
        return text.format(number=count, layer=layer_name(self._layer, sizes))

    @Slot()
    def _read(self) -> None:
        network = self._network()
        if network is None:
            return
        if self.picture.pointed is None:
            text = unit_numbers(network, self._layer, self._unit)
        else:
            initial = self.showing.initial(self._moment)
            text = weight_text(network, initial, self._layer, self._unit, self.picture.pointed)
        self.reading.setText(text)
