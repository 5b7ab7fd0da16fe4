"""A run as the curves draw it, and what of it a place on the axis says."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from mnistviz.engine.acts import Intervention
from mnistviz.engine.columns import Column, Unit
from mnistviz.engine.history import SETS, History
from mnistviz.gui.curves.curve_texts import CurveTexts
from mnistviz.gui.curves.traces import Trace

Point = tuple[float, float, str]  # x, y, colour

TOGETHER = 0.02  # of the window: interventions nearer than this are one mark


@dataclass(frozen=True)
class RunCurves:
    """A run to draw. `hue` is its colour; a `ghost` is drawn pale, without band and marks."""

    name: str
    hue: str
    ghost: bool
    history: History
    n_training: int  # digits in an epoch


class DrawnRun:
    """A run with the traces of its cost and of its accuracy on each set.

    Places are in units of the x axis: epochs, or mini-batches where the unit is steps.
    """

    def __init__(self, run: RunCurves) -> None:
        self.run = run
        self.key = id(run.history), run.ghost
        self.cost = Trace(run.history.costs, band=not run.ghost)
        self.accuracies = {name: Trace(run.history.accuracies[name]) for name in SETS}
        self.traces = {"cost": self.cost, **self.accuracies}
        self.seen: dict[str, int] = {}  # the version of each trace that is on the screen

    def version(self) -> object:
        """Differs from an earlier one if anything is new."""
        sizes = tuple(trace.columns.size for trace in self.traces.values())
        return self.run.hue, sizes, self.version_of_interventions()

    def update(self, unit: Unit, low: float, high: float, pixels: float) -> None:
        """Brings all traces up to date, for a window from `low` to `high` that is so many pixels wide."""
        per = self.per(unit)
        for trace in self.traces.values():
            trace.update(unit, low * per, high * per, pixels)

    def visible_version(self) -> object:
        """Differs from an earlier one if anything new is to be seen."""
        return (
            self.run.hue,
            [trace.version for trace in self.traces.values()],
            self.version_of_interventions(),
        )

    def version_of_interventions(self) -> object:
        interventions = self.run.history.interventions
        return self.key, len(interventions), interventions[-1:]

    def per(self, unit: Unit) -> int:
        """Steps or digits in one unit of the axis."""
        return 1 if unit == "steps" else self.run.n_training

    def extent(self, unit: Unit) -> float:
        """The place of the last thing known."""
        return self.run.history.extent(unit) / self.per(unit)

    def column(self, name: str, place: float, unit: Unit) -> Column | None:
        """What is drawn of a series at a place or nearest to it; None beyond the end of a ghost."""
        if self.run.ghost and place > self.extent(unit):
            return None
        trace = self.traces[name]
        return trace.columns.column_at(place * self.per(unit), unit, trace.group)

    def middle(self, column: Column, unit: Unit) -> float:
        """Where a column is drawn."""
        if unit == "steps":
            return (column.first_step + column.last_step) / 2
        return (column.first_digits + column.last_digits) / 2 / self.run.n_training

    def interventions(self, low: float, high: float, unit: Unit) -> list[tuple[float, range]]:
        """The numbers of the interventions in a window, those near each other together, with the place of the
        first."""
        done, per = self.run.history.interventions, self.per(unit)

        def place(intervention: Intervention) -> float:
            return (intervention.step if unit == "steps" else intervention.digits) / per

        at, end = bisect_left(done, low, key=place), bisect_right(done, high, key=place)
        groups = []
        while at < end:
            first = place(done[at])
            beyond = min(bisect_right(done, first + TOGETHER * (high - low), lo=at, key=place), end)
            groups.append((first, range(at, beyond)))
            at = beyond
        return groups


def read_costs(
    texts: CurveTexts, runs: Sequence[DrawnRun], place: float, unit: Unit
) -> tuple[list[str], list[Point]]:
    """What the costs at a place are, in words, and as points."""
    lines: list[str] = []
    points: list[Point] = []
    for drawn in reversed(runs):
        column = drawn.column("cost", place, unit)
        if column is None:
            continue
        if drawn.run.ghost:
            lines.append(texts.of_run(drawn.run.name, texts.mean_cost(column)))
            continue
        lines += texts.costs(column, drawn.run.n_training)
        points.append((drawn.middle(column, unit), column.mean, drawn.run.hue))
    return lines, points


def read_accuracies(
    texts: CurveTexts, runs: Sequence[DrawnRun], place: float, unit: Unit, *, errors: bool
) -> tuple[list[str], list[Point]]:
    """What the accuracies at a place are, or the errors, in words and as points."""
    lines: list[str] = []
    points: list[Point] = []
    for drawn in reversed(runs):
        columns = {name: drawn.column(name, place, unit) for name in SETS}
        found = {name: column for name, column in columns.items() if column is not None}
        if not found:
            continue
        if drawn.run.ghost:
            name = "validation" if "validation" in found else next(iter(found))
            said = texts.accuracy(name, found[name], errors=errors)
            lines.append(texts.of_run(drawn.run.name, said))
            continue
        distance = {name: abs(drawn.middle(column, unit) - place) for name, column in found.items()}
        nearest = found[min(distance, key=distance.__getitem__)]
        now = {name: column for name, column in found.items() if column.last_step == nearest.last_step}
        lines.append(texts.moment(nearest, drawn.run.n_training))
        lines.append(texts.together(texts.accuracy(name, now[name], errors=errors) for name in now))
        lines += [
            texts.accuracy(name, found[name], errors=errors, when=True) for name in found if name not in now
        ]
        for column in found.values():
            y = 1 - column.mean if errors else column.mean
            points.append((drawn.middle(column, unit), y, drawn.run.hue))
    return lines, points
