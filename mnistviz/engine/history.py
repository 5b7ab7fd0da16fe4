"""The history of a run: its curves, in bounded memory, and what was done to it, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from mnistviz.engine.acts import Changed, Intervention
from mnistviz.engine.columns import Column, Columns, Floats, Unit

__all__ = ["SETS", "Column", "Columns", "History", "Unit"]

SETS = ("training", "validation", "test")
MOST_MEASURED = 20_000  # accuracies of a set that are known one by one, for the column that a fork cuts

_Measured = tuple[int, int, float, int]  # step, digits, share, part


@dataclass(frozen=True)
class Measured:
    """The share of a set that was read right after `step` mini-batches and `digits` digits, 0 to 1.

    `part` as in `Evaluation`. Where the history is so long that several measurements are one column, it is their mean,
    and `count` says of how many.
    """

    accuracy: float
    step: int
    digits: int
    part: int = 0
    count: int = 1


@dataclass(frozen=True)
class History:
    """The curves of one run and what was done to it. Nothing changes it: what is added makes a new one, which shares
    what it can with this one, so that the worker hands it over as it is.

    `costs`: one value a mini-batch, measured before the mini-batch moves the weights. `accuracies`: for
    each set the share of digits that were right, 0 to 1. `interventions`: exact and in order; at one step
    at most one of settings, the last there, since of several only the net change acts. There are as many as a
    hand can make, some dozen a second at the worst.
    """

    costs: Columns = field(default_factory=lambda: Columns(histogram=True))
    accuracies: Mapping[str, Columns] = field(default_factory=lambda: {name: Columns() for name in SETS})
    interventions: tuple[Intervention, ...] = ()
    _measured: Mapping[str, tuple[_Measured, ...]] = field(  # the last ones, as they were added
        default_factory=lambda: dict.fromkeys(SETS, ()), compare=False
    )

    def with_costs(self, first_step: int, first_digits: int, costs: Floats, size: int) -> History:
        """The same with the costs, shape (n,), of consecutive mini-batches of one epoch, of `size` digits each (the
        last may be short); cost i belongs to the state after `first_step` + i steps and `first_digits` +
        i · `size` digits."""
        order = np.arange(len(costs), dtype=np.int64)
        steps, digits = first_step + order, first_digits + size * order
        return replace(self, costs=self.costs.extended(steps, digits, np.asarray(costs, np.float64)))

    def with_accuracy(self, set_name: str, step: int, digits: int, fraction: float, part: int = 0) -> History:
        """The same with the share of digits, 0 to 1, that the network got right after `step` mini-batches: of the first
        `part` of the set, or of all."""
        share = float(fraction)
        columns = self.accuracies[set_name].extended(
            np.array([step]), np.array([digits]), np.array([share]), part
        )
        known = (*self._measured[set_name][1 - MOST_MEASURED :], (step, digits, share, part))
        return replace(
            self,
            accuracies={**self.accuracies, set_name: columns},
            _measured={**self._measured, set_name: known},
        )

    def with_intervention(self, act: Intervention) -> History:
        """The same with an act in its place: at its step before a change of settings, with which another one joins."""
        done = self.interventions
        last = done[-1] if done and done[-1].step == act.step else None
        match last, act:
            case Changed(), Changed():
                here: tuple[Intervention | None, ...] = (last.joined(act),)
            case Changed(), _:
                here = act, last
            case _:
                here = last, act
        before = done if last is None else done[:-1]
        kept = (each for each in here if each and not (isinstance(each, Changed) and not each.changes))
        return replace(self, interventions=(*before, *kept))

    def forked(self, step: int) -> History:
        """All up to state `step`, in columns of the same spans; costs from number `costs.size` on, which belong to a
        column that the fork cuts, are to be added.

        Of accuracies it has all, but for those of a column that is cut where they were measured too long ago.
        """
        twin = History(
            self.costs.whole(step), interventions=tuple(act for act in self.interventions if act.step <= step)
        )
        for name, columns in self.accuracies.items():
            known = self._measured[name]
            later = sum(measured[0] > step for measured in known)
            own = columns.whole(columns.size - later)
            twin = replace(twin, accuracies={**twin.accuracies, name: own})
            for measured in known[max(0, own.size - columns.size + len(known)) : len(known) - later]:
                twin = twin.with_accuracy(name, *measured)
            if later == len(known) and own.size and own.rows["last_step"][-1] > step:
                keep = int(np.searchsorted(own.rows["last_step"], step, side="right"))
                twin = replace(twin, accuracies={**twin.accuracies, name: own.whole(keep * own.span)})
        return twin

    def extent(self, unit: Unit) -> int:
        """The place of the last thing known, in steps or digits; 0 for an empty history."""
        field = "last_step" if unit == "steps" else "last_digits"
        every = (self.costs, *self.accuracies.values())
        return max((int(columns.rows[field][-1]) for columns in every if len(columns)), default=0)

    def measured(self, set_name: str, place: int, unit: Unit = "steps") -> Measured | None:
        """The last measurement of a set after so many mini-batches or digits, or before."""
        rows = self.accuracies[set_name].rows
        field = "last_step" if unit == "steps" else "last_digits"
        at = int(np.searchsorted(rows[field], place, side="right")) - 1
        if at < 0 or not rows[at]["count"]:
            return None
        row = rows[at]
        count = int(row["count"])
        share = float(row["total"]) / count
        return Measured(share, int(row["last_step"]), int(row["last_digits"]), int(row["part"]), count)

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
        rows = max((self.costs, *self.accuracies.values()), key=len).rows
        if not len(rows):
            return place
        steps = np.stack((rows["first_step"], rows["last_step"]), axis=1).ravel()
        digits = np.stack((rows["first_digits"], rows["last_digits"]), axis=1).ravel()
        source, target = (digits, steps) if to == "steps" else (steps, digits)
        return float(np.interp(place, source, target))
