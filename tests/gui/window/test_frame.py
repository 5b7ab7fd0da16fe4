"""How often the views are drawn."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from mnistviz.gui.window.main_window import MainWindow


def test_another_run_is_drawn_once_where_all_rest(window: MainWindow, qtbot: QtBot) -> None:
    lab = window.lab
    lab.runs.branch()
    qtbot.waitUntil(lambda: all(run.ready for run in lab.runs.open) and not window.frame.isActive())
    first, second = lab.runs.open
    drawn: list[int | None] = []
    window.frame.drawn.connect(lambda: drawn.append(lab.shown.number))
    lab.runs.select(first.number)
    assert drawn == [first.number]
    drawn.clear()
    lab.runs.rename(second.number, "beside it")
    assert drawn == [first.number], "what is told of once is drawn at once"
