"""The runs that the curves draw: what each has of lines, and that no past is drawn twice."""

from __future__ import annotations

from mnistviz.engine.fork import Fork
from mnistviz.gui.curves.drawn_run import DrawnRun
from mnistviz.gui.curves.shared_past import NOWHERE, beginnings, shared
from mnistviz.gui.curves.x_axis import XAxis
from mnistviz.gui.lab.shown import Shown


class DrawnRuns:
    """Gives the runs to the axis. One that is not selected has all of its lines while it is pointed at."""

    def __init__(self, axis: XAxis) -> None:
        self._axis = axis
        self._forks: dict[
            int, Fork
        ] = {}  # of all runs that were ever drawn: those in between may have closed
        self.whole: int | None = None
        """The number of the run that is pointed at."""

    def take(self, shown: Shown) -> None:
        """Draws the run shown, and the others."""
        known = {drawn.run.number: drawn for drawn in self._axis.runs}
        runs = shown.others if shown.run is None else (*shown.others, shown.run)
        for run in runs:
            if run.number in known:
                known[run.number].take(run)
            else:
                known[run.number] = DrawnRun(run, shown.epoch_of(run))
        self._axis.runs = [known[run.number] for run in runs]
        self._axis.selected = None if shown.run is None else known[shown.run.number]
        self._forks |= {run.number: run.parent for run in runs if run.parent is not None}
        self._arrange()

    def point_at(self, number: int | None) -> bool:
        """Points at a run, by its number, or at none; whether that is another one."""
        if number == self.whole:
            return False
        self.whole = number
        self._arrange()
        return True

    def _arrange(self) -> None:
        """The lines of a run begin where it leaves the past of one that is drawn before it: the selected one, or an
        older one."""
        axis, selected = self._axis, self._axis.selected
        for drawn in axis.runs:
            pointed_at = drawn.run.number == self.whole
            drawn.role = "selected" if drawn is selected else "whole" if pointed_at else "faint"
        order = sorted(axis.runs, key=lambda drawn: (drawn.role != "selected", drawn.run.number))
        begin = beginnings((drawn.run.number for drawn in order), self._forks)
        for drawn in order:
            drawn.begins = begin[drawn.run.number] if drawn.role == "faint" else NOWHERE
        axis.kin = [
            drawn
            for drawn in order
            if selected is not None
            and drawn is not selected
            and not drawn.run.diverged  # or its cost would leave the others no room
            and shared(drawn.run.number, selected.run.number, self._forks) > NOWHERE
        ]
