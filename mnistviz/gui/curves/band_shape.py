"""The bands of a run as arrays to draw. NumPy only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mnistviz.engine.luck.bands import Band
from mnistviz.gui.curves.traces import Floats, Points


@dataclass(frozen=True, eq=False)
class BandShape:
    """Arrays to draw a band from; compared by identity.

    `x` holds the places where its runs were measured, in steps or digits, shape (n,), and `shares` the validation
    accuracies there, shape (runs, n). The start is left out where nothing was measured within the first epoch: a
    straight line from there would look like a far slower run. `edges` holds the minimum, the quartiles and the maximum,
    shape (4, n), and `costs` the mean costs at `cost_x`, shape (runs, m).
    """

    band: Band
    x: Floats
    shares: Floats
    edges: Floats
    cost_x: Floats
    costs: Floats

    @classmethod
    def of(cls, band: Band, place: Callable[[int], float], epoch: int) -> BandShape | None:
        """Return the shape of a band, or None if it has no runs. `place` converts digits to the x axis; an epoch has
        `epoch` digits."""
        if not band.runs:
            return None
        first = band.runs[0]
        begin = 1 if first.digits[0] == 0 and (first.digits[1:2] >= epoch).any() else 0
        shares = np.stack([run.accuracy[begin:] for run in band.runs])
        return cls(
            band,
            np.array([place(digits) for digits in first.digits[begin:].tolist()], float),
            shares,
            np.quantile(shares, (0, 0.25, 0.75, 1), axis=0),
            np.array([place(digits) for digits in first.cost_digits.tolist()], float),
            np.stack([run.cost for run in band.runs]),
        )

    @property
    def outline(self) -> tuple[Points, Points]:
        """The minimum and the maximum of the accuracies, as lines."""
        return Points(np.stack((self.x, self.edges[0]))), Points(np.stack((self.x, self.edges[-1])))
