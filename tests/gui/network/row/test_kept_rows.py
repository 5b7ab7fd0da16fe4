"""A row on the pad is found again at the next start; what makes no sense is passed over."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.handwriting import Ink
from mnistviz.engine.moment import Moment
from mnistviz.gui.common.choices import Choices, RowPart
from mnistviz.gui.common.records import plain_record, read_record
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.pad.sheet import FINE, MOST_CUTS, WIDE, Sheet
from tests.gui.network.moments import shown
from tests.gui.network.row.conftest import JobsAtOnce, read, write


def again(qtbot: QtBot, card: NetworkCard, learned: Moment, digits: Digits | None = None) -> NetworkCard:
    """Another card of the same choices, as JSON hands them over."""
    record = json.loads(json.dumps(plain_record(card.chosen.now)))
    other = NetworkCard(jobs=JobsAtOnce())
    qtbot.addWidget(other)
    other.resize(1130, 462)
    other.chosen.restore(read_record(Choices, record))
    other.show()
    qtbot.waitExposed(other)
    if digits is not None:
        other.set_digits(digits)
    other.draw(shown(learned))
    return other


def test_a_written_row_its_cuts_and_the_wide_pad_are_kept(
    card: NetworkCard, qtbot: QtBot, learned: Moment
) -> None:
    write(card.pad, 5, 0, 4)
    card.row.choose(0)
    card.row.cutting.remove(1)
    card.row.side.gap.setValue(-2)
    other = again(qtbot, card, learned)
    assert other.pad.is_wide
    assert other.pad.gap == -2
    assert other.pad.sheet.cuts == pytest.approx(card.pad.sheet.cuts, abs=1e-3)
    assert read(other) == read(card)
    other.row.cutting.cut_again()
    assert read(other) == "504"


def test_what_there_is_no_room_for_is_kept_too(card: NetworkCard, qtbot: QtBot, learned: Moment) -> None:
    wide = card.row.actions.wide
    write(card.pad, 5, 0)
    wide.setChecked(False)
    other = again(qtbot, card, learned)
    assert not other.pad.is_wide
    assert not other.pad.sheet.ink
    other.row.actions.wide.setChecked(True)
    assert read(other) == "50"
    write(card.pad, 7)
    digit = card.pad.picture
    wide.setChecked(True)
    other = again(qtbot, card, learned)
    assert read(other) == "50"
    other.row.actions.wide.setChecked(False)
    assert other.pad.picture is not None
    assert digit is not None
    assert np.abs(other.pad.picture.astype(int) - digit).max() < 5


def test_the_digit_that_a_row_began_with_is_kept_too(
    card: NetworkCard, qtbot: QtBot, learned: Moment, mnist: Digits
) -> None:
    card.set_digits(mnist)
    card.row.actions.wide.setChecked(False)
    card.pad.show_test_digit()
    sheet = card.pad.sheet
    card.row.actions.wide.setChecked(True)
    card.pad.clear()
    write(card.pad, 5, 0)
    other = again(qtbot, card, learned, mnist)
    other.row.actions.wide.setChecked(False)
    assert (other.pad.sheet.number, other.pad.true_label) == (sheet.number, sheet.label)
    assert sheet.number is not None


def test_test_digits_keep_their_labels_and_a_scanned_row_its_ink(
    card: NetworkCard, qtbot: QtBot, learned: Moment, mnist: Digits
) -> None:
    card.set_digits(mnist)
    card.pad.show_test_digit()
    other = again(qtbot, card, learned, mnist)
    assert other.pad.sheet.row == card.pad.sheet.row
    assert other.row.true_label == card.row.true_label
    ink = np.zeros((FINE, round(WIDE * FINE)), dtype=np.uint8)
    ink[20:90, 100:700] = np.random.default_rng(1).integers(0, 256, (70, 600))
    card.pad.put(Sheet(Ink(digit=ink)))
    other = again(qtbot, card, learned)
    assert other.pad.sheet.ink.digit is not None
    assert np.array_equal(other.pad.sheet.ink.digit, ink)
    assert len(json.dumps(plain_record(card.chosen.now))) < 200_000


GOOD = Sheet(Ink(digit=np.full((FINE, 300), 200, dtype=np.uint8)), cuts=(0.5, 1.5)).record()


@pytest.mark.parametrize(
    "change",
    [
        {"canvas": {**GOOD["canvas"], "height": 3_000_000}},
        {"canvas": {**GOOD["canvas"], "width": 10**9}},
        {"canvas": {**GOOD["canvas"], "width": 299}},
        {"canvas": {**GOOD["canvas"], "width": 301}},
        {"canvas": {**GOOD["canvas"], "ink": "no base64 at all!"}},
        {"canvas": {**GOOD["canvas"], "ink": "QUJD"}},
        {"canvas": [1, 2]},
        {"canvas": "x"},
        {"strokes": [[[WIDE + 1, 0.5, 1]]]},
    ],
)
def test_ink_that_makes_no_sense_leaves_blank_paper(change: dict[str, Any]) -> None:
    assert Sheet.from_record(GOOD).ink
    assert not Sheet.from_record({**GOOD, **change}).ink


@pytest.mark.parametrize(
    "cuts", [[8.0], [-1], ["a"], [float("nan")], [[1]], {"a": 1}, [1.0] * (MOST_CUTS + 1), 3]
)
def test_cuts_that_make_no_sense_are_left_to_the_network(cuts: object) -> None:
    assert Sheet.from_record(GOOD).cuts == (0.5, 1.5)
    assert Sheet.from_record({**GOOD, "cuts": cuts}).cuts is None


@pytest.mark.parametrize(
    "row",
    [
        {"numbers": [1, 2], "labels": [1, 2], "gaps": []},
        {"numbers": [1], "labels": [99], "gaps": []},
        {"numbers": [-1], "labels": [1], "gaps": []},
        {"numbers": [1] * 5_000, "labels": [1] * 5_000, "gaps": [1] * 4_999},
        {"numbers": [1, 2], "labels": [1, 2], "gaps": [10**9]},
        {"numbers": 1},
        [],
    ],
)
def test_labels_that_make_no_sense_are_none(row: object, mnist: Digits) -> None:
    sheet = Sheet.from_record({**GOOD, "row": row})
    assert sheet.row is None
    assert sheet.checked(mnist).row is None


def test_other_values_that_make_no_sense_are_passed_over(card: NetworkCard) -> None:
    states: tuple[object, ...] = (None, 3, [], {"wide": 1, "gap": "x"}, {"gap": 10**9}, {"gap": -(10**30)})
    for state in states:
        card.row.take_part(read_record(RowPart, state))
        assert not card.pad.is_wide
        assert -3 <= card.pad.gap <= 12
