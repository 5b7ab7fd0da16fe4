"""Trains other runs of a recipe, from the record of one: with another seed, or with one tiny change from a step on.

All that was done to the run is done to them at the same digits. Only what a run makes of itself is their own: a
schedule that halves η goes by what they read, and what goes back to earlier weights goes back to theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Final

import numpy as np

from mnistviz.engine.acts import Changed
from mnistviz.engine.cancelling import Cancelled, Withdrawn, never
from mnistviz.engine.digits import DigitSet
from mnistviz.engine.evaluation import pieces
from mnistviz.engine.experiment.saved import initial_state
from mnistviz.engine.functions import quietly
from mnistviz.engine.judgement import NOT_FINITE
from mnistviz.engine.luck.bands import GrownRun
from mnistviz.engine.network import Network
from mnistviz.engine.recorder import Record
from mnistviz.engine.replay import Replay
from mnistviz.engine.threads import one_blas_thread
from mnistviz.engine.trainer import Trainer, TrainerState
from mnistviz.engine.trials import Progress, RecordedRun, nudge_copy

BUTTERFLIES: Final = 5
"""So many copies with one tiny change tell what chance does."""
STRETCHES: Final = 100
"""Of so many stretches of a run the mean cost is kept."""
MOST_OWN: Final = 30
"""At so many places, at most, where the run itself was measured within its epochs: to read all validation digits takes
as long as to train on 5,000."""
MOST_PLACES: Final = 100
"""So often, at most, a run of a band is measured between its beginning and its end."""


@one_blas_thread()
def repeat(
    run: RecordedRun,
    seed: int,
    places: Sequence[int],
    cancelled: Cancelled = never,
    progress: Progress = lambda done, of: None,
) -> GrownRun:
    """The run again with another seed, measured at some `places`, in digits, each at the end of a mini-batch.

    It has the bits of a run of its own with that seed. `progress` is told how many digits are done, of how many.
    `Withdrawn` once `cancelled()`; ValueError where the run can't be trained again from its start.
    """
    other = reseeded(run, seed)
    return _measured(other, other.record, 0, seed, places, cancelled, progress)


@one_blas_thread()
def tiny_change(
    run: RecordedRun,
    fork: int,
    copy: int,
    places: Sequence[int],
    cancelled: Cancelled = never,
    progress: Progress = lambda done, of: None,
) -> GrownRun:
    """A copy of the run, of a number from 1 on, with one weight changed by its last bit after `fork` mini-batches; all
    else as in `repeat`."""
    record = butterfly(run, state_before(run, fork, cancelled), copy)
    return _measured(run, record, fork, copy, places, cancelled, progress)


def places_between(epoch: int, begin: int, until: int, measured: Iterable[int]) -> tuple[int, ...]:
    """Where runs of a band are measured, in digits: at its ends, after each epoch, and where the run itself was
    `measured`, so that it is compared with what was read at the same place. Of too many, some that lie evenly."""
    ends = range(epoch * (begin // epoch + 1), until, epoch)
    own = sorted({place for place in measured if begin < place < until})
    between = _some({*ends, *_some(own, MOST_OWN)}, MOST_PLACES)
    return tuple(sorted({begin, *between, until}))


def _some(places: Iterable[int], most: int) -> list[int]:
    """All of some places, or of too many so many that lie evenly among them."""
    known = sorted(places)
    if len(known) <= most:
        return known
    return [known[number] for number in np.linspace(0, len(known) - 1, most).round().astype(int)]


def reseeded(run: RecordedRun, seed: int) -> RecordedRun:
    """The recipe of a run with another seed: the record of what is still to be trained. Weights that came from a file
    stay. ValueError where it can't be trained again from its start."""
    record = run.record
    if record.start.step:
        raise ValueError("the run goes on from weights that can't be had again")
    before = record.start.settings
    settings = before.changed(seed=seed)
    start = run.start
    if np.array_equal(start.parameters, Network(before.sizes, **before.network_options()).parameters):
        start = Network(settings.sizes, **settings.network_options())
    nothing: Mapping[int, TrainerState] = MappingProxyType({})
    made = replace(record, start=initial_state(start, settings), snapshots=(), sources=nothing)
    return RecordedRun(made, start, run.digits)


@quietly
def state_before(run: RecordedRun, fork: int, cancelled: Cancelled = never) -> TrainerState:
    """The state of a run after `fork` mini-batches, from which its butterflies part. `Withdrawn` once `cancelled()`,
    ValueError where it can't be replayed."""
    replay = Replay(run.record, run.trainer(), fork)
    while not replay.advance():
        if cancelled():
            raise Withdrawn
    return replay.trainer.state()


def butterfly(run: RecordedRun, state: TrainerState, copy: int) -> Record:
    """The record of a run of which one weight is changed by its last bit at a `state`; nothing later is known yet.
    Which weight that is, the number of the copy says, from 1 on."""
    trainer = run.trainer()
    trainer.restore(state)
    nudge_copy(trainer, copy)
    fork, record = state.step, run.record
    before = (kept for kept in record.snapshots if kept.step < fork)
    sources = {step: kept for step, kept in record.sources.items() if step <= fork}
    return replace(record, snapshots=(*before, trainer.state()), sources=MappingProxyType(sources))


@quietly
def trained_copy(
    run: RecordedRun,
    record: Record,
    step: int,
    cancelled: Cancelled = never,
    watch: Callable[[Replay], object] = lambda replay: None,
    costs_from: int | None = None,
    trainer: Trainer | None = None,
) -> Trainer:
    """A trainer at a step of a record that is not the run's own, such as that of a butterfly; or the `trainer` given,
    which may go through the digits in another order. `watch` is shown the replay before each mini-batch, and at the
    end. `Withdrawn` once `cancelled()`, which is asked as often."""
    judge = partial(_count_right, digits=run.digits.validation) if _halves(record) else None
    replay = Replay(record, trainer or run.trainer(), step, judge=judge, costs_from=costs_from)
    arrived = False
    while not arrived:
        if cancelled():
            raise Withdrawn
        arrived = replay.advance()
        watch(replay)
    return replay.trainer


def _halves(record: Record) -> bool:
    """Whether what is read at the end of an epoch may change η."""
    changed = (change for act in record.acts if isinstance(act, Changed) for change in act.changes)
    return record.start.settings.schedule == "halve" or ("schedule", "halve") in {
        (name, new) for name, _, new in changed
    }


def _count_right(network: Network, digits: DigitSet) -> int:
    return network.evaluate(digits) if np.isfinite(network.parameters).all() else NOT_FINITE


@dataclass
class _Costs:
    """The mean costs of stretches of equal length."""

    begin: int
    until: int
    totals: list[float] = field(init=False)
    counts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.totals, self.counts = [0.0] * STRETCHES, [0] * STRETCHES

    def take(self, costs: list[tuple[int, float, int]]) -> None:
        """Adds what a replay has found, and empties its list."""
        for digits, cost, _ in costs:
            place = (digits - self.begin) * STRETCHES // (self.until - self.begin)
            self.totals[place] += cost
            self.counts[place] += 1
        costs.clear()

    def means(self) -> tuple[list[int], list[float]]:
        """The middle of each stretch in which a mini-batch began, and its mean."""
        length = self.until - self.begin
        known = [place for place in range(STRETCHES) if self.counts[place]]
        middles = [self.begin + (2 * place + 1) * length // (2 * STRETCHES) for place in known]
        means = (self.totals[place] / self.counts[place] for place in known)
        return middles, [mean if np.isfinite(mean) else np.nan for mean in means]


@quietly
def _measured(
    run: RecordedRun,
    record: Record,
    begin_step: int,
    seed: int,
    places: Sequence[int],
    cancelled: Cancelled,
    progress: Progress,
) -> GrownRun:
    begin, until = places[0], places[-1]
    shares: dict[int, float] = {}
    costs, diverged = _Costs(begin, until), False

    def watch(replay: Replay) -> None:
        nonlocal diverged
        trainer = replay.trainer
        if not replay.on_last_leg:
            return
        costs.take(replay.costs)
        at = trainer.digits_consumed
        if at in wanted and at not in shares:
            share = _share_right(trainer.network, run.digits.validation, cancelled)
            shares[at] = 0.0 if share is None else share
            diverged |= share is None
        progress(round(replay.done / max(1, replay.of) * (until - begin)), until - begin)

    wanted = frozenset(places)
    trainer = trained_copy(run, record, record.step, cancelled, watch, costs_from=begin_step)
    middles, means = costs.means()
    test = _share_right(trainer.network, run.digits.test, cancelled)
    return GrownRun(
        seed,
        np.array(sorted(shares), np.int64),
        np.array([shares[place] for place in sorted(shares)]),
        np.array(middles, np.int64),
        np.array(means),
        test or 0.0,
        diverged,
    )


def _share_right(network: Network, digits: DigitSet, cancelled: Cancelled) -> float | None:
    """The share of some digits that a network reads right; None where its weights are no numbers."""
    if not np.isfinite(network.parameters).all():
        return None
    right = 0
    for piece in pieces(network, digits):
        if cancelled():
            raise Withdrawn
        right += network.evaluate(piece)
    return right / len(digits)
