"""Every gesture: live and training, live and paused, in the past still, and while the film plays."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mnistviz.engine.acts import BIAS, NOW, Edited, WeightEdit
from mnistviz.engine.commands import Step
from mnistviz.engine.moment import Moment
from mnistviz.engine.observations import Finding
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.window.main_window import MainWindow
from tests.examples import one_quick
from tests.gui.children import child
from tests.gui.double_click import double_click
from tests.gui.runs.conftest import click, is_at, press, run_of
from tests.gui.runs.past import END, FLAG

LEFT = Qt.MouseButton.LeftButton


def go_back(window: MainWindow, qtbot: QtBot, step: int) -> None:
    window.lab.playhead.visit(step)
    qtbot.waitUntil(lambda: is_at(window, step))


def plot_of(window: MainWindow, name: str) -> Plot:
    return child(window.curves, Plot, name)


def on_curve(plot: Plot, place: float) -> QPoint:
    frame = plot.frame
    return QPoint(round(frame.point(place, frame.y.low).x()), round(frame.area.center().y()))


def test_space_plays_the_film_and_stops_it(past: MainWindow, qtbot: QtBot) -> None:
    past.transport.set_rate(10.0)
    go_back(past, qtbot, 100)
    assert past.transport.play_button.text() == "Replay"
    press(past, Qt.Key.Key_Space)
    assert past.transport.play_button.text() == "Stop"
    qtbot.waitUntil(lambda: past.lab.playhead.here >= 102)
    assert past.timeline.field.text().endswith(", replay")
    press(past, Qt.Key.Key_Space)
    here = past.lab.playhead.step
    assert here is not None
    assert here < 200
    qtbot.waitUntil(lambda: is_at(past, here))
    assert past.timeline.field.text().endswith(", paused")
    assert past.transport.play_button.text() == "Replay"
    assert run_of(past).step == END
    past.lab.playhead.visit(END - 5)
    press(past, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: past.lab.playhead.live)
    assert past.transport.play_button.text() == "Start", "at its end it rests: nothing trained before"
    qtbot.wait(100)
    assert run_of(past).step == END


def test_at_its_end_replay_trains_on_where_the_run_trained_before(training: MainWindow, qtbot: QtBot) -> None:
    go_back(training, qtbot, 60)
    end = run_of(training).step
    training.lab.playhead.visit(end - 5)
    press(training, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: training.lab.playhead.live and run_of(training).step > end)
    assert training.transport.play_button.text() == "Pause"


def test_mini_batch_and_epoch_go_on_in_what_was_recorded(past: MainWindow, qtbot: QtBot) -> None:
    go_back(past, qtbot, 100)
    past.action_book["step"].trigger()
    assert past.lab.playhead.step == 101
    past.action_book["epoch"].trigger()
    assert past.lab.playhead.step == 202
    past.action_book["epoch"].trigger()  # the last one is not finished: its end is the film's
    assert past.lab.playhead.step == END
    assert run_of(past).step == END
    past.transport.set_rate(1.0)
    past.lab.playhead.visit(100)
    past.steering.toggle_play()
    past.action_book["step"].trigger()
    assert not past.lab.playhead.filming
    assert past.lab.playhead.step in (101, 102)


def test_going_back_holds_training_live_or_train_on_release_it(training: MainWindow, qtbot: QtBot) -> None:
    click(training, 60)
    assert training.lab.playhead.held
    qtbot.waitUntil(training.lab.playhead.__class__.exact.fget.__get__(training.lab.playhead))  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: run_of(training).has_obeyed)
    qtbot.waitUntil(lambda: not training.frame.isActive())  # then all is told that was learned before
    step = run_of(training).step
    qtbot.wait(120)
    assert run_of(training).step == step
    training.timeline.live_button.click()
    assert training.lab.playhead.live
    qtbot.waitUntil(lambda: run_of(training).step > step + 50)
    training.action_book["train_on"].trigger()
    training.lab.playhead.visit(60)  # by now it may have learned so much that no pixel of the strip is near
    behind = run_of(training).step
    qtbot.waitUntil(lambda: run_of(training).step > behind + 50)
    assert not training.lab.playhead.held
    qtbot.waitUntil(lambda: training.timeline.field.text().endswith("training continues"))


@one_quick("name", ["cost_plot", "accuracy_plot"])
def test_a_click_on_a_curve_goes_there(past: MainWindow, name: str) -> None:
    plot = plot_of(past, name)
    QTest.mouseClick(plot.viewport(), LEFT, pos=on_curve(plot, 1.0))
    assert abs((past.lab.playhead.step or 0) - 101) <= 1
    plot.setFocus()
    QTest.mouseMove(plot.viewport(), on_curve(plot, 2.0))
    QTest.keyClick(plot, Qt.Key.Key_Return)
    assert abs((past.lab.playhead.step or 0) - 202) <= 1
    double_click(plot.viewport(), on_curve(plot, 1.0))
    assert past.lab.playhead.live


def test_a_click_on_the_point_of_a_measurement_goes_to_its_own_step(past: MainWindow, qtbot: QtBot) -> None:
    past.lab.runs.send(Step(17))
    qtbot.waitUntil(lambda: run_of(past).step == END + 17 and not run_of(past).playing)
    qtbot.waitUntil(lambda: run_of(past).history.measured("validation", END + 17).step == END + 17)
    run = run_of(past)
    measured = run.history.measured("validation", END)
    qtbot.waitUntil(lambda: not past.frame.isActive())
    plot = plot_of(past, "accuracy_plot")
    point = plot.frame.point(measured.digits / run.epoch, measured.accuracy)
    for off in (-4, 4):
        QTest.mouseClick(plot.viewport(), LEFT, pos=QPoint(round(point.x()) + off, round(point.y())))
        assert past.lab.playhead.step == measured.step


def test_dragging_a_curve_moves_it_and_looks_nowhere(past: MainWindow) -> None:
    plot, strip = plot_of(past, "cost_plot"), past.timeline.strip
    QTest.mouseClick(plot.viewport(), LEFT, pos=on_curve(plot, past.curves.axis.window[1]))
    assert past.lab.playhead.live, "a click beyond the end"
    beyond = round(strip.axis.left + strip.axis.width)
    QTest.mouseClick(strip.viewport(), LEFT, pos=QPoint(beyond, round(strip.middle(0))))
    assert past.lab.playhead.live
    begin = on_curve(plot, 1.0)
    plot.gestures.zoom(0.3, 1.0)
    low = past.curves.axis.window[0]
    QTest.mousePress(plot.viewport(), LEFT, pos=begin)
    for by in (5, 15, 40):
        QTest.mouseMove(plot.viewport(), begin - QPoint(by, 0))
    QTest.mouseRelease(plot.viewport(), LEFT, pos=begin - QPoint(40, 0))
    assert past.curves.axis.window[0] > low
    assert past.lab.playhead.live


@one_quick(
    ("back", "on", "modifier"),
    [
        (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight, Qt.KeyboardModifier.NoModifier),
        (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier),
    ],
)
def test_brackets_go_from_flag_to_flag(
    past: MainWindow, qtbot: QtBot, back: Qt.Key, on: Qt.Key, modifier: Qt.KeyboardModifier
) -> None:
    run = run_of(past)
    past.lab.runs.send(Edited(*NOW, WeightEdit(2, ((5, BIAS),), (1_000.0,))))  # now all digits are read as 5
    qtbot.waitUntil(lambda: run.best_so_far is not None and run.best_so_far.step < END == run.step)
    best = run.best_so_far
    press(past, back, modifier)
    assert past.lab.playhead.step == max(FLAG, best.step)
    qtbot.waitUntil(past.action_book["flag_back"].isEnabled)
    press(past, back, modifier)
    assert past.lab.playhead.step == min(FLAG, best.step)
    press(past, on, modifier)
    assert past.lab.playhead.step == max(FLAG, best.step)


def test_comma_and_full_stop_go_by_one_mini_batch_unless_one_types(past: MainWindow, qtbot: QtBot) -> None:
    for key, step in ((Qt.Key.Key_Comma, END - 1), (Qt.Key.Key_Comma, END - 2), (Qt.Key.Key_Period, END - 1)):
        press(past, key)
        assert past.lab.playhead.step == step
    past.lab.playhead.live_again()
    field = past.controls.eta.field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0,.[] 4")
    assert past.lab.playhead.live


def plan_eta(window: MainWindow, qtbot: QtBot, eta: str) -> None:
    field = window.controls.eta.field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, eta)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_eta_changed_in_the_past_is_a_plan_and_touches_no_run(past: MainWindow, qtbot: QtBot) -> None:
    acts = run_of(past).history.interventions
    go_back(past, qtbot, 60)
    qtbot.waitUntil(lambda: past.controls.eta.value() == 3.0)  # what held then
    plan_eta(past, qtbot, "0.7")
    foot = past.controls.foot
    qtbot.waitUntil(foot.discard_button.isVisible)
    assert foot.about.text() == "η 3.0 → 0.7 from mini-batch 60"
    assert foot.branch_button.text() == "Branch with η 0.7"
    assert not past.controls.eta.label.dot.isHidden()
    slider = past.controls.eta.slider
    knob = slider.hollow.geometry().center().x()
    assert slider.hollow.isVisible()  # the η that acts; the full knob is the planned one
    assert knob > slider.width() * slider.value() / slider.maximum()
    assert not foot.new_run_button.isVisible()
    foot.discard_button.click()
    qtbot.waitUntil(foot.discard_button.isHidden)
    assert past.controls.eta.label.dot.isHidden()
    assert not slider.hollow.isVisible()
    assert foot.branch_button.text() == "Branch here"  # a twin
    assert past.lab.settings.draft.plan == {}
    assert past.controls.eta.value() == 3.0
    plan_eta(past, qtbot, "0.7")
    undo = past.undo.undo_action
    qtbot.waitUntil(lambda: undo.text() == "&Drop the plan")
    QTest.keyClick(past.controls.eta.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: past.controls.eta.value() == 3.0)
    assert past.lab.settings.draft.plan == {}, "the plan is dropped, and no act undone"
    qtbot.waitUntil(lambda: undo.text() != "&Drop the plan")
    past.lab.playhead.live_again()
    qtbot.waitUntil(lambda: "η 3.0 → 0.5" in undo.text())  # η 3 → 0.5, which was done live
    qtbot.waitUntil(lambda: past.controls.eta.value() == 0.5)
    assert run_of(past).history.interventions == acts


def test_branch_here_has_the_same_past_and_the_plan(past: MainWindow, qtbot: QtBot) -> None:
    parent = run_of(past)
    go_back(past, qtbot, 60)
    plan_eta(past, qtbot, "0.7")
    foot = past.controls.foot
    past.controls.apply({"seed": 7})
    qtbot.waitUntil(foot.branch_button.isVisible)
    assert foot.about.accessibleName() == "2 settings changed, some for a new run"
    assert not foot.new_run_button.isVisible()
    foot.branch_button.click()
    qtbot.waitUntil(foot.new_run_button.isVisible)
    assert foot.about.text() == "seed 7 in a new run", "the plan is counted first"
    branch = run_of(past)
    assert branch is not parent
    assert past.lab.playhead.live
    qtbot.waitUntil(lambda: branch.moment is not None)
    assert branch.step == 60
    qtbot.waitUntil(lambda: branch.moment is not None and branch.moment.settings.eta == 0.7)
    assert parent.step == END
    assert past.controls.eta.value() == 0.7
    chosen = past.timeline.strip.selected
    assert chosen is None or chosen.run == branch.number


def test_a_butterfly_names_its_weight(past: MainWindow, qtbot: QtBot) -> None:
    go_back(past, qtbot, 60)
    past.action_book["butterfly"].trigger()
    said = past.line.message.text
    qtbot.waitUntil(lambda: "smallest possible amount" in said.accessibleName())
    assert "because" not in said.accessibleName()


def test_every_view_shows_the_moment_and_says_so(past: MainWindow, qtbot: QtBot) -> None:
    past.open_unit(1, 3)
    go_back(past, qtbot, 60)
    qtbot.waitUntil(lambda: not past.frame.isActive())
    assert past.timeline.field.text() == f"mini-batch 60 of {END}, paused"
    assert past.network.head.layer_note.text().endswith("at 60")
    qtbot.waitUntil(lambda: past.unit_detail.header.title.text().endswith("· at 60"))
    assert past.line.status.accessibleName().startswith("You look back ·")
    assert past.controls.eta.value() == 3.0
    assert past.transport.epoch.value.text() == "0.59"


def test_the_accuracy_is_the_last_before_and_then_that_of_the_moment(past: MainWindow, qtbot: QtBot) -> None:
    digits = past.lab.digits

    def share() -> str:
        """What the network of the moment reads right, counted here."""
        moment = past.lab.shown.moment
        right = moment.network.predictions(digits.validation.images) == digits.validation.labels
        return f"{100 * right.mean():.2f} %"

    live = share()
    go_back(past, qtbot, 60)
    qtbot.waitUntil(lambda: past.lab.shown.measured["validation"].step == 60)
    qtbot.waitUntil(lambda: past.transport.accuracy.title.text() == "accuracy")
    qtbot.waitUntil(lambda: past.transport.accuracy.value.text() == share())
    assert share() != live


def test_notices_can_not_be_applied_in_the_past(past: MainWindow, qtbot: QtBot) -> None:
    notices, button = past.line.notices, past.line.message.offer_button

    def offered(on: bool) -> bool:
        """What is found on the run itself may be told in between."""
        notices.show_findings([Finding("run_diverged", {}, remedy={"eta": 0.1})])
        return button.isVisible() and button.isEnabled() == on

    qtbot.waitUntil(lambda: offered(True))
    go_back(past, qtbot, 60)
    qtbot.waitUntil(lambda: offered(False))
    assert "Live" in button.toolTip()
    past.steering.apply(Finding("run_diverged", {}, remedy={"eta": 0.1}))
    assert past.lab.settings.draft.plan == {}


def test_a_near_moment_is_marked_and_ranks_no_digits(past: MainWindow, qtbot: QtBot) -> None:
    past.open_unit(1, 3)
    unit = past.unit_detail
    qtbot.waitUntil(lambda: bool(unit.ranked.most.shown))
    shown = past.lab.shown
    assert shown.moment is not None
    near = replace(shown, playhead=60, held=True, moment=replace(shown.moment, kind="near"))

    def is_near() -> bool:
        """A frame of the window may come in between."""
        for view in (unit, past.transport, past.network):
            view.draw(near)
        told = unit.ranked.note.text() == "ranked at the exact moment"
        return told and unit.header.title.accessibleName().endswith(f"· at ≈ {END}")

    qtbot.waitUntil(is_near)
    assert not past.lab.jobs.is_open(unit.ranked.KEY)
    assert past.transport.epoch.title.text().startswith("≈")
    assert past.network.head.layer_note.text().endswith(f"at ≈ {END}")


def test_saving_takes_moment_shown(past: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Moment | None] = []
    monkeypatch.setattr(past.documents, "ask_save", lambda shown: asked.append(shown().moment))
    past.lab.playhead.visit(60)
    past.action_book["save_network"].trigger()
    qtbot.waitUntil(lambda: bool(asked))
    assert (asked[0].step, asked[0].kind) == (60, "exact")


def test_looking_writes_nothing(past: MainWindow, qtbot: QtBot) -> None:
    run = run_of(past)
    before = {name: columns.rows.tobytes() for name, columns in run.history.curves.items()}
    costs, acts = run.history.costs.rows.tobytes(), run.history.interventions
    weights = run.moment.network.parameters.tobytes() if run.moment else b""
    for step in (10, 60, 200, 0):
        go_back(past, qtbot, step)
    qtbot.waitUntil(lambda: past.lab.shown.measured["validation"].step == 0)
    past.lab.playhead.live_again()
    past.lab.take()
    assert {name: columns.rows.tobytes() for name, columns in run.history.curves.items()} == before
    assert (run.history.costs.rows.tobytes(), run.history.interventions) == (costs, acts)
    assert run.moment.network.parameters.tobytes() == weights
