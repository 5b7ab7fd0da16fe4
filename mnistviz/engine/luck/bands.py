"""Bands: results of other runs of the same recipe, and their spread."""

from collections.abc import Iterable
from typing import Literal, Self

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from mnistviz.engine.functions import Floats, Ints

Kind = Literal["seeds", "tiny changes"]
Places = Ints


class GrownRun(Struct, frozen=True, eq=False):
    """One run of a band: its seed, or the number of a perturbed copy, from 1.

    `accuracy` is the validation accuracy, 0 to 1, after so many `digits`, and `test` the final test accuracy. `cost`
    is the mean cost of the mini-batches of a stretch, before they moved the weights, and `cost_digits` the middle of
    each stretch. All have the shape (n,), and all runs of a band the same places. Weights that are not finite have
    accuracy 0 and cost NaN: then it has `diverged`.
    """

    seed: int
    digits: Places
    accuracy: Floats
    cost_digits: Places
    cost: Floats
    test: float
    diverged: bool = False


class Spread(Struct, frozen=True):
    """Quantiles of `n` numbers: the middle half lies from `lower` to `upper`."""

    median: float
    lowest: float
    highest: float
    lower: float
    upper: float
    n: int

    @classmethod
    def of(cls, values: Iterable[float]) -> Self:
        known = np.fromiter(values, np.float64)
        lowest, lower, median, upper, highest = np.quantile(known, (0, 0.25, 0.5, 0.75, 1)).tolist()
        return cls(median, lowest, highest, lower, upper, len(known))


class Band(Struct, frozen=True, eq=False):
    """Other runs of the recipe of a run, in the order of their seeds, without the run itself. They are known from
    `begin` to `until`, in samples. Immutable: one more run makes a new band."""

    kind: Kind
    begin: int
    until: int
    runs: tuple[GrownRun, ...] = ()

    def with_run(self, run: GrownRun) -> Self:
        """Return the band with one more run, which replaces one with the same seed."""
        others = (each for each in self.runs if each.seed != run.seed)
        return replace(self, runs=tuple(sorted((*others, run), key=lambda each: each.seed)))

    def accuracies(self, digits: int) -> tuple[float, ...]:
        """Return the validation accuracy of each run at its last evaluation up to so many samples, if in the band."""
        if not self.runs or not self.begin <= digits <= self.until:
            return ()
        place = int(np.searchsorted(self.runs[0].digits, digits, side="right")) - 1
        return () if place < 0 else tuple(float(run.accuracy[place]) for run in self.runs)

    def at(self, digits: int) -> Spread | None:
        """Return the spread of these accuracies, or None if there are none."""
        known = self.accuracies(digits)
        return Spread.of(known) if known else None

    @property
    def end(self) -> Spread | None:
        return self.at(self.until)

    @property
    def test(self) -> Spread | None:
        return Spread.of(run.test for run in self.runs) if self.runs else None


def band_of(bands: Iterable[Band], kind: Kind) -> Band | None:
    """Return the band of a kind among those of a run, or None."""
    return next((band for band in bands if band.kind == kind), None)
