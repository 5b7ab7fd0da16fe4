"""The curves stay bounded, lose nothing, and arrive whole in the window, however they are cut into pieces."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mnistviz.engine.acts import Changed
from mnistviz.engine.columns import PERCENTILE_ERROR, Columns
from mnistviz.engine.history import Changes, History
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
        columns.extend(steps, steps * 10, values[begin:end])
        begin = int(end)
    return columns


def usable(values: Floats) -> Floats:
    return values[np.abs(values) < 1e200]


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
        good = usable(part)
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
def test_how_costs_are_cut_into_calls_makes_no_difference(
    costs: list[float], pieces: list[int], others: list[int]
) -> None:
    assert series(np.array(costs), pieces) == series(np.array(costs), others)


@given(
    st.lists(st.floats(1e-7, 1e4), min_size=1, max_size=300), st.floats(0, 100), st.sampled_from([1, 2, 4])
)
def test_percentiles_are_within_the_stated_error(costs: list[float], percent: float, group: int) -> None:
    values = np.array(costs)
    columns = series(values, [300])
    wide = columns.span * group
    for i, found in enumerate(columns.percentile(percent, group=group)):
        part = values[i * wide : (i + 1) * wide]
        true = np.percentile(part, percent, method="inverted_cdf")
        assert part.min() <= found <= part.max()
        assert 1 / PERCENTILE_ERROR <= found / true <= PERCENTILE_ERROR * (1 + 1e-12)


def test_percentiles_of_costs_outside_the_bins_stay_between_smallest_and_largest() -> None:
    """Zero, tiny and huge costs go to the outer bins and are never drawn where no cost was."""
    values = np.array([0.0, 1e-12, 1e-9, 1e5, 1e6, 1e9] * 20)
    columns = series(values, [200])
    low, high = columns.percentiles((10, 90))
    rows = columns.rows
    assert np.all((rows["smallest"] <= low) & (low <= high) & (high <= rows["largest"]))


def test_groups_of_columns_say_the_same_as_columns_merged_later() -> None:
    """A merge of columns moves nothing on the screen: two narrow columns drawn as one equal the wide one."""
    values = np.random.default_rng(0).random(33)
    before, after = series(values[:32], [32], capacity=32), series(values, [33], capacity=32)
    assert after.span == 2 * before.span
    assert np.array_equal(before.means(group=2), after.means()[:16])
    assert np.array_equal(before.percentiles((10, 90), group=2), after.percentiles((10, 90))[:, :16])
    assert np.array_equal(before.positions("steps", group=2), after.positions("steps")[:16])
    assert np.array_equal(before.means(start=8, group=4), before.means(group=4)[2:])


def test_an_empty_series_reads_as_nothing() -> None:
    columns = Columns(histogram=True)
    assert columns.means().shape == columns.positions("steps").shape == (0,)
    assert columns.percentiles((10, 90)).shape == (2, 0)
    assert columns.column_at(3) is None


def test_a_million_costs_take_two_thousand_columns() -> None:
    history = History()
    costs = np.random.default_rng(0).random(100_000)
    for call in range(10):
        history.add_costs(call * 100_000, call * 1_000_000, costs, 10)
    assert 1_000 <= len(history.costs) <= 2_000
    assert history.costs.rows["count"].sum() == 1_000_000
    assert history.costs.rows["total"].sum() == pytest.approx(10 * costs.sum(), rel=1e-12)
    assert history.extent("steps") == 999_999
    assert history.extent("digits") == 9_999_990


def test_look_up_finds_the_column_that_covers_a_place_or_the_nearest() -> None:
    columns = series(np.arange(40.0), [40])
    found = columns.column_at(13)
    assert found is not None
    assert (found.first_step, found.last_step, found.count) == (12, 15, 4)
    assert (found.mean, found.smallest, found.largest) == (13.5, 12, 15)
    assert columns.column_at(135, "digits") == found
    assert columns.column_at(1e9) == columns.column(9)
    assert columns.column_at(-5) == columns.column(0)
    wide = columns.column_at(13, group=4)
    assert wide is not None
    assert (wide.first_step, wide.last_step) == (0, 15)
    history = History()
    history.add_accuracy("test", 100, 1000, 0.5)
    history.add_accuracy("test", 200, 2000, 0.75)
    nearest = history.accuracies["test"].column_at(1600, "digits")
    assert nearest is not None
    assert (nearest.first_step, nearest.mean) == (200, 0.75)
    assert np.isnan(nearest.low)


def test_places_follow_a_change_of_the_mini_batch_size() -> None:
    history = History()
    history.add_costs(0, 0, np.ones(10), 10)  # ten of 10 digits
    history.add_costs(10, 100, np.ones(10), 32)  # ten of 32
    assert list(history.costs.positions("digits")[[0, 9, 10, 11]]) == [0, 90, 100, 132]
    assert history.converted(100, "steps") == 10
    assert history.converted(11, "digits") == 132
    assert History().converted(7, "steps") == 7


def test_steps_that_go_back_are_refused() -> None:
    history = History()
    history.add_accuracy("test", 5, 50, 0.5)
    with pytest.raises(ValueError, match="order"):
        history.add_accuracy("test", 4, 40, 0.5)


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("costs"), st.lists(a_cost, min_size=1, max_size=30)),
            st.tuples(st.just("accuracy"), st.sampled_from(["training", "validation", "test"])),
            st.tuples(st.just("change"), st.floats(0.001, 100)),
            st.tuples(st.just("hand over"), st.just(None)),
        ),
        max_size=60,
    )
)
@settings(max_examples=examples(60))
def test_a_mirror_equals_the_history_however_changes_are_taken(acts: list[tuple[str, object]]) -> None:
    """The window has the whole history after it has applied all changes, whenever it asked for them."""
    history, mirror, late = History(16), History(16), History(16)
    seen, step, eta = None, 0, 3.0
    for act, value in acts:
        if act == "costs":
            costs = np.array(value)
            history.add_costs(step, step * 10, costs, 10)
            step += len(costs)
        elif act == "accuracy":
            history.add_accuracy(str(value), step, step * 10, 0.5)
        elif act == "change":
            assert isinstance(value, float)
            history.add_intervention(Changed(step, step * 10, (("eta", eta, value),)))
            eta = value
        else:
            changes: Changes = pickle.loads(pickle.dumps(history.changes_since(seen)))
            mirror.apply(changes)
            seen = changes.until
            assert mirror == history
            assert not history.changes_since(seen)
    mirror.apply(history.changes_since(seen))
    late.apply(history.changes_since(None))
    assert mirror == history == late
    assert len(mirror.costs.rows) == 0 or mirror.costs.rows["last_step"][-1] == step - 1


def test_changes_share_no_memory_with_the_history() -> None:
    """What the window draws can't be changed by the worker behind its back."""
    history = History()
    history.add_costs(0, 0, np.array([1.0]), 10)
    changes = history.changes_since(None)
    assert not np.shares_memory(changes.series["cost"].rows, history.costs.rows)
    history.costs.extend(np.array([1]), np.array([10]), np.array([2.0]))
    assert changes.series["cost"].rows["total"].tolist() == [1.0]


def test_only_new_columns_travel() -> None:
    history = History()
    history.add_costs(0, 0, np.ones(1_000), 10)
    seen = history.changes_since(None).until
    history.add_costs(1_000, 10_000, np.ones(200), 10)
    changes = history.changes_since(seen).series["cost"]
    assert (changes.start, len(changes.rows)) == (1_000, 200)


def test_a_mirror_that_missed_something_says_so() -> None:
    history, mirror = History(), History()
    history.add_costs(0, 0, np.ones(10), 10)
    seen = history.changes_since(None).until
    history.add_costs(10, 100, np.ones(10), 10)
    with pytest.raises(ValueError, match="follow"):
        mirror.apply(history.changes_since(seen))


def test_changes_at_one_step_become_one_since_only_the_last_can_act() -> None:
    history, mirror = History(), History()
    history.add_intervention(Changed(5, 50, (("eta", 3.0, 2.0),)))
    changes = history.changes_since(None)
    mirror.apply(changes)
    history.add_intervention(Changed(5, 50, (("eta", 2.0, 1.0), ("mini_batch_size", 10, 32))))
    history.add_intervention(Changed(6, 60, (("eta", 1.0, 0.5),)))
    mirror.apply(history.changes_since(changes.until))
    first, second = mirror.interventions
    assert isinstance(first, Changed)
    assert first.changes == (("eta", 3.0, 1.0), ("mini_batch_size", 10, 32))
    assert second.step == 6
    assert mirror == history


@given(st.integers(1, 600), st.integers(1, 600), st.sampled_from([10, 100]))
def test_a_mean_cost_is_of_the_last_mini_batches_before_a_step_and_of_less_than_a_column_more(
    size: int, step: int, over: int
) -> None:
    """In columns that have merged, and for a step that is long past, too."""
    step = min(step, size)
    history = History(columns=16)
    history.add_costs(
        0, 0, np.arange(size, dtype=float), 10
    )  # a mean says which they are: first + last = 2 · mean
    span = history.costs.span
    first, end = max(0, step - over), min(-(-step // span) * span, size)
    mean = history.mean_cost(step, over)
    begin = first // span * span
    assert mean == (begin + end - 1) / 2
    assert first - span < begin <= first
    assert step <= end < step + span


def test_there_is_no_mean_cost_before_the_first() -> None:
    history = History()
    assert history.mean_cost(0, 100) is None
    history.add_costs(0, 0, np.array([0.5]), 10)
    assert history.mean_cost(0, 100) is None
    assert history.mean_cost(1, 100) == 0.5
