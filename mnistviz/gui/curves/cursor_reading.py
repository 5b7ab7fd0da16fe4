"""What the cursor reads at a place, in words and as points."""

from __future__ import annotations

from collections.abc import Sequence

from mnistviz.engine.columns import PositionUnit
from mnistviz.engine.history import SETS
from mnistviz.gui.curves.curve_texts import CurveTexts
from mnistviz.gui.curves.drawn_runs import DrawnRun
from mnistviz.gui.curves.marks import Mark

MOST_ON_A_LINE = 3  # runs
Reading = tuple[list[str], list[tuple[float, float]]]  # lines, and points (x, y) of the selected run


def read_costs(texts: CurveTexts, runs: Sequence[DrawnRun], place: float, unit: PositionUnit) -> Reading:
    lines: list[str] = []
    points: list[tuple[float, float]] = []
    others: list[str] = []
    for drawn in runs:
        column = drawn.column("cost", place, unit)
        if column is None:
            continue
        if not drawn.selected:
            others.append(texts.lettered(drawn.run.letter, texts.mean_cost(column)))
            continue
        lines += texts.costs(column, drawn.epoch)
        points.append((drawn.middle_of_cost(column, unit), column.mean))
    return [*lines, *_together(texts, others)], points


def read_accuracies(
    texts: CurveTexts, runs: Sequence[DrawnRun], place: float, unit: PositionUnit, *, errors: bool
) -> Reading:
    lines: list[str] = []
    points: list[tuple[float, float]] = []
    others: list[str] = []
    for drawn in runs:
        names = SETS if drawn.selected else drawn.drawn_sets
        columns = {name: drawn.accuracy(name, place, unit) for name in names}
        found = {name: column for name, column in columns.items() if column is not None}
        if not found:
            continue
        if not drawn.selected:
            name = "validation" if "validation" in found else next(iter(found))
            others.append(texts.lettered(drawn.run.letter, texts.accuracy(name, found[name], errors=errors)))
            continue
        distance = {name: abs(drawn.middle(column, unit) - place) for name, column in found.items()}
        nearest = found[min(distance, key=distance.__getitem__)]
        now = {name: column for name, column in found.items() if column.last_step == nearest.last_step}
        lines.append(texts.moment(nearest, drawn.epoch))
        lines.append(texts.together(texts.accuracy(name, now[name], errors=errors) for name in now))
        lines += [
            texts.accuracy(name, found[name], errors=errors, when=True) for name in found if name not in now
        ]
        lines += _read_bands(texts, drawn, nearest.last_digits, errors=errors)
        for column in found.values():
            points.append((drawn.middle(column, unit), 1 - column.mean if errors else column.mean))
    return [*lines, *_together(texts, others)], points


def _read_bands(texts: CurveTexts, drawn: DrawnRun, digits: int, *, errors: bool) -> list[str]:
    """How far other runs lie apart where they were measured after as many digits; at their end each with its seed."""
    lines: list[str] = []
    for band in drawn.run.bands:
        spread = band.at(digits)
        if spread is None or digits not in band.runs[0].digits:
            continue
        lines.append(texts.spread(band, spread, errors=errors))
        if digits == band.until:
            lines += _together(texts, [texts.run_of_band(band, run, errors=errors) for run in band.runs])
    return lines


def _together(texts: CurveTexts, others: Sequence[str]) -> list[str]:
    """What is read of other runs, some on a line."""
    return [
        texts.together(others[begin : begin + MOST_ON_A_LINE])
        for begin in range(0, len(others), MOST_ON_A_LINE)
    ]


def read_marks(texts: CurveTexts, marks: Sequence[Mark]) -> list[str]:
    return [line for mark in marks for line in texts.interventions(list(mark.acts))]


def nearest_mark(marks: Sequence[Mark], place: float, near: float) -> Sequence[Mark]:
    """The mark nearest to a place, if one is no further than `near` from it."""
    found = min(marks, key=lambda mark: abs(mark.place - place), default=None)
    return () if found is None or abs(found.place - place) > near else (found,)
