"""The tab *Mistakes*, as a person uses it."""

from collections.abc import Callable

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from mnistviz.engine.commands import Step
from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.moment import SetName
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.choices import Choices
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.theme import DARK, LIGHT, set_theme
from mnistviz.gui.common.timers import Throttle
from mnistviz.gui.common.widgets import SMALLEST, least_tab
from mnistviz.gui.lab.shown import Lifecycle, Shown
from mnistviz.gui.mistakes.confusion_matrix import RIM
from mnistviz.gui.mistakes.digit_gallery import LargeDigit
from mnistviz.gui.mistakes.mistakes_view import Mistakes
from mnistviz.gui.mistakes.read_digits import ALL_MISREAD, MatrixChoice, ReadDigits, newest_whole, read_digits
from mnistviz.gui.window.main_window import MainWindow
from tests.gui.children import child, known, said
from tests.gui.frames import wait
from tests.gui.lab_by_hand import LabByHand


@pytest.fixture
def view(lab: LabByHand, qtbot: QtBot) -> Mistakes:
    """The tab by itself, for a run that has learned a little."""
    lab.run_to(60)
    return lab.show(qtbot, Mistakes(lab), 1130, 260)


def read_of(lab: LabByHand) -> ReadDigits:
    """What the run that is shown reads of the test digits."""
    shown = lab.shown.of_run
    return known(read_digits(shown, newest_whole(shown, "test")))


def busiest(lab: LabByHand) -> MatrixChoice:
    """The cell beside the diagonal with the most digits."""
    counts = read_of(lab).counts
    wrong = counts - np.diag(np.diag(counts))
    true, read = np.unravel_index(wrong.argmax(), wrong.shape)
    return MatrixChoice(int(true), int(read))


def test_it_says_what_was_misread_of_which_digits_and_when(view: Mistakes, lab: LabByHand) -> None:
    test = known(lab.run).evaluations["test"]
    assert said(view, "mistakes_title") == f"{len(test.predictions) - test.right} misread"
    assert said(view, "mistakes_note") == "of 300 test digits, at mini-batch 60"
    assert said(view, "gallery_title") == "All misread digits"
    assert len(known(view.gallery.content).numbers) == 300 - test.right
    view.sets.actions["training"].trigger()
    assert said(view, "mistakes_note").startswith("of the first 300 training digits")
    view.grab()


def test_a_cell_row_or_column_is_chosen_by_click_and_by_arrow_keys(view: Mistakes, lab: LabByHand) -> None:
    cell = busiest(lab)
    assert cell.true is not None
    assert cell.read is not None
    places = view.matrix.places
    at = places.cell(cell.true, cell.read).center()
    left, no_key = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(view.matrix, left, no_key, at.toPoint())
    assert view.matrix.choice == cell
    assert said(view, "gallery_title") == f"{cell.true} read as {cell.read}"
    QTest.mouseClick(view.matrix, left, no_key, QPointF(places.left / 2, at.y()).toPoint())
    assert view.matrix.choice == MatrixChoice(cell.true, None)
    QTest.mouseClick(view.matrix, left, no_key, QPointF(at.x(), places.top / 2).toPoint())
    assert view.matrix.choice == MatrixChoice(None, cell.read)
    assert said(view, "gallery_title") == f"Wrongly read as {cell.read}"
    QTest.keyClick(view.matrix, Qt.Key.Key_Escape)
    assert view.matrix.choice == ALL_MISREAD
    QTest.keyClick(view.matrix, Qt.Key.Key_Down)
    assert view.matrix.choice == cell, "the two that are confused most"
    view.matrix.choose(MatrixChoice(None, 1))
    QTest.keyClick(view.matrix, Qt.Key.Key_Down)
    assert view.matrix.choice == MatrixChoice(0, 1)
    QTest.keyClick(view.matrix, Qt.Key.Key_Left)
    assert said(view, "gallery_title") == "0 read right"
    for theme in (DARK, LIGHT):
        set_theme(theme, view)
        view.grab()


def test_the_first_digit_is_shown_and_arrows_go_on_on_the_pad(view: Mistakes, lab: LabByHand) -> None:
    wanted: list[tuple[str, int]] = []
    view.show_digit = lambda *digit: wanted.append(digit)
    for reason in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
        view.gallery.clearFocus()
        view.gallery.setFocus(reason)
        assert view.gallery.hasFocus()
    first, second = map(int, known(view.gallery.content).numbers[:2])
    assert (view.gallery.digit, wanted) == (first, [])
    assert said(view, "chosen_digit_title") == f"Test digit {first}"
    where = view.gallery.visualRect(view.gallery.model().index(0, 0)).center()
    QTest.mouseClick(view.gallery.viewport(), Qt.MouseButton.LeftButton, pos=where)
    QTest.keyClick(view.gallery, Qt.Key.Key_Right)
    QTest.keyClick(view.gallery, Qt.Key.Key_Left)
    assert wanted == [("test", first), ("test", second), ("test", first)]
    assert said(view, "chosen_digit_title") == f"Test digit {first}"
    assert said(view, "chosen_digit_told").startswith("It is ")
    child(view.chosen, QTimer).timeout.emit()
    lab.work()
    assert said(view, "nearest_title") == "The nearest training digits"
    QTest.keyClick(view.gallery, Qt.Key.Key_Return)
    large = child(view, LargeDigit)
    QTest.keyClick(large, Qt.Key.Key_Right)
    assert wanted[-1] == ("test", second)
    assert large.windowTitle() == f"Test digit {second}"
    large.close()
    view.hide()
    view.show()
    QTest.keyClick(view.gallery, Qt.Key.Key_Left)
    pause = child(view.chosen, QTimer)
    pause.stop()
    pause.timeout.emit()
    lab.draw()
    assert pause.isActive(), "what could not be asked for before it was drawn is asked for now"


def test_a_new_measurement_keeps_what_is_chosen_and_tells_nobody(view: Mistakes, lab: LabByHand) -> None:
    view.choose(MatrixChoice(9, None))
    view.gallery.walk(1)
    digit = view.gallery.digit
    wanted: list[object] = []
    view.show_digit = lambda *told: wanted.append(told)
    pause = child(view.chosen, QTimer)
    pause.stop()
    pause.timeout.emit()
    lab.work()
    lab.run_to(61)
    assert said(view, "nearest_title") == "The nearest training digits"
    assert pause.isActive(), "at rest those of the newest network are found"
    assert said(view, "mistakes_note").endswith("mini-batch 61")
    assert view.matrix.choice == MatrixChoice(9, None)
    assert lab.chosen.now.mistakes.digit == view.gallery.digit == digit
    assert not wanted


def test_while_it_learns_the_gallery_holds_still_under_the_pointer(view: Mistakes, lab: LabByHand) -> None:
    def learning() -> Shown:
        shown = lab.shown
        return replace(shown, run=replace(known(shown.run), lifecycle=Lifecycle.LEARNING))

    def show(shown: Shown) -> None:
        view.draw(shown)
        child(view, Throttle).now()

    first = learning()
    lab.run_to(80)
    second = learning()
    show(first)
    before = view.gallery.content
    view.gallery.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    show(second)
    assert said(view, "mistakes_note").endswith("mini-batch 80")
    assert view.gallery.content is before
    assert said(view, "gallery_note").endswith(" digits, still of 60")
    view.choose(MatrixChoice(9))
    assert view.gallery.content is not before, "what the user chooses is shown at once"
    show(first)
    before = view.gallery.content
    view.gallery.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, on=False)
    QApplication.sendEvent(view.gallery, QEvent(QEvent.Type.Leave))
    assert view.gallery.content is not before, "it goes on as soon as the pointer has left"
    assert "still of" not in said(view, "gallery_note")
    view.gallery.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    before = view.gallery.content
    show(second)
    assert view.gallery.content is before
    show(lab.shown)
    assert view.gallery.content is not before, "the run rests"
    view.gallery.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, on=False)
    show(second)
    lab.chosen.choose("mistakes", order="least_sure")
    assert view.gallery.digit != known(view.gallery.content).numbers[0], "the example stays while it learns"
    show(lab.shown)
    assert view.gallery.digit == known(view.gallery.content).numbers[0], "paused, it is the first again"


def test_in_the_past_it_shows_that_moment(view: Mistakes, lab: LabByHand) -> None:
    lab.visit(30)
    test = known(lab.shown.visited).evaluations["test"]
    assert said(view, "mistakes_note").endswith("mini-batch 30")
    assert said(view, "mistakes_title") == f"{300 - test.right} misread"
    wrong = np.flatnonzero(test.predictions != lab.shown.digits.test.labels)
    assert sorted(known(view.gallery.content).numbers.tolist()) == wrong.tolist()
    lab.go_live()
    view.hide()
    lab.run_to(70)
    assert said(view, "mistakes_note").endswith("mini-batch 30"), "hidden, it works nothing out"
    view.show()
    lab.draw()
    assert said(view, "mistakes_note").endswith("mini-batch 70")


def test_before_there_is_anything_it_says_what_will_appear(lab: LabByHand, qtbot: QtBot) -> None:
    view = Mistakes(lab)
    assert view.minimumSizeHint().height() <= least_tab(view).height(), "no more than each tab needs"
    lab.show(qtbot, view, 900, 260)
    assert "appears here" in said(view, "mistakes_empty")
    assert child(view, QLabel, "mistakes_empty").isVisible()


def test_digits_of_each_set_lie_on_the_pad_with_their_labels(window: MainWindow) -> None:
    digits, pad = known(window.lab.digits), window.network.pad
    pad.row_action.trigger()
    sets: tuple[tuple[SetName, str], ...] = (
        ("validation", "validation digit 7"),
        ("training", "training digit 7"),
        ("test", "test digit 7"),
    )
    for name, note in sets:
        window.mistakes.show_digit(name, 7)
        of = getattr(digits, name)
        assert not pad.is_wide
        assert pad.true_label == of.labels[7]
        assert pad.note.startswith(note)
        state = pad.record()
        pad.show_next(1)
        assert pad.true_label == of.labels[8]
        pad.take_record(state)
        assert pad.true_label == of.labels[7]
        assert pad.note.startswith(note)


def test_classes_that_there_are_no_more_are_let_go(view: Mistakes, lab: LabByHand) -> None:
    digits = known(lab.digits)
    view.gallery.walk(1)
    wait(lambda: lab.questions.is_open("nearest training digits"))
    view.choose(MatrixChoice(9, 4))  # of which there is none

    def two(part: DigitSet) -> DigitSet:
        return DigitSet(part.images[part.labels < 2], part.labels[part.labels < 2])

    training, validation, test = two(digits.training), two(digits.validation), two(digits.test)
    long = "a name with <b>markup</b> and forty letters"
    lab.data.use(Digits("two", training, validation, test, ("nought", long), "two"))
    view.set_digits(known(lab.digits))  # as the window does
    assert not lab.questions.is_open("nearest training digits")
    lab.run_to(20, Settings(sizes=(784, 10, 2)))
    assert view.matrix.choice == ALL_MISREAD
    assert lab.chosen.now.mistakes.digit is None
    view.choose(MatrixChoice(0, 1))
    assert said(view, "gallery_title") == f"nought read as {long}"
    view.grab()
    view.overviews.actions["map"].trigger()
    view.grab()


def test_of_a_diverged_run_it_shows_earlier_predictions_or_why_none(lab: LabByHand, qtbot: QtBot) -> None:
    empty = lab.show(qtbot, Mistakes(lab), 1130, 260)
    assert empty.overviews.control.parts["groups"].isHidden()
    lab.run_to(60, Settings(sizes=(784, 12, 10), activation="relu", eta=0.01, weight_decay=5.0))
    lab.settings.change({"eta": 1_000.0})
    lab.runs.send(Step(400))
    lab.work()
    shown, run, digits = lab.shown, lab.run, lab.digits
    assert shown.diverged
    assert run is not None
    assert digits is not None
    view = lab.show(qtbot, Mistakes(lab), 1130, 260)
    last = run.readings.test[-1]
    assert 60 <= last.step < run.step
    assert said(view, "mistakes_title") == f"{int((last.predictions != digits.test.labels).sum())} misread"
    assert said(view, "mistakes_note") == f"of 300 test digits, at mini-batch {last.step}"
    only_start = run.readings.forked(0)
    assert only_start.test
    view.draw(replace(shown, run=replace(run, readings=only_start)))
    assert child(view, QLabel, "mistakes_empty").isVisible()
    assert "has diverged" in said(view, "mistakes_empty")


def test_gallery_and_matrix_have_whole_rows_only_and_the_gallery_has_no_hole(view: Mistakes) -> None:
    bar, high = view.gallery.verticalScrollBar(), view.gallery.gridSize().height()
    for height in range(100, 300, 13):
        view.resize(view.width(), height)
        QApplication.processEvents()
        assert view.gallery.viewport().height() % high == 0 or view.gallery.height() < high
        assert view.gallery.viewport().width() % view.gallery.gridSize().width() < 8
        hidden = view.matrix.height() - view.matrix.visibleRegion().boundingRect().height()
        assert hidden == 0 or (hidden - RIM) % SMALLEST == 0
        scrolled = view.matrix.parentWidget().parentWidget().verticalScrollBar()
        assert (scrolled.pageStep(), scrolled.maximum()) == (view.matrix.height() - hidden, hidden)
        with watched() as painted:
            view.matrix.grab()
        assert all(each.fits for each in painted if each.text == "true class")
    bar.setValue(high + 5)
    assert bar.value() == high
    view.resize(view.width(), 150)
    QApplication.processEvents()
    for row in (9, 4, -1):
        view.choose(MatrixChoice(None if row < 0 else row, 3))
        place = view.matrix.places.cell(row, 3).toRect()
        assert view.matrix.visibleRegion().contains(place.center()), "it is scrolled to, by whole rows"
        assert scrolled.value() % SMALLEST in (0, scrolled.maximum() % SMALLEST)
    assert scrolled.value() == 0 < scrolled.maximum(), "the head of a column is at the top"


def test_the_chosen_cell_and_digit_are_found_again(view: Mistakes, lab: LabByHand, qtbot: QtBot) -> None:
    cell = busiest(lab)
    view.choose(cell)
    view.gallery.walk(1)
    digit, kept = view.gallery.digit, lab.chosen.now
    part = kept.mistakes
    assert (part.true, part.read, part.digit) == (cell.true, cell.read, digit)
    lab.chosen.restore(Choices())
    other = lab.show(qtbot, Mistakes(lab), 1130, 260)
    wanted: list[object] = []
    other.show_digit = lambda *told: wanted.append(told)
    lab.chosen.restore(kept)
    assert (other.matrix.choice, other.gallery.digit) == (cell, digit)
    assert said(other, "chosen_digit_title") == f"Test digit {digit}"
    assert not wanted, "what lies on the pad is kept by itself"
    for strange in (replace(part, true=10, read=3, digit=300), replace(part, true=-1, read=None, digit=-7)):
        lab.chosen.restore(replace(kept, mistakes=strange))
        first = int(known(other.gallery.content).numbers[0])
        assert (other.matrix.choice, other.gallery.digit) == (ALL_MISREAD, first)
    other.hide()
    lab.chosen.restore(kept)
    other.show()
    lab.draw()
    assert (other.matrix.choice, other.gallery.digit) == (cell, digit)


def test_in_a_narrow_tab_a_clicked_digit_takes_the_overview_s_place(view: Mistakes, lab: LabByHand) -> None:
    assert not view.chosen.back_button.isVisible()
    for width in (950, 850, 750, 600):  # no part is narrower than the last size lets it be
        view.resize(width, view.height())
        QApplication.processEvents()
        assert view.matrix.isVisible()
        assert view.chosen.isVisible() == (width > 600)
    place = view.gallery.mapTo(view, QPoint())
    for walked in (1, 1):
        view.gallery.walk(walked)
        QApplication.processEvents()
        assert view.chosen.isVisible()
        assert not view.matrix.isVisible()
        assert view.gallery.mapTo(view, QPoint()) == place, "it stays under the pointer"
    view.chosen.back_button.click()
    assert view.matrix.isVisible()
    view.gallery.walk(1)
    QTest.keyClick(view.gallery, Qt.Key.Key_Escape)
    assert view.matrix.isVisible()
    assert not view.chosen.isVisible()
    view.resize(1_100, view.height())
    assert view.chosen.mapTo(view, QPoint()).x() > view.gallery.mapTo(view, QPoint()).x()


def test_a_matrix_that_is_dragged_as_low_as_it_goes_can_be_read(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1440, 900)
    assert window.action_book["tab_mistakes"].shortcut().toString() == "Alt+2"
    window.action_book["tab_mistakes"].trigger()
    assert window.mistakes.matrix.hasFocus()
    window.transport.step_action.trigger()
    matrix = window.mistakes.matrix
    qtbot.waitUntil(matrix.isVisible)
    for text in (125, 100):
        window.look.set_text(text)
        QApplication.processEvents()
        window.arrangement.halves.setSizes([10_000, 1])
        QApplication.processEvents()
        assert matrix.height() <= 175, "it was dragged low"
        assert matrix.height() >= matrix.minimumSizeHint().height()
        with watched() as heard:
            matrix.grab()
        assert {each.text for each in heard} >= set("0123456789")
        assert all(each.fits for each in heard)


def test_with_larger_text_names_that_stand_upright_leave_the_rows_of_the_matrix_their_height(
    open_window: Callable[[Digits], MainWindow], small_digits: Digits, qtbot: QtBot
) -> None:
    classes = tuple(f"{letter} is a garment" for letter in "abcdefghij")
    window = open_window(replace(small_digits, classes=classes))
    matrix = window.mistakes.matrix
    window.resize(1366, 768)
    window.action_book["tab_mistakes"].trigger()
    window.look.set_text(125)
    qtbot.waitUntil(matrix.isVisible)
    qtbot.waitUntil(lambda: matrix.places.turned)
    qtbot.waitUntil(lambda: matrix.places.down >= SMALLEST)
    with watched() as heard:
        matrix.grab()
    assert {each.text for each in heard} >= set(classes)
    assert [each for each in heard if not each.fits] == []
    window.look.set_text(100)


def test_outputs_that_come_after_the_predictions_are_shown(
    view: Mistakes, lab: LabByHand, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = known(newest_whole(lab.shown, "validation"))
    kept = "mnistviz.gui.mistakes.read_digits.newest_whole"
    monkeypatch.setattr(kept, lambda shown, name: replace(whole, outputs=None))  # as of earlier steps
    view.sets.actions["validation"].trigger()
    assert "with output" not in said(view, "chosen_digit_told")
    monkeypatch.undo()
    view.draw(lab.shown)
    assert "with output" in said(view, "chosen_digit_told")
