"""The two workspaces: each has its keys, and the lab trains on while one is away."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QTableWidget
from pytestqt.qtbot import QtBot

from mnistviz.gui.common import numbers
from mnistviz.gui.common.theme import theme
from mnistviz.gui.ideas.page import Page
from mnistviz.gui.ideas.pages import PAGES
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.menu_lists import RecipeMenu
from mnistviz.gui.window.transport import WorkspaceSwitch
from tests.gui.children import child
from tests.gui.live_run import live_run
from tests.gui.window.two_runs import learn


def press(
    window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(window, key, modifier)


def page_of(window: MainWindow) -> Page:
    assert window.ideas.page is not None
    return window.ideas.page


CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def test_keys_and_buttons_switch_between_both_and_nothing_moves(qtbot: QtBot, window: MainWindow) -> None:
    gone = child(window, RecipeMenu).entries()[0]
    with qtbot.waitSignal(gone.destroyed):  # the recipes' menu is made anew
        window.controls.recipes.save_as("mine")
    assert not window.workspaces.in_ideas
    assert window.network.isVisible()
    press(window, Qt.Key.Key_2, CTRL)
    assert window.workspaces.in_ideas
    assert page_of(window).isVisible()
    assert not window.network.isVisible()
    press(window, Qt.Key.Key_1, CTRL)
    assert not window.workspaces.in_ideas
    window.findChild(object, "lab_switch_ideas").click()
    assert window.workspaces.in_ideas
    window.findChild(object, "ideas_switch_lab").click()
    assert not window.workspaces.in_ideas
    assert window.action_book["lab"].isChecked()

    def places() -> list[tuple[int, ...]]:
        bar = window.ideas.bar if window.workspaces.in_ideas else window.transport
        switch = child(bar, WorkspaceSwitch)
        card = window.ideas.list if window.workspaces.in_ideas else window.controls
        return [
            (part.mapTo(window, QPoint()).x(), part.mapTo(window, QPoint()).y(), *size)
            for part, size in ((switch, switch.size().toTuple()), (card, ()))
        ]

    QApplication.processEvents()
    lab = places()
    window.action_book["ideas"].trigger()
    QApplication.processEvents()
    assert places() == lab
    window.action_book["lab"].trigger()


def test_the_lab_trains_on_and_the_bar_says_so_and_pauses_it(qtbot: QtBot, window: MainWindow) -> None:
    run = live_run(window.lab)
    press(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: run.step > 20)
    press(window, Qt.Key.Key_2, CTRL)
    step = run.step
    qtbot.waitUntil(lambda: run.step > step + 200)
    bar = window.ideas.bar
    qtbot.waitUntil(lambda: "trains" in bar.state.text())
    drawn = bar.state.text()
    qtbot.waitUntil(lambda: bar.state.text() != drawn)
    bar.pause.click()
    qtbot.waitUntil(lambda: not run.playing and run.has_obeyed)
    qtbot.waitUntil(lambda: "rests" in bar.state.text())
    window.lab.playhead.visit(10)
    qtbot.waitUntil(lambda: bar.state.accessibleName().startswith("The lab looks back: epoch 0."))
    known = window.lab.shown.measured["validation"].accuracy
    assert bar.state.accessibleName().endswith(f" · {numbers.percent(known)}")
    assert not bar.pause.isVisible(), "there it would play a replay"
    window.lab.playhead.leave()
    press(window, Qt.Key.Key_1, CTRL)
    qtbot.waitUntil(lambda: window.curves.isVisible())
    assert window.transport.play_button.text() == "Start"


def test_in_the_ideas_the_lab_s_keys_are_off_and_come_back(qtbot: QtBot, window: MainWindow) -> None:
    press(window, Qt.Key.Key_Tab, CTRL)
    assert window.line.message.said is not None
    press(window, Qt.Key.Key_2, CTRL)
    assert window.line.message.said is None, "why the lab's key was off"
    page, run = page_of(window), live_run(window.lab)
    pressed: list[int] = []
    page.main_button.clicked.connect(lambda: pressed.append(1))
    eta = window.controls.settings().eta
    press(window, Qt.Key.Key_Space)
    for key in (Qt.Key.Key_M, Qt.Key.Key_E, Qt.Key.Key_Up):
        press(window, key, CTRL)
    assert pressed == [1]
    assert not run.playing
    assert run.step == 0
    assert window.controls.settings().eta == eta
    window.transport.step_action.setEnabled(True)  # as the lab does meanwhile: it stays off
    press(window, Qt.Key.Key_M, CTRL)
    press(window, Qt.Key.Key_1, CTRL)
    assert run.step == 0
    press(window, Qt.Key.Key_M, CTRL)
    qtbot.waitUntil(lambda: run.step == 1)
    press(window, Qt.Key.Key_Space)
    assert pressed == [1]


def test_pages_follow_each_other_as_they_were_left_and_are_made_large(window: MainWindow) -> None:
    press(window, Qt.Key.Key_2, CTRL)
    ids, seen, first = [entry.id for entry in PAGES], [], page_of(window)
    child(first.question, QPushButton, "answer_no").click()
    for _ in ids:
        seen.append(page_of(window).id)
        press(window, Qt.Key.Key_Right, ALT)
    assert seen == ids
    assert not window.ideas.bar.next.isEnabled()
    assert first.parent() is None
    for _ in ids:
        press(window, Qt.Key.Key_Left, ALT)
    assert page_of(window) is first
    assert first.isVisible()
    assert first.prediction == "no"
    press(window, Qt.Key.Key_2, CTRL)
    page = page_of(window)
    press(window, Qt.Key.Key_F8)
    assert not page.beside.isVisible()
    assert not window.ideas.list.isVisible()
    assert page.question.isVisible()
    assert page.main_button.isVisible()
    press(window, Qt.Key.Key_Escape)
    assert page.beside.isVisible()
    assert window.ideas.list.isVisible()


@pytest.mark.long
def test_the_next_page_is_built_while_one_reads_and_each_has_its_tasks_none_of_them_done(
    qtbot: QtBot, own_window: MainWindow
) -> None:
    press(own_window, Qt.Key.Key_2, CTRL)
    first, after = PAGES[0].id, PAGES[1].id
    assert set(own_window.ideas.pages) == {first}
    qtbot.waitUntil(lambda: set(own_window.ideas.pages) == {first, after})
    assert page_of(own_window).id == first
    built = own_window.ideas.pages[after]
    press(own_window, Qt.Key.Key_Right, ALT)
    assert page_of(own_window) is built
    for entry in PAGES:
        own_window.ideas.open(entry.id)
        page = page_of(own_window)
        assert page.id == entry.id
        assert 2 <= len(entry.tasks) <= 4
        assert page.tasks.done_ids() == []
        for id in entry.tasks:
            page.tasks.finish(id)
        assert page.tasks.all_done


def test_ideas_are_reset_for_the_next_class_and_undo_brings_the_ticks_back(window: MainWindow) -> None:
    press(window, Qt.Key.Key_2, CTRL)
    page = page_of(window)
    page.tasks.finish("nand")
    child(page.question, QPushButton, "answer_yes").click()
    window.ideas.open("circuit")
    page_of(window).tasks.finish("xor")
    window.action_book["idea_reset"].trigger()
    page = page_of(window)
    assert page.id == PAGES[0].id
    assert page.prediction == ""
    assert page.tasks.done_ids() == []
    assert window.lab.chosen.now.ideas.pages == {}
    assert "ticks, answers and painted parts are gone" in window.line.message.said.text
    window.line.message.offer_button.click()
    assert page_of(window).id == "circuit"
    assert page_of(window).tasks.done_ids() == ["xor"]
    assert page.tasks.done_ids() == ["nand"]
    window.action_book["idea_reset"].trigger()  # for the next test


@pytest.mark.long
def test_a_new_look_dresses_no_page_that_is_not_seen(own_window: MainWindow) -> None:
    press(own_window, Qt.Key.Key_2, CTRL)
    first = page_of(own_window)
    own_window.ideas.open("circuit")
    second = page_of(own_window)
    own_window.action_book["look_dark"].trigger()
    assert first.window() is first
    assert theme().dark
    press(own_window, Qt.Key.Key_1, CTRL)
    own_window.look.set_text(125)
    assert second.window() is second
    own_window.ideas.open("perceptron")
    press(own_window, Qt.Key.Key_2, CTRL)
    assert page_of(own_window) is first
    assert first.window() is own_window
    assert theme().dark
    assert first.isVisible()
    assert first.words.font().pixelSize() == round(13 * own_window.look.scale)


def test_the_rows_of_runs_have_their_height_though_the_text_changed_while_they_were_hidden(
    own_window: MainWindow, qtbot: QtBot
) -> None:
    def trigger(*ids: str) -> None:
        for id in ids:
            own_window.action_book[id].trigger()
            QApplication.processEvents()

    for _ in range(3):
        learn(qtbot, own_window, 1)
        own_window.lab.runs.begin(own_window.lab.settings.draft.settings)
        qtbot.waitUntil(lambda: own_window.lab.run is not None and own_window.lab.run.step == 0)
    own_window.resize(1640, 690)
    trigger("tab_compare")
    rows = child(own_window.curves, QTableWidget, "compare_table").verticalHeader()
    high = rows.defaultSectionSize()
    trigger("tab_mistakes", "text_200", "tab_compare", "tab_mistakes", "text_100", "tab_compare")
    assert rows.defaultSectionSize() == high
