"""A question is answered in a thread of its own: it says how far it is, and one that was taken back says nothing."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import QObject

from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.commands import Descend, RestoreBest
from mnistviz.engine.mistakes.stories import FineStretch, look_finer
from mnistviz.engine.moment import Moment
from mnistviz.engine.replay import Replay, replay_length
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import TrainerState
from mnistviz.engine.trials import RecordedRun
from mnistviz.gui.lab import questions
from mnistviz.gui.lab.questions import Questions, RepeatedQuestion
from mnistviz.gui.lab.shown import Lifecycle, RunFacts, Shown
from tests.gui.lab.conftest import EPOCH, SMALL, Hand
from tests.gui.lab_by_hand import LabByHand, TrainingByHand


def fail(error: Exception) -> None:
    raise error


def test_a_question_says_how_far_it_is_and_one_taken_back_says_nothing(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "REPORT_EVERY", 0.0)
    run = hand.run(steps=40)
    facts, asks = hand.lab.run, hand.lab.questions
    assert facts is not None
    image = asks.digits.test.images[0]
    told: list[FineStretch] = []
    nobody: list[object] = []
    far: list[tuple[int, int]] = []
    hand.lab.time.toggle_play()

    def work(run: RecordedRun, cancelled: Cancelled, tell: questions.Progress) -> FineStretch | None:
        return look_finer(run, image, 0, 40, cancelled, tell)

    asks.ask_run("other", facts, work, nobody.append, fail, lambda *_: nobody.append(0))
    asks.withdraw("other")
    asks.ask_run("finer", facts, work, told.append, fail, lambda *each: far.append(each))
    hand.wait(lambda: bool(told) and run.step > 40)
    assert far == sorted(far)
    assert {of for _, of in far} == {40}
    assert not nobody


@pytest.mark.parametrize("learns", [True, False])
def test_a_question_leaves_the_lock_to_others_only_while_a_network_learns(
    hand: Hand, monkeypatch: pytest.MonkeyPatch, learns: bool
) -> None:
    paused: list[float] = []
    told: list[bool] = []
    monkeypatch.setattr(questions, "SLICE", 0.0)
    monkeypatch.setattr(time, "sleep", paused.append)
    asks = questions.Questions(hand.lab, lambda: None, lambda: learns)
    asks.ask("question", lambda cancelled, tell: cancelled(), told.append, fail)
    hand.wait(lambda: bool(told))
    assert paused == [questions.PAUSE] * learns
    asks.jobs.close()


def worker_state(lab: LabByHand, run: RunFacts, step: int) -> TrainerState:
    training = lab.training
    assert isinstance(training, TrainingByHand)
    return training.race.runs[run.number].state_at(step)


def bare(run: RunFacts) -> RunFacts:
    """A run of which no state is kept but the first: all has to be trained again."""
    assert run.record is not None
    record = replace(run.record, snapshots=())
    return RunFacts(run.number, run.settings, moment=run.moment, record=record)


def unwanted(moment: Moment) -> None:
    raise AssertionError(moment.step)


def test_each_moment_is_the_state_of_the_run_to_the_last_bit(lab: LabByHand) -> None:
    """Whatever was done to it; and so are those of a branch."""
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
            lab.questions.ask_moment("key", run, step, told.append, fail)
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
        hand.lab.questions.ask_moment(key, run, step, partial(told.__setitem__, key), fail)
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
        hand.lab.questions.ask_moment("key", one, step, unwanted, failures.append)
    hand.lab.runs.close(one.number)
    hand.lab.questions.ask_moment("key", one, 3, unwanted, failures.append)
    assert [type(failure) for failure in failures] == [ValueError] * 3
    assert not hand.lab.questions.is_open("key")


def test_a_record_holds_nothing_that_the_worker_has_let_go(lab: LabByHand) -> None:
    """Also that of a run that rests, while another one takes the room."""
    training = lab.training
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
    hand.lab.questions.ask_moment("key", bare(run), 30, told.append, fail, lambda *far: progress.append(far))
    hand.wait(lambda: gate.done == 1)
    hand.lab.questions.withdraw("key")
    gate.set()
    hand.lab.questions.ask_moment("other", run, 2, told.append, fail)
    hand.wait(lambda: bool(told))
    assert [moment.step for moment in told] == [2]
    assert not progress
    assert gate.done <= 1, "it does not go on for nobody"


def test_the_newest_question_of_a_key_counts_and_says_how_far_it_is(hand: Hand, gate: Gate) -> None:
    run = hand.run(steps=3 * EPOCH)
    told: list[Moment] = []
    old: list[tuple[int, int]] = []
    new: list[tuple[int, int]] = []
    ask = hand.lab.questions.ask_moment
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
    monkeypatch.setattr(questions, "SHORT", 10 * size)
    assert replay_length(bare(run).record, 30) == 30  # type: ignore[arg-type]
    hand.lab.questions.ask_moment("long", bare(run), 30, told.append, fail)
    hand.lab.questions.ask_moment("short", run, run.step - run.step % 64, told.append, fail)
    hand.wait(lambda: len(told) == 1)
    gate.set()
    hand.wait(lambda: len(told) == 2)
    assert [moment.step for moment in told] == [0, 30]


@pytest.fixture
def learned(lab_by_hand: LabByHand) -> RunFacts:
    return lab_by_hand.run_to(40, SMALL)


def test_what_was_read_comes_with_the_facts_of_the_run(learned: RunFacts) -> None:
    assert learned.readings.test[-1].step == 40
    assert learned.readings.newest["test"].step == 40
    np.testing.assert_array_equal(
        learned.readings.test[-1].predictions, learned.evaluations["test"].predictions
    )


def test_looking_back_reads_what_was_kept(lab: LabByHand, learned: RunFacts) -> None:
    """A mark of a story says what the network shows where one goes to."""
    lab.runs.send(Descend(0.5, (1, 2, 3)))
    lab.run_to(60)
    assert lab.run is not None
    kept = lab.run.readings.validation
    assert len(kept) > 5
    for reading in kept:
        lab.playhead.visit(reading.step)
        lab.work()
        shown = lab.shown
        assert shown.here == reading.step
        np.testing.assert_array_equal(shown.evaluations["validation"].predictions, reading.predictions)


STILL = Shown(run=RunFacts(1, Settings()))
LEARNS = Shown(run=RunFacts(1, Settings(), lifecycle=Lifecycle.LEARNING))
FILMED = replace(STILL, filming=True)


SECONDS = 1e6  # so that none of them end meanwhile


class Answers(Questions):
    """Says what is open."""

    def __init__(self) -> None:
        self.open = False

    def is_open(self, key: str) -> bool:
        return self.open

    def withdraw(self, key: str) -> None:
        self.open = False


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
def parent(qapp: QObject) -> QObject:
    return QObject()


@pytest.fixture
def question(answers: Answers, parent: QObject) -> RepeatedQuestion[int]:
    return RepeatedQuestion(answers, "key", SECONDS, lambda: None, parent)


def test_what_is_known_or_under_way_is_not_asked_again(question: RepeatedQuestion[int]) -> None:
    assert question.begin(1, STILL)
    assert not question.begin(1, STILL)
    assert question.end() is None
    assert (question.of, question.asked) == (1, None)
    assert not question.begin(1, STILL)
    assert question.begin(2, STILL)
    assert question.end() == 1


@pytest.mark.parametrize(("shown", "asks"), [(STILL, True), (LEARNS, False), (FILMED, False)])
def test_while_the_network_changes_the_question_under_way_is_answered_first(
    question: RepeatedQuestion[int], answers: Answers, shown: Shown, asks: bool
) -> None:
    question.begin(1, shown)
    answers.open = True
    assert question.begin(2, shown) == asks
    assert question.asked == (2 if asks else 1)


def test_what_was_withdrawn_is_asked_anew_and_what_is_known_stays(
    question: RepeatedQuestion[int], answers: Answers
) -> None:
    question.begin(1, STILL)
    question.end()
    question.begin(2, STILL)
    answers.open = True
    question.withdraw()
    assert (question.of, question.asked, answers.open) == (1, None, False)
    question.forget()
    assert question.begin(1, STILL)


def test_where_the_network_stays_it_is_asked_at_once_and_else_once_in_a_while(
    answers: Answers, parent: QObject
) -> None:
    asked: list[int] = []
    question = RepeatedQuestion[int](answers, "key", SECONDS, lambda: asked.append(1), parent)
    question.follow(LEARNS)
    question.follow(LEARNS)
    assert len(asked) == 1
    question.follow(STILL)
    question.follow(STILL)
    assert len(asked) == 3


def test_without_a_lab_nothing_is_asked(parent: QObject) -> None:
    question = RepeatedQuestion[int](None, "key", SECONDS, lambda: None, parent)
    assert not question.begin(1, STILL)
    question.forget()
