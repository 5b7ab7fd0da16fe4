"""A band stands behind the lines of its run: all of it is seen, and its figures are read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from mnistviz.engine.history import History
from mnistviz.engine.luck.bands import Band
from mnistviz.gui.common.theme import DARK, LIGHT
from mnistviz.gui.curves.curves import Curves
from mnistviz.gui.curves.line_item import BandItem
from mnistviz.gui.curves.plot import Plot
from mnistviz.gui.curves.titled_plot import CurveLegend
from mnistviz.gui.curves.traces import BandShape
from mnistviz.gui.lab.shown import RunFacts, Shown
from tests.engine.luck.made_bands import made_band
from tests.gui.children import known
from tests.gui.curves.test_curves import DIGITS, EPOCH, british_numbers, curves, hover, plot, run_with

__all__ = ["british_numbers", "curves"]

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
def test_the_cursor_reads_how_far_the_runs_lie_apart_and_at_their_end_each_seed(
    curves: Curves, qtbot: QtBot, errors: bool
) -> None:
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


def test_it_is_worked_out_once_and_drawn_only_when_something_moves(
    curves: Curves, monkeypatch: pytest.MonkeyPatch
) -> None:
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
    curves.set_theme(DARK)
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
    run = replace(run_with(epochs(2), "A"), bands=(made_band(ENDS, epochs=2),))
    curves.draw(Shown(DIGITS, run))
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
