"""The line above a unit shown large: its name between buttons to other units, and where it is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QToolButton, QWidget

from mnistviz.gui.common.layouts import row_of, styled
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.common.widgets import ElidedLabel, describe, set_icon

_SPACING: Final = 4
_STEP: Final = 24  # pixels, the width of a button to another unit
_DOCKED: Final = 26  # the width of the button to a separate window
_MOST_PIXELS: Final = (1 << 24) - 1  # the largest side of a Qt widget


class UnitHeader(QWidget):
    def __init__(
        self, go_back: Callable[[], object], go_on: Callable[[], object], close: Callable[[], object]
    ) -> None:
        super().__init__()
        self.setProperty("role", "scrolled")
        self._docked, self._dockable = False, True
        self._titles: tuple[str, ...] = ("",)
        self.previous, self.next, self.dock, self.close_button = (QToolButton() for _ in range(4))
        self.title = styled(ElidedLabel(), "cardTitle", "unit_title")
        for button, name, text, what in (
            (self.previous, "unit_previous", "‹", self.tr("Previous unit")),
            (self.next, "unit_next", "›", self.tr("Next unit")),
        ):
            button.setText(text)
            describe(button, name, what, self.tr("{what} of the layer (arrow key)").format(what=what))
        tip = self.tr("Closes the unit. (Escape)")
        describe(self.close_button, "unit_close", self.tr("Close"), tip)
        self.close_button.setIconSize(QSize(12, 12))
        for button in (self.previous, self.next):
            button.setFixedWidth(_STEP)
        self.close_button.setProperty("role", "quiet")
        self.dock.setProperty("role", "option")
        self.dock.setIconSize(QSize(14, 14))
        for button, act in ((self.previous, go_back), (self.next, go_on), (self.close_button, close)):
            button.clicked.connect(act)
        parts = self.previous, self.title, self.next, None, self.dock, self.close_button
        row_of(*parts, spacing=_SPACING, inside=self)
        self._write()

    def show_title(self, *wordings: str) -> None:
        """Show the first of these names that fits; the last one is cut with an ellipsis."""
        self._titles = wordings
        self._fit_title()

    def _fit_title(self) -> None:
        others = [
            each for each in (self.previous, self.next, self.dock, self.close_button) if not each.isHidden()
        ]
        room = self.width() - sum(each.sizeHint().width() + _SPACING for each in others) - _SPACING
        wide = self.title.fontMetrics().horizontalAdvance
        self.title.setText(next((each for each in self._titles if wide(each) < room), self._titles[-1]))
        self.title.setAccessibleName(self._titles[0])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_title()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # the font or the buttons have changed
            self._fit_title()
        return done

    def set_theme(self, theme: Theme) -> None:
        set_icon(self.close_button, "remove", theme)
        set_icon(self.dock, "own-window", theme)

    def show_docked(self, docked: bool) -> None:
        self._docked = docked
        self._write()

    def show_dockable(self, dockable: bool) -> None:
        if dockable != self._dockable:
            self._dockable = dockable
            self._write()

    def _write(self) -> None:
        self.close_button.setVisible(self._docked)
        self.dock.setEnabled(self._docked or self._dockable)
        text = self.tr("In a window of its own") if self._docked else self.tr("Dock")
        if self._docked:
            tip = self.tr("Shows the unit in a window of its own.")
        elif self._dockable:
            tip = self.tr("Shows the unit in the network card, in the place of the outputs.")
        else:
            tip = self.tr("The network card is too narrow to show the unit in it.")
        self.dock.setText("" if self._docked else text)
        style = Qt.ToolButtonStyle
        self.dock.setMaximumWidth(_DOCKED if self._docked else _MOST_PIXELS)
        self.dock.setToolButtonStyle(style.ToolButtonIconOnly if self._docked else style.ToolButtonTextOnly)
        describe(self.dock, "unit_dock", text, tip)
