"""Runs that learn together: none runs away, equals stay equal, and what one does the others go along with."""

import gc
from functools import partial
from types import SimpleNamespace
from typing import Any
from weakref import ref

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from msgspec.structs import replace

from mnistviz.engine import run_scheduler
from mnistviz.engine.commands import Change, FinishEpoch, Pause, Play, SetSpeed, Step, StepDigits, Visit
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.rebuilding import Rebuilding
from mnistviz.engine.experiment.saved import RunRecipe
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.history import SETS
from mnistviz.engine.recorder import RunContent
from mnistviz.engine.run_scheduler import (
    TURN,
    Branch,
    BuildRun,
    End,
    ResumeRun,
    Select,
    StepTogether,
    SuspendRun,
)
from tests.engine.test_branches import assert_same_run
from tests.engine.test_record import SMALL
from tests.engine.time_machine import Worker, never, newest
from tests.examples import examples, one_quick

TEN = replace(SMALL, training_digits=1_003)


def together(worker: Worker, least: int) -> int:
    """Lets all runs learn until each has seen so many digits, and nobody reads meanwhile what they tell, so that each
    has whole turns. Returns how far apart they came at the most, each time after the one behind had caught up."""
    runs = list(worker.race.runs.values())
    apart, caught_up = 0, False
    while min(run.trainer.digits_consumed for run in runs) < least:
        assert worker.race.work(never) is not None
        seen = [run.trainer.digits_consumed for run in runs]
        bound = TURN + max(run.trainer.settings.mini_batch_size for run in runs)
        caught_up |= max(seen) - min(seen) <= bound
        if caught_up:
            apart = max(apart, max(seen) - min(seen))
    return apart


@one_quick(("one", "other"), [(2, 600), (10, 64), (64, 10), (7, 1_003), (2_000, 10)])
def test_runs_that_have_caught_up_are_never_further_apart_than_a_thousand_digits_and_a_mini_batch(
    worker: Worker, one: int, other: int
) -> None:
    worker.begin(1, replace(TEN, mini_batch_size=one), Play())
    worker.begin(2, replace(TEN, mini_batch_size=other), Play())
    assert together(worker, 12_000) <= TURN + max(one, other)


def test_a_run_that_is_long_to_train_again_lets_a_shorter_one_have_its_turn(
    small_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_scheduler, "SLICES", 2)
    worker = Worker(small_digits)
    for number, step in ((1, 10_000_000), (2, 9)):
        recipe = RunRecipe(SMALL, (), step)
        worker.send(
            number, BuildRun(partial(Rebuilding, number, recipe, small_digits, Mailbox(lambda: None)))
        )
    for _ in range(1_000):  # on a busy machine a slice may do very little
        if not worker.race.runs:
            worker.race.work(never)
    assert list(worker.race.runs) == [2]
    assert worker.race.runs[2].step == 9


def test_a_branch_catches_up_by_itself_and_then_they_go_in_turn(worker: Worker) -> None:
    parent = worker.trained(1, TEN, Step(900))
    branch = worker.branch(2, 1, 100, Change({"mini_batch_size": 64}), Play())
    worker.send(1, Play())
    while branch.trainer.digits_consumed < parent.trainer.digits_consumed:
        assert parent.step == 900  # waits
        assert worker.work()
    assert together(worker, 12_000) <= TURN + 64
    assert parent.step > 900


@given(
    fork=st.integers(0, 60),
    slices=st.integers(1, 40),
    rules=st.sampled_from(
        [{}, {"schedule": "halve", "schedule_epochs": 1}, {"momentum": 0.9, "dropout": 0.5}]
    ),
)
@hypothesis_settings(max_examples=examples(12), deadline=None)
def test_equals_stay_equal(small_digits: Digits, fork: int, slices: int, rules: dict[str, Any]) -> None:
    worker = Worker(small_digits)
    parent = worker.trained(1, replace(SMALL, **rules), Step(60))
    twin = worker.branch(2, 1, fork, Play())
    worker.send(1, Play())
    worker.work(slices)
    for number in (1, 2):
        worker.send(number, Pause())
    worker.rest()
    end = max(parent.step, twin.step)
    for run in (parent, twin):
        if run.step < end:
            worker.obey(run.number, Step(end - run.step))
    assert_same_run(parent, twin)


def test_others_go_on_by_as_many_digits_and_all_pause(worker: Worker) -> None:
    one = worker.begin(1, TEN)
    other = worker.begin(2, replace(TEN, mini_batch_size=64))
    third = worker.trained(3, replace(TEN, mini_batch_size=3))
    for number in range(1, 15):
        worker.along(1, Step(1), 2, 3)
        worker.rest()
        assert one.step == number
        assert 10 * number <= other.trainer.digits_consumed < 10 * number + 64
        assert 10 * number <= third.trainer.digits_consumed < 10 * number + 3
        assert not any(run.playing for run in (one, other, third))
    worker.along(1, FinishEpoch(), 2, 3)
    worker.rest()
    assert one.trainer.digits_consumed == 1_003
    assert 1_003 <= other.trainer.digits_consumed < 1_003 + 64
    assert 1_003 <= third.trainer.digits_consumed < 1_003 + 3


@pytest.mark.parametrize("diverged", [False, True])
def test_what_is_sent_to_all_is_taken_by_all(small_digits: Digits, diverged: bool) -> None:
    """The window waits for it: settings did not follow a run any more that went along with one that had diverged, or
    that was still in the making."""
    worker, box = Worker(small_digits), Mailbox(lambda: None)
    worker.begin(1, replace(SMALL, eta=1_000.0, weight_decay=1_000.0) if diverged else SMALL, Step(200))
    worker.trained(2, SMALL, Step(400))
    assert worker.told[1].diverged is diverged
    worker.send(3, Branch(2, 250, box))
    worker.race.handle(1, StepTogether(Step(1), (2, 3)), 7)
    worker.rest()
    assert (worker.told[1].obeyed, worker.told[2].obeyed, newest(box).obeyed) == (7, 7, 7)
    assert not any(run.playing for run in worker.race.runs.values())


def built_slowly(worker: Worker, number: int, digits: Digits) -> None:
    """Begins to build a run that takes longer than any test."""
    recipe = RunRecipe(SMALL, (), 10_000_000)
    worker.send(number, BuildRun(partial(Rebuilding, number, recipe, digits, Mailbox(lambda: None))))


@pytest.mark.parametrize(
    "end", [End(), SuspendRun(lambda number, content: None)], ids=["closed", "suspended"]
)
def test_the_others_obey_though_the_run_they_follow_never_trains(small_digits: Digits, end: object) -> None:
    worker = Worker(small_digits)
    worker.begin(1, TEN, Play())
    built_slowly(worker, 2, small_digits)
    worker.race.handle(2, StepTogether(Step(1), (1,)), 7)
    worker.race.handle(2, end, 8)
    worker.rest()
    assert worker.told[1].obeyed == 7
    assert not worker.race.runs[1].playing
    worker.race.handle(3, StepTogether(Step(1), (1,)), 9)  # a run that has failed
    worker.rest()
    assert worker.told[1].obeyed == 9


def test_what_was_asked_of_a_run_after_a_step_with_another_one_counts(small_digits: Digits) -> None:
    worker, box = Worker(small_digits), Mailbox(lambda: None)
    one = worker.begin(1, TEN)
    other = worker.trained(2, TEN, Step(300))
    worker.send(3, Branch(2, 250, box))
    worker.race.handle(3, StepTogether(Step(5), (1,)), 7)  # waits until the branch is there
    worker.race.handle(1, Pause(), 8)
    worker.rest()
    assert (one.step, other.step) == (0, 300)
    assert worker.told[1].obeyed == 8


def test_pressed_twice_while_they_learn_they_go_on_twice_as_far(worker: Worker) -> None:
    one, other = worker.trained(1, TEN), worker.begin(2, replace(TEN, mini_batch_size=5))
    worker.along(1, Step(3), 2)
    worker.along(1, Step(4), 2)
    worker.rest()
    assert (one.step, other.trainer.digits_consumed) == (7, 70)


@pytest.mark.parametrize("size", [5, 30])
def test_a_mini_batch_cut_short_by_an_epoch_lets_no_other_run_stay_ahead(worker: Worker, size: int) -> None:
    """What the others have seen too many is taken off what they go on by."""
    other, one = worker.trained(1, replace(TEN, mini_batch_size=size)), worker.begin(2, TEN)
    worker.along(2, FinishEpoch(), 1)
    for _ in range(1_000):
        if other.trainer.digits_consumed >= one.trainer.digits_consumed + 300:  # a turn is longer
            break
        worker.race.work(never)  # nobody empties the mailboxes meanwhile
    worker.along(2, Step(1), 1)
    worker.rest()
    ahead = other.trainer.digits_consumed
    assert ahead > one.trainer.digits_consumed + 200
    worker.along(2, Step(3), 1)
    worker.rest()
    assert other.trainer.digits_consumed == ahead
    worker.along(2, FinishEpoch(), 1)
    worker.rest()
    assert one.trainer.digits_consumed == 1_003
    assert 1_003 <= other.trainer.digits_consumed < 1_003 + size


def test_a_run_that_others_have_overtaken_since_goes_along_at_once(worker: Worker) -> None:
    other = worker.begin(1, TEN, Step(90))
    worker.trained(2, TEN, Step(20))
    worker.obey(1, StepDigits(50))
    worker.send(1, StepDigits(-40))  # so it has seen forty too many
    worker.obey(2, Step(200))
    before = other.step
    worker.along(2, Step(3), 1)
    worker.rest()
    assert other.step == before + 3


def test_digits_to_go_on_by_are_seen_over_the_end_of_an_epoch(worker: Worker) -> None:
    assert worker.trained(1, TEN, StepDigits(1_010)).trainer.digits_consumed == 1_013


def test_at_a_set_speed_the_selected_run_leads(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("mnistviz.engine.run_scheduler.time", SimpleNamespace(monotonic=lambda: now))
    large = worker.begin(1, replace(TEN, mini_batch_size=64), SetSpeed(8.0), Play())
    small = worker.begin(2, TEN, SetSpeed(8.0), Play())
    worker.send(1, Select())
    turns = []
    for _ in range(6):
        before = large.step, small.step
        while worker.race.work(never) == 0.0:
            worker.take()
        turns.append((large.step - before[0], small.step - before[1]))
        now += 1 / 8
    assert turns[:3] == [(1, 0), (0, 6), (0, 6)]  # 64 digits, then sixty, then sixty again, which makes 120
    assert set(turns) == {(1, 0), (0, 6)}
    assert abs(large.trainer.digits_consumed - small.trainer.digits_consumed) <= 64 + 60
    held = [ref(large), ref(small)]
    del large, small
    worker.send(1, End())
    worker.send(2, End())
    gc.collect()
    assert [each() for each in held] == [None, None], "a run that was closed is let go of"


def test_what_is_held_trains_no_step_and_goes_on_afterwards(worker: Worker) -> None:
    run = worker.begin(1, TEN, Play())
    worker.work(5)
    worker.hold(True)
    step = run.step
    worker.rest()
    assert run.step == step
    assert run.playing
    worker.hold(False)
    worker.work(3)
    assert run.step > step


def test_a_run_put_away_needs_no_digits_and_goes_on_as_if_it_had_not_been(small_digits: Digits) -> None:
    worker, apart = Worker(small_digits), Worker(small_digits)
    settings = replace(TEN, momentum=0.9, schedule="halve", schedule_epochs=1)
    worker.begin(1, settings, Step(150), Change({"eta": 1.0}))
    apart.begin(1, settings, Step(150), Change({"eta": 1.0}))
    worker.rest()
    apart.rest()
    handed_over: list[RunContent] = []
    worker.send(1, SuspendRun(lambda number, content: handed_over.append(content)))
    assert handed_over[0].record.step == 150
    assert not worker.race.runs
    worker.work()
    worker.send(1, ResumeRun(small_digits))
    back, never_away = worker.race.runs[1], apart.race.runs[1]
    assert not back.playing
    worker.rest()
    for each in (worker, apart):
        each.obey(1, Step(100))
    assert_same_run(back, never_away)
    assert worker.told[1].moment.step == 250
    for name in SETS:
        assert worker.told[1].evaluations[name].step == 250  # type: ignore[index]


def test_one_looks_back_while_others_learn_and_training_has_every_second_slice(worker: Worker) -> None:
    run = worker.trained(1, TEN, Step(1_000))
    worker.send(1, Play())
    step = run.step
    worker.send(1, Visit(990))
    turns = 0
    while not (worker.seen and worker.seen[-1].settled):
        worker.work()
        turns += 1
    assert turns > 1
    assert run.step > step + 1
    assert worker.seen[-1].moment.step == 990
