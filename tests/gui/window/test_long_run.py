"""A long run in the whole window: its numbers grow, and nothing in the window moves for that."""

from collections.abc import Callable

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.fork import Origin
from mnistviz.engine.history import SETS, History
from mnistviz.engine.moment import Moment
from mnistviz.gui.common.timers import Throttle
from mnistviz.gui.lab.shown import Lifecycle, RunMirror
from mnistviz.gui.window.main_window import MainWindow
from tests.conftest import few
from tests.gui.frames import is_settled, wait

EPOCHS = (0.5, 1.0, 2.5, 9.99, 10.0, 10.5, 99.5, 100.0, 150.0, 999.0, 1_000.0, 1_000.5)
DIGITS, MINI_BATCH = 1_000, 10  # an epoch has a hundred mini-batches


def feed(run: RunMirror, epochs: float) -> Moment:
    """Has a run come so far, as if it had learned: with its costs and an accuracy after each epoch."""
    moment, history = run.facts.moment, run.facts.history
    assert moment is not None
    step, digits = moment.step, moment.digits
    while digits < epochs * DIGITS:
        in_epoch = DIGITS - digits % DIGITS
        count = min(in_epoch, round(epochs * DIGITS) - digits) // MINI_BATCH
        costs = 0.5 / (1 + (step + np.arange(count)) / 100)
        history = history.with_costs(step, digits, costs, MINI_BATCH)
        step, digits = step + count, digits + count * MINI_BATCH
        if digits % DIGITS == 0:
            for name in SETS:
                history = history.with_accuracy(name, step, digits, min(0.99, 0.1 + step / 10_000))
    moment = replace(moment, step=step, digits=digits)
    run.change(moment=moment, history=history)
    return moment


def draw(window: MainWindow) -> None:
    """Draws all views as of now, with all that comes of it."""
    window.frame.draw()
    for view in window.views.in_sight(seldom=True):
        view.draw(window.lab.shown)
    window.frame.settled.emit()
    for _ in range(5):
        QApplication.processEvents()


def places(window: MainWindow) -> dict[QWidget, QRect]:
    """Where all is that is seen, but the message at the bottom, which may say something else, and the lines of the
    network's card."""
    words = (window.line, window.network.foot)
    return {
        widget: widget.geometry()
        for widget in window.findChildren(QWidget)
        if widget.window() is window
        and widget.isVisible()
        and not any(each.isAncestorOf(widget) for each in words)
    }


@pytest.fixture
def resting(
    qtbot: QtBot, open_window: Callable[..., MainWindow], mnist: Digits, monkeypatch: pytest.MonkeyPatch
) -> tuple[MainWindow, RunMirror]:
    """A window in which all rests, and its run. Its views write whatever they are told to at once."""
    monkeypatch.setattr(Throttle, "ask", Throttle.now)
    training, validation, test = (
        few(part, DIGITS) for part in (mnist.training, mnist.validation, mnist.test)
    )
    window = open_window(Digits("small", training, validation, test, mnist.classes, "small"))
    run = window.lab._core.selected
    assert run is not None
    qtbot.waitUntil(lambda: len(run.facts.evaluations) == len(SETS) and not window.frame.isActive())
    return window, run


@pytest.mark.parametrize(
    ("opened", "larger"),
    [
        (False, False),
        pytest.param(True, True, marks=pytest.mark.long),
        pytest.param(False, True, marks=pytest.mark.long),
        pytest.param(True, False, marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize(
    "widths",
    [(1_024,), pytest.param((1_000, 1_200, 1_280, 1_366, 1_500), marks=pytest.mark.long)],
    ids=lambda widths: f"from {widths[0]}",
)
def test_to_epoch_1000_nothing_in_the_window_moves_whatever_its_width(
    resting: tuple[MainWindow, RunMirror], opened: bool, larger: bool, widths: tuple[int, ...]
) -> None:
    window, run = resting
    window.look.set_text(125 if larger else 100)
    start = run.facts.moment
    assert start is not None
    run.change(origin=Origin(12_345.67, 12_345_678) if opened else None)
    for width in widths:
        window.resize(width, 760)
        run.change(history=History(), moment=start, lifecycle=Lifecycle.LEARNING)
        feed(run, 0.1)
        draw(window)
        wait(lambda: is_settled(window.network))  # until then its note is that nothing is learned
        before = places(window)
        for epochs in EPOCHS:
            assert feed(run, epochs).digits == epochs * DIGITS
            draw(window)
            now = places(window)
            moved = {
                widget: (before[widget], place)
                for widget, place in now.items()
                if before.get(widget, place) != place
            }
            assert not moved, (width, epochs)
            assert now.keys() == before.keys(), (width, epochs)
        assert window.transport.epoch.value.text() in ("1,000.00", "1,000"), "of the end of the epoch"
        run.change(lifecycle=Lifecycle.RESTING)
        draw(window)
