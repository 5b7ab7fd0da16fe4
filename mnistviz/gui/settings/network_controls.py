"""The network of a new run: its layers, functions, initial weights, digits and seed."""

from __future__ import annotations

import random

from mnistviz.engine.functions import ACTIVATIONS, COSTS, INITIAL_WEIGHTS
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.gui.common import numbers
from mnistviz.gui.common import setting_names as names
from mnistviz.gui.common.icons import icon
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import push_button, translated
from mnistviz.gui.settings.digit_controls import DigitControls
from mnistviz.gui.settings.layers_editor import LayersEditor
from mnistviz.gui.settings.settings_group import GroupHeading, SettingsGroup


class NetworkControls(SettingsGroup):
    """Every setting that needs a new run. Invalid combinations are not offered."""

    def __init__(self) -> None:
        self.heading = GroupHeading(self.tr("Network"))
        self.heading.note.setText(self.tr("in a new run"))
        about = self.tr("{what} Takes effect in a new run; double-click for the default.")
        super().__init__(self.heading, "network", about)
        self.n_training = 0
        self.layers = LayersEditor()
        self._explain("sizes", self.layers)
        self._choice("activation")
        self.output = self._choice("output")
        self.cost = self._choice("cost")
        self.initial_weights = self._choice("initial_weights")
        self.digits = self._number("training_digits")
        self.seed = self._number("seed")
        self._others()
        spoken, tip = self.tr("Random seed"), self.tr("Chooses a random seed.")
        name = "random_seed_button"
        self.dice = push_button("cell", name, tip=tip, accessible=spoken, act=self._draw_seed)
        self.dice.setAutoDefault(False)
        self.seed.add_beside(self.dice)
        self.digit_group = DigitControls(about)
        self.body.addWidget(self.digit_group)

    def set_data(self, n_training: int, outputs: int) -> None:
        """Set how many training digits and classes the data set has."""
        self.n_training = n_training
        self.layers.set_outputs(outputs)

    def show_hints(self, settings: Settings, epoch: int) -> None:
        """Describe the settings, and disable invalid combinations; `epoch` is the number of digits in an epoch."""
        self.output.disable(
            {
                output: self.tr("Needs another cost: choose {cost} first.").format(
                    cost=names.value("cost", cost)
                )
                for output, cost in COSTS
                if (output, settings.cost) not in COSTS
            }
        )
        self.cost.disable(
            {
                cost: self.tr("Does not fit the {output} output.").format(
                    output=names.value("output", settings.output)
                )
                for cost in SETTINGS["cost"].choices
                if (settings.output, cost) not in COSTS
            }
        )
        suited = ACTIVATIONS[settings.activation].initial_weights
        hint = INITIAL_WEIGHTS[suited].hint if settings.initial_weights != suited else ""
        self.initial_weights.set_hint(translated(hint) if hint else "")
        if self.n_training:
            count, used = numbers.whole(self.n_training), numbers.whole(epoch)
            if epoch == self.n_training:
                text = self.tr("All {count} are used.")
            elif settings.classes_left_out:
                text = self.tr("{used} of {count} are used: none of the classes left out.")
            else:
                text = self.tr("The first ones of {count} are used.")
            self.digits.set_fact(text.format(count=count, used=used))
            fewer = settings.training_digits > self.n_training
            self.digits.set_hint(self.tr("This data set has {count}.").format(count=count) if fewer else "")

    def set_theme(self, theme: Theme) -> None:
        self.dice.setIcon(icon("dice", theme.text))

    def _draw_seed(self) -> None:
        self.seed.set_value(random.randint(1, 9_999))
        self.seed.changed.emit("seed")
