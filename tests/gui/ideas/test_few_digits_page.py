"""The page on few digits: what one finds there, and that it asks before it tells."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.ideas.few_digits import DRAWS, Draw, draw, flag_size, sizes_up_to, whole
from mnistviz.gui.ideas.few_digits.few_digits_page import FAR_OFF, FewDigitsPage
from tests.gui.ideas.conftest import OpenPage, all_texts, work


@pytest.fixture(autouse=True)
def timed_in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long a step is timed decides nothing here."""
    monkeypatch.setattr("mnistviz.engine.ideas.few_digits._TIMED", 0.001)


def opened(open_page: OpenPage) -> FewDigitsPage:
    page = open_page("few_digits")
    assert isinstance(page, FewDigitsPage)
    return page


def answer(page: FewDigitsPage, id: str) -> FewDigitsPage:
    button = page.findChild(QPushButton, f"answer_{id}")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    page.main_button.click()
    work(page)
    assert page.told
    return page


def at_the_flag(open_page: OpenPage) -> FewDigitsPage:
    page = answer(opened(open_page), "near")
    page.question.onward.emit()
    return page


def told_flag(open_page: OpenPage) -> FewDigitsPage:
    page = at_the_flag(open_page)
    plot, flag = page.cloud.plot, page.cloud.flag
    plot.grab()
    start = plot.at(flag.x, flag.y).toPoint()
    QTest.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(plot.viewport(), start + QPoint(0, 30))
    QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(0, 30))
    page.press_main()
    work(page)
    assert page.told
    return page


def drawn(page: FewDigitsPage, m: int, angles: list[float]) -> None:
    """Lays draws of m digits at these angles before the page, as if they had been made."""
    made = tuple(Draw(m, number, angle, 1.0, 1.0) for number, angle in enumerate(angles))
    page.cloud.draws = (*page.cloud.draws, *made)
    page.outcomes["ten"] = "", "", ""  # what ten digits do is known by then
    page._look_for_narrow()


# It asks before it tells


def test_nothing_is_drawn_and_nothing_told_before_the_first_answer(open_page: OpenPage) -> None:
    page = opened(open_page)
    assert not page.main_button.isEnabled()
    assert page.cloud.draws == ()
    assert page.reading.text() == ""
    answer(page, "near")
    draws = page.draws_of(10)
    assert len(draws) == DRAWS
    texts = all_texts(page.question)
    assert "You said: below 15°" in texts
    assert f"between {round(min(d.angle for d in draws))}° and {round(max(d.angle for d in draws))}°" in texts


def test_the_line_and_the_dots_of_many_are_nowhere_before_the_flag(open_page: OpenPage) -> None:
    page = at_the_flag(open_page)
    assert page.draws_of(page.cloud.flag_at) == []
    assert not page.cloud.line_told
    assert "√" not in all_texts(page.cloud)
    assert not page.all_sizes.isEnabled()
    assert not page.main_button.isEnabled()  # the flag has not been moved
    expected = page.cloud.whole
    assert expected is not None
    assert abs(math.log10(page.cloud.predicted() / expected.expected(page.cloud.flag_at))) > 0.2


def test_the_time_of_an_epoch_is_nowhere_before_one_has_said_which(open_page: OpenPage) -> None:
    page = told_flag(open_page)
    page.measures.buttons["epoch"].click()
    assert not page.cloud.prices
    assert " ms" not in all_texts(page)
    page.question.onward.emit()
    answer(page, "same")
    assert [price.m for price in page.cloud.prices] == [*sizes_up_to(1_003)]
    assert page.tasks.is_done("epoch")
    assert " ms" in all_texts(page.question)


def test_the_flag_stays_as_a_ghost_beside_what_came(open_page: OpenPage) -> None:
    page = told_flag(open_page)
    x, y = page.cloud._ghost.getData()
    assert (x[0], 10 ** y[0]) == pytest.approx((math.log10(page.cloud.flag_at), page.cloud.predicted()))
    assert "You said: off by" in all_texts(page.question)
    assert len(page.draws_of(page.cloud.flag_at)) == DRAWS
    assert page.tasks.is_done("flag")
    assert "√(1/m − 1/n)" in all_texts(page.cloud)


# Each figure has its own question


def dots(page: FewDigitsPage) -> int:
    return len(page.cloud._dots.getData()[1])


def typed(page: FewDigitsPage, m: int) -> None:
    page.m.field.setFocus()
    page.m.field.selectAll()
    QTest.keyClicks(page.m.field, str(m))
    QTest.keyClick(page.m.field, Qt.Key.Key_Return)


def test_draws_of_many_made_beforehand_do_not_answer_the_question_of_the_flag(open_page: OpenPage) -> None:
    page = answer(opened(open_page), "near")
    typed(page, page.cloud.flag_at)
    page.main_button.click()
    work(page)
    assert len(page.draws_of(page.cloud.flag_at)) == DRAWS
    assert dots(page) == 2 * DRAWS
    assert "off by" not in page.reading.text()
    page.question.onward.emit()
    assert page.measures.buttons["off"].isChecked()
    assert dots(page) == DRAWS  # those of ten alone
    x, _ = page.cloud._dots.getData()
    assert max(x) < math.log10(20)
    assert page.reading.text() == ""  # from angle and length it could be worked out
    assert "off by" not in all_texts(page)
    assert page.question.asked is not None
    page.cloud.flag.drag(0.0, 0.5)
    page.press_main()
    work(page)
    assert page.told
    assert dots(page) == 2 * DRAWS
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
    assert page.cloud.plot.isVisible()
    assert page.cloud.draws == ()
    page.measures.buttons["off"].click()  # before that of ten: no dot at all to go by
    assert page.cloud.plot.isVisible()
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
    assert not page.cloud.plot.isVisible()  # its dots wait for the answer
    assert "20 draws" in page.reading.text()
    assert "°" not in page.reading.text()


def test_one_looks_where_the_dots_are_and_an_answer_waits_for_its_figure(open_page: OpenPage) -> None:
    page = opened(open_page)
    page.question._choose("square")
    page.measures.buttons["epoch"].click()
    assert not page.main_button.isEnabled()  # that answer was to another question
    page.measures.buttons["length"].click()
    assert page.question.prediction == "square"
    page.main_button.click()
    assert page.measures.buttons["angle"].isChecked()
    work(page)
    assert page.told
    assert dots(page) == DRAWS
    assert page.cloud.plot.isVisible()
    assert "You said: 60° to 120°" in all_texts(page.question)
    page.measures.buttons["off"].click()
    page.measures.buttons["angle"].click()
    assert "You said: 60° to 120°" in all_texts(page.question)


def test_an_angle_of_nearly_half_a_turn_lies_in_the_figure(open_page: OpenPage) -> None:
    page = opened(open_page)
    drawn(page, 10, [178.0])
    page.go_to("angle")
    _, y = page.cloud._dots.getData()
    assert y[0] == 178.0
    assert page.cloud.plot.seen[1][1] > 180.0
    page.grab()
    assert "180°" in all_texts(page.cloud)


def test_the_time_is_taken_again(open_page: OpenPage) -> None:
    page = opened(open_page)
    page.measures.buttons["epoch"].click()
    answer(page, "same")
    first = page.cloud.prices
    assert page.main_button.text() == "Time again"
    page.main_button.click()
    work(page)
    assert page.cloud.prices is not first
    assert "You said: about the same" in all_texts(page.question)


# What is drawn


def test_dots_are_the_gradients_of_the_lab_s_network(open_page: OpenPage, small_digits: Digits) -> None:
    page = answer(opened(open_page), "any")
    assert page.taken is not None
    network = page.taken.network
    found = draw(network, small_digits.training, whole(network, small_digits.training), 10, 3)
    mine = page.draws_of(10)[3]
    assert (mine.number, mine.off, mine.angle) == pytest.approx((3, found.off, found.angle))
    page.press_main()  # twenty more, and other ones
    work(page)
    assert len(page.draws_of(10)) == 2 * DRAWS
    assert len({each.off for each in page.draws_of(10)}) == 2 * DRAWS


def test_m_is_dragged_typed_and_clicked(open_page: OpenPage) -> None:
    page = answer(opened(open_page), "any")
    page.m.field.setFocus()
    page.m.field.selectAll()
    QTest.keyClicks(page.m.field, "200")
    QTest.keyClick(page.m.field, Qt.Key.Key_Return)
    assert page.cloud.m.x == pytest.approx(math.log10(200))
    assert "not drawn yet" in page.reading.text()
    place = page.cloud.plot.at(math.log10(50), 100.0).toPoint()
    QTest.mouseClick(page.cloud.plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert 45 <= page.m.value() <= 55
    page.cloud.m.drag(9.0, 0.0)
    assert page.m.value() == 1_003


def test_at_all_sizes_dots_follow_the_line_and_all_digits_are_the_whole(open_page: OpenPage) -> None:
    page = told_flag(open_page)
    page.all_sizes.click()
    work(page)
    assert bool(page.draws_of(1_003))
    known = page.cloud.whole
    assert known is not None
    assert max(each.off for each in page.draws_of(1_003)) < 1e-5
    off = [each.off for each in page.draws_of(10)]
    assert math.sqrt(np.mean(np.square(off))) == pytest.approx(known.expected(10), rel=0.35)
    for measure in ("angle", "length", "off"):
        page.measures.buttons[measure].click()
        _, y = page.cloud._dots.getData()
        assert len(y) == len(page.cloud.draws)


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


# As every page


def test_show_me_tells_and_ticks_nothing(open_page: OpenPage) -> None:
    page = opened(open_page)
    for _ in range(3):
        page.show_me_button.click()
        work(page)
        assert page.told
        assert "You said" not in all_texts(page.question)
        page.question.onward.emit() if page.scene.id != "epoch" else None
    page.show_me_button.click()
    work(page)
    assert not page.work.is_working
    assert page.tasks.done_ids() == []


def test_it_is_put_back_and_what_was_done_stays(open_page: OpenPage) -> None:
    page = told_flag(open_page)
    page.back_button.click()
    assert page.cloud.draws == ()
    assert not page.told
    assert page.scene.id == "ten"
    assert page.cloud.ghost is None
    assert page.tasks.is_done("flag")


def test_work_is_given_up_with_escape(open_page: OpenPage) -> None:
    page = opened(open_page)
    page.question._choose("near")
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
