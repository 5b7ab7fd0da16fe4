"""Any step of a run, had again from its record: pure functions, bit for bit on the same machine.

State k is the state after everything stamped k and before update k + 1. At one step come, in this order, the
judgement of an epoch that ends there, the acts on the weights, and the net change of the settings.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.acts import Changed, Restored, Stepped
from mnistviz.engine.digits import DigitSet
from mnistviz.engine.functions import Array
from mnistviz.engine.network import Network
from mnistviz.engine.randomness import order_of_epoch
from mnistviz.engine.recorder import Judged, Record
from mnistviz.engine.trainer import Trainer, TrainerState


def state_at(record: Record, network: Network, training: DigitSet, step: int) -> TrainerState:
    """State `step` of the run: the nearest snapshot before it, trained forward on the digits `training`.

    `network` is one with the choices of the run, and only they are looked at. ValueError beyond the record.
    """
    _check(record, step)
    trainer = Trainer(network.copy(), record.start.settings, training)
    sources = {step: state.parameters for step, state in record.sources.items()}
    with np.errstate(over="ignore", invalid="ignore"):  # a run that diverges is replayed like any other
        for source in _missing_sources(record, step):
            _replay(record, trainer, _Place(source, judged=True), sources)
            sources[source] = trainer.network.parameters.copy()
        _replay(record, trainer, _Place(step), sources)
    return trainer.state()


def batch_at(record: Record, training_digits: int, step: int) -> NDArray[np.intp]:
    """Which of the `training_digits` are in the mini-batch of update `step` + 1, by their numbers.

    ValueError beyond the record.
    """
    _check(record, step)
    stretch = record.stretches[bisect_right(record.stretches, step, key=lambda stretch: stretch.step) - 1]
    cursor = stretch.cursor.after(step - stretch.step, stretch.size, training_digits)
    order = order_of_epoch(record.start.settings.seed, cursor.epoch, training_digits)
    return order[cursor.consumed : cursor.consumed + stretch.size]


@dataclass(frozen=True)
class _Place:
    """A place in a run: after everything stamped `step`, or, if `judged`, just after the judgement there."""

    step: int
    judged: bool = False


def _check(record: Record, step: int) -> None:
    if not 0 <= step <= record.step:
        raise ValueError(f"the run has the steps 0 to {record.step}, not {step}")


def _nearest(record: Record, place: _Place) -> TrainerState:
    """The last kept state that is not after a place."""
    find = bisect_left if place.judged else bisect_right
    at = find(record.snapshots, place.step, key=lambda snapshot: snapshot.step)
    return record.snapshots[at - 1] if at else record.start


def _first_act(record: Record, state: TrainerState) -> int:
    """The number of the first act that a kept state does not know of."""
    if state is record.start:
        return 0
    return bisect_right(record.acts, state.step, key=lambda act: act.step)


def _missing_sources(record: Record, step: int) -> list[int]:
    """The steps whose weights have to be had again, since a replay to `step` goes back to them; in order."""
    missing: set[int] = set()
    places = [_Place(step)]
    while places:
        place = places.pop()
        first = _first_act(record, _nearest(record, place))
        for act in record.acts[first:]:
            if act.step > place.step or (place.judged and act.step == place.step):
                break
            if isinstance(act, Restored) and act.source not in record.sources and act.source not in missing:
                missing.add(act.source)
                places.append(_Place(act.source, judged=True))
    return sorted(missing)


def _replay(record: Record, trainer: Trainer, place: _Place, sources: dict[int, Array]) -> None:
    """Brings `trainer` to a place, from the nearest kept state before it."""
    state = _nearest(record, place)
    trainer.restore(state)
    judged = {each.step: each.right for each in _judged_after(record, state)}
    acts = record.acts[_first_act(record, state) :]
    number = 0
    while True:
        if trainer.step_number in judged:
            trainer.judge(judged[trainer.step_number])
        if place.judged and trainer.step_number == place.step:
            return
        while number < len(acts) and acts[number].step == trainer.step_number:
            act = acts[number]
            if isinstance(act, Changed):
                trainer.change(trainer.settings.changed(**{name: new for name, _, new in act.changes}))
            elif isinstance(act, Restored):
                trainer.take_weights(sources[act.source])
            elif isinstance(act, Stepped):
                trainer.descend(act.eta, act.numbers)
            number += 1
        if trainer.step_number == place.step:
            return
        trainer.step()


def _judged_after(record: Record, state: TrainerState) -> tuple[Judged, ...]:
    """What was judged after a kept state; its own step has been."""
    return record.judged[bisect_right(record.judged, state.step, key=lambda judged: judged.step) :]
