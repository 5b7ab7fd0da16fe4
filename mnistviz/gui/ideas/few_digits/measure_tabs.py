"""Which measure of the draws is seen, and the button for draws of all sizes."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from mnistviz.gui.common.flow_layout import FlowLayout
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.ideas.few_digits.cloud import MEASURES, Measure


class MeasureTabs(QWidget):
    """A button for each, in a row that goes on in a new line."""

    chosen = Signal(str)  # a measure, by the user

    def __init__(self) -> None:
        super().__init__()
        texts = {
            "off": (self.tr("How far off"), self.tr("How far the gradient of m digits is from that of all.")),
            "angle": (self.tr("Angle"), self.tr("The angle between the two gradients.")),
            "length": (self.tr("Length"), self.tr("How long the gradient of m digits is, over that of all.")),
            "epoch": (self.tr("Time of an epoch"), self.tr("What an epoch in steps of m digits takes here.")),
        }
        group, flow = QButtonGroup(self), FlowLayout(self, spacing=6)
        self.buttons: dict[Measure, QPushButton] = {}
        for measure in MEASURES:
            text, tip = texts[measure]
            button = QPushButton(text)
            button.setCheckable(True)
            button.setProperty("role", "tab")
            describe(button, f"few_{measure}", text, tip)
            button.clicked.connect(partial(self.chosen.emit, measure))
            group.addButton(button)
            flow.addWidget(button)
            self.buttons[measure] = button

    def show_chosen(self, measure: Measure) -> None:
        for each, button in self.buttons.items():
            button.setChecked(each == measure)


class AllSizes(QPushButton):
    """A few draws at each of the round sizes."""

    def __init__(self) -> None:
        super().__init__()
        text = self.tr("All sizes")
        tip = self.tr("Draws five times each with 1, 2, 5, 10 … digits, up to all of them.")
        self.setText(text)
        describe(self, "few_all_sizes", text, tip)
