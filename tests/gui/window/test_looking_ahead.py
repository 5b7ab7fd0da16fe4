"""*What next?* pauses the training, shows the futures in the place of the curves, and changes nothing by itself."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.futures.futures_view import FuturesView
from mnistviz.gui.lab import questions
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.views import FUTURES
from tests.gui.live_run import live_run


@pytest.fixture(autouse=True)
def few_values(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer futures than there are places on the slider for: here it is not seen what they are."""
    monkeypatch.setattr(questions, "FORECASTS", 4)


def learned(window: MainWindow, qtbot: QtBot, steps: int) -> RunFacts:
    run = live_run(window.lab)
    window.lab.runs.send(Step(steps))
    qtbot.waitUntil(lambda: run.step == steps and not run.playing and run.has_obeyed)
    return run


def looks(window: MainWindow, qtbot: QtBot) -> FuturesView:
    """Presses the button, and waits for the futures."""
    window.action_book["what_next"].trigger()
    view = window.views[FUTURES]
    qtbot.waitUntil(lambda: view.outlook is not None and view.outlook.step == window.lab.shown.here)
    return view


def test_a_click_on_the_tab_of_the_curves_shows_the_curves_again(window: MainWindow, qtbot: QtBot) -> None:
    learned(window, qtbot, 20)
    tabs = window.arrangement.tabs
    tabs.open("mistakes")
    view = looks(window, qtbot)
    assert view.isVisible()
    tabs.open("curves")
    assert not view.isVisible()
    assert not window.action_book["what_next"].isChecked()
    view = looks(window, qtbot)
    assert view.isVisible(), "from the curves, too"
    tabs.open("curves")
    assert not view.isVisible()


def test_it_takes_the_place_of_the_curves_and_escape_gives_it_back(window: MainWindow, qtbot: QtBot) -> None:
    run = learned(window, qtbot, 60)
    assert run.moment is not None
    assert run.record is not None
    weights, record, costs = run.moment.network.parameters.tobytes(), run.record, run.history.costs
    view = looks(window, qtbot)
    plots = window.curves.findChildren(Plot)
    assert view.isVisible()
    assert not any(plot.isVisible() for plot in plots)
    QTest.keyClick(view.misread, Qt.Key.Key_Escape)
    assert not view.isVisible()
    focus = window.focusWidget()
    assert focus is not None
    assert window.curves.isAncestorOf(focus), "the keys are for what is seen there now"
    assert all(plot.isVisible() for plot in plots)
    assert not window.action_book["what_next"].isChecked()
    assert run.moment.network.parameters.tobytes() == weights
    assert (run.step, run.record.acts, run.history.interventions) == (60, record.acts, ())
    assert run.history.costs == costs


def test_training_pauses_meanwhile_and_goes_on(window: MainWindow, qtbot: QtBot) -> None:
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


def test_in_the_past_it_stops_the_film_and_starts_nothing(window: MainWindow, qtbot: QtBot) -> None:
    run = live_run(window.lab)
    window.steering.toggle_play()
    qtbot.waitUntil(lambda: run.step > 20)
    looks(window, qtbot)
    window.lab.playhead.visit(5)
    window.action_book["what_next"].trigger()
    assert not window.lab.shown.plays, "it trained, but the user has gone elsewhere since"
    window.lab.time.set_rate(1.0)
    window.lab.playhead.film(True)
    assert window.lab.shown.filming
    looks(window, qtbot)
    assert not window.lab.shown.filming
    window.action_book["what_next"].trigger()


@pytest.mark.long
def test_whoever_opens_another_tab_has_left_it(window: MainWindow, qtbot: QtBot) -> None:
    run = live_run(window.lab)
    window.steering.toggle_play()
    qtbot.waitUntil(lambda: run.step > 20)
    looks(window, qtbot)
    step = run.step
    window.arrangement.open_tab("mistakes")
    qtbot.waitUntil(lambda: run.step > step)
    assert not window.action_book["what_next"].isChecked()
    window.arrangement.open_tab("curves")
    assert all(plot.isVisible() for plot in window.curves.findChildren(Plot))
    window.steering.toggle_play()
    qtbot.waitUntil(lambda: not run.playing)


def test_a_value_is_taken_as_its_control_sets_it(window: MainWindow, qtbot: QtBot) -> None:
    run = learned(window, qtbot, 60)
    view = looks(window, qtbot)
    QTest.keyClick(view.misread, Qt.Key.Key_End)
    QTest.keyClick(view.misread, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: run.now.eta == 100.0)
    assert window.controls.eta.value() == 100.0
    assert window.controls.history.undo_action.isEnabled()
    qtbot.waitUntil(lambda: view.fan.accessibleDescription().startswith("η 100: "))
    window.action_book["what_next"].trigger()
