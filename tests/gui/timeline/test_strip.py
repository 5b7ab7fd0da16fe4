"""The strip with real mouse and keys: one lands where one clicked, and it says where one is."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGraphicsLineItem
from pytestqt.qtbot import QtBot

from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.timeline.film import epoch_ticks
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.timeline.conftest import END, FLAG, click, is_at, on_strip, press, run_of

SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


def is_near(window: MainWindow, x: int) -> bool:
    """Whether the playhead is as near to a pixel as a mini-batch can be."""
    return abs(on_strip(window, window.lab.playhead.here).x() - x) <= 2


def handle(window: MainWindow) -> float:
    return window.timeline.strip._upright.line().x1()


def test_before_a_run_has_learned_there_is_no_film(window: MainWindow) -> None:
    assert window.timeline.field.text() == "nothing learned yet"
    assert not window.timeline.field.isEnabled()
    assert not window.action_book["live"].isEnabled()
    window.timeline.strip.setFocus()
    press(window, Qt.Key.Key_Left)
    assert window.lab.playhead.step in (None, 0)


def test_at_rest_it_says_the_mini_batch_and_the_handle_is_at_the_end(past: MainWindow) -> None:
    assert past.timeline.field.text() == f"mini-batch {END}"
    assert abs(handle(past) - on_strip(past, END).x()) <= 1


@pytest.mark.parametrize("step", [0, 1, 37, 101, 202, 249])
def test_one_lands_where_one_clicks(past: MainWindow, qtbot: QtBot, step: int) -> None:
    at = on_strip(past, step)
    click(past, step)
    playhead = past.lab.playhead
    assert playhead.step is not None
    assert abs(on_strip(past, playhead.step).x() - at.x()) <= 1 or playhead.step in playhead.flags()
    qtbot.waitUntil(lambda: is_at(past, playhead.step or 0))
    assert abs(handle(past) - on_strip(past, playhead.step).x()) <= 1
    assert past.timeline.field.text() == f"at {playhead.step} of {END} · held"


def test_a_click_on_a_flag_is_exactly_there(past: MainWindow, qtbot: QtBot) -> None:
    at = on_strip(past, FLAG)
    QTest.mouseClick(past.timeline.strip.viewport(), LEFT, pos=QPoint(at.x() + 3, at.y()))
    assert past.lab.playhead.step == FLAG
    assert "0.5" in past.timeline.strip.words_at(at.x())


def test_a_click_on_the_star_looks_at_the_best(past: MainWindow, qtbot: QtBot) -> None:
    best = run_of(past).best
    assert best is not None
    click(past, best.step)
    assert past.lab.playhead.step == best.step


def test_a_drag_goes_along_and_ends_where_it_is_let_go(past: MainWindow, qtbot: QtBot) -> None:
    view = past.timeline.strip.viewport()
    begin, end = on_strip(past, END), on_strip(past, 60)
    QTest.mousePress(view, LEFT, pos=begin)
    seen = set()
    for share in (0.2, 0.5, 0.8, 1.0):
        x = round(begin.x() + share * (end.x() - begin.x()))
        QTest.mouseMove(view, QPoint(x, begin.y()))
        qtbot.waitUntil(partial(is_near, past, x))
        seen.add(past.lab.playhead.step)
    QTest.mouseRelease(view, LEFT, pos=QPoint(end.x(), begin.y()))
    assert len(seen) == 4
    qtbot.waitUntil(lambda: abs((past.lab.playhead.step or 0) - 60) <= 1)


def test_a_press_on_the_handle_alone_holds_nothing(past: MainWindow) -> None:
    QTest.mouseClick(past.timeline.strip.viewport(), LEFT, pos=on_strip(past, END))
    assert past.lab.playhead.live


def test_keys_walk_by_mini_batches_tens_epochs_and_to_both_ends(past: MainWindow) -> None:
    playhead, key = past.lab.playhead, Qt.Key
    for pressed, modifier, step in (
        (key.Key_Left, None, END - 1),
        (key.Key_Left, SHIFT, END - 11),
        (key.Key_Right, None, END - 10),
        (key.Key_PageUp, None, 202),
        (key.Key_PageUp, None, 101),
        (key.Key_PageDown, None, 202),
        (key.Key_PageDown, None, END),
        (key.Key_Home, None, 0),
        (key.Key_Left, None, 0),
        (key.Key_Right, SHIFT, 10),
        (key.Key_End, None, END),
    ):
        press(past, pressed, modifier or Qt.KeyboardModifier.NoModifier)
        assert playhead.step == step, pressed


@pytest.mark.parametrize(
    ("text", "step"), [("104", 104), ("+50", 150), ("-1", 99), ("epoch 1", 101), ("epoch 2", 202)]
)
def test_the_field_goes_where_one_types(past: MainWindow, qtbot: QtBot, text: str, step: int) -> None:
    past.lab.playhead.visit(100)
    field = past.timeline.field
    field.setFocus()
    qtbot.keyClicks(field, text)
    assert past.lab.playhead.step == 100  # nothing before Return, and no key of the window's
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert past.lab.playhead.step == step
    assert not field.error


def test_what_is_no_place_is_refused_in_plain_words_and_escape_puts_the_field_back(
    past: MainWindow, qtbot: QtBot
) -> None:
    field = past.timeline.field
    field.setFocus()
    qtbot.keyClicks(field, "9999")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert past.lab.playhead.live
    assert field.error == f"The run has come as far as mini-batch {END}, epoch 2.47."
    assert field._error.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not field.error
    assert field.text() == f"mini-batch {END}"
    qtbot.keyClicks(field, "soon,")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.error.startswith("This is no place in the run.")
    assert past.lab.playhead.live


def test_what_is_being_typed_is_not_written_over(training: MainWindow, qtbot: QtBot) -> None:
    field = training.timeline.field
    field.setFocus()
    qtbot.keyClicks(field, "12")
    step = run_of(training).step
    qtbot.waitUntil(lambda: run_of(training).step > step + 100)
    assert field.text() == "12"


def test_a_replay_says_how_far_it_is_and_escape_stops_it(past: MainWindow, qtbot: QtBot) -> None:
    past.lab.playhead.visit(60)
    qtbot.waitUntil(lambda: is_at(past, 60) and not past._frame.isActive())
    past.timeline.show_progress(1_000, 8_000)
    assert past.timeline.field.text() == "at 60 · replays 1,000 of 8,000"
    past.timeline.strip.setFocus()
    with qtbot.waitSignal(past.timeline.cancel_wanted):
        press(past, Qt.Key.Key_Escape)
    past.timeline.show_progress(0, 0)
    assert past.timeline.field.text() == f"at 60 of {END} · held"


def test_the_line_has_the_hue_of_its_run(past: MainWindow, qtbot: QtBot) -> None:
    def hue() -> str:
        return past.timeline.strip._line.pen().color().name()

    past.set_look("light")
    assert hue() == LIGHT.runs[0]
    past.lab.recolour(run_of(past), 2)
    qtbot.waitUntil(lambda: hue() == LIGHT.runs[2])


def test_one_upright_line_of_one_colour_is_in_the_strip_and_in_both_plots(
    past: MainWindow, qtbot: QtBot
) -> None:
    past.lab.playhead.visit(60)
    qtbot.waitUntil(lambda: is_at(past, 60) and not past._frame.isActive())
    for view in (past.timeline.strip, past.curves._cost_plot, past.curves._accuracy_plot):
        lines = [item for item in view.scene().items() if isinstance(item, QGraphicsLineItem)]
        solid = [
            item
            for item in lines
            if item.pen().style() == Qt.PenStyle.SolidLine and item.isVisible() and item.line().x1() > 0
        ]
        assert len(solid) == 1
        assert solid[0].pen().color().name() == past.theme.accent
        assert solid[0].line().x1() == solid[0].line().x2()


@pytest.mark.parametrize(
    ("epochs", "width", "ticks"),
    [
        (5, 500, [0, 1, 2, 3, 4, 5]),
        (5, 100, [0, 2, 4]),
        (100, 300, [0, 20, 40, 60, 80, 100]),
        (0.5, 300, [0]),
    ],
)
def test_epochs_have_marks_that_do_not_touch(epochs: float, width: float, ticks: list[int]) -> None:
    assert epoch_ticks(epochs, width, 40) == ticks
