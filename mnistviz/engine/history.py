"""The history of a run as one immutable value: its curves, in bounded memory, and its interventions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from mnistviz.engine.acts import Changed, Intervention
from mnistviz.engine.columns import Column, Columns, PositionUnit
from mnistviz.engine.functions import Floats

__all__ = ["SETS", "Column", "Columns", "History", "PositionUnit"]

SETS = ("training", "validation", "test")
LayerSize = Literal["gradient", "step"]
LAYER_SIZES: tuple[LayerSize, ...] = ("gradient", "step")
MOST_MEASURED = 20_000  # individually stored accuracies of a set, for the column that a fork cuts

_Known = tuple[int, int, float, int]  # step, digits, value, part
CurveKey = tuple[str, int]
"""A set and a number of its first samples, 0 for all; a layer size and a layer from 1; or ("cost", 0)."""


class Measured(Struct, frozen=True):
    """The accuracy on a set, 0 to 1, right after `step` mini-batches and `digits` samples. `part` is the number of
    samples if not the whole set was evaluated. In a long history it may be the mean of `count` evaluations."""

    accuracy: float
    step: int
    digits: int
    part: int = 0
    count: int = 1


class History(Struct, frozen=True, eq=False):
    """The curves and interventions of one run. Immutable: adding returns a new object that shares data with this one,
    so that the worker can hand it over without copying.

    `costs`: one value per mini-batch, measured before its update. `curves`: for each set, and 0, the accuracy, 0 to 1,
    on as many samples as are ever evaluated of it; for a set and a number, that on so many first samples: accuracies
    on different samples are never in one column, since the first 500 may be harder than the rest; for a layer size and
    a layer, 1 the first after the input, the length of its gradient ∂C/∂b, or of its next step, at each evaluation.
    `interventions`: exact and in order; at one step at most one change of settings, the last there, since only the net
    change counts. At worst there are some dozen a second.
    """

    costs: Columns = field(default_factory=lambda: Columns(histogram=True))
    curves: Mapping[CurveKey, Columns] = field(
        default_factory=lambda: {(name, 0): Columns() for name in SETS}
    )
    interventions: tuple[Intervention, ...] = ()
    known_one_by_one: Mapping[CurveKey, tuple[_Known, ...]] = field(default_factory=dict)
    """The last values of the curves as added: step, digits, value, part."""

    def __eq__(self, other: object) -> bool:
        parts = "costs", "curves", "interventions"
        return isinstance(other, History) and all(
            getattr(self, part) == getattr(other, part) for part in parts
        )

    def with_costs(self, first_step: int, first_digits: int, costs: Floats, size: int) -> History:
        """Return the history with the costs, shape (n,), of consecutive mini-batches of one epoch, of `size` samples
        each (the last may be short); cost i belongs to the state after `first_step` + i steps and `first_digits` + i ·
        `size` samples."""
        order = np.arange(len(costs), dtype=np.int64)
        steps, digits = first_step + order, first_digits + size * order
        return replace(self, costs=self.costs.extended(steps, digits, np.asarray(costs, np.float64)))

    def with_accuracy(
        self, set_name: str, step: int, digits: int, fraction: float, part: int = 0, *, complete: bool = True
    ) -> History:
        """Return the history with the accuracy, 0 to 1, after `step` mini-batches, on the first `part` samples of the
        set, or all. It is `complete` if no more samples of the set are ever evaluated."""
        return self._with_measured((set_name, 0 if complete else part), step, digits, float(fraction), part)

    def with_layer_sizes(
        self, step: int, digits: int, gradients: Sequence[float], steps: Sequence[float]
    ) -> History:
        history = self
        for name, values in zip(LAYER_SIZES, (gradients, steps), strict=True):
            for layer, value in enumerate(values, start=1):
                history = history._with_measured((name, layer), step, digits, float(value), 0)
        return history

    def layer_sizes(self, name: LayerSize) -> tuple[Columns, ...]:
        layers = sorted(layer for size, layer in self.curves if size == name)
        return tuple(self.curves[name, layer] for layer in layers)

    def _with_measured(self, key: CurveKey, step: int, digits: int, value: float, part: int) -> History:
        known = (*self.known_one_by_one.get(key, ())[1 - MOST_MEASURED :], (step, digits, value, part))
        before = self.curves.get(key, Columns())
        columns = before.extended(np.array([step]), np.array([digits]), np.array([value]), part)
        return self.with_columns(key, columns).with_known(key, known)

    def with_columns(self, key: CurveKey, columns: Columns) -> History:
        """Return the history with other columns for `key`: of a set or its part, of a layer, or of the costs."""
        if key[0] == "cost":
            return replace(self, costs=columns)
        return replace(self, curves={**self.curves, key: columns})

    def with_known(self, key: CurveKey, known: tuple[_Known, ...]) -> History:
        return replace(self, known_one_by_one={**self.known_one_by_one, key: known})

    @property
    def series(self) -> dict[CurveKey, Columns]:
        """All curves: costs, accuracies, sizes of layers."""
        return {**self.evaluated, **self.curves}

    @property
    def evaluated(self) -> dict[CurveKey, Columns]:
        """The costs and accuracies."""
        accuracies = {key: columns for key, columns in self.curves.items() if key[0] not in LAYER_SIZES}
        return {("cost", 0): self.costs, **accuracies}

    def without_act(self, step: int) -> History:
        """Return the history without the last intervention at a step that is no change of settings."""
        done = self.interventions
        at = next(
            n for n in reversed(range(len(done))) if done[n].step == step and not isinstance(done[n], Changed)
        )
        return replace(self, interventions=(*done[:at], *done[at + 1 :]))

    def with_intervention(self, act: Intervention) -> History:
        """Return the history with an intervention, before a change of settings at the same step, or joined with it."""
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
        effective = (each for each in here if each and not (isinstance(each, Changed) and not each.changes))
        return replace(self, interventions=(*before, *effective))

    def forked(self, step: int) -> History:
        """Return the history up to `step`, in columns of the same spans; costs from index `costs.size` on, which
        belong to a column that the fork cuts, must be added. Accuracies are complete, except in a column that is cut
        where they were measured too long ago."""
        fork = History(
            self.costs.whole(step), interventions=tuple(act for act in self.interventions if act.step <= step)
        )
        for key in self.curves:
            fork = self._with_forked(fork, key, step)
        return fork

    def _with_forked(self, fork: History, key: CurveKey, step: int) -> History:
        columns, known = self.curves[key], self.known_one_by_one.get(key, ())
        later = sum(measured[0] > step for measured in known)
        own = columns.whole(columns.size - later)
        fork = fork.with_columns(key, own)
        for measured in known[max(0, own.size - columns.size + len(known)) : len(known) - later]:
            fork = fork._with_measured(key, *measured)
        if later == len(known) and own.size and own.rows["last_step"][-1] > step:
            keep = int(np.searchsorted(own.rows["last_step"], step, side="right"))
            fork = fork.with_columns(key, own.whole(keep * own.span))
        return fork

    def extent(self, unit: PositionUnit) -> int:
        """Return the position of the last value, in steps or digits; 0 for an empty history."""
        field = "last_step" if unit == "steps" else "last_digits"
        every = self.evaluated.values()
        return max((int(columns.rows[field][-1]) for columns in every if len(columns)), default=0)

    def measured(self, set_name: str, place: int, unit: PositionUnit = "steps") -> Measured | None:
        """Return the last evaluation of a set at or before a place; at one step that of the most samples."""
        candidates = [
            last for columns in self.shares(set_name) if (last := _last(columns, place, unit)) is not None
        ]
        return max(candidates, key=lambda measured: measured.step, default=None)

    def shares(self, set_name: str) -> tuple[Columns, ...]:
        """Return all accuracies of a set: the complete ones, then those of fewer and fewer samples."""
        counts = sorted((count for name, count in self.curves if name == set_name and count), reverse=True)
        return tuple(self.curves[set_name, count] for count in (0, *counts))

    def mean_cost(self, step: int, over: int) -> float | None:
        """Return the mean cost of the last `over` of the first `step` mini-batches, or of those there are; None before
        the first, NaN if a cost is not finite. It is that of whole columns: of less than a column more at the
        beginning and, where the run went on after `step`, at the end. While no columns have merged, it is exact."""
        rows = self.costs.rows
        begin = int(np.searchsorted(rows["last_step"], step - over))
        rows = rows[begin : int(np.searchsorted(rows["first_step"], step))]
        if not len(rows):
            return None
        if rows["not_finite"].any():
            return float("nan")
        return float(rows["total"].sum() / rows["count"].sum())

    def converted(self, place: float, to: PositionUnit) -> float:
        """Convert a position in digits to steps or the other way round, as exactly as the columns allow."""
        rows = max(self.evaluated.values(), key=len).rows
        if not len(rows):
            return place
        steps = np.stack((rows["first_step"], rows["last_step"]), axis=1).ravel()
        digits = np.stack((rows["first_digits"], rows["last_digits"]), axis=1).ravel()
        source, target = (digits, steps) if to == "steps" else (steps, digits)
        return float(np.interp(place, source, target))


def _last(columns: Columns, place: int, unit: PositionUnit) -> Measured | None:
    rows = columns.rows
    field = "last_step" if unit == "steps" else "last_digits"
    if (at := int(np.searchsorted(rows[field], place, side="right")) - 1) < 0 or not rows[at]["count"]:
        return None
    row = rows[at]
    count = int(row["count"])
    share = float(row["total"]) / count
    return Measured(share, int(row["last_step"]), int(row["last_digits"]), int(row["part"]), count)
