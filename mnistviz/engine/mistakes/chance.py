"""How many digits chance lets a run read otherwise: the same run again, with one weight changed by its last bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.acts import Changed
from mnistviz.engine.digits import DigitSet
from mnistviz.engine.evaluation import pieces
from mnistviz.engine.functions import quietly
from mnistviz.engine.judgement import NOT_FINITE
from mnistviz.engine.moment import Evaluation
from mnistviz.engine.network import Network
from mnistviz.engine.recorder import Record
from mnistviz.engine.replay import Replay
from mnistviz.engine.trainer import Trainer
from mnistviz.engine.trials import RecordedRun, nudge_copy

BUTTERFLIES: Final = 5


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
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[int, int], object] = lambda done, of: None,
) -> ChanceCounts | None:
    """Trains butterflies of a run from step `fork` on up to the step of one of its evaluations, `found`, and counts the
    digits that they read otherwise.

    Everything that was done to the run later is done to them too; a schedule of η that halves it goes by what they read
    themselves. `progress` is told how many mini-batches are done, of how many. None once `cancelled()`, which is asked
    before each mini-batch. ValueError where the stretch can't be replayed.
    """
    if not run.record.start.step <= fork <= found.step:
        raise ValueError(f"from {fork} to {found.step} there is nothing to replay")
    digits, count = _set_of(run, found), len(found.predictions)
    differ: list[int] = []
    before = _trained(run, run.record, fork, cancelled, lambda done, of: None)
    if before is None:
        return None
    state = before.state()
    for copy in range(1, BUTTERFLIES + 1):
        trainer = run.trainer()
        trainer.restore(state)
        nudge_copy(trainer, copy)
        record = _forked(run.record, fork, trainer)

        def told(done: int, of: int, earlier: int = copy - 1) -> None:
            progress(earlier * of + done, BUTTERFLIES * of)

        grown = _trained(run, record, found.step, cancelled, told)
        if grown is None:
            return None
        read: list[NDArray[np.uint8]] = []
        for piece in pieces(grown.network, digits.first(count)):
            if cancelled():
                return None
            read.append(grown.network.predictions(piece.images))
        differ.append(int(np.count_nonzero(np.concatenate(read) != found.predictions)))
    return ChanceCounts(tuple(differ), count)


def _forked(record: Record, fork: int, nudged: Trainer) -> Record:
    """The record of a run whose state at the fork is that of a nudged trainer; nothing later is known yet."""
    snapshots = (*(state for state in record.snapshots if state.step < fork), nudged.state())
    sources = {step: state for step, state in record.sources.items() if step <= fork}
    return replace(record, snapshots=snapshots, sources=MappingProxyType(sources))


def _trained(
    run: RecordedRun,
    record: Record,
    step: int,
    cancelled: Callable[[], bool],
    progress: Callable[[int, int], object],
) -> Trainer | None:
    """A trainer at a step of a record; None once `cancelled()`."""
    validation = run.digits.validation
    judge = (lambda network: _right(network, validation)) if _halves(record) else None
    trainer = run.trainer()
    replay = Replay(record, trainer, step, judge=None if record is run.record else judge)
    while not replay.advance():
        if cancelled():
            return None
        progress(replay.done, replay.of)
    return trainer


def _right(network: Network, digits: DigitSet) -> int:
    return network.evaluate(digits) if np.isfinite(network.parameters).all() else NOT_FINITE


def _halves(record: Record) -> bool:
    """Whether what is read at the end of an epoch may change η."""
    changed = (change for act in record.acts if isinstance(act, Changed) for change in act.changes)
    return record.start.settings.schedule == "halve" or ("schedule", "halve") in {
        (name, new) for name, _, new in changed
    }


def _set_of(run: RecordedRun, found: Evaluation) -> DigitSet:
    digits: DigitSet = getattr(run.digits, found.set)
    return digits
