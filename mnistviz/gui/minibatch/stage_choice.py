"""The choice of a stage: which pass of a mini-batch the network card shows; and a stepper beside the layers."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton, QWidget

from mnistviz.gui.common.layouts import label, row_of
from mnistviz.gui.common.tab_tools import ChoiceActions
from mnistviz.gui.common.tooltips import without_mnemonic

translate = QCoreApplication.translate

OFF: Final = "off"
"""No stage: the card shows the drawing."""


def stage_choice(parent: QWidget) -> ChoiceActions:
    forward = translate("MiniBatch", "Shows what each unit answers to the chosen digit.")
    error = translate("MiniBatch", "Shows how wrong each output is, and the error that comes of it.")
    back = translate("MiniBatch", "Shows the error that comes back to each hidden unit.")
    step = translate("MiniBatch", "Shows by how much each weight is moved, and by what.")
    gradient = translate("MiniBatch", "Shows how the cost changes with each weight.")
    stages = (
        (OFF, translate("MiniBatch", "&off"), translate("MiniBatch", "The network card shows the drawing.")),
        ("forward", translate("MiniBatch", "&forward"), forward),
        ("error", translate("MiniBatch", "&error"), error),
        ("back", translate("MiniBatch", "&back"), back),
        ("gradient", translate("MiniBatch", "&gradient"), gradient),
        ("step", translate("MiniBatch", "&step"), step),
        (
            "after",
            translate("MiniBatch", "af&ter"),
            translate("MiniBatch", "Shows the network after the step."),
        ),
    )
    spoken = translate("MiniBatch", "What the network card shows of the mini-batch")
    return ChoiceActions("minibatch_stage", spoken, stages, parent)


class StageStepper(QWidget):
    """A short control in the row of tabs, for layers in a tab of their own: all stages would not fit there."""

    def __init__(self, previous: QAction, next: QAction, names: list[str]) -> None:
        super().__init__()
        self.setObjectName("stage_stepper")
        self.name = label("cardTitle", name="stage_stepper_name")
        self.name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._names = names
        row_of(
            label("hint", QCoreApplication.translate("MiniBatch", "Stage")),
            self._button("‹", previous),
            self.name,
            self._button("›", next),
            spacing=4,
            inside=self,
        )
        self.hide()

    def _button(self, sign: str, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setText(sign)
        button.setObjectName(f"stage_stepper_{'next' if sign == '›' else 'previous'}")
        button.setAccessibleName(without_mnemonic(action.text()))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        action.changed.connect(lambda: button.setText(sign))
        return button

    def show_stage(self, name: str) -> None:
        """Show the name of the stage; hide the control if it is empty."""
        self.name.setText(name)
        metrics = self.name.fontMetrics()
        self.name.setMinimumWidth(max(map(metrics.horizontalAdvance, self._names)) + 6)
        self.setVisible(bool(name))
