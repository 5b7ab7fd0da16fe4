"""How training digits are randomly distorted before the network sees them."""

from __future__ import annotations

from PySide6.QtCore import Qt

from mnistviz.engine.digits import DigitSet
from mnistviz.engine.distortion import distorts
from mnistviz.engine.settings import Settings
from mnistviz.gui.common import setting_names
from mnistviz.gui.common.layouts import column_of, row_of, styled
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import push_button
from mnistviz.gui.common.wrapped import WrappedLabel
from mnistviz.gui.settings.distortion_preview import DistortionPreview
from mnistviz.gui.settings.setting_control import DOT_ROOM
from mnistviz.gui.settings.settings_group import FoldedGroup


class DistortionControls(FoldedGroup):
    """Shift, rotation and elastic distortion, with examples."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            self.tr("Distortion"),
            "distortion",
            self.tr("{what} 0 switches it off. Takes effect at the next mini-batch."),
        )
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

    def set_digits(self, digits: DigitSet) -> None:
        """Set the training digits that examples are drawn from."""
        self.preview.set_digits(digits)

    def show_hints(self, settings: Settings) -> None:
        self.preview.set_settings(settings)
        self.fold.show_state(self._state(settings))
        self.about.setText(
            self.tr("dark: as shown to the network")
            if distorts(settings)
            else self.tr("shown as they were written")
        )

    def _state(self, settings: Settings) -> str:
        """Describe the distortions: the value of a single setting, or else their names."""
        done = {field: value for field in self.controls if (value := getattr(settings, field))}
        names = {field: setting_names.short(field) for field in done}
        if len(done) == 1:
            ((field, value),) = done.items()
            return self.tr("{name} {value}").format(
                name=names[field], value=setting_names.value(field, value)
            )
        return ", ".join(names.values()) or self.tr("off")

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.preview.set_theme(theme)
