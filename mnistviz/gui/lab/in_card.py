"""What the network card shows instead of the drawing, and beside it, as values that other views set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.moment import Moment
from mnistviz.gui.lab.batch_stage import BatchStage


@dataclass(frozen=True)
class Dot:
    """A mark on a pixel, by its number. The `newest` one has a ring."""

    pixel: int
    newest: bool = False


@dataclass(frozen=True, eq=False)
class AlteredPicture:
    """The `picture`, uint8 (28, 28), that is the input of the network, its dots, and a short description."""

    picture: NDArray[np.uint8]
    dots: tuple[Dot, ...]
    note: str


@dataclass(frozen=True)
class Beside:
    """A network whose outputs the card marks by a thin line: at the last flag, or of two that are compared the one
    called `there`, beside the shown one, which is called `here` if its prediction is written, too."""

    moment: Moment
    there: str = ""
    here: str = ""


@dataclass(frozen=True, eq=False)
class InCard:
    """A `stage` of a mini-batch or an `altered` picture instead of the drawing, and the network whose outputs are shown
    `beside`; None if there is none."""

    stage: BatchStage | None = None
    altered: AlteredPicture | None = None
    beside: Beside | None = None
