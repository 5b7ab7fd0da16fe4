"""The curves show what was measured, exactly, and stay calm whatever a run does."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import count, pairwise, product

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QLocale, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsPathItem,
    QGraphicsPolygonItem,
    QGraphicsRectItem,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from mnistviz.engine.acts import Changed
from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.history import SETS, History
from mnistviz.engine.settings import Settings
from mnistviz.gui.common.choices import Choices, Chosen, CurvesPart
from mnistviz.gui.common.painted_text import watched
from mnistviz.gui.common.scales import Range
from mnistviz.gui.common.theme import DARK, LIGHT, set_theme, theme
from mnistviz.gui.curves.compose import Composer, PlotLine
from mnistviz.gui.curves.curve_texts import CurveTexts
from mnistviz.gui.curves.curves import Curves
from mnistviz.gui.curves.drawn_runs import XAxis
from mnistviz.gui.curves.line_item import PIECES, LineItem
from mnistviz.gui.curves.marks import Mark
from mnistviz.gui.curves.pens import LineStyle
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.curves.plot_frame import Frame
from mnistviz.gui.curves.traces import Points
from mnistviz.gui.lab.shown import RunFacts, Shown
from tests.gui.children import known
from tests.gui.double_click import double_click

EPOCH = 50_000
NONE = DigitSet(np.empty((0, 784), np.uint8), np.empty(0, np.uint8))
DIGITS = Digits(
    "blank",
    DigitSet(np.broadcast_to(np.uint8(0), (EPOCH, 784)), np.zeros(EPOCH, np.uint8)),
    NONE,
    NONE,
    tuple("0123456789"),
    "blank",
)
NUMBERS = count(1)
NO_BREAK = "\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def british_numbers() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_GB"))
    yield
    QLocale.setDefault(before)


@pytest.fixture
def curves(qtbot: QtBot) -> Curves:
    view = Curves(Chosen())
    qtbot.addWidget(view)
    view.resize(810, 420)
    with qtbot.waitExposed(view):
        view.show()
    return view


@cache
def history(mini_batches: int, seed: int = 0) -> History:
    """A run whose cost falls and whose accuracy climbs, evaluated at step 0 and ten times later."""
    made = History()
    steps = np.arange(mini_batches)
    noise = np.random.default_rng(seed).gamma(2, 0.5, mini_batches)
    if mini_batches:
        made = made.with_costs(0, 0, (0.03 + np.exp(-steps / 500)) * noise, 10)
    for step in dict.fromkeys(np.linspace(0, mini_batches, 11).astype(int).tolist()):
        for name, final in (("training", 0.98), ("validation", 0.96), ("test", 0.958)):
            made = made.with_accuracy(name, step, step * 10, final - 0.88 * np.exp(-step / 500))
    return made


def run_with(made: History, letter: str = "") -> RunFacts:
    return RunFacts(next(NUMBERS), Settings(), letter=letter, epoch=EPOCH, history=made)


def live(made: History) -> Shown:
    """A run of 50,000 digits an epoch, and no other."""
    return Shown(DIGITS, run_with(made))


def grown(shown: Shown, made: History) -> Shown:
    """The same run with what it has done since."""
    return replace(shown, run=replace(known(shown.run), history=made))


def plot(curves: Curves, name: str = "cost_plot") -> Plot:
    found = curves.findChild(Plot, name)
    assert isinstance(found, Plot)
    return found


def marks(curves: Curves) -> tuple[Mark, ...]:
    return known(plot(curves).drawing).marks


def spot(view: Plot, place: float) -> QPoint:
    """The pixel in the middle of a plot's height at a place on its x axis."""
    return QPoint(round(view.frame.point(place, view.frame.y.low).x()), view.height() // 2)


def hover(qtbot: QtBot, view: Plot, place: float) -> str:
    qtbot.mouseMove(view.viewport(), QPoint(1, 1))
    qtbot.mouseMove(view.viewport(), spot(view, place))
    qtbot.waitUntil(lambda: bool(view.accessibleDescription()))
    return view.accessibleDescription().replace(NO_BREAK, " ")


def wheel(view: Plot, place: float, clicks: int, *, sideways: bool = False) -> None:
    at = QPointF(spot(view, place))
    turned = QPoint(120 * clicks, 0) if sideways else QPoint(0, 120 * clicks)
    event = QWheelEvent(
        at, view.viewport().mapToGlobal(at), QPoint(), turned, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


@pytest.mark.parametrize(
    ("sharp", "exact", "width"), [(False, False, 0.0), (True, False, 1.0), (True, True, 1.0)]
)
def test_a_long_line_is_one_pixel_wide_more_on_a_sharp_screen(sharp: bool, exact: bool, width: float) -> None:
    """A pen of width 0 is one pixel of the screen, however small that is."""
    rows = np.stack([np.arange(10_000.0), np.zeros(10_000)])
    line = PlotLine((1, "training"), Points(rows), 1, errors=False, style=LineStyle("#123456"))
    parent = QGraphicsRectItem()
    item = LineItem(parent)
    item.draw(line, Frame(Range(0, 1e4), Range(-1, 1), QRectF(0, 0, 500, 200)), sharp=sharp, exact=exact)
    drawn = item.items()[0]
    assert isinstance(drawn, QGraphicsPathItem)
    assert drawn.pen().widthF() == width


def test_before_the_first_step_there_are_the_bare_axes_of_an_epoch(curves: Curves) -> None:
    for shown in (Shown(DIGITS), live(history(0))):
        curves.draw(shown)
        with watched() as painted:
            set_theme(LIGHT if theme() is DARK else DARK, curves)
        assert sorted(each.text for each in painted) == 2 * ["0"] + 2 * ["0.5"] + 2 * ["1"] + 2 * ["epochs"]
        assert not known(plot(curves).drawing).lines
    area = plot(curves).frame.area
    curves.draw(live(history(5)))
    assert plot(curves).frame.area == area, "they stay where they are"
    assert known(plot(curves).drawing).lines


def test_axes_are_painted_only_when_a_range_changes(curves: Curves, monkeypatch: pytest.MonkeyPatch) -> None:
    made = history(20_100)
    shown = live(made)
    curves.draw(shown)
    painted: list[object] = []
    monkeypatch.setattr(Plot, "_painted", lambda *args: painted.append(args))
    for step in range(20_100, 22_000, 100):
        made = made.with_costs(step, step * 10, np.full(100, 0.03), 10)
        curves.draw(grown(shown, made))
    assert curves.axis.window == (0, 8)
    assert not painted


@pytest.mark.parametrize(("speed", "frames", "most"), [(500, 30, 2), (20_000, 8, 6)])
def test_the_axes_hold_still_in_the_first_quarter_of_a_minute(speed: int, frames: int, most: int) -> None:
    """At a set speed there are four evaluations a second, at full speed some early ones and one an epoch."""
    axis, composer = XAxis(), Composer(CurveTexts())
    number, random, made = next(NUMBERS), np.random.default_rng(1), History()
    changes: Counter[str] = Counter()
    before: dict[str, Range] = {}
    due = [0, 1, 3, 10, 30, 100, 300, 1_000, 2_000, 3_000, 4_000, *range(5_000, 15 * speed, 5_000)]
    for frame in range(15 * frames):
        first, last = frame * speed // frames, (frame + 1) * speed // frames
        level = 0.05 + 0.15 * np.exp(-np.arange(first, last) / 4_000) + np.exp(-np.arange(first, last) / 150)
        made = made.with_costs(first, 10 * first, level * random.gamma(2, 0.5, last - first), 10)
        read = [step for step in due if first <= step < last] if speed > 500 else [first] * (frame % 8 == 0)
        for step, name in product(read, SETS):
            share = 0.92 - 0.6 * np.exp(-step / 200) - 0.2 * np.exp(-step / 3_000) + random.normal(0, 0.01)
            made = made.with_accuracy(name, step, 10 * step, share)
        axis.set_runs(Shown(DIGITS, RunFacts(number, Settings(), epoch=EPOCH, history=made)))
        for drawn in axis.runs:
            drawn.update("digits", *axis.window, 420)
        window = Range(*axis.window)
        cost, accuracy = composer.drawings(axis, window, 420, log=None, errors=False)
        for key, shown in (("x", window), ("cost", cost.y.range), ("accuracy", accuracy.y.range)):
            changes[key] += before.get(key, shown) != shown
            before[key] = shown
        if frame == frames - 1 and speed == 500:
            assert before["accuracy"] == Range(0, 1), "all of the climb is seen in the first epoch"
    assert changes["x"] <= most
    assert changes["cost"] <= 4
    assert changes["accuracy"] <= 4


def test_nothing_new_costs_nothing(curves: Curves, monkeypatch: pytest.MonkeyPatch) -> None:
    made = history(5_000)
    shown = live(made)
    curves.draw(shown)
    drawn: list[object] = []
    for name in ("_draw_frame", "_draw_lines", "_draw_marks", "_draw_cursor"):
        monkeypatch.setattr(Plot, name, lambda *args: drawn.append(args))
    curves.draw(shown)
    assert not drawn
    made = made.with_costs(5_000, 50_000, np.ones(1_000), 10)
    curves.draw(grown(shown, made))
    assert drawn


def test_only_lines_that_have_new_points_are_drawn(curves: Curves, monkeypatch: pytest.MonkeyPatch) -> None:
    made, last = history(6_050), run_with(history(6_000))
    run = run_with(made)
    shown = Shown(DIGITS, run, other_runs=(last,))
    curves.draw(shown)
    drawn: list[tuple[int, str]] = []
    monkeypatch.setattr(LineItem, "draw", lambda self, line, *args, **how: drawn.append(line.name))
    made = made.with_costs(6_050, 60_500, np.full(100, 0.03), 10)  # moves neither axis
    curves.draw(grown(shown, made))
    assert drawn == [(run.number, "cost")]
    curves.resize(810, 430)
    QApplication.processEvents()
    assert set(drawn) == {(each.number, name) for each in (run, last) for name in ("cost", "validation")}


def test_a_band_belongs_to_the_run_that_is_shown(curves: Curves) -> None:
    first, second = run_with(history(5_000)), run_with(history(5_000, seed=1))

    def with_band() -> set[int]:
        drawing = known(plot(curves).drawing)
        return {line.name[0] for line in drawing.lines if line.style.band}

    for shown, other in ((first, second), (second, first)):
        curves.draw(Shown(DIGITS, shown, other_runs=(other,)))
        assert with_band() == {shown.number}
        assert len(band(curves)) == PIECES


def band(curves: Curves) -> list[QRectF]:
    """Around the shapes that a band is drawn as, from left to right."""
    polygons = [item.polygon() for item in plot(curves).items() if isinstance(item, QGraphicsPolygonItem)]
    return sorted((each.boundingRect() for each in polygons if not each.isEmpty()), key=QRectF.left)


@pytest.mark.parametrize("costs", [1, 2, 3, PIECES, PIECES + 1, PIECES + 2, 250, 5_000])
def test_a_band_goes_from_the_first_point_to_the_last(curves: Curves, costs: int) -> None:
    curves.draw(Shown(DIGITS, run_with(history(costs))))
    shapes, drawing = band(curves), known(plot(curves).drawing)
    across = plot(curves).frame.across(drawing.lines[0].x)
    if len(across) == 1:
        assert not shapes
        return
    assert (shapes[0].left(), shapes[-1].right()) == pytest.approx((across[0], across[-1]))
    assert all(a.right() == pytest.approx(b.left()) for a, b in pairwise(shapes)), "they touch"
    assert len(shapes) <= PIECES


def test_hover_reads_exact_costs_and_the_mini_batches_that_they_are_of(qtbot: QtBot, curves: Curves) -> None:
    costs = np.linspace(0.5, 0.1, 25)
    shown = live(History().with_costs(0, 0, costs, 10))
    curves.draw(shown)
    curves.axis.zoom = (0.0, 0.005)
    curves.draw(shown)
    said = hover(qtbot, plot(curves), 10 * 10 / EPOCH)
    assert "mini-batch 11 · epoch 0.00" in said
    assert f"cost {costs[10]:.4f}" in said
    long = history(39_912)
    curves.draw(live(long))
    column = known(long.costs.column_at(2 * EPOCH, "digits", curves.axis.runs[0].cost.group))
    said = hover(qtbot, plot(curves), (column.first_digits + column.last_digits) / 2 / EPOCH)
    lines = CurveTexts().costs(column, EPOCH)
    assert [line.replace(NO_BREAK, " ") for line in lines] == said.split("\n")


def test_hover_in_one_plot_reads_both_and_leaving_clears_both(qtbot: QtBot, curves: Curves) -> None:
    curves.draw(live(history(20_000)))
    hover(qtbot, plot(curves), 2)
    accuracy = plot(curves, "accuracy_plot")
    said = accuracy.accessibleDescription().replace(NO_BREAK, " ")
    assert "after mini-batch 10,000 · epoch 2.00" in said
    assert "training 98.00 % · validation 96.00 % · test 95.80 %" in said
    QApplication.sendEvent(plot(curves), QEvent(QEvent.Type.Leave))
    assert not accuracy.accessibleDescription()
    assert not plot(curves).accessibleDescription()
    hover(qtbot, accuracy, 3)
    qtbot.keyClick(accuracy, Qt.Key.Key_Escape)
    assert not accuracy.accessibleDescription()
    assert not plot(curves).accessibleDescription()


def test_the_wheel_zooms_within_the_run_and_f_follows_it_again(qtbot: QtBot, curves: Curves) -> None:
    curves.draw(live(history(20_000)))
    whole = curves.axis.window
    button = curves.tab_tools.follow_button
    assert curves.following
    assert button.isHidden()
    wheel(plot(curves), 1.0, 4)
    low, high = curves.axis.window
    assert 0 < low < 1 < high < whole[1]
    assert not button.isHidden()
    for _ in range(80):
        wheel(plot(curves), 1.0, 1)
    assert 0 < curves.axis.window[1] - curves.axis.window[0] < 0.1
    qtbot.keyClick(curves, Qt.Key.Key_F)
    assert curves.following
    assert curves.axis.window == whole
    wheel(plot(curves), 1.0, 3)
    wheel(plot(curves), 1.0, -30)
    assert curves.following
    wheel(plot(curves, "accuracy_plot"), 1.0, 3)
    double_click(plot(curves).viewport(), spot(plot(curves), 1.0))
    assert curves.following


def test_dragging_moves_the_window_but_not_past_the_run(qtbot: QtBot, curves: Curves) -> None:
    """So does the wheel turned sideways; and it stays while the run goes on."""
    made = history(10_000)
    shown = live(made)
    curves.draw(shown)
    view = plot(curves)
    wheel(view, 1.0, 4)
    low, high = curves.axis.window
    curves.draw(grown(shown, made.with_costs(10_000, 100_000, np.ones(10_000), 10)))
    assert curves.axis.window == (low, high)
    wheel(view, 1.0, 2, sideways=True)
    assert curves.axis.window[0] < low  # towards the beginning
    wheel(view, 1.0, -2, sideways=True)
    assert curves.axis.window == pytest.approx((low, high))

    def drag(by: int) -> None:
        start = QPoint(400, 60)
        qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
        qtbot.mouseMove(view.viewport(), start + QPoint(by, 0))
        qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=start + QPoint(by, 0))

    drag(100)
    qtbot.waitUntil(lambda: curves.axis.window[0] < low)
    assert curves.axis.window[1] - curves.axis.window[0] == pytest.approx(high - low)
    for _ in range(20):
        drag(300)
    assert curves.axis.window[0] == 0
    for _ in range(40):
        drag(-300)
    assert curves.axis.window[1] == pytest.approx(4)


def test_arrows_move_the_cursor_and_plus_and_minus_zoom(qtbot: QtBot, curves: Curves) -> None:
    made = History().with_costs(0, 0, np.arange(20.0), 10)
    made = made.with_accuracy("validation", 0, 0, 0.1)
    made = made.with_accuracy("validation", 10, 100, 0.5)
    shown = live(made)
    curves.draw(shown)
    curves.axis.zoom = (0.0, 0.004)
    curves.draw(shown)
    view, accuracy, shift = plot(curves), plot(curves, "accuracy_plot"), Qt.KeyboardModifier.ShiftModifier
    for key, how, mini_batch in (
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 20), (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, 19),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, 1), (Qt.Key.Key_Right, shift, 11),
    ):  # fmt: skip
        qtbot.keyClick(view, key, how)
        assert f"mini-batch {mini_batch} " in view.accessibleDescription().replace(NO_BREAK, " ")
    qtbot.keyClick(accuracy, Qt.Key.Key_Right)
    assert "after mini-batch 10" in accuracy.accessibleDescription().replace(NO_BREAK, " ")
    low, high = curves.axis.window
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert curves.axis.window[1] - curves.axis.window[0] < high - low
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert curves.axis.window[1] - curves.axis.window[0] == pytest.approx(high - low)


def test_every_intervention_is_a_mark_and_near_ones_are_one(qtbot: QtBot, curves: Curves) -> None:
    made = history(20_000)
    for step, old, new in ((10_000, 3.0, 2.0), (10_010, 2.0, 0.5), (15_000, 0.5, 0.25)):
        made = made.with_intervention(Changed(step, step * 10, (("eta", old, new),)))
    made = made.with_intervention(Changed(15_000, 150_000, (("mini_batch_size", 10, 32),)))
    for old, new in ((10, 20), (20, 10)):  # changed back at once
        made = made.with_intervention(Changed(18_000, 180_000, (("mini_batch_size", old, new),)))
    shown = live(made)
    curves.draw(shown)
    assert [mark.text for mark in marks(curves)] == ["η 3.0 → 0.5", "η 0.5 → 0.25, mini-batch 10 → 32"]
    assert [mark.many for mark in marks(curves)] == [True, False]
    said = hover(qtbot, plot(curves), 2)
    assert "η 3.0 → 2.0 after mini-batch 10,000" in said
    assert "η 2.0 → 0.5 after mini-batch 10,010" in said
    curves.axis.zoom = (1.99, 2.01)
    curves.draw(shown)
    assert [mark.text for mark in marks(curves)] == ["η 3.0 → 2.0", "η 2.0 → 0.5"]


def test_a_drag_of_several_epochs_is_one_mark_where_it_began(qtbot: QtBot, curves: Curves) -> None:
    made = history(20_000)
    etas = np.linspace(3.0, 0.5, 101).tolist()
    for number, (old, new) in enumerate(pairwise(etas)):
        step = 5_000 + 100 * number
        made = made.with_intervention(Changed(step, step * 10, (("eta", old, new),), gesture=1))
    shown = live(made)
    curves.draw(shown)
    assert [(mark.place, mark.text) for mark in marks(curves)] == [(1.0, "η 3.0 → 0.5")]
    said = hover(qtbot, plot(curves), 1)
    assert "η 3.0 → 0.5 after mini-batch 5,000" in said
    assert "more changes" not in said
    curves.axis.zoom = (1.5, 2.0)
    curves.draw(shown)
    assert marks(curves) == ()


def test_a_mark_says_what_became_of_its_last_intervention(curves: Curves) -> None:
    made = history(1_000)
    shown = live(made)
    for step, eta in ((100, 1.0), (105, 2.0), (900, 5.0)):
        made = made.with_intervention(Changed(step, step * 10, (("eta", 3.0, eta),)))
        curves.draw(grown(shown, made))
    made = made.with_intervention(Changed(900, 9_000, (("eta", 5.0, 7.0),)))  # joins the last one
    shown = grown(shown, made)
    curves.draw(shown)
    assert [mark.text for mark in marks(curves)] == ["η 3.0 → 2.0", "η 3.0 → 7.0"]
    curves.draw(Shown(DIGITS))
    assert marks(curves) == ()
    curves.draw(shown)
    assert [mark.text for mark in marks(curves)] == ["η 3.0 → 2.0", "η 3.0 → 7.0"]


def test_the_last_run_stays_behind_a_new_one_and_its_marks_do_not(qtbot: QtBot, curves: Curves) -> None:
    old, new = history(20_000), history(10_000, seed=1)
    old = old.with_intervention(Changed(5, 50, (("eta", 3.0, 2.0),)))
    last = run_with(old, "A")
    curves.draw(Shown(DIGITS, last))
    assert marks(curves)
    wheel(plot(curves), 1.0, 2)
    curves.draw(Shown(DIGITS))
    curves.draw(Shown(DIGITS, run_with(history(0)), other_runs=(last,)))
    assert curves.following  # a new run is followed
    assert curves.axis.window == (0, 4)  # and begins with the last one in view
    curves.draw(Shown(DIGITS, run_with(new), other_runs=(last,)))
    assert curves.axis.window == (0, 2)
    assert not marks(curves)
    curves.draw(Shown(DIGITS, run_with(old, "B"), other_runs=(run_with(new, "A"),)))
    for name, word in (("cost_plot", "A mean"), ("accuracy_plot", "A validation")):
        assert word in hover(qtbot, plot(curves, name), 1.9)
        assert word not in hover(qtbot, plot(curves, name), 2.1), "beyond its end"


def test_mini_batches_can_be_counted_instead_of_epochs_and_the_window_stays(curves: Curves) -> None:
    made = History().with_costs(0, 0, np.ones(5_000), 10)
    made = made.with_costs(5_000, 50_000, np.ones(1_000), 100)  # mini-batches of 100: 500 an epoch
    curves.draw(live(made))
    wheel(plot(curves), 2.0, 6)
    low, high = curves.axis.window
    curves.x_minibatches_action.trigger()
    assert curves.axis.window == pytest.approx(
        (made.converted(low * EPOCH, "steps"), made.converted(high * EPOCH, "steps"))
    )
    curves.x_minibatches_action.trigger()
    assert curves.axis.window == pytest.approx((low, high), rel=1e-3)
    curves.follow_action.trigger()
    curves.x_minibatches_action.trigger()
    assert curves.axis.window == (0, 10_000)


def test_only_accuracies_become_errors_and_the_cursor_reads_points(qtbot: QtBot, curves: Curves) -> None:
    curves.error_scale_action.trigger()
    curves.draw(live(history(20_000)))
    (cost,) = known(plot(curves).drawing).lines
    np.testing.assert_array_equal(cost.y, cost.points.mean)
    hover(qtbot, plot(curves), 4)
    drawing = known(plot(curves, "accuracy_plot").drawing)
    assert {line.name[1] for line in drawing.lines} == {*SETS}
    for line in drawing.lines:
        np.testing.assert_array_equal(line.y, 1 - line.points.mean)
    ends = {(round(line.x[-1], 6), round(line.y[-1], 6)) for line in drawing.lines}
    assert {(round(x, 6), round(y, 6)) for x, y in known(drawing.cursor).points} == ends


def test_choices_are_given_back_at_the_next_start(qtbot: QtBot, curves: Curves) -> None:
    curves.log_cost_action.trigger()
    curves.x_minibatches_action.trigger()
    chosen = curves.chosen.now
    assert chosen.curves == CurvesPart(log_cost=True, error_scale=False, x_minibatches=True)
    again = Curves(Chosen())
    qtbot.addWidget(again)
    for choices in (chosen, Choices(), chosen):
        again.chosen.restore(choices)
        for name in ("log_cost", "error_scale", "x_minibatches"):
            assert getattr(again, f"{name}_action").isChecked() == getattr(choices.curves, name)


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize(
    "costs",
    [
        np.zeros(300),
        np.full(300, 0.5),
        np.full(300, np.nan),
        np.concatenate((np.ones(50), np.full(50, np.inf), np.ones(50))),
        np.geomspace(1e-30, 1e30, 300),
        np.array([0.5]),
    ],
    ids=["zero", "constant", "not a number", "infinite for a while", "wild", "one"],
)
def test_whatever_the_cost_all_stays_calm(qtbot: QtBot, curves: Curves, costs: np.ndarray, log: bool) -> None:
    """No error, no warning, no message of Qt's, and hover says what there is."""
    curves.chosen.choose("curves", log_cost=log, error_scale=log)
    made = History().with_costs(0, 0, costs, 10)
    made = made.with_accuracy("validation", 0, 0, 0.0)
    made = made.with_accuracy("validation", len(costs), 10 * len(costs), 1.0)
    curves.draw(live(made))
    assert "mini-batch" in hover(qtbot, plot(curves), curves.axis.window[1] / 2)
    curves.grab()


def test_the_newest_flag_is_told_in_words_that_are_shortened_whole(curves: Curves) -> None:
    flag = curves.tab_tools.flag
    curves.tab_tools.setParent(curves)
    curves.tab_tools.resize(700, 40)
    curves.tab_tools.show()
    made = history(20_000)
    curves.draw(live(made))
    assert flag.text() == ""
    for step, change in ((5_000, ("eta", 3.0, 0.5)), (15_000, ("momentum", 0.0, 0.9))):
        made = made.with_intervention(Changed(step, 10 * step, (change,)))
    curves.draw(live(made))
    assert flag.text() == "μ 0.0 → 0.9 at epoch 3.00"
    curves.x_minibatches_action.trigger()
    assert flag.text() == "μ 0.0 → 0.9 at mini-batch 15,000"
    curves.draw(live(made.with_intervention(Changed(15_100, 151_000, (("momentum", 0.9, 0.0),)))))
    assert flag.text() == "μ 0.0 → 0.9, μ 0.9 → 0.0 at mini-batch 15,100", "it ends with the last of both"
    curves.draw(live(made))
    said = set()
    for width in range(700, 0, -5):
        curves.tab_tools.resize(width, 40)
        said.add(flag.text())
    assert said == {"μ 0.0 → 0.9 at mini-batch 15,000", "μ 0.0 → 0.9", ""}


@pytest.mark.parametrize("name", ["cost", "accuracy"])
def test_curves_that_are_hidden_without_room_are_drawn_for_a_picture(qtbot: QtBot, name: str) -> None:
    around, curves = QWidget(), Curves(Chosen())
    qtbot.addWidget(around)
    QVBoxLayout(around).addWidget(curves)
    around.resize(400, 0)
    around.grab()
    before = curves.size()
    titled = curves.plot_picture(name)
    with curves.ready(live(history(20_000))):
        assert titled.height() > 250
        assert titled.plot.viewport().height() > 200
        assert known(titled.plot.drawing).lines
    assert curves.size() == before
