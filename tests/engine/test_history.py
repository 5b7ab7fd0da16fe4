"""The curves stay bounded and lose nothing, however they are cut into pieces; what was handed over stays as it is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from numpy.typing import NDArray

from mnistviz.engine.acts import Changed
from mnistviz.engine.columns import BINS, PERCENTILE_ERROR, Columns
from mnistviz.engine.history import History
from tests.examples import examples

Floats = NDArray[np.float64]

cuts = st.lists(st.integers(0, 60), min_size=1, max_size=40)
strange = st.sampled_from([np.nan, np.inf, -np.inf, 1e300])
a_cost = st.floats(0, 1e4, allow_subnormal=False) | strange


def series(values: Floats, pieces: list[int], capacity: int = 16) -> Columns:
    """The values in a histogram series, added in pieces of the sizes given, then the rest."""
    columns = Columns(capacity, histogram=True)
    ends = [*np.minimum(np.cumsum(pieces), len(values)), len(values)]
    begin = 0
    for end in ends:
        steps = np.arange(begin, end)
        columns = columns.extended(steps, steps * 10, values[begin:end])
        begin = int(end)
    return columns


@given(st.lists(a_cost, max_size=300), cuts)
def test_no_cost_is_lost_and_every_column_is_exact(costs: list[float], pieces: list[int]) -> None:
    """Each column has the count, mean, smallest and largest of just the values that it covers."""
    values = np.array(costs)
    columns = series(values, pieces)
    rows = columns.rows
    assert len(columns) <= 16
    assert rows["count"].sum() + rows["not_finite"].sum() == len(values)
    for i, mean in enumerate(columns.means()):
        begin = i * columns.span
        part = values[begin : begin + columns.span]
        good = part[np.abs(part) < 1e200]
        assert rows["first_step"][i] == begin
        assert rows["last_step"][i] == begin + len(part) - 1
        assert rows["last_digits"][i] == 10 * rows["last_step"][i]
        assert rows["count"][i] == len(good)
        if len(good):
            assert mean == pytest.approx(good.mean(), rel=1e-12)
            assert (rows["smallest"][i], rows["largest"][i]) == (good.min(), good.max())
        else:
            assert np.isnan(mean)


@given(st.lists(a_cost, max_size=300), cuts, cuts)
def test_costs_may_come_in_any_pieces(costs: list[float], pieces: list[int], others: list[int]) -> None:
    assert series(np.array(costs), pieces) == series(np.array(costs), others)


@given(
    st.lists(st.floats(1e-7, 1e4), min_size=1, max_size=300), st.floats(0, 100), st.sampled_from([1, 2, 4])
)
def test_percentiles_are_within_the_stated_error(costs: list[float], percent: float, group: int) -> None:
    values = np.array(costs)
    columns = series(values, [300])
    wide = columns.span * group
    for i, found in enumerate(columns.percentiles((percent,), group=group)[0]):
        part = values[i * wide : (i + 1) * wide]
        true = np.percentile(part, percent, method="inverted_cdf")
        assert part.min() <= found <= part.max()
        assert 1 / PERCENTILE_ERROR <= found / true <= PERCENTILE_ERROR * (1 + 1e-12)


def test_groups_of_columns_say_the_same_as_columns_merged_later() -> None:
    """A merge of columns moves nothing on the screen: two narrow columns drawn as one equal the wide one."""
    values = np.random.default_rng(0).random(33)
    before, after = series(values[:32], [32], capacity=32), series(values, [33], capacity=32)
    assert after.span == 2 * before.span
    assert np.array_equal(before.means(group=2), after.means()[:16])
    assert np.array_equal(before.percentiles((10, 90), group=2), after.percentiles((10, 90))[:, :16])
    assert np.array_equal(before.positions("steps", group=2), after.positions("steps")[:16])
    assert np.array_equal(before.means(start=8, group=4), before.means(group=4)[2:])


def test_a_million_costs_take_two_thousand_columns() -> None:
    history = History()
    costs = np.random.default_rng(0).random(100_000)
    for call in range(10):
        history = history.with_costs(call * 100_000, call * 1_000_000, costs, 10)
    assert 1_000 <= len(history.costs) <= 2_000
    assert history.costs.rows["count"].sum() == 1_000_000
    assert history.costs.rows["total"].sum() == pytest.approx(10 * costs.sum(), rel=1e-12)
    assert history.extent("steps") == 999_999
    assert history.extent("digits") == 9_999_990


def test_places_follow_a_change_of_the_mini_batch_size() -> None:
    history = History()
    history = history.with_costs(0, 0, np.ones(10), 10)  # ten of 10 digits
    history = history.with_costs(10, 100, np.ones(10), 32)  # ten of 32
    assert list(history.costs.positions("digits")[[0, 9, 10, 11]]) == [0, 90, 100, 132]
    assert history.converted(100, "steps") == 10
    assert history.converted(11, "digits") == 132
    assert History().converted(7, "steps") == 7


def test_steps_that_go_back_are_refused() -> None:
    history = History()
    history = history.with_accuracy("test", 5, 50, 0.5)
    with pytest.raises(ValueError, match="order"):
        history.with_accuracy("test", 4, 40, 0.5)


@pytest.mark.parametrize(
    "change",
    [
        {"span": 3},
        {"span": 0},
        {"span": -1},
        {"size": 36},
        {"size": 41},
        {"bins": np.zeros((9, BINS), np.uint32)},
    ],
)
def test_columns_come_back_from_their_data_and_others_are_refused(change: dict[str, object]) -> None:
    parts, full = series(np.arange(37.0), [37]).parts, series(np.arange(16.0), [16]).parts
    assert (parts.span, len(parts.rows), len(full.rows)) == (4, 10, full.capacity)
    for each in (parts, replace(parts, size=40), full, Columns(2).parts):
        again = Columns.of(each).parts
        assert (again.size, again.rows.tobytes()) == (each.size, each.rows.tobytes())
    for rows in (parts.rows[::-1], np.repeat(parts.rows, 2), np.full(10, -1).astype(parts.rows.dtype)):
        with pytest.raises(ValueError, match="no columns"):
            Columns.of(replace(parts, rows=rows, size=4 * len(rows), bins=None))
    with pytest.raises(ValueError, match="no columns"):
        Columns.of(replace(parts, **change))


an_act = st.one_of(
    st.tuples(st.just("costs"), st.lists(a_cost, min_size=1, max_size=30)),
    st.tuples(st.just("accuracy"), st.sampled_from(["training", "validation", "test"])),
    st.tuples(st.just("change"), st.floats(0.001, 100)),
)


def narrow() -> History:
    """A history whose columns merge soon."""
    return History(
        Columns(16, histogram=True), {(name, 0): Columns(16) for name in ("training", "validation", "test")}
    )


def bits(history: History) -> tuple[object, ...]:
    """All that it holds, copied."""
    figures = [(each.span, each.size, each.rows.tobytes()) for each in history.evaluated.values()]
    return figures, history.costs.percentiles((10, 50, 90)).tobytes(), history.interventions


@given(st.lists(an_act, max_size=60))
@settings(max_examples=examples(60))
def test_a_history_stays_what_it_was_while_the_run_goes_on(acts: list[tuple[str, object]]) -> None:
    """What the window draws can't be changed by the worker behind its back: not a row, not a bin, not an act."""
    history, step, eta = narrow(), 0, 3.0
    kept = [(history, bits(history))]
    for act, value in acts:
        if act == "costs":
            costs = np.array(value)
            history = history.with_costs(step, step * 10, costs, 10)
            step += len(costs)
        elif act == "accuracy":
            history = history.with_accuracy(str(value), step, step * 10, 0.5)
        else:
            assert isinstance(value, float)
            history = history.with_intervention(Changed(step, step * 10, (("eta", eta, value),)))
            eta = value
        kept.append((history, bits(history)))
    assert all(bits(before) == then for before, then in kept)
    assert all(before == before.forked(10**9) for before, _ in kept[-3:])


def test_nobody_writes_into_a_history() -> None:
    history = History().with_costs(0, 0, np.ones(100), 10).with_accuracy("test", 100, 1_000, 0.5)
    for columns in (history.costs, history.curves["test", 0]):
        with pytest.raises(ValueError, match="read-only"):
            columns.rows["total"] = 0


def test_a_history_shares_what_did_not_change() -> None:
    """So that one costs next to nothing beside the one before."""
    before = History().with_costs(0, 0, np.ones(1_900), 10)
    after = before.with_costs(1_900, 19_000, np.ones(10), 10)
    mine, its = (each.costs._bins for each in (before, after))
    assert mine is not None
    assert its is not None
    assert sum(one is other for one, other in zip(mine, its, strict=False)) >= len(mine) - 1
    assert after.curves is before.curves


@given(st.integers(1, 600), st.integers(1, 600), st.sampled_from([10, 100]))
def test_a_mean_cost_is_of_the_last_mini_batches_before_a_step_and_of_less_than_a_column_more(
    size: int, step: int, over: int
) -> None:
    """In columns that have merged, and for a step that is long past, too."""
    step = min(step, size)
    history = narrow()
    history = history.with_costs(
        0, 0, np.arange(size, dtype=float), 10
    )  # a mean says which they are: first + last = 2 · mean
    span = history.costs.span
    first, end = max(0, step - over), min(-(-step // span) * span, size)
    mean = history.mean_cost(step, over)
    begin = first // span * span
    assert mean == (begin + end - 1) / 2
    assert first - span < begin <= first
    assert step <= end < step + span
