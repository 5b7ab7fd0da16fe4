"""What the network card shows in the place of the drawing, and beside it: values that other views find."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.moment import Moment
from mnistviz.gui.lab.batch_stage import BatchStage


@dataclass(frozen=True)
class Dot:
    """Marks a pixel by its number. The `newest` one has a ring."""

    pixel: int
    newest: bool = False


@dataclass(frozen=True, eq=False)
class AlteredPicture:
    """The `picture`, uint8 (28, 28), that flows through the network, its dots, and what it is in a few words."""

    picture: NDArray[np.uint8]
    dots: tuple[Dot, ...]
    note: str


@dataclass(frozen=True)
class Beside:
    """A hairline at each output shows what it is in the network of this moment: at the last flag, or where two are
    compared, in the one that is called `there`, beside the one shown, which is called `here` if its
    answer is to be written, too."""

    moment: Moment
    there: str = ""
    here: str = ""


@dataclass(frozen=True, eq=False)
class InCard:
    """A `stage` of a mini-batch or an `altered` picture in the place of the drawing, and the network whose outputs
    stand `beside` those shown; None where there is none."""

    stage: BatchStage | None = None
    altered: AlteredPicture | None = None
    beside: Beside | None = None
