"""An experiment as a value: runs, what they are called, on which data, and what is shown of them."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from threadpoolctl import threadpool_info

from mnistviz.engine.acts import Intervention
from mnistviz.engine.digits import Digits, DigitSet
from mnistviz.engine.fork import Fork
from mnistviz.engine.functions import Array, quietly
from mnistviz.engine.judgement import ScheduleState
from mnistviz.engine.luck.bands import Band
from mnistviz.engine.mistakes.pins import PinStory
from mnistviz.engine.network import Network
from mnistviz.engine.origin import Origin
from mnistviz.engine.parameters import number_of_parameters
from mnistviz.engine.problems import Problem
from mnistviz.engine.recorder import Record
from mnistviz.engine.replay import Replay
from mnistviz.engine.run_content import RunContent
from mnistviz.engine.settings import Settings
from mnistviz.engine.trainer import Cursor, Trainer, TrainerState

EARLY_CHECKS: Final = (0, 1, 64)
"""Mini-batches after its start at which the weights of a run are checked: another BLAS kernel differs after one."""
MOST_CHECKED: Final = 1_000_000_000
"""Weights times digits, some tenths of a second: what takes more is not trained again for a check."""


def early_checks(settings: Settings) -> tuple[int, ...]:
    """Those of `EARLY_CHECKS` that do not take too long with a network and mini-batches like these."""
    work = number_of_parameters(settings.sizes) * settings.mini_batch_size
    return tuple(step for step in EARLY_CHECKS if step * work <= MOST_CHECKED)


@dataclass(frozen=True)
class DataNote:
    """Which digits runs were trained on, and how many there are of each set."""

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


@dataclass(frozen=True, eq=False)
class SavedRun:
    """A run of an experiment: its number there, what it was begun with, its content, how many digits an epoch has, and
    how it is shown.

    `checks` are checksums of its weights by steps, after everything that was done there. `bands` are what other runs of
    its recipe came to. `about` says what is to be seen in it, `stories` what it answered to pinned pictures.
    """

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
        """Whether it can go on at once, from a kept state."""
        return self.content.state is not None

    @property
    def from_start(self) -> bool:
        """Whether it can be trained again from its start."""
        return self.content.record.start.step == 0

    @property
    def recipe(self) -> RunRecipe:
        start = None if self.origin is None else self.content.start
        return RunRecipe.of(self.settings, self.content.record, start)


@dataclass(frozen=True, eq=False)
class RunRecipe:
    """What determines a run: the settings that it began with, what was done to it, and after how many mini-batches it
    stood where it stood. It began with the network `start`, or with one of its seed.

    Of the acts only steps, new values and sources count; the schedule's own come by themselves. It is not `repeatable`
    where it goes on from weights that can't be had again here.
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
        """That of a run with this record, up to a step or to its end."""
        end = record.step if step is None else step
        acts = tuple(act for act in record.acts if act.step <= end)
        return cls(settings, acts, end, start, record.start.step == 0)


def initial_state(network: Network, settings: Settings) -> TrainerState:
    """The state of a run that begins with `network`."""
    empty = np.empty(0, network.dtype)
    return TrainerState(settings, 0, Cursor(0, 0), network.parameters.copy(), empty, ScheduleState())


@dataclass(frozen=True, eq=False)
class Experiment:
    """Runs on one data set, which of them is selected, and what is shown, which only the window understands.

    `environment` and `engine` tell where it was saved.
    """

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
        """Return the run with this letter, or the selected one for None. Raises a `Problem` that names the file."""
        if letter is None:
            return self.chosen
        letters = tuple(run.letter for run in self.runs)
        if letter not in letters:
            raise Problem("experiment_without_run", file=file, letter=letter, letters=letters)
        return self.runs[letters.index(letter)]


@dataclass(frozen=True)
class Departure:
    """A run that is trained again has other weights than it had, after `by` mini-batches; they were the same after
    `after`, or never, where that is None."""

    after: int | None
    by: int

    @property
    def code(self) -> str:
        """The code of the sentence that says so."""
        if self.after is None:
            return "run_departs_at_once"
        return "run_departs" if self.after else "run_departs_after_start"


def checksum(parameters: Array) -> str:
    """The first half of the SHA-256 of weights and biases as they lie in memory, float32."""
    return hashlib.sha256(np.ascontiguousarray(parameters, "<f4").data).hexdigest()[:32]


def environment() -> dict[str, str]:
    """What the bits of a run depend on beside its recipe."""
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
    """The run with checksums of its weights soon after its start. Those that it has stay as they are."""
    record = run.content.record
    start = record.start.step
    wanted = [start + after for after in early_checks(record.start.settings) if start + after <= record.step]
    missing = [step for step in wanted if step not in run.checks]
    if not missing or run.content.state is None:
        return run
    found = weights_at(run.content, training, missing)
    return replace(run, checks={**run.checks, **{step: checksum(weights) for step, weights in found.items()}})


@quietly
def weights_at(content: RunContent, training: DigitSet, steps: list[int]) -> dict[int, Array]:
    """The weights after some steps, trained from the start of the record in one go."""
    start = replace(content.record, snapshots=())
    trainer = Trainer(content.start.copy(), start.start.settings, training)
    replay = Replay(start, trainer, max(steps), wanted=frozenset(steps))
    while not replay.advance():
        pass
    found = {step: state.parameters for step, state in replay.found.items()}
    return {**found, max(steps): trainer.network.parameters.copy()}
