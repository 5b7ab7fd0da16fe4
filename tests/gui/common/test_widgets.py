"""Whether what can be operated is seen as such: the contrast of its edge, and the ring of what has the keys."""

import gc
import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6 import QtWidgets
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from mnistviz.gui.common import timers as throttle_module
from mnistviz.gui.common.focus_ring import FocusFrame, has_ring
from mnistviz.gui.common.layouts import ScrolledColumn, column_of
from mnistviz.gui.common.look import Look
from mnistviz.gui.common.messages import home, save_dialog
from mnistviz.gui.common.steady import SteadySlider
from mnistviz.gui.common.switch import Switch
from mnistviz.gui.common.tab_tools import ChoiceActions, TabTools
from mnistviz.gui.common.theme import theme
from mnistviz.gui.common.timers import Throttle
from tests.gui.children import child
from tests.gui.contrast import contrast

WORDS = (("epochs", "epochs", "Counts epochs."), ("steps", "mini-batches", "Counts mini-batches."))


class Controls(QtWidgets.QWidget):
    """One control of each kind, on a card."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.chosen: list[str] = []
        self.switch = Switch("scale", "Along the plots", WORDS, self.chosen.append)
        self.tool, self.button, self.handle = (
            QtWidgets.QToolButton(),
            QtWidgets.QPushButton("Discard"),
            QtWidgets.QToolButton(),
        )
        self.field, self.list = QtWidgets.QLineEdit("3.0"), QtWidgets.QComboBox()
        self.scrolled = QtWidgets.QScrollBar(Qt.Orientation.Horizontal)
        slider = SteadySlider(Qt.Orientation.Horizontal)
        self.all = (
            self.switch,
            self.tool,
            self.button,
            self.handle,
            self.field,
            self.list,
            slider,
            self.scrolled,
        )
        self.handle.setProperty("role", "edge")
        self.tool.setText("+")
        column = QtWidgets.QVBoxLayout(self)
        for each in self.all:
            column.addWidget(each)


@pytest.fixture(params=["light", "dark"])
def dressed(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[tuple[Controls, Look]]:
    window, controls = QtWidgets.QMainWindow(), Controls()
    window.setCentralWidget(controls)
    look = Look(request.param, False, window)
    look.dress()
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield controls, look
    look.set_text(100)
    look.choose("light")  # the application's palette is the next test's, too


def test_every_control_has_an_edge_of_three_to_one(dressed: tuple[Controls, Look]) -> None:
    """The strongest colour along the middle of a control, top to bottom, stands out from the card by as much."""
    controls, _ = dressed
    controls.scrolled.setRange(0, 0)  # its handle fills it
    controls.list.addItem("")
    for text in (controls.button, controls.tool, controls.field):
        text.setText("")
    for each in controls.all:
        picture = each.grab().toImage()
        down = {picture.pixelColor(picture.width() // 2, y).name() for y in range(picture.height())}
        assert max(contrast(colour, theme().card) for colour in down) >= 3, each


def ringed(controls: Controls) -> list[QtWidgets.QWidget]:
    return [frame.widgets[0] for frame in controls.window().findChildren(FocusFrame) if frame.widgets]


def test_a_ring_that_goes_with_its_dialog_leaves_the_menus_of_others(qtbot: QtBot) -> None:
    window, button, inside, frame = (
        QtWidgets.QWidget(),
        QtWidgets.QPushButton(),
        QtWidgets.QPushButton(),
        FocusFrame(),
    )
    qtbot.addWidget(window)
    dialog = QtWidgets.QDialog(window)
    for each, part in ((window, button), (dialog, inside)):
        QtWidgets.QVBoxLayout(each).addWidget(part)
        frame.set_widget(part)
    menu = QtWidgets.QMenu(button).addMenu("A menu that Qt makes")
    dialog.deleteLater()
    QtWidgets.QApplication.sendPostedEvents(dialog, QEvent.Type.DeferredDelete)
    assert not isValid(frame)
    del frame, dialog, inside
    gc.collect()
    assert isValid(menu)


def click(widget: QtWidgets.QWidget) -> None:
    """As the desktop tells it: to the window, so that Qt knows which buttons are down."""
    window = widget.window()
    place = widget.mapTo(window, QPoint(4, widget.height() // 2))
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=place)
    QtWidgets.QApplication.processEvents()


def test_a_ring_is_seen_only_after_a_key_has_moved_the_focus(dressed: tuple[Controls, Look]) -> None:
    controls, _ = dressed
    click(controls.field)
    assert controls.field.hasFocus()
    assert ringed(controls) == []
    assert not has_ring(controls.field)
    QTest.keyClick(controls.field, Qt.Key.Key_Tab)
    assert controls.list.hasFocus()
    assert ringed(controls) == [controls.list]
    assert has_ring(controls.list)
    place = controls.list.mapTo(controls.window(), QPoint(30, -2))
    assert controls.window().grab().toImage().pixelColor(place) == QColor(theme().accent)
    controls.button.setFocus()  # the program goes on as the user does
    assert ringed(controls) == [controls.button]
    click(controls.field)
    assert ringed(controls) == []
    controls.button.setFocus()
    assert ringed(controls) == []


def test_a_switch_never_changes_its_size_and_says_what_was_chosen(dressed: tuple[Controls, Look]) -> None:
    controls, look = dressed
    switch, chosen = controls.switch, controls.chosen
    for larger in (False, True):
        look.set_text(125 if larger else 100)
        QtWidgets.QApplication.processEvents()
        places = [part.geometry() for part in switch.parts.values()]
        for id in ("steps", "epochs"):
            click(switch.parts[id])
            click(switch.parts[id])  # it is chosen already
            assert switch.value() == id
            assert switch.parts[id].isChecked()
            assert [part.geometry() for part in switch.parts.values()] == places
        if not larger:
            assert switch.height() == 24
    assert chosen == ["steps", "epochs"] * 2
    switch.set_value("steps")
    switch.set_value("years")
    assert switch.value() == "steps"
    assert len(chosen) == 4


def test_arrows_choose_in_a_switch_and_tab_goes_to_it_once(dressed: tuple[Controls, Look]) -> None:
    controls, _ = dressed
    switch = controls.switch
    switch.parts["epochs"].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(switch.parts["epochs"], Qt.Key.Key_Right)
    assert switch.value() == "steps"
    assert ringed(controls) == [switch.parts["steps"]]
    QTest.keyClick(switch.parts["steps"], Qt.Key.Key_Left)
    assert switch.value() == "epochs"
    QTest.keyClick(switch.parts["epochs"], Qt.Key.Key_Tab)
    focus = QtWidgets.QApplication.focusWidget()
    assert focus is not None
    assert not switch.isAncestorOf(focus)
    switch.set_value("steps")
    QTest.keyClick(focus, Qt.Key.Key_Backtab)
    assert switch.parts["steps"].hasFocus()


def test_a_switch_and_an_action_follow_each_other(dressed: tuple[Controls, Look]) -> None:
    controls, _ = dressed
    action = QAction("Mini-batches instead of epochs", controls)
    action.setCheckable(True)
    action.setChecked(True)
    controls.switch.follow(action)
    assert controls.switch.value() == "steps"
    click(controls.switch.parts["epochs"])
    assert not action.isChecked()
    action.trigger()
    assert controls.switch.value() == "steps"


@pytest.fixture
def owner(qtbot: QtBot) -> QtWidgets.QWidget:
    widget = QtWidgets.QWidget()
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def sets(owner: QtWidgets.QWidget) -> ChoiceActions:
    return ChoiceActions("sets", "Which digits", (("a", "&validation", "A."), ("b", "&test", "B.")), owner)


def test_what_has_no_room_is_in_the_menu_of_a_button(owner: QtWidgets.QWidget, sets: ChoiceActions) -> None:
    order = ChoiceActions(
        "order", "Order", (("up", "&surest", "Up."), ("down", "&least sure", "Down.")), owner, tip="In order."
    )
    tools = TabTools(owner, "tools", sets.control, order.control)
    tools.setParent(owner)
    tools.resize(tools.sizeHint())
    owner.show()
    assert not tools.more.isVisible()
    tools.resize(tools.more.sizeHint().width() + 10, 40)
    assert tools.more.isVisible()
    assert not sets.control.isVisible()
    menus = tools.more_menu().findChildren(QtWidgets.QMenu)
    assert [each.title() for each in menus] == ["Which digits", "Order"]
    for each, choice in zip(menus, (sets, order), strict=True):
        chosen = list[str]()
        choice.chosen.connect(chosen.append)
        first, second = each.actions()
        assert (first.isChecked(), second.isChecked()) == (True, False)
        second.trigger()
        assert chosen == [list(choice.actions)[1]]
    tools.resize(20, 40)
    assert not tools.more.isVisible(), "half a button is none"
    tools.offer(order.control, on=False)
    assert len(tools.more_menu().actions()) == 1


def test_what_larger_text_has_hidden_comes_back(owner: QtWidgets.QWidget, sets: ChoiceActions) -> None:
    tools, font = TabTools(owner, "tools", sets.control), owner.font()
    tools.setParent(owner)
    owner.show()
    for pixels, fits in ((16, None), (40, False), (16, True)):
        font.setPixelSize(pixels)
        owner.setFont(font)
        QtWidgets.QApplication.processEvents()
        if fits is None:
            tools.resize(tools.sizeHint())
            continue
        assert sets.control.isVisible() is fits
        assert tools.more.isVisible() is not fits


def test_the_button_stays_and_others_are_in_its_menu(owner: QtWidgets.QWidget, sets: ChoiceActions) -> None:
    """Once controls had been lent and were taken back, it stood before them."""
    button, clicks = QtWidgets.QPushButton("Look everywhere for it"), list[bool]()
    button.setAccessibleName("Look for it")
    button.clicked.connect(lambda: clicks.append(True))
    tools = TabTools(owner, "tools", sets.control, button)
    tools.setParent(owner)
    tools.resize(sets.control.sizeHint().width() + tools.more.sizeHint().width() + 14, 40)
    owner.show()
    tools.lend((sets.control,))
    tools.lend(())
    QtWidgets.QApplication.processEvents()
    assert not button.isVisible()
    assert tools.more.x() > sets.control.x()
    action = tools.more_menu().actions()[-1]
    assert action.text() == "Look for it"
    action.trigger()
    assert len(clicks) == 1


def asked(
    parent: QtWidgets.QWidget, folder: Path, file: str
) -> tuple[QtWidgets.QFileDialog, QtWidgets.QLineEdit]:
    dialog = save_dialog(parent, "Save", str(folder), file, {"Networks (*.npz)": "npz"}, lambda _path: None)
    dialog.open()
    return dialog, child(dialog, QtWidgets.QLineEdit, "fileNameEdit")


@pytest.mark.parametrize(
    ("typed", "saved"),
    [
        ("mine", "mine.npz"), ("it's mine.npz", "it's mine.npz"), ('my "best" run', "my best run.npz"),
        ("", "my 'best' run.npz"),
    ],
)  # fmt: skip
def test_what_stands_in_the_field_is_what_is_saved(
    qtbot: QtBot, owner: QtWidgets.QWidget, tmp_path: Path, typed: str, saved: str
) -> None:
    """Without double quotes, of which the reason is told, whether one types them or they are suggested."""
    suggested = tmp_path / 'my "best" run.npz'
    suggested.touch()
    dialog, field = asked(owner, tmp_path, "first.npz" if typed else str(suggested))
    if typed:
        field.selectAll()
        qtbot.keyClicks(field, typed)
        assert field.text() == saved.removesuffix("" if typed.endswith(".npz") else ".npz")
        assert ("double quote" in QtWidgets.QToolTip.text()) == ('"' in typed)
    with qtbot.waitSignal(dialog.fileSelected) as chosen:
        dialog.accept()
    assert chosen.args == [str(tmp_path / saved)]
    assert typed or field.text() == saved


SPAN = 0.2  # seconds


def seconds_between(qtbot: QtBot) -> float:
    """How far apart two throttles go on that had begun at different times."""
    around = QObject()
    times: list[list[float]] = [[], []]
    one = Throttle(SPAN, lambda: times[0].append(time.monotonic()), around)
    other = Throttle(SPAN, lambda: times[1].append(time.monotonic()), around)
    qtbot.waitUntil(lambda: time.monotonic() % SPAN < SPAN / 4)
    one.now()
    qtbot.wait(round(1000 * SPAN / 3))
    other.now()
    one.ask()
    other.ask()
    qtbot.waitUntil(lambda: all(len(done) == 2 for done in times))
    return abs(times[0][1] - times[1][1])


def test_two_that_began_at_different_times_go_on_at_the_same_time(qtbot: QtBot) -> None:
    # where another program comes between the two, once more
    assert any(seconds_between(qtbot) < SPAN / 6 for _ in range(5))


def test_who_asks_again_anyway_is_not_called_at_another_time(qtbot: QtBot) -> None:
    around = QObject()
    done: list[float] = []
    throttle = Throttle(SPAN, lambda: done.append(time.monotonic()), around)
    qtbot.waitUntil(lambda: time.monotonic() % SPAN < SPAN / 4)
    assert throttle.if_due()
    assert not throttle.if_due()
    qtbot.wait(round(1000 * SPAN))
    assert len(done) == 1
    assert throttle.if_due()
    assert len(done) == 2


def test_a_time_that_comes_while_it_is_asked_is_met(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    around = QObject()
    done: list[int] = []
    throttle = Throttle(SPAN, lambda: done.append(1), around)
    throttle.now()
    clock = iter([time.monotonic(), time.monotonic() + 5 * SPAN])  # another program took the processor
    with monkeypatch.context() as patched:
        patched.setattr(throttle_module, "time", SimpleNamespace(monotonic=lambda: next(clock)))
        throttle.ask()  # Qt warns of an interval below 0
    qtbot.waitUntil(lambda: len(done) == 2)


def test_dialogs_begin_at_home_if_there_is_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert home() == tmp_path
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # as where nobody knows the user
    with pytest.raises(RuntimeError):
        Path.home()
    assert home().is_dir()


def test_the_gap_beside_a_scroll_bar_does_not_depend_on_what_was_there_before(qtbot: QtBot) -> None:
    text, inside = QtWidgets.QLabel("word " * 60, wordWrap=True), QtWidgets.QWidget()
    column_of(text, inside=inside)
    column = ScrolledColumn(inside)
    qtbot.addWidget(column)
    column.show()
    rooms: dict[int, list[int]] = {}
    for high in range(100, 400):
        for before in (40, 600):
            column.resize(200, before)
            column.resize(200, high)
            rooms.setdefault(high, []).append(column.viewport().width())
    assert {high: room for high, room in rooms.items() if room[0] != room[1]} == {}
