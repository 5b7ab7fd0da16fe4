"""The accuracy on noisy test digits, for the network that is shown."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal

from mnistviz.engine.digits import PIXELS
from mnistviz.engine.distortion import Noise, NoiseToll
from mnistviz.engine.evidence import finite
from mnistviz.engine.network import Network
from mnistviz.gui.lab.picture_questions import PictureQuestions
from mnistviz.gui.lab.repeated_question import RepeatedQuestion
from mnistviz.gui.lab.shown import Shown

SECONDS: Final = (
    2.0  # seconds between two counts while the network is trained, at least: each takes about 0.4 s
)
_KEY: Final = "noise toll"


class NoiseFigure(QObject):
    """Counts the correct test digits with and without the noise in a background job, while there is noise."""

    changed = Signal()

    def __init__(self, pictures: PictureQuestions | None, parent: QObject) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._shown = Shown()
        self._noise: Noise | None = None
        self.toll: NoiseToll | None = None
        """The last result, perhaps of an earlier step, or None before the first."""
        self.step: int | None = None
        """The step of the last result, or None if it belongs to no run."""
        self._share = 0.0  # progress of the running count
        self._question = RepeatedQuestion[Network](pictures, _KEY, SECONDS, self._ask, self)

    @property
    def counted(self) -> float | None:
        """The progress of the count from 0 to 1, or None while none is running."""
        return None if self._question.asked is None else self._share

    def set_noise(self, noise: Noise | None) -> None:
        """Count for another noise, or stop for None."""
        if noise != self._noise:
            self._noise = noise
            self._forget()
            self._question.throttle.hurry()
            if noise is not None:
                self._question.throttle.ask()
            self.changed.emit()

    def draw(self, shown: Shown) -> None:
        """Count for another network: at once while training is paused, otherwise rarely."""
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
            on_found = partial(self._on_result, None if self._shown.stand_in is not None else moment.step)
            self._share = 0.0
            self._pictures.noise_toll(_KEY, network, noise, on_found, self._on_failed, self._on_progress)

    def _on_result(self, step: int | None, accuracy: NoiseToll) -> None:
        self._question.end()
        self.toll, self.step = accuracy, step
        self.changed.emit()
        if self._question.of is not (self._shown.moment and self._shown.moment.network):
            self._question.throttle.ask()  # training has continued

    def _on_progress(self, done: int, of: int) -> None:
        self._share = done / of
        self.changed.emit()

    def _on_failed(self, _error: Exception) -> None:
        self._forget()
        self.changed.emit()

    def _forget(self) -> None:
        self._question.forget()
        self.toll = None
