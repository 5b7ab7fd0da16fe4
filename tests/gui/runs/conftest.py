"""A window in which several runs are open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.engine.digits import Digits
from mnistviz.gui.window.main_window import MainWindow

Several = Callable[..., MainWindow]


@pytest.fixture
def several(
    qtbot: QtBot, open_window: Callable[..., MainWindow], small_digits: Digits
) -> Callable[..., MainWindow]:
    """Opens a window and so many runs in it: the first, and branches of it with another η each."""

    def make(count: int, size: tuple[int, int] = (1440, 900)) -> MainWindow:
        window = open_window(small_digits)
        window.resize(*size)
        train(qtbot, window, 60)
        trunk = window.lab.run
        assert trunk is not None
        for number in range(count - 1):
            window.lab.select(trunk)
            assert window.lab.branch() is not None
            qtbot.waitUntil(lambda: window.lab.run is not None and window.lab.run.ready)
            window.lab.change({"eta": 0.5 + number})
            train(qtbot, window, 80 + number)
        if count > 1:
            last = window.lab.runs[-1]
            window.lab.select(trunk)
            train(qtbot, window, 90)
            window.lab.select(last)
        return window

    return make


def train(qtbot: QtBot, window: MainWindow, step: int) -> None:
    """Trains the selected run up to a step."""
    run = window.lab.run
    assert run is not None
    window.lab.send(Step(step - run.step))
    qtbot.waitUntil(lambda: run.step == step and not run.playing and run.has_obeyed)
    qtbot.waitUntil(lambda: not window._frame.isActive())
