"""An experiment as a value: its runs, their names and data set, and what is shown of them."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace
from threadpoolctl import threadpool_info

from mnistviz.engine.acts import Changed, Intervention
from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.fork import Fork, Origin
from mnistviz.engine.functions import Array, quietly
from mnistviz.engine.history import History
from mnistviz.engine.luck.bands import Band
from mnistviz.engine.mistakes.pins import PinStory
from mnistviz.engine.network import Network
from mnistviz.engine.problems import Problem
from mnistviz.engine.recorder import BatchSizeSegment, Record, RunContent, cursor_at
from mnistviz.engine.replay import Replay
from mnistviz.engine.schedule import ScheduleState
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Cursor, Trainer, TrainerState
from mnistviz.engine.workspace import number_of_parameters

EARLY_CHECKS: Final = (0, 1, 64)
"""Mini-batches after the start at which weights are checked: another BLAS kernel differs after one."""
MOST_CHECKED: Final = 1_000_000_000
"""Weights times samples, some tenths of a second: a longer check is skipped."""


def early_checks(settings: Settings) -> tuple[int, ...]:
    """Return those of `EARLY_CHECKS` that are quick enough for this network and mini-batch size."""
    work = number_of_parameters(settings.sizes) * settings.mini_batch_size
    return tuple(step for step in EARLY_CHECKS if step * work <= MOST_CHECKED)


class DataNote(Struct, frozen=True):
    """Identity of the data set of runs, and the number of samples in each set."""

    name: str
    checksum: str
    training: int
    validation: int
    test: int
    classes: tuple[str, ...]

    @classmethod
    def of(cls, digits: Digits) -> DataNote:
        sizes = (len(digits.training), len(digits.validation), len(digits.test))
        return cls(digits.name, digits.checksum, *sizes, digits.classes)


class SavedRun(Struct, frozen=True, eq=False):
    """A run of an experiment: its number, initial settings, content, samples per epoch, and appearance. `checks` are
    checksums of its weights by step, after all interventions there. `bands` are results of other runs of its recipe.
    `about` is a description, and `stories` are its outputs for pinned pictures."""

    number: int
    settings: Settings
    content: RunContent
    epoch: int
    letter: str = ""
    name: str = ""
    hue: int = 0
    on: bool = True
    hidden: bool = False
    fork: Fork | None = None
    origin: Origin | None = None
    checks: Mapping[int, str] = field(default_factory=dict)
    bands: tuple[Band, ...] = ()
    about: str = ""
    stories: tuple[PinStory, ...] = ()

    @property
    def complete(self) -> bool:
        """True if it can continue at once, from a stored state."""
        return self.content.state is not None

    @property
    def from_start(self) -> bool:
        """True if it can be retrained from its start."""
        return self.content.record.start.step == 0

    @property
    def recipe(self) -> RunRecipe:
        start = None if self.origin is None else self.content.start
        return RunRecipe.of(self.settings, self.content.record, start)


class RunRecipe(Struct, frozen=True, eq=False):
    """What determines a run: its initial settings, its interventions, and its number of mini-batches. It began with
    the network `start`, or with one of its seed.

    Only steps, new values and sources of the interventions count; those of the schedule recur by themselves. It is not
    `repeatable` if it continues from weights that can't be recomputed here.
    """

    settings: Settings
    acts: tuple[Intervention, ...]
    step: int
    start: Network | None = None
    repeatable: bool = True

    @classmethod
    def of(
        cls, settings: Settings, record: Record, start: Network | None, step: int | None = None
    ) -> RunRecipe:
        """Return the recipe of a run with this record, up to a step or to its end."""
        end = record.step if step is None else step
        acts = tuple(act for act in record.acts if act.step <= end)
        return cls(settings, acts, end, start, record.start.step == 0)


def initial_state(network: Network, settings: Settings) -> TrainerState:
    empty = np.empty(0, network.dtype)
    return TrainerState(settings, 0, Cursor(0, 0), network.parameters.copy(), empty, ScheduleState())


class Experiment(Struct, frozen=True, eq=False):
    """Runs on one data set, the selected one, and `view`, for the window only; `engine` saved it in `environment`."""

    data: DataNote
    runs: tuple[SavedRun, ...]
    selected: int
    view: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    engine: str = ""

    @property
    def chosen(self) -> SavedRun:
        return next((run for run in self.runs if run.number == self.selected), self.runs[0])

    def run_of(self, letter: str | None, file: str) -> SavedRun:
        """Return the run with this letter, or the selected one for None. Raise a `Problem` that names the file."""
        if letter is None:
            return self.chosen
        letters = tuple(run.letter for run in self.runs)
        if letter not in letters:
            raise Problem("experiment_without_run", file=file, letter=letter, letters=letters)
        return self.runs[letters.index(letter)]


class ReplayMismatch(Struct, frozen=True):
    """A retrained run has other weights after `by` mini-batches; they were equal after `after`, or never if None."""

    after: int | None
    by: int

    @property
    def code(self) -> str:
        """Code of the sentence that reports it."""
        if self.after is None:
            return "run_departs_at_once"
        return "run_departs" if self.after else "run_departs_after_start"


def checksum(parameters: Array) -> str:
    """Return the first half of the SHA-256 of weights and biases as they lie in memory, float32."""
    return hashlib.sha256(np.ascontiguousarray(parameters, "<f4").data).hexdigest()[:32]


def environment() -> dict[str, str]:
    """Return what the bits of a run depend on beside its recipe."""
    blas: dict[str, Any] = next((each for each in threadpool_info() if each.get("user_api") == "blas"), {})
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "blas": f"{blas.get('internal_api', '')} {blas.get('version', '')}".strip(),
        "kernel": str(blas.get("architecture", "")),
        "system": platform.system(),
        "machine": platform.machine(),
    }


def checked(run: SavedRun, training: DigitSet) -> SavedRun:
    """Return the run with checksums of its weights soon after its start. Existing ones stay."""
    record = run.content.record
    start = record.start.step
    wanted = [start + after for after in early_checks(record.start.settings) if start + after <= record.step]
    missing = [step for step in wanted if step not in run.checks]
    if not missing or run.content.state is None:
        return run
    weights_of = weights_at(run.content, training, missing)
    return replace(
        run, checks={**run.checks, **{step: checksum(weights) for step, weights in weights_of.items()}}
    )


@quietly
def weights_at(content: RunContent, training: DigitSet, steps: list[int]) -> dict[int, Array]:
    """Return the weights after some steps, trained from the start of the record in one go."""
    start = replace(content.record, snapshots=())
    trainer = Trainer(content.start.copy(), start.start.settings, training)
    replay = Replay(start, trainer, max(steps), wanted=frozenset(steps))
    replay.finish()
    weights = {step: state.parameters for step, state in replay.found.items()}
    return {**weights, max(steps): trainer.network.parameters.copy()}


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
    return SavedRun(1, settings, RunContent(start, record, None, History(interventions=record.acts)), epoch)
