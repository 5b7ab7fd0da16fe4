"""The scenes of a page, as buttons above the figure."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from mnistviz.gui.common.widgets import describe


class SceneChoice(QWidget):
    """One of the buttons is down."""

    chosen = Signal(str)  # its id

    def __init__(self, name: str, scenes: Mapping[str, tuple[str, str]]) -> None:
        """`name` is for object names; `scenes` has for each id what its button says and its tooltip."""
        super().__init__()
        group = QButtonGroup(self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        self.buttons: dict[str, QPushButton] = {}
        for id, (text, tip) in scenes.items():
            button = QPushButton(text)
            button.setCheckable(True)
            button.setProperty("role", "tab")
            describe(button, f"{name}_scene_{id}", text, tip)
            button.clicked.connect(lambda _=False, id=id: self.chosen.emit(id))
            group.addButton(button)
            line.addWidget(button)
            self.buttons[id] = button
        line.addStretch(1)

    def show_scene(self, id: str) -> None:
        """Puts a button down, and tells nobody."""
        self.buttons[id].setChecked(True)
