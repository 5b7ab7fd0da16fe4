"""Why a run has no line in view, by codes."""

from __future__ import annotations

from typing import Literal

from mnistviz.gui.curves.drawn_runs import DrawnRun, XAxis

Absence = Literal["data", "epoch", "nothing", "forked", "beyond"]
"""Another data set; epochs of another length; nothing was measured yet; all of it so far is the past of
another run that is drawn; beyond the window that is drawn."""


def absences(axis: XAxis) -> dict[int, Absence]:
    """The runs of which no line is seen, by their numbers."""
    found: dict[int, Absence] = {}
    for drawn in axis.runs:
        absence = _absence(drawn, axis)
        if absence is not None:
            found[drawn.run.number] = absence
    return found


def _absence(drawn: DrawnRun, axis: XAxis) -> Absence | None:
    unlike = axis.unlike(drawn)
    if unlike in ("data", "epoch"):
        return "data" if unlike == "data" else "epoch"
    names = (*drawn.drawn_sets, *(() if unlike else ("cost",)))
    series = (*((name, 0) for name in names), *drawn.drawn_parts)
    ends = [
        (float(points.x[0]), float(points.x[-1]))
        for points in (drawn.points(name, axis.unit, part) for name, part in series)
        if len(points.x)
    ]
    if not ends:
        known = any(drawn.trace(name, part).columns.size for name, part in series)
        return "forked" if known and drawn.begins.step else "nothing"
    low, high = (end * drawn.per(axis.unit) for end in axis.window)
    return None if any(first <= high and last >= low for first, last in ends) else "beyond"
