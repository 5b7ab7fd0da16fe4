"""Find and the help: any action by parts of its words, and the questions of a student."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from mnistviz.gui.common import setting_names
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.tooltips import without_mnemonic
from mnistviz.gui.window.find import Palette, PaletteEntry, search, spans
from mnistviz.gui.window.find_words import QUESTIONS, WANTS
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.window.test_actions import ACTIONS, in_menus

ENTRIES = (
    PaletteEntry("Save the mistakes …", path="File › Export", off="Mistakes is not open."),
    PaletteEntry("Show Mistakes", keys="Alt+2", path="View"),
    PaletteEntry("Pen", keys="P", path="Edit"),
    PaletteEntry("Größe der Schrift", path="Ansicht"),
    PaletteEntry("The network's picture", path="Export"),
    PaletteEntry("Picture of digits", path="Edit"),
    PaletteEntry("Which digits are misread, and since when?", is_question=True),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("mis", ["Which digits are misread, and since when?", "Show Mistakes", "Save the mistakes …"]),
        ("WHEN dig", ["Which digits are misread, and since when?"]),
        ("takes sh", ["Show Mistakes"]),
        ("expo mis", ["Save the mistakes …"]),
        ("alt+2", ["Show Mistakes"]),
        ("grose", ["Größe der Schrift"]),
        ("groß schrif", ["Größe der Schrift"]),
        ("pict", ["Picture of digits", "The network's picture"]),
        ("mistakes pen", []),
    ],
)
def test_parts_of_words_find_in_any_order(typed: str, found: list[str]) -> None:
    assert [entry.text for entry in search(ENTRIES, typed)] == found


def test_what_was_typed_is_marked_in_the_words_themselves() -> None:
    text = "Größe der Schrift"
    assert [text[begin:end] for begin, end in spans(text, "SCHR gro")] == ["Grö", "Schr"]
    assert spans("Pen", "ink") == []


def palette(qtbot: QtBot, window: MainWindow) -> Palette:
    qtbot.waitUntil(lambda: window.findChild(Palette) is not None)
    found = window.findChild(Palette)
    assert isinstance(found, Palette)
    return found


def opened(qtbot: QtBot, window: MainWindow, typed: str = "", action: str = "find") -> Palette:
    window.action_book[action].trigger()
    shown = palette(qtbot, window)
    shown.field.setText(typed)  # QTest cannot type η
    return shown


def lines(shown: Palette) -> list[str]:
    return [shown.list.item(row).text() for row in range(shown.list.count())]


def test_what_is_asked_or_wanted_leads_to_an_action_and_keeps_its_spaces_where_it_is_shortened(
    qtbot: QtBot, window: MainWindow
) -> None:
    shown = opened(qtbot, window, "which")
    shown.setFixedWidth(340)
    with watched() as painted:
        shown.grab()
    rests = [each.shown for each in painted if each.text.startswith(" ")]
    assert any(each.endswith("…") for each in rests)
    assert all(each.startswith(" ") for each in rests)
    shown.close()
    qtbot.waitUntil(lambda: window.findChild(Palette) is None)
    names = {action.objectName() for action in in_menus(window.menuBar())}
    named = {each.act for each in QUESTIONS if isinstance(each.act, str)} | {name for _, name in WANTS}
    assert named <= names
    shown = opened(qtbot, window, action="keys")
    assert lines(shown) == [text for text, _ in WANTS]
    shown.field.setText("closes the run")
    assert "On the lanes of runs: closes the run" in lines(shown), "a gesture is found, too"


def test_every_known_action_is_found_and_what_other_words_mean(qtbot: QtBot, window: MainWindow) -> None:
    shown, found_by_a_letter = opened(qtbot, window), set[str]()
    words = {action.objectName(): action.text() for action in in_menus(window.menuBar())}
    names = (line.split("\t")[0] for line in ACTIONS.read_text().splitlines())
    known = [without_mnemonic(words[name]).partition("\t")[0] for name in names]
    for letter in "aeiou1":
        shown.field.setText(letter)
        found_by_a_letter.update(lines(shown))
    assert {*known} <= found_by_a_letter
    for text in known[::20]:
        shown.field.setText(text)
        assert text in lines(shown)
    for typed, found in (
        ("why is the accuracy stuck", "Why does η 3"), ("not learning", "What would η 1"), ("dark", "Dark"),
        ("too slow", "Why does a deep"), ("does not get better", "What would η 1"), ("save", "Will my work"),
        ("overfitting", "Overfitting"), ("dead units", "What does a unit"), ("undo", "How do I get back"),
        ("picture", "Paste a picture"), ("speed", "Faster"), ("bigger text", "150 %"), ("share", "Can I send"),
    ):  # fmt: skip
        shown.field.setText(typed)
        assert any(line.startswith(found) for line in lines(shown)), typed


@pytest.mark.parametrize("name", ["dropout", "rotation", "classes_left_out", "momentum_kind", "eta", "sizes"])
def test_a_setting_is_found_and_its_control_or_that_on_which_it_depends_has_the_focus_then(
    qtbot: QtBot, window: MainWindow, name: str
) -> None:
    window.lab.chosen.choose("window", workspace="ideas")
    window.action_book["show_controls"].setChecked(False)
    window.action_book["enlarge"].setChecked(True)
    shown = opened(qtbot, window, label := setting_names.label(name))
    shown.list.setCurrentRow(lines(shown).index(label))
    qtbot.keyClick(shown.field, Qt.Key.Key_Return)
    within = window.controls.by_name["momentum" if name == "momentum_kind" else name].findChildren(QWidget)
    qtbot.waitUntil(lambda: (focus := window.focusWidget()) in within and not focus.visibleRegion().isEmpty())


def test_the_keyboard_alone_finds_and_does(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    shown = palette(qtbot, window)
    qtbot.keyClicks(shown.field, "net pict")
    assert shown.list.currentRow() == 0, "Enter does the first"
    qtbot.keyClick(shown.field, Qt.Key.Key_Down)
    assert shown.list.currentRow() == 1
    chosen = shown.list.currentItem().data(Qt.ItemDataRole.AccessibleTextRole)
    assert shown.field.accessibleDescription() == chosen, "a screen reader hears the line that is chosen"
    shown.field.setText("mistakes view")
    qtbot.keyClick(shown.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.lab.chosen.now.window.tab == "mistakes")
    qtbot.waitUntil(lambda: window.findChild(Palette) is None)
    shown = opened(qtbot, window, "curves")
    qtbot.keyClick(shown.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(Palette) is None)
    assert window.lab.chosen.now.window.tab == "mistakes", "Escape does nothing"


def test_what_is_off_says_why_and_does_nothing_and_what_is_of_the_lab_is_done_in_the_ideas_too(
    qtbot: QtBot, window: MainWindow
) -> None:
    shown = opened(qtbot, window, "previous run")
    assert "off: There is only one run." in shown.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    qtbot.keyClick(shown.field, Qt.Key.Key_Return)
    assert shown.isVisible()
    shown.field.setText("e")
    told = [
        shown.list.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(shown.list.count())
    ]
    assert [each for each in told if "off: not now" in each] == []
    shown.close()
    qtbot.waitUntil(lambda: window.findChild(Palette) is None)
    window.action_book["ideas"].trigger()
    shown = opened(qtbot, window, "mistakes view")
    qtbot.keyClick(shown.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.lab.chosen.now.window.tab == "mistakes" and not window.workspaces.in_ideas)


def shows(window: MainWindow, tab: str) -> bool:
    return window.lab.chosen.now.window.tab == tab and not window.workspaces.in_ideas


OPENS: dict[str, Callable[[MainWindow], object]] = {
    "Why does η 3 work": lambda window: window.workspaces.in_ideas and window.ideas.page.id == "valley",
    "Which units speak": lambda window: window.network.selection.chosen_output is not None,
    "What does a unit": lambda window: window.views.is_seen("unit_detail"),
    "Which digits are misread": lambda window: shows(window, "mistakes"),
    "What exactly did the last": lambda window: shows(window, "minibatch"),
    "Which mini-batch": lambda window: shows(window, "minibatch") and not window.lab.shown.live,
    "Is 0.3 % better": lambda window: (
        shows(window, "curves") and window.lab.luck.is_wanted(window.lab.run.number)
    ),
    "Do two runs": lambda window: shows(window, "mistakes") and len(window.lab.runs.open) == 2,
    "What does backpropagation": lambda window: window.lab.chosen.now.minibatch.stage == "error",
    "Why does a deep": lambda window: shows(window, "layers") and len(window.lab.run.settings.sizes) == 6,
    "Does it read my own": lambda window: window.network.row.is_on,
    "Which ideas": lambda window: window.workspaces.in_ideas,
}


def test_each_question_opens_what_answers_it(qtbot: QtBot, window: MainWindow) -> None:
    window.transport.step_action.trigger()
    qtbot.waitUntil(lambda: window.lab.run.has_learned and not window.frame.isActive())
    for begins, is_answered in OPENS.items():
        window.lab.playhead.live_again()
        window.lab.chosen.choose("window", workspace="lab")
        window.network.selection.let_go()
        window.arrangement.open_tab("mistakes" if begins.startswith("Is") else "curves")
        qtbot.waitUntil(lambda: not window.frame.isActive())
        assert not is_answered(window), begins
        shown = opened(qtbot, window, begins)
        assert lines(shown)[0].startswith(begins)
        qtbot.keyClick(shown.field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda is_answered=is_answered: bool(is_answered(window)))  # type: ignore[misc]
        window.lab.luck.cancel()
