"""A series of the history as arrays to draw, updated at the cost of what is new. NumPy only."""

from collections.abc import Callable, Collection
from typing import Self

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from mnistviz.engine.columns import FIELDS, Columns, PositionUnit
from mnistviz.engine.luck.bands import Band

Floats = NDArray[np.float64]

MOST_POINTS = 1000
SEVERAL, FAR = 3, 0.05  # points beside a line, and their mean distance, from which it is misleading
PIXELS_A_POINT = 1.5
NOTHING_DONE: Floats = np.empty(0)


class Points(Struct, frozen=True, eq=False):
    """Rows to draw of a series, read-only: x in steps or digits, the mean, and with a band the 10th and the 90th
    percentile. Compared by identity."""

    rows: Floats

    @property
    def x(self) -> Floats:
        x: Floats = self.rows[0]
        return x

    @property
    def mean(self) -> Floats:
        mean: Floats = self.rows[1]
        return mean

    @property
    def band(self) -> Floats:
        """Shape (2, points); no rows without a band."""
        return self.rows[2:]

    def values(self, *, band: bool) -> Floats:
        """Return the mean, and with `band` also its edges, shape (1 or 3, points)."""
        return self.rows[1 : None if band else 2]


def from_place(points: Points, begin: float) -> Points:
    """Return the points beyond a place, after one interpolated at that place."""
    x = points.x
    at = int(np.searchsorted(x, begin, side="right"))
    rows = points.rows[:, at:]
    if not at or at == len(x):
        return Points(rows)
    share = (begin - x[at - 1]) / (x[at] - x[at - 1])
    first = points.rows[:, at - 1 : at] + share * (points.rows[:, at : at + 1] - points.rows[:, at - 1 : at])
    return Points(np.concatenate((first, rows), axis=1))


def with_gaps(points: Points, places: Floats, values: Floats) -> Points:
    """Return the points with gaps where several `values` at `places` lie between two points and off their line."""
    x = points.x
    if len(x) < 2:
        return points
    inside = (places > x[0]) & (places < x[-1])
    places, values = places[inside], values[inside]
    between = np.searchsorted(x, places) - 1
    count = np.bincount(between, minlength=len(x) - 1)
    off = np.bincount(between, np.abs(values - np.interp(places, x, points.mean)), len(x) - 1)
    gaps = np.flatnonzero((count >= SEVERAL) & (off > FAR * count))
    rows = np.insert(points.rows, gaps + 1, np.nan, axis=1)
    rows[0, gaps + 1 + np.arange(len(gaps))] = (x[gaps] + x[gaps + 1]) / 2
    return Points(rows)


def split_at(points: Points, places: Floats) -> Points:
    """Return the points with a gap at each of some places: before the last point there, if there is one."""
    first, beyond = (np.searchsorted(points.x, places, side) for side in ("left", "right"))
    gaps = beyond - (beyond > first)
    inside = (gaps > 0) & (gaps < len(points.x))
    gaps, places = gaps[inside], places[inside]
    rows = np.insert(points.rows, gaps, np.nan, axis=1)
    rows[0, gaps + np.arange(len(gaps))] = places
    return Points(rows)


class Trace:
    """One series, thinned to about one point for every two pixels of the visible window.

    Neighbouring columns are drawn as one, always in groups of a power of two: a merge in the history moves no point,
    and only incomplete points are computed again. `points` are those in the window: the same object as long as no
    point changes.

    Up to an intervention, a line given its place continues horizontally: a point that averages values before and after
    it is drawn no earlier than the intervention, and not at all where the weights went back.
    """

    def __init__(self, *, band: bool = False) -> None:
        self.columns = Columns(histogram=band)
        """The newest columns of the series; to be set before `update`."""
        self.group = 1
        self._has_band = band
        self._all: Floats = np.empty((4 if band else 2, 0))
        self._part = slice(0, 0)
        self._width: tuple[PositionUnit, int] = ("steps", 1)  # values in a point
        self._progress = (0, 0)
        self._asked: object = None
        self._done = self._torn = NOTHING_DONE
        self.points = Points(self._all)

    def update(
        self,
        unit: PositionUnit,
        low: float,
        high: float,
        pixels: float,
        done: Floats = NOTHING_DONE,
        torn: Floats = NOTHING_DONE,
    ) -> None:
        """Update the points for a window from `low` to `high` that is `pixels` wide. `done` are the ordered places of
        interventions, `torn` those where the weights went back: the same array objects while unchanged."""
        columns = self.columns
        if self._asked == (asked := (columns.size, unit, low, high, pixels, id(done))):
            return
        same_acts, self._done, self._torn = done is self._done, done, torn
        self._asked = asked
        self.group = self._fitting_group(unit, low, high, pixels)
        width = (unit, columns.span * self.group)
        progress = _progress(columns.size, width[1])
        before = self._all
        if (width, progress) != (self._width, self._progress):
            complete = self._progress[0] if width == self._width else 0
            start = complete * self.group
            new = [columns.positions(unit, start, self.group), columns.means(start, self.group)]
            if self._has_band:
                new.extend(columns.percentiles((10, 90), start, self.group))
            points = np.concatenate((self._all[:, :complete], np.array(new)), axis=1)
            self._all = points[:, : progress[0] + (progress[1] > 0)]
            self._width, self._progress = width, progress
        part = self._visible(low, high)
        if self._all is not before or part != self._part or not same_acts:
            self._part, self.points = part, Points(self._broken(part, unit))

    def _broken(self, part: slice, unit: PositionUnit) -> Floats:
        """Return some points, with a copy of the last one before each intervention, at its place."""
        points, rows, done = self._all[:, part], self.columns.rows, self._done
        if not len(done):
            return points
        number, torn = (
            np.searchsorted(rows[FIELDS[unit][1]], places, side="right") // self.group - part.start
            for places in (done, self._torn)
        )
        inside = (number > 0) & (number < points.shape[1])
        if not inside.any():
            return points
        number, done = number[inside], done[inside]
        newest = np.append(np.flatnonzero(np.diff(number)), len(number) - 1)  # the newest of each point
        oldest = np.append(0, newest[:-1] + 1)
        at = number[newest]
        held, points = points[:, at - 1], points.copy()
        held[0] = np.maximum(held[0], done[oldest])
        points[0, at] = np.maximum(points[0, at], done[newest])
        points[1:, at[np.isin(at, torn)]] = np.nan
        broken: Floats = np.insert(points, at, held, axis=1)
        return broken

    def _visible(self, low: float, high: float) -> slice:
        x = self._all[0]
        begin, end = np.searchsorted(x, (low, high))
        return slice(max(0, int(begin) - 1), min(int(end) + 2, len(x)))

    def _fitting_group(self, unit: PositionUnit, low: float, high: float, pixels: float) -> int:
        first, last = (self.columns.rows[name] for name in FIELDS[unit])
        begin = int(np.searchsorted(last, low))
        end = int(np.searchsorted(first, high, side="right"))
        if end - begin < 3:
            return 1
        covered = float(last[end - 1] - first[begin]) / (high - low) * pixels
        wanted = min(MOST_POINTS, max(covered / PIXELS_A_POINT, 1))
        group = 1
        while end - begin - 1 > wanted * group:
            group *= 2
        return group


def _progress(size: int, values_a_point: int) -> tuple[int, int]:
    """Return how many points are complete, and how far the next one is, 0 if it is not drawn.

    A point of many values is drawn once half complete and then seldom moved: earlier it would vary a lot, and each
    change would repaint all points.
    """
    complete, rest = divmod(size, values_a_point)
    if complete < 8 or values_a_point < 8:
        return complete, rest
    quarters = 4 * rest // values_a_point
    return complete, quarters if quarters >= 2 else 0


def without_start(series: Collection[Points]) -> Floats:
    """Return the means of all series without those in the first tenth: the steep rise of a run needs no room."""
    x = np.concatenate([points.x for points in series])
    mean = np.concatenate([points.mean for points in series])
    return mean[x >= 0.9 * x.min() + 0.1 * x.max()] if len(x) else mean


class BandShape(Struct, frozen=True, eq=False):
    """Arrays to draw a band from; compared by identity.

    `x` holds the places where its runs were measured, in steps or digits, shape (n,), and `shares` the validation
    accuracies there, shape (runs, n). The start is left out where nothing was measured within the first epoch: a
    straight line from there would look like a far slower run. `edges` holds the minimum, the quartiles and the maximum,
    shape (4, n), and `costs` the mean costs at `cost_x`, shape (runs, m).
    """

    band: Band
    x: Floats
    shares: Floats
    edges: Floats
    cost_x: Floats
    costs: Floats

    @classmethod
    def of(cls, band: Band, place: Callable[[int], float], epoch: int) -> Self | None:
        if not band.runs:
            return None
        first = band.runs[0]
        begin = 1 if first.digits[0] == 0 and (first.digits[1:2] >= epoch).any() else 0
        shares = np.stack([run.accuracy[begin:] for run in band.runs])
        return cls(
            band,
            np.array([place(digits) for digits in first.digits[begin:].tolist()], float),
            shares,
            np.quantile(shares, (0, 0.25, 0.75, 1), axis=0),
            np.array([place(digits) for digits in first.cost_digits.tolist()], float),
            np.stack([run.cost for run in band.runs]),
        )

    @property
    def outline(self) -> tuple[Points, Points]:
        return Points(np.stack((self.x, self.edges[0]))), Points(np.stack((self.x, self.edges[-1])))
