"""A group of the panel: controls, one for each of its settings."""

from __future__ import annotations

from PySide6.QtCore import Signal

from mnistviz.engine.settings import SETTINGS, Group
from mnistviz.gui.common import setting_names
from mnistviz.gui.common.widgets import CollapsibleCard
from mnistviz.gui.settings.choice_control import ChoiceControl
from mnistviz.gui.settings.layers_editor import LayersEditor
from mnistviz.gui.settings.number_control import NumberControl
from mnistviz.gui.settings.number_field import NumberField
from mnistviz.gui.settings.scale import Scale

Control = NumberField | ChoiceControl | LayersEditor


class SettingsGroup(CollapsibleCard):
    """Makes its controls from what is declared of the settings, and keeps them by the settings' names."""

    edited = Signal(str)  # by the user; the name of the setting

    def __init__(self, title: str, note: str, group: Group, about: str = "{what}") -> None:
        """`about` is what every control says when asked, with a place for `what` its setting is."""
        super().__init__(title, note, f"{group}_group")
        self.body.setSpacing(6)
        self.note.setMinimumWidth(40)  # it gives way where the panel is narrow
        self._group, self._about = group, about
        self.controls: dict[str, Control] = {}

    def _number(self, field: str) -> NumberField:
        """A field for a number."""
        setting, label = SETTINGS[field], setting_names.label(field)
        control = NumberField(label, field, setting.bounds, setting.default, whole=setting.kind is int)
        self._explain(field, control)
        return control

    def _slider(self, field: str) -> NumberControl:
        """The same with a slider, over the numbers that are worth trying."""
        setting, label = SETTINGS[field], setting_names.label(field)
        whole = setting.kind is int
        control = NumberControl(label, field, setting.bounds, setting.default, Scale.of(setting), whole=whole)
        self._explain(field, control)
        return control

    def _choice(self, field: str) -> ChoiceControl:
        """A list of all values of that setting."""
        label, names = setting_names.label(field), setting_names.choices(field)
        control = ChoiceControl(label, field, names, SETTINGS[field].default)
        self._explain(field, control)
        return control

    def _others(self) -> None:
        """Controls for the settings of the group that have none yet."""
        for field, setting in SETTINGS.items():
            if setting.group == self._group and field not in self.controls:
                if setting.choices:
                    self._choice(field)
                elif setting.usual is None:
                    self._number(field)
                else:
                    self._slider(field)

    def _explain(self, field: str, control: NumberField | ChoiceControl) -> None:
        control.explain(self._about.format(what=setting_names.tip(field)))
        self._adopt(field, control)

    def _adopt(self, field: str, control: Control) -> None:
        control.changed.connect(self.edited)
        self.controls[field] = control
        self.body.addWidget(control)
