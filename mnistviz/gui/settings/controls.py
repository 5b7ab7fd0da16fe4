"""The controls of all settings, with what each means now."""

import random
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QSignalBlocker, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from mnistviz.engine.digits import Digits
from mnistviz.engine.distortion import distorts
from mnistviz.engine.functions import ACTIVATIONS, COSTS, INITIAL_WEIGHTS
from mnistviz.engine.settings import SETTINGS, Setting, Settings
from mnistviz.engine.workspace import decay_acts
from mnistviz.gui.common import numbers, setting_names
from mnistviz.gui.common.layouts import column_of, row_of, styled
from mnistviz.gui.common.texts import tr, translated
from mnistviz.gui.common.widgets import describe, push_button, scaled
from mnistviz.gui.common.wrapped import WrappedLabel
from mnistviz.gui.lab.shown import Draft
from mnistviz.gui.settings.distortion_preview import DistortionPreview
from mnistviz.gui.settings.eta_control import EtaControl
from mnistviz.gui.settings.layers_editor import LayersEditor
from mnistviz.gui.settings.setting_control import (
    CHOICE_WIDTH,
    DOT_ROOM,
    ChoiceControl,
    NameLabel,
    NumberField,
    SettingControl,
)
from mnistviz.gui.settings.settings_list import Opener, SettingsRow

_BUTTON = 30  # pixels: the width of a button beside a field
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
        chip = push_button("small", f"{self._name}_{number}", checkable=True)
        chip.setProperty("row", self.label.property("row"))
        chip.setAutoDefault(False)
        chip.toggled.connect(self._toggled)
        self._grid.addWidget(chip, number // self._in_a_line(), number % self._in_a_line())
        return chip

    def _toggled(self) -> None:
        self._show()
        self._emit_changed()

    def _show(self) -> None:
        free = [chip for chip in self.chips if not chip.isChecked()]
        for number, chip in enumerate(self.chips):
            chip.setEnabled(free != [chip])
            self._describe_chip(chip, number)

    def _describe(self, tip: str) -> None:
        self.label.setToolTip(self._with_fact(tip))
        self.label.setWhatsThis(tip)
        for number, chip in enumerate(self.chips):
            self._describe_chip(chip, number)

    def _describe_chip(self, chip: QPushButton, number: int) -> None:
        name = tr("{setting}: {name}", setting=self._label_text, name=self._names[number])
        tip = self._with_fact(self._tip)
        if chip.text().endswith("…"):
            tip = f"{self._names[number]}\n{tip}"
        if not chip.isEnabled():
            tip = tr("At least one class must be trained on.")
        describe(chip, f"{self._name}_{number}", name, tip)

    def reset(self) -> None:
        if self.value() != self._default:
            self.set_value(self._default)
            self._emit_changed()


DISTORTION: Final = ("shift", "rotation", "elastic")


class SettingControls(QObject):
    """The controls of all settings, by name, and their rows. Invalid combinations are not offered."""

    def __init__(self, eta: EtaControl) -> None:
        super().__init__()
        self.eta, self.layers, self.classes = eta, LayersEditor(), ClassChips("classes_left_out")
        self.n_training = 0
        self.choices = {name: ChoiceControl(name) for name, each in SETTINGS.items() if each.choices}
        own: dict[str, SettingControl] = {"sizes": self.layers, "eta": eta, "classes_left_out": self.classes}
        names = [name for name in SETTINGS if name not in own and name not in self.choices]
        self.numbers = {name: NumberField(name) for name in names}
        made = {**own, **self.choices, **self.numbers}
        self.by_name: dict[str, SettingControl] = {name: made[name] for name in SETTINGS}
        for name, control in self.by_name.items():
            about = self._about(SETTINGS[name]).format(what=setting_names.tip(name))
            control.explain(about, "Ctrl+Up, Ctrl+Down" if control is eta else "")
        spoken, tip = tr("Random seed"), tr("Chooses a random seed.")
        self.dice = push_button("cell", "random_seed_button", tip=tip, accessible=spoken, act=self._draw_seed)
        self.dice.setAutoDefault(False)
        self.numbers["seed"].add_beside(self.dice)
        self._make_distortion()
        name, tip = tr("Classes"), tr("Shows the classes of digits, to leave some of them out.")
        self.open_classes = Opener("cell", "classes_opener", name, tip, self.classes, self.classes.value)
        self.numbers["training_digits"].add_beside(self.open_classes)

    def _about(self, setting: Setting) -> str:
        if setting.new_run:
            return tr("{what} Takes effect in a new run; double-click for the default.")
        if setting.group == "distortion":
            return tr("{what} 0 switches it off. Takes effect at the next mini-batch.")
        if setting.group == "stopping":
            return "{what}"
        return tr("{what} Takes effect at the next mini-batch; double-click for the default.")

    def _make_distortion(self) -> None:
        self.preview, self._shown_as = DistortionPreview(), styled(WrappedLabel(), "hint")
        self.others = push_button(
            "option", "other_examples_button", tr("other examples"),
            tr("Shows other training digits, distorted as the network may be shown them."),
            accessible=tr("Other examples"), act=self.preview.other_examples,
        )  # fmt: skip
        beside = row_of((self._shown_as, 1), (self.others, 0, Qt.AlignmentFlag.AlignTop))
        examples = column_of(self.preview, beside, spacing=4, margins=(DOT_ROOM, 0, 0, 0))
        inside, tip = QWidget(), tr("Shows how the training digits are shifted, turned and bent.")
        column_of(*(self.numbers[name] for name in DISTORTION), examples, spacing=4, inside=inside)
        name = tr("Distortion")
        self.distortion = Opener("choice", "distortion_opener", name, tip, inside)
        self.distortion.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the chevron at the right
        self.distortion_label = NameLabel(name, lambda: None)
        self.distortion_label.setBuddy(self.distortion)

    def rows(self) -> tuple[list[SettingsRow], list[tuple[str, list[SettingsRow]]]]:
        """Return the rows that are always visible, and the groups of the others with their titles."""

        def row(*names: str, decide: int = 1) -> SettingsRow:
            return SettingsRow(*(self.by_name[name] for name in names), decide=names[:decide])

        head = QWidget()
        row_of(self.distortion_label, self.distortion, None, spacing=0, inside=head)
        distortion = SettingsRow(head, self.distortion.inside, decide=DISTORTION)
        self.choices["stop"].label.setProperty("head", True)
        stop, choices = row("stop", "stop_epochs"), ("activation", "output", "cost", "initial_weights")
        training = [
            row("order"), row("weight_decay"), row("momentum", "momentum_kind"), row("dropout"),
            row("schedule", "schedule_epochs"),
        ]  # fmt: skip
        digits = [row("training_digits", "classes_left_out", decide=2), row("random_labels"), distortion]
        return [row("mini_batch_size"), row("sizes"), row("seed")], [
            (tr("Training"), training),
            (tr("Network"), [row(name) for name in choices]),
            (tr("Digits"), digits),
            (tr("Stopping"), [stop]),
        ]

    def set_open(self, more: bool) -> None:
        """Show the buttons that add a layer and draw a seed only beside all settings."""
        self.dice.setVisible(more)
        self.layers.show_button(more)

    def fit_font(self) -> None:
        self.distortion.setFixedWidth(scaled(CHOICE_WIDTH, self.layers))
        for button in (self.dice, self.layers.add_button, self.open_classes):
            button.setFixedWidth(scaled(_BUTTON, self.layers))
        for control in self.by_name.values():
            control.fit_font()
            if (layout := control.layout()) is not None:
                layout.activate()  # hidden, it would keep its former width until it is shown

    def set_digits(self, digits: Digits) -> None:
        self.n_training = len(digits.training)
        self.layers.set_outputs(len(digits.classes))
        self.classes.set_classes(digits.classes)
        self.preview.set_digits(digits.training)

    def _draw_seed(self) -> None:
        self.numbers["seed"].set_value(random.randint(1, 9_999))
        self.numbers["seed"].changed.emit("seed")

    def show_hints(self, settings: Settings, epoch: int) -> None:
        """Show what `settings` mean, with `epoch` digits in an epoch, 0 if unknown; disable what does not fit them."""
        self._show_combinations(settings)
        self._show_training(settings, epoch)
        self._show_digits(settings, epoch)
        self._show_distortion(settings)
        stops = self.numbers["stop_epochs"]
        stops.setVisible(settings.stop != "never")
        hint = tr("Pauses after the n-th epoch of the run.")
        if settings.stop == "no_improvement":
            hint = tr("Pauses when validation has not improved for n epochs.")
        stops.set_hint(hint)

    def _show_combinations(self, settings: Settings) -> None:
        costs = {output: setting_names.value("cost", cost) for output, cost in COSTS}
        why = tr("Needs another cost: choose {cost} first.")
        needs = {
            output: why.format(cost=costs[output]) for output in costs if (output, settings.cost) not in COSTS
        }
        self.choices["output"].disable(needs)
        output = setting_names.value("output", settings.output)
        unfit = [cost for cost in SETTINGS["cost"].choices if (settings.output, cost) not in COSTS]
        why = tr("Does not fit the {output} output.", output=output)
        self.choices["cost"].disable(dict.fromkeys(unfit, why))
        suited = ACTIVATIONS[settings.activation].initial_weights
        hint = INITIAL_WEIGHTS[suited].hint if settings.initial_weights != suited else ""
        self.choices["initial_weights"].set_hint(translated(hint) if hint else "")

    def _show_training(self, settings: Settings, epoch: int) -> None:
        self.numbers["schedule_epochs"].setVisible(settings.schedule != "constant")
        kind = self.choices["momentum_kind"]
        kind.setVisible(settings.momentum > 0)
        nesterov, usual = tr("v → μv − η∇C,  w → w + μv − η∇C"), tr("v → μv − η∇C,  w → w + v")
        kind.set_hint(nesterov if settings.momentum_kind == "nesterov" else usual)
        if epoch:
            size = settings.mini_batch_size
            fact = tr("Now a gradient from {size} of {all} digits.", size=size, all=epoch)
            self.numbers["mini_batch_size"].set_fact(fact)
            self.numbers["weight_decay"].set_hint(self._about_decay(settings, epoch))

    def _about_decay(self, settings: Settings, epoch: int) -> str:
        if not settings.weight_decay:
            return ""
        if decay_acts(settings, epoch):
            return tr("w → (1 − ηλ/n) w − η∇C₀,  n = {n}", n=epoch)
        rate = numbers.one_figure(settings.eta * settings.weight_decay / epoch)
        return tr("No effect: ηλ/n = {rate} is too small for a float32 weight.", rate=rate)

    def _show_digits(self, settings: Settings, epoch: int) -> None:
        self.open_classes.show_inside()
        drawn = round(settings.random_labels * epoch)
        hint = tr("{drawn} of {count} labels are drawn; some are right by chance.", drawn=drawn, count=epoch)
        self.numbers["random_labels"].set_hint(hint if settings.random_labels and epoch else "")
        if self.n_training:
            digits, count = self.numbers["training_digits"], self.n_training
            if epoch == count:
                text = tr("All {count} are used.", count=count)
            elif settings.classes_left_out:
                text = tr(
                    "{used} of {count} are used: none of the classes left out.", used=epoch, count=count
                )
            else:
                text = tr("The first ones of {count} are used.", count=count)
            digits.set_fact(text)
            fewer = settings.training_digits > count
            digits.set_hint(tr("This data set has {count}.", count=count) if fewer else "")

    def _show_distortion(self, settings: Settings) -> None:
        self.preview.set_settings(settings)
        unusual = [name for name in DISTORTION if getattr(settings, name)]
        names = [setting_names.short(name) for name in unusual]
        state = ", ".join(names) or tr("none")
        if len(names) == 1:
            value = setting_names.value(unusual[0], getattr(settings, unusual[0]))
            state = tr("{name} {value}", name=names[0], value=value)
        self.distortion.setText(state)
        self.distortion.setAccessibleName(f"{self.distortion_label.text()}: {state}")
        plain, dark = tr("shown as they were written"), tr("dark: as shown to the network")
        self._shown_as.setText(dark if distorts(settings) else plain)

    def show_eta(self, draft: Draft, eta: float | None, zero_from: float | None) -> None:
        """Show the present η of a schedule, and the epoch from which a cosine schedule leaves it 0.

        `eta` is that of the next mini-batch, `zero_from` the epoch. Both are None if unknown.
        """
        settings = draft.settings
        epoch = "" if zero_from is None else numbers.epochs(zero_from)
        self.numbers["schedule_epochs"].set_hint(self._about_schedule(settings, epoch))
        if settings.schedule == "cosine" and eta == 0 and epoch:
            now = tr("η has been 0 since epoch {epoch}", epoch=epoch)
        elif settings.schedule != "constant" and eta is not None:
            now = tr("η is now {eta}", eta=numbers.rounded(eta, 3))
        elif settings.schedule != "constant":
            now = tr("η at the start of the schedule")
        else:
            now = tr("You changed η, so its schedule has ended.") if draft.taken_over else ""
        self.choices["schedule"].set_hint(now)
        self.eta.set_fact(now)

    def _about_schedule(self, settings: Settings, epoch: str) -> str:
        match settings.schedule:
            case "cosine" if epoch:
                return tr("η falls along half a cosine and is 0 from epoch {epoch} on.", epoch=epoch)
            case "cosine":
                return tr("η falls to 0 along half a cosine in this many epochs.")
            case "step":
                return tr("η is divided by ten each time this many epochs end.")
            case "halve":
                return tr("η is halved when validation has not improved for this many epochs.")
        return ""
