"""A series of the history as arrays to draw, kept up to date at the cost of what is new. NumPy only."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.columns import Columns, Unit

Floats = NDArray[np.float64]

MOST_POINTS = 1000
PIXELS_A_POINT = 1.5


class Trace:
    """One series, thinned to about one point for every two pixels of the visible window.

    Neighbouring columns are drawn as one, always in groups of a power of two. So a merge in the history
    moves no point, and only those points are computed again that were not complete. `x`, `mean` and `band`
    (10th and 90th percentile, if wanted) are what is in the window; `version` changes when any point does.
    """

    def __init__(self, columns: Columns, *, band: bool = False) -> None:
        self.columns = columns
        self.has_band = band
        self.group = 1
        self.version = 0
        self._points: Floats = np.empty((4 if band else 2, 0))  # rows: x, mean, low, high
        self._part = slice(0, 0)
        self._key: tuple[Unit, int] = ("steps", 1)
        self._progress = (0, 0)
        self._done: object = None

    def update(self, unit: Unit, low: float, high: float, pixels: float) -> None:
        """Brings the points up to date, for a window from `low` to `high` that is so many pixels wide."""
        columns = self.columns
        if self._done == (done := (columns.size, unit, low, high, pixels)):
            return
        self._done = done
        self.group = self._fitting_group(unit, low, high, pixels)
        key = (unit, columns.span * self.group)
        progress = _progress(columns.size, key[1])
        if (key, progress) != (self._key, self._progress):
            complete = self._progress[0] if key == self._key else 0
            start = complete * self.group
            new = [columns.positions(unit, start, self.group), columns.means(start, self.group)]
            if self.has_band:
                new.extend(columns.percentiles((10, 90), start, self.group))
            points = np.concatenate((self._points[:, :complete], np.array(new)), axis=1)
            self._points = points[:, : progress[0] + (progress[1] > 0)]
            self._key, self._progress = key, progress
            self.version += 1
        self._part = self._visible(low, high)

    @property
    def x(self) -> Floats:
        return self._points[0, self._part]

    @property
    def mean(self) -> Floats:
        return self._points[1, self._part]

    @property
    def band(self) -> Floats:
        """Shape (2, points); no rows if no band was wanted."""
        return self._points[2:, self._part]

    @property
    def highest(self) -> Floats:
        """The upper edge of what is drawn, shape (points,)."""
        highest: Floats = np.fmax.reduce(self._points[1:, self._part])
        return highest

    @property
    def lowest(self) -> Floats:
        """The lower edge of what is drawn, shape (points,)."""
        lowest: Floats = np.fmin.reduce(self._points[1:, self._part])
        return lowest

    def _visible(self, low: float, high: float) -> slice:
        """The points in the window and one beyond each end."""
        x = self._points[0]
        begin, end = np.searchsorted(x, (low, high))
        return slice(max(0, int(begin) - 1), min(int(end) + 2, len(x)))

    def _fitting_group(self, unit: Unit, low: float, high: float, pixels: float) -> int:
        rows = self.columns.rows
        first, last = ("first_step", "last_step") if unit == "steps" else ("first_digits", "last_digits")
        begin = int(np.searchsorted(rows[last], low))
        end = int(np.searchsorted(rows[first], high, side="right"))
        if end - begin < 3:
            return 1
        covered = float(rows[last][end - 1] - rows[first][begin]) / (high - low) * pixels
        wanted = min(MOST_POINTS, max(covered / PIXELS_A_POINT, 1))
        group = 1
        while end - begin - 1 > wanted * group:
            group *= 2
        return group


def _progress(size: int, values_a_point: int) -> tuple[int, int]:
    """How many points are complete, and how far the next one is, 0 if it isn't drawn.

    A point of many values is drawn from the half on and then seldom moved: before it would jump about, and
    each time all would have to be painted anew.
    """
    complete, rest = divmod(size, values_a_point)
    if complete < 8 or values_a_point < 8:
        return complete, rest
    quarters = 4 * rest // values_a_point
    return complete, quarters if quarters >= 2 else 0


def without_start(traces: Collection[Trace]) -> Floats:
    """The means of all traces but those in the first tenth: while a run climbs steeply, it needs no room."""
    x = np.concatenate([trace.x for trace in traces])
    mean = np.concatenate([trace.mean for trace in traces])
    return mean[x >= 0.9 * x.min() + 0.1 * x.max()] if len(x) else mean
