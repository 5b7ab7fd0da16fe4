"""The network at the last change of a setting: what the change made of a drawing is seen by it."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.engine.moment import Moment
from mnistviz.engine.settings import Settings
from mnistviz.gui.network.card_presenter import LastFlag, last_change
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.lab_by_hand import LabByHand
from tests.gui.live_run import live_run


def learn(window: MainWindow, qtbot: QtBot, steps: int) -> None:
    wanted = live_run(window.lab).step + steps
    window.lab.runs.send(Step(steps))
    qtbot.waitUntil(lambda: live_run(window.lab).step == wanted and not live_run(window.lab).playing)


def test_it_is_that_of_the_last_change_before_the_moment_shown(window: MainWindow, qtbot: QtBot) -> None:
    card, flag = window.network, window.network.last_flag
    window.controls.apply({"eta": 2.0})
    learn(window, qtbot, 20)
    assert live_run(window.lab).history.interventions
    assert last_change(window.lab.shown) is None, "it had learned nothing when η was changed"
    assert flag.moment is None
    card.pad.show_test_digit()
    window.controls.apply({"eta": 0.5})
    learn(window, qtbot, 10)
    qtbot.waitUntil(lambda: flag.moment is not None and flag.moment.step == 20)
    qtbot.waitUntil(lambda: card.presented.outputs_then is not None)
    hairlines, tracks = card.picture.outputs.then.path().boundingRect(), card.picture.outputs.tracks
    assert (hairlines.top(), hairlines.bottom()) == (tracks[0].top() - 3, tracks[-1].bottom() + 3)
    assert tracks[0].left() <= hairlines.left() < hairlines.right() <= tracks[0].right()
    window.controls.apply({"eta": 1.0})
    learn(window, qtbot, 10)
    qtbot.waitUntil(lambda: flag.moment is not None and flag.moment.step == 30)
    window.lab.playhead.visit(25)
    qtbot.waitUntil(lambda: flag.moment is not None and flag.moment.step == 20)
    window.lab.playhead.visit(15)
    qtbot.waitUntil(lambda: flag.moment is None)
    qtbot.waitUntil(lambda: card.picture.outputs.then.path().isEmpty())


def test_where_a_branch_left_its_parent_counts_as_a_change(lab_by_hand: LabByHand) -> None:
    lab_by_hand.run_to(40, Settings(sizes=(784, 5, 10)))
    lab_by_hand.playhead.visit(20)
    lab_by_hand.work()
    lab_by_hand.runs.branch()
    lab_by_hand.run_to(30)
    assert last_change(lab_by_hand.shown) == 20
    lab_by_hand.playhead.visit(15)
    lab_by_hand.work()
    assert last_change(lab_by_hand.shown) is None


def test_it_is_told_once_it_is_there(lab_by_hand: LabByHand) -> None:
    lab_by_hand.run_to(40, Settings(sizes=(784, 5, 10)))
    lab_by_hand.playhead.visit(20)
    lab_by_hand.work()
    lab_by_hand.runs.branch()
    lab_by_hand.run_to(30)
    told: list[Moment | None] = []
    flag = LastFlag(lab_by_hand.questions, lambda: told.append(flag.moment))
    flag.follow(lab_by_hand.shown)
    lab_by_hand.work()
    flag.follow(lab_by_hand.shown)
    assert [each and each.step for each in told] == [20]
