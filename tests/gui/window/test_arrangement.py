"""What is where in the window: tabs, what is enlarged or folded, and that it fits the screen."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QRegularExpression, QSize, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QMenu, QPushButton, QStyle, QWhatsThis, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.tooltips import WIDEST, tooltip
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.scene import FRAME, SceneFile, bring_in, corner_of, place_first, put_back
from tests.examples import one_quick
from tests.gui.children import child
from tests.gui.window.two_runs import learn, settle

Open = Callable[..., MainWindow]


def tab(window: MainWindow, name: str) -> QPushButton:
    return child(window, QPushButton, f"{name}_tab")


def resize(window: MainWindow, width: int, height: int) -> None:
    window.resize(width, height)
    settle()


def test_larger_text_leaves_the_width_that_the_settings_were_given(window: MainWindow) -> None:
    resize(window, 1440, 900)
    arrangement, controls = window.arrangement, window.controls
    (wide, room), _ = arrangement.state()
    controls.setMinimumWidth(controls.width() + 70)  # as larger text needs it in full screen
    settle()
    assert controls.width() > wide + 50
    assert arrangement.state()[0] == (wide, room)
    arrangement.restore(arrangement.state())  # as at the next start
    controls.setMinimumWidth(0)
    arrangement.set_scale(1.0)
    settle()
    assert controls.width() == wide, "as soon as there is room"
    arrangement.columns.moveSplitter(controls.width() + 90, 1)
    settle()
    assert arrangement.state()[0][0] == controls.width() > wide + 50, "the user did that"
    for height in range(800, 880, 9):
        arrangement.move_splitter(arrangement.halves, -1)
        resize(window, 1440, height)
        sizes = arrangement.halves.sizes()
        arrangement.restore(arrangement.state())
        assert arrangement.halves.sizes() == sizes, "to the pixel, as it is saved"


def test_a_row_has_a_pad_to_write_on_in_a_low_window_and_moves_nothing_else(window: MainWindow) -> None:
    for size in ((1366, 768), (1024, 640)):
        resize(window, *size)
        card, tabs, strip = window.network, window.arrangement.tabs, window.timeline
        assert strip.field.geometry().center().y() == strip.rect().center().y()
        before = card.geometry(), tabs.geometry()
        card.row.actions.wide.setChecked(True)
        settle()
        assert card.pad.height() >= 60
        assert (card.geometry(), tabs.geometry()) == before
        card.row.actions.wide.setChecked(False)
        settle()
        assert (card.geometry(), tabs.geometry()) == before
    window.controls.show_settings(Settings(sizes=(784, 11, 48, 36, 10)))
    window.steering.new_run()
    resize(window, 3840, 768)
    card.row.actions.wide.setChecked(True)
    settle()
    assert card.arrangement.places.open.height() >= 50, "the layers keep some room"
    card.row.actions.wide.setChecked(False)


def test_f8_enlarges_the_focus_and_f9_and_the_button_hide_settings(qtbot: QtBot, window: MainWindow) -> None:
    resize(window, 1440, 900)
    plot, card, key = child(window, QWidget, "cost_plot"), window.network, Qt.Key
    before = window.arrangement.halves.sizes()
    for focus, seen, hidden, back in (
        (plot, window.curves, card, key.Key_F8), (card.pad, card, plot, key.Key_Escape),
        (window.transport.play_button, card, plot, key.Key_F8),
    ):  # fmt: skip
        focus.setFocus()
        qtbot.keyClick(focus, Qt.Key.Key_F8)
        settle()
        assert window.action_book["enlarge"].isChecked()
        assert seen.isVisible()
        assert not hidden.isVisible()
        assert seen.height() > 600
        qtbot.keyClick(focus, back)
        settle()
        assert hidden.isVisible()
        assert window.arrangement.halves.sizes() == before
        assert not window.action_book["enlarge"].isChecked()
    edge = window.arrangement.edge
    assert not edge.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F9)
    assert not window.controls.isVisible()
    assert edge.isVisible()
    assert edge.toolTip() == "Shows the settings. (F9)"
    edge.click()
    assert window.controls.isVisible()
    assert not edge.isVisible()


def test_escape_makes_small_before_it_hides_the_cursor_of_a_plot(qtbot: QtBot, window: MainWindow) -> None:
    window.transport.step_action.trigger()
    qtbot.waitUntil(lambda: window.lab.run.step == 1 and not window.frame.isActive())
    plot = child(window.curves, Plot, "cost_plot")
    plot.setFocus()
    qtbot.keyClick(plot, Qt.Key.Key_F8)
    qtbot.keyClick(plot, Qt.Key.Key_End)
    assert plot.accessibleDescription()
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert window.network.isVisible()
    assert plot.accessibleDescription()
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert not plot.accessibleDescription()
    picture = window.network.picture
    resize(window, 1440, 900)
    for large in (False, True):
        tab(window, "curves").click()
        plot.setFocus()
        window.action_book["enlarge"].setChecked(large)
        assert picture.isVisible() != large
        qtbot.keyClick(plot, Qt.Key.Key_0, Qt.KeyboardModifier.AltModifier)
        settle()
        assert picture.isVisible()
        assert QApplication.focusWidget() is picture


@pytest.mark.long
def test_settings_fold_where_the_window_is_narrow_unless_one_says_otherwise(own_window: MainWindow) -> None:
    window, choice = own_window, own_window.action_book["show_controls"]
    for width, larger, seen in (
        (1200, False, True), (1199, False, False), (1200, False, True), (1200, True, False), (1440, True, True),
        (1439, True, False), (1439, False, True),
    ):  # fmt: skip
        window.look.set_text(125 if larger else 100)
        resize(window, width, 800)
        assert window.controls.isVisible() == seen, (width, larger)
    window.resize(1100, 800)
    choice.trigger()
    resize(window, 1050, 700)
    assert window.controls.isVisible()
    window.resize(1300, 800)
    choice.trigger()
    resize(window, 1400, 800)
    assert not window.controls.isVisible()
    window.resize(1100, 800)
    resize(window, 1300, 800)
    assert window.controls.isVisible()
    window.look.set_text(125)
    choice.trigger()
    assert window.controls.isVisible()
    window.arrangement.open_tab("minibatch")
    assert not window.controls.isVisible(), "with larger text a tab needs their room"


def test_what_was_chosen_by_hand_holds_at_the_next_start_of_which_nothing_moves_after_the_first_picture(
    qtbot: QtBot, open_window: Open, stage_path: Path, small_digits: Digits
) -> None:
    first = open_window(small_digits)
    first.look.set_text(125)
    first.resize(1024, 580)
    settle()
    first.action_book["show_controls"].trigger()
    first.close()
    assert json.loads(stage_path.read_text())["text"] == 125
    seen: list[list[QRect]] = []

    class Watched(MainWindow):
        def paintEvent(self, event: object) -> None:
            around = self.arrangement
            parts = (self.transport, around.edge, around.halves, self.network, self.curves)
            visible = (part for part in parts if part.isVisible())
            seen.append([QRect(part.mapTo(self, QPoint()), part.size()) for part in visible])

    window = Watched(SceneFile(stage_path))
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    settle()
    window.repaint()
    assert seen[0] == seen[-1]
    assert window.width() == 1024
    assert window.controls.isVisible(), "though the window is narrow"
    window.look.set_text(100)
    window.close()


def test_the_tabs_keep_their_room_and_one_that_a_gesture_opens_gets_the_keys_too(window: MainWindow) -> None:
    """Half a switch could not be read; what it does is in the menus, too, or wants a wider window."""
    tab(window, "mistakes").click()
    tabs = window.arrangement.tabs
    tools = window.mistakes.tab_tools
    assert tools.isVisible()
    tools.setMinimumWidth(1_000)
    settle()
    assert not tools.isVisible()
    buttons = tabs.findChildren(QPushButton, QRegularExpression("_tab$"))
    assert all(each.width() >= each.sizeHint().width() for each in buttons if each.isVisible())
    tools.setMinimumWidth(0)
    resize(window, window.width() + 1, window.height())
    assert tools.isVisible()
    tab(window, "curves").click()
    chosen = window.lab.chosen
    chosen.choose("window", tab="mistakes")
    settle()
    assert window.focusWidget() is window.mistakes.matrix
    window.action_book["enlarge"].setChecked(True)
    settle()
    assert not window.arrangement.upper.isVisible(), "the half with the focus is large"
    window.action_book["enlarge"].setChecked(False)
    window.network.picture.setFocus()
    window.action_book["enlarge"].setChecked(True)
    settle()
    assert not window.arrangement.tabs.isVisible()
    chosen.choose("window", tab="mistakes")
    settle()
    assert window.mistakes.isVisible(), "what hides it is made small"
    button = tab(window, "minibatch")
    button.setFocus()
    button.click()
    assert window.focusWidget() is button, "the tab that one presses keeps the keys"


@one_quick("size", [(1024, 640), (1366, 768), (1440, 900), (1920, 1080)])
def test_at_every_size_the_network_is_whole_unscrolled(window: MainWindow, size: tuple[int, int]) -> None:
    resize(window, *size)
    card, bar = window.network, window.arrangement.verticalScrollBar()
    assert bar.maximum() == 0
    assert window.curves.isVisible()
    for part in (card.pad, card.tools, card.seen, card.picture.viewport(), card.head, card.foot):
        assert part.isVisible()
        assert part.visibleRegion().boundingRect().size() == part.size()
    assert card.pad.paper.width() >= 200
    slots = card.picture.opened_stage.slots
    assert (len(slots.units), slots.columns) == (30, 6)
    assert slots.frame.width() >= 44
    assert card.arrangement.places.verdict is not None


def test_a_plot_is_never_lower_than_can_be_read_and_keeps_its_axis(window: MainWindow) -> None:
    plot = child(window.curves, Plot, "cost_plot")
    for height in (450, 500, 560, *range(600, 900, 30)):
        resize(window, 1024, height)
        assert plot.frame.area.height() >= (70 if height > 640 else 55), height
        assert plot.visibleRegion().boundingRect().height() == plot.height() or height < 600


def test_twice_the_text_scrolls_with_a_whole_tab_and_buttons(qtbot: QtBot, own_window: MainWindow) -> None:
    window, matrix = own_window, own_window.mistakes.matrix
    learn(qtbot, window, 1)
    window.look.set_text(200)
    resize(window, 1366, 728)
    tab(window, "mistakes").setFocus()
    tab(window, "mistakes").click()
    settle()
    assert matrix.visibleRegion().boundingRect().height() == matrix.height() >= 10 * 20, "scrolled to"
    window.arrangement.focus_network()
    assert window.network.visibleRegion().boundingRect().height() == window.network.height()
    new_run, menu = child(window, QPushButton, "new_lane_button"), window.menuBar().findChild(QMenu)
    assert new_run.height() >= new_run.fontMetrics().height()
    assert all(button.iconSize() == QSize(32, 32) for button in window.network.tools.buttons)
    assert menu.style().styleHint(QStyle.StyleHint.SH_Menu_Scrollable, None, menu), "one column"
    window.look.set_text(125)
    resize(window, 600, 300)
    share = window.timeline.lanes.tails[1].share
    assert share.width() >= share.fontMetrics().horizontalAdvance("91.28 %")
    assert (window.size(), window.arrangement.widget().width() >= 880) == (QSize(600, 300), True)
    window.arrangement.ensureWidgetVisible(window.transport.accuracy)
    assert not window.transport.accuracy.visibleRegion().isEmpty()


def test_the_first_start_fits_the_screen(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    place_first(widget)
    assert widget.size() == QSize(1440, 900)
    for width, height in ((1366, 728), (1024, 768), (1920, 860)):
        free = QRect(0, 40, width, height)
        monkeypatch.setattr("mnistviz.gui.window.scene._free", lambda window, free=free: free)
        place_first(widget)
        around = free.marginsAdded(FRAME)
        assert around.contains(widget.geometry())
        assert around.contains(widget.geometry().translated(FRAME.left(), FRAME.top())), "in a frame"
        assert widget.width() == min(width, 1440)
        assert widget.height() == min(height, 900)


@pytest.mark.parametrize(
    ("kept", "brought"),
    [
        (QRect(100, 100, 1200, 700), QRect(100, 100, 1200, 700)),
        (QRect(5_000, 100, 1200, 700), None),
        (QRect(-4_000, -4_000, 1200, 700), None),
        (QRect(0, 0, 3_000, 2_000), None),
        (QRect(796, 38, 0, 52), None),
    ],
)
def test_a_window_off_the_screen_is_brought_in(qtbot: QtBot, kept: QRect, brought: QRect | None) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setGeometry(kept)
    bring_in(widget, widget.geometry())
    if brought is None:
        assert QGuiApplication.primaryScreen().availableGeometry().contains(widget.geometry())
        assert (widget.width() >= 320, widget.height() >= 240) == (True, True)
    else:
        assert widget.geometry() == brought


def test_a_window_comes_back_where_it_was_also_near_the_top(qtbot: QtBot) -> None:
    before, again = QWidget(), QWidget()
    for widget in (before, again):
        qtbot.addWidget(widget)
    before.setGeometry(30, 2, 600, 400)
    kept, corner = before.saveGeometry(), corner_of(before)
    put_back(again, kept, None)
    by_qt = again.pos()
    assert by_qt != QPoint(30, 2), "Qt moves it down by what it takes for a title bar"
    for elsewhere in ((10**400, 2), (30, -9), (400, 300)):
        put_back(again, kept, elsewhere)
        assert again.pos() == by_qt, "what can't be its corner is passed over"
    put_back(again, kept, corner)
    assert again.geometry() == before.geometry()
    before.setWindowState(Qt.WindowState.WindowMaximized)
    assert corner_of(before) is None


@pytest.mark.long
def test_what_qt_draws_itself_follows_the_look(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Qt.ColorScheme] = []
    desktop = SimpleNamespace(setColorScheme=told.append, colorScheme=lambda: Qt.ColorScheme.Dark)
    desktop.accessibility = QGuiApplication.styleHints().accessibility
    known = SimpleNamespace(styleHints=lambda: desktop)
    monkeypatch.setattr("mnistviz.gui.common.look.QGuiApplication", known)
    for choice, dark in (("dark", True), ("light", False), ("system", True)):
        window.look.choose(choice)
        assert theme().dark == dark
    assert told == [Qt.ColorScheme.Dark, Qt.ColorScheme.Light, Qt.ColorScheme.Unknown]
    monkeypatch.undo()
    window.look.choose("system")


def test_a_tooltip_is_no_wider_than_one_reads_easily_and_is_read_as_it_is_written() -> None:
    long = "Begins again with the initial weights of the seed; the previous curves stay visible."
    lines = tooltip(long).split("\n")
    label = QLabel()
    assert len(lines) > 1
    assert " ".join(lines) == long
    assert all(label.fontMetrics().horizontalAdvance(line) <= WIDEST * 1.1 for line in lines)
    assert tooltip("short") == "short"
    assert "&lt;b&gt;bold" in tooltip("a folder named <b>bold")


def test_whats_this_of_a_label(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(QWhatsThis, "showText", lambda place, text, widget: told.append(text))
    label = next(each for each in window.controls.findChildren(QLabel) if each.text() == "Neurons")
    label.setWhatsThis("")
    window.controls.list.more.setChecked(True)
    window.controls.area.ensureWidgetVisible(label)
    place = label.mapTo(window, label.rect().center())
    window.help.whats_this_action.trigger()
    assert QWhatsThis.inWhatsThisMode()
    qtbot.mouseClick(label, Qt.MouseButton.LeftButton)
    assert told == [window.findChild(QComboBox, "activation_choice").whatsThis()]
    QWhatsThis.leaveWhatsThisMode()  # as the text that was to be shown would have done
    QApplication.sendEvent(window, QHelpEvent(QEvent.Type.WhatsThis, place, window.mapToGlobal(place)))
    assert len(told) == 1, "a click answers once"
