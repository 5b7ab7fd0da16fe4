"""The place where both balls start, typed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from mnistviz.gui.common.number_edit import NumberEdit
from mnistviz.gui.common.scale import Scale
from mnistviz.gui.common.widgets import describe

_BOUNDS = (-20.0, 20.0)


class StartFields(QWidget):
    """Two numbers, v₁ and v₂."""

    changed = Signal(float, float)  # by the user

    def __init__(self, place: tuple[float, float]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(QLabel(self.tr("start v₁, v₂")), 1)
        self._fields = []
        for number, name in enumerate((self.tr("start v₁"), self.tr("start v₂"))):
            field = NumberEdit(name, _BOUNDS, place[number], scale=Scale(*_BOUNDS, step=0.1), letters=5)
            tip = self.tr("Where both balls start. In the figure it can be dragged.")
            describe(field, f"valley_start_{number + 1}", name, tip)
            field.changed.connect(lambda _step=False: self.changed.emit(*self.place()))
            row.addWidget(field)
            self._fields.append(field)

    def place(self) -> tuple[float, float]:
        first, second = (field.value() for field in self._fields)
        return float(first), float(second)

    def set_place(self, place: tuple[float, float]) -> None:
        for field, value in zip(self._fields, place, strict=True):
            field.set_value(round(value, 3))
