"""Cleaning of a picture of handwriting: paper becomes 0 and ink 1, straightened, without what is no writing. The
steps: grey; even out the illumination and find which is darker; threshold the ink; remove ruled lines and specks;
straighten; split into lines."""

from functools import partial
from typing import Any, Final

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Progress, unheard
from mnistviz.engine.digits import grey_values
from mnistviz.engine.framing import Array, resized
from mnistviz.engine.functions import Bytes, Floats, Numbers
from mnistviz.engine.problems import Problem
from mnistviz.engine.rows import filters
from mnistviz.engine.rows.candidates import Box
from mnistviz.engine.rows.connected import lines_of, part_boxes, tilt_of, without_specks
from mnistviz.engine.rows.digit_row import thickness
from mnistviz.engine.rows.rules import without_rules

MOST_SIDE: Final = 1_600  # larger pictures are first scaled down to this many pixels on the longer side

_COARSE: Final = 240  # pixels of the longer side when searching for the paper
_LEAST_CONTRAST: Final = 0.08  # of the paper's brightness
_STANDS_OUT: Final = 5.0  # times the noise
_HALF: Final = 0.5  # of the darkest ink nearby: what is darker is ink
_PALEST: Final = 0.8  # of the usual threshold: what is paler is paper
_THICKEST_PEN: Final = 12.0  # pixels: limit of the neighbourhood of a stroke


class Evened(Struct, frozen=True, eq=False):
    """A picture with uniform illumination: `contrast`, (h, w), is 0 for paper and 1 for the darkest writing.

    `light_on_dark` is True if the writing is brighter than the paper. `scale` is the number of its pixels per pixel of
    the picture, `noise` the standard deviation of the paper, and `threshold` the best between ink and paper, 0 to 1.
    """

    contrast: Array
    light_on_dark: bool
    scale: float
    noise: float
    threshold: float


class Cleaned(Struct, frozen=True, eq=False):
    """Ink of a picture: `ink`, (h, w) from 0 to 1, straightened, and `contrast`, its source, of the same shape.

    `threshold` was applied; `tilt` is the angle in degrees by which the writing descended to the right. `lines` are
    the boxes of the lines of writing from top to bottom, in pixels of `ink`, and `line_numbers`, (h, w), is the line
    of each pixel, from 1 on. `scale` is the number of these pixels per pixel of the picture.
    """

    ink: Array
    contrast: Array
    threshold: float
    tilt: float
    light_on_dark: bool
    lines: tuple[Box, ...]
    line_numbers: Numbers
    scale: float
    size: tuple[int, int]

    def line(self, number: int = 0) -> Array:
        """Return the ink of one line, on paper of the full size."""
        left, top, right, bottom = map(int, self.lines[number])
        alone = np.zeros_like(self.ink)
        area = slice(max(top - 1, 0), bottom + 1), slice(max(left - 1, 0), right + 1)  # with its soft edges
        other_lines = (self.line_numbers[area] > 0) & (self.line_numbers[area] != number + 1)
        near = filters.largest(other_lines.astype(np.float32), 1) > 0 if other_lines.any() else other_lines
        alone[area] = np.where(near, np.float32(0), self.ink[area])
        return alone

    def in_picture(self, points: NDArray[Any]) -> Floats:
        """Convert points (…, 2), x and y in pixels of `ink`, to pixels of the picture."""
        turn = np.radians(self.tilt)
        height, width = self.ink.shape
        x, y = np.moveaxis(np.asarray(points, dtype=float) - (width / 2, height / 2), -1, 0)
        back = np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], axis=-1)
        return np.asarray((back + np.array(self.size[::-1]) / 2) / self.scale)


def clean(picture: Bytes, threshold: float | None = None, tell: Progress = unheard) -> Cleaned:
    """Return the ink of a picture, uint8 (h, w) grey or (h, w, 4) red, green, blue and alpha. Raise the `Problem`
    "picture_without_digits" if nothing stands out from the paper."""
    evened = even(picture, lambda share: tell(0.5 * share))
    return take_ink(evened, threshold, lambda share: tell(0.5 + 0.5 * share))


def even(picture: Bytes, tell: Progress = unheard) -> Evened:
    """Even out the illumination: the first half of `clean`, which needs no threshold."""
    grey = grey_of(picture)
    scale = min(1.0, MOST_SIDE / max(grey.shape))
    grey = grey if scale == 1 else resized(grey, scale)
    tell(0.4)
    paper, light_on_dark = _paper(grey)
    tell(0.7)
    if light_on_dark:
        grey, paper = 1 - grey, 1 - paper
    darkness = np.maximum((paper - grey) / np.maximum(paper, 0.05), 0)
    noise = _noise(darkness)
    smooth = filters.mean(darkness, 1) if noise > 0.02 else darkness
    threshold, ink, beside = _parted(smooth)
    tell(0.9)
    stands_out = max(_LEAST_CONTRAST, _STANDS_OUT * noise * (0.5 if smooth is not darkness else 1))
    if ink - beside < stands_out:
        raise Problem("picture_without_digits")
    contrast: Array = np.clip((smooth - beside) / (ink - beside), 0, 1)
    tell(1.0)
    return Evened(contrast, light_on_dark, scale, noise, float((threshold - beside) / (ink - beside)))


def take_ink(evened: Evened, threshold: float | None = None, tell: Progress = unheard) -> Cleaned:
    """Separate the ink: the second half of `clean`. What is darker than `threshold`, 0 to 1, is ink."""
    used = min(max(evened.threshold if threshold is None else threshold, 0.02), 0.98)
    thresholds = _thresholds(evened.contrast, used)
    inked = without_rules(evened.contrast > thresholds, evened.contrast)
    tell(0.3)
    inked = without_specks(inked)
    if not inked.any():
        raise Problem("picture_without_digits")
    tilt = tilt_of(inked)
    tell(0.5)
    near = filters.largest(inked.astype(np.float32), 1) > 0
    soft = np.clip((evened.contrast - thresholds) / (2 * np.minimum(thresholds, 1 - thresholds)) + 0.5, 0, 1)
    soft = soft * near
    contrast = evened.contrast
    size = contrast.shape
    if tilt:
        soft, contrast = filters.turned(soft, -tilt), filters.turned(contrast, -tilt)
    tell(0.9)
    numbers, count = lines_of(soft > 0.5)
    if not count:
        raise Problem("picture_without_digits")
    lines = tuple(Box(*map(float, box)) for box in part_boxes(numbers, count)[0])
    tell(1.0)
    return Cleaned(soft, contrast, used, tilt, evened.light_on_dark, lines, numbers, evened.scale, size)


def _thresholds(contrast: Array, usual: float) -> Array:
    """Return the threshold at each pixel: the usual one, or half of the darkest ink nearby if that is paler. A pencil,
    or a pen that runs dry, writes one stroke dark and pale. With one threshold the pale part has gaps."""
    reach = round(min(max(float(thickness((contrast > usual).astype(np.float32))), 1.0), _THICKEST_PEN))
    darkest = filters.mean(filters.largest(contrast, reach), reach)
    return np.asarray(np.clip(_HALF * darkest, _PALEST * usual, usual))


def grey_of(picture: Bytes) -> Array:
    """Return brightness from 0 to 1. Transparency shows white paper, or black if that gives more contrast."""
    if picture.ndim == 2:
        return grey_values(picture)
    brightness: Array = grey_values(picture[..., :3]) @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    alpha = grey_values(picture[..., 3])
    if alpha.min() == 1:
        return brightness
    on_black: Array = brightness * alpha
    on_white: Array = on_black + (1 - alpha)
    return on_white if on_white.std() >= on_black.std() else on_black


def _paper(grey: Array) -> tuple[Array, bool]:
    """Return the paper's brightness at each pixel, and whether the writing is brighter than it.

    Strokes are narrow: the paper is what is left of a coarse picture where dark things narrower than a quarter of it
    are filled in. Around the strokes there is more paper than ink: if most is dark there, the writing is bright, and
    bright things are filled in instead.
    """
    coarse = grey if max(grey.shape) <= _COARSE else resized(grey, _COARSE / max(grey.shape))
    reach = max(2, min(coarse.shape) // 8)
    high, low = filters.largest(coarse, reach), filters.smallest(coarse, reach)
    around = high - low >= (high - low).max() / 2
    light_on_dark = bool((2 * coarse < high + low)[around].mean() > 0.5)
    paper = filters.largest(low, reach) if light_on_dark else filters.smallest(high, reach)
    return _stretched(paper, grey.shape), light_on_dark


def _stretched(values: Array, shape: tuple[int, ...]) -> Array:
    """Enlarge a coarse picture to `shape`, linear between its pixels."""
    for axis, length in enumerate(shape):
        count = values.shape[axis]
        at = (np.arange(length) + 0.5) * count / length - 0.5
        values = np.apply_along_axis(partial(np.interp, at, np.arange(count)), axis, values)
    return values.astype(np.float32)


def _noise(values: Array) -> float:
    steps = np.abs(np.diff(values, axis=1))
    return float(np.median(steps)) / 0.954 if steps.size else 0.0


def _parted(values: Array) -> tuple[float, float, float]:
    """Return the best threshold between dark and bright (Otsu), and typical values on either side of it."""
    counts, edges = np.histogram(values, bins=256, range=(0, max(float(values.max()), 1e-6)))
    middles = (edges[1:] + edges[:-1]) / 2
    below, total = np.cumsum(counts), counts.sum()
    sums = np.cumsum(counts * middles)
    share = below[:-1] / total
    gap = sums[-1] * share - sums[:-1]
    spread = gap**2 / np.maximum(share * (1 - share), 1e-9)
    cut = float(edges[int(spread.argmax()) + 1])
    ink, paper = values[values > cut], values[values <= cut]
    if not ink.size or not paper.size:
        return cut, 0.0, 0.0
    return cut, float(np.quantile(ink, 0.75)), float(np.median(paper))
