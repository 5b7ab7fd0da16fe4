"""Ctrl+Z of the settings and of η: what one gesture changed is taken back as one, and the run learns of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyle, QStyleOptionSlider, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.acts import Changed, by_gesture
from mnistviz.engine.digits import Digits
from mnistviz.engine.recipes import RECIPES
from mnistviz.engine.settings import Settings
from mnistviz.gui.lab.run_mirror import RunMirror
from mnistviz.gui.settings import setting_control
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.settings.test_controls import choose, learning, learns_with, type_into

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def run_of(window: MainWindow) -> RunMirror:
    assert window.lab.run is not None
    return window.lab.run


def changes(window: MainWindow) -> list[tuple[tuple[str, object, object], ...]]:
    """What was done to the run, gesture by gesture."""
    return [
        act.changes for act in by_gesture(run_of(window).history.interventions) if isinstance(act, Changed)
    ]


def undo(qtbot: QtBot, window: MainWindow, widget: QWidget) -> None:
    widget.setFocus()
    qtbot.keyClick(widget, Qt.Key.Key_Z, CTRL)


def handle(window: MainWindow) -> QPoint:
    """Where the handle of η is."""
    slider, option = window.controls.eta.slider, QStyleOptionSlider()
    slider.initStyleOption(option)
    control = QStyle.ComplexControl.CC_Slider
    part = QStyle.SubControl.SC_SliderHandle
    return slider.style().subControlRect(control, option, part, slider).center()


def drag(qtbot: QtBot, window: MainWindow, *by: int) -> None:
    """Drags the handle of η, and waits after each move until the run has felt it."""
    slider = window.controls.eta.slider
    at = handle(window)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=at)
    for pixels in by:
        before, at = run_of(window).step, at + QPoint(pixels, 0)
        QTest.mouseMove(slider, at)
        eta = window.controls.eta.value()
        qtbot.waitUntil(
            lambda eta=eta, before=before: (
                learns_with(window, "eta") == eta and run_of(window).step > before + 50
            )  # type: ignore[misc]
        )
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=at)


def test_a_drag_of_eta_at_full_speed_is_one_change_and_undone_as_one(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.toggle_play()
    learning(qtbot, window)
    drag(qtbot, window, -10, -5, -5)
    low = window.controls.eta.value()
    assert low < 2
    assert len(run_of(window).history.interventions) > 1
    assert changes(window) == [(("eta", 3.0, low),)]
    drag(qtbot, window, 8)
    middle = window.controls.eta.value()
    assert changes(window)[1:] == [(("eta", low, middle),)]
    for value in (low, 3.0):
        undo(qtbot, window, window.controls.eta.slider)
        qtbot.waitUntil(lambda value=value: learns_with(window, "eta") == value)  # type: ignore[misc]
    assert changes(window)[2:] == [(("eta", middle, low),), (("eta", low, 3.0),)]
    qtbot.keyClick(window.controls.eta.slider, Qt.Key.Key_Z, CTRL | SHIFT)
    qtbot.waitUntil(lambda: learns_with(window, "eta") == low)
    qtbot.keyClick(window.controls.eta.slider, Qt.Key.Key_Y, CTRL)
    qtbot.waitUntil(lambda: learns_with(window, "eta") == middle)
    assert len(changes(window)) == 6


def test_a_drag_is_no_part_of_the_arrow_presses_before_it(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window.controls.eta.field, Qt.Key.Key_Up)
    once = window.controls.eta.value()
    slider, at = window.controls.eta.slider, handle(window)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseMove(slider, at - QPoint(10, 0))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=at - QPoint(10, 0))
    assert window.controls.eta.value() < once
    undo(qtbot, window, slider)
    assert window.controls.eta.value() == once


@pytest.mark.parametrize("pause", [60.0, 0.0])
def test_arrow_presses_are_one_change_until_the_hand_pauses(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, pause: float
) -> None:
    monkeypatch.setattr(setting_control, "PAUSE", pause)
    field = window.controls.eta.field
    field.setFocus()
    seen = []
    for _ in range(3):
        qtbot.keyClick(field, Qt.Key.Key_Up)
        seen.append(window.controls.eta.value())
    undo(qtbot, window, field)
    assert window.controls.eta.value() == (3.0 if pause else seen[1])


def test_other_settings_between_make_two_of_a_run_of_presses(qtbot: QtBot, window: MainWindow) -> None:
    eta, dropout = window.controls.eta, window.controls.by_name["dropout"]
    qtbot.keyClick(eta.field, Qt.Key.Key_Up)
    once = eta.value()
    type_into(qtbot, window, "dropout", "0.2")
    qtbot.keyClick(eta.field, Qt.Key.Key_Up)
    for left in ((once, 0.2), (once, 0.0), (3.0, 0.0)):
        window.controls.history.undo_action.trigger()
        assert (eta.value(), dropout.value()) == left
    assert not window.controls.history.undo_action.isEnabled()


def test_while_one_types_the_keys_belong_to_the_text(qtbot: QtBot, window: MainWindow) -> None:
    type_into(qtbot, window, "eta", "0.5")
    field = window.controls.eta.field
    field.selectAll()
    qtbot.keyClicks(field, "77")
    qtbot.keyClick(field, Qt.Key.Key_Z, CTRL)
    assert window.controls.eta.value() == 0.5
    assert field.text() != "77"
    qtbot.keyClicks(field, "9")
    qtbot.keyClick(field, Qt.Key.Key_Up, CTRL)
    assert field.text().endswith("9")
    assert window.controls.eta.value() == 0.5
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), window.controls.eta.value()) == ("0.5", 0.5)
    qtbot.keyClick(field, Qt.Key.Key_Z, CTRL)
    assert window.controls.eta.value() == 3.0


def test_ctrl_z_belongs_to_the_panel_with_the_focus(qtbot: QtBot, window: MainWindow) -> None:
    type_into(qtbot, window, "eta", "0.5")
    undo(qtbot, window, window.network.pad)
    undo(qtbot, window, window.transport.play_button)
    assert window.controls.eta.value() == 0.5
    undo(qtbot, window, window.controls.by_name["dropout"].findChild(QWidget, "dropout_field"))  # type: ignore[arg-type]
    assert window.controls.eta.value() == 3.0


def test_eta_that_ended_a_schedule_is_undone_with_the_schedule(qtbot: QtBot, window: MainWindow) -> None:
    choose(window, "schedule", "cosine")
    window.toggle_play()
    learning(qtbot, window)
    type_into(qtbot, window, "eta", "0.5")
    qtbot.waitUntil(lambda: learns_with(window, "schedule") == "constant")
    undo(qtbot, window, window.controls.eta.field)
    qtbot.waitUntil(lambda: learns_with(window, "schedule") == "cosine" and learns_with(window, "eta") == 3.0)
    assert window.controls.settings() == Settings(schedule="cosine")


def test_what_waits_for_a_new_run_is_put_back_without_touching_the_run(
    qtbot: QtBot, window: MainWindow
) -> None:
    controls = window.controls
    window.toggle_play()
    learning(qtbot, window)
    type_into(qtbot, window, "training_digits", "500")
    controls.layers.add_button.click()
    assert controls.bar.isVisible()
    for settings in (Settings(training_digits=500), Settings()):
        undo(qtbot, window, controls.layers.add_button)
        assert controls.settings() == settings
    assert controls.bar.isHidden()
    at = run_of(window).step
    qtbot.waitUntil(lambda: run_of(window).step > at + 20)
    assert not run_of(window).history.interventions
    controls.history.redo_action.trigger()
    assert controls.settings() == Settings(training_digits=500)
    assert controls.bar.isVisible()


def test_a_recipe_that_waits_is_dropped_and_chosen_again(qtbot: QtBot, window: MainWindow) -> None:
    controls = window.controls
    window.toggle_play()
    learning(qtbot, window)
    type_into(qtbot, window, "eta", "0.7")
    controls._choose(RECIPES["chapter-3"].settings)
    type_into(qtbot, window, "dropout", "0.5")
    assert controls.settings() == RECIPES["chapter-3"].settings.changed(dropout=0.5)
    undo(qtbot, window, controls.eta.field)
    assert controls.settings() == RECIPES["chapter-3"].settings
    undo(qtbot, window, controls.eta.field)
    assert controls.settings() == Settings(eta=0.7)
    assert controls.bar.isHidden()
    qtbot.waitUntil(lambda: learns_with(window, "eta") == 0.7)
    controls.history.redo_action.trigger()
    assert controls.settings() == RECIPES["chapter-3"].settings
    assert controls.training_group.heading.note.text() == "in a new run"
    undo(qtbot, window, controls.eta.field)
    undo(qtbot, window, controls.eta.field)
    qtbot.waitUntil(lambda: learns_with(window, "eta") == 3.0)
    assert changes(window) == [(("eta", 3.0, 0.7),), (("eta", 0.7, 3.0),)]


def test_a_setting_of_the_last_run_can_be_taken_back_in_the_next(qtbot: QtBot, window: MainWindow) -> None:
    type_into(qtbot, window, "eta", "0.5")
    window.new_run()
    qtbot.waitUntil(lambda: run_of(window).moment is not None)
    undo(qtbot, window, window.controls.eta.field)
    qtbot.waitUntil(lambda: learns_with(window, "eta") == 3.0)
    assert changes(window) == [(("eta", 0.5, 3.0),)]


def test_layers_of_another_data_set_are_taken_back_with_the_outputs_of_this_one(
    qtbot: QtBot, window: MainWindow, small_digits: Digits
) -> None:
    layers, history = window.controls.layers, window.controls.history
    layers.add_button.click()
    layers.add_button.click()
    history.undo_action.trigger()
    assert layers.value() == (784, 30, 30, 10)
    window.lab.use_digits(replace(small_digits, classes=tuple("ABCDEFGHIJKL"), checksum="letters"))
    history.undo_action.trigger()
    assert layers.value() == (784, 30, 12)
    history.redo_action.trigger()
    history.redo_action.trigger()
    assert layers.value() == (784, 30, 30, 30, 12)
    window.new_run()
    qtbot.waitUntil(lambda: run_of(window).moment is not None)
    assert run_of(window).settings.sizes == (784, 30, 30, 30, 12)


def test_what_waits_on_a_data_set_on_which_no_run_began_is_reverted_with_its_outputs(
    window: MainWindow, small_digits: Digits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window.lab, "begin", lambda settings: None)
    window.controls.layers.add_button.click()
    window.lab.use_digits(replace(small_digits, classes=tuple("ABCDEFGHIJKL"), checksum="letters"))
    window.controls.revert()
    assert window.controls.settings().sizes == (784, 30, 12)


def test_what_was_put_back_by_its_button_is_passed_over(qtbot: QtBot, window: MainWindow) -> None:
    type_into(qtbot, window, "eta", "0.5")
    qtbot.waitUntil(lambda: learns_with(window, "eta") == 0.5)
    type_into(qtbot, window, "training_digits", "500")
    window.controls.bar.revert_button.click()
    undo(qtbot, window, window.controls.eta.field)
    assert window.controls.settings() == Settings()


@pytest.mark.parametrize(
    ("value", "up", "down"),
    [
        (3.0, 5.0, 2.0),
        (1.0, 2.0, 0.5),
        (0.2, 0.5, 0.1),
        (0.07, 0.1, 0.05),
        (999.0, 1_000.0, 500.0),
        (0.0001, 0.0002, 0.0001),
    ],
)
def test_ctrl_up_and_down_go_through_round_values_of_eta_from_anywhere(
    qtbot: QtBot, window: MainWindow, value: float, up: float, down: float
) -> None:
    places: tuple[Callable[[], QWidget], ...] = (
        lambda: window.network.pad,
        lambda: window.controls.seed.field,
        lambda: window.transport.play_button,
    )
    for place in places:
        for key, after in ((Qt.Key.Key_Up, up), (Qt.Key.Key_Down, down)):
            type_into(qtbot, window, "eta", str(value))
            widget = place()
            widget.setFocus()
            qtbot.keyClick(widget, key, CTRL)
            assert window.controls.eta.value() == after
