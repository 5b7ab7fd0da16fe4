"""The history of a run: its curves, in bounded memory, and what was done to it.

The worker owns a `History`. The window owns a mirror of it and asks only for what has changed:

    changes = history.changes_since(seen)  # copies, nothing shared
    mirror.apply(changes)
    seen = changes.until
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import islice

import numpy as np

from mnistviz.engine.acts import Changed, Intervention
from mnistviz.engine.columns import MOST_COLUMNS, Column, ColumnChanges, Columns, Floats, Unit

__all__ = ["SETS", "Changes", "Column", "Columns", "History", "KnownHistory", "Unit"]

SETS = ("training", "validation", "test")
MOST_MEASURED = 20_000  # accuracies of a set that are known one by one, for the column that a fork cuts


@dataclass(frozen=True)
class KnownHistory:
    """How much of a history is known: (span, size) of each series, and how many interventions after how
    many acts."""

    series: dict[str, tuple[int, int]]
    interventions: int
    acts: int


@dataclass(frozen=True)
class Changes:
    """What differs from an earlier state of a history, as copies; false if nothing does. `until` is the
    next `seen`.

    Never larger than the history itself, however long nobody asked.
    """

    series: dict[str, ColumnChanges]
    interventions: tuple[Intervention, ...]
    interventions_before: int  # how many of those known already go before these
    acted: bool  # whether any interventions differ: the last ones known may have gone
    until: KnownHistory

    def __bool__(self) -> bool:
        return bool(self.series or self.acted)


class History:
    """The curves of one run and what was done to it.

    `costs`: one value a mini-batch, measured before the mini-batch moves the weights. `accuracies`: for
    each set the share of digits that were right, 0 to 1. `interventions`: exact and in order; at one step
    at most one of settings, the last there, since of several only the net change acts. There are as many as a
    hand can make, some dozen a second at the worst.
    """

    def __init__(self, columns: int = MOST_COLUMNS) -> None:
        self.costs = Columns(columns, histogram=True)
        self.accuracies = {name: Columns(columns) for name in SETS}
        self.interventions: list[Intervention] = []
        self._acts = 0
        self._series = {"cost": self.costs, **self.accuracies}
        self._measured: dict[str, deque[tuple[int, int, float, int]]] = {
            name: deque(maxlen=MOST_MEASURED) for name in SETS
        }  # the last ones, as they were added

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, History):
            return NotImplemented
        return self._series == other._series and self.interventions == other.interventions

    __hash__ = None  # type: ignore[assignment]

    def add_costs(self, first_step: int, first_digits: int, costs: Floats, size: int) -> None:
        """Appends the costs, shape (n,), of consecutive mini-batches of one epoch, of `size` digits each (the
        last may be short); cost i belongs to the state after `first_step` + i steps and `first_digits` +
        i · `size` digits."""
        order = np.arange(len(costs), dtype=np.int64)
        self.costs.extend(first_step + order, first_digits + size * order, np.asarray(costs, np.float64))

    def add_accuracy(self, set_name: str, step: int, digits: int, fraction: float, part: int = 0) -> None:
        """Appends the share of digits, 0 to 1, that the network got right after `step` mini-batches: of the first
        `part` of the set, or of all."""
        share = np.array([float(fraction)])
        self.accuracies[set_name].extend(np.array([step]), np.array([digits]), share, part)
        self._measured[set_name].append((step, digits, float(fraction), part))

    def add_intervention(self, act: Intervention) -> None:
        """Puts an act in its place: at its step before a change of settings, with which another one joins."""
        done = self.interventions
        last = done.pop() if done and done[-1].step == act.step else None
        match last, act:
            case Changed(), Changed():
                here: tuple[Intervention | None, ...] = (last.joined(act),)
            case Changed(), _:
                here = act, last
            case _:
                here = last, act
        done += [each for each in here if each and not (isinstance(each, Changed) and not each.changes)]
        self._acts += 1

    def forked(self, step: int) -> History:
        """A history of its own of all up to state `step`, in columns of the same spans; costs from number `costs.size`
        on, which belong to a column that the fork cuts, are to be added.

        Of accuracies it has all, but for those of a column that is cut where they were measured too long ago.
        """
        twin = History()
        twin.costs = self.costs.whole(step)
        for name, columns in self.accuracies.items():
            known = self._measured[name]
            later = sum(measured[0] > step for measured in known)
            own = twin.accuracies[name] = columns.whole(columns.size - later)
            for at, digits, fraction, part in islice(
                known, max(0, own.size - columns.size + len(known)), len(known) - later
            ):
                twin.add_accuracy(name, at, digits, fraction, part)
            if later == len(known) and own.size and own.rows["last_step"][-1] > step:
                keep = int(np.searchsorted(own.rows["last_step"], step, side="right"))
                twin.accuracies[name] = own.whole(keep * own.span)
        twin.interventions = [act for act in self.interventions if act.step <= step]
        twin._series = {"cost": twin.costs, **twin.accuracies}
        return twin

    def extent(self, unit: Unit) -> int:
        """The place of the last thing known, in steps or digits; 0 for an empty history."""
        field = "last_step" if unit == "steps" else "last_digits"
        return max(
            (int(columns.rows[field][-1]) for columns in self._series.values() if len(columns)), default=0
        )

    def mean_cost(self, step: int, over: int) -> float | None:
        """The mean cost of the last `over` mini-batches of the first `step`, or of those there are; None before
        the first, NaN where a cost was no finite number.

        It is that of whole columns: of less than a column more at the beginning and, where the run went on
        after `step`, at the end. While no columns have merged, it is exact.
        """
        rows = self.costs.rows
        begin = int(np.searchsorted(rows["last_step"], step - over))
        rows = rows[begin : int(np.searchsorted(rows["first_step"], step))]
        if not len(rows):
            return None
        if rows["not_finite"].any():
            return float("nan")
        return float(rows["total"].sum() / rows["count"].sum())

    def converted(self, place: float, to: Unit) -> float:
        """A place in digits as one in steps, or the other way round, as exact as the columns are narrow."""
        rows = max(self._series.values(), key=len).rows
        if not len(rows):
            return place
        steps = np.stack((rows["first_step"], rows["last_step"]), axis=1).ravel()
        digits = np.stack((rows["first_digits"], rows["last_digits"]), axis=1).ravel()
        source, target = (digits, steps) if to == "steps" else (steps, digits)
        return float(np.interp(place, source, target))

    def changes_since(self, seen: KnownHistory | None) -> Changes:
        """What differs from the state `seen` (None: from nothing), as copies that share no memory with
        this."""
        known = seen or KnownHistory({}, 0, 0)
        series = {}
        for name, columns in self._series.items():
            changes = columns.changes_since(*known.series.get(name, (1, 0)))
            if changes is not None:
                series[name] = changes
        before, acted = known.interventions, known.acts != self._acts
        if acted:
            before = max(0, before - 1)  # the last one known may have been joined with a later one, or gone
        until = KnownHistory(
            {name: (columns.span, columns.size) for name, columns in self._series.items()},
            len(self.interventions),
            self._acts,
        )
        return Changes(series, tuple(self.interventions[before:]), before, acted, until)

    def apply(self, changes: Changes) -> None:
        """Brings this mirror up to date; ValueError if changes in between are missing."""
        if changes.interventions_before > len(self.interventions):
            raise ValueError("these changes don't follow on what was applied before")
        for name, columns in changes.series.items():
            self._series[name].apply(columns)
        self.interventions[changes.interventions_before :] = changes.interventions
        self._acts = changes.until.acts
