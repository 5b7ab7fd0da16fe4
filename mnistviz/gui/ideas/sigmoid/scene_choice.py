"""The three scenes of the page, as buttons above the figure."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from mnistviz.gui.common.widgets import describe
from mnistviz.gui.ideas.sigmoid.values import SCENES, Scene


class SceneChoice(QWidget):
    """One of the buttons is down."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        group = QButtonGroup(self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        words = {
            "nudge": (
                self.tr("A nudge"),
                self.tr("Adds Δw and Δb to the weight and bias of both units."),
            ),
            "factor": (self.tr("A factor c"), self.tr("Multiplies the weight and bias of both units.")),
            "network": (self.tr("The lab's network"), self.tr("Nudges one weight of a copy of it.")),
        }
        self.buttons: dict[Scene, QPushButton] = {}
        for scene in SCENES:
            text, tip = words[scene]
            button = QPushButton(text)
            button.setCheckable(True)
            button.setProperty("role", "tab")
            describe(button, f"sigmoid_scene_{scene}", text, tip)
            button.clicked.connect(lambda _=False, scene=scene: self.chosen.emit(scene))
            group.addButton(button)
            line.addWidget(button)
            self.buttons[scene] = button
        line.addStretch(1)

    def show_scene(self, scene: Scene) -> None:
        """Puts a button down, and tells nobody."""
        self.buttons[scene].setChecked(True)
