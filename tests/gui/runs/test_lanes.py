"""Lanes: each open run has one. They are chosen, switched, named, coloured, hidden and closed."""

import gc
import re
import weakref
from collections.abc import Callable

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QEnterEvent, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QMenu, QPushButton, QToolTip
from pytestqt.qtbot import QtBot

from mnistviz.engine.digits import Digits
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.choices import Chosen
from mnistviz.gui.common.look import Look
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.curves.curves import Curves
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.lab.lab import Lab
from mnistviz.gui.lab.lab_changes import ChangeKind
from mnistviz.gui.lab.run_names import run_name
from mnistviz.gui.lab.shown import Lifecycle, RunFacts
from mnistviz.gui.runs.lane import RunWords
from mnistviz.gui.runs.lanes import LaneHead, Lanes, fitting, lanes_seen
from mnistviz.gui.window.action_book import ActionBook
from mnistviz.gui.window.actions import MENUS
from mnistviz.gui.window.bottom_line import BottomLine
from mnistviz.gui.window.menu_lists import ClosedRuns
from mnistviz.gui.window.run_list import RunList
from tests.gui.children import child
from tests.gui.double_click import double_click
from tests.gui.lab_by_hand import LabByHand, Panel, end, lab_by_hand_on
from tests.gui.live_run import live_run
from tests.gui.pretending import forget_closed
from tests.gui.runs.conftest import Several

LEFT = Qt.MouseButton.LeftButton
NARROW = 900  # pixels, of the lanes


class Room:
    """The lanes of a lab."""

    def __init__(self, lab: LabByHand, qtbot: QtBot, *others: Panel) -> None:
        self.lab, self.qtbot = lab, qtbot
        self.new = QAction("New run")
        self.lanes = Lanes(lab, self.new, (QAction("of the selected", lab),))
        self.around = lab.show_together(qtbot, self.lanes, *others, width=NARROW, height=760)

    @property
    def heads(self) -> list[LaneHead]:
        return [*self.lanes.heads.values()]

    @property
    def ticked(self) -> list[bool]:
        return [head.isChecked() for head in self.heads]

    @property
    def seen(self) -> list[str]:
        """What stands beside each line."""
        return [seen_on(head) for head in self.heads]

    @property
    def shares(self) -> list[str]:
        """What each lane says that its run reads right."""
        return [self.lanes.tails[run.number].share.text() for run in self.lab.runs.open]

    def press(self, head: LaneHead) -> None:
        self.qtbot.mouseClick(head, LEFT, pos=QPoint(12, head.height() // 2))

    @property
    def field(self) -> QLineEdit:
        """Where a name is typed."""
        return child(self.around, QLineEdit, "run_name_field")

    def type_name(self, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
        self.qtbot.waitUntil(self.field.hasFocus)
        QApplication.clipboard().setText(text)
        self.field.paste()
        self.qtbot.keyClick(self.field, key)


class FullRoom(Room):
    """The same with what the window joins to them: the menu, the curves, and the line at the bottom."""

    def __init__(self, lab: LabByHand, qtbot: QtBot) -> None:
        self.curves, self.line = Curves(Chosen()), BottomLine(lab.tryouts)
        super().__init__(lab, qtbot, self.curves, self.line)
        self.actions = ActionBook(MENUS, self.around)
        self.list = RunList(lab, self.lanes, self.curves, self.line, self.around)
        lab.listen(ChangeKind.RUNS, lambda: self.actions.show(lab.shown))
        lab.draw()

    def draw_line(self) -> None:
        self.line.draw(self.lab.shown)
        self.line.catch_up()

    @property
    def said(self) -> str:
        """What the line at the bottom says."""
        labels = self.line.message.findChildren(QLabel)
        return " ".join(word for label in labels for word in (label.text(), label.accessibleName()))


def seen_on(head: LaneHead) -> str:
    return " ".join(part.text() for part in head.findChildren(QLabel) if part.isVisible())


Open = Callable[[int], Room]
OpenFull = Callable[[int], FullRoom]


@pytest.fixture
def room(several: Several, qtbot: QtBot) -> Open:
    """Shows the heads of so many runs."""
    return lambda count: Room(several(count), qtbot)


@pytest.fixture
def full_room(several: Several, qtbot: QtBot) -> OpenFull:
    """The same with what the window joins to them."""
    return lambda count: FullRoom(several(count), qtbot)


def test_a_shortened_name_keeps_what_tells_a_run_from_the_one_most_like_it(qtbot: QtBot) -> None:
    label, words = QLabel(), RunWords()
    qtbot.addWidget(label)
    small = Settings(sizes=(784, 30, 10), cost="cross_entropy", initial_weights="normal")
    scaled, large = replace(small, initial_weights="scaled"), Settings(sizes=(784, 100, 10), cost="quadratic")
    settings = enumerate((small, scaled, large))
    every = [RunFacts(number, each, letter="ABC"[number]) for number, each in settings]
    names = [words.of(run, every).names for run in every]
    label.resize(label.fontMetrics().horizontalAdvance("initial weights 1/√n") + 2, 20)
    shown = [fitting(each, label) for each in names]
    assert len({*shown}) == 3, shown
    assert not any("…" in each for each in shown)


def test_each_run_has_a_lane_and_more_than_fit_are_scrolled_to(room: Open) -> None:
    assert [lanes_seen(height) for height in (640, 719, 768, 900, 1049, 1080)] == [2, 3, 4, 5, 5, 8]
    its = room(1)
    its.lanes.fit(its.lanes.height_of(3))

    def seen() -> list[int]:
        return [number for number, head in enumerate(its.heads) if head.isVisible()]

    heights = [its.lanes.height()]
    for count in (2, 3, 4, 5):
        its.lab.runs.branch()
        its.lab.work()
        assert len(its.heads) == count
        heights.append(its.lanes.height())
    assert heights == [46, 70, 94, 94, 94], "in a frame of one pixel"
    assert seen() == [2, 3, 4]
    assert its.heads[-1].isChecked()
    for place, first in ((0, 0), (3, 1), (4, 2), (2, 2), (1, 1)):  # no further than is needed
        its.lab.runs.select(its.lab.runs.open[place].number)  # which is kept in sight
        assert seen() == [first, first + 1, first + 2]
    for place, height in ((4, 94), (3, 94), (2, 70)):
        its.lab.runs.close(its.lab.runs.open[place].number)
        assert its.lanes.height() == height


def test_lines_stay_until_a_new_run_is_there_and_without_a_run_there_is_no_dot(room: Open) -> None:
    it = room(2)
    strip, before = it.lanes.strip, len(it.lab.runs.open)

    def is_painted() -> bool:
        image = strip.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        return len(np.unique(np.frombuffer(image.constBits(), np.uint32))) > 1

    it.lab.runs.begin(Settings(sizes=(784, 5, 10)))
    it.lanes.show_runs()
    assert not it.lab.run.ready
    assert len(strip.lanes) == before + 1
    assert strip.lanes[-1].end == 0
    assert is_painted()
    strip.clear()
    assert not is_painted()


def test_a_new_run_is_offered_from_the_first_step_on(lab_by_hand: LabByHand, qtbot: QtBot) -> None:
    lab_by_hand.run_to(0)
    its, asked = Room(lab_by_hand, qtbot), []
    its.new.triggered.connect(lambda: asked.append(True))
    button, height = child(its.lanes, QPushButton, "new_lane_button"), its.lanes.height()
    assert not button.isVisible()
    assert not its.lanes.tails[its.lab.run.number].isVisible()
    its.lab.run_to(1)
    assert button.isVisible()
    assert its.lanes.tails[its.lab.run.number].isVisible()
    assert button.geometry().top() >= its.heads[-1].geometry().bottom()
    assert its.lanes.height() == height
    qtbot.mouseClick(button, LEFT)
    assert asked == [True]


def test_the_wheel_scrolls_by_one_lane(room: Open) -> None:
    its = room(5)
    its.lanes.fit(its.lanes.height_of(3))

    def turn(angle: int) -> list[bool]:
        at = QPointF(50, 30)
        none = Qt.KeyboardModifier.NoModifier
        event = QWheelEvent(
            at, its.lanes.mapToGlobal(at), QPoint(), QPoint(0, angle), Qt.MouseButton.NoButton, none,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(its.lanes, event)
        return [head.isVisible() for head in its.heads]

    told: list[str] = []
    its.lanes.scrolled.connect(lambda: told.append(its.lanes.out_of_view))
    assert turn(120) == [False, True, True, True, False]
    assert turn(-120) == [False, False, True, True, True]
    assert told == ["A, E", "A, B"]


def test_a_lane_says_letter_name_and_accuracy(room: Open, qtbot: QtBot) -> None:
    its = room(2)
    runs = [live_run(its.lab, run) for run in its.lab.runs.open]
    assert [text[:2] for text in its.seen] == ["A ", "B "]
    for run, text, said in zip(runs, its.seen, its.shares, strict=True):
        assert f"{100 * run.evaluations['validation'].accuracy:.2f}" in said
        assert run_name(run, runs) in text
        assert run_name(run, runs) in its.lanes.heads[run.number].accessibleName()
    before = runs[1].evaluations["validation"].accuracy
    its.lab.run_to(400)
    after = runs[1].evaluations["validation"].accuracy
    assert after != before
    qtbot.waitUntil(lambda: f"{100 * after:.2f}" in its.shares[1])


def test_a_click_and_keys_select_and_of_several_the_selected_name_is_bold(room: Open, qtbot: QtBot) -> None:
    its = room(1)
    assert [head.name.property("role") for head in its.heads] == ["laneName"]
    its.lab.runs.branch()
    its.lab.work()
    assert [head.name.property("role") for head in its.heads] == ["laneName", "chosenLaneName"]
    its.press(its.heads[0])
    assert [head.name.property("role") for head in its.heads] == ["chosenLaneName", "laneName"]
    its.press(its.heads[0])  # again: it stays
    assert its.ticked == [True, False]
    assert its.lab.run is its.lab.runs.open[0]
    its.heads[0].setFocus()
    qtbot.keyClick(its.heads[0], Qt.Key.Key_Down)
    assert its.heads[1].hasFocus()
    its.heads[1].click()  # as Enter does in the window
    assert its.lab.run is its.lab.runs.open[1]


def test_the_switch_lets_a_run_learn_or_rest_and_is_undone(full_room: OpenFull, qtbot: QtBot) -> None:
    its = full_room(2)
    lab = its.lab
    first, second = (live_run(lab, run) for run in lab.runs.open)
    for run in (first, second):
        lab.time.switch(run.number, True)
    qtbot.mouseClick(its.lanes.tails[first.number].switch, LEFT)
    assert (first.on, second.on) == (False, True)
    assert lab.run == second, "it selects nothing"
    before, start = first.step, second.step
    lab.time.toggle_play()
    lab.work(5)
    lab.time.toggle_play()
    lab.work()
    assert first.step == before
    assert second.step > start
    its.line.order.undo_action.trigger()
    assert first.on
    its.line.order.redo_action.trigger()
    assert not first.on
    qtbot.mouseClick(its.lanes.tails[first.number].switch, LEFT)
    assert first.on


@pytest.mark.parametrize(
    "name", ["plain", "<b>bold</b> & 'so on' {0} %1", "η → 🙂 漢字", "W" * 40, "  two   words  "]
)
def test_a_run_is_called_as_one_likes(room: Open, name: str) -> None:
    its = room(2)
    run = live_run(its.lab, its.lab.runs.open[1])
    double_click(its.lanes.heads[run.number], QPoint(12, 8))
    its.type_name(name)
    wanted = " ".join(name.split())
    assert run.name == wanted
    assert wanted in its.lanes.heads[run.number].accessibleName()
    assert its.seen[1].startswith(f"B {wanted[:8]}")
    assert its.lanes.heads[run.number].hasFocus()


def test_a_name_has_forty_letters_at_most_escape_leaves_it_and_an_empty_one_is_the_made_one(
    full_room: OpenFull, qtbot: QtBot
) -> None:
    its = full_room(2)
    run = live_run(its.lab, its.lab.runs.open[1])
    its.lanes.ask_name(run.number)
    qtbot.keyClicks(its.field, "x" * 50)
    assert its.field.text() == "x" * 40
    assert "40" in QToolTip.text()
    qtbot.keyClick(its.field, Qt.Key.Key_Return)
    assert run.name == "x" * 40
    its.lanes.ask_name(run.number)
    its.type_name("yours", Qt.Key.Key_Escape)
    assert run.name == "x" * 40
    its.lanes.ask_name(run.number)
    its.field.selectAll()
    qtbot.keyClick(its.field, Qt.Key.Key_Delete)
    qtbot.keyClick(its.field, Qt.Key.Key_Return)
    assert run.name == ""
    assert run in its.lab.runs.open, "Delete in the field closes nothing"


def choose(qtbot: QtBot, head: LaneHead, name: str) -> None:
    """Opens the menu of a head and takes an entry of it."""
    window = head.window()
    qtbot.keyClick(head, Qt.Key.Key_Menu)
    menu = child(window, QMenu, "lane_menu")
    qtbot.waitUntil(menu.isVisible)
    assert any(each.text() == "of the selected" for each in menu.actions()) is head.isChecked()
    child(menu, QAction, name).trigger()
    menu.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert window.findChild(QMenu, "lane_menu") is None


def test_the_menu_of_a_lane_repeats_its_run_which_need_not_be_selected(room: Open, qtbot: QtBot) -> None:
    its = room(2)
    lab, first = its.lab, live_run(its.lab, its.lab.runs.open[0])
    head = its.lanes.heads[first.number]
    assert lab.run.number != first.number
    choose(qtbot, head, "repeat_3_action")
    choose(qtbot, head, "tiny_changes_action")
    lab.work()
    trained = {(band.kind, band.begin, len(band.runs)) for band in first.bands}
    assert trained == {("seeds", 0, 3), ("tiny changes", 0, 5)}
    assert live_run(lab).bands == ()
    choose(qtbot, head, "remove_bands_action")
    assert first.bands == ()


def test_the_menu_of_a_lane_does_all_for_its_run(room: Open, qtbot: QtBot) -> None:
    its = room(3)
    lab, first = its.lab, live_run(its.lab, its.lab.runs.open[0])
    head = its.lanes.heads[first.number]
    choose(qtbot, head, "run_hide_entry")
    assert first.hidden
    assert "hidden" in its.seen[0]
    assert LIGHT.card in head.letter.styleSheet().split(";")[0], "its letter is hollow"
    assert first.number not in {run.number for run in lab.shown.others}
    last = live_run(lab)
    lab.runs.select(first.number)
    assert "hidden" not in its.seen[0], "nobody calls a selected run so"
    lab.runs.select(last.number)
    choose(qtbot, head, "run_hide_entry")
    choose(qtbot, head, "run_colour_5_entry")
    assert first.hue == 5
    assert LIGHT.runs[5] in head.letter.styleSheet()
    was = first.on
    choose(qtbot, head, "run_switch_entry")
    assert first.on != was
    choose(qtbot, head, "run_close_entry")
    assert first not in lab.runs.open


def test_closing_is_told_and_can_be_undone(full_room: OpenFull, qtbot: QtBot) -> None:
    its = full_room(3)
    for by, number in ((1, 0), (1, 1), (-1, 0), (-1, 2)):  # the menu goes from run to run, and round
        its.list.select(by)
        assert its.lab.run is its.lab.runs.open[number]
    lab, run = its.lab, live_run(its.lab, its.lab.runs.open[1])
    selected = lab.run
    lab.runs.rename(run.number, "the middle")
    lab.time.switch(run.number, True)
    head = its.lanes.heads[run.number]
    head.setFocus()
    qtbot.keyClick(head, Qt.Key.Key_Delete)
    assert run not in lab.runs.open
    assert len(its.heads) == 2
    assert "B the middle" in its.said
    qtbot.mouseClick(its.line.message.offer_button, LEFT)
    assert lab.run == selected
    assert run.on
    assert [head.letter.text() for head in its.heads] == ["A", "B", "C"]
    assert run.name == "the middle"
    lab.work()
    lab.run_to(run.step + 5)


def test_the_offer_to_open_a_run_again_does_not_hold_what_it_was(full_room: OpenFull) -> None:
    its = full_room(2)
    lab = its.lab
    assert lab.runs.close(lab.runs.open[0].number)
    assert its.line.message.offer_button.isVisible()
    facts = weakref.ref(lab.runs.closed[0])
    forget_closed(lab)
    lab.tell(ChangeKind.RUNS)
    gc.collect()
    assert facts() is None
    its.line.message.offer_button.click()
    assert len(lab.runs.open) == 1


def test_the_menu_has_closed_runs_and_data(room: Open, small_digits: Digits, random_digits: Digits) -> None:
    its = room(4)
    lab, menu = its.lab, ClosedRuns(its.lab, QMenu(its.around))
    assert [entry.isEnabled() for entry in menu.actions()] == [False]
    closed: list[RunFacts] = []
    for _ in range(2):
        closed.append(live_run(lab, lab.runs.open[1]))
        lab.runs.close(lab.runs.open[1].number)
    assert [entry.text()[0] for entry in menu.actions()] == ["C", "B"]
    menu.actions()[1].trigger()
    assert lab.run == closed[0]
    assert [entry.text()[0] for entry in menu.actions()] == ["C"]
    its.lanes.ask_name(closed[1].number)
    assert not its.field.isVisible(), "it has closed meanwhile"
    lab.data.use(random_digits)
    lab.run_to(0)
    assert [entry.isEnabled() for entry in menu.actions()] == [False]
    assert len(its.heads) == 1
    lab.data.use(small_digits)
    lab.run_to(0)
    assert sorted(entry.text()[0] for entry in menu.actions()) == ["A", "B", "C", "D"]


def test_the_last_run_can_not_be_closed_and_a_ninth_closes_one_and_says_so(full_room: OpenFull) -> None:
    its = full_room(1)
    its.actions.show(its.lab.shown)
    for id in ("close_run", "hide_run"):
        assert not its.actions[id].isEnabled()
    its.lab.runs.branch()
    assert its.actions["close_run"].isEnabled()
    while len(its.heads) < 8:
        its.lab.runs.branch()
        its.lab.work()
    before = set(its.lab.runs.open)
    its.lab.runs.branch()
    assert len(its.heads) == len(its.lab.runs.open) == 8
    [gone] = before - set(its.lab.runs.open)
    assert "Closed to make room" in its.said
    assert f" {gone.letter} " in its.said


def assert_no_word_is_cut(lanes: Lanes, lab: Lab) -> None:
    for number, head in zip((run.number for run in lab.runs.open), lanes.heads.values(), strict=True):
        tail = lanes.tails[number]
        assert tail.isVisible() == head.isVisible()
        if not head.isVisible():
            continue
        assert lanes.rect().contains(head.geometry())
        assert lanes.rect().contains(tail.geometry())
        assert head.geometry().right() < lanes.strip.geometry().left() + 1
        for label in (head.letter, head.name, tail.share):
            assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()
        assert head.name.text()
        assert tail.share.fontMetrics().horizontalAdvance("100.00 %") <= tail.share.width()


def test_eight_lanes_fit_and_no_word_is_cut(several: Several, qtbot: QtBot) -> None:
    lab = several(8)
    lab.runs.rename(lab.runs.open[3].number, "W" * 40)
    lanes = Lanes(lab, QAction(), ())
    around = lab.show_together(qtbot, lanes, width=NARROW, height=80)
    look = Look("light", 100, lanes)
    switches = []
    for percent in (100, 125, 100):
        look.set_text(percent)
        switches.append([lanes.tails[run.number].switch.geometry() for run in lab.runs.open])
        for width in range(NARROW - 500, NARROW + 1, 250):
            around.resize(width, 120)
            QApplication.processEvents()
            assert_no_word_is_cut(lanes, lab)
    assert switches[0] == switches[2]


def test_names_are_shortened_whole(room: Open) -> None:
    its = room(3)
    lab, name = its.lab, its.heads[1].name
    lab.runs.rename(lab.runs.open[1].number, "one that learns slowly")
    said = set()
    for width in range(600, 240, -10):
        its.lanes.resize(width, its.lanes.height())
        said.add(name.text())
    assert {"one that learns …", "one that …"} <= said
    assert all(text.rstrip(" …") in "one that learns slowly" for text in said)
    assert "one that learns slowly" in its.heads[1].toolTip()


def test_the_lane_of_one_that_waits_says_for_whom(room: Open, qtbot: QtBot) -> None:
    its = room(2)
    lab = its.lab
    first, second = (live_run(lab, run) for run in lab.runs.open)
    lab.time.switch(second.number, False)
    lab.runs.select(first.number)
    lab.time.toggle_play()
    while first.step < 500:
        lab.work(10)
    lab.time.switch(second.number, True)
    lab.runs.rename(first.number, "my first")
    lab.work(1)
    assert "until B catches up" in its.heads[0].accessibleName()
    said = set()
    for width in range(900, 200, -10):
        its.lanes.resize(width, its.lanes.height())
        said.add(its.heads[0].name.text())
    assert said >= {"my first · paused for B", "my first · paused", "my first"}
    assert all(text.startswith("my") for text in said), "the state gives way, not the name"
    its.lanes.resize(NARROW, its.lanes.height())
    while first.lifecycle is Lifecycle.WAITING:
        lab.work(5)
    lab.time.toggle_play()
    lab.work()
    qtbot.waitUntil(lambda: "paused" not in its.seen[0])


def test_which_runs_train_is_said_where_the_selected_one_was_off(full_room: OpenFull) -> None:
    its = full_room(3)
    lab = its.lab
    first, second, third = (run.number for run in lab.runs.open)

    def said() -> list[str]:
        """The letters of the runs that it speaks of."""
        message = its.line.message.said
        return [] if message is None else re.findall(r"\b[A-C]\b", message.wordings[0])

    for number, on in ((first, False), (second, False), (third, True)):
        lab.time.switch(number, on)
    lab.runs.select(first)
    lab.time.toggle_play()
    assert said() == ["A", "C"]
    assert [run.playing for run in lab.runs.open] == [True, False, True]
    lab.time.switch(first, False)
    its.draw_line()
    assert said() == [], "the run is off again"
    lab.playhead.visit(10)
    lab.playhead.live_again()
    assert said() == ["A", "C"]
    lab.time.toggle_play()
    lab.work()
    its.draw_line()
    assert said() == [], "they train no more"
    lab.time.switch(third, False)
    lab.runs.select(second)
    lab.time.mini_batch()
    lab.work()
    assert said() == ["B"]


def test_where_only_others_learn_the_start_button_pauses_them_and_says_so(full_room: OpenFull) -> None:
    its = full_room(2)
    lab = its.lab
    first, second = (run.number for run in lab.runs.open)
    lab.time.switch(first, False)
    lab.time.switch(second, True)
    lab.runs.select(second)
    lab.time.toggle_play()
    lab.work(5)
    lab.runs.select(first)
    its.line.status.show_run(lab.shown)
    assert lab.shown.plays
    assert its.line.status.wordings[-2:] == ("This run is off, others train", "Off")
    lab.time.toggle_play()
    its.line.status.show_run(lab.shown)
    assert not any(run.playing for run in lab.runs.open)
    assert not lab.shown.plays
    assert its.line.status.wordings[-1] != "Off"


def test_pointing_at_a_lane_by_mouse_or_tab_shows_its_curves_whole(full_room: OpenFull) -> None:
    its = full_room(2)
    first = live_run(its.lab, its.lab.runs.open[0])
    plot = its.curves.findChild(Plot, "accuracy_plot")

    def series() -> set[str]:
        return {line.name[1].split()[0] for line in plot.drawing.lines if line.name[0] == first.number}

    assert series() == {"validation"}
    # as Qt sends them: which window it believes to be below the mouse depends on the tests before
    place = QPointF(12, 8)
    QApplication.sendEvent(its.heads[0], QEnterEvent(place, place, place))
    assert series() == {"training", "validation", "test"}
    QApplication.sendEvent(its.heads[0], QEvent(QEvent.Type.Leave))
    assert series() == {"validation"}
    its.heads[0].setFocus(Qt.FocusReason.TabFocusReason)
    assert series() == {"training", "validation", "test"}
    its.heads[0].clearFocus()
    its.lab.runs.close(its.lab.runs.open[1].number)
    QApplication.sendEvent(its.heads[0], QEnterEvent(place, place, place))
    its.lab.runs.reopen()
    assert series() == {"validation"}, "the lanes have moved"


def test_a_lane_says_why_its_run_has_no_line(full_room: OpenFull) -> None:
    its = full_room(2)
    its.lab.run_to(30, Settings(training_digits=100))
    assert LIGHT.card in its.heads[0].letter.styleSheet().split(";")[0], "its letter is hollow"
    assert "no line in view" in its.heads[0].toolTip().replace("\n", " ")
    its.curves.x_minibatches_action.trigger()
    assert "no line in view" not in its.heads[0].toolTip().replace("\n", " ")


def test_lane_with_the_focus_goes_with_its_data_set(room: Open, random_digits: Digits, qtbot: QtBot) -> None:
    its = room(3)
    its.lanes.pointed.connect(
        lambda number: its.lanes.set_absences({})
    )  # as curves do, of which lines come and go
    its.around.activateWindow()
    first = its.heads[0]
    first.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(first.hasFocus)
    its.lab.data.use(random_digits)
    assert its.heads == []


def test_no_lane_is_marked_at_first(monkeypatch: pytest.MonkeyPatch, prepared: None, qtbot: QtBot) -> None:
    lab = lab_by_hand_on(monkeypatch, None)
    room = Room(lab, qtbot)
    band = room.lanes.findChild(QFrame, "lane_band")
    assert room.lanes.isVisible()
    assert not band.isVisible()
    end(lab)
