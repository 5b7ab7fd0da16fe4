"""The content of a run's lane as a value, without painting."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from mnistviz.engine.acts import Flag
from mnistviz.engine.fork import Fork, lineage
from mnistviz.gui.lab.shown import RunFacts


class Lane(NamedTuple):
    """The line of a run along its digits. Equal lanes look the same."""

    run: int
    hue: int
    selected: bool
    begin: int
    """After how many digits the line begins: 0, or where it branches off another lane."""
    end: int
    thick: int
    """Up to how many digits the line is the past of the selected run."""
    parent: int | None = None
    """The index of the lane that it branches off, or None."""
    flags: tuple[Flag, ...] = ()
    best: tuple[int, int, float] | None = None
    """The digits, mini-batches and accuracy of the best checkpoint."""
    diverged: bool = False


class LaneMaker:
    def __init__(self) -> None:
        self._flags: dict[int, tuple[object, tuple[Flag, ...]]] = {}
        self._checkpoints: tuple[object, tuple[int, ...]] = None, ()

    def lanes(self, runs: Sequence[RunFacts], selected: int | None) -> tuple[Lane, ...]:
        """Return a lane for each run, in their order. If its parent is closed, a run branches off its nearest open
        ancestor, or begins by itself."""
        forks = {run.number: run.parent for run in runs if run.parent is not None}
        places = {run.number: place for place, run in enumerate(runs)}
        left: dict[int, tuple[int | None, int]] = {}
        for run in runs:
            left[run.number] = _left(run, forks, left)
        thick: dict[int, int] = {}
        number, until = selected, max((run.digits_seen for run in runs), default=0)
        while number is not None and number in places:
            thick[number] = min(until, runs[places[number]].digits_seen)
            number, until = left[number]
        return tuple(self._lane(run, selected, left[run.number], thick, places) for run in runs)

    def _lane(
        self,
        run: RunFacts,
        selected: int | None,
        left: tuple[int | None, int],
        thick: Mapping[int, int],
        places: Mapping[int, int],
    ) -> Lane:
        star = run.best_so_far
        best = None if star is None else (star.digits, star.step, star.accuracy)
        return Lane(
            run.number,
            run.hue,
            run.number == selected,
            left[1],
            run.digits_seen,
            thick.get(run.number, 0),
            None if left[0] is None else places[left[0]],
            self._flags_of(run),
            best,
            run.diverged,
        )

    def checkpoints(self, run: RunFacts) -> tuple[int, ...]:
        """Return after how many digits a run has stored checkpoints; the same tuple until another one is stored."""
        states = () if run.record is None else run.record.snapshots
        of = run.number, len(states), states[-1].step if states else 0
        if self._checkpoints[0] != of:
            self._checkpoints = of, (0, *(run.digits_at(state.step) for state in states))
        return self._checkpoints[1]

    def _flags_of(self, run: RunFacts) -> tuple[Flag, ...]:
        """Return the flags of a run, cached until its interventions change: strokes of the brush can be hundreds."""
        of = run.history.interventions, run.parent
        known = self._flags.get(run.number)
        if known is None or known[0] != of:
            known = self._flags[run.number] = of, run.flags
        return known[1]


def _left(
    run: RunFacts, forks: Mapping[int, Fork], left: Mapping[int, tuple[int | None, int]]
) -> tuple[int | None, int]:
    """Return the nearest open ancestor of a run, and after how many digits the run branched off it."""
    until = run.digits_seen
    for number, _, digits in lineage(run.number, forks.get):
        until = min(until, digits)
        if number in left and until >= left[number][1]:
            return number, until
    return None, 0


def nearest_flag(flags: tuple[Flag, ...], digits: float, within: float) -> Flag | None:
    """Return the flag nearest to `digits`, or None if it is further away than `within`."""
    at = bisect_left(flags, digits, key=lambda flag: flag.digits)
    near = [flag for flag in flags[max(0, at - 1) : at + 1] if abs(flag.digits - digits) <= within]
    return min(near, key=lambda flag: abs(flag.digits - digits), default=None)
