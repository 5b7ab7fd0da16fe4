"""What stands beside the wide pad: buttons for the row, how far test digits stand apart, and a line of words."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mnistviz.gui.common.shortened_label import ShortenedLabel
from mnistviz.gui.common.steady import SteadySlider
from mnistviz.gui.common.widgets import ActionButton, describe, tabular
from mnistviz.gui.network.places import TOOL, TOOL_GAP

GAPS: Final = (-3, 12)
"""Pixels between the boxes of two test digits, from and to; below 0 they overlap."""


class Side(QWidget):
    """Lies below the pad's own tools."""

    gap_changed = Signal(int)

    def __init__(self, actions: list[QAction], gap: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("row_side")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TOOL_GAP)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(TOOL_GAP)
        for action in actions:
            button = ActionButton(action, self)
            button.setFixedSize(TOOL, TOOL)
            self.buttons.addWidget(button)
        self.buttons.addStretch(1)
        column.addLayout(self.buttons)
        self.gap = SteadySlider(Qt.Orientation.Horizontal)
        self.gap.setRange(*GAPS)
        self.gap.setValue(gap)
        tip = self.tr("How far the test digits of a row stand apart, in pixels; below 0 their boxes overlap.")
        describe(self.gap, "row_gap", self.tr("Gap"), tip)
        self._gap_name = _small(self.tr("Gap"))
        self._gap_value = _small("")
        self._gap_value.setFont(tabular(self._gap_value.font()))
        line = QHBoxLayout()
        line.setSpacing(8)
        for part in (self._gap_name, self.gap, self._gap_value):
            line.addWidget(part, 1 if part is self.gap else 0)
        column.addLayout(line)
        self.note = ShortenedLabel()
        self.note.setObjectName("row_note")
        self.note.setProperty("role", "hero")
        column.addWidget(self.note)
        column.addStretch(1)
        self.gap.valueChanged.connect(self._show_gap)
        self.gap.valueChanged.connect(self.gap_changed)
        self._show_gap(gap)

    def _show_gap(self, gap: int) -> None:
        self._gap_value.setText(QLocale().toString(gap).replace("-", "−"))


def _small(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "smallPrint")
    return label
