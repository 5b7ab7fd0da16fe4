"""Weights by hand, on a unit seen large: all of it is on a copy until it is kept."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from mnistviz.engine.acts import BIAS, Edited, Frozen, WeightEdit, switched_off
from mnistviz.engine.commands import Change
from mnistviz.engine.microscope.edit_effect import edited, effect
from mnistviz.engine.network import Unit
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.theme import DARK, LIGHT, set_theme
from mnistviz.gui.lab import moment_words
from mnistviz.gui.lab.edited_copy import EditedCopy
from mnistviz.gui.mistakes.against import ALONE, COPY
from mnistviz.gui.mistakes.mistakes_view import Mistakes
from mnistviz.gui.network.unit.hand_work import HandWork, brush_cells
from mnistviz.gui.network.unit.unit_detail import UnitDetail
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.actions import MENUS
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.children import child
from tests.gui.lab_by_hand import LabByHand
from tests.gui.live_run import live_run
from tests.gui.network.moments import there
from tests.gui.window.two_runs import settle

UNIT = 6


@pytest.fixture
def detail(lab: LabByHand, qtbot: QtBot) -> UnitDetail:
    """Unit 7 of a run after forty mini-batches."""
    lab.run_to(40)
    view = UnitDetail(lab.jobs, lab.chosen, hand=HandWork(lab, lab))
    view.set_digits(there(lab.digits))
    view.show_unit(1, UNIT)
    lab.show(qtbot, view, 800, 660)
    return view


@pytest.fixture
def work(detail: UnitDetail) -> HandWork:
    return there(detail.hand)


def test_a_window_is_as_large_as_what_it_holds_and_does_not_scroll(detail: UnitDetail) -> None:
    """The frame counts, and that the tools need two lines in the width that there is."""
    detail.setStyleSheet(
        '* { font-size: 20px } QFrame[role="stage"] { border: 1px solid black } QPushButton { min-width: 160px }'
    )
    detail.show_docked(False)
    QApplication.processEvents()
    detail.resize(detail.sizeHint())
    settle()
    bars = detail.content.horizontalScrollBar(), detail.content.verticalScrollBar()
    assert [bar.maximum() for bar in bars] == [0, 0]


def test_a_low_panel_scrolls_tools_and_ranking(detail: UnitDetail, work: HandWork, lab: LabByHand) -> None:
    """With larger text in a window of 1024 × 640 the buttons lay over what was said, and the ranking was cut."""
    bar, needed = there(detail.bar), there(detail.needed)
    detail.setWindowFlag(Qt.WindowType.Widget)
    detail.show_docked(True)
    font = detail.font()
    font.setPixelSize(17)
    detail.setFont(font)
    detail.setFixedSize(455, 245)
    detail.show()
    work.switch_off.trigger()
    lab.work()
    needed.action.trigger()
    lab.work()
    QApplication.processEvents()
    assert bar.tried.isVisible()
    assert needed.list.isVisible()
    for part in (bar, bar.tried):
        assert part.height() >= part.heightForWidth(part.width())
    assert needed.list.height() >= needed.list.minimumSizeHint().height()
    places = [QRect(part.mapTo(detail, QPoint()), part.size()) for part in (detail.weights, bar, needed)]
    assert all(above.bottom() < below.top() for above, below in pairwise(places))


@pytest.mark.parametrize(
    ("size", "text", "side"),
    [(QSize(423, 430), 13, 252), (QSize(354, 298), 13, 168), (QSize(352, 300), 17, 168)],
)
def test_nothing_moves_in_a_docked_unit_when_an_edit_has_its_effect(
    detail: UnitDetail, work: HandWork, lab: LabByHand, size: QSize, text: int, side: int
) -> None:
    detail.setWindowFlag(Qt.WindowType.Widget)
    detail.setStyleSheet(f"* {{ font-size: {text}px }}")
    detail.show_docked(True)
    detail.setFixedSize(size)
    detail.show()
    settle()
    assert detail.picture.picture_rect().width() == side
    assert detail.ranked.most.isVisible()
    parts = detail.weights, detail.outgoing, there(detail.bar), detail.ranked, detail.ranked.most
    before = [QRect(part.mapTo(detail, QPoint()), part.size()) for part in parts]
    work.switch_off.trigger()
    lab.work()
    QApplication.processEvents()
    tried = there(detail.bar).tried
    said = tried.digits
    assert all(button.text()[0] in "−+0" and button.isVisible() for button in (tried.lost, tried.won))
    assert said.visibleRegion().boundingRect().size() == said.size()
    assert not detail.content.verticalScrollBar().maximum()
    assert [QRect(part.mapTo(detail, QPoint()), part.size()) for part in parts] == before


def parameters(lab: LabByHand) -> NDArray[np.float32]:
    return there(live_run(lab).moment).network.parameters.copy()


@pytest.mark.parametrize("back", ["put_back", "switch_off"])
def test_switching_off_is_on_a_copy_and_put_back_or_switched_on(
    detail: UnitDetail, work: HandWork, lab: LabByHand, back: str
) -> None:
    assert work.switch_off.isEnabled()
    assert not work.keep.isEnabled()
    before, record = parameters(lab), live_run(lab).record
    work.switch_off.trigger()
    lab.work()
    shown = lab.shown
    assert isinstance(shown.preview, EditedCopy)
    assert not there(shown.moment).network.weights[1][:, UNIT].any()
    assert detail.outgoing.bars.values == [0.0] * 10
    assert "not kept" in detail.header.title.text()
    assert moment_words.at(shown)[-1] == "copy"
    np.testing.assert_array_equal(parameters(lab), before)
    assert live_run(lab).record is record
    found = effect(shown.of_run.moment.network, shown.moment.network, shown.digits.test)
    assert f"{found.right_before:,} → {found.right_after:,} of" in work.said[0]
    tried = there(detail.bar).tried
    assert [button.accessibleName() for button in (tried.lost, tried.won)] == [
        f"−{len(found.lost)} lost",
        f"+{len(found.won)} won",
    ]
    for theme in (DARK, LIGHT):
        set_theme(theme, detail)
        detail.grab()
    assert work.switch_off.isChecked()
    getattr(work, back).trigger()
    lab.work()
    assert lab.shown.preview is None
    assert lab.shown.moment is live_run(lab).moment
    assert not work.switch_off.isChecked()
    assert not work.keep.isEnabled()
    np.testing.assert_array_equal(parameters(lab), before)


def test_what_is_kept_is_an_act_and_undo_restores_every_bit(work: HandWork, lab: LabByHand) -> None:
    before = parameters(lab)
    work.switch_off.trigger()
    wanted = lab.shown.moment.network.parameters.copy()
    for each in (work.keep, work.freeze, work.keep):
        each.trigger()
        assert not work.keep.isEnabled(), "it is kept once"
    lab.work()
    assert lab.shown.preview is None
    (act,) = live_run(lab).history.interventions
    assert isinstance(act, Edited)
    np.testing.assert_array_equal(parameters(lab), wanted)
    work.undo_action.trigger()
    lab.work()
    assert live_run(lab).history.interventions == ()
    np.testing.assert_array_equal(parameters(lab), before)
    assert lab.shown.preview is None, (
        "what was tried does not come back with the weights that it was tried on"
    )
    assert not work.undo_action.isEnabled()


def test_undo_takes_back_gesture_by_gesture(detail: UnitDetail, work: HandWork, lab: LabByHand) -> None:
    work.edit(WeightEdit(1, ((UNIT, 400), (UNIT, BIAS)), (0.5, -2.0)))
    first = lab.shown.moment.network.parameters.copy()
    detail.go_on()
    work.switch_off.trigger()
    lab.draw()
    assert isinstance(lab.shown.preview, EditedCopy)
    assert len(lab.shown.preview.acts) == 2
    gesture = lab.shown.preview.acts[0]
    assert isinstance(gesture, Edited)
    assert gesture.edit == WeightEdit(1, ((UNIT, 400), (UNIT, BIAS)), (0.5, -2.0))
    lab.runs.send(Change({"eta": 0.5}))  # which is still to be obeyed
    work.undo_action.trigger()
    np.testing.assert_array_equal(lab.shown.moment.network.parameters, first)
    assert not work.switch_off.isChecked()
    work.undo_action.trigger()
    assert lab.shown.preview is None
    assert not work.undo_action.isEnabled()


def test_in_the_past_it_is_kept_in_a_branch(work: HandWork, lab: LabByHand) -> None:
    parent = live_run(lab)
    lab.playhead.visit(20)
    lab.work()
    work.switch_off.trigger()
    lab.draw()
    assert "branch" in work.keep.toolTip()
    work.keep.trigger()
    lab.work()
    branch = live_run(lab)
    assert branch.number != parent.number
    assert (there(branch.parent).kind, branch.step) == ("branch", 20)
    assert [type(act) for act in branch.history.interventions] == [Edited]
    assert not branch.moment.network.weights[1][:, UNIT].any()
    assert lab.runs.find(parent.number).history.interventions == ()
    assert lab.shown.preview is None
    work.switch_off.trigger()
    lab.runs.close(parent.number)
    assert work.undo_action.isEnabled(), "it is of the run that stays"


def test_nothing_is_tried_in_training_or_outputs(detail: UnitDetail, work: HandWork, lab: LabByHand) -> None:
    detail.show_unit(2, 3)
    assert not work.switch_off.isEnabled()
    assert "hidden" in work.switch_off.toolTip()
    detail.show_unit(1, UNIT)
    lab.time.toggle_play()
    lab.work(2)
    assert not work.switch_off.isEnabled()
    assert "Pause" in work.switch_off.toolTip()
    lab.time.toggle_play()
    lab.work()
    assert work.switch_off.isEnabled()


def test_what_belongs_to_a_run_is_off_for_the_copy(work: HandWork, lab: LabByHand) -> None:
    book = ActionBook(MENUS)
    work.switch_off.trigger()
    book.show(lab.shown)
    for id in ("play", "step", "branch", "save_network"):
        assert not book[id].isEnabled(), id
        assert "copy" in book[id].toolTip(), id
    lab.go_live()
    lab.work()
    assert lab.shown.preview is None
    assert not work.put_back.isEnabled()


def test_digits_that_differ_are_seen_in_mistakes(work: HandWork, lab: LabByHand, qtbot: QtBot) -> None:
    view = lab.show(qtbot, Mistakes(lab), 1130, 260)

    def listed() -> list[int]:
        return sorted(there(view.gallery.content).numbers.tolist())

    lab.work()
    work.edit(WeightEdit(2, tuple((row, 3) for row in range(5)), (9.0,) * 5))
    lab.work()
    effect = there(work.effect)
    differ = int(np.count_nonzero(effect.read_before != effect.read_after))
    assert differ > 0
    for which, digits, title in (
        ("lost", effect.lost, "Only copy wrong"),
        ("won", effect.won, "Only A wrong"),
    ):
        work.open_digits(which)
        lab.work()
        assert (view.gallery.model().rowCount(), view.gallery_title.text()) == (len(digits), title)
    work.open_digits()
    lab.work()
    assert view.title.text().endswith(f"differ on {differ}")
    assert listed() == np.flatnonzero(effect.read_before != effect.read_after).tolist()
    work.edit(switched_off(lab.shown.moment.network, Unit(1, 3)))
    lab.draw()
    lab.work()
    assert (
        listed() == np.flatnonzero(there(work.effect).read_before != there(work.effect).read_after).tolist()
    )
    assert view.against.choice == COPY
    work.put_back.trigger()
    lab.draw()
    assert view.against.choice == ALONE


def test_what_is_frozen_stays_as_it_is_once_it_is_kept(work: HandWork, lab: LabByHand) -> None:
    before = parameters(lab)
    work.freeze.trigger()
    lab.work()
    assert work.freeze.isChecked()
    assert work.effect is None
    assert "Nothing is read differently" in work.said[0]
    work.keep.trigger()
    lab.work()
    assert lab.shown.preview is None
    assert work.freeze.isChecked()
    assert [type(act) for act in live_run(lab).history.interventions] == [Frozen]
    frozen = live_run(lab).moment.network.weights[0].copy()
    lab.run_to(60)
    after = live_run(lab).moment.network.weights[0]
    np.testing.assert_array_equal(after[UNIT], frozen[UNIT])
    assert (after[UNIT + 1] != frozen[UNIT + 1]).any()
    work.freeze.trigger()
    lab.draw()
    assert not work.freeze.isChecked()
    work.put_back.trigger()
    lab.draw()
    assert work.freeze.isChecked()
    assert len(before) == len(parameters(lab))


@pytest.mark.parametrize("waits", [False, True], ids=["at once", "once it is kept"])
def test_what_was_kept_together_is_taken_back_together_and_no_more_however_quickly(
    work: HandWork, lab: LabByHand, caplog: pytest.LogCaptureFixture, *, waits: bool
) -> None:
    before = parameters(lab)
    work.freeze.trigger()
    work.switch_off.trigger()
    work.set_bias(-3.0)
    assert work.bias == -3.0
    work.keep.trigger()
    if waits:
        lab.work()
        assert len(live_run(lab).history.interventions) == 3
    for _ in range(3):
        work.undo_action.trigger()
    lab.work()
    work.undo_action.trigger()
    lab.work()
    assert not caplog.messages
    assert live_run(lab).history.interventions == live_run(lab).moment.frozen == ()
    np.testing.assert_array_equal(parameters(lab), before)


def test_a_stroke_changes_each_weight_once_as_one(detail: UnitDetail, work: HandWork, lab: LabByHand) -> None:
    before = parameters(lab)
    weights = lab.shown.moment.network.weights[0][UNIT].copy()
    for id, changed in (("orange", 0.25), ("blue", -0.25), ("zero", None)):
        work.brushes[id].trigger()  # type: ignore[index]
        assert work.brush == id
        picture, limit = detail.picture.picture_rect(), detail.picture.limit
        cell = picture.width() // 28
        start = picture.topLeft() + QPoint(10 * cell + cell // 2, 14 * cell + cell // 2)
        QTest.mousePress(detail.picture, Qt.MouseButton.LeftButton, pos=start)
        for step in (4, 0):
            drag_to(detail, start + QPoint(step * cell, 0))
        assert work.said == ()
        QTest.mouseRelease(detail.picture, Qt.MouseButton.LeftButton, pos=start)
        lab.work()
        assert work.effect is not None
        after = lab.shown.moment.network.weights[0][UNIT]
        painted = 14 * 28 + np.arange(10, 15)
        wanted = np.zeros(5) if changed is None else weights[painted] + changed * limit
        np.testing.assert_allclose(after[painted], wanted, atol=1e-6)
        assert after[14 * 28 + 20] == weights[14 * 28 + 20]
        assert np.count_nonzero(after != weights) <= 5 * 3 + 2
        work.undo_action.trigger()
        assert lab.shown.preview is None
    np.testing.assert_array_equal(parameters(lab), before)


def drag_to(detail: UnitDetail, place: QPoint) -> None:
    """Moves the mouse with its button down."""
    where = QPointF(place)
    none, left = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    event = QMouseEvent(QEvent.Type.MouseMove, where, where, none, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(detail.picture, event)


def test_keys_paint_as_the_mouse(detail: UnitDetail, work: HandWork, lab: LabByHand, qtbot: QtBot) -> None:
    work.brushes["zero"].trigger()
    detail.activateWindow()
    qtbot.waitUntil(detail.isActiveWindow)
    detail.picture.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(detail.picture, key)
    assert detail.shown_unit == (1, UNIT), "arrows move the brush"
    assert detail.picture.pointed == 15 * 28 + 15
    assert lab.shown.moment.network.weights[0][UNIT, 15 * 28 + 15] == 0
    assert isinstance(lab.shown.preview, EditedCopy)
    detail.outgoing.bars.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(detail.outgoing.bars, key)
    assert lab.shown.moment.network.weights[1][2, UNIT] == 0
    QTest.keyClick(detail, Qt.Key.Key_Escape)
    assert detail.isVisible(), "Escape takes the brush out of the hand first"
    assert work.brush == ""
    QTest.keyClick(detail, Qt.Key.Key_Right)
    assert detail.shown_unit == (1, UNIT + 1)


def test_as_many_weights_as_there_are_can_be_painted(work: HandWork, lab: LabByHand) -> None:
    for unit in range(14):
        work.edit(WeightEdit(1, tuple((unit, pixel) for pixel in range(784)), (0.125,) * 784))
    edited_copy = lab.shown.preview
    assert isinstance(edited_copy, EditedCopy)
    assert [len(edit.places) for edit in edited_copy.edits] == [10_000, 14 * 784 - 10_000]
    work.keep.trigger()
    lab.work()
    assert (live_run(lab).moment.network.weights[0][:14] == 0.125).all()


def test_the_lines_of_the_ranking_have_names_and_no_number_is_cut(detail: UnitDetail, lab: LabByHand) -> None:
    """In the panel the last of −13 was cut, and nothing said which line is which; then the window's style left no room
    for the second line."""
    needed = there(detail.needed)
    detail.setStyleSheet("QListWidget { padding: 3px 6px } QScrollBar:horizontal { height: 9px }")
    needed.action.trigger()
    lab.work()
    ranked, lines = needed.list, child(needed, QLabel, "needed_units_lines")
    for docked, width in ((False, 800), (True, 190), (True, 211)):
        detail.show_docked(docked)
        detail.resize(width, 660)
        settle()
        assert lines.isVisible()
        assert lines.text() == "unit\ndigits"
        assert lines.geometry().right() < ranked.geometry().left()
        assert ranked.viewport().height() >= ranked.gridSize().height()
        room = ranked.viewport().rect()
        places = [ranked.visualItemRect(ranked.item(row)) for row in range(ranked.count())]
        seen = [place for place in places if place.intersects(room)]
        assert len(seen) > 1
        assert all(room.contains(place) for place in seen), (width, room, seen)


def test_the_units_of_the_layer_are_ranked(detail: UnitDetail, lab: LabByHand) -> None:
    needed = there(detail.needed)
    record = live_run(lab).record
    needed.action.trigger()
    assert needed.isVisible()
    assert "in turn" in needed.said.accessibleName()
    assert needed.ranking is None
    lab.work()
    ranking = needed.ranking
    assert ranking is not None
    network, test = there(lab.shown.moment).network, there(lab.shown.digits).test
    for unit in (0, UNIT):
        off = edited(network, [switched_off(network, Unit(1, unit))])
        assert ranking.lost[unit] == network.evaluate(test) - off.evaluate(test)
    assert needed.list.count() == 30
    row = int(np.flatnonzero(ranking.order == UNIT)[0])
    assert needed.list.currentRow() == row
    assert f"Needed less: {row} of 30 units." in needed.said.accessibleName()
    needed.list.setCurrentRow(0)
    assert detail.shown_unit == (1, int(ranking.order[0]))
    assert "Needed less: 0 of 30" in needed.said.accessibleName()
    assert live_run(lab).record is record
    detail.grab()
    detail.show_unit(2, 0)
    assert not needed.isVisible(), "it is of another layer"
    assert not needed.action.isEnabled()
    detail.show_unit(1, 0)
    assert needed.isVisible()
    QTest.keyClick(detail, Qt.Key.Key_Escape)
    assert detail.isVisible()
    assert not needed.isVisible()
    needed.action.trigger()
    lab.run_to(41)
    assert needed.ranking is None
    assert not needed.action.isChecked(), "the weights are others by now"


def test_a_unit_that_is_not_there_is_not_ranked(detail: UnitDetail, lab: LabByHand, qtbot: QtBot) -> None:
    """The ranking of two units has no place for the 25th: showing it failed each time, and ended the program."""
    needed = there(detail.needed)
    detail.show_unit(1, 24)
    lab.run_to(1, Settings(sizes=(784, 2, 10)))
    assert not needed.action.isEnabled()
    assert "has no such unit" in needed.action.toolTip()
    needed.action.trigger()
    lab.work()
    detail.show_docked(True)
    detail.hide()
    with qtbot.waitExposed(detail):
        detail.show()
    assert needed.ranking is None
    detail.show_unit(1, 1)
    needed.action.trigger()
    lab.work()
    assert needed.ranking is not None
    assert needed.list.count() == 2
    detail.show_unit(1, 24)
    assert not needed.isVisible()


def test_a_tooltip_says_why_units_are_not_ranked(detail: UnitDetail, work: HandWork, lab: LabByHand) -> None:
    """Also in a run that begins while another one learns: then there was no network yet, for good."""
    needed = there(detail.needed)
    lab.time.toggle_play()
    for begin in (lambda: None, lambda: lab.runs.begin(Settings(seed=2))):
        begin()
        lab.draw()
        lab.work(slices=3)
        assert lab.shown.learns
        assert not needed.action.isEnabled()
        assert "Pause first: the units are ranked" in needed.action.toolTip()
        assert "Pause first" in work.freeze.toolTip()
    lab.time.toggle_play()
    lab.work()
    assert needed.action.isEnabled()


def test_the_bias_is_seen_though_no_unit_was_before(lab: LabByHand, qtbot: QtBot) -> None:
    lab.run_to(40)
    view = UnitDetail(lab.jobs, lab.chosen, hand=HandWork(lab, lab))
    lab.draw()
    bar = there(view.bar)
    assert bar.bias.text() == ""
    view.show_unit(1, UNIT)
    lab.show(qtbot, view, 800, 660)
    assert bar.bias.value() == round(there(view.hand).bias or 0.0, 2)
    assert bar.bias.text() != ""


def test_what_a_unit_does_is_asked_though_none_is_seen_large(window: MainWindow, qtbot: QtBot) -> None:
    detail = window.unit_detail
    window.network.selection.let_go()
    assert not detail.isVisible()
    needed = there(detail.needed)
    assert needed.action.isEnabled()
    needed.action.trigger()
    assert detail.isVisible()
    assert detail.shown_unit == (1, 0)
    qtbot.waitUntil(lambda: needed.ranking is not None)
    assert needed.list.horizontalScrollBar().value() == 0
    detail.close()
    window.network.selection.let_go()


def test_a_brush_covers_a_pixel_and_those_beside_it_and_of_units_one() -> None:
    assert {*brush_cells(29, 784)} == {29, 1, 28, 30, 57}
    assert {*brush_cells(0, 784)} == {0, 1, 28}
    assert brush_cells(5, 30) == (5,)
