"""Reasons why a run has no visible line, as codes."""

from __future__ import annotations

from typing import Literal

from mnistviz.gui.curves.drawn_runs import DrawnRun, XAxis

Absence = Literal["data", "epoch", "nothing", "forked", "beyond"]
"""Another data set; epochs of another length; nothing measured yet; its past so far is that of another run that is
drawn; outside the visible window."""


def absences(axis: XAxis) -> dict[int, Absence]:
    """Return the reason for each run without a visible line, by its number."""
    reasons: dict[int, Absence] = {}
    for drawn in axis.runs:
        absence = _absence(drawn, axis)
        if absence is not None:
            reasons[drawn.run.number] = absence
    return reasons


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
