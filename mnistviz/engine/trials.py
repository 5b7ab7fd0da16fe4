"""Counterfactual trials: a remedy before it is offered, and a run without a change that was made. The run does not
change: a trial trains networks of its own, from the record of the run or from new seeds."""

import statistics
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, Literal

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from mnistviz.engine.cancelling import Cancelled, Counted, after, check, never, unheard
from mnistviz.engine.causes import ChangeStretch
from mnistviz.engine.digits import Digits
from mnistviz.engine.evaluation import accuracy
from mnistviz.engine.functions import Numbers, quietly
from mnistviz.engine.network import Network
from mnistviz.engine.randomness import generator
from mnistviz.engine.recorder import Record
from mnistviz.engine.replay import Replay
from mnistviz.engine.settings import Settings
from mnistviz.engine.threads import one_blas_thread
from mnistviz.engine.trainer import Trainer, TrainerState
from mnistviz.engine.verdicts import compare_orders

PAIRS: Final = 3
"""Trials of a remedy and of the run without it: new runs with as many seeds, others in as many orders."""
HELPS: Final = 0.01  # least gain in validation accuracy for a remedy to be offered
LEAST_DIGITS = 50_000  # samples of a trial, if an epoch is shorter
OTHER_ORDERS: Final = 3  # number of other orders in which a run is trained with a change and without it
_NOTABLE = 0.02  # relative cost difference that counts as equal
_LOOK_EVERY = 320  # samples between two checks for cancellation


class RecordedRun(Struct, frozen=True, eq=False):
    record: Record
    start: Network
    digits: Digits

    def trainer(self) -> Trainer:
        return Trainer(self.start.copy(), self.record.start.settings, self.digits.training)

    @quietly
    def replayed(self, step: int, cancelled: Cancelled = never, progress: Counted = unheard) -> Trainer:
        """Return a trainer after so many mini-batches. `progress` receives those replayed and their total. Raise
        `Withdrawn` once `cancelled()`, ValueError beyond the record."""
        return Replay(self.record, self.trainer(), step).finish(cancelled, progress)


class Remedy(Struct, frozen=True):
    """A possible remedy: `changes` of settings, after restoring the best weights, those of step `back_to`, if given;
    or, if `in_new_run`, new runs with these changes."""

    changes: Mapping[str, object] = field(default_factory=dict)
    in_new_run: bool = False
    back_to: int | None = None


class OrderedTrainer(Trainer):
    """Trainer that shuffles the samples `begin` to `until` within each epoch by `order`; 0 keeps the run's order."""

    begin, until = 0, 0
    order = 0

    def order_of(self, epoch: int) -> Numbers:
        order, count = super().order_of(epoch), len(self.training)
        if self.order:
            first, last = (min(max(place - epoch * count, 0), count) for place in (self.begin, self.until))
            random = generator(self.settings.seed, "future", epoch, self.order)
            order[first:last] = random.permutation(order[first:last])
        return order


class RemedyResult(Struct, frozen=True):
    """Accuracies on so many `validation` samples after `digits` more samples, in pairs of one seed or order."""

    without: tuple[float, ...]
    remedied: tuple[float, ...]
    digits: int
    validation: int

    @property
    def helps(self) -> bool:
        """True if the median accuracy is sufficiently higher with the remedy, and probably not by chance."""
        gained = statistics.median(self.remedied) - statistics.median(self.without)
        return (
            gained >= HELPS
            and compare_orders(self.without, self.remedied, self.validation).outcome == "better"
        )


class ChangeResult(Struct, frozen=True):
    """Mean costs over the same `digits` with a change and without it: in the order of the run, and in others."""

    with_change: tuple[float, ...]
    without_change: tuple[float, ...]
    digits: int

    @property
    def after(self) -> float:
        return self.with_change[0]

    @property
    def without(self) -> float:
        return self.without_change[0]

    @property
    def verdict(self) -> Literal["less", "more", "probably_less", "probably_more", "same"]:
        """Whether the change made the cost less or more, over orders of the samples. Logarithms are compared: a cost
        with a spike has a variance as large as the spike, which would hide the difference."""
        if abs(self.after - self.without) <= _NOTABLE * self.without:
            return "same"
        without, changed = (-np.log(each) for each in (self.without_change, self.with_change))
        # a lower cost is the better one
        comparison = compare_orders(without.tolist(), changed.tolist(), self.digits)
        if comparison.outcome == "equal":
            return "same"
        if comparison.sureness == "clearly":
            return "less" if comparison.outcome == "better" else "more"
        return "probably_less" if comparison.outcome == "better" else "probably_more"


@one_blas_thread()
def try_remedy(
    run: RecordedRun,
    settings: Settings,
    remedy: Remedy,
    cancelled: Cancelled = never,
    progress: Counted = unheard,
) -> RemedyResult:
    """Compare a run that has `settings` now with and without a remedy. Raise `Withdrawn` once `cancelled()`.

    Both are trained for an epoch or `LEAST_DIGITS`, in `PAIRS`: new runs with the seeds from that of the run on,
    others from the current weights, in the order of the run and then in other orders of the same samples. `progress`
    receives the samples done and their total.
    """
    length = max(run.digits.epoch(settings), LEAST_DIGITS)
    trainers = _new_runs(run, settings, remedy) if remedy.in_new_run else _going_on(run, remedy, length)
    shares: list[float] = []
    for number, make in enumerate(trainers):  # one at a time: each takes the memory of a whole run
        trainer = make()
        report = after(number * length, lambda done: progress(done, len(trainers) * length))
        train_until(trainer, trainer.digits_consumed + length, run.digits, cancelled, report)
        shares.append(accuracy(trainer.network, run.digits.validation) or 0.0)
    return RemedyResult(tuple(shares[::2]), tuple(shares[1::2]), length, len(run.digits.validation))


@one_blas_thread()
def try_without(run: RecordedRun, change: ChangeStretch, cancelled: Cancelled = never) -> ChangeResult | None:
    """Return the mean costs over the samples after a change, with and without it; None if there are none. Exact: the
    record without the change is replayed, so the same mini-batches come in the same order. Both are also trained on
    the samples after the change in other orders. Raise `Withdrawn` once `cancelled()`."""
    acts = tuple(act for act in run.record.acts if act not in change.acts)
    snapshots = tuple(state for state in run.record.snapshots if state.step < change.step)
    unchanged = replace(run, record=replace(run.record, acts=acts, snapshots=snapshots))
    before = unchanged.replayed(change.step).state()
    after = run.replayed(change.acts[-1].step).state()
    costs: tuple[list[float], list[float]] = [], []
    for order in range(1 + OTHER_ORDERS):
        for begin, means in zip((after, before), costs, strict=True):
            trainer = ordered_trainer(run, begin, order, change.end - change.begin, change.begin)
            train_until(trainer, change.begin, run.digits, cancelled)
            if not (pairs := train_until(trainer, change.end, run.digits, cancelled)):
                return None
            means.append(float(np.mean([cost for _, cost in pairs])))
    return ChangeResult(tuple(costs[0]), tuple(costs[1]), change.end - change.begin)


def _new_runs(run: RecordedRun, settings: Settings, remedy: Remedy) -> list[Callable[[], Trainer]]:
    def make(number: int, changes: Mapping[str, object]) -> Trainer:
        seeded = settings.changed(**{**changes, "seed": settings.seed + number})
        return Trainer(Network(seeded.sizes, **seeded.network_options()), seeded, run.digits.training)

    return [partial(make, number, changes) for number in range(PAIRS) for changes in ({}, remedy.changes)]


@quietly
def _going_on(run: RecordedRun, remedy: Remedy, length: int) -> list[Callable[[], Trainer]]:
    """Return pairs of trainers, without and with the remedy: in the run's order, then others, for `length` samples."""
    now = run.replayed(run.record.step).state()

    def without(order: int) -> Trainer:
        return ordered_trainer(run, now, order, length)

    def remedied(order: int) -> Trainer:
        trainer = without(order)
        if remedy.back_to is not None:
            best = Replay(run.record, run.trainer(), remedy.back_to, judged=True)
            trainer.take_weights(best.finish().state_as_judged())
        trainer.change(now.settings.changed(**remedy.changes))
        return trainer

    return [partial(make, order) for order in range(PAIRS) for make in (without, remedied)]


def ordered_trainer(
    run: RecordedRun, state: TrainerState, order: int, length: int, begin: int | None = None
) -> OrderedTrainer:
    """Return a trainer in a state of a run that takes `length` samples in the order of a number: those from `begin` on,
    in samples since the start of the run, or the next ones."""
    trainer = OrderedTrainer(run.start.copy(), run.record.start.settings, run.digits.training)
    trainer.restore(state)
    trainer.begin = trainer.digits_consumed if begin is None else begin
    trainer.until, trainer.order = trainer.begin + length, order
    return trainer


def nudge_copy(trainer: Trainer, copy: int) -> None:
    """Raise one of the largest weights to the outputs to the next larger float; none for copy 0."""
    if copy:
        weights = trainer.network.weights[-1]
        row, column = np.unravel_index(np.argsort(-np.abs(weights), axis=None)[copy - 1], weights.shape)
        trainer.nudge(len(trainer.network.weights), int(row), int(column))


@quietly
def train_until(
    trainer: Trainer,
    until: float,
    digits: Digits,
    cancelled: Cancelled,
    progress: Callable[[int], object] = unheard,
) -> list[tuple[int, float]]:
    """Train until so many samples are consumed and return the cost of each mini-batch with the samples before it. Stop
    at weights that are not finite. `progress` receives the samples done. Raise `Withdrawn` once `cancelled()`."""
    begin, epoch = trainer.digits_consumed, trainer.epoch
    costs: list[tuple[int, float]] = []
    look = begin
    while (at := trainer.digits_consumed) < until:
        if at >= look:
            look = at + _LOOK_EVERY
            check(cancelled)
            progress(at - begin)
            if not np.isfinite(trainer.network.biases[-1]).all():
                break
        costs.append((at, trainer.step()))
        if trainer.epoch > epoch:
            epoch = trainer.epoch
            if trainer.settings.schedule == "halve":
                share = accuracy(trainer.network, digits.validation) or 0.0
                trainer.judge(round(share * len(digits.validation)))
    return costs
