"""The network at the last change of a setting: what the change made of a drawing is seen by it."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.gui.network.last_flag import last_change
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.live_run import live_run


def learn(window: MainWindow, qtbot: QtBot, steps: int) -> None:
    wanted = live_run(window.lab).step + steps
    window.lab.send(Step(steps))
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
    assert not card.picture.outputs.then.path().isEmpty()
    window.controls.apply({"eta": 1.0})
    learn(window, qtbot, 10)
    qtbot.waitUntil(lambda: flag.moment is not None and flag.moment.step == 30)
    window.lab.playhead.visit(25)
    qtbot.waitUntil(lambda: flag.moment is not None and flag.moment.step == 20)
    window.lab.playhead.visit(15)
    qtbot.waitUntil(lambda: flag.moment is None)
    qtbot.waitUntil(lambda: card.picture.outputs.then.path().isEmpty())
