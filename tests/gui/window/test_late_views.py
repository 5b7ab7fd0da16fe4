"""Views that the start leaves out: they are built when they are asked for, and are then as if they had always been."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMenu, QTextBrowser

from mnistviz.engine.digits import Digits
from mnistviz.engine.mistakes.pins import Pin, pins_as_json
from mnistviz.gui.common.choices import LayersPart, MistakesPart, PinsPart, WindowPart
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.scene import SceneFile, WindowScene
from mnistviz.gui.window.views import LAYERS, PINS, VIEWS, Late, ViewPlace, entries_of
from tests.gui.children import child
from tests.gui.shared_window import seen_of

LATE = {entry.id for entry in VIEWS if isinstance(entry.build, Late)}
TABS = [entry.id for entry in entries_of(ViewPlace.LOWER) if entry.id in LATE]
Open = Callable[..., MainWindow]


def built(window: MainWindow) -> set[str]:
    return {id for id in LATE if window.views.is_built(id)}


def by_key(window: MainWindow, id: str) -> None:
    place = [entry.id for entry in entries_of(ViewPlace.LOWER)].index(id)
    QTest.keyClick(window, Qt.Key(Qt.Key.Key_1 + place), Qt.KeyboardModifier.AltModifier)


def by_menu(window: MainWindow, id: str) -> None:
    window.action_book[f"tab_{id}"].trigger()


def by_click(window: MainWindow, id: str) -> None:
    button = window.findChild(QAbstractButton, f"{id}_tab")
    assert isinstance(button, QAbstractButton)
    button.click()


@pytest.mark.parametrize(
    "way",
    [by_key, pytest.param(by_menu, marks=pytest.mark.long), pytest.param(by_click, marks=pytest.mark.long)],
)
def test_a_start_builds_none_of_them_and_every_tab_opens(
    own_window: MainWindow, way: Callable[[MainWindow, str], None]
) -> None:
    assert built(own_window) == set()
    for number, id in enumerate(TABS):
        way(own_window, id)
        assert built(own_window) == set(TABS[: number + 1])
        view: Any = own_window.views.widget(id)
        assert view.isVisible()
        assert view._theme is own_window.theme
        if hasattr(view, "_shown"):  # Compare asks the lab
            assert view._shown.number == own_window.lab.shown.number


@pytest.mark.long
@pytest.mark.parametrize("tab", TABS)
def test_a_scene_in_which_such_a_tab_is_open_builds_it_alone(
    open_window: Open, stage_path: Path, tab: str
) -> None:
    SceneFile(stage_path).save(WindowScene(window=WindowPart(tab)))
    window = open_window()
    assert built(window) == {tab}
    assert window.views.widget(tab).isVisible()


def test_what_a_scene_says_of_a_view_waits_until_that_is_built(own_window: MainWindow) -> None:
    scene = WindowScene(mistakes=MistakesPart(order="number", true=3), layers=LayersPart(size="step"))
    own_window.session.restore(scene)
    assert built(own_window) == set()
    kept = own_window.session.scene()
    assert (kept.mistakes, kept.layers) == (scene.mistakes, scene.layers)
    own_window.arrangement.open_tab("mistakes")
    assert own_window.mistakes.order.value() == "number"
    assert own_window.session.scene().mistakes == scene.mistakes
    own_window.session.restore(WindowScene())
    assert own_window.mistakes.order.value() == MistakesPart().order
    assert own_window.views[LAYERS].over_run.value() == LayersPart().size


@pytest.mark.long
def test_a_pinned_picture_is_known_before_anybody_opens_pins(
    own_window: MainWindow, small_digits: Digits
) -> None:
    pin = Pin(
        small_digits.test.images[2].tobytes(),
        int(small_digits.test.labels[2]),
        small_digits.checksum,
        "test",
        2,
    )
    own_window.network.show_digit("test", 2)
    star = own_window.network.pad.pin_action
    assert not star.isChecked()
    own_window.session.restore(
        replace(own_window.session.scene(), pins=PinsPart(tuple(pins_as_json((pin,)))))
    )
    assert star.isChecked()
    assert not built(own_window)
    star.trigger()
    assert own_window.views[PINS].pins == ()


def settle() -> None:
    for _ in range(5):
        QApplication.processEvents()


def test_they_are_built_ahead_step_by_step_and_nothing_that_is_seen_moves(own_window: MainWindow) -> None:
    own_window.look.enlarge(True)
    own_window.network.picture.setFocus()
    settle()
    seen, least = dict(seen_of(own_window)), own_window.arrangement.tabs.minimumSizeHint()
    own_window.controls.eta.field.setFocus()
    for _ in range(30):  # the first steps only import what a view needs
        own_window.building_ahead.timeout.emit()
    assert built(own_window) == set(), "not while one types"
    own_window.network.picture.setFocus()
    while own_window.building_ahead.isActive():
        before = built(own_window)
        own_window.building_ahead.timeout.emit()
        QApplication.processEvents()
        assert len(built(own_window) - before) <= 1
    assert built(own_window) == LATE
    settle()
    assert dict(seen_of(own_window)) == seen
    assert own_window.arrangement.tabs.minimumSizeHint() == least


def test_a_menu_of_such_a_view_is_filled_when_it_opens(own_window: MainWindow) -> None:
    menu = own_window.findChild(QMenu, "layer_sizes_menu")
    assert isinstance(menu, QMenu)
    assert menu.actions() == []
    menu.aboutToShow.emit()
    assert own_window.views[LAYERS].over_run.actions["step"] in menu.actions()
    run_menu = own_window.findChild(QMenu, "run_menu")
    assert isinstance(run_menu, QMenu)
    before = [action.objectName() for action in run_menu.actions()]
    run_menu.aboutToShow.emit()
    after = [action.objectName() for action in run_menu.actions()]
    place = after.index("ask_first_action")
    assert [*before[:place], "ask_first_action", *before[place + 1 :]] == after
    assert after[place - 1] == "what_next_action"


@pytest.mark.long
def test_the_list_of_keys_has_theirs(own_window: MainWindow) -> None:
    own_window.action_book["keys"].trigger()
    text = child(own_window, QTextBrowser, "text").toPlainText()
    assert re.search(r"Shift\+Right\s+Next stage", text)
    child(own_window, QDialog, "text_dialog").close()


@pytest.mark.long
def test_beside_a_folded_card_the_chosen_unit_is_seen_though_nobody_has_built_it(
    own_window: MainWindow,
) -> None:
    own_window.network.select(1, 3)
    assert built(own_window) == set()
    own_window.resize(1_024, 640)
    QApplication.processEvents()
    assert own_window.network.is_folded
    assert own_window.unit_detail.shown_unit == (1, 3)
    assert own_window.unit_detail.isVisible()
