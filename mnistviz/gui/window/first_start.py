"""The very first start: a digit that the untrained network misreads, and three first steps that are ticked as one does
them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Qt

from mnistviz.engine.digits import DigitSet
from mnistviz.engine.network import Network
from mnistviz.gui.common.choices import FIRST_STEPS
from mnistviz.gui.common.first_steps import FirstSteps
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.curves.curves import Curves
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.settings.eta_control import EtaControl
from mnistviz.gui.window.bottom_line import BottomLine
from mnistviz.gui.window.steering import Steering

FIRST_DIGIT = 56
LABEL = 4
_MOST = 100  # test digits that are tried


def misread_digit(network: Network, test: DigitSet) -> int | None:
    """Return the number of a test digit, a 4, that the network misreads: the usual one if it can be; None if there is
    none among the first ones."""
    numbers = np.flatnonzero(test.labels == LABEL)
    numbers = np.concatenate((numbers[numbers == FIRST_DIGIT], numbers))[:_MOST]
    misread = numbers[network.predictions(test.images[numbers]) != LABEL] if len(numbers) else numbers
    return int(misread[0]) if len(misread) else None


class FirstStart(QObject):
    def __init__(
        self,
        theme: Theme,
        lab: Lab,
        card: NetworkCard,
        curves: Curves,
        line: BottomLine,
        eta: EtaControl,
        steering: Steering,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._lab, self._pad, self._eta, self._steering = lab, card.pad, eta, steering
        self._is_laid = False
        self._rows = [FirstSteps(theme, lab.chosen, self._act, small=small) for small in (False, True)]
        curves.add_above(self._rows[0])
        line.add_steps(self._rows[1])
        self._pad.stepped.connect(self._look_at_pad)
        eta.changed.connect(lambda: self._tick("eta"))
        lab.chosen.listen("first", self._follow)

    def set_theme(self, theme: Theme) -> None:
        for row in self._rows:
            row.set_theme(theme)

    @property
    def _left(self) -> tuple[str, ...]:
        return self._lab.chosen.now.first.left

    def look(self) -> None:
        """Follow the news of a run: lay the digit on the scratchpad at the start, and tick the first mini-batch."""
        moment, digits = self._lab.shown.moment, self._lab.digits
        if not self._left or moment is None or digits is None:
            return
        if moment.step:
            self._tick("start")
        elif self._left == FIRST_STEPS and not self._is_laid and not self._pad.sheet.ink:
            self._is_laid = True
            number = misread_digit(moment.network, digits.test)
            if number is not None:
                self._pad.show_digit("test", number)

    def _look_at_pad(self) -> None:
        if self._pad.sheet.ink.strokes:
            self._tick("draw")

    def _tick(self, step: str) -> None:
        if step in self._left:
            self._lab.chosen.choose("first", left=tuple(each for each in self._left if each != step))

    def _follow(self) -> None:
        self._pad.invite("draw" in self._left)

    def _act(self, step: str) -> None:
        """Do the step whose chip was pressed, or move the focus to what does it."""
        if step == "start":
            self._steering.toggle_play()
            return
        part = self._pad if step == "draw" else self._eta.slider
        part.setFocus(Qt.FocusReason.ShortcutFocusReason)
