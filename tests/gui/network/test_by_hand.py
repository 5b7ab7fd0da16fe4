"""Weights by hand, on a unit seen large: all of it is on a copy until it is kept."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnistviz.engine.acts import Edited
from mnistviz.engine.hand_edits import BIAS, WeightEdit, switched_off
from mnistviz.engine.microscope.what_if import bill
from mnistviz.gui.common.theme import DARK, LIGHT
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.lab.what_if_copy import WhatIf
from mnistviz.gui.mistakes.against import ALONE, COPY
from mnistviz.gui.mistakes.mistakes_view import Mistakes
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.network.unit.unit_detail import UnitDetail
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.actions import MENUS
from tests.gui.lab_by_hand import LabByHand

UNIT = 6


@pytest.fixture
def detail(lab_by_hand: LabByHand, qtbot: QtBot) -> UnitDetail:
    """Unit 7 of a run after forty mini-batches."""
    lab_by_hand.run_to(40)
    view = UnitDetail(LIGHT, lab_by_hand.jobs, lab=lab_by_hand)
    assert lab_by_hand.digits is not None
    view.set_digits(lab_by_hand.digits)
    view.show_unit(1, UNIT)
    lab_by_hand.show(qtbot, view, 800, 660)
    return view


def hand(detail: UnitDetail) -> HandWork:
    assert detail.hand is not None
    return detail.hand


def run_of(lab: LabByHand) -> RunFacts:
    assert lab.run is not None
    return lab.run


def parameters(lab: LabByHand) -> NDArray[np.float32]:
    moment = run_of(lab).moment
    assert moment is not None
    return moment.network.parameters.copy()


def test_switching_off_is_on_a_copy_and_put_back(detail: UnitDetail, lab_by_hand: LabByHand) -> None:
    lab, work = lab_by_hand, hand(detail)
    assert work.switch_off.isEnabled()
    assert not work.keep.isEnabled()
    before, record = parameters(lab), run_of(lab).record
    work.switch_off.trigger()
    lab.work()
    shown = lab.shown
    assert isinstance(shown.stand_in, WhatIf)
    assert shown.moment is not None
    assert not shown.moment.network.weights[1][:, UNIT].any()
    assert detail.outgoing.bars.values == [0.0] * 10
    assert "not kept" in detail.header.title.text()
    assert moment_words.at(shown)[-1] == "not kept"
    np.testing.assert_array_equal(parameters(lab), before)
    assert run_of(lab).record is record
    network = shown.of_run.moment.network  # type: ignore[union-attr]
    found = bill(network, shown.moment.network, shown.digits.test)  # type: ignore[union-attr]
    assert found is not None
    assert f"{found.right_before:,} → {found.right_after:,} of" in work.said[0]
    assert f"{len(found.lost)} lost and {len(found.won)} won" in work.said[0]
    for theme in (DARK, LIGHT):
        detail.set_theme(theme)
        detail.grab()
    work.put_back.trigger()
    lab.work()
    assert lab.shown.stand_in is None
    assert lab.shown.moment is run_of(lab).moment
    assert not work.switch_off.isChecked()
    np.testing.assert_array_equal(parameters(lab), before)


def test_switching_on_again_leaves_nothing_to_keep(detail: UnitDetail, lab_by_hand: LabByHand) -> None:
    work = hand(detail)
    work.switch_off.trigger()
    assert work.switch_off.isChecked()
    work.switch_off.trigger()
    lab_by_hand.work()
    assert lab_by_hand.shown.stand_in is None
    assert not work.keep.isEnabled()


def test_what_is_kept_is_an_act_and_undo_restores_every_bit(
    detail: UnitDetail, lab_by_hand: LabByHand
) -> None:
    lab, work = lab_by_hand, hand(detail)
    before = parameters(lab)
    work.switch_off.trigger()
    wanted = lab.shown.moment.network.parameters.copy()  # type: ignore[union-attr]
    work.keep.trigger()
    assert not work.keep.isEnabled(), "it is kept once"
    lab.work()
    assert lab.shown.stand_in is None
    (act,) = run_of(lab).history.interventions
    assert isinstance(act, Edited)
    np.testing.assert_array_equal(parameters(lab), wanted)
    QTest.keyClick(detail, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    lab.work()
    assert run_of(lab).history.interventions == ()
    np.testing.assert_array_equal(parameters(lab), before)
    assert lab.shown.stand_in is None, (
        "what was tried does not come back with the weights that it was tried on"
    )
    assert not work.undo.isEnabled()


def test_undo_takes_back_gesture_by_gesture(detail: UnitDetail, lab_by_hand: LabByHand) -> None:
    lab, work = lab_by_hand, hand(detail)
    work.edit(WeightEdit(0, ((UNIT, 400), (UNIT, BIAS)), (0.5, -2.0)))
    first = lab.shown.moment.network.parameters.copy()  # type: ignore[union-attr]
    detail.go_on()
    work.switch_off.trigger()
    lab.draw()
    assert isinstance(lab.shown.stand_in, WhatIf)
    assert len(lab.shown.stand_in.commands) == 2
    work.undo.trigger()
    np.testing.assert_array_equal(lab.shown.moment.network.parameters, first)  # type: ignore[union-attr]
    assert not work.switch_off.isChecked()
    work.undo.trigger()
    assert lab.shown.stand_in is None
    assert not work.undo.isEnabled()


def test_in_the_past_it_is_kept_in_a_branch(detail: UnitDetail, lab_by_hand: LabByHand) -> None:
    lab, work, parent = lab_by_hand, hand(detail), run_of(lab_by_hand)
    lab.playhead.visit(20)
    lab.work()
    work.switch_off.trigger()
    lab.draw()
    assert "branch" in work.keep.toolTip()
    work.keep.trigger()
    lab.work()
    branch = run_of(lab)
    assert branch.number != parent.number
    assert branch.parent is not None
    assert (branch.parent.kind, branch.step) == ("branch", 20)
    assert [type(act) for act in branch.history.interventions] == [Edited]
    assert not branch.moment.network.weights[1][:, UNIT].any()  # type: ignore[union-attr]
    assert lab.find(parent.number).history.interventions == ()  # type: ignore[union-attr]
    assert lab.shown.stand_in is None


def test_nothing_is_tried_while_it_learns_or_on_an_output(detail: UnitDetail, lab_by_hand: LabByHand) -> None:
    lab, work = lab_by_hand, hand(detail)
    detail.show_unit(2, 3)
    assert not work.switch_off.isEnabled()
    assert "hidden" in work.switch_off.toolTip()
    detail.show_unit(1, UNIT)
    lab.toggle_play()
    lab.work(2)
    assert not work.switch_off.isEnabled()
    assert "Pause" in work.switch_off.toolTip()
    lab.toggle_play()
    lab.work()
    assert work.switch_off.isEnabled()


def test_what_belongs_to_a_run_is_off_for_the_copy(detail: UnitDetail, lab_by_hand: LabByHand) -> None:
    book = ActionBook(MENUS)
    hand(detail).switch_off.trigger()
    book.show(lab_by_hand.shown)
    for id in ("play", "step", "branch", "save_network"):
        assert not book[id].isEnabled(), id
        assert "copy" in book[id].toolTip(), id
    lab_by_hand.go_live()
    lab_by_hand.work()
    assert lab_by_hand.shown.stand_in is None
    assert not hand(detail).put_back.isEnabled()


def test_the_digits_that_differ_are_seen_in_mistakes(
    detail: UnitDetail, lab_by_hand: LabByHand, qtbot: QtBot
) -> None:
    lab, work = lab_by_hand, hand(detail)
    view = lab.show(qtbot, Mistakes(LIGHT, lab), 1130, 260)
    lab.work()
    work.edit(WeightEdit(1, tuple((row, 3) for row in range(5)), (9.0,) * 5))
    lab.work()
    assert work.bill is not None
    differ = int(np.count_nonzero(work.bill.read_before != work.bill.read_after))
    assert differ > 0
    assert work.show_digits.iconText() == f"{differ} differ"
    view.compare_with_copy()
    lab.work()
    assert view._two is not None
    assert view._two.groups.differ == differ
    np.testing.assert_array_equal(view._two.a.found.predictions, work.bill.read_after)
    work.edit(switched_off(lab.shown.moment.network, 0, 3))  # type: ignore[union-attr]
    lab.draw()
    lab.work()
    assert work.bill is not None
    np.testing.assert_array_equal(view._two.a.found.predictions, work.bill.read_after)
    assert view.against.choice == COPY
    work.put_back.trigger()
    lab.draw()
    assert view.against.choice == ALONE
