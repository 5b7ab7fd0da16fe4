"""What a unit passes on, as bars."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.network.unit.weights_card import OutgoingBars, OutgoingWeights, UnitGestures
from tests.gui.network.moments import moment

CLASSES = tuple("0123456789")


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


def test_it_asks_for_room_where_another_unit_has_another_title_or_other_bars(qtbot: QtBot) -> None:
    asked: list[str] = []
    card = OutgoingWeights(
        LIGHT, UnitGestures(*[lambda *_: None] * 6), lambda: asked.append(card.title.text())
    )
    qtbot.addWidget(card)
    network = moment(784, 12, 8, 10).network
    for layer, unit in ((1, 0), (1, 3), (2, 0), (3, 0)):
        card.show_unit(network, layer, unit, CLASSES)
    assert len(asked) == 3, "two units of one layer need the same room"
