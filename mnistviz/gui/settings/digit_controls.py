"""Which training digits a new run uses, and which labels they have."""

from __future__ import annotations

from collections.abc import Sequence

from mnistviz.engine.settings import SETTINGS, Settings
from mnistviz.gui.common import numbers, setting_names
from mnistviz.gui.settings.class_chips import ClassChips
from mnistviz.gui.settings.settings_group import FoldedGroup


class DigitControls(FoldedGroup):
    """The share of random labels, and the classes left out."""

    def __init__(self, about: str) -> None:
        """Create the controls; `about` is their tooltip, with `{what}` for what the setting is."""
        super().__init__(self.tr("Digits"), "digits", about)
        self.random_labels = self._number("random_labels")
        self.classes = ClassChips(setting_names.label("classes_left_out"), "classes_left_out")
        self._explain("classes_left_out", self.classes)

    def set_classes(self, names: Sequence[str]) -> None:
        self.classes.set_classes(names)

    def show_hints(self, settings: Settings, epoch: int) -> None:
        """Show what is set, with `epoch` digits in an epoch."""
        self.fold.show_state(self._state(settings))
        hint = ""
        if settings.random_labels and epoch:
            hint = self.tr("{drawn} of {count} labels are drawn; some are right by chance.").format(
                drawn=numbers.whole(round(settings.random_labels * epoch)), count=numbers.whole(epoch)
            )
        self.random_labels.set_hint(hint)

    def _state(self, settings: Settings) -> str:
        """Describe what differs from the default: the value of a single setting, or else how many."""
        unusual = [field for field in self.controls if getattr(settings, field) != SETTINGS[field].default]
        if not unusual:
            return self.tr("as they are")
        if len(unusual) == 1:
            name, value = setting_names.short(unusual[0]), getattr(settings, unusual[0])
            return self.tr("{name} {value}").format(name=name, value=setting_names.value(unusual[0], value))
        return self.tr("{count} changes").format(count=numbers.whole(len(unusual)))
