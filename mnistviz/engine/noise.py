"""Noise on images of digits, seeded so that an image gets the same noise each time it is viewed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import MOST_DIGITS, PIXELS, DigitSet, grey_values
from mnistviz.engine.functions import Array, quietly
from mnistviz.engine.network import Network
from mnistviz.engine.randomness import generator

DRAWING: Final = MOST_DIGITS
"""Index that gives a drawing noise of its own: no test sample has it."""

_BLOCK: Final = 100  # samples whose noise is drawn together


@dataclass(frozen=True)
class Noise:
    """Normally distributed noise on each pixel: `strength` is its standard deviation, 1 for full ink. Another `seed`
    draws other numbers."""

    strength: float
    seed: int = 0


def noise_of(seed: int, begin: int, end: int) -> Array:
    """Return the noise, of standard deviation 1, of the test samples `begin` up to `end`: float32 (m, 784)."""
    first = begin // _BLOCK
    blocks = [
        generator(seed, "noise", block).standard_normal((_BLOCK, PIXELS), dtype=np.float32)
        for block in range(first, -(-end // _BLOCK))
    ]
    start = begin - first * _BLOCK
    return np.concatenate(blocks)[start : start + end - begin]


def with_noise(images: NDArray[np.uint8], noise: Noise, begin: int = DRAWING) -> NDArray[np.uint8]:
    """Return images, uint8 (m, 784), with noise, clipped to paper and ink; the first is the test sample `begin`, the
    next the one after it."""
    grey = grey_values(images)
    grey += np.float32(noise.strength) * noise_of(noise.seed, begin, begin + len(images))
    np.clip(grey, 0, 1, out=grey)
    grey *= 255
    return np.rint(grey).astype(np.uint8)


@dataclass(frozen=True)
class NoiseToll:
    """Effect of noise on a network's accuracy: `right` of the test samples, `of` so many, are correct with noise, and
    `plain` without."""

    right: int
    plain: int
    of: int


@quietly
def noise_toll(
    network: Network,
    digits: DigitSet,
    noise: Noise,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], object] = lambda done, of: None,
) -> NoiseToll | None:
    """Evaluate all of `digits` with noise and without. `progress` receives the samples done and their total. None once
    `cancelled()`."""
    right = plain = 0
    for begin in range(0, len(digits), network.evaluation_chunk):
        if cancelled():
            return None
        part = slice(begin, begin + network.evaluation_chunk)
        images, labels = digits.images[part], digits.labels[part]
        plain += int(np.count_nonzero(network.predictions(images) == labels))
        noisy = with_noise(images, noise, begin)
        right += int(np.count_nonzero(network.predictions(noisy) == labels))
        progress(begin + len(labels), len(digits))
    return NoiseToll(right, plain, len(digits))
