"""Requests of the window about the picture on the scratchpad: each is a job over immutable values."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.digits import Digits
from mnistviz.engine.distortion import Noise, NoiseToll, noise_toll
from mnistviz.engine.fewest_pixels import MOST_PIXELS, PixelSearch, fewest_pixels
from mnistviz.engine.network import Network
from mnistviz.gui.lab.moments import SHORT
from mnistviz.gui.lab.questions import Failed, Progress, Questions, ViewQuestions

_MOST_CACHED: Final = 200


class PictureQuestions(ViewQuestions):
    """Requests about noise, and about the few pixels that change a prediction. The accuracy under noise is cached by
    the state of the network."""

    def __init__(self, questions: Questions, digits: Callable[[], Digits | None]) -> None:
        super().__init__(questions, digits)
        self._cache: dict[Hashable, NoiseToll] = {}

    def fewest_pixels(
        self,
        key: str,
        network: Network,
        image: NDArray[np.uint8],
        then: Callable[[PixelSearch], object],
        failed: Failed,
        most: int = MOST_PIXELS,
    ) -> None:
        """Find the pixels of an image, (n,), that change a network's prediction; see `fewest_pixels`."""

        def work(cancelled: Cancelled, _tell: Progress) -> PixelSearch:
            return fewest_pixels(network, image, most, cancelled)

        a_pixel = len(image) * sum(w.size for w in network.weights[1:])  # products, about
        self._questions.ask(key, work, then, failed, quick=a_pixel <= SHORT)

    def noise_toll(
        self,
        key: str,
        network: Network,
        noise: Noise,
        then: Callable[[NoiseToll], object],
        failed: Failed,
        progress: Progress | None = None,
    ) -> None:
        """Compute a network's accuracy on the test digits with and without noise. Progress counts digits. Cached
        results are delivered at once."""
        digits = self._digits()
        assert digits is not None
        about, test = _key(network, noise, digits), digits.test
        if (known := self._cache.get(about)) is not None:
            self.withdraw(key)
            then(known)
            return

        def work(cancelled: Cancelled, tell: Progress) -> NoiseToll:
            return noise_toll(network, test, noise, cancelled, tell)

        self._questions.ask(key, work, partial(self._store, about, then), failed, progress)

    def _store(self, about: Hashable, then: Callable[[NoiseToll], object], toll: NoiseToll) -> None:
        self._cache[about] = toll
        while len(self._cache) > _MOST_CACHED:
            del self._cache[next(iter(self._cache))]
        then(toll)


def _key(network: Network, noise: Noise, digits: Digits) -> Hashable:
    """Return what the result depends on: the exact weights, the functions, the noise and the digits."""
    weights = blake2b(network.parameters.tobytes()).digest()
    return weights, network.sizes, network.activation, network.output, noise, digits.checksum
