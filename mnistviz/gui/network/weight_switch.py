"""The choice of what pictures of weights show: the weights, or what was learned of them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.gui.common.widgets import describe


class WeightSwitch(QWidget):
    """A choice of two: the weights as they are, or what training has added to them."""

    changed = Signal()

    WEIGHTS: Final = "weights"
    LEARNED: Final = "learned"

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        group = QButtonGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        for value, text, tip in (
            (self.WEIGHTS, self.tr("weights"), self.tr("Shows the weights as they are now.")),
            (
                self.LEARNED,
                self.tr("learned"),
                self.tr("Shows what training has added to the weights since the start of the run."),
            ),
        ):
            button = self.buttons[value] = QToolButton()
            button.setText(text)
            button.setCheckable(True)
            button.setProperty("role", "quiet")
            describe(button, f"{name}_{value}", text, tip)
            button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
            group.addButton(button)
            row.addWidget(button)
        # Weights that start from N(0, 1) hide what is learned; their difference shows it.
        self.buttons[self.LEARNED].setChecked(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.buttons[self.LEARNED].toggled.connect(self._toggled)

    def value(self) -> str:
        return self.LEARNED if self.learned() else self.WEIGHTS

    def learned(self) -> bool:
        return self.buttons[self.LEARNED].isChecked()

    def initial(self, moment: Moment | None) -> Network | None:
        """The network that the run began with, if what was learned since is to be shown, and there is something."""
        return moment.initial if moment is not None and moment.step and self.learned() else None

    def set_value(self, value: str) -> None:
        """Chooses `WEIGHTS` or `LEARNED`; anything else changes nothing."""
        if value in self.buttons:
            self.buttons[value].setChecked(True)

    def _toggled(self) -> None:
        self.changed.emit()
