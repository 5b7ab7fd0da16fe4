"""Fewest pixels: step by step, in this window and in the network card."""

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.fewest_pixels import fewest_pixels
from mnistviz.gui.common.theme import DARK, LIGHT, set_theme
from mnistviz.gui.lab.in_card import AlteredPicture
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.network.fewest_pixels_panel import FewestPixels
from tests.gui.lab_by_hand import LabByHand
from tests.gui.network.moments import assert_described, there

Image = NDArray[np.uint8]


class Desk(NamedTuple):
    """The panel, its lab, the paper, and what the card was told to show."""

    panel: FewestPixels
    lab: LabByHand
    paper: list[Image | None]
    looked_at: list[AlteredPicture | None]
    window: QWidget


@pytest.fixture
def desk(lab: LabByHand, qtbot: QtBot) -> Desk:
    """A test digit lies on the paper, the run has learned a little, and the panel is open."""
    lab.run_to(100)
    assert lab.digits is not None
    window = QWidget()
    qtbot.addWidget(window)
    paper: list[Image | None] = [lab.digits.test.images[3].reshape(28, 28)]
    looked_at: list[AlteredPicture | None] = []
    panel = FewestPixels(lab, lambda: paper[0], window)
    lab.listen(ChangeKind.IN_CARD, lambda: looked_at.append(lab.in_card.altered))
    lab.show(qtbot, panel, 640, 330)
    panel.open(window)
    lab.work()
    return Desk(panel, lab, paper, looked_at, window)


def lines(panel: FewestPixels) -> list[list[str]]:
    table = panel.table
    return [
        [item.text() for column in range(5) if (item := table.item(row, column)) is not None]
        for row in range(table.rowCount())
    ]


def test_it_is_what_the_engine_finds_stepped_by_key(desk: Desk) -> None:
    panel, lab = desk.panel, desk.lab
    wanted = there(fewest_pixels(there(there(lab.run).moment).network, there(desk.paper[0]).ravel()))
    assert there(panel.found).pixels == wanted.pixels
    count = len(wanted.pixels)
    assert f"in place of “{wanted.verdicts[0]}”" in panel.said.text()
    assert panel.moment.text() == "Run A · mini-batch 100"
    assert len(lines(panel)) == count + 1
    assert lines(panel)[-1][4].startswith(str(wanted.verdicts[-1]))
    shown = there(desk.looked_at[-1])
    np.testing.assert_array_equal(shown.picture.ravel(), wanted.picture(count))
    assert [dot.pixel for dot in shown.dots] == list(wanted.pixels)
    assert [dot.newest for dot in shown.dots] == [False] * (count - 1) + [True]
    assert not panel.forward.isEnabled()
    QTest.keyClick(panel.table, Qt.Key.Key_Left)
    shown = there(desk.looked_at[-1])
    np.testing.assert_array_equal(shown.picture.ravel(), wanted.picture(count - 1))
    QTest.keyClick(panel.table, Qt.Key.Key_Home)
    assert not panel.back.isEnabled()
    panel.forward.click()
    assert panel.table.currentRow() == 1
    for theme in (DARK, LIGHT):
        set_theme(theme, panel)
        panel.grab()
    assert_described(panel)


def test_it_says_of_which_moment_it_is_and_is_renewed_at_rest(desk: Desk) -> None:
    panel, lab = desk.panel, desk.lab
    found = panel.found
    lab.time.toggle_play()
    lab.work(3)
    assert there(lab.run).step > 100
    assert panel.found is found
    assert "it has learned on" in panel.moment.text()
    assert panel.again.isVisible()
    lab.time.toggle_play()
    lab.work()
    assert panel.found is found, "it stays until the other is there"
    lab.work()
    assert panel.found is not found
    assert panel.moment.text() == f"Run A · mini-batch {there(lab.run).step}"
    assert not panel.again.isVisible()
    lab.playhead.visit(50)
    lab.work()
    lab.work()
    assert panel.moment.text() == "Run A · mini-batch 50"


def test_another_drawing_ends_it_and_is_searched_once_the_pen_rests(desk: Desk, qtbot: QtBot) -> None:
    panel, lab = desk.panel, desk.lab
    panel.take_drawing()
    assert desk.looked_at[-1] is not None, "nothing else lies there"
    desk.paper[0] = there(lab.digits).test.images[5].reshape(28, 28)
    panel.take_drawing()
    assert desk.looked_at[-1] is None
    assert panel.found is None
    qtbot.waitUntil(lab.questions.is_busy)
    lab.work()
    np.testing.assert_array_equal(there(panel.found).image, lab.digits.test.images[5])
    desk.paper[0] = None
    panel.take_drawing()
    assert "No single digit" in panel.said.text()
    assert not panel.table.isVisible()


def test_escape_ends_it(desk: Desk) -> None:
    QTest.keyClick(desk.panel.table, Qt.Key.Key_Escape)
    assert not desk.panel.isVisible()
    assert desk.looked_at[-1] is None
