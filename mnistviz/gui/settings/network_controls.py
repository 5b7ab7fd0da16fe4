"""The network of a new run: its recipe, layers, functions, initial weights, digits and seed."""

from __future__ import annotations

import random

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from mnistviz.engine.functions import COSTS
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.gui.common import setting_names as names
from mnistviz.gui.common.icons import icon
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.settings.layers_editor import LayersEditor
from mnistviz.gui.settings.scale import Scale
from mnistviz.gui.settings.settings_group import SettingsGroup


class NetworkControls(SettingsGroup):
    """Everything that needs a new run. What does not fit together is not offered."""

    def __init__(self, theme: Theme, recipes: QWidget) -> None:
        super().__init__(self.tr("Network"), self.tr("in a new run"), "network")
        self._n_training = 0
        self.body.addWidget(recipes)
        self.layers = LayersEditor(theme)
        self._adopt("sizes", self.layers)
        self._choice("activation")
        self.output = self._choice("output")
        self.cost = self._choice("cost")
        self.initial_weights = self._choice("initial_weights")
        self.digits = self._slider("training_digits")
        self.seed = self._number("seed")
        self._others()
        self.dice = QPushButton()
        self.dice.setAutoDefault(False)
        describe(
            self.dice, "random_seed_button", self.tr("Random seed"), self.tr("Draws another seed by chance.")
        )
        self.dice.clicked.connect(self._draw_seed)
        row = QHBoxLayout()
        row.addWidget(self.seed, 1)
        row.addWidget(self.dice)
        self.body.addLayout(row)

    def set_data(self, n_training: int, outputs: int) -> None:
        """Tells how many training digits and classes the data set has."""
        self._n_training = n_training
        least = SETTINGS["training_digits"].bounds[0]
        self.digits.set_scale(Scale(least, max(n_training, 2 * least)))
        self.layers.set_outputs(outputs)

    def show_hints(self, settings: Settings) -> None:
        """Says what goes with what, and holds back what does not fit together."""
        self.output.hold_back(
            {
                output: self.tr("Needs another cost: choose cross-entropy first.")
                for output in SETTINGS["output"].choices
                if (output, settings.cost) not in COSTS
            }
        )
        self.cost.hold_back(
            {
                cost: self.tr("Does not fit the {output} output.").format(
                    output=names.value("output", settings.output)
                )
                for cost in SETTINGS["cost"].choices
                if (settings.output, cost) not in COSTS
            }
        )
        rectified = settings.activation in ("relu", "leaky_relu")
        self.initial_weights.set_hint(
            self.tr("√(2/n) is made for ReLU neurons.")
            if rectified and settings.initial_weights != "he"
            else self.tr("standard deviation, with n inputs")
        )
        if self._n_training:
            everything = settings.training_digits >= self._n_training
            text = self.tr("all {count} are used") if everything else self.tr("the first ones of {count}")
            self.digits.set_hint(text.format(count=QLocale().toString(self._n_training)))

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.layers.set_theme(theme)
        self.dice.setIcon(icon("dice", theme.text))

    def _draw_seed(self) -> None:
        self.seed.set_value(random.randint(1, 9_999))
        self.edited.emit("seed")
