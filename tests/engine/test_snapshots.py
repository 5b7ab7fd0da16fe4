"""Snapshots of all runs share their bytes, lie evenly, and those of a trunk are its branches' too."""

from __future__ import annotations

import numpy as np
import pytest

from mnistviz.engine.budget import SNAPSHOT_BYTES, Budget
from mnistviz.engine.judgement import ScheduleState
from mnistviz.engine.moment import Best
from mnistviz.engine.recorder import Recorder
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Cursor, TrainerState

STATE = 95_440  # bytes of 784-30-10


def state_of(step: int, bytes_: int = STATE) -> TrainerState:
    weights = np.broadcast_to(np.float32(0), (bytes_ // 4,))
    return TrainerState(Settings(), step, Cursor(0, 0), weights, np.empty(0), ScheduleState())


def fed(recorder: Recorder, begin: int, end: int, bytes_: int = STATE) -> None:
    """Goes on with a run to a step, its state kept whenever that is due."""
    while recorder.due < end:
        assert recorder.due >= begin
        recorder.keep(state_of(recorder.due, bytes_))


def gaps(recorder: Recorder) -> set[int]:
    places = [0, *(state.step for state in recorder.snapshots)]
    return set(np.diff(places).tolist())


def test_a_hundred_million_steps_lie_evenly_within_their_bytes() -> None:
    budget = Budget()
    recorder = Recorder(state_of(0), budget)
    for end in (10_000, 150_000, 4_000_000, 100_000_000):
        fed(recorder, 0, end)
        assert budget.taken <= SNAPSHOT_BYTES
        *inner, last = np.diff([0, *(state.step for state in recorder.snapshots)]).tolist()
        assert set(inner) <= {recorder.stride}
        assert last <= recorder.stride
        assert end - recorder.snapshots[-1].step <= recorder.stride
        assert recorder.stride == 64 or len(recorder.snapshots) > 300
    assert recorder.stride == 262_144


@pytest.mark.parametrize(("steps", "most"), [(150_000, 256), (4_000_000, 8_192)])
def test_one_run_of_the_books_network_is_had_again_within_so_many_steps(steps: int, most: int) -> None:
    recorder = Recorder(state_of(0), Budget())
    recorder.keep_best(state_of(steps // 2), Best(steps // 2, 1, 0.9))
    fed(recorder, 0, steps)
    assert max(gaps(recorder)) <= most


def test_eight_unrelated_runs_are_had_again_within_2048_steps() -> None:
    budget = Budget()
    recorders = [Recorder(state_of(0), budget) for _ in range(8)]
    for end in range(10_000, 150_001, 10_000):
        for recorder in recorders:
            fed(recorder, 0, end)
        assert budget.taken <= SNAPSHOT_BYTES
    assert {max(gaps(recorder)) for recorder in recorders} <= {1_024, 2_048}


def test_the_best_recipe_is_had_again_within_1024_steps() -> None:
    size = 8 * (784 * 256 + 256 * 128 + 128 * 10 + 394)
    recorder = Recorder(state_of(0, size // 2), Budget())
    recorder.keep_best(state_of(782, size), Best(782, 1, 0.9))
    fed(recorder, 0, 23_460, size)
    assert max(gaps(recorder)) <= 1_024


def test_branches_cost_their_own_states_only() -> None:
    budget = Budget()
    trunk = Recorder(state_of(0), budget)
    fed(trunk, 0, 20_000)
    taken = budget.taken
    branches = [trunk.forked(state_of(19_000 + number), trunk.history, None) for number in range(7)]
    assert budget.taken == taken
    for number, branch in enumerate(branches):
        assert [id(state) for state in branch.snapshots] == [
            id(state) for state in trunk.snapshots if state.step < 19_000 + number
        ]
    trunk.close()
    for branch in branches:
        branch.close()
    assert budget.taken == 0


def test_a_branch_goes_on_at_the_strides_of_its_trunk_and_keeps_where_it_began() -> None:
    trunk = Recorder(state_of(0), Budget())
    fed(trunk, 0, 150_000)
    branch = trunk.forked(state_of(100_001), trunk.history, None)
    assert branch.due == 100_001
    fed(branch, 100_001, 150_000)
    assert branch.fork is not None
    assert branch.fork.step == 100_001
    assert gaps(branch) == {branch.stride}
    steps = [state.step for state in branch.record(150_000, Cursor(0, 0), 10).snapshots]
    assert steps == sorted({*(state.step for state in branch.snapshots), 100_001})


def test_large_networks_keep_start_newest_and_best_whatever_they_take() -> None:
    budget = Budget(10 * STATE)
    recorders = [Recorder(state_of(0, 4 * STATE), budget) for _ in range(3)]
    for recorder in recorders:
        fed(recorder, 0, 1_000, 4 * STATE)
        recorder.keep_best(state_of(900, 4 * STATE), Best(900, 1, 0.9))
        fed(recorder, 1_000, 2_000, 4 * STATE)
        assert recorder.best is not None
        assert len(recorder.snapshots) == 1
        assert 2_000 - recorder.snapshots[-1].step <= recorder.stride
    assert budget.taken <= 9 * 4 * STATE


def test_closed_runs_let_go_first() -> None:
    budget = Budget(100 * STATE)
    closed, open_ = Recorder(state_of(0), budget), Recorder(state_of(0), budget)
    fed(closed, 0, 3_000)
    closed.resting = True
    fed(open_, 0, 64 * 90)
    assert open_.stride == 64
    assert len(closed.snapshots) < 20
