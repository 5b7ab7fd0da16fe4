"""The line at the bottom: one thing at a time, the most important first, that never moves, covers or changes under a
hand what is there."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from mnistviz.engine.acts import BIAS, NOW, Changed, Edited, Restored, WeightEdit
from mnistviz.engine.commands import Step
from mnistviz.engine.digits import Digits
from mnistviz.engine.observations import Finding
from mnistviz.engine.settings import Settings
from mnistviz.engine.trials import RemedyResult
from mnistviz.gui.lab.shown import RunFacts
from mnistviz.gui.lab.tryouts import TriedFinding
from mnistviz.gui.window.bottom_line import BottomLine
from mnistviz.gui.window.main_window import MainWindow
from mnistviz.gui.window.message import Rank, StatusMessage
from mnistviz.notice_sentences import NOTICE_SENTENCES
from tests.examples import one_quick
from tests.gui.children import child
from tests.gui.live_run import live_run
from tests.gui.window.fits import LANGUAGES, Samples
from tests.gui.window.two_runs import settle
from tests.test_sentences import USUAL

Open = Callable[..., MainWindow]

DEAD = Finding(
    "layer_dead", {"layer": 1, "share": 40, "digits": 500}, {"activation": "leaky_relu"}, in_new_run=True
)
STUCK = Finding("run_stuck", {"now": 10.1, "classes": 10})


def by_heart(validation: float) -> Finding:
    values = {"training": 100.0, "validation": validation, "digits": 1_000}
    return Finding("overfitting", values, {"weight_decay": 5.0})


BY_HEART = by_heart(83.8)
FAULT = StatusMessage(
    Rank.FAULT, "No space left on device", "This run can't be kept: No space left on device."
)
CODES = sorted(code for code in NOTICE_SENTENCES if not code.endswith(("_short", "_why")))


def run_of(window: MainWindow) -> RunFacts:
    return live_run(window.lab)


def marks(window: MainWindow) -> Sequence[Any]:
    return run_of(window).history.interventions


def show(line: BottomLine, *found: Finding) -> None:
    """Has these said at once."""
    line.notices.show_findings(found)
    line.catch_up()


def said(line: BottomLine) -> str:
    return "" if line.message.said is None else line.message.text.text()


def words_stay(line: BottomLine) -> bool:
    """Whether nobody could have read yet what it says."""
    return child(line, QTimer, "words_stay").isActive()


@pytest.fixture
def line(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> BottomLine:
    return line_of(window, monkeypatch)


def line_of(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> BottomLine:
    """The line of a window whose run has nothing to say by itself from now on."""
    monkeypatch.setattr(window.line.notices, "draw", lambda shown: None)
    window.resize(1440, 900)
    QTest.mouseMove(window, QPoint(2, 2))
    show(window.line)
    settle()
    return window.line


def test_a_button_goes_on_to_the_others_and_what_was_chosen_stays_unless_a_fault_or_an_undo_comes(
    line: BottomLine,
) -> None:
    show(line, DEAD, STUCK, BY_HEART)
    button = line.message.next_button
    for text, begins in (
        ("2 of 3 ›", "So far the network"),
        ("3 of 3 ›", "The network learns"),
        ("1 of 3 ›", "In hidden"),
    ):
        button.click()
        assert button.text() == text
        assert said(line).startswith(begins)
    for _ in range(2):
        button.click()
    show(line, DEAD, by_heart(83.9), STUCK)
    assert "83.90 %" in said(line)
    show(line, DEAD)
    assert said(line).startswith("In hidden")
    assert not button.isVisible()
    show(line, DEAD, STUCK)
    line.say(Rank.FAULT, [FAULT])
    line.catch_up()
    assert said(line).startswith("This run can't be kept")
    button.click()
    assert said(line).startswith("In hidden layer 1")
    line.offer_undo("It is deleted.", "Deleted.", lambda: None)
    assert said(line) == "It is deleted."
    assert button.text() == "1 of 4 ›"


def test_an_undo_is_there_for_ten_seconds(line: BottomLine) -> None:
    show(line, DEAD)
    undone = []
    line.offer_undo("It is deleted.", "Deleted.", lambda: undone.append(True))
    undo_ends = child(line, QTimer, "undo_for")
    assert undo_ends.interval() == 10_000
    line.tell("What was asked for is there.", minor=True)
    assert line.message.offer_button.isVisible(), "it is not covered by what only reports"
    undo_ends.timeout.emit()
    line.catch_up()
    assert said(line) == "What was asked for is there.", "which then has its own"
    undo_ends.timeout.emit()
    line.catch_up()
    assert said(line).startswith("In hidden")
    line.offer_undo("It is deleted.", "Deleted.", lambda: undone.append(True))
    line.message.offer_button.click()
    assert undone == [True]
    assert said(line).startswith("In hidden")


def test_ctrl_z_takes_back_what_was_done_last(line: BottomLine, window: MainWindow) -> None:
    pad, eta, undone = window.network.pad, window.controls.eta, list[str]()

    def press(widget: QWidget) -> None:
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    window.activateWindow()
    pad.show_digit("test", 3)
    drawn = pad.record()
    line.offer_undo("It is closed.", "Closed.", lambda: undone.append("closed"))
    line.tell("It is pinned.")
    press(pad)
    assert undone == ["closed"]
    assert pad.record() == drawn
    press(pad)
    assert pad.picture is None
    line.offer_undo("It is closed.", "Closed.", lambda: undone.append("again"))
    pad.show_digit("test", 4)
    press(pad)
    assert pad.picture is None
    eta.field.take(0.5)
    line.offer_undo("It is closed.", "Closed.", lambda: undone.append("later"))
    eta.field.setFocus()
    eta.field.selectAll()
    QTest.keyClicks(eta.field, "7")
    press(eta.field)
    assert undone == ["closed"], "it is typed text that was taken back"
    press(child(window.controls, QLineEdit, "mini_batch_size_field"))
    assert undone == ["closed", "later"]
    assert eta.value() == 0.5
    press(child(window.controls, QLineEdit, "mini_batch_size_field"))
    assert eta.value() == 3.0
    line.offer_undo("It is closed.", "Closed.", lambda: undone.append("late"))
    child(line, QTimer, "undo_for").timeout.emit()
    press(pad)
    assert undone == ["closed", "later", "late"], "it is the last thing done, also once its message has gone"


def test_what_is_told_takes_no_undo_away_and_what_is_no_number_is_not_said(line: BottomLine) -> None:
    values = {
        "setting": "eta", "old": 3.0, "new": 0.5, "place": 4.2, "before": np.nan, "after": np.inf,
        "without": 1.0, "digits": 50_000, "effect": "same", "short_effect": "same",
    }  # fmt: skip
    show(line, Finding("change_same", values), STUCK)
    assert said(line).startswith("So far the network")
    assert not line.message.next_button.isVisible()
    show(line)
    undone: list[bool] = []
    line.tell("")
    assert line.message.said is None
    line.offer_undo("It is closed.", "", lambda: undone.append(True))
    line.tell("")
    assert said(line) == "It is closed.", "nothing is said without words"
    line.tell("Something else was done.")
    assert said(line) == "Something else was done."
    line.message.next_button.click()
    line.message.offer_button.click()
    assert undone == [True]
    line.tell("It is open again.")
    assert line.message.next_button.isHidden()


def test_a_dismissed_message_stays_away_until_it_changes(window: MainWindow, line: BottomLine) -> None:
    line.say(Rank.FAULT, [FAULT])
    line.catch_up()
    line.message.away_button.click()
    for faults, is_said in (([FAULT], False), ([], False), ([FAULT], True), ([], False)):
        line.say(Rank.FAULT, faults)
        line.catch_up()
        assert (line.message.said is not None) == is_said
    show(line, DEAD, STUCK)
    line.message.away_button.click()
    assert said(line).startswith("So far the network")
    assert not line.message.next_button.isVisible()
    show(line, Finding("layer_dead", {"layer": 1, "share": 41, "digits": 500}))
    assert line.message.said is None
    show(line, Finding("layer_dead", {"layer": 2, "share": 41, "digits": 500}))
    assert said(line).startswith("In hidden layer 2")
    line.message.away_button.click()
    window.steering.new_run()
    assert line.message.said is None
    show(line, DEAD)
    assert line.message.said is not None, "it is another run"


def test_nothing_moves_whatever_is_said(own_window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    line = line_of(own_window, monkeypatch)

    def places() -> list[QRect]:
        settle()
        return [each.geometry() for each in (line, own_window.arrangement, own_window.controls)]

    before = places()
    show(line, DEAD, BY_HEART)
    assert places() == before
    line.say(Rank.FAULT, [FAULT])
    line.offer_undo("It is deleted.", "Deleted.", lambda: None)
    assert places() == before
    own_window.look.set_text(125)
    larger = places()[0].height()
    assert larger > before[0].height()
    show(line)
    assert places()[0].height() == larger


def test_the_buttons_stand_after_the_sentence_and_stay_while_a_remedy_is_tried(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    window.controls.apply({"eta": 0.5})  # in its first epoch a usual run has no notices
    qtbot.waitUntil(lambda: run_of(window).now.eta == 0.5 and not window.frame.isActive())
    line = line_of(window, monkeypatch)
    message, result = line.message, RemedyResult((0.95, 0.95, 0.95), (0.10, 0.10, 0.10), 3, 1_000)
    tryouts = window.lab.tryouts
    states = [
        TriedFinding(BY_HEART),
        *(TriedFinding(BY_HEART, "trying", done=done / 100) for done in (0, 7, 50, 100)),
        TriedFinding(BY_HEART, "helps", result),
        TriedFinding(BY_HEART, "useless", result),
    ]
    seen = set()
    for state in states:
        monkeypatch.setattr(tryouts, "findings", lambda shown, state=state: [state, TriedFinding(STUCK)])
        tryouts.changed.emit()
        line.catch_up()
        settle()
        parts = [each for each in (message.text, *message.buttons) if each.isVisible()]
        places = [each.geometry().getRect() for each in parts]
        assert [each.x() for each in parts] == sorted(each.x() for each in parts)
        assert parts[-2:] == [message.next_button, message.away_button]
        if state.state == "trying":
            seen.add(tuple(places))
        assert message.offer_button.isVisible() is (state.state != "useless")
    assert len(seen) == 1


def test_the_status_gives_way_first_then_the_sentence_then_the_words_of_the_button(
    window: MainWindow, line: BottomLine
) -> None:
    show(line, BY_HEART, STUCK)
    now = line.message.said
    for left in (("eta",), ()):  # first steps beside it leave it less room
        window.lab.chosen.choose("first", left=left)
        for width in range(1900, 900, -20):
            line.resize(width, line.height())
            assert line.layout().totalMinimumSize().width() <= width
    seen: list[tuple[str, str, str]] = []
    for width in range(1900, 400, -5):
        line.resize(width, line.height())
        words = (line.status.text(), line.message.text.text(), line.message.offer_button.text())
        if not seen or seen[-1] != words:
            seen.append(words)
    statuses = [*line.status.wordings, ""]
    long, short = (words for words in now.wordings)
    assert seen[: len(statuses)] == [(status, long, now.offer.text) for status in statuses]
    shorter = [words for words in seen if words[1] == short and words[2] == now.offer.text]
    assert [status for status, *_ in shorter][-1] == ""
    assert seen[-1][1].endswith("…")
    cut = [words[1].removesuffix(" …") for words in seen if " …" in words[1]]
    assert cut
    assert all(short[len(words)] in " ,·" for words in cut if short.startswith(words)), (
        "no word is cut in two"
    )
    line.resize(1, line.height())
    show(line)
    line.resize(2, line.height())
    assert {words[2] for words in seen} == {now.offer.text, now.offer.short}
    fitted, widths = dict[int, tuple[int, str]](), range(400, 1000, 20)
    for width in (*widths, *reversed(widths)):
        line.setFixedWidth(width)
        again = line.message.text.minimumWidth(), line.message.text.text()
        show(line)
        show(line, BY_HEART, STUCK)
        fitted.setdefault(width, (line.message.text.minimumWidth(), line.message.text.text()))
        assert again == fitted[width] or width == 400, "as in a window that never had another width"
    line.setMinimumWidth(0)
    line.setMaximumWidth(10_000)


def test_words_that_drift_do_not_go_back_and_forth_between_long_and_short(line: BottomLine) -> None:
    def drifting(now: float) -> str:
        show(line, by_heart(now))
        return line.status.text()

    longest = line.status.wordings[0]
    line.window().resize(1900, 900)
    settle()
    assert drifting(10.1) == longest
    free = line.width() - 28 - 19 - line.status.fontMetrics().horizontalAdvance(longest)
    needed = line.message.wide(said(line), line.message.offer_button.text())
    line.window().resize(line.width() - free + needed, 900)
    settle()
    assert drifting(10.2) == longest
    assert drifting(100.1) != longest
    assert drifting(10.1) != longest
    show(line)
    assert drifting(10.1) == longest
    assert drifting(100.1) != longest
    show(line, replace(by_heart(10.1), remedy={}))
    assert line.status.text() == longest, "without its button it has room"


@one_quick(("name", "larger"), [("german", True), ("german", False), ("english", True), ("english", False)])
def test_every_notice_can_be_read_in_a_small_window(
    qapp: QApplication,
    open_window: Open,
    small_digits: Digits,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    larger: bool,
) -> None:
    """With what would help on its button, or, where that is too long, in its tooltip."""
    language = Samples(LANGUAGES[name], qapp)
    qapp.installTranslator(language)
    window = open_window(small_digits)
    line, message = window.line, window.line.message
    monkeypatch.setattr(line.notices, "draw", lambda shown: None)
    window.resize(1024, 640)
    window.look.set_text(125 if larger else 100)
    settle()
    try:
        for code in CODES:
            remedy = {"activation": "relu", "initial_weights": "he"}
            going_on = Finding(code, USUAL, {"eta": 0.05}, back_to_best=True)
            new_run = Finding(code, USUAL, remedy, in_new_run=True)
            if code.startswith("change"):  # which has no remedy
                going_on = new_run = Finding(code, USUAL)
            show(line, going_on, new_run, STUCK)
            for _ in range(2):
                message.next_button.click()
                settle()
                assert message.text.text() in message.said.wordings, message.text.text()
                assert message.said.offer is None or message.offer_button.text() in (
                    message.said.offer.text, message.said.offer.short
                )  # fmt: skip
                for each in message.findChildren(QWidget):
                    if each.isVisible():
                        assert line.rect().contains(QRect(each.mapTo(line, QPoint()), each.size()))
                        assert each.width() >= each.sizeHint().width()
    finally:
        window.look.set_text(100)
        qapp.removeTranslator(language)


def test_what_is_pointed_at_stays_for_ten_seconds_while_true(qtbot: QtBot, line: BottomLine) -> None:
    is_true = [True]
    line.tell("Run B has the settings of A.", holds=lambda: is_true[0])
    settle()
    QTest.mouseMove(line.message.text, line.message.text.rect().center())
    qtbot.waitUntil(lambda: line.message.is_held)
    is_true[0] = False
    line.notices.show_findings([STUCK])
    assert said(line).startswith("So far the network")
    QTest.mouseMove(line.status, line.status.rect().center())
    held = child(line.message, QTimer)
    for part in (line.message.offer_button, line.message.text):
        show(line, DEAD)
        settle()
        QTest.mouseMove(part, part.rect().center())
        qtbot.waitUntil(lambda: line.message.is_held)
        line.notices.show_findings([STUCK])
        qtbot.waitUntil(lambda: not words_stay(line))
        assert said(line).startswith("In hidden")
        if part is line.message.text:  # the hand rests there
            assert held.interval() == 10_000
            held.stop()
            held.timeout.emit()
        else:
            QTest.mouseMove(line.status, line.status.rect().center())
        qtbot.waitUntil(lambda: said(line).startswith("So far the network"))


def test_words_stay_for_a_quarter_of_a_second_and_only_while_they_are_true(
    qtbot: QtBot, line: BottomLine, window: MainWindow
) -> None:
    show(line, by_heart(80.1))
    assert child(line, QTimer, "words_stay").interval() == 250
    line.notices.show_findings([by_heart(80.2)])
    line.notices.show_findings([by_heart(80.3)])
    assert "80.10 %" in said(line)
    qtbot.waitUntil(lambda: "80.30 %" in said(line))
    qtbot.waitUntil(lambda: not words_stay(line))
    line.notices.show_findings([by_heart(80.3)])
    assert not words_stay(line), "nothing runs while nothing changes"
    show(line)
    undone, true = list[str](), {"closed", "trains"}
    line.offer_undo("Closed: A", "", lambda: undone.append("A"), lambda: "closed" in true)
    line.tell("Run A trains with B.", holds=lambda: "trains" in true)
    assert said(line) == "Run A trains with B."
    true.remove("trains")
    line.draw(window.lab.shown)
    line.catch_up()
    assert said(line) == "Closed: A"
    true.remove("closed")
    line.order.undo_action.trigger()
    assert not undone
    line.catch_up()
    assert not line.order.undo_action.isEnabled()
    line.tell("Opened again: A")
    line.catch_up()
    assert (said(line), line.message.next_button.isHidden()) == ("Opened again: A", True)


def test_all_of_it_is_reached_with_the_keyboard_and_escape_closes_the_explanation(
    qtbot: QtBot, window: MainWindow, line: BottomLine
) -> None:
    show(line, DEAD, STUCK)
    buttons = [button for button in line.message.buttons if button.isVisible()]
    assert len(buttons) == 5
    for each in (line.message.text, line.status, *buttons):
        assert all((each.objectName(), each.accessibleName(), each.whatsThis()))
        assert each.toolTip() or each not in buttons
    buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
    assert line.message.is_held
    line.notices.show_findings([STUCK])
    qtbot.waitUntil(lambda: not words_stay(line))
    assert said(line).startswith("In hidden")
    line.message.away_button.setFocus(Qt.FocusReason.BacktabFocusReason)
    qtbot.keyClick(line.message.away_button, Qt.Key.Key_Return)
    assert said(line).startswith("So far the network")
    window.network.pad.setFocus()
    qtbot.waitUntil(lambda: not line.message.is_held)
    show(line, BY_HEART)
    line.resize(700, line.height())
    assert said(line) == line.message.said.short
    line.message.why_button.click()
    explanation = line.explanation
    assert explanation.isVisible()
    labels = {each.objectName(): each.text() for each in explanation.findChildren(QLabel)}
    assert labels == {"why": line.message.said.why}, "the sentence stands below it"
    assert "first 1,000" in labels["why"]
    assert window.geometry().contains(explanation.geometry())
    assert explanation.geometry().bottom() < line.mapToGlobal(QPoint()).y()
    qtbot.keyClick(explanation, Qt.Key.Key_Escape)
    assert not explanation.isVisible()
    line.message.why_button.click()
    window.steering.new_run()
    assert not explanation.isVisible()


def test_apply_goes_back_to_best_with_a_setting(qtbot: QtBot, window: MainWindow, line: BottomLine) -> None:
    run = run_of(window)
    window.lab.runs.send(Step(1_010))
    qtbot.waitUntil(lambda: run.best is not None and run.step == 1_010 and not run.playing)
    window.controls.apply({"eta": 100.0})
    window.steering.toggle_play()
    qtbot.waitUntil(lambda: run.step > 1_100)
    worse = {
        "setting": "eta", "old": 3.0, "new": 100.0, "step": 101, "accuracy": 80.0, "epoch": 1, "now": 10.0
    }  # fmt: skip
    show(line, Finding("run_worse", worse, {"eta": 0.5}, back_to_best=True))
    line.message.offer_button.click()
    qtbot.waitUntil(lambda: len(marks(window)) == 3)
    _, restored, changed = marks(window)
    assert isinstance(restored, Restored)
    assert isinstance(changed, Changed)
    assert restored.source in range(101, restored.step + 1, 101), "the end of an epoch"
    assert changed.changes == (("eta", 100.0, 0.5),)
    assert restored.step == changed.step, "nothing is trained between them"
    assert run.playing
    window.undo.undo_action.trigger()
    assert window.controls.settings().eta == 100.0


def test_apply_begins_another_run_where_it_comes_too_late_and_changes_a_setting_of_this_one(
    window: MainWindow, line: BottomLine, qtbot: QtBot
) -> None:
    run = run_of(window)
    show(line, Finding("run_diverged", {}, {"eta": 0.3}, in_new_run=True))
    line.message.offer_button.click()
    assert run_of(window).number == run.number + 1
    assert run_of(window).settings == Settings(eta=0.3)
    assert line.message.said is None
    window.lab.take()
    assert not run.history.interventions
    show(line, BY_HEART)
    line.message.offer_button.click()
    qtbot.waitUntil(lambda: bool(marks(window)))
    assert marks(window)[-1].changes == (("weight_decay", 0.0, 5.0),)
    assert window.controls.settings().weight_decay == 5.0
    assert line.message.said is None
    window.transport.epoch_action.trigger()
    qtbot.waitUntil(lambda: run_of(window).best is not None)
    window.lab.runs.send(Edited(*NOW, WeightEdit(2, ((5, BIAS),), (1_000.0,))))
    values = {"epochs": 1, "accuracy": 80.0, "epoch": 1}
    show(line, Finding("stopped_epochs", values, back_to_best=True))
    line.message.offer_button.click()
    qtbot.waitUntil(lambda: isinstance(marks(window)[-1], Restored))


def test_closed_runs_come_back_in_turn_as_before_and_close_again(window: MainWindow, qtbot: QtBot) -> None:
    lab = window.lab
    first = live_run(lab)
    lab.runs.send(Step(5))
    qtbot.waitUntil(lambda: first.step == 5)
    for _ in range(2):
        lab.runs.select(first.number)
        lab.runs.branch()
        branch = live_run(lab)
        qtbot.waitUntil(lambda branch=branch: branch.ready)  # type: ignore[misc]
    one, other = lab.runs.open[1:]
    numbers = [run.number for run in lab.runs.open]
    for closed in ((0,), (1,), (1, 0)):
        lab.runs.select(one.number)
        for index in closed:
            lab.runs.close(numbers[index])
        for _ in closed:
            window.undo.undo_action.trigger()
        assert [run.number for run in lab.runs.open] == numbers
        assert live_run(lab).number == one.number
    for run in (one, other):
        lab.runs.close(run.number)
    undo, redo = window.undo.undo_action, window.undo.redo_action
    for act, letter, left in (
        (undo, "C", {first.number, other.number}),
        (undo, "B", {first.number, other.number, one.number}),
        (redo, "B", {first.number, other.number}),
        (redo, "C", {first.number}),
    ):
        assert f"Run {letter} closed" in act.text()
        act.trigger()
        assert {run.number for run in lab.runs.open} == left
        if len(left) == 3:
            window.resize(1024, 640)  # which has two lanes
            assert window.line.status.wordings[-1].startswith("3 runs: roll the wheel over the lanes for ")


def test_space_says_that_nothing_is_learned_with_eta_0_and_that_a_change_waits_for_a_new_run(
    qtbot: QtBot, window: MainWindow, line: BottomLine
) -> None:
    window.controls.apply({"schedule": "cosine", "schedule_epochs": 1})
    window.transport.epoch_action.trigger()
    run = run_of(window)
    qtbot.waitUntil(lambda: run.step > 0 and run.eta == 0 and not run.playing and run.has_obeyed)
    window.steering.toggle_play()
    assert "η to 0" in said(line)
    qtbot.waitUntil(lambda: line.status.wordings[-1] == "η is 0")
    window.steering.toggle_play()
    qtbot.waitUntil(lambda: not run.playing)
    assert "η to 0" in said(line)
    window.controls.apply({"eta": 0.5})
    qtbot.waitUntil(lambda: run.eta == 0.5)
    line.draw(window.lab.shown)
    line.catch_up()
    assert "η to 0" not in said(line)
    window.steering.toggle_play()
    qtbot.waitUntil(lambda: "η is 0" not in line.status.wordings)
    assert "η to 0" not in said(line)
    window.controls.show_settings(window.controls.settings().changed(sizes=(784, 12, 10)))
    window.steering.toggle_play()
    qtbot.waitUntil(lambda: not run.playing)
    window.steering.toggle_play()
    assert "New run" in said(line), "a change that needs a new run waits, and Space goes on without it"
    window.steering.new_run()
    assert "New run" not in said(line)


def test_the_message_on_framing_follows_the_window_at_the_pad_too(window: MainWindow) -> None:
    options = window.network.options

    def said() -> str:
        message = window.line.message.said
        return "" if message is None else message.text

    window.network.pad.centred_action.trigger()
    assert "where you draw it" in said()
    for name, words in (("mnist", "scaled and centred again"), ("drawn", "where you draw it")):
        QTest.mouseClick(options.framing.parts[name], Qt.MouseButton.LeftButton)
        assert words in said()
        assert window.network.pad.is_centred == (name == "mnist")
