"""How the network learns: the settings that change at the next mini-batch."""

from __future__ import annotations

from mnistviz.engine.settings import Settings
from mnistviz.engine.workspace import decay_acts
from mnistviz.gui.common import numbers
from mnistviz.gui.lab.draft import Draft
from mnistviz.gui.settings.eta_control import EtaControl
from mnistviz.gui.settings.settings_group import GroupHeading, SettingsGroup


class TrainingControls(SettingsGroup):
    """Mini-batch, order of the digits, schedule of η, weight decay, momentum and dropout; and η itself, which is placed
    elsewhere."""

    def __init__(self, eta: EtaControl, *folded: SettingsGroup) -> None:
        """Create the controls; `folded` groups follow at the end."""
        self.heading = GroupHeading(self.tr("Training"))
        super().__init__(
            self.heading,
            "training",
            self.tr("{what} Takes effect at the next mini-batch; double-click for the default."),
        )
        self.eta = eta
        self._explain("eta", self.eta, "Ctrl+Up, Ctrl+Down")
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
        """Show formulas and numbers under the controls; `epoch` is the number of digits in an epoch, 0 if unknown."""
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
