"""A copy that was changed by hand: the line at the bottom keeps it or puts it back, and so does Escape the latter."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.acts import BIAS, Edited, WeightEdit
from mnistviz.gui.lab.edited_copy import EditedCopy
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.message import Rank
from tests.gui.children import child
from tests.gui.frames import run_to
from tests.gui.live_run import live_run


@pytest.fixture
def window(window: MainWindow) -> MainWindow:
    """What is shown is a copy with another bias."""
    run_to(window, 40)
    hand = child(window, HandWork)
    hand.draw(window.lab.shown)
    hand.edit(WeightEdit(1, ((0, BIAS),), (1.5,)))
    assert copied(window)
    window.line.catch_up()
    return window


def copied(window: MainWindow) -> bool:
    return isinstance(window.lab.shown.preview, EditedCopy)


def says_copy(window: MainWindow) -> bool:
    said = window.line.message.said
    return said is not None and said.rank is Rank.COPY


def press(window: MainWindow, *keys: Qt.Key, focus: QWidget | None = None) -> None:
    (focus or window.network.picture).setFocus()
    for key in keys:
        QTest.keyClick(focus or window.network.picture, key)


def test_the_line_offers_to_keep_a_copy_or_to_put_it_back(window: MainWindow, qtbot: QtBot) -> None:
    message, lab = window.line.message, window.lab
    assert says_copy(window)
    assert (message.offer_button.text(), message.trial_button.text()) == ("Keep it", "Put back")
    message.trial_button.click()
    assert not copied(window)
    assert not says_copy(window)
    assert message.offer_button.text() == "Undo"
    message.offer_button.click()
    assert copied(window), "what was dropped by mistake is there again"
    window.line.catch_up()
    assert says_copy(window)
    message.offer_button.click()
    qtbot.waitUntil(lambda: not copied(window))
    (act,) = live_run(lab).history.interventions
    assert isinstance(act, Edited)
    qtbot.waitUntil(window.action_book["play"].isEnabled)
    hand = child(window, HandWork)
    hand.undo_action.trigger()
    qtbot.waitUntil(lambda: not live_run(lab).history.interventions)
    hand.draw(lab.shown)  # it is not seen


def test_what_was_kept_is_taken_back_wherever_the_focus_is(window: MainWindow, qtbot: QtBot) -> None:
    lab, before = window.lab, live_run(window.lab).moment
    child(window, HandWork).keep.trigger()
    qtbot.waitUntil(lambda: window.undo.undo_action.text() == "&Undo: Kept")
    assert [type(act) for act in live_run(lab).history.interventions] == [Edited]
    window.arrangement.open_tab("mistakes")
    QTest.keyClick(child(window, QWidget, "mistakes"), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not live_run(lab).history.interventions)
    assert np.array_equal(live_run(lab).moment.network.biases[0], before.network.biases[0])
    child(window, HandWork).draw(lab.shown)  # it is not seen


def test_what_was_kept_can_be_undone_until_the_network_learns(window: MainWindow, qtbot: QtBot) -> None:
    hand, lab = child(window, HandWork), window.lab
    hand.keep.trigger()
    qtbot.waitUntil(lambda: window.undo.undo_action.text() == "&Undo: Kept")
    assert hand.undo_action.isEnabled()
    assert not window.views.is_seen("unit_detail"), "the menu knows it all the same"
    run_to(window, live_run(lab).step + 1)
    assert not hand.undo_action.isEnabled()
    qtbot.waitUntil(lambda: window.undo.undo_action.text() != "&Undo: Kept")
    window.undo.undo_action.trigger()
    assert len(live_run(lab).history.interventions) == 1
    hand.draw(lab.shown)  # it is not seen


def test_a_key_that_can_train_nothing_says_why_and_escape_puts_the_copy_back_once_nothing_else_is_open(
    window: MainWindow,
) -> None:
    modifiers, keys = Qt.KeyboardModifier, Qt.Key
    for key, modifier in ((keys.Key_Space, modifiers.NoModifier), (keys.Key_M, modifiers.ControlModifier)):
        window.line.message.away_button.click()
        assert not says_copy(window)
        QTest.keyClick(window.network.picture, key, modifier)
        assert says_copy(window)
        assert "in the line at the bottom" in window.transport.play_button.toolTip().replace("\n", " ")
    window.network.selection.choose_output(3)
    press(window, Qt.Key.Key_Escape)
    assert copied(window), "first the output is let go"
    press(window, Qt.Key.Key_Escape)
    assert not copied(window)
    assert window.undo.undo_action.isEnabled()


@pytest.mark.long
def test_the_ideas_have_no_copy_to_ask_about(window: MainWindow) -> None:
    window.lab.chosen.choose("window", workspace="ideas")
    assert not says_copy(window)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert copied(window)
    assert not says_copy(window)
    window.lab.chosen.choose("window", workspace="lab")
    assert says_copy(window)
