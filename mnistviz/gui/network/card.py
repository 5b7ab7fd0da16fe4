"""The network card: scratchpad, units and outputs, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QWidget

from mnistviz.engine.digits import Digits
from mnistviz.gui.common.theme import LIGHT, Theme
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.pad.scratchpad import ScratchpadCard
from mnistviz.gui.network.units import Units
from mnistviz.gui.network.verdict import Verdict


class NetworkCard(QWidget):
    """Draws the answer in each frame, and at once after a stroke: the hand waits for no frame."""

    def __init__(self, theme: Theme = LIGHT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network")
        self._shown = Shown()
        self.scratchpad = ScratchpadCard(theme)
        self.pad = self.scratchpad.pad
        self.units = Units(theme)
        self.verdict = Verdict(theme)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.scratchpad, 3)
        row.addWidget(self.units, 5)
        row.addWidget(self.verdict, 3)
        self.pad.changed.connect(self._answer)

    def draw(self, shown: Shown) -> None:
        """Shows the network of the moment, and what it makes of what lies on the pad."""
        self._shown = shown
        self.units.draw(shown)
        self._answer()

    def forget(self) -> None:
        """Forgets the network. What is drawn is the user's, and every network answers to it."""
        self._shown = Shown()
        self.units.forget()
        self.verdict.forget()

    def set_digits(self, digits: Digits) -> None:
        """The set that test digits and the names of the classes come from. No run on another one goes on."""
        self._shown = Shown(digits)
        self.scratchpad.set_digits(digits)
        self.units.set_digits(digits)
        self.verdict.set_classes(digits.classes)

    def set_theme(self, theme: Theme) -> None:
        for part in (self.scratchpad, self.units, self.verdict):
            part.set_theme(theme)

    def state(self) -> dict[str, Any]:
        """What lies on the pad and what is chosen, in values that JSON can hold."""
        return {"pad": self.pad.state(), "units": self.units.state()}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Puts back what `state` gave; what makes no sense is passed over."""
        for part, name in ((self.pad, "pad"), (self.units, "units")):
            kept = state.get(name)
            part.restore(kept if isinstance(kept, dict) else {})

    def _answer(self) -> None:
        run, pad = self._shown.run, self.pad
        self.verdict.draw(
            self._shown.moment, pad.picture, pad.true_label, loaded=run is not None and run.loaded
        )
