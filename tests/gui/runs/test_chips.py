"""Chips: each open run has one from two runs on. They are chosen, switched, named, coloured, hidden and closed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.look import Look
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.curves.curves import Curves
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.lab.run_names import run_name
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.runs.chip import Chip
from mnistviz.gui.runs.chips import RunChips
from mnistviz.gui.runs.run_words import RunWords
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.actions import MENUS
from mnistviz.gui.window.bottom_line import BottomLine
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.run_list import ClosedRuns, RunList
from tests.gui.lab_by_hand import LabByHand, Panel
from tests.gui.live_run import live_run
from tests.gui.runs.conftest import Several

LEFT = Qt.MouseButton.LeftButton
NARROW = 900
"""Pixels: in no window are the chips narrower."""


class Room:
    """The chips of a lab."""

    def __init__(self, lab: LabByHand, qtbot: QtBot, *others: Panel) -> None:
        self.lab, self.qtbot = lab, qtbot
        self.row = RunChips(LIGHT, lab)
        self.around = lab.show_together(qtbot, self.row, *others, width=NARROW, height=500)

    @property
    def chips(self) -> list[Chip]:
        return self.row.chips

    @property
    def ticked(self) -> list[bool]:
        return [chip.isChecked() for chip in self.chips]

    @property
    def seen(self) -> list[str]:
        """What stands on the chips."""
        return [seen_on(chip) for chip in self.chips]

    def press(self, chip: Chip) -> None:
        self.qtbot.mouseClick(chip, LEFT, pos=QPoint(12, chip.height() // 2))

    @property
    def field(self) -> QLineEdit:
        """Where a name is typed."""
        field = self.around.findChild(QLineEdit, "run_name_field")
        assert field is not None
        return field

    def type_name(self, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
        self.qtbot.waitUntil(self.field.hasFocus)
        QApplication.clipboard().setText(text)
        self.field.paste()
        self.qtbot.keyClick(self.field, key)


class FullRoom(Room):
    """The same with what the window joins to them: the menu, the curves, and the line at the bottom."""

    def __init__(self, lab: LabByHand, qtbot: QtBot) -> None:
        self.curves, self.line = Curves(LIGHT), BottomLine(LIGHT)
        super().__init__(lab, qtbot, self.curves, self.line)
        self.actions = ActionBook(MENUS, self.around)
        self.list = RunList(lab, self.row, self.curves, self.line, self.around)
        lab.runs_changed.connect(lambda: self.actions.show(lab.shown))
        lab.draw()

    @property
    def said(self) -> str:
        """What the line at the bottom says."""
        labels = self.line.message.findChildren(QLabel)
        return " ".join(word for label in labels for word in (label.text(), label.accessibleName()))


def seen_on(chip: Chip) -> str:
    return " ".join(part.text() for part in chip.findChildren(QLabel) if part.isVisible())


@pytest.fixture
def room(several: Several, qtbot: QtBot) -> Callable[[int], Room]:
    """Shows the chips of so many runs."""
    return lambda count: Room(several(count), qtbot)


@pytest.fixture
def full_room(several: Several, qtbot: QtBot) -> Callable[[int], FullRoom]:
    """The same with what the window joins to them."""
    return lambda count: FullRoom(several(count), qtbot)


Open = Callable[[int], Room]
OpenFull = Callable[[int], FullRoom]


def test_chips_are_there_from_two_runs_on(room: Open) -> None:
    its = room(1)
    assert not its.row.isVisible()
    its.lab.branch()
    assert its.row.isVisible()
    assert len(its.chips) == 2
    its.lab.close_run(its.lab.runs[1].number)
    assert not its.row.isVisible()


def test_one_run_has_a_chip_while_it_trains_on_behind(room: Open) -> None:
    its = room(1)
    its.lab.playhead.set_train_on(True)
    assert its.row.isVisible()
    its.lab.playhead.set_train_on(False)
    assert not its.row.isVisible()


def test_a_chip_says_letter_name_and_accuracy(room: Open) -> None:
    its = room(2)
    runs = [live_run(its.lab, run) for run in its.lab.runs]
    assert [text[:2] for text in its.seen] == ["A ", "B "]
    for run, text in zip(runs, its.seen, strict=True):
        share = run.evaluations["validation"].accuracy
        assert f"{100 * share:.2f}" in text
        assert run_name(run, runs) in text
        assert run_name(run, runs) in its.row.chip(run.number).accessibleName()


def test_what_it_reads_is_brought_up_to_date_while_it_learns(room: Open, qtbot: QtBot) -> None:
    its = room(2)
    run = live_run(its.lab, its.lab.runs[1])
    before = run.evaluations["validation"].accuracy
    its.lab.run_to(400)
    after = run.evaluations["validation"].accuracy
    assert after != before
    qtbot.waitUntil(lambda: f"{100 * after:.2f}" in its.seen[1])


def test_a_click_selects(room: Open) -> None:
    its = room(3)
    its.press(its.chips[0])
    assert its.lab.run is its.lab.runs[0]
    assert its.ticked == [True, False, False]
    its.press(its.chips[0])  # again: it stays
    assert its.ticked == [True, False, False]


def test_keys_go_from_chip_to_chip_and_choose(room: Open, qtbot: QtBot) -> None:
    its = room(3)
    its.chips[2].setFocus()
    qtbot.keyClick(its.chips[2], Qt.Key.Key_Left)
    assert its.chips[1].hasFocus()
    its.chips[1].click()  # as Enter does in the window
    assert its.lab.run is its.lab.runs[1]


def test_the_menu_goes_from_run_to_run_and_round(full_room: OpenFull) -> None:
    its = full_room(3)
    for by, number in ((1, 0), (1, 1), (-1, 0), (-1, 2)):
        its.list.select(by)
        assert its.lab.run is its.lab.runs[number]


def test_the_switch_lets_a_run_learn_with_the_others_or_rest(room: Open, qtbot: QtBot) -> None:
    its = room(2)
    lab = its.lab
    first, second = (live_run(lab, run) for run in lab.runs)
    for run in (first, second):
        lab.switch(run.number, True)
    qtbot.mouseClick(its.row.chip(first.number).switch, LEFT)
    assert (first.on, second.on) == (False, True)
    assert lab.run == second, "it selects nothing"
    before, start = first.step, second.step
    lab.toggle_play()
    lab.work(5)
    lab.toggle_play()
    lab.work()
    assert first.step == before
    assert second.step > start
    qtbot.mouseClick(its.row.chip(first.number).switch, LEFT)
    assert first.on


@pytest.mark.parametrize(
    "name", ["plain", "<b>bold</b> & 'so on' {0} %1", "η → 🙂 漢字", "W" * 40, "  two   words  "]
)
def test_a_run_is_called_as_one_likes(room: Open, qtbot: QtBot, name: str) -> None:
    its = room(2)
    run = live_run(its.lab, its.lab.runs[1])
    qtbot.mouseDClick(its.row.chip(run.number), LEFT, pos=QPoint(12, 8))
    its.type_name(name)
    wanted = " ".join(name.split())
    assert run.name == wanted
    assert wanted in its.row.chip(run.number).accessibleName()
    assert wanted in its.seen[1]
    assert its.row.chip(run.number).hasFocus()


def test_a_name_has_forty_letters_at_most(full_room: OpenFull, qtbot: QtBot) -> None:
    its = full_room(2)
    its.list.rename()
    qtbot.keyClicks(its.field, "x" * 50)
    assert its.field.text() == "x" * 40
    qtbot.keyClick(its.field, Qt.Key.Key_Return)
    assert its.lab.runs[1].name == "x" * 40


def test_escape_leaves_the_old_name_and_an_empty_one_is_the_made_one(
    full_room: OpenFull, qtbot: QtBot
) -> None:
    its = full_room(2)
    run = live_run(its.lab, its.lab.runs[1])
    its.lab.rename(run.number, "mine")
    its.list.rename()
    its.type_name("yours", Qt.Key.Key_Escape)
    assert run.name == "mine"
    its.list.rename()
    its.field.selectAll()
    qtbot.keyClick(its.field, Qt.Key.Key_Delete)
    qtbot.keyClick(its.field, Qt.Key.Key_Return)
    assert run.name == ""
    assert run in its.lab.runs, "Delete in the field closes nothing"


def test_a_run_alone_can_be_named_too(full_room: OpenFull) -> None:
    its = full_room(1)
    its.list.rename()
    its.type_name("only one")
    assert its.lab.runs[0].name == "only one"
    assert not its.row.isVisible()


def choose(qtbot: QtBot, chip: Chip, name: str) -> None:
    """Opens the menu of a chip and takes an entry of it."""
    window = chip.window()
    chip.menu_wanted.emit(chip.mapToGlobal(QPoint(5, 5)))
    menu = window.findChild(QMenu, "chip_menu")
    assert menu is not None
    qtbot.waitUntil(menu.isVisible)
    entry = menu.findChild(QAction, name)
    assert isinstance(entry, QAction)
    entry.trigger()
    menu.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert window.findChild(QMenu, "chip_menu") is None


def test_the_menu_of_a_chip_does_all_for_its_run(room: Open, qtbot: QtBot) -> None:
    its = room(3)
    lab, first = its.lab, live_run(its.lab, its.lab.runs[0])
    chip = its.row.chip(first.number)
    choose(qtbot, chip, "run_hide_entry")
    assert first.hidden
    assert "hidden" in its.seen[0]
    assert first.number not in {run.number for run in lab.shown.others}
    choose(qtbot, chip, "run_hide_entry")
    choose(qtbot, chip, "run_colour_5_entry")
    assert first.hue == 5
    assert LIGHT.runs[5] in chip.letter.styleSheet()
    was = first.on
    choose(qtbot, chip, "run_switch_entry")
    assert first.on != was
    choose(qtbot, chip, "run_close_entry")
    assert first not in lab.runs


def test_closing_is_told_and_can_be_undone(full_room: OpenFull, qtbot: QtBot) -> None:
    its = full_room(3)
    lab, run = its.lab, live_run(its.lab, its.lab.runs[1])
    lab.rename(run.number, "the middle")
    lab.switch(run.number, True)
    chip = its.row.chip(run.number)
    chip.setFocus()
    qtbot.keyClick(chip, Qt.Key.Key_Delete)
    assert run not in lab.runs
    assert len(its.chips) == 2
    assert "B the middle" in its.said
    qtbot.mouseClick(its.line.message.offer_button, LEFT)
    assert lab.run == run
    assert run.on
    assert [chip.letter.text() for chip in its.chips] == ["A", "B", "C"]
    assert run.name == "the middle"
    lab.work()
    lab.run_to(run.step + 5)


def closed_runs(its: Room) -> ClosedRuns:
    """The menu of those that can be opened again."""
    return ClosedRuns(its.lab, QMenu(its.around))


def test_closed_runs_are_in_the_menu(room: Open) -> None:
    its = room(4)
    lab, menu = its.lab, closed_runs(its)
    assert [entry.isEnabled() for entry in menu.actions()] == [False]
    closed: list[RunFacts] = []
    for _ in range(2):
        closed.append(live_run(lab, lab.runs[1]))
        lab.close_run(lab.runs[1].number)
    assert [entry.text()[0] for entry in menu.actions()] == ["C", "B"]
    menu.actions()[1].trigger()
    assert lab.run == closed[0]
    assert [entry.text()[0] for entry in menu.actions()] == ["C"]


def test_the_menu_offers_closed_runs_again_with_their_data_set(
    room: Open, small_digits: Digits, random_digits: Digits
) -> None:
    its = room(3)
    lab, menu = its.lab, closed_runs(its)
    lab.use_digits(random_digits)
    lab.run_to(0)
    assert [entry.isEnabled() for entry in menu.actions()] == [False]
    assert not its.row.isVisible()
    lab.use_digits(small_digits)
    lab.run_to(0)
    assert sorted(entry.text()[0] for entry in menu.actions()) == ["A", "B", "C"]


def test_the_last_run_can_not_be_closed(full_room: OpenFull) -> None:
    its = full_room(1)
    its.actions.show(its.lab.shown)
    for id in ("close_run", "hide_run"):
        assert not its.actions[id].isEnabled()
    its.lab.branch()
    assert its.actions["close_run"].isEnabled()


def test_a_ninth_run_closes_one_and_says_so(full_room: OpenFull) -> None:
    its = full_room(8)
    assert len(its.chips) == 8
    before = set(its.lab.runs)
    its.lab.branch()
    assert len(its.chips) == len(its.lab.runs) == 8
    [gone] = before - set(its.lab.runs)
    assert "Closed to make room" in its.said
    assert f" {gone.letter} " in its.said


def assert_no_word_is_cut(row: RunChips) -> None:
    for before, chip in zip([None, *row.chips[:-1]], row.chips, strict=True):
        assert row.rect().contains(chip.geometry())
        assert before is None or before.geometry().right() < chip.geometry().left()
        for part in chip.findChildren(QLabel):
            if part.isVisible():
                assert part.fontMetrics().horizontalAdvance(part.text()) <= part.width()
                assert chip.rect().contains(part.geometry())
        assert chip.letter.isVisible()
        assert chip.share.isVisible()


@pytest.mark.parametrize("larger", [False, True], ids=["", "larger"])
def test_eight_chips_fit_and_no_word_is_cut(several: Several, qtbot: QtBot, larger: bool) -> None:
    lab = several(8)
    lab.rename(lab.runs[3].number, "W" * 40)
    row = RunChips(LIGHT, lab)
    around = lab.show_together(qtbot, row, width=NARROW, height=80)
    Look("light", larger, row).dress()
    for width in range(NARROW, NARROW + 600, 150):
        around.resize(width, 80)
        QApplication.processEvents()
        assert_no_word_is_cut(row)


@pytest.mark.long
@pytest.mark.parametrize("larger", [False, True], ids=["", "larger"])
@pytest.mark.parametrize("size", [(1024, 768), (1440, 900)])
def test_eight_chips_fit_into_the_window(
    open_window: Callable[..., MainWindow],
    small_digits: Digits,
    qtbot: QtBot,
    size: tuple[int, int],
    larger: bool,
) -> None:
    window = open_window(small_digits)
    window.resize(*size)
    for number in range(7):
        window.lab.branch()
        window.lab.change({"eta": 0.5 + number})
        qtbot.waitUntil(lambda: all(run.ready for run in window.lab.runs))
    window.action_book["larger_text"].setChecked(larger)
    tab = window.arrangement.findChild(QAbstractButton, "curves_tab")
    assert tab is not None
    tab.click()
    for _ in range(5):
        QApplication.processEvents()
    assert window.chips.isVisible()
    assert window.chips.width() >= NARROW
    assert_no_word_is_cut(window.chips)


def test_names_are_shortened_whole(room: Open) -> None:
    its = room(3)
    lab, chip = its.lab, its.chips[1]
    lab.rename(lab.runs[2].number, "n" * 40)
    said = set()
    for width in range(1100, 60, -10):
        its.row.resize(width, its.row.height())
        said.add(chip.name.text() if not chip.name.isHidden() else "")
    assert said <= {"", *RunWords(its.around).of(lab.runs[1], lab.runs).names}
    assert len(said) > 1
    assert "" in said


def test_the_chip_of_one_that_waits_says_for_whom(room: Open, qtbot: QtBot) -> None:
    its = room(2)
    lab = its.lab
    first, second = (live_run(lab, run) for run in lab.runs)
    lab.switch(second.number, False)
    lab.select(first.number)
    lab.toggle_play()
    while first.step < 500:
        lab.work(10)
    lab.switch(second.number, True)
    lab.work(1)
    assert "waits for B" in its.seen[0]
    assert "waits for B" in its.chips[0].accessibleName()
    while first.waits:
        lab.work(5)
    lab.toggle_play()
    lab.work()
    qtbot.waitUntil(lambda: "waits" not in its.seen[0])


def test_pointing_at_a_chip_shows_its_curves_whole(full_room: OpenFull, qtbot: QtBot) -> None:
    its = full_room(2)
    first = live_run(its.lab, its.lab.runs[0])
    plot = its.curves.findChild(Plot, "accuracy_plot")
    assert isinstance(plot, Plot)

    def series() -> set[str]:
        assert plot.drawing is not None
        return {line.name[1] for line in plot.drawing.lines if line.name[0] == first.number}

    assert series() == {"validation"}
    its.chips[0].pointed.emit(True)
    assert series() == {"training", "validation", "test"}
    its.chips[0].pointed.emit(False)
    assert series() == {"validation"}


def test_a_chip_is_pointed_at_by_mouse_and_by_tab(room: Open, qtbot: QtBot) -> None:
    its = room(2)
    pointed: list[int | None] = []
    its.row.pointed.connect(pointed.append)
    qtbot.mouseMove(its.around, QPoint(3, its.around.height() - 3))
    qtbot.mouseMove(its.chips[0], QPoint(12, 8))
    qtbot.waitUntil(lambda: pointed[-1:] == [1])
    qtbot.mouseMove(its.around, QPoint(3, its.around.height() - 3))
    qtbot.waitUntil(lambda: pointed[-1:] == [None])
    its.chips[1].setFocus(Qt.FocusReason.TabFocusReason)
    assert pointed[-1] == 2


def test_a_chip_says_why_its_run_has_no_line(full_room: OpenFull) -> None:
    its = full_room(2)
    its.lab.run_to(30, Settings(training_digits=100))
    assert "other epochs" in its.seen[0]
    assert "no line in view: other epochs" in its.chips[0].toolTip().replace("\n", " ")
    its.curves.x_minibatches_action.trigger()
    assert "other epochs" not in its.seen[0]


def test_chips_are_reached_by_the_name_and_described(room: Open) -> None:
    its = room(2)
    for chip in its.chips:
        for part in (chip, chip.switch):
            assert all((part.objectName(), part.accessibleName(), part.toolTip(), part.whatsThis()))


def test_the_chip_with_the_focus_goes_with_its_data_set(
    room: Open, random_digits: Digits, qtbot: QtBot
) -> None:
    its = room(3)
    its.row.pointed.connect(
        lambda number: its.row.set_absences({})
    )  # as curves do, of which lines come and go
    its.around.activateWindow()
    first = its.chips[0]
    first.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(first.hasFocus)
    its.lab.use_digits(random_digits)
    assert its.chips == []
    assert not its.row.isVisible()


def test_a_run_that_has_closed_meanwhile_is_not_named(room: Open) -> None:
    its = room(2)
    closed = live_run(its.lab, its.lab.runs[0])
    its.lab.close_run(closed.number)
    its.row.ask_name(closed.number)
    assert not its.row.isVisible()


def test_a_selected_run_is_not_called_hidden(room: Open) -> None:
    its = room(2)
    lab = its.lab
    lab.hide(lab.runs[1].number, True)
    assert lab.run == lab.runs[1]
    assert "hidden" not in its.seen[1]
    assert its.seen[1].startswith("B ")
    lab.select(lab.runs[0].number)
    assert "hidden" in its.seen[1]
    assert its.seen[1].startswith("(B) ")
