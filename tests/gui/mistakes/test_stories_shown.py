"""When a digit was learned, as the tab *Mistakes* shows it: the story of one digit, and the map of all."""

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.mistakes.stories import learning_map, look_finer
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.theme import DARK, LIGHT, set_theme
from mnistviz.gui.lab.questions import recorded_run
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.mistakes import mistake_words
from mnistviz.gui.mistakes.digit_map import DigitMap, map_fields
from mnistviz.gui.mistakes.mistakes_view import Mistakes
from mnistviz.gui.mistakes.read_digits import newest_whole, read_digits
from tests.gui.children import child, known, said
from tests.gui.lab_by_hand import LabByHand


def test_fields_of_the_map_hold_each_digit_once() -> None:
    chance = np.random.default_rng(3)
    right, lost = chance.integers(0, 41, 500), chance.integers(0, 13, 500)
    fields = map_fields(right, lost, 40)
    assert fields.counts.sum() == 500
    assert (fields.across, fields.down) == (10, 8)
    assert fields.inside((0, 0), (19, 7)).all()
    assert fields.inside((4, 2), (4, 2)).sum() == fields.counts[2, 4]
    few = map_fields(np.array([0, 3, 3]), np.array([0, 1, 0]), 3)
    assert few.counts.tolist() == [[1, 0, 0, 1], [0, 0, 0, 1]]


@pytest.fixture
def view(lab: LabByHand, qtbot: QtBot) -> Mistakes:
    """The tab for a run with five measurements, with a digit that is misread."""
    for step in (20, 40, 60, 80):
        lab.run_to(step)
    view = lab.show(qtbot, Mistakes(lab), 1130, 260)
    view.gallery.walk(1)
    return view


def test_a_digit_has_a_mark_a_measurement_and_a_click_goes_there(view: Mistakes, lab: LabByHand) -> None:
    strip, number = view.chosen.story.strip, view.gallery.digit
    run, digits = known(lab.run), known(lab.digits)
    assert number is not None
    assert strip.story.steps.tolist() == [each.step for each in run.readings.of("test")]
    kept = [int(each.predictions[number]) for each in run.readings.of("test")]
    assert strip.story.right.tolist() == [each == digits.test.labels[number] for each in kept]
    where = QPoint(12 + round(0.5 * (strip.width() - 24)), 8)
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)
    assert lab.playhead.step == 40
    lab.work()
    assert said(view, "mistakes_note").endswith("mini-batch 40")
    QTest.keyClick(strip, Qt.Key.Key_Left)
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert lab.playhead.step == 30
    view.grab()


def test_the_story_of_a_restored_run_waits_for_its_moment(view: Mistakes, lab: LabByHand) -> None:
    chosen, shown, run = view.chosen, lab.shown, known(lab.run)
    marks = chosen.story.strip.story.labels
    read = read_digits(shown, newest_whole(shown, "test"))
    chosen.show_digit(replace(shown, moment=None, run=replace(run, moment=None)), read, view.gallery.digit)
    assert chosen.story.strip.story.labels != marks
    chosen.show_here(shown)
    assert chosen.story.strip.story.labels == marks


def test_the_colours_of_right_and_wrong_are_named_where_there_is_room(view: Mistakes) -> None:
    chosen = view.chosen
    assert chosen.legend.isVisible()
    child(chosen, QLabel, "chosen_digit_title").setText(10 * said(view, "chosen_digit_title"))
    set_theme(DARK, chosen)  # which has it find out anew what has room
    assert not chosen.legend.isVisible(), "the title comes first"
    chosen.show_digit(Shown(), None, None)
    set_theme(LIGHT, chosen)
    assert not chosen.legend.isVisible(), "there is no digit"


def test_a_closer_look_is_that_of_a_plain_loop_and_can_be_stopped(view: Mistakes, lab: LabByHand) -> None:
    card, number = view.chosen.story, view.gallery.digit
    run, digits = known(lab.run), known(lab.digits)
    assert number is not None
    before = card.strip.story.steps.tolist()
    card.strip.move_to(40)
    assert card.stretch == (40, 60)
    for stop in (card.finer.click, lambda: QTest.keyClick(view.gallery, Qt.Key.Key_Escape)):
        card.finer.click()
        assert card.finer.text() == "Cancel"
        stop()
        assert card.finer.text() == "Finer here"
    card.finer.click()
    lab.work()
    assert card.strip.story.steps.tolist() == sorted({*before, *range(40, 61)})
    found = known(look_finer(known(recorded_run(run, digits)), digits.test.images[number], 40, 60))
    steps = card.strip.story.steps
    right = card.strip.story.right[(steps >= 40) & (steps <= 60)]
    assert right.tolist() == (found.read == digits.test.labels[number]).tolist()
    assert card.stretch == (60, 80)
    card.strip.move_to(40)
    assert card.stretch is None
    assert not card.finer.isEnabled()
    view.grab()


@pytest.mark.parametrize("larger", [False, True])
def test_each_count_and_each_label_of_the_map_has_room(qtbot: QtBot, larger: bool) -> None:
    map = DigitMap(lambda begin, end: None)
    qtbot.addWidget(map)
    map.setStyleSheet(f"font-size: {17 if larger else 13}px")
    map.resize(435 if larger else 322, 250)  # as wide as in the smallest window
    right, lost = np.repeat(np.arange(173), 50), np.repeat(np.arange(173) % 45, 50)
    map.show_fields(map_fields(right, lost, 172), LIGHT.runs[0])
    fields = known(map.fields)
    assert fields.counts.max() > 99
    with watched() as painted:
        map.grab()
    assert all(each.fits for each in painted), [each.text for each in painted if not each.fits]
    told = {each.text for each in painted}
    assert {mistake_words.short_counts(int(count))[-1] for count in fields.counts.flat if count} <= told
    assert {"0–5", "measurements in which it was right"} <= told
    map.resize(map.width(), 110)
    with watched() as painted:
        map.grab()
    assert "times right" in {each.text for each in painted if each.fits}


def test_the_map_counts_all_digits_and_chooses_some(view: Mistakes, lab: LabByHand) -> None:
    view.overviews.actions["map"].trigger()
    assert said(view, "mistakes_title") == "How each digit was learned"
    run, digits, fields = known(lab.run), known(lab.digits), view.map_card.map.fields
    found = learning_map(run.readings.of("test"), digits.test)
    assert fields is not None
    assert said(view, "mistakes_note") == f"in {found.measurements} measurements"
    assert fields.counts.sum() == sum(found.counts.values()) == 300
    child(view, QPushButton, "map_group_never").click()
    assert said(view, "gallery_note") == f"{found.counts['never']} digits"
    never = (found.shares == 0).sum()
    assert found.counts["never"] == never
    map, left, no_key = view.map_card.map, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(map, left, no_key, map.room((0, 0)).center().toPoint())
    assert said(view, "gallery_title") == f"Right in 0 of {found.measurements}, lost 0 times"
    assert len(known(view.gallery.content).numbers) == never
    for _ in range(4):
        QTest.keyClick(map, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert said(view, "gallery_title") == f"Right in 0–4 of {found.measurements}, lost 0 times"
    view.grab()
    QTest.keyClick(map, Qt.Key.Key_Escape)
    assert said(view, "gallery_title") == "All misread digits"
    view.sets.actions["training"].trigger()
    assert "validation and test digits only" in said(view, "map_none")


def test_a_map_chosen_while_hidden_is_right(view: Mistakes, lab: LabByHand, small_digits: Digits) -> None:
    view.hide()
    fewer = small_digits.test.images[:100], small_digits.test.labels[:100]
    lab.data.use(replace(small_digits, name="other", checksum="other", test=DigitSet(*fewer)))
    lab.run_to(20)
    lab.chosen.choose("mistakes", overview="map")
    view.show()
    view.draw(lab.shown)
    assert known(view.map_card.map.fields).counts.sum() == 100
