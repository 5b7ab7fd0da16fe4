"""The panel with the units, as most tests want it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from mnistviz.engine.moment import Moment
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.units import Units
from tests.gui.network.moments import CLASSES

Show = Callable[..., Units]


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Shows the panel with the moments drawn in turn, by default as large as in the main window."""

    def make(*moments: Moment, width: int = 842, height: int = 300) -> Units:
        units = Units(LIGHT)
        units.showing.set_value("weights")
        units.set_classes(CLASSES)
        qtbot.addWidget(units)
        units.resize(width, height)
        units.show()
        for each in moments:
            units.draw(Shown(moment=each))
        return units

    return make
