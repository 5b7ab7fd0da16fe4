"""A branch has its parent's past, bit for bit, and without a change it is the same run."""

from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from msgspec.structs import replace

from mnistviz.engine import recorder
from mnistviz.engine.acts import ByHand, Changed, Halved, Intervention, Nudged, Restored
from mnistviz.engine.columns import Columns
from mnistviz.engine.commands import Change, FinishEpoch, Nudge, Pause, Play, RestoreBest, SetSpeed, Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.history import SETS, History, Measured
from mnistviz.engine.run import Run
from mnistviz.engine.run_scheduler import End
from mnistviz.engine.settings import Settings
from tests.engine.test_record import BEGINS, COMMANDS, SMALL, assert_same_state, snapshots_of
from tests.engine.time_machine import Worker, best_of, state_at
from tests.examples import examples

EPOCH = 53
EIGHT = replace(SMALL, sizes=(784, 8, 10), eta=3.0)  # it gets better for some epochs


def epoch_ends(of: History, name: str) -> list[tuple[int, float]]:
    """Accuracies at the ends of epochs, by their steps. The first at a step counts: after a pause, or a step by hand,
    it is measured there again."""
    ends: dict[int, float] = {}
    for row in of.curves[name, 0].rows:
        if row["last_digits"] % EPOCH == 0:
            ends.setdefault(int(row["last_step"]), float(row["total"]))
    return sorted(ends.items())


def in_order(act: Intervention) -> Intervention:
    """An act without the order of the settings that changed at one step, which tells how they came to be one."""
    return replace(act, changes=tuple(sorted(act.changes))) if isinstance(act, Changed) else act


def assert_same_run(one: Run, other: Run) -> None:
    """All that determines a run and what came of it."""
    assert_same_state(one.state(), other.state())
    mine, its = one.record(), other.record()
    assert [in_order(act) for act in mine.acts] == [in_order(act) for act in its.acts]
    assert (mine.judged, mine.segments) == (its.judged, its.segments)
    assert one.recorder.history.costs == other.recorder.history.costs
    for name in SETS if one.recorder.history.curves["test", 0].span == 1 else ():
        assert epoch_ends(one.recorder.history, name) == epoch_ends(other.recorder.history, name)
    assert (one.recorder.best is None) == (other.recorder.best is None)
    if one.recorder.best is not None and other.recorder.best is not None:
        assert one.recorder.best[1] == other.recorder.best[1]
        assert_same_state(one.recorder.best[0], other.recorder.best[0])


@given(
    start=st.fixed_dictionaries(BEGINS),
    plan=st.lists(st.tuples(COMMANDS, st.integers(0, 12)), min_size=3, max_size=16),
    later=st.lists(COMMANDS, max_size=4),
    columns=st.sampled_from([4, 8, 2_000]),
    place=st.floats(0, 1),
)
@hypothesis_settings(
    max_examples=examples(30), deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)
def test_a_branch_without_a_change_equals_its_parent_to_the_last_bit(
    small_digits: Digits,
    start: dict[str, Any],
    plan: list[tuple[Any, int]],
    later: list[Any],
    columns: int,
    place: float,
) -> None:
    """Wherever it branched off, whatever had been done, and however often columns had merged since."""
    usual = 2_000
    Columns.__init__.__defaults__ = (columns,)
    try:
        with snapshots_of(3, 15.0):
            worker = Worker(small_digits)
            parent = worker.begin(1, replace(SMALL, **start))
            for command, slices in plan:
                worker.send(1, command)
                worker.work(slices)
            worker.obey(1, Pause())
            assume(np.isfinite(parent.recorder.history.costs.rows["total"]).all() and not parent._diverged)
            end, acts = parent.step, len(parent.record().acts)
            fork = round(place * end)
            branch = worker.branch(2, 1, fork, Pause(measure=False))
            assert_same_state(branch.state(), state_at(parent, fork))
            assert branch.recorder.history.costs.size == fork
            # the branch does what was done to its parent after that
            acts_after = [act for act in parent.record().acts if act.step > fork]
            for act in acts_after:
                if act.step > branch.step or not isinstance(act, Changed | Halved):
                    go(worker, branch, act.step)
                if isinstance(act, Changed):
                    changes = {name: new for name, _, new in act.changes}
                    changes.setdefault(
                        "schedule", branch.trainer.settings.schedule
                    )  # which another η alone would end
                    worker.send(2, Change(changes))
                elif isinstance(act, Restored):
                    worker.send(2, RestoreBest())
                elif isinstance(act, ByHand):
                    worker.send(2, act)
            go(worker, branch, end)
            assert acts == len(parent.record().acts)
            assert_same_run(branch, parent)
            for command in later:
                worker.send(1, command)
                worker.work(5)
                worker.obey(1, Pause())
            if fork < end:
                assert_same_state(state_at(branch, fork), state_at(parent, fork))
    finally:
        Columns.__init__.__defaults__ = (usual,)


def go(worker: Worker, run: Run, step: int) -> None:
    """Trains a run to a step, however often its stopping rule says otherwise, and rests."""
    for _ in range(1_000):
        if run.step == step:
            break
        worker.obey(run.number, Step(step - run.step))
    worker.obey(run.number, Pause())
    assert run.step == step


def test_a_twin_while_it_trains_has_all_of_now(worker: Worker) -> None:
    """At the end of an epoch too, where it waits until that is judged."""
    parent = worker.begin(1, replace(SMALL, schedule="halve", schedule_epochs=1), Play())
    while parent.step < 12:
        worker.work()
    assert not parent.is_judged
    twin = worker.branch(2, 1, None, Play())
    for run in (parent, twin):
        worker.send(run.number, Pause())
    worker.rest()
    end = max(parent.step, twin.step) + 7
    go(worker, parent, end)
    go(worker, twin, end)
    assert_same_run(twin, parent)


def test_what_is_planned_begins_at_the_fork(worker: Worker) -> None:
    parent = worker.trained(1, SMALL, *[FinishEpoch()] * 3)
    branch = worker.branch(2, 1, 8, Change({"eta": 0.5}), Pause())
    worker.rest()
    assert branch.recorder.history.interventions == (Changed(8, 73, (("eta", 2.0, 0.5),)),)
    assert not parent.recorder.history.interventions
    again = worker.trained(3, SMALL, Step(8))
    worker.send(3, Change({"eta": 0.5}))
    go(worker, again, 15)
    go(worker, branch, 15)
    assert_same_state(again.state(), branch.state())


def test_what_is_done_where_it_begins_is_in_no_snapshot_of_its_trunk(worker: Worker) -> None:
    """The trunk has kept that very step, without what the branch does there."""
    with snapshots_of(3, 200):
        parent = worker.trained(1, SMALL, *[FinishEpoch()] * 3)
        assert 9 in [state.step for state in parent.recorder.snapshots]
        branch = worker.branch(2, 1, 9, Change({"eta": 0.5}), Nudge())
        go(worker, branch, 15)
        assert state_at(branch, 9).settings.eta == 0.5
        assert_same_state(state_at(branch, 15), branch.state())
        assert [state.step for state in branch.recorder.snapshots].count(9) == 1


def test_a_butterfly_differs_in_the_last_bit_of_the_largest_weight_to_an_output(worker: Worker) -> None:
    parent = worker.trained(1, SMALL, *[FinishEpoch()] * 2)
    nudged = worker.branch(2, 1, 8, Nudge(), Pause())
    worker.rest()
    [act] = nudged.recorder.history.interventions
    assert isinstance(act, Nudged)
    before = state_at(parent, 8).parameters
    after = state_at(nudged, 8).parameters
    [place] = np.flatnonzero(before != after)
    weights = before[SMALL.sizes[0] * SMALL.sizes[1] :][: SMALL.sizes[1] * 10].reshape(10, -1)
    assert abs(weights[act.row, act.column]) == np.abs(weights).max()
    assert place == SMALL.sizes[0] * SMALL.sizes[1] + act.row * SMALL.sizes[1] + act.column
    assert after[place] == np.nextafter(before[place], np.float32(np.inf))
    go(worker, nudged, 20)
    assert_same_state(state_at(nudged, 20), nudged.state())
    assert_same_state(state_at(nudged, 8), state_at(nudged, 8))


def test_without_a_hidden_layer_it_is_the_largest_weight(worker: Worker) -> None:
    run = worker.trained(1, Settings(sizes=(784, 10)), Step(3))
    before = run.state().parameters
    worker.send(1, Nudge())
    [place] = np.flatnonzero(before != run.state().parameters)
    assert abs(before[place]) == np.abs(before[:7840]).max()


def test_best_weights_before_the_fork_are_the_branchs_own(worker: Worker) -> None:
    """Also where the parent has had better ones since."""
    with snapshots_of(1_000, 3):
        parent = worker.trained(1, EIGHT, *[FinishEpoch()] * 8)
        assert best_of(parent)[1].epoch > 3
        branch = worker.branch(2, 1, 14)
        by_hand = worker.trained(3, EIGHT, Step(14))
        assert best_of(branch)[1] == best_of(by_hand)[1]
        assert_same_state(best_of(branch)[0], best_of(by_hand)[0])
        twin, known = worker.branch(4, 1, None, Pause()), parent.content().best_evaluations
        assert twin.content().best_evaluations == known
        assert known
        for run in (branch, by_hand):
            worker.send(run.number, RestoreBest(), Pause())
        worker.rest()
        assert_same_state(branch.state(), by_hand.state())
        for name in SETS:  # what they read is known again
            assert worker.told[2].evaluations[name].right == worker.told[3].evaluations[name].right  # type: ignore[index]


@given(
    values=st.lists(
        st.one_of(st.floats(1e-6, 30), st.sampled_from([np.inf, np.nan, 1e300])), min_size=1, max_size=400
    ),
    cut=st.floats(0, 1),
    pieces=st.integers(1, 60),
)
@hypothesis_settings(max_examples=examples(60), deadline=None)
def test_columns_cut_and_filled_again_are_as_before(values: list[float], cut: float, pieces: int) -> None:
    def filled(columns: Columns, begin: int, end: int, size: int) -> Columns:
        for at in range(begin, end, size):
            stop = min(at + size, end)
            steps = np.arange(at, stop)
            columns = columns.extended(steps, 10 * steps, np.array(values[at:stop]))
        return columns

    whole = filled(Columns(8, histogram=True), 0, len(values), 7)
    count = round(cut * len(values))
    part = whole.whole(count)
    assert part.span == whole.span
    assert count - part.span < part.size <= count
    assert filled(part, part.size, len(values), pieces) == whole


def test_accuracies_of_fewer_digits_are_forked_by_themselves() -> None:
    long = History()
    for number in range(10):
        count, place = (500, 3_022)[number % 2], 10 * number
        long = long.with_accuracy("test", place, 10 * place, number / 10, count, complete=False)
    forked = long.forked(55)
    assert {key: columns.rows["last_step"].tolist() for key, columns in forked.curves.items() if key[1]} == {
        ("test", 500): [0, 20, 40],
        ("test", 3_022): [10, 30, 50],
    }
    assert forked.measured("test", 70) == Measured(0.5, 50, 500, 3_022)
    assert forked.extent("steps") == 50
    assert not len(forked.curves["test", 0])


def test_a_cut_column_of_accuracies_is_made_of_those_before_the_fork() -> None:
    long = History().with_columns(("test", 0), Columns(4))
    for number in range(21):
        long = long.with_accuracy("test", 10 * number, 100 * number, number / 100)
    forked = long.forked(95)
    assert forked.curves["test", 0].size == 10
    assert forked.curves["test", 0].rows["total"].sum() == pytest.approx(sum(range(10)) / 100)
    assert long.forked(200).curves["test", 0] == long.curves["test", 0]


def test_snapshots_of_a_branch_outlive_its_parent(worker: Worker) -> None:
    with snapshots_of(3, 200):
        parent = worker.trained(1, SMALL, *[FinishEpoch()] * 5)
        branch, state = worker.branch(2, 1, 20), state_at(parent, 17)
        worker.send(1, End())
        assert 1 not in worker.race.runs
        assert_same_state(state_at(branch, 17), state)
        worker.send(2, End())
        assert worker.race.budget.taken == 0


def test_it_keeps_the_speed_that_it_is_told(worker: Worker) -> None:
    worker.trained(1, SMALL, Step(5))
    branch = worker.branch(2, 1, 3, SetSpeed(4.0), Play())
    assert branch.playing
    worker.work(3)
    assert branch.step <= 4
    assert recorder.FIRST_STRIDE == 64
