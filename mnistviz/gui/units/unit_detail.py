"""One unit seen large: its weights, what it passes on, and the digits that fire it most and least."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLocale, Qt, QTimer, Signal, Slot
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
from mnistviz.engine.ranking import Extremes, extreme_digits
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import Card, describe
from mnistviz.gui.lab.jobs import Cancelled, Jobs, details
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.units.unit_names import (
    layer_name,
    same_moment,
    unit_name,
    unit_numbers,
    weight_text,
)
from mnistviz.gui.units.unit_parts import DIGITS_SHOWN, Bars, DigitRow, WeightPicture
from mnistviz.gui.units.weight_legend import Legend, Showing
from mnistviz.gui.units.weight_tiles import fitted_limit

Array = NDArray[Any]

MOST_BARS: Final = 20
SECONDS_BETWEEN: Final = 1.0  # two rankings of the digits, while the network learns
SHARE_OF_TIME: Final = 0.15  # that ranking may take from the second processor, for a large network


@dataclass(frozen=True)
class _Subject:
    """What a ranking of the digits is about."""

    moment: Moment
    layer: int
    unit: int
    digits: Digits


class UnitDetail(QDialog):
    """A window for one unit that stays open, and live, while the network learns.

    Layers and units are numbered as in `Units`.
    """

    unit_changed = Signal(int, int)
    """layer, unit: the user went to another one"""

    KEY: Final = "unit extremes"

    def __init__(self, theme: Theme, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._digits: Digits | None = None
        self._moment: Moment | None = None
        self._layer, self._unit = 1, 0
        self._limits: dict[tuple[int, str], float] = {}
        self._strongest: NDArray[np.intp] | None = None
        self._answered_for: _Subject | None = None
        self._asked_at = 0.0
        self._ask_from = 0.0
        self._build(theme)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._ask_if_due)

    # What the window calls

    def draw(self, shown: Shown) -> None:
        """Shows the unit in the network of the moment."""
        if (moment := shown.moment) is None:
            return
        last, self._moment = self._moment, moment
        if self.isVisible() and not (last is not None and same_moment(last, moment)):
            self._refresh()

    def forget(self) -> None:
        """Forgets the network, and the digits that fire its unit. The window stays open for the next one."""
        self._moment = None
        self._limits.clear()
        self._strongest = None
        self._forget_digits()

    def set_theme(self, theme: Theme) -> None:
        for view in (self.picture, self.legend, self.bars, self.most, self.least):
            view.set_theme(theme)

    def set_digits(self, digits: Digits) -> None:
        """The digits to look through; their classes name the outputs."""
        self._digits = digits
        self._forget_digits()
        if self.isVisible():
            self._refresh()

    def show_unit(self, layer: int, unit: int) -> None:
        """Turns to a unit; `show()` opens the window."""
        if (layer, unit) != (self._layer, self._unit):
            self._layer, self._unit = layer, unit
            self._strongest = None
            self._forget_digits()
        self._refresh()

    @property
    def shown_unit(self) -> tuple[int, int]:
        """Layer and unit."""
        return self._layer, self._unit

    # Building

    def _build(self, theme: Theme) -> None:
        self.setObjectName("unit_detail")
        self.setWindowTitle(self.tr("One unit"))
        self.setAccessibleName(self.tr("One unit, seen large"))
        self.setWhatsThis(self.tr("All that one unit knows: its weights, what it passes on, what fires it."))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.resize(800, 640)

        self.weights_card = Card("")
        self.previous = self._arrow("unit_previous", "‹", self.tr("Previous unit"))
        self.next = self._arrow("unit_next", "›", self.tr("Next unit"))
        for button, key, go in (
            (self.previous, Qt.Key.Key_Left, self.go_back),
            (self.next, Qt.Key.Key_Right, self.go_on),
        ):
            button.clicked.connect(go)
            QShortcut(QKeySequence(key), self).activated.connect(go)
        self.showing = Showing("unit_showing")
        self.showing.changed.connect(self._refresh)
        self.legend = Legend("unit_legend", theme)
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
        self.reading = self._hint_label("unit_reading")
        self.weights_card.body.addWidget(self.picture, 1)
        self.weights_card.body.addWidget(self.reading)

        self.bars_card = Card(self.tr("What it passes on"))
        self.bars = Bars(theme)
        describe(
            self.bars,
            "unit_outgoing",
            self.tr("Outgoing weights"),
            self.tr(
                "How strongly each unit of the next layer listens to this one: orange for yes, blue for no."
            ),
        )
        self.no_bars = QLabel()
        self.no_bars.setObjectName("unit_no_outgoing")
        self.no_bars.setProperty("role", "hint")
        self.no_bars.setWordWrap(True)
        self.no_bars.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bars_card.body.addWidget(self.bars, 1)
        self.bars_card.body.addWidget(self.no_bars, 1)

        self.digits_card = Card(self.tr("Training digits that fire it most"))
        self.most, self.least = DigitRow(theme), DigitRow(theme)
        tip = self.tr("The digits, what they are, and the unit's activation.")
        describe(self.most, "unit_most", self.tr("Digits that fire the unit most"), tip)
        describe(self.least, "unit_least", self.tr("Digits that fire the unit least"), tip)
        least_title = QLabel(self.tr("… and least"))
        least_title.setProperty("role", "cardTitle")
        self.digits_card.body.addWidget(self.most)
        self.digits_card.body.addWidget(least_title)
        self.digits_card.body.addWidget(self.least)

        content = QWidget()
        content.setProperty("role", "stage")
        upper = QHBoxLayout()
        upper.setSpacing(10)
        upper.addWidget(self.weights_card, 3)
        upper.addWidget(self.bars_card, 2)
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(10)
        column.addLayout(upper, 1)
        column.addWidget(self.digits_card)
        self.message = QLabel()
        self.message.setObjectName("unit_message")
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setWordWrap(True)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(content)
        self._pages.addWidget(self.message)

    def _arrow(self, name: str, text: str, what: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        describe(button, name, what, self.tr("{what} of the layer (arrow key)").format(what=what))
        return button

    def _hint_label(self, name: str) -> QLabel:
        label = QLabel()
        label.setObjectName(name)
        label.setProperty("role", "hint")
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        return label

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
        self._timer.stop()
        self._jobs.withdraw(self.KEY)

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
            return
        layer, unit = self._layer, self._unit
        start = self._start()
        weights = network.weights[layer - 1]
        start_weights = None if start is None else start.weights[layer - 1]
        key = (layer, self.showing.value())
        limit = self._limits[key] = fitted_limit(self._limits.get(key, 1.0), weights, start_weights)
        self.legend.show_scale(limit, self.showing.learned())
        classes = () if self._digits is None else self._digits.classes
        name = unit_name(layer, unit, network.sizes, classes)
        title = name if layer == len(network.sizes) - 1 else f"{layer_name(layer, network.sizes)} · {name}"
        if title != self.weights_card.title.text():
            self.weights_card.title.setText(title)
            self.setWindowTitle(title[0].upper() + title[1:])
        self.picture.show_weights(
            weights[unit], limit, None if start_weights is None else start_weights[unit]
        )
        self._show_outgoing(network, classes)
        self._read()
        self._ask_if_due()

    def _absence(self) -> str:
        if self._moment is None:
            return self.tr("The unit appears here once the digits are loaded.")
        sizes = self._moment.network.sizes
        count = QLocale().toString(self._unit + 1)
        if self._layer >= len(sizes) - 1:
            return self.tr("The new network has no such layer. Choose a unit in the main window.")
        text = self.tr("The new network has no unit {number} in {layer}. Choose one in the main window.")
        return text.format(number=count, layer=layer_name(self._layer, sizes))

    def _start(self) -> Network | None:
        moment = self._moment
        if moment is None or moment.step == 0 or not self.showing.learned():
            return None
        return moment.initial

    def _show_outgoing(self, network: Network, classes: tuple[str, ...]) -> None:
        is_output = self._layer == len(network.sizes) - 1
        self.bars.setVisible(not is_output)
        self.no_bars.setVisible(is_output)
        if is_output:
            self.bars_card.set_note("")
            self.no_bars.setText(
                self.tr("An output unit passes nothing on: its activation is the network's answer.")
            )
            return
        outgoing = network.weights[self._layer][:, self._unit]
        if self._strongest is None or self._strongest[-1] >= len(outgoing):
            self._strongest = np.sort(np.argsort(-np.abs(outgoing), kind="stable")[:MOST_BARS])
        after = self._layer + 1
        last = after == len(network.sizes) - 1
        names = [
            classes[u] if last and u < len(classes) else unit_name(after, int(u), network.sizes, classes)
            for u in self._strongest
        ]
        note = self.tr("weights to {layer}").format(layer=layer_name(after, network.sizes))
        if len(outgoing) > MOST_BARS:
            note = self.tr("the {count} strongest weights to {layer}").format(
                count=MOST_BARS, layer=layer_name(after, network.sizes)
            )
        self.bars_card.set_note(note)
        self.bars.show_values(names, outgoing[self._strongest])

    @Slot()
    def _read(self) -> None:
        network = self._network()
        if network is None:
            return
        if self.picture.pointed is None:
            text = unit_numbers(network, self._layer, self._unit)
        else:
            text = weight_text(network, self._start(), self._layer, self._unit, self.picture.pointed)
        self.reading.setText(text)

    # The digits that fire it

    def _forget_digits(self) -> None:
        self._timer.stop()
        self._jobs.withdraw(self.KEY)
        self._answered_for = None
        self._ask_from = 0.0
        self.most.clear()
        self.least.clear()
        self.digits_card.set_note("")

    @Slot()
    def _ask_if_due(self) -> None:
        """Asks for a new ranking if the network has moved, none is under way and the last is old enough."""
        if self._digits is None or self._moment is None or self._network() is None or not self.isVisible():
            return
        if self._jobs.is_open(self.KEY) or self._timer.isActive():
            return
        if self._answered_for is not None and same_moment(self._answered_for.moment, self._moment):
            return
        wait = self._ask_from - time.monotonic()
        if wait > 0:
            self._timer.start(int(1000 * wait) + 1)
            return
        subject = _Subject(self._moment, self._layer, self._unit, self._digits)
        self._asked_at = time.monotonic()
        self._jobs.ask(self.KEY, partial(_rank, subject), partial(self._on_ranked, subject), self._on_failure)
        if self._answered_for is None:
            self.digits_card.set_note(self.tr("looking through the digits …"))

    def _on_ranked(self, subject: _Subject, found: Extremes | None) -> None:
        assert found is not None  # only what is withdrawn finds nothing
        now = time.monotonic()
        self._ask_from = now + max(SECONDS_BETWEEN, (now - self._asked_at) / SHARE_OF_TIME)
        self._answered_for = subject
        self._strongest = None
        digit_set, classes = subject.digits.training, subject.digits.classes
        self.most.show_digits(digit_set, found.most, classes, found.most_inputs, found.most_activations)
        self.least.show_digits(digit_set, found.least, classes, found.least_inputs, found.least_activations)
        self.digits_card.set_note(
            self.tr("among {count} digits, at mini-batch {step}").format(
                count=QLocale().toString(found.of), step=QLocale().toString(subject.moment.step)
            )
        )
        self._ask_if_due()

    def _on_failure(self, error: Exception) -> None:
        self._answered_for = None
        self._ask_from = time.monotonic() + 10 * SECONDS_BETWEEN
        self.digits_card.set_note(
            self.tr("The digits could not be ranked ({details}).").format(details=details(error))
        )


def _rank(subject: _Subject, cancelled: Cancelled) -> Extremes | None:
    network = subject.moment.network
    return extreme_digits(
        network, subject.layer, subject.unit, subject.digits.training, DIGITS_SHOWN, cancelled
    )
