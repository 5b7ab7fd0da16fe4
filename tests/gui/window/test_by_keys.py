"""The window by keys alone: where the focus goes, and what a key does there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.gui.common.focus_order import tab_order
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.runs.lanes import LaneHead
from mnistviz.gui.window.lab_and_ideas import IDEA_OF_STAGE, SCENES
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.children import child
from tests.gui.focus_rings import rings

PLAIN, CTRL, ALT = (
    Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier,
)  # fmt: skip


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = PLAIN) -> QWidget:
    """Press a key where the focus is; return where it is then."""
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, modifier)
    QApplication.processEvents()
    now = QApplication.focusWidget()
    assert now is not None
    return now


def test_space_presses_a_button_that_was_reached_by_key_and_f5_still_trains(
    own_window: MainWindow, qtbot: QtBot
) -> None:
    window = own_window
    step = child(window.transport, QWidget, "step_action_button")
    window.transport.play_button.setFocus()
    assert press(Qt.Key.Key_Tab) is step
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.lab.run is not None and window.lab.run.step == 1)
    assert not window.lab.time.learning
    press(Qt.Key.Key_F5)
    assert window.lab.time.learning
    press(Qt.Key.Key_F5)
    assert not window.lab.time.learning


def test_tab_goes_in_the_order_of_the_screen_also_to_what_is_built_late(own_window: MainWindow) -> None:
    window = own_window
    window.lab.chosen.choose("window", tab="mistakes")
    QApplication.processEvents()
    order = tab_order(window)
    places = [order.index(part) for part in (
        window.transport.play_button, window.controls.eta.field, window.network.pad, window.network.picture,
        child(window, QWidget, "mistakes_tab"), window.mistakes.matrix, window.timeline.lanes.strip,
    )]  # fmt: skip
    assert places == sorted(places)
    order[0].setFocus()
    assert [press(Qt.Key.Key_Tab).objectName() for _ in order] == [
        part.objectName() for part in (*order[1:], order[0])
    ]
    assert press(Qt.Key.Key_Backtab) is order[-1]


@pytest.mark.parametrize(("digit", "name"), [
    (0, "network_picture"), (1, "cost_plot"), (2, "confusion_matrix"), (3, "batch_tiles"), (5, "compare_table"),
    (6, "pin_list"),
])  # fmt: skip
def test_alt_and_a_digit_go_to_the_first_useful_part(window: MainWindow, digit: int, name: str) -> None:
    window.lab.runs.branch()
    window.network.pad.test_digit_action.trigger()
    window.network.pad.pin_action.trigger()
    window.network.pad.setFocus()
    QApplication.processEvents()
    assert press(Qt.Key(Qt.Key.Key_0 + digit), ALT).objectName() == name


def test_the_next_run_has_the_focus_of_its_lane_also_if_it_was_scrolled_away(
    own_window: MainWindow, qtbot: QtBot
) -> None:
    window = own_window
    window.resize(1024, 640)
    for _ in range(4):
        window.lab.runs.branch()
        qtbot.waitUntil(lambda: window.lab.shown.moment is not None)
    assert window.timeline.lanes.out_of_view
    window.timeline.lanes.heads[-1].setFocus(Qt.FocusReason.TabFocusReason)
    for letter in [run.letter for run in window.lab.runs.open]:
        lane = press(Qt.Key.Key_Tab, CTRL)
        assert isinstance(lane, LaneHead)
        assert lane.objectName() == f"run_{letter}_lane"


def test_letters_act_in_the_network_only_if_that_is_set(own_window: MainWindow) -> None:
    window = own_window
    pad, letters = window.network.pad, window.action_book["letters_in_network"]
    for only, field, acts in ((False, window.curves, True), (True, window.curves, False), (True, pad, True)):
        letters.setChecked(only)
        pad.clear()
        field.setFocus()
        press(Qt.Key.Key_T)
        assert (pad.picture is not None) is acts
    assert window.session.scene().letters_in_network


def test_values_read_by_key_go_with_the_focus(own_window: MainWindow, qtbot: QtBot) -> None:
    own_window.transport.step_action.trigger()
    plot = child(own_window, Plot, "cost_plot")
    qtbot.waitUntil(lambda: plot.drawing is not None and not plot.drawing.empty)
    plot.setFocus()
    press(Qt.Key.Key_Right)
    assert plot.drawing is not None
    assert plot.drawing.cursor is not None
    press(Qt.Key.Key_Tab)
    assert plot.drawing.cursor is None


def test_a_digit_is_drawn_by_keys_alone(own_window: MainWindow) -> None:
    pad = own_window.network.pad
    pad.setFocus()
    press(Qt.Key.Key_D)
    for key, times in (
        (Qt.Key.Key_Up, 8),
        (Qt.Key.Key_Space, 1),
        (Qt.Key.Key_Down, 16),
        (Qt.Key.Key_Space, 1),
    ):
        for _ in range(times):
            press(key)
    assert pad.picture is not None
    assert (pad.picture > 0).any(axis=1).sum() >= 16, "a line from the top down"
    assert not own_window.lab.time.learning
    pad.undo()
    assert pad.picture is None
    press(Qt.Key.Key_Escape)
    assert not pad.keys_action.isChecked()


def test_what_the_mouse_alone_could_do_has_keys(own_window: MainWindow) -> None:
    eta, halves = own_window.controls.eta, own_window.arrangement.halves
    assert press(Qt.Key.Key_F6) is own_window.network.seen
    press(Qt.Key.Key_Right)
    assert own_window.network.selection.pointed_pixel == 14 * 28 + 15
    eta.field.setFocus()
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_F7)
    assert eta.value() == 3.0
    upper, lower = halves.sizes()
    press(Qt.Key.Key_Down, ALT)
    assert halves.sizes() == [upper + 24, lower - 24]


def unringed(window: QWidget) -> list[tuple[str, float, float]]:
    """What Tab reaches and has no ring at three quarters of its outline or more."""
    tab_order(window)[0].setFocus()
    press(Qt.Key.Key_Tab)
    return [each for each in rings(window) if each[1] < 0.75]


@pytest.mark.parametrize("look", ["light", "dark", "clear"])
def test_a_ring_is_around_each_part_that_tab_reaches(own_window: MainWindow, look: str) -> None:
    own_window.look.choose(look)
    assert unringed(own_window) == []


@pytest.mark.long
@pytest.mark.parametrize("look", ["light", "dark", "clear"])
def test_a_ring_is_seen_in_each_tab_stage_idea_and_dialog(
    own_window: MainWindow, qtbot: QtBot, look: str
) -> None:
    window, choose = own_window, own_window.lab.chosen.choose
    window.look.choose(look)
    window.action_book["everything"].trigger()
    window.network.pad.test_digit_action.trigger()
    window.network.pad.pin_action.trigger()
    for act in ("step", "branch"):
        window.action_book[act].trigger()
        qtbot.waitUntil(lambda: window.lab.shown.moment is not None)
    bare: dict[str, object] = {}

    def look_at(what: str, within: QWidget) -> None:
        qtbot.wait(100)
        bare[what] = unringed(within)

    for tab in ("curves", "mistakes", "minibatch", "layers", "compare", "pins"):
        window.action_book[f"tab_{tab}"].trigger()
        look_at(tab, window)
    choose("window", tab="minibatch")
    for stage in IDEA_OF_STAGE:
        choose("minibatch", stage=stage)
        look_at(stage, window)
    choose("window", workspace="ideas")
    for page in SCENES:
        window.ideas.open(page)
        look_at(page, window)
    choose("window", workspace="lab")
    for name in ("earlier_sessions", "guide", "find"):
        window.action_book[name].trigger()
        dialog = next(each for each in window.findChildren(QWidget) if each.isWindow() and each.isVisible())
        dialog.activateWindow()
        look_at(name, dialog)
        dialog.close()
    assert {what: parts for what, parts in bare.items() if parts} == {}
