"""A number that is typed or moved on a slider."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt

from mnistviz.gui.common.widgets import describe
from mnistviz.gui.settings.number_field import NumberField
from mnistviz.gui.settings.scale import Scale
from mnistviz.gui.settings.steady import SteadySlider


class NumberControl(NumberField):
    """A number field with a slider below it."""

    def __init__(
        self,
        label: str,
        name: str,
        bounds: tuple[float, float],
        default: float,
        scale: Scale,
        *,
        whole: bool = False,
    ) -> None:
        self.slider = SteadySlider(Qt.Orientation.Horizontal)
        self._scale = scale
        super().__init__(label, name, bounds, default, whole=whole)
        self.slider.installEventFilter(self)
        self.slider.valueChanged.connect(self._slid)
        self._column.insertWidget(1, self.slider)
        self.set_scale(scale)

    def explain(self, tip: str) -> None:
        super().explain(tip)
        describe(self.slider, f"{self._name}_slider", self._label_text, tip)

    def set_scale(self, scale: Scale) -> None:
        """Lets the slider cover other numbers; the value stays."""
        self._scale = scale
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, scale.positions)
        self.slider.setPageStep(max(1, scale.positions // 20))
        self.slider.setSingleStep(max(1, scale.positions // 100))
        self._show()

    def _beside(self, direction: int) -> float:
        return super()._beside(direction) if self._whole else self._scale.beside(self._value, direction)

    def _slid(self, position: int) -> None:
        value = self._scale.value(position)
        value = float(round(value)) if self._whole else value
        changed = value != self._value
        self._value = value
        NumberField._show(self)  # the slider stays where the hand has put it
        if changed:
            self.changed.emit(self._name)

    def _show(self, *, keep_error: bool = False) -> None:
        super()._show(keep_error=keep_error)
        with QSignalBlocker(self.slider):
            self.slider.setValue(self._scale.position(self._value))
