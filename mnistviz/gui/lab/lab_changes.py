"""What changes in the lab, as values: `Lab.changed` tells one at a time, and a listener matches those it needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.saved import Departure
from mnistviz.engine.problems import Problem
from mnistviz.engine.run_content import RunContent
from mnistviz.gui.lab.open_runs import ClosedTogether
from mnistviz.gui.lab.shown import RunFacts


class ChangeKind(Enum):
    """A change that `Lab.shown` shows."""

    DIGITS = auto()
    """Other digits are there."""
    BEGAN = auto()
    """A run was begun, branched or opened."""
    SELECTED = auto()
    """Another run is the selected one."""
    RUNS = auto()
    """The list of runs, their names, their hues, or which are on or hidden."""
    DRAFT = auto()
    STEERED = auto()
    """What is played, or how fast."""
    STAND_IN = auto()


@dataclass(frozen=True, eq=False)
class DigitsRefused:
    """A data set could not be read; `why` may be details as text."""

    why: Problem | str
    folder: Path | None


@dataclass(frozen=True, eq=False)
class DigitsLeft:
    """Runs were closed, since their digits are not those of now any more."""

    closed: ClosedTogether


@dataclass(frozen=True, eq=False)
class SwitchedOn:
    """The selected run was off, and is to learn now."""

    run: RunFacts


@dataclass(frozen=True, eq=False)
class RunClosed:
    """A run was closed, perhaps to make room for another."""

    run: RunFacts
    for_room: bool


@dataclass(frozen=True, eq=False)
class RunEnded:
    """A run is closed, or rests since another one began."""

    run: RunFacts
    digits: Digits


@dataclass(frozen=True, eq=False)
class RunFailed:
    """An exception has ended the selected run."""

    details: str


@dataclass(frozen=True, eq=False)
class RunRevived:
    """A run of a file or a line has been trained to where it stood, but for a departure."""

    run: RunFacts
    departure: Departure | None = None


@dataclass(frozen=True, eq=False)
class RunComposed:
    """What a run has come to."""

    run: RunFacts
    content: RunContent


LabChange = (
    ChangeKind
    | DigitsRefused
    | DigitsLeft
    | SwitchedOn
    | RunClosed
    | RunEnded
    | RunFailed
    | RunRevived
    | RunComposed
)
