"""What the noise on the scratchpad does to the test digits, for the network that is shown."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from mnistviz.engine.digits import PIXELS
from mnistviz.engine.evidence import finite
from mnistviz.engine.network import Network
from mnistviz.engine.noise import Noise, NoiseToll
from mnistviz.gui.lab.picture_questions import PictureQuestions
from mnistviz.gui.lab.repeated_question import RepeatedQuestion
from mnistviz.gui.lab.shown import Shown

SECONDS: Final = 2.0  # from one count to the next, at least, while the network learns: each takes some 0.4 s
_KEY: Final = "noise toll"


class NoiseFigure(QObject):
    """Has the test digits read with the noise and without, in a job. Nothing is asked while there is no noise."""

    changed = Signal()
    """Something else is known."""

    def __init__(self, pictures: PictureQuestions | None, parent: QObject) -> None:
        """Without `pictures` nothing is ever known."""
        super().__init__(parent)
        self._pictures = pictures
        self._shown = Shown()
        self._noise: Noise | None = None
        self.toll: NoiseToll | None = None
        """What came of the last count, perhaps of an earlier mini-batch; None before the first."""
        self.step: int | None = None
        """The mini-batch that the last count was of; None of what belongs to no run."""
        self._share = 0.0  # of the count that is under way
        self._question = RepeatedQuestion[Network](pictures, _KEY, SECONDS, self._ask, self)

    @property
    def counted(self) -> float | None:
        """How much of the count is done, from 0 to 1; None where nothing is being counted."""
        return None if self._question.asked is None else self._share

    def set_noise(self, noise: Noise | None) -> None:
        """Counts for another noise, or no more."""
        if noise != self._noise:
            self._noise = noise
            self._forget()
            self._question.throttle.hurry()
            if noise is not None:
                self._question.throttle.ask()
            self.changed.emit()

    def draw(self, shown: Shown) -> None:
        """Counts for another network; at once where the run rests, else seldom."""
        before, self._shown = self._shown, shown
        if self._noise is None or self._pictures is None:
            return
        if shown.is_first(before):
            self._forget()
        self._question.follow(shown)

    def _ask(self) -> None:
        moment, noise = self._shown.moment, self._noise
        if moment is None or noise is None or self._pictures is None or self._shown.digits is None:
            return
        network = moment.network
        if network.sizes[0] != PIXELS or not finite([network.parameters]):
            self._forget()
            self.changed.emit()
            return
        if self._question.begin(network, self._shown):
            found = partial(self._on_found, None if self._shown.stand_in is not None else moment.step)
            self._share = 0.0
            self._pictures.noise_toll(_KEY, network, noise, found, self._on_failed, self._on_progress)

    def _on_found(self, step: int | None, toll: NoiseToll) -> None:
        self._question.end()
        self.toll, self.step = toll, step
        self.changed.emit()
        if self._question.of is not (self._shown.moment and self._shown.moment.network):
            self._question.throttle.ask()  # the run has learned on

    def _on_progress(self, done: int, of: int) -> None:
        self._share = done / of
        self.changed.emit()

    def _on_failed(self, _error: Exception) -> None:
        self._forget()
        self.changed.emit()

    def _forget(self) -> None:
        self._question.forget()
        self.toll = None
