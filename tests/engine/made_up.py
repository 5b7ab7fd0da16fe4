"""Short made-up records of runs, for what is found in them."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.acts import Changed, Intervention
from mnistviz.engine.digits import LabelledDigits
from mnistviz.engine.evaluation import Health, LayerHealth, examination
from mnistviz.engine.history import History
from mnistviz.engine.moment import Best, Evaluation, SetName
from mnistviz.engine.network import Network
from mnistviz.engine.observations import RunFindings, findings
from mnistviz.engine.settings import Settings

CLASSES = tuple("0123456789")
EPOCH = 50_000
STEPS = 5_000  # in an epoch, at ten digits each
COUNT = 1_000  # digits of a set


def examine(network: Network, digits: LabelledDigits) -> Health:
    [*_, health] = examination(network, digits)
    assert health is not None
    return health


def layer(saturated: float = 0.0, dead: float = 0.0, gradient: float = 1.0) -> LayerHealth:
    return LayerHealth(saturated, dead, gradient, 1.0, np.zeros((len(CLASSES), 1), np.float32), 1.0)


def eta(step: int, old: float, new: float, gesture: int = 0) -> Changed:
    """A change of η."""
    return Changed(step, 10 * step, (("eta", old, new),), gesture)


def record(
    right: float = 0.9,
    epochs: float = 3.0,
    *,
    silent: Iterable[int] = (),
    training: float | None = None,
    health: Sequence[LayerHealth] = (),
    acts: Sequence[Intervention] = (),
    earlier: Sequence[tuple[float, float]] = (),
    best: tuple[int, float] | None = None,
    mini_batch: int = 10,
    epoch: int = EPOCH,
    diverged: bool = False,
    stopped: bool = False,
    costs: Sequence[float] | NDArray[np.float64] = (),
    **settings: Any,
) -> RunFindings:
    """A run after so many epochs, with the share `right` of the validation digits, and no read as the `silent` ones.

    `settings` are those that it began with; `earlier` says what share was right after how many epochs; `best` is
    (epoch, share). `costs` are of consecutive mini-batches from the start.
    """
    digits = round(epochs * epoch)
    history = History()
    now = Settings(**settings)
    if len(costs):
        history = history.with_costs(0, 0, np.array(costs, np.float64), mini_batch)
    for act in acts:
        history = history.with_intervention(act)
        if isinstance(act, Changed):
            now = now.changed(**{name: new for name, _, new in act.changes})
    for place, share in (*earlier, (epochs, right)):
        at = round(place * epoch)
        history = history.with_accuracy("validation", at // mini_batch, at, share)
    answers = np.arange(COUNT, dtype=np.uint8) % 10
    answers[np.isin(answers, list(silent))] = next(each for each in range(10) if each not in set(silent))

    def evaluation(name: SetName, share: float) -> Evaluation:
        return Evaluation(name, digits // mini_batch, digits, answers, round(share * COUNT))

    seen: dict[SetName, Evaluation] = {"validation": evaluation("validation", right)}
    if training is not None:
        seen["training"] = evaluation("training", training)
    best_seen = None if best is None else Best(best[0] * epoch // mini_batch, *best)
    return RunFindings(
        history,
        now,
        CLASSES,
        epoch,
        seen,
        (*health, layer()) if health else (),
        best_seen,
        diverged=diverged,
        stopped=stopped,
    )


def codes(of: RunFindings) -> list[str]:
    return [finding.code for finding in findings(of)]
