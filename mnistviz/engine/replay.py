"""Replay of any step of a run from its record: pure functions, bit for bit on the same machine. State k is the state
after everything at step k and before update k + 1. At one step come, in this order, the judgement of an epoch that
ends there, the edits of weights, and the net change of the settings."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from mnistviz.engine import acts
from mnistviz.engine.acts import Intervention
from mnistviz.engine.cancelling import Cancelled, Counted, check, never, unheard
from mnistviz.engine.functions import quietly
from mnistviz.engine.moment import Moment, MomentKind
from mnistviz.engine.network import Network
from mnistviz.engine.recorder import Record
from mnistviz.engine.trainer import Trainer, TrainerState

NONE: Mapping[int, TrainerState] = MappingProxyType({})


def replay_length(record: Record, step: int) -> int:
    """Return how many mini-batches a replay to `step` trains. Raise ValueError beyond the record."""
    _check(record, step)
    place = _Place(step)
    return sum(place.step - state.step for state, place in _ways(record, place, _nearest(record, place)))


def moment_of(
    run: int, start: Network, training_digits: int, state: TrainerState, kind: MomentKind
) -> Moment:
    """Return a state as a checkpoint for views, of a run that began with `start` and has so many training samples."""
    network, digits = start.copy(state.parameters), state.cursor.digits(training_digits)
    return Moment(run, state.step, digits, network, state.settings, start, kind, state.frozen)


class _Place(Struct, frozen=True):
    """A place in a run: after everything at `step`, or, if `judged`, just after the judgement there."""

    step: int
    judged: bool = False


def _check(record: Record, step: int) -> None:
    if reachable(record, step) != step:
        raise ValueError(f"the run has the steps {record.start.step} to {record.step}, not {step}")


def reachable(record: Record, step: int) -> int:
    """Return the replayable step nearest to `step`: any of the run, but before its start only stored ones."""
    if (within := min(max(step, 0), record.step)) >= record.start.step:
        return within
    stored = (*(snapshot.step for snapshot in record.snapshots), record.start.step)
    return min(stored, key=lambda candidate: abs(candidate - within))


def _nearest(record: Record, place: _Place, stored: Mapping[int, TrainerState] = NONE) -> TrainerState:
    """Return the last state not after a place, of the record's and those `stored` beside it."""
    find = bisect_left if place.judged else bisect_right
    at = find(record.snapshots, place.step, key=lambda snapshot: snapshot.step)
    nearest = record.snapshots[at - 1] if at else record.start
    if nearest.step < record.start.step <= place.step:  # states before the start can't be replayed forward
        nearest = record.start
    beside = [step for step in stored if nearest.step < step < place.step + (not place.judged)]
    return stored[max(beside)] if beside else nearest


def _first_act(record: Record, state: TrainerState) -> int:
    if state is record.start and not state.step:
        return 0
    return bisect_right(record.acts, state.step, key=lambda act: act.step)


def _missing_sources(record: Record, place: _Place, begin: TrainerState) -> list[int]:
    """Return the steps, in order, whose weights a replay from `begin` must first recompute because it restores them."""
    missing: set[int] = set()
    ways = [(begin, place)]
    while ways:
        state, place = ways.pop()
        for act in record.acts[_first_act(record, state) :]:
            if act.step > place.step or (place.judged and act.step == place.step):
                break
            if isinstance(act, acts.Restored) and act.source not in {*record.sources, *missing}:
                missing.add(act.source)
                source = _Place(act.source, judged=True)
                ways.append((_nearest(record, source), source))
    return sorted(missing)


def _ways(record: Record, place: _Place, begin: TrainerState) -> list[tuple[TrainerState, _Place]]:
    """Return a replay's legs, from stored states to places: first to needed sources, last from `begin` to `place`."""
    sources = (_Place(step, judged=True) for step in _missing_sources(record, place, begin))
    return [*((_nearest(record, source), source) for source in sources), (begin, place)]


class Replay:
    """Replay to state `step` of a run, one mini-batch at each `advance`, so that it can be stopped at any time.

    If `judged`, it ends just after the judgement of the epoch that ends there. It begins at the nearest stored state,
    including those in `kept`, but not after `costs_from`; or, if the trainer is `here`, in a state of the run on the
    way, it continues from there. States of the steps in `wanted` are put into `found`, and costs of mini-batches from
    number `costs_from` on into `costs`, each with the samples before it and its size. If a record is replayed with
    other weights, `judge` returns their correct validation samples. Raise ValueError beyond the record.
    """

    def __init__(
        self,
        record: Record,
        trainer: Trainer,
        step: int,
        *,
        judged: bool = False,
        kept: Mapping[int, TrainerState] = NONE,
        wanted: Container[int] = (),
        costs_from: int | None = None,
        here: bool = False,
        judge: Callable[[Network], int] | None = None,
    ) -> None:
        _check(record, step)
        self.record, self.trainer, self.judged = record, trainer, judged
        self.found: dict[int, TrainerState] = {}
        self.costs: list[tuple[int, float, int]] = []
        self._judge = judge
        self._wanted, self._costs_from = wanted, step if costs_from is None else costs_from
        self._sources = dict(record.sources)
        place = _Place(step, judged)
        begin = _nearest(record, place if costs_from is None else _Place(costs_from), kept)
        at = trainer.step_number
        self._restores = not (here and begin.step <= at <= self._costs_from and not judged)
        self._begin = begin = begin if self._restores else replace(record.start, step=at)
        ways = _ways(record, place, begin)
        self.done = 0  # mini-batches so far
        self.of = sum(place.step - state.step for state, place in ways)  # total number of mini-batches
        self._ways = self._walk(ways[:-1], place)
        self.on_last_leg = False
        """True if the trainer is on the way to the step itself, so that its state is one of the run."""

    def advance(self) -> bool:
        return next(self._ways, None) is None

    @quietly
    def finish(self, cancelled: Cancelled = never, progress: Counted = unheard) -> Trainer:
        """Train all mini-batches and return the trainer. `progress` receives those done and their total. Raise
        `Withdrawn` once `cancelled()`."""
        while not self.advance():
            check(cancelled)
            progress(self.done, self.of)
        return self.trainer

    def _walk(self, ways: Sequence[tuple[TrainerState, _Place]], place: _Place) -> Iterator[int]:
        for state, source in ways:
            self.trainer.restore(state)
            yield from self._leg(state, source)
            self._sources[source.step] = self.trainer.state_as_judged()
        if self._restores:
            self.trainer.restore(self._begin)
        self.on_last_leg = True
        yield from self._leg(self._begin, place, last=True)

    def _leg(self, state: TrainerState, place: _Place, *, last: bool = False) -> Iterator[int]:
        """Train from the trainer's stored state to a place. Yield between two steps, once all at a step is done."""
        trainer, record = self.trainer, self.record
        judged = {each.step: each.right for each in record.judged if each.step > state.step}
        done = record.acts[_first_act(record, state) :]
        number = 0
        while True:
            if (step := trainer.step_number) in judged:
                trainer.judge(judged[step] if self._judge is None else self._judge(trainer.network))
            if place.judged and step == place.step:
                return
            while number < len(done) and done[number].step == step:
                do(trainer, done[number], self._sources)
                number += 1
            if step == place.step:
                return
            if last and step in self._wanted:
                self.found[step] = trainer.state()
            yield step
            digits = trainer.digits_consumed
            cost = trainer.step()
            self.done += 1
            if last and step >= self._costs_from:
                self.costs.append((digits, cost, trainer.settings.mini_batch_size))


def do(trainer: Trainer, act: Intervention, sources: Mapping[int, TrainerState] = NONE) -> None:
    """Apply an intervention to a trainer, in a run and in its replay alike. `sources` are the states that weights are
    restored from, by step. A `Halved` is applied by the judgement of its epoch."""
    match act:
        case acts.Changed():
            trainer.change(trainer.settings.changed(**{name: new for name, _, new in act.changes}))
        case acts.Restored():
            trainer.take_weights(sources[act.source])
        case acts.Nudged():
            trainer.nudge(act.layer, act.row, act.column)
        case acts.Stepped():
            trainer.descend(act.eta, act.numbers)
        case acts.SteppedBack():
            trainer.step_back(act.eta, act.mini_batches, act.size, act.order)
        case acts.Edited():
            act.edit.apply(trainer.network)
        case acts.Frozen():
            trainer.freeze(act.unit, frozen=act.frozen)
        case acts.Taught():
            trainer.teach(act.lesson)
