"""Two runs in a window, of which the second is a branch: what is kept and comes back."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.engine.experiment.saved import checksum
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.live_run import live_run


def weights(run: RunFacts) -> str:
    assert run.moment is not None
    return checksum(run.moment.network.parameters)


def learn(qtbot: QtBot, window: MainWindow, steps: int) -> None:
    goal = live_run(window.lab).step + steps
    window.lab.runs.send(Step(steps))
    qtbot.waitUntil(lambda: live_run(window.lab).step == goal and not live_run(window.lab).playing)


def two_runs(qtbot: QtBot, window: MainWindow) -> None:
    """A run, and a branch of it with a smaller η, which is selected."""
    learn(qtbot, window, 150)
    window.lab.playhead.visit(100)
    qtbot.waitUntil(lambda: window.lab.playhead.exact)
    window.lab.settings.change({"eta": 0.5})
    window.lab.runs.branch()
    qtbot.waitUntil(lambda: live_run(window.lab).ready and live_run(window.lab).has_obeyed)
    learn(qtbot, window, 20)
    window.lab.runs.rename(live_run(window.lab).number, "mine")
    window.lab.runs.recolour(live_run(window.lab).number, 5)
