"""Train a run again from a step on with other orders of the same digits, to see what the order alone does."""

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
"""In so many other orders a run is trained again."""


@quietly
def accuracies_in_orders(
    run: RecordedRun,
    found: Evaluation,
    fork: int,
    cancelled: Cancelled = never,
    progress: Progress = lambda done, of: None,
) -> tuple[float, ...]:
    """Return the accuracies of a run on the digits of one of its evaluations, `found`: its own, and those after the
    digits from step `fork` up to there in `ORDERS` other orders.

    Everything that was done to the run later is done in the other orders too; a schedule of η that halves it goes by
    what they predict themselves. `progress` is told how many mini-batches are done, of how many. Raise `Withdrawn`
    once `cancelled()`, which is asked before each mini-batch; ValueError where the stretch can't be replayed.
    """
    if not run.record.start.step <= fork <= found.step:
        raise ValueError(f"from {fork} to {found.step} there is nothing to replay")
    count = len(found.predictions)
    digits: DigitSet = getattr(run.digits, found.set).first(count)
    state = state_before(run, fork, cancelled)
    snapshots = (*(each for each in run.record.snapshots if each.step < fork), state)
    sources = {step: each for step, each in run.record.sources.items() if step <= fork}
    record = replace(run.record, snapshots=snapshots, sources=MappingProxyType(sources))
    accuracies = [float(np.mean(found.predictions == digits.labels))]
    for order in range(1, ORDERS + 1):

        def report(replay: Replay, earlier: int = order - 1) -> None:
            progress(earlier * replay.of + replay.done, ORDERS * replay.of)

        trainer = ordered_trainer(run, state, order, 0)
        trainer.until = found.digits
        network = trained_copy(run, record, found.step, cancelled, report, trainer=trainer).network
        correct = 0
        for piece in pieces(network, digits):
            if cancelled():
                raise Withdrawn
            correct += network.evaluate(piece)
        accuracies.append(correct / count)
    return tuple(accuracies)
