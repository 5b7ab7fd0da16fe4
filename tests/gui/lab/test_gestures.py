"""The table of gestures, cell by cell: learning, paused, in the past and still, in the past as a film."""

import time

import pytest

from mnistviz.engine.acts import BIAS, NOW, Changed, Edited, Restored, WeightEdit
from mnistviz.engine.commands import RestoreBest, Step
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.lab_changes import ChangeKind, RunClosed
from mnistviz.gui.lab.lab_time import LabTime
from tests.gui.children import known
from tests.gui.lab.conftest import EPOCH, SMALL, Hand
from tests.gui.lab_by_hand import LabByHand
from tests.gui.live_run import live_run

LIVE, PAUSED, STILL, FILM = "learning", "paused", "still", "film"
ALL = (LIVE, PAUSED, STILL, FILM)
SPOILT = WeightEdit(2, ((0, BIAS),), (1_000.0,))
"""With it a network reads all digits as 0."""


def put(hand: Hand, how: str, steps: int = 95) -> None:
    """A run of so many mini-batches, as a column of the table has it; in the past at mini-batch 40."""
    hand.run(steps=steps)
    if how == LIVE:
        hand.learn()
    elif how in (STILL, FILM):
        hand.look(40)
    if how == FILM:
        film(hand)


def film(hand: Hand) -> None:
    hand.lab.time.set_rate(1.0)  # the next moment is far away
    hand.lab.time.toggle_play()
    assert hand.lab.playhead.filming


def is_live(hand: Hand) -> bool:
    return hand.lab.playhead.live and hand.lab.shown.live


def test_space(hand: Hand) -> None:
    put(hand, PAUSED)
    run = hand.learn()
    assert hand.lab.time.learning
    hand.lab.time.toggle_play()
    assert not hand.lab.time.learning
    hand.wait(lambda: run.has_obeyed)
    assert hand.still(run)
    hand.look(40)
    hand.lab.time.toggle_play()
    assert hand.lab.playhead.filming
    hand.lab.time.toggle_play()
    assert not hand.lab.playhead.filming
    assert not is_live(hand)


def test_a_run_that_has_stopped_as_set_stays_so_while_others_learn_until_start_is_for_it(hand: Hand) -> None:
    lab, ends = hand.lab, SMALL.changed(stop="epochs", stop_epochs=1)
    first = hand.run(ends)
    hand.learn_to_its_stop()
    second = hand.run(ends.changed(seed=2))
    lab.time.switch(first.number, True)
    lab.time.mini_batch()
    hand.wait(lambda: second.step == 1)
    assert first.step == EPOCH, "nor does it go along by single steps"
    hand.learn_to_its_stop()
    assert first.step == EPOCH
    lab.time.toggle_play()
    lab.time.toggle_play()
    hand.wait(lambda: not any(run.playing for run in lab.runs.open))
    hand.learn()
    hand.wait(lambda: first.step > EPOCH and second.step > EPOCH)
    lab.time.toggle_play()
    hand.wait(lambda: not any(run.playing for run in lab.runs.open))
    lab = hand.lab
    first = hand.run(SMALL.changed(stop="epochs", stop_epochs=1))
    hand.learn_to_its_stop()
    hand.run(SMALL.changed(seed=2))
    lab.time.switch(first.number, True)
    hand.learn()
    assert first.step == EPOCH
    lab.runs.select(first.number)
    lab.time.toggle_play()
    hand.wait(lambda: first.step > EPOCH)
    lab.time.toggle_play()
    hand.wait(lambda: not any(run.playing for run in lab.runs.open))


@pytest.mark.long
@pytest.mark.parametrize("how", [PAUSED, LIVE])
def test_the_replay_shows_each_mini_batch_exactly_and_changes_nothing(hand: Hand, how: str) -> None:
    put(hand, how, steps=60)
    run = hand.selected
    hand.look(50)
    assert hand.still(run)  # else more comes to be known that it had trained before
    end, settings = run.step, run.now
    hand.lab.time.set_rate(60.0)
    hand.lab.playhead.visit(end - 10)
    seen: list[Moment] = []
    hand.lab.listen(ChangeKind.MOMENT, lambda: seen.append(hand.lab.shown.moment))  # type: ignore[arg-type]
    hand.lab.time.toggle_play()
    assert hand.lab.playhead.filming
    hand.wait(lambda: is_live(hand))
    kinds = {moment.kind for moment in seen[:-1]}
    steps = [moment.step for moment in seen[:-1]]
    assert kinds == {"exact"}
    assert steps == sorted(steps)
    assert set(steps) <= set(range(end - 10, end + 1))
    if how == LIVE:
        hand.wait(lambda: run.step > end)
    else:
        assert hand.still(run)
        assert run.step == end
    assert hand.lab.time.learning == (how == LIVE)
    assert run.now == settings
    assert not run.history.interventions


def test_at_full_speed_the_film_takes_about_ten_seconds(hand: Hand) -> None:
    hand.run(steps=1_000)
    hand.look(0)
    hand.lab.time.toggle_play()
    began = time.monotonic()
    hand.wait(lambda: hand.lab.playhead.here >= 20)
    assert 0.1 < time.monotonic() - began < 5  # a fiftieth of it: a fifth of a second
    hand.lab.time.toggle_play()


@pytest.mark.parametrize("how", [PAUSED, LIVE])
def test_mini_batch_and_epoch_train_on(hand: Hand, how: str) -> None:
    put(hand, how)
    run = hand.selected
    for go_on, end in ((LabTime.mini_batch, 96), (LabTime.finish_epoch, 9 * EPOCH)):
        if how == LIVE and not hand.lab.time.learning:
            hand.learn()
        before = run.step
        go_on(hand.lab.time)
        hand.wait(lambda before=before: run.step > before and not run.playing and run.has_obeyed)  # type: ignore[misc]
        assert go_on is LabTime.mini_batch or run.digits_seen % 103 == 0
        assert how == LIVE or run.step == end


@pytest.mark.parametrize("how", [STILL, FILM])
def test_mini_batch_and_epoch_go_on_in_the_past_and_at_its_end_stay_there(hand: Hand, how: str) -> None:
    put(hand, STILL)
    for begin, go_on, place in (
        (40, LabTime.mini_batch, 41), (41, LabTime.finish_epoch, 4 * EPOCH), (90, LabTime.finish_epoch, 95)
    ):  # fmt: skip
        hand.lab.playhead.visit(begin)
        if how == FILM:
            film(hand)
        go_on(hand.lab.time)
        assert hand.lab.playhead.step == place
        assert not hand.lab.playhead.filming
    hand.exact()
    assert hand.lab.shown.moment.kind == "exact"
    assert not is_live(hand)
    assert hand.selected.step == 95


@pytest.mark.parametrize("how", ALL)
def test_single_steps_and_the_strip_look_back_and_live_is_the_end_again(hand: Hand, how: str) -> None:
    put(hand, how)
    run, playhead, here = hand.selected, hand.lab.playhead, hand.lab.playhead.here
    playhead.step_by(1)
    if how in (LIVE, PAUSED):
        assert playhead.live
        playhead.step_by(-1)
        assert playhead.held
    else:
        assert playhead.step == here + 1
        playhead.step_by(-2)
        assert playhead.step == here - 1
    assert not playhead.filming
    if how == FILM:
        film(hand)
    hand.look(22)
    shown = hand.lab.shown
    assert (shown.playhead, shown.moment.step) == (22, 22)
    assert playhead.held
    assert not playhead.filming
    assert hand.still(run)
    if how == FILM:
        film(hand)
    playhead.live_again()
    assert is_live(hand)
    if how == LIVE:  # what was held goes on
        step = run.step
        hand.wait(lambda: run.step > step)
    else:
        assert hand.still(run)


@pytest.mark.parametrize("how", ALL)
def test_flags(hand: Hand, how: str) -> None:
    hand.run(steps=30)
    hand.lab.settings.change({"eta": 1.0})
    hand.lab.time.finish_epoch()
    hand.wait(lambda: hand.selected.step == 33 and not hand.selected.playing)
    playhead = hand.lab.playhead
    assert 30 in playhead.flags()
    if how == LIVE:
        hand.learn()
    elif how in (STILL, FILM):
        hand.look(32)
    if how == FILM:
        film(hand)
    while playhead.here > 30:
        playhead.flag(-1)
    assert playhead.step == 30
    assert not playhead.filming
    playhead.visit(29)
    playhead.flag(1)
    assert playhead.step == 30


@pytest.mark.parametrize("how", ALL)
def test_the_exact_step_is_saved_and_back_to_the_best_is_for_the_end_only(hand: Hand, how: str) -> None:
    put(hand, how)
    run = hand.selected
    saved: list[Moment] = []
    if how == STILL:
        hand.lab.playhead.visit(63)
    hand.lab.playhead.when_exact(saved.append)
    hand.wait(lambda: bool(saved))
    if how in (LIVE, PAUSED):
        assert saved[0].kind == "live"
    else:
        assert saved[0].kind == "exact"
        assert how == FILM or saved[0].step == 63
    hand.wait(lambda: run.best is not None)
    if how in (LIVE, PAUSED):
        hand.lab.runs.send(Edited(*NOW, SPOILT), RestoreBest())
        hand.wait(lambda: any(isinstance(act, Restored) for act in run.history.interventions))
    else:
        hand.lab.time.visit_best()
        assert run.best_so_far is not None
        assert hand.lab.playhead.step == run.best_so_far.step


@pytest.mark.parametrize("how", ALL)
def test_a_live_setting(hand: Hand, how: str) -> None:
    put(hand, how)
    run = hand.selected
    hand.lab.settings.change({"eta": 0.5})
    if how in (LIVE, PAUSED):
        hand.wait(lambda: any(isinstance(act, Changed) for act in run.history.interventions))
        assert not hand.lab.settings.draft.plan
        return
    assert hand.lab.settings.draft.plan == {"eta": 0.5}
    assert hand.lab.shown.draft.plan == {"eta": 0.5}
    assert not hand.lab.playhead.filming
    hand.lab.settings.change({"eta": 2.0})  # as it was there
    assert not hand.lab.settings.draft.plan
    hand.lab.settings.change({"eta": 0.5})
    if how == FILM:
        film(hand)
    hand.lab.settings.move_plan()  # Ctrl+Z
    assert not hand.lab.settings.draft.plan
    assert hand.lab.settings.draft.settings.eta == 2.0
    assert hand.lab.playhead.filming == (how == FILM), "what is planned is dropped, and a replay goes on"
    assert not run.history.interventions
    assert hand.still(run)


def test_a_plan_is_what_differs_from_the_settings_of_the_moment(hand: Hand) -> None:
    run = hand.run(steps=40)
    assert run.settings.eta == 2.0
    hand.lab.settings.change({"eta": 0.5})
    hand.lab.runs.send(Step(40))
    hand.wait(lambda: run.step == 80 and not run.playing)
    hand.look(60)
    hand.lab.settings.change({"eta": 0.5})
    assert not hand.lab.settings.draft.plan
    hand.lab.settings.change({"eta": 2.0})  # as it began
    assert hand.lab.settings.draft.plan == {"eta": 2.0}
    hand.look(20)
    hand.lab.settings.move_plan()
    hand.lab.settings.change({"eta": 2.0})
    assert not hand.lab.settings.draft.plan


@pytest.mark.parametrize("how", ALL)
def test_branch_here(hand: Hand, how: str) -> None:
    put(hand, how)
    parent, step = hand.selected, hand.selected.step
    if how in (STILL, FILM):
        hand.lab.settings.change({"eta": 0.5})
    if how == FILM:
        hand.lab.time.set_rate(200.0)
        hand.lab.time.toggle_play()
        hand.wait(lambda: not hand.lab.playhead.filming)
        assert (hand.lab.playhead.step, hand.lab.settings.draft.step) == (95, 40), "a replay leaves the plan"
    branch = live_run(hand.lab, hand.lab.runs.branch())
    assert hand.lab.run == branch
    assert is_live(hand)
    assert branch.on == parent.on
    hand.wait(lambda: branch.ready)
    assert branch.parent is not None
    assert branch.parent.number == parent.number
    assert branch.parent.step == branch.history.costs.size if how != LIVE else branch.parent.step >= step
    if how == LIVE:
        ahead = branch.step
        hand.wait(lambda: branch.step > ahead + 10 and parent.step > step + 10)
    elif how == PAUSED:
        assert branch.parent.kind == "twin"
        assert hand.still(branch)
        assert branch.step == 95
    else:
        assert (branch.step, branch.parent.kind) == (40, "branch")
        hand.wait(lambda: branch.moment.settings.eta == 0.5)
        assert parent.moment.settings.eta == 2.0
        assert not hand.lab.settings.draft.plan
        assert hand.still(branch)


def test_a_branch_learns_if_its_parent_did_before_it_was_held(hand: Hand) -> None:
    put(hand, LIVE)
    parent = hand.selected
    hand.look(40)
    hand.lab.settings.change({"eta": 0.5})
    branch = live_run(hand.lab, hand.lab.runs.branch())
    hand.wait(lambda: branch.step >= parent.step > 95)  # it catches up, and then both learn


@pytest.mark.parametrize("how", [PAUSED, STILL])
def test_a_branch_of_a_run_that_is_off_is_on(hand: Hand, how: str) -> None:
    put(hand, how)
    parent = hand.selected
    hand.lab.time.switch(parent.number, False)
    for begin in (hand.lab.runs.branch, hand.lab.runs.butterfly):
        branch = live_run(hand.lab, begin())
        hand.wait(lambda: hand.selected.ready)
        assert branch.on
        assert hand.still(branch), "nothing learns"
        hand.lab.runs.select(parent.number)
    assert not parent.on


def test_a_branch_of_a_run_that_is_off_learns_with_the_others(hand: Hand) -> None:
    put(hand, PAUSED)
    off = hand.selected
    hand.lab.runs.begin(SMALL.changed(eta=1.0))
    hand.learn()
    hand.lab.runs.select(off.number)
    branch = live_run(hand.lab, hand.lab.runs.branch())
    assert (off.on, branch.on) == (False, True)
    hand.wait(lambda: branch.step > 110)


@pytest.mark.parametrize(("how", "is_opened"), [*((how, False) for how in ALL), (LIVE, True), (STILL, True)])
def test_a_new_run_learns_if_the_last_did_an_opened_one_rests(hand: Hand, how: str, is_opened: bool) -> None:
    put(hand, how)
    network = Network(SMALL.sizes, seed=9) if is_opened else None
    old = hand.selected
    hand.lab.runs.begin(SMALL.changed(eta=1.0), network)
    new = hand.selected
    assert is_live(hand)
    assert (old.on, new.on) == (False, True)
    assert hand.lab.runs.open == (old, new)
    hand.wait(lambda: new.ready)
    assert new.opened == is_opened
    if how == LIVE and not is_opened:
        hand.wait(lambda: new.step > 5)
    else:
        assert hand.still(new)
    assert hand.still(old)


@pytest.mark.parametrize("how", ALL)
def test_the_speed_is_that_of_the_training_or_of_the_replay(hand: Hand, how: str) -> None:
    put(hand, how)
    run, before = hand.selected, hand.lab.playhead.here
    hand.lab.time.set_rate(1_000.0)
    if how in (PAUSED, STILL):
        assert hand.still(run)
        hand.lab.time.toggle_play()
    began = time.monotonic()
    hand.wait(lambda: hand.lab.playhead.here >= before + 30)
    if how == FILM:
        assert time.monotonic() - began < 20, "at one mini-batch a second it would take longer"


@pytest.mark.parametrize("how", ALL)
def test_another_run(hand: Hand, how: str) -> None:
    other = hand.run(SMALL.changed(mini_batch_size=5), steps=60)
    put(hand, how)
    run = hand.selected
    hand.lab.runs.select(other.number)
    assert hand.lab.run == other
    if how in (LIVE, PAUSED):
        assert is_live(hand)
        if how == LIVE:
            step = run.step
            hand.wait(lambda: run.step > step)
        return
    assert is_live(hand), "it has not seen 373 digits, and nothing trains that could be held"
    assert not hand.lab.playhead.filming
    assert hand.lab.shown.moment.run == other.number
    hand.look(42)  # 206 digits
    hand.lab.runs.select(run.number)
    assert hand.lab.playhead.step == 2 * EPOCH
    hand.exact()
    assert hand.lab.shown.moment.digits == 206


def test_a_shorter_run_is_looked_at_where_it_ends_while_runs_are_held(hand: Hand) -> None:
    short = hand.run(steps=30)
    long = hand.run(SMALL.changed(seed=2), steps=60)
    hand.learn()
    hand.look(50)
    hand.lab.runs.select(short.number)
    assert (hand.lab.playhead.held, hand.lab.playhead.step) == (True, 30)
    hand.lab.runs.select(long.number)
    assert (hand.lab.playhead.held, hand.lab.playhead.step) == (True, 50)


@pytest.mark.parametrize("how", ALL)
def test_closing_a_run_and_having_it_back(hand: Hand, how: str) -> None:
    other = hand.run(steps=30)
    put(hand, how)
    run = hand.selected
    closed: list[RunClosed] = []
    hand.lab.listen(RunClosed, closed.append)
    assert hand.lab.runs.close(run.number)
    assert [(each.run, each.for_room) for each in closed] == [(run, False)]
    assert hand.lab.run == other
    assert is_live(hand)
    assert hand.lab.runs.closed == (run,)
    assert hand.lab.runs.reopen()
    assert hand.lab.run == run
    assert is_live(hand)
    hand.wait(lambda: run.has_obeyed)
    assert run.step >= 95
    hand.look(33)
    hand.lab.runs.close(other.number)
    assert not hand.lab.runs.close(run.number)  # the last one stays


def test_train_on_lets_all_learn_behind(hand: Hand) -> None:
    put(hand, LIVE)
    run = hand.selected
    hand.lab.playhead.set_train_on(True)
    hand.look(40)
    assert not hand.lab.playhead.held
    step = run.step
    hand.wait(lambda: run.step > step + 50)
    assert hand.lab.shown.moment.step == 40
    hand.lab.playhead.set_train_on(False)
    assert hand.still(run)
    assert hand.lab.playhead.step == 40


def test_looking_writes_nothing(hand: Hand) -> None:
    run = hand.run(steps=95)
    hand.wait(lambda: len(run.evaluations) == 3 and all(read.step == 95 for read in run.evaluations.values()))
    before = run.history.costs.rows.tobytes(), run.history.curves["test", 0].rows.tobytes()
    for step in (3, 90, 95, 0):
        hand.look(step)
        hand.wait(lambda: bool(hand.lab.shown.evaluations))
        assert hand.lab.shown.measured["validation"].step == step
    hand.lab.playhead.live_again()
    assert before == (run.history.costs.rows.tobytes(), run.history.curves["test", 0].rows.tobytes())
    assert not run.history.interventions


def test_a_run_that_rests_because_another_begins_is_measured_where_it_stands(lab: LabByHand) -> None:
    lab.run_to(20)
    first = known(lab.run)
    lab.time.toggle_play()
    lab.work(3)
    lab.runs.begin(Settings(seed=2))
    lab.work(40)
    rests = next(run for run in lab.runs.open if run.number == first.number)
    found = known(rests.newest("validation"))
    assert not rests.playing
    assert rests.step > 20
    assert (found.step, found.part) == (rests.step, 0)


def test_space_pauses_a_branch_that_has_only_just_begun(lab: LabByHand) -> None:
    """Its first news come before it has taken the command to learn."""
    lab.run_to(20, SMALL)
    lab.time.toggle_play()
    lab.work(2)
    branch = live_run(lab, lab.runs.branch())

    def press_space(number: int) -> None:
        if number == branch.number:
            lab.training.news.disconnect(press_space)
            lab.take()
            lab.time.toggle_play()

    lab.training.news.connect(press_space)
    lab.work()
    assert branch.ready
    assert not any(run.playing for run in lab.runs.open)
