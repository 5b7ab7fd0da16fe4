"""How many digits chance lets a run read otherwise: the same run again, with one weight changed by its last bit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.cancelling import Cancelled, Withdrawn, never
from mnistviz.engine.digits import DigitSet
from mnistviz.engine.evaluation import pieces
from mnistviz.engine.functions import quietly
from mnistviz.engine.luck.copied_runs import BUTTERFLIES, butterfly, state_before, trained_copy
from mnistviz.engine.moment import Evaluation
from mnistviz.engine.replay import Replay
from mnistviz.engine.trials import Progress, RecordedRun


@dataclass(frozen=True)
class ChanceCounts:
    """How many `of` the digits each butterfly of a run reads otherwise than the run itself, after as many
    mini-batches."""

    differ: tuple[int, ...]
    of: int


@quietly
def butterflies(
    run: RecordedRun,
    found: Evaluation,
    fork: int,
    cancelled: Cancelled = never,
    progress: Progress = lambda done, of: None,
) -> ChanceCounts:
    """Trains butterflies of a run from step `fork` on up to the step of one of its evaluations, `found`, and counts the
    digits that they read otherwise.

    Everything that was done to the run later is done to them too; a schedule of η that halves it goes by what they read
    themselves. `progress` is told how many mini-batches are done, of how many. `Withdrawn` once `cancelled()`, which is
    asked before each mini-batch. ValueError where the stretch can't be replayed.
    """
    if not run.record.start.step <= fork <= found.step:
        raise ValueError(f"from {fork} to {found.step} there is nothing to replay")
    digits, count = _set_of(run, found), len(found.predictions)
    differ: list[int] = []
    state = state_before(run, fork, cancelled)
    for copy in range(1, BUTTERFLIES + 1):

        def told(replay: Replay, earlier: int = copy - 1) -> None:
            progress(earlier * replay.of + replay.done, BUTTERFLIES * replay.of)

        grown = trained_copy(run, butterfly(run, state, copy), found.step, cancelled, told)
        read: list[NDArray[np.uint8]] = []
        for piece in pieces(grown.network, digits.first(count)):
            if cancelled():
                raise Withdrawn
            read.append(grown.network.predictions(piece.images))
        differ.append(int(np.count_nonzero(np.concatenate(read) != found.predictions)))
    return ChanceCounts(tuple(differ), count)


def _set_of(run: RecordedRun, found: Evaluation) -> DigitSet:
    digits: DigitSet = getattr(run.digits, found.set)
    return digits
