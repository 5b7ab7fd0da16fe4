"""Training of other runs of a recipe from the record of one: with another seed, with a tiny change at some step, or
with other orders of the same samples. Interventions are repeated at the same samples. Only decisions of the run itself
differ: a schedule that halves η uses the new run's accuracy, and restored weights are its own earlier ones."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Final

import numpy as np
from msgspec.structs import replace

from mnistviz.engine.acts import Changed
from mnistviz.engine.cancelling import Cancelled, Counted, check, never, unheard
from mnistviz.engine.digits import DigitSet
from mnistviz.engine.evaluation import accuracy, correct
from mnistviz.engine.experiment.saved import initial_state
from mnistviz.engine.functions import quietly
from mnistviz.engine.luck.bands import GrownRun
from mnistviz.engine.moment import Evaluation
from mnistviz.engine.network import Network
from mnistviz.engine.recorder import Record
from mnistviz.engine.replay import Replay
from mnistviz.engine.schedule import NOT_FINITE
from mnistviz.engine.threads import one_blas_thread
from mnistviz.engine.trainer import Trainer, TrainerState
from mnistviz.engine.trials import RecordedRun, nudge_copy, ordered_trainer

BUTTERFLIES: Final = 5  # number of perturbed copies in a band
STRETCHES: Final = 100  # number of stretches of a run whose mean cost is stored
MOST_OWN: Final = 30
"""Most places where the run was evaluated within its epochs: a validation takes as long as 5,000 samples."""
MOST_PLACES: Final = 100  # most evaluations of a run of a band between its ends


@one_blas_thread()
def repeat(
    run: RecordedRun,
    seed: int,
    places: Sequence[int],
    cancelled: Cancelled = never,
    progress: Counted = unheard,
) -> GrownRun:
    """Train the run again with another seed, and evaluate it at `places`, in samples, each at the end of a mini-batch.
    The result is bit for bit that of a new run with that seed. `progress` receives the samples done and their total.
    Raise `Withdrawn` once `cancelled()`, ValueError if the run can't be retrained from its start."""
    new_run = reseeded(run, seed)
    return _measured(new_run, new_run.record, 0, seed, places, cancelled, progress)


@one_blas_thread()
def tiny_change(
    run: RecordedRun,
    fork: int,
    copy: int,
    places: Sequence[int],
    cancelled: Cancelled = never,
    progress: Counted = unheard,
) -> GrownRun:
    """Train perturbed copy number `copy`, from 1, of the run, with the last bit of one weight changed after `fork`
    mini-batches; all else is as in `repeat`."""
    record = butterfly(run, run.replayed(fork, cancelled).state(), copy)
    return _measured(run, record, fork, copy, places, cancelled, progress)


def places_between(epoch: int, begin: int, until: int, measured: Iterable[int]) -> tuple[int, ...]:
    """Return where runs of a band are evaluated, in samples: at its ends, after each epoch, and where the run itself
    was `measured`, to compare them at the same place. If there are too many, evenly spaced ones."""
    ends = range(epoch * (begin // epoch + 1), until, epoch)
    own = _some(sorted({place for place in measured if begin < place < until}), MOST_OWN)
    return tuple(sorted({begin, *_some({*ends, *own}, MOST_PLACES), until}))


def _some(places: Iterable[int], most: int) -> list[int]:
    known = sorted(places)
    if len(known) <= most:
        return known
    return [known[number] for number in np.linspace(0, len(known) - 1, most).round().astype(int)]


def reseeded(run: RecordedRun, seed: int) -> RecordedRun:
    """Return the recipe of a run with another seed, as a record still to be trained. Weights from a file stay. Raise
    ValueError if it can't be retrained from its start."""
    record = run.record
    if record.start.step:
        raise ValueError("the run goes on from weights that can't be restored")
    before = record.start.settings
    settings = before.changed(seed=seed)
    start = run.start
    if np.array_equal(start.parameters, Network(before.sizes, **before.network_options()).parameters):
        start = Network(settings.sizes, **settings.network_options())
    nothing: Mapping[int, TrainerState] = MappingProxyType({})
    new_record = replace(record, start=initial_state(start, settings), snapshots=(), sources=nothing)
    return RecordedRun(new_record, start, run.digits)


def butterfly(run: RecordedRun, state: TrainerState, copy: int) -> Record:
    """Return the record of a run with the last bit of one weight changed at a `state`, by the copy's number."""
    trainer = run.trainer()
    trainer.restore(state)
    nudge_copy(trainer, copy)
    return _beginning_at(trainer.state(), run.record)


def _beginning_at(state: TrainerState, record: Record) -> Record:
    """Return the record with a state in the place of all stored after it."""
    before = (each for each in record.snapshots if each.step < state.step)
    sources = {step: each for step, each in record.sources.items() if step <= state.step}
    return replace(record, snapshots=(*before, state), sources=MappingProxyType(sources))


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
    """Return a trainer at a step of a record that is not the run's own, such as that of a perturbed copy; or the
    `trainer` given, which may use another order. `watch` is called before each mini-batch and at the end. Raise
    `Withdrawn` once `cancelled()`, which is checked as often."""
    judge = partial(_count_right, digits=run.digits.validation) if _halves(record) else None
    replay = Replay(record, trainer or run.trainer(), step, judge=judge, costs_from=costs_from)
    arrived = False
    while not arrived:
        check(cancelled)
        arrived = replay.advance()
        watch(replay)
    return replay.trainer


def _halves(record: Record) -> bool:
    """Return True if the accuracy at the end of an epoch may change η."""
    changes = (change for act in record.acts if isinstance(act, Changed) for change in act.changes)
    schedules = {new for name, _, new in changes if name == "schedule"}
    return "halve" in {record.start.settings.schedule, *schedules}


def _count_right(network: Network, digits: DigitSet) -> int:
    return network.evaluate(digits) if np.isfinite(network.parameters).all() else NOT_FINITE


@quietly
def _measured(
    run: RecordedRun,
    record: Record,
    begin_step: int,
    seed: int,
    places: Sequence[int],
    cancelled: Cancelled,
    progress: Counted,
) -> GrownRun:
    begin, length = places[0], places[-1] - places[0]
    shares: dict[int, float] = {}
    diverged, wanted = False, frozenset(places)
    # of the costs, by the stretch of their mini-batch
    totals, counts = np.zeros(STRETCHES), np.zeros(STRETCHES, np.int64)

    def watch(replay: Replay) -> None:
        nonlocal diverged
        trainer = replay.trainer
        if not replay.on_last_leg:
            return
        for digits, cost, _ in replay.costs:
            totals[(digits - begin) * STRETCHES // length] += cost
            counts[(digits - begin) * STRETCHES // length] += 1
        replay.costs.clear()
        if (at := trainer.digits_consumed) in wanted and at not in shares:
            share = accuracy(trainer.network, run.digits.validation, cancelled)
            shares[at] = share or 0.0
            diverged |= share is None
        progress(round(replay.done / max(1, replay.of) * length), length)

    trainer = trained_copy(run, record, record.step, cancelled, watch, costs_from=begin_step)
    known = np.flatnonzero(counts)
    means = totals[known] / counts[known]
    means[~np.isfinite(means)] = np.nan
    test = accuracy(trainer.network, run.digits.test, cancelled)
    return GrownRun(
        seed,
        np.array(sorted(shares), np.int64),
        np.array([shares[place] for place in sorted(shares)]),
        begin + (2 * known + 1) * length // (2 * STRETCHES),
        means,
        test or 0.0,
        diverged,
    )


ORDERS: Final = 5  # number of other orders in which a run is retrained


@quietly
def accuracies_in_orders(
    run: RecordedRun,
    evaluation: Evaluation,
    fork: int,
    cancelled: Cancelled = never,
    progress: Counted = unheard,
) -> tuple[float, ...]:
    """Return the accuracies of a run on the samples of an `evaluation`: its own, and those after the samples from step
    `fork` up to it in `ORDERS` other orders.

    Later interventions are repeated in the other orders too; a schedule that halves η uses their own accuracies.
    `progress` receives the mini-batches done and their total. Raise `Withdrawn` once `cancelled()`, ValueError if the
    stretch can't be replayed.
    """
    if not run.record.start.step <= fork <= evaluation.step:
        raise ValueError(f"from {fork} to {evaluation.step} there is nothing to replay")
    count = len(evaluation.predictions)
    digits: DigitSet = getattr(run.digits, evaluation.set).first(count)
    state = run.replayed(fork, cancelled).state()
    record = _beginning_at(state, run.record)
    accuracies = [float(np.mean(evaluation.predictions == digits.labels))]
    for order in range(1, ORDERS + 1):

        def report(replay: Replay, earlier: int = order - 1) -> None:
            progress(earlier * replay.of + replay.done, ORDERS * replay.of)

        trainer = ordered_trainer(run, state, order, 0)
        trainer.until = evaluation.digits
        network = trained_copy(run, record, evaluation.step, cancelled, report, trainer=trainer).network
        accuracies.append(correct(network, digits, cancelled) / count)
    return tuple(accuracies)
