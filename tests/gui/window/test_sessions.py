"""What was open, chosen and shown comes back at the next start, bit for bit; and earlier sessions are had again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.saved import checksum
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.live_run import live_run

Open = Callable[..., MainWindow]


@pytest.fixture
def folder(stage_path: Path) -> Path:
    return stage_path.with_name("sessions")


def weights(run: RunFacts) -> str:
    assert run.moment is not None
    return checksum(run.moment.network.parameters)


def learn(qtbot: QtBot, window: MainWindow, steps: int) -> None:
    goal = live_run(window.lab).step + steps
    window.lab.send(Step(steps))
    qtbot.waitUntil(lambda: live_run(window.lab).step == goal and not live_run(window.lab).playing)


def two_runs(qtbot: QtBot, window: MainWindow) -> None:
    """A run, and a branch of it with a smaller η, which is selected."""
    learn(qtbot, window, 150)
    window.lab.playhead.visit(100)
    qtbot.waitUntil(lambda: window.lab.playhead.exact)
    window.lab.change({"eta": 0.5})
    window.lab.branch()
    qtbot.waitUntil(lambda: live_run(window.lab).ready and live_run(window.lab).has_obeyed)
    learn(qtbot, window, 20)
    window.lab.rename(live_run(window.lab).number, "mine")
    window.lab.recolour(live_run(window.lab).number, 5)


def all_there(window: MainWindow, count: int) -> bool:
    runs = window.lab.runs
    return len(runs) == count and all(run.ready and run.has_obeyed and not run.playing for run in runs)


def test_the_next_start_has_all_of_it(qtbot: QtBot, open_window: Open, small_digits: Digits) -> None:
    window = open_window(small_digits)
    two_runs(qtbot, window)
    window.network.pad.test_digit_action.trigger()
    window.network.selection.choose_unit((1, 7))
    window.arrangement.tabs.open("compare")
    before, drawn = window.lab.runs, window.network.pad.state()
    window.lab.playhead.visit(110)
    window.close()
    other = open_window(small_digits)
    qtbot.waitUntil(lambda: all_there(other, 2))
    for mine, its in zip(before, other.lab.runs, strict=True):
        assert (its.letter, its.name, its.hue, its.step) == (mine.letter, mine.name, mine.hue, mine.step)
        assert weights(its) == weights(mine)
        assert its.history.costs == mine.history.costs
    assert other.lab.run is not None
    assert other.lab.run.name == "mine"
    assert other.lab.run.parent is not None
    assert other.lab.run.parent.number == other.lab.runs[0].number
    qtbot.waitUntil(lambda: other.lab.playhead.step == 110)
    assert other.network.pad.state() == drawn
    assert other.network.selection.chosen_unit == (1, 7)
    assert other.arrangement.tabs.tab == "compare"
