"""The last change of settings in a run, and the digits over which what came of it can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnistviz.engine.acts import Changed, Intervention, gesture_of
from mnistviz.engine.history import History

_ENOUGH = 100  # mini-batches on each side of a change, before its effect is spoken of
OTHER_COSTS = frozenset(("dropout", "shift", "rotation", "elastic", "order"))
"""Settings that change what the cost is measured on, so that it can't be compared with the cost before."""


@dataclass(frozen=True)
class ChangeStretch:
    """A change of settings, made by `acts`, and the digits that are compared: from `begin`, where the last of the acts
    was, to `end`. `before` is the mean cost over as many digits before the change, or fewer: an epoch at most, and only
    those since the act before it. No other act lies in between."""

    acts: tuple[Changed, ...]
    begin: int
    end: int
    before: float

    @property
    def step(self) -> int:
        """After how many mini-batches it was begun."""
        return self.acts[0].step

    @property
    def changes(self) -> tuple[tuple[str, object, object], ...]:
        """(setting, old, new) for each that was changed. η by hand ends its schedule, which is no change of its own."""
        changes = self.acts[0].joined(*self.acts[1:]).changes
        return tuple(each for each in changes if each[0] != "schedule" or len(changes) == 1)


def last_change(history: History, epoch: int, most: int = 1) -> ChangeStretch | None:
    """The last change, if enough has come since. Its stretch is all there is within an epoch of so many digits; then 1,
    2, 4 epochs and so on, `most` of them at the most. No other act lies in it, nor in what is before."""
    found = _last_changes(history.interventions)
    rows = history.costs.rows
    if found is None or not len(rows):
        return None
    acts, earlier, later = found
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
    """The acts of the last change that came to something, and the digits at which the act before it and the act after
    it were done. Changes between which less than enough was learned are one."""
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
    """The mean cost of what lies wholly between two places in digits; None if that is not enough, or not all are
    numbers.

    A column across one of them holds what came before and what came after, so it is left out.
    """
    costs, rows = history.costs, history.costs.rows
    first = int(np.searchsorted(rows["first_digits"], begin))
    stop = int(np.searchsorted(rows["last_digits"], end))
    part = rows[first:stop]
    if not len(part) or part["count"].sum() < _ENOUGH or part["not_finite"].any():
        return None
    return float(costs.means(first, stop - first)[0])
