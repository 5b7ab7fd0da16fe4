"""The common past of runs that branched from each other, which is drawn once."""

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
    """Return up to where two runs have the same past, by their numbers; `forks` are those of all runs."""
    first, second = _lineage(one, forks), _lineage(other, forks)
    return max((min(first[run], second[run]) for run in first.keys() & second.keys()), default=NOWHERE)


def beginnings(order: Iterable[int], forks: Mapping[int, Fork]) -> dict[int, PastPlace]:
    """Return where the line of each run begins if they are drawn in this order and no past twice."""
    begins: dict[int, PastPlace] = {}
    for number in order:
        begins[number] = max((shared(number, drawn, forks) for drawn in begins), default=NOWHERE)
    return begins


def _lineage(number: int, forks: Mapping[int, Fork]) -> dict[int, PastPlace]:
    """Return the run and its ancestors, each with the place up to which it is the run's own past."""
    places = {number: _ALL}
    until = _ALL
    for before, step, digits in lineage(number, forks.get):
        places[before] = until = min(until, PastPlace(step, digits))
    return places
