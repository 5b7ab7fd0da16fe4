"""The page on few digits: what one finds there, and that it asks before it tells."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRegularExpression, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QPushButton

from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.ideas.few_digits import (
    DRAWS,
    Draw,
    DrawGroup,
    find_group,
    flag_size,
    fresh,
    sizes_up_to,
    whole,
)
from mnistviz.engine.network import Network
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Trainer
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.ideas.few_digits.few_digits_figures import Measure
from mnistviz.gui.ideas.few_digits.few_digits_page import FAR_OFF, FewDigitsPage
from mnistviz.gui.ideas.few_digits.few_digits_words import angle_text, ten_outcome
from mnistviz.gui.ideas.page import SceneOutcome
from tests.gui.children import child
from tests.gui.ideas.conftest import OpenPage, all_texts, work


@pytest.fixture(autouse=True)
def timed_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long a step is timed decides nothing here."""
    monkeypatch.setattr("mnistviz.engine.ideas.few_digits._TIMED", 0.001)


def opened(open_page: OpenPage, network: Network | None = None) -> FewDigitsPage:
    page = open_page("few_digits", network=network)
    assert isinstance(page, FewDigitsPage)
    return page


def answer(page: FewDigitsPage, id: str) -> FewDigitsPage:
    QTest.mouseClick(child(page, QPushButton, f"answer_{id}"), Qt.MouseButton.LeftButton)
    page.main_button.click()
    work(page)
    assert page.told
    return page


def at_the_flag(open_page: OpenPage, network: Network | None = None) -> FewDigitsPage:
    page = answer(opened(open_page, network), "near")
    page.question.next_button.click()
    return page


def flag_outcome(open_page: OpenPage, network: Network | None = None) -> FewDigitsPage:
    page = at_the_flag(open_page, network)
    plot, flag = page.cloud, page.cloud.flag
    plot.grab()
    start = plot.at(flag.x, flag.y).toPoint()
    QTest.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(plot.viewport(), start + QPoint(0, 30))
    QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(0, 30))
    page.press_main()
    work(page)
    assert page.told
    return page


def drawn(page: FewDigitsPage, m: int, angles: list[float], of: int = -1) -> None:
    """Lays draws of m digits at these angles before the page, as if they had been made of the lab's network."""
    made = tuple(Draw(m, number, angle, 1.0, 1.0) for number, angle in enumerate(angles))
    page.groups[of].append(DrawGroup(m, made, (1,) * len(made), 5.0))
    page.outcomes["ten"] = SceneOutcome()  # what ten digits do is known by then
    page._check_narrow()


# It asks before it tells


def test_nothing_is_drawn_and_nothing_told_before_the_first_answer(open_page: OpenPage) -> None:
    page = opened(open_page)
    assert not page.main_button.isEnabled()
    assert page.draws == []
    assert page.dials.isVisible(), "dials stand there at once"
    assert [group for row in page.dials.rows for group in row.groups] == [None] * 6
    assert "‖∇C‖" not in page.dials.rows[0].note
    answer(page, "near")
    assert page.dials.rows[1].groups == (None,) * 3, "the lab's network has learned nothing"
    assert "learned nothing" in page.dials.rows[1].note
    draws = page.draws_of(10)
    assert len(draws) == DRAWS
    texts = all_texts(page.question)
    assert "You said below 15°" in texts
    assert f"{round(min(d.angle for d in draws))}° to {round(max(d.angle for d in draws))}° off" in texts


def test_the_line_and_the_dots_of_many_are_nowhere_before_the_flag(open_page: OpenPage) -> None:
    page = at_the_flag(open_page)
    assert len(page.cloud.shown_draws) == DRAWS, "those of ten alone"
    assert not page.cloud.line_shown
    assert "√" not in all_texts(page.cloud)
    assert not page.all_sizes.isEnabled()
    assert "press Look first" in " ".join(page.all_sizes.toolTip().split()), "it says what it waits for"
    assert not page.main_button.isEnabled()  # the flag has not been moved
    expected = page.cloud.whole
    assert expected is not None
    assert abs(math.log10(page.cloud.predicted() / expected.expected(page.cloud.flag_at))) > 0.2


def test_the_time_of_an_epoch_is_nowhere_before_one_has_said_which(open_page: OpenPage) -> None:
    page = flag_outcome(open_page)
    page.measures.buttons["epoch"].click()
    assert not page.cloud.prices
    assert " ms" not in all_texts(page)
    page.question.next_button.click()
    answer(page, "same")
    assert [price.m for price in page.cloud.prices] == [*sizes_up_to(1_003)]
    assert page.tasks.is_done("epoch")
    assert " ms" in all_texts(page.question)


def test_the_flag_stays_as_a_ghost_beside_what_came(open_page: OpenPage) -> None:
    page = flag_outcome(open_page)
    x, y = page.cloud.ghost_dot.getData()
    assert (x[0], 10 ** y[0]) == pytest.approx((math.log10(page.cloud.flag_at), page.cloud.predicted()))
    assert "You said: off by" in all_texts(page.question)
    assert len(page.draws_of(page.cloud.flag_at)) == DRAWS
    assert page.tasks.is_done("flag")
    assert "√(1/m − 1/n)" in all_texts(page.cloud)


# Each figure has its own question


def dots(page: FewDigitsPage) -> int:
    return len(page.cloud.draw_dots.getData()[1])


def typed(page: FewDigitsPage, m: int) -> None:
    page.m.field.setFocus()
    page.m.field.selectAll()
    QTest.keyClicks(page.m.field, str(m))
    QTest.keyClick(page.m.field, Qt.Key.Key_Return)


def test_draws_of_many_made_beforehand_do_not_answer_the_question_of_the_flag(open_page: OpenPage) -> None:
    page = answer(opened(open_page), "near")
    typed(page, page.cloud.flag_at)
    assert len(page.draws_of(page.cloud.flag_at)) == DRAWS
    page.measures.buttons["length"].click()
    assert dots(page) == 3 * DRAWS
    assert "off by" not in page.reading.text()
    page.question.next_button.click()
    assert page.measures.buttons["off"].isChecked()
    assert dots(page) == DRAWS  # those of ten alone
    x, _ = page.cloud.draw_dots.getData()
    assert max(x) < math.log10(20)
    assert page.reading.text() == ""  # from angle and length it could be worked out
    assert "off by" not in all_texts(page)
    assert page.question.asked is not None
    page.cloud.flag.drag(0.0, 0.5)
    page.press_main()
    work(page)
    assert page.told
    assert dots(page) == 3 * DRAWS
    assert "off by" in page.reading.text()


def test_a_figure_that_is_opened_asks_its_own_question(open_page: OpenPage) -> None:
    page = opened(open_page)
    asked = set()
    for measure in ("epoch", "off", "angle"):
        page.measures.buttons[measure].click()
        assert page.question.asked is not None
        asked.add(page.question.asked.id)
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
    page.press_main()
    work(page)
    assert page.told
    assert page.measures.buttons["off"].isChecked()
    assert "°" not in page.reading.text()
    page.measures.buttons["angle"].click()
    assert page.question.asked is not None
    assert page.question.asked.id == "ten"
    assert page.dials.isVisible()
    assert page.dials.rows[0].groups == (None, None, None)  # its arrows wait for the answer


def test_one_looks_where_the_dots_are_and_an_answer_waits_for_its_figure(open_page: OpenPage) -> None:
    page = opened(open_page)
    child(page.question, QPushButton, "answer_square").click()
    page.measures.buttons["epoch"].click()
    assert not page.main_button.isEnabled()  # that answer was to another question
    page.measures.buttons["length"].click()
    assert page.prediction == "square"
    page.main_button.click()
    assert page.measures.buttons["angle"].isChecked()
    work(page)
    assert page.told
    assert all(group is not None for group in page.dials.rows[0].groups)
    assert page.dials.isVisible()
    assert "You said 60° to 120°" in all_texts(page.question)
    page.measures.buttons["off"].click()
    page.measures.buttons["angle"].click()
    assert "You said 60° to 120°" in all_texts(page.question)


def test_the_time_is_taken_again(open_page: OpenPage) -> None:
    page = opened(open_page)
    page.measures.buttons["epoch"].click()
    answer(page, "same")
    first = page.cloud.prices
    assert page.main_button.text() == "Time again"
    page.main_button.click()
    work(page)
    assert page.cloud.prices is not first
    assert "You said about the same" in all_texts(page.question)


# What is drawn


def test_dots_are_the_gradients_of_the_lab_s_network(open_page: OpenPage, small_digits: Digits) -> None:
    page = answer(opened(open_page), "any")
    assert page.taken is not None
    network = page.taken.network
    mine = page.draws_of(10)[3]
    all_of_them = whole(network, small_digits.training)
    found = find_group(network, small_digits.training, all_of_them, 10, mine.number).draws[0]
    assert (mine.off, mine.angle) == pytest.approx((found.off, found.angle))
    page.press_main()  # twenty more, and other ones
    work(page)
    assert len(page.draws_of(10)) == 2 * DRAWS
    assert len({each.off for each in page.draws_of(10)}) == 2 * DRAWS


def test_m_is_dragged_typed_and_clicked(open_page: OpenPage) -> None:
    page = answer(opened(open_page), "any")
    page.measures.buttons["length"].click()
    page.m.field.setFocus()
    page.m.field.selectAll()
    QTest.keyClicks(page.m.field, "200")
    QTest.keyClick(page.m.field, Qt.Key.Key_Return)
    assert page.cloud.m.x == pytest.approx(math.log10(200))
    assert "not drawn yet" in page.reading.text()
    place = page.cloud.at(math.log10(50), 100.0).toPoint()
    QTest.mouseClick(page.cloud.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert 45 <= page.m.value() <= 55
    page.cloud.m.drag(9.0, 0.0)
    assert page.m.value() == 1_003


def test_at_all_sizes_dots_follow_the_line_and_all_digits_are_the_whole(
    open_page: OpenPage, learned: Network
) -> None:
    """Of the trained network, which is the second one: the fresh one has no line."""
    page = flag_outcome(open_page, network=learned)
    before = {m: len(page.draws_of(m)) for m in sizes_up_to(1_003)}
    fresh_ones = len(page.groups[0])
    assert page.all_sizes.isEnabled()
    assert "press Look first" not in " ".join(page.all_sizes.toolTip().split())
    page.all_sizes.click()
    work(page)
    assert len(page.groups[0]) == fresh_ones
    assert {m: len(page.draws_of(m)) - had for m, had in before.items()} == dict.fromkeys(before, DRAWS // 4)
    known = page.cloud.whole
    assert known is not None
    assert max(each.off for each in page.draws_of(1_003)) < 1e-5
    off = [each.off for each in page.draws_of(10)]
    assert math.sqrt(np.mean(np.square(off))) == pytest.approx(known.expected(10), rel=0.35)
    for measure in ("length", "off"):
        page.measures.buttons[measure].click()
        x, y = page.cloud.draw_dots.getData()
        np.testing.assert_allclose(10**x, [each.m for each in page.draws], rtol=0.1)
        expected = np.log10([getattr(each, measure) for each in page.draws])
        np.testing.assert_allclose(y, np.maximum(expected, min(y)), atol=1e-9)  # none is below the axis


# The task of thirty degrees


def test_narrow_is_found_to_a_factor_of_three_and_not_from_one_side(open_page: OpenPage) -> None:
    page = opened(open_page)
    drawn(page, 50, [40.0] * DRAWS)
    drawn(page, 200, [20.0] * DRAWS)  # four times as many: too far apart
    assert not page.tasks.is_done("narrow")
    drawn(page, 100, [20.0] * (DRAWS - 1))  # too few draws
    assert not page.tasks.is_done("narrow")
    drawn(page, 100, [31.0])  # one of twenty was not near enough
    assert page.tasks.is_done("narrow")
    assert "100 were too few" in all_texts(page.tasks)


def test_enough_by_itself_is_not_found(open_page: OpenPage) -> None:
    page = opened(open_page)
    drawn(page, 1_003, [0.0] * DRAWS)
    drawn(page, 500, [10.0] * DRAWS)
    assert not page.tasks.is_done("narrow")
    assert "500 yes" in all_texts(page.tasks)


# Fresh and trained


@pytest.fixture(scope="module")
def learned(small_digits: Digits) -> Network:
    """A network that reads its training digits nearly by heart: their gradients almost cancel."""
    network = Network((784, 30, 10), seed=3)
    trainer = Trainer(network, Settings(sizes=(784, 30, 10), seed=3, eta=3.0), small_digits.training)
    for _ in range(3_000):
        trainer.step()
    return network


def test_a_trained_network_is_shown_below_a_fresh_one_and_that_few_no_longer_stand_for_all_is_said(
    open_page: OpenPage, learned: Network, small_digits: Digits
) -> None:
    page = open_page("few_digits", network=learned)
    assert isinstance(page, FewDigitsPage)
    assert [row.name for row in page.dials.rows] == ["Fresh", "Trained"]
    cards = page.tasks.findChildren(QFrame, QRegularExpression("^task_"))
    assert len(cards) == 3
    before = [card.geometry() for card in cards]
    answer(page, "middle")
    page.grab()
    assert [card.geometry() for card in cards] == before
    begun, now = page.groups[0][1], page.groups[1][1]
    assert begun.m == now.m == 10
    assert begun.middle < 45 < 60 < now.middle
    fresh_whole = whole(fresh(learned), small_digits.training)
    assert page.wholes[0].gradient.tobytes() == fresh_whole.gradient.tobytes()
    texts = all_texts(page.question)
    assert "ten digits disagree" in texts
    assert f"{round(fresh_whole.length / page.wholes[1].length)} times shorter" in texts
    ends = [
        f"{angle_text(min(angles))} to {angle_text(max(angles))}"
        for angles in ([each.angle for each in group.draws] for group in (begun, now))
    ]
    assert f"Fresh, ten digits lie {ends[0]} off; trained {ends[1]}, {now.uphill} of 20 uphill." in texts


def test_what_is_said_of_ten_digits_holds_of_them(open_page: OpenPage, small_digits: Digits) -> None:
    """Before training the median angle of ten digits was 34°, 13° and 12° for three networks: not sideways."""
    for seed in (1, 2, 3):
        network = Network((784, 30, 10), seed=seed)
        all_of_them = whole(network, small_digits.training)
        group = find_group(network, small_digits.training, all_of_them, 10, 0, DRAWS)
        assert group.middle < 45
        said = " ".join(ten_outcome("", [group], [all_of_them])[:3])
        assert "sideways" not in said
        assert "is flat" not in said
        far = DrawGroup(10, tuple(replace(each, angle=85.0) for each in group.draws), group.sides, 80.0)
        assert "is flat" not in " ".join(ten_outcome("", [group, far], [all_of_them] * 2)[:3]), (
            "∇C is as long as it was"
        )
        short = replace(all_of_them, gradient=all_of_them.gradient / 10)
        assert "10 times shorter" in " ".join(ten_outcome("", [group, far], [all_of_them, short])[:3])
    assert "sideways" not in all_texts(opened(open_page))


def test_narrow_is_to_be_found_of_both_networks(open_page: OpenPage, learned: Network) -> None:
    page = open_page("few_digits", network=learned)
    assert isinstance(page, FewDigitsPage)
    drawn(page, 20, [40.0] * DRAWS, of=0)
    drawn(page, 50, [20.0] * DRAWS, of=0)
    assert not page.tasks.is_done("narrow")
    assert "Fresh: 20 no, 50 yes. Trained: nothing yet." in all_texts(page.tasks)
    drawn(page, 200, [40.0] * DRAWS)
    drawn(page, 500, [20.0] * DRAWS)
    assert page.tasks.is_done("narrow")
    assert "fresh, 50 digits (20 were too few); trained, 500 (200 were too few)" in all_texts(page.tasks)


def test_another_number_of_digits_takes_the_nearest_column(open_page: OpenPage, learned: Network) -> None:
    page = open_page("few_digits", network=learned)
    assert isinstance(page, FewDigitsPage)
    answer(page, "middle")
    typed(page, 60)
    page.main_button.click()
    work(page)
    assert page.dials.sizes == (1, 10, 60)
    assert [row.groups[2].m for row in page.dials.rows if row.groups[2]] == [60, 60]
    at = page.dials.centre(0, 1).toPoint()
    QTest.mouseClick(page.dials, Qt.MouseButton.LeftButton, pos=at)
    assert page.m.value() == 10
    assert page.dials.grab().toImage().pixelColor(at) == QColor(LIGHT.text)


@pytest.mark.parametrize("size", [(1440, 900), (1024, 640)])
def test_dials_do_not_lie_on_each_other(open_page: OpenPage, learned: Network, size: tuple[int, int]) -> None:
    page = open_page("few_digits", network=learned, size=size, dressed=True)
    assert isinstance(page, FewDigitsPage)
    with watched() as painted:
        answer(page, "middle")
        page.grab()
    dials = page.dials
    assert dials.radius >= 26
    assert dials.centre(0, 1).x() - dials.centre(0, 0).x() > 2 * dials.radius
    lower = dials.centre(0, 0).y() + 0.5 * dials.radius
    assert lower < dials.centre(1, 0).y() - dials.radius
    assert dials.centre(1, 0).y() + 0.5 * dials.radius < dials.height()
    assert [text for text in painted if not text.fits] == []


# As every page


def test_show_me_tells_and_ticks_nothing(open_page: OpenPage) -> None:
    page = opened(open_page)
    for _ in range(3):
        page.show_me_button.click()
        work(page)
        assert page.told
        assert "You said" not in all_texts(page.question)
        page.question.next_button.click() if page.scene.id != "epoch" else None
    page.show_me_button.click()
    work(page)
    assert not page.work.is_working
    assert page.tasks.done_ids() == []


def test_it_is_put_back_and_what_was_done_stays(open_page: OpenPage) -> None:
    page = flag_outcome(open_page)
    page.back_button.click()
    assert page.draws == []
    assert not page.told
    assert page.scene.id == "ten"
    assert page.cloud.ghost is None
    assert page.tasks.is_done("flag")


def test_work_is_given_up_with_escape(open_page: OpenPage) -> None:
    page = opened(open_page)
    child(page.question, QPushButton, "answer_near").click()
    page.press_main()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.work.is_working
    assert not page.told
    assert page.main_button.isEnabled()


def test_with_too_few_digits_it_says_so(open_page: OpenPage, small_digits: Digits) -> None:
    training = DigitSet(small_digits.training.images[:120], small_digits.training.labels[:120])
    few = Digits("few", training, small_digits.validation, small_digits.test, small_digits.classes, "few")
    page = open_page("few_digits", few)
    assert "500 training digits" in all_texts(page)
    assert not page.main_button.isEnabled()


def test_one_predicts_where_there_is_room_for_it() -> None:
    assert (flag_size(50_000), flag_size(1_003)) == (1_000, 100)
    assert sizes_up_to(1_003)[-2:] == (1_000, 1_003)


def test_axes_stand_there_before_the_answer_and_do_not_change_with_it(open_page: OpenPage) -> None:
    page = opened(open_page)

    def seen(measure: Measure) -> tuple[tuple[tuple[float, float], tuple[float, float]], str]:
        page.measures.buttons[measure].click()
        assert page.cloud.isVisible()
        page.grab()
        return page.cloud.seen, all_texts(page.cloud)

    measures: tuple[Measure, ...] = ("off", "length", "epoch")
    before = {measure: seen(measure) for measure in measures}
    assert all("1,000" in texts for _, texts in before.values()), "ticks, too"
    page.measures.buttons["angle"].click()
    answer(page, "near")
    page.go_to("epoch")
    answer(page, "same")
    page.go_to("off")
    page.cloud.flag.drag(0.0, 0.5)
    page.press_main()
    work(page)
    assert {measure: seen(measure)[0] for measure in before} == {m: range for m, (range, _) in before.items()}
