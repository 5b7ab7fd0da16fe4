"""What replaces the content of a tab: the table of runs, forecasts, pinned pictures; and the tab *Layers*."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mnistviz.engine.settings import Settings
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.views import COMPARE, FUTURES, PINS
from tests.gui.children import child
from tests.gui.window.two_runs import two_runs

TABS = ["curves_tab", "mistakes_tab", "minibatch_tab", "layers_tab"]


def tabs(window: MainWindow) -> list[str]:
    buttons = (child(window, QPushButton, name) for name in TABS)
    return [button.text() for button in buttons if button.isVisible()]


def press(window: MainWindow, number: int) -> None:
    QTest.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.AltModifier)


def test_the_table_is_a_view_of_the_curves_once_there_are_two_runs(qtbot: QtBot, window: MainWindow) -> None:
    tools, table = window.curves.tab_tools, window.views[COMPARE]
    assert not tools.views.isVisible(), "no curve has begun"
    press(window, 5)
    assert not table.isVisible(), "there is one run"
    two_runs(qtbot, window)
    qtbot.waitUntil(tools.views.isVisible)
    press(window, 5)
    assert table.isVisible()
    assert not window.curves.plot_picture("cost").isVisible()
    assert not tools.axes.isEnabled()
    for part, seen in (
        ("next", window.views[FUTURES]),
        ("table", table),
        ("plot", window.curves.plot_picture("cost")),
    ):
        tools.views.parts[part].click()
        qtbot.waitUntil(seen.isVisible)
        assert tools.views.value() == part
    assert tools.axes.isEnabled()
    tools.axes.click()
    assert tools.panel.isVisible()
    QTest.keyClick(tools.panel, Qt.Key.Key_Escape)
    assert not tools.panel.isVisible()


def test_pinned_pictures_are_a_view_of_the_mistakes_from_the_first_star_on(window: MainWindow) -> None:
    pinned, part = window.views[PINS], window.mistakes.overviews.control.parts["pinned"]
    press(window, 6)
    assert not window.mistakes.isVisible()
    window.network.pad.test_digit_action.trigger()
    window.network.pad.pin_action.trigger()
    press(window, 6)
    assert pinned.isVisible()
    assert part.isVisible()
    press(window, 2)
    assert not pinned.isVisible()
    assert window.mistakes.isVisible()
    press(window, 6)
    pinned.unpin_button.click()
    assert not pinned.isVisible()
    assert part.isHidden()


@pytest.mark.parametrize("way", ["+", "key", "deep run"])
def test_the_tab_of_layers_comes_when_asked_for_and_stays(qtbot: QtBot, window: MainWindow, way: str) -> None:
    more = child(window, QPushButton, "more_tabs")
    assert tabs(window) == ["Curves", "Mistakes", "One step"]
    if way == "+":
        more.click()
    elif way == "key":
        press(window, 4)
    else:
        window.lab.runs.begin(Settings(sizes=(784, 5, 4, 10)))
    qtbot.waitUntil(lambda: tabs(window) == ["Curves", "Mistakes", "One step", "Layers"])
    assert not more.isVisible()
    press(window, 1)
    assert len(tabs(window)) == 4
    assert window.session.scene().layers.opened
