"""Training of a run from a step on with other orders of the same samples, to see the effect of the order alone."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Final

import numpy as np

from mnistviz.engine.cancelling import Cancelled, Withdrawn, never
from mnistviz.engine.digits import DigitSet
from mnistviz.engine.evaluation import pieces
from mnistviz.engine.functions import quietly
from mnistviz.engine.luck.copied_runs import state_before, trained_copy
from mnistviz.engine.moment import Evaluation
from mnistviz.engine.replay import Replay
from mnistviz.engine.trials import Progress, RecordedRun, ordered_trainer

ORDERS: Final = 5
"""Number of other orders in which a run is retrained."""


@quietly
def accuracies_in_orders(
    run: RecordedRun,
    evaluation: Evaluation,
    fork: int,
    cancelled: Cancelled = never,
    progress: Progress = lambda done, of: None,
) -> tuple[float, ...]:
    """Return the accuracies of a run on the samples of an `evaluation`: its own, and those after the samples from step
    `fork` up to it in `ORDERS` other orders.

    Later interventions are repeated in the other orders too; a schedule that halves η uses their own accuracies.
    `progress` receives the mini-batches done and their total. Raise `Withdrawn` once `cancelled()`, which is checked
    before each mini-batch; ValueError if the stretch can't be replayed.
    """
    if not run.record.start.step <= fork <= evaluation.step:
        raise ValueError(f"from {fork} to {evaluation.step} there is nothing to replay")
    count = len(evaluation.predictions)
    digits: DigitSet = getattr(run.digits, evaluation.set).first(count)
    state = state_before(run, fork, cancelled)
    snapshots = (*(each for each in run.record.snapshots if each.step < fork), state)
    sources = {step: each for step, each in run.record.sources.items() if step <= fork}
    record = replace(run.record, snapshots=snapshots, sources=MappingProxyType(sources))
    accuracies = [float(np.mean(evaluation.predictions == digits.labels))]
    for order in range(1, ORDERS + 1):

        def report(replay: Replay, earlier: int = order - 1) -> None:
            progress(earlier * replay.of + replay.done, ORDERS * replay.of)

        trainer = ordered_trainer(run, state, order, 0)
        trainer.until = evaluation.digits
        network = trained_copy(run, record, evaluation.step, cancelled, report, trainer=trainer).network
        correct = 0
        for piece in pieces(network, digits):
            if cancelled():
                raise Withdrawn
            correct += network.evaluate(piece)
        accuracies.append(correct / count)
    return tuple(accuracies)
