"""What follows from the recipe of a run without training it: where its mini-batches lie, and what its acts changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from mnistviz.engine.acts import Changed, Intervention
from mnistviz.engine.experiment.saved import RunRecipe, SavedRun, initial_state
from mnistviz.engine.history import History
from mnistviz.engine.network import Network
from mnistviz.engine.recorder import FIRST_STRIDE, Record
from mnistviz.engine.run_content import RunContent
from mnistviz.engine.settings import Settings
from mnistviz.engine.step_conversion import BatchSizeSegment, cursor_at
from mnistviz.engine.trainer import Cursor


def segments_of(
    settings: Settings, acts: Sequence[Intervention], step: int, epoch: int
) -> tuple[BatchSizeSegment, ...]:
    """From where on the mini-batches of a run had how many digits, in which order, up to a step, with `epoch` digits in
    an epoch."""
    size, order = settings.mini_batch_size, settings.order
    found = [BatchSizeSegment(0, Cursor(0, 0), size, order)]
    for act in acts:
        if not isinstance(act, Changed):
            continue
        new = {name: str(value) for name, _, value in act.changes}
        size, order = int(new.get("mini_batch_size", size)), new.get("order", order)
        if act.step < step and (size, order) != (found[-1].size, found[-1].order):
            found.append(BatchSizeSegment(act.step, cursor_at(found, act.step, epoch), size, order))
    return (*found, BatchSizeSegment(step, cursor_at(found, step, epoch), size, order))


def run_of_recipe(recipe: RunRecipe, epoch: int) -> SavedRun:
    """A run that has still to be trained, with `epoch` digits in an epoch: nothing is known of it but its recipe."""
    settings, step = recipe.settings, recipe.step
    segments = segments_of(settings, recipe.acts, step, epoch)
    acts: list[Intervention] = []
    now = settings
    for act in recipe.acts:
        if isinstance(act, Changed):
            changes = tuple((name, getattr(now, name), new) for name, _, new in act.changes)
            act, now = replace(act, changes=changes), now.changed(**{name: new for name, _, new in changes})
        acts.append(replace(act, digits=cursor_at(segments, act.step, epoch).digits(epoch)))
    start = Network(settings.sizes, **settings.network_options()) if recipe.start is None else recipe.start
    record = Record(step, initial_state(start, settings), tuple(acts), (), segments, (), MappingProxyType({}))
    history = History(interventions=record.acts)
    content = RunContent(start, record, None, history, None, {}, {}, False, (0, 0), False, FIRST_STRIDE)
    return SavedRun(1, settings, content, epoch)
