"""Looking back: near at once, then exact to the last bit, and nothing is written."""

from itertools import count
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from msgspec.structs import replace

from mnistviz.engine import history_replayer as visiting
from mnistviz.engine.commands import Change, FinishEpoch, Leave, Play, RestoreBest, Step, Visit
from mnistviz.engine.digits import Digits
from mnistviz.engine.history import SETS
from mnistviz.engine.history_replayer import distances
from mnistviz.engine.settings import Settings
from tests.engine.test_record import SMALL, counted_steps, snapshots_of
from tests.engine.time_machine import Worker, state_at
from tests.examples import examples

LONG = replace(SMALL, training_digits=503)


def settle(worker: Worker) -> None:
    while worker.work():
        pass


def looked_at(worker: Worker, step: int) -> None:
    worker.send(1, Visit(step))
    settle(worker)
    visited = worker.seen[-1]
    assert visited.settled
    assert visited.exact
    assert (visited.asked, visited.moment.step, visited.moment.kind) == (step, step, "exact")


@given(places=st.lists(st.integers(0, 400), min_size=1, max_size=8))
@hypothesis_settings(max_examples=examples(8), deadline=None)
def test_every_moment_is_had_again_and_nothing_is_written(small_digits: Digits, places: list[int]) -> None:
    with snapshots_of(16, 8):
        worker = Worker(small_digits)
        run = worker.trained(1, replace(LONG, momentum=0.5), Step(150), Change({"eta": 0.5}), Step(100))
        worker.obey(1, RestoreBest(), Step(150))
        record, history = run.record(), run.recorder.history
        columns = (
            history.costs.rows.tobytes(),
            {name: history.curves[name, 0].rows.tobytes() for name in SETS},
        )
        for step in places:
            step = min(step, run.step)
            looked_at(worker, step)
            expected, seen = state_at(run, step), worker.seen[-1]
            assert seen.moment.network.parameters.tobytes() == expected.parameters.tobytes()
            assert seen.moment.settings == expected.settings
            assert seen.moment.digits == expected.cursor.epoch * 503 + expected.cursor.consumed
            assert set(seen.evaluations) == set(SETS)
            assert all(read.step == step for read in seen.evaluations.values())
            assert seen.health.layers
        after = run.record()
        assert (after.acts, after.judged, after.step) == (record.acts, record.judged, record.step)
        assert columns == (
            history.costs.rows.tobytes(),
            {name: history.curves[name, 0].rows.tobytes() for name in SETS},
        )


def test_what_is_read_there_is_what_was_read_there(worker: Worker) -> None:
    worker.trained(1, LONG, Step(77))
    live = worker.told[1].evaluations
    worker.obey(1, Step(100))
    looked_at(worker, 77)
    assert worker.seen[-1].evaluations.keys() == live.keys() == set(SETS)
    for name, read in worker.seen[-1].evaluations.items():
        np.testing.assert_array_equal(read.predictions, live[name].predictions)
    assert worker.seen[-1].eta == 2.0


def test_digits_are_read_a_slice_at_a_time(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others have their turn in between; in a longer slice there is more."""

    def turns(seconds: float) -> int:
        monkeypatch.setattr(visiting, "SLICE", seconds)
        worker.trained(1, LONG, Step(177))
        worker.send(1, Visit(77))
        count = 0
        while not (worker.seen and worker.seen[-1].settled):
            count += bool(worker.seen and worker.seen[-1].exact)  # the replay of it has slices, too
            assert worker.work()
        return count

    assert turns(0.0) > turns(10.0)


def test_what_is_read_is_never_told_of_another_step(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "PATIENCE", 60.0)  # a film shows what it has by then
    worker.trained(1, LONG, Step(177))
    worker.send(1, Visit(77))
    while not (worker.seen and worker.seen[-1].exact):
        assert worker.work()
    assert not worker.seen[-1].settled  # its digits are still to be read
    worker.send(1, Visit(90, film=True))  # in a film none are
    settle(worker)
    visited = worker.seen[-1]
    assert visited.moment.step == 90
    assert not visited.evaluations
    assert not visited.health.layers


def test_a_near_step_comes_first_if_the_exact_is_far(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "PATIENCE", 0.0)
    with snapshots_of(64, 4):
        worker.trained(1, LONG, Step(600))
        worker.send(1, Visit(450))
        worker.work()
        near = worker.seen[0]
        assert (near.asked, near.moment.kind) == (450, "near")
        assert abs(near.moment.step - 450) <= 128
        assert near.of > near.done >= 0
        settle(worker)
        assert worker.seen[-1].exact


def test_a_drag_shows_something_at_each_move_and_the_newest_wins(worker: Worker) -> None:
    with snapshots_of(64, 4):
        worker.trained(1, LONG, Step(600))
        for step in range(550, 450, -10):
            worker.send(1, Visit(step))
            worker.work(1, lambda: True)
        asked = {visited.asked for visited in worker.seen}
        assert len(asked) >= 5
        settle(worker)
        assert worker.seen[-1].moment.step == 460


def test_one_step_back_costs_no_replay_and_the_next_ones_little(worker: Worker) -> None:
    with snapshots_of(256, 6):
        worker.trained(1, LONG, Step(900))
        looked_at(worker, 700)
        for step in range(699, 676, -1):
            with counted_steps() as steps:
                worker.send(1, Visit(step))
                settle(worker)
            assert len(steps) <= 100
            assert len(steps) == 0 or step < 680
            assert worker.seen[-1].moment.step == step


def test_forward_by_one_is_one_mini_batch(worker: Worker) -> None:
    with snapshots_of(256, 6):
        worker.trained(1, LONG, Step(900))
        looked_at(worker, 300)
        for step in range(301, 340):
            with counted_steps() as steps:
                worker.send(1, Visit(step))
                worker.work(3)
            assert len(steps) <= 1


def test_its_states_take_no_more_than_they_may() -> None:
    assert distances(0) == []
    assert distances(1) == [1]
    assert distances(4) == [1, 4, 16]
    assert distances(32)[:25] == list(range(1, 26))
    assert len(distances(32)) == 31


def test_states_of_the_last_stretch_are_32_or_8_mb(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    worker.trained(1, LONG, Step(600))
    for step in (500, 100, 499, 30, 333):
        looked_at(worker, step)
        visitor = worker.race._visitor
        assert visitor is not None
        assert len(visitor._states) <= 32
        assert sum(state.nbytes for state in visitor._states.values()) <= 8_000_000
    worker.send(0, Leave())
    assert worker.race._visitor is None


def test_a_film_shows_exact_moments_only(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    """However far it is: then that which was reached within the time of a frame."""
    clock = count()  # a mini-batch takes a millisecond
    monkeypatch.setattr(visiting, "time", SimpleNamespace(monotonic=lambda: next(clock) / 1_000))
    with snapshots_of(256, 3):
        run = worker.trained(1, LONG, Step(500))
        place = 0
        while place < 450:
            worker.seen.clear()
            worker.send(1, Visit(450, film=True))
            settle(worker)
            assert [visited.moment.kind for visited in worker.seen] == ["exact"]
            moment = worker.seen[-1].moment
            assert place < moment.step <= 450
            assert moment.network.parameters.tobytes() == state_at(run, moment.step).parameters.tobytes()
            place = moment.step


def test_a_run_that_diverged_is_looked_at_before_and_after(worker: Worker) -> None:
    run = worker.trained(
        1, replace(LONG, cost="cross_entropy", output="softmax", activation="relu"), Step(20)
    )
    worker.obey(1, Change({"eta": 1_000.0, "weight_decay": 1_000.0}), Play())
    assert worker.told[1].diverged
    end = run.step
    for step in (0, 10, 20, end - 1, end):
        looked_at(worker, step) if step <= 20 else worker.send(1, Visit(step))
        settle(worker)
        visited = worker.seen[-1]
        assert visited.moment.step == step
        assert visited.diverged == (not np.isfinite(visited.moment.network.parameters).all())
    assert worker.seen[-1].diverged
    assert run.step == end
    branch = worker.branch(2, 1, 15)
    assert not branch.playing
    worker.obey(2, Step(3))
    assert branch.step == 18


def test_the_end_is_a_moment_too_and_the_run_may_go_on_from_it(worker: Worker) -> None:
    run = worker.trained(1, Settings(sizes=(784, 4, 10), training_digits=503), Step(51))
    looked_at(worker, 51)
    worker.obey(1, Leave(), Change({"eta": 0.5}), FinishEpoch())
    looked_at(worker, 51)
    assert worker.seen[-1].moment.settings.eta == 0.5
    assert worker.seen[-1].moment.network.parameters.tobytes() == state_at(run, 51).parameters.tobytes()
