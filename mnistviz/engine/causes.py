"""What worked in a run and what was done since: whether it has become worse, and what goes back to what worked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from mnistviz.engine.acts import Changed, Halved, Intervention
from mnistviz.engine.functions import ACTIVATIONS, COSTS, INITIAL_WEIGHTS
from mnistviz.engine.history import History
from mnistviz.engine.moment import Best
from mnistviz.engine.schedule import share_of_eta
from mnistviz.engine.settings import SETTINGS, Settings

_WORKED = 3.0  # times the share that guessing gets right: less is nothing to go back to
_BETTER = 0.05  # of the validation digits: so much more were right before the first change than at the best
_SCHEDULE = ("schedule", "schedule_epochs", "eta")
_BOOK_BATCH = 10  # digits: the book's mini-batch
_LARGE_BATCH = 100  # digits: larger ones allow no larger η
HEAVY_MOMENTUM = 0.95  # with more, even a small η leads nowhere at first


@dataclass(frozen=True)
class Touched:
    """A setting that the hand has changed after `step` mini-batches: it was `old`, and then `new`, the value that
    was furthest from it; `at_once` says that it became that in one gesture, and was nothing else in between."""

    name: str
    step: int
    old: object
    new: object
    at_once: bool = True


@dataclass(frozen=True)
class WorkingSettings:
    """What worked: `accuracy` of the validation digits were right, with `settings`, which were `touched` later.

    `best` is that of the run, or None for the time before the first change, if that was before any best worth it.
    """

    accuracy: float
    settings: Settings
    touched: tuple[Touched, ...]
    best: Best | None


def what_worked(
    history: History, settings: Settings, best: Best | None, epoch: int, classes: int
) -> WorkingSettings | None:
    """What the run can go back to, by what is known of it; None where it never was much better than guessing.

    `settings` are those of now, and `epoch` is the number of digits in one.
    """
    acts = history.interventions
    touched = _touched(acts)
    first = accuracy_until(history, touched[0].step, highest=True) if touched else math.nan
    if best is None or first > best.accuracy + _BETTER:  # the best came only after it
        best, accuracy = None, first
    else:
        acts = tuple(act for act in acts if act.step >= best.step)
        touched, accuracy = _touched(acts), best.accuracy
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
    """The share of validation digits that were right when they were last read until `step`, or the `highest` until
    then; NaN where they were not read."""
    if not highest:
        last = history.measured("validation", step)
        return math.nan if last is None else last.accuracy
    every = (columns.rows for columns in history.shares("validation"))
    found = [
        float(rows["largest"][before].max()) for rows in every if (before := rows["last_step"] <= step).any()
    ]
    return max(found, default=math.nan)


def usual_eta(settings: Settings) -> float:
    """A learning rate that networks of this kind mostly learn with: that of the book or of the recipes.

    With momentum a step goes on to act, 1/(1 − μ) times as far in all, and in small mini-batches chance counts for
    more: a large mini-batch makes up for momentum, as in the recipe *fast*.

    Under the quadratic cost many units with small weights move an output further in one step: with 784-200-10,
    784-300-10 and 784-500-10, scaled, η of 1.5, 1 and 0.5 learn in three seeds of three, twice as much in none, but
    with N(0, 1) η makes no difference there.
    """
    cost = COSTS[settings.output, settings.cost]
    eta = min(cost.usual_eta, ACTIVATIONS[settings.activation].most_eta)
    if eta == cost.usual_eta and not INITIAL_WEIGHTS[settings.initial_weights].large:
        eta *= min(1.0, cost.wide / max(settings.sizes[1:-1], default=1))
    batches = min(settings.mini_batch_size, _LARGE_BATCH) / _BOOK_BATCH
    return eta * min(1.0, batches * (1 - settings.momentum))


def suited(settings: Settings) -> dict[str, object]:
    """What to begin anew with where a network of this kind does not learn: a usual η where it is larger, no momentum
    where it is heavy, and for ReLU the initial weights that were made for it, for tanh those of 1/√n: with N(0, 1) a
    smaller η alone made it worse."""
    found: dict[str, object] = {}
    if settings.momentum > HEAVY_MOMENTUM:
        found["momentum"] = 0.0
        settings = settings.changed(momentum=0.0)
    usual = float(f"{usual_eta(settings):.2g}")
    if settings.eta > usual:
        found["eta"] = usual
    activation = ACTIVATIONS[settings.activation]
    if INITIAL_WEIGHTS[settings.initial_weights].large and not activation.bears_large:
        found["initial_weights"] = activation.initial_weights
    return found


def _touched(acts: Sequence[Intervention]) -> tuple[Touched, ...]:
    """What the hand changed, in the order in which it did first. How a run stops has no part in how it learns."""
    found: dict[str, Touched] = {}
    first: dict[str, Changed] = {}
    for act in acts:
        if not isinstance(act, Changed):
            continue
        by_hand = any(name == "eta" for name, _, _ in act.changes)
        for name, old, new in act.changes:
            if SETTINGS[name].group == "stopping" or (by_hand and name == "schedule"):
                continue  # η by hand takes over from its schedule
            known, begun = (
                found.setdefault(name, Touched(name, act.step, old, new)),
                first.setdefault(name, act),
            )
            if _distance(known.old, new) > _distance(known.old, known.new):
                one = act.step == begun.step or (act.gesture == begun.gesture != 0)
                found[name] = replace(known, new=new, at_once=one)
    return tuple(found.values())


def _distance(one: Any, other: Any) -> float:
    if not isinstance(one, int | float) or not isinstance(other, int | float):
        return float(one != other)
    if one > 0 and other > 0:
        return abs(math.log(other) - math.log(one))
    return math.inf if one != other else 0.0


def _as_the_schedule_had_it(then: Settings, acts: Sequence[Intervention], best: Best, epoch: int) -> Settings:
    """`then`, the settings of the best, with the η that its schedule had come to, and with no schedule any more.

    Where the hand took over from a schedule, η as it was set is not what worked.
    """
    earlier = [act for act in acts if act.step < best.step]
    begins = [
        act.digits
        for act in earlier
        if isinstance(act, Changed) and any(name in _SCHEDULE for name, _, _ in act.changes)
    ]
    begin = max(begins, default=0)
    halvings = sum(isinstance(act, Halved) and act.digits >= begin for act in earlier)
    eta = then.eta * share_of_eta(then, best.epoch - begin / epoch, halvings)
    return replace(then, eta=max(SETTINGS["eta"].bounds[0], float(f"{eta:.2g}")), schedule="constant")
