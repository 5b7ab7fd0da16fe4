"""The strip with real mouse and keys: one lands where one clicked, and it says where one is."""

from functools import partial

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsPixmapItem, QLabel, QScrollBar
from pytestqt.qtbot import QtBot

from mnistviz.engine.acts import BIAS, NOW, Edited, WeightEdit
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.choices import Chosen
from mnistviz.gui.common.scales import grown
from mnistviz.gui.common.theme import LIGHT
from mnistviz.gui.curves.curves import Curves
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.lab.shown import Lifecycle, RunFacts
from mnistviz.gui.runs.strip import strip_ticks
from tests.examples import one_quick
from tests.gui.children import child, known
from tests.gui.lab_by_hand import LabByHand
from tests.gui.pretending import pretend
from tests.gui.runs.past import END, FLAG, Past, trained, uprights

SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def past(lab_by_hand: LabByHand, qtbot: QtBot) -> Past:
    """The strip of a run that rests at `END`."""
    trained(lab_by_hand)
    return Past(lab_by_hand, qtbot)


def is_near(past: Past, x: int) -> bool:
    """Whether the playhead is as near to a pixel as a mini-batch can be."""
    return abs(past.at(past.playhead.here).x() - x) <= 2


def test_before_a_run_has_learned_there_is_no_film(lab_by_hand: LabByHand, qtbot: QtBot) -> None:
    lab_by_hand.run_to(0)
    past = Past(lab_by_hand, qtbot)
    assert past.timeline.field.text() == "mini-batch 0 · epoch 0.00"
    assert not past.timeline.field.isEnabled()
    past.press(Qt.Key.Key_Left)
    assert past.playhead.step in (None, 0)


def test_live_is_there_only_while_one_looks_back_and_moves_nothing(past: Past) -> None:
    def places() -> list[QRect]:
        return [each.geometry() for each in (past.strip, past.timeline.lanes)]

    before, end = places(), past.timeline.field.geometry().right()
    assert not past.timeline.live_button.isVisible()
    past.playhead.visit(60)
    past.lab.work()
    assert past.timeline.live_button.isVisible()
    assert not past.timeline.live_button.geometry().intersects(past.timeline.field.geometry())
    assert (places(), past.timeline.field.geometry().right()) == (before, end)
    past.playhead.live_again()
    past.lab.draw()
    assert not past.timeline.live_button.isVisible()
    assert places() == before


@pytest.mark.parametrize("width", [510, 768, 1248])
@pytest.mark.parametrize("epochs", [0.01, 1.0, 1.4, 5.0, 60.0])
def test_the_axis_has_few_round_ticks_far_apart(epochs: float, width: int) -> None:
    axis = grown(epochs, 1.0)
    places = strip_ticks(axis, width)
    assert axis >= epochs
    assert places[0] == 0
    assert places[1] in {0.5, 1, 2, 5, 10, 20}
    assert 3 <= len(places) <= 9
    assert (places[1] - places[0]) / axis * width >= 90


@one_quick("step", [37, 249, 0, 1, 101, 202], quick=2)
def test_one_lands_where_one_clicks(past: Past, step: int) -> None:
    at = past.at(step)
    past.click(step)
    there = past.playhead.step
    assert there is not None
    assert abs(past.at(there).x() - at.x()) <= 1 or there in past.playhead.flags()
    past.lab.work()
    assert past.playhead.exact
    assert past.playhead.step == there
    assert abs(past.handle - past.at(there).x()) <= 1
    assert past.timeline.field.text() == f"mini-batch {there} of {END}, paused"


def test_a_click_on_a_flag_is_exactly_there(past: Past) -> None:
    at = past.at(FLAG)
    QTest.mouseClick(past.strip.viewport(), LEFT, pos=QPoint(at.x() + 3, at.y()))
    assert past.playhead.step == FLAG
    assert "0.5" in past.strip.words_at(QPointF(at))


def test_right_of_the_end_no_untrained_epoch_is_named(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RunFacts, "best_so_far", None)  # or its star might be there
    past.lab.draw()
    strip, at = past.strip, past.at(END)
    end = strip.words_at(QPointF(at))
    beyond = strip.words_at(QPointF(at + QPoint(40, 0)))
    assert beyond.startswith("The run ends at epoch ")
    assert end.removeprefix("Epoch ").split()[0] == beyond.removeprefix("The run ends at epoch ").split()[0]


def test_a_click_on_the_star_looks_at_the_best(past: Past) -> None:
    past.lab.runs.send(Edited(*NOW, WeightEdit(2, ((5, BIAS),), (1_000.0,))))  # now all digits are read as 5
    past.lab.work()
    best = past.run.best_so_far
    assert best.step < END
    past.click(best.step)
    assert past.playhead.step == best.step


def test_a_drag_goes_along_and_ends_where_it_is_let_go(past: Past, qtbot: QtBot) -> None:
    view = past.strip.viewport()
    begin, end = past.at(END), past.at(60)
    assert past.timeline.field.text() == f"mini-batch {END} · epoch 2.47"
    assert abs(past.handle - begin.x()) <= 1
    QTest.mousePress(view, LEFT, pos=begin)
    QTest.mouseMove(view, begin - QPoint(3, 0))
    QTest.mouseRelease(view, LEFT, pos=begin - QPoint(3, 0))
    assert past.playhead.live, "a press on the handle alone holds nothing, even if the hand trembles"
    QTest.mousePress(view, LEFT, pos=begin)
    seen = set()
    for share in (0.2, 0.5, 0.8, 1.0):
        x = round(begin.x() + share * (end.x() - begin.x()))
        QTest.mouseMove(view, QPoint(x, begin.y()))
        qtbot.waitUntil(partial(is_near, past, x))
        seen.add(past.playhead.step)
    QTest.mouseRelease(view, LEFT, pos=QPoint(end.x(), begin.y()))
    assert len(seen) == 4
    assert abs((past.playhead.step or 0) - 60) <= 1


def test_keys_walk_by_mini_batches_tens_epochs_and_to_both_ends(past: Past) -> None:
    key = Qt.Key
    for pressed, modifier, step in (
        (key.Key_Left, None, END - 1),
        (key.Key_Left, SHIFT, END - 11),
        (key.Key_Right, None, END - 10),
        (key.Key_PageUp, None, 202),
        (key.Key_PageUp, None, 101),
        (key.Key_PageDown, None, 202),
        (key.Key_PageDown, None, END),
        (key.Key_Home, None, 0),
        (key.Key_Left, None, 0),
        (key.Key_Right, SHIFT, 10),
        (key.Key_End, None, END),
    ):
        past.press(pressed, modifier or Qt.KeyboardModifier.NoModifier)
        assert past.playhead.step == step, pressed


@one_quick(
    ("text", "step"), [("104", 104), ("epoch 1", 101), ("+50", 150), ("-1", 99), ("epoch 2", 202)], quick=2
)
def test_the_field_goes_where_one_types(past: Past, qtbot: QtBot, text: str, step: int) -> None:
    past.playhead.visit(100)
    field = past.timeline.field
    field.setFocus()
    qtbot.keyClicks(field, text)
    assert past.playhead.step == 100  # nothing before Return
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert past.playhead.step == step
    assert not field.error


def test_what_is_no_place_is_refused_and_escape_puts_the_field_back(past: Past, qtbot: QtBot) -> None:
    field = past.timeline.field
    field.setFocus()
    qtbot.keyClicks(field, "9999")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert past.playhead.live
    assert field.error == f"The run ends at mini-batch {END}, epoch 2.47."
    said = past.around.findChild(QLabel, "place_error")
    assert said.isVisible()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not field.error
    assert not said.isVisible()
    assert field.text() == f"mini-batch {END} · epoch 2.47"
    assert field.hasFocus()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not field.hasFocus(), "a second one leaves it"
    field.setFocus()
    qtbot.keyClicks(field, "soon,")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.error.startswith("The run has no such place.")
    assert past.playhead.live
    field.setFocus()
    qtbot.keyClicks(field, "12")
    past.lab.run_to(END + 50)
    assert field.text() == "12", "what is being typed is not written over"
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == f"mini-batch {END + 50} · epoch 2.97"


def test_a_replay_says_how_far_it_is_and_escape_stops_it(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[bool] = []
    monkeypatch.setattr(past.playhead, "cancel", lambda: stopped.append(True))
    past.playhead.visit(60)
    past.lab.work()
    past.timeline.show_progress(1_000, 8_000)
    assert past.timeline.field.text() == "60 · replaying 1,000 of 8,000"
    past.strip.setFocus()
    past.press(Qt.Key.Key_Escape)
    assert stopped
    past.timeline.show_progress(0, 0)
    assert past.timeline.field.text() == f"mini-batch 60 of {END}, paused"


def test_marks_below_the_axis_say_which_states_are_kept(past: Past) -> None:
    def marks() -> list[int]:
        return [round(mark.boundingRect().left()) for mark in past.strip.kept.path().toSubpathPolygons()]

    record = past.run.record
    assert record.snapshots
    assert marks() == sorted({past.at(step).x() for step in (0, *(state.step for state in record.snapshots))})
    before = marks()
    past.around.resize(past.around.width() + 200, past.around.height())
    past.lab.draw()
    assert marks() != before
    past.click(record.snapshots[0].step + 1)
    assert marks()[0] == past.at(0).x(), "wherever one looks"
    learning = replace(
        past.lab.shown, run=replace(known(past.lab.run), lifecycle=Lifecycle.LEARNING), playhead=None
    )
    past.timeline.lanes.draw(learning)
    assert past.strip.kept.path().isEmpty()


def test_what_lies_ahead_of_the_playhead_is_faint(past: Past) -> None:
    past.playhead.visit(100)
    past.lab.work()
    grabbed = past.strip.grab().toImage()
    y = round(past.strip.middle(0))
    before, ahead = (grabbed.pixelColor(past.at(step).x(), y).alphaF() for step in (50, 180))
    assert (before, ahead) == pytest.approx((1.0, 0.35), abs=0.01)


@pytest.fixture
def family(past: Past) -> Past:
    """A run, a branch of it, a branch of that one, and a run of its own. The second is selected."""
    lab = past.lab
    for step in (120, 180):
        past.playhead.visit(step)
        lab.work()
        lab.runs.branch()
        lab.run_to(END)
    lab.run_to(60, Settings(seed=3))
    lab.runs.select(lab.runs.open[1].number)
    lab.work()
    child(past.timeline.lanes, QScrollBar).setValue(0)
    return past


def test_a_branch_leaves_the_lane_of_its_nearest_open_ancestor(family: Past) -> None:
    lab, digits = family.lab, family.run.digits_at
    assert [(lane.parent, lane.begin, lane.thick) for lane in family.strip.lanes] == [
        (None, 0, digits(120)), (0, digits(120), digits(END)), (1, digits(180), 0), (None, 0, 0),
    ]  # fmt: skip
    lab.runs.select(lab.runs.open[2].number)
    lab.runs.close(lab.runs.open[1].number)
    lab.draw()
    assert [(lane.parent, lane.begin) for lane in family.strip.lanes] == [
        (None, 0),
        (0, digits(120)),
        (None, 0),
    ]
    lab.runs.close(lab.runs.open[0].number)
    lab.draw()
    assert [(lane.parent, lane.begin) for lane in family.strip.lanes] == [(None, 0), (None, 0)]


def test_a_branch_from_a_shared_past_leaves_the_lane_that_shows_it(family: Past) -> None:
    lab, digits = family.lab, family.run.digits_at
    family.playhead.visit(60)
    lab.work()
    lab.runs.branch()
    lab.work()
    lab.draw()
    newest = family.strip.lanes[-1]
    assert (newest.parent, newest.begin) == (0, digits(60)), "not the second, whose own line begins later"
    lab.runs.close(lab.runs.open[0].number)
    lab.draw()
    assert (family.strip.lanes[-1].parent, family.strip.lanes[-1].begin) == (0, digits(60))
    assert family.strip.lanes[0].begin == 0, "now the second shows all of its past"


def test_a_click_on_the_lane_of_another_run_selects_it_and_goes_there(family: Past) -> None:
    lab, strip = family.lab, family.strip
    shared = QPoint(round(strip.axis.across(family.run.digits_at(60))), round(strip.middle(0)))
    QTest.mouseClick(strip.viewport(), LEFT, pos=shared)
    assert lab.run == lab.runs.open[1], "a click on the past that it shares stays with the run"
    assert abs((family.playhead.step or 0) - 60) <= 1
    third = lab.runs.open[2]
    at = QPoint(round(strip.axis.across(third.digits_at(220))), round(strip.middle(2)))
    assert strip.words_at(QPointF(at)).startswith("C ")
    QTest.mouseClick(strip.viewport(), LEFT, pos=at)
    assert lab.run.number == third.number
    assert abs((family.playhead.step or 0) - 220) <= 1


def test_a_star_on_the_lane_of_another_run_says_whose_it_is_and_leads_there(family: Past) -> None:
    lab, strip = family.lab, family.strip
    lab.runs.select(lab.runs.open[0].number)
    lab.work()
    lab.draw()
    places = [(family.run.digits_at(step), step, share) for step, share in ((200, 0.9), (60, 0.8))]
    trunk, branch, *others = strip.lanes
    strip.draw((trunk._replace(best=places[0]), branch._replace(best=places[1]), *others), 1010, 0)
    own, its = (QPointF(strip.axis.across(digits), strip.middle(0)) for digits, _, _ in places)
    assert strip.words_at(own).startswith("Better than the end of any epoch: 90")
    assert strip.words_at(its).startswith(
        f"{strip.run_words(branch.run)}: Better than the end of any epoch: 80"
    )
    QTest.mouseClick(strip.viewport(), LEFT, pos=its.toPoint())
    assert (family.run.number, family.playhead.step) == (branch.run, 60)
    best = places[1]  # of three runs
    strip.draw(tuple(lane._replace(best=best) for lane in strip.lanes[:3]), 1010, 0)
    first, *more = strip.words_at(QPointF(strip.axis.across(best[0]), strip.middle(0))).splitlines()
    assert first.startswith("Better than")
    assert [line[:2] for line in more] == ["A ", "C "]


def test_a_run_that_diverged_has_a_triangle_and_no_accuracy(past: Past) -> None:
    assert past.strip.diverged.path().isEmpty()
    pretend(past.lab, past.lab.runs.open[0].number, diverged=True)
    past.timeline.lanes.show_runs()
    assert not past.strip.diverged.path().isEmpty()
    assert past.timeline.lanes.tails[past.run.number].share.text() == "–"
    assert "diverged" in next(iter(past.timeline.lanes.heads.values())).toolTip()


def test_one_upright_line_is_in_the_strip_and_in_both_plots(lab_by_hand: LabByHand, qtbot: QtBot) -> None:
    trained(lab_by_hand)
    curves = Curves(Chosen())
    past = Past(lab_by_hand, qtbot, curves)
    past.playhead.visit(60)
    past.lab.work()
    plots = curves.findChildren(Plot)
    assert len(plots) == 2
    for view in (past.strip, *plots):
        (line,) = uprights(view)
        assert line.pen().color().name() == LIGHT.accent


def test_flags_and_star_go_along_where_the_strip_is_resized(past: Past) -> None:
    def middles() -> list[float]:
        paths = past.strip.flags.path(), past.strip.stars.path()
        return [path.boundingRect().center().x() for path in paths]

    best = past.run.best_so_far
    before = middles()
    past.around.resize(700, 600)  # nothing learns, so nothing else has it drawn
    QApplication.processEvents()
    there = middles()
    past.lab.draw()
    assert before != there == middles()
    assert there == pytest.approx([past.at(FLAG).x(), past.at(best.step).x()], abs=1.5)


def test_the_axis_has_its_ticks_though_runs_came_while_the_lab_was_hidden(past: Past) -> None:
    def picture() -> QPixmap:
        pictures = (item for item in past.strip.scene().items() if isinstance(item, QGraphicsPixmapItem))
        return next(item.pixmap() for item in pictures if not item.pixmap().isNull())

    past.around.hide()  # as in the workspace of the ideas: its viewport follows once it is shown
    past.lab.run_to(5, Settings(seed=2))
    past.lab.draw()
    past.around.show()
    past.lab.draw()
    assert picture().deviceIndependentSize().toSize() == past.strip.viewport().size()
