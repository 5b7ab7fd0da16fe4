"""The page on parts of a nine: one paints, predicts, and looks into the layers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.ideas.detectors import BLANK, Detector
from mnistviz.engine.network import Network
from mnistviz.gui.common.focus_ring import has_ring
from mnistviz.gui.common.painted_text import Painted, watched
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.ideas.ideas import Ideas
from mnistviz.gui.ideas.nine.count_figures import CountsFigure, Judgements
from mnistviz.gui.ideas.nine.nine_page import NinePage
from mnistviz.gui.ideas.nine.nine_words import longest_words
from mnistviz.gui.ideas.nine.painting import Painting
from mnistviz.gui.ideas.parts.page_parts import SteadyText
from mnistviz.gui.lab.shown import Shown
from tests.examples import one_quick
from tests.gui.ideas.conftest import OpenPage, all_texts, lab_of, work

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def learned_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long a network learns decides nothing here, nor on how many digits layers are read."""
    monkeypatch.setattr("mnistviz.engine.ideas.detectors.LEAST_DIGITS", 10_030)
    monkeypatch.setattr("mnistviz.engine.ideas.layer_readings.FITTED", 120)


@pytest.fixture
def page(open_page: OpenPage) -> NinePage:
    return opened(open_page)


def opened(open_page: OpenPage, **options: object) -> NinePage:
    found = open_page("nine", **options)
    assert isinstance(found, NinePage)
    return found


def answer(page: NinePage, id: str) -> None:
    button = page.findChild(QPushButton, f"answer_{id}")
    assert button is not None
    QTest.mouseClick(button, LEFT)
    page.main_button.click()
    work(page)


def readable(page: NinePage) -> str:
    with watched() as painted:
        page.grab()
    return "\n".join((all_texts(page), *(each.shown for each in painted)))


def place(page: NinePage, number: int, row: int, column: int) -> QPoint:
    tile = page.canvas.places().tile(number)
    cell = tile.width() / 28
    return (tile.topLeft() + QPointF((column + 0.5) * cell, (row + 0.5) * cell)).toPoint()


def paint(page: NinePage, number: int, *cells: tuple[int, int]) -> None:
    """Draws a line through pixels of a part."""
    canvas = page.canvas
    QTest.mousePress(canvas, LEFT, pos=place(page, number, *cells[0]))
    for cell in cells[1:]:
        QTest.mouseMove(canvas, place(page, number, *cell))
    QTest.mouseRelease(canvas, LEFT, pos=place(page, number, *cells[-1]))


def put(page: NinePage, *detectors: Detector) -> None:
    """Paints these, as the hand would."""
    for number, detector in enumerate(detectors):
        for sign in (1, -1):
            page.canvas.inked(number, np.flatnonzero(detector.weights == sign), sign)
        page.canvas.threshold_moved(number, detector.threshold)


def perfect(page: NinePage) -> Detector:
    """Orange where the first nine has ink: it fires for that digit at least."""
    assert page.sums is not None
    digit = page.sums.digits.images[page.number]
    return replace(BLANK[0].painted(np.flatnonzero(digit > 128), 1), threshold=20.0)


def painted_by(figure: QWidget) -> list[Painted]:
    """All text of a figure."""
    with watched() as found:
        figure.grab()
    return found


# It opens, and asks before it tells


def test_it_opens_blank_and_always_says_no(page: NinePage) -> None:
    assert all(each.is_blank for each in page.painting.detectors)
    assert page.tasks.done_ids() == []
    assert page.question.asked is not None
    assert not page.main_button.isEnabled()
    assert page.counts.yours is not None
    assert (page.counts.yours.found, page.counts.yours.taken) == (0, 0)
    assert "a “9”" in readable(page)
    assert "always no" in readable(page)


def test_the_network_is_covered_until_one_has_said_what_it_will_show(page: NinePage) -> None:
    assert page.row.learned is None
    assert page.counts.learned is None
    assert page.bars.rows[2][1] is None
    answer(page, "no_name")
    assert page.learned is not None
    assert page.row.learned is page.learned
    said = page.question.accessibleName()
    assert "You said: no clear part." in said
    share = 1 - page.learned.wrong / 300
    assert f"{100 * share:.2f} %" in said
    assert page.bars.rows[2][1] == page.learned.wrong
    assert page.main_button.text() == "Next digit"
    before = page.number
    page.main_button.click()
    assert page.number == before + 1
    page.question.again_button.click()
    assert page.row.learned is None, "it is asked once more"


def test_what_is_said_of_the_network_is_what_its_weights_are(page: NinePage) -> None:
    answer(page, "whole")
    assert page.learned is not None
    weights = page.learned.network.weights[1][0]
    said = page.question.accessibleName()
    assert f"Units for “9”: {(weights > 0).sum()}; against it: {(weights < 0).sum()}." in said


def test_in_a_low_window_the_list_shows_the_page_that_is_open(open_page: OpenPage) -> None:
    page = opened(open_page, size=(1024, 440), dressed=True)
    page.grab()
    entry = page.window().findChild(QWidget, "page_nine")
    assert entry is not None
    assert entry.visibleRegion().boundingRect().size() == entry.size()


def test_the_head_is_no_higher_than_the_words_of_the_page_need(page: NinePage) -> None:
    """In a small window with larger text each line that is kept free for nothing costs the figure one."""
    lines, details = longest_words("9")
    for which, texts in ((page.question.line, lines), (page.question.detail, details)):
        for width in (300, 480, 900):
            alone = SteadyText(room=texts)
            alone.setFont(which.font())
            assert which.heightForWidth(width) == alone.heightForWidth(width)
    answer(page, "whole")
    assert len(page.question.line.text()) in map(len, lines)  # with other figures
    assert page.question.detail.text() in details


def test_counts_are_named_and_have_one_scale(page: NinePage) -> None:
    page.counts.resize(600, 200)
    assert "Paint a part" in " ".join(each.text for each in painted_by(page.counts))
    paint(page, 1, (5, 10))
    said = {each.text for each in painted_by(page.counts)}
    assert {"“9”", "others", "judged wrong"} <= said


def test_without_counts_there_is_no_bar_to_press(qtbot: QtBot) -> None:
    figure = CountsFigure(LIGHT, lambda votes, own: None)
    qtbot.addWidget(figure)
    figure.resize(600, 200)
    assert not any(figure.takes(QPointF(x, y)) for x in range(5, 600, 30) for y in range(5, 200, 10))
    figure.show_judgements(Judgements(np.array([[9, 1], [8, 0]]), 1, (), "", 10, 0), None, "9")
    assert figure.takes(figure.bar(1, 0).center())


def test_bars_of_the_class_and_of_the_others_are_as_high_as_their_counts() -> None:
    counts = np.array([[9, 1_000], [8_991, 0]])
    judged = Judgements(counts, 1, (), "", 1_000, 0)
    heights = judged.heights()
    assert heights[1, 0] / heights[0, 1] == pytest.approx(8.991)
    assert heights.sum() == pytest.approx(1.0)


def test_small_tiles_with_larger_text_say_for_how_many_they_fire(page: NinePage) -> None:
    paint(page, 1, (5, 10))
    font = page.canvas.font()
    font.setPixelSize(17)
    page.canvas.setFont(font)
    page.canvas.resize(484, page.canvas.heightForWidth(484))
    said = painted_by(page.canvas)
    assert len([text for text in said if text.text.endswith(" %")]) == 2
    assert all(text.fits for text in said)


# Painting


def test_a_stroke_paints_and_all_digits_are_judged_at_once(page: NinePage) -> None:
    assert page.sums is not None
    paint(page, 1, (5, 10))
    assert page.canvas.current == 1
    weights = page.painting.detectors[1].weights.reshape(28, 28)
    assert weights[5, 10] == 1
    assert 1 <= weights.sum() <= 4
    assert weights.min() == 0
    assert page.counts.yours is not None
    found = page.sums.fired()[1]
    assert page.counts.yours.found == int((found & page.sums.is_own).sum())
    assert page.counts.yours.taken == int((found & ~page.sums.is_own).sum())
    page.paint_tools.pens.buttons["no_ink"].click()
    paint(page, 1, (20, 10))
    assert page.painting.detectors[1].weights.reshape(28, 28)[20, 10] == -1
    page.paint_tools.pens.buttons["rub_out"].click()
    paint(page, 1, (20, 10), (5, 10))
    assert page.painting.detectors[1].is_blank


def test_a_fast_hand_leaves_no_gaps(page: NinePage) -> None:
    paint(page, 0, (4, 4), (24, 24))
    weights = page.painting.detectors[0].weights.reshape(28, 28)
    assert all(weights[at, at] for at in range(4, 25))
    page.paint_tools.brush.setValue(5)
    paint(page, 2, (14, 14))
    assert page.painting.detectors[2].weights.sum() > weights.sum() / 4


def test_all_is_painted_by_keys(page: NinePage) -> None:
    canvas = page.canvas
    canvas.setFocus()
    page.paint_tools.brush.setValue(1)
    row, column = canvas.spot
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Plus):
        QTest.keyClick(canvas, key)
    at = (row - 1) * 28 + column - 1
    assert canvas.current == 1
    assert np.flatnonzero(page.painting.detectors[1].weights).tolist() == [at]
    assert "Part 2" in canvas.accessibleDescription()
    assert "ink" in canvas.accessibleDescription()
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    assert page.painting.detectors[1].weights[at] == -1
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert page.painting.detectors[1].weights[at] == 1
    QTest.keyClick(canvas, Qt.Key.Key_0)
    assert page.painting.detectors[1].is_blank
    for _ in range(30):
        QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.spot[1] == 27
    QTest.keyClick(canvas, Qt.Key.Key_PageUp)
    assert canvas.current == 0


def test_the_cursor_of_the_keys_is_seen_after_a_click_too(page: NinePage) -> None:
    canvas = page.canvas
    page.window().activateWindow()
    paint(page, 0, (5, 5))
    assert canvas.hasFocus()
    assert not has_ring(canvas), "whoever paints with the mouse needs none"
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert has_ring(canvas)


def test_the_caption_of_the_digit_stands_above_it_apart_from_the_names_of_rows(page: NinePage) -> None:
    paint(page, 0, (5, 5))
    with watched() as painted:
        page.canvas.grab()
    top = page.canvas.places().top
    where = {each.shown: each.room for each in painted}
    caption = next(room for text, room in where.items() if "a “9”" in text)
    assert caption.bottom() <= top
    assert where["“9”"].top() > top


def test_the_question_says_what_the_network_has_learned(page: NinePage) -> None:
    assert "learned to find “9”" in page.question.accessibleName()


def test_strokes_thresholds_and_votes_are_taken_back_one_by_one(page: NinePage) -> None:
    assert not page.paint_tools.undo.isEnabled()
    paint(page, 0, (5, 5), (9, 9))
    first = page.painting.detectors
    page.votes.buttons["any"].click()
    page.threshold.take(3.5)
    assert page.painting.detectors[0].threshold == 3.5
    QTest.keyClick(page.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.painting.detectors == first
    assert page.votes.buttons["any"].isChecked()
    page.paint_tools.undo.click()
    assert page.votes.buttons["all"].isChecked()
    page.paint_tools.undo.click()
    assert page.painting.detectors[0].is_blank
    assert not page.paint_tools.undo.isEnabled()
    page.paint_tools.pens.buttons["rub_out"].click()
    paint(page, 3, (5, 5))
    assert not page.paint_tools.undo.isEnabled(), "nothing was rubbed out"
    page.threshold.take(2.0)
    paint(page, 0, (5, 5))
    page.undo()
    assert page.painting.detectors[3].threshold == 0.0, "a stroke that did nothing is passed over"


def test_a_threshold_is_dragged_in_its_strip_and_typed(page: NinePage) -> None:
    put(page, perfect(page))
    strip, room = page.canvas.content.strips[0], page.canvas.strip(0)
    assert strip is not None
    QTest.mouseClick(page.canvas, LEFT, pos=room.center().toPoint())
    middle = strip.value(0.5)
    assert page.painting.detectors[0].threshold == pytest.approx(
        middle, abs=(strip.high - strip.low) / room.width() + 0.5
    )
    assert page.threshold.value() == page.painting.detectors[0].threshold
    field = page.threshold.field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "12.5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert page.painting.detectors[0].threshold == 12.5
    assert "12.5" in readable(page)
    page.canvas.choose(2)
    assert page.threshold.value() == 0.0
    assert page.threshold.label.text() == "part 3 fires above"


@pytest.mark.parametrize("above", [0, 3, 6])
def test_a_threshold_is_dragged_by_its_knob_wherever_that_is_held(page: NinePage, above: int) -> None:
    put(page, perfect(page))
    canvas, weights = page.canvas, page.painting.detectors[0].weights
    knob = canvas.knob(0)
    assert knob is not None
    begin = knob.toPoint() - QPoint(0, above)
    assert canvas.takes(QPointF(begin)), "the mouse becomes a hand"
    QTest.mousePress(canvas, LEFT, pos=begin)
    QTest.mouseMove(canvas, begin + QPoint(30, 0))
    QTest.mouseRelease(canvas, LEFT, pos=begin + QPoint(30, 0))
    moved = canvas.knob(0)
    assert moved is not None
    assert moved.x() == pytest.approx(knob.x() + 30, abs=2)
    assert page.painting.detectors[0].weights is weights, "no stroke was painted"
    assert canvas.knob(1) is None


def test_what_is_no_threshold_is_refused_by_the_name_of_its_part(page: NinePage) -> None:
    page.canvas.choose(1)
    field = page.threshold.field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "1e9")
    QTest.keyClick(field, Qt.Key.Key_Return)
    said = page.threshold.error.text()
    assert said.startswith("part 2 fires above takes a number from −784")


# Tasks


def test_better_than_always_no_is_noticed_and_as_good_is_not(page: NinePage) -> None:
    assert page.sums is not None
    own = int(np.flatnonzero(page.sums.is_own)[0])
    first = page.sums.digits.images[own]
    sharp = BLANK[0].painted(np.flatnonzero(first > 0), 1).painted(np.flatnonzero(first == 0), -1)
    put(page, replace(sharp, threshold=500.0))
    assert not page.tasks.is_done("better"), "it fires for none"
    put(page, replace(sharp, threshold=sharp.sum_of(first) - 0.5))
    assert page.sums.reading("all").taken == 0, "no other looks just like it"
    assert page.tasks.is_done("better")
    assert not page.tasks.is_done("found")


def test_show_me_looks_then_paints_an_example_and_ticks_nothing(page: NinePage) -> None:
    page.show_me()
    work(page)
    assert page.told
    assert page.row.learned is not None
    assert all(each.is_blank for each in page.painting.detectors)
    page.show_me()
    work(page)
    assert not any(each.is_blank for each in page.painting.detectors)
    assert page.sums is not None
    assert page.sums.reading(page.painting.vote).wrong < page.sums.reading(page.painting.vote).own
    assert page.tasks.done_ids() == []
    example = page.painting.detectors
    page.undo()
    assert all(each.is_blank for each in page.painting.detectors)
    page.votes.show_choice(page.painting.vote)
    put(page, *example)
    assert page.tasks.is_done("better"), "by hand it counts"


def shown_example(page: NinePage) -> NinePage:
    """A page with the example, which solves a task."""
    for _ in range(2):
        page.show_me()
        work(page)
    assert "better" in page.solved_by_show_me
    return page


def test_an_example_that_undo_brings_back_ticks_nothing(page: NinePage) -> None:
    shown_example(page)
    before = page.painting.detectors[0].threshold
    page.threshold.take(700.0)
    assert "better" not in page.solved_by_show_me, "it fires for none"
    page.undo()
    assert page.painting.detectors[0].threshold == before
    assert page.tasks.done_ids() == []
    paint(page, 0, (1, 1))
    page.threshold.take(700.0)
    page.undo()
    assert page.tasks.done_ids() == [], "nor with a pixel more"


def test_the_thresholds_of_an_example_moved_to_and_fro_tick_nothing(page: NinePage) -> None:
    shown_example(page)
    before = page.painting.detectors[0].threshold
    page.threshold.take(700.0)
    page.threshold.take(before)
    assert page.tasks.done_ids() == []
    page.threshold.take(700.0)
    paint(page, 0, (1, 1))
    page.threshold.take(before)
    assert page.tasks.is_done("better"), "with a picture of one's own it counts"


def test_a_bar_shows_its_next_digit(page: NinePage) -> None:
    put(page, perfect(page))
    sums = page.sums
    assert sums is not None
    counts = page.counts
    bar = counts.bar(1, 0).center().toPoint()
    seen = set()
    for _ in range(3):
        QTest.mouseClick(counts, LEFT, pos=bar)
        assert sums.is_own[page.number]
        assert sums.votes()[page.number] == 1
        seen.add(page.number)
    assert len(seen) == min(3, int((sums.is_own & (sums.votes() == 1)).sum()))
    counts.setFocus()
    QTest.keyClick(counts, Qt.Key.Key_Left)
    QTest.keyClick(counts, Qt.Key.Key_Down)
    QTest.keyClick(counts, Qt.Key.Key_Return)
    assert not sums.is_own[page.number]
    assert sums.votes()[page.number] == 0
    assert "others" in counts.accessibleDescription()


def test_reset_rubs_all_out_and_asks_again(page: NinePage) -> None:
    answer(page, "whole")
    put(page, perfect(page))
    page.reset()
    assert all(each.is_blank for each in page.painting.detectors)
    assert page.question.asked is not None
    assert page.row.learned is None
    assert not page.paint_tools.undo.isEnabled()


# Layer by layer


def test_layers_are_covered_until_one_has_said_how_they_go(open_page: OpenPage) -> None:
    network = Network((784, 12, 9, 10), seed=2)
    network.weights[1][...] *= 2
    page = opened(open_page, network=network)
    page.open_scene("depth")
    assert page.layers.reading is None
    assert not page.main_button.isEnabled()
    with watched() as painted:
        page.layers.grab()
    assert not [each.text for each in painted if "." in each.text and "%" in each.text]
    answer(page, "rises")
    reading = page.depth_reading
    assert reading is not None
    assert page.layers.reading is reading
    assert [len(layer.units) for layer in reading.trained] == [784, 12, 9, 10]
    said = page.question.accessibleName()
    assert "You said: better." in said
    assert f"{100 * reading.trained[0].linear:.2f} %" in said
    assert page.tasks.is_done("layers")
    assert "120 training digits" in readable(page)
    page.question.again_button.click()
    assert page.layers.reading is None


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ((0.6, 0.8, 0.9), "It rises: 60.00 % to 90.00 %."),
        ((0.9, 0.8, 0.6), "It falls: 90.00 % to 60.00 %."),
        ((0.6, 0.9, 0.6), "Best in the middle: 60.00 %, 90.00 %, 60.00 %."),
        ((0.9, 0.6, 0.9), "It goes up and down: 90.00 % to 90.00 %."),
        ((0.9, 0.9, 0.9), "No layer stands out: 90.00 % to 90.00 %."),
        ((0.9, float("nan"), 0.9), "no numbers"),
    ],
)
def test_words_claim_what_the_figure_shows(page: NinePage, shares: tuple[float, ...], said: str) -> None:
    from mnistviz.engine.ideas.layer_readings import DepthReading, LayerReading
    from mnistviz.gui.ideas.nine.nine_words import depth_result

    layers = tuple(LayerReading(share, np.empty(0)) for share in shares)
    others = tuple(LayerReading(share, np.ones(1)) for share in shares)
    came, asks = depth_result(DepthReading(layers, others, 5_000, 10_000))
    assert said in came
    assert "learned nothing" not in asks


def test_a_network_that_has_learned_nothing_is_said_to_be_like_the_untrained_one(page: NinePage) -> None:
    page.open_scene("depth")
    answer(page, "falls")
    assert page.depth_reading is not None
    assert page.depth_reading.is_same
    assert "learned nothing yet" in page.question.accessibleName()


def test_show_me_looks_into_the_layers_and_ticks_nothing(page: NinePage) -> None:
    page.open_scene("depth")
    page.show_me()
    work(page)
    assert page.told
    assert page.tasks.done_ids() == []


def test_another_network_is_asked_of_anew(page: NinePage) -> None:
    page.open_scene("depth")
    answer(page, "level")
    lab_of(page).show_network(Network((784, 7, 10), seed=4))
    page.take_newest()
    assert page.question.asked is not None
    assert page.layers.reading is None
    assert page.layers.sizes == (784, 7, 10)
    answer(page, "level")
    assert page.fitted.text()
    lab_of(page).show_network(Network((784, 10)))
    page.take_newest()
    assert not page.fitted.text(), "there is nothing to look into"


@pytest.mark.parametrize("kind", ["no hidden layer", "no numbers"])
def test_a_network_that_cannot_be_looked_into_says_why_and_parts_go_on(
    open_page: OpenPage, kind: str
) -> None:
    network = Network((784, 10) if kind == "no hidden layer" else (784, 5, 10))
    if kind == "no numbers":
        network.parameters[3] = np.nan
    page = opened(open_page, network=network)
    page.open_scene("depth")
    assert page.question.asked is None
    assert kind in readable(page) or "diverged" in readable(page)
    page.show_me()
    page.open_scene("parts")
    assert page.question.asked is not None
    assert page.show_me_button.isEnabled()
    paint(page, 0, (3, 3))
    assert not page.painting.detectors[0].is_blank


# Other data sets


def test_there_may_be_no_digits_yet(open_page: OpenPage) -> None:
    page = opened(open_page, digits=None)
    assert "no digits yet" in readable(page)
    page.show_me()
    page.reset()
    page.open_scene("depth")
    page.show_me()
    assert "there is none yet" in readable(page)


def test_without_a_run_parts_are_painted_and_layers_say_what_is_missing(
    open_page: OpenPage, small_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(open_page, digits=None)
    monkeypatch.setattr("mnistviz.gui.lab.lab.Lab.shown", Shown(digits=small_digits))
    page.draw(page.lab.shown)
    paint(page, 0, (3, 3))
    assert not page.painting.detectors[0].is_blank
    answer(page, "whole")
    assert page.told
    page.open_scene("depth")
    assert "there is none yet" in readable(page)


def own_classes(digits: Digits, classes: int) -> Digits:
    """The same pictures, as a data set of so many classes."""

    def named(part: DigitSet) -> DigitSet:
        return DigitSet(part.images, part.labels % classes)

    names = ("cat", "dog", "hen")[:classes]
    sets = named(digits.training), named(digits.validation), named(digits.test)
    return Digits("own", *sets, names, "own")


@one_quick("classes", [2, 3])
def test_in_own_classes_the_last_is_asked_for(
    open_page: OpenPage, small_digits: Digits, classes: int
) -> None:
    page = opened(open_page, digits=own_classes(small_digits, classes))
    name = ("dog", "hen")[classes - 2]
    assert page.name == name
    text = readable(page)
    assert f"“{name}”" in text
    assert "nine" not in text.lower()
    page.show_me()
    work(page)
    page.show_me()
    work(page)
    assert not page.painting.detectors[0].is_blank
    page.open_scene("depth")
    page.show_me()
    work(page)
    assert page.told


def test_with_one_class_there_is_no_question(open_page: OpenPage, small_digits: Digits) -> None:
    only = DigitSet(small_digits.test.images[:9], np.zeros(9, np.uint8))
    page = opened(open_page, digits=replace(small_digits, test=only))
    assert "two classes" in page.question.line.text()
    assert not page.main_button.isEnabled()
    paint(page, 0, (3, 3))
    page.show_me()
    page.reset()


def test_a_set_without_a_nine_asks_for_its_last_digit(open_page: OpenPage, small_digits: Digits) -> None:
    some = small_digits.test.labels < 8
    test = DigitSet(small_digits.test.images[some], small_digits.test.labels[some])
    page = opened(open_page, digits=replace(small_digits, test=test))
    assert page.name == "7"
    assert "“7”" in readable(page)


def test_other_digits_cover_what_was_found_and_keep_what_was_painted(
    page: NinePage, small_digits: Digits
) -> None:
    answer(page, "whole")
    put(page, perfect(page))
    weights = page.painting.detectors[0].weights
    lab = lab_of(page)
    lab.data.use(own_classes(small_digits, 3))
    lab.work()
    assert page.name == "hen"
    assert page.learned is None
    assert page.question.asked is not None
    assert np.array_equal(page.painting.detectors[0].weights, weights)
    only = DigitSet(small_digits.test.images[:9], np.zeros(9, np.uint8))
    lab.data.use(replace(small_digits, test=only))
    lab.work()
    assert page.sums is None
    assert np.array_equal(page.painting.detectors[0].weights, weights)


# What is kept


def test_what_is_painted_is_there_again_at_the_next_start(open_page: OpenPage) -> None:
    page = opened(open_page)
    paint(page, 1, (5, 5), (5, 9))
    page.paint_tools.pens.buttons["no_ink"].click()
    paint(page, 1, (9, 5))
    page.canvas.threshold_moved(1, 3.5)
    page.votes.buttons["any"].click()
    painted = page.painting
    again = opened(open_page)
    again.take_record(json.loads(json.dumps(page.record())))
    for own, other in zip(painted.detectors, again.painting.detectors, strict=True):
        assert (own.weights == other.weights).all()
        assert own.threshold == other.threshold
    assert set(again.painting.detectors[1].weights) == {-1, 0, 1}
    assert again.painting.vote == "any"
    assert again.canvas.content.strips[1] is not None, "it is judged"
    assert not again.paint_tools.undo.isEnabled()
    assert again.votes.buttons["any"].isChecked()


def test_where_nothing_is_painted_nothing_is_kept(page: NinePage) -> None:
    assert not any(page.record().values())
    paint(page, 0, (5, 5))
    page.reset()
    assert not any(page.record().values())


def test_the_example_ticks_nothing_at_the_next_start_either(page: NinePage) -> None:
    kept = json.loads(json.dumps(shown_example(page).record()))
    page.reset()
    page.take_record(kept)
    before = page.painting.detectors[0].threshold
    for threshold in (700.0, before):
        page.threshold.take(threshold)
    assert page.tasks.done_ids() == []
    assert "better" in page.solved_by_show_me


@pytest.mark.long
def test_after_ideas_were_reset_undo_brings_back_what_was_painted(open_page: OpenPage) -> None:
    page = opened(open_page)
    paint(page, 2, (5, 5), (5, 9))
    weights = page.painting.detectors[2].weights
    (ideas,) = (panel for panel in lab_of(page).panels if isinstance(panel, Ideas))
    undo: list[Callable[[], object]] = []
    ideas.offer_undo = lambda _text, _short, back: undo.append(back)
    ideas.reset()
    undo[0]()
    found = ideas.page
    assert isinstance(found, NinePage)
    assert (found.painting.detectors[2].weights == weights).all()
    assert found.canvas.content.strips[2] is not None


GOOD = {"weights": 784 * "+", "threshold": 2.5}


def restored(values: object) -> Painting:
    """What was painted, as a file says."""
    painting = Painting()
    painting.take_record(values)
    return painting


@pytest.mark.parametrize(
    "broken",
    [
        None,
        7,
        "+",
        [],
        {"detectors": 5},
        {"detectors": [None, 3, "+", [], {}]},
        {
            "detectors": [
                {"weights": 783 * "+"},
                {"weights": 785 * "+"},
                {"weights": 784 * "x"},
                {"weights": 784 * [1]},
            ]
        },
        {"vote": "none"},
        {"vote": ["all"], "detectors": {"0": GOOD}},
    ],
)
def test_what_makes_no_sense_in_a_file_is_blank(broken: object) -> None:
    painting = restored(broken)
    assert all(each.is_blank for each in painting.detectors)
    assert len(painting.detectors) == 4
    assert painting.vote == "all"


@pytest.mark.parametrize(
    "threshold", [float("nan"), float("inf"), -1e9, pytest.param(10**400, id="huge"), "3", None, True]
)
def test_a_threshold_that_makes_no_sense_is_0(threshold: object) -> None:
    painting = restored({"detectors": [{**GOOD, "threshold": threshold}]})
    assert not painting.detectors[0].is_blank
    assert painting.detectors[0].threshold == 0.0


def test_a_broken_part_costs_no_more_than_itself_and_a_fifth_is_passed_over() -> None:
    painting = restored({"detectors": [{"weights": "?"}, *4 * [GOOD]], "vote": "but_one"})
    assert [each.is_blank for each in painting.detectors] == [True, False, False, False]
    assert painting.detectors[3].threshold == 2.5
    assert painting.vote == "but_one"
