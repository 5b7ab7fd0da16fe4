"""The runs as the curves draw them, and the x axis that they share."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Literal, NamedTuple, Self

import numpy as np

from mnistviz.engine.acts import ByHand, Intervention, Restored, gesture_of
from mnistviz.engine.columns import Column, PositionUnit
from mnistviz.engine.evaluation import EARLY_DIGITS
from mnistviz.engine.fork import Fork, PastPlace, shared_place
from mnistviz.engine.functions import COSTS
from mnistviz.engine.history import SETS
from mnistviz.gui.common.scales import ROUND, grown, nice_above
from mnistviz.gui.curves import traces
from mnistviz.gui.curves.pens import Role
from mnistviz.gui.curves.traces import NOTHING_DONE, BandShape, Floats, Points, Trace, split_at, with_gaps
from mnistviz.gui.lab.shown import RunFacts, Shown

NOWHERE = PastPlace(0, 0)


def shared(one: int, other: int, forks: Mapping[int, Fork]) -> PastPlace:
    """Return up to where two runs have the same past, by their numbers; `forks` are those of all runs."""
    return shared_place(one, other, forks.get) or NOWHERE


def beginnings(order: Iterable[int], forks: Mapping[int, Fork]) -> dict[int, PastPlace]:
    """Return where the line of each run begins if they are drawn in this order and no past twice."""
    begins: dict[int, PastPlace] = {}
    for number in order:
        begins[number] = max((shared(number, drawn, forks) for drawn in begins), default=NOWHERE)
    return begins


SMALLEST_WINDOW = 10  # columns of the history
TOGETHER = 10  # pixels: flags nearer than this are one, since each is nearly as wide
Unlike = Literal["", "cost", "epoch", "data"]


class DrawnWayBack(NamedTuple):
    """A return of the weights at `place` to those of `source`, both in steps or digits, after `step` mini-batches. If
    `left`, the current weights do not descend from what was learned in between."""

    place: int
    source: int
    step: int
    left: bool


class DrawnRun:
    """A run with the traces of its cost and of its accuracy on each set.

    Only the `selected` run has a band and marks. Of several comparable runs each shows the mean cost and the validation
    accuracy, or all lines while it is pointed at. Accuracies on the first digits of a set have a line for each number;
    early ones, on very few, are hollow points. Places are in units of the x axis: epochs, of `epoch` digits, or
    mini-batches where the unit is steps.
    """

    def __init__(self, run: RunFacts, epoch: int) -> None:
        self.epoch = epoch
        self.role: Role = "selected"
        self.is_whole = True
        """Whether it has the lines of all sets: alone, or while it is pointed at."""
        self.begins: PastPlace = NOWHERE
        """Where its own lines begin: its earlier past is drawn as part of another run."""
        self.cost, self.mean_cost = Trace(band=True), Trace()
        self.accuracies: dict[tuple[str, int], Trace] = {}
        """Accuracies by set and number of its first digits, 0 for all."""
        self._done: tuple[object, Floats, Floats] = (None, NOTHING_DONE, NOTHING_DONE)
        self._ways_back: tuple[object, tuple[DrawnWayBack, ...]] = (None, ())
        self._cut: dict[tuple[str, int], tuple[object, Points]] = {}
        self._bands: tuple[object, tuple[BandShape, ...]] = (None, ())
        self._window = (0.0, 0.0)  # in steps or digits
        self.set_run(run)

    def set_run(self, run: RunFacts) -> None:
        self.run, self.history = run, run.history
        self.cost.columns = self.mean_cost.columns = run.history.costs
        for key, columns in run.history.curves.items():
            if key[0] in SETS:
                self.accuracies.setdefault(key, Trace()).columns = columns

    def release(self) -> None:
        """Release the run's data while it is hidden; the next `set_run` brings it again."""
        self.run = self.run.put_aside()

    @property
    def selected(self) -> bool:
        return self.role == "selected"

    def trace(self, name: str, part: int = 0) -> Trace:
        if name == "cost":
            return self.cost if self.selected else self.mean_cost
        return self.accuracies[name, part]

    @property
    def drawn_sets(self) -> Sequence[str]:
        if self.is_whole:
            return SETS
        validated = any(columns.size for columns in self.history.shares("validation"))
        return ("validation",) if validated else ("training",)

    @property
    def drawn_parts(self) -> Mapping[tuple[str, int], Trace]:
        names = self.drawn_sets
        return {key: trace for key, trace in self.accuracies.items() if key[0] in names and key[1]}

    def named(self, name: str, unit: PositionUnit) -> int:
        """Return the line of a set that goes furthest, as its number of first digits, 0 for all; it has the name."""
        parts = self._parts_of(name)
        return max(parts, key=lambda part: self._end(name, unit, part)) if len(parts) > 1 else 0

    def _end(self, name: str, unit: PositionUnit, part: int) -> float:
        """Return the last x of a line within the window or before it, or −1 if there is none."""
        points = self.points(name, unit, part)
        x = points.x[np.isfinite(points.mean) & (points.x <= self._window[1])]
        return float(x[-1]) if len(x) else -1.0

    def _parts_of(self, name: str) -> tuple[int, ...]:
        """Return on how many digits of a set there are lines or dots; 0 is the whole set."""
        return 0, *(part for of, part in self.drawn_parts if of == name)

    def points(self, name: str, unit: PositionUnit, part: int = 0) -> Points:
        """Return the points of a series, or of the first `part` digits of a set, from where the run's own past begins.
        A line has a gap where accuracies on another number of digits lie far from it: it would look as if the accuracy
        had risen evenly."""
        points, begin = self.trace(name, part).points, self.begins[0 if unit == "steps" else 1]
        others = [self.trace(name, other).columns for other in self._parts_of(name) if other != part]
        ways_back = self.ways_back(unit)
        if not begin and not others and (name == "cost" or not ways_back):
            return points
        known = self._cut.get((name, part))
        of = (points, begin, unit, [columns.size for columns in others], ways_back)
        if known is None or known[0] != of:
            cut = points
            if is_dotted(part):
                cut = Points(points.rows[:, np.searchsorted(points.x, begin) :])
            elif others:
                places = np.concatenate([each.positions(unit) for each in others])
                cut = with_gaps(points, places, np.concatenate([each.means() for each in others]))
            if begin and not is_dotted(part):
                cut = traces.from_place(cut, begin)
            if name != "cost" and not is_dotted(part):
                cut = split_at(cut, self._acts(unit)[1])
            known = self._cut[name, part] = of, cut
        return known[1]

    def ways_back(self, unit: PositionUnit) -> tuple[DrawnWayBack, ...]:
        acts = self.history.interventions
        if self._ways_back[0] != (of := (unit, acts)):
            ways, until = list[DrawnWayBack](), acts[-1].step + 1 if acts else 0
            for act in reversed(acts):
                if isinstance(act, Restored) and act.source < act.step:
                    steps, digits = (act.step, act.source), (act.digits, self.run.digits_at(act.source))
                    left = act.step < until
                    until = act.source if left else until
                    ways.append(DrawnWayBack(*(steps if unit == "steps" else digits), act.source, left))
            self._ways_back = of, tuple(reversed(ways))
        return self._ways_back[1]

    def without_abandoned(self, points: Points, unit: PositionUnit) -> Points:
        """Return the points without those that the run abandoned by going back, or all if no others remain."""
        if not (ways := [way for way in self.ways_back(unit) if way.left]):
            return points
        x, remaining = points.x, np.isfinite(points.mean)
        for way in ways:
            there, end = (int(np.searchsorted(x, way.place, side)) for side in ("left", "right"))
            gap = np.flatnonzero(np.isnan(points.mean[there : end + 1]))
            remaining[np.searchsorted(x, way.source, "right") : there + gap[0] if len(gap) else end] = False
        return Points(points.rows[:, remaining]) if remaining.any() else points

    def bands(self, unit: PositionUnit) -> tuple[BandShape, ...]:
        run = self.run
        of = run.bands, unit
        if self._bands[0] != of:
            place = run.step_at if unit == "steps" else float
            shapes = (BandShape.of(band, place, run.epoch) for band in run.bands)
            self._bands = of, tuple(shape for shape in shapes if shape is not None)
        return self._bands[1]

    def update(self, unit: PositionUnit, low: float, high: float, pixels: float) -> None:
        per = self.per(unit)
        self.trace("cost").update(unit, low * per, high * per, pixels, *self._acts(unit))
        self._window = low * per, high * per
        for trace in (*(self.accuracies[name, 0] for name in self.drawn_sets), *self.drawn_parts.values()):
            trace.update(unit, low * per, high * per, pixels)

    def unlike(self, other: Self | None, unit: PositionUnit) -> Unlike:
        if other is None or other is self:
            return ""
        if self.run.data != other.run.data:
            return "data"
        if unit == "digits" and self.epoch != other.epoch:
            return "epoch"
        own, others = (COSTS[each.run.settings.output, each.run.settings.cost] for each in (self, other))
        return "" if own.value is others.value else "cost"

    def _acts(self, unit: PositionUnit) -> tuple[Floats, Floats]:
        """Return the places of all interventions, in steps or digits, and of those at which the run went back."""
        done = self.history.interventions
        if (known := (unit, done)) != self._done[0]:
            places = [act.step if unit == "steps" else act.digits for act in done]
            torn = [way.place for way in self.ways_back(unit)]
            self._done = known, np.array(places, float), np.array(torn, float)
        return self._done[1:]

    def per(self, unit: PositionUnit) -> int:
        return 1 if unit == "steps" else self.epoch

    def place_of(self, unit: PositionUnit, act: Intervention) -> float:
        return (act.step if unit == "steps" else act.digits) / self.per(unit)

    def extent(self, unit: PositionUnit) -> float:
        return self.history.extent(unit) / self.per(unit)

    def column(self, name: str, place: float, unit: PositionUnit, part: int = 0) -> Column | None:
        """Return the column of a series, or a set's first `part` digits, nearest to a place; None where no line is."""
        begin = self.begins[0 if unit == "steps" else 1] / self.per(unit)
        if not self.selected and not begin <= place <= self.extent(unit):
            return None
        trace = self.trace(name, part)
        return trace.columns.column_at(place * self.per(unit), unit, trace.group)

    def accuracy(self, name: str, place: float, unit: PositionUnit) -> Column | None:
        """Return the accuracy on a set nearest to a place: of the whole set, or of its first digits if nearer."""
        columns = [self.column(name, place, unit, part) for part in self._parts_of(name)]
        measured = [column for column in columns if column is not None]
        return min(measured, key=lambda column: abs(self.middle(column, unit) - place), default=None)

    def middle(self, column: Column, unit: PositionUnit) -> float:
        return sum(extent_of(column, unit)) / 2 / self.per(unit)

    def middle_of_cost(self, column: Column, unit: PositionUnit) -> float:
        """Return the middle of a cost's column, but no earlier than its last intervention."""
        first, last = extent_of(column, unit)
        acts, _ = self._acts(unit)
        newest = int(np.searchsorted(acts, last)) - 1
        middle = self.middle(column, unit)
        return max(middle, acts[newest] / self.per(unit)) if newest >= 0 and acts[newest] >= first else middle

    def interventions(
        self, low: float, high: float, pixels: float, unit: PositionUnit
    ) -> list[tuple[float, range]]:
        """Return the interventions of a window that is `pixels` wide, as the place of the first and the range of their
        numbers, those near each other together. One gesture stays together and stands where it began."""
        done, place = self.history.interventions, partial(self.place_of, unit)
        # initial settings need no flag; edits by hand do
        before = done[: bisect_right(done, 0, key=lambda act: act.step)]
        begin = 0 if any(isinstance(act, ByHand) for act in before) else len(before)
        at, end = max(begin, bisect_left(done, low, key=place)), bisect_right(done, high, key=place)
        together = TOGETHER / max(pixels, TOGETHER) * (high - low)
        groups = []
        if at < end and (gesture := gesture_of(done, at)).start < at:
            at = gesture.stop
        while at < end:
            first = place(done[at])
            beyond = min(bisect_right(done, first + together, lo=at, key=place), end)
            beyond = gesture_of(done, beyond - 1).stop
            groups.append((first, range(at, beyond)))
            at = beyond
        return groups


class XAxis:
    """The runs, no past drawn twice, and the visible window, which grows with the selected run until the user zooms."""

    def __init__(self) -> None:
        self.unit: PositionUnit = "digits"
        self.runs: Sequence[DrawnRun] = ()
        self.selected: DrawnRun | None = None  # one of the runs
        self.relatives: Sequence[DrawnRun] = ()
        """Runs that share their past with the selected one."""
        self.zoom: tuple[float, float] | None = None  # None: all of the run
        self.fits_selected = False  # whether the axis of the accuracy fits the selected run only
        self._forks: dict[int, Fork] = {}
        self._whole: int | None = None  # number of the run that is pointed at: all of its lines are drawn

    def set_runs(self, shown: Shown) -> None:
        known = {drawn.run.number: drawn for drawn in self.runs}
        runs = shown.others if shown.run is None else (*shown.others, shown.run)
        for run in runs:
            if run.number in known:
                known[run.number].set_run(run)
            else:
                known[run.number] = DrawnRun(run, shown.epoch_of(run))
        self.runs = [known[run.number] for run in runs]
        self.selected = None if shown.run is None else known[shown.run.number]
        self._forks = {run.number: run.parent for run in runs if run.parent is not None}
        self._arrange()

    def point_at(self, number: int | None) -> bool:
        if number == self._whole:
            return False
        self._whole = number
        self._arrange()
        return True

    def _arrange(self) -> None:
        """Let each run's lines begin where it leaves the past of a run drawn before it, selected or older."""
        selected = self.selected
        for drawn in self.runs:
            pointed_at = drawn.run.number == self._whole
            drawn.role = "selected" if drawn is selected else "whole" if pointed_at else "faint"
            drawn.is_whole = pointed_at or len(self.runs) == 1
        order = sorted(self.runs, key=lambda drawn: (drawn.role != "selected", drawn.run.number))
        begin = beginnings((drawn.run.number for drawn in order), self._forks)
        for drawn in order:
            drawn.begins = begin[drawn.run.number] if drawn.role == "faint" else NOWHERE
        self.relatives = [
            drawn
            for drawn in order
            if selected is not None
            and drawn is not selected
            and not drawn.run.diverged  # its cost would leave the others no room
            and shared(drawn.run.number, selected.run.number, self._forks) > NOWHERE
        ]

    @property
    def window(self) -> tuple[float, float]:
        return self.zoom or (0.0, self.limit)

    @property
    def limit(self) -> float:
        """The end of the axis when all is in view: that of the first epoch, doubled as the selected run and its
        relatives grow, or before the first step all runs."""
        extent = max((drawn.extent(self.unit) for drawn in self.fitted_runs), default=0.0)
        return grown(extent, self._epoch)

    @property
    def is_empty(self) -> bool:
        """Whether no run has taken a step."""
        return not any(drawn.extent(self.unit) for drawn in self.runs)

    @property
    def is_first_epoch(self) -> bool:
        return self.zoom is None and self.limit == self._epoch

    @property
    def _epoch(self) -> float:
        if self.unit == "digits" or self.selected is None:
            return 1.0
        return nice_above(self.selected.epoch / self.selected.run.settings.mini_batch_size, ROUND)

    @property
    def fitted_runs(self) -> Sequence[DrawnRun]:
        """The runs that the axes must fit: the selected one and its relatives, or all before its first step."""
        if self.selected is not None and self.selected.extent(self.unit):
            return (self.selected, *self.relatives)
        return self.drawn("validation")

    def drawn(self, series: str) -> Sequence[DrawnRun]:
        return [run for run in self.runs if self.unlike(run) not in ("epoch", "data", series)]

    def unlike(self, run: DrawnRun) -> Unlike:
        return run.unlike(self.selected, self.unit)

    def zoom_by(self, factor: float, place: float) -> None:
        if (selected := self.selected) is None or not len(selected.history.costs):
            return
        low, high = self.window
        least = SMALLEST_WINDOW * selected.extent(self.unit) / len(selected.history.costs)
        width = max((high - low) * factor, min(least, high - low))
        share = (place - low) / (high - low)
        self._show(place - share * width, width)

    def pan(self, by: float) -> None:
        if self.zoom is not None:
            self._show(self.zoom[0] + by, self.zoom[1] - self.zoom[0])

    def _show(self, low: float, width: float) -> None:
        limit = self.limit
        low = min(max(low, 0.0), limit - width)
        self.zoom = (low, low + width) if width < 0.999 * limit else None

    def set_unit(self, unit: PositionUnit) -> None:
        if self.zoom is not None:
            low, high = self.converted(self.zoom[0], unit), self.converted(self.zoom[1], unit)
            self.zoom = (low, high) if low < high else None
        self.unit = unit

    def converted(self, place: float, unit: PositionUnit) -> float:
        if (selected := self.selected) is None or unit == self.unit:
            return place
        return selected.history.converted(place * selected.per(self.unit), unit) / selected.per(unit)


def extent_of(column: Column, unit: PositionUnit) -> tuple[int, int]:
    steps, digits = (column.first_step, column.last_step), (column.first_digits, column.last_digits)
    return steps if unit == "steps" else digits


def is_dotted(part: int) -> bool:
    """Return True if accuracies on this many first digits are hollow points: so few vary a lot."""
    return 0 < part <= EARLY_DIGITS


Absence = Literal["data", "epoch", "nothing", "forked", "beyond"]
"""Other data; other epochs; nothing measured; its past is that of another drawn run; outside the window."""


def absences(axis: XAxis) -> dict[int, Absence]:
    """Return the reason for each run without a visible line, by its number."""
    reasons = ((drawn.run.number, _absence(drawn, axis)) for drawn in axis.runs)
    return {number: absence for number, absence in reasons if absence is not None}


def _absence(drawn: DrawnRun, axis: XAxis) -> Absence | None:
    if (unlike := axis.unlike(drawn)) in ("data", "epoch"):
        return "data" if unlike == "data" else "epoch"
    names = (*drawn.drawn_sets, *(() if unlike else ("cost",)))
    series = (*((name, 0) for name in names), *drawn.drawn_parts)
    lines = (drawn.points(name, axis.unit, part) for name, part in series)
    if not (ends := [(float(points.x[0]), float(points.x[-1])) for points in lines if len(points.x)]):
        known = any(drawn.trace(name, part).columns.size for name, part in series)
        return "forked" if known and drawn.begins.step else "nothing"
    low, high = (end * drawn.per(axis.unit) for end in axis.window)
    return None if any(first <= high and last >= low for first, last in ends) else "beyond"
