"""The panel with the units of a layer, and its mosaic."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QCursor, QFocusEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSlider
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import PIXELS
from mnistviz.gui.common.theme import DARK, LIGHT, weight_colours
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.network.unit.outgoing_weights import Bars
from mnistviz.gui.network.weight_choice import WeightChoice
from mnistviz.gui.network.weight_tiles import Tiles
from tests.gui.network.conftest import Show
from tests.gui.network.moments import CLASSES, assert_described, later, moment, move_mouse

# From weights to colours


def test_positive_weights_are_orange_negative_ones_blue_and_nought_is_the_background(show: Show) -> None:
    first = moment(PIXELS, 1, 10)
    w = first.network.weights[0]
    w[:] = 0
    w[0, : PIXELS // 4] = 2
    w[0, -PIXELS // 4 :] = -2
    units = show(first)
    picture = units.mosaic.grab().toImage()
    tile = units.mosaic.tile_rect(0)
    colours = [
        QColor(picture.pixel(tile.center().x(), tile.top() + round(share * tile.height())))
        for share in (0.15, 0.5, 0.85)
    ]
    assert units.mosaic.limit == 3
    share = round(127 * 2 / 3)
    table = weight_colours(LIGHT)
    expected = [QColor(*table[128 + index].tolist()) for index in (share, 0, -share)]
    assert [colour.name() for colour in colours] == [colour.name() for colour in expected]
    assert colours[0].red() > colours[0].blue()


def test_the_colour_scale_does_not_flicker_while_weights_move_a_little(show: Show) -> None:
    first = moment(PIXELS, 30, 10)
    units = show(first)
    chance = np.random.default_rng(0)
    limits = set()
    for step in range(1, 40):
        after = later(first, step)
        after.network.weights[0][...] *= chance.uniform(0.97, 1.03)
        units.draw(Shown(moment=after))
        limits.add(units.mosaic.limit)
    assert len(limits) == 1


# Where the tiles are


@pytest.mark.parametrize(
    ("count", "least", "scrolls"),
    [(1, 190, False), (5, 130, False), (30, 60, False), (100, 32, False), (500, 28, True)],
)
def test_few_units_are_large_and_many_scroll(show: Show, count: int, least: int, scrolls: bool) -> None:
    units = show(moment(PIXELS, count, 10))
    mosaic = units.mosaic
    assert mosaic.tile_rect(0).width() >= least
    assert (mosaic.verticalScrollBar().maximum() > 0) == scrolls
    assert (len(mosaic.shown_units()) < count) == scrolls
    mosaic.grab()


def test_the_last_of_two_thousand_units_can_be_reached_and_is_painted_then(show: Show, qtbot: QtBot) -> None:
    units = show(moment(PIXELS, 2_000, 10))
    mosaic = units.mosaic
    mosaic.setFocus()
    mosaic.select(0)
    QTest.keyClick(mosaic, Qt.Key.Key_End)
    assert mosaic.selected == 1_999
    assert mosaic.shown_units().stop == 2_000
    assert mosaic.viewport().rect().contains(mosaic.tile_rect(1_999))
    QTest.keyClick(mosaic, Qt.Key.Key_Home)
    assert mosaic.viewport().rect().contains(mosaic.tile_rect(0))


def test_only_what_is_in_view_is_coloured(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    coloured = count_colouring(monkeypatch)
    units = show(moment(PIXELS, 2_000, 10))
    units.mosaic.grab()
    assert 0 < max(coloured) < 400


# What the mouse and the keys do


def test_hovering_names_the_unit_and_reads_the_weight_under_the_mouse(show: Show) -> None:
    first = moment(PIXELS, 30, 10)
    first.network.weights[0][6, 28 * 13 + 9] = 1.25
    first.network.biases[0][6] = -0.42
    units = show(first)
    picture = units.mosaic.picture_rect(6)
    cell = QPointF(picture.width() / 28, picture.height() / 28)
    inside = QPoint(round(9.5 * cell.x()), round(13.5 * cell.y()))
    move_mouse(units.mosaic.viewport(), picture.topLeft() + inside)
    assert units.reading.text().startswith("unit 7 · row 14, column 10: +1.25 · bias −0.42 · weights −")
    move_mouse(units.mosaic.viewport(), QPoint(0, 0))
    assert "Each tile" in units.reading.text()


@pytest.mark.parametrize(("sizes", "layer"), [((784, 5, 10), 1), ((784, 30, 10), 1), ((784, 30, 7, 10), 2)])
def test_each_tile_is_its_own_unit(show: Show, sizes: tuple[int, ...], layer: int) -> None:
    units = show(moment(*sizes))
    units.select(layer, 0)
    for unit in range(sizes[layer]):
        move_mouse(units.mosaic.viewport(), units.mosaic.tile_rect(unit).center())
        assert units.mosaic.pointed == unit
        assert units.reading.text().startswith(f"unit {unit + 1} ·")


def test_a_tile_that_is_pointed_at_may_go_with_its_network(show: Show) -> None:
    units = show(moment(PIXELS, 30, 10))
    move_mouse(units.mosaic.viewport(), units.mosaic.tile_rect(25).center())
    units.draw(Shown(moment=moment(PIXELS, 5, 10, run=2)))
    units.mosaic.grab()
    assert units.mosaic.pointed is None
    move_mouse(units.mosaic.viewport(), units.mosaic.tile_rect(3).center())
    units.hide()
    units.draw(Shown(moment=moment(PIXELS, 3, 4, 10, run=3)))
    units.grab()
    units.show()
    assert "Each tile" in units.reading.text()


def test_a_click_selects_the_unit_and_opens_it(show: Show, qtbot: QtBot) -> None:
    units = show(moment(PIXELS, 30, 10))
    place = units.mosaic.tile_rect(12).center()
    with qtbot.waitSignal(units.unit_opened) as opened:
        QTest.mouseClick(units.mosaic.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert opened.args == [1, 12]
    assert units.selected_unit == (1, 12)


def test_a_press_that_is_let_go_elsewhere_opens_nothing(show: Show, qtbot: QtBot) -> None:
    units = show(moment(PIXELS, 30, 10))
    view = units.mosaic.viewport()
    with qtbot.assertNotEmitted(units.unit_opened):
        QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=units.mosaic.tile_rect(3).center())
        QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=units.mosaic.tile_rect(4).center())


def test_arrows_move_the_selection_and_enter_opens_it(show: Show, qtbot: QtBot) -> None:
    units = show(moment(PIXELS, 30, 10))
    mosaic = units.mosaic
    keys = Qt.Key
    steps = [
        (keys.Key_Right, 0),
        (keys.Key_Right, 1),
        (keys.Key_Down, 11),
        (keys.Key_Left, 10),
        (keys.Key_Up, 0),
    ]
    steps += [
        (keys.Key_Up, 0),
        (keys.Key_Left, 0),
        (keys.Key_End, 29),
        (keys.Key_Down, 29),
        (keys.Key_Right, 29),
    ]
    for key, unit in steps:
        QTest.keyClick(mosaic, key)
        assert units.selected_unit == (1, unit)
    with qtbot.waitSignal(units.unit_opened) as opened:
        QTest.keyClick(mosaic, keys.Key_Return)
    assert opened.args == [1, 29]
    assert mosaic.accessibleDescription().startswith("unit 30 ·")


def test_space_is_left_to_start_and_pause(show: Show, qtbot: QtBot) -> None:
    units = show(moment(PIXELS, 30, 10))
    units.select(1, 3)
    press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ")
    with qtbot.assertNotEmitted(units.unit_opened):
        units.mosaic.keyPressEvent(press)
    assert not press.isAccepted()
    assert units.selected_unit == (1, 3)


# Layers


def test_every_layer_can_be_chosen_and_says_how_many_units_it_has(show: Show) -> None:
    units = show(moment(PIXELS, 30, 1, 10))
    texts = [units.chooser.itemText(index) for index in range(units.chooser.count())]
    assert texts == ["hidden 1 · 30 units", "hidden 2 · 1 unit", "output · 10 units"]
    units.chooser.setCurrentIndex(1)
    assert "30 units of hidden 1" in units.reading.text()
    move_mouse(units.mosaic.viewport(), units.mosaic.picture_rect(0).topLeft() + QPoint(2, 2))
    assert "from unit 1: " in units.reading.text()


def test_output_units_have_the_names_of_their_classes(show: Show) -> None:
    units = show(moment(PIXELS, 30, 10))
    units.set_classes(("T-shirt", "Trouser", *CLASSES[2:]))
    units.select(2, 1)
    assert units.reading.text().startswith("output “Trouser” ·")


def test_without_a_hidden_layer_the_outputs_are_shown_and_it_is_said(show: Show) -> None:
    units = show(moment(PIXELS, 10))
    assert units.chooser.currentText() == "output · 10 units"
    assert units.reading.text() == "No hidden layer: the outputs look straight at the 784 pixels."


def test_the_chosen_layer_stays_when_a_new_run_has_another_shape(show: Show) -> None:
    units = show(moment(PIXELS, 30, 10))
    units.chooser.setCurrentIndex(1)
    units.draw(Shown(moment=moment(PIXELS, 30, 20, 10, run=2)))
    assert units.chooser.currentText() == "output · 10 units"
    units.chooser.setCurrentIndex(1)
    units.draw(Shown(moment=moment(PIXELS, 5, 10, run=3)))
    assert units.chooser.currentText() == "hidden 1 · 5 units"


def test_the_selection_goes_when_a_new_run_has_not_that_unit(show: Show) -> None:
    units = show(moment(PIXELS, 30, 10))
    units.select(1, 12)
    units.draw(Shown(moment=moment(PIXELS, 20, 10, run=2)))
    assert units.selected_unit == (1, 12)
    units.draw(Shown(moment=moment(PIXELS, 5, 10, run=3)))
    assert units.selected_unit is None
    units.select(1, 99)
    assert units.selected_unit is None


# Weights, and what was learned of them


def test_before_training_nothing_is_learned_and_afterwards_the_tiles_show_it(show: Show) -> None:
    first = moment(PIXELS, 5, 10)
    units = show(first)
    units.showing.set_value(WeightChoice.LEARNED)
    assert units.reading.text().startswith("Nothing learned yet")
    centre = units.mosaic.tile_rect(2).center()
    assert units.mosaic.limit == pytest.approx(3)  # of the initial weights, not of a difference
    units.draw(Shown(moment=later(first, 100, change=0.4)))
    assert "since the start of the run" in units.reading.text()
    assert units.mosaic.limit == pytest.approx(0.5)
    shown = QColor(units.mosaic.grab().toImage().pixel(centre))
    assert shown.red() > shown.blue() + 50
    move_mouse(units.mosaic.viewport(), centre)
    assert ", at the start " in units.reading.text()


def test_each_run_has_its_own_start(show: Show) -> None:
    units = show(moment(PIXELS, 5, 10))
    units.showing.set_value(WeightChoice.LEARNED)
    units.draw(Shown(moment=moment(PIXELS, 5, 10, run=2, seed=2)))
    assert units.reading.text().startswith("Nothing learned yet")


# What a frame costs


def count_colouring(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Each time units are coloured, how many."""
    coloured: list[int] = []
    colour = Tiles.colour

    def counted(self: Tiles, weights: Any, *rest: Any) -> Any:
        coloured.append(len(weights))
        return colour(self, weights, *rest)

    monkeypatch.setattr(Tiles, "colour", counted)
    return coloured


def test_nothing_is_computed_while_the_panel_is_hidden(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    first = moment(PIXELS, 5, 10)
    units = show(first)
    units.mosaic.grab()
    units.hide()
    coloured = count_colouring(monkeypatch)
    monkeypatch.setattr(
        "mnistviz.gui.network.colour_scale.fitted_limit", lambda *_: pytest.fail("computed while hidden")
    )
    for step in range(1, 10):
        units.draw(Shown(moment=later(first, step)))
    assert coloured == []
    monkeypatch.undo()
    coloured = count_colouring(monkeypatch)
    units.show()
    units.mosaic.grab()
    assert set(coloured) == {5}


def test_the_same_moment_is_drawn_once(show: Show, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    first = moment(PIXELS, 5, 10)
    units = show(first)
    qtbot.waitExposed(units)
    units.mosaic.grab()
    coloured = count_colouring(monkeypatch)
    for _ in range(5):
        units.draw(Shown(moment=first))
        units.mosaic.grab()
    assert coloured == []
    units.draw(Shown(moment=later(first, 1)))
    units.mosaic.grab()
    units.mosaic.grab()
    assert coloured == [5]


# The panel as a whole


def test_an_empty_panel_says_what_will_appear(show: Show) -> None:
    units = show()
    assert units.mosaic.message == "The weights of the hidden units appear here once the digits are loaded."
    assert not units.chooser.isVisible()
    units.draw(Shown(moment=moment(PIXELS, 5, 10)))
    assert units.mosaic.message == ""
    assert units.chooser.isVisible()


def test_the_choices_survive_a_restart(show: Show) -> None:
    units = show(moment(PIXELS, 30, 10))
    units.select(2, 3)
    units.showing.set_value(WeightChoice.LEARNED)
    state = units.state()
    again = show()
    again.restore(state)
    again.draw(Shown(moment=moment(PIXELS, 30, 20, 10)))
    assert again.chooser.currentText() == "output · 10 units"
    assert again.selected_unit == (3, 3)
    assert again.showing.learned()
    assert again.state() == state


@pytest.mark.parametrize(
    "state",
    [{}, {"layer": "x", "unit": -4, "showing": 3}, {"layer": 77, "unit": 99}, {"layer": -7, "unit": True}],
)
def test_a_state_that_makes_no_sense_does_no_harm(show: Show, state: dict[str, Any]) -> None:
    units = show(moment(PIXELS, 5, 10))
    units.restore(state)
    units.mosaic.grab()
    assert units.chooser.currentText().startswith("hidden 1")


def test_weights_that_are_no_numbers_leave_the_panel_calm(show: Show) -> None:
    broken = moment(PIXELS, 5, 10)
    for w in broken.network.weights:
        w[:] = np.nan
    units = show(broken)
    units.showing.set_value(WeightChoice.LEARNED)
    units.select(1, 2)
    units.mosaic.grab()
    assert units.reading.text().startswith("unit 3")


def test_a_change_of_the_look_reaches_every_picture(show: Show) -> None:
    units = show(moment(PIXELS, 5, 10))
    corner, legend = QPoint(0, 0), units.legend.grab().toImage()
    assert QColor(units.mosaic.grab().toImage().pixel(corner)).name() == LIGHT.card
    tile = units.mosaic.grab(units.mosaic.picture_rect(0)).toImage()
    units.set_theme(DARK)
    assert QColor(units.mosaic.grab().toImage().pixel(corner)).name() == DARK.card
    assert units.mosaic.grab(units.mosaic.picture_rect(0)).toImage() != tile
    assert units.legend.grab().toImage() != legend


def test_every_control_has_a_name_and_a_tooltip(show: Show) -> None:
    units = show(moment(PIXELS, 5, 10))
    assert_described(units)
    assert units.legend.toolTip()


# Keys, scrolling and bars


def test_page_keys_go_by_what_is_in_view(show: Show) -> None:
    units = show(moment(PIXELS, 2_000, 10))
    mosaic = units.mosaic
    mosaic.select(0)
    in_view = len(mosaic.shown_units())
    QTest.keyClick(mosaic, Qt.Key.Key_PageDown)
    first = mosaic.selected
    assert first is not None
    assert in_view / 2 < first <= in_view
    QTest.keyClick(mosaic, Qt.Key.Key_PageDown)
    assert mosaic.selected == 2 * first
    QTest.keyClick(mosaic, Qt.Key.Key_PageUp)
    assert mosaic.selected == first


def test_tab_goes_to_the_first_unit_in_view(show: Show) -> None:
    units = show(moment(PIXELS, 2_000, 10))
    mosaic = units.mosaic
    mosaic.verticalScrollBar().setValue(mosaic.verticalScrollBar().maximum() // 2)
    at, first = mosaic.verticalScrollBar().value(), mosaic.shown_units().start
    QCoreApplication.sendEvent(mosaic, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert mosaic.selected == first > 0
    assert at - mosaic.tile_rect(0).height() <= mosaic.verticalScrollBar().value() <= at


def test_scrolling_under_a_resting_mouse_reads_the_unit_that_comes_to_it(
    show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = show(moment(PIXELS, 2_000, 10))
    mosaic, place = units.mosaic, units.mosaic.tile_rect(5).center()
    monkeypatch.setattr(QCursor, "pos", lambda: mosaic.viewport().mapToGlobal(place))
    move_mouse(mosaic.viewport(), place)
    assert mosaic.pointed == 5
    mosaic.verticalScrollBar().triggerAction(QAbstractSlider.SliderAction.SliderSingleStepAdd)
    came = next(unit for unit in mosaic.shown_units() if mosaic.tile_rect(unit).contains(place))
    assert came > 5
    assert mosaic.pointed == came
    assert units.reading.text().startswith(f"unit {came + 1} ·")


def test_the_legend_says_what_its_colours_mean(show: Show) -> None:
    units = show(moment(PIXELS, 5, 10), moment(PIXELS, 5, 10, step=9))
    legend = units.legend
    assert (legend._low, legend._high) == ("says no", "says yes")
    units.showing.set_value(WeightChoice.LEARNED)
    assert (legend._low, legend._high) == ("fell", "rose")


def test_a_bar_to_the_right_says_yes_and_one_to_the_left_no(qtbot: QtBot) -> None:
    bars = Bars(LIGHT)
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
