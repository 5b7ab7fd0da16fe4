"""Cuts are moved, added and taken away by mouse and by keyboard; each can be undone, and given back to the network."""

from unittest.mock import create_autospec

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import SIDE
from mnistviz.engine.rows import DigitRow
from mnistviz.gui.common.theme import LIGHT, set_theme
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.row import reader as read_row_module
from mnistviz.gui.network.row.cells import CutEditor, RowCell, RowCells
from tests.gui.double_click import double_click
from tests.gui.network.moments import there
from tests.gui.network.row.conftest import read, write

LEFT, NONE, SHIFT = (
    Qt.MouseButton.LeftButton,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
Key = Qt.Key


@pytest.fixture
def cells(card: NetworkCard) -> RowCells:
    write(card.pad, 5, 0, 4)
    assert read(card) == "504"
    return card.row.cells


def drag(cells: RowCells, start: QPoint, end: QPoint, *, drop: bool = True) -> None:
    view = cells.viewport()
    QTest.mousePress(view, LEFT, NONE, start)
    for share in (0.25, 0.5, 0.75, 1):
        QTest.mouseMove(view, start + (end - start) * share)
    if drop:
        QTest.mouseRelease(view, LEFT, NONE, end)


def handle(cells: RowCells, number: int) -> QPoint:
    return QPoint(round(cells.handles[number]), 7)


def test_a_cut_is_dragged_and_the_verdicts_follow(card: NetworkCard, cells: RowCells, qtbot: QtBot) -> None:
    before = [cell.picture.tobytes() for cell in cells.cells]
    middle = round((cells.rooms[1].left() + cells.rooms[1].right()) / 2)
    drag(cells, handle(cells, 0), QPoint(middle, 7), drop=False)
    assert card.pad.sheet.cuts is not None
    assert cells.handles[0] == pytest.approx(middle, abs=2)
    assert len(cells.cells) == 3
    qtbot.waitUntil(lambda: cells.cells[0].picture.tobytes() != before[0])
    qtbot.waitUntil(lambda: not card.row.reader.is_behind)
    after = [cell.picture.tobytes() for cell in cells.cells]
    assert after[:2] != before[:2]
    assert after[2] == before[2]  # the other cut runs as the network's did
    QTest.mouseRelease(cells.viewport(), LEFT, NONE, QPoint(middle, 7))
    assert card.pad.undo_action.isEnabled()
    card.pad.undo()  # the whole drag is one step
    assert card.pad.sheet.cuts is None
    assert [cell.picture.tobytes() for cell in cells.cells] == before
    card.pad.redo()
    assert [cell.picture.tobytes() for cell in cells.cells] == after


def test_each_drag_of_a_cut_is_a_step_of_its_own(card: NetworkCard, cells: RowCells) -> None:
    place = handle(cells, 0)
    drag(cells, place, place + QPoint(12, 0))
    once = card.pad.sheet.cuts
    drag(cells, handle(cells, 0), place + QPoint(24, 0))
    assert once is not None
    assert once != card.pad.sheet.cuts
    card.pad.undo()
    assert card.pad.sheet.cuts == once


def test_a_cut_left_alone_stays(card: NetworkCard, cells: RowCells, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = there(card.row.reader.row.reading)
    other = reading.cuts[1]

    def beside(row: DigitRow, x: float) -> NDArray[np.intp]:
        return np.full(len(row.ink), round(row.x_of(x)) + 3)

    monkeypatch.setattr(read_row_module, "cut_at", beside)
    card.row.cutting.nudge(0, -6)
    reading = there(card.row.reader.row.reading)
    assert np.array_equal(reading.cuts[1], other)


def test_a_double_click_adds_a_cut(card: NetworkCard, cells: RowCells) -> None:
    double_click(cells.viewport(), QPoint(round(cells.rooms[1].center().x()), 7))
    assert len(cells.cells) == 4
    assert len(card.row.reader.row.places) == 3
    card.pad.undo()
    assert len(cells.cells) == 3


def test_keys_move_part_and_join(card: NetworkCard, cells: RowCells) -> None:
    cells.setFocus()
    QTest.keyClick(cells, Key.Key_Home)
    place = cells.handles[0]
    QTest.keyClick(cells, Key.Key_Right, SHIFT)
    assert cells.handles[0] > place
    QTest.keyClick(cells, Key.Key_Left, SHIFT)
    assert cells.handles[0] == pytest.approx(place, abs=1e-6)
    QTest.keyClick(cells, Key.Key_Escape)
    QTest.keyClick(cells, Key.Key_Insert)
    assert len(cells.cells) == 4
    QTest.keyClick(cells, Key.Key_Backspace)
    assert len(cells.cells) == 3
    QTest.keyClick(cells, Key.Key_Home)
    QTest.keyClick(cells, Key.Key_Backspace)
    assert len(cells.cells) == 2


def test_del_takes_the_held_cut_and_does_not_clear_the_pad(card: NetworkCard, cells: RowCells) -> None:
    cells.setFocus()
    QTest.mouseClick(cells.viewport(), LEFT, NONE, handle(cells, 0))
    assert cells.held == 0
    QTest.keyClick(cells, Key.Key_Delete)
    assert len(cells.cells) == 2
    assert card.pad.sheet.ink
    assert cells.held is None
    QTest.keyClick(cells, Key.Key_Delete)  # with none held it is the pad's
    assert not card.pad.sheet.ink


def test_keys_go_to_the_row_while_the_pad_has_the_focus(card: NetworkCard, cells: RowCells) -> None:
    card.pad.setFocus()
    card.row.actions.walk.trigger()
    QTest.keyClick(card.pad, Key.Key_Insert)
    assert len(cells.cells) == 3, "while one walks through the pieces no cell is chosen"
    QTest.keyClick(card.pad, Key.Key_Home)
    assert cells.chosen == 0
    QTest.keyClick(card.pad, Key.Key_Insert)
    assert len(cells.cells) == 4


def test_a_cut_dragged_off_is_gone_until_the_next_cutting(card: NetworkCard, cells: RowCells) -> None:
    again = card.row.actions.cut_again
    assert not again.isEnabled()
    drag(cells, handle(cells, 1), handle(cells, 1) + QPoint(0, 60))
    assert (len(cells.cells), len(cells.handles), read(card)[0]) == (2, 1, "5")
    assert "by hand" in card.row.side.note.accessibleName()
    assert again.isEnabled()
    again.trigger()
    assert read(card) == "504"
    assert card.pad.sheet.cuts is None
    assert not again.isEnabled()
    card.pad.undo()
    assert card.pad.sheet.cuts is not None
    write(card.pad, 5, 0, 4, 1)
    assert card.pad.sheet.cuts is None, "the network cuts what has another stroke"


def test_cuts_where_there_is_no_ink_do_no_harm(card: NetworkCard, cells: RowCells) -> None:
    for place in (2, cells.width() - 2, cells.width() - 40):
        double_click(cells.viewport(), QPoint(place, 7))
    assert read(card) == "504"
    assert len(cells.handles) == 5
    for _ in range(5):
        QTest.mouseClick(cells.viewport(), LEFT, NONE, handle(cells, 0))
        QTest.keyClick(cells, Key.Key_Backspace)
    assert len(cells.cells) == 1


def test_cells_that_come_after_their_cuts_look_as_if_they_had_come_before(qtbot: QtBot) -> None:
    cutting = create_autospec(CutEditor)
    picture = np.zeros((SIDE, SIDE), np.uint8)
    cells, handles = [RowCell(picture, "3", "0.9", place) for place in (80.0, 200.0)], [140.0]

    def made() -> RowCells:
        view = RowCells(cutting, lambda cell: None)
        qtbot.addWidget(view)
        view.resize(300, 60)
        set_theme(LIGHT, view)
        view.grab()  # it has its size only then
        return view

    one, other = made(), made()
    one.show_cells(cells, 0)
    one.show_handles(handles, None)
    other.show_handles(handles, None)
    other.show_cells(cells, 0)
    assert one.grab().toImage() == other.grab().toImage()
