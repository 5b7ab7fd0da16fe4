"""The bands of a run as arrays to draw. NumPy only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mnistviz.engine.luck.bands import Band
from mnistviz.gui.curves.traces import Floats, Points


@dataclass(frozen=True, eq=False)
class BandShape:
    """What is drawn of a band: equal only to itself.

    `x` is where its runs were measured, (n,), in steps or digits, and `shares` what each read right of the validation
    digits there, (runs, n): but for the start, where nothing was measured within the first epoch. A straight line from
    there looks like a far slower run. `edges` are those between which all lie, and the middle half of them: lowest,
    lower, upper, highest, (4, n). `costs` are the mean costs at `cost_x`, (runs, m).
    """

    band: Band
    x: Floats
    shares: Floats
    edges: Floats
    cost_x: Floats
    costs: Floats

    @classmethod
    def of(cls, band: Band, place: Callable[[int], float], epoch: int) -> BandShape | None:
        """That of a band, with its digits at places on the x axis, of a run whose epoch has so many digits; None while
        it has no run."""
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
        """The lowest and the highest shares, as lines."""
        return Points(np.stack((self.x, self.edges[0]))), Points(np.stack((self.x, self.edges[-1])))
