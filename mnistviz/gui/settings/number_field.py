from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from mnistviz.gui.common.layouts import column_of, row_of
from mnistviz.gui.common.number_edit import NumberEdit
from mnistviz.gui.common.scale import Scale
from mnistviz.gui.common.widgets import describe
from mnistviz.gui.settings.setting_control import SettingControl, scaled

NUMBER_WIDTH = 68  # pixels of a field at least, with text of the usual size


class NumberField(SettingControl):
    """A label and a field for an exact number within bounds; Up and Down step through `scale`. An error is shown on top
    of other widgets while the field has the focus, and by a signal once the user has moved on: nothing moves, so the
    next click hits its target."""

    def __init__(
        self,
        label: str,
        name: str,
        bounds: tuple[float, float],
        default: float,
        *,
        whole: bool = False,
        scale: Scale | None = None,
        letters: int = 6,
        grows: bool = True,
    ) -> None:
        super().__init__(label, name)
        self._default = default
        self.field = NumberEdit(
            label, bounds, default, self._changed, refused=self._refused,
            whole=whole, scale=scale, letters=letters, grows=grows,
        )  # fmt: skip
        self.label.setBuddy(self.field)
        self._lay_out()
        self.explain("")

    def add_beside(self, part: QWidget) -> None:
        self._row.insertSpacing(2, 6)
        self._row.insertWidget(3, part)

    def fit_font(self) -> None:
        self.field.setMinimumWidth(scaled(NUMBER_WIDTH, self))

    def value(self) -> float:
        """Return the last valid number; an int if it is whole."""
        return self.field.value()

    def set_value(self, value: float) -> None:
        self.field.set_value(value)

    def _lay_out(self) -> None:
        self._row = row_of(self.label, self.field, spacing=0)
        self._row.addStretch()
        self.field.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        column_of(self._row, self.hint, spacing=2, inside=self)

    def _describe(self, tip: str) -> None:
        describe(self.field, f"{self._name}_field", self._label_text, tip)
        for widget in (self.field, self.label):
            widget.setToolTip(self._with_fact(tip))
        self.label.setWhatsThis(tip)

    def _reset(self) -> None:
        self.field.take(self._default)

    def _changed(self, step: bool) -> None:
        self._emit_changed(goes_on=step)

    def _refused(self, why: str) -> None:
        self._refuse(self.field, why)
