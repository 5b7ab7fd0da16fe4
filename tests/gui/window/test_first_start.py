"""The very first start: a digit that is misread lies on the scratchpad, and three steps are ticked as one does them."""

import re
from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.network import Network
from mnistviz.gui.common.choices import FIRST_STEPS
from mnistviz.gui.window.first_start import FIRST_DIGIT, LABEL, misread_digit
from mnistviz.gui.window.main_window import MainWindow
from tests.examples import one_quick
from tests.gui.children import child
from tests.gui.frames import draw_all

Open = Callable[..., MainWindow]


@pytest.fixture
def first(open_window: Open, small_digits: Digits) -> MainWindow:
    return open_window(small_digits, first=True)


def draw(window: MainWindow, qtbot: QtBot) -> None:
    pad, (left, top) = window.network.pad, (60, 60)
    qtbot.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(left, top))
    qtbot.mouseMove(pad, QPoint(left + 40, top + 60))
    qtbot.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(left + 40, top + 60))


def do_step(window: MainWindow, qtbot: QtBot, step: str) -> None:
    if step == "draw":
        draw(window, qtbot)
    elif step == "eta":
        qtbot.keyClick(window, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    else:
        qtbot.keyClick(window, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: "start" not in left(window))
        qtbot.keyClick(window, Qt.Key.Key_Space)


def left(window: MainWindow) -> tuple[str, ...]:
    return window.lab.chosen.now.first.left


def chips(window: MainWindow, large: bool) -> QWidget:
    return child(window, QWidget, "first_steps" if large else "first_steps_small")


def seen_chips(window: MainWindow) -> list[bool]:
    return [chips(window, large).isVisible() for large in (True, False)]


def test_the_digit_is_always_the_same_one_unless_that_is_read_as_it_is() -> None:
    labels = np.array([LABEL if number in (7, 9, FIRST_DIGIT) else 1 for number in range(60)], dtype=np.uint8)
    test = DigitSet(np.zeros((60, 784), dtype=np.uint8), labels)
    network = Network([784, 5, 10])
    network.biases[-1][:] = np.eye(10)[1] * 1_000
    assert misread_digit(network, test) == FIRST_DIGIT
    labels[FIRST_DIGIT] = 1
    assert misread_digit(network, DigitSet(test.images, labels)) == 7
    network.biases[-1][:] = np.eye(10)[LABEL] * 1_000
    assert misread_digit(network, test) is None


def test_a_misread_four_lies_there_and_a_stroke_clears_it_first(first: MainWindow, qtbot: QtBot) -> None:
    pad = first.network.pad
    qtbot.waitUntil(lambda: pad.digit is not None)
    assert pad.digit.label == LABEL
    assert first.lab.shown.moment.network.predictions(pad.digit.picture.reshape(1, -1))[0] != LABEL
    digit = pad.sheet
    draw(first, qtbot)
    assert pad.sheet.ink.digit is None
    assert len(pad.sheet.ink.strokes) == 1
    pad.undo()
    assert pad.sheet is digit, "undo brings it back"
    draw(first, qtbot)
    assert pad.sheet.ink.digit is not None, "once one has drawn, a digit is drawn on as ever"


@one_quick("order", [*permutations(FIRST_STEPS)][::-1], ids="-".join)
def test_the_steps_are_ticked_in_any_order_become_small_with_the_first_mini_batch_and_go_for_good(
    open_window: Open, first: MainWindow, qtbot: QtBot, small_digits: Digits, order: tuple[str, ...]
) -> None:
    """A restart forgets none of them; in the ideas one has other things to do."""
    window, remain = first, list(FIRST_STEPS)
    qtbot.waitUntil(lambda: first.network.pad.sheet.number is not None)
    for step in order:
        do_step(window, qtbot, step)
        remain.remove(step)
        is_large = "start" in remain
        assert left(window) == tuple(remain)
        assert seen_chips(window) == [bool(remain) and is_large, bool(remain) and not is_large]
        window.action_book["ideas"].trigger()
        assert seen_chips(window) == [False, False]
        window.action_book["lab"].trigger()
        seen = seen_chips(window)
        window.close()
        window = open_window(small_digits)
        assert left(window) == tuple(remain)
        assert seen_chips(window) == seen


def test_a_chip_does_or_focuses_its_step(first: MainWindow, qtbot: QtBot) -> None:
    large = {step: child(first, QWidget, f"first_step_{step}") for step in FIRST_STEPS}
    for step, focused in (("draw", first.network.pad), ("eta", child(first, QWidget, "eta_slider"))):
        large[step].setFocus()
        qtbot.keyClick(large[step], Qt.Key.Key_Return)
        assert focused.hasFocus()
    qtbot.mouseClick(large["start"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: first.lab.time.learning)
    qtbot.keyClick(first, Qt.Key.Key_Space)


def test_start_afresh_lays_a_digit_again_and_brings_back_the_steps_unless_all_were_done(
    open_window: Open, small_digits: Digits, first: MainWindow, qtbot: QtBot
) -> None:
    for steps in (FIRST_STEPS, ()):
        qtbot.waitUntil(lambda: first.network.pad.sheet.number is not None)
        draw(first, qtbot)
        assert first.network.pad.sheet.ink.digit is None, "a stroke clears it first"
        do_step(first, qtbot, "start")
        first.lab.chosen.choose("first", left=steps[2:])
        first.action_book["start_afresh"].trigger()
        qtbot.waitUntil(lambda: first.network.pad.sheet.number is not None)
        assert (left(first), seen_chips(first)) == (steps, [bool(steps), False])
    first.close()
    later = open_window(small_digits, first=True)
    draw(later, qtbot)
    assert later.network.pad.sheet.ink.digit is None, "a stroke does so at the next start as well"
    later.lab.chosen.choose("first", invited=True)
    later.network.pad.clear()
    later.close()
    draw_all(latest := open_window(small_digits, first=True))
    assert latest.network.pad.digit is None, "what was cleared is not laid again"


def test_who_has_used_the_program_before_sees_neither_digit_nor_first_steps(
    open_window: Open, stage_path: Path, small_digits: Digits
) -> None:
    stage_path.parent.mkdir(parents=True)
    stage_path.write_text('{"version": 2, "speed": 100.0}')
    window = open_window(small_digits)
    assert left(window) == ()
    assert window.network.pad.digit is None
    assert seen_chips(window) == [False, False]


_CONTROLS = (QAbstractButton, QAbstractSlider, QLineEdit, QAbstractSpinBox, QComboBox)
_PICTURES = ("first_step", "run_A_lane", "network_layer")
MOST_CONTROLS, MOST_WORDS = 28, 90


def _seen(window: MainWindow, *kinds: type[QWidget]) -> list[Any]:
    """The widgets of these kinds that are seen, but chips, the lane, the head above the tiles, scroll bars, and what
    belongs to another control."""
    every = [each for each in window.findChildren(QWidget) if isinstance(each, kinds) and each.isVisible()]
    return [
        each
        for each in every
        if not (isinstance(each, QScrollBar) or each.objectName().startswith(_PICTURES))
        and not isinstance(each.parent(), QAbstractSpinBox | QComboBox)
    ]


def test_the_first_screen_is_calm_and_if_low_steps_replace_plots(first: MainWindow, qtbot: QtBot) -> None:
    """The first minute needs few things: all else is one step away."""
    for size in ((1366, 768), (1440, 900)):
        first.resize(*size)
        qtbot.waitUntil(lambda: first.network.pad.sheet.number is not None and not first.frame.isActive())
        QApplication.processEvents()
        menus = [action.text() for action in first.menuBar().actions() if action.isVisible()]
        controls = [each.objectName() for each in _seen(first, *_CONTROLS) if each.isEnabled()]
        assert len(menus) + len(controls) <= MOST_CONTROLS, " ".join(controls)
        texts = [*menus, *(each.text() for each in _seen(first, QLabel, QPushButton, QLineEdit))]
        texts += [each.currentText() for each in _seen(first, QComboBox)]
        texts += [chip.text() for chip in chips(first, large=True).findChildren(QAbstractButton)]
        words = [word for text in texts for word in re.findall(r"[^\W\d_]+", re.sub("<[^>]*>|&", "", text))]
        assert len(words) <= MOST_WORDS, " ".join(words)
    plot, steps = child(first.curves, QWidget, "cost_plot"), chips(first, large=True)
    chip = child(steps, QAbstractButton, "first_step_start")
    first.resize(1280, 676)
    QApplication.processEvents()
    assert plot.isVisible(), "a lower chip leaves room for the axes"
    first.resize(1024, 560)
    qtbot.waitUntil(lambda: not plot.isVisible())
    assert (chip.height(), steps.height()) == (44, first.curves.height())
    assert abs(chip.geometry().center().y() - steps.rect().center().y()) <= 1
    first.transport.step_action.trigger()
    qtbot.waitUntil(plot.isVisible)
    assert not steps.isVisible()
