"""Eight runs in one plot: told apart without colour, no past drawn twice, and what is missing is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnistviz.engine.fork import Fork
from mnistviz.engine.history import History
from mnistviz.gui.common.theme import DARK, LIGHT, Theme
from mnistviz.gui.curves.compose import PlotLine
from mnistviz.gui.curves.curves import Curves
from mnistviz.gui.curves.drawn_runs import NOWHERE, PastPlace, beginnings, shared
from mnistviz.gui.lab.shown import RunFacts, Shown
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
    spot,
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
    drawing = known(plot(curves, name).drawing)
    return {line.name: line for line in drawing.lines}


def branch(parent: RunFacts, step: int, letter: str, plan: dict[str, object], end: int) -> RunFacts:
    """A run with the same past as its parent up to a step."""
    run = run_with(history(end, seed=0), letter)
    before = () if parent.parent is None else parent.parent.line
    return replace(run, parent=Fork(parent.number, step, 10 * step, plan, before=before))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_eight_runs_are_told_apart_with_their_hues_and_without(curves: Curves, theme: Theme) -> None:
    curves.set_theme(theme)
    every = runs(8)
    show(curves, every[2], every)
    names = plot(curves, "accuracy_plot").names.rooms().keys()
    assert names == {*"ABDEFGH", "C training", "C validation", "C test"}
    assert plot(curves, "cost_plot").names.rooms().keys() == {*"ABDEFGH", "C mean"}
    for name in ("cost_plot", "accuracy_plot"):
        for (number, _), line in lines(curves, name).items():
            assert line.style.faint == (number != every[2].number)
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
    assert "B test" in plot(curves, "accuracy_plot").names.rooms()
    assert lines(curves, "cost_plot")[high.number, "cost"].style.band
    assert not lines(curves, "cost_plot")[other.number, "cost"].style.band
    qtbot.mouseMove(view.viewport(), (at - QPointF(0, 40)).toPoint())
    qtbot.waitUntil(lambda: (other.number, "test") not in lines(curves))


def test_pointing_at_a_letter_is_pointing_at_its_run(qtbot: QtBot, curves: Curves) -> None:
    every = runs(3)
    show(curves, every[0], every)
    view = plot(curves, "cost_plot")
    letter = view.names.rooms()["C"].center().toPoint()
    qtbot.mouseMove(view.viewport(), letter)
    qtbot.waitUntil(lambda: (every[2].number, "test") in lines(curves))


def test_a_shared_past_is_drawn_once(curves: Curves) -> None:
    trunk = run_with(history(10_000), "A")
    twig = branch(trunk, 6_000, "B", {"eta": 0.5}, 9_000)
    show(curves, trunk, [trunk, twig])
    for name, series in (("cost_plot", "cost"), ("accuracy_plot", "validation")):
        x = lines(curves, name)[twig.number, series].x
        assert x[0] == pytest.approx(6_000 / 5_000)
        assert lines(curves, name)[trunk.number, series].x[0] < 0.1
    show(curves, twig, [trunk, twig])  # the selected one has all of its past
    for name, series in (("cost_plot", "cost"), ("accuracy_plot", "validation")):
        assert lines(curves, name)[trunk.number, series].x[0] == pytest.approx(6_000 / 5_000)
        assert lines(curves, name)[twig.number, series].x[0] < 0.1


def test_a_branch_begins_on_the_line_that_it_leaves(curves: Curves) -> None:
    trunk = run_with(history(10_000), "A")
    twig = branch(trunk, 5_500, "B", {"eta": 0.5}, 9_000)
    show(curves, trunk, [trunk, twig])
    its, own = lines(curves)[twig.number, "validation"], lines(curves)[trunk.number, "validation"]
    assert its.x[0] == pytest.approx(1.1)
    assert its.y[0] == pytest.approx(np.interp(its.x[0], own.x, own.y), abs=1e-3)


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
    assert curves.x_range == (0, 4)
    show(curves, twig, [twig, stranger])
    assert curves.x_range == (0, 0.8)


def test_a_branch_that_has_diverged_leaves_the_others_their_room(curves: Curves) -> None:
    trunk = run_with(history(10_000), "A")
    twig = branch(trunk, 2_000, "B", {"eta": 100.0}, 2_000)
    collapsed = twig.history.with_costs(2_000, 20_000, np.full(500, 1e6), 10)
    twig = replace(twig, history=collapsed, diverged=True)
    show(curves, trunk, [trunk])
    alone = plot(curves, "cost_plot").frame.y
    show(curves, trunk, [trunk, twig])
    assert (twig.number, "cost") in lines(curves, "cost_plot")
    assert plot(curves, "cost_plot").frame.y == alone


def test_a_run_without_a_line_in_view_is_told_with_why(curves: Curves, qtbot: QtBot) -> None:
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
    assert view.drawing is not None
    for point in known(view.drawing.cursor).points:
        assert whose(view.viewport(), view.frame.point(*point), HUES) == "C"


def test_in_a_shared_past_the_cursor_reads_one_run(qtbot: QtBot, curves: Curves) -> None:
    trunk = run_with(history(10_000), "A")
    twig = branch(trunk, 6_000, "B", {"eta": 0.5}, 9_000)
    show(curves, trunk, [trunk, twig])
    assert "B mean" not in hover(qtbot, plot(curves, "cost_plot"), 1.0)
    assert "B mean" in hover(qtbot, plot(curves, "cost_plot"), 1.5)
    assert spot(plot(curves, "cost_plot"), 1.0).x() > 0
    assert twig.epoch == EPOCH


def test_one_run_alone_needs_no_letter(curves: Curves) -> None:
    [only] = runs(1)
    show(curves, only, [only])
    assert plot(curves, "accuracy_plot").names.rooms().keys() == {"training", "validation", "test"}
