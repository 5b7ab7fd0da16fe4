"""A session of several runs: eight at most, closed and opened again, each with a name, each learning when it is on."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnistviz.engine.acts import Edited, Frozen, Intervention, Lesson, Taught, WeightEdit
from mnistviz.engine.commands import Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment import rebuilding
from mnistviz.engine.experiment.experiment_file import load_experiment, save_experiment
from mnistviz.engine.experiment.saved import checksum, initial_state
from mnistviz.engine.fork import Fork, Origin
from mnistviz.engine.handover import Mailbox
from mnistviz.engine.history import SETS, History
from mnistviz.engine.network import Network, Unit
from mnistviz.engine.problems import Problem
from mnistviz.engine.recorder import Recorder
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Cursor
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import RunClosed, RunEnded
from mnistviz.gui.lab.open_runs import MOST_CLOSED, MOST_OPEN, OpenRuns
from mnistviz.gui.lab.run_names import run_name, shared_step, way_back, way_back_words
from mnistviz.gui.lab.shown import Lifecycle, RunFacts, RunMirror, Shown
from tests.gui.children import known
from tests.gui.lab.conftest import SMALL, Hand
from tests.gui.lab_by_hand import LabByHand, end
from tests.gui.live_run import live_run


def facts(number: int, settings: Settings = SMALL, parent: Fork | None = None) -> RunFacts:
    return RunFacts(number, settings, epoch=103, parent=parent)


def mirror(number: int) -> RunMirror:
    return RunMirror(facts(number), Mailbox(lambda: None))


def test_a_run_that_is_still_trained_again_can_be_closed_and_opened_again(
    lab: LabByHand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "WORK", 0)
    weights = checksum(known(lab.run_to(60, SMALL).moment).network.parameters)
    save_experiment(lab.gather(), tmp_path / "a.mnistviz", known(lab.digits), small=True)
    (saved,) = load_experiment(tmp_path / "a.mnistviz").runs
    lab.experiment.add(saved)
    number = live_run(lab).number
    for _ in range(3):  # close it in the middle, open it again, go on
        lab.work(2)
        assert not live_run(lab).ready
        assert lab.runs.close(number)
        lab.work(3)
        assert [run.number for run in lab.runs.reopenable] == [number]
        assert lab.runs.reopen(number)
    lab.work()
    again = live_run(lab)
    assert (again.number, again.step, again.ready) == (number, 60, True)
    assert checksum(known(again.moment).network.parameters) == weights
    lab.runs.close(number)
    assert lab.runs.reopen(number)
    lab.work()
    assert live_run(lab).ready, "and as any other once it is there"


def test_a_run_that_was_trained_again_is_there_with_its_moment_and_not_before(lab: LabByHand) -> None:
    """What was looked at last would else be looked for in a run of no mini-batches."""
    lab.run_to(20, SMALL)
    saved = lab.gather().runs[0]
    lab.experiment.add(replace(saved, content=replace(saved.content, state=None)))
    number = live_run(lab).number
    lab.training.replayed.emit(number, 3, 20)
    lab.training.revived.emit(number, None)  # which may be told before the news of it
    assert not live_run(lab).ready
    lab.work()
    assert live_run(lab).ready
    assert live_run(lab).step == 20
    lab.training.replayed.emit(number, 20, 20)  # or after them
    lab.training.revived.emit(number, None)
    assert live_run(lab).ready


def test_a_run_is_there_though_it_was_closed_before_that_was_told(lab: LabByHand) -> None:
    lab.run_to(20, SMALL)
    gathered = lab.gather()
    lab.training.revived.disconnect(lab.experiment._on_revived)
    lab.experiment.add(gathered.runs[0])
    number = live_run(lab).number
    lab.work()
    lab.experiment._on_replayed(number, 3, 20)
    lab.training.put_away(number)
    lab._core.runs.close(known(lab._core.selected))  # the news that it is there come after it was closed
    lab.runs.show(lab._core.runs.open[0])
    lab.experiment._on_revived(number, None)
    assert lab.runs.reopen(number)
    lab.work()
    assert live_run(lab).ready


def eight(hand: Hand) -> list[RunFacts]:
    return [hand.run(replace(SMALL, seed=seed), steps=1 + seed) for seed in range(1, 9)]


def test_a_ninth_run_closes_the_one_that_learned_least_and_says_so(hand: Hand) -> None:
    runs = eight(hand)
    assert hand.lab.runs.open == tuple(runs)
    assert [run.letter for run in runs] == list("ABCDEFGH")
    assert sorted(run.hue for run in runs) == list(range(8))
    closed: list[RunClosed] = []
    hand.lab.listen(RunClosed, closed.append)
    ninth = hand.run(steps=1)
    assert [(each.run, each.for_room) for each in closed] == [(runs[0], True)]
    assert hand.lab.runs.open == (*runs[1:], ninth)
    assert ninth.letter == "I"
    assert hand.lab.runs.closed == (runs[0],)


def test_the_run_closes_that_has_learned_least_whatever_its_age(hand: Hand) -> None:
    best = hand.run(steps=60)
    for seed in range(2, 9):
        hand.run(replace(SMALL, seed=seed), steps=1)
    second, third = hand.lab.runs.open[1:3]
    closed: list[RunClosed] = []
    hand.lab.listen(RunClosed, closed.append)
    hand.lab.runs.select(second.number)
    hand.lab.runs.branch()
    seen = [(each.run.number, each.for_room) for each in closed]
    assert seen == [(third.number, True)], "of equal ones the oldest, but never the selected one"
    assert best in hand.lab.runs.open
    assert [run.number for run in hand.lab.runs.reopenable] == [third.number]


def test_a_network_that_was_only_opened_closes_after_all_that_rest() -> None:
    runs = OpenRuns()
    for number in range(1, MOST_OPEN + 1):
        runs.add(mirror(number))
    one, two, *_ = runs.open
    one.change(origin=Origin())
    assert runs.in_excess(()) is two
    runs.close(two)
    assert runs.in_excess(()) is None


def test_runs_of_a_file_keep_their_letters_unless_two_open_runs_would_have_one() -> None:
    runs, own, of_file = OpenRuns(), [mirror(1), mirror(2)], [mirror(3), mirror(4)]
    for run in own:
        runs.add(run)
    for run in own:
        runs.close(run)
    for run, letter in zip(of_file, "AC", strict=True):
        runs.add(run, letter)
    assert [run.facts.letter for run in runs.open] == ["A", "C"], "though a closed one is A, too"
    runs.add(mirror(5))
    assert runs.open[-1].facts.letter == "D", "a new run takes the letter of no other"
    runs.closed.remove(own[0])
    runs.reopen(own[0])
    assert own[0].facts.letter == "E", "beside A"
    for run in list(runs.open):
        runs.close(run)
    for run in own:
        runs.closed.remove(run)
        runs.reopen(run)
    assert [run.facts.letter for run in own] == ["E", "B"]
    runs = OpenRuns()
    for number, letter in enumerate(("B", "B", "é", "", "AB", "B")):
        runs.add(mirror(number), letter)
    assert [run.facts.letter for run in runs.open] == ["B", "A", "C", "D", "E", "F"]


@given(order=st.lists(st.integers(0, 40), min_size=1, max_size=40))
def test_opened_and_closed_in_any_order_the_lists_keep_their_sizes(order: list[int]) -> None:
    runs, count = OpenRuns(), 0
    for what in order:
        if what % 3 == 0 or not runs.open:
            if (surplus := runs.in_excess(())) is not None:
                runs.close(surplus)
            count += 1
            runs.add(mirror(count))
        elif what % 3 == 1 and len(runs.open) > 1:
            runs.close(runs.open[what % len(runs.open)])
        elif runs.closed:
            run = runs.closed[what % len(runs.closed)]
            runs.closed.remove(run)
            if (surplus := runs.in_excess(())) is not None:
                runs.close(surplus)
            runs.reopen(run)
        assert len(runs.open) <= MOST_OPEN
        assert len(runs.closed) <= MOST_CLOSED
        assert len({run.facts.letter for run in (*runs.open, *runs.closed)}) == len(runs.open) + len(
            runs.closed
        )
        assert len({run.facts.hue for run in runs.open}) == len(runs.open)
        numbers = [run.facts.number for run in runs.open]
        assert numbers == sorted(numbers)
        assert all(run.facts.closed for run in runs.closed)
        assert not any(run.facts.closed for run in runs.open)


def test_eight_runs_are_closed_and_reopened_in_any_order(hand: Hand) -> None:
    runs, order = eight(hand), (6, 2, 4, 0, 5, 1, 3)
    weights = {}
    for run in runs:
        assert run.moment is not None
        weights[run.number] = run.moment.network.parameters.tobytes()
    for number in order:
        assert hand.lab.runs.close(runs[number].number)
    assert len(hand.lab.runs.open) == 1
    assert not hand.lab.runs.close(hand.lab.runs.open[0].number)
    for number in order:
        run = runs[number]
        assert hand.lab.runs.reopen(run.number)
        assert hand.lab.run == run
        hand.wait(lambda run=run: run.has_obeyed)  # type: ignore[misc]
        assert run.moment is not None
        assert run.moment.network.parameters.tobytes() == weights[run.number]
        assert run.history.costs.size == run.step
        hand.look(1)
        hand.lab.playhead.live_again()
        step = run.step
        hand.lab.time.mini_batch()
        hand.wait(lambda run=run, step=step: run.step == step + 1)  # type: ignore[misc]
    assert hand.lab.runs.open == tuple(runs)
    assert not hand.lab.runs.closed


def test_a_run_closed_while_it_learned_reads_all_digits_once_it_is_reopened(lab: LabByHand) -> None:
    lab.run_to(3, SMALL)
    number = lab.run_to(3, replace(SMALL, seed=2)).number
    lab.time.toggle_play()
    lab.work(5)
    lab.runs.close(number)
    lab.work()
    assert lab.runs.reopen(number)
    lab.work()
    run = live_run(lab)
    assert (run.number, run.playing) == (number, False)
    assert run.step > 3
    assert {name: found.step for name, found in run.evaluations.items()} == dict.fromkeys(SETS, run.step)


def test_the_oldest_of_ten_closed_runs_is_opened_again_beside_seven_others(hand: Hand) -> None:
    """The one that makes room for it takes its place among the closed ones, and none is lost."""
    runs = [hand.run(replace(SMALL, seed=seed), steps=1) for seed in range(MOST_OPEN + MOST_CLOSED)]
    assert len(hand.lab.runs.open) == MOST_OPEN
    oldest = live_run(hand.lab, hand.lab.runs.reopenable[-1])
    assert oldest == runs[0]
    assert hand.lab.runs.reopen(oldest.number)
    assert hand.lab.run == oldest
    every = (*hand.lab.runs.open, *hand.lab.runs.closed)
    assert {run.number for run in every} == {run.number for run in runs}
    hand.wait(lambda: oldest.has_obeyed)
    hand.lab.time.mini_batch()
    hand.wait(lambda: oldest.step == 2)


def test_a_branch_of_a_closed_run_keeps_its_past(hand: Hand) -> None:
    parent = hand.run(steps=60)
    hand.look(30)
    before = hand.lab.shown.moment
    branch = live_run(hand.lab, hand.lab.runs.branch())
    hand.wait(lambda: branch.ready)
    hand.lab.runs.close(parent.number)
    hand.look(17)
    hand.look(30)
    after = known(hand.lab.shown.moment)
    np.testing.assert_array_equal(after.network.parameters, known(before).network.parameters)
    assert branch.history.costs.size == 30


def test_other_digits_close_runs_for_a_time(hand: Hand, small_digits: Digits, random_digits: Digits) -> None:
    runs = [hand.run(replace(SMALL, seed=seed), steps=20) for seed in range(4)]
    hand.look(5)
    ended: list[RunEnded] = []
    hand.lab.listen(RunEnded, ended.append)
    hand.lab.data.use(random_digits)
    assert [each.run for each in ended] == runs
    assert hand.lab.run is None
    assert hand.lab.playhead.live
    assert not hand.lab.runs.reopenable
    hand.run(replace(SMALL, training_digits=50), steps=3)
    hand.lab.data.use(small_digits)
    assert {each.number for each in hand.lab.runs.reopenable} == {each.number for each in runs}
    assert hand.lab.runs.reopen(runs[2].number)
    hand.wait(lambda: runs[2].has_obeyed)
    hand.lab.runs.send(Step(5))
    hand.wait(lambda: runs[2].step == 25)


def test_a_lab_is_closed_while_it_replays(small_digits: Digits, qtbot: QtBot) -> None:
    lab = Lab()
    lab.data.use(small_digits)
    Hand(lab, qtbot).run(steps=500)
    lab.playhead.visit(490)
    lab.runs.branch()
    end(lab)


def test_space_lets_all_learn_that_are_on_and_the_selected_one_with_them(hand: Hand) -> None:
    one, two, three = (hand.run(replace(SMALL, seed=seed), steps=5) for seed in (1, 2, 3))
    assert [run.on for run in (one, two, three)] == [False, False, True]
    hand.lab.time.switch(one.number, True)
    assert hand.still(one)
    hand.lab.runs.select(two.number)
    hand.lab.time.toggle_play()
    assert [run.on for run in (one, two, three)] == [True, True, True]
    hand.wait(lambda: min(run.step for run in (one, two, three)) > 50)
    hand.lab.time.switch(three.number, False)
    hand.wait(lambda: three.has_obeyed)
    assert hand.still(three)
    hand.lab.time.switch(three.number, True)  # others learn: so does it
    step = three.step
    hand.wait(lambda: three.step > step)
    hand.lab.time.toggle_play()
    hand.wait(lambda: all(run.has_obeyed for run in hand.lab.runs.open))
    assert not hand.lab.time.learning
    assert all(hand.still(run) for run in (one, two, three))


def test_a_mini_batch_counts_on_the_selected_run_and_the_others_go_as_far(hand: Hand) -> None:
    one = hand.run(replace(SMALL, mini_batch_size=5), steps=4)
    two = hand.run(steps=4)
    hand.lab.time.switch(one.number, True)
    hand.lab.time.mini_batch()
    hand.wait(lambda: (one.step, two.step) == (6, 5))
    hand.lab.time.finish_epoch()
    hand.wait(lambda: two.digits_seen == 103 and one.digits_seen >= 30 + 53 and not one.playing)
    assert one.digits_seen < 30 + 53 + 5


def test_the_one_that_is_ahead_waits_and_says_so(hand: Hand) -> None:
    hand.run(replace(SMALL, training_digits=1_003), steps=1_500)
    hand.look(100)
    branch = live_run(hand.lab, hand.lab.runs.branch())
    parent = live_run(hand.lab, hand.lab.runs.open[0])
    hand.wait(lambda: branch.ready)
    hand.lab.time.toggle_play()
    hand.wait(lambda: parent.lifecycle is Lifecycle.WAITING)
    assert branch.lifecycle is Lifecycle.LEARNING
    hand.wait(lambda: parent.lifecycle is Lifecycle.LEARNING and branch.step > 1_400)


def test_names_are_plain_and_short(lab: LabByHand) -> None:
    run = lab.run_to(0, SMALL)
    lab.runs.rename(run.number, "  my\n<b>best</b>\tone " + "x" * 60)
    assert run.name == "my <b>best</b> one " + "x" * 21
    assert len(run.name) == 40
    assert run_name(run) == run.name
    lab.runs.rename(run.number, " ")
    assert run_name(run) == "784-4-10, η 2.0"


def test_a_plan_and_its_place_stay_with_their_run(hand: Hand) -> None:
    lab = hand.lab
    short, long = hand.run(steps=40), hand.run(replace(SMALL, seed=2), steps=60)
    hand.look(50)
    lab.settings.edit({"eta": 0.5})
    lab.runs.select(short.number)
    assert lab.playhead.live, "it has not seen as many, and nothing trains"
    assert (lab.settings.draft.plan, lab.settings.draft.settings.eta) == ({}, SMALL.eta)
    lab.runs.select(long.number)
    hand.exact()
    assert (lab.playhead.step, lab.settings.draft.plan, lab.settings.draft.settings.eta) == (
        50,
        {"eta": 0.5},
        0.5,
    )
    lab.runs.select(short.number)
    lab.runs.send(Step(5))
    hand.wait(lambda: short.step == 45 and not short.playing)
    lab.runs.select(long.number)
    hand.exact()
    assert (lab.playhead.step, lab.settings.draft.plan) == (50, {"eta": 0.5})
    lab.settings.move_plan()
    lab.runs.select(short.number)
    assert lab.playhead.live
    lab.runs.select(long.number)
    assert (lab.playhead.step, lab.settings.draft.plan) == (50, {})
    lab.runs.select(short.number)
    hand.look(30)
    lab.runs.select(long.number)
    assert lab.playhead.step == 30, "a place chosen in one run is that of the next"
    lab.playhead.live_again()
    lab.runs.select(short.number)
    assert lab.playhead.live


def test_a_plan_waits_while_others_train(hand: Hand) -> None:
    """To show it would look back, and so hold them."""
    lab = hand.lab
    one, two = hand.run(steps=60), hand.run(replace(SMALL, seed=2), steps=60)
    lab.runs.select(one.number)
    hand.look(50)
    lab.settings.edit({"eta": 0.5})
    lab.runs.select(two.number)
    lab.playhead.live_again()
    hand.learn()
    lab.runs.select(one.number)
    assert lab.playhead.live
    assert lab.time.learning
    lab.time.toggle_play()
    lab.runs.select(two.number)
    lab.runs.select(one.number)
    assert (lab.playhead.step, lab.settings.draft.plan) == (50, {"eta": 0.5})


def test_a_start_is_remembered_on_digits_that_come_after_refused_ones(lab: LabByHand) -> None:
    digits = known(lab.digits)
    lab.data.refuse(None, Problem("data_no_set", file="nothing"))
    lab.data.use(digits)  # which the dialog of a data set has made
    assert lab.run is None
    lab.time.toggle_play()
    assert lab.time.play_when_ready


def test_an_opened_network_is_closed_and_reopened_but_no_run_that_has_learned_nothing(hand: Hand) -> None:
    lab, first = hand.lab, hand.run(steps=5)
    hand.run()
    assert lab.runs.close(hand.selected.number)
    assert not lab.runs.closed
    network = Network(SMALL.sizes, seed=7)
    lab.runs.begin(SMALL, network, Origin(epochs=2.0, mini_batches=100))
    opened = hand.selected
    hand.wait(lambda: opened.moment is not None)
    assert lab.runs.close(opened.number)
    assert lab.run == first
    assert lab.runs.closed == (opened,)
    assert lab.runs.reopen()
    hand.wait(lambda: hand.selected.has_obeyed and hand.selected.moment is not None)
    assert np.array_equal(known(hand.selected.moment).network.weights[0], network.weights[0])
    assert hand.selected.origin == Origin(epochs=2.0, mini_batches=100)
    hand.learn()
    hand.wait(lambda: hand.selected.step > 3)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (Edited(3, 30, WeightEdit(1, ((0, 0),), (1.0,))), "Go back to before weights were set by hand"),
        (Frozen(3, 30, Unit(1, 1)), "Go back to before the last change of what learns"),
        (Taught(3, 30, Lesson(bytes(784), 7, 0.3)), "Go back to before the drawing was taught"),
    ],
)
def test_the_way_back_from_what_was_done_by_hand(qapp: QApplication, act: Intervention, words: str) -> None:
    settings = Settings(sizes=(784, 4, 10))
    record = Recorder(initial_state(Network(settings.sizes), settings)).record(9, Cursor(0, 90), settings)
    way = way_back(Shown(run=RunFacts(1, settings, record=record, history=History().with_intervention(act))))
    assert way is not None
    assert (way.step, way.weights) == (3, type(act))
    assert way_back_words(way) == words


def test_where_two_runs_went_apart(lab: LabByHand) -> None:
    run = lab.run_to(40, SMALL)

    def branch_at(step: int, to: int) -> RunFacts:
        lab.playhead.visit(step)
        lab.work()
        lab.runs.branch()
        lab.run_to(to)
        assert lab.run is not None
        return lab.run

    branch = branch_at(30, 50)
    grandchild = branch_at(45, 60)
    early = branch_at(10, 20)  # of the grandchild, where that was still the trunk
    lab.run_to(7, SMALL.changed(seed=9))
    alone = lab.run
    assert alone is not None
    pairs = {
        (run, branch): 30,
        (branch, run): 30,
        (branch, grandchild): 45,
        (run, grandchild): 30,
        (early, branch): 10,
        (early, run): 10,
        (alone, run): None,
        (run, run): 40,
    }
    for (a, b), step in pairs.items():
        assert shared_step(a, b, lab.runs.find) == step
