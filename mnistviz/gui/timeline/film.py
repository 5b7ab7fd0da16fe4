"""What the strip shows, as one value, and where it is. Nothing is painted here."""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.acts import Flag
from mnistviz.engine.history import SETS, History
from mnistviz.gui.common.axis_scales import Range, accuracy_range

Floats = NDArray[np.float64]

MOST_POINTS = 300  # of the line: the strip is low
NEAR = 6  # pixels between the pointer and a flag


class Film(NamedTuple):
    """All that was recorded of a run that the strip shows. Two are equal where nothing has to be drawn anew."""

    run: int
    epoch: int
    """How many digits an epoch has."""
    flags: tuple[Flag, ...] = ()
    best: tuple[int, int, float] | None = None
    """After how many digits and mini-batches it was the best, and how good that was."""


class Accuracies:
    """The validation accuracy of a run along its digits, and the scale that the curves have for it."""

    def __init__(self) -> None:
        self._run = 0
        self._sizes: tuple[int, ...] = ()
        self.x: Floats = np.empty(0)
        self.y: Floats = np.empty(0)
        self.scale = Range(0.0, 1.0)

    def update(self, run: int, history: History) -> bool:
        """Takes up what is new of the run of a number; False if nothing is."""
        sizes = tuple(history.accuracies[name].size for name in SETS)
        if (self._run, self._sizes) == (run, sizes):
            return False
        if self._run != run:
            self.scale = Range(0.0, 1.0)
        self._run, self._sizes = run, sizes
        columns = history.accuracies["validation"]
        group = max(1, -(-len(columns) // MOST_POINTS))
        self.x, self.y = columns.positions("digits", 0, group), columns.means(0, group)
        self.scale = accuracy_range(_without_start(history), self.scale)
        return True


def _without_start(history: History) -> Floats:
    """The means of all sets but those of the first tenth, as the curves choose their scale."""
    columns = [history.accuracies[name] for name in SETS if len(history.accuracies[name])]
    if not columns:
        return np.empty(0)
    x = np.concatenate([each.positions("digits") for each in columns])
    y = np.concatenate([each.means() for each in columns])
    wanted: Floats = y[(x >= 0.9 * x.min() + 0.1 * x.max()) & np.isfinite(y)]
    return wanted


def nearest_flag(flags: tuple[Flag, ...], digits: float, within: float) -> Flag | None:
    """The flag nearest to a place, if it is no further away."""
    at = bisect_left(flags, digits, key=lambda flag: flag.digits)
    near = [flag for flag in flags[max(0, at - 1) : at + 1] if abs(flag.digits - digits) <= within]
    return min(near, key=lambda flag: abs(flag.digits - digits), default=None)


def epoch_ticks(epochs: float, width: float, least: float) -> list[int]:
    """Which whole epochs have a mark on an axis of so many `epochs`, if two are at least so many pixels apart."""
    step, factors = 1, (2, 5, 10)
    while width / max(epochs, 1e-9) * step < least:
        decade = 10 ** (len(str(step)) - 1)
        step = next(factor * decade for factor in factors if factor * decade > step)
    return list(range(0, int(epochs + 1e-9) + 1, step))
