"""What follows from a run's recipe without training: the positions of its mini-batches, and its changes."""

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
    """Return the segments of mini-batch size and order of a run, up to a step, with `epoch` samples in an epoch."""
    size, order = settings.mini_batch_size, settings.order
    segments = [BatchSizeSegment(0, Cursor(0, 0), size, order)]
    for act in acts:
        if not isinstance(act, Changed):
            continue
        new = {name: str(value) for name, _, value in act.changes}
        size, order = int(new.get("mini_batch_size", size)), new.get("order", order)
        if act.step < step and (size, order) != (segments[-1].size, segments[-1].order):
            segments.append(BatchSizeSegment(act.step, cursor_at(segments, act.step, epoch), size, order))
    return (*segments, BatchSizeSegment(step, cursor_at(segments, step, epoch), size, order))


def run_of_recipe(recipe: RunRecipe, epoch: int) -> SavedRun:
    """Return a run that is still to be trained, with `epoch` samples in an epoch."""
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
