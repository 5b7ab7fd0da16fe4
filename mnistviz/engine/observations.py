"""What a run shows, found from its record: codes and values, which are made into sentences elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mnistviz.engine.handover import Evaluation
from mnistviz.engine.history import History, Intervention

_FEW = 0.001  # of the digits: an output that wins less often than this "never fires"
_CHANCE = 1.5  # times the share that guessing gets right is still "no better than chance"
_LARGE_ETA = 10.0
_ENOUGH = 100  # mini-batches on each side of a change, before its effect is spoken of
_NOTABLE = 0.1  # relative difference


@dataclass(frozen=True)
class Finding:
    """Something to be seen in a run."""

    code: str
    values: Mapping[str, object]


def findings(
    history: History,
    evaluation: Evaluation | None,
    classes: Sequence[str],
    eta: float,
    epoch: int,
    *,
    diverged: bool = False,
) -> list[Finding]:
    """The most important first. `evaluation` is the newest of the validation digits, `epoch` the digits in one."""
    if diverged:
        return [Finding("run_diverged", {})]
    found = []
    if evaluation is not None and evaluation.digits >= epoch:
        if evaluation.accuracy < _CHANCE / len(classes):
            found.append(Finding("run_stuck_large_eta" if eta >= _LARGE_ETA else "run_stuck", {"eta": eta}))
        else:
            counts = np.bincount(evaluation.predictions, minlength=len(classes))
            silent = [
                name for name, count in zip(classes, counts, strict=False) if count < _FEW * counts.sum()
            ]
            if silent:
                code = "output_silent" if len(silent) == 1 else "outputs_silent"
                found.append(Finding(code, {"names": ", ".join(silent)}))
    if history.interventions:
        effect = _effect(history, history.interventions[-1], epoch)
        if effect is not None:
            found.append(effect)
    return found


def _effect(history: History, change: Intervention, epoch: int) -> Finding | None:
    """How the cost ran in equal stretches, at most an epoch each, before and after the last change."""
    costs = history.costs
    rows = costs.rows
    if not len(rows):
        return None
    at = int(np.searchsorted(rows["first_digits"], change.digits))
    stretch = min(change.digits, int(rows["last_digits"][-1]) - change.digits, epoch)
    start = int(np.searchsorted(rows["first_digits"], change.digits - stretch))
    end = int(np.searchsorted(rows["first_digits"], change.digits + stretch))
    earlier = history.interventions[-2].digits if len(history.interventions) > 1 else 0
    if earlier > change.digits - stretch or min(at - start, end - at) * costs.span < _ENOUGH:
        return None
    means, spreads = [], []
    for first, last in ((start, at), (at, end)):
        means.append(costs.means(first, last - first)[0])
        low, high = costs.percentiles((10, 90), first, last - first)[:, 0]
        spreads.append(high - low)
    field, old, new = change.changes[0]
    values = {
        "setting": field,
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
