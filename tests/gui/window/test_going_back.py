"""Going back to the best weights, or to before the last change; and *What next?*, which changes nothing by itself."""

import re
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mnistviz.engine import futures
from mnistviz.engine.acts import NOW, Restored, Stepped
from mnistviz.engine.commands import Step
from mnistviz.engine.experiment.saved import checksum
from mnistviz.engine.settings import Settings
from mnistviz.gui.common import numbers
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.curves.what_next import WhatNext
from mnistviz.gui.lab import questions
from mnistviz.gui.lab.run_names import way_back, way_back_words
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.window.action_conditions import CAN_LEARN
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.views import FUTURES
from tests.gui.children import known
from tests.gui.live_run import live_run
from tests.gui.window.two_runs import learn, said, weights


def change(window: MainWindow, qtbot: QtBot, **values: object) -> None:
    run = live_run(window.lab)
    before = len(run.history.interventions)
    window.controls.apply(values)
    qtbot.waitUntil(lambda: len(run.history.interventions) > before)


def restored(run: RunFacts) -> list[int]:
    return [act.source for act in run.history.interventions if isinstance(act, Restored)]


def test_it_goes_back_to_weights_and_settings_of_before_way_back(window: MainWindow, qtbot: QtBot) -> None:
    action = window.action_book["go_back"]
    run = learn(qtbot, window, 60)
    assert not action.isEnabled()
    good = weights(run)
    change(window, qtbot, eta=100.0)
    assert not action.isEnabled(), "nothing has come of it yet"
    learn(qtbot, window, 20)
    qtbot.waitUntil(action.isEnabled)
    assert action.text() == "Go back to before η 100.0"
    action.trigger()
    qtbot.waitUntil(lambda: restored(run) == [60])
    qtbot.waitUntil(lambda: run.has_obeyed)  # first come the weights, then the settings
    assert weights(run) == good
    assert run.now.eta == window.controls.eta.value() == 3.0
    assert run.step == 80
    said = "Weights and settings are those of mini-batch 60 again."
    qtbot.waitUntil(lambda: window.line.message.text.accessibleName() == said)
    qtbot.waitUntil(lambda: action.text() == "Go back to before you went back")
    window.lab.playhead.visit(70)
    qtbot.waitUntil(lambda: window.lab.playhead.exact)
    window.lab.playhead.visit(80)
    qtbot.waitUntil(lambda: window.lab.playhead.exact)
    assert checksum(window.lab.shown.moment.network.parameters) == good, "the record has it"
    window.lab.runs.branch()
    branch = live_run(window.lab)
    qtbot.waitUntil(lambda: branch.ready and weights(branch) == good)


def test_it_goes_back_to_before_a_change_that_was_undone_too(window: MainWindow, qtbot: QtBot) -> None:
    run = learn(qtbot, window, 60)
    good = weights(run)
    change(window, qtbot, eta=100.0)
    learn(qtbot, window, 20)
    window.undo.undo_action.trigger()
    qtbot.waitUntil(lambda: run.now.eta == 3.0)
    qtbot.waitUntil(window.action_book["go_back"].isEnabled)
    window.action_book["go_back"].trigger()
    qtbot.waitUntil(lambda: run.has_obeyed and restored(run) == [60])
    assert (weights(run), run.now.eta) == (good, 3.0)


def test_going_back_is_undone_alike_and_by_ctrl_z_but_for_weights(window: MainWindow, qtbot: QtBot) -> None:
    run = learn(qtbot, window, 40)
    good = weights(run)
    change(window, qtbot, eta=100.0)
    learn(qtbot, window, 20)
    bad = weights(run)
    for count, eta, had, undone in ((1, 3.0, good, "100.0 → 3.0"), (2, 100.0, bad, "3.0 → 100.0")):
        qtbot.waitUntil(window.action_book["go_back"].isEnabled)
        window.action_book["go_back"].trigger()
        qtbot.waitUntil(lambda count=count: len(restored(run)) == count)  # type: ignore[misc]
        qtbot.waitUntil(lambda: run.has_obeyed)
        qtbot.waitUntil(lambda: way_back(window.lab.shown) is not None)
        assert (weights(run), run.now.eta) == (had, eta)
        assert undone in window.undo.undo_action.text()
        assert "(weights stay)" in window.undo.undo_action.text()
    window.undo.undo_action.trigger()
    qtbot.waitUntil(lambda: run.now.eta == 3.0)
    assert weights(run) == bad


def test_what_is_worse_than_now_is_not_best_and_not_gone_back_to(window: MainWindow, qtbot: QtBot) -> None:
    run = learn(qtbot, window, 101)
    change(window, qtbot, eta=1.0)
    while run.evaluations["validation"].accuracy <= run.best.accuracy:
        learn(qtbot, window, 10)
        qtbot.waitUntil(lambda: run.evaluations["validation"].step == run.step)
        qtbot.waitUntil(lambda: run.evaluations["validation"].complete)
    percent = numbers.percent(run.evaluations["validation"].accuracy)
    qtbot.keyClick(window.timeline.strip, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    told = f"No epoch has ended better than now: {percent}."
    qtbot.waitUntil(lambda: window.line.message.text.accessibleName() == told)
    assert not restored(run)
    qtbot.waitUntil(lambda: window.controls.eta.value() == run.now.eta == 1.0)
    assert run.best_so_far.accuracy > run.best.accuracy
    assert window.timeline.strip.lanes[0].best == (run.digits_seen, run.step, run.best_so_far.accuracy)
    learn(qtbot, window, 10)
    qtbot.waitUntil(lambda: window.line.message.text.accessibleName() != told)


def test_a_step_by_hand_is_taken_back_but_in_the_past_nothing_is(window: MainWindow, qtbot: QtBot) -> None:
    run = learn(qtbot, window, 120)
    good = weights(run)
    window.lab.runs.send(Stepped(*NOW, 3.0, (1, 2, 3)))
    qtbot.waitUntil(lambda: weights(run) != good)
    change_ = way_back(window.lab.shown)
    assert change_ is not None
    assert way_back_words(change_) == "Go back to before the step by hand"
    window.steering.go_back()
    qtbot.waitUntil(lambda: weights(run) == good)
    change(window, qtbot, eta=100.0)
    learn(qtbot, window, 20)
    acts = run.history.interventions
    window.lab.playhead.visit(50)
    qtbot.waitUntil(lambda: window.lab.playhead.exact)
    for id in ("go_back", "restore_best"):
        qtbot.waitUntil(lambda id=id: not window.action_book[id].isEnabled())  # type: ignore[misc]
    window.steering.go_back()
    window.steering.restore_best()
    window.lab.playhead.live_again()
    qtbot.wait(50)
    assert run.history.interventions == acts


def test_the_best_has_its_settings_but_the_stop_and_nothing_to_redo(window: MainWindow, qtbot: QtBot) -> None:
    run = learn(qtbot, window, 101)
    best = weights(run)
    change(window, qtbot, eta=100.0)
    learn(qtbot, window, 20)
    change(window, qtbot, stop_epochs=7)
    window.controls.apply({"momentum": 0.5})
    qtbot.waitUntil(lambda: run.now.momentum == 0.5)
    window.undo.undo_action.trigger()
    qtbot.waitUntil(lambda: run.now.momentum == 0.0)
    assert window.undo.redo_action.isEnabled()
    qtbot.keyClick(window.timeline.strip, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: run.now.eta == 3.0)
    assert weights(run) == best
    accuracy = window.transport.accuracy
    qtbot.waitUntil(lambda: accuracy.value.text() == f"{100 * known(run.best).accuracy:.2f} %")
    assert accuracy.title.text() == "accuracy"
    assert run.now.stop_epochs == 7
    assert restored(run) == [101]
    assert not window.undo.redo_action.isEnabled()


@pytest.fixture
def diverged(window: MainWindow, qtbot: QtBot) -> RunFacts:
    """A run that has lost all numbers after a change."""
    settings = Settings(sizes=(784, 30, 20, 10), activation="relu", eta=0.01, weight_decay=5.0)
    window.controls.show_settings(settings)
    window.steering.new_run()
    learn(qtbot, window, 30)
    change(window, qtbot, eta=1_000.0)
    run = live_run(window.lab)
    window.lab.runs.send(Step(400))
    qtbot.waitUntil(lambda: run.diverged and not run.playing and run.has_obeyed, timeout=20_000)
    return run


def test_a_diverged_run_says_why_it_rests(window: MainWindow, qtbot: QtBot, diverged: RunFacts) -> None:
    line = window.line
    qtbot.waitUntil(
        lambda: "no longer numbers" in line.status.accessibleName() and "can't go on" in said(window)
    )
    shown_texts = [label.text() + label.toolTip() for label in line.findChildren(QLabel)]
    assert not re.search(r"\bnan\b|\binf\b", " ".join(shown_texts))
    for id in ("play", "step", "epoch"):
        action = window.action_book[id]
        qtbot.waitUntil(lambda action=action: not action.isEnabled())  # type: ignore[misc]
        assert "no longer finite numbers" in action.toolTip()
    assert not window.transport.play_button.isEnabled()
    assert "no longer finite numbers" in window.transport.play_button.toolTip()
    shown = window.lab.shown
    assert shown.run is not None
    other = replace(shown.run, on=True)
    assert not CAN_LEARN.is_met(replace(shown, other_runs=(other,)), None), (
        "another that has diverged can learn as little"
    )
    assert CAN_LEARN.is_met(replace(shown, other_runs=(replace(other, diverged=False),)), None)
    window.steering.go_back()
    qtbot.waitUntil(lambda: not diverged.diverged)
    qtbot.waitUntil(window.transport.play_button.isEnabled)
    assert "Starts or pauses" in window.transport.play_button.toolTip()
    qtbot.waitUntil(lambda: diverged.now.eta == 0.01)


@pytest.fixture(autouse=True)
def few_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer futures than there are places on the slider for, and short ones: here it is not seen what they are."""

    def look_ahead(run: Any, step: int, varied: Any, values: Any, _: int, *rest: Any, **more: Any) -> Any:
        return futures.look_ahead(run, step, varied, values, 20, *rest, **more)

    monkeypatch.setattr(questions, "FORECASTS", 4)
    monkeypatch.setattr(questions, "look_ahead", look_ahead)


def looks(window: MainWindow, qtbot: QtBot) -> WhatNext:
    """Presses the button, and waits for the futures."""
    window.action_book["what_next"].trigger()
    view = window.views[FUTURES]
    qtbot.waitUntil(lambda: view.forecast is not None and view.forecast.step == window.lab.shown.here)
    return view


def test_a_value_is_taken_as_its_control_sets_it_and_neither_another_tab_nor_another_size_forgets_it(
    window: MainWindow, qtbot: QtBot
) -> None:
    run = learn(qtbot, window, 60)
    tabs, size, chosen = window.arrangement.tabs, window.size(), window.network.selection.chosen_unit
    view = looks(window, qtbot)
    view.point(known(view.forecast).futures[-1].value)
    forecast, area = view.forecast, view.fan.area
    tabs.open("mistakes")
    assert not view.isVisible()
    tabs.open("curves")
    assert view.isVisible()
    for width, height in ((1024, 640), (1440, 900)):
        window.resize(width, height)
        qtbot.wait(0)
        assert view.isVisible()
    window.resize(size)
    qtbot.waitUntil(lambda: view.fan.area == area)
    assert view.forecast is forecast
    assert view.fan.value == known(forecast).futures[-1].value, "it is still pointed at"
    assert window.network.selection.chosen_unit == chosen, "the focus has chosen nothing"
    QTest.keyClick(view.misread, Qt.Key.Key_End)
    QTest.keyClick(view.misread, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: run.now.eta == 30.0)
    assert window.controls.eta.value() == 30.0
    assert window.undo.undo_action.isEnabled()
    qtbot.waitUntil(lambda: view.fan.accessibleDescription().startswith("η 30: "))
    window.lab.playhead.visit(20)
    qtbot.waitUntil(lambda: known(view.forecast).step == 20 and view.fan.content is not None)
    value = known(view.forecast).futures[0].value
    view.adopt(value)
    assert window.lab.shown.draft.plan == {"eta": value}
    qtbot.waitUntil(lambda: known(view.fan.content).chosen == value)
    assert window.controls.eta.slider.hollow.isVisible(), "where it was"
    window.action_book["what_next"].trigger()


def test_it_goes_on_from_the_past_and_escape_gives_the_curves_back(window: MainWindow, qtbot: QtBot) -> None:
    run = learn(qtbot, window, 60)
    weights, record, costs = run.moment.network.parameters.tobytes(), run.record, run.history.costs
    before = [plot.frame for plot in window.curves.findChildren(Plot)]
    view = looks(window, qtbot)
    assert view.isVisible()
    window.arrangement.open_tab("mistakes")
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.action_book["what_next"].isChecked(), "what is out of sight is not ended"
    window.arrangement.open_tab("curves")
    assert [plot.frame for plot in window.curves.findChildren(Plot)] == before, "the past keeps its pixels"
    ticks = window.controls.eta.forecasts
    assert ticks.cursor().shape() == Qt.CursorShape.PointingHandCursor
    assert ticks.isVisible()
    value = known(view.forecast).futures[0].value
    QTest.mouseMove(ticks, QPoint(ticks.place_of(value), 5))
    qtbot.waitUntil(lambda: view.fan.value == value)
    assert window.controls.eta.value() == run.now.eta, "pointing moves nothing"
    assert "nothing is changed" in window.line.status.accessibleName()
    QTest.keyClick(window.curves.findChildren(Plot)[0], Qt.Key.Key_Escape)
    assert not view.isVisible(), "before the cursor of the plot that one has clicked"
    assert not ticks.isVisible()
    assert "nothing is changed" not in window.line.status.accessibleName()
    assert not window.action_book["what_next"].isChecked()
    assert run.moment.network.parameters.tobytes() == weights
    assert (run.step, run.record.acts, run.history.interventions) == (60, record.acts, ())
    assert run.history.costs == costs
    view = looks(window, qtbot)
    view.adopt(value)
    qtbot.waitUntil(lambda: "changed from here on" in window.line.status.accessibleName())
    window.action_book["what_next"].trigger()


@pytest.mark.parametrize("learns", [True, False])
def test_a_branch_with_a_forecast_value_begins_now_and_learns_if_its_parent_did(
    window: MainWindow, qtbot: QtBot, learns: bool
) -> None:
    parent = live_run(window.lab)
    if learns:
        window.steering.toggle_play()
        qtbot.waitUntil(lambda: parent.step > 20)
    else:
        learn(qtbot, window, 30)
    view = looks(window, qtbot)
    step, value = parent.step, known(view.forecast).futures[0].value
    view.point(value)
    view.branch_button.click()
    run = known(window.lab.run)
    assert run.number != parent.number
    assert known(run.parent).step == step
    assert known(run.parent).plan == {"eta": value}
    assert not view.isVisible()
    assert window.lab.time.learning == learns
    if learns:
        qtbot.waitUntil(lambda: known(window.lab.run).step > step)
        window.steering.toggle_play()
    qtbot.waitUntil(lambda: known(window.lab.run).ready and known(window.lab.run).now.eta == value)


def test_a_branch_with_the_value_of_a_schedule_keeps_it(window: MainWindow, qtbot: QtBot) -> None:
    learn(qtbot, window, 10)
    change(window, qtbot, schedule="cosine")
    view = looks(window, qtbot)
    view.point(live_run(window.lab).now.eta)
    assert view.branch_button.text() == "Branch with η by schedule"
    view.branch_button.click()
    branch = live_run(window.lab)
    qtbot.waitUntil(lambda: branch.ready)
    assert (known(branch.parent).kind, branch.now.schedule) == ("twin", "cosine")


def test_training_pauses_meanwhile_and_goes_on_but_not_in_the_past(window: MainWindow, qtbot: QtBot) -> None:
    run = live_run(window.lab)
    window.steering.toggle_play()
    qtbot.waitUntil(lambda: run.step > 20)
    looks(window, qtbot)
    assert not window.lab.time.learning
    step = run.step
    window.action_book["what_next"].trigger()
    qtbot.waitUntil(lambda: run.step > step)
    looks(window, qtbot)
    window.steering.toggle_play()
    assert not window.action_book["what_next"].isChecked(), "what is started ends it"
    assert window.lab.time.learning
    window.steering.toggle_play()
    qtbot.waitUntil(lambda: not run.playing)
    looks(window, qtbot)
    window.action_book["what_next"].trigger()
    assert not window.lab.time.learning, "it rested before"
    step = run.step
    window.steering.toggle_play()
    qtbot.waitUntil(lambda: run.step > step)
    looks(window, qtbot)
    window.lab.playhead.visit(5)
    window.action_book["what_next"].trigger()
    assert not window.lab.shown.plays, "it trained, but the user has gone elsewhere since"
    window.lab.time.set_rate(1.0)
    window.lab.playhead.film(True)
    assert window.lab.shown.filming
    looks(window, qtbot)
    assert not window.lab.shown.filming, "it stops the film"
    window.action_book["what_next"].trigger()
