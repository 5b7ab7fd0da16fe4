"""The changes in the lab, as values; `Lab.listen` adds a listener to one kind of them."""

from enum import Enum, auto
from pathlib import Path
from typing import Any

from msgspec import Struct

from mnistviz.engine.digits import Digits
from mnistviz.engine.experiment.saved import ReplayMismatch
from mnistviz.engine.luck.bands import Kind
from mnistviz.engine.recorder import RunContent
from mnistviz.gui.lab.open_runs import ClosedTogether
from mnistviz.gui.lab.shown import RunFacts


class LabChange:
    """A change: a kind, or a value with details for the listener."""


class ChangeKind(LabChange, Enum):
    """A change whose details are in the lab itself."""

    DIGITS = auto()
    BEGAN = auto()
    SELECTED = auto()
    SWITCHED_ON = auto()
    RUNS = auto()  # the list of runs, their names, their colours, or which are on or hidden
    DRAFT = auto()
    STEERED = auto()
    STAND_IN = auto()
    IN_CARD = auto()  # what the network card shows instead of the drawing, or beside it
    MOVED = auto()  # the playhead's place, or whether it is held, replays, or lets training continue
    MOMENT = auto()
    AT_END = auto()  # the playhead has reached the end of the run; paused runs continue
    LUCK = auto()  # the progress of the seed band in training, or which one it is
    REPLAY = auto()


class DigitsRefused(Struct, LabChange, frozen=True, eq=False):
    """A data set could not be read."""

    error: Exception
    folder: Path | None


class DigitsLeft(Struct, LabChange, frozen=True, eq=False):
    """Runs were closed, since another data set was loaded."""

    closed: ClosedTogether


class RunClosed(Struct, LabChange, frozen=True, eq=False):
    """A run was closed, perhaps to make room for another."""

    run: RunFacts
    for_room: bool


class RunRelabelled(Struct, LabChange, frozen=True, eq=False):
    """Name, colour, visibility of a run, or whether it is on, were changed: the values that differ, by name."""

    number: int
    before: dict[str, Any]
    after: dict[str, Any]


class RunEnded(Struct, LabChange, frozen=True, eq=False):
    """A run was closed, or has been paused since another one began."""

    run: RunFacts
    digits: Digits


class RunFailed(Struct, LabChange, frozen=True, eq=False):
    """An exception has ended the selected run."""

    details: str


class RunRevived(Struct, LabChange, frozen=True, eq=False):
    """A run from a file or a link was trained to its saved step, perhaps with a replay mismatch."""

    run: RunFacts
    replay_mismatch: ReplayMismatch | None = None


class BandFinished(Struct, LabChange, frozen=True, eq=False):
    """A seed band of the run of a number is complete."""

    number: int
    kind: Kind


class RunComposed(Struct, LabChange, frozen=True, eq=False):
    """The saved content of a run."""

    run: RunFacts
    content: RunContent
