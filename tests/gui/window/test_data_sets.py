"""Data sets, as the window goes over to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from mnistviz.gui.window.main_window import MainWindow
from tests.gui.live_run import live_run

Open = Callable[..., MainWindow]


def loaded(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.lab.run is not None and window.lab.run.moment is not None, timeout=20_000)


def test_the_bundled_digits_are_not_read_again_and_close_no_run(qtbot: QtBot, open_window: Open) -> None:
    window = open_window()
    window.data_sets.load()
    loaded(qtbot, window)
    run, digits = live_run(window.lab), window.lab.digits
    window.action_book["bundled_data"].trigger()
    assert not window.lab.jobs.is_open("digits")
    assert (window.lab.run, window.lab.digits) == (run, digits)
    assert "already" in window.line.message.accessibleName() + str(window.line._shown[0])


def test_one_comes_back_from_another_data_set(qtbot: QtBot, open_window: Open, letters: Path) -> None:
    window = open_window(data=letters)
    window.data_sets.load()
    loaded(qtbot, window)
    assert window.lab.run is not None
    assert window.lab.run.settings.sizes[-1] == 3
    window.action_book["bundled_data"].trigger()
    qtbot.waitUntil(
        lambda: window.lab.run is not None and window.lab.run.settings.sizes[-1] == 10, timeout=20_000
    )
