"""The last change of settings in a run, and the stretch over which its effect is compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnistviz.engine.acts import Changed, Intervention, gesture_of
from mnistviz.engine.history import History

_ENOUGH = 100  # mini-batches needed on each side of a change to report its effect
OTHER_COSTS = frozenset(("dropout", "shift", "rotation", "elastic", "order"))
"""Settings that change what the cost is measured on, so that costs before and after are not comparable."""


@dataclass(frozen=True)
class ChangeStretch:
    """A change of settings, made by `acts`, and the stretch to compare, in samples: from `begin`, at the last of the
    acts, to `end`. `before` is the mean cost over as many samples before the change, but at most an epoch and only
    since the previous intervention. No other intervention lies in between."""

    acts: tuple[Changed, ...]
    begin: int
    end: int
    before: float

    @property
    def step(self) -> int:
        """Mini-batches before the change began."""
        return self.acts[0].step

    @property
    def changes(self) -> tuple[tuple[str, object, object], ...]:
        """(setting, old, new) for each change. Setting η by hand ends its schedule, which does not count as a
        change."""
        changes = self.acts[0].joined(*self.acts[1:]).changes
        return tuple(each for each in changes if each[0] != "schedule" or len(changes) == 1)


def last_change(history: History, epoch: int, most: int = 1) -> ChangeStretch | None:
    """Return the last change if enough mini-batches have followed, or None. The stretch is all there is within an
    epoch; after that 1, 2, 4 … epochs, at most `most`. It contains no other intervention."""
    change = _last_changes(history.interventions)
    rows = history.costs.rows
    if change is None or not len(rows):
        return None
    acts, earlier, later = change
    first, until = acts[0].digits, acts[-1].digits
    end = int(rows["last_digits"][-1]) + 1 if later is None else later
    length = end - until
    if length > epoch:
        epochs = min(length // epoch, most)
        length = epoch * (1 << epochs.bit_length() - 1)
    before = _mean(history, max(earlier, first - length, first - epoch), first)
    after = _mean(history, until, until + length)
    return None if before is None or after is None else ChangeStretch(acts, until, until + length, before)


def _last_changes(acts: Sequence[Intervention]) -> tuple[tuple[Changed, ...], int, int | None] | None:
    """Return the acts of the last change that had an effect, and the samples at the intervention before and after it.
    Changes with fewer than `_ENOUGH` mini-batches in between count as one."""
    groups: list[list[Intervention]] = []
    at = 0
    while at < len(acts):
        numbers = gesture_of(acts, at)
        group = list(acts[at : numbers.stop])
        last = groups[-1][-1] if groups else None
        if (
            isinstance(last, Changed)
            and isinstance(group[0], Changed)
            and group[0].step - last.step < _ENOUGH
        ):
            groups[-1] += group
        else:
            groups.append(group)
        at = numbers.stop
    for number in reversed(range(len(groups))):
        changes = tuple(act for act in groups[number] if isinstance(act, Changed))
        if changes and changes[0].joined(*changes[1:]).changes:
            earlier = groups[number - 1][-1].digits if number else 0
            later = groups[number + 1][0].digits if number + 1 < len(groups) else None
            return changes, earlier, later
    return None


def _mean(history: History, begin: int, end: int) -> float | None:
    """Return the mean cost between two positions in samples; None if there are too few or some are not finite. A
    column that crosses a position mixes both sides, so it is left out."""
    costs, rows = history.costs, history.costs.rows
    first = int(np.searchsorted(rows["first_digits"], begin))
    stop = int(np.searchsorted(rows["last_digits"], end))
    part = rows[first:stop]
    if not len(part) or part["count"].sum() < _ENOUGH or part["not_finite"].any():
        return None
    return float(costs.means(first, stop - first)[0])
