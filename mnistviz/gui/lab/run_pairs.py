"""Two runs beside each other: where they went apart."""

from __future__ import annotations

from collections.abc import Callable

from mnistviz.engine.fork import Fork, lineage
from mnistviz.gui.lab.shown import RunFacts


def shared_step(a: RunFacts, b: RunFacts, find: Callable[[int], RunFacts | None]) -> int | None:
    """After how many mini-batches two runs went apart: where the later one of them branched off; None for runs that
    share nothing. `find` gives the run of a number, open or closed: `lab.runs.find`."""
    one, other = _lineage(a, find), _lineage(b, find)
    return max((min(one[number], other[number]) for number in one.keys() & other.keys()), default=None)


def _lineage(run: RunFacts, find: Callable[[int], RunFacts | None]) -> dict[int, int]:
    """The run and those that it comes from, by their numbers, with the last step that it shares with each."""

    def fork_of(number: int) -> Fork | None:
        known = run if number == run.number else find(number)
        return None if known is None else known.parent

    found, last = {run.number: run.step}, run.step
    for number, step, _ in lineage(run.number, fork_of):
        found[number] = last = min(last, step)
    return found
