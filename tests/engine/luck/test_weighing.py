"""A difference is weighed against what other seeds of a run do."""

from __future__ import annotations

import numpy as np
import pytest

from mnistviz.engine.luck.bands import Band, GrownRun
from mnistviz.engine.luck.copied_runs import STRETCHES
from mnistviz.engine.luck.weighing import weigh_cost, weigh_shares

UNTIL = 1_000
MIDDLES = (np.arange(STRETCHES) + 0.5) * UNTIL / STRETCHES


def band(*shares: float, costs: tuple[float, ...] = ()) -> Band:
    """Runs of an epoch of 500 digits and another, which read so many digits right after both."""
    runs = (
        GrownRun(
            seed,
            np.array([0, 500, UNTIL]),
            np.array([0.1, share, share]),
            MIDDLES.astype(np.int64),
            np.full(STRETCHES, costs[seed - 2] if costs else 1.0),
            share,
        )
        for seed, share in enumerate(shares, 2)
    )
    return Band("seeds", 0, UNTIL, tuple(runs))


def test_what_lies_within_the_seeds_is_chance_and_what_no_seed_reaches_is_more() -> None:
    seeds = band(0.94, 0.95, 0.93)
    for share, above, below in (
        (0.92, False, True),
        (0.93, False, False),
        (0.95, False, False),
        (0.96, True, False),
    ):
        for side, beyond in (("above", above), ("below", below)):
            found = weigh_shares(seeds, 500, [share], side)  # type: ignore[arg-type]
            assert found is not None
            assert found.beyond is beyond, (share, side)
            assert (found.spread.lowest, found.spread.median, found.spread.highest, found.spread.n) == (
                0.93, 0.94, 0.95, 3,
            )  # fmt: skip


def test_of_several_values_each_must_be_beyond() -> None:
    for shares, beyond in (([0.96, 0.97], True), ([0.95, 0.97], False)):
        found = weigh_shares(band(0.94, 0.95, 0.93), 500, shares, "above")
        assert found is not None
        assert found.beyond is beyond


def test_nothing_is_said_where_too_few_seeds_are_known_or_the_band_does_not_reach() -> None:
    assert weigh_shares(None, 500, [0.9], "above") is None
    assert weigh_shares(band(0.94, 0.95), 500, [0.9], "above") is None
    assert weigh_shares(band(0.94, 0.95, 0.93), UNTIL + 1, [0.9], "above") is None
    assert weigh_cost(band(0.94, 0.95, 0.93), 500, UNTIL + 1, 1.0, "above") is None


@pytest.mark.parametrize(("cost", "beyond"), [(0.29, False), (0.31, True)])
def test_a_cost_is_weighed_over_the_stretches_that_lie_within_its_digits(cost: float, beyond: bool) -> None:
    seeds = band(0.9, 0.9, 0.9, costs=(0.1, 0.2, 0.3))
    seeds.runs[0].cost[:50] = 9.0  # before, which does not count
    found = weigh_cost(seeds, 505, 1_000, cost, "above")
    assert found is not None
    assert found.beyond is beyond
    assert found.spread.highest == pytest.approx(0.3)
    assert weigh_cost(seeds, 505, 519, cost, "above") is None, "no whole stretch covers half of it"
    seeds.runs[0].cost[70] = np.nan
    assert weigh_cost(seeds, 505, 1_000, cost, "above") is None
