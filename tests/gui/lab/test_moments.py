"""Any moment of any open run is had beside the one shown: exact, one after another, and taken back if need be."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from mnistviz.engine.commands import Descend, RestoreBest
from mnistviz.engine.moment import Moment
from mnistviz.engine.replay import Replay, replay_length
from mnistviz.engine.trainer import TrainerState
from mnistviz.gui.lab import moments, questions
from mnistviz.gui.lab.shown import RunFacts
from tests.gui.lab.conftest import EPOCH, SMALL, Hand
from tests.gui.lab_by_hand import LabByHand, TrainingByHand


def worker_state(lab: LabByHand, run: RunFacts, step: int) -> TrainerState:
    training = lab.training
    assert isinstance(training, TrainingByHand)
    return training.race.runs[run.number].state_at(step)


def bare(run: RunFacts) -> RunFacts:
    """A run of which no state is kept but the first: all has to be trained again."""
    assert run.record is not None
    record = replace(run.record, snapshots=())
    return RunFacts(run.number, run.settings, moment=run.moment, record=record)


def fail(error: Exception) -> None:
    raise error


def unwanted(moment: Moment) -> None:
    raise AssertionError(moment.step)


def test_each_moment_is_the_state_of_the_run_to_the_last_bit(lab_by_hand: LabByHand) -> None:
    """Whatever was done to it; and so are those of a branch."""
    lab = lab_by_hand
    lab.run_to(40, SMALL)
    lab.settings.change({"eta": 0.5, "momentum": 0.5})
    lab.run_to(75)
    lab.runs.send(RestoreBest())
    lab.work()
    lab.runs.send(Descend(0.3, (1, 2, 3)))
    lab.run_to(90)
    lab.playhead.visit(50)
    lab.work()
    lab.settings.change({"eta": 1.5})
    lab.runs.branch()
    lab.run_to(70)
    for run in lab.runs.open:
        for step in (0, 1, 40, 41, 50, 69, 70, run.step):
            told: list[Moment] = []
            lab.moments.ask("key", run, step, told.append, fail)
            lab.work()
            [moment] = told
            state = worker_state(lab, run, step)
            assert moment.network.parameters.tobytes() == state.parameters.tobytes()
            assert (moment.run, moment.step, moment.kind) == (run.number, step, "exact")
            assert moment.settings == state.settings
            assert moment.digits == state.cursor.epoch * run.epoch + state.cursor.consumed
            assert moment.initial is run.moment.initial  # type: ignore[union-attr]


def test_two_moments_are_there_beside_each_other_while_the_runs_go_on(hand: Hand) -> None:
    one = hand.run(replace(SMALL, seed=2), steps=30)
    hand.look(12)
    before = hand.lab.shown.moment
    hand.lab.playhead.live_again()
    hand.learn()
    other = hand.selected
    told: dict[str, Moment] = {}
    for key, run, step in (("a", one, 12), ("b", other, 5)):
        hand.lab.moments.ask(key, run, step, lambda moment, key=key: told.update({key: moment}), fail)  # type: ignore[misc]
    hand.wait(lambda: len(told) == 2)
    assert before is not None
    assert told["a"].network.parameters.tobytes() == before.network.parameters.tobytes()
    assert (told["b"].run, told["b"].step) == (other.number, 5)
    step = other.step
    hand.wait(lambda: other.step > step + 5)


def test_a_step_that_there_is_not_and_a_closed_run_are_refused(hand: Hand) -> None:
    one = hand.run(steps=5)
    hand.run(replace(SMALL, seed=2), steps=5)
    failures: list[Exception] = []
    for step in (-1, 6):
        hand.lab.moments.ask("key", one, step, unwanted, failures.append)
    hand.lab.runs.close(one.number)
    hand.lab.moments.ask("key", one, 3, unwanted, failures.append)
    assert [type(failure) for failure in failures] == [ValueError] * 3
    assert not hand.lab.moments.jobs.is_open("key")


def test_a_record_holds_nothing_that_the_worker_has_let_go(lab_by_hand: LabByHand) -> None:
    """Also that of a run that rests, while another one takes the room."""
    lab, training = lab_by_hand, lab_by_hand.training
    assert isinstance(training, TrainingByHand)
    first = lab.run_to(64 * 8, SMALL)
    assert first.record is not None
    many = len(first.record.snapshots)
    training._budget.most = 9 * first.record.start.nbytes
    lab.run_to(64 * 6, replace(SMALL, seed=2))
    for run in lab.runs.open:
        kept = training.race.runs[run.number].recorder.snapshots
        assert run.record is not None
        assert list(map(id, run.record.snapshots)) == list(map(id, kept))
    assert len(first.record.snapshots) < many


class Gate(threading.Event):
    """Where long replays wait until it is set, and how many mini-batches they did then."""

    done = 0


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """A replay of more than ten mini-batches waits until this is set."""
    event, advance = Gate(), Replay.advance

    def slowly(replay: Replay) -> bool:
        event.done += replay.of > 10
        if replay.of > 10 and threading.current_thread() is not threading.main_thread():
            event.wait(5)
        return advance(replay)

    monkeypatch.setattr(Replay, "advance", slowly)
    monkeypatch.setattr(questions, "REPORT_EVERY", 0.0)
    return event


def test_what_is_taken_back_is_never_told(hand: Hand, gate: Gate) -> None:
    run = hand.run(steps=3 * EPOCH)
    told: list[Moment] = []
    progress: list[tuple[int, int]] = []
    hand.lab.moments.ask("key", bare(run), 30, told.append, fail, lambda *far: progress.append(far))
    hand.wait(lambda: gate.done == 1)
    hand.lab.moments.jobs.withdraw("key")
    gate.set()
    hand.lab.moments.ask("other", run, 2, told.append, fail)
    hand.wait(lambda: bool(told))
    assert [moment.step for moment in told] == [2]
    assert not progress
    assert gate.done <= 1, "it does not go on for nobody"


def test_the_newest_question_of_a_key_counts_and_says_how_far_it_is(hand: Hand, gate: Gate) -> None:
    run = hand.run(steps=3 * EPOCH)
    told: list[Moment] = []
    old: list[tuple[int, int]] = []
    new: list[tuple[int, int]] = []
    ask = hand.lab.moments.ask
    ask("key", bare(run), 30, told.append, fail, lambda *far: old.append(far))
    ask("key", bare(run), 20, told.append, fail, lambda *far: new.append(far))
    gate.set()
    hand.wait(lambda: bool(told))
    assert [moment.step for moment in told] == [20]
    assert not old
    assert new == sorted(new)
    assert {of for _, of in new} == {20}


def test_a_short_replay_waits_for_no_long_one(
    hand: Hand, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = hand.run(steps=3 * EPOCH)
    told: list[Moment] = []
    assert run.record is not None
    size = run.record.start.parameters.size * SMALL.mini_batch_size
    monkeypatch.setattr(moments, "SHORT", 10 * size)
    assert replay_length(bare(run).record, 30) == 30  # type: ignore[arg-type]
    hand.lab.moments.ask("long", bare(run), 30, told.append, fail)
    hand.lab.moments.ask("short", run, run.step - run.step % 64, told.append, fail)
    hand.wait(lambda: len(told) == 1)
    gate.set()
    hand.wait(lambda: len(told) == 2)
    assert [moment.step for moment in told] == [0, 30]
