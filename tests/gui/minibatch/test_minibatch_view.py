"""The tab *One step*, as a person uses it, with the predicted and the actual effect of a step."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Play, Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.microscope.mini_batch import MiniBatch, mini_batch_at
from mnistviz.engine.microscope.step_summary import keep_books, leave_one_out
from mnistviz.engine.network import Unit
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.theme import DARK, LIGHT, set_theme
from mnistviz.gui.common.timers import Throttle
from mnistviz.gui.lab.questions import recorded_run
from mnistviz.gui.minibatch import batch_words
from mnistviz.gui.minibatch.batch_tiles import ROW
from mnistviz.gui.minibatch.batch_words import books_table
from mnistviz.gui.minibatch.minibatch_view import MiniBatchView
from tests.gui.children import child, known, said
from tests.gui.lab_by_hand import LabByHand
from tests.gui.whose import whose


def batch_after(lab: LabByHand, step: int) -> MiniBatch:
    """The mini-batch that the selected run trained on after so many."""
    assert lab.run is not None
    recorded = recorded_run(lab.run, lab.digits)
    assert recorded is not None
    return mini_batch_at(recorded, step)


@pytest.fixture
def view(lab_by_hand: LabByHand, qtbot: QtBot) -> MiniBatchView:
    """The tab by itself, for a run that has learned a little."""
    lab_by_hand.run_to(60)
    found = lab_by_hand.show(qtbot, MiniBatchView(lab_by_hand), 1130, 260)
    lab_by_hand.work()
    return found


def places(view: MiniBatchView) -> list[int]:
    return [int(place) for place in known(view.tiles.content).numbers]


def test_at_the_end_it_is_the_last_and_then_the_next(view: MiniBatchView, lab_by_hand: LabByHand) -> None:
    assert said(view, "minibatch_title") == "Mini-batch 60"
    assert not any("the next one" in line.text for line in view.books.table.content.above)
    lab_by_hand.visit(31)
    assert said(view, "minibatch_title") == "Mini-batch 32"
    for place, number in enumerate(batch_after(lab_by_hand, 31).numbers.tolist()):
        assert f"training digit {number:,}" in known(view.tiles.content).told(place)
    lab_by_hand.visit(60)
    assert said(view, "minibatch_title") == "Mini-batch 61"
    assert any(line.text == "the next one, worked out on a copy" for line in view.books.table.content.above)


def test_each_digit_tells_its_prediction_and_change(view: MiniBatchView, lab_by_hand: LabByHand) -> None:
    batch, content = batch_after(lab_by_hand, 59), known(view.tiles.content)
    classes, lengths = known(lab_by_hand.digits).classes, batch.gradient_lengths
    for place in range(10):
        assert content.lines(place) == batch_words.tile_lines(batch, classes, lengths, place)
        assert content.told(place) == batch_words.digit_told(batch, classes, lengths, place)
    lab_by_hand.chosen.choose("network", unit=3)
    for stage, unit, head in (("back", Unit(1, 3), "δ of unit 4"), ("step", None, "δ of the true output")):
        view.stages.choose(stage)
        content = known(view.tiles.content)
        assert view.tiles.heads[-1].text() == head
        assert content.lines(2) == batch_words.tile_lines(batch, classes, lengths, 2, unit)
    view.stages.choose("gradient")
    lab_by_hand.chosen.choose("network", unit=5)
    assert view.tiles.heads[-1].text() == "δ of unit 6"


def test_the_digits_are_sorted_and_walked_through(view: MiniBatchView, lab_by_hand: LabByHand) -> None:
    batch = batch_after(lab_by_hand, 59)
    assert places(view) == list(range(10))
    view.order.actions["cost"].trigger()
    assert (np.diff(batch.costs[places(view)]) <= 0).all()
    view.order.actions["change"].trigger()
    assert (np.diff(np.abs(batch.costs_after - batch.costs)[places(view)]) <= 0).all()
    view.tiles.setFocus()
    QTest.keyClick(view.tiles, Qt.Key.Key_Right)
    QTest.keyClick(view.tiles, Qt.Key.Key_Right)
    assert view.tiles.digit == places(view)[1]
    assert lab_by_hand.chosen.now.minibatch.order == "change"
    lab_by_hand.chosen.choose("minibatch", order="nonsense")
    assert view.order.value() == "change"


def test_a_chosen_digit_goes_with_its_mini_batch(view: MiniBatchView, lab_by_hand: LabByHand) -> None:
    view.tiles.setFocus()
    for _ in range(4):
        QTest.keyClick(view.tiles, Qt.Key.Key_Right)
    chosen = view.tiles.digit
    set_theme(DARK, view)
    lab_by_hand.work()
    assert view.tiles.digit == chosen == 3, "the same mini-batch"
    for step in (61, 62):
        lab_by_hand.run_to(step)
        lab_by_hand.work()
        assert view.tiles.digit == batch_after(lab_by_hand, step - 1).costs.argmax(), (
            "the stage shows the costliest"
        )
        view.tiles.walk(1 if view.tiles.digit == 0 else -1)
    first = lab_by_hand.shown.number
    lab_by_hand.run_to(20, Settings(seed=2))
    assert view.tiles.isVisible()
    lab_by_hand.runs.select(known(first))
    view.draw(lab_by_hand.shown)
    assert not view.tiles.isVisible(), "those of another run are not left there"


def test_misread_digits_are_written_in_that_colour(view: MiniBatchView, lab_by_hand: LabByHand) -> None:
    lab_by_hand.run_to(250)
    lab_by_hand.work()
    view.resize(1130, 340)  # all ten are seen
    QApplication.processEvents()
    for theme in (DARK, LIGHT):
        set_theme(theme, view)
        content, kinds = known(view.tiles.content), set()
        with watched() as painted:
            view.tiles.grab()
        for place in range(10):
            lines = content.lines(place)
            tile = QRectF(view.tiles.visualRect(view.tiles.model().index(place, 0)))
            (room,) = (each.room for each in painted if each.text == lines.read and tile.contains(each.room))
            kind = whose(view.tiles.viewport(), room, {"right": theme.right, "wrong": theme.wrong})
            assert kind == ("right" if lines.right else "wrong")
            kinds.add(kind)
        assert len(kinds) == 2


def test_rows_are_seen_whole_and_hold_all_their_texts(view: MiniBatchView) -> None:
    for height in range(150, 300, 17):
        view.resize(760, height)
        QApplication.processEvents()
        high, room = view.tiles.gridSize().height(), view.tiles.height() - view.tiles.viewport().y()
        least = ROW - 2 if room >= 10 * (ROW - 2) else ROW
        assert high >= least
        seen, over = divmod(view.tiles.viewport().height(), high)
        assert not over
        assert seen == min(10, room // least)
        last = view.tiles.visualRect(view.tiles.model().index(9, 0)).translated(
            0, view.tiles.verticalScrollBar().value()
        )
        assert last.bottom() == 10 * high - 1, "one row each, whether there is a scroll bar or not"
        assert view.tiles.verticalScrollBar().isVisible() == (seen < 10)
        with watched() as painted:
            view.tiles.grab()
        assert all(each.fits for each in painted)


@pytest.mark.parametrize(
    ("scale", "width", "count"), [(1, 790, 4), (1, 690, 4), (2, 1130, 4), (2, 909, 3), (2, 700, 2)]
)
def test_columns_without_room_are_left_out_and_stages_become_numbers(
    view: MiniBatchView, qtbot: QtBot, scale: int, width: int, count: int
) -> None:
    font = QFont(view.font())
    font.setPixelSize(scale * view.fontInfo().pixelSize())
    view.setFont(font)
    view.setMinimumWidth(1)
    view.resize(width, 340)
    parts = [part for part in view.stages.control.findChildren(QPushButton) if part.isVisible()]
    names = "1 forward" if count == 4 else "1"
    qtbot.waitUntil(lambda: parts[0].text() == names)
    qtbot.waitUntil(lambda: all(part.width() == part.sizeHint().width() for part in parts))
    assert parts[0].toolTip().startswith("forward: Shows" if names == "1" else "Shows")
    with watched() as painted:
        view.tiles.grab()
    assert all(each.fits for each in painted)
    heads = [head for head in view.tiles.heads if head.isVisible()]
    shown = [head.geometry() for head in (view.tiles.title, *heads)]
    assert all(one.right() + 4 < other.left() for one, other in pairwise(shown))
    assert len(heads) == count
    assert count < 4 or (heads[2].text().endswith(" …") and "of its gradient" in heads[2].toolTip())


def test_nothing_is_asked_while_it_is_hidden(view: MiniBatchView, lab_by_hand: LabByHand) -> None:
    view.hide()
    lab_by_hand.run_to(70)
    assert said(view, "minibatch_title") == "Mini-batch 60"
    view.show()
    lab_by_hand.draw()
    assert lab_by_hand.questions.is_open("mini-batch")
    lab_by_hand.work()
    assert said(view, "minibatch_title") == "Mini-batch 70"


def test_another_mini_batch_begins_at_the_top_unless_learning(lab_by_hand: LabByHand, qtbot: QtBot) -> None:
    lab_by_hand.run_to(4, Settings(mini_batch_size=200, training_digits=1_000))
    view = lab_by_hand.show(qtbot, MiniBatchView(lab_by_hand), 700, 200)
    lab_by_hand.work()
    view.grab()  # laid out
    bar = view.tiles.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 0
    lab_by_hand.visit(2)
    assert said(view, "minibatch_title") == "Mini-batch 3"
    assert bar.value() == 0
    lab_by_hand.playhead.live_again()
    lab_by_hand.runs.send(Play())
    lab_by_hand.work(4)
    bar.setValue(bar.maximum())
    title = said(view, "minibatch_title")
    child(view, Throttle).now()
    lab_by_hand.work(4)
    assert said(view, "minibatch_title") != title
    assert bar.value() > 0
    assert not lab_by_hand.shown.rests


@pytest.mark.parametrize("size", [1, 1_000])
def test_any_mini_batch_opens(lab_by_hand: LabByHand, qtbot: QtBot, size: int, small_digits: Digits) -> None:
    lab_by_hand.run_to(1, Settings(mini_batch_size=size))
    view = lab_by_hand.show(qtbot, MiniBatchView(lab_by_hand), 700, 200)
    lab_by_hand.work()
    assert len(places(view)) == min(size, len(small_digits.training))
    view.grab()
    assert ("one digit only" in view.books.button.toolTip()) == (size == 1)
    assert view.books.button.isEnabled() == (size > 1)


def test_without_a_run_or_after_divergence_it_says_so(lab_by_hand: LabByHand, qtbot: QtBot) -> None:
    view = lab_by_hand.show(qtbot, MiniBatchView(lab_by_hand), 900, 200)
    assert said(view, "minibatch_empty").startswith("One mini-batch appears here")
    settings = Settings(sizes=(784, 30, 20, 10), activation="relu", eta=1_000.0, weight_decay=5.0)
    lab_by_hand.runs.begin(settings)
    lab_by_hand.runs.send(Step(60))
    lab_by_hand.work()
    lab_by_hand.work()
    assert "not finite" in said(view, "minibatch_empty")
    assert child(view, QLabel, "minibatch_empty").isVisible()


def test_a_spike_is_found_though_the_hand_has_missed_it(view: MiniBatchView, lab_by_hand: LabByHand) -> None:
    costs = lab_by_hand.run_to(200).history.costs.rows["total"]
    spike = 3 + int(costs[3:-4].argmax())
    assert not view.costliest_button.isEnabled()
    assert "past" in view.costliest_button.toolTip()
    lab_by_hand.visit(spike + 2)
    assert view.costliest_button.isEnabled()
    view.costliest_button.click()
    for _ in range(3):
        lab_by_hand.work()
    assert lab_by_hand.playhead.here == spike
    assert said(view, "minibatch_title") == f"Mini-batch {spike + 1}"
    assert batch_after(lab_by_hand, spike).costs.mean() == pytest.approx(costs[spike], rel=1e-5)
    assert not view.costliest_button.isEnabled()
    lab_by_hand.visit(spike + 3)
    assert view.costliest_button.isEnabled()
    lab_by_hand.runs.begin(Settings())
    lab_by_hand.draw()
    assert not view.costliest_button.isEnabled(), "a run that has learned nothing has none"


def test_digits_are_ranked_by_their_effect_on_others(view: MiniBatchView, lab_by_hand: LabByHand) -> None:
    batch, others = batch_after(lab_by_hand, 59), known(lab_by_hand.digits).validation
    found = leave_one_out(batch, others)
    assert view.books.table.content == books_table(batch, keep_books(batch, others))
    assert view.books.button.text() == "Digit with most effect"
    view.books.button.click()
    lab_by_hand.work()
    rows = view.books.table.content.rows
    assert [row.number for row in rows] == found.order[:8].tolist()
    assert rows[0].cells[0].share == pytest.approx(np.sign(found.others[found.order[0]]))
    view.books.table.click(known(rows[1].number))
    assert view.tiles.digit == rows[1].number
    assert view.which.value() == "one"
    view.books.button.click()
    assert view.books.table.content.rows[0].name == "predicted"


def test_it_is_cancelled_and_ends_with_its_mini_batch(view: MiniBatchView, lab_by_hand: LabByHand) -> None:
    view.books.button.click()
    assert view.books.button.text().startswith("Cancel")
    view.tiles.setFocus()
    QTest.keyClick(view.tiles, Qt.Key.Key_Escape)
    assert view.books.button.text() == "Digit with most effect"
    view.books.button.click()
    lab_by_hand.work()
    assert view.books.button.text() == "What the step does"
    lab_by_hand.run_to(61)
    lab_by_hand.work()
    assert view.books.button.text() == "Digit with most effect"
    lab_by_hand.runs.send(Play())
    lab_by_hand.work(4)
    child(view, Throttle).now()
    lab_by_hand.work(4)
    assert not view.books.button.isEnabled()
