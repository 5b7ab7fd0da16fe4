"""The stage that the network card shows, with buttons for the next and the previous one, beside the layers."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton, QWidget

from mnistviz.gui.common.layouts import label, row_of
from mnistviz.gui.common.mnemonics import without_mnemonic


class StageStepper(QWidget):
    """A short control in the row of tabs, for layers in a tab of their own: all stages would not fit there."""

    def __init__(self, previous: QAction, next: QAction, names: list[str]) -> None:
        """`names` are those of all stages; the widest one fits."""
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
