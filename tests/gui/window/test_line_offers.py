"""What the line at the bottom offers: the star below the scratchpad, and *Is it luck?*."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import PIXELS
from mnistviz.engine.distortion import Noise
from mnistviz.engine.handwriting import Ink, Stroke
from mnistviz.engine.luck.bands import band_of
from mnistviz.engine.mistakes.pins import MOST_PINS, Pin
from mnistviz.gui.common import numbers
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.lab.lab_changes import BandFinished
from mnistviz.gui.network.pad.sheet import Sheet
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.message import Rank
from mnistviz.gui.window.views import PINS
from tests.gui.children import child
from tests.gui.live_run import live_run
from tests.gui.window.two_runs import learn, said

LINE = Sheet(Ink().drawn(Stroke(np.array([(0.3, 0.2, 1), (0.6, 0.8, 1)], np.float32))))


def test_the_star_pins_the_pad_and_an_experiment_adds_its_pins(window: MainWindow) -> None:
    pad, pins = window.network.pad, window.views[PINS]
    star = pad.pin_action
    assert not star.isEnabled()
    pad.show_digit("test", 3)
    assert star.isEnabled()
    pad.setFocus()
    QTest.keyClick(pad, Qt.Key.Key_N)
    digits = window.lab.digits
    label = int(digits.test.labels[3])
    (pin,) = pins.pins
    assert (pin.label, pin.data, pin.set, pin.number) == (label, digits.checksum, "test", 3)
    assert star.isChecked()
    pad.put(LINE)
    assert not star.isChecked()
    star.trigger()
    assert [each.label for each in pins.pins] == [label, None]
    assert "Mistakes, pinned," in said(window)
    star.trigger()
    assert pins.pins == (pin,)
    assert said(window) == "The picture on the scratchpad is no longer pinned."
    pins.pinned.unpin(pin)
    pad.row_action.setChecked(True)
    assert not star.isEnabled()
    pad.row_action.setChecked(False)
    pad, pins = window.network.pad, window.views[PINS]
    for number in (3, 4):
        pad.show_digit("test", number)
        pad.pin_action.trigger()
    first, second = pins.pins
    view = window.session.view()
    pins.pinned.unpin(first)
    pins.pinned.unpin(second)
    pad.put(LINE)
    pad.pin_action.trigger()
    (own,) = pins.pins
    window.session.restore_view(view)
    assert pins.pins == (first, second, own)
    window.session.restore_view({"pins": {"pins": [{"pixels": "?"}]}})
    assert pins.pins == (first, second, own)


def test_ctrl_z_takes_back_a_pin_and_an_unpinned_one_returns_to_its_place(window: MainWindow) -> None:
    pad, pins = window.network.pad, window.views[PINS]
    window.controls.apply({"eta": 1.0})
    pad.show_digit("test", 3)
    pad.pin_action.trigger()
    QTest.keyClick(window.timeline.strip, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert pins.pins == ()
    assert not pad.pin_action.isChecked()
    assert window.controls.eta.value() == 1.0
    assert window.undo.redo_action.text() == "&Redo: Pinned"
    pad, pins, undo = window.network.pad, window.views[PINS], window.line.message.offer_button
    pad.show_digit("test", 3)
    pad.pin_action.trigger()
    pins.pinned.pin(Pin(bytes(range(196)) * 4))
    kept = pins.pins
    pad.pin_action.trigger()
    assert len(pins.pins) == 1
    undo.click()
    assert pins.pins == kept
    assert pad.pin_action.isChecked()
    pins.list.setCurrentRow(1)
    pins.unpin_button.click()
    assert said(window) == "The picture is no longer pinned."
    undo.click()
    assert pins.pins == kept


@pytest.mark.long
def test_the_star_is_lit_once_the_digits_of_a_kept_session_are_there(
    window: MainWindow, open_window: Callable[..., MainWindow]
) -> None:
    pad, digits = window.network.pad, window.lab.digits
    pad.show_digit("test", 3)
    pad.pin_action.trigger()
    kept, again = window.session.scene(), open_window()
    again.session.restore(kept)
    assert not again.network.pad.pin_action.isChecked()
    assert digits is not None
    again.lab.data.use(digits)
    assert again.network.pad.pin_action.isChecked()


def test_a_noisy_digit_is_pinned_as_shown_and_a_ninth_refused_in_words(window: MainWindow) -> None:
    pad, pins = window.network.pad, window.views[PINS]
    pad.show_digit("test", 3)
    pad.set_noise(Noise(0.5))
    pad.pin_action.trigger()
    (pin,) = pins.pins
    assert (pin.pixels, pin.label) == (pad.picture.tobytes(), None)
    pad.set_noise(None)
    assert not pad.pin_action.isChecked()
    pad, pins = window.network.pad, window.views[PINS]
    for shade in range(MOST_PINS):
        pins.pinned.pin(Pin(bytes([shade]) * PIXELS))
    pad.put(LINE)
    pad.pin_action.trigger()
    assert len(pins.pins) == MOST_PINS
    assert not pad.pin_action.isChecked()
    assert said(window) == "8 pictures are pinned, which is the most. Unpin one of them first."


def entry(window: MainWindow, name: str) -> QAction:
    menu = child(window, QMenu, "luck_menu")
    menu.aboutToShow.emit()
    return child(menu, QAction, f"{name}_action")


def test_other_seeds_come_one_by_one_and_end_as_a_band(window: MainWindow, qtbot: QtBot) -> None:
    assert not entry(window, "repeat_3").isEnabled(), "there is nothing to repeat yet"
    run, undone = learn(qtbot, window, 60), list[bool]()
    window.line.offer_undo("It is closed.", "Closed.", lambda: undone.append(True))
    entry(window, "repeat_3").trigger()
    qtbot.waitUntil(lambda: window.lab.luck.work is None)
    window.line.message.offer_button.click()
    assert undone, "the report is no cover for an undo"
    assert len(band_of(run.bands, "seeds").runs) == 3
    epoch, own = run.digits_seen / run.epoch, run.evaluations["validation"].accuracy
    told = f"At epoch {numbers.epochs(epoch)}, run {run.letter} reads {100 * own:.2f} %"
    qtbot.waitUntil(
        lambda: window.line.message.said is not None and window.line.message.said.text.startswith(told)
    )
    plot = window.curves.findChild(Plot, "accuracy_plot")
    qtbot.waitUntil(lambda: bool(plot.band_items))
    entry(window, "remove_bands").trigger()
    qtbot.waitUntil(lambda: not plot.band_items)
    assert not entry(window, "remove_bands").isEnabled()


def test_it_is_paused_and_cancelled_in_the_line_silently(window: MainWindow, qtbot: QtBot) -> None:
    run, luck, message = learn(qtbot, window, 60), window.lab.luck, window.line.message
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
    before = window.line.message.said
    for number in (live_run(window.lab).number, 99):
        window.lab.tell(BandFinished(number, "seeds"))
    assert window.line.message.said is before
