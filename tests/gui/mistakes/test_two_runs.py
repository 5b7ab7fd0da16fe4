"""Two runs, or two moments of one, digit by digit."""

from itertools import product
from math import isnan

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.moment import KeptReadings
from mnistviz.engine.verdicts import Verdict, compare_digits
from mnistviz.gui.common.choices import AgainstPart
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.tab_tools import TabTools
from mnistviz.gui.common.theme import DARK, LIGHT, set_theme
from mnistviz.gui.lab.in_card import Beside
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.lab.shown import Lifecycle
from mnistviz.gui.mistakes import against_words
from mnistviz.gui.mistakes.against import ALONE
from mnistviz.gui.mistakes.confusion_matrix import ConfusionMatrix
from mnistviz.gui.mistakes.group_card import GroupCard
from mnistviz.gui.mistakes.mistakes_view import Mistakes
from mnistviz.gui.mistakes.read_digits import (
    ALL_MISREAD,
    MatrixChoice,
    ReadSide,
    TwoReadings,
    at_equal_digits,
    newest_whole,
    read_digits,
)
from tests.gui.children import child, known, said
from tests.gui.lab_by_hand import LabByHand
from tests.gui.said.painted import drawing
from tests.gui.whose import whose


@pytest.fixture
def view(lab: LabByHand, qtbot: QtBot) -> Mistakes:
    """The tab with run B, which branched off run A, against A."""
    lab.run_to(40)
    lab.visit(20)
    lab.settings.change({"eta": 0.5})
    lab.runs.branch()
    lab.work()
    lab.run_to(40)
    view = lab.show(qtbot, Mistakes(lab), 1130, 260)
    view.compare_with(AgainstPart("run", "A"))
    lab.work()
    return view


def two_of(lab: LabByHand) -> TwoReadings:
    """What the newest measurements of A and B say of the test digits."""
    (a, b), shown = lab.runs.open, lab.shown.of_run
    read = known(read_digits(shown, b.readings.newest["test"]))
    return TwoReadings(
        ReadSide(a.letter, "", a.readings.newest["test"]), ReadSide(b.letter, "", read.found), read
    )


def test_training_digits_of_runs_with_others_are_not_compared(view: Mistakes, lab: LabByHand) -> None:
    view.sets.actions["training"].trigger()
    lab.work()
    assert view.group_card.isVisible(), "a branch trains on the same digits"
    lab.run_to(20, known(lab.run).settings.changed(classes_left_out=(4, 7)))
    view.compare_with(AgainstPart("run", "A"))
    lab.work()
    assert not view.group_card.isVisible()
    seen = [label.text() for label in view.findChildren(QLabel) if label.isVisible()]
    assert any(text.startswith("Run A trains on other digits") for text in seen)
    view.sets.actions["test"].trigger()
    lab.work()
    assert view.group_card.isVisible()


def test_four_groups_count_what_each_reads_right(view: Mistakes, lab: LabByHand) -> None:
    labels = known(lab.digits).test.labels
    a, b = (run.readings.newest["test"].predictions for run in lab.runs.open)
    assert said(view, "mistakes_title").endswith(f" differ on {(a != b).sum()}")
    for group, wanted in (
        ("both_right", (a == labels) & (b == labels)), ("only_a_wrong", (a != labels) & (b == labels)),
        ("only_b_wrong", (a == labels) & (b != labels)), ("both_wrong", (a != labels) & (b != labels)),
    ):  # fmt: skip
        button = known(view.findChild(QPushButton, f"verdicts_{group}"))
        button.click()
        assert button.accessibleName().endswith(f" {wanted.sum()}")
        assert sorted(known(view.gallery.content).numbers.tolist()) == np.flatnonzero(wanted).tolist()
        for theme in (DARK, LIGHT):
            set_theme(theme, view)
            view.grab()
    QTest.keyClick(view.gallery, Qt.Key.Key_Escape)
    assert said(view, "gallery_title") == "Read differently"


def test_each_verdict_stands_after_the_name_of_its_run(view: Mistakes) -> None:
    texts = [line.split()[2:5] for line in drawing(view.gallery) if line.startswith("text")][:4]
    for run, (left, top, letter), (x, y, _) in ("'A'", *texts[:2]), ("'B'", *texts[2:]):
        assert (letter, y) == (run, top)
        assert 8 < float(x) - float(left) < 20


def test_a_cell_has_the_hue_of_the_run_with_more_digits_there(view: Mistakes, lab: LabByHand) -> None:
    view.overviews.actions["matrix"].trigger()
    difference = two_of(lab).difference * ~np.eye(10, dtype=bool)
    hues = {run.letter: LIGHT.runs[run.hue] for run in lab.runs.open}
    assert len(hues) == 2
    for letter, at in (("A", difference.argmin()), ("B", difference.argmax())):
        cell = view.matrix.places.cell(*divmod(int(at), 10))
        assert whose(view.matrix, cell.topLeft() + QPointF(4, 4), hues) == letter
    check_signs(view, two_of(lab))


def check_signs(view: Mistakes, two: TwoReadings) -> None:
    """Each cell of the matrix says in words by how many digits B has more or fewer, and its gallery has those."""
    labels, a, b = two.read.digits.labels, two.a.found.predictions, two.b.found.predictions
    assert said(view, "mistakes_title") == "B − A"
    for true, read in product(range(10), repeat=2):
        more = int((b[labels == true] == read).sum() - (a[labels == true] == read).sum())
        told = view.matrix.told(MatrixChoice(true, read))
        assert two.difference[true, read] == more
        assert ("more" in told) == (more > 0)
        assert ("fewer" in told) == (more < 0)
        assert "because" not in told
    for choice in (ALL_MISREAD, MatrixChoice(9), MatrixChoice(None, 4), MatrixChoice(9, 4)):
        view.choose(choice)
        content = known(view.gallery.content)
        assert sorted(content.numbers.tolist()) == two.chosen(choice, "number").tolist()
        for number in content.numbers.tolist():
            assert a[number] != b[number]
            assert choice.true in (None, labels[number])
            assert choice.read in (None, a[number], b[number])
    view.grab()


def test_a_large_difference_is_told_in_a_narrow_cell(lab: LabByHand, view: Mistakes, qtbot: QtBot) -> None:
    """The cell with the strongest colour was empty: −108 is wider than a cell of a small window."""
    two = two_of(lab)
    difference = np.zeros((10, 10), np.int64)
    difference[4, 9], difference[9, 4], difference[2, 2], difference[3, 3] = -108, 108, -21, 34
    two.__dict__["difference"] = difference
    matrix = ConfusionMatrix(lambda choice: None)
    qtbot.addWidget(matrix)
    matrix.resize(360, 160)
    matrix.show_cells(against_words.difference_cells(two), LIGHT.runs[2], LIGHT.runs[1])
    hues = {"one": LIGHT.runs[2], "other": LIGHT.runs[1]}
    for place, hue in (((4, 9), "other"), ((9, 4), "one")):
        assert whose(matrix, matrix.places.cell(*place).topLeft() + QPointF(2, 2), hues) == hue
    for width, height, signs in ((360, 160, ("-", "")), (292, 160, ("-", "")), (600, 300, ("−", "+"))):
        matrix.resize(width, height)
        with watched() as heard:
            matrix.grab()
        cells = {matrix.choice_at(each.room.center()): each.text for each in heard if each.text}
        told = {cell: text for cell, text in cells.items() if cell and None not in (cell.true, cell.read)}
        fewer, more = signs  # which are left out, or short, in narrower letters
        assert told == {
            MatrixChoice(4, 9): f"{fewer}108", MatrixChoice(9, 4): f"{more}108",
            MatrixChoice(2, 2): "−21", MatrixChoice(3, 3): "+34",
        }  # fmt: skip


def test_the_digit_has_a_story_in_each_run(view: Mistakes, lab: LabByHand) -> None:
    """The branch has marks of its own only; a click on a mark of the other run goes to as many digits."""
    view.gallery.walk(1)
    number, card = known(view.gallery.digit), view.chosen.story
    a, b = lab.runs.open
    label = known(lab.digits).test.labels[number]
    for strip, run, first in ((card.other_strip, a, 0), (card.strip, b, 20)):
        kept = [each for each in run.readings.of("test") if each.step >= first]
        assert strip.story.steps.tolist() == [each.step for each in kept]
        assert strip.story.right.tolist() == [bool(each.predictions[number] == label) for each in kept]
    assert card.strip.story.begin == card.other_strip.story.leaves == 0.5
    assert card.other_strip.accessibleName() == "What the digit was read as along run A"
    assert card.strip.accessibleDescription().startswith("B: Epoch ")
    assert said(view, "other_story_told")
    assert said(view, "chosen_digit_told") == against_words.digit_told(two_of(lab), number)
    QTest.keyClick(card.other_strip, Qt.Key.Key_Home)
    assert card.other_strip.accessibleDescription().startswith("A: Epoch 0.00")
    QTest.keyClick(card.other_strip, Qt.Key.Key_Return)
    assert (lab.shown.number, lab.playhead.step) == (2, 0)
    view.compare_with(ALONE)
    assert not card.other_strip.isVisible()
    assert not card.strip.story.begin


def test_a_closer_look_is_taken_in_the_run_whose_story_was_used_last(view: Mistakes, lab: LabByHand) -> None:
    view.gallery.walk(1)
    card = view.chosen.story
    assert card.finer.text() == "Finer in B"
    QTest.keyClick(card.other_strip, Qt.Key.Key_End)
    QTest.keyClick(card.other_strip, Qt.Key.Key_Left)
    assert card.finer.text() == "Finer in A"
    begin, end = card.stretch or (0, 0)
    assert end > begin + 1
    told = said(view, "other_story_told")
    card.finer.click()
    lab.work()
    assert said(view, "other_story_told") == told
    own, other = card.strip.story.steps.tolist(), card.other_strip.story.steps.tolist()
    assert other[other.index(begin) : other.index(end) + 1] == list(range(begin, end + 1))
    assert own == [20, 30, 40]


def test_another_moment_of_the_run_is_read_where_it_was_not_measured(view: Mistakes, lab: LabByHand) -> None:
    view.compare_with(AgainstPart("step", known(lab.run).letter, 33))
    lab.work()
    assert said(view, "mistakes_title").startswith("then and now differ on ")
    assert said(view, "mistakes_note").endswith("at 33 and 40")
    only_then = child(view, QPushButton, "verdicts_only_a_wrong")
    assert "that mini-batch 40 reads right" in only_then.toolTip()
    lab.visit(38)
    assert said(view, "mistakes_title").startswith("then and here differ on ")
    lab.playhead.live_again()
    lab.work()
    assert not view.group_card.chance_button.isVisible()
    view.compare_with(AgainstPart("start"))
    lab.work()
    assert said(view, "mistakes_title").startswith("start and mini-batch 40 differ on ")
    assert "that mini-batch 40 reads right" in only_then.toolTip()
    assert said(view, "mistakes_note").endswith("at 0 and 40")
    view.compare_with(ALONE)
    assert said(view, "mistakes_title").endswith("misread")


def test_another_moment_can_be_typed(view: Mistakes, lab: LabByHand) -> None:
    assert not view.place.isVisible()
    next(each for each in view.compared_choices() if each.words == "against a moment …").choose()
    lab.work()
    assert said(view, "mistakes_title") == "then and now differ on 0"
    assert view.place.isVisible()
    for text, step in (("33", 33), ("-2", 31), ("epoch 0.2", 20)):
        QTest.keyClick(view.place, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(view.place, text)
        QTest.keyClick(view.place, Qt.Key.Key_Return)
        lab.work()
        assert view.against.choice == AgainstPart("step", "B", step)
        assert said(view, "mistakes_note").endswith(f"at {step} and 40")
        assert view.against_list.currentText() == f"against {step}"
    QTest.keyClicks(view.place, "41")
    QTest.keyClick(view.place, Qt.Key.Key_Return)
    assert view.place.error.startswith("The run ends at mini-batch 40")
    assert said(view, "mistakes_note").endswith("at 20 and 40")
    lab.runs.select(1)
    assert not view.place.isVisible()


def test_chance_is_counted_beside(view: Mistakes, lab: LabByHand) -> None:
    button = view.group_card.chance_button
    assert button.text() == "Is it more than chance?"
    button.click()
    assert button.text() == "Cancel"
    QTest.keyClick(view.gallery, Qt.Key.Key_Escape)
    assert button.text() == "Is it more than chance?"
    button.click()
    lab.work()
    told = said(view, "chance_told")
    verdict = known(view.chance.answer(known(view.pair)))
    assert verdict.source == "orders"
    assert told in against_words.chance_told(two_of(lab), verdict)
    lab.runs.branch()
    lab.run_to(50)
    lab.runs.select(2)
    lab.run_to(50)
    view.compare_with(AgainstPart("run", "C"))
    lab.work()
    assert said(view, "mistakes_title") == "C and B differ on 0"
    assert not view.group_card.chance_button.isVisible(), "they agree"


def test_runs_that_share_nothing_are_compared_as_two_networks(view: Mistakes, lab: LabByHand) -> None:
    """“That is more than chance” was said of twelve pairs out of twelve that differed only in the seed."""
    lab.run_to(40, known(lab.run).settings.changed(seed=77))
    view.compare_with(AgainstPart("run", "A"))
    lab.work()
    two = known(view.pair)[-1]
    view.group_card.chance_button.click()
    assert not view.chance.is_open, "the answer is there"
    verdict = known(view.chance.answer(known(view.pair)))
    only_a, only_b = len(two.groups.only_b_wrong), len(two.groups.only_a_wrong)
    assert isnan(verdict.margin)
    assert replace(verdict, margin=0.0) == replace(compare_digits(only_a, only_b, two.groups.of), margin=0.0)


@pytest.mark.parametrize(("height", "in_full"), [(240, True), (146, False), (110, False)])
def test_in_a_low_tab_the_counts_stay_readable_beside_what_chance_does(
    lab: LabByHand, view: Mistakes, qtbot: QtBot, height: int, in_full: bool
) -> None:
    """The four boxes were 13 pixels high, their numbers cut in half."""
    told = against_words.chance_told(two_of(lab), Verdict(0.01, 0.001, "orders", 10_000, 0.004))
    card = GroupCard(lambda group: None, list)
    qtbot.addWidget(card)
    card.setStyleSheet("font-size: 13px;")
    card.add_button(QPushButton("Mix the weights"))
    card.show_groups(two_of(lab))
    card.resize(270, height)
    card.show()
    card.show_chance(*told, offered=False, works=False)
    QApplication.processEvents()
    for button in card.buttons.values():
        assert button.height() >= button.fontMetrics().height() + 4
    assert said(card, "chance_told") in ((told[0],) if in_full else told[1:])
    assert card.bar.isHidden() == (height == 110)


@pytest.mark.parametrize("closed", [1, 2])
def test_the_question_of_chance_ends_with_its_pair(view: Mistakes, lab: LabByHand, closed: int) -> None:
    """The third run left A at the same step as B, and has been measured at the same one."""
    lab.runs.select(1)
    lab.visit(20)
    lab.settings.change({"eta": 0.7})
    lab.runs.branch()
    lab.run_to(40)
    for end in (lambda: lab.runs.select(3), lambda: lab.runs.close(closed)):
        lab.runs.select(2)
        view.compare_with(AgainstPart("run", "A"))
        lab.work()
        view.group_card.chance_button.click()
        assert view.chance.is_open
        end()
        lab.draw()
        assert not view.chance.is_open
    assert view.against.choice == ALONE


def test_while_it_learns_it_is_compared_after_as_many_digits(view: Mistakes, lab: LabByHand) -> None:
    """Though the other one has come farther, and was not read at that very moment."""
    lab.runs.select(1)
    lab.run_to(90)
    other = lab.run
    lab.runs.select(2)
    assert other is not None
    shown = lab.shown
    read = known(read_digits(shown, newest_whole(shown, "test")))
    kept = other.readings
    theirs = tuple(each for each in kept.of("test") if each.step != 40)
    assert theirs[-1].step > 40
    thinned = replace(other, readings=replace(kept, test=theirs))
    assert at_equal_digits(shown, thinned, read) is read
    learning = replace(shown, run=replace(known(lab.run), lifecycle=Lifecycle.LEARNING))
    assert not learning.rests
    assert at_equal_digits(learning, thinned, read).found.step == 30
    assert at_equal_digits(learning, replace(other, readings=KeptReadings()), read) is read, "never measured"


def test_the_card_is_told_which_network_stands_beside(view: Mistakes, lab: LabByHand) -> None:
    told: list[Beside | None] = []
    lab.listen(ChangeKind.IN_CARD, lambda: told.append(lab.in_card.beside))
    view.compare_with(ALONE)
    assert told == [None]
    view.compare_with(AgainstPart("run", "A"))
    first = lab.runs.open[0]
    assert first.moment is not None
    assert told[1:] == [Beside(first.moment, "A", "B")]
    view.hide()
    assert told[-1] is None
    view.show()
    lab.draw()
    assert told[-1] == Beside(first.moment, "A", "B")
    view.compare_with(AgainstPart("step", known(lab.run).letter, 33))
    lab.work()
    beside: Beside = known(told[-1])
    assert (beside.moment.step, beside.there, beside.here) == (33, "mini-batch 33", "")


def test_runs_at_different_places_are_compared_after_as_many_digits_and_one_that_was_closed_no_longer(
    view: Mistakes, lab: LabByHand
) -> None:
    assert said(view, "mistakes_note") == "of 300 test digits, both at mini-batch 40"
    lab.run_to(70)
    assert said(view, "mistakes_note") == "of 300 test digits, both at mini-batch 40"
    view.overviews.actions["matrix"].trigger()
    assert "40" in said(view, "mistakes_note")
    view.compare_with(ALONE)
    assert said(view, "mistakes_note").endswith("at mini-batch 70")
    words = [option.words for option in view.compared_choices()]
    assert words == ["not compared", "against A", "against start", "against a moment …"]
    view.compare_with(AgainstPart("run", "A"))
    lab.runs.close(1)
    lab.run_to(71)
    assert said(view, "mistakes_title").endswith("misread")
    assert view.against.choice == ALONE
    assert view.overviews.value() == "matrix"


def test_an_overview_hidden_by_groups_comes_back_without_them(view: Mistakes, lab: LabByHand) -> None:
    tools, control = view.tab_tools, view.overviews.control
    tools.setParent(view)
    tools.show()
    view.compare_with(ALONE)
    alone = tools.sizeHint().width()
    view.compare_with(AgainstPart("run", "A"))
    lab.work()
    assert tools.sizeHint().width() > alone
    tools.offer(view.order.control, on=False)
    tools.offer(view.views.control, on=False)
    tools.resize(tools.sizeHint().width(), 40)
    free = next(width for width in range(tools.width(), 0, -1) if _hides(tools, control, width))
    view.compare_with(ALONE)
    assert control.isVisible(), free
    tools.setParent(None)


def _hides(tools: TabTools, control: QWidget, width: int) -> bool:
    tools.resize(width, 40)
    return not control.isVisible()
