"""The very first start: it learns slowly enough to see the beginning, and what is chosen is found again later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.engine.digits import Digits
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.scene import FIRST_SPEED, SceneFile
from tests.gui.deleting import delete
from tests.gui.live_run import live_run

Open = Callable[..., MainWindow]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def first(qtbot: QtBot, stage_path: Path, small_digits: Digits) -> Iterator[MainWindow]:
    """A window as somebody sees it for the first time."""
    window = MainWindow(SceneFile(stage_path))
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    window.lab.data.use(small_digits)
    qtbot.waitUntil(lambda: window.lab.shown.moment is not None)
    yield window
    window.close()
    delete(window)


def test_it_learns_at_500_mini_batches_a_second_and_says_how_it_learns_faster(
    first: MainWindow, qtbot: QtBot
) -> None:
    transport, run = first.transport, live_run(first.lab)
    assert FIRST_SPEED == transport.speed_value() == first.lab.time.rate == 500.0
    assert transport.speed.word.text() == "500/s"
    qtbot.keyClick(first, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: run.step > 20)
    said = first.line.status.accessibleName()
    assert said.startswith("Training: 500 mini-batches per second (Ctrl+Right: faster) ·")
    qtbot.keyClick(first, Qt.Key.Key_Right, CTRL)
    qtbot.keyClick(first, Qt.Key.Key_Right, CTRL)
    assert transport.speed_value() is None
    assert first.line.status.accessibleName().startswith("Training at full speed ·")
    qtbot.keyClick(first, Qt.Key.Key_Space)


@pytest.mark.long
def test_the_next_start_has_the_speed_and_the_hidden_results_of_the_last(
    open_window: Open, stage_path: Path
) -> None:
    window = open_window()
    assert window.transport.speed_value() is None
    window.action_book["hide_results"].trigger()
    window.close()
    again = open_window()
    assert stage_path.exists()
    assert again.transport.speed_value() is None
    assert again.action_book["hide_results"].isChecked()
    assert not any(entry.reaches for entry in again.recipes.entries())


def test_a_chosen_output_is_let_go_when_a_new_run_begins_and_kept_by_a_branch(
    window: MainWindow, qtbot: QtBot
) -> None:
    selection, run = window.network.selection, live_run(window.lab)
    window.lab.runs.send(Step(5))
    qtbot.waitUntil(lambda: run.step == 5)
    selection.choose_output(4)
    window.lab.runs.branch()
    assert selection.chosen_output == 4
    window.steering.new_run()
    assert selection.chosen_output is None
