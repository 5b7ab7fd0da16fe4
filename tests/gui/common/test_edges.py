"""Whether what can be operated is seen as such: the contrast of its edge, and the ring of what has the keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QScrollBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mnistviz.gui.common.focus_ring import has_ring
from mnistviz.gui.common.look import Look
from mnistviz.gui.common.steady import SteadySlider
from mnistviz.gui.common.switch import Switch
from tests.gui.contrast import contrast

WORDS = (("epochs", "epochs", "Counts epochs."), ("steps", "mini-batches", "Counts mini-batches."))
LEAST = 3.0


class Controls(QWidget):
    """One control of each kind, on a card."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.chosen: list[str] = []
        self.switch = Switch("scale", "Along the plots", WORDS, self.chosen.append)
        self.tool, self.button, self.handle = QToolButton(), QPushButton("Discard"), QToolButton()
        self.field, self.list = QLineEdit("3.0"), QComboBox()
        self.slider = SteadySlider(Qt.Orientation.Horizontal)
        self.scrolled = QScrollBar(Qt.Orientation.Horizontal)
        self.handle.setProperty("role", "edge")
        self.tool.setText("+")
        column = QVBoxLayout(self)
        for each in self.all():
            column.addWidget(each)

    def all(self) -> tuple[QWidget, ...]:
        return (
            self.switch,
            self.tool,
            self.button,
            self.handle,
            self.field,
            self.list,
            self.slider,
            self.scrolled,
        )


@pytest.fixture(params=["light", "dark"])
def dressed(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[tuple[Controls, Look]]:
    window, controls = QMainWindow(), Controls()
    window.setCentralWidget(controls)
    look = Look(request.param, False, window)
    look.dress()
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield controls, look
    look.enlarge(False)
    look.choose("light")  # the application's palette is the next test's, too


def strongest(picture: QImage, ground: str) -> float:
    """The highest contrast to the ground along the outline of a picture, or along its middle line."""
    wide, high = picture.width(), picture.height()
    down = {picture.pixelColor(wide // 2, y).name() for y in range(high)}
    return max(contrast(colour, ground) for colour in down)


def test_every_control_has_an_edge_of_three_to_one(dressed: tuple[Controls, Look]) -> None:
    controls, look = dressed
    controls.scrolled.setRange(0, 0)  # its handle fills it
    controls.list.addItem("")
    for each in controls.all():
        for text in (controls.button, controls.tool):
            text.setText("")
        controls.field.setText("")
        picture = each.grab().toImage()
        assert strongest(picture, look.theme.card) >= LEAST, each


# The ring


def ringed(controls: Controls) -> list[QWidget]:
    return [each for each in controls.findChildren(QWidget) if each.property("ring")]


def click(widget: QWidget) -> None:
    """As the desktop tells it: to the window, so that Qt knows which buttons are down."""
    window = widget.window()
    place = widget.mapTo(window, QPoint(4, widget.height() // 2))
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=place)
    QApplication.processEvents()


def test_a_ring_is_seen_only_after_a_key_has_moved_the_focus(dressed: tuple[Controls, Look]) -> None:
    controls, look = dressed
    click(controls.field)
    assert controls.field.hasFocus()
    assert ringed(controls) == []
    assert not has_ring(controls.field)
    QTest.keyClick(controls.field, Qt.Key.Key_Tab)
    assert controls.list.hasFocus()
    assert ringed(controls) == [controls.list]
    assert has_ring(controls.list)
    edge = controls.list.grab().toImage().pixelColor(30, 0)
    assert edge == QColor(look.theme.accent)
    controls.button.setFocus()  # the program goes on as the user does
    assert ringed(controls) == [controls.button]
    click(controls.field)
    assert ringed(controls) == []
    controls.button.setFocus()
    assert ringed(controls) == []


def test_the_ring_goes_with_what_had_it(dressed: tuple[Controls, Look]) -> None:
    controls, _ = dressed
    QTest.keyClick(controls.window(), Qt.Key.Key_Tab)
    (first,) = ringed(controls)
    first.setParent(None)
    first.deleteLater()
    QApplication.sendPostedEvents()
    QTest.keyClick(controls.field, Qt.Key.Key_Tab)
    assert ringed(controls)


# The switch


def test_a_switch_never_changes_its_size_and_says_what_was_chosen(dressed: tuple[Controls, Look]) -> None:
    controls, look = dressed
    switch, chosen = controls.switch, controls.chosen
    for larger in (False, True):
        look.enlarge(larger)
        QApplication.processEvents()
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
    focus = QApplication.focusWidget()
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
