"""The x axis that both plots share: it grows with the run, until somebody zooms."""

from __future__ import annotations

from collections.abc import Sequence

from mnistviz.engine.columns import Unit
from mnistviz.gui.common.axis_scales import grown
from mnistviz.gui.curves.drawn_run import DrawnRun, Unlike

SHORTEST: dict[Unit, float] = {"digits": 0.005, "steps": 20}  # in epochs and in mini-batches
SMALLEST_WINDOW = 10  # columns of the history


class XAxis:
    """The window on the runs, in epochs or, where the unit is steps, in mini-batches."""

    def __init__(self) -> None:
        self.unit: Unit = "digits"
        self.runs: Sequence[DrawnRun] = ()
        self.selected: DrawnRun | None = None  # one of the runs
        self.kin: Sequence[DrawnRun] = ()
        """Those of the runs that have a past in common with the selected one."""
        self.zoom: tuple[float, float] | None = None  # None: all of the run

    @property
    def window(self) -> tuple[float, float]:
        """Both ends."""
        return self.zoom or (0.0, self.limit)

    @property
    def limit(self) -> float:
        """Where the axis ends when all is in view: it grows with the selected run and with those that branched from
        it or that it branched from; before that with the others."""
        extent = max((drawn.extent(self.unit) for drawn in self.deciding), default=0.0)
        return grown(extent, SHORTEST[self.unit])

    @property
    def deciding(self) -> Sequence[DrawnRun]:
        """The runs that the axes are chosen for: the selected one and those with which it shares its beginning; or
        before it has begun those that are drawn."""
        if self.selected is not None and self.selected.extent(self.unit):
            return (self.selected, *self.kin)
        return self.drawn("validation")

    def drawn(self, series: str) -> Sequence[DrawnRun]:
        """The runs whose lines of a series can be compared with those of the selected one."""
        return [run for run in self.runs if self.unlike(run) not in ("epoch", "data", series)]

    def unlike(self, run: DrawnRun) -> Unlike:
        """Why a run can't be drawn beside the selected one."""
        return run.unlike(self.selected, self.unit)

    def zoom_by(self, factor: float, place: float) -> None:
        """Makes the window wider or narrower by a factor, with `place` where it is."""
        selected = self.selected
        if selected is None or not len(selected.history.costs):
            return
        low, high = self.window
        least = SMALLEST_WINDOW * selected.extent(self.unit) / len(selected.history.costs)
        width = max((high - low) * factor, min(least, high - low))
        share = (place - low) / (high - low)
        self._show(place - share * width, width)

    def pan(self, by: float) -> None:
        """Moves the window, if it doesn't show everything."""
        if self.zoom is not None:
            self._show(self.zoom[0] + by, self.zoom[1] - self.zoom[0])

    def _show(self, low: float, width: float) -> None:
        limit = self.limit
        low = min(max(low, 0.0), limit - width)
        self.zoom = (low, low + width) if width < 0.999 * limit else None

    def set_unit(self, unit: Unit) -> None:
        """Changes the unit and keeps the window where it is."""
        if self.zoom is not None:
            low, high = self.converted(self.zoom[0], unit), self.converted(self.zoom[1], unit)
            self.zoom = (low, high) if low < high else None
        self.unit = unit

    def converted(self, place: float, unit: Unit) -> float:
        """A place on this axis in the other unit."""
        selected = self.selected
        if selected is None or unit == self.unit:
            return place
        return selected.history.converted(place * selected.per(self.unit), unit) / selected.per(unit)
