"""What runs share that branched from each other: it is drawn once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from mnistviz.engine.fork import Fork, lineage


class PastPlace(NamedTuple):
    """A place in the past of a run."""

    step: int
    digits: int


NOWHERE = PastPlace(0, 0)
_ALL = PastPlace(1 << 62, 1 << 62)


def shared(one: int, other: int, forks: Mapping[int, Fork]) -> PastPlace:
    """Up to where two runs have the same past, by their numbers; `forks` are those of the runs."""
    mine, its = _lineage(one, forks), _lineage(other, forks)
    return max((min(mine[number], its[number]) for number in mine.keys() & its.keys()), default=NOWHERE)


def beginnings(order: Iterable[int], forks: Mapping[int, Fork]) -> dict[int, PastPlace]:
    """Where the line of each run begins, if they are drawn in this order, and no past twice."""
    found: dict[int, PastPlace] = {}
    for number in order:
        found[number] = max((shared(number, drawn, forks) for drawn in found), default=NOWHERE)
    return found


def _lineage(number: int, forks: Mapping[int, Fork]) -> dict[int, PastPlace]:
    """The run itself and those that it comes from, with how far each is also its own past."""
    found = {number: _ALL}
    until = _ALL
    for before, step, digits in lineage(number, forks.get):
        found[before] = until = min(until, PastPlace(step, digits))
    return found
