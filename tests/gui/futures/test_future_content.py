"""What the forecasts show follows from the outlook alone, and how a person looks at them."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Change
from mnistviz.engine.futures import KEPT_ORDERS, Costs, Forecast, Future, Varied
from mnistviz.engine.schedule import ScheduleState
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Cursor, TrainerState
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.scales import Range
from mnistviz.gui.common.theme import DARK, LIGHT
from mnistviz.gui.futures.future_content import OVER, Guess, cover, place_of, present, with_guess
from mnistviz.gui.futures.future_words import order_note
from mnistviz.gui.futures.futures_view import FuturesView
from tests.gui.children import known
from tests.gui.lab.conftest import SMALL
from tests.gui.lab_by_hand import LabByHand

FIRST = Settings()


def costs(begin: int, values: list[float], size: int = 10) -> Costs:
    return Costs(begin + size * np.arange(len(values), dtype=np.int64), np.array(values, np.float64))


def forecast(
    varied: Varied = "eta", now: Settings = FIRST, another_order: float = 0.003, **ends: float
) -> Forecast:
    """An outlook at mini-batch 100, forty mini-batches ahead, of values that end with these shares misread. In other
    orders of the digits about half of `another_order` more or less are misread. A fifth is misread now."""
    futures = []
    for number, (name, misread) in enumerate(ends.items()):
        value = float(name[1:].replace("_", "."))
        size = int(value) if varied == "mini_batch_size" else 10
        moved = another_order * np.random.default_rng(number).uniform(-0.5, 0.5, KEPT_ORDERS)
        otherwise = {order: misread + each for order, each in enumerate(moved.tolist(), 1)}
        if value != getattr(now, varied):
            otherwise = {1: otherwise[1]}
        futures.append(Future(value, costs(1_000, [value] * (400 // size), size), misread, otherwise))
    empty = np.empty(0, np.float32)
    state = TrainerState(now, 100, Cursor(0, 1_000), empty, empty, ScheduleState())
    before = costs(0, [2.0] * 100)
    return Forecast(100, 1_000, varied, now, 40, 1_400, 10_000, before, 0.2, tuple(futures), state)


def with_fresh_orders(found: Forecast, *fewer: float) -> Forecast:
    """The same with the value of the fewest misread trained in five more orders, in which it misreads so many fewer
    than the value of now."""
    best = known(found.best)
    fresh = {
        order: found.current.otherwise[order] - each
        for order, each in enumerate(fewer, KEPT_ORDERS + 1 - len(fewer))
    }
    futures = (
        replace(each, otherwise={**each.otherwise, **fresh}) if each is best else each
        for each in found.futures
    )
    return replace(found, futures=tuple(futures))


def test_the_costs_go_on_from_those_before_as_means_of_the_last_twenty() -> None:
    content = present(forecast(v1=0.2, v3=0.19), 3.0, 40, 10_000)
    x, y = content.before
    assert (x[0], x[-1], y[-1]) == (0.0, 99.0, 2.0)
    line = content.lines[0]
    assert (line.x[0], line.x[-1]) == (100.0, 139.0)
    np.testing.assert_allclose(line.y[:3], [(19 * 2 + 1) / 20, (18 * 2 + 2) / 20, (17 * 2 + 3) / 20])
    np.testing.assert_allclose(line.y[OVER - 1 :], 1.0)
    assert (content.steps.low, content.steps.high, content.now) == (80.0, 140.0, 100)


def test_a_mean_of_other_mini_batches_is_of_as_many_digits() -> None:
    content = present(forecast("mini_batch_size", v10=0.2, v40=0.2), 10, 40, 10_000)
    line = content.lines[1]
    np.testing.assert_array_equal(line.x, 100 + 4 * np.arange(10))
    np.testing.assert_allclose(line.y[[0, 4]], [(4 * 2 + 40) / 5, 40.0])


def test_costs_that_are_no_numbers_end_a_line() -> None:
    found = forecast(v1=0.2, v3=1.0)
    broken = replace(found.futures[1], costs=costs(1_000, [3.0, np.inf, 3.0]))
    content = present(replace(found, futures=(found.futures[0], broken)), 1.0, 40, 10_000)
    assert np.isfinite(content.lines[1].y).tolist() == [True, False, False]
    assert np.isfinite(content.costs.high)


def test_ends_stand_where_their_values_are_on_the_slider_and_say_what_came() -> None:
    content = present(forecast(v0_001=0.1995, v1=0.18, v3=0.2, v100=0.9), 3.0, 40, 10_000)
    assert [end.place for end in content.ends] == [
        0.0,
        pytest.approx(np.log(1_000) / np.log(1e5), abs=1e-3),
        pytest.approx(np.log(3_000) / np.log(1e5), abs=1e-3),
        1.0,
    ]
    assert [end.outcome for end in content.ends] == ["same", "fewer", "same", "more"]
    assert content.reference == 0.2
    assert content.slider_ticks[0] == (0.0, "0.001")
    assert place_of("momentum", 0.99) == 1.0
    assert content.end(3.0).margin == 0.0 < content.end(1.0).margin < 0.01


def test_where_the_schedule_goes_on_its_value_is_not_called_by_the_eta_that_it_began_with() -> None:
    """After a cosine had ended at 0, “η 0.1” dipped amid its neighbours: a magic value."""
    now = Settings(eta=0.1, schedule="cosine")
    found = with_fresh_orders(forecast("eta", now, v0_075=0.25, v0_1=0.15), -0.1, -0.101, -0.099)
    content = present(found, 0.1, 40, 10_000)
    assert [end.label for end in content.ends] == ["η 0.075: 25.0 %", "η by schedule: 15.00 %"]
    assert [line.label for line in content.lines] == ["η 0.075", "η by schedule"]
    assert order_note(found)[-1] == "No clear difference from η by schedule."
    constant = replace(found, now=now.changed(schedule="constant"))
    assert present(constant, 0.1, 40, 10_000).end(0.1).label == "η 0.1: 15.00 %"


def test_a_value_between_two_dots_may_join_them() -> None:
    content = present(forecast(v0_5=0.2, v3=0.18), 3.0, 40, 10_000)
    assert content.new_at(place_of("eta", 1.0)) == 1.0
    assert content.new_at(place_of("eta", 3.0)) is None, "it is there"
    assert cover(content, forecast(v0_5=0.2, v3=0.18)).new_at(place_of("eta", 1.0)) is None
    sizes = present(forecast("mini_batch_size", v10=0.2, v40=0.2), 10, 40, 10_000)
    assert sizes.new_at(place_of("mini_batch_size", 200)) == 200
    assert sizes.new_at(place_of("mini_batch_size", 300)) is None, "there are 400 digits"


def test_the_value_of_before_is_named_where_another_is_set() -> None:
    found = forecast(v0_5=0.2, v3=0.18)
    assert [line.label for line in present(found, 3.0, 40, 10_000).lines] == ["η 0.5", "η 3"]
    assert [line.label for line in present(found, 0.5, 40, 10_000).lines] == ["η 0.5", "η 3 until now"]


def test_a_value_that_was_only_lucky_when_it_was_chosen_is_not_called_better() -> None:
    """Clearly fewer with η 0.65, it said by 15 digits of 10,000, as the best of eighteen."""
    found = forecast(v0_5=0.15, v1=0.19, v3=0.2)
    lucky = with_fresh_orders(found, 0.002, -0.001, 0.0, 0.001, -0.002)
    assert order_note(lucky)[0].startswith(
        "No clear difference: with η 3 20.0 % are misread, with η 0.5 15.0 %, but over"
    )
    assert "it is 0.00 points" in order_note(lucky)[0], "what the verdict is of, and not what was lucky"
    assert order_note(lucky)[-1] == "No clear difference from η 3."
    assert present(lucky, 3.0, 40, 10_000).end(0.5).outcome == "same"
    assert "best" not in " ".join(order_note(lucky))


def test_it_says_how_a_cost_that_was_drawn_stands_beside_what_came() -> None:
    found = forecast(v0_5=0.2, v3=0.18)
    guess = Guess(drawn=(np.array([100.0, 150.0]), np.array([1.0, 0.026])))
    content = with_guess(present(found, 3.0, 40, 10_000), guess)
    told = content.told_of_guess(found)
    assert told == "You drew a cost of 0.026 at mini-batch 139; with η 3 it is 3.0."
    broken = replace(found.futures[1], costs=costs(1_000, [3.0, np.inf]))
    diverges = replace(found, futures=(found.futures[0], broken))
    assert with_guess(present(diverges, 3.0, 40, 10_000), guess).told_of_guess(diverges) == ""
    assert content.told_of_guess(found).count("best") == 0
    score = known(content.score_of_guess(found))
    assert (score.verdict, score.unit) == ("wrong", "percent")


@pytest.mark.parametrize(("value", "verdict"), [(0.5, "close"), (1.0, "wrong"), (3.0, "right")])
def test_a_value_that_was_pointed_at_is_scored_by_what_it_misreads_more_than_the_best(
    value: float, verdict: str
) -> None:
    found = forecast(v0_5=0.2, v1=0.3, v3=0.18)
    score = known(with_guess(present(found, 3.0, 40, 10_000), Guess(value)).score_of_guess(found))
    assert score.verdict == verdict


def test_what_is_covered_follows_from_nothing_that_comes() -> None:
    kinds = [forecast(v0_5=0.2, v3=0.18), forecast(another_order=0.3, v0_5=0.9, v3=0.01)]
    one, other = (cover(present(each, 3.0, 40, 10_000), each) for each in kinds)
    assert not one.lines
    for each in fields(one):
        if each.name not in ("before", "guess"):  # what was, and what the user has said
            assert getattr(one, each.name) == getattr(other, each.name), each.name


def test_all_of_a_guess_is_in_view() -> None:
    content = present(forecast(v0_5=0.2, v3=0.18), 3.0, 40, 10_000)
    low = content.costs.low / 50
    guess = Guess(drawn=(np.array([100.0, 140.0]), np.array([1.0, low])))
    assert with_guess(content, guess).costs.low <= low
    assert with_guess(content, Guess(3.0)).costs == content.costs


@pytest.fixture
def view(lab_by_hand: LabByHand, qtbot: QtBot) -> FuturesView:
    """The view by itself, for a run that has learned a little."""
    lab_by_hand.run_to(40, SMALL)
    found = lab_by_hand.show(qtbot, FuturesView(LIGHT, lab_by_hand), 1_100, 260)
    lab_by_hand.work()
    return found


def said(view: FuturesView, name: str) -> str:
    found = known(view.findChild(QLabel, name))
    return found.accessibleName()


def values(view: FuturesView) -> set[float]:
    return {future.value for future in known(view.forecast).futures}


def test_it_shows_the_futures_of_the_moment_and_the_value_that_is_set(
    view: FuturesView, lab_by_hand: LabByHand
) -> None:
    assert view.forecast is not None
    assert (view.forecast.step, view.forecast.mini_batches) == (40, 200)
    assert said(view, "futures_note").endswith("Your run does not change.")
    assert view.misread.accessibleDescription().startswith("η 2: ")
    lab_by_hand.runs.send(Change({"eta": 0.5}))
    lab_by_hand.work()
    lab_by_hand.work()
    assert view.misread.accessibleDescription().startswith("η 0.5: ")
    assert view.forecast.now.eta == SMALL.eta, "the futures are those of before"
    for theme in (DARK, LIGHT):
        view.set_theme(theme)
        view.grab()


@pytest.mark.parametrize("height", [180, 260, 400])
def test_the_numbers_of_the_axis_have_room_however_many_there_are(view: FuturesView, height: int) -> None:
    """0.05 was seen as .05: the room was that of fewer numbers."""
    view.resize(1_100, height)
    view.fan.show_content(replace(known(view.fan.content), costs=Range(0.05, 2.0, True)), LIGHT.runs[0])
    with watched() as painted:
        view.fan.grab()
    assert [each.text for each in painted if not each.fits] == []


def test_keys_and_clicks_take_a_value(view: FuturesView) -> None:
    taken: list[tuple[str, float]] = []
    view.take = lambda name, value: taken.append((name, value))
    QTest.keyClick(view.misread, Qt.Key.Key_Home)
    assert view.misread.accessibleDescription().startswith("η 0.001: ")
    assert view.fan.accessibleDescription() == view.misread.accessibleDescription()
    QTest.keyClick(view.misread, Qt.Key.Key_Right)
    QTest.keyClick(view.misread, Qt.Key.Key_Return)
    assert taken == [("eta", 0.002)]
    assert view.forecast is not None
    last = round(view.misread.area.right())  # where the dot of the largest value is, at whatever height
    places = (QPoint(last, y) for y in range(0, view.misread.height(), 8))
    place = next(each for each in places if view.misread.value_at(each.toPointF()) == 100.0)
    QTest.mouseClick(view.misread, Qt.MouseButton.LeftButton, pos=place)
    assert taken[1:] == [("eta", 100.0)]


def test_the_mouse_finds_a_dot_without_measuring_texts_again(
    view: FuturesView, monkeypatch: pytest.MonkeyPatch
) -> None:
    for plot in (view.fan, view.misread):
        area = plot.area
        with monkeypatch.context() as patch:
            patch.setattr(plot, "_find_area", None)
            plot.value_at(area.center())
        plot.resize(plot.width() + 40, plot.height())
        wider = plot.area
        assert wider.width() == pytest.approx(area.width() + 40)
        font = plot.font()
        font.setPixelSize(24)
        plot.setFont(font)
        assert plot.area.height() < wider.height(), "larger text takes its room"


def test_a_click_between_two_dots_adds_the_value_there_and_changes_nothing(
    view: FuturesView, lab_by_hand: LabByHand
) -> None:
    taken: list[float] = []
    view.take = lambda name, value: taken.append(value)
    plot, before = view.misread, known(view.forecast)
    first, second = (plot.point_of(end) for end in plot.content.ends[8:10])
    between = QPoint(round((first.x() + second.x()) / 2), round(plot.area.top()) + 4)
    assert plot.value_at(between.toPointF()) is None
    QTest.mouseMove(plot, between)
    with watched() as painted:
        plot.grab()
    (offer,) = (each.text for each in painted if each.text.endswith(": a click adds it"))
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=between)
    lab_by_hand.work()
    (added,) = values(view) - {future.value for future in before.futures}
    assert before.futures[8].value < added < before.futures[9].value
    label = offer.removesuffix(": a click adds it")
    assert plot.accessibleDescription().startswith(f"{label}: "), "it is pointed at"
    assert not taken
    assert known(lab_by_hand.run).now.eta == SMALL.eta
    view.setting.parts["momentum"].click()
    lab_by_hand.work()
    assert added not in values(view)


def test_another_setting_is_varied(view: FuturesView, lab_by_hand: LabByHand) -> None:
    for name, text in (("momentum", "μ 0: "), ("mini_batch_size", "mini-batch 10: ")):
        view.setting.parts[name].click()
        lab_by_hand.work()
        assert view.misread.accessibleDescription().startswith(text)
    assert max(future.value for future in known(view.forecast).futures) <= 1_000


def test_who_is_asked_first_guesses_before_anything_is_seen(
    view: FuturesView, lab_by_hand: LabByHand
) -> None:
    view.ask_action.setChecked(True)
    assert view.covered
    assert view.show_button.isVisible()
    assert "%" not in view.misread.accessibleDescription()
    taken: list[float] = []
    view.take = lambda name, value: taken.append(value)
    QTest.keyClick(view.misread, Qt.Key.Key_End)
    QTest.keyClick(view.misread, Qt.Key.Key_Return)
    assert not view.covered
    assert not taken, "a guess takes nothing"
    assert said(view, "futures_order").startswith("You pointed at η 100: ")
    (counted,) = lab_by_hand.predictions.all
    assert (counted.page, counted.question, counted.said) == ("what_next", "eta", "η 100")
    assert f" {counted.verdict.capitalize()}" in said(view, "futures_order")
    view.draw(lab_by_hand.shown)
    assert lab_by_hand.predictions.all == (counted,), "it is counted once"
    lab_by_hand.run_to(60)
    lab_by_hand.work()
    assert view.covered, "another moment, another question"
    view.show_button.click()
    assert not view.covered
    assert said(view, "futures_order").startswith(("Clearly fewer", "Probably fewer", "No clear difference"))
    assert lab_by_hand.chosen.now.futures.ask_first


def test_while_it_asks_any_height_points(view: FuturesView) -> None:
    plot = view.misread
    view.ask_action.setChecked(True)
    with watched() as painted:
        plot.grab()
    assert "Point at the η that will misread fewest." in [each.text for each in painted]
    right, top = round(plot.area.right()) - 5, round(plot.area.top()) + 3
    QTest.mouseMove(plot, QPoint(right, top))
    assert plot.accessibleDescription() == "η 100"
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(right, top))
    assert not view.covered
    assert known(plot.content).guess.value == 100.0


def test_a_cost_that_was_drawn_stays_beside_what_comes(view: FuturesView) -> None:
    view.ask_action.setChecked(True)
    area, content = view.fan.area, known(view.fan.content)
    y = round(area.top() + 0.3 * area.height())
    now = area.left() + float(content.steps.share(np.array([40.0]))[0]) * area.width()
    assert now > area.left() + 60, "there is a past to begin in"

    def draw(begin: float, end: float) -> None:
        """A level line."""
        QTest.mousePress(view.fan, Qt.MouseButton.LeftButton, pos=QPoint(round(begin), y))
        for x in range(round(begin) + 5, round(end), 5):
            QTest.mouseMove(view.fan, QPoint(x, y))
        QTest.mouseRelease(view.fan, Qt.MouseButton.LeftButton, pos=QPoint(round(end), y))

    draw(now - 50, now - 10)
    assert view.covered, "what has been is no guess"
    draw(now - 50, area.right())
    assert not view.covered
    drawn = known(view.fan.content.guess.drawn)
    apart = 5 / area.width() * (content.steps.high - content.steps.low)
    assert 40 <= drawn[0].min() < 40 + apart
    assert drawn[0].max() == pytest.approx(content.steps.high, abs=2 * apart)
    np.testing.assert_allclose(content.costs.share(drawn[1]), 0.7, atol=0.01)
    assert said(view, "futures_order").startswith("You drew a cost of ")
    with watched() as painted:
        view.grab()
    assert "your guess" in [text.text for text in painted]


def test_nothing_is_asked_while_it_is_hidden_or_the_run_learns(
    view: FuturesView, lab_by_hand: LabByHand
) -> None:
    view.hide()
    lab_by_hand.run_to(50)
    assert view.forecast is None
    view.show()
    lab_by_hand.work()
    assert known(view.forecast).step == 50
    view.hide()
    lab_by_hand.run_to(60)
    view.show()
    view.hide()
    assert not lab_by_hand.questions.is_open("what next")


def test_the_past_has_futures_with_what_is_planned(view: FuturesView, lab_by_hand: LabByHand) -> None:
    lab_by_hand.visit(20)
    assert known(view.forecast).step == 20
    lab_by_hand.settings.edit({"eta": 0.5})
    lab_by_hand.draw()
    lab_by_hand.work()
    assert view.misread.accessibleDescription().startswith("η 0.5: ")
