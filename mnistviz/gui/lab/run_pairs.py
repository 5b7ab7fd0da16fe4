"""Two runs beside each other: whether they can be compared, and where they went apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from mnistviz.gui.lab.shown import RunFacts

NotCompared = Literal["not_there", "closed", "failed", "other_data", "other_classes"]


def why_not_compared(a: RunFacts, b: RunFacts) -> NotCompared | None:
    """Why the digits that two runs read can't be compared one by one; None where they can."""
    for run in (a, b):
        if run.failed:
            return "failed"
        if run.closed:
            return "closed"
        if not run.ready:
            return "not_there"
    if a.data != b.data:
        return "other_data"
    return "other_classes" if a.settings.sizes[-1] != b.settings.sizes[-1] else None


def shared_step(a: RunFacts, b: RunFacts, find: Callable[[int], RunFacts | None]) -> int:
    """After how many mini-batches two runs went apart: where the later one of them branched off, or 0 for runs that
    share nothing. `find` gives the run of a number, open or closed: `Lab.find`."""
    one, other = _lineage(a, find), _lineage(b, find)
    return max((min(one[number], other[number]) for number in one.keys() & other.keys()), default=0)


def _lineage(run: RunFacts, find: Callable[[int], RunFacts | None]) -> dict[int, int]:
    """The run and those that it comes from, by their numbers, with the last step that it shares with each."""
    found, last, here = {run.number: run.step}, run.step, run
    while here.parent is not None:
        last = min(last, here.parent.step)
        found[here.parent.number] = last
        before = find(here.parent.number)
        if before is None:
            break
        here = before
    return found
