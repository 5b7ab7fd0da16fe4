"""What a unit passes on, as bars."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.network.unit.outgoing_weights import OutgoingBars


def test_a_bar_to_the_right_says_yes_and_one_to_the_left_no(qtbot: QtBot) -> None:
    bars = OutgoingBars(LIGHT, lambda line, begins: None, list)
    qtbot.addWidget(bars)
    bars.resize(300, 160)
    bars.show_values(["a", "b"], np.array([1.0, -0.5]))
    shown = bars.grab().toImage()

    def found(row: int, colour: str) -> list[int]:
        y = round((row + 0.5) * 30)
        return [x for x in range(shown.width()) if shown.pixelColor(x, y).name() == colour]

    yes, no = found(0, LIGHT.yes), found(1, LIGHT.no)
    assert not found(0, LIGHT.no)
    assert not found(1, LIGHT.yes)
    middle = next(x for x in range(100, 200) if shown.pixelColor(x, 1).name() == LIGHT.muted)
    assert min(yes) > max(no)
    assert abs(min(yes) - middle) <= 2
    assert abs(max(no) - middle) <= 2
    assert len(yes) == pytest.approx(2 * len(no), abs=3)
