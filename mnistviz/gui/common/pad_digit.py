"""The digit on the scratchpad, as other views see it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class PadDigit:
    """The `picture` that the network gets, uint8 (28, 28), 255 for ink; its true `label`, if that is known; and a short
    description in `words`."""

    picture: NDArray[np.uint8]
    label: int | None
    words: str
