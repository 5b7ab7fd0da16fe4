"""Choices at the right of the row of tabs, where there is room for them and where there is not."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.gui.common.tab_tools import ChoiceActions, TabTools


def test_what_has_no_room_is_in_the_menu_of_a_button(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    sets = ChoiceActions("sets", "Which digits", (("a", "&validation", "A."), ("b", "&test", "B.")), owner)
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
    menu = tools.more_menu()
    menus = menu.findChildren(QMenu)
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


def test_what_had_no_room_with_larger_text_comes_back_with_smaller(qtbot: QtBot) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    sets = ChoiceActions("sets", "Which digits", (("a", "&validation", "A."), ("b", "&test", "B.")), owner)
    tools = TabTools(owner, "tools", sets.control)
    tools.setParent(owner)
    owner.show()
    font = owner.font()

    def enlarge(pixels: int) -> None:
        font.setPixelSize(pixels)
        owner.setFont(font)
        QApplication.processEvents()

    enlarge(16)
    tools.resize(tools.sizeHint())
    for pixels, fits in ((40, False), (16, True)):
        enlarge(pixels)
        assert sets.control.isVisible() is fits
        assert tools.more.isVisible() is not fits


def test_the_button_stays_at_the_end_and_other_buttons_are_in_its_menu(qtbot: QtBot) -> None:
    """Once controls had been lent and were taken back, it stood before them."""
    owner = QWidget()
    qtbot.addWidget(owner)
    sets = ChoiceActions("sets", "Which digits", (("a", "&validation", "A."), ("b", "&test", "B.")), owner)
    button, clicks = QPushButton("Look everywhere for it"), list[bool]()
    button.setAccessibleName("Look for it")
    button.clicked.connect(lambda: clicks.append(True))
    tools = TabTools(owner, "tools", sets.control, button)
    tools.setParent(owner)
    tools.resize(sets.control.sizeHint().width() + tools.more.sizeHint().width() + 14, 40)
    owner.show()
    tools.lend((sets.control,))
    tools.lend(())
    QApplication.processEvents()
    assert not button.isVisible()
    assert tools.more.x() > sets.control.x()
    action = tools.more_menu().actions()[-1]
    assert action.text() == "Look for it"
    action.trigger()
    assert len(clicks) == 1
