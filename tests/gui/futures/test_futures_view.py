"""The futures, as a person looks at them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Change
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.scales import Range
from mnistviz.gui.common.theme import DARK, LIGHT
from mnistviz.gui.futures.futures_view import FuturesView
from tests.gui.children import known
from tests.gui.lab.conftest import SMALL
from tests.gui.lab_by_hand import LabByHand


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
    return {future.value for future in known(view.outlook).futures}


def test_it_shows_the_futures_of_the_moment_and_the_value_that_is_set(
    view: FuturesView, lab_by_hand: LabByHand
) -> None:
    assert view.outlook is not None
    assert (view.outlook.step, view.outlook.mini_batches) == (40, 200)
    assert said(view, "futures_note").endswith("Your run does not change.")
    assert view.misread.accessibleDescription().startswith("η 2: ")
    lab_by_hand.runs.send(Change({"eta": 0.5}))
    lab_by_hand.work()
    lab_by_hand.work()
    assert view.misread.accessibleDescription().startswith("η 0.5: ")
    assert view.outlook.now.eta == SMALL.eta, "the futures are those of before"
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
    assert view.outlook is not None
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
    plot, before = view.misread, known(view.outlook)
    first, second = (plot.point_of(end) for end in plot.content.ends[8:10])  # type: ignore[union-attr]
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
    assert max(future.value for future in known(view.outlook).futures) <= 1_000


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
    assert view.outlook is None
    view.show()
    lab_by_hand.work()
    assert known(view.outlook).step == 50
    view.hide()
    lab_by_hand.run_to(60)
    view.show()
    view.hide()
    assert not lab_by_hand.questions.is_open("what next")


def test_the_past_has_futures_with_what_is_planned(view: FuturesView, lab_by_hand: LabByHand) -> None:
    lab_by_hand.playhead.visit(20)
    lab_by_hand.work()
    lab_by_hand.work()
    assert known(view.outlook).step == 20
    lab_by_hand.settings.edit({"eta": 0.5})
    lab_by_hand.draw()
    lab_by_hand.work()
    assert view.misread.accessibleDescription().startswith("η 0.5: ")
