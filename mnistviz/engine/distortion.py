"""Random distortion of training samples: shifted, rotated and bent, like other handwriting; and noise on images.

The distortion of a sample depends on the seed, the epoch and its place in the order of the epoch, so it does not
depend on the mini-batches. Elastic distortion follows Simard, Steinkraus and Platt, *Best practices for convolutional
neural networks* (2003): a random displacement of each pixel, smoothed by a Gaussian. Samples share one rotation and
one displacement in groups of `GROUP`, in the order of the epoch.
"""

from typing import Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Cancelled, Counted, check, never, unheard
from mnistviz.engine.digits import MOST_DIGITS, PIXELS, SIDE, DigitSet, grey_values
from mnistviz.engine.functions import Array, Bytes, Numbers, quietly
from mnistviz.engine.network import Network
from mnistviz.engine.randomness import generator
from mnistviz.engine.settings import Settings

GROUP = 16
_SMOOTH = 4.0  # pixels: the standard deviation of the Gaussian

Floats = NDArray[np.float32]

_GRID = np.arange(SIDE, dtype=np.float32)
_GAUSSIAN = np.exp(-((_GRID[:, np.newaxis] - _GRID) ** 2) / (2 * _SMOOTH**2))
_GAUSSIAN /= np.sqrt((_GAUSSIAN**2).sum(axis=1, keepdims=True))  # so that smoothed noise keeps its spread


class Distortion:
    def __init__(self, settings: Settings, epoch: int, count: int) -> None:
        self._settings = settings
        self._epoch = epoch
        groups = -(-count // GROUP)
        seed, reach = settings.seed, settings.shift
        self._shifts = generator(seed, "shift", epoch).integers(0, 2 * reach + 1, (count, 2))
        self._turns = np.deg2rad(
            generator(seed, "rotation", epoch).uniform(-settings.rotation, settings.rotation, groups)
        ).astype(np.float32)

    def apply(self, images: Bytes, start: int) -> Bytes:
        """Return the images, uint8 (k, 784), at place `start` and after in the order of the epoch, distorted."""
        if not distorts(self._settings):
            return images
        pictures = images.reshape(-1, SIDE, SIDE)
        if bends(self._settings):
            pictures = self._bent(pictures, start)
        if self._settings.shift:
            pictures = self._moved(pictures, start)
        return pictures.reshape(images.shape)

    def _moved(self, pictures: Bytes, start: int) -> Bytes:
        reach = self._settings.shift
        padded = np.pad(pictures, ((0, 0), (reach, reach), (reach, reach)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (SIDE, SIDE), axis=(1, 2))
        down, right = self._shifts[start : start + len(pictures)].T
        return np.asarray(windows[np.arange(len(pictures)), down, right])

    def _bent(self, pictures: Bytes, start: int) -> Bytes:
        bent = np.empty_like(pictures)
        end = start + len(pictures)
        for group in range(start // GROUP, -(-end // GROUP)):
            first, last = max(start, group * GROUP) - start, min(end, (group + 1) * GROUP) - start
            bent[first:last] = _resampled(pictures[first:last], *self._source(group))
        return bent

    def _source(self, group: int) -> tuple[Floats, Floats]:
        """Return where each pixel of a group's images is sampled: rows and columns, (28, 28) each."""
        centre = (SIDE - 1) / 2
        cos, sin = np.cos(self._turns[group]), np.sin(self._turns[group])
        down, right = (_GRID - centre)[:, np.newaxis], _GRID - centre
        rows, columns = centre + cos * down + sin * right, centre - sin * down + cos * right
        if self._settings.elastic:
            noise = generator(self._settings.seed, "elastic", self._epoch, group).standard_normal(
                (2, SIDE, SIDE), dtype=np.float32
            )
            field = self._settings.elastic * (_GAUSSIAN @ noise @ _GAUSSIAN.T)
            rows, columns = rows + field[0], columns + field[1]
        return rows, columns


def bends(settings: Settings) -> bool:
    """Return whether pixels are interpolated, which takes a third of the training of large networks."""
    return bool(settings.rotation or settings.elastic)


def distorts(settings: Settings) -> bool:
    return bool(settings.shift) or bends(settings)


def _resampled(pictures: Bytes, rows: Floats, columns: Floats) -> Bytes:
    """Interpolate `pictures`, (k, 28, 28), at (rows, columns); outside is paper."""
    padded = np.zeros((len(pictures), SIDE + 2, SIDE + 2), np.uint8)  # bytes are gathered faster than floats
    padded[:, 1:-1, 1:-1] = pictures
    rows, columns = np.clip(rows + 1, 0, SIDE + 0.999), np.clip(columns + 1, 0, SIDE + 0.999)
    top, left = rows.astype(np.intp), columns.astype(np.intp)
    down, right = rows - top, columns - left
    flat, corner = padded.reshape(len(pictures), -1), top * (SIDE + 2) + left

    def between(corner: Numbers) -> Floats:
        row = flat.take(corner, axis=1) * (1 - right)
        row += flat.take(corner + 1, axis=1) * right
        return row

    interpolated = between(corner) * (1 - down)
    interpolated += between(corner + SIDE + 2) * down
    interpolated += np.float32(0.5)
    return interpolated.astype(np.uint8)


DRAWING: Final = MOST_DIGITS  # index that gives a drawing noise of its own: no test sample has it

_BLOCK: Final = 100  # samples whose noise is drawn together


class Noise(Struct, frozen=True):
    """Normal noise on each pixel: `strength` is its standard deviation, 1 for full ink; another `seed` draws others."""

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


def with_noise(images: Bytes, noise: Noise, begin: int = DRAWING) -> Bytes:
    """Return images, uint8 (m, 784), with noise, clipped to paper and ink. The first gets the noise of test sample
    `begin`, the next that of the one after it."""
    grey = grey_values(images)
    grey += np.float32(noise.strength) * noise_of(noise.seed, begin, begin + len(images))
    np.clip(grey, 0, 1, out=grey)
    grey *= 255
    return np.rint(grey).astype(np.uint8)


class NoiseAccuracy(Struct, frozen=True):
    right: int
    plain: int
    of: int


@quietly
def noise_accuracy(
    network: Network,
    digits: DigitSet,
    noise: Noise,
    cancelled: Cancelled = never,
    progress: Counted = unheard,
) -> NoiseAccuracy:
    """Evaluate all of `digits` with noise and without. `progress` receives the samples done and their total. Raise
    `Withdrawn` once `cancelled()`."""
    right = plain = 0
    for begin in range(0, len(digits), network.evaluation_chunk):
        check(cancelled)
        part = slice(begin, begin + network.evaluation_chunk)
        images, labels = digits.images[part], digits.labels[part]
        plain += int(np.count_nonzero(network.predictions(images) == labels))
        noisy = with_noise(images, noise, begin)
        right += int(np.count_nonzero(network.predictions(noisy) == labels))
        progress(begin + len(labels), len(digits))
    return NoiseAccuracy(right, plain, len(digits))
