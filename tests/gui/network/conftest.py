"""The network card, as most tests want it."""

from collections.abc import Callable

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mnistviz.engine.handwriting import Ink
from mnistviz.engine.moment import Moment
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.pad.sheet import Sheet
from tests.gui.network.moments import CLASSES, shown

Show = Callable[..., NetworkCard]


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Shows the card with the moments drawn in turn, by default as large as in a usual window, with a digit on the
    pad if `digit`."""

    def make(*moments: Moment, width: int = 1100, height: int = 440, digit: bool = False) -> NetworkCard:
        card = NetworkCard()
        card.showing.choose("weights")
        card.set_classes(CLASSES)
        qtbot.addWidget(card)
        card.resize(width, height)
        card.show()
        qtbot.waitExposed(card)
        if digit:
            put_digit(card)
        for each in moments:
            card.draw(shown(each))
            card.presenter.refresh()  # the words, too
        return card

    return make


def put_digit(card: NetworkCard, seed: int = 0) -> None:
    """Puts some picture on the pad."""
    digit = np.zeros((28, 28), dtype=np.uint8)
    digit[5:23, 8:20] = np.random.default_rng(seed).integers(0, 255, (18, 12))
    card.pad.put(Sheet(Ink(digit=digit)))
    card.presenter.refresh()
