"""One weight of a copy of the lab's network is nudged, and the outputs answer."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from mnistviz.engine.digits import Digits, grey_values
from mnistviz.engine.ideas.nudging import NudgedCopy, Weight, WeightNudge
from mnistviz.engine.moment import Moment
from mnistviz.gui.common import numbers
from mnistviz.gui.common.class_names import class_name
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.ideas.sigmoid.output_rows import OutputRows
from mnistviz.gui.ideas.sigmoid.weight_image import WeightImage

_FIRST = 100  # test digits


class NetworkScene(QWidget):
    """The weight is chosen on the picture of its unit. What the nudge does is covered until it is told."""

    moved = Signal()  # another weight, by the user
    predicted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.weights, self.digit = WeightImage("weights", theme), WeightImage("digit", theme)
        self.outputs = OutputRows(theme)
        self.unit = self.number = 0
        """The unit whose weights are seen, and the test digit, both from 0."""
        self.by = 1.0
        self.told = False
        self.nudge: WeightNudge | None = None
        self._copy: NudgedCopy | None = None
        self._moment: Moment | None = None
        self._digits: Digits | None = None
        self._titles = {name: QLabel() for name in ("weights", "digit", "outputs", "line")}
        self._build()
        for image in (self.weights, self.digit):
            image.chosen.connect(self._take_pixel)
        self.outputs.predicted.connect(self._take_guess)

    def _build(self) -> None:
        describe(
            self.weights,
            "nudge_weights",
            self.tr("Weights of one unit"),
            self.tr("A click or the arrows choose the weight that is nudged: orange says yes, blue no."),
        )
        describe(
            self.digit,
            "nudge_digit",
            self.tr("The digit"),
            self.tr("What the pixels are that the weights belong to; a click chooses one here too."),
        )
        describe(
            self.outputs,
            "nudge_outputs",
            self.tr("Outputs"),
            self.tr("What the network answers. A click, or Up and Down, says which output will move most."),
        )
        for name, title in self._titles.items():
            title.setProperty("role", "quietText" if name == "line" else "cardTitle")
            title.setTextFormat(Qt.TextFormat.PlainText)
            title.setWordWrap(True)
        self._titles["outputs"].setText(self.tr("What the outputs say"))
        pictures = QVBoxLayout()
        pictures.setSpacing(3)
        for name, picture in (("weights", self.weights), ("digit", self.digit)):
            pictures.addWidget(self._titles[name])
            pictures.addWidget(picture, 1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.addLayout(pictures, 0, 0, 2, 1)
        grid.addWidget(self._titles["outputs"], 0, 1)
        grid.addWidget(self.outputs, 1, 1)
        grid.addWidget(self._titles["line"], 2, 0, 1, 2)
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 5)
        grid.setRowStretch(1, 1)

    # What is shown

    @property
    def weight(self) -> Weight:
        """The weight that is nudged."""
        return Weight(1, self.unit, self.weights.pixel)

    @property
    def units(self) -> int:
        """How many units have pictures."""
        return 1 if self._moment is None else self._moment.network.sizes[1]

    def use(self, moment: Moment, digits: Digits) -> None:
        """Another network: a copy of it is nudged."""
        self._moment, self._digits = moment, digits
        self._copy = NudgedCopy(moment.network)

    def open_digit(self) -> None:
        """Shows the digit, of the first ones, that the network is least sure of, and frames the weight whose nudge
        moves an output most, in the first order: else one might see nothing at all."""
        assert self._copy is not None
        assert self._digits is not None
        self.number = self._copy.least_sure(self._digits.test.images[:_FIRST])
        weight = self._copy.strongest(self._pixels(), 1)
        self.unit = weight.unit
        self.weights.choose(weight.source)
        self.renew()

    def frame_silent(self) -> None:
        """Frames the pixel without ink that is nearest to the middle."""
        pixels = self._pixels().reshape(28, 28)
        rows, columns = np.nonzero(pixels == 0)
        if len(rows):
            nearest = int(((rows - 13.5) ** 2 + (columns - 13.5) ** 2).argmin())
            self._frame(int(rows[nearest] * 28 + columns[nearest]))

    def renew(self) -> None:
        """Computes and draws everything anew."""
        if self._copy is None or self._moment is None or self._digits is None:
            return
        network, pixels = self._moment.network, self._pixels()
        self.digit.choose(self.weights.pixel)
        self.weights.show_values(network.weights[0][self.unit])
        self.digit.show_values(pixels)
        self._renew_nudge()

    def set_by(self, by: float) -> None:
        """How far the weight is nudged."""
        self.by = by
        self._renew_nudge()

    def tell(self) -> None:
        self.told = True
        self._draw()

    def cover(self) -> None:
        """Hides what the nudge does, and takes the guess back."""
        self.told = False
        self.outputs.set_guess(None)
        self._draw()

    def set_theme(self, theme: Theme) -> None:
        for part in (self.weights, self.digit, self.outputs):
            part.set_theme(theme)

    def name(self, output: int) -> str:
        """What an output stands for."""
        return class_name(() if self._digits is None else self._digits.classes, output)

    def _pixels(self) -> np.ndarray:
        assert self._digits is not None
        return grey_values(self._digits.test.images[self.number])

    def _renew_nudge(self) -> None:
        if self._copy is not None:
            self.nudge = self._copy.nudge(self._pixels(), self.weight, self.by)
            self._draw()

    def _draw(self) -> None:
        if self.nudge is None or self._moment is None or self._digits is None:
            return
        names = tuple(self.name(output) for output in range(len(self.nudge.before)))
        self.outputs.show_nudge(self.nudge, names, told=self.told)
        label = int(self._digits.test.labels[self.number])
        self._titles["weights"].setText(self.tr("Unit {unit}").format(unit=numbers.whole(self.unit + 1)))
        self._titles["digit"].setText(
            self.tr("Test digit {number}, a “{name}”").format(
                number=numbers.whole(self.number), name=self.name(label)
            )
        )
        told = self.tr("The framed weight: {weight} · the pixel there: {grey} of 1")
        told = told.format(
            weight=numbers.number_text(self.weight.of(self._moment.network), 2),
            grey=numbers.number_text(float(self._pixels()[self.weights.pixel]), 2),
        )
        self._titles["line"].setText(told)
        self.weights.setAccessibleDescription(told)

    def _take_pixel(self, pixel: int) -> None:
        self._frame(pixel)
        self.moved.emit()

    def _frame(self, pixel: int) -> None:
        for image in (self.weights, self.digit):
            image.choose(pixel)
        self._renew_nudge()

    def _take_guess(self, output: int) -> None:
        self.predicted.emit()
