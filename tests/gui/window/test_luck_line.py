"""*Is it luck?*: asked in the menu, told in the line at the bottom, and cancelled, paused and taken away there."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.engine.luck.bands import band_of
from mnistviz.gui.common import numbers
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.lab.lab_changes import BandFinished
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.message import Rank
from tests.gui.live_run import live_run


def learned(window: MainWindow, qtbot: QtBot, steps: int = 60) -> RunFacts:
    run = live_run(window.lab)
    window.lab.runs.send(Step(steps))
    qtbot.waitUntil(lambda: run.step == steps and not run.playing and run.has_obeyed)
    return run


def entry(window: MainWindow, name: str) -> QAction:
    menu = window.findChild(QMenu, "luck_menu")
    assert menu is not None
    menu.aboutToShow.emit()
    found = menu.findChild(QAction, f"{name}_action")
    assert isinstance(found, QAction)
    return found


def test_other_seeds_come_one_by_one_and_end_as_a_band(window: MainWindow, qtbot: QtBot) -> None:
    assert not entry(window, "repeat_3").isEnabled(), "there is nothing to repeat yet"
    run = learned(window, qtbot)
    entry(window, "repeat_3").trigger()
    qtbot.waitUntil(lambda: window.lab.luck.work is None)
    band = band_of(run.bands, "seeds")
    assert band is not None
    assert len(band.runs) == 3
    epoch, own = run.digits_seen / run.epoch, run.evaluations["validation"].accuracy
    told = f"At epoch {numbers.epochs(epoch)}, run {run.letter} reads {100 * own:.2f} %"
    qtbot.waitUntil(
        lambda: window.line.message.said is not None and window.line.message.said.text.startswith(told)
    )
    plot = window.curves.findChild(Plot, "accuracy_plot")
    assert isinstance(plot, Plot)
    qtbot.waitUntil(lambda: bool(plot.band_items))
    entry(window, "remove_bands").trigger()
    qtbot.waitUntil(lambda: not plot.band_items)
    assert not entry(window, "remove_bands").isEnabled()


def test_it_is_paused_and_cancelled_in_the_line(window: MainWindow, qtbot: QtBot) -> None:
    run, luck, message = learned(window, qtbot), window.lab.luck, window.line.message
    entry(window, "repeat_15").trigger()
    luck.set_paused(True)
    qtbot.waitUntil(lambda: message.said is not None and message.said.rank is Rank.WORK)
    assert entry(window, "cancel_band").isEnabled()
    qtbot.waitUntil(lambda: message.trial_button.text() == "Continue")
    message.trial_button.click()
    assert luck.work is None or not luck.work.paused
    luck.set_paused(True)
    message.offer_button.click()
    assert luck.work is None
    assert run.step == 60
    luck.remove(run)


def test_of_a_band_that_went_meanwhile_nothing_is_told(window: MainWindow) -> None:
    before = window.line.message.said
    for number in (live_run(window.lab).number, 99):
        window.lab.tell(BandFinished(number, "seeds"))
    assert window.line.message.said is before
