"""One Ctrl+Z for all of the window: it takes back what was done last, and its entry says what."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.gui.common.undo_order import Direction, UndoOrder, UndoStep
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.children import child
from tests.gui.live_run import live_run
from tests.gui.window.two_runs import learn

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Steps(QObject):
    """A part that keeps undo steps of its own."""

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self.done: list[int] = []
        self.undone: list[int] = []
        self.did: Callable[[], object] = lambda: None
        self.undo_action, self.redo_action = QAction(f"Undo {name}", self), QAction(f"Redo {name}", self)
        self.undo_action.triggered.connect(lambda: self._move(self.done, self.undone))
        self.redo_action.triggered.connect(lambda: self._move(self.undone, self.done))
        self._enable()

    def do(self, step: int) -> None:
        self.done.append(step)
        self.undone.clear()
        self._enable()
        self.did()

    def _move(self, before: list[int], after: list[int]) -> None:
        after.append(before.pop())
        self._enable()

    def _enable(self) -> None:
        self.undo_action.setEnabled(bool(self.done))
        self.redo_action.setEnabled(bool(self.undone))


@pytest.fixture
def around(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def test_steps_are_undone_and_redone_in_order_but_for_what_can_not_be_undone(around: QWidget) -> None:
    one, other = Steps("one", around), Steps("other", around)
    order = UndoOrder(around)
    order.follow(one, other, standing=UndoStep(Direction(str, str, lambda: False)))
    assert not order.undo_action.isEnabled()
    for step, part in enumerate((one, other, other, one)):
        part.do(step)
    assert order.undo_action.text() == "Undo one"
    left = []
    while order.undo_action.isEnabled():
        order.undo_action.trigger()
        left.append(one.done + other.done)
    assert left == [[0, 1, 2], [0, 1], [0], []]
    for expected in ([0], [0, 1], [0, 1, 2], [0, 1, 2, 3]):
        order.redo_action.trigger()
        assert sorted(one.done + other.done) == expected
    assert not order.redo_action.isEnabled()
    one, other = Steps("one", around), Steps("other", around)
    order = UndoOrder(around)
    order.follow(one, other, standing=UndoStep(Direction(str, str, lambda: False)))
    for step, part in enumerate((one, other, one)):
        part.do(step)
    one.undo_action.trigger()
    assert order.undo_action.text() == "Undo other"
    assert order.redo_action.text() == "Redo one"
    other.do(3)
    assert not order.redo_action.isEnabled(), "something else has come after it"
    order.undo_action.trigger()
    order.undo_action.trigger()
    assert (one.done, other.done) == ([0], [])
    one, other = Steps("one", around), Steps("other", around)
    order = UndoOrder(around)
    order.follow(one, other, standing=UndoStep(Direction(str, str, lambda: False)))
    one.do(0)
    other.do(1)
    other.undo_action.setEnabled(False)
    assert order.undo_action.text() == "Undo one"
    order.undo_action.trigger()
    assert one.done == []
    assert not order.undo_action.isEnabled()


def test_with_any_focus_ctrl_z_undoes_the_last_thing_edits_too(window: MainWindow, qtbot: QtBot) -> None:
    pad, eta, undo = window.network.pad, window.controls.eta, window.undo.undo_action

    def press(widget: QWidget, keys: Qt.KeyboardModifier = CTRL) -> None:
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_Z, keys)

    window.activateWindow()
    pad.clear()
    pad.show_digit("test", 3)
    eta.field.take(0.5)
    assert undo.text() == "&Undo η 3.0 → 0.5 (weights stay)"
    press(pad)
    assert (eta.value(), pad.picture is None) == (3.0, False)
    assert undo.text() == "&Undo drawing"
    press(eta.slider)
    assert (eta.value(), pad.picture is None) == (3.0, True)
    press(window.timeline.strip, CTRL | SHIFT)
    assert (eta.value(), pad.picture is None) == (3.0, False)
    press(pad, CTRL | SHIFT)
    assert eta.value() == 0.5
    window.menuBar().setFocus(Qt.FocusReason.MenuBarFocusReason)
    press(window.menuBar())
    assert eta.value() == 3.0
    undo = window.undo.undo_action
    hand, undo = child(window, HandWork), window.undo.undo_action
    qtbot.waitUntil(lambda: window.lab.shown.moment is not None)
    window.open_unit(1, 3)
    hand.switch_off.trigger()
    window.network.pad.show_digit("test", 4)
    undo.trigger()
    assert undo.text() == "&Undo what was done by hand"
    assert window.lab.shown.preview is not None
    undo.trigger()
    assert window.lab.shown.preview is None
    window.undo.redo_action.trigger()
    assert window.lab.shown.preview is not None
    hand.put_back.trigger()
    undo.trigger()
    assert window.lab.shown.preview is not None
    window.undo.redo_action.trigger()
    assert window.lab.shown.preview is None


def test_all_that_is_done_is_taken_back_and_done_again_in_order(window: MainWindow, qtbot: QtBot) -> None:
    lab, pad, book = window.lab, window.network.pad, window.action_book
    message_ends = child(window.line, QTimer, "undo_for").timeout

    def state() -> object:
        runs = [(run.letter, run.name, run.hue) for run in lab.runs.open]
        settings = window.controls.settings()
        return runs, lab.run and lab.run.letter, settings, pad.sheet.number, lab.chosen.now.pins.pins

    def settled(act: Callable[[], object]) -> object:
        act()
        qtbot.waitUntil(lambda: live_run(lab).ready and live_run(lab).has_obeyed)
        QApplication.processEvents()
        message_ends.emit()
        return state()

    def branch() -> None:
        learn(qtbot, window, 5)
        book["branch"].trigger()

    learn(qtbot, window, 20)
    states = [state()]
    for act in (
        lambda: pad.show_digit("test", 3),
        lambda: window.controls.eta.field.take(0.5),
        book["new"].trigger,
        lambda: window.controls.apply({"mini_batch_size": 20}),
        lambda: lab.runs.rename(live_run(lab).number, "mine"),
        pad.pin_action.trigger,
        branch,
        lambda: lab.runs.relabel(live_run(lab).number, hue=5),
        pad.clear_action.trigger,
        book["close_run"].trigger,
        lambda: window.steering.start_recipe(window.recipes.entries()[2].id),
    ):
        states.append(settled(act))
    for before in reversed(states[:-1]):
        assert settled(window.undo.undo_action.trigger) == before
    assert not window.undo.undo_action.isEnabled()
    for after in states[1:]:
        assert settled(window.undo.redo_action.trigger) == after
    assert not window.undo.redo_action.isEnabled()
