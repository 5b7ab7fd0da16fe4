"""Makes what both plots show of the runs, as values; nothing is drawn here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from PySide6.QtCore import Qt

from mnistviz.engine.history import SETS
from mnistviz.gui.common.theme import Theme
from mnistviz.gui.curves.curve_texts import CurveTexts
from mnistviz.gui.curves.drawing import Axis, Cursor, Drawing, Line, LineStyle, Mark
from mnistviz.gui.curves.drawn_run import DrawnRun
from mnistviz.gui.curves.marks import Marks
from mnistviz.gui.curves.reading import Reading, read_accuracies, read_costs, read_marks
from mnistviz.gui.curves.scales import Range, accuracy_range, cost_range, error_range
from mnistviz.gui.curves.traces import Floats, without_start
from mnistviz.gui.curves.x_axis import XAxis

COST = ("cost",)
PENS = {
    "cost": Qt.PenStyle.SolidLine,
    "training": Qt.PenStyle.SolidLine,
    "validation": Qt.PenStyle.DashLine,
    "test": Qt.PenStyle.DotLine,
}


def hue(theme: Theme, *, selected: bool) -> str:
    """The colour of the selected run or of another one."""
    return theme.runs[0] if selected else theme.other_run


class Composer:
    """Keeps only what calms the plots: the ends of both y axes, which stay where they still serve, and marks."""

    def __init__(self, texts: CurveTexts) -> None:
        self._texts = texts
        self._marks = Marks(texts)
        self._cost_range = self._accuracy_range = Range(0, 1)
        self._fitted: tuple[object, object] = (None, None)  # what they were chosen for

    def drawings(
        self, axis: XAxis, window: Range, theme: Theme, *, log: bool, errors: bool
    ) -> tuple[Drawing, Drawing]:
        """The plot of the costs, if wanted on a logarithmic axis, and that of the accuracies, or of the errors:
        without a cursor, of runs whose traces are up to date with the window of the x axis."""
        texts, runs = self._texts, axis.runs
        x_ticks = texts.step_ticks if axis.unit == "steps" else texts.epoch_ticks
        if axis.selected is not None and axis.selected.run.opened:
            x_ticks = texts.opened_ticks
        x = Axis(window, x_ticks)
        marks = self._marks.of(axis.selected, window.low, window.high, axis.unit)
        costs, accuracies = _lines(axis, COST, theme), _lines(axis, SETS, theme, errors=errors)
        before, self._fitted = self._fitted, ((log, costs), (errors, accuracies))
        if self._fitted[0] != before[0]:
            self._fit_costs(runs, log=log)
        if self._fitted[1] != before[1]:
            self._fit_accuracies(runs, errors=errors)
        message = "" if _is_known(runs, COST) else texts.no_costs()
        above = Drawing(x, Axis(self._cost_range, texts.cost_ticks), message, costs, marks)
        message = "" if _is_known(runs, SETS) else texts.no_accuracies()
        below = Drawing(x, Axis(self._accuracy_range, texts.percent_ticks), message, accuracies, marks)
        return above, below

    def cursors(
        self, marks: Sequence[Mark], axis: XAxis, theme: Theme, place: float, near: float, *, errors: bool
    ) -> tuple[Cursor | None, Cursor | None]:
        """What is read at a place, and of marks that are no further than `near` from it; None where nothing
        is."""
        texts, runs, unit, selected = self._texts, axis.runs, axis.unit, axis.selected
        if selected is not None:
            place = min(place, max(selected.extent(unit), axis.window[0]))

        def cursor(reading: Reading) -> Cursor | None:
            lines, points = reading
            if not lines:
                return None
            text = "\n".join([*lines, *read_marks(texts, marks, place, near)])
            return Cursor(place, tuple(points), hue(theme, selected=True), text)

        return (
            cursor(read_costs(texts, runs, place, unit)),
            cursor(read_accuracies(texts, runs, place, unit, errors=errors)),
        )

    def _fit_costs(self, runs: Sequence[DrawnRun], *, log: bool) -> None:
        """Chooses the ends of the axis of the cost."""
        costs = [(drawn.cost.points, drawn.selected) for drawn in runs]
        highest = _joined(points.highest(band=band) for points, band in costs)
        lowest = _joined(points.lowest(band=band) for points, band in costs)
        self._cost_range = cost_range(highest, lowest, log, self._cost_range)

    def _fit_accuracies(self, runs: Sequence[DrawnRun], *, errors: bool) -> None:
        """Chooses the ends of the axis of the accuracies."""
        accuracies = [[trace.points for trace in drawn.accuracies.values()] for drawn in runs]
        if errors:
            wrong = 1 - _joined(points.mean for each in accuracies for points in each)
            self._accuracy_range = error_range(wrong, self._accuracy_range)
        else:
            right = _joined(without_start(each) for each in accuracies)
            self._accuracy_range = accuracy_range(right, self._accuracy_range)


def _is_known(runs: Sequence[DrawnRun], names: Sequence[str]) -> bool:
    return any(drawn.traces[name].columns.size for drawn in runs for name in names)


def _lines(axis: XAxis, names: Sequence[str], theme: Theme, *, errors: bool = False) -> tuple[Line, ...]:
    return tuple(
        Line(
            (drawn.run.number, name),
            drawn.traces[name].points,
            drawn.per(axis.unit),
            errors,
            _style(theme, name, selected=drawn.selected),
        )
        for drawn in axis.runs
        for name in names
        if drawn.selected or name != "test"
    )


def _style(theme: Theme, series: str, *, selected: bool) -> LineStyle:
    colour = hue(theme, selected=selected)
    return LineStyle(
        colour, PENS[series], dots=series == "test", faint=not selected, band=selected and series == "cost"
    )


def _joined(arrays: Iterable[Floats]) -> Floats:
    return np.concatenate((np.empty(0), *arrays))
