"""What changes in the lab, as values: `Lab.listen` is for one kind of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.saved import Departure
from mnistviz.engine.luck.bands import Kind
from mnistviz.engine.run_content import RunContent
from mnistviz.gui.lab.open_runs import ClosedTogether
from mnistviz.gui.lab.shown import RunFacts


class LabChange:
    """One change: a kind, or a value with what the listener must know of it."""


class ChangeKind(LabChange, Enum):
    """A change after which the lab itself says all."""

    DIGITS = auto()
    """Other digits are there."""
    BEGAN = auto()
    """A run was begun, branched or opened."""
    SELECTED = auto()
    """Another run is the selected one."""
    SWITCHED_ON = auto()
    """The selected run was off, and is to learn now."""
    RUNS = auto()
    """The list of runs, their names, their hues, or which are on or hidden."""
    DRAFT = auto()
    STEERED = auto()
    """What is played, or how fast."""
    STAND_IN = auto()
    IN_CARD = auto()
    """What the network card shows in the place of the drawing, or beside it."""
    MOVED = auto()
    """Where the playhead is, or whether it is held, plays the film, or lets training go on."""
    MOMENT = auto()
    """The moment at the playhead."""
    AT_END = auto()
    """From the past one came to the end; what was held goes on."""
    LUCK = auto()
    """How far the band is that is being trained, or which one it is."""
    REPLAY = auto()
    """How far a replay for the playhead is."""


@dataclass(frozen=True, eq=False)
class DigitsRefused(LabChange):
    """A data set could not be read."""

    error: Exception
    folder: Path | None


@dataclass(frozen=True, eq=False)
class DigitsLeft(LabChange):
    """Runs were closed, since their digits are not those of now any more."""

    closed: ClosedTogether


@dataclass(frozen=True, eq=False)
class RunClosed(LabChange):
    """A run was closed, perhaps to make room for another."""

    run: RunFacts
    for_room: bool


@dataclass(frozen=True, eq=False)
class RunEnded(LabChange):
    """A run is closed, or rests since another one began."""

    run: RunFacts
    digits: Digits


@dataclass(frozen=True, eq=False)
class RunFailed(LabChange):
    """An exception has ended the selected run."""

    details: str


@dataclass(frozen=True, eq=False)
class RunRevived(LabChange):
    """A run of a file or a line has been trained to where it stood, but for a departure."""

    run: RunFacts
    departure: Departure | None = None


@dataclass(frozen=True, eq=False)
class BandFinished(LabChange):
    """A band of the run of a number is whole."""

    number: int
    kind: Kind


@dataclass(frozen=True, eq=False)
class RunComposed(LabChange):
    """What a run has come to."""

    run: RunFacts
    content: RunContent
