"""What the network card shows instead of the drawing, and beside it, as values that other views set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from msgspec import Struct

from mnistviz.engine.functions import Bytes
from mnistviz.engine.moment import Moment
from mnistviz.engine.network import Unit

if TYPE_CHECKING:
    from mnistviz.engine.microscope.mini_batch import MiniBatch


StageName = Literal["forward", "error", "back", "gradient", "step", "after"]
STAGES: Final[tuple[StageName, ...]] = ("forward", "error", "back", "gradient", "step", "after")


class BatchStage(Struct, frozen=True, eq=False):
    """A stage of a mini-batch of the run of that number. `digit` is the place in it of the card's digit; means are over
    all digits if `all_of_them`, else values of that digit alone. `classes` names the outputs."""

    run: int
    batch: MiniBatch
    name: StageName
    digit: int
    all_of_them: bool
    classes: tuple[str, ...]

    def worked_unit(self, layer: int, unit: Unit | None) -> Unit | None:
        """Return the unit to work out: the selected one, or that with the largest δ. *back* needs a hidden unit."""
        last = len(self.batch.layers)
        if self.name == "back" and last == 1:
            return None
        if unit is not None and (unit.layer < last or last == 1):
            return unit
        layer = min(max(1, layer), max(1, last - 1))
        deltas = self.batch.layers[layer - 1].delta
        own = deltas.mean(axis=0) if self.all_of_them and self.name == "gradient" else deltas[self.digit]
        return Unit(layer, int(np.abs(own).argmax()))


class Dot(Struct, frozen=True):
    pixel: int
    newest: bool = False


class AlteredPicture(Struct, frozen=True, eq=False):
    """The `picture`, uint8 (28, 28), that is the input of the network, its dots, and a short description."""

    picture: Bytes
    dots: tuple[Dot, ...]
    note: str


class Beside(Struct, frozen=True):
    """Another network, whose outputs the card marks by thin lines: the run's before its last change, or the other one
    of two that are compared. Then `there` is its name, and `here` that of the shown network."""

    moment: Moment
    there: str = ""
    here: str = ""


class InCard(Struct, frozen=True, eq=False):
    """A `stage` or an `altered` picture instead of the drawing, and the network shown `beside`; None without one."""

    stage: BatchStage | None = None
    altered: AlteredPicture | None = None
    beside: Beside | None = None
