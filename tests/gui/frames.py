"""Frames as a test wants them: none on the way to where it begins, and no waiting for the last one."""

import time
from collections.abc import Callable

from PySide6.QtCore import QDeadlineTimer, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from mnistviz.engine.commands import Step
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.live_run import live_run


def wait(condition: Callable[[], bool], milliseconds: int = 30_000) -> None:
    deadline = QDeadlineTimer(milliseconds)
    while not condition():
        assert not deadline.hasExpired(), "what was waited for did not come"
        QApplication.processEvents()
        time.sleep(0.001)  # others may work


def end_pauses(widget: QWidget, longest: int) -> None:
    """What waits for the end of a short pause comes now."""
    for timer in widget.findChildren(QTimer):
        if timer.isActive() and timer.isSingleShot() and timer.interval() < longest:
            timer.stop()
            timer.timeout.emit()


def draw_all(window: MainWindow) -> None:
    """Draws frame after frame until there is nothing new."""

    def rests() -> bool:
        window.frame.timeout.emit()
        return not window.frame.isActive()

    if window.frame.isActive():
        wait(rests)


def wait_undrawn(window: MainWindow, condition: Callable[[], bool], *, draws: bool = True) -> None:
    """Waits, and draws what has come of it only then, if at all: frames take longer than the training on a few
    digits."""
    lab, frame = window.lab, window.frame

    def is_there() -> bool:
        for run in lab.take():
            frame.taken.emit(run, lab.digits)
        return condition()

    interval = frame.interval()
    frame.start(60_000)
    try:
        wait(is_there)
    finally:
        frame.setInterval(interval)
    frame.ask()
    if draws:
        draw_all(window)


def run_to(window: MainWindow, step: int, *, draws: bool = True) -> None:
    """Trains the selected run up to a step; it need not be drawn where it is trained on at once."""
    run = live_run(window.lab)
    window.lab.runs.send(Step(step - run.step))
    wait_undrawn(window, lambda: run.step == step and not run.playing and run.has_obeyed, draws=draws)


def is_settled(card: NetworkCard) -> bool:
    """Whether all of a card is of the newest moment."""
    return not any(timer.isActive() for timer in card.presenter.findChildren(QTimer))
