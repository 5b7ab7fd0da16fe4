"""Actions and menus: each action has its place, its words, and keys of its own."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from operator import attrgetter
from pathlib import Path
from string import ascii_lowercase

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QMenuBar, QWhatsThis, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.gui.common.theme import DARK, LIGHT, theme
from mnistviz.gui.common.tooltips import as_it_is, without_mnemonic
from mnistviz.gui.common.widgets import ActionButton
from mnistviz.gui.lab.shown import Shown
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.actions import MENUS
from mnistviz.gui.window.guide import GuideWindow
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.views import FEWEST_PIXELS, LESSON
from tests.gui.children import child

ACTIONS = Path(__file__).with_name("actions.tsv")
"""The object names of actions that people know, with their keys."""

Context = Qt.ShortcutContext
Bound = tuple[QAction | QShortcut, Context, list[QWidget], set[str]]


def bound(window: QWidget) -> list[Bound]:
    """All that has keys in the workspace that is seen: in which context, at which widgets, and the keys."""
    found: list[Bound] = []
    for action in window.findChildren(QAction):
        if not action.isVisible():
            continue  # of the other workspace: Qt hears no key of what can't be seen
        holders = [each for each in action.associatedObjects() if isinstance(each, QWidget)]
        widgets = [each for each in holders if not isinstance(each, QMenu)] or [window]
        keys = {key.toString() for key in action.shortcuts()}
        found.append((action, action.shortcutContext(), widgets, keys))
    for shortcut in window.findChildren(QShortcut):
        parent = shortcut.parent()
        assert isinstance(parent, QWidget)
        found.append((shortcut, shortcut.context(), [parent], {shortcut.key().toString()}))
    return [each for each in found if each[3]]


def reach(context: Context, widget: QWidget) -> set[QWidget]:
    """The widgets that may have the focus when the keys act."""
    if context == Context.WidgetShortcut:
        return {widget}
    top = widget.window() if context == Context.WindowShortcut else widget
    return {top, *(each for each in top.findChildren(QWidget) if each.window() is widget.window())}


def meet(one: Bound, other: Bound) -> bool:
    """Whether there is a widget in which the keys of both act."""
    if Context.ApplicationShortcut in (one[1], other[1]):
        return True
    reached = [
        {found for widget in widgets for found in reach(context, widget)}
        for _, context, widgets, _ in (one, other)
    ]
    return bool(reached[0] & reached[1])


def clashes(window: QWidget) -> list[set[str]]:
    """Space says why nothing can be started only where Start is off."""
    every = bound(window)
    return [
        one[3] & other[3] for one, other in combinations(every, 2) if one[3] & other[3] and meet(one, other)
    ]


def test_no_key_means_two_things_at_once_nor_a_letter_in_a_menu(window: MainWindow) -> None:
    window.open_unit(1, 3)
    assert len(bound(window)) > 20
    assert clashes(window) == []
    window.action_book["ideas"].trigger()
    assert len(bound(window)) > 15
    assert clashes(window) == []

    def letters(menu: QMenu) -> list[str]:
        marked = (re.search(r"&([^&\s])", entry.text().replace("&&", "")) for entry in menu.actions())
        return [found[1].casefold() for found in marked if found is not None]

    menus = [menu for menu in window.menuBar().findChildren(QMenu) if menu.objectName() != "recipes_menu"]
    twice = {
        menu.title(): [letter for letter, count in Counter(letters(menu)).items() if count > 1]
        for menu in menus
    }
    free = {menu.title(): sorted({*ascii_lowercase} - {*letters(menu)}) for menu in menus}
    assert {title: f"{found}, free are {free[title]}" for title, found in twice.items() if found} == {}


MEETINGS = (
    ("network.picture", "Space", Context.WidgetShortcut, True),  # acts everywhere
    ("unit_detail", "Space", Context.WindowShortcut, True),
    ("network.picture", "Ctrl+M", Context.WidgetShortcut, True),
    ("unit_detail", "Ctrl+M", Context.WindowShortcut, True),  # everywhere, too
    ("unit_detail", "Ctrl+W", Context.WindowShortcut, False),  # another window
    ("network.pad", "P", Context.WindowShortcut, True),
    ("curves", "P", Context.WidgetWithChildrenShortcut, True),
    ("curves", "Del", Context.WidgetWithChildrenShortcut, False),  # beside the scratchpad
    ("unit_detail", "Left", Context.WindowShortcut, True),
    ("network.picture", "Left", Context.WidgetWithChildrenShortcut, False),
)


def test_equal_keys_are_found_and_act_in_other_windows(own_window: MainWindow, qtbot: QtBot) -> None:
    window, ctrl, found = own_window, Qt.KeyboardModifier.ControlModifier, []
    for place, keys, context, _ in MEETINGS:
        widget = attrgetter(place)(window)
        action = QAction("twin", widget)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(context)
        widget.addAction(action)
        found.append((place, keys, context, clashes(window) != []))
        widget.removeAction(action)
        action.setParent(None)
    assert tuple(found) == MEETINGS
    window.unit_detail.wants_dock = False
    window.open_unit(1, 3)
    window.views[LESSON].open()
    window.network.pad.show_test_digit()
    window.views[FEWEST_PIXELS].open(window.network)
    window.help.show_guide()
    others = (
        window.views[LESSON],
        window.views[FEWEST_PIXELS],
        child(window, GuideWindow),
        window.unit_detail,
    )
    heard = list[int]()
    window.action_book["step"].triggered.connect(lambda: heard.append(1))
    for other in others:
        other.activateWindow()
        qtbot.waitUntil(other.isActiveWindow)
        qtbot.keyClick(other, Qt.Key.Key_M, ctrl)
    assert len(heard) == len(others)
    qtbot.keyClick(window.unit_detail, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    assert QWhatsThis.inWhatsThisMode()
    QWhatsThis.leaveWhatsThisMode()
    window.action_book["quit"].setShortcut("Ctrl+Q")  # without a desktop, Qt has no key for it
    qtbot.keyClick(window.unit_detail, Qt.Key.Key_Q, ctrl)
    assert not window.isVisible()


def test_every_action_is_as_its_entry_says_and_in_a_menu_with_its_keys(window: MainWindow) -> None:
    listed = [entry.id for menu in MENUS for entry in menu.actions()]
    assert len(listed) == len(set(listed)) > 50
    for menu in MENUS:
        for entry in menu.actions():
            action = window.action_book[entry.id]
            assert action.objectName() == f"{entry.id}_action"
            assert (entry.do is None) != (entry.switch is None)
            tip, keys = action.toolTip().replace("\n", " "), action.shortcut().toString()
            told = window.action_book.why_off(entry.id, window.lab.shown) or entry.tip
            assert action.isEnabled() == (action.isVisible() and told == entry.tip)
            assert tip == (f"{told} ({keys})" if keys else told)
            assert action.whatsThis() == entry.tip
        assert window.findChild(QMenu, f"{menu.id}_menu") is not None
    in_a_menu = {each.objectName(): each.shortcut().toString() for each in in_menus(window.menuBar())}
    promised = dict(line.split("\t") for line in ACTIONS.read_text().splitlines())
    assert {name: in_a_menu.get(name) for name in promised} == promised


def in_menus(menu: QMenu | QMenuBar) -> Iterator[QAction]:
    if isinstance(menu, QMenu):
        menu.aboutToShow.emit()  # some are only filled then
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from in_menus(inner)
        else:
            yield action


def test_actions_are_enabled_by_what_is_shown(random_digits: Digits) -> None:
    """What an entry says follows from what is shown, and from nothing else."""
    book = ActionBook(MENUS)
    first = {"step", "epoch", "new", "live", "time_back", "branch", "close_run", "restore_best"}
    assert not any(book[id].isEnabled() for id in first)
    book.show(Shown(random_digits))
    assert {id for id in first if book[id].isEnabled()} == {"step", "epoch", "new"}
    book.show(Shown(random_digits, playhead=0))
    assert "recorded" in book["play"].toolTip()
    assert book["live"].isEnabled()


def test_actions_with_a_value_do_what_their_entry_says(window: MainWindow) -> None:
    book = window.action_book

    def ground() -> str:
        return window.grab().toImage().pixelColor(window.transport.mapTo(window, QPoint(3, 3))).name()

    book["look_dark"].trigger()
    assert theme().dark
    assert ground() == DARK.card, "of the bar on top, too"
    assert book["look_dark"].isChecked()
    window.look.choose("light")
    assert book["look_light"].isChecked()
    assert (theme().dark, ground()) == (False, LIGHT.card)
    book["look_system"].trigger()
    assert window.look.choice == "system"
    book["show_controls"].trigger()
    assert window.controls.isHidden()


def test_everything_shows_all_settings_and_tabs_and_is_a_choice_that_is_kept(window: MainWindow) -> None:
    everything, layers = window.action_book["everything"], child(window, QWidget, "layers_tab")
    momentum = window.controls.by_name["momentum"]
    assert layers.isHidden()
    assert not momentum.isVisible()
    window.action_book["show_controls"].setChecked(False)
    everything.trigger()
    assert layers.isVisible()
    assert momentum.isVisible()
    kept = window.lab.chosen.now.kept
    assert (kept.controls.more, kept.layers.opened) == (True, True)
    window.lab.chosen.choose("controls", more=False)
    assert not everything.isChecked()
    assert layers.isVisible(), "what was opened stays"
    everything.trigger()
    everything.trigger()
    assert layers.isHidden()


@pytest.mark.parametrize(
    ("entry", "read"),
    [
        ("&File", "File"),
        ("Lo&garithmic cost", "Logarithmic cost"),
        ("文件(&F)", "文件"),
        ("保存(&S) …", "保存 …"),
        ("Bild (&B)", "Bild"),
        ("Q&&A (&more)", "Q&A (more)"),
        ("a && b", "a & b"),
        ("plain (text)", "plain (text)"),
    ],
)
def test_an_entry_is_read_without_its_mark(qtbot: QtBot, entry: str, read: str) -> None:
    assert without_mnemonic(entry) == read
    assert without_mnemonic(as_it_is(entry)) == entry
    button = ActionButton(QAction(entry))
    qtbot.addWidget(button)
    assert button.accessibleName() == read


def test_keys_of_scratchpad_act_wherever_focus_is_unless_one_types(window: MainWindow, qtbot: QtBot) -> None:
    pad, field = window.network.pad, window.controls.eta.field
    for widget in (window.transport.play_button, window.timeline.strip, window.curves, window):
        pad.clear()
        widget.setFocus()
        qtbot.keyClick(widget, Qt.Key.Key_T)
        assert pad.sheet.ink, widget
    pad.clear()
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_T)
    assert not pad.sheet.ink
    for name, is_wide in (("scratchpad_menu", True), ("edit_menu", False)):
        menu = child(window, QMenu, name)
        menu.popup(QPoint())
        qtbot.keyClick(menu, Qt.Key.Key_R)
        assert (pad.is_wide, menu.isVisible()) == (is_wide, False), "the key printed beside an entry"
