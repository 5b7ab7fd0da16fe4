"""A stage of a mini-batch for the network card: a value that the Mini-batch tab creates and the card draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from mnistviz.engine.microscope.mini_batch import MiniBatch

StageName = Literal["forward", "error", "back", "gradient", "step", "after"]
STAGES: Final[tuple[StageName, ...]] = ("forward", "error", "back", "gradient", "step", "after")


@dataclass(frozen=True, eq=False)
class BatchStage:
    """A stage of a mini-batch of the run of that number. `digit` is the place in the mini-batch of the digit in the
    card; means are over all digits if `all_of_them`, else values of that digit alone. `classes` are the names of the
    outputs."""

    run: int
    batch: MiniBatch
    name: StageName
    digit: int
    all_of_them: bool
    classes: tuple[str, ...]
