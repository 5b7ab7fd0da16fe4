"""The groups of controls: the network, its digits, training, stopping and distortion."""

from __future__ import annotations

import random
from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QPushButton

from mnistviz.engine.distortion import distorts
from mnistviz.engine.functions import ACTIVATIONS, COSTS, INITIAL_WEIGHTS
from mnistviz.engine.history import Measured
from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.engine.workspace import decay_acts
from mnistviz.gui.common import numbers, setting_names
from mnistviz.gui.common.icons import icon
from mnistviz.gui.common.layouts import column_of, row_of, styled
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import describe, push_button, translated
from mnistviz.gui.common.wrapped import WrappedLabel
from mnistviz.gui.lab.shown import Draft
from mnistviz.gui.settings.distortion_preview import DistortionPreview
from mnistviz.gui.settings.eta_control import EtaControl
from mnistviz.gui.settings.layers_editor import LayersEditor
from mnistviz.gui.settings.setting_control import CHOICE_WIDTH, DOT_ROOM, SettingControl, scaled
from mnistviz.gui.settings.settings_group import FoldedGroup, GroupHeading, SettingsGroup

_SHORT = 2  # letters: longer class names get fewer buttons in a line
_IN_A_LINE, _LONG_IN_A_LINE = 5, 2
_BETWEEN, _AROUND = 3, 6  # pixels between two buttons, and around the text of one


class ClassChips(SettingControl):
    """A label and a button for each class, pressed if the class is chosen. One class always stays unchosen."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.chips: list[QPushButton] = []
        self._names: tuple[str, ...] = ()
        self._grid = QGridLayout()
        self._grid.setSpacing(_BETWEEN)
        self._place(self._grid, label=(self.label, 0, Qt.AlignmentFlag.AlignTop))

    def set_classes(self, names: Sequence[str]) -> None:
        if self._names == tuple(names):
            return
        self._names = tuple(names)
        for chip in self.chips:
            self._grid.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = [self._new_chip(number) for number in range(len(names))]
        self.fit_font()
        self._show()

    def value(self) -> tuple[int, ...]:
        return tuple(number for number, chip in enumerate(self.chips) if chip.isChecked())

    def set_value(self, value: tuple[int, ...]) -> None:
        for number, chip in enumerate(self.chips):
            with QSignalBlocker(chip):
                chip.setChecked(number in value)
        self._show()

    def fit_font(self) -> None:
        """Make all lines as wide as a list; elide names that are wider than their button."""
        in_line = self._in_a_line()
        width = (scaled(CHOICE_WIDTH, self) - (in_line - 1) * _BETWEEN) // in_line
        for number, (name, chip) in enumerate(zip(self._names, self.chips, strict=True)):
            chip.setFixedWidth(width)
            chip.ensurePolished()
            text = QFontMetrics(chip.font()).elidedText(name, Qt.TextElideMode.ElideRight, width - _AROUND)
            chip.setText(text.replace("&", "&&"))
            self._describe_chip(chip, number)

    def _in_a_line(self) -> int:
        longest = max((len(name) for name in self._names), default=0)
        return _IN_A_LINE if longest <= _SHORT else _LONG_IN_A_LINE

    def _new_chip(self, number: int) -> QPushButton:
        chip = QPushButton()
        chip.setProperty("role", "small")
        chip.setCheckable(True)
        chip.setAutoDefault(False)
        self._describe_chip(chip, number)
        chip.toggled.connect(self._toggled)
        self._grid.addWidget(chip, number // self._in_a_line(), number % self._in_a_line())
        return chip

    def _toggled(self) -> None:
        self._show()
        self._emit_changed()

    def _show(self) -> None:
        free = [chip for chip in self.chips if not chip.isChecked()]
        for number, chip in enumerate(self.chips):
            if chip.isEnabled() != (free != [chip]):
                chip.setEnabled(free != [chip])
                self._describe_chip(chip, number)

    def _describe(self, tip: str) -> None:
        self.label.setToolTip(self._with_fact(tip))
        self.label.setWhatsThis(tip)
        for number, chip in enumerate(self.chips):
            self._describe_chip(chip, number)

    def _describe_chip(self, chip: QPushButton, number: int) -> None:
        name = self.tr("{setting}: {name}").format(setting=self._label_text, name=self._names[number])
        tip = self._with_fact(self._tip)
        if chip.text().endswith("…"):
            tip = f"{self._names[number]}\n{tip}"
        if not chip.isEnabled():
            tip = self.tr("At least one class must be trained on.")
        describe(chip, f"{self._name}_{number}", name, tip)

    def _reset(self) -> None:
        if self.value() != self._default:
            self.set_value(self._default)
            self._emit_changed()


class DigitControls(FoldedGroup):
    def __init__(self, about: str) -> None:
        """Create the controls; `about` is their tooltip, with `{what}` for what the setting is."""
        super().__init__(self.tr("Digits"), "digits", about)
        self.random_labels = self._number("random_labels")
        self.classes = self._explain("classes_left_out", ClassChips("classes_left_out"))

    def show_hints(self, settings: Settings, epoch: int) -> None:
        self.show_unusual(
            settings,
            self.tr("as they are"),
            lambda names: self.tr("{count} changes").format(count=numbers.whole(len(names))),
        )
        hint = ""
        if settings.random_labels and epoch:
            hint = self.tr("{drawn} of {count} labels are drawn; some are right by chance.").format(
                drawn=numbers.whole(round(settings.random_labels * epoch)), count=numbers.whole(epoch)
            )
        self.random_labels.set_hint(hint)


class NetworkControls(SettingsGroup):
    """Every setting that needs a new run. Invalid combinations are not offered."""

    def __init__(self) -> None:
        self.heading = GroupHeading(self.tr("Network"))
        self.heading.note.setText(self.tr("in a new run"))
        about = self.tr("{what} Takes effect in a new run; double-click for the default.")
        super().__init__(self.heading, "network", about)
        self.n_training = 0
        self.layers = self._explain("sizes", LayersEditor())
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

    def show_hints(self, settings: Settings, epoch: int) -> None:
        """Describe the settings, and disable invalid combinations."""
        self.output.disable(
            {
                output: self.tr("Needs another cost: choose {cost} first.").format(
                    cost=setting_names.value("cost", cost)
                )
                for output, cost in COSTS
                if (output, settings.cost) not in COSTS
            }
        )
        self.cost.disable(
            {
                cost: self.tr("Does not fit the {output} output.").format(
                    output=setting_names.value("output", settings.output)
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


class TrainingControls(SettingsGroup):
    """Mini-batch, order of the digits, schedule of η, weight decay, momentum and dropout; and η itself, which is placed
    elsewhere."""

    def __init__(self, eta: EtaControl, *folded: SettingsGroup) -> None:
        """Create the controls; `folded` groups follow at the end."""
        self.heading = GroupHeading(self.tr("Training"))
        tip = self.tr("{what} Takes effect at the next mini-batch; double-click for the default.")
        super().__init__(self.heading, "training", tip)
        self.eta = self._explain("eta", eta, "Ctrl+Up, Ctrl+Down")
        self.mini_batch_size = self._number("mini_batch_size")
        self._choice("order")
        self.schedule = self._choice("schedule")
        self.schedule_epochs = self._number("schedule_epochs")
        self.weight_decay = self._number("weight_decay")
        self._number("momentum")
        self.momentum_kind = self._choice("momentum_kind")
        self._others()
        for group in folded:
            self.body.addWidget(group)

    def show_hints(self, settings: Settings, epoch: int) -> None:
        self.schedule_epochs.setVisible(settings.schedule != "constant")
        self.momentum_kind.setVisible(settings.momentum > 0)
        self.momentum_kind.set_hint(
            self.tr("v → μv − η∇C,  w → w + μv − η∇C")
            if settings.momentum_kind == "nesterov"
            else self.tr("v → μv − η∇C,  w → w + v")
        )
        if epoch:
            number = numbers.whole
            self.mini_batch_size.set_fact(
                self.tr("Now a gradient from {size} of {all} digits.").format(
                    size=number(settings.mini_batch_size), all=number(epoch)
                )
            )
            self.weight_decay.set_hint(self._about_decay(settings, epoch))

    def _about_decay(self, settings: Settings, epoch: int) -> str:
        if not settings.weight_decay:
            return ""
        if decay_acts(settings, epoch):
            return self.tr("w → (1 − ηλ/n) w − η∇C₀,  n = {n}").format(n=numbers.whole(epoch))
        rate = numbers.one_figure(settings.eta * settings.weight_decay / epoch)
        return self.tr("No effect: ηλ/n = {rate} is too small for a float32 weight.").format(rate=rate)

    def show_eta(self, draft: Draft, eta: float | None, zero_from: float | None) -> None:
        """Show the present η of a schedule, and the epoch from which a cosine schedule leaves it 0.

        `eta` is that of the next mini-batch, `zero_from` the epoch. Both are None if unknown.
        """
        settings = draft.settings
        epoch = "" if zero_from is None else numbers.epochs(zero_from)
        self.schedule_epochs.set_hint(self._about_schedule(settings, epoch))
        if settings.schedule == "cosine" and eta == 0 and epoch:
            now = self.tr("η has been 0 since epoch {epoch}").format(epoch=epoch)
        elif settings.schedule != "constant" and eta is not None:
            now = self.tr("η is now {eta}").format(eta=numbers.rounded(eta, 3))
        elif settings.schedule != "constant":
            now = self.tr("η at the start of the schedule")
        else:
            now = self.tr("You changed η, so its schedule has ended.") if draft.taken_over else ""
        self.schedule.set_hint(now)
        self.eta.set_fact(now)

    def _about_schedule(self, settings: Settings, epoch: str) -> str:
        match settings.schedule:
            case "cosine" if epoch:
                return self.tr("η falls along half a cosine and is 0 from epoch {epoch} on.").format(
                    epoch=epoch
                )
            case "cosine":
                return self.tr("η falls to 0 along half a cosine in this many epochs.")
            case "step":
                return self.tr("η is divided by ten each time this many epochs end.")
            case "halve":
                return self.tr("η is halved when validation has not improved for this many epochs.")
        return ""


class StoppingControls(FoldedGroup):
    def __init__(self) -> None:
        super().__init__(self.tr("Stopping"), "stopping")
        self._best: Measured | None = None
        self._past = False
        self._choice("stop")
        self.stop_epochs = self._number("stop_epochs")
        self._others()
        self.restore_button = QPushButton()
        begin = (DOT_ROOM, 0, 0, 0)  # aligned with the names
        self.body.addLayout(row_of(self.restore_button, margins=begin))
        self.show_best(None, force=True)

    def show_hints(self, settings: Settings, epoch: int) -> None:
        """Show the number of epochs where a stopping rule needs it, with a description of the rule."""
        self.fold.show_state(self._state(settings))
        self.stop_epochs.setVisible(settings.stop != "never")
        self.stop_epochs.set_hint(
            self.tr("Pauses when validation has not improved for n epochs.")
            if settings.stop == "no_improvement"
            else self.tr("Pauses after the n-th epoch of the run.")
        )

    def _state(self, settings: Settings) -> str:
        epochs = numbers.whole(settings.stop_epochs)
        match settings.stop:
            case "epochs":
                return self.tr("after {count} epochs").format(count=epochs)
            case "no_improvement":
                return self.tr("no gain in {count} epochs").format(count=epochs)
        return setting_names.value("stop", settings.stop)

    def show_best(
        self, best: Measured | None, epoch: int = 1, *, past: bool = False, force: bool = False
    ) -> None:
        """Show the best weights so far, with `epoch` digits in an epoch. They cannot be restored while the `past` is
        viewed."""
        if (best, past) == (self._best, self._past) and not force:
            return
        self._best, self._past = best, past
        self.restore_button.setEnabled(best is not None and not past)
        tip = self.tr(
            "Restores the weights and the settings of the epoch that read the most validation digits."
        )
        if past:
            tip = self.tr(
                "The past cannot be changed: press Live first. The star on the strip shows the best weights."
            )
        describe(self.restore_button, "restore_best_button", self.tr("Go back to the best weights"), tip)
        if best is None:
            self.restore_button.setText(self.tr("Go back to the best"))
            return
        self.restore_button.setText(
            self.tr("Go back to the best\nepoch {epoch}, {percent}").format(
                epoch=numbers.tick(round(best.digits / epoch, 2)), percent=numbers.percent(best.accuracy)
            )
        )


class DistortionControls(FoldedGroup):
    def __init__(self, theme: Theme) -> None:
        tip = self.tr("{what} 0 switches it off. Takes effect at the next mini-batch.")
        super().__init__(self.tr("Distortion"), "distortion", tip)
        self._others()
        self.preview = DistortionPreview(theme)
        self.about = styled(WrappedLabel(), "hint")
        self.others = push_button(
            "option", "other_examples_button", self.tr("other examples"),
            self.tr("Shows other training digits, distorted as the network may be shown them."),
            accessible=self.tr("Other examples"), act=self.preview.other_examples,
        )  # fmt: skip
        row = row_of((self.about, 1), (self.others, 0, Qt.AlignmentFlag.AlignTop))
        begin = (DOT_ROOM, 0, 0, 0)  # aligned with the names
        self.body.addLayout(column_of(self.preview, row, spacing=4, margins=begin))

    def show_hints(self, settings: Settings, epoch: int) -> None:
        self.preview.set_settings(settings)
        self.show_unusual(settings, self.tr("off"), ", ".join)
        self.about.setText(
            self.tr("dark: as shown to the network")
            if distorts(settings)
            else self.tr("shown as they were written")
        )

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.preview.set_theme(theme)
