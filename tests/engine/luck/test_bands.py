"""Bands and how far their runs spread, against plain counting."""

from __future__ import annotations

import statistics

import pytest

from mnistviz.engine.luck.bands import Band, Spread, band_of
from tests.engine.luck.made_bands import grown, made_band

ENDS = (0.951, 0.939, 0.948, 0.95, 0.944, 0.946, 0.942, 0.947)


def test_a_spread_has_the_range_the_middle_half_and_the_median() -> None:
    spread = Spread.of(ENDS)
    assert (spread.lowest, spread.highest, spread.n) == (min(ENDS), max(ENDS), 8)
    assert spread.median == pytest.approx(statistics.median(ENDS))
    quarters = statistics.quantiles(ENDS, n=4, method="inclusive")
    assert [spread.lower, spread.upper] == pytest.approx(quarters[::2])


def test_one_run_alone_spreads_by_nothing() -> None:
    assert Spread.of([0.9]) == Spread(0.9, 0.9, 0.9, 0.9, 0.9, 1)


def test_a_band_tells_the_last_measurement_up_to_a_place() -> None:
    band = made_band(ENDS, epochs=2)
    assert band.at(100_000) == band.end == Spread.of(ENDS)
    assert band.at(99_999) == band.at(50_000) == Spread.of(end - 0.01 for end in ENDS)
    assert band.at(0) == Spread.of([0.1] * 8)
    assert band.test == Spread.of(end - 0.01 for end in ENDS)


def test_a_band_knows_nothing_beyond_itself_or_without_a_run() -> None:
    band = made_band(ENDS, begin=20_000)
    assert band.at(19_999) is None
    assert band.at(70_001) is None
    empty = Band("seeds", 0, 50_000)
    assert (empty.at(50_000), empty.end, empty.test) == (None, None, None)
    assert band.accuracies(19_999) == band.accuracies(70_001) == empty.accuracies(50_000) == ()
    assert band.accuracies(70_000) == ENDS


def test_runs_come_in_the_order_of_their_seeds_each_once() -> None:
    band = Band("seeds", 0, 50_000)
    for seed, end in ((5, 0.9), (3, 0.8), (5, 0.7), (4, 0.6)):
        band = band.with_run(grown(seed, (0.1, end)))
    assert [(run.seed, run.accuracy[-1]) for run in band.runs] == [(3, 0.8), (4, 0.6), (5, 0.7)]


def test_a_run_has_a_band_of_each_kind() -> None:
    seeds, tiny = made_band(ENDS), made_band(ENDS[:5], "tiny changes")
    assert band_of((seeds, tiny), "tiny changes") is tiny
    assert band_of((seeds, tiny), "seeds") is seeds
    assert band_of((tiny,), "seeds") is None
