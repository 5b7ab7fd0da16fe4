"""The settings that a run learned well with, the changes since, and the stretch over which the last is compared."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from mnistviz.engine.acts import Changed, Halved, Intervention, gestures, net_change
from mnistviz.engine.functions import ACTIVATIONS, COSTS, INITIAL_WEIGHTS
from mnistviz.engine.history import History
from mnistviz.engine.moment import Best
from mnistviz.engine.schedule import share_of_eta
from mnistviz.engine.settings import SETTINGS, Settings

_WORKED = 3.0  # times the accuracy of guessing: less is not worth restoring
_BETTER = 0.05  # validation accuracy before the first change above that of the best
_SCHEDULE = ("schedule", "schedule_epochs", "eta")
_BOOK_BATCH = 10  # digits: the book's mini-batch
_LARGE_BATCH = 100  # digits: larger ones allow no larger η
HEAVY_MOMENTUM = 0.95  # with more, even a small η fails at first


class ManualChange(Struct, frozen=True):
    """A setting changed by hand after `step` mini-batches, from `old` to `new`, the later value furthest from `old`;
    `at_once` if a single gesture set it to `new`."""

    name: str
    step: int
    old: object
    new: object
    at_once: bool = True


class WorkingSettings(Struct, frozen=True):
    """Settings that worked: with them the validation accuracy was `accuracy`; those in `touched` were changed later.
    `best` is the run's best checkpoint, or None if the settings are those before the first change."""

    accuracy: float
    settings: Settings
    touched: tuple[ManualChange, ...]
    best: Best | None


def find_working_settings(
    history: History, settings: Settings, best: Best | None, epoch: int, classes: int
) -> WorkingSettings | None:
    """Return the settings that a run can be restored to, or None if it was never much better than guessing. `settings`
    are the current ones, `epoch` is the number of samples in an epoch."""
    acts = history.interventions
    touched = _manual_changes(acts)
    first = accuracy_until(history, touched[0].step, highest=True) if touched else math.nan
    if best is None or first > best.accuracy + _BETTER:  # it was better than the later best
        best, accuracy = None, first
    else:
        acts = tuple(act for act in acts if act.step >= best.step)
        touched, accuracy = _manual_changes(acts), best.accuracy
    if not accuracy >= _WORKED / classes:
        return None
    old = {
        name: value for act in reversed(acts) if isinstance(act, Changed) for name, value, _ in act.changes
    }
    before = settings.changed(**old)
    by_hand = any(each.name == "eta" for each in touched)
    if best is not None and by_hand and before.schedule != "constant" == settings.schedule:
        before = _as_the_schedule_had_it(before, history.interventions, best, epoch)
        touched = tuple(replace(each, old=before.eta) if each.name == "eta" else each for each in touched)
    return WorkingSettings(accuracy, before, touched, best)


def accuracy_until(history: History, step: int, *, highest: bool = False) -> float:
    """Return the last validation accuracy up to `step`, or the `highest` up to then; NaN if there was no evaluation."""
    if not highest:
        last = history.measured("validation", step)
        return math.nan if last is None else last.accuracy
    every = (columns.rows for columns in history.shares("validation"))
    highest_each = [
        float(rows["largest"][before].max()) for rows in every if (before := rows["last_step"] <= step).any()
    ]
    return max(highest_each, default=math.nan)


def usual_eta(settings: Settings) -> float:
    """Return a learning rate that mostly works for such networks: that of the book or of the recipes.

    Momentum multiplies a step by 1/(1 − μ) in total, and small mini-batches are noisier: a large mini-batch
    compensates for momentum, as in the recipe *fast*. Under the quadratic cost many units with small weights change an
    output more per step: with 784-200-10, 784-300-10 and 784-500-10, scaled, η of 1.5, 1 and 0.5 learn in three seeds
    of three, twice as much in none, but with N(0, 1) η makes no difference there.
    """
    cost = COSTS[settings.output, settings.cost]
    eta = min(cost.usual_eta, ACTIVATIONS[settings.activation].most_eta)
    if eta == cost.usual_eta and not INITIAL_WEIGHTS[settings.initial_weights].large:
        eta *= min(1.0, cost.wide / max(settings.sizes[1:-1], default=1))
    batches = min(settings.mini_batch_size, _LARGE_BATCH) / _BOOK_BATCH
    return eta * min(1.0, batches * (1 - settings.momentum))


def suitable_settings(settings: Settings) -> dict[str, object]:
    """Return settings to restart with if this network does not learn: a usual η if larger, no momentum if high, and
    initial weights that suit the activation (He for ReLU, 1/√n for tanh: with N(0, 1) a smaller η made it worse)."""
    changes: dict[str, object] = {}
    if settings.momentum > HEAVY_MOMENTUM:
        changes["momentum"] = 0.0
        settings = settings.changed(momentum=0.0)
    usual = float(f"{usual_eta(settings):.2g}")
    if settings.eta > usual:
        changes["eta"] = usual
    activation = ACTIVATIONS[settings.activation]
    if INITIAL_WEIGHTS[settings.initial_weights].large and not activation.bears_large:
        changes["initial_weights"] = activation.initial_weights
    return changes


def _manual_changes(acts: Sequence[Intervention]) -> tuple[ManualChange, ...]:
    touched: dict[str, ManualChange] = {}
    first: dict[str, Changed] = {}
    for act in acts:
        if not isinstance(act, Changed):
            continue
        by_hand = any(name == "eta" for name, _, _ in act.changes)
        for name, old, new in act.changes:
            if SETTINGS[name].group == "stopping" or (by_hand and name == "schedule"):
                continue  # setting η by hand ends its schedule
            known = touched.setdefault(name, ManualChange(name, act.step, old, new))
            begun = first.setdefault(name, act)
            if _distance(known.old, new) > _distance(known.old, known.new):
                one = act.step == begun.step or (act.gesture == begun.gesture != 0)
                touched[name] = replace(known, new=new, at_once=one)
    return tuple(touched.values())


def _distance(a: Any, b: Any) -> float:
    if not isinstance(a, int | float):
        return float(a != b)
    if a > 0 and b > 0:
        return abs(math.log(b) - math.log(a))
    return math.inf if a != b else 0.0


def _as_the_schedule_had_it(then: Settings, acts: Sequence[Intervention], best: Best, epoch: int) -> Settings:
    """Return `then`, the settings at the best checkpoint, with the η that their schedule had reached, as a constant.
    If η was set by hand after a schedule, the η stored in the settings is not the one that worked."""
    earlier = [act for act in acts if act.step < best.step]
    changes = (act for act in earlier if isinstance(act, Changed))
    begins = (act.digits for act in changes if any(name in _SCHEDULE for name, _, _ in act.changes))
    begin = max(begins, default=0)
    halvings = sum(isinstance(act, Halved) and act.digits >= begin for act in earlier)
    eta = then.eta * share_of_eta(then, best.epoch - begin / epoch, halvings)
    return replace(then, eta=max(SETTINGS["eta"].bounds[0], float(f"{eta:.2g}")), schedule="constant")


_ENOUGH = 100  # mini-batches needed on each side of a change to report its effect
OTHER_COSTS = frozenset(("dropout", "shift", "rotation", "elastic", "order"))
"""Settings that change what the cost is measured on, so that costs before and after are not comparable."""


class ChangeStretch(Struct, frozen=True):
    """A change of settings, made by `acts`, and the stretch to compare, in samples: from `begin`, at the last of the
    acts, to `end`. `before` is the mean cost over as many samples before the change, but at most an epoch and only
    since the previous intervention. No other intervention lies in between."""

    acts: tuple[Changed, ...]
    begin: int
    end: int
    before: float

    @property
    def step(self) -> int:
        return self.acts[0].step

    @property
    def changes(self) -> tuple[tuple[str, object, object], ...]:
        """(setting, old, new) for each change. Setting η by hand ends its schedule, which is no change of its own."""
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
    if (length := end - until) > epoch:
        length = epoch * (1 << min(length // epoch, most).bit_length() - 1)
    before = _mean(history, max(earlier, first - length, first - epoch), first)
    after = _mean(history, until, until + length)
    return None if before is None or after is None else ChangeStretch(acts, until, until + length, before)


def _last_changes(acts: Sequence[Intervention]) -> tuple[tuple[Changed, ...], int, int | None] | None:
    """Return the acts of the last change that had an effect, and the samples at the intervention before and after it.
    Changes with fewer than `_ENOUGH` mini-batches in between count as one."""
    groups: list[tuple[Intervention, ...]] = []
    for group in gestures(acts):
        last, first = groups[-1][-1] if groups else None, group[0]
        if isinstance(last, Changed) and isinstance(first, Changed) and first.step - last.step < _ENOUGH:
            groups[-1] += group
        else:
            groups.append(group)
    number = next((number for number in reversed(range(len(groups))) if net_change(groups[number])), None)
    if number is None:
        return None
    changes = tuple(act for act in groups[number] if isinstance(act, Changed))
    earlier = groups[number - 1][-1].digits if number else 0
    return changes, earlier, groups[number + 1][0].digits if number + 1 < len(groups) else None


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
