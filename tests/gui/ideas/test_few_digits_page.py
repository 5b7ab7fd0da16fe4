"""The page on few digits: what one finds there, and that it asks before it tells."""

import math

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QPushButton

from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.ideas.few_digits import DRAWS, Draw, DrawGroup, find_group, fresh, sizes_up_to, whole
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Trainer
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.ideas.few_digits.few_digits_figures import Measure
from mnistviz.gui.ideas.few_digits.few_digits_page import FAR_OFF, FewDigitsPage
from mnistviz.gui.ideas.few_digits.few_digits_words import angle_text, ten_outcome
from mnistviz.gui.ideas.page import SceneOutcome
from tests.gui.children import child, known
from tests.gui.ideas.conftest import OpenPage, all_texts, answer, click, drag, type_into, work


@pytest.fixture(autouse=True)
def timed_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long a step is timed decides nothing here."""
    monkeypatch.setattr("mnistviz.engine.ideas.few_digits._TIMED", 0.001)


@pytest.fixture(scope="module")
def learned(small_digits: Digits) -> Network:
    """A network that reads its training digits nearly by heart: their gradients almost cancel."""
    network = Network((784, 30, 10), seed=3)
    trainer = Trainer(network, Settings(sizes=(784, 30, 10), seed=3, eta=3.0), small_digits.training)
    for _ in range(3_000):
        trainer.step()
    return network


@pytest.fixture
def page(open_page: OpenPage) -> FewDigitsPage:
    return open_page(FewDigitsPage)


@pytest.fixture
def deep(open_page: OpenPage, learned: Network) -> FewDigitsPage:
    """The page on a trained network."""
    return open_page(FewDigitsPage, network=learned)


def look(page: FewDigitsPage) -> None:
    """The main button is pressed, and the outcome told."""
    page.press_main()
    work(page)
    assert page.told


def predict_many(page: FewDigitsPage) -> None:
    """The question of ten digits is answered, then that of many by the flag."""
    answer(page, "near")
    page.question.next_button.click()
    plot, flag = page.cloud, page.cloud.flag
    plot.grab()
    drag(plot, flag, flag.x, flag.y - 30 * plot.pixel[1])
    look(page)


def laid(page: FewDigitsPage, m: int, angle: float, of: int = -1, count: int = DRAWS) -> None:
    """Lays draws of m digits at an angle before the page, as if they had been made of a network."""
    made = tuple(Draw(m, number, angle, 1.0, 1.0) for number in range(count))
    page.groups[of].append(DrawGroup(m, made, (1,) * len(made), 5.0))
    page.outcomes["ten"] = SceneOutcome()  # what ten digits do is known by then
    page._check_narrow()


def dots(page: FewDigitsPage) -> int:
    return len(page.cloud.draw_dots.getData()[1])


def test_nothing_is_drawn_and_nothing_told_before_the_first_answer(page: FewDigitsPage) -> None:
    assert not page.main_button.isEnabled()
    assert page.draws == []
    assert page.dials.isVisible(), "dials stand there at once"
    assert [group for row in page.dials.rows for group in row.groups] == [None] * 6
    assert "‖∇C‖" not in page.dials.rows[0].note
    assert "sideways" not in all_texts(page)
    answer(page, "near")
    assert page.dials.rows[1].groups == (None,) * 3, "the lab's network has learned nothing"
    assert "learned nothing" in page.dials.rows[1].note
    angles = [draw.angle for draw in page.draws_of(10)]
    assert len(angles) == DRAWS
    assert "You said below 15°" in all_texts(page.question)
    assert f"{round(min(angles))}° to {round(max(angles))}° off" in all_texts(page.question)


def test_many_digits_are_nowhere_before_the_flag_which_stays_beside_what_came(page: FewDigitsPage) -> None:
    answer(page, "near")
    type_into(page.m.field, str(page.cloud.flag_at))
    assert len(page.draws_of(page.cloud.flag_at)) == DRAWS
    page.measures.buttons["length"].click()
    assert dots(page) == 3 * DRAWS
    assert "off by" not in page.reading.text()
    page.question.next_button.click()
    cloud = page.cloud
    assert page.measures.buttons["off"].isChecked()
    assert dots(page) == len(cloud.shown_draws) == DRAWS, "those of ten alone"
    assert max(cloud.draw_dots.getData()[0]) < math.log10(20)
    assert page.reading.text() == "", "from angle and length it could be worked out"
    assert "√" not in all_texts(cloud)
    assert "off by" not in all_texts(page)
    assert not page.all_sizes.isEnabled()
    assert "press Look first" in " ".join(page.all_sizes.toolTip().split()), "it says what it waits for"
    assert not page.main_button.isEnabled(), "the flag has not been moved"
    assert abs(math.log10(cloud.predicted() / known(cloud.whole).expected(cloud.flag_at))) > 0.2
    cloud.flag.drag(0.0, 0.5)
    look(page)
    x, y = cloud.ghost_dot.getData()
    assert (x[0], 10 ** y[0]) == pytest.approx((math.log10(cloud.flag_at), cloud.predicted()))
    assert "You said: off by" in all_texts(page.question)
    assert dots(page) == 3 * DRAWS
    assert "off by" in page.reading.text()
    assert page.tasks.is_done("flag")
    assert "√(1/m − 1/n)" in all_texts(cloud)


def test_the_time_of_an_epoch_is_hidden_before_a_prediction_and_taken_again(page: FewDigitsPage) -> None:
    predict_many(page)
    page.measures.buttons["epoch"].click()
    assert not page.cloud.prices
    assert " ms" not in all_texts(page)
    page.question.next_button.click()
    answer(page, "same")
    first = page.cloud.prices
    assert [price.m for price in first] == [*sizes_up_to(1_003)]
    assert page.tasks.is_done("epoch")
    assert " ms" in all_texts(page.question)
    assert page.main_button.text() == "Time again"
    look(page)
    assert page.cloud.prices is not first
    assert "You said about the same" in all_texts(page.question)


def test_a_figure_that_is_opened_asks_its_own_question(page: FewDigitsPage) -> None:
    asked = set()
    for measure in ("epoch", "off", "angle"):
        page.measures.buttons[measure].click()
        asked.add(known(page.question.asked).id)
    assert asked == {"epoch", "flag", "ten"}
    page.measures.buttons["epoch"].click()
    page.show_me_button.click()
    work(page)
    assert page.told
    assert page.measures.buttons["epoch"].isChecked()
    assert page.cloud.prices
    assert page.cloud.isVisible()
    assert page.draws == []
    page.measures.buttons["off"].click()  # before that of ten: no dot at all to go by
    assert page.cloud.isVisible()
    assert page.cloud.flag.item.isVisible()
    assert abs(page.cloud.predicted() / FAR_OFF - 1) < 0.01
    page.cloud.flag.drag(0.0, 0.5)
    look(page)
    assert page.measures.buttons["off"].isChecked()
    assert "°" not in page.reading.text()
    page.measures.buttons["angle"].click()
    assert known(page.question.asked).id == "ten"
    assert page.dials.isVisible()
    assert page.dials.rows[0].groups == (None, None, None), "its arrows wait for the answer"


def test_one_looks_where_the_dots_are_and_an_answer_waits_for_its_figure(page: FewDigitsPage) -> None:
    child(page.question, QPushButton, "answer_square").click()
    page.measures.buttons["epoch"].click()
    assert not page.main_button.isEnabled(), "that answer was to another question"
    page.measures.buttons["length"].click()
    assert page.prediction == "square"
    page.main_button.click()
    assert page.measures.buttons["angle"].isChecked()
    work(page)
    assert page.told
    assert all(group is not None for group in page.dials.rows[0].groups)
    assert page.dials.isVisible()
    for _ in range(2):
        assert "You said 60° to 120°" in all_texts(page.question)
        for measure in ("off", "angle"):
            page.measures.buttons[measure].click()


def test_dots_are_the_gradients_of_the_lab_s_network(page: FewDigitsPage, small_digits: Digits) -> None:
    answer(page, "any")
    network, own = known(page.taken).network, page.draws_of(10)[3]
    all_of_them = whole(network, small_digits.training)
    (drawn,) = find_group(network, small_digits.training, all_of_them, 10, own.number).draws
    assert (own.off, own.angle) == pytest.approx((drawn.off, drawn.angle))
    look(page)  # twenty more, and other ones
    assert len(page.draws_of(10)) == len({each.off for each in page.draws_of(10)}) == 2 * DRAWS


def test_m_is_dragged_typed_and_clicked(page: FewDigitsPage) -> None:
    answer(page, "any")
    page.measures.buttons["length"].click()
    type_into(page.m.field, "200")
    assert page.cloud.m.x == pytest.approx(math.log10(200))
    assert "not drawn yet" in page.reading.text()
    click(page.cloud.viewport(), page.cloud.at(math.log10(50), 100.0))
    assert 45 <= page.m.value() <= 55
    page.cloud.m.drag(9.0, 0.0)
    assert page.m.value() == 1_003


def test_at_all_sizes_dots_follow_the_line_and_all_digits_are_the_whole(deep: FewDigitsPage) -> None:
    """Of the trained network, which is the second one: the fresh one has no line."""
    predict_many(deep)
    before, fresh_ones = {m: len(deep.draws_of(m)) for m in sizes_up_to(1_003)}, len(deep.groups[0])
    assert deep.all_sizes.isEnabled()
    assert "press Look first" not in " ".join(deep.all_sizes.toolTip().split())
    deep.all_sizes.click()
    work(deep)
    assert len(deep.groups[0]) == fresh_ones
    assert {m: len(deep.draws_of(m)) - had for m, had in before.items()} == dict.fromkeys(before, DRAWS // 4)
    assert max(each.off for each in deep.draws_of(1_003)) < 1e-5
    off = [each.off for each in deep.draws_of(10)]
    assert math.sqrt(np.mean(np.square(off))) == pytest.approx(known(deep.cloud.whole).expected(10), rel=0.35)
    for measure in ("length", "off"):
        deep.measures.buttons[measure].click()
        x, y = deep.cloud.draw_dots.getData()
        np.testing.assert_allclose(10**x, [each.m for each in deep.draws], rtol=0.1)
        expected = np.log10([getattr(each, measure) for each in deep.draws])
        np.testing.assert_allclose(y, np.maximum(expected, min(y)), atol=1e-9)  # none is below the axis


def test_narrow_is_found_to_a_factor_of_three_and_not_from_one_side(page: FewDigitsPage) -> None:
    laid(page, 1_003, 0.0)
    laid(page, 500, 10.0)
    assert not page.tasks.is_done("narrow"), "enough by itself"
    assert "500 yes" in all_texts(page.tasks)
    laid(page, 50, 40.0)
    laid(page, 200, 20.0)
    assert not page.tasks.is_done("narrow"), "four times as many: too far apart"
    laid(page, 100, 20.0, count=DRAWS - 1)
    assert not page.tasks.is_done("narrow"), "too few draws"
    laid(page, 100, 31.0, count=1)
    assert page.tasks.is_done("narrow"), "one of twenty was not near enough"
    assert "100 were too few" in all_texts(page.tasks)


def test_narrow_is_to_be_found_of_both_networks(deep: FewDigitsPage) -> None:
    laid(deep, 20, 40.0, of=0)
    laid(deep, 50, 20.0, of=0)
    assert not deep.tasks.is_done("narrow")
    assert "Fresh: 20 no, 50 yes. Trained: nothing yet." in all_texts(deep.tasks)
    laid(deep, 200, 40.0)
    laid(deep, 500, 20.0)
    assert deep.tasks.is_done("narrow")
    assert "fresh, 50 digits (20 were too few); trained, 500 (200 were too few)" in all_texts(deep.tasks)


def test_a_trained_network_is_shown_below_a_fresh_one_and_that_few_no_longer_stand_for_all_is_said(
    deep: FewDigitsPage, learned: Network, small_digits: Digits
) -> None:
    assert [row.name for row in deep.dials.rows] == ["Fresh", "Trained"]
    cards = deep.tasks.findChildren(QFrame, QRegularExpression("^task_"))
    before = [card.geometry() for card in cards]
    answer(deep, "middle")
    deep.grab()
    assert [card.geometry() for card in cards] == before
    begun, now = deep.groups[0][1], deep.groups[1][1]
    assert begun.m == now.m == 10
    assert begun.middle < 45 < 60 < now.middle
    fresh_whole = whole(fresh(learned), small_digits.training)
    assert deep.wholes[0].gradient.tobytes() == fresh_whole.gradient.tobytes()
    texts = all_texts(deep.question)
    assert "ten digits disagree" in texts
    assert f"{round(fresh_whole.length / deep.wholes[1].length)} times shorter" in texts
    ends = [f"{angle_text(group.angles[0])} to {angle_text(group.angles[-1])}" for group in (begun, now)]
    assert f"Fresh, ten digits lie {ends[0]} off; trained {ends[1]}, {now.uphill} of 20 uphill." in texts


def test_what_is_said_of_ten_digits_holds_of_them(small_digits: Digits) -> None:
    """Before training the median angle of ten digits was 34°, 13° and 12° for three networks: not sideways."""
    for seed in (1, 2, 3):
        network = Network((784, 30, 10), seed=seed)
        full = whole(network, small_digits.training)
        group = find_group(network, small_digits.training, full, 10, 0, DRAWS)
        assert group.middle < 45
        far = DrawGroup(10, tuple(replace(each, angle=85.0) for each in group.draws), group.sides, 80.0)
        short = replace(full, gradient=full.gradient / 10)
        alone, long, flat = (
            " ".join(ten_outcome("", groups, wholes)[:3])
            for groups, wholes in (
                ([group], [full]),
                ([group, far], [full] * 2),
                ([group, far], [full, short]),
            )
        )
        assert "sideways" not in alone
        assert "is flat" not in alone
        assert "is flat" not in long, "∇C is as long as it was"
        assert "10 times shorter" in flat


def test_another_number_of_digits_takes_the_nearest_column(deep: FewDigitsPage) -> None:
    answer(deep, "middle")
    type_into(deep.m.field, "60")
    look(deep)
    assert deep.dials.sizes == (1, 10, 60)
    assert [row.groups[2].m for row in deep.dials.rows if row.groups[2]] == [60, 60]
    at = deep.dials.centre(0, 1)
    click(deep.dials, at)
    assert deep.m.value() == 10
    assert deep.dials.grab().toImage().pixelColor(at.toPoint()) == QColor(LIGHT.text)


@pytest.mark.parametrize("size", [(1440, 900), (1024, 640)])
def test_dials_do_not_lie_on_each_other(open_page: OpenPage, learned: Network, size: tuple[int, int]) -> None:
    page = open_page(FewDigitsPage, network=learned, size=size, dressed=True)
    with watched() as painted:
        answer(page, "middle")
        page.grab()
    dials = page.dials
    assert dials.radius >= 26
    assert dials.centre(0, 1).x() - dials.centre(0, 0).x() > 2 * dials.radius
    assert dials.centre(0, 0).y() + 0.5 * dials.radius < dials.centre(1, 0).y() - dials.radius
    assert dials.centre(1, 0).y() + 0.5 * dials.radius < dials.height()
    assert [text for text in painted if not text.fits] == []


def test_show_me_tells_and_ticks_nothing(page: FewDigitsPage) -> None:
    for _ in range(4):
        page.show_me_button.click()
        work(page)
        assert page.told
        assert "You said" not in all_texts(page.question)
        page.question.next_button.click() if page.scene.id != "epoch" else None
    assert not page.work.is_working
    assert page.tasks.done_ids() == []


def test_work_is_given_up_with_escape_and_with_too_few_digits_it_says_so(
    page: FewDigitsPage, open_page: OpenPage, small_digits: Digits
) -> None:
    page.predict("near")
    page.press_main()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.work.is_working
    assert not page.told
    assert page.main_button.isEnabled()
    training = DigitSet(small_digits.training.images[:120], small_digits.training.labels[:120])
    page = open_page(FewDigitsPage, replace(small_digits, training=training))
    assert "500 training digits" in all_texts(page)
    assert not page.main_button.isEnabled()


def test_axes_stand_there_before_the_answer_and_do_not_change_with_it(page: FewDigitsPage) -> None:
    def seen(measure: Measure) -> tuple[object, bool]:
        page.go_to(measure)
        assert page.cloud.isVisible()
        page.grab()
        return page.cloud.seen, "1,000" in all_texts(page.cloud)

    measures: tuple[Measure, ...] = ("off", "length", "epoch")
    before = [seen(measure) for measure in measures]
    assert all(ticked for _, ticked in before)
    page.go_to("angle")
    answer(page, "near")
    page.go_to("epoch")
    answer(page, "same")
    page.go_to("off")
    page.cloud.flag.drag(0.0, 0.5)
    look(page)
    assert [seen(measure) for measure in measures] == before


def test_again_asks_once_more_and_reset_puts_all_back_but_what_was_done(deep: FewDigitsPage) -> None:
    predict_many(deep)
    for _ in range(2):
        deep.question.again_button.click()
        assert not deep.told
        assert deep.question.asked is not None
        assert not deep.cloud.line_shown
        look(deep)
        assert deep.cloud.line_shown
    deep.go_to("angle")
    deep.question.again_button.click()
    answer(deep, "near")
    look(deep)
    deep.back_button.click()
    assert deep.draws == []
    assert (deep.told, deep.scene.id, deep.cloud.ghost) == (False, "ten", None)
    assert deep.tasks.is_done("flag"), "it is put back, and what was done stays"
