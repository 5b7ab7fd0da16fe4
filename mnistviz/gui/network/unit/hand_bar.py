"""The bar of a unit shown large: tools that edit its weights by hand, and the effect on the test digits."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from mnistviz.gui.common.flow_layout import FlowLayout
from mnistviz.gui.common.layouts import column_of, label, row_of, styled
from mnistviz.gui.common.number_edit import NumberEdit
from mnistviz.gui.common.scale import Scale
from mnistviz.gui.common.shortened_label import ShortenedLabel
from mnistviz.gui.common.widgets import ActionPushButton, describe
from mnistviz.gui.network.unit.hand_work import HandWork

_BOUNDS: Final = (-1_000.0, 1_000.0)  # of a bias
_BRUSH: Final = 28  # pixels, the width of a brush button
_WIDE: Final = 1.9  # multiple of the lower buttons' width from which the texts stand beside them


class TriedLine(QWidget):
    def __init__(self, work: HandWork) -> None:
        super().__init__()
        self._work = work
        self.setProperty("role", "scrolled")
        self.said = ShortenedLabel()
        self.said.setObjectName("by_hand_said")
        self.keep, self.put_back = option_button(work.keep), option_button(work.put_back)
        self.digits = option_button(work.show_digits)
        choices = FlowLayout(spacing=4)
        for button in (self.digits, self.put_back, self.keep):
            choices.addWidget(button)
        self._line = row_of((self.said, 1), choices, spacing=4, inside=self)
        self.show_state()

    def show_state(self) -> None:
        tries = self._work.tried is not None
        if not (self._work.is_painting and self.isHidden()):  # nothing moves below the brush
            self.setVisible(tries)
        self.digits.setVisible(self._work.bill is not None)
        self.said.set_wordings(*(self._work.said if tries else ()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        needed = sum(each.sizeHint().width() for each in (self.digits, self.put_back, self.keep))
        direction = QBoxLayout.Direction
        wide = self.width() >= _WIDE * needed
        self._line.setDirection(direction.LeftToRight if wide else direction.TopToBottom)


class HandBar(QWidget):
    """Tools for the weights of a unit, and below them the line for the preview."""

    def __init__(self, work: HandWork, *more: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self.setProperty("role", "scrolled")
        self.bias = NumberEdit(
            self.tr("The bias"), _BOUNDS, 0.0, lambda _: work.set_bias(self.bias.value()),
            scale=Scale(*_BOUNDS, step=0.1), grows=False,
        )  # fmt: skip
        describe(self.bias, "unit_bias", self.tr("Bias"), self.tr("Tries another bias, on a copy. (Return)"))
        bias = QWidget()
        row_of(label("smallPrint", self.tr("bias")), self.bias, spacing=4, inside=bias)
        tools = FlowLayout(spacing=4)
        for action in (work.switch_off, work.freeze):
            tools.addWidget(option_button(action))
        tools.addWidget(bias)
        for action in work.brushes.values():
            button = option_button(action)
            button.set_icon_only(True)
            button.setFixedWidth(_BRUSH)
            tools.addWidget(button)
        for action in more:
            tools.addWidget(option_button(action))
        self.tried = TriedLine(work)
        column_of(tools, self.tried, spacing=4, inside=self)
        work.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        work, bias = self._work, self._work.bias
        self.bias.setEnabled(work.can_try and bias is not None)
        if bias is None:
            self.bias.setText("")  # unlike `clear`, it does not count as an edit
        elif not self.bias.isModified() and (round(bias, 2) != self.bias.value() or not self.bias.text()):
            self.bias.set_value(round(bias, 2))
        self.tried.show_state()


def option_button(action: QAction) -> ActionPushButton:
    button = styled(ActionPushButton(action), "option")
    return button
