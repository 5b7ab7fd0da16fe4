"""What was chosen ends once that is gone to which it belonged, and stays as long as it means the same."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnistviz.engine.mistakes.pins import Pin
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.futures.futures_view import FuturesView
from mnistviz.gui.layers.layers_view import LayersView
from mnistviz.gui.mistakes.against import ALONE, Opponent
from mnistviz.gui.mistakes.mistakes_view import Mistakes
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.pins.pins_view import Pins
from tests.gui.lab_by_hand import LabByHand


@pytest.fixture
def card(two_networks: LabByHand, qtbot: QtBot) -> NetworkCard:
    """The card with the second run, 784-12-8-10; the first one is 784-30-10."""
    lab = two_networks
    return lab.show(qtbot, NetworkCard(LIGHT, jobs=lab.jobs, questions=lab.questions), 1230, 460)


def test_a_unit_and_its_weight_end_with_a_network_that_has_it(
    two_networks: LabByHand, card: NetworkCard
) -> None:
    first, second = two_networks.runs.open
    two_networks.runs.select(first.number)
    card.select(1, 7)
    card.selection.choose_cell(3)
    two_networks.run_to(70)
    assert (card.selection.chosen_unit, card.selection.chosen_cell) == ((1, 7), 3), "the same network"
    two_networks.runs.select(second.number)
    assert (card.selection.chosen_unit, card.selection.chosen_cell) == ((1, 7), None)
    two_networks.runs.select(first.number)
    card.select(1, 20)
    two_networks.runs.select(second.number)
    assert card.selection.chosen_unit is None


def test_an_output_ends_with_a_network_that_has_it(two_networks: LabByHand, card: NetworkCard) -> None:
    card.selection.choose_output(7)
    two_networks.runs.select(two_networks.runs.open[0].number)
    assert card.selection.chosen_output == 7
    card.selection.keep_to((784, 30, 7))
    assert card.selection.chosen_output is None


@pytest.fixture
def mistakes(two_networks: LabByHand, qtbot: QtBot) -> Mistakes:
    """The tab with the second run against the first, and a digit of the gallery chosen."""
    view = two_networks.show(qtbot, Mistakes(LIGHT, two_networks), 1130, 260)
    view.compare_with(Opponent("run", two_networks.runs.open[0].number))
    two_networks.work()
    view.gallery.setFocus()
    QTest.keyClick(view.gallery, Qt.Key.Key_Right)
    two_networks.work()
    assert two_networks.chosen.now.mistakes.digit is not None
    return view


def test_a_digit_of_a_set_ends_with_the_set(two_networks: LabByHand, mistakes: Mistakes) -> None:
    digit = two_networks.chosen.now.mistakes.digit
    two_networks.run_to(130)
    two_networks.runs.select(two_networks.runs.open[0].number)
    two_networks.work()
    assert two_networks.chosen.now.mistakes.digit == digit, "it is the same digit in another run"
    mistakes.sets.actions["validation"].trigger()
    two_networks.work()
    assert two_networks.chosen.now.mistakes.digit is None


def test_a_training_digit_ends_with_the_digits_that_a_run_trains_on(
    two_networks: LabByHand, mistakes: Mistakes
) -> None:
    mistakes.compare_with(ALONE)
    mistakes.sets.actions["training"].trigger()
    two_networks.work()
    mistakes.gallery.walk(1)
    digit = two_networks.chosen.now.mistakes.digit
    assert digit is not None
    two_networks.runs.select(two_networks.runs.open[0].number)
    two_networks.work()
    assert two_networks.chosen.now.mistakes.digit == digit
    two_networks.run_to(20, Settings(classes_left_out=(4, 7)))
    assert two_networks.chosen.now.mistakes.digit is None


def test_the_run_that_digits_are_compared_with_ends_when_it_closes(
    two_networks: LabByHand, mistakes: Mistakes
) -> None:
    first = two_networks.runs.open[0].number
    two_networks.run_to(130)
    two_networks.work()
    assert mistakes.against.choice == Opponent("run", first)
    two_networks.runs.close(first)
    two_networks.work()
    assert mistakes.against.choice == ALONE
    assert mistakes.matrix.isVisible()


def test_a_run_is_not_compared_with_itself(two_networks: LabByHand, mistakes: Mistakes) -> None:
    two_networks.runs.select(two_networks.runs.open[0].number)
    two_networks.work()
    assert mistakes.against.choice == ALONE


def test_a_group_of_digits_ends_with_what_they_are_compared_with(
    two_networks: LabByHand, mistakes: Mistakes
) -> None:
    def ticked() -> list[str]:
        return [name for name, button in mistakes.group_card.buttons.items() if button.isChecked()]

    mistakes.group_card.buttons["only_a_wrong"].click()
    two_networks.run_to(130)
    two_networks.work()
    assert ticked() == ["only_a_wrong"]
    mistakes.compare_with(Opponent("start"))
    two_networks.work()
    assert ticked() == []


def test_layers_of_another_run_end_with_it(two_networks: LabByHand, qtbot: QtBot) -> None:
    lab = two_networks
    view = lab.show(qtbot, LayersView(LIGHT, lab), 1130, 260)
    first, second = lab.runs.open
    view.beside.choose(first.letter)
    lab.work()
    assert view.charts.content.beside_hue == LIGHT.runs[first.hue]
    lab.runs.select(first.number)
    lab.work()
    assert view.charts.content.beside_hue == "", "it is no other run now"
    lab.runs.select(second.number)
    lab.work()
    assert view.charts.content.beside_hue
    lab.runs.close(first.number)
    lab.work()
    lab.work()  # the layers of the one alone are asked for when it is drawn
    assert view.charts.content.beside_hue == ""


def test_a_story_of_a_pin_ends_with_its_run(two_networks: LabByHand, qtbot: QtBot) -> None:
    lab = two_networks
    view = lab.show(qtbot, Pins(LIGHT, lab), 900, 300)
    assert lab.digits is not None
    view.pinned.pin(Pin(lab.digits.test.images[3].tobytes()))
    lab.work()
    assert [row.letter for row in view.curves.content.rows] == ["A", "B"]
    lab.runs.close(lab.runs.open[0].number)
    lab.work()
    assert [row.letter for row in view.curves.content.rows] == ["B"]
    view.pinned.unpin(view.pins[0])
    lab.work()
    assert not view.curves.isVisible()


def test_a_guess_ends_with_the_moment_that_it_was_of(two_networks: LabByHand, qtbot: QtBot) -> None:
    lab = two_networks
    view = lab.show(qtbot, FuturesView(LIGHT, lab), 1_100, 260)
    lab.work()
    view.ask_action.setChecked(True)
    QTest.keyClick(view.misread, Qt.Key.Key_End)
    QTest.keyClick(view.misread, Qt.Key.Key_Return)
    assert view.misread.content is not None
    assert view.misread.content.guess.value is not None
    lab.run_to(130)
    lab.work()
    assert view.covered
    assert view.misread.content.guess.value is None


def test_a_plan_ends_where_one_goes_on_live_or_to_another_run(two_networks: LabByHand) -> None:
    lab = two_networks
    for leave in (lab.playhead.live_again, lambda: lab.runs.select(lab.runs.open[0].number)):
        lab.playhead.visit(50)
        lab.work()
        lab.settings.change({"eta": 0.7})
        assert lab.settings.draft.plan == {"eta": 0.7}
        leave()
        lab.work()
        assert lab.settings.draft.plan == {}
