"""Two runs side by side: where they forked."""

from __future__ import annotations

from collections.abc import Callable

from mnistviz.engine.fork import Fork, lineage
from mnistviz.gui.lab.shown import RunFacts


def shared_step(a: RunFacts, b: RunFacts, find: Callable[[int], RunFacts | None]) -> int | None:
    """Return the step at which two runs forked, that is, where the later one of them branched off; None if they share
    nothing. `find` returns the run of a number, open or closed: `lab.runs.find`."""
    one, other = _lineage(a, find), _lineage(b, find)
    return max((min(one[number], other[number]) for number in one.keys() & other.keys()), default=None)


def _lineage(run: RunFacts, find: Callable[[int], RunFacts | None]) -> dict[int, int]:
    """Return the run and its ancestors, by their numbers, with the last step that it shares with each."""

    def fork_of(number: int) -> Fork | None:
        known = run if number == run.number else find(number)
        return None if known is None else known.parent

    ancestors, last = {run.number: run.step}, run.step
    for number, step, _ in lineage(run.number, fork_of):
        ancestors[number] = last = min(last, step)
    return ancestors
