"""The perceptron's page: what one finds there, and that it asks before it tells."""

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGraphicsSimpleTextItem, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from mnistviz.engine.ideas.perceptron import GATES, outputs
from mnistviz.gui.ideas.perceptron.perceptron_page import TRIES, PerceptronPage
from tests.gui.children import child
from tests.gui.ideas.conftest import all_texts, bare_page, click, drag, type_into


@pytest.fixture
def page(qtbot: QtBot) -> PerceptronPage:
    return bare_page(qtbot, PerceptronPage)


def set_numbers(page: PerceptronPage, *values: float) -> None:
    for part, value in zip((*page.weights[: page.count], page.bias), values, strict=True):
        part.take(value)


def try_biases(page: PerceptronPage, count: int, first: float = -0.5) -> None:
    for number in range(count):
        page.bias.take(first - number / 2)


def test_nand_is_noticed_and_a_near_miss_is_not(page: PerceptronPage) -> None:
    set_numbers(page, -2, -2, 2)  # 0 1 and 1 0 stay at 0, which does not fire
    assert not page.tasks.is_done("nand")
    page.choose_gate("and")
    set_numbers(page, -2, -2, 3)  # NAND, but AND is wished
    assert not page.tasks.is_done("nand")
    page.choose_gate("nand")
    assert not page.tasks.is_done("nand")
    page.bias.take(2.5)
    assert page.tasks.is_done("nand")
    page.choose_gate("or")
    page.back_button.click()
    assert page.numbers() == ((1, 1), 0.5), "it is put back, and what was done stays"
    assert page.gate == "nand"
    assert page.tasks.is_done("nand")


def test_numbers_are_typed_as_well_and_out_of_bounds_refused_in_words(page: PerceptronPage) -> None:
    for part, text in zip((*page.weights[:2], page.bias), ("-2", "-2", "3"), strict=True):
        type_into(part.field, text)
    assert page.numbers() == ((-2, -2), 3)
    assert page.tasks.is_done("nand")
    type_into(page.weights[0].field, "1000")
    assert page.numbers()[0][0] == -2
    assert any("100" in label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_the_line_is_dragged_and_turned_and_stays_on_its_side(page: PerceptronPage) -> None:
    page.plane.setFocus()
    QTest.keyClick(page.plane, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert page.bias.value() < 0.5, "keys move it, too"
    drag(page.plane, page.plane.middle, 0.75, 0.75)
    weights, bias = page.numbers()
    assert weights == (1, 1)
    assert abs(bias + 1.5) < 0.06
    before = outputs(weights, bias)
    assert before == GATES["and"]
    drag(page.plane, page.plane.turner, 0.75, 1.2)  # a quarter round and more, to upright
    weights, bias = page.numbers()
    assert weights[0] < -10 * abs(weights[1])
    assert outputs(weights, bias) == (1, 1, 0, 0) != before


def test_a_corner_shows_whether_it_agrees_and_the_main_button_goes_through_them(page: PerceptronPage) -> None:
    set_numbers(page, -2, -2, 3)
    assert "✗" not in all_texts(page.plane)
    page.choose_gate("xor")
    assert all_texts(page.plane).count("✗") == 1
    seen = []
    for _ in range(5):
        seen.append(page.chosen)
        page.main_button.click()
    assert seen == [3, 0, 1, 2, 3]
    click(page.plane.viewport(), page.plane.at(1, 0))
    assert "input 1 0" in page.reading.text()


def test_xor_is_told_after_a_while_of_trying_and_not_before(page: PerceptronPage) -> None:
    head = page.question
    assert not any(
        told in all_texts(page) for told in ("Three of four", "cannot make XOR", "No straight line")
    )
    child(head, QPushButton, "answer_yes").click()
    page.choose_gate("xor")
    try_biases(page, TRIES - 1)
    page.bias.take(page.bias.value())  # the same again is no other try
    assert head.asked is not None
    assert not page.tasks.is_done("xor")
    page.weights[0].take(3)
    assert page.tasks.is_done("xor")
    assert head.asked is None
    assert "cannot make XOR" in all_texts(page.tasks)
    page.ask_again()
    assert "cannot make XOR" not in all_texts(page.tasks), "it is asked again"
    child(head, QPushButton, "answer_yes").click()
    try_biases(page, TRIES)
    assert "cannot make XOR" in all_texts(page.tasks)
    assert "You said: yes." in all_texts(head)
    assert "Three of four" in all_texts(head)


def test_a_decision_weighs_three_wishes(page: PerceptronPage) -> None:
    page.gates["fair"].click()
    assert page.count == 3
    assert not page.plane.isVisible()
    set_numbers(page, 1, 1, 1, -1.5)  # any two of the three
    assert not page.tasks.is_done("decision")
    set_numbers(page, 2, 1, 1, -2.5)
    assert page.tasks.is_done("decision")
    page.gates["nand"].click()
    assert page.plane.isVisible()


def test_a_gate_of_one_s_own(page: PerceptronPage) -> None:
    click(page.table, page.table.cell(3, 3).center())
    assert page.gate == "own"
    assert page.wished == (1, 1, 1, 1)
    assert page.gates["own"].isChecked()
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert page.gate == "nand"
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    assert page.chosen == 0
    click(page.table, page.table.cell(2, 0).center())
    assert page.chosen == 2
    assert page.table.accessibleDescription() == "1 0, +1.50, 1, 1, ✓"


def test_show_me_solves_the_goal_turns_the_line_for_xor_and_ticks_nothing(page: PerceptronPage) -> None:
    for id in ("and", "or", "nand", "fair"):
        page.choose_gate(id)
        page.show_me_button.click()
        assert outputs(*page.numbers()) == page.wished
    page.choose_gate("xor")
    page.show_me_button.click()
    assert page.question.asked is None  # there is none, and it says so
    assert "No straight line" in all_texts(page.question)
    turns = child(page, QTimer, "turns")
    assert turns.isActive()
    for _ in range(72):
        turns.timeout.emit()
        assert "4 of 4" not in page.score.text()
    assert page.score.text().endswith("best 3")
    assert not turns.isActive()
    page.show_me()
    page.bias.take(1)
    assert not turns.isActive(), "the hand takes over"
    assert page.tasks.done_ids() == []


def test_without_weights_there_is_no_line_and_no_fault(page: PerceptronPage) -> None:
    set_numbers(page, 0, 0, 0)
    page.plane.grab()
    assert not page.plane.middle.item.isVisible()
    click(page.plane.viewport(), QPointF(40, 60))
    set_numbers(page, 1, 0, 0)
    assert page.plane.middle.item.isVisible()


def test_the_score_counts_while_the_line_moves_and_keeps_the_best(page: PerceptronPage) -> None:
    page.choose_gate("xor")
    assert page.score.text() == "2 of 4 right · best 2"
    page.bias.take(0)
    assert page.score.text() == "3 of 4 right · best 3"
    drag(page.plane, page.plane.middle, 1.3, 1.3)
    assert page.score.text() == "2 of 4 right · best 3"
    page.choose_gate("nand")
    assert page.score.text() == "1 of 4 right · best 1", "another target, another best"


def test_every_bar_of_the_sum_is_in_sight_over_an_axis_with_a_name_and_numbers(page: PerceptronPage) -> None:
    def words() -> set[str]:
        return {
            item.text() for item in page.bars.scene().items() if isinstance(item, QGraphicsSimpleTextItem)
        }

    assert {"sum: it fires above 0", "−2", "0", "2"} <= words()
    set_numbers(page, 40, 40, 10)
    assert {"−100", "0", "100"} <= words()
    set_numbers(page, -2, 3, -4)
    (left, right), (bottom, top) = page.bars.seen
    box = next(item for item in page.bars.scene().items() if isinstance(item, pg.BarGraphItem)).boundingRect()
    assert left < box.left() < box.right() < right
    assert bottom < box.top() < box.bottom() < top < box.bottom() + 0.5


def test_a_line_that_is_dragged_for_long_takes_no_memory(page: PerceptronPage) -> None:
    dots = [item for item in page.plane.scene().items() if isinstance(item, pg.ScatterPlotItem)]
    assert len(dots) == 3
    for number in range(30):
        page.plane.middle.moved(0.4 + 0.01 * number, 0.5)
        page.plane.grab()
    assert max(len(item.fragmentAtlas) for item in dots) == 0, "pictures of dots are kept by their pens"
