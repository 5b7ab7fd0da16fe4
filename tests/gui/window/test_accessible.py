"""What assistive technologies read of the window: the tree of each state, as Qt hands it to them."""

import re
from collections.abc import Iterator

import pytest
from PySide6 import QtWidgets
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from pytestqt.qtbot import QtBot

from mnistviz.gui.common import announcements
from mnistviz.gui.ideas.pages import IDS
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.views import COMPARE, MINIBATCH, ViewPlace, entries_of
from tests.gui.children import child
from tests.gui.window.panels import PANELS, open_panel
from tests.gui.window.two_runs import settle, two_runs

ROLE, TEXT = QAccessible.Role, QAccessible.Text


def tree(widget: QtWidgets.QWidget) -> Iterator[QAccessibleInterface]:
    """The interfaces of a widget and of all that is visible in it."""
    waiting = [QAccessible.queryAccessibleInterface(widget)]
    while waiting:
        if (part := waiting.pop()) is not None and part.isValid() and not part.state().invisible:
            yield part
            waiting += [part.child(number) for number in range(part.childCount())]


def heard(widget: QtWidgets.QWidget, kind: QAccessible.Text = TEXT.Name) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(kind)


def faults(root: QtWidgets.QWidget) -> Iterator[str]:
    """What is wrong with the tree of a window, or of a part of it."""
    reached = set()
    for part in tree(root):
        thing, role, name = part.object(), part.role(), part.text(TEXT.Name)
        about = f"{role.name} {type(thing).__name__} {thing.objectName() if thing else ''} “{name}”"
        reached.add(thing)
        if not isinstance(thing, QtWidgets.QWidget):
            continue
        if thing.focusPolicy() != Qt.FocusPolicy.NoFocus and not name:
            yield f"has the focus and no name: {about}"
        if role in (ROLE.Client, ROLE.LayeredPane, ROLE.Pane) and (
            name or (thing.focusPolicy() & Qt.FocusPolicy.TabFocus)
        ):
            yield f"is a pane: {about}"
        if role == ROLE.CheckBox and thing.property("role") not in ("laneSwitch", "option", "small"):
            yield f"is no check box: {about}"
        if role == ROLE.Graphic and not (
            part.text(TEXT.Description) or thing.focusPolicy() == Qt.FocusPolicy.NoFocus
        ):
            yield f"is a picture without a description: {about}"
        if isinstance(thing, QtWidgets.QSlider) and part.text(TEXT.Value) not in name:
            yield f"has a value that is not said: {about}"
    for widget in root.findChildren(QtWidgets.QWidget):
        tab = widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if tab and widget not in reached and widget.objectName()[:3] != "qt_" and widget.focusProxy() is None:
            yield f"can't be reached: {type(widget).__name__} {widget.objectName()}"


def test_the_first_start_can_be_read_and_nothing_is_worked_out_for_nobody(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not [*faults(window)]
    monkeypatch.setattr(window.announcer, "_lab", None)
    window.announcer.look()


def test_what_a_button_is_may_be_known_later(qapp: QtWidgets.QApplication) -> None:
    button = QtWidgets.QPushButton("&Curves")
    read = QAccessible.queryAccessibleInterface(button)  # a reader asks while it is made
    assert (read.role(), read.text(TEXT.Name)) == (ROLE.Button, "Curves")
    button.setCheckable(True)
    assert read.role() == ROLE.CheckBox
    button.setProperty("role", "tab")
    button.click()
    assert (read.role(), bool(read.state().selected)) == (ROLE.PageTab, True)
    assert isinstance(read, QtWidgets.QAccessibleWidget)
    read.doAction(read.pressAction())
    assert not button.isChecked()


def test_two_runs_figures_sliders_and_cells_tell_their_values(qtbot: QtBot, window: MainWindow) -> None:
    two_runs(qtbot, window)
    settle()
    assert not [*faults(window)]
    qtbot.keyClick(window, Qt.Key.Key_F4)
    text = window.line.message.said.text
    standing = r"Run B mine, epoch \d\.\d\d, cost 0\.\d+ and \w+, \d+ % right"
    assert re.fullmatch(standing + r"; \d is most often read as \d\.", text), "it says where one is"
    assert heard(child(window, QtWidgets.QWidget, "cost_plot"), TEXT.Description).startswith("Run B")
    for name in ("epoch", "cost", "accuracy"):
        label = child(window, QtWidgets.QLabel, f"{name}_figure")
        assert heard(label).endswith(f": {label.text()}")
    for name, value in (("eta_slider", "0.5"), ("speed_slider", "full")):
        assert heard(child(window, QtWidgets.QSlider, name), TEXT.Value) == value
    open_panel(window, "compare")
    table = child(window.views[COMPARE], QtWidgets.QTableWidget)
    cells = QAccessible.queryAccessibleInterface(table)
    item = table.item(0, 2)
    names = [cells.child(number).text(TEXT.Name) for number in range(cells.childCount())]
    assert item.text() in names
    assert item.toolTip() not in names


@pytest.mark.long
def test_every_state_can_be_read(qtbot: QtBot, own_window: MainWindow) -> None:
    window = own_window
    two_runs(qtbot, window)
    wrong: list[str] = []

    def look(state: str, root: QtWidgets.QWidget) -> None:
        settle()
        wrong.extend(f"{state}: {fault}" for fault in faults(root))

    for id in PANELS:
        open_panel(window, id)
        look(id, window)
    for action in window.views[MINIBATCH].stages.actions.values():
        action.trigger()
        look(action.text(), window.network)
    window.lab.chosen.choose("minibatch", stage="off")
    window.network.pad.test_digit_action.trigger()
    window.network.open_some_unit()
    look("a unit seen large", window)
    window.network.bring_pad()
    window.network.row.actions.wide.setChecked(True)
    look("a row", window)
    window.network.row.actions.wide.setChecked(False)
    open_panel(window, "curves")
    window.action_book["what_next"].setChecked(True)
    look("what next", window)
    window.action_book["what_next"].setChecked(False)
    for entry in entries_of(ViewPlace.OWN_WINDOW):
        view = window.views.widget(entry.id)
        view.show()
        look(entry.id, view)
        view.close()
    for name in ("about", "find", "keys", "guide", "earlier_sessions", "rename_run"):
        window.action_book[name].trigger()
        settle()
        for dialog in QtWidgets.QApplication.topLevelWidgets():
            if dialog.isVisible() and dialog is not window:
                look(name, dialog)
                dialog.close()
    window.lab.chosen.choose("window", workspace="ideas")
    for id in IDS:
        window.ideas.open(id)
        look(id, window.ideas.pages[id])
    assert not wrong, "\n".join(sorted({*wrong}))


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a reader is told, as if one listened."""
    texts: list[str] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(
        announcements, "QAccessibleAnnouncementEvent", lambda source, text: texts.append(text)
    )
    monkeypatch.setattr(QAccessible, "updateAccessibility", lambda event: None)
    return texts


def test_moves_changes_and_the_end_of_training_are_announced_and_a_handle_says_where_it_is(
    qtbot: QtBot, window: MainWindow, said: list[str]
) -> None:
    window.announcer.look()
    window.network.pad.test_digit_action.trigger()
    assert said[-1].startswith("Read as ")
    for key in (Qt.Key.Key_Right, Qt.Key.Key_7):
        qtbot.keyClick(window.network.picture, key)
    assert "unit 1" in said[-2]
    assert "says yes to ink" in said[-2]
    assert "to output 7" in said[-1]
    window.action_book["raise_eta"].trigger()
    assert "Learning rate η: 5.0" in said
    window.lab.time.toggle_play()
    qtbot.waitUntil(lambda: "\nRun A learns." in "\n".join(said))
    window.lab.time.toggle_play()
    qtbot.waitUntil(lambda: "\nRun A, epoch " in "\n".join(said))
    window.action_book["time_back"].trigger()
    qtbot.waitUntil(lambda: ", paused." in "\n".join(said))
    window.action_book["branch"].trigger()
    qtbot.waitUntil(lambda: "\nRun B, epoch " in "\n".join(said))
    for level, count in (("quiet", 0), ("full", 1)):
        said.clear()
        window.action_book[f"announce_{level}"].trigger()
        announcements.announce(window, "The end of an epoch.", "normal")
        assert len(said) == count
        assert window.session.scene().announcements == level
    window.action_book["announce_normal"].trigger()
    window.lab.chosen.choose("window", workspace="ideas")
    window.ideas.open("perceptron")
    plane = child(window.ideas, QtWidgets.QWidget, "perceptron_plane")
    plane.setFocus()
    qtbot.keyClick(plane, Qt.Key.Key_Right)
    assert re.fullmatch(r"the line: −?\d\.\d\d, −?\d\.\d\d", said[-1])
    assert said[-1] in heard(plane, TEXT.Description)
