"""The tab *Pins*: what each open run answered to pinned pictures."""

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from mnistviz.engine.acts import BIAS, NOW, Edited, WeightEdit
from mnistviz.engine.digits import PIXELS, Digits
from mnistviz.engine.mistakes.pins import MOST_PINS, PictureAlong, Pin
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.choices import Choices, PinsPart
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.theme import DARK, LIGHT, set_theme
from mnistviz.gui.pins.pin_curves import PinCurves
from mnistviz.gui.pins.pins_view import Pins
from tests.gui.children import child, known, said
from tests.gui.lab_by_hand import LabByHand


def digit_pin(digits: Digits, number: int) -> Pin:
    test = digits.test
    return Pin(test.images[number].tobytes(), int(test.labels[number]), digits.checksum, "test", number)


def drawing(shade: int) -> Pin:
    return Pin(bytes([shade]) * PIXELS)


@pytest.fixture
def view(lab_by_hand: LabByHand, qtbot: QtBot, small_digits: Digits) -> Pins:
    """The tab for a run of 400 mini-batches, with a digit whose verdict changed."""
    lab_by_hand.run_to(400, Settings(training_digits=1_000))
    view = lab_by_hand.show(qtbot, Pins(lab_by_hand), 900, 260)
    for number in range(100):
        pin = digit_pin(small_digits, number)
        view.pinned.pin(pin)
        lab_by_hand.work()
        if view.curves.chosen is not None and view.curves.chosen[1].last > 0:
            return view
        view.pinned.unpin(pin)
    raise AssertionError("no verdict changed")


def test_each_open_run_has_a_row_with_outputs_at_kept_states(view: Pins, lab_by_hand: LabByHand) -> None:
    (row,) = view.curves.content.rows
    assert row.along is not None
    assert row.along.steps.tolist() == [0, *range(64, 385, 64), 400]
    lab_by_hand.runs.branch()
    lab_by_hand.work()
    assert [each.letter for each in view.curves.content.rows] == ["A", "B"]
    with watched() as painted:
        view.curves.grab()
    assert any(each.text.startswith("read as") for each in painted)
    assert all(each.fits for each in painted)
    set_theme(DARK, view)
    view.grab()
    view.hide()
    lab_by_hand.runs.close(lab_by_hand.run.number)
    view.show()  # by another tab, without a frame
    assert [each.letter for each in view.curves.content.rows] == ["A"]
    view.resize(900, 130)
    QApplication.processEvents()
    places = view.curves.place_of(1), view.curves.visibleRegion().boundingRect()
    assert places[0].bottom() <= places[1].bottom(), "a whole row"


def test_after_an_edit_the_last_outputs_are_of_the_network_now(view: Pins, lab_by_hand: LabByHand) -> None:
    lab_by_hand.runs.send(Edited(*NOW, WeightEdit(2, ((3, BIAS),), (40.0,))))
    lab_by_hand.work()
    lab_by_hand.work()
    (row,) = view.curves.content.rows
    assert row.along is not None
    assert row.along.steps[-1] == 400
    assert row.along.outputs[-1].argmax() == 3
    assert row.along.outputs[-1, 3] > 0.99


def test_right_and_wrong_have_the_colours_and_places_that_they_have_in_mistakes(view: Pins) -> None:
    (row,) = view.curves.content.rows
    along = PictureAlong(np.arange(4), 10 * np.arange(4), np.eye(10, dtype=np.float32)[[4, 4, 9, 9]])
    view.curves.show_content(
        replace(view.curves.content, rows=(replace(row, along=along, label=9),), digits=30)
    )
    with watched() as painted:
        image = view.curves.grab().toImage()
    wrong, right = (next(each.room for each in painted if each.text == text) for text in ("4 ✗", "9 ✓"))
    for piece, y, hue in ((wrong, wrong.bottom(), LIGHT.wrong), (right, right.top(), LIGHT.right)):
        x = round(piece.left() + 0.7 * piece.width())
        assert hue in {image.pixelColor(x, round(y) + beside).name() for beside in range(-3, 4)}
    assert view.legend.isVisible()
    view.pinned.pin(drawing(7))
    assert not view.legend.isVisible(), "of a drawing nobody knows what is right"


def test_a_change_is_a_place_to_go_to_by_mouse_and_by_keys(view: Pins, lab_by_hand: LabByHand) -> None:
    curves, chosen = view.curves, view.curves.chosen
    assert chosen is not None
    row, change = chosen
    y = round(curves.place_of(row.run).bottom()) - 8  # in the band, which is the lowest part of a row
    looks = {x: curves.prediction_at(QPointF(x, y)) for x in range(curves.width())}
    assert row.along is not None
    at = row.along.steps.tolist().index(change.step)
    x = next(x for x, look in looks.items() if look is not None and look[1] == at)
    QTest.mouseClick(curves, Qt.MouseButton.LeftButton, pos=QPoint(x + 1, y))
    assert lab_by_hand.playhead.step == change.step
    lab_by_hand.playhead.live_again()
    QTest.keyClick(curves, Qt.Key.Key_Home)
    QTest.keyClick(curves, Qt.Key.Key_Return)
    assert lab_by_hand.playhead.step == row.along.changes[0].step
    assert "Click to go there" in curves.accessibleDescription()
    lab_by_hand.work()
    marked = curves.grab().toImage()
    lab_by_hand.playhead.live_again()
    lab_by_hand.work()
    assert curves.grab().toImage() != marked, "the moment of the past is marked"
    lab_by_hand.runs.branch()
    lab_by_hand.work()
    curves.go(1, 64)
    assert (known(lab_by_hand.run).letter, lab_by_hand.playhead.step) == ("A", 64)


@pytest.mark.parametrize("picks", [False, True], ids=["by itself", "by a key"])
def test_the_change_of_the_selected_run_is_chosen_once_it_is_known_unless_one_was_chosen(
    view: Pins, picks: bool, qtbot: QtBot
) -> None:
    (row,) = view.curves.content.rows
    late = replace(row, run=2, letter="B", along=None)
    content = replace(view.curves.content, rows=(row, late), selected=2)
    curves = PinCurves(lambda run, step: None, lambda: None)
    qtbot.addWidget(curves)
    curves.show_content(content)
    assert curves.chosen is not None
    assert curves.chosen[0].run == row.run
    if picks:
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Home):
            QTest.keyClick(curves, key)
    curves.show_content(replace(content, rows=(row, replace(late, along=row.along))))
    assert curves.chosen is not None
    assert curves.chosen[0].run == (row.run if picks else 2)


def is_in_sight(view: Pins, number: int) -> bool:
    """Whether the row of a run is seen whole."""
    place, seen = view.curves.place_of(number).toRect(), view.curves.visibleRegion().boundingRect()
    return seen.top() <= place.top() + 1 and place.bottom() - 1 <= seen.bottom()


def test_the_selected_run_s_row_is_visible_and_has_the_keys(view: Pins, lab_by_hand: LabByHand) -> None:
    """The letters of the first row's head were cut: the list had scrolled to the last row."""
    for _ in range(4):
        branch = known(lab_by_hand.runs.branch())
        for _ in range(2):
            lab_by_hand.work()
        assert view.curves.content.rows[-1].along is not None
        assert is_in_sight(view, branch.number), "once it has answered"
    first, last = (lab_by_hand.runs.open[at].number for at in (0, -1))
    for height in (900, 260):  # there all rows are in sight, and nothing is scrolled
        view.resize(900, height)
        view.grab()
        assert is_in_sight(view, last)
    for number in (first, last):
        lab_by_hand.runs.select(number)
        lab_by_hand.work()
        assert known(view.curves.chosen)[0].run == number
        assert is_in_sight(view, number)
    view.hide()
    view.show()
    for _ in range(2):
        lab_by_hand.work()
    view.grab()
    assert is_in_sight(view, first), "it opens at its top"
    assert not is_in_sight(view, last)
    QTest.keyClick(view.curves, Qt.Key.Key_Left)
    QTest.keyClick(view.curves, Qt.Key.Key_End)
    assert is_in_sight(view, last)


def test_a_closer_look_finds_the_mini_batch_and_can_be_stopped(view: Pins, lab_by_hand: LabByHand) -> None:
    chosen = known(view.curves.chosen)
    begin, end = chosen[1].last, chosen[1].step
    view.finer.click()
    assert view.finer.text().startswith("Cancel")
    QTest.keyClick(view.list, Qt.Key.Key_Escape)
    assert view.finer.text() == "Finer here"
    view.finer.click()
    lab_by_hand.work()
    assert set(range(begin, end + 1)) <= set(known(view.curves.content.rows[0].along).steps.tolist())
    assert len(view.curves.content.rows[0].fine) == 1
    view.grab()


def test_a_story_stays_with_its_run_and_its_branch(view: Pins, lab_by_hand: LabByHand, qtbot: QtBot) -> None:
    view.finer.click()
    lab_by_hand.work()
    shown = known(view.curves.content.rows[0].along)
    assert lab_by_hand.run is not None
    (kept,) = [each for each in lab_by_hand.run.stories if each.pixels == view.pins[0].pixels]
    np.testing.assert_array_equal(kept.along.steps, shown.steps[:-1])  # what is at the end may change
    lab_by_hand.training.race.runs[1].recorder.thin()
    lab_by_hand.run_to(450)
    view.hide()
    again = lab_by_hand.show(qtbot, Pins(lab_by_hand), 900, 260)
    lab_by_hand.work()
    later = known(again.curves.content.rows[0].along)
    assert later.steps.tolist() == [*kept.along.steps.tolist(), 450]
    assert later.until(450).changes == kept.along.changes
    assert kept.along.changes
    assert later.stretches == shown.stretches
    lab_by_hand.visit(300)
    lab_by_hand.runs.branch()
    lab_by_hand.work()  # which draws it at the end
    lab_by_hand.work()
    branch = known(again.curves.content.rows[1].along)
    assert branch.steps.tolist() == [*kept.along.steps[kept.along.steps < 300].tolist(), 300]


def test_nothing_is_asked_while_it_is_hidden(view: Pins, lab_by_hand: LabByHand) -> None:
    view.hide()
    before = view.curves.content
    lab_by_hand.run_to(500)
    assert view.curves.content is before
    view.show()
    lab_by_hand.work()  # which draws it at the end
    lab_by_hand.work()
    assert known(view.curves.content.rows[0].along).steps[-1] == 500


def test_eight_pins_are_the_most_and_each_can_be_taken_away(view: Pins) -> None:
    while len(view.pins) < MOST_PINS:
        assert view.pinned.pin(drawing(len(view.pins)))
    assert not view.pinned.pin(drawing(99))
    assert view.list.currentRow() == MOST_PINS - 1
    view.resize(900, 150)
    item = known(view.list.currentItem())
    assert view.list.viewport().rect().contains(view.list.visualItemRect(item)), "it stays in sight"
    for _ in range(MOST_PINS):
        QTest.keyClick(view.list, Qt.Key.Key_Delete)
    assert view.pins == ()
    assert child(view, QLabel, "pins_empty").isVisible()
    assert "press the star below it (N)" in said(view, "pins_empty")


def test_pins_come_back_from_what_is_kept(view: Pins, lab_by_hand: LabByHand) -> None:
    view.pinned.pin(drawing(3))
    chosen, pins = lab_by_hand.chosen, view.pins
    kept = chosen.now
    chosen.restore(Choices(pins=PinsPart(({"pixels": "?"},))))
    assert view.pins == ()
    chosen.restore(Choices(pins=PinsPart((*kept.pins.pins, *kept.pins.pins, {}))))
    assert view.pins == pins


def test_a_diverged_run_is_shown_as_far_as_it_has_numbers(lab_by_hand: LabByHand, qtbot: QtBot) -> None:
    lab_by_hand.runs.begin(Settings(eta=1e30, activation="relu", output="sigmoid", training_digits=1_000))
    lab_by_hand.work()
    view = lab_by_hand.show(qtbot, Pins(lab_by_hand), 700, 200)
    view.pinned.pin(drawing(9))
    lab_by_hand.work()
    row = view.curves.content.rows[0]
    assert row.along is not None
    bad = PictureAlong(
        np.array([0, 1]), np.array([0, 10]), np.stack([row.along.outputs[0], np.full(10, np.nan, np.float32)])
    )
    view.curves.show_content(
        replace(view.curves.content, rows=(replace(row, along=bad, told=lambda at: ""),))
    )
    with watched() as painted:
        view.curves.grab()
    assert not any("nan" in each.text for each in painted)
