"""What a view that is hidden holds."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.network import Network
from mnistviz.engine.recorder import Record
from mnistviz.engine.settings import Settings
from mnistviz.gui.ideas.pages import IDS
from mnistviz.gui.mistakes.against import ALONE
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.views import FEWEST_PIXELS, LESSON, MISTAKES, ViewPlace, entries_of
from tests.gui.children import child, said
from tests.gui.pretending import forget_closed


def records() -> list[Record]:
    gc.collect()
    return [found for found in gc.get_objects() if isinstance(found, Record)]


def test_nothing_hidden_holds_the_snapshots_of_its_time(qtbot: QtBot, window: MainWindow) -> None:
    others = records()  # of windows of other tests
    window.network.pad.test_digit_action.trigger()
    window.network.pad.pin_action.trigger()
    tabs = [entry.id for entry in entries_of(ViewPlace.LOWER)]
    for number, name in enumerate(tabs, start=1):
        window.action_book[f"tab_{name}"].trigger()
        window.transport.step_action.trigger()
        qtbot.waitUntil(lambda step=number: window.lab.run.step == step and not window.frame.isActive())  # type: ignore[misc, union-attr]
    window.views[MISTAKES].compare_with(ALONE)
    with window.curves.ready(window.lab.shown):
        pass
    window.open_unit(1, 3)
    window.unit_detail.close()
    window.action_book["teach_drawing"].trigger()
    window.views[LESSON].close()
    window.network.pad.test_digit_action.trigger()
    window.action_book["fewest_pixels"].trigger()
    window.views[FEWEST_PIXELS].close()
    window.transport.step_action.trigger()
    qtbot.waitUntil(lambda: window.lab.run.step == len(tabs) + 1 and not window.frame.isActive())  # type: ignore[union-attr]

    def held() -> set[int]:
        return {found.step for found in records() if not any(found is other for other in others)}

    qtbot.waitUntil(
        lambda: held() == {len(tabs) + 1}
    )  # what is still asked holds the one that it is asked of


def test_what_a_tab_asked_for_is_asked_again_if_it_was_hidden_before_it_came(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.action_book["tab_mistakes"].trigger()
    view = window.views[MISTAKES]
    qtbot.waitUntil(lambda: view.gallery.content is not None and len(view.gallery.content.numbers) > 0)
    view.gallery.walk(1)
    assert said(view, "nearest_title") == ""
    for tab in ("curves", "mistakes"):
        window.action_book[f"tab_{tab}"].trigger()
    qtbot.waitUntil(lambda: said(view, "nearest_title") == "The nearest training digits")


@pytest.mark.long
def test_nothing_hidden_holds_the_digits_of_its_time(
    qtbot: QtBot, open_window: Callable[..., MainWindow], small_digits: Digits, random_digits: Digits
) -> None:
    mine = replace(small_digits, training=small_digits.training.first(300))
    window, held = open_window(mine), weakref.ref(mine.training)
    for entry in reversed(entries_of(ViewPlace.LOWER)):
        window.action_book[f"tab_{entry.id}"].trigger()
        window.transport.step_action.trigger()
        qtbot.waitUntil(lambda: window.lab.run.has_obeyed and not window.frame.isActive())  # type: ignore[union-attr]
    window.open_unit(1, 3)
    window.unit_detail.close()
    window.action_book["teach_drawing"].trigger()
    window.views[LESSON].close()
    del mine
    window.lab.runs.forget_all()  # runs that can be opened again have their digits
    window.lab.data.use(random_digits)

    def is_gone() -> bool:
        gc.collect()
        return held() is None

    qtbot.waitUntil(is_gone)


def test_nothing_hidden_holds_the_networks_of_a_run_that_is_closed_for_good(
    qtbot: QtBot, window: MainWindow
) -> None:
    lab, book = window.lab, window.action_book
    lab.runs.begin(Settings(sizes=(784, 41, 10)))
    qtbot.waitUntil(lambda: lab.run is not None and lab.run.ready)
    assert lab.run is not None
    number = lab.run.number
    for entry in reversed(entries_of(ViewPlace.LOWER)):
        book[f"tab_{entry.id}"].trigger()
        window.transport.step_action.trigger()
        qtbot.waitUntil(
            lambda: (
                lab.run is not None
                and lab.run.has_obeyed
                and not lab.jobs.is_busy()
                and not window.frame.isActive()
            )
        )
    for wide in (True, False):
        window.network.row.actions.wide.setChecked(wide)
        window.network.pad.test_digit_action.trigger()
        qtbot.waitUntil(lambda: not lab.jobs.is_busy() and not window.frame.isActive())
    window.open_unit(1, 3)
    hand = child(window, HandWork)
    hand.switch_off.trigger()
    qtbot.waitUntil(lambda: hand.bill is not None)
    hand.keep.trigger()
    qtbot.waitUntil(lambda: lab.run is not None and lab.run.can_take_back)
    window.unit_detail.close()
    lab.runs.begin(Settings(sizes=(784, 5, 10)))
    qtbot.waitUntil(lambda: lab.run is not None and lab.run.ready and lab.run.number != number)
    lab.runs.close(number)
    lab.training.end(number)
    forget_closed(lab)

    def large() -> int:
        gc.collect()
        return sum(isinstance(found, Network) and found.sizes == (784, 41, 10) for found in gc.get_objects())

    qtbot.waitUntil(lambda: large() == 0)


@pytest.mark.long
def test_a_page_of_ideas_is_let_go_of_once_all_are_reset(qtbot: QtBot, window: MainWindow) -> None:
    pages = []
    for id in IDS:
        window.ideas.open(id)
        pages.append(weakref.ref(window.ideas.page))
    window.ideas.reset()

    def are_gone() -> bool:
        gc.collect()
        return not any(page() for page in pages)

    qtbot.waitUntil(are_gone)
