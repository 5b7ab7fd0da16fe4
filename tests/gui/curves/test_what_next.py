"""What the forecasts show follows from the outlook alone, and how a person looks at them."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Change
from mnistviz.engine.futures import KEPT_ORDERS, Costs, Forecast, Future, Varied, look_ahead
from mnistviz.engine.schedule import ScheduleState
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Cursor, TrainerState
from mnistviz.engine.trials import RecordedRun
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.scales import Range
from mnistviz.gui.common.theme import DARK, LIGHT, set_theme
from mnistviz.gui.curves.future_content import Guess, cover, present
from mnistviz.gui.curves.future_figures import AHEAD
from mnistviz.gui.curves.what_next import WhatNext
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


def test_it_says_how_a_cost_that_was_drawn_stands_beside_what_came() -> None:
    found = forecast(v0_5=0.2, v3=0.18)
    guess = Guess(drawn=(np.array([100.0, 150.0]), np.array([1.0, 0.026])))
    content = replace(present(found, 3.0, 10_000), guess=guess)
    assert content.told_of_guess(found) == "You drew a cost of 0.026 at mini-batch 139; with η 3 it is 3.0."
    broken = replace(found.futures[1], costs=costs(1_000, [3.0, np.inf]))
    diverges = replace(found, futures=(found.futures[0], broken))
    assert replace(present(diverges, 3.0, 10_000), guess=guess).told_of_guess(diverges) == ""
    assert content.told_of_guess(found).count("best") == 0
    score = known(content.score_of_guess(found))
    assert (score.verdict, score.unit) == ("wrong", "percent")


@pytest.mark.parametrize(("value", "verdict"), [(0.5, "close"), (1.0, "wrong"), (3.0, "right")])
def test_a_predicted_value_is_scored_by_its_errors_beyond_the_best(value: float, verdict: str) -> None:
    found = forecast(v0_5=0.2, v1=0.3, v3=0.18)
    score = known(replace(present(found, 3.0, 10_000), guess=Guess(value)).score_of_guess(found))
    assert score.verdict == verdict


def test_what_is_covered_follows_from_nothing_that_comes() -> None:
    kinds = [forecast(v0_5=0.2, v3=0.18), forecast(another_order=0.3, v0_5=0.9, v3=0.01)]
    one, other = (cover(present(each, 3.0, 10_000), each) for each in kinds)
    assert not one.lines
    for name in one.__struct_fields__:
        if name != "guess":  # what the user has said
            assert getattr(one, name) == getattr(other, name), name


@cache
def looked_ahead(*about: Any) -> list[Forecast]:
    """The forecast of a question, once it was asked: the run learns alike in all tests, and forecasts take longest."""
    return []


@pytest.fixture
def view(lab_by_hand: LabByHand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> WhatNext:
    """The view by itself, for a run that has learned a little."""

    def look(run: RecordedRun, *asked: Any, now: Settings) -> Forecast:
        known = looked_ahead(*asked[:4], now, run.record.acts)
        known[:] = known or [look_ahead(run, *asked, now=now)]
        return known[0]

    monkeypatch.setattr("mnistviz.gui.lab.questions.look_ahead", look)
    lab_by_hand.run_to(40, SMALL)
    found = lab_by_hand.show(qtbot, WhatNext(lab_by_hand), 1_100, 260)
    found.place(QRectF(40, 24, 400, 200), Range(0.0, 4.0), 300.0, 0.0, QRect(0, 0, 150, 18))
    lab_by_hand.work()
    return found


def said(view: WhatNext, name: str) -> str:
    return known(view.head.findChild(QLabel, name) or view.findChild(QLabel, name)).accessibleName()


def values(view: WhatNext) -> set[float]:
    return {future.value for future in known(view.forecast).futures}


def test_it_shows_the_futures_of_the_step_and_the_set_value(view: WhatNext, lab_by_hand: LabByHand) -> None:
    assert view.forecast is not None
    assert (view.forecast.step, view.forecast.mini_batches) == (40, 200)
    assert said(view, "futures_title") == "the next 200 mini-batches, 17 values of η"
    assert view.misread.accessibleDescription().startswith("η 2: ")
    lab_by_hand.runs.send(Change({"eta": 0.5}))
    lab_by_hand.work()
    lab_by_hand.work()
    assert view.misread.accessibleDescription().startswith("η 0.5: ")
    assert view.forecast.now.eta == SMALL.eta, "the futures are those of before"
    for theme in (DARK, LIGHT):
        set_theme(theme, view)
        view.grab()


def test_the_fan_goes_on_from_the_playhead(view: WhatNext, monkeypatch: pytest.MonkeyPatch) -> None:
    """And leaves the past, the knob of the playhead, and the title of the cost as they are."""
    fan, mask = view.fan, view.mask()
    assert fan.area.width() == AHEAD
    left, top = fan.x(), round(fan.area.top()) + fan.y()
    assert (left, top, fan.area.height()) == (301, 24, 200)
    for past in (QPoint(290, 100), QPoint(300, 24), QPoint(100, 9)):
        assert not mask.contains(past)
    for ahead in (QPoint(310, 100), QPoint(170, 9), view.misread.geometry().center()):
        assert mask.contains(ahead)
    view.place(QRectF(40, 24, 400, 200), Range(0.0, 4.0), 300.0, 9.0, QRect(0, 0, 150, 18))
    assert not view.mask().contains(QPoint(305, 235)), "a label of the past is seen whole"
    with watched() as painted:
        view.grab()
    assert {"+50", "+200", "mini-batches"} <= {each.text for each in painted}
    assert [each.text for each in painted if not each.fits] == []
    lines: list[float] = []
    monkeypatch.setattr(
        fan, "draw_line", lambda _, x, y, to_x, to_y, *ink: lines.append(y if y == to_y else -1.0)
    )
    view.place(QRectF(40, 24, 400, 60), Range(0.0, 0.6), 300.0, 9.0, QRect(0, 0, 150, 18))
    fan.grab()
    assert set(lines) >= {round(fan.area.bottom() - y) + 0.5 for y in (0, 20, 40, 60)}, "the grid of the past"


def test_what_is_pointed_at_has_a_button_to_branch_with_it(view: WhatNext) -> None:
    branched: list[tuple[str, float]] = []
    view.branch = lambda name, value: branched.append((name, value))
    assert not view.branch_button.isVisible(), "nothing is pointed at"
    for value, playhead in ((0.2, 300.0), (20.0, 300.0), (20.0, 640.0)):
        view.place(QRectF(40, 24, 640, 200), Range(0.0, 4.0), playhead, 0.0, QRect(0, 0, 150, 18))
        view.point(value)
        assert view.branch_button.text() == f"Branch with η {value:g}"
        assert view.fan.value == view.misread.value == value
        button = view.branch_button.geometry()
        assert view.rect().contains(button)
        assert button.left() >= view.fan.x() + view.fan.area.right() + 12, "it covers no strand"
        labels = [each for value, each in view.fan.labels().items() if value != view.fan.value]
        for _, middle in labels:
            assert abs(middle + view.fan.y() - button.center().y()) >= 15 / 2 + 15 - 1
        view.branch_button.click()
        assert branched[-1] == ("eta", value)
    view.point(0.123)
    assert view.fan.value == 20.0, "there is no such value"
    view.ask_action.setChecked(True)
    assert not view.branch_button.isVisible()


def test_keys_and_clicks_take_a_value_and_the_slider_of_eta_has_a_tick_for_each(view: WhatNext) -> None:
    taken: list[tuple[str, float]] = []
    view.take = lambda name, value: taken.append((name, value))
    QTest.keyClick(view.misread, Qt.Key.Key_Home)
    assert view.misread.accessibleDescription().startswith("η 0.03: ")
    assert view.fan.accessibleDescription() == view.misread.accessibleDescription()
    QTest.keyClick(view.misread, Qt.Key.Key_Right)
    QTest.keyClick(view.misread, Qt.Key.Key_Return)
    assert taken == [("eta", 0.05)]
    assert view.forecast is not None
    place = view.misread.point_of(view.misread.content.ends[-1]).toPoint()
    QTest.mouseClick(view.misread, Qt.MouseButton.LeftButton, pos=place)
    assert taken[1:] == [("eta", 30.0)]
    marked: list[tuple[tuple[float, str, str], ...]] = []
    view.mark = lambda ticks, *_: marked.append(ticks)
    view.draw(view._shown)
    set_theme(DARK, view)
    assert [value for value, _, _ in marked[-1]] == sorted(values(view))
    view.setting.parts["momentum"].click()
    assert marked[-1] == ()


def test_another_setting_is_varied(view: WhatNext, lab_by_hand: LabByHand) -> None:
    """And no words cover a dot, each other, or what is beyond the plot."""
    for name, text in (("eta", "η 2: "), ("momentum", "μ 0: "), ("mini_batch_size", "mini-batch 10: ")):
        view.setting.parts[name].click()
        lab_by_hand.work()
        plot = view.misread
        assert plot.accessibleDescription().startswith(text)
        for value in values(view):
            view.point(value)
            with watched() as painted:
                plot.grab()
            within = [each.room for each in painted if plot.area.contains(each.room.center())]
            assert len(within) in (2, 5), "two lines, and the legend where there is a corner for it"
            for room in within:
                if room.width() < plot.area.width() / 2:  # wider ones do not fit between the dots
                    assert not any(room.contains(plot.point_of(end)) for end in plot.content.ends)
                assert not any(room.intersects(other) for other in within if other != room)
            assert max(each.room.right() for each in painted) <= plot.width()
    view.place(QRectF(40, 24, 400, 50), Range(0.0, 4.0), 300.0, 0.0, QRect(0, 0, 150, 18))
    with watched() as painted:
        plot.grab()
    assert not [each.text for each in painted if plot.area.contains(each.room.center())], "it is too low"
    assert known(view.fan.content).end(value).labels[1] in {each.text() for each in view.findChildren(QLabel)}
    assert max(future.value for future in known(view.forecast).futures) <= 1_000


def test_who_is_asked_first_guesses_before_anything_is_seen(view: WhatNext, lab_by_hand: LabByHand) -> None:
    view.ask_action.setChecked(True)
    assert view.covered
    assert not view.show_button.isHidden()
    assert "%" not in view.misread.accessibleDescription()
    taken: list[float] = []
    view.take = lambda name, value: taken.append(value)
    QTest.keyClick(view.misread, Qt.Key.Key_End)
    QTest.keyClick(view.misread, Qt.Key.Key_Return)
    assert not view.covered
    assert not taken, "a guess takes nothing"
    assert said(view, "futures_order").startswith("You pointed at η 30: ")
    (counted,) = lab_by_hand.predictions.all
    assert (counted.page, counted.question, counted.said) == ("what_next", "eta", "η 30")
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


def test_while_it_asks_any_height_points(view: WhatNext) -> None:
    plot = view.misread
    view.ask_action.setChecked(True)
    with watched() as painted:
        plot.grab()
    assert "Point at the η that will misread fewest." in [each.text for each in painted]
    right, top = round(plot.area.right()) - 5, round(plot.area.top()) + 3
    QTest.mouseMove(plot, QPoint(right, top))
    assert plot.accessibleDescription() == "η 30"
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(right, top))
    assert not view.covered
    assert known(plot.content).guess.value == 30.0


def test_a_cost_that_was_drawn_stays_beside_what_comes(view: WhatNext) -> None:
    view.ask_action.setChecked(True)
    area, content = view.fan.area, known(view.fan.content)
    y = round(area.top() + 0.3 * area.height())
    QTest.mousePress(view.fan, Qt.MouseButton.LeftButton, pos=QPoint(0, y))
    for x in range(5, 300, 5):
        QTest.mouseMove(view.fan, QPoint(x, y))
    assert view.covered
    QTest.mouseRelease(view.fan, Qt.MouseButton.LeftButton, pos=QPoint(300, y))
    assert not view.covered
    drawn = known(view.fan.content.guess.drawn)
    assert drawn[0][[0, -1]] == pytest.approx((40.0, content.steps.high), abs=5)
    np.testing.assert_allclose(drawn[1], 0.7 * 4.0, atol=0.05)
    assert said(view, "futures_order").startswith("You drew a cost of ")
    with watched() as painted:
        view.grab()
    assert "your guess" in [text.text for text in painted]


def test_nothing_is_asked_while_hidden_or_while_it_learns(view: WhatNext, lab_by_hand: LabByHand) -> None:
    view.hide()
    lab_by_hand.run_to(50)
    assert known(view.forecast).step == 40, "it is not forgotten"
    view.show()
    lab_by_hand.work()
    assert known(view.forecast).step == 50
    view.hide()
    lab_by_hand.run_to(60)
    view.show()
    view.hide()
    assert not lab_by_hand.questions.is_open("what next")


def test_the_past_has_futures_with_what_is_planned(view: WhatNext, lab_by_hand: LabByHand) -> None:
    lab_by_hand.visit(20)
    assert known(view.forecast).step == 20
    lab_by_hand.settings.edit({"eta": 0.5})
    lab_by_hand.draw()
    lab_by_hand.work()
    assert view.misread.accessibleDescription().startswith("η 0.5: ")
