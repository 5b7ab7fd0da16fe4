"""The panel with the units of one layer, each with a picture of its weights."""

from __future__ import annotations

from typing import Any, Final

from numpy.typing import NDArray
from PySide6.QtCore import (
    QLocale,
    QSignalBlocker,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QSizePolicy,
    QWidget,
)

from mnistviz.engine.digits import Digits
from mnistviz.engine.moment import Moment
from mnistviz.gui.common.class_names import class_name
from mnistviz.gui.common.theme import LIGHT, Theme
from mnistviz.gui.common.widgets import Card, describe
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.colour_scale import ColourScales
from mnistviz.gui.network.mosaic import Mosaic
from mnistviz.gui.network.unit_names import (
    layer_name,
    unit_name,
    unit_numbers,
    weight_text,
)
from mnistviz.gui.network.weight_choice import WeightChoice
from mnistviz.gui.network.weight_legend import WeightLegend

Array = NDArray[Any]


_ROOM_FOR_TITLE = 520  # pixels: below, the name of the layer says enough


class Units(Card):
    """The units of one layer of choice, as a mosaic with a legend and a line that reads what is pointed at.

    Layers are numbered as in `Network.sizes`: 1 is the first after the input. Units count from 0 here and
    from 1 on the screen.
    """

    unit_opened = Signal(int, int)
    """layer, unit: it is to be shown large"""
    selection_changed = Signal()

    _OUTPUT: Final = -1

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self.title.setText(self.tr("Hidden units"))
        self._moment: Moment | None = None
        self._classes: tuple[str, ...] = ()
        self._sizes: tuple[int, ...] = ()
        self._wanted_layer = 1
        self._wanted_unit: int | None = None
        self._scales = ColourScales()
        self._build(theme)

    # What the window calls

    def draw(self, shown: Shown) -> None:
        """Shows the network of the moment. Costs nothing while hidden."""
        if (moment := shown.moment) is None:
            return
        last, self._moment = self._moment, moment
        if moment.network.sizes != self._sizes:
            self._sizes = moment.network.sizes
            self._list_layers()
        elif moment.same_as(last):
            return
        self._refresh()

    def forget(self) -> None:
        """Forgets the network. Its tiles stay until the next one is drawn, so that nothing flickers."""
        self._moment = None
        self._scales.forget()

    def set_theme(self, theme: Theme) -> None:
        self.mosaic.set_theme(theme)
        self.legend.set_theme(theme)

    def set_digits(self, digits: Digits) -> None:
        self.set_classes(digits.classes)

    def set_classes(self, names: tuple[str, ...]) -> None:
        """Names the output units."""
        if names != self._classes:
            self._classes = tuple(names)
            if self._sizes:
                self._show_layer(self.selected_unit)
                self._refresh()

    @property
    def layer(self) -> int:
        """The layer that is shown, 0 while there is none."""
        return self.chooser.currentIndex() + 1

    @property
    def selected_unit(self) -> tuple[int, int] | None:
        """Layer and unit."""
        return None if self.mosaic.selected is None else (self.layer, self.mosaic.selected)

    def select(self, layer: int, unit: int) -> None:
        """Shows the layer and puts the selection on the unit, if the network has it."""
        if 0 < layer < len(self._sizes) and 0 <= unit < self._sizes[layer]:
            self.chooser.setCurrentIndex(layer - 1)
            self.mosaic.select(unit)

    def state(self) -> dict[str, Any]:
        """What is chosen, for `restore`; layer −1 is the output, whatever its number."""
        unit = self.mosaic.selected if self._wanted_unit is None else self._wanted_unit
        return {"layer": self._wanted_layer, "unit": unit, "showing": self.showing.value()}

    def restore(self, state: dict[str, Any]) -> None:
        """Takes up a `state()`, now or when the first network comes. What makes no sense is passed over."""
        layer, unit, showing = state.get("layer"), state.get("unit"), state.get("showing")
        if type(layer) is int and (layer >= 1 or layer == self._OUTPUT):
            self._wanted_layer = layer
        self._wanted_unit = unit if type(unit) is int and unit >= 0 else None
        if isinstance(showing, str):
            self.showing.set_value(showing)
        if self._sizes:
            self._list_layers()
            self._refresh()

    # Building

    def _build(self, theme: Theme) -> None:
        self.setObjectName("units")
        self.chooser = QComboBox()
        describe(
            self.chooser,
            "units_layer",
            self.tr("Layer"),
            self.tr("Chooses the layer that is shown; each shows its weights on the layer before."),
        )
        self.chooser.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.chooser.setMinimumContentsLength(6)
        self.chooser.currentIndexChanged.connect(self._layer_chosen)
        self.showing = WeightChoice("units_showing")
        self.showing.changed.connect(self._refresh)
        self.legend = WeightLegend("units_legend", theme)
        self.header.insertWidget(1, self.chooser)
        self.header.insertWidget(2, self.showing)
        self.header.addWidget(self.legend)
        self.note.hide()

        self.mosaic = Mosaic(theme)
        describe(
            self.mosaic,
            "units_mosaic",
            self.tr("Pictures of the units' weights"),
            self.tr("Each picture is one unit's weights; click one, or press Enter on it, to see it large."),
        )
        self.mosaic.opened.connect(self._open)
        self.mosaic.selection_changed.connect(self._selected)
        self.mosaic.pointed_changed.connect(self._read)
        self.reading = QLabel()
        self.reading.setObjectName("units_reading")
        self.reading.setProperty("role", "hint")
        self.reading.setTextFormat(Qt.TextFormat.PlainText)
        self.reading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.body.addWidget(self.mosaic, 1)
        self.body.addWidget(self.reading)
        self._enable(False)
        self.mosaic.set_message(
            self.tr("The weights of the hidden units appear here once the digits are loaded.")
        )

    def _enable(self, on: bool) -> None:
        for widget in (self.chooser, self.showing, self.legend):
            widget.setVisible(on)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    # Layers and units

    def _list_layers(self) -> None:
        """Fills the chooser for these sizes and goes to the layer that was last chosen, or near it."""
        last = len(self._sizes) - 1
        wanted = last if self._wanted_layer == self._OUTPUT else min(self._wanted_layer, max(1, last - 1))
        with QSignalBlocker(self.chooser):
            self.chooser.clear()
            for layer in range(1, last + 1):
                count = self._sizes[layer]
                text = self.tr("{layer} · 1 unit") if count == 1 else self.tr("{layer} · {count} units")
                name = layer_name(layer, self._sizes)
                self.chooser.addItem(text.format(layer=name, count=QLocale().toString(count)))
            self.chooser.setCurrentIndex(wanted - 1)
        self._enable(True)
        wanted_unit, self._wanted_unit = self._wanted_unit, None
        self._show_layer(self.selected_unit if wanted_unit is None else (wanted, wanted_unit))

    def _show_layer(self, selection: tuple[int, int] | None) -> None:
        """Lays out the tiles of the layer; keeps `selection` if it is in this layer."""
        count, n_in = self._sizes[self.layer], self._sizes[self.layer - 1]
        output = self.layer == len(self._sizes) - 1
        if output:
            names = [class_name(self._classes, unit) for unit in range(count)]
        else:
            names = [QLocale().toString(unit + 1) for unit in range(count)]
        self.mosaic.set_units(names, n_in, captions=output)
        if selection is not None and selection[0] == self.layer and selection[1] < count:
            self.mosaic.select(selection[1])

    def _layer_chosen(self) -> None:
        last = len(self._sizes) - 1
        self._wanted_layer = self._OUTPUT if self.layer == last and last > 1 else self.layer
        self._show_layer(None)
        self._refresh()

    def _open(self, unit: int) -> None:
        self.unit_opened.emit(self.layer, unit)

    def _selected(self) -> None:
        self._read()
        self.selection_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.title.setHidden(self.width() < _ROOM_FOR_TITLE)

    # What is seen

    def _refresh(self) -> None:
        if self._moment is None or not self.isVisible():
            return
        weights = self._moment.network.weights[self.layer - 1]
        network = self.showing.initial(self._moment)
        initial = None if network is None else network.weights[self.layer - 1]
        limit = self._scales.fit(self.layer, initial is not None, weights, initial)
        self.legend.show_scale(limit, learned=initial is not None)
        self.mosaic.set_weights(weights, limit, initial)
        self._read()

    def _read(self) -> None:
        """The line below the mosaic: the unit pointed at, else the one selected, else what this shows."""
        unit = self.mosaic.selected if self.mosaic.pointed is None else self.mosaic.pointed
        text = "" if self._moment is None else self._hint() if unit is None else self._reading(unit)
        if text != self.reading.text():
            self.reading.setText(text)
            self.mosaic.setAccessibleDescription(text)

    def _reading(self, unit: int) -> str:
        assert self._moment is not None
        network = self._moment.network
        parts = [unit_name(self.layer, unit, self._sizes, self._classes)]
        if unit == self.mosaic.pointed and self.mosaic.pointed_cell is not None:
            initial = self.showing.initial(self._moment)
            parts.append(weight_text(network, initial, self.layer, unit, self.mosaic.pointed_cell))
        parts.append(unit_numbers(network, self.layer, unit))
        return " · ".join(parts)

    def _hint(self) -> str:
        assert self._moment is not None
        if self.showing.learned():
            if self._moment.step == 0:
                return self.tr("Nothing learned yet: these are the weights that the run starts with.")
            return self.tr("What training has added to the weights since the start of the run.")
        count = QLocale().toString(self._sizes[self.layer - 1])
        if len(self._sizes) == 2:
            text = self.tr("No hidden layer: the outputs look straight at the {count} pixels.")
            return text.format(count=count)
        if self.layer > 1:
            text = self.tr(
                "Each tile: how a unit weighs the {count} units of {layer}. Click to see it large."
            )
            return text.format(count=count, layer=layer_name(self.layer - 1, self._sizes))
        return self.tr("Each tile: how a unit weighs the pixels of a digit. Click to see it large.")
