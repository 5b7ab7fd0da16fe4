"""A row of buttons of which one is down: the scenes of a page, its figures, or what is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from mnistviz.gui.common.flow_layout import FlowLayout
from mnistviz.gui.common.widgets import describe


class ChoiceRow(QWidget):
    """A button for each choice, between widgets that stand before and after them."""

    chosen = Signal(str)  # the id of a choice, by the user

    def __init__(
        self,
        names: str,
        choices: Mapping[str, tuple[str, str]],
        *,
        role: str = "tab",
        spacing: int = 6,
        wraps: bool = False,
        before: QWidget | None = None,
        after: QWidget | None = None,
    ) -> None:
        """`names` begins the object names; `choices` has for each id what its button says and its tooltip. A row that
        `wraps` goes on in a new line."""
        super().__init__()
        group = QButtonGroup(self)
        line = FlowLayout(self, spacing=spacing) if wraps else QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(spacing)
        self.buttons: dict[str, QPushButton] = {}
        if before is not None:
            line.addWidget(before)
        for id, (text, tip) in choices.items():
            button = self.buttons[id] = QPushButton(text)
            button.setCheckable(True)
            button.setProperty("role", role)
            describe(button, f"{names}_{id}", text, tip)
            button.clicked.connect(partial(self._choose, id))
            group.addButton(button)
            line.addWidget(button)
        if isinstance(line, QHBoxLayout):
            line.addStretch(1)
        if after is not None:
            line.addWidget(after)

    def show_choice(self, id: str) -> None:
        """Puts a button down; emits nothing."""
        self.buttons[id].setChecked(True)

    def _choose(self, id: str) -> None:
        self.chosen.emit(id)
