"""The digits of a row look the same whatever of them is known first."""

from __future__ import annotations

from unittest.mock import create_autospec

import numpy as np
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import SIDE
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.network.row.cells import Cutting, RowCell, RowCells


def test_cells_that_come_after_their_cuts_look_as_if_they_had_come_before(qtbot: QtBot) -> None:
    cutting = create_autospec(Cutting)
    picture = np.zeros((SIDE, SIDE), np.uint8)
    cells, handles = [RowCell(picture, "3", "0.9", place) for place in (80.0, 200.0)], [140.0]

    def made() -> RowCells:
        view = RowCells(LIGHT, cutting, lambda cell: None)
        qtbot.addWidget(view)
        view.resize(300, 60)
        view.set_theme(LIGHT)
        view.grab()  # it has its size only then
        return view

    one, other = made(), made()
    one.show_cells(cells, 0)
    one.show_handles(handles, None)
    other.show_handles(handles, None)
    other.show_cells(cells, 0)
    assert one.grab().toImage() == other.grab().toImage()
