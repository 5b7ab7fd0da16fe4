"""From weights to colours: the scale that suits them, and the colour of each."""

from __future__ import annotations

import math
import time
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from mnistviz.engine.moment import Moment
from mnistviz.gui.common.nice_numbers import nice_above
from mnistviz.gui.common.theme import Theme, weight_colours

Array = NDArray[Any]

_QUANTILE: Final = 0.99
_NICE: Final = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0)
EVERY: Final = 0.1  # seconds
_UNITS: Final = 24
_INPUTS: Final = 160
"""At most about so many units and weights of each are looked at to choose a colour scale."""


def unit_quantiles(weights: Array, initial: Array | None = None) -> Array:
    """Each unit's 99 % quantile of |w|, (units,), from some of its `weights`, (units, n_in); with `initial` weights it
    is the difference to them that counts."""
    n_in = weights.shape[1]
    stride = max(1, n_in // _INPUTS)
    while stride > 1 and math.gcd(stride, n_in) > 1:
        stride += 1  # or only some columns of a picture would be looked at
    sample = weights[:, ::stride] if initial is None else weights[:, ::stride] - initial[:, ::stride]
    sample = np.abs(sample)
    place = min(int(_QUANTILE * sample.shape[1]), sample.shape[1] - 1)
    quantiles: Array = np.partition(sample, place, axis=1)[:, place]
    return quantiles


def fitted_limit(limit: float, weights: Array, initial: Array | None = None) -> float:
    """The weight that gets the strongest colour: a round number near the median over units of their 99 % quantile of
    |w|, so that one extreme unit does not pale the others.

    `limit` is the one in use. It stays until the median passes it or falls below half of it, so that a picture doesn't
    flicker while its weights move. With `initial` weights it is the difference to them that counts.
    """
    some = slice(None, None, max(1, len(weights) // _UNITS))
    median = float(np.median(unit_quantiles(weights[some], None if initial is None else initial[some])))
    if not 0 < median < 1e30 or 0.5 * limit <= median <= limit:
        return limit
    return nice_above(1.05 * median, _NICE)


class ColourScales:
    """The colour scales in use for one network: for each layer one of its weights, and one of what was learned."""

    def __init__(self) -> None:
        self._of: tuple[int, tuple[int, ...]] | None = None
        # the limits, and when they were looked at, in seconds
        self._limits: dict[tuple[int, bool], tuple[float, float]] = {}

    def fit(self, moment: Moment, layer: int, *, learned: bool) -> float:
        """The limit of one scale: as it was, if it still suits the weights; see `fitted_limit`. It is looked at ten
        times a second at most. Another run, or other sizes, begin with new scales."""
        if (of := (moment.run, moment.network.sizes)) != self._of:
            self._of = of
            self._limits.clear()
        limit, looked = self._limits.get((layer, learned), (1.0, -math.inf))
        if (now := time.monotonic()) - looked >= EVERY:
            initial = moment.initial.weights[layer - 1] if learned else None
            limit = fitted_limit(limit, moment.network.weights[layer - 1], initial)
            self._limits[layer, learned] = limit, now
        return limit


def colour_indices(
    weights: Array, limit: float, out: NDArray[np.uint8], work: NDArray[np.float32], initial: Array | None
) -> None:
    """Writes into `out` which colour each weight has: 128 + 127 · w / limit, rounded, from 1 to 255.

    With `initial` weights it is the difference to them that counts. What is not a number gets 0, as a cell
    without a weight. All arrays have the shape of `weights`; `work` is overwritten.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        if initial is None:
            np.multiply(weights, 127 / limit, out=work, casting="same_kind")
        else:
            np.subtract(weights, initial, out=work, casting="same_kind")
            work *= 127 / limit
        work += 128.5
        np.clip(work, 1, 255, out=work)
        np.copyto(out, work, casting="unsafe")


def colour_table(theme: Theme) -> NDArray[np.uint32]:
    """The 256 colours as 0xffRRGGBB; number 0, which no finite weight has, is a cell without a weight."""
    rgb = weight_colours(theme).astype(np.uint32)
    table = 0xFF000000 | rgb[:, 0] << 16 | rgb[:, 1] << 8 | rgb[:, 2]
    table[0] = QColor(theme.grid).rgb()
    return table.astype(np.uint32)
