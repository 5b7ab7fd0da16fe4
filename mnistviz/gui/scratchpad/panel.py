"""The panel at the right: the scratchpad, and below it what the network makes of what lies on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mnistviz.engine.digits import Digits
from mnistviz.gui.common.scrolled_column import ScrolledColumn
from mnistviz.gui.common.theme import LIGHT, Theme
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.scratchpad.scratchpad import ScratchpadCard
from mnistviz.gui.scratchpad.verdict import Verdict


class ScratchpadPanel(ScrolledColumn):
    """Draws the verdict in each frame, and at once after a stroke: the hand waits for no frame."""

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        inside = QWidget()
        super().__init__(inside, parent)
        self.setObjectName("scratchpad_panel")
        self._shown = Shown()
        self.card = ScratchpadCard(theme)
        self.pad = self.card.pad
        self.verdict = Verdict(theme)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.card)
        column.addWidget(self.verdict, 1)
        self.pad.changed.connect(self._answer)

    def draw(self, shown: Shown) -> None:
        """Shows what the network makes of what lies on the pad."""
        self._shown = shown
        self._answer()

    def forget(self) -> None:
        """Forgets the network. What is drawn is the user's, and every network answers to it."""
        self._shown = Shown()
        self.verdict.forget()

    def set_digits(self, digits: Digits) -> None:
        """The set that test digits and the names of the classes come from. No run on another one goes on."""
        self._shown = Shown(digits)
        self.card.set_digits(digits)
        self.verdict.set_classes(digits.classes)

    def set_theme(self, theme: Theme) -> None:
        self.card.set_theme(theme)
        self.verdict.set_theme(theme)

    def state(self) -> dict[str, Any]:
        """The tool and what lies on the pad, in values that JSON can hold."""
        return self.pad.state()

    def restore(self, state: Mapping[str, Any]) -> None:
        """Puts back what `state` gave; what makes no sense leaves blank paper."""
        self.pad.restore(state)

    def _answer(self) -> None:
        run, pad = self._shown.run, self.pad
        self.verdict.draw(
            self._shown.moment, pad.picture, pad.true_label, loaded=run is not None and run.loaded
        )
