"""What a view that is hidden holds."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.recorder import Record
from mnistviz.gui.mistakes.against import ALONE
from mnistviz.gui.window.main_window import MainWindow


def records() -> list[Record]:
    gc.collect()
    return [found for found in gc.get_objects() if isinstance(found, Record)]


def test_nothing_hidden_holds_the_snapshots_of_its_time(qtbot: QtBot, window: MainWindow) -> None:
    others = records()  # of windows of other tests
    window.network.pad.test_digit_action.trigger()
    window.network.pad.pin_action.trigger()
    tabs = ("curves", "mistakes", "minibatch", "layers", "pins", "compare")
    for number, name in enumerate(tabs, start=1):
        window.action_book[f"tab_{name}"].trigger()
        window.transport.step_action.trigger()
        qtbot.waitUntil(lambda step=number: window.lab.run.step == step and not window.frame.isActive())  # type: ignore[misc, union-attr]
    window.views.mistakes.compare_with(ALONE)
    with window.curves.ready(window.lab.shown):
        pass
    window.open_unit(1, 3)
    window.unit_detail.close()
    window.action_book["teach_drawing"].trigger()
    window.views.lesson.close()
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


@pytest.mark.long
def test_nothing_hidden_holds_the_digits_of_its_time(
    qtbot: QtBot, open_window: Callable[..., MainWindow], small_digits: Digits, random_digits: Digits
) -> None:
    mine = replace(small_digits, training=small_digits.training.first(300))
    window, held = open_window(mine), weakref.ref(mine.training)
    for name in ("mistakes", "minibatch", "layers", "compare", "pins", "curves"):
        window.action_book[f"tab_{name}"].trigger()
        window.transport.step_action.trigger()
        qtbot.waitUntil(lambda: window.lab.run.has_obeyed and not window.frame.isActive())  # type: ignore[union-attr]
    window.open_unit(1, 3)
    window.unit_detail.close()
    window.action_book["teach_drawing"].trigger()
    window.views.lesson.close()
    del mine
    window.lab.forget_all()  # runs that can be opened again have their digits
    window.lab.use_digits(random_digits)

    def is_gone() -> bool:
        gc.collect()
        return held() is None

    qtbot.waitUntil(is_gone)
