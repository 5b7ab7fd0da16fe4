from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QStandardItemModel

from mnistviz.gui.common.layouts import column_of, row_of
from mnistviz.gui.common.steady import SteadyList
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.settings.setting_control import SettingControl, scaled

CHOICE_WIDTH = 124  # pixels of a list at least, with text of the usual size


class ChoiceControl(SettingControl):
    """A label and a list to choose from, with a hint below. Invalid choices can be disabled, with the reason."""

    def __init__(self, label: str, name: str, names: Mapping[str, str], default: str) -> None:
        super().__init__(label, name)
        self._default = default
        self._reasons: tuple[str, ...] = ()
        self.combo = SteadyList()
        self.label.setBuddy(self.combo)
        for value, text in names.items():
            self.combo.addItem(text, value)
        self.combo.setCurrentIndex(self.combo.findData(default))
        self.combo.currentIndexChanged.connect(self._chosen)
        row = row_of(self.label, self.combo, spacing=0)
        row.addStretch()
        column_of(row, self.hint, spacing=2, inside=self)
        self.explain("")

    def fit_font(self) -> None:
        self.combo.setMinimumWidth(scaled(CHOICE_WIDTH, self))

    def value(self) -> str:
        return str(self.combo.currentData())

    def set_value(self, value: str) -> None:
        """Show `value` without emitting `changed`."""
        with QSignalBlocker(self.combo):
            self.combo.setCurrentIndex(self.combo.findData(value))

    def disable(self, reasons: Mapping[str, str]) -> None:
        """Disable the values in `reasons`, each with its reason as tooltip."""
        model = self.combo.model()
        assert isinstance(model, QStandardItemModel)
        for row in range(self.combo.count()):
            reason = reasons.get(self.combo.itemData(row), "")
            item = model.item(row)
            item.setEnabled(not reason)
            item.setToolTip(reason)
        self._reasons = tuple(reasons.values())
        self._describe(self._tip)

    def _describe(self, tip: str) -> None:
        describe(self.combo, f"{self._name}_choice", self._label_text, tip)
        self.label.setToolTip(self._with_fact(tip))
        self.label.setWhatsThis(tip)
        self.combo.setToolTip("\n".join((self._with_fact(tip), *self._reasons)))

    def _reset(self) -> None:
        model = self.combo.model()
        assert isinstance(model, QStandardItemModel)
        row = self.combo.findData(self._default)
        if model.item(row).isEnabled():
            self.combo.setCurrentIndex(row)

    def _chosen(self) -> None:
        self._emit_changed()
