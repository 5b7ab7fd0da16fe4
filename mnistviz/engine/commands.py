"""What a run can be told to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mnistviz.engine.hand_edits import WeightEdit
from mnistviz.engine.lessons import Lesson
from mnistviz.engine.moment import Evaluation
from mnistviz.engine.network import Unit
from mnistviz.engine.trainer import TrainerState


@dataclass(frozen=True)
class Play:
    """Train until told otherwise."""


@dataclass(frozen=True)
class Pause:
    """Stop before the next mini-batch; then, if it is to `measure`, read all digits."""

    measure: bool = True


@dataclass(frozen=True)
class Step:
    """Train on so many mini-batches more, then pause; what is left of an earlier `Step` comes first."""

    mini_batches: int = 1


@dataclass(frozen=True)
class FinishEpoch:
    """Train to the end of the epoch, then pause; of the next one, if it is said again before that."""


@dataclass(frozen=True)
class SetSpeed:
    """At most so many mini-batches a second; None is as fast as the machine can."""

    rate: float | None


@dataclass(frozen=True)
class Change:
    """New `values` of live settings, by their names, for the next mini-batch; `gesture` as in `Changed`."""

    values: dict[str, Any]
    gesture: int = 0


@dataclass(frozen=True)
class RestoreBest:
    """Go back to the weights that read the most validation digits at the end of an epoch, and make a `change` with it;
    does not pause. Those of now are measured first. Unless they are worse, `stays` gets that, and nothing is done."""

    change: Change | None = None
    stays: Callable[[Evaluation], object] = field(default=lambda now: None, compare=False)


@dataclass(frozen=True, eq=False)
class Restore:
    """Go back to the weights of an earlier state of the run, from before anything was done there; does not pause."""

    state: TrainerState


@dataclass(frozen=True)
class StepDigits:
    """Train on so many digits more, and the rest of the last mini-batch, then pause; what the one before took too many
    is taken off. That is less than a mini-batch, or more where the run is `ahead` by so many digits of the one that it
    goes along with."""

    digits: int
    ahead: int = 0


@dataclass(frozen=True)
class Nudge:
    """Make a weight differ in its last bit, the measure of what chance does: that at `place`, a layer as in
    `Network.sizes`, a row and a column, or else the largest one to an output."""

    place: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class Visit:
    """Show state `step`; the newest replaces those before. In a `film` it need not be reached: then what is reached
    within the time of a frame is shown."""

    step: int
    film: bool = False


@dataclass(frozen=True)
class Leave:
    """Show no past any more."""


@dataclass(frozen=True)
class Descend:
    """Move the weights by −`eta` · ∇C of the training digits of these numbers, as they are; does not pause."""

    eta: float
    digits: tuple[int, ...]


@dataclass(frozen=True)
class StepBack:
    """Go through the last `mini_batches` of `size` digits of the epoch, in an `order`, again, the newest first, with
    −`eta`; does not pause."""

    eta: float
    mini_batches: int
    size: int
    order: str


@dataclass(frozen=True)
class Edit:
    """Set weights or biases by hand; does not pause."""

    edit: WeightEdit


@dataclass(frozen=True)
class Freeze:
    """Let a unit stop learning, or learn again; does not pause."""

    unit: Unit
    frozen: bool = True


@dataclass(frozen=True)
class Teach:
    """Teach a drawing; does not pause."""

    lesson: Lesson


@dataclass(frozen=True)
class TakeBack:
    """Take back what was done to the weights last, to the last bit, if no mini-batch has followed; does not pause."""


Command = (
    Play
    | Pause
    | Step
    | FinishEpoch
    | SetSpeed
    | Change
    | RestoreBest
    | Restore
    | StepDigits
    | Nudge
    | Descend
    | StepBack
    | Edit
    | Freeze
    | Teach
    | TakeBack
)
