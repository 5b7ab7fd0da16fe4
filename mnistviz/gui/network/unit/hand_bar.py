"""The line of a unit seen large with what can be done to its weights by hand, and what that does to the digits."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from mnistviz.gui.common.flow_layout import FlowLayout
from mnistviz.gui.common.layouts import column_of, label, row_of
from mnistviz.gui.common.number_edit import NumberEdit
from mnistviz.gui.common.scale import Scale
from mnistviz.gui.common.shortened_label import ShortenedLabel
from mnistviz.gui.common.widgets import ActionPushButton, describe
from mnistviz.gui.network.unit.hand_work import HandWork

_BOUNDS: Final = (-1_000.0, 1_000.0)  # of a bias
_WIDE: Final = 1.9  # times what the lower buttons need: then the line stands beside them


class HandBar(QWidget):
    """Tools for the weights of a unit; below them, while something is tried, what it does and whether to keep it."""

    def __init__(self, work: HandWork, *more: QAction, parent: QWidget | None = None) -> None:
        """`more` actions have a button among the tools."""
        super().__init__(parent)
        self._work = work
        self.setProperty("role", "scrolled")
        self.said = ShortenedLabel()
        self.said.setObjectName("by_hand_said")
        self.bias = NumberEdit(self.tr("The bias"), _BOUNDS, 0.0, scale=Scale(*_BOUNDS, step=0.1), grows=False)
        describe(self.bias, "unit_bias", self.tr("Bias"), self.tr("Tries another bias, on a copy. (Return)"))
        self.bias.changed.connect(lambda: work.set_bias(self.bias.value()))
        self.off, self.freeze = _button(work.switch_off), _button(work.freeze)
        self.brushes = [_button(action) for action in work.brushes.values()]
        self.keep, self.put_back = _button(work.keep), _button(work.put_back)
        self.digits = _button(work.show_digits)
        tools = FlowLayout(spacing=4)
        bias = QWidget()
        row_of(label("smallPrint", self.tr("bias")), self.bias, spacing=4, inside=bias)
        for part in (self.off, self.freeze, *self.brushes, bias, *map(_button, more)):
            tools.addWidget(part)
        self._choices = row_of(self.digits, None, self.put_back, self.keep, spacing=4)
        self._tried = row_of((self.said, 1), self._choices, spacing=4)
        column_of(tools, self._tried, spacing=4, inside=self)
        work.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Shows what is tried, and what it does as far as that is known."""
        work = self._work
        tries, bias = work.tried is not None, work.bias
        for part in (self.keep, self.put_back, self.said):
            part.setVisible(tries)
        self.digits.setVisible(tries and work.bill is not None)
        self.said.set_wordings(*(work.said if tries else ()))
        self.bias.setEnabled(work.can_try)
        if bias is not None and not self.bias.isModified() and bias != self.bias.value():
            self.bias.set_value(bias)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needed = sum(each.sizeHint().width() for each in (self.digits, self.put_back, self.keep))
        wide = self.width() >= _WIDE * needed
        direction = QBoxLayout.Direction
        self._tried.setDirection(direction.LeftToRight if wide else direction.TopToBottom)


def _button(action: QAction) -> ActionPushButton:
    button = ActionPushButton(action)
    button.setProperty("role", "option")
    return button
