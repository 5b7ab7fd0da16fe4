"""A window whose run has a past with a flag in it, and a lab in which several runs are open."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.frames import run_to
from tests.gui.lab_by_hand import LabByHand
from tests.gui.live_run import live_run
from tests.gui.runs.past import END, FLAG

Several = Callable[[int], LabByHand]


def run_of(window: MainWindow) -> RunFacts:
    return live_run(window.lab)


def press(
    window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(window.focusWidget() or window, key, modifier)


def on_strip(window: MainWindow, step: int) -> QPoint:
    """The pixel of a moment on the strip."""
    strip = window.timeline.strip
    return QPoint(round(strip.axis.across(run_of(window).digits_at(step))), round(strip.middle(0)))


def click(window: MainWindow, step: int) -> None:
    QTest.mouseClick(window.timeline.strip.viewport(), Qt.MouseButton.LeftButton, pos=on_strip(window, step))


def rests_at(window: MainWindow, step: int) -> bool:
    """Whether the run has come to a step and no further."""
    return run_of(window).step == step and not run_of(window).playing


def is_at(window: MainWindow, step: int) -> bool:
    """Whether the exact moment of a step is what all views show."""
    moment = window.lab.shown.moment
    return window.lab.playhead.exact and moment is not None and moment.step == step


@pytest.fixture
def past(window: MainWindow) -> MainWindow:
    """A window whose run rests at `END`."""
    window.resize(1440, 900)
    run_to(window, FLAG, draws=False)
    window.controls.apply({"eta": 0.5})
    run_to(window, END)
    window.timeline.strip.setFocus()
    return window


@pytest.fixture
def training(past: MainWindow, qtbot: QtBot) -> MainWindow:
    """The same, and it trains on."""
    past.steering.toggle_play()
    qtbot.waitUntil(lambda: run_of(past).step > END + 20)
    return past


@pytest.fixture
def several(lab_by_hand: LabByHand) -> Several:
    """A lab with so many runs: the first, and branches of it with another η each. The last one is selected."""

    def make(count: int) -> LabByHand:
        lab = lab_by_hand
        trunk = lab.run_to(60)
        for number in range(count - 1):
            lab.runs.select(trunk.number)
            lab.runs.branch()
            lab.settings.change({"eta": 0.5 + number})
            lab.run_to(80 + number)
        if count > 1:
            lab.runs.select(trunk.number)
            lab.run_to(90)
            lab.runs.select(lab.runs.open[-1].number)
        return lab

    return make
