"""The line above a unit seen large: its name between the ways to other units, and where it is seen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import ElidedLabel, describe, set_icon
from mnistviz.gui.network.unit_names import longest_name

_SPACING: Final = 4


class UnitHeader(QWidget):
    """The name of the unit, and buttons for other units, to dock and to close it."""

    back = Signal()
    on = Signal()
    dock_wanted = Signal()
    """To become a panel of the network card, or a window again."""
    close_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "scrolled")
        self._docked, self._dockable = False, True
        self.previous, self.next, self.dock, self.close_button = (QToolButton() for _ in range(4))
        self.title = ElidedLabel()
        self.title.setObjectName("unit_title")
        self.title.setProperty("role", "cardTitle")
        for button, name, text, what in (
            (self.previous, "unit_previous", "‹", self.tr("Previous unit")),
            (self.next, "unit_next", "›", self.tr("Next unit")),
        ):
            button.setText(text)
            describe(button, name, what, self.tr("{what} of the layer (arrow key)").format(what=what))
        tip = self.tr("Closes the unit. (Escape)")
        describe(self.close_button, "unit_close", self.tr("Close"), tip)
        self.close_button.setIconSize(QSize(12, 12))
        for button in (self.dock, self.close_button):
            button.setProperty("role", "quiet")
        for button, wanted in (
            (self.previous, self.back),
            (self.next, self.on),
            (self.dock, self.dock_wanted),
            (self.close_button, self.close_wanted),
        ):
            button.clicked.connect(wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_SPACING)
        for widget in (self.previous, self.title, self.next):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.dock)
        row.addWidget(self.close_button)
        self._say()

    def set_theme(self, theme: Theme) -> None:
        set_icon(self.close_button, "remove", theme)

    def docked_width(self) -> int:
        """Pixels for the longest name of a hidden unit, and for the buttons."""
        bold = QFont(self.title.font())
        bold.setBold(True)
        buttons = (self.previous, self.next, self.dock, self.close_button)
        name = QFontMetrics(bold).horizontalAdvance(longest_name())
        return name + sum(button.sizeHint().width() for button in buttons) + 5 * _SPACING

    def show_docked(self, docked: bool) -> None:
        """Whether the unit is a panel now. A window has a frame with a way to close it."""
        self._docked = docked
        self._say()

    def show_dockable(self, dockable: bool) -> None:
        """Whether there is room for the panel."""
        if dockable != self._dockable:
            self._dockable = dockable
            self._say()

    def _say(self) -> None:
        self.close_button.setVisible(self._docked)
        self.dock.setEnabled(self._docked or self._dockable)
        text = self.tr("Undock") if self._docked else self.tr("Dock")
        if self._docked:
            tip = self.tr("Shows the unit in a window of its own.")
        elif self._dockable:
            tip = self.tr("Shows the unit at the right of the network card, which gets narrower.")
        else:
            tip = self.tr("The network card is too narrow to show the unit at its right.")
        self.dock.setText(text)
        describe(self.dock, "unit_dock", text, tip)
