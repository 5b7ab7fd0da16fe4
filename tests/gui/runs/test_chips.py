"""Chips: each open run has one from two runs on. They are chosen, switched, named, coloured, hidden and closed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.gui.lab.run_mirror import RunMirror
from mnistviz.gui.lab.run_names import run_name
from mnistviz.gui.runs.chip import Chip
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.runs.conftest import Several, train

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


def chips(window: MainWindow) -> list[Chip]:
    return window.chips.chips


def seen(window: MainWindow) -> list[str]:
    """What stands on the chips."""
    return [
        " ".join(part.text() for part in chip.findChildren(QLabel) if part.isVisible())
        for chip in chips(window)
    ]


def action(window: MainWindow, name: str) -> QAction:
    found = window.findChild(QAction, name)
    assert isinstance(found, QAction), name
    return found


def press_letter(qtbot: QtBot, chip: Chip, button: Qt.MouseButton = LEFT) -> None:
    qtbot.mouseClick(chip, button, pos=QPoint(12, chip.height() // 2))


def type_name(qtbot: QtBot, window: MainWindow, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    field = window.findChild(QLineEdit, "run_name_field")
    assert field is not None
    qtbot.waitUntil(field.hasFocus)
    QApplication.clipboard().setText(text)
    field.paste()
    qtbot.keyClick(field, key)


def test_chips_are_there_from_two_runs_on(several: Several, qtbot: QtBot) -> None:
    window = several(1)
    assert not window.chips.isVisible()
    window.lab.branch()
    qtbot.waitUntil(window.chips.isVisible)
    assert len(chips(window)) == 2
    window.lab.close_run(window.lab.runs[1])
    assert not window.chips.isVisible()


def test_one_run_has_a_chip_while_it_trains_on_behind(several: Several) -> None:
    window = several(1)
    window.lab.playhead.set_train_on(True)
    assert window.chips.isVisible()
    window.lab.playhead.set_train_on(False)
    assert not window.chips.isVisible()


def test_a_chip_says_letter_name_and_accuracy(several: Several) -> None:
    window = several(2)
    first, second = window.lab.runs
    said = seen(window)
    assert said[0].startswith("A ")
    assert said[1].startswith("B ")
    for run, text in zip((first, second), said, strict=True):
        share = run.evaluations["validation"].accuracy
        assert f"{100 * share:.2f}" in text
        assert run_name(run, window.lab.runs) in text
        assert run_name(run, window.lab.runs) in window.chips.chip(run).accessibleName()


def test_a_click_selects(several: Several, qtbot: QtBot) -> None:
    window = several(3)
    first = window.lab.runs[0]
    press_letter(qtbot, chips(window)[0])
    assert window.lab.run is first
    assert [chip.isChecked() for chip in chips(window)] == [True, False, False]
    press_letter(qtbot, chips(window)[0])  # again: it stays
    assert [chip.isChecked() for chip in chips(window)] == [True, False, False]


def test_keys_go_from_chip_to_chip_and_choose(several: Several, qtbot: QtBot) -> None:
    window = several(3)
    chips(window)[2].setFocus()
    qtbot.keyClick(chips(window)[2], Qt.Key.Key_Left)
    assert chips(window)[1].hasFocus()
    qtbot.keyClick(chips(window)[1], Qt.Key.Key_Return)
    assert window.lab.run is window.lab.runs[1]
    action(window, "next_run_action").trigger()
    assert window.lab.run is window.lab.runs[2]
    action(window, "next_run_action").trigger()
    assert window.lab.run is window.lab.runs[0]
    action(window, "previous_run_action").trigger()
    assert window.lab.run is window.lab.runs[2]


def test_the_switch_lets_a_run_learn_with_the_others_or_rest(several: Several, qtbot: QtBot) -> None:
    window = several(2)
    first, second = window.lab.runs
    for run in (first, second):
        window.lab.switch(run, True)
    qtbot.mouseClick(window.chips.chip(first).switch, LEFT)
    assert (first.on, second.on) == (False, True)
    assert window.lab.run is second, "it selects nothing"
    before = first.step
    window.toggle_play()
    qtbot.waitUntil(lambda: second.step > 200)
    window.toggle_play()
    assert first.step == before
    qtbot.mouseClick(window.chips.chip(first).switch, LEFT)
    assert first.on


@pytest.mark.parametrize(
    "name", ["plain", "<b>bold</b> & 'so on' {0} %1", "η → 🙂 漢字", "W" * 40, "  two   words  "]
)
def test_a_run_is_called_as_one_likes(several: Several, qtbot: QtBot, name: str) -> None:
    window = several(2)
    run = window.lab.runs[1]
    qtbot.mouseDClick(window.chips.chip(run), LEFT, pos=QPoint(12, 8))
    type_name(qtbot, window, name)
    wanted = " ".join(name.split())
    assert run.name == wanted
    assert wanted in window.chips.chip(run).accessibleName()
    assert wanted in seen(window)[1]
    assert window.chips.chip(run).hasFocus()


def test_a_name_has_forty_letters_at_most(several: Several, qtbot: QtBot) -> None:
    window = several(2)
    action(window, "rename_run_action").trigger()
    field = window.findChild(QLineEdit, "run_name_field")
    assert field is not None
    qtbot.keyClicks(field, "x" * 50)
    assert field.text() == "x" * 40
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert window.lab.runs[1].name == "x" * 40


def test_escape_leaves_the_old_name_and_an_empty_one_is_the_made_one(several: Several, qtbot: QtBot) -> None:
    window = several(2)
    run = window.lab.runs[1]
    window.lab.rename(run, "mine")
    action(window, "rename_run_action").trigger()
    type_name(qtbot, window, "yours", Qt.Key.Key_Escape)
    assert run.name == "mine"
    action(window, "rename_run_action").trigger()
    field = window.findChild(QLineEdit, "run_name_field")
    assert field is not None
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert run.name == ""
    assert run in window.lab.runs, "Delete in the field closes nothing"


def test_a_run_alone_can_be_named_too(several: Several, qtbot: QtBot) -> None:
    window = several(1)
    action(window, "rename_run_action").trigger()
    type_name(qtbot, window, "only one")
    assert window.lab.runs[0].name == "only one"
    assert not window.chips.isVisible()


def menu_of(qtbot: QtBot, chip: Chip) -> QMenu:
    chip.menu_wanted.emit(chip.mapToGlobal(QPoint(5, 5)))
    found = chip.window().findChild(QMenu, "chip_menu")
    assert found is not None
    qtbot.waitUntil(found.isVisible)
    return found


def choose(qtbot: QtBot, chip: Chip, name: str) -> None:
    menu, window = menu_of(qtbot, chip), chip.window()
    entry = menu.findChild(QAction, name)
    assert isinstance(entry, QAction)
    entry.trigger()
    menu.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert window.findChild(QMenu, "chip_menu") is None


def test_the_menu_of_a_chip_does_all_for_its_run(several: Several, qtbot: QtBot) -> None:
    window = several(3)
    first = window.lab.runs[0]
    chip = window.chips.chip(first)
    choose(qtbot, chip, "run_hide_entry")
    assert first.hidden
    assert "hidden" in seen(window)[0]
    assert first.number not in {run.number for run in window.lab.shown.others}
    choose(qtbot, chip, "run_hide_entry")
    choose(qtbot, chip, "run_colour_5_entry")
    assert first.hue == 5
    assert window.theme.runs[5] in chip.letter.styleSheet()
    was = first.on
    choose(qtbot, chip, "run_switch_entry")
    assert first.on != was
    choose(qtbot, chip, "run_close_entry")
    assert first not in window.lab.runs


def test_closing_is_told_and_can_be_undone(several: Several, qtbot: QtBot) -> None:
    window = several(3)
    run = window.lab.runs[1]
    window.lab.rename(run, "the middle")
    window.lab.switch(run, True)
    chip = window.chips.chip(run)
    chip.setFocus()
    qtbot.keyClick(chip, Qt.Key.Key_Delete)
    assert run not in window.lab.runs
    assert len(chips(window)) == 2
    message = window.line.message
    assert "B the middle" in message.accessibleName() + " ".join(
        label.text() for label in message.findChildren(QLabel)
    )
    qtbot.mouseClick(message.offer_button, LEFT)
    assert window.lab.run is run
    assert run.on
    assert [chip.letter.text() for chip in chips(window)] == ["A", "B", "C"]
    assert run.name == "the middle"
    qtbot.waitUntil(lambda: run.has_obeyed)
    train(qtbot, window, run.step + 5)


def test_closed_runs_are_in_the_menu(several: Several, qtbot: QtBot) -> None:
    window = several(4)
    menu = window.findChild(QMenu, "closed_runs_menu")
    assert menu is not None
    assert [entry.isEnabled() for entry in menu.actions()] == [False]
    closed: list[RunMirror] = []
    for _ in range(2):
        closed.append(window.lab.runs[1])
        window.lab.close_run(window.lab.runs[1])
    assert [entry.text()[0] for entry in menu.actions()] == ["C", "B"]
    menu.actions()[1].trigger()
    assert window.lab.run is closed[0]
    assert [entry.text()[0] for entry in menu.actions()] == ["C"]


def test_the_menu_offers_closed_runs_again_with_their_data_set(
    several: Several, qtbot: QtBot, small_digits: Digits, random_digits: Digits
) -> None:
    window = several(3)
    menu = window.findChild(QMenu, "closed_runs_menu")
    assert menu is not None
    window.lab.use_digits(random_digits)
    qtbot.waitUntil(lambda: window.lab.shown.moment is not None)
    assert [entry.isEnabled() for entry in menu.actions()] == [False]
    assert not window.chips.isVisible()
    window.lab.use_digits(small_digits)
    qtbot.waitUntil(lambda: window.lab.shown.moment is not None)
    assert sorted(entry.text()[0] for entry in menu.actions()) == ["A", "B", "C"]


def test_the_last_run_can_not_be_closed(several: Several) -> None:
    window = several(1)
    assert not action(window, "close_run_action").isEnabled()
    assert not action(window, "hide_run_action").isEnabled()


def test_a_ninth_run_closes_one_and_says_so(several: Several, qtbot: QtBot) -> None:
    window = several(8)
    assert len(chips(window)) == 8
    before = set(window.lab.runs)
    window.lab.branch()
    assert len(chips(window)) == len(window.lab.runs) == 8
    [gone] = before - set(window.lab.runs)
    said = " ".join(label.text() for label in window.line.message.findChildren(QLabel))
    assert "Closed to make room" in said
    assert f" {gone.letter} " in said


@pytest.mark.parametrize("larger", [False, True], ids=["", "larger"])
@pytest.mark.parametrize("size", [(1024, 768), (1440, 900)])
def test_eight_chips_fit_and_no_word_is_cut(several: Several, size: tuple[int, int], larger: bool) -> None:
    window = several(8, size)
    window.lab.rename(window.lab.runs[3], "W" * 40)
    window.action_book["larger_text"].setChecked(larger)
    window.arrangement.tabs._buttons["curves"].click()
    for _ in range(5):
        QApplication.processEvents()
    row = window.chips
    assert row.isVisible()
    for before, chip in zip([None, *chips(window)[:-1]], chips(window), strict=True):
        assert row.rect().contains(chip.geometry())
        assert before is None or before.geometry().right() < chip.geometry().left()
        for part in chip.findChildren(QLabel):
            if part.isVisible():
                assert part.fontMetrics().horizontalAdvance(part.text()) <= part.width()
                assert chip.rect().contains(part.geometry())
        assert chip.letter.isVisible()
        assert chip.share.isVisible()


def test_names_are_shortened_whole(several: Several) -> None:
    window = several(3)
    chip = chips(window)[1]
    window.lab.rename(window.lab.runs[2], "n" * 40)
    said = set()
    for width in range(1100, 60, -10):
        window.chips.resize(width, window.chips.height())
        said.add(chip.name.text() if not chip.name.isHidden() else "")
    assert said <= {"", *chip._words.names}  # type: ignore[union-attr]
    assert len(said) > 1
    assert "" in said


def test_the_chip_of_one_that_waits_says_for_whom(several: Several, qtbot: QtBot) -> None:
    window = several(2)
    first, second = window.lab.runs
    window.lab.switch(second, False)
    window.lab.select(first)
    window.toggle_play()
    qtbot.waitUntil(lambda: first.step > 500)
    window.lab.switch(second, True)
    qtbot.waitUntil(lambda: "waits for B" in seen(window)[0])
    assert "waits for B" in chips(window)[0].accessibleName()
    qtbot.waitUntil(lambda: not first.waits)
    window.toggle_play()
    qtbot.waitUntil(lambda: "waits" not in seen(window)[0])


def test_pointing_at_a_chip_shows_its_curves_whole(several: Several, qtbot: QtBot) -> None:
    window = several(2)
    first = window.lab.runs[0]

    def series() -> set[str]:
        drawing = window.curves._accuracy_plot.drawing
        assert drawing is not None
        return {line.name[1] for line in drawing.lines if line.name[0] == first.number}

    assert series() == {"validation"}
    qtbot.mouseMove(window, QPoint(3, 3))
    qtbot.mouseMove(chips(window)[0], QPoint(12, 8))
    qtbot.waitUntil(lambda: series() == {"training", "validation", "test"})
    qtbot.mouseMove(window, QPoint(3, 3))
    qtbot.waitUntil(lambda: series() == {"validation"})


def test_a_chip_says_why_its_run_has_no_line(several: Several, qtbot: QtBot) -> None:
    window = several(2)
    window.controls.apply({"training_digits": 100})
    window.new_run()
    qtbot.waitUntil(lambda: window.lab.shown.moment is not None)
    train(qtbot, window, 30)
    assert "other epochs" in seen(window)[0]
    assert "no line in view: other epochs" in chips(window)[0].toolTip().replace("\n", " ")
    window.curves.x_minibatches_action.trigger()
    assert "other epochs" not in seen(window)[0]


def test_chips_are_reached_by_the_name_and_described(several: Several) -> None:
    window = several(2)
    for chip in chips(window):
        for part in (chip, chip.switch):
            assert all((part.objectName(), part.accessibleName(), part.toolTip(), part.whatsThis()))
