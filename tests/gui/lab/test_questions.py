"""A question is answered in a thread of its own: it says how far it is, and one that was taken back says nothing."""

import threading
import time
from collections.abc import Iterator
from functools import partial
from itertools import count, pairwise
from typing import cast

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QObject

from mnistviz.engine import trials
from mnistviz.engine.acts import NOW, Changed, Edited, Stepped, WeightEdit
from mnistviz.engine.cancelling import Cancelled
from mnistviz.engine.causes import ChangeStretch
from mnistviz.engine.commands import Change, RestoreBest, StepDigits
from mnistviz.engine.digits import Digits
from mnistviz.engine.futures import Forecast, look_ahead
from mnistviz.engine.history import History
from mnistviz.engine.luck.bands import band_of
from mnistviz.engine.luck.copied_runs import BUTTERFLIES, repeat, tiny_change
from mnistviz.engine.mistakes.stories import FineStretch, look_finer
from mnistviz.engine.moment import Evaluation, Moment
from mnistviz.engine.observations import Finding
from mnistviz.engine.replay import Replay, replay_length
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import TrainerState
from mnistviz.engine.trials import RecordedRun
from mnistviz.gui.lab import jobs, questions
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.lab.luck_questions import BandWork, can_be_copied, other_seeds, while_going
from mnistviz.gui.lab.questions import FORECASTS, Questions, RepeatedQuestion
from mnistviz.gui.lab.shown import Lifecycle, RunFacts, Shown
from mnistviz.gui.lab.tryouts import TriedFinding, weigh_finding
from tests.engine.luck.made_bands import made_band
from tests.engine.time_machine import state_at
from tests.gui.children import known
from tests.gui.lab.conftest import EPOCH, SMALL, Hand
from tests.gui.lab_by_hand import JobsByHand, LabByHand, TrainingByHand, end, lab_by_hand_on
from tests.gui.live_run import live_run


def fail(error: Exception) -> None:
    raise error


def test_a_question_says_how_far_it_is_until_withdrawn(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "REPORT_EVERY", 0.0)
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
    asks.close()


def worker_state(lab: LabByHand, run: RunFacts, step: int) -> TrainerState:
    training = lab.training
    assert isinstance(training, TrainingByHand)
    return state_at(training.race.runs[run.number], step)


def bare(run: RunFacts) -> RunFacts:
    """A run of which no state is kept but the first: all has to be trained again."""
    record = replace(known(run.record), snapshots=())
    return RunFacts(run.number, run.settings, moment=run.moment, record=record)


def test_each_moment_is_the_state_of_the_run_to_the_last_bit(lab_by_hand: LabByHand) -> None:
    """Whatever was done to it; and so are those of a branch."""
    lab_by_hand.run_to(40, SMALL)
    lab_by_hand.settings.change({"eta": 0.5, "momentum": 0.5})
    lab_by_hand.run_to(75)
    lab_by_hand.runs.send(RestoreBest())
    lab_by_hand.work()
    lab_by_hand.runs.send(Stepped(*NOW, 0.3, (1, 2, 3)))
    lab_by_hand.run_to(90)
    lab_by_hand.playhead.visit(50)
    lab_by_hand.work()
    lab_by_hand.settings.change({"eta": 1.5})
    lab_by_hand.runs.branch()
    lab_by_hand.run_to(70)
    for run in lab_by_hand.runs.open:
        for step in (0, 1, 40, 41, 50, 69, 70, run.step):
            told: list[Moment] = []
            lab_by_hand.questions.ask_moment("key", run, step, told.append, fail)
            lab_by_hand.work()
            [moment] = told
            state = worker_state(lab_by_hand, run, step)
            assert moment.network.parameters.tobytes() == state.parameters.tobytes()
            assert (moment.run, moment.step, moment.kind) == (run.number, step, "exact")
            assert moment.settings == state.settings
            assert moment.digits == state.cursor.epoch * run.epoch + state.cursor.consumed
            assert moment.initial is run.moment.initial


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
    assert told["a"].network.parameters.tobytes() == known(before).network.parameters.tobytes()
    assert (told["b"].run, told["b"].step) == (other.number, 5)
    step = other.step
    hand.wait(lambda: other.step > step + 5)


def test_a_step_that_there_is_not_and_a_closed_run_are_refused(hand: Hand) -> None:
    one = hand.run(steps=5)
    hand.run(replace(SMALL, seed=2), steps=5)
    told: list[Moment] = []
    failures: list[Exception] = []
    for step in (-1, 6, 3):
        if step == 3:
            hand.lab.runs.close(one.number)
        hand.lab.questions.ask_moment("key", one, step, told.append, failures.append)
    assert not told
    assert [type(failure) for failure in failures] == [ValueError] * 3
    assert not hand.lab.questions.is_open("key")


def test_a_record_holds_nothing_that_the_worker_has_let_go(lab_by_hand: LabByHand) -> None:
    """Also that of a run that rests, while another one takes the room."""
    training = lab_by_hand.training
    assert isinstance(training, TrainingByHand)
    first = lab_by_hand.run_to(64 * 8, SMALL)
    assert first.record is not None
    many = len(first.record.snapshots)
    training._budget.most = 9 * first.record.start.nbytes
    lab_by_hand.run_to(64 * 6, replace(SMALL, seed=2))
    for run in lab_by_hand.runs.open:
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
    monkeypatch.setattr(jobs, "REPORT_EVERY", 0.0)
    return event


def test_cancelled_questions_are_not_told_and_the_newest_of_a_key_counts(hand: Hand, gate: Gate) -> None:
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
    told.clear()
    gate.clear()
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


def test_a_short_replay_waits_for_none(hand: Hand, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    run = hand.run(steps=3 * EPOCH)
    told: list[Moment] = []
    size = known(run.record).start.parameters.size * SMALL.mini_batch_size
    monkeypatch.setattr(questions, "SHORT", 10 * size)
    assert replay_length(bare(run).record, 30) == 30  # type: ignore[arg-type]
    hand.lab.questions.ask_moment("long", bare(run), 30, told.append, fail)
    hand.lab.questions.ask_moment("short", run, run.step - run.step % 64, told.append, fail)
    hand.wait(lambda: len(told) == 1)
    gate.set()
    hand.wait(lambda: len(told) == 2)
    assert [moment.step for moment in told] == [0, 30]


@pytest.fixture
def lab(lab_by_hand: LabByHand) -> LabByHand:
    lab_by_hand.run_to(40, SMALL)
    return lab_by_hand


@pytest.fixture
def run(lab: LabByHand) -> RunFacts:
    return live_run(lab)


def test_evaluations_come_with_the_facts_and_looking_back_reads_them(lab: LabByHand, run: RunFacts) -> None:
    """A mark of a story says what the network shows where one goes to."""
    assert run.readings.test[-1].step == run.readings.newest["test"].step == 40
    np.testing.assert_array_equal(run.readings.test[-1].predictions, run.evaluations["test"].predictions)
    lab.runs.send(Stepped(*NOW, 0.5, (1, 2, 3)))
    lab.run_to(60)
    kept = run.readings.validation
    assert len(kept) > 5
    for reading in kept:
        lab.playhead.visit(reading.step)
        lab.work()
        shown = lab.shown
        assert shown.here == reading.step
        np.testing.assert_array_equal(shown.evaluations["validation"].predictions, reading.predictions)


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


STILL = Shown(run=RunFacts(1, Settings()))
LEARNS = Shown(run=RunFacts(1, Settings(), lifecycle=Lifecycle.LEARNING))
FILMED = replace(STILL, filming=True)


SECONDS = 1e6  # so that none of them end meanwhile


@pytest.fixture
def parent(qapp: QObject) -> QObject:
    return QObject()


@pytest.fixture
def question(answers: Answers, parent: QObject) -> RepeatedQuestion[int]:
    return RepeatedQuestion(answers, "key", SECONDS, lambda: None, parent)


def test_what_is_known_or_under_way_is_not_asked_again_what_is_withdrawn_is(
    question: RepeatedQuestion[int], answers: Answers
) -> None:
    assert question.begin(1, STILL)
    assert not question.begin(1, STILL)
    assert question.end() is None
    assert (question.of, question.asked) == (1, None)
    assert not question.begin(1, STILL)
    assert question.begin(2, STILL)
    answers.open = True
    question.withdraw()
    assert (question.of, question.asked, answers.open) == (1, None, False)
    assert question.begin(2, STILL)
    assert question.end() == 1
    question.forget()
    assert question.begin(2, STILL)


@pytest.mark.parametrize(("shown", "asks"), [(STILL, True), (LEARNS, False), (FILMED, False)])
def test_while_the_network_changes_the_question_under_way_is_answered_first(
    question: RepeatedQuestion[int], answers: Answers, shown: Shown, asks: bool
) -> None:
    question.begin(1, shown)
    answers.open = True
    assert question.begin(2, shown) == asks
    assert question.asked == (2 if asks else 1)


def test_a_resting_network_is_asked_at_once_another_at_times(answers: Answers, parent: QObject) -> None:
    asked: list[int] = []
    question = RepeatedQuestion[int](answers, "key", SECONDS, lambda: asked.append(1), parent)
    question.follow(LEARNS)
    question.follow(LEARNS)
    assert len(asked) == 1
    question.follow(STILL)
    question.follow(STILL)
    assert len(asked) == 3
    question = RepeatedQuestion[int](None, "key", SECONDS, lambda: None, parent)
    assert not question.begin(1, STILL)
    question.forget()


def ask(lab: LabByHand, told: list[Forecast], step: int = 40) -> bool:
    """Asks, and says whether it was answered at once."""
    assert lab.run is not None
    before = len(told)
    lab.futures.ask("what next", lab.run, step, lab.run.now, "eta", told.append, fail, mini_batches=20)
    at_once = len(told) > before
    lab.work()
    assert len(told) == before + 1
    return at_once


def recorded(lab: LabByHand, run: RunFacts) -> RecordedRun:
    return RecordedRun(known(run.record), known(run.moment).initial, known(lab.digits))


def test_futures_of_a_state_are_computed_once_and_another_eta_joins(lab: LabByHand, run: RunFacts) -> None:
    told: list[Forecast] = []
    assert not ask(lab, told)
    assert ask(lab, told)
    assert told[0] is told[1]
    assert len(told[0].futures) == FORECASTS
    wanted = look_ahead(recorded(lab, run), 40, "eta", (), 20)
    np.testing.assert_array_equal(told[0].current.costs.values, wanted.current.costs.values)
    told.clear()
    ask(lab, told)
    lab.runs.send(Change({"eta": 0.123}))
    lab.work()
    ask(lab, told)
    assert len(told[1].futures) == FORECASTS + 1
    assert told[1].futures[0] is told[0].futures[0]
    lab.runs.send(Change({"eta": SMALL.eta}))
    lab.work()
    assert ask(lab, told), "back to where it was"
    lab.runs.send(Stepped(*NOW, 0.5, (1, 2, 3)))
    lab.work()
    assert not ask(lab, told)
    assert told[-1].misread_now != told[0].misread_now or told[-1].current.misread != told[0].current.misread
    assert not ask(lab, told, step=20)
    assert told[-1].step == 20


def test_what_is_kept_goes_with_its_run_and_a_while_after_the_last_question(lab: LabByHand) -> None:
    told: list[Forecast] = []
    ask(lab, told)
    assert not lab.futures._expiry.isActive()
    lab.futures.withdraw("what next")
    assert lab.futures._expiry.isActive()
    assert ask(lab, told)
    assert not lab.futures._expiry.isActive()
    lab.futures._expiry.timeout.emit()
    assert not lab.futures._cache
    ask(lab, told)
    first = known(lab.run).number
    lab.runs.branch()
    assert len(lab.futures._cache) == 1
    lab.runs.close(first)
    assert not lab.futures._cache


def test_what_was_taken_back_and_what_is_not_there(lab: LabByHand, run: RunFacts) -> None:
    told: list[Forecast] = []
    errors: list[Exception] = []
    lab.futures.ask("what next", run, 40, run.now, "eta", told.append, fail)
    lab.futures.withdraw("what next")
    assert not lab.questions.is_open("what next")
    lab.work()
    lab.futures.ask("what next", run, 41, run.now, "eta", told.append, errors.append)
    assert not told
    assert len(errors) == 1


def seeds_of(run: RunFacts) -> list[int]:
    band = band_of(run.bands, "seeds")
    return [] if band is None else [grown.seed for grown in band.runs]


def one_more(lab: LabByHand) -> None:
    assert cast(JobsByHand, lab.luck.jobs).work()


def test_a_repeat_is_what_the_engine_trains_and_each_seed_shows(lab: LabByHand, run: RunFacts) -> None:
    lab.run_to(57)
    seen: list[list[int]] = []
    before, weights = run.record, known(run.moment).network.parameters.copy()
    lab.listen(ChangeKind.RUNS, lambda: seen.append(seeds_of(run)))
    lab.luck.repeat(run, 3)
    assert lab.luck.work == BandWork(run.number, "seeds", 0, 3)
    lab.work()
    first = SMALL.seed + 1
    assert seen == [[first], [first, first + 1], [first, first + 1, first + 2]]
    assert lab.luck.work is None
    [band] = run.bands
    assert (band.begin, band.until) == (0, run.digits_seen)
    for grown in band.runs:
        same = repeat(recorded(lab, run), grown.seed, grown.digits.tolist())
        np.testing.assert_array_equal(grown.accuracy, same.accuracy)
        assert grown.test == same.test
    measured = {digits for _, digits, _, _ in run.history.known_one_by_one["validation", 0]}
    assert measured <= set(band.runs[0].digits.tolist()), "where the run was"
    assert run.record is before, "what is learned and recorded is left as it was"
    assert known(run.moment).network.parameters.tobytes() == weights.tobytes()


def test_more_seeds_are_added_to_those_that_are_known_and_trained_anew_after_something_was_done(
    lab: LabByHand, run: RunFacts
) -> None:
    lab.luck.repeat(run, 5)
    lab.luck.set_paused(True)
    lab.luck.repeat(run, 3)
    assert lab.luck.work == BandWork(run.number, "seeds", 0, 3), "in the place of that before, and it goes on"
    assert lab.luck.waiting == 0
    lab.work()
    three = run.bands[0].runs
    lab.luck.repeat(run, 5)
    assert lab.luck.work == BandWork(run.number, "seeds", 3, 5)
    lab.work()
    assert run.bands[0].runs[:3] == three
    assert len(run.bands[0].runs) == 5
    lab.luck.repeat(run, 3)
    assert lab.luck.work is None
    lab.luck.repeat(run, 3)
    lab.work()
    lab.run_to(50)
    lab.luck.repeat(run, 3)
    assert lab.luck.work == BandWork(run.number, "seeds", 0, 3)
    assert run.bands[0].until < run.digits_seen, "the old one stays until there is something new"
    one_more(lab)
    assert run.bands[0].until == run.digits_seen
    assert len(run.bands[0].runs) == 1
    lab.work()
    lab.runs.send(Edited(*NOW, WeightEdit(2, ((0, 1),), (0.5,))))
    lab.work()
    lab.luck.repeat(run, 3)
    assert lab.luck.work == BandWork(run.number, "seeds", 0, 3), "by hand, at its end"


def test_copies_begin_at_the_moment_that_is_named_and_what_is_cancelled_leaves_the_seeds_that_are_there(
    lab: LabByHand, run: RunFacts
) -> None:
    lab.luck.copies(run, 11)
    lab.luck.repeat(run, 3)
    assert lab.luck.waiting == 1
    lab.work()
    band, seeds = run.bands
    assert seeds.kind == "seeds"
    assert (band.kind, band.begin, band.until) == ("tiny changes", run.digits_at(11), run.digits_seen)
    assert [grown.seed for grown in band.runs] == list(range(1, BUTTERFLIES + 1))
    same = tiny_change(recorded(lab, run), 11, 2, band.runs[1].digits.tolist())
    np.testing.assert_array_equal(band.runs[1].accuracy, same.accuracy)
    lab.luck.remove(run)
    assert run.bands == ()
    lab.luck.repeat(run, 5)
    lab.luck.copies(run, 0)
    one_more(lab)
    one_more(lab)
    assert lab.luck.cancel()
    assert len(seeds_of(run)) == 2
    assert lab.luck.work == BandWork(run.number, "tiny changes", 0, BUTTERFLIES)
    assert lab.luck.cancel()
    assert not lab.luck.cancel()
    lab.work()
    assert len(run.bands) == 1


def test_it_pauses_and_goes_on_with_the_lab(lab: LabByHand, run: RunFacts) -> None:
    lab.luck.repeat(run, 3)
    assert not known(lab.luck.work).paused, "a run that rests can be repeated"
    for paused in (False, True, False, True):
        lab.time.toggle_play()
        assert known(lab.luck.work).paused == paused
    assert lab.luck.cancel()
    lab.luck.repeat(run, 3)
    assert not known(lab.luck.work).paused, "what is asked for begins"


def test_a_paused_job_waits_and_can_be_taken_back() -> None:
    """It must not hold the program up when that ends."""
    going, asked = threading.Event(), count()
    assert while_going(going, lambda: next(asked) >= 3)()
    going.set()
    assert not while_going(going, lambda: False)()


def test_with_its_run_all_that_was_asked_goes(lab: LabByHand, run: RunFacts) -> None:
    lab.run_to(20, SMALL)
    lab.luck.repeat(run, 3)
    one_more(lab)
    lab.runs.close(run.number)
    assert lab.luck.work is None
    lab.runs.reopen(run.number)
    lab.work()
    assert len(seeds_of(run)) == 1


def test_a_run_that_can_not_be_trained_again_is_left_alone(lab: LabByHand, run: RunFacts) -> None:
    assert can_be_copied(run)
    assert not can_be_copied(run, 40), "at its end there is nothing to train"
    lab.luck.copies(run, 40)
    assert lab.luck.work is None
    assert not can_be_copied(RunFacts(7, SMALL))


def test_other_seeds_come_after_that_of_the_run() -> None:
    assert other_seeds(1, 3) == (2, 3, 4)
    assert other_seeds(2**31 - 2, 3) == (2**31 - 1, 0, 1)


def test_the_bands_of_a_file_come_with_its_run_and_are_of_no_other(lab: LabByHand, run: RunFacts) -> None:
    lab.luck.repeat(run, 3)
    lab.work()
    experiment = lab.gather()
    bands = experiment.runs[0].bands
    assert bands == run.bands
    lab.experiment.open(experiment.runs, 1)
    for _ in range(2):
        assert live_run(lab).bands == bands, "its first news leave them"
        lab.work()
    lab.runs.branch()
    lab.work()
    assert live_run(lab).bands == ()


START = Settings(sizes=(784, 4, 10), eta=1.0)
ETA = Finding("run_stuck", {"now": 10.1, "classes": 10}, {"eta": 0.3})
ANEW = Finding("run_stuck", {"now": 10.1, "classes": 10}, {"initial_weights": "scaled"}, in_new_run=True)


@pytest.fixture
def trying(monkeypatch: pytest.MonkeyPatch, with_trials: None, small_digits: Digits) -> Iterator[LabByHand]:
    monkeypatch.setattr(trials, "LEAST_DIGITS", 100)
    made = lab_by_hand_on(monkeypatch, small_digits)
    yield made
    end(made)


@pytest.mark.parametrize(("finding", "anew"), [(ETA, True), (ANEW, False)], ids=["goes on", "in a new run"])
def test_what_goes_on_from_the_weights_of_now_is_tried_anew_once_there_are_others(
    trying: LabByHand, monkeypatch: pytest.MonkeyPatch, finding: Finding, anew: bool
) -> None:
    monkeypatch.setattr("mnistviz.gui.lab.tryouts.findings_of", lambda shown: [finding])
    monkeypatch.setattr("mnistviz.gui.lab.tryouts.try_remedy", lambda *given: None)
    for step, is_tried in ((10, True), (20, anew)):
        trying.run_to(step, START if step == 10 else None)
        trying.tryouts.findings(trying.shown)
        assert trying.tryouts.jobs.is_open("remedy") is is_tried
        trying.work()
        assert not trying.tryouts.jobs.is_open("remedy")


def test_while_it_learns_a_change_is_tried_only_after_enough_more_digits(trying: LabByHand) -> None:
    trying.run_to(120, START)
    trying.runs.send(Change({"eta": 0.3}), StepDigits(4_000))
    assert trying.run is not None
    while trying.run.step < 240:  # of which the effect can be told
        trying.work(slices=1)
    assert trying.run.playing
    trying.tryouts.findings(trying.shown)
    assert not trying.tryouts.jobs.is_open("change")
    trying.work()
    assert not trying.run.playing
    trying.tryouts.findings(trying.shown)
    assert trying.tryouts.jobs.is_open("change")


def test_what_came_of_a_change_is_worked_out_again_as_the_run_goes_on_and_says_over_how_many_digits(
    trying: LabByHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths: list[int] = []

    def without(run: object, change: ChangeStretch, cancelled: object) -> trials.ChangeResult:
        lengths.append(change.end - change.begin)
        costs = (0.1, 0.1) if lengths[-1] < 2_000 else (0.08, 0.1)
        return trials.ChangeResult((costs[0],) * 4, (costs[1],) * 4, lengths[-1])

    monkeypatch.setattr("mnistviz.gui.lab.tryouts.try_without", without)
    monkeypatch.setattr("mnistviz.gui.lab.tryouts.ENOUGH", 100)
    trying.run_to(120, START)
    trying.runs.send(Change({"eta": 0.3}), StepDigits(5_000))
    told: list[tuple[str, object]] = []
    while trying.run is not None and (trying.run.step < 140 or trying.run.playing):
        trying.work(slices=1)
        for each in trying.tryouts.findings(trying.shown):
            known = each.finding.code, each.finding.values.get("digits")
            if each.finding.code.startswith("change") and known not in told:
                told.append(known)
    assert lengths[-3:] == [1_003, 2_006, 4_012], "an epoch, two, and four"
    assert all(later >= 2 * earlier or later == 1_003 for earlier, later in pairwise(lengths))
    verdicts = ["change_same" if length < 2_000 else "change_less" for length in lengths]
    assert told == list(zip(verdicts, lengths, strict=True))


CHANGED = Changed(300, 3_000, (("eta", 0.1, 0.5),))


def run_with_seeds(*ends: float, history: History | None = None) -> RunFacts:
    """A run of an epoch that predicts 80 % of 1,000 digits correctly, and what other seeds do after it."""
    read = Evaluation("validation", 5_000, 50_000, np.zeros(1_000, np.uint8), 800)
    return RunFacts(
        1, START, evaluations={"validation": read}, history=history or History(), bands=(made_band(ends),)
    )


@pytest.mark.parametrize(
    ("shares", "sureness"), [((0.96, 0.97, 0.98), "probably"), ((0.94, 0.97, 0.98), "no clear difference")]
)
def test_a_remedy_in_new_runs_is_compared_over_seeds(shares: tuple[float, ...], sureness: str) -> None:
    tried = TriedFinding(ANEW, "helps", trials.RemedyResult((0.9, 0.9, 0.9), shares, 50_000, 1_000))
    seeds = (0.8, 0.9, 0.93, 0.94, 0.95)
    found = known(weigh_finding(run_with_seeds(*seeds), tried))
    assert found.spread.highest == 0.95
    assert found.verdict.sureness == sureness
    changed = run_with_seeds(*seeds, history=History().with_intervention(CHANGED))
    assert weigh_finding(changed, tried) is None, "its other seeds were changed on the way, too"
    assert weigh_finding(run_with_seeds(*seeds), TriedFinding(ANEW, "useless", tried.result)) is None
    assert weigh_finding(run_with_seeds(*seeds), TriedFinding(ETA)) is None, "it compares nothing"
