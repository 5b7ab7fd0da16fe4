"""Ctrl+Z of the settings and of η: what one gesture changed is taken back as one, and the run learns of it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionSlider, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.recipes import RECIPES
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.undo_order import UndoOrder
from mnistviz.gui.settings import setting_control
from mnistviz.gui.settings.undo import SettingsGesture, SettingsSteps
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.children import child
from tests.gui.settings.desk import Desk

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def handle(desk: Desk) -> QPoint:
    """Where the handle of η is."""
    slider, option = desk.controls.eta.slider, QStyleOptionSlider()
    slider.initStyleOption(option)
    control = QStyle.ComplexControl.CC_Slider
    part = QStyle.SubControl.SC_SliderHandle
    return slider.style().subControlRect(control, option, part, slider).center()


def drag(desk: Desk, *by: int) -> None:
    """Drags the handle of η; after each move the run feels it."""
    slider = desk.controls.eta.slider
    at = handle(desk)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=at)
    for pixels in by:
        at += QPoint(pixels, 0)
        QTest.mouseMove(slider, at)
        desk.go_on(50)
        assert desk.learns_with("eta") == desk.controls.eta.value()
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=at)


def test_a_drag_of_eta_at_full_speed_is_one_change_and_undone_as_one(desk: Desk, qtbot: QtBot) -> None:
    desk.play()
    drag(desk, -10, -5, -5)
    low = desk.controls.eta.value()
    assert low < 2
    assert len(desk.acts) > 1
    assert desk.changes == [(("eta", 3.0, low),)]
    drag(desk, 8)
    middle = desk.controls.eta.value()
    assert desk.changes[1:] == [(("eta", low, middle),)]
    for value in (low, 3.0):
        desk.undo(desk.controls.eta.slider)
        desk.go_on()
        assert desk.learns_with("eta") == value
    assert desk.changes[2:] == [(("eta", middle, low),), (("eta", low, 3.0),)]
    qtbot.keyClick(desk.controls.eta.slider, Qt.Key.Key_Z, CTRL | SHIFT)
    desk.go_on()
    assert desk.learns_with("eta") == low
    qtbot.keyClick(desk.controls.eta.slider, Qt.Key.Key_Y, CTRL)
    desk.go_on()
    assert desk.learns_with("eta") == middle
    assert len(desk.changes) == 6


def test_a_drag_is_no_part_of_the_arrow_presses_before_it(desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(desk.controls.eta.field, Qt.Key.Key_Up)
    once = desk.controls.eta.value()
    slider, at = desk.controls.eta.slider, handle(desk)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(slider, at - QPoint(10, 0))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=at - QPoint(10, 0))
    assert desk.controls.eta.value() < once
    desk.undo(slider)
    assert desk.controls.eta.value() == once


def test_arrow_presses_are_one_change(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    field = desk.controls.eta.field
    field.setFocus()
    for pause in (60.0, 0.0):
        monkeypatch.setattr(setting_control, "PAUSE", pause)
        seen = []
        for _ in range(3):
            qtbot.keyClick(field, Qt.Key.Key_Up)
            seen.append(desk.controls.eta.value())
        desk.undo(field)
        assert desk.controls.eta.value() == (3.0 if pause else seen[1])


def test_other_settings_between_make_two_of_a_run_of_presses(desk: Desk, qtbot: QtBot) -> None:
    eta, dropout = desk.controls.eta, desk.controls.by_name["dropout"]
    qtbot.keyClick(eta.field, Qt.Key.Key_Up)
    once = eta.value()
    desk.type_into("dropout", "0.2")
    qtbot.keyClick(eta.field, Qt.Key.Key_Up)
    for left in ((once, 0.2), (once, 0.0), (3.0, 0.0)):
        desk.line.order.undo_action.trigger()
        assert (eta.value(), dropout.value()) == left
    assert not desk.line.order.undo_action.isEnabled()


def test_while_one_types_the_keys_belong_to_the_text(desk: Desk, qtbot: QtBot) -> None:
    desk.type_into("eta", "0.5")
    field = desk.controls.eta.field
    field.selectAll()
    qtbot.keyClicks(field, "77")
    qtbot.keyClick(field, Qt.Key.Key_Z, CTRL)
    assert desk.controls.eta.value() == 0.5
    assert field.text() != "77"
    qtbot.keyClicks(field, "9")
    qtbot.keyClick(field, Qt.Key.Key_Up, CTRL)
    assert field.text().endswith("9")
    assert desk.controls.eta.value() == 0.5
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), desk.controls.eta.value()) == ("0.5", 0.5)
    qtbot.keyClick(field, Qt.Key.Key_Z, CTRL)
    assert desk.controls.eta.value() == 3.0


def test_undo_and_redo_say_what_they_change(desk: Desk) -> None:
    controls, undo, redo = desk.controls, desk.line.order.undo_action, desk.line.order.redo_action
    assert (undo.text(), undo.isEnabled()) == ("&Undo", False)
    desk.play()
    desk.type_into("eta", "100")
    assert undo.text() == "&Undo η 3.0 → 100.0 (weights stay)"
    controls.apply({"momentum": 0.9, "weight_decay": 5.0})
    assert undo.text() == "&Undo μ 0.9, λ 5.0 (weights stay)"
    desk.undo()
    assert (undo.text(), redo.text()) == ("&Undo η 3.0 → 100.0 (weights stay)", "&Redo μ 0.9, λ 5.0")
    desk.type_into("seed", "7")
    assert undo.text() == "&Undo seed 1 → 7"
    controls.recipes.chosen(RECIPES["chapter-3"].settings)
    assert undo.text() == "&Undo 9 settings"


def test_eta_that_ended_a_schedule_is_undone_with_the_schedule(desk: Desk) -> None:
    desk.choose("schedule", "cosine")
    desk.play()
    desk.type_into("eta", "0.5")
    desk.go_on()
    assert desk.learns_with("schedule") == "constant"
    desk.undo(desk.controls.eta.field)
    desk.go_on()
    assert (desk.learns_with("schedule"), desk.learns_with("eta")) == ("cosine", 3.0)
    assert desk.controls.settings() == Settings(schedule="cosine")


@pytest.mark.parametrize("way", ["restore_best", "go_back"])
def test_a_schedule_goes_on_where_only_its_eta_is_set_back(desk: Desk, way: str) -> None:
    """η by hand ends a schedule, and here it is no hand that sets it."""
    desk.choose("schedule", "cosine")
    desk.lab.run_to(101)  # an epoch: the best so far
    desk.controls.apply({"eta": 100.0, "schedule": "cosine"})  # it gets worse
    desk.lab.run_to(120)
    assert (desk.run.now.eta, desk.run.now.schedule) == (100.0, "cosine")
    getattr(desk.steering, way)()
    desk.rest()
    assert (desk.run.now.eta, desk.run.now.schedule) == (3.0, "cosine")


def test_what_waits_for_a_new_run_is_put_back_without_touching_the_run(desk: Desk) -> None:
    controls = desk.controls
    desk.play()
    desk.type_into("training_digits", "500")
    controls.layers.add_button.click()
    assert controls.foot.discard_button.isVisible()
    for settings in (Settings(training_digits=500), Settings()):
        desk.undo(controls.layers.add_button)
        assert controls.settings() == settings
    assert controls.foot.discard_button.isHidden()
    desk.go_on()
    assert not desk.acts
    desk.line.order.redo_action.trigger()
    assert controls.settings() == Settings(training_digits=500)
    assert controls.foot.discard_button.isVisible()


def test_a_recipe_that_waits_is_dropped_and_chosen_again(desk: Desk) -> None:
    controls = desk.controls
    desk.play()
    desk.type_into("eta", "0.7")
    controls.recipes.chosen(RECIPES["chapter-3"].settings)
    desk.type_into("dropout", "0.5")
    assert controls.settings() == RECIPES["chapter-3"].settings.changed(dropout=0.5)
    desk.undo(controls.eta.field)
    assert controls.settings() == RECIPES["chapter-3"].settings
    desk.undo(controls.eta.field)
    assert controls.settings() == Settings(eta=0.7)
    assert controls.foot.discard_button.isHidden()
    desk.go_on()
    assert desk.learns_with("eta") == 0.7
    desk.line.order.redo_action.trigger()
    assert controls.settings() == RECIPES["chapter-3"].settings
    assert "in a new run" in controls.foot.about.accessibleName()
    desk.undo(controls.eta.field)
    desk.undo(controls.eta.field)
    desk.go_on()
    assert desk.learns_with("eta") == 3.0
    assert desk.changes == [(("eta", 3.0, 0.7),), (("eta", 0.7, 3.0),)]


def test_each_run_has_its_own_changes_to_take_back(desk: Desk) -> None:
    controls, undo, redo = desk.controls, desk.line.order.undo_action, desk.line.order.redo_action
    desk.step()
    desk.type_into("eta", "0.5")
    desk.rest()
    first = desk.run.number
    controls.apply({"momentum": 0.9})
    desk.rest()
    desk.undo()
    desk.rest()
    desk.steering.start_recipe("chapter-3")
    desk.step()
    second = desk.run
    assert (undo.isEnabled(), redo.isEnabled()) == (False, False)
    assert (undo.text(), redo.text()) == ("&Undo", "&Redo")
    undo.trigger()
    desk.type_into("eta", "0.2")
    desk.rest()
    desk.lab.runs.select(first)
    desk.rest()
    assert (undo.text(), redo.text()) == ("&Undo η 3.0 → 0.5 (weights stay)", "&Redo")
    desk.undo()
    desk.rest()
    assert desk.learns_with("eta") == 3.0
    desk.lab.runs.select(second.number)
    desk.rest()
    assert undo.text() == "&Undo η 0.5 → 0.2 (weights stay)"
    desk.undo()
    desk.rest()
    assert desk.learns_with("eta") == second.settings.eta
    assert not undo.isEnabled()


def test_a_branch_begins_with_nothing_to_take_back_and_a_reopened_run_has_its_own(desk: Desk) -> None:
    undo = desk.line.order.undo_action
    desk.step()
    desk.type_into("eta", "0.5")
    desk.rest()
    trunk = desk.run.number
    desk.lab.runs.branch()
    desk.rest()
    assert desk.run.number != trunk
    assert not undo.isEnabled()
    desk.lab.runs.close(trunk)
    desk.rest()
    assert not undo.isEnabled()
    desk.lab.runs.reopen(trunk)
    desk.rest()
    assert undo.text() == "&Undo η 3.0 → 0.5 (weights stay)"
    desk.undo()
    desk.rest()
    assert desk.learns_with("eta") == 3.0


def test_a_run_that_takes_the_place_of_one_that_learned_nothing_has_its_changes(desk: Desk) -> None:
    first = desk.run.number
    desk.type_into("eta", "0.5")
    desk.type_into("seed", "7")
    desk.rest()
    assert desk.run.number != first
    desk.undo(desk.controls.eta.field)
    desk.undo(desk.controls.eta.field)
    desk.rest()
    assert (desk.run.settings.seed, desk.learns_with("eta")) == (Settings().seed, 3.0)
    assert not desk.line.order.undo_action.isEnabled()


def test_the_line_says_what_was_taken_back(desk: Desk) -> None:
    desk.play()
    desk.type_into("eta", "0.5")
    desk.undo()
    assert desk.said == "η back to 3.0."
    desk.line.order.redo_action.trigger()
    assert desk.said == "Again η 0.5."
    desk.controls.recipes.chosen(RECIPES["chapter-3"].settings)
    desk.undo()
    assert desk.said == "8 settings are as they were before."


def test_layers_are_not_taken_back_on_another_data_set(desk: Desk, small_digits: Digits) -> None:
    desk.controls.layers.add_button.click()
    assert desk.line.order.undo_action.isEnabled()
    desk.use_letters(small_digits)
    assert not desk.line.order.undo_action.isEnabled()
    assert desk.controls.layers.value() == (784, 30, 30, 12)


def test_what_waits_on_a_data_set_on_which_no_run_began_is_reverted_with_its_outputs(
    desk: Desk, small_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.lab.runs, "begin", lambda settings: None)
    desk.controls.layers.add_button.click()
    desk.use_letters(small_digits)
    desk.controls.revert()
    assert desk.controls.settings().sizes == (784, 30, 12)


def test_what_was_put_back_by_its_button_is_passed_over(desk: Desk) -> None:
    desk.type_into("eta", "0.5")
    desk.step()
    assert desk.learns_with("eta") == 0.5
    desk.type_into("training_digits", "500")
    desk.controls.foot.discard_button.click()
    desk.undo(desk.controls.eta.field)
    assert desk.controls.settings() == Settings()


def test_eta_goes_through_round_values_up_and_down(desk: Desk) -> None:
    for value, *expected in (
        (3.0, 5.0, 2.0), (1.0, 2.0, 0.5), (0.2, 0.5, 0.1), (0.07, 0.1, 0.05), (999.0, 1_000.0, 500.0),
        (0.0001, 0.0002, 0.0001),
    ):  # fmt: skip
        for way, after in zip((1, -1), expected, strict=True):
            desk.type_into("eta", str(value))
            desk.controls.eta.step(way)
            assert desk.controls.eta.value() == after


def test_ctrl_up_and_down_do_so_from_anywhere(qtbot: QtBot, window: MainWindow) -> None:
    for place in (
        window.network.pad,
        child(window.controls, QLineEdit, "seed_field"),
        window.transport.play_button,
    ):
        for key, after in ((Qt.Key.Key_Up, 5.0), (Qt.Key.Key_Down, 2.0)):
            window.controls.eta.set_value(3.0)
            place.setFocus()
            qtbot.keyClick(place, key, CTRL)
            assert window.controls.eta.value() == after


def test_after_an_undo_a_gesture_is_one_of_its_own(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    now = {"eta": 3.0, "momentum": 0.0}
    wanted = []

    def handle(gesture: SettingsGesture) -> None:
        wanted.append(gesture.after)
        now.update(gesture.after)

    def change(name: str, value: float) -> None:
        its.add(SettingsGesture({name: now[name]}, {name: value}), key=name)
        now[name] = value

    its, order = SettingsSteps(lambda: now, handle, list, widget), UndoOrder(widget)
    its.order, undo = order, order.undo_action
    change("momentum", 0.9)
    change("eta", 1.0)
    undo.trigger()
    change("eta", 0.5)
    undo.trigger()
    assert wanted == [{"eta": 3.0}, {"eta": 3.0}]
    undo.trigger()
    assert wanted[2:] == [{"momentum": 0.0}]
