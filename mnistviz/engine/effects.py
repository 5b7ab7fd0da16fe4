"""How the cost ran before and after a change of settings, over equal stretches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mnistviz.engine.acts import Changed, Intervention, gesture_of
from mnistviz.engine.history import History

_ENOUGH = 100  # mini-batches on each side of a change, before its effect is spoken of
_NOTABLE = 0.1  # relative difference


@dataclass(frozen=True)
class Effect:
    """The code of the finding on a change, and its values."""

    code: str
    values: Mapping[str, object]


def effect(history: History, epoch: int) -> Effect | None:
    """What can be said of the last change, if enough has come since; the stretches are an epoch long at most.

    `epoch` is the number of digits in one. Neither stretch has another act in it.
    """
    changed = _last_change(history.interventions)
    rows = history.costs.rows
    if changed is None or not len(rows):
        return None
    change, until = changed.change, changed.until
    end = int(rows["last_digits"][-1]) + 1 if changed.end is None else changed.end
    stretch = min(change.digits - changed.begin, end - until, epoch)
    before = _stretch(history, change.digits - stretch, change.digits)
    after = _stretch(history, until, until + stretch)
    if before is None or after is None:
        return None
    values: dict[str, object] = {
        "place": round(change.digits / epoch, 1),
        "before": round(before.mean, 4),
        "after": round(after.mean, 4),
    }
    mean = _compared(before.mean, after.mean, "rises", "falls")
    changes = [each for each in change.changes if each[0] != "schedule" or len(change.changes) == 1]
    if len(changes) > 1:
        return Effect(f"changes_{mean}", values | {"settings": tuple(name for name, _, _ in changes)})
    name, old, new = changes[0]
    spread = _compared(before.spread, after.spread, "more", "less")
    return Effect(f"change_{mean}_{spread}", values | {"setting": name, "old": old, "new": new})


@dataclass(frozen=True)
class _Changing:
    """A change as one, made until `until`, and how far back nothing else was done: all in digits."""

    change: Changed
    begin: int
    until: int
    end: int | None  # where the next act begins


@dataclass(frozen=True)
class _Stretch:
    mean: float
    spread: float  # from the 10th percentile to the 90th


def _last_change(acts: Sequence[Intervention]) -> _Changing | None:
    """The last change that came to something. Changes between which less than enough was learned are one."""
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
        changes = [act for act in groups[number] if isinstance(act, Changed)]
        if changes and (change := changes[0].joined(*changes[1:])).changes:
            begin = groups[number - 1][-1].digits if number else 0
            end = groups[number + 1][0].digits if number + 1 < len(groups) else None
            return _Changing(change, begin, groups[number][-1].digits, end)
    return None


def _stretch(history: History, begin: int, end: int) -> _Stretch | None:
    """What lies wholly between two places in digits; None if that is not enough, or not all are numbers.

    A column across one of them holds what came before and what came after, so it is left out.
    """
    costs, rows = history.costs, history.costs.rows
    first = int(np.searchsorted(rows["first_digits"], begin))
    stop = int(np.searchsorted(rows["last_digits"], end))
    part = rows[first:stop]
    if not len(part) or part["count"].sum() < _ENOUGH or part["not_finite"].any():
        return None
    mean = float(costs.means(first, stop - first)[0])
    low, high = costs.percentiles((10, 90), first, stop - first, stop)[:, 0]
    return _Stretch(mean, float(high - low))


def _compared(before: float, after: float, more: str, less: str) -> str:
    if after < before * (1 - _NOTABLE):
        return less
    return more if after > before * (1 + _NOTABLE) else "same"
