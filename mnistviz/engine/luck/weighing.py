"""Weighs a difference against chance: whether other seeds alone spread the runs of a recipe as far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from mnistviz.engine.luck.bands import Band, Spread
from mnistviz.engine.luck.copied_runs import STRETCHES

ENOUGH: Final = 3
"""With fewer seeds than this nothing is said of chance."""

Side = Literal["above", "below"]


@dataclass(frozen=True)
class Weighed:
    """Something that is said to be better or worse than a run, beside the `spread` of that run with other seeds: it is
    `beyond` where no seed comes as far; else chance alone does as much."""

    spread: Spread
    beyond: bool


def weigh_shares(band: Band | None, digits: int, shares: Sequence[float], side: Side) -> Weighed | None:
    """Whether shares of validation digits read right lie above, or below, all that a run reads with other seeds after
    so many digits; None where too few seeds are known there."""
    return None if band is None else _weighed(band.at(digits), shares, side)


def weigh_cost(band: Band | None, begin: int, end: int, cost: float, side: Side) -> Weighed | None:
    """The same of a mean cost over a stretch of digits; None also where a cost is no number, or where the stretches
    that the band has cover less than half of it."""
    if band is None or not band.runs or not band.begin <= begin < end <= band.until:
        return None
    middles = band.runs[0].cost_digits
    length = (band.until - band.begin) / STRETCHES
    within = (middles >= begin + length / 2) & (middles <= end - length / 2)
    if np.count_nonzero(within) * length < (end - begin) / 2:
        return None
    means = [float(run.cost[within].mean()) for run in band.runs]
    return _weighed(Spread.of(means), [cost], side) if np.isfinite(means).all() else None


def _weighed(spread: Spread | None, values: Sequence[float], side: Side) -> Weighed | None:
    if spread is None or spread.n < ENOUGH:
        return None
    beyond = min(values) > spread.highest if side == "above" else max(values) < spread.lowest
    return Weighed(spread, beyond)
