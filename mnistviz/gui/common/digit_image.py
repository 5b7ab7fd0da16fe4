"""A digit as an image, dark ink on white paper, and the digit on the scratchpad."""

from functools import cache

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from mnistviz.gui.common.theme import Theme


def digit_image(pixels: NDArray[np.uint8], theme: Theme) -> QImage:
    """Return pixels, (h, w), 255 for ink, as an image with its own memory and colour table."""
    height, width = pixels.shape
    data = np.ascontiguousarray(pixels)
    image = QImage(data.data, width, height, width, QImage.Format.Format_Indexed8).copy()
    image.setColorTable(ink_shades(theme))
    return image


@cache
def ink_shades(theme: Theme) -> list[int]:
    """Return the 256 colours from paper to ink, each as 0xffRRGGBB."""
    ends = np.array([QColor(theme.paper).getRgb(), QColor(theme.ink).getRgb()], dtype=float)
    mixed = ends[0] + (ends[1] - ends[0]) * np.linspace(0, 1, 256)[:, np.newaxis]
    return [QColor(*shade).rgb() for shade in np.rint(mixed).astype(int).tolist()]


class PadDigit(Struct, frozen=True, eq=False):
    """The `picture` that the network gets, uint8 (28, 28), 255 for ink, its true `label` if known, and its `words`."""

    picture: NDArray[np.uint8]
    label: int | None
    words: str
