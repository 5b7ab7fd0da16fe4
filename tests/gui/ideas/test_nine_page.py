"""The page on parts of a nine: one paints, predicts, and looks into the layers."""

import json
from collections.abc import Callable

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollBar, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.ideas.detectors import BLANK, DETECTORS, Detector
from mnistviz.engine.network import Network
from mnistviz.gui.common.focus_order import tab_order
from mnistviz.gui.common.focus_ring import has_ring
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.ideas.ideas import Ideas
from mnistviz.gui.ideas.nine.count_figures import CountsFigure, Judgements
from mnistviz.gui.ideas.nine.nine_page import NinePage
from mnistviz.gui.ideas.nine.nine_words import longest_words
from mnistviz.gui.ideas.nine.painting import Painting
from mnistviz.gui.ideas.nine.parts_figure import greyed_part
from mnistviz.gui.ideas.parts.page_parts import SteadyText
from mnistviz.gui.lab.shown import Shown
from tests.examples import one_quick
from tests.gui.children import child, known
from tests.gui.ideas.conftest import (
    LEFT,
    OpenPage,
    answer,
    click,
    lab_of,
    painted_by,
    readable,
    type_into,
    work,
)


@pytest.fixture(autouse=True)
def learned_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long a network learns decides nothing here, nor on how many digits layers are read."""
    monkeypatch.setattr("mnistviz.engine.ideas.detectors.LEAST_DIGITS", 10_030)
    monkeypatch.setattr("mnistviz.engine.ideas.layer_readings.FITTED", 120)


@pytest.fixture
def page(open_page: OpenPage) -> NinePage:
    return open_page(NinePage)


def place(page: NinePage, number: int, row: int, column: int) -> QPoint:
    tile = page.canvas.tile(number)
    return (tile.topLeft() + QPointF(column + 0.5, row + 0.5) * (tile.width() / 28)).toPoint()


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
    digit = known(page.sums).digits.images[page.number]
    return replace(BLANK[0].painted(np.flatnonzero(digit > 128), 1), threshold=20.0)


def show_me(page: NinePage) -> None:
    page.show_me()
    work(page)


def is_blank(page: NinePage) -> bool:
    return all(each.is_blank for each in page.painting.detectors)


def weights(page: NinePage, number: int) -> np.ndarray:
    return page.painting.detectors[number].weights.reshape(28, 28)


def test_it_opens_blank_and_always_says_no(page: NinePage) -> None:
    assert is_blank(page)
    assert "learned to find “9”" in page.question.accessibleName()
    assert not page.main_button.isEnabled()
    assert page.counts.yours is not None
    assert (page.counts.yours.found, page.counts.yours.taken) == (0, 0)
    assert "a “9”" in readable(page)
    assert "always no" in readable(page)


def test_the_network_is_covered_until_one_has_said_what_it_will_show(page: NinePage) -> None:
    assert [page.row.learned, page.counts.learned, page.bars.rows[2][1]] == [None] * 3
    answer(page, "no_name")
    learned = known(page.learned)
    assert page.row.learned is learned
    said, signs = page.question.accessibleName(), learned.network.weights[1][0]
    assert "You said: no clear part." in said
    assert f"Units for “9”: {(signs > 0).sum()}; against it: {(signs < 0).sum()}." in said
    assert f"{100 * (1 - learned.wrong / 300):.2f} %" in said
    assert page.bars.rows[2][1] == learned.wrong
    assert page.main_button.text() == "Next digit"
    before = page.number
    page.main_button.click()
    assert page.number == before + 1
    page.question.again_button.click()
    assert page.row.learned is None, "it is asked once more"


def test_a_low_window_lists_the_open_page_and_scrolls_with_larger_text(open_page: OpenPage) -> None:
    page = open_page(NinePage, size=(1024, 440), dressed=True)
    ideas, figures = page.window(), child(page, QWidget, "nine_figures")
    entry, names = (child(ideas, QWidget, f"page_{id}") for id in ("nine", "names"))
    assert entry.visibleRegion().boundingRect().size() == entry.size()
    assert [each for each in tab_order(ideas) if type(each) is type(entry)] == [entry], (
        "arrows go to the others"
    )
    larger = ideas.font()
    larger.setPixelSize(20)
    ideas.setFont(larger)
    for _ in range(4):  # heights follow from widths
        QApplication.processEvents()
    assert (entry.isVisible(), names.isVisible()) == (False, True)
    bars = [bar for bar in ideas.findChildren(QScrollBar) if bar.isVisible() and bar.maximum()]
    assert [page.isAncestorOf(bar) for bar in bars] == [False]
    assert figures.height() >= bars[0].pageStep() - 2


def test_the_head_is_no_higher_than_the_words_of_the_page_need(page: NinePage) -> None:
    """In a small window with larger text each line that is kept free for nothing costs the figure one."""
    lines, details = longest_words("9")
    for which, texts in ((page.question.line, lines), (page.question.detail, details)):
        alone = SteadyText(room=texts)
        alone.setFont(which.font())
        assert all(which.heightForWidth(width) == alone.heightForWidth(width) for width in (300, 480, 900))
    answer(page, "whole")
    assert len(page.question.line.text()) in map(len, lines)  # with other figures
    assert page.question.detail.text() in details


def test_counts_are_named_and_there_is_no_bar_to_press_without_them(page: NinePage, qtbot: QtBot) -> None:
    page.counts.resize(600, 200)
    assert "Paint a part" in " ".join(painted_by(page.counts))
    paint(page, 1, (5, 10))
    assert {"“9”", "others", "judged wrong"} <= {*painted_by(page.counts)}
    figure = CountsFigure(lambda votes, own: None)
    qtbot.addWidget(figure)
    figure.resize(600, 200)
    assert not any(figure.takes(QPointF(x, y)) for x in range(5, 600, 30) for y in range(5, 200, 10))
    figure.show_judgements(Judgements(np.array([[9, 1], [8, 0]]), 1, (), "", 10, 0), None, "9")
    assert figure.takes(figure.bar(1, 0).center())


def test_small_tiles_with_larger_text_say_for_how_many_they_fire(page: NinePage) -> None:
    paint(page, 1, (5, 10))
    font = page.canvas.font()
    font.setPixelSize(17)
    page.canvas.setFont(font)
    page.canvas.resize(484, page.canvas.heightForWidth(484))
    with watched() as said:
        page.canvas.grab()
    assert len([text for text in said if text.text.endswith(" %")]) == 2
    assert all(text.fits for text in said)


def test_a_stroke_paints_without_gaps_and_all_digits_are_judged_at_once(page: NinePage) -> None:
    assert page.sums is not None
    paint(page, 1, (5, 10))
    assert page.canvas.current == 1
    assert weights(page, 1)[5, 10] == 1
    assert 1 <= weights(page, 1).sum() <= 4
    assert weights(page, 1).min() == 0
    assert page.counts.yours is not None
    fired, own = page.sums.fired()[1], page.sums.is_own
    assert (page.counts.yours.found, page.counts.yours.taken) == ((fired & own).sum(), (fired & ~own).sum())
    page.paint_tools.pens.buttons["no_ink"].click()
    paint(page, 1, (20, 10))
    assert weights(page, 1)[20, 10] == -1
    page.paint_tools.pens.buttons["rub_out"].click()
    paint(page, 1, (20, 10), (5, 10))
    assert is_blank(page)
    page.paint_tools.pens.buttons["ink"].click()
    paint(page, 0, (4, 4), (24, 24))  # by a fast hand
    assert weights(page, 0).diagonal()[4:25].all()
    page.paint_tools.brush.setValue(5)
    paint(page, 2, (14, 14))
    assert weights(page, 2).sum() > weights(page, 0).sum() / 4


def test_all_is_painted_by_keys(page: NinePage) -> None:
    canvas = page.canvas
    page.window().activateWindow()
    paint(page, 0, (5, 5))
    assert canvas.hasFocus()
    assert not has_ring(canvas), "whoever paints with the mouse needs none"
    page.undo()
    page.paint_tools.brush.setValue(1)
    row, column = canvas.spot
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Plus):
        QTest.keyClick(canvas, key)
    assert has_ring(canvas)
    at = (row - 1) * 28 + column - 1
    assert canvas.current == 1
    assert np.flatnonzero(weights(page, 1)).tolist() == [at]
    assert "Part 2" in canvas.accessibleDescription()
    assert "ink" in canvas.accessibleDescription()
    for key, weight in ((Qt.Key.Key_Minus, -1), (Qt.Key.Key_Return, 1), (Qt.Key.Key_0, 0)):
        QTest.keyClick(canvas, key)
        assert weights(page, 1).flat[at] == weight
    for _ in range(30):
        QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.spot[1] == 27
    QTest.keyClick(canvas, Qt.Key.Key_PageUp)
    assert canvas.current == 0


def test_the_caption_of_the_digit_stands_above_it_apart_from_the_names_of_rows(page: NinePage) -> None:
    paint(page, 0, (5, 5))
    with watched() as painted:
        page.canvas.grab()
    top, where = page.canvas.top, {each.shown: each.room for each in painted}
    assert next(room for text, room in where.items() if "a “9”" in text).bottom() <= top
    assert where["“9”"].top() > top


def test_strokes_thresholds_and_votes_are_taken_back_one_by_one(page: NinePage) -> None:
    undo = page.paint_tools.undo
    assert not undo.isEnabled()
    paint(page, 0, (5, 5), (9, 9))
    first = page.painting.detectors
    page.votes.buttons["any"].click()
    page.threshold.take(3.5)
    assert page.painting.detectors[0].threshold == 3.5
    QTest.keyClick(page.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.painting.detectors == first
    assert page.votes.buttons["any"].isChecked()
    undo.click()
    assert page.votes.buttons["all"].isChecked()
    undo.click()
    assert is_blank(page)
    assert not undo.isEnabled()
    page.paint_tools.pens.buttons["rub_out"].click()
    paint(page, 3, (5, 5))
    assert not undo.isEnabled(), "nothing was rubbed out"
    page.threshold.take(2.0)
    paint(page, 0, (5, 5))
    page.undo()
    assert page.painting.detectors[3].threshold == 0.0, "a stroke that did nothing is passed over"


def test_a_threshold_is_dragged_in_its_strip_and_typed(page: NinePage) -> None:
    put(page, perfect(page))
    strip, room = page.canvas.content.strips[0], page.canvas.strip(0)
    assert strip is not None
    click(page.canvas, room.center())
    near = (strip.high - strip.low) / room.width() + 0.5
    assert (
        page.threshold.value()
        == page.painting.detectors[0].threshold
        == pytest.approx(strip.value(0.5), abs=near)
    )
    type_into(page.threshold.field, "12.5")
    assert page.painting.detectors[0].threshold == 12.5
    assert "12.5" in readable(page)
    page.canvas.choose(2)
    assert page.threshold.value() == 0.0
    assert page.threshold.label.text() == "part 3 fires above"
    type_into(page.threshold.field, "1e9")
    assert page.threshold.error.text().startswith("part 3 fires above takes a number from −784")


@pytest.mark.parametrize("above", [0, 3, 6])
def test_a_threshold_is_dragged_by_its_knob_wherever_that_is_held(page: NinePage, above: int) -> None:
    put(page, perfect(page))
    canvas, painted = page.canvas, page.painting.detectors[0].weights
    knob = known(canvas.knob(0))
    begin = knob.toPoint() - QPoint(0, above)
    assert canvas.takes(QPointF(begin)), "the mouse becomes a hand"
    QTest.mousePress(canvas, LEFT, pos=begin)
    QTest.mouseMove(canvas, begin + QPoint(30, 0))
    QTest.mouseRelease(canvas, LEFT, pos=begin + QPoint(30, 0))
    assert known(canvas.knob(0)).x() == pytest.approx(knob.x() + 30, abs=2)
    assert page.painting.detectors[0].weights is painted, "no stroke was painted"
    assert canvas.knob(1) is None


def test_better_than_always_no_is_noticed_and_as_good_is_not(page: NinePage) -> None:
    assert page.sums is not None
    first = page.sums.digits.images[np.flatnonzero(page.sums.is_own)[0]]
    sharp = BLANK[0].painted(np.flatnonzero(first > 0), 1).painted(np.flatnonzero(first == 0), -1)
    put(page, replace(sharp, threshold=500.0))
    assert page.tasks.done_ids() == [], "it fires for none"
    put(page, replace(sharp, threshold=sharp.sum_of(first) - 0.5))
    assert page.sums.reading("all").taken == 0, "no other looks just like it"
    assert page.tasks.is_done("better")
    assert not page.tasks.is_done("found")


def test_show_me_looks_then_paints_an_example_and_ticks_nothing(page: NinePage) -> None:
    show_me(page)
    assert page.row.learned is not None
    assert is_blank(page)
    show_me(page)
    example, reading = page.painting.detectors, page.painting.reading()
    assert not any(each.is_blank for each in example)
    assert reading is not None
    assert reading.wrong < reading.own
    page.undo()
    assert is_blank(page)
    assert page.tasks.done_ids() == []
    put(page, *example)
    assert page.tasks.is_done("better"), "by hand it counts"


@pytest.fixture
def example(page: NinePage) -> NinePage:
    """A page with the example, which solves a task."""
    for _ in range(2):
        show_me(page)
    assert "better" in page.solved_by_show_me
    return page


def test_an_example_that_undo_or_its_thresholds_bring_back_ticks_nothing(example: NinePage) -> None:
    before = example.painting.detectors[0].threshold
    example.threshold.take(700.0)
    assert "better" not in example.solved_by_show_me, "it fires for none"
    example.undo()
    assert example.painting.detectors[0].threshold == before
    for threshold in (700.0, before):
        example.threshold.take(threshold)
    assert example.tasks.done_ids() == []
    paint(example, 0, (1, 1))
    example.threshold.take(700.0)
    example.undo()
    assert example.tasks.done_ids() == [], "nor with a pixel more"
    example.threshold.take(700.0)
    example.threshold.take(before)
    assert example.tasks.is_done("better"), "with a picture of one's own it counts"


def test_a_bar_shows_its_next_digit(page: NinePage) -> None:
    put(page, perfect(page))
    sums, counts, seen = page.sums, page.counts, set()
    assert sums is not None
    for _ in range(3):
        click(counts, counts.bar(1, 0).center())
        assert sums.is_own[page.number]
        assert sums.votes()[page.number] == 1
        seen.add(page.number)
    assert len(seen) == min(3, int((sums.is_own & (sums.votes() == 1)).sum()))
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(counts, key)
    assert not sums.is_own[page.number]
    assert sums.votes()[page.number] == 0
    assert "others" in counts.accessibleDescription()


def test_reset_rubs_all_out_and_asks_again(page: NinePage) -> None:
    answer(page, "whole")
    put(page, perfect(page))
    page.reset()
    assert is_blank(page)
    assert page.question.asked is not None
    assert page.row.learned is None
    assert not page.paint_tools.undo.isEnabled()
    assert not any(page.record().values()), "nothing is kept where nothing is painted"


def test_layers_are_covered_until_one_has_said_how_they_go(open_page: OpenPage) -> None:
    network = Network((784, 12, 9, 10), seed=2)
    network.weights[1][...] *= 2
    page = open_page(NinePage, network=network)
    page.open_scene("depth")
    assert page.layers.reading is None
    assert not page.main_button.isEnabled()
    assert not [text for text in painted_by(page.layers) if "." in text and "%" in text]
    show_me(page)
    assert page.told
    assert page.tasks.done_ids() == []
    page.question.again_button.click()
    answer(page, "rises")
    reading = known(page.depth_reading)
    assert page.layers.reading is reading
    assert [len(layer.units) for layer in reading.trained] == [784, 12, 9, 10]
    said = page.question.accessibleName()
    assert "You said: better." in said
    assert f"{100 * reading.trained[0].linear:.2f} %" in said
    assert page.tasks.is_done("layers")
    assert "120 training digits" in readable(page)
    page.question.again_button.click()
    assert page.layers.reading is None


def test_another_network_is_asked_about_and_one_that_learned_nothing_is_like_it(page: NinePage) -> None:
    page.open_scene("depth")
    answer(page, "falls")
    assert known(page.depth_reading).is_same
    assert "learned nothing yet" in page.question.accessibleName()
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
def test_a_network_that_cannot_be_examined_says_why_and_parts_go_on(open_page: OpenPage, kind: str) -> None:
    network = Network((784, 10) if kind == "no hidden layer" else (784, 5, 10))
    if kind == "no numbers":
        network.parameters[3] = np.nan
    page = open_page(NinePage, network=network)
    page.open_scene("depth")
    assert page.question.asked is None
    assert kind in readable(page) or "diverged" in readable(page)
    page.show_me()
    page.open_scene("parts")
    assert page.question.asked is not None
    assert page.show_me_button.isEnabled()
    paint(page, 0, (3, 3))
    assert not is_blank(page)


def test_without_digits_or_a_run_it_says_what_is_missing(
    open_page: OpenPage, small_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(NinePage, None)
    assert "no digits yet" in readable(page)
    page.show_me()
    page.reset()
    page.open_scene("depth")
    page.show_me()
    assert "there is none yet" in readable(page)
    page.open_scene("parts")
    monkeypatch.setattr("mnistviz.gui.lab.lab.Lab.shown", Shown(digits=small_digits))
    page.draw(page.lab.shown)
    paint(page, 0, (3, 3))
    assert not is_blank(page)
    answer(page, "whole")
    assert page.told
    page.open_scene("depth")
    assert "there is none yet" in readable(page)


def own_classes(digits: Digits, classes: int) -> Digits:
    """The same pictures, as a data set of so many classes."""
    training, validation, test = (
        DigitSet(each.images, each.labels % classes)
        for each in (digits.training, digits.validation, digits.test)
    )
    return Digits("own", training, validation, test, ("cat", "dog", "hen")[:classes], "own")


def one_class(digits: Digits) -> Digits:
    return replace(digits, test=DigitSet(digits.test.images[:9], np.zeros(9, np.uint8)))


@one_quick("classes", [2, 3])
def test_of_own_classes_the_last_is_asked(open_page: OpenPage, small_digits: Digits, classes: int) -> None:
    page = open_page(NinePage, own_classes(small_digits, classes))
    assert page.name == ("dog", "hen")[classes - 2]
    text = readable(page)
    assert f"“{page.name}”" in text
    assert "nine" not in text.lower()
    show_me(page)
    show_me(page)
    assert not page.painting.detectors[0].is_blank
    page.open_scene("depth")
    show_me(page)
    assert page.told


def test_with_one_class_there_is_no_question_and_without_a_nine_the_last_digit_is_asked_for(
    open_page: OpenPage, small_digits: Digits
) -> None:
    page = open_page(NinePage, one_class(small_digits))
    assert "two classes" in page.question.line.text()
    assert not page.main_button.isEnabled()
    paint(page, 0, (3, 3))
    page.show_me()
    page.reset()
    some = small_digits.test.labels < 8
    test = DigitSet(small_digits.test.images[some], small_digits.test.labels[some])
    page = open_page(NinePage, replace(small_digits, test=test))
    assert page.name == "7"
    assert "“7”" in readable(page)


def test_other_digits_cover_results_but_not_painting(page: NinePage, small_digits: Digits) -> None:
    answer(page, "whole")
    put(page, perfect(page))
    painted, lab = weights(page, 0), lab_of(page)
    lab.data.use(own_classes(small_digits, 3))
    lab.work()
    assert page.name == "hen"
    assert page.learned is None
    assert page.question.asked is not None
    assert np.array_equal(weights(page, 0), painted)
    lab.data.use(one_class(small_digits))
    lab.work()
    assert page.sums is None
    assert np.array_equal(weights(page, 0), painted)


def test_what_is_painted_is_there_again_at_the_next_start(open_page: OpenPage) -> None:
    page = open_page(NinePage)
    paint(page, 1, (5, 5), (5, 9))
    page.paint_tools.pens.buttons["no_ink"].click()
    paint(page, 1, (9, 5))
    page.canvas.threshold_moved(1, 3.5)
    page.votes.buttons["any"].click()
    again = open_page(NinePage)
    again.take_record(json.loads(json.dumps(page.record())))
    for own, other in zip(page.painting.detectors, again.painting.detectors, strict=True):
        assert (own.weights == other.weights).all()
        assert own.threshold == other.threshold
    assert {*weights(again, 1).flat} == {-1, 0, 1}
    assert again.painting.vote == "any"
    assert again.canvas.content.strips[1] is not None, "it is judged"
    assert not again.paint_tools.undo.isEnabled()
    assert again.votes.buttons["any"].isChecked()


def test_the_example_ticks_nothing_at_the_next_start_either(example: NinePage) -> None:
    kept = json.loads(json.dumps(example.record()))
    example.reset()
    example.take_record(kept)
    for threshold in (700.0, example.painting.detectors[0].threshold):
        example.threshold.take(threshold)
    assert example.tasks.done_ids() == []
    assert "better" in example.solved_by_show_me


@pytest.mark.long
def test_after_ideas_were_reset_undo_brings_back_what_was_painted(page: NinePage) -> None:
    paint(page, 2, (5, 5), (5, 9))
    painted = weights(page, 2)
    (ideas,) = (panel for panel in lab_of(page).panels if isinstance(panel, Ideas))
    undo: list[Callable[[], object]] = []
    ideas.offer_undo = lambda _text, _short, back: undo.append(back)
    ideas.reset()
    undo[0]()
    assert isinstance(ideas.page, NinePage)
    assert (weights(ideas.page, 2) == painted).all()
    assert ideas.page.canvas.content.strips[2] is not None


GOOD = {"weights": 784 * "+", "threshold": 2.5}
NO_THRESHOLDS: tuple[object, ...] = (float("nan"), float("inf"), -1e9, 10**400, "3", None, True)
BROKEN: tuple[object, ...] = (
    None, 7, "+", [], {"detectors": 5}, {"detectors": [None, 3, "+", [], {}]},
    {"detectors": [{"weights": each} for each in (783 * "+", 785 * "+", 784 * "x", 784 * [1])]},
    {"vote": "none"}, {"vote": ["all"], "detectors": {"0": GOOD}},
)  # fmt: skip


@pytest.mark.parametrize(
    ("record", "thresholds", "vote"),
    [
        *((broken, [None] * 4, "all") for broken in BROKEN),
        *(
            ({"detectors": [{**GOOD, "threshold": each}]}, [0.0, *3 * [None]], "all")
            for each in NO_THRESHOLDS
        ),
        ({"detectors": [{"weights": "?"}, *4 * [GOOD]], "vote": "but_one"}, [None, 2.5, 2.5, 2.5], "but_one"),
    ],
    ids=lambda _: "",
)
def test_what_makes_no_sense_in_a_file_is_blank_and_costs_no_more_than_itself(
    record: object, thresholds: list[float | None], vote: str
) -> None:
    painting = Painting()
    painting.take_record(record)
    assert [None if each.is_blank else each.threshold for each in painting.detectors] == thresholds
    assert painting.vote == vote


def test_each_blank_part_shows_the_nine_greyed_out_and_its_own_part_less_so() -> None:
    """The page opens with what is to be explained, and not with blank tiles."""
    digit = np.zeros((28, 28), dtype=np.uint8)
    digit[4:24, 10:18] = 200
    parts = [greyed_part(digit.ravel(), number) for number in range(DETECTORS)]
    for number, part in enumerate(parts):
        darkest = np.flatnonzero((part == part.max()).any(axis=1))
        assert (darkest[0], darkest[-1]) == (4 + 5 * number, 8 + 5 * number)
        assert ((part > 0) == (digit > 0)).all()
        assert part.max() < 100
