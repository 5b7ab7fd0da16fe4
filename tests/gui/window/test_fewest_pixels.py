"""Fewest pixels in the window: opened by its key, seen in the network card, ended by Escape."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from mnistviz.engine.distortion import Noise
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.views import FEWEST_PIXELS, MINIBATCH
from tests.gui.frames import wait


def test_each_step_flows_through_the_network_until_escape(window: MainWindow) -> None:
    card, panel = window.network, window.views[FEWEST_PIXELS]
    window.action_book["fewest_pixels"].trigger()
    assert "No single digit" in panel.said.text()
    card.show_digit("test", 3)
    wait(lambda: panel.found is not None)
    found = panel.found
    np.testing.assert_array_equal(card.presenter.picture.image.ravel(), found.picture(len(found.pixels)))
    assert card.presenter.picture.flow.winner == found.verdicts[-1]
    assert len(card.presenter.picture.dots) == len(found.pixels)
    np.testing.assert_array_equal(card.pad.picture.ravel(), found.image)
    card.pad.set_noise(Noise(0.3))
    wait(lambda: panel.found is not None and panel.found is not found)
    assert "noise 30 %" in card.presenter.picture.captions[-1]
    card.pad.set_noise(None)
    wait(lambda: panel.found is not None and panel.found.pixels == found.pixels)
    panel.back.click()
    assert card.presenter.picture.flow.winner == found.verdicts[-2]
    QTest.keyClick(card.picture, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    np.testing.assert_array_equal(card.presenter.picture.image.ravel(), found.image)
    assert not card.presenter.picture.dots
    card.pad.clear()


def test_it_and_a_stage_of_a_mini_batch_take_turns_and_a_row_has_none(window: MainWindow) -> None:
    card, panel, minibatch = window.network, window.views[FEWEST_PIXELS], window.views[MINIBATCH]
    card.show_digit("test", 3)
    window.arrangement.tabs.open("minibatch")
    wait(minibatch.tiles.isVisible)
    minibatch.stages.actions["gradient"].trigger()
    window.action_book["fewest_pixels"].trigger()
    wait(lambda: panel.found is not None)
    assert card.presenter.stage is None
    assert card.presenter.picture.dots
    minibatch.stages.actions["forward"].trigger()
    over = card.findChild(QLabel, "over_pad")
    assert card.presenter.stage is not None
    assert not over.isVisible()
    panel.back.click()
    assert card.presenter.stage is None
    assert "changed" in over.accessibleName()
    np.testing.assert_array_equal(
        card.presenter.picture.image.ravel(), panel.found.picture(len(panel.found.pixels) - 1)
    )
    panel.close()
    card.pad.clear()
    card, panel = window.network, window.views[FEWEST_PIXELS]
    card.show_digit("test", 3)
    window.action_book["fewest_pixels"].trigger()
    wait(lambda: panel.found is not None)
    card.pad.row_action.setChecked(True)
    assert panel.found is None
    assert not card.presenter.picture.dots
    card.pad.row_action.setChecked(False)
    panel.close()
    card.pad.clear()
