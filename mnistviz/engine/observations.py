"""What a run shows, found from its record: codes and values, which are made into sentences elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from mnistviz.engine.acts import Changed, gesture_of
from mnistviz.engine.health import LayerHealth
from mnistviz.engine.history import History
from mnistviz.engine.moment import Best, Evaluation, SetName
from mnistviz.engine.settings import SETTINGS, Settings

_FEW = 0.1  # of its fair share: an output that wins less often than this "hardly ever fires"
_CHANCE = 1.5  # times the share that guessing gets right is still "no better than chance"
_LARGE_ETA = 10.0
_ENOUGH = 100  # mini-batches on each side of a change, before its effect is spoken of
_NOTABLE = 0.1  # relative difference
_OVERFIT = 0.03  # training accuracy above validation accuracy
_SATURATED = 0.7  # of a layer's answers
_DEAD = 0.3  # of a layer's neurons
_VANISHED = 0.05  # length of the first layer's gradient over that of the last hidden one


@dataclass(frozen=True)
class Finding:
    """Something to be seen in a run, and the settings that would help: `remedy`, empty where none is known.

    A remedy can always be applied: `settings.changed(**remedy)` of the run's settings never raises.
    """

    code: str
    values: Mapping[str, object]
    remedy: Mapping[str, object] = field(default_factory=dict)
    in_new_run: bool = False  # the remedy comes too late for this run


@dataclass(frozen=True)
class Record:
    """What is known of a run; `epoch` is the number of digits in one."""

    history: History
    settings: Settings
    classes: Sequence[str]
    epoch: int
    evaluations: Mapping[SetName, Evaluation] = field(default_factory=dict)
    health: Sequence[LayerHealth] = ()
    best: Best | None = None
    diverged: bool = False
    stopped: bool = False


def findings(record: Record) -> list[Finding]:
    """What there is to say, the most important first."""
    return [replace(finding, remedy=_allowed(finding.remedy, record.settings)) for finding in _found(record)]


def _allowed(remedy: Mapping[str, object], settings: Settings) -> dict[str, object]:
    """The remedy within the bounds, and of it only what changes something."""
    held: dict[str, object] = {}
    for name, value in remedy.items():
        if isinstance(value, float):
            low, high = SETTINGS[name].bounds
            value = min(max(value, low), high)
        if value != getattr(settings, name):
            held[name] = value
    return held


def _found(record: Record) -> list[Finding]:
    if record.diverged:
        return [Finding("run_diverged", {}, {"eta": _rounded(record.settings.eta / 10)}, in_new_run=True)]
    found: list[Finding] = []
    if record.stopped:
        found.append(_stopped(record))
    validation, training = record.evaluations.get("validation"), record.evaluations.get("training")
    if validation is not None and validation.digits:
        found += _vanishing(record)
    taught = validation is not None and validation.digits >= record.epoch  # for a whole epoch
    if validation is not None and validation.digits >= record.epoch / 5 and _guessing(record, validation):
        found.append(_stuck(record))
        taught = False
    elif validation is not None and taught:
        found += _answers(record, validation)
    if record.history.interventions:
        effect = _effect(record.history, record.epoch)
        if effect is not None:
            found.append(effect)
    if validation is not None and taught:
        found += _layers(record)
        if training is not None and training.step == validation.step:
            gap = training.accuracy - validation.accuracy
            if gap > _OVERFIT:
                found.append(_overfitting(record.settings, training.accuracy, validation.accuracy))
    return found


def _rounded(value: float) -> float:
    return float(f"{value:.2g}")


def _guessing(record: Record, validation: Evaluation) -> bool:
    return validation.accuracy < _CHANCE / len(record.classes)


def _stuck(record: Record) -> Finding:
    eta = record.settings.eta
    if eta >= _LARGE_ETA:
        return Finding("run_stuck_large_eta", {"eta": eta}, {"eta": _rounded(eta / 30)}, in_new_run=True)
    return Finding("run_stuck", {"eta": eta}, {"eta": _rounded(min(eta * 10, 3.0))} if eta < 1 else {})


def _answers(record: Record, validation: Evaluation) -> list[Finding]:
    """What the answers to the validation digits show."""
    eta, classes = record.settings.eta, record.classes
    counts = np.bincount(validation.predictions, minlength=len(classes))
    few = _FEW * counts.sum() / len(classes)
    silent = [(name, int(count)) for name, count in zip(classes, counts, strict=False) if count < few]
    if not silent:
        return []
    values = {
        "names": tuple(name for name, _ in silent),
        "count": sum(count for _, count in silent),
        "all": int(counts.sum()),
        "eta": eta,
    }
    if eta >= _LARGE_ETA:
        return [Finding("outputs_silent_large_eta", values, {"eta": _rounded(eta / 10)})]
    remedy = {"initial_weights": "scaled"} if record.settings.initial_weights == "normal" else {}
    return [Finding("output_silent" if len(silent) == 1 else "outputs_silent", values, remedy)]


def _layers(record: Record) -> list[Finding]:
    """What the health of the hidden layers shows."""
    hidden = record.health[:-1]
    found = []
    for number, layer in enumerate(hidden, start=1):
        if layer.dead > _DEAD:
            values = {"layer": number, "share": round(100 * layer.dead)}
            found.append(Finding("layer_dead", values, {"activation": "leaky_relu"}))
        elif layer.saturated > _SATURATED and record.settings.initial_weights == "normal":
            values = {"layer": number, "share": round(100 * layer.saturated)}
            found.append(Finding("layer_saturated", values, {"initial_weights": "scaled"}))
    return found


def _vanishing(record: Record) -> list[Finding]:
    """Whether hardly any of the gradient reaches the first hidden layer: seen best in the first epoch."""
    hidden = record.health[:-1]
    if len(hidden) < 2 or not hidden[-1].gradient > 0:
        return []
    share = hidden[0].gradient / hidden[-1].gradient
    if share >= _VANISHED:
        return []
    values = {"times": round(1 / max(share, 1e-9))}
    return [Finding("gradients_vanish", values, {"activation": "relu", "initial_weights": "he"})]


def _overfitting(settings: Settings, training: float, validation: float) -> Finding:
    values = {"training": round(100 * training, 2), "validation": round(100 * validation, 2)}
    return Finding("overfitting", values, {} if settings.weight_decay else {"weight_decay": 5.0})


def _stopped(record: Record) -> Finding:
    best = record.best
    values: dict[str, object] = {"epochs": record.settings.stop_epochs}
    if best is not None:
        values |= {"epoch": best.epoch, "accuracy": round(100 * best.accuracy, 2)}
    return Finding(f"stopped_{record.settings.stop}", values)


def _effect(history: History, epoch: int) -> Finding | None:
    """How the cost ran in equal stretches, at most an epoch each, before and after the last gesture."""
    costs, acts = history.costs, history.interventions
    rows = costs.rows
    numbers = gesture_of(acts, len(acts) - 1)
    done = [act for act in acts[numbers.start :] if isinstance(act, Changed)]
    if not len(rows) or not done:
        return None
    change, until = done[0].joined(*done[1:]), done[-1].digits
    stretch = min(change.digits, int(rows["last_digits"][-1]) - until, epoch)
    start, at, after, end = (
        int(np.searchsorted(rows["first_digits"], place))
        for place in (change.digits - stretch, change.digits, until, until + stretch)
    )
    earlier = acts[numbers.start - 1].digits if numbers.start else 0
    if earlier > change.digits - stretch or min(at - start, end - after) * costs.span < _ENOUGH:
        return None
    if not change.changes:
        return None
    means, spreads = [], []
    for first, last in ((start, at), (after, end)):
        means.append(costs.means(first, last - first)[0])
        low, high = costs.percentiles((10, 90), first, last - first)[:, 0]
        spreads.append(high - low)
    name, old, new = change.changes[0]
    values = {
        "setting": name,
        "old": old,
        "new": new,
        "place": round(change.digits / epoch, 1),
        "before": round(float(means[0]), 4),
        "after": round(float(means[1]), 4),
    }
    mean = (
        "falls"
        if means[1] < means[0] * (1 - _NOTABLE)
        else "rises"
        if means[1] > means[0] * (1 + _NOTABLE)
        else "same"
    )
    spread = (
        "less"
        if spreads[1] < spreads[0] * (1 - _NOTABLE)
        else "more"
        if spreads[1] > spreads[0] * (1 + _NOTABLE)
        else "same"
    )
    return Finding(f"change_{mean}_{spread}", values)
