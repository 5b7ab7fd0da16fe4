"""Lines are named where they end, flags are at the axis, and the run before stands behind, without a say."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QGraphicsItem, QGraphicsPixmapItem, QGraphicsRectItem, QLabel
from pytestqt.qtbot import QtBot

from mnistviz.engine.acts import Changed, Frozen, Restored, Stepped
from mnistviz.engine.fork import Fork
from mnistviz.engine.history import SETS, History
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Network, Unit
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.painted_text import Painted, watched
from mnistviz.gui.common.painter_tools import spread
from mnistviz.gui.common.scales import Range, has_leapt
from mnistviz.gui.curves.curves import Curves
from mnistviz.gui.curves.drawn_runs import DrawnRun
from mnistviz.gui.curves.titled_plot import CurveLegend
from mnistviz.gui.lab.shown import Lifecycle, RunFacts, Shown
from tests.examples import one_quick
from tests.gui.children import known
from tests.gui.curves.test_curves import (
    DIGITS,
    british_numbers,
    curves,
    grown,
    history,
    hover,
    live,
    marks,
    plot,
    run_with,
)

__all__ = ["british_numbers", "curves"]


def names(curves: Curves, name: str = "accuracy_plot") -> dict[str, QRectF]:
    """Where the names of lines are, in pixels of the plot."""
    return plot(curves, name).names.rooms()


def texts(painted: list[Painted]) -> list[str]:
    return [text.text for text in painted]


def legend(curves: Curves, name: str) -> str:
    return known(curves.plot_picture(name).findChild(CurveLegend)).accessibleDescription()


def test_each_line_is_named_where_it_ends(curves: Curves) -> None:
    curves.draw(live(history(20_000)))
    placed, frame = names(curves), plot(curves, "accuracy_plot").frame
    assert placed.keys() == {*SETS}
    for name, final in (("training", 0.98), ("validation", 0.96), ("test", 0.958)):
        end = frame.point(4, final)
        assert 0 < placed[name].left() - end.x() < 12
        assert abs(placed[name].center().y() - end.y()) < 20
    assert names(curves, "cost_plot").keys() == {"mean"}


@pytest.mark.parametrize("size", [(560, 160), (810, 420), (1100, 260)])
@pytest.mark.parametrize("mini_batches", [1, 500, 5_100, 20_000])
def test_names_are_apart_and_in_the_plot(curves: Curves, size: tuple[int, int], mini_batches: int) -> None:
    curves.resize(*size)
    QApplication.processEvents()
    curves.draw(live(history(mini_batches)))
    for name in ("cost_plot", "accuracy_plot"):
        placed = sorted(names(curves, name).values(), key=QRectF.top)
        room = QRectF(plot(curves, name).viewport().rect())
        assert all(room.contains(each) for each in placed)
        assert all(above.bottom() - below.top() <= 5 for above, below in pairwise(placed)), "letters overlap"


def test_no_name_stands_for_long_beside_another_line(curves: Curves) -> None:
    """Where lines have crossed, names follow while the run learns, as soon as one sees it, and at the latest when it
    rests."""
    view, made = plot(curves, "accuracy_plot"), history(20_000)
    run = run_with(made)

    def order(step: int, apart: float, lifecycle: Lifecycle = Lifecycle.LEARNING) -> list[str]:
        """The names from the top down after measurements where validation is so many pixels above test."""
        nonlocal made
        if apart:
            y = view.frame.y
            high = apart * (y.high - y.low) / view.frame.area.height()
            for name, share in (("validation", 0.96 + high), ("test", 0.96)):
                made = made.with_accuracy(name, step, 10 * step, share)
        curves.draw(Shown(DIGITS, replace(run, history=made, lifecycle=lifecycle)))
        placed = names(curves)
        return sorted(("validation", "test"), key=lambda text: placed[text].top())

    order(20_000, 0)
    for step, apart, upper in (
        (20_100, 8, "validation"), (20_200, -2, "validation"), (20_300, -8, "test"), (20_400, 2, "test"),
    ):  # fmt: skip
        assert order(step, apart)[0] == upper, step
    assert order(20_400, 0, Lifecycle.RESTING)[0] == "validation", "it rests, with nothing new"
    before, y = names(curves)["training"].top(), view.frame.y
    higher = 0.98 + 8 * (y.high - y.low) / view.frame.area.height()
    made = made.with_accuracy("training", 20_500, 205_000, higher)
    order(20_500, 0)
    assert names(curves)["training"].top() == before, "it does not tremble"
    order(20_500, 0, Lifecycle.RESTING)
    assert names(curves)["training"].top() < before


@given(st.lists(st.floats(0, 200), max_size=8))
def test_names_are_a_line_apart_and_in_the_order_of_their_ends(wanted: list[float]) -> None:
    tops = spread(wanted, 15, 0, 185)
    order = sorted(range(len(wanted)), key=lambda number: wanted[number])
    placed = [tops[number] for number in order]
    assert all(after - before >= 15 - 1e-9 for before, after in pairwise(placed))
    assert not placed or placed[-1] <= 185
    if len(wanted) == 1:
        assert tops == [min(wanted[0], 185)]


def test_what_lies_ahead_of_the_playhead_is_pale_and_no_name_is(curves: Curves) -> None:
    network = Network((784, 5, 10), seed=1)
    run = run_with(history(20_000))
    run = replace(run, moment=Moment(run.number, 20_000, 200_000, network, run.settings, network))
    curves.draw(Shown(DIGITS, run, run.moment, playhead=5_000))
    view = plot(curves, "accuracy_plot")
    veil, frame = view.veil, view.frame
    assert veil.isVisible()
    assert veil.rect().left() == pytest.approx(frame.x_of(1.0), abs=1)
    assert veil.zValue() < view.names.items()[0].zValue()
    below = [line.items()[0].parentItem().zValue() for line in view.line_items.values()]
    assert max(below) < veil.zValue()
    curves.draw(Shown(DIGITS, run, run.moment))
    assert not veil.isVisible()


def test_where_one_name_would_lie_on_the_playhead_all_of_its_column_stand_beyond_it(curves: Curves) -> None:
    """A short one had room before it, and stood alone there."""
    network, made = Network((784, 5, 10), seed=1), history(20_000)
    for more in range(0, 6_000, 200):
        run = run_with(made.with_costs(20_000, 200_000, np.full(more, 0.1), 10))
        step = 20_000 + more
        run = replace(run, moment=Moment(run.number, step, 10 * step, network, run.settings, network))
        curves.draw(Shown(DIGITS, run, run.moment))
        lefts = {round(room.left()) for text, room in names(curves).items() if text != "mean"}
        assert len(lefts) == 1, more


def test_shares_of_the_first_digits_are_hollow_points_on_a_thin_line_of_their_own(curves: Curves) -> None:
    made = History()
    for step, share, part in (
        (1, 0.916, 500), (500, 0.93, 500), (5_000, 0.95, 0), (5_500, 0.92, 500), (6_000, 0.92, 500), (7_000, 0.92, 500),
    ):  # fmt: skip
        made = made.with_accuracy("validation", step, 10 * step, share, part, complete=not part)
    curves.draw(live(made))
    view = plot(curves, "accuracy_plot")
    assert view.drawing is not None
    lines = {line.name[1]: line for line in view.drawing.lines}
    assert lines["validation"].y.tolist() == [0.95]
    assert lines["validation 500"].y.tolist() == [0.916, 0.93, 0.92, 0.92, 0.92]
    assert lines["validation 500"].style.hollow
    assert "500" in legend(curves, "accuracy")
    assert names(curves)["validation"].left() > view.frame.x_of(1.0), (
        "until there is a line, dots have its name"
    )
    made = made.with_accuracy("validation", 10_000, 100_000, 0.96).with_accuracy(
        "validation", 15_000, 150_000, 0.97
    )
    curves.draw(live(made))
    line = next(line for line in view.drawing.lines if line.name[1] == "validation")
    assert line.y.tolist() == [0.95, 0.96, 0.97], "one line, whatever was read in part meanwhile"
    assert view.line_items[line.name].dots.path().isEmpty()
    for step in (11_000, 12_000, 13_000):
        made = made.with_accuracy("validation", step, 10 * step, 0.85, 500, complete=False)
    curves.draw(live(made))
    again = next(line for line in view.drawing.lines if line.name[1] == "validation")
    assert again.y.tolist() == pytest.approx([0.95, 0.96, np.nan, 0.97], nan_ok=True), "which went otherwise"
    assert lines.keys() == {line.name[1] for line in view.drawing.lines}
    assert names(curves)["validation"].center().y() < view.frame.point(2, 0.95).y()


def with_settings(made: History, **changes: object) -> RunFacts:
    settings = replace(Settings(), **changes)
    return replace(run_with(made), settings=settings, epoch=DIGITS.epoch(settings))


def of_larger_network() -> History:
    """Accuracies as a run of a larger network has them: early ones on 500 digits, and on 3,022 at ends of epochs."""
    made = History()
    for name in ("validation", "test"):
        made = made.with_accuracy(name, 0, 0, 0.1)
        for step in (100, 300, 1_000, 2_000, 3_000):
            made = made.with_accuracy(name, step, 10 * step, 0.5 + step / 10_000, 500, complete=False)
        for epoch in (1, 2, 3, 4):
            step, share = 5_000 * epoch, 0.9 + epoch / 100
            made = made.with_accuracy(name, step, 10 * step, share, 3_022, complete=False)
    return made


def test_shares_of_the_same_first_digits_are_a_thinner_line(curves: Curves) -> None:
    curves.draw(live(of_larger_network()))
    view = plot(curves, "accuracy_plot")
    lines = {line.name[1]: line for line in known(view.drawing).lines}
    whole, part = lines["validation"].style, lines["validation 3022"].style
    assert not part.hollow
    assert (part.colour, part.dash) == (whole.colour, whole.dash)
    assert part.width < whole.width
    assert lines["validation 3022"].y.tolist() == pytest.approx([0.91, 0.92, 0.93, 0.94])
    assert lines["validation 500"].style.hollow
    assert all(number in legend(curves, "accuracy") for number in ("3,022", "500"))
    end = view.frame.point(4, 0.94)
    assert 0 < names(curves)["validation"].left() - end.x() < 12, "the line that goes furthest has the name"
    curves.draw(live(of_larger_network().with_accuracy("validation", 21_000, 210_000, 0.935)))
    whole_line = next(line for line in known(view.drawing).lines if line.name[1] == "validation")
    assert whole_line.y.tolist() == pytest.approx([0.1, np.nan, 0.935], nan_ok=True)
    assert names(curves)["validation"].left() > view.frame.x_of(4.2), "the whole set is measured last"


def test_another_run_has_no_straight_line_through_its_first_epoch(curves: Curves) -> None:
    other, shown = run_with(of_larger_network(), "A"), run_with(history(20_000), "B")
    curves.draw(Shown(DIGITS, shown, other_runs=(other,)))
    view = plot(curves, "accuracy_plot")
    assert view.drawing is not None
    lines = {line.name[1]: line for line in view.drawing.lines if line.name[0] == other.number}
    assert lines.keys() == {"validation", "validation 500", "validation 3022"}, (
        "of others the validation set alone"
    )
    assert all(line.style.faint for line in lines.values())
    assert lines["validation"].y.tolist() == [0.1]
    assert lines["validation 500"].style.hollow
    assert lines["validation 3022"].y.tolist() == pytest.approx([0.91, 0.92, 0.93, 0.94])
    assert 0 < names(curves)["A 94.0 %"].left() - view.frame.area.right() < 12
    made = other.history.with_accuracy("validation", 5_000, 50_000, 0.912)
    curves.draw(Shown(DIGITS, shown, other_runs=(replace(other, history=made),)))
    line = next(line for line in view.drawing.lines if line.name == (other.number, "validation"))
    assert line.y.tolist() == pytest.approx([0.1, np.nan, 0.912], nan_ok=True)
    branch = replace(run_with(made, "C"), parent=Fork(shown.number, 2_500, 25_000, {}))
    curves.draw(Shown(DIGITS, shown, other_runs=(branch,)))
    lines = {line.name[1]: line for line in view.drawing.lines if line.name[0] == branch.number}
    assert lines["validation 500"].x.tolist() == pytest.approx([0.6]), (
        "its own past alone, and no invented dot"
    )
    assert np.isfinite(lines["validation"].y).sum() == 1, "no line from a place where nothing was measured"


def test_in_a_narrow_plot_the_axis_of_mini_batches_has_two_labels_at_least(curves: Curves) -> None:
    curves.resize(420, 160)
    QApplication.processEvents()
    curves.x_minibatches_action.trigger()
    for step in (90, 5_100, 20_000, 516_083):
        made = history(min(step, 20_000))
        if step > 20_000:
            made = made.with_costs(step, 10 * step, np.ones(1), 10)
        with watched() as painted:
            curves.draw(live(made))
        numbers = {text for text in texts(painted) if text.replace(",", "").isdigit()}
        assert len(numbers) >= 2, step


def test_the_name_of_a_line_that_is_not_in_view_is_not_there(curves: Curves) -> None:
    shown = live(history(16_400))
    curves.draw(shown)
    curves.axis.zoom = (3.2, 4.0)
    curves.draw(shown)
    assert names(curves).keys() == {*SETS}
    curves.axis.zoom = (3.9, 4.0)
    curves.draw(shown)
    assert not names(curves)


def test_a_name_rests_while_the_end_of_its_line_moves_a_little(curves: Curves) -> None:
    made = history(20_050)
    shown = live(made)
    shown = replace(shown, run=replace(known(shown.run), lifecycle=Lifecycle.LEARNING))
    curves.draw(shown)
    before = names(curves, "cost_plot")["mean"].top()
    for step, cost in ((20_050, 0.031), (20_250, 0.029), (20_450, 0.031)):
        made = made.with_costs(step, step * 10, np.full(200, cost), 10)
        curves.draw(grown(shown, made))
        assert names(curves, "cost_plot")["mean"].top() == before


def test_dots_are_where_they_fill_no_dash(curves: Curves) -> None:
    curves.draw(live(history(0)))  # a point alone makes no line
    view = plot(curves, "accuracy_plot")
    assert all(not line.dots.path().isEmpty() for line in view.line_items.values())
    curves.draw(live(history(5_000)))
    dotted = {name for (_, name), line in view.line_items.items() if not line.dots.path().isEmpty()}
    assert dotted == {"training"}


def test_units_stand_beside_the_axis(curves: Curves) -> None:
    with watched() as painted:
        curves.draw(live(history(20_000)))
    assert texts(painted).count("epochs") == 2
    assert "4" in texts(painted)
    with watched() as painted:
        curves.x_minibatches_action.trigger()
    assert texts(painted).count("mini-batches") == 2
    assert not any("0 mini" in text for text in texts(painted))


def test_a_curve_below_its_axis_leaves_the_picture(curves: Curves) -> None:
    made = history(20_000)
    made = made.with_accuracy("training", 20_000, 200_000, 1.0)
    curves.error_scale_action.trigger()
    curves.draw(live(made))
    view = plot(curves, "accuracy_plot")
    [training] = [line for (_, name), line in view.line_items.items() if name == "training"]
    assert known(training.end).y() > view.frame.area.bottom() + 10
    clip = training.items()[0].parentItem()
    assert isinstance(clip, QGraphicsRectItem)
    assert clip.flags() & QGraphicsItem.GraphicsItemFlag.ItemClipsChildrenToShape
    assert clip.rect().bottom() <= view.frame.area.bottom() + 1
    arrow = view.names.arrows.path()
    assert arrow.boundingRect().center().y() == pytest.approx(names(curves)["training"].center().y(), abs=2)
    assert arrow.elementAt(2).y > arrow.elementAt(0).y, "its tip is below"


def test_before_and_after_a_collapse_both_can_be_read(curves: Curves) -> None:
    made, chance = History(), np.random.default_rng(0)
    for step, level in ((0, 0.05), (10_000, 0.5), (15_000, 0.05)):
        made = made.with_costs(step, step * 10, level * chance.gamma(4, 0.25, 5_000 if step else 10_000), 10)
    shown = live(made)
    curves.draw(shown)
    frame = plot(curves).frame
    assert frame.y.log
    for level in (0.05, 0.5):
        y = frame.point(1, level).y()
        assert frame.area.top() + 5 < y < frame.area.bottom() - 0.15 * frame.area.height()
    cost = curves.plot_picture("cost")
    assert "logarithmic" in cost.about.accessibleName()
    (axis,) = (each for each in curves.tab_tools.switches if each.objectName() == "cost_axis")
    assert axis.value() == "log", "the switch says what is drawn"
    assert not curves.chosen.now.curves.log_cost, "which the next start need not draw"
    axis.parts["linear"].click()
    assert not plot(curves).frame.y.log
    curves.draw(shown)
    assert (axis.value(), plot(curves).frame.y.log) == ("linear", False), "and is obeyed"
    axis.parts["log"].click()
    assert curves.chosen.now.curves.log_cost
    curves.log_cost_action.setChecked(False)
    curves.draw(live(history(1_000)))
    curves.draw(shown)
    assert axis.value() == "log", "another run begins anew"
    curves.axis.zoom = (0.0, 1.9)  # of the part before alone
    curves.draw(shown)
    assert not plot(curves).frame.y.log
    assert axis.value() == "linear"
    assert "logarithmic" not in cost.about.accessibleName()


@pytest.mark.parametrize(
    ("levels", "leapt"),
    [
        ([0.5, 0.1, 0.05, 0.01, 0.001], False),  # it only falls
        ([0.5, 0.05, 0.5], True),
        ([0.5, 0.05, 0.2], False),
        ([np.nan] * 5, False),
        ([0.1, 1e6], True),
    ],
)
def test_a_leap_is_a_lasting_rise_to_ten_times_as_much(levels: list[float], leapt: bool) -> None:
    noise = np.random.default_rng(1).gamma(2, 0.5, (len(levels), 100))
    assert has_leapt((np.array(levels)[:, np.newaxis] * noise).ravel(), before=False) == leapt
    assert not has_leapt(np.array([0.01, 1.0]), before=True)  # too few to tell


@pytest.mark.parametrize("zoom", [None, (9.98, 10.02), (9.9, 10.1)])
def test_a_spike_is_drawn_after_its_flag(curves: Curves, zoom: tuple[float, float] | None) -> None:
    """Also where a point sums up mini-batches from before the change and after it."""
    made, step = History(), 50_040
    costs = np.full(100_000, 0.05)
    costs[step + 1 : step + 60] = 5.0
    made = made.with_costs(0, 0, costs, 10)
    made = made.with_intervention(Changed(step, 10 * step, (("eta", 3.0, 100.0),)))
    shown = live(made)
    curves.draw(shown)
    curves.axis.zoom = zoom
    curves.draw(shown)
    [mark] = marks(curves)
    [line] = known(plot(curves).drawing).lines
    before = line.x < mark.place
    assert line.y[before].max() == pytest.approx(0.05)
    assert line.y[~before].max() > 0.06
    assert np.all(np.diff(line.x) >= 0)
    cursor = float(line.x[~before][np.argmax(line.y[~before])])
    column = known(curves.axis.runs[0].column("cost", cursor, "digits"))
    assert curves.axis.runs[0].middle_of_cost(column, "digits") == pytest.approx(cursor)


def test_flags_lie_at_the_axis_and_not_on_the_curves(curves: Curves) -> None:
    made = history(20_000)
    for step in range(1_000, 20_000, 900):
        made = made.with_intervention(Changed(step, step * 10, (("eta", 3.0, 3.0 + step),)))
    curves.draw(live(made))
    view = plot(curves)
    picture = view.flags.pixmap().toImage()
    rows = [
        y
        for y in range(picture.height())
        if any(picture.pixelColor(x, y).alpha() for x in range(picture.width()))
    ]
    assert min(rows) > view.frame.area.bottom() - 20
    places = [view.frame.point(mark.place, 0).x() for mark in marks(curves)]
    assert len(places) > 15
    assert min(after - before for before, after in pairwise(places)) > 8


def test_the_words_of_a_flag_are_on_the_screen_once(qtbot: QtBot, curves: Curves) -> None:
    made = history(20_000)
    for step in (5_000, 15_000):
        made = made.with_intervention(Changed(step, step * 10, (("eta", 3.0, 0.5),)))
    qtbot.addWidget(curves.tab_tools)
    curves.tab_tools.resize(700, 40)
    curves.draw(live(made))
    both = [plot(curves), plot(curves, "accuracy_plot")]
    flag = curves.tab_tools.flag
    for number, view in enumerate(both):
        for place, in_row in ((1.0, True), (3.0, False)):
            said = [hover(qtbot, view, place), both[1 - number].accessibleDescription()]
            assert ["→" in each for each in said] == [True, False]
            assert ("→" in flag.text()) == in_row
    qtbot.keyClick(both[1], Qt.Key.Key_Escape)
    assert "→" in flag.text()


def crashed(*acts: Restored) -> Shown:
    """A run that learned for 10,000 mini-batches, crashed for 5,000, and learned again for 5,000."""
    made, chance = History(), np.random.default_rng(0)
    for step, cost, share in ((0, 0.05, 0.95), (5_000, 0.05, 0.95), (10_000, 0.5, 0.1), (15_000, 0.05, 0.94)):
        made = made.with_costs(step, step * 10, cost * chance.gamma(40, 0.025, 5_000), 10)
        for act in acts[:1]:
            if act.step == step:
                made = made.with_intervention(act)
        for name in SETS:
            if step in (0, 15_000):  # also right after going back
                made = made.with_accuracy(name, step, step * 10, share)
            made = made.with_accuracy(name, step + 5_000, (step + 5_000) * 10, share)
    for act in acts[1:]:
        made = made.with_intervention(act)
    return live(made)


BACK = Restored(15_000, 150_000, 10_000)


def test_the_axes_recover_from_a_crash_that_was_left_by_going_back(curves: Curves) -> None:
    def axes(shown: Shown, zoom: tuple[float, float] | None = None) -> tuple[Range, Range]:
        curves.axis.zoom = zoom
        curves.draw(shown)
        cost, accuracy = (plot(curves, name).frame.y for name in ("cost_plot", "accuracy_plot"))
        return cost, accuracy

    cost, accuracy = axes(crashed())
    assert cost.log
    assert accuracy.low < 0.1
    back = crashed(BACK)
    cost, accuracy = axes(back)
    assert not cost.log
    assert cost.high < 0.2
    assert accuracy.low == 0.9
    assert axes(back, (1.5, 4.0))[1].low < 0.1, "what one zooms in on is seen whole"
    again = crashed(BACK, Restored(20_000, 200_000, 15_000))
    assert axes(again)[1].low < 0.1, "the weights of now come from the crash again"


def test_going_back_is_a_fork_of_the_line_with_a_name(curves: Curves) -> None:
    shown = crashed(BACK)
    for zoom, count in ((None, 2), ((1.9, 9.0), 0), (None, 2)):
        curves.axis.zoom = zoom
        with watched() as painted:
            curves.draw(shown)
        assert texts(painted).count("back to mini-batch 10,000") == count, "it hides no line behind it"
    for name, level, upper in (("cost_plot", 0.05, True), ("accuracy_plot", 0.95, False)):
        drawing = known(plot(curves, name).drawing)
        (way,) = drawing.ways_back
        assert (way.source, way.place) == (2.0, 3.0)
        assert way.height == pytest.approx(level, rel=0.1)
        assert way.beyond is not None
        assert way.beyond[1] == upper, "the crash leaves the plot there"
        assert 2.0 < way.beyond[0] <= 3.0
        for line in drawing.lines:
            gap = np.flatnonzero(np.isnan(line.y))
            assert line.x[gap] == pytest.approx(3.0, abs=0.02)
            assert line.y[gap[0] - 1] == pytest.approx(0.5 if upper else 0.1, rel=0.1)
            assert line.y[gap[-1] + 1] == pytest.approx(0.05 if upper else 0.94, rel=0.1)
    run = known(shown.run)
    unread = {**run.history.curves, ("validation", 0): History().curves["validation", 0]}
    run, other = replace(run, history=replace(run.history, curves=unread)), replace(run, number=2)
    curves.draw(replace(shown, run=run, other_runs=(other,)))
    assert not known(plot(curves, "accuracy_plot").drawing).ways_back, "no validation yet, and no line"


@one_quick("size", [(400, 170), (560, 190), (810, 420)])
@pytest.mark.parametrize("name", ["cost_plot", "accuracy_plot"])
def test_the_box_covers_nothing(qtbot: QtBot, curves: Curves, size: tuple[int, int], name: str) -> None:
    made = history(123_456)
    made = made.with_accuracy("training", 123_456, 1_234_560, 0.99)
    step = 61_000
    made = made.with_intervention(Changed(step, step * 10, (("eta", 3.0, 0.5),)))
    curves.resize(*size)
    QApplication.processEvents()
    curves.draw(Shown(DIGITS, run_with(made), other_runs=(run_with(history(100_000)),)))
    view = plot(curves, name)
    readout = known(view.findChild(QLabel, "readout"))
    for place in np.linspace(0, 24.7, 23).tolist():
        hover(qtbot, view, place)
        assert view.rect().contains(readout.geometry())
        points = view.cursor_dots.path().toFillPolygons()
        for dot in points:
            assert not QRectF(readout.geometry()).contains(dot.boundingRect().center())
        metrics = readout.fontMetrics()
        words = readout.text().replace("\n", " ").split(" ")
        assert max(map(metrics.horizontalAdvance, words)) <= readout.width() - 14, readout.text()


def test_the_run_before_stretches_no_axis_but_that_of_the_accuracy(curves: Curves) -> None:
    wild = History().with_costs(0, 0, np.full(40_000, 7.0), 10)
    for step in (0, 20_000, 40_000):
        for name in SETS:
            wild = wild.with_accuracy(name, step, 10 * step, 0.1)
    alone = history(20_000)
    curves.draw(live(alone))

    def axes() -> list[tuple[object, object]]:
        frames = [plot(curves, name).frame for name in ("cost_plot", "accuracy_plot")]
        return [(frame.x, frame.y) for frame in frames]

    before = axes()
    both = Shown(DIGITS, run_with(alone), other_runs=(run_with(wild),))
    curves.draw(both)
    cost, accuracy = axes()
    assert cost == before[0]
    assert accuracy != before[1], "its accuracy has room, unless the selected run is to be fitted"
    curves.axis.fits_selected = True
    curves.draw(both)
    assert axes() == before


def drawn_series(curves: Curves, run: RunFacts) -> set[str]:
    drawings = [plot(curves, name).drawing for name in ("cost_plot", "accuracy_plot")]
    lines = [line for drawing in drawings if drawing is not None for line in drawing.lines]
    return {series for number, series in (line.name for line in lines) if number == run.number}


@pytest.mark.parametrize(
    ("its", "series", "said"),
    [
        ({"cost": "cross_entropy"}, {"validation"}, (True, False)),
        ({"cost": "cross_entropy", "output": "softmax"}, {"validation"}, (True, False)),
        ({"training_digits": 1_000}, set(), (True, True)),
        ({"eta": 1.0}, {"cost", "validation"}, (False, False)),
    ],
)
def test_what_can_not_be_compared_is_not_drawn_and_that_is_said(
    qtbot: QtBot, curves: Curves, its: dict[str, object], series: set[str], said: tuple[bool, bool]
) -> None:
    before = replace(with_settings(history(5_000), **its), letter="A")
    same = {"cost": "cross_entropy"} if "output" in its else {}  # called the same, and is another
    shown = replace(with_settings(history(5_000), **same), letter="B")
    curves.draw(Shown(DIGITS, shown, other_runs=(before,)))
    assert drawn_series(curves, before) == series
    for name, line, is_said in zip(("cost", "accuracy"), ("cost", "validation"), said, strict=True):
        assert ("A not drawn" in legend(curves, name)) == is_said
        read = "A mean" if name == "cost" else "A validation"
        assert (read in hover(qtbot, plot(curves, f"{name}_plot"), 0.5)) == (line in series)
    if "training_digits" in its:  # epochs of another length
        curves.x_minibatches_action.trigger()
        assert drawn_series(curves, before) == {"cost", "validation"}
        assert "A not drawn" not in legend(curves, "cost")


def test_what_stands_above_a_plot_follows_from_its_width_alone(curves: Curves) -> None:
    before = replace(with_settings(history(5_000), training_digits=1_000), letter="A")
    curves.draw(Shown(DIGITS, run_with(history(5_000), "B"), other_runs=(before,)))
    titled = curves.plot_picture("accuracy")

    def arranged(width: int) -> tuple[str, int, int]:
        curves.window().resize(width, 300)
        for _ in range(4):
            QApplication.processEvents()
        return titled.about.text(), titled.legend.x(), titled.legend.contentsMargins().right()

    widths = range(700, 1300, 40)
    assert [*map(arranged, widths)] == [*map(arranged, reversed(widths))][::-1]


def test_a_picture_of_the_curves_says_what_each_run_is(curves: Curves) -> None:
    """Below the plot, in as many lines as that needs: beside the title there was room for one of six."""
    others = tuple(
        replace(with_settings(history(5_000), eta=eta), letter=letter)
        for letter, eta in zip("ABCDE", (0.1, 0.2, 0.5, 1.0, 2.0), strict=True)
    )
    titled = curves.plot_picture("accuracy")
    with curves.ready(Shown(DIGITS, run_with(history(5_000), "F"), other_runs=others)), watched() as painted:
        size = titled.picture_size
        image = QImage(size, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        titled.paint(painter)
        painter.end()
        assert size.height() > titled.height()
        below = [each for each in painted if each.room.top() >= titled.height()]
        assert [each.text.split()[0] for each in below] == [*"ABCDEF"]
        assert all(each.fits and each.room.bottom() <= size.height() for each in below)


def test_in_a_picture_no_line_goes_through_a_name(curves: Curves) -> None:
    """Each is painted on a ground of its own, as on the screen."""
    view = plot(curves, "accuracy_plot")
    curves.draw(live(history(20_000)))
    image = QImage(view.viewport().size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    view.names.paint(painter)
    painter.end()
    for room in names(curves).values():
        corner = room.topLeft().toPoint() + QPoint(1, 1)
        assert image.pixelColor(corner).lightness() > 150


def test_what_was_changed_before_the_first_mini_batch_has_no_flag_unless_by_hand() -> None:
    for act in (Stepped(0, 0, 0.5, (1,)), Frozen(0, 0, Unit(1, 1))):
        drawn = DrawnRun(run_with(history(2_000).with_intervention(act)), 50_000)
        assert drawn.interventions(0, 2_000, 500, "steps") == [(0, range(1))]
    made = history(2_000)
    drawn = DrawnRun(run_with(made), 50_000)
    made = made.with_intervention(Changed(0, 0, (("eta", 3.0, 0.8),)))
    drawn.set_run(run_with(made))
    assert drawn.interventions(0, 2_000, 500, "steps") == []
    made = made.with_intervention(Changed(500, 5_000, (("eta", 0.8, 0.1),)))
    drawn.set_run(run_with(made))
    assert len(drawn.interventions(0, 2_000, 500, "steps")) == 1


def test_a_long_name_covers_no_letter_at_its_right(curves: Curves) -> None:
    others = tuple(
        run_with(history(step, seed=step), letter) for step, letter in ((19_000, "A"), (16_600, "C"))
    )
    for step in (14_000, 15_000, 16_000, 16_500):
        curves.draw(Shown(DIGITS, run_with(history(step), "B"), other_runs=others))
        for name in ("cost_plot", "accuracy_plot"):
            placed = names(curves, name)
            for one, other in combinations(placed.values(), 2):
                shared = one.intersected(other)
                assert shared.height() <= 5 or shared.width() <= 0, placed


def test_names_are_painted_once_and_then_only_moved(curves: Curves, monkeypatch: pytest.MonkeyPatch) -> None:
    made = history(20_050)
    shown = live(made)
    curves.draw(shown)
    painted: list[object] = []
    monkeypatch.setattr(QGraphicsPixmapItem, "setPixmap", lambda *what: painted.append(what))
    left = names(curves, "cost_plot")["mean"].left()
    for step in range(20_050, 24_000, 200):
        made = made.with_costs(step, step * 10, np.full(200, 0.03), 10)
        curves.draw(grown(shown, made))
    assert names(curves, "cost_plot")["mean"].left() > left
    assert not painted
