"""Bands: what other runs of the same recipe came to, as values, and how far they spread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Kind = Literal["seeds", "tiny changes"]
Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class GrownRun:
    """One run of a band: its seed, or of a copy with one tiny change its number, from 1.

    `accuracy` is the share of all validation digits that it read right, 0 to 1, after so many `digits`, and `test` that
    of the test digits at the end. `cost` is the mean cost of the mini-batches of a stretch, before they moved the
    weights, and `cost_digits` has the middle of each stretch. All have the shape (n,), and all runs of a band the same
    places. Weights that are no numbers read nothing right, and their cost is NaN: then it has `diverged`.
    """

    seed: int
    digits: Places
    accuracy: Floats
    cost_digits: Places
    cost: Floats
    test: float
    diverged: bool = False


@dataclass(frozen=True)
class Spread:
    """How far `n` numbers lie apart: the middle half of them lies from `lower` to `upper`."""

    median: float
    lowest: float
    highest: float
    lower: float
    upper: float
    n: int

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        known = np.fromiter(values, np.float64)
        lowest, lower, median, upper, highest = np.quantile(known, (0, 0.25, 0.5, 0.75, 1)).tolist()
        return cls(median, lowest, highest, lower, upper, len(known))


@dataclass(frozen=True, eq=False)
class Band:
    """Other runs of the recipe of a run, in the order of their seeds; the run itself is not among them.

    They are known from `begin` to `until`, in digits. Nothing changes it: one more run makes a new band.
    """

    kind: Kind
    begin: int
    until: int
    runs: tuple[GrownRun, ...] = ()

    def with_run(self, run: GrownRun) -> Band:
        """The same with one run more, in the place of an earlier one with its seed."""
        others = (each for each in self.runs if each.seed != run.seed)
        return replace(self, runs=tuple(sorted((*others, run), key=lambda each: each.seed)))

    def accuracies(self, digits: int) -> tuple[float, ...]:
        """Return the accuracy of each run on the validation digits at the last measurement up to so many digits; empty
        beyond the band, or where it has no run yet."""
        if not self.runs or not self.begin <= digits <= self.until:
            return ()
        place = int(np.searchsorted(self.runs[0].digits, digits, side="right")) - 1
        return () if place < 0 else tuple(float(run.accuracy[place]) for run in self.runs)

    def at(self, digits: int) -> Spread | None:
        """Return how far these accuracies lie apart; None where there are none."""
        known = self.accuracies(digits)
        return Spread.of(known) if known else None

    @property
    def end(self) -> Spread | None:
        return self.at(self.until)

    @property
    def test(self) -> Spread | None:
        """How far the shares of test digits read right at the end lie apart."""
        return Spread.of(run.test for run in self.runs) if self.runs else None


def band_of(bands: Iterable[Band], kind: Kind) -> Band | None:
    """The band of a kind among those of a run, if there is one."""
    return next((band for band in bands if band.kind == kind), None)
