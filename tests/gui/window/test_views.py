"""Views: drawn when they are seen, built when they are asked for; hidden ones hold nothing of old runs."""

import gc
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.network import Network
from mnistviz.engine.recorder import Record
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.choices import Choices, LayersPart, MistakesPart, WindowPart
from mnistviz.gui.common.switch import Switch
from mnistviz.gui.curves.titled_plot import TitledPlot
from mnistviz.gui.curves.what_next import WhatNext
from mnistviz.gui.ideas.pages import IDS
from mnistviz.gui.lab import questions
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.mistakes.against import ALONE
from mnistviz.gui.network.card import NetworkCard
from mnistviz.gui.network.unit.hand_work import HandWork
from mnistviz.gui.window import views
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.scene import SceneFile, WindowScene
from tests.gui.children import child, said
from tests.gui.frames import draw_all, wait
from tests.gui.live_run import live_run
from tests.gui.pretending import forget_closed
from tests.gui.shared_window import seen_of
from tests.gui.window.two_runs import settle


def test_a_hidden_view_is_drawn_when_it_is_shown_and_not_before_but_settings_follow_the_run(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    for view in (window.curves, window.unit_detail):
        monkeypatch.setattr(view, "draw", lambda shown, view=view: drawn.append(id(view)))
    window.network.pad.setFocus()
    window.action_book["enlarge"].trigger()
    window.transport.step_action.trigger()
    qtbot.waitUntil(lambda: window.lab.run.step == 1 and not window.frame.isActive())
    assert drawn == []
    window.action_book["enlarge"].trigger()
    assert drawn == [id(window.curves)]
    window.open_unit(1, 3)
    assert drawn == [id(window.curves), id(window.unit_detail)]
    window.action_book["show_controls"].setChecked(False)
    window.lab.settings.change({"eta": 0.5})
    window.transport.step_action.trigger()
    qtbot.waitUntil(lambda: window.controls.settings().eta == 0.5)


def test_what_next_leaves_the_title_of_the_cost_whole_and_a_way_back_from_the_first_step_on(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "FORECASTS", 4)
    action = window.action_book["what_next"]
    action.setChecked(True)
    draw_all(window)
    assert child(window, Switch, "curves_view").isVisible()
    window.lab.runs.send(Step(1))
    wait(lambda: child(window, QLabel, "futures_title").text() != "" and live_run(window.lab).step == 1)
    titled = child(window, TitledPlot, "titled_cost_plot")
    assert titled.about.text()
    assert not child(window, WhatNext).mask().intersects(titled.title_room.translated(titled.pos()))
    action.setChecked(False)


def test_a_unit_that_was_chosen_is_kept_though_its_panel_stays_hidden(qtbot: QtBot) -> None:
    card = NetworkCard()
    qtbot.addWidget(card)
    kept = Choices(network=replace(card.chosen.now.network, layer=1, unit=7, showing="weights"))
    card.chosen.restore(kept)
    assert card.chosen.now == kept


def test_the_class_that_a_late_entry_imports_is_the_one_that_types_promise() -> None:
    promised = {name: type for name, type in views.__annotations__.items() if name.isupper()}
    for name, promise in promised.items():
        entry = getattr(views, name, None)
        if isinstance(entry, views.ViewEntry) and isinstance(entry.build, views.Late):
            assert promise == f"Final[ViewEntry[{entry.build.load().__name__}]]"


def wait_at_rest(qtbot: QtBot, window: MainWindow) -> None:
    lab, frame = window.lab, window.frame
    qtbot.waitUntil(lambda: lab.run.has_obeyed and not lab.jobs.is_busy() and not frame.isActive())


def records() -> list[Record]:
    gc.collect()
    return [found for found in gc.get_objects() if isinstance(found, Record)]


def test_nothing_hidden_holds_the_snapshots_of_its_time(qtbot: QtBot, window: MainWindow) -> None:
    others = records()  # of windows of other tests
    window.network.pad.test_digit_action.trigger()
    window.network.pad.pin_action.trigger()
    tabs = [entry.id for entry in views.entries_of(views.ViewPlace.LOWER)]
    for number, name in enumerate(tabs, start=1):
        window.action_book[f"tab_{name}"].trigger()
        window.transport.step_action.trigger()
        qtbot.waitUntil(lambda step=number: window.lab.run.step == step and not window.frame.isActive())  # type: ignore[misc]
    window.views[views.MISTAKES].compare_with(ALONE)
    with window.curves.ready(window.lab.shown):
        pass
    window.open_unit(1, 3)
    window.unit_detail.close()
    window.action_book["teach_drawing"].trigger()
    window.views[views.LESSON].close()
    window.network.pad.test_digit_action.trigger()
    window.action_book["fewest_pixels"].trigger()
    window.views[views.FEWEST_PIXELS].close()
    window.transport.step_action.trigger()
    qtbot.waitUntil(lambda: window.lab.run.step == len(tabs) + 1 and not window.frame.isActive())

    def held() -> set[int]:
        return {found.step for found in records() if not any(found is other for other in others)}

    qtbot.waitUntil(
        lambda: held() == {len(tabs) + 1}
    )  # what is still asked holds the one that it is asked of


def test_what_a_tab_asked_for_is_asked_again_if_it_was_hidden_and_views_may_be_told_of_nothing(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.action_book["tab_mistakes"].trigger()
    view = window.views[views.MISTAKES]
    qtbot.waitUntil(lambda: view.gallery.content is not None and len(view.gallery.content.numbers) > 0)
    view.gallery.walk(1)
    assert said(view, "nearest_title") == ""
    for tab in ("curves", "mistakes"):
        window.action_book[f"tab_{tab}"].trigger()
    qtbot.waitUntil(lambda: said(view, "nearest_title") == "The nearest training digits")
    for each in window.views:
        each.draw(Shown())


@pytest.mark.long
def test_nothing_hidden_holds_the_digits_of_its_time(
    qtbot: QtBot, open_window: Callable[..., MainWindow], small_digits: Digits, random_digits: Digits
) -> None:
    mine = replace(small_digits, training=small_digits.training.first(300))
    window, held = open_window(mine), weakref.ref(mine.training)
    for entry in reversed(views.entries_of(views.ViewPlace.LOWER)):
        window.action_book[f"tab_{entry.id}"].trigger()
        window.transport.step_action.trigger()
        wait_at_rest(qtbot, window)
    window.open_unit(1, 3)
    window.unit_detail.close()
    window.action_book["teach_drawing"].trigger()
    window.views[views.LESSON].close()
    del mine
    window.lab.runs.forget_all()  # runs that can be opened again have their digits
    window.lab.data.use(random_digits)

    def is_gone() -> bool:
        gc.collect()
        return held() is None

    qtbot.waitUntil(is_gone)


def test_nothing_hidden_holds_networks_of_a_run_closed_for_good(qtbot: QtBot, window: MainWindow) -> None:
    lab, book = window.lab, window.action_book
    lab.runs.begin(Settings(sizes=(784, 41, 10)))
    qtbot.waitUntil(lambda: lab.run is not None and lab.run.ready)
    number = lab.run.number
    for entry in reversed(views.entries_of(views.ViewPlace.LOWER)):
        book[f"tab_{entry.id}"].trigger()
        window.transport.step_action.trigger()
        wait_at_rest(qtbot, window)
    for wide in (True, False):
        window.network.row.actions.wide.setChecked(wide)
        window.network.pad.test_digit_action.trigger()
        wait_at_rest(qtbot, window)
    window.open_unit(1, 3)
    hand = child(window, HandWork)
    hand.switch_off.trigger()
    qtbot.waitUntil(lambda: hand.effect is not None)
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


LATE = {entry.id for entry in views.VIEWS if isinstance(entry.build, views.Late)}
TABS = [entry.id for entry in views.entries_of(views.ViewPlace.LOWER) if entry.id in LATE]
Open = Callable[..., MainWindow]


def built(window: MainWindow) -> set[str]:
    return {id for id in LATE if window.views.is_built(id)}


def by_key(window: MainWindow, id: str) -> None:
    place = [entry.id for entry in views.entries_of(views.ViewPlace.LOWER)].index(id)
    QTest.keyClick(window, Qt.Key(Qt.Key.Key_1 + place), Qt.KeyboardModifier.AltModifier)


def by_menu(window: MainWindow, id: str) -> None:
    window.action_book[f"tab_{id}"].trigger()


def by_click(window: MainWindow, id: str) -> None:
    window.findChild(QAbstractButton, f"{id}_tab").click()


@pytest.mark.parametrize(
    "way",
    [by_key, pytest.param(by_menu, marks=pytest.mark.long), pytest.param(by_click, marks=pytest.mark.long)],
)
def test_none_is_built_but_all_open(own_window: MainWindow, way: Callable[[MainWindow, str], None]) -> None:
    assert built(own_window) == set()
    for number, id in enumerate(TABS):
        way(own_window, id)
        assert built(own_window) == set(TABS[: number + 1])
        view: Any = own_window.views.widget(id)
        assert view.isVisible()
        if hasattr(view, "_shown"):  # Compare asks the lab
            assert view._shown.number == own_window.lab.shown.number


@pytest.mark.long
@pytest.mark.parametrize("tab", TABS)
def test_a_scene_with_such_a_tab_open_builds_it_alone(open_window: Open, stage_path: Path, tab: str) -> None:
    SceneFile(stage_path).save(WindowScene(window=WindowPart(tab)))
    window = open_window()
    assert built(window) == {tab}
    assert window.views.widget(tab).isVisible()


def test_a_scene_of_a_view_waits_until_it_is_built_as_does_its_menu(own_window: MainWindow) -> None:
    scene = WindowScene(mistakes=MistakesPart(order="number", true=3), layers=LayersPart(size="step"))
    own_window.session.restore(scene)
    assert built(own_window) == set()
    kept = own_window.session.scene()
    assert (kept.mistakes, kept.layers) == (scene.mistakes, scene.layers)
    menu = own_window.findChild(QMenu, "layer_sizes_menu")
    assert menu.actions() == []
    menu.aboutToShow.emit()
    assert own_window.views[views.LAYERS].over_run.actions["step"] in menu.actions()
    own_window.arrangement.open_tab("mistakes")
    assert own_window.mistakes.order.value() == "number"
    assert own_window.session.scene().mistakes == scene.mistakes
    own_window.session.restore(WindowScene())
    assert own_window.mistakes.order.value() == MistakesPart().order
    assert own_window.views[views.LAYERS].over_run.value() == LayersPart().size
    menu = own_window.findChild(QMenu, "experiments_menu")
    before = [action.objectName() for action in menu.actions()]
    menu.aboutToShow.emit()
    after = [action.objectName() for action in menu.actions()]
    place = after.index("ask_first_action")
    assert [*before[:place], "ask_first_action", *before[place + 1 :]] == after
    assert after[place - 1] == "what_next_action"


def test_they_are_built_ahead_step_by_step_and_nothing_that_is_seen_moves(own_window: MainWindow) -> None:
    own_window.look.set_text(125)
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
