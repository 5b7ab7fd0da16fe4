"""Tries what was not done: a remedy before it is offered, and a run without a change that was made to it.

Nothing of the run is changed: a trial trains networks of its own, from the record of the run or from new seeds.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, Literal

import numpy as np

from mnistviz.engine.digits import Digits
from mnistviz.engine.effects import ChangeStretch
from mnistviz.engine.functions import quietly
from mnistviz.engine.network import Network
from mnistviz.engine.recorder import Record
from mnistviz.engine.replay import Replay, state_at
from mnistviz.engine.settings import Settings
from mnistviz.engine.threads import one_blas_thread
from mnistviz.engine.trainer import Trainer, TrainerState

PAIRS: Final = 3
"""So often a remedy is tried beside the run without it: new runs with as many seeds, others with copies."""
HELPS: Final = 0.01
"""Of the validation digits: a remedy that wins fewer is not offered."""
LEAST_DIGITS = 50_000
"""For so many digits a remedy is tried, where an epoch is shorter."""
COPIES: Final = 3
"""So many copies with one tiny change each tell what chance does."""
_NOTABLE = 0.02  # of the cost: what differs less is no difference
_LOOK_EVERY = 320  # digits between two looks at whether anybody still waits for it
_NOTHING: Mapping[str, object] = {}

Cancelled = Callable[[], bool]
Progress = Callable[[int, int], object]


@dataclass(frozen=True, eq=False)
class RecordedRun:
    """A run as far as it is recorded: its record, the network that it began with, and its digits."""

    record: Record
    start: Network
    digits: Digits

    def trainer(self) -> Trainer:
        """A trainer of a copy of the network, at the start of the run."""
        return Trainer(self.start.copy(), self.record.start.settings, self.digits.training)


@dataclass(frozen=True)
class Remedy:
    """What may help a run: `changes` of settings, after going back to the best weights, those of step `back_to`, if it
    is given; or new runs with them, if `in_new_run`."""

    changes: Mapping[str, object] = field(default_factory=dict)
    in_new_run: bool = False
    back_to: int | None = None


@dataclass(frozen=True)
class RemedyResult:
    """The shares of validation digits read right after `digits` more training digits, a pair for each seed or copy."""

    without: tuple[float, ...]
    remedied: tuple[float, ...]
    digits: int

    @property
    def helps(self) -> bool:
        """Whether more digits are read right with the remedy, in the median of the pairs."""
        return statistics.median(self.remedied) - statistics.median(self.without) >= HELPS


@dataclass(frozen=True)
class ChangeResult:
    """The mean cost over the same digits with a change and without it. By `chance` alone it differs by so much: that
    is what copies with one tiny change differed by at most."""

    after: float
    without: float
    chance: float

    @property
    def verdict(self) -> Literal["less", "more", "same"]:
        """Whether the change made the cost less or more, beyond what chance does."""
        if not abs(self.after - self.without) > max(self.chance, _NOTABLE * self.without):
            return "same"
        return "less" if self.after < self.without else "more"


@one_blas_thread()
def try_remedy(
    run: RecordedRun,
    settings: Settings,
    remedy: Remedy,
    cancelled: Cancelled = lambda: False,
    progress: Progress = lambda done, of: None,
) -> RemedyResult | None:
    """What a remedy gives a run that has `settings` now, and what comes without it; None once `cancelled()`.

    Both are trained for an epoch or `LEAST_DIGITS`, in `PAIRS`: new runs with the seeds from that of the run on, others
    from the weights of now on, once as they are and then with one tiny change each, so that no win by chance counts.
    `progress` is told the digits done, of how many.
    """
    length = max(run.digits.epoch(settings), LEAST_DIGITS)
    trainers = _new_runs(run, settings, remedy) if remedy.in_new_run else _going_on(run, remedy)
    shares: list[float] = []
    for number, make in enumerate(trainers):  # one at a time: each has the memory of a whole run
        trainer = make()

        def told(done: int, before: int = number * length) -> None:
            progress(before + done, len(trainers) * length)

        if _train(trainer, trainer.digits_consumed + length, run.digits, cancelled, told) is None:
            return None
        shares.append(_share_right(trainer.network, run.digits))
    return RemedyResult(tuple(shares[::2]), tuple(shares[1::2]), length)


@one_blas_thread()
def try_without(
    run: RecordedRun, change: ChangeStretch, cancelled: Cancelled = lambda: False
) -> ChangeResult | None:
    """What the mean cost would have been over the digits after a change, had it not been made; None once `cancelled()`.

    Exact: the record without the change is replayed, so the same mini-batches come in the same order.
    """
    kept = tuple(act for act in run.record.acts if act not in change.acts)
    snapshots = tuple(state for state in run.record.snapshots if state.step < change.step)
    unchanged = replace(run, record=replace(run.record, acts=kept, snapshots=snapshots))
    before = _replayed(unchanged, change.step)
    means = [_mean_cost(run, _replayed(run, change.acts[-1].step), change, cancelled)]
    means += (_mean_cost(run, before, change, cancelled, copy) for copy in range(1 + COPIES))
    if any(mean is None for mean in means):
        return None
    after, without, *copies = (mean for mean in means if mean is not None)
    return ChangeResult(after, without, max(abs(copy - without) for copy in copies))


def _new_runs(run: RecordedRun, settings: Settings, remedy: Remedy) -> list[Callable[[], Trainer]]:
    """Trainers in pairs, without and with the remedy, for each seed."""

    def make(number: int, changes: Mapping[str, object]) -> Trainer:
        made = settings.changed(**{**changes, "seed": settings.seed + number})
        return Trainer(Network(made.sizes, **made.network_options()), made, run.digits.training)

    return [
        partial(make, number, changes) for number in range(PAIRS) for changes in (_NOTHING, remedy.changes)
    ]


@quietly
def _going_on(run: RecordedRun, remedy: Remedy) -> list[Callable[[], Trainer]]:
    """The run as it is, and the run with the remedy; then copies of both with one tiny change."""
    now = _replayed(run, run.record.step)

    def without(copy: int) -> Trainer:
        trainer = run.trainer()
        trainer.restore(now)
        nudge_copy(trainer, copy)
        return trainer

    def remedied(copy: int) -> Trainer:
        trainer = without(0)
        if remedy.back_to is not None:
            best = Replay(run.record, run.trainer(), remedy.back_to, judged=True)
            while not best.advance():
                pass
            trainer.take_weights(best.trainer.state_as_judged())
        trainer.change(now.settings.changed(**remedy.changes))
        nudge_copy(trainer, copy)
        return trainer

    return [partial(make, copy) for copy in range(PAIRS) for make in (without, remedied)]


def _replayed(run: RecordedRun, step: int) -> TrainerState:
    return state_at(run.record, run.start, run.digits.training, step)


def _mean_cost(
    run: RecordedRun, begin: TrainerState, change: ChangeStretch, cancelled: Cancelled, copy: int = 0
) -> float | None:
    """The mean cost of the digits after a change, from a state on; or that of a `copy`, numbered from 1, with one tiny
    change. None once `cancelled()`."""
    trainer = run.trainer()
    trainer.restore(begin)
    nudge_copy(trainer, copy)
    if _train(trainer, change.begin, run.digits, cancelled) is None:
        return None
    costs = _train(trainer, change.end, run.digits, cancelled)
    return float(np.mean(costs)) if costs else None


def nudge_copy(trainer: Trainer, copy: int) -> None:
    """Makes one of the largest weights to the outputs the next larger number; of copy 0, none."""
    if copy:
        weights = trainer.network.weights[-1]
        row, column = np.unravel_index(np.argsort(-np.abs(weights), axis=None)[copy - 1], weights.shape)
        trainer.nudge(len(trainer.network.weights) - 1, int(row), int(column))


@quietly
def _train(
    trainer: Trainer,
    until: int,
    digits: Digits,
    cancelled: Cancelled,
    progress: Callable[[int], object] = lambda done: None,
) -> list[float] | None:
    """Trains until so many digits are consumed; the costs of the mini-batches. None once `cancelled()`.

    Weights that are no numbers stay so: it ends there.
    """
    begin, epoch = trainer.digits_consumed, trainer.epoch
    costs: list[float] = []
    look = begin
    while (at := trainer.digits_consumed) < until:
        if at >= look:
            look = at + _LOOK_EVERY
            if cancelled():
                return None
            progress(at - begin)
            if not np.isfinite(trainer.network.biases[-1]).all():
                break
        costs.append(trainer.step())
        if trainer.epoch > epoch:
            epoch = trainer.epoch
            if trainer.settings.schedule == "halve":
                trainer.judge(round(_share_right(trainer.network, digits) * len(digits.validation)))
    return costs


@quietly
def _share_right(network: Network, digits: Digits) -> float:
    """The share of the validation digits that a network reads right; none where its weights are no numbers."""
    if not np.isfinite(network.parameters).all():
        return 0.0
    return network.evaluate(digits.validation) / len(digits.validation)
