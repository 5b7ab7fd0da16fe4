"""A group of the panel: controls, one for each of its settings."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mnistviz.engine.settings import BOUNDS, Settings
from mnistviz.gui.common.setting_names import SettingNames
from mnistviz.gui.common.widgets import CollapsibleCard
from mnistviz.gui.settings.fields import ChoiceControl, NumberControl, NumberField, Scale
from mnistviz.gui.settings.layers_editor import LayersEditor

Control = NumberField | ChoiceControl | LayersEditor


class SettingsGroup(CollapsibleCard):
    """Keeps its controls by the names of the settings."""

    edited = Signal(str)  # by the user; the name of the setting

    def __init__(self, title: str, note: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(title, note, name, parent)
        self.body.setSpacing(6)
        self.note.setMinimumWidth(40)  # it gives way where the panel is narrow
        self.controls: dict[str, Control] = {}

    def _number(self, field: str, label: str, tip: str) -> NumberField:
        """A field for a number, with the bounds and the default of that setting."""
        default = getattr(Settings(), field)
        control = NumberField(label, field, BOUNDS[field], default, whole=isinstance(default, int))
        control.explain(tip)
        self._adopt(field, control)
        return control

    def _slider(self, field: str, label: str, tip: str, scale: Scale) -> NumberControl:
        """The same with a slider."""
        default = getattr(Settings(), field)
        whole = isinstance(default, int)
        control = NumberControl(label, field, BOUNDS[field], default, scale, whole=whole)
        control.explain(tip)
        self._adopt(field, control)
        return control

    def _choice(self, field: str, label: str, tip: str) -> ChoiceControl:
        """A list of all values of that setting."""
        control = ChoiceControl(label, field, SettingNames().choices(field), getattr(Settings(), field))
        control.explain(tip)
        self._adopt(field, control)
        return control

    def _adopt(self, field: str, control: Control) -> None:
        control.changed.connect(self.edited)
        self.controls[field] = control
        self.body.addWidget(control)
