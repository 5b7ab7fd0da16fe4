"""Which weight of the last layer is moved: typed or dragged, or, instead, all weights at once."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from mnistviz.gui.common.scale import Scale
from mnistviz.gui.common.steady import SteadyList
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.ideas.parts.value import Value


class WeightPicker(QWidget):
    """The way that is gone. Units are counted from 0 for outputs, as the digits are, and from 1 before them."""

    changed = Signal()  # by the user

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.what = SteadyList()
        self.what.addItem(self.tr("Move one weight"), "one")
        self.what.addItem(self.tr("Move all, along −∇C"), "all")
        describe(
            self.what,
            "step_what",
            self.tr("What is moved"),
            self.tr("One weight, or all weights and biases at once along the gradient of the cost."),
        )
        self._column.addWidget(self.what)
        self._values: tuple[Value, Value] | None = None
        self.what.activated.connect(self._choose)

    def set_sizes(self, outputs: int, before: int, weight: tuple[int, int]) -> None:
        """Fields for a network whose last layer has so many outputs, and so many units before it."""
        for old in self._values or ():
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        output = Value(
            "step_output",
            self.tr("of output"),
            self.tr("Whose weight it is: the output of this number."),
            Scale(0, max(1, outputs - 1), step=1),
            weight[0],
            bounds=(0, outputs - 1),
            whole=True,
        )
        unit = Value(
            "step_unit",
            self.tr("for hidden neuron"),
            self.tr("From which neuron of the layer before, counted from 1, the weight takes its input."),
            Scale(1, max(2, before), step=1),
            weight[1] + 1,
            bounds=(1, before),
            whole=True,
        )
        self._values = output, unit
        for value in self._values:
            self._column.addWidget(value)
            value.changed.connect(lambda _: self.changed.emit())
        self._show()

    def set_weight(self, weight: tuple[int, int] | None) -> None:
        """Chooses a weight, or with None all; tells nobody."""
        self.what.setCurrentIndex(0 if weight else 1)
        if weight and self._values is not None:
            self._values[0].set_value(weight[0])
            self._values[1].set_value(weight[1] + 1)
        self._show()

    @property
    def weight(self) -> tuple[int, int] | None:
        """The output and the unit before it, both from 0; None for all weights."""
        if self._values is None or self.what.currentData() == "all":
            return None
        return int(self._values[0].value()), int(self._values[1].value()) - 1

    def _choose(self) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        for value in self._values or ():
            value.setVisible(self.what.currentData() == "one")
