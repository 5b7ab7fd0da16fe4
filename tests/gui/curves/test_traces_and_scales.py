"""What is drawn is what the history says, and axes are calm and round."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnistviz.engine.columns import Columns
from mnistviz.gui.common.scales import Range, accuracy_range, cost_range, error_range, grown, ticks
from mnistviz.gui.curves.traces import MOST_POINTS, Trace, without_start
from tests.examples import examples

positive = st.floats(1e-6, 1e6)
share = st.floats(0, 1)


def longer(columns: Columns, values: list[float]) -> Columns:
    steps = np.arange(columns.size, columns.size + len(values))
    return columns.extended(steps, steps * 10, np.array(values))


def trace_of(columns: Columns, *, band: bool = False) -> Trace:
    trace = Trace(band=band)
    trace.columns = columns
    return trace


@given(st.lists(st.integers(1, 60), min_size=1, max_size=20), st.integers(20, 200))
@settings(max_examples=examples(50))
def test_a_curve_drawn_bit_by_bit_is_the_curve_drawn_at_once(pieces: list[int], pixels: int) -> None:
    """Merges of the history and points that were not complete leave no trace in what is drawn."""
    chance = np.random.default_rng(0)
    columns = Columns(16, histogram=True)
    slowly = Trace(band=True)
    for piece in pieces:
        columns = longer(columns, chance.random(piece).tolist())
        slowly.columns = columns
        slowly.update("digits", 0, 5_000, pixels)
    at_once = trace_of(columns, band=True)
    at_once.update("digits", 0, 5_000, pixels)
    complete = columns.size // (columns.span * at_once.group)
    assert len(slowly.points.x) == len(at_once.points.x)
    assert np.array_equal(slowly.points.x[:complete], at_once.points.x[:complete])
    assert np.allclose(slowly.points.mean[:complete], at_once.points.mean[:complete], rtol=1e-12)
    assert np.allclose(slowly.points.band[:, :complete], at_once.points.band[:, :complete], rtol=1e-12)


def test_a_curve_of_a_million_costs_has_about_a_point_for_two_pixels() -> None:
    columns = Columns(histogram=True)
    for _ in range(10):
        columns = longer(columns, [0.5] * 100_000)
    trace = trace_of(columns, band=True)
    trace.update("steps", 0, 1_000_000, 700)
    assert 200 < len(trace.points.x) < 500
    trace.update("steps", 0, 1_000_000, 1e6)
    assert len(trace.points.x) <= MOST_POINTS


def test_a_zoomed_curve_is_drawn_as_finely_as_it_is_known_and_only_in_the_window() -> None:
    columns = Columns(histogram=True)
    columns = longer(columns, [0.5] * 1_900)
    trace = trace_of(columns)
    trace.update("steps", 0, 2_000, 500)
    assert trace.group > 1
    trace.update("steps", 100, 200, 500)
    assert trace.group == 1
    assert trace.points.x[0] == 99
    assert 200 < trace.points.x[-1] <= 202


def test_a_point_of_few_values_is_not_drawn_while_it_would_jump_about() -> None:
    """From the half on it is, and then moves by quarters."""
    columns = Columns(32, histogram=True)
    columns = longer(columns, [0.5] * 272)  # 17 columns of 16 values, of which each is a point
    trace = trace_of(columns)
    points = []
    for _ in range(16):
        trace.columns = columns
        trace.update("steps", 0, 512, 1000)
        assert (columns.span, trace.group) == (16, 1)
        points.append(trace.points)
        columns = longer(columns, [0.9])
    assert [len(each.x) for each in points] == [17] * 8 + [18] * 8
    moved = [n for n in range(1, 16) if points[n] != points[n - 1]]
    assert moved == [8, 12]


def test_the_steep_start_needs_no_room_on_the_axis() -> None:
    steps = np.array([0, 5, 50, 100])
    trace = trace_of(Columns().extended(steps, 10 * steps, np.array([0.1, 0.5, 0.9, 0.95])))
    trace.update("digits", 0, 1000, 500)
    assert list(without_start([trace.points])) == [0.9, 0.95]
    assert len(without_start([Trace().points])) == 0


@given(positive, positive)
def test_a_growing_axis_holds_the_run_and_doubles(extent: float, least: float) -> None:
    end = grown(extent, least)
    assert end >= max(extent, least) * (1 - 1e-9)
    assert end == least or end < 2 * extent
    assert np.log2(end / least) % 1 == pytest.approx(0)


@given(st.lists(positive, min_size=1, max_size=60), st.booleans())
def test_a_cost_axis_holds_nearly_all_costs_and_stays_while_it_serves(costs: list[float], log: bool) -> None:
    values = np.array(costs)
    axis = cost_range(values, values / 2, log, Range(0, 1))
    assert np.count_nonzero(values <= axis.high * (1 + 1e-9)) >= len(values) - 0.02 * len(values)
    assert axis.log == log
    assert cost_range(values, values / 2, log, axis) == axis


@given(st.lists(share, min_size=1, max_size=60))
def test_an_accuracy_axis_holds_all_and_stays_while_it_serves(accuracies: list[float]) -> None:
    values = np.array(accuracies)
    axis = accuracy_range(values, Range(0, 1))
    assert 0 <= axis.low < axis.high <= 1
    assert axis.low <= values.min() + 1e-9
    assert axis.high >= values.max() - 1e-9
    assert accuracy_range(values, axis) == axis
    errors = error_range(1 - values, axis)
    assert errors.log
    assert 0 < errors.low < errors.high <= 1


def test_96_and_98_per_cent_can_be_told_apart_on_the_accuracy_axis() -> None:
    axis = accuracy_range(np.linspace(0.93, 0.98, 30), Range(0, 1))
    assert axis.high - axis.low <= 0.1


@pytest.mark.parametrize("log", [False, True])
def test_an_axis_for_nothing_or_zeros_or_infinity_is_an_ordinary_axis(log: bool) -> None:
    for values in (np.empty(0), np.zeros(5), np.array([np.nan, np.inf]), np.full(3, 1e30)):
        axis = cost_range(values, values, log, Range(0, 1))
        assert np.isfinite([axis.low, axis.high]).all()
        assert axis.low < axis.high
        assert len(ticks(axis, 6)) <= 13


@given(st.floats(0, 1000), st.floats(1e-3, 1000), st.integers(2, 10))
def test_ticks_are_few_and_inside(low: float, width: float, most: int) -> None:
    values = ticks(Range(low, low + width), most)
    assert len(values) <= most + 1
    assert all(low - 1e-6 * width <= value <= low + width * (1 + 1e-6) for value in values)


def test_while_most_digits_are_read_wrong_the_accuracy_axis_begins_at_nought() -> None:
    assert accuracy_range(np.array([0.3, 0.35]), Range(0, 1)).low == 0
    assert accuracy_range(np.array([0.7, 0.75]), Range(0, 1)).low == 0.5
