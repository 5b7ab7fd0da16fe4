"""What is pointed at and what is chosen: from a unit down to one of its weights, and up again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from mnistviz.engine.acts import switched_off
from mnistviz.engine.microscope.what_if import edited
from mnistviz.engine.network import Unit
from mnistviz.gui.common.unit_names import cells
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.selection import Selection
from tests.gui.network.conftest import Show
from tests.gui.network.moments import moment, move_mouse, shown, there

CLICK = Qt.MouseButton.LeftButton


def reading(card: NetworkCard) -> str:
    return card.presenter.picture.words.foot.reading[0]


def test_escape_lets_go_of_the_weight_first_and_another_unit_keeps_its_pixel() -> None:
    selection = Selection()
    selection.choose_cell(5)
    assert selection.chosen_cell is None, "no unit is chosen"
    selection.choose_unit(Unit(1, 3))
    selection.choose_cell(5)
    assert selection.value(layer=1, path=False, learned=False).cell == 5
    selection.point(Unit(1, 8), None, None)
    assert selection.value(layer=1, path=False, learned=False).cell is None
    selection.point(None, None, None)
    selection.choose_unit(Unit(1, 4))
    assert selection.chosen_cell == 5
    assert selection.let_go()
    assert (selection.chosen_unit, selection.chosen_cell) == ((1, 4), None)
    selection.choose_cell(6)
    selection.choose_unit(Unit(2, 4))
    assert selection.chosen_cell is None, "a pixel is no unit of the layer before"
    selection.choose_cell(6)
    selection.keep_to((784, 30, 12, 10))
    assert selection.chosen_cell is None
    assert selection.let_go()
    assert not selection.let_go()


def test_a_second_click_keeps_the_weight_under_it(show: Show) -> None:
    at = moment(784, 30, 10)
    card = show(at, digit=True)
    stage = there(card.picture.opened_stage)
    picture = there(there(stage.slots).picture_of(7))
    inside = QPointF(0.5 * picture.width(), 0.4 * picture.height())
    place = (picture.topLeft() + inside).toPoint()
    cell = stage.cell_at(place, 7)
    QTest.mouseClick(card.picture.viewport(), CLICK, pos=place)
    assert (card.selection.chosen_unit, card.selection.chosen_cell) == ((1, 7), None)
    QTest.mouseClick(card.picture.viewport(), CLICK, pos=place)
    assert cell is not None
    assert card.selection.chosen_cell == cell
    move_mouse(card.picture.viewport(), QPoint(1, 1))
    assert f"unit 8 · row {cell // 28 + 1}, column {cell % 28 + 1}: " in reading(card)
    assert card.picture.weight_ring.path().boundingRect().contains(place)
    QTest.keyClick(card.picture, Qt.Key.Key_Right)
    assert card.selection.chosen_cell == cell + 1
    QTest.keyClick(card.picture, Qt.Key.Key_Escape)
    assert "row" not in reading(card)
    assert card.picture.weight_ring.path().isEmpty()
    assert card.selection.chosen_unit == (1, 7)
    QTest.mouseClick(card.seen, CLICK, pos=card.seen.rect().center())
    assert there(card.selection.chosen_cell) == card.selection.pointed_pixel


@pytest.mark.parametrize("layer", [1, 2])
def test_the_strongest_weight_is_a_key_away(show: Show, layer: int) -> None:
    at = moment(784, 30, 12, 10)
    card = show(at)
    card.select(layer, 3)
    QTest.keyClick(card.picture, Qt.Key.Key_W)
    weights = at.network.weights[layer - 1][3]
    assert card.selection.chosen_cell == abs(weights).argmax()
    assert f"{weights[abs(weights).argmax()]:+.2f}".replace("-", "−") in reading(card)
    for _ in range(40):
        QTest.keyClick(card.picture, Qt.Key.Key_Left)
    columns = cells(at.network.sizes[layer - 1])[1]
    assert there(card.selection.chosen_cell) % columns == 0, "it ends at the edge"


def test_units_that_were_changed_by_hand_are_marked_and_told(show: Show) -> None:
    at = moment(784, 30, 10)
    card = show(at)
    stage = there(card.picture.opened_stage)
    assert stage.signs.path().isEmpty()
    frozen = replace(at, frozen=(Unit(1, 4), Unit(2, 9)))
    card.draw(shown(frozen))
    four = there(stage.frame_of(4))
    assert four.contains(stage.signs.path().boundingRect().toAlignedRect())
    assert stage.veils.path().isEmpty()
    off = replace(frozen, network=edited(at.network, [switched_off(at.network, Unit(1, 9))]))
    card.draw(shown(off))
    nine = there(stage.frame_of(9))
    assert nine.contains(stage.veils.path().boundingRect().toAlignedRect())
    for unit, told in ((4, "frozen"), (9, "switched off"), (5, "")):
        card.select(1, unit)
        assert (f"unit {unit + 1} · {told}" if told else f"unit {unit + 1} · bias") in reading(card)
    card.draw(shown(at))
    assert stage.signs.path().isEmpty()
    assert stage.veils.path().isEmpty()
