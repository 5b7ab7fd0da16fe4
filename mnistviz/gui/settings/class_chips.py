"""A choice of several classes: a small button for each class of the data set."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QPushButton

from mnistviz.gui.common.widgets import describe
from mnistviz.gui.settings.setting_control import CHOICE_WIDTH, SettingControl, scaled

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
        chip = QPushButton()
        chip.setProperty("role", "small")
        chip.setCheckable(True)
        chip.setAutoDefault(False)
        self._describe_chip(chip, number)
        chip.toggled.connect(self._toggled)
        self._grid.addWidget(chip, number // self._in_a_line(), number % self._in_a_line())
        return chip

    def _toggled(self) -> None:
        self._show()
        self._emit_changed()

    def _show(self) -> None:
        free = [chip for chip in self.chips if not chip.isChecked()]
        for number, chip in enumerate(self.chips):
            if chip.isEnabled() != (free != [chip]):
                chip.setEnabled(free != [chip])
                self._describe_chip(chip, number)

    def _describe(self, tip: str) -> None:
        self.label.setToolTip(self._with_fact(tip))
        self.label.setWhatsThis(tip)
        for number, chip in enumerate(self.chips):
            self._describe_chip(chip, number)

    def _describe_chip(self, chip: QPushButton, number: int) -> None:
        name = self.tr("{setting}: {name}").format(setting=self._label_text, name=self._names[number])
        tip = self._with_fact(self._tip)
        if chip.text().endswith("…"):
            tip = f"{self._names[number]}\n{tip}"
        if not chip.isEnabled():
            tip = self.tr("At least one class must be trained on.")
        describe(chip, f"{self._name}_{number}", name, tip)

    def _reset(self) -> None:
        if self.value() != self._default:
            self.set_value(self._default)
            self._emit_changed()
