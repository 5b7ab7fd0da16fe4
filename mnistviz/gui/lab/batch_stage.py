"""What the network card is to show of one mini-batch: a value that the tab *Mini-batch* makes and the card draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from mnistviz.engine.microscope.mini_batch import MiniBatch

StageName = Literal["forward", "error", "back", "gradient", "step", "after"]
STAGES: Final[tuple[StageName, ...]] = ("forward", "error", "back", "gradient", "step", "after")


@dataclass(frozen=True, eq=False)
class BatchStage:
    """A stage of a mini-batch of the run of that number. `digit` is the place in the mini-batch of the digit that lies
    in the card; what is a mean is that of `all_of_them`, or else of that digit alone. `classes` are the names of the
    outputs."""

    run: int
    batch: MiniBatch
    name: StageName
    digit: int
    all_of_them: bool
    classes: tuple[str, ...]
