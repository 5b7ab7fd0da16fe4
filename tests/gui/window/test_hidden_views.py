"""What a view that is hidden holds."""

from __future__ import annotations

import gc

from pytestqt.qtbot import QtBot

from mnistviz.engine.recorder import Record
from mnistviz.gui.window.main_window import MainWindow


def records() -> list[Record]:
    gc.collect()
    return [found for found in gc.get_objects() if isinstance(found, Record)]


def test_nothing_hidden_holds_the_snapshots_of_its_time(qtbot: QtBot, window: MainWindow) -> None:
    others = records()  # of windows of other tests
    tabs = ("mistakes", "minibatch", "layers", "compare", "pins", "curves")
    for number, name in enumerate(tabs, start=1):
        window.action_book[f"tab_{name}"].trigger()
        window.transport.step_action.trigger()
        qtbot.waitUntil(lambda step=number: window.lab.run.step == step and not window.frame.isActive())  # type: ignore[misc, union-attr]
    window.network.pad.test_digit_action.trigger()
    window.action_book["fewest_pixels"].trigger()
    window.views.fewest_pixels.close()
    window.transport.step_action.trigger()
    qtbot.waitUntil(lambda: window.lab.run.step == len(tabs) + 1 and not window.frame.isActive())  # type: ignore[union-attr]

    def held() -> set[int]:
        return {found.step for found in records() if not any(found is other for other in others)}

    qtbot.waitUntil(
        lambda: held() == {len(tabs) + 1}
    )  # what is still asked holds the one that it is asked of
