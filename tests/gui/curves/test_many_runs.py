"""Eight runs in one plot, and bands behind the lines: told apart, no past drawn twice, and what is missing is said."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnistviz.engine.fork import Fork, PastPlace
from mnistviz.engine.history import History
from mnistviz.engine.luck.bands import Band
from mnistviz.gui.common.theme import DARK, LIGHT, Theme, set_theme
from mnistviz.gui.curves.compose import PlotLine
from mnistviz.gui.curves.curves import Curves
from mnistviz.gui.curves.drawn_runs import NOWHERE, beginnings, shared
from mnistviz.gui.curves.line_item import BandItem
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.curves.titled_plot import CurveLegend
from mnistviz.gui.curves.traces import BandShape
from mnistviz.gui.lab.shown import RunFacts, Shown
from tests.engine.luck.made_bands import made_band
from tests.gui.children import known
from tests.gui.curves.test_curves import (
    DIGITS,
    EPOCH,
    british_numbers,
    curves,
    history,
    hover,
    plot,
    run_with,
)
from tests.gui.whose import whose

__all__ = ["british_numbers", "curves"]


def runs(count: int, mini_batches: int = 10_000) -> list[RunFacts]:
    return [
        replace(run_with(history(mini_batches, number), letter), hue=number)
        for number, letter in enumerate("ABCDEFGH"[:count])
    ]


def level(cost: float) -> History:
    """A run whose cost stays the same for two epochs."""
    return History().with_costs(0, 0, np.full(10_000, cost), 10)


HUES = dict(zip("ABCDEFGH", LIGHT.runs, strict=True))


def show(curves: Curves, selected: RunFacts, every: Sequence[RunFacts]) -> None:
    curves.draw(Shown(DIGITS, selected, other_runs=tuple(run for run in every if run is not selected)))


def lines(curves: Curves, name: str = "accuracy_plot") -> dict[tuple[int, str], PlotLine]:
    return {line.name: line for line in known(plot(curves, name).drawing).lines}


def branch(parent: RunFacts, step: int, letter: str, plan: dict[str, object], end: int) -> RunFacts:
    """A run with the same past as its parent up to a step."""
    run = run_with(history(end, seed=0), letter)
    before = () if parent.parent is None else parent.parent.line
    return replace(run, parent=Fork(parent.number, step, 10 * step, plan, before=before))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_eight_runs_are_told_apart_with_their_hues_and_without(curves: Curves, theme: Theme) -> None:
    set_theme(theme, curves)
    every = runs(8)
    every[7] = replace(every[7], history=every[7].history.with_accuracy("validation", 10_001, 100_010, 0.97))
    show(curves, every[2], every)
    names = plot(curves, "accuracy_plot").names.rooms().keys()
    assert names == {*(f"{letter} 96.0 %" for letter in "ABCDEFG"), "H 97.0 %"}
    assert plot(curves, "cost_plot").names.rooms().keys() == {*"ABCDEFGH"}
    right = plot(curves, "accuracy_plot").frame.area.right()
    assert all(
        right < room.left() < right + 12 for room in plot(curves, "accuracy_plot").names.rooms().values()
    )
    for name in ("cost_plot", "accuracy_plot"):
        for (number, _), line in lines(curves, name).items():
            assert line.style.faint == (number != every[2].number)
    curves.resize(810, 110)
    QApplication.processEvents()
    rooms = plot(curves, "accuracy_plot").names.rooms()
    assert {"C 96.0 %", "H 97.0 %"} <= rooms.keys(), "the selected one and the best"
    assert {*"CH"} <= plot(curves, "cost_plot").names.rooms().keys()
    tops = sorted(room.top() for room in rooms.values())
    assert 1 < len(tops) < 8, "in a low plot as many as fit"
    assert min(np.diff(tops)) >= 0.8 * rooms["C 96.0 %"].height() - 1, "and none touches another"
    for number, run in enumerate(every):
        style = lines(curves, "cost_plot")[run.number, "cost"].style
        assert (style.name_colour or style.colour) == theme.runs[number]


def test_a_run_that_is_pointed_at_is_drawn_whole(qtbot: QtBot, curves: Curves) -> None:
    high, low = run_with(history(10_000), "A"), History()
    low = low.with_costs(0, 0, np.full(10_000, 0.4), 10)
    for step in (0, 5_000, 10_000):
        for name in ("training", "validation", "test"):
            low = low.with_accuracy(name, step, 10 * step, 0.5)
    other = run_with(low, "B")
    show(curves, high, [high, other])
    view = plot(curves, "cost_plot")
    at = view.frame.point(1.0, 0.4)
    qtbot.mouseMove(view.viewport(), (at - QPointF(0, 40)).toPoint())
    assert {name for name in lines(curves) if name[0] == other.number} == {(other.number, "validation")}
    qtbot.mouseMove(view.viewport(), at.toPoint())
    qtbot.waitUntil(lambda: (other.number, "test") in lines(curves))
    assert not lines(curves)[other.number, "validation"].style.faint
    assert {"B 50.0 %", "test"} <= plot(curves, "accuracy_plot").names.rooms().keys()
    assert lines(curves, "cost_plot")[high.number, "cost"].style.band
    assert not lines(curves, "cost_plot")[other.number, "cost"].style.band
    qtbot.mouseMove(view.viewport(), (at - QPointF(0, 40)).toPoint())
    qtbot.waitUntil(lambda: (other.number, "test") not in lines(curves))


def test_pointing_at_a_letter_is_pointing_at_its_run(qtbot: QtBot, curves: Curves) -> None:
    every = runs(3)
    show(curves, every[0], every)
    view = plot(curves, "cost_plot")
    qtbot.mouseMove(view.viewport(), view.names.rooms()["C"].center().toPoint())
    qtbot.waitUntil(lambda: (every[2].number, "test") in lines(curves))


def test_a_shared_past_is_drawn_and_read_once(qtbot: QtBot, curves: Curves) -> None:
    trunk = run_with(history(10_000), "A")
    show(curves, trunk, [trunk])
    names = plot(curves, "accuracy_plot").names.rooms().keys()
    assert names == {"training", "validation", "test"}, "one run alone needs no letter"
    twig = branch(trunk, 6_000, "B", {"eta": 0.5}, 9_000)
    show(curves, trunk, [trunk, twig])
    its, own = lines(curves)[twig.number, "validation"], lines(curves)[trunk.number, "validation"]
    assert its.y[0] == pytest.approx(np.interp(its.x[0], own.x, own.y), abs=1e-3), (
        "on the line that it leaves"
    )
    assert "B mean" not in hover(qtbot, plot(curves, "cost_plot"), 1.0)
    assert "B mean" in hover(qtbot, plot(curves, "cost_plot"), 1.5)
    for name, series in (("cost_plot", "cost"), ("accuracy_plot", "validation")):
        assert lines(curves, name)[twig.number, series].x[0] == pytest.approx(6_000 / 5_000)
        assert lines(curves, name)[trunk.number, series].x[0] < 0.1
    show(curves, twig, [trunk, twig])  # the selected one has all of its past
    for name, series in (("cost_plot", "cost"), ("accuracy_plot", "validation")):
        assert lines(curves, name)[trunk.number, series].x[0] == pytest.approx(6_000 / 5_000)
        assert lines(curves, name)[twig.number, series].x[0] < 0.1


def test_branches_keep_what_they_share_though_the_run_between_has_closed(curves: Curves) -> None:
    trunk = run_with(history(10_000), "A")
    between = branch(trunk, 4_000, "B", {"eta": 0.5}, 9_000)
    last = branch(between, 7_000, "C", {"eta": 0.1}, 9_000)
    show(curves, trunk, [trunk, between, last])
    assert lines(curves)[last.number, "validation"].x[0] == pytest.approx(1.4)
    show(curves, trunk, [trunk, last])
    assert lines(curves)[last.number, "validation"].x[0] == pytest.approx(0.8)


def test_what_two_runs_share_is_found_through_all_that_lies_between() -> None:
    forks = {2: Fork(1, 50, 500), 3: Fork(2, 30, 300), 4: Fork(1, 40, 400), 5: Fork(4, 70, 700)}
    assert shared(1, 2, forks) == shared(2, 1, forks) == PastPlace(50, 500)
    assert shared(2, 3, forks) == PastPlace(30, 300)
    assert shared(1, 3, forks) == PastPlace(30, 300)
    assert shared(2, 4, forks) == PastPlace(40, 400)
    assert shared(3, 5, forks) == PastPlace(30, 300)
    assert shared(1, 9, forks) == NOWHERE
    assert beginnings((3, 1, 2), forks) == {3: NOWHERE, 1: PastPlace(30, 300), 2: PastPlace(50, 500)}


def test_the_axes_have_room_for_what_branched_and_not_for_strangers(curves: Curves) -> None:
    trunk, stranger = run_with(history(20_000), "A"), run_with(history(40_000), "C")
    twig = branch(trunk, 2_000, "B", {"eta": 0.5}, 4_000)
    show(curves, twig, [trunk, twig, stranger])
    assert curves.axis.window == (0, 4)
    show(curves, twig, [twig, stranger])
    assert curves.axis.window == (0, 1)


def test_a_branch_that_has_diverged_leaves_the_others_their_room(curves: Curves) -> None:
    trunk = run_with(history(10_000), "A")
    twig = branch(trunk, 2_000, "B", {"eta": 100.0}, 2_000)
    twig = replace(twig, history=twig.history.with_costs(2_000, 20_000, np.full(500, 1e6), 10), diverged=True)
    show(curves, trunk, [trunk])
    alone = plot(curves, "cost_plot").frame.y
    show(curves, trunk, [trunk, twig])
    assert (twig.number, "cost") in lines(curves, "cost_plot")
    assert plot(curves, "cost_plot").frame.y == alone


def test_a_run_without_a_line_in_view_is_told_with_why(curves: Curves) -> None:
    told: list[dict[int, str]] = []
    curves.absences_changed.connect(told.append)
    selected, fresh = run_with(history(10_000), "A"), run_with(History(), "B")
    other_epochs, short = run_with(history(5_000), "C"), run_with(history(500), "D")
    other_epochs = replace(
        other_epochs, settings=replace(other_epochs.settings, training_digits=1_000), epoch=1_000
    )
    other_data = replace(run_with(history(5_000), "E"), data="other")
    twig = replace(run_with(history(10_000), "F"), parent=Fork(selected.number, 10_000, 100_000))
    every = [selected, fresh, other_epochs, short, other_data, twig]
    show(curves, fresh, every)
    assert not curves.tab_tools.views.isHidden(), "a run that has not begun can be compared, too"
    legends = curves.findChildren(CurveLegend)
    assert "band" not in {entry.swatch for legend in legends for entry in legend.entries}
    show(curves, selected, every)
    expected = {
        fresh.number: "nothing",
        other_epochs.number: "epoch",
        other_data.number: "data",
        twig.number: "forked",
    }
    assert told == [expected]
    curves.axis.zoom = (1.0, 1.5)
    show(curves, selected, every)
    assert told[-1] == {**expected, short.number: "beyond"}
    assert len(told) == 2


def test_the_cursor_reads_all_runs_by_their_letters(qtbot: QtBot, curves: Curves) -> None:
    every = runs(8)
    curves.resize(1100, 420)
    QApplication.processEvents()
    show(curves, every[0], every)
    said = hover(qtbot, plot(curves, "accuracy_plot"), 1.0)
    assert all(f"{letter} validation" in said for letter in "BCDEFGH")
    assert len(said.split("\n")) <= 6


def test_the_dots_of_the_cursor_have_the_hue_of_the_selected_run(qtbot: QtBot, curves: Curves) -> None:
    every = [replace(run, history=level(0.1 * number)) for number, run in enumerate(runs(3), start=1)]
    show(curves, every[2], every)
    view = plot(curves, "cost_plot")
    hover(qtbot, view, 1.0)
    for point in known(known(view.drawing).cursor).points:
        assert whose(view.viewport(), view.frame.point(*point), HUES) == "C"


ENDS = (0.951, 0.939, 0.948, 0.95, 0.944, 0.946, 0.942, 0.947)


def epochs(count: int) -> History:
    """A run that is measured at the end of each epoch."""
    made = History().with_costs(0, 0, np.full(count * EPOCH // 10, 0.3), 10)
    for epoch in range(count + 1):
        for name in ("training", "validation", "test"):
            made = made.with_accuracy(name, epoch * EPOCH // 10, epoch * EPOCH, 0.1 if not epoch else 0.94)
    return made


def shown_with(*bands: Band, letter: str = "A") -> Shown:
    return Shown(DIGITS, replace(run_with(epochs(2), letter), bands=bands))


def items(view: Plot) -> list[BandItem]:
    return list(view.band_items.values())


def bounds(item: BandItem, part: int) -> QRectF:
    return item.items()[part].path().boundingRect()


def heights(item: BandItem, part: int, across: float) -> tuple[float, float]:
    """Between which heights a fill lies at a pixel."""
    path = item.items()[part].path()
    corners: list[Any] = [path.elementAt(number) for number in range(path.elementCount())]
    found = [corner.y for corner in corners if abs(corner.x - across) < 0.01]
    return min(found), max(found)


def test_a_band_lies_between_its_lowest_and_highest_run(curves: Curves) -> None:
    curves.draw(shown_with(made_band(ENDS, epochs=2)))
    view = plot(curves, "accuracy_plot")
    [item] = items(view)
    end = view.frame.x_of(2.0)
    high, low = heights(item, 0, end)
    assert high == pytest.approx(view.frame.point(2.0, max(ENDS)).y())
    assert low == pytest.approx(view.frame.point(2.0, min(ENDS)).y())
    upper, lower = heights(item, 1, end)
    assert high < upper < lower < low
    assert bounds(item, 3).right() == pytest.approx(end + 2, abs=0.1)


def test_it_begins_after_the_first_epoch_where_nothing_was_measured_before(curves: Curves) -> None:
    """A straight ribbon from the start to there looked like a far slower run."""
    curves.draw(shown_with(made_band(ENDS, epochs=2)))
    view = plot(curves, "accuracy_plot")
    [item] = items(view)
    for part in (0, 1, 2):
        assert bounds(item, part).left() == pytest.approx(view.frame.x_of(1.0), abs=0.1)
    [cost] = items(plot(curves, "cost_plot"))
    assert bounds(cost, 2).left() < plot(curves, "cost_plot").frame.x_of(1.0), "costs were measured all along"
    for begin, every in ((0, EPOCH // 2), (7, EPOCH)):
        curves.draw(shown_with(made_band(ENDS, epochs=3, every=every, begin=begin)))
        [item] = items(view)
        assert bounds(item, 0).left() == pytest.approx(view.frame.x_of(begin / EPOCH), abs=0.1)
    curves.draw(shown_with(made_band(ENDS, epochs=1)))
    [item] = items(view)
    assert bounds(item, 3).center().x() == pytest.approx(view.frame.x_of(1.0), abs=0.1), "its ends are seen"


def test_the_axis_has_room_for_the_band(curves: Curves) -> None:
    curves.draw(shown_with(made_band((0.5, 0.6), epochs=2)))
    assert plot(curves, "accuracy_plot").frame.y.low <= 0.5
    curves.draw(shown_with())
    assert plot(curves, "accuracy_plot").frame.y.low > 0.5


@pytest.mark.parametrize("errors", [False, True])
def test_the_cursor_reads_the_spread_of_runs_and_seeds(curves: Curves, qtbot: QtBot, errors: bool) -> None:
    curves.error_scale_action.setChecked(errors)
    curves.draw(shown_with(made_band(ENDS, epochs=2)))
    text = hover(qtbot, plot(curves, "accuracy_plot"), 2.0)
    if errors:
        assert "8 other seeds: 4.90 % to 6.10 % wrong · median 5.35 %" in text
        assert "seed 2 6.10 %" in text
    else:
        assert "8 other seeds: 93.90 % to 95.10 % · median 94.65 %" in text
        assert all(f"seed {seed} {100 * end:.2f} %" in text for seed, end in enumerate(ENDS, start=1))
    before = hover(qtbot, plot(curves, "accuracy_plot"), 1.0)
    assert "8 other seeds" in before
    assert "seed 2" not in before
    curves.error_scale_action.setChecked(False)


def test_where_the_runs_were_not_measured_nothing_is_said(curves: Curves, qtbot: QtBot) -> None:
    curves.draw(shown_with(made_band(ENDS, epochs=1, begin=7)))
    assert "other seeds" not in hover(qtbot, plot(curves, "accuracy_plot"), 1.0)


def test_it_is_worked_out_once_and_drawn_as_it_moves(curves: Curves, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[object] = []
    made: list[object] = []
    draw, of = BandItem.draw, BandShape.of

    def noted(item: BandItem, *given: Any, **named: Any) -> None:
        drawn.append(item)
        draw(item, *given, **named)

    monkeypatch.setattr(BandItem, "draw", noted)

    def counted(*given: Any) -> BandShape | None:
        made.append(given)
        return of(*given)

    monkeypatch.setattr(BandShape, "of", counted)
    begun = epochs(2).with_costs(10_000, 2 * EPOCH, np.full(100, 0.3), 10)
    run = replace(run_with(begun, "A"), bands=(made_band(ENDS, epochs=2),))
    shown = Shown(DIGITS, run)
    curves.draw(shown)
    first = len(drawn)
    assert len(made) == 1
    assert first == 2, "one in each plot"
    for _ in range(5):
        curves.draw(shown)
    more = begun.with_costs(10_100, 2 * EPOCH + 1_000, np.full(3, 0.3), 10)
    curves.draw(replace(shown, run=replace(run, history=more)))
    assert (len(made), len(drawn)) == (1, first), "the run has learned on within the same axes"
    set_theme(DARK, curves)
    assert len(drawn) == 2 * first


def test_a_seed_that_is_added_is_drawn_at_once_and_a_band_that_goes_leaves_nothing(curves: Curves) -> None:
    shown = shown_with(made_band(ENDS[:2], epochs=2))
    curves.draw(shown)
    view = plot(curves, "accuracy_plot")
    two, count = items(view)[0].items()[2].path().elementCount(), len(view.scene().items())
    run = known(shown.run)
    curves.draw(replace(shown, run=replace(run, bands=(made_band(ENDS[:3], epochs=2),))))
    assert items(view)[0].items()[2].path().elementCount() == 3 * two // 2
    curves.draw(replace(shown, run=replace(run, bands=())))
    assert items(view) == []
    assert len(view.scene().items()) == count - 4


def test_in_mini_batches_it_lies_where_the_run_does(curves: Curves) -> None:
    curves.x_minibatches_action.setChecked(True)
    curves.draw(Shown(DIGITS, replace(run_with(epochs(2), "A"), bands=(made_band(ENDS, epochs=2),))))
    view = plot(curves, "accuracy_plot")
    assert bounds(items(view)[0], 3).right() == pytest.approx(view.frame.x_of(10_000) + 2, abs=0.1)
    curves.x_minibatches_action.setChecked(False)


def test_another_run_keeps_its_band_beside_the_selected_one(curves: Curves) -> None:
    one = replace(run_with(epochs(2), "A"), bands=(made_band(ENDS, epochs=2),))
    other = replace(run_with(epochs(2), "B"), bands=(made_band(ENDS[:4], epochs=2),), hue=1)
    curves.draw(Shown(DIGITS, other, other_runs=(one,)))
    view = plot(curves, "accuracy_plot")
    assert set(view.band_items) == {(one.number, "seeds"), (other.number, "seeds")}
    for run in (one, other):
        for item in view.band_items[run.number, "seeds"].items()[:2]:
            assert item.brush().color().name() == LIGHT.runs[run.hue]


def test_a_picture_of_the_curves_has_the_band(curves: Curves) -> None:
    def painted(*bands: Band) -> QImage:
        image = QImage(810, 420, QImage.Format.Format_RGB32)
        image.fill(0xFFFFFF)
        with curves.ready(Shown(DIGITS, replace(run, bands=bands))):
            painter = QPainter(image)
            curves.plot_picture("accuracy").paint(painter)
            painter.end()
        return image

    run: RunFacts = run_with(epochs(2), "A")
    assert painted(made_band(ENDS, epochs=2)) != painted()


def test_a_run_that_has_diverged_does_not_stand_in_the_way(curves: Curves) -> None:
    band = made_band(ENDS, epochs=2)
    wild = replace(
        band.runs[0], accuracy=np.array([0.1, 0.0, 0.0]), cost=np.array([0.3, np.nan]), diverged=True
    )
    curves.draw(shown_with(band.with_run(wild)))
    assert plot(curves, "accuracy_plot").frame.y.low <= 0.01
    assert len(items(plot(curves, "cost_plot"))) == 1


def test_the_legends_say_what_it_is(curves: Curves) -> None:
    bands = made_band(ENDS, epochs=2), made_band(ENDS[:5], "tiny changes", epochs=2)
    curves.draw(shown_with(*bands))
    cost, accuracy = (
        [entry.texts[0] for entry in legend.entries] for legend in curves.findChildren(CurveLegend)
    )
    assert cost[1:] == ["pale lines: 8 other seeds", "dotted: 5 tiny changes"]
    assert accuracy == [
        "8 other seeds: all, and the middle half",
        "dotted: 5 tiny changes, all and the middle half",
    ]
