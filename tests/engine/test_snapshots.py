"""Snapshots of all runs share their bytes, lie evenly, and those of a trunk are its branches' too; steps are digits and
digits steps, exactly."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mnistviz.engine.moment import Best
from mnistviz.engine.recorder import (
    SNAPSHOT_BYTES,
    BatchSizeSegment,
    Budget,
    Recorder,
    cursor_at,
    segment_at,
    step_at,
)
from mnistviz.engine.schedule import ScheduleState
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Cursor, TrainerState

STATE = 95_440  # bytes of 784-30-10
NUMBERS = st.integers(0, 30)


def state_of(step: int, bytes_: int = STATE) -> TrainerState:
    weights = np.broadcast_to(np.float32(0), (bytes_ // 4,))
    return TrainerState(Settings(), step, Cursor(0, 0), weights, np.empty(0), ScheduleState())


def fed(recorder: Recorder, begin: int, end: int, bytes_: int = STATE) -> None:
    """Goes on with a run to a step, its state kept whenever that is due."""
    while recorder.due < end:
        assert recorder.due >= begin
        recorder.keep(state_of(recorder.due, bytes_))


def gaps(recorder: Recorder) -> set[int]:
    return set(np.diff([0, *(state.step for state in recorder.snapshots)]).tolist())


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


@pytest.mark.parametrize(
    ("runs", "bytes_", "steps", "most"),
    [
        (1, STATE, 150_000, 256),
        (1, STATE, 4_000_000, 8_192),
        (8, STATE, 150_000, 2_048),
        (1, 8 * (784 * 256 + 256 * 128 + 128 * 10 + 394), 23_460, 1_024),  # the recipe *Best*, with momentum
    ],
)
def test_runs_are_had_again_within_so_many_steps(runs: int, bytes_: int, steps: int, most: int) -> None:
    budget = Budget()
    recorders = [Recorder(state_of(0, bytes_), budget) for _ in range(runs)]
    for part in range(1, 16):
        for recorder in recorders:
            fed(recorder, 0, part * steps // 15, bytes_)
            recorder.keep_best(state_of(782, bytes_), Best(782, 1, 0.9))
        assert budget.taken <= SNAPSHOT_BYTES
    assert max(max(gaps(recorder)) for recorder in recorders) <= most


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
    steps = [state.step for state in branch.record(150_000, Cursor(0, 0), Settings()).snapshots]
    assert steps == sorted({*(state.step for state in branch.snapshots), 100_001})


def test_what_was_gone_back_to_is_kept_as_long_as_there_is_room() -> None:
    kept = Recorder(state_of(0), Budget(20 * STATE))
    fed(kept, 0, 2_000)
    for step in range(100, 2_000, 100):
        kept.keep_best(state_of(step), Best(step, step // 100, 0.5))
        kept.keep_source(state_of(step))
        record = kept.record(2_000, Cursor(0, 0), Settings())
        assert step in record.sources
        held = [record.start, *record.snapshots, *record.sources.values()]
        assert sum(state.nbytes for state in held) <= 20 * STATE
    assert sorted(record.sources) == list(range(1_000, 2_000, 100))


def test_closed_runs_let_go_first() -> None:
    budget = Budget(100 * STATE)
    closed, open_ = Recorder(state_of(0), budget), Recorder(state_of(0), budget)
    fed(closed, 0, 3_000)
    closed.suspended = True
    fed(open_, 0, 64 * 90)
    assert open_.stride == 64
    assert len(closed.snapshots) < 20


def test_a_branch_discards_its_fork_where_its_trunk_keeps_what_both_hold() -> None:
    budget = Budget(4 * STATE)
    trunk = Recorder(state_of(0), budget)
    fed(trunk, 0, 67)
    trunk.keep_best(state_of(67), Best(67, 1, 0.5))
    fed(trunk.forked(state_of(66), trunk.history, None), 66, 129)
    assert budget.taken == budget.most


@contextmanager
def few_passes(most: int = 40) -> Iterator[None]:
    """Fails where one call lets states go more often than `most` times for each run, and so perhaps for ever."""
    usual_fit, usual_thin, passes = Budget.fit, Recorder.thin, [0]

    def fit(self: Budget) -> None:
        passes[0] = 0
        usual_fit(self)

    def thin(self: Recorder) -> None:
        passes[0] += 1
        assert passes[0] <= most * len(self._budget.owners)
        usual_thin(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Budget, "fit", fit)
        patch.setattr(Recorder, "thin", thin)
        yield


class Runs(RuleBasedStateMachine):
    """Any number of runs, with and without momentum, that go on, branch, are put away, opened again and closed."""

    @initialize(
        most=st.integers(0, 60), sizes=st.lists(st.sampled_from([1, 2, 3, 20, 100]), min_size=1, max_size=8)
    )
    def begin(self, most: int, sizes: list[int]) -> None:
        self.budget = Budget(4 * most)
        self.runs = [(Recorder(state_of(0, 4 * size), self.budget), 0) for size in sizes]

    def any_run(self, number: int) -> tuple[int, Recorder, int]:
        at = number % len(self.runs)
        return at, *self.runs[at]

    @rule(number=NUMBERS, steps=st.sampled_from([1, 63, 64, 65, 700, 10_000]), momentum=st.booleans())
    def go_on(self, number: int, steps: int, momentum: bool) -> None:
        at, recorder, step = self.any_run(number)
        bytes_ = recorder.start.nbytes * (2 if momentum else 1)
        with few_passes():
            while recorder.due < step + steps:
                assert recorder.due >= step
                newest = state_of(recorder.due, bytes_)
                recorder.keep(newest)
                assert newest.step == recorder._forked_at or newest is recorder.snapshots[-1]
        self.runs[at] = recorder, step + steps

    @rule(number=NUMBERS, momentum=st.booleans(), goes_back=st.booleans())
    def judge(self, number: int, momentum: bool, goes_back: bool) -> None:
        _, recorder, step = self.any_run(number)
        best = state_of(step, recorder.start.nbytes * (2 if momentum else 1))
        with few_passes():
            recorder.keep_best(best, Best(step, 1, 0.5))
            if goes_back:
                recorder.keep_source(best)
        assert recorder.best is not None
        assert recorder.best[0] is best

    @precondition(lambda self: len(self.runs) < 12)
    @rule(number=NUMBERS, place=st.sampled_from([0.0, 0.3, 0.999, 1.0]), with_best=st.booleans())
    def branch(self, number: int, place: float, with_best: bool) -> None:
        _, recorder, step = self.any_run(number)
        fork = state_of(int(place * step), recorder.start.nbytes)
        with few_passes():
            twin = recorder.forked(fork, recorder.history, recorder.best if with_best else None)
        if twin.due == fork.step:
            with few_passes():
                twin.keep(fork)
        self.runs.append((twin, fork.step))

    @rule(number=NUMBERS)
    def rest_or_not(self, number: int) -> None:
        _, recorder, _ = self.any_run(number)
        recorder.suspended = not recorder.suspended

    @precondition(lambda self: len(self.runs) > 1)
    @rule(number=NUMBERS)
    def close(self, number: int) -> None:
        at, recorder, _ = self.any_run(number)
        recorder.close()
        del self.runs[at]

    def teardown(self) -> None:
        for recorder, _ in self.runs:
            recorder.close()
        assert self.budget.taken == 0

    @invariant()
    def what_is_taken_is_what_is_held(self) -> None:
        held = {id(state): state.nbytes for recorder, _ in self.runs for state in recorder._stored_states()}
        assert self.budget.taken == sum(held.values())

    @invariant()
    def what_is_pinned_stays_and_nothing_else_where_there_is_no_room(self) -> None:
        for recorder, step in self.runs:
            assert recorder.start.step == 0
            assert recorder.due >= step
            steps = [state.step for state in recorder.snapshots]
            assert steps == sorted(set(steps))
            assert all(step % recorder.stride == 0 for step in steps[:-1])
            assert 0 not in steps
            assert not steps or step - steps[-1] <= recorder.stride
        if self.budget.taken > self.budget.most:
            assert not any(recorder.dispensable_bytes for recorder, _ in self.runs)


TestAnyRuns = Runs.TestCase
TestAnyRuns.settings = hypothesis_settings(max_examples=30, stateful_step_count=20, deadline=None)


EPOCH = 103


@given(sizes=st.lists(st.integers(1, 150), min_size=1, max_size=4), gap=st.integers(1, 60))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_steps_and_digits_are_each_others(sizes: list[int], gap: int) -> None:
    """The last mini-batch of an epoch may be short."""
    digits, seen, segments = 0, [0], [BatchSizeSegment(0, Cursor(0, 0), sizes[0])]
    for step in range(1, 4 * gap):
        if (size := sizes[((step - 1) // gap) % len(sizes)]) != segments[-1].size:
            segments.append(BatchSizeSegment(step - 1, Cursor(*divmod(digits, EPOCH)), size))
        assert segment_at(segments, step - 1).size == size
        digits += min(size, EPOCH - digits % EPOCH)
        seen.append(digits)
    assert [cursor_at(segments, step, EPOCH).digits(EPOCH) for step in range(len(seen))] == seen
    assert [step_at(segments, place, EPOCH) for place in seen] == list(range(len(seen)))
    between = [place for place in range(seen[-1]) if place not in seen]
    assert all(seen[step_at(segments, place, EPOCH)] < place for place in between)
