"""The bookkeeping of a step, and which of its digits has most effect, as the tab *Mini-batch* shows them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Play
from mnistviz.engine.microscope.bookkeeping import keep_books, leave_one_out
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.common.timers import Throttle
from mnistviz.gui.minibatch.batch_words import books_table, tile_lines
from mnistviz.gui.minibatch.minibatch_view import MiniBatchView
from tests.gui.children import child, known
from tests.gui.lab_by_hand import LabByHand
from tests.gui.minibatch.batches import batch_after


@pytest.fixture
def view(lab_by_hand: LabByHand, qtbot: QtBot) -> MiniBatchView:
    """The tab by itself, for a run that has learned a little."""
    lab_by_hand.run_to(60)
    found = lab_by_hand.show(qtbot, MiniBatchView(LIGHT, lab_by_hand), 1130, 260)
    lab_by_hand.work()
    return found


def test_what_was_predicted_stands_beside_the_actual_change(
    view: MiniBatchView, lab_by_hand: LabByHand
) -> None:
    batch = batch_after(lab_by_hand, 59)
    books = keep_books(batch, known(lab_by_hand.digits).validation)
    assert view.books.table.content == books_table(batch, books)
    predicted, actual, others = (row.cells[0] for row in view.books.table.content.rows)
    assert [cell.outline for cell in (predicted, actual, others)] == [True, False, False]
    full = max(abs(books.predicted), abs(books.actual), abs(books.others_after - books.others_before))
    assert actual.share == pytest.approx(books.actual / full)


def test_a_digit_that_the_step_won_or_lost_is_marked_below_it(
    view: MiniBatchView, lab_by_hand: LabByHand
) -> None:
    batch, digits = batch_after(lab_by_hand, 59), known(lab_by_hand.digits)
    labels = np.where(
        np.arange(len(batch)) % 2, batch.read, batch.labels
    )  # some are read right before the step,
    after = np.eye(10)[
        np.where(batch.read == labels, (labels + 1) % 10, labels)
    ]  # and just the others after it
    other = replace(batch, labels=labels, outputs_after=after)
    books = keep_books(other, digits.validation)
    assert len(books.won)
    assert len(books.lost)
    for place in range(len(other)):
        line = tile_lines(other, digits.classes, batch.gradient_lengths, place)
        marks = {"✓": place in books.won, "✗": place in books.lost}
        assert [mark for mark in marks if line.after.startswith(mark)] == [
            each for each in marks if marks[each]
        ]
        assert line.tone == "right" or place not in books.won


def test_the_digits_are_ranked_by_what_each_did_to_the_cost_of_others(
    view: MiniBatchView, lab_by_hand: LabByHand
) -> None:
    found = leave_one_out(batch_after(lab_by_hand, 59), known(lab_by_hand.digits).validation)
    assert view.books.button.text() == "Which digit has most effect?"
    view.books.button.click()
    lab_by_hand.work()
    rows = view.books.table.content.rows
    assert [row.number for row in rows] == found.order[:8].tolist()
    assert rows[0].cells[0].share == pytest.approx(np.sign(found.others[found.order[0]]))
    view.books.table.click(rows[1].number)
    assert view.tiles.digit == rows[1].number
    assert view.which.value() == "one"
    view.books.button.click()
    assert view.books.table.content.rows[0].name == "predicted"


def test_it_can_be_stopped_and_is_forgotten_with_another_mini_batch(
    view: MiniBatchView, lab_by_hand: LabByHand
) -> None:
    view.books.button.click()
    assert view.books.button.text().startswith("Cancel")
    view.tiles.setFocus()
    QTest.keyClick(view.tiles, Qt.Key.Key_Escape)
    assert view.books.button.text() == "Which digit has most effect?"
    view.books.button.click()
    lab_by_hand.work()
    assert view.books.button.text() == "What the step does"
    lab_by_hand.run_to(61)
    lab_by_hand.work()
    assert view.books.button.text() == "Which digit has most effect?"
    lab_by_hand.runs.send(Play())
    lab_by_hand.work(4)
    child(view, Throttle).now()
    lab_by_hand.work(4)
    assert not view.books.button.isEnabled()


def test_one_digit_alone_did_it(lab_by_hand: LabByHand, qtbot: QtBot) -> None:
    lab_by_hand.run_to(3, Settings(mini_batch_size=1))
    view = lab_by_hand.show(qtbot, MiniBatchView(LIGHT, lab_by_hand), 700, 200)
    lab_by_hand.work()
    assert not view.books.button.isEnabled()
    assert "one digit only" in view.books.button.toolTip()
