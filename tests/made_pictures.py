"""Pictures of handwriting as a camera or a scanner gives them, made of bundled digits, with seeds."""

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import Digits
from mnistviz.engine.framing import resized
from mnistviz.engine.rows.filters import turned
from mnistviz.engine.rows.made import MadeRow, make_row

Grey = NDArray[np.float32]

PAPER, PEN = 0.92, 0.15


def writing(
    digits: Digits, seed: int, *, count: int = 5, gaps: tuple[int, int] = (3, 7), zoom: float = 4.0
) -> tuple[Grey, MadeRow]:
    """Ink 0 to 1 of a row of validation digits, each `zoom` times as large as in MNIST, with room around it."""
    row = make_row(digits.validation, seed, count=count, gaps=gaps)
    return np.pad(resized(smooth(row.ink, zoom), 1.0), int(12 * zoom)), row


def smooth(ink: Grey, zoom: float) -> Grey:
    """Enlarged with round edges: linear between the pixels, and sharpened."""
    for axis in (0, 1):
        length = round(ink.shape[axis] * zoom)
        at = np.clip((np.arange(length) + 0.5) / zoom - 0.5, 0, ink.shape[axis] - 1.001)
        low = at.astype(int)
        share = (at - low).astype(np.float32)
        share = share[:, np.newaxis] if axis == 0 else share
        ink = ink.take(low, axis) * (1 - share) + ink.take(low + 1, axis) * share
    sharp: Grey = np.clip((ink - 0.5) * 2 + 0.5, 0, 1).astype(np.float32)
    return sharp


def on_paper(ink: Grey, paper: float = PAPER, pen: float = PEN) -> Grey:
    return np.float32(paper) + np.float32(pen - paper) * ink


def shadowed(grey: Grey, darkest: float = 0.45) -> Grey:
    """Light from one side, and a shadow with a soft edge across it."""
    height, width = grey.shape
    x = np.linspace(0, 1, width, dtype=np.float32)
    y = np.linspace(0, 1, height, dtype=np.float32)[:, np.newaxis]
    edge = 1 / (1 + np.exp(-(x + 0.3 * y - 0.6) * 12))
    light = (1 - 0.25 * x) * (darkest + (1 - darkest) * (1 - edge))
    return grey * light.astype(np.float32)


def noisy(grey: Grey, seed: int, deviation: float = 0.06) -> Grey:
    noise = np.random.default_rng(seed).normal(0, deviation, grey.shape)
    rough: Grey = np.clip(grey + noise, 0, 1).astype(np.float32)
    return rough


def tilted(ink: Grey, degrees: float) -> Grey:
    return turned(ink, degrees)


def ruled(grey: Grey, every: int, *, pale: float = 0.55, thick: int = 2) -> Grey:
    lines = grey.copy()
    for y in range(every // 2, len(grey) - thick, every):
        lines[y : y + thick] = np.minimum(lines[y : y + thick], pale)
    return lines


def underlined(grey: Grey, below: int, *, pale: float = 0.3, thick: int = 2) -> Grey:
    lined = grey.copy()
    top = len(grey) - below
    lined[top : top + thick] = np.minimum(lined[top : top + thick], pale)
    return lined


def boxed(grey: Grey, *, inset: int = 6, thick: int = 3, pen: float = PEN) -> Grey:
    framed = grey.copy()
    for side in (framed, framed.T):
        side[inset : inset + thick, inset : side.shape[1] - inset] = pen
        side[-inset - thick : -inset, inset : side.shape[1] - inset] = pen
    return framed


def in_boxes(digits: Digits, seed: int, degrees: float = -2.5) -> tuple[NDArray[np.uint8], tuple[int, ...]]:
    """A tilted picture of six digits, each in a box of its own, as forms have them; and what they are."""
    numbers = np.random.default_rng(seed).integers(0, len(digits.validation), 6)
    images = digits.validation.images[numbers].reshape(6, 28, 28).astype(np.float32) / 255
    ink = smooth(np.hstack(list(images)), 2.0)
    ink[:3] = ink[-3:] = 1
    for side in range(7):
        left = min(side * 56, ink.shape[1] - 3)
        ink[:, left : left + 3] = 1
    wide = np.pad(ink, ((20, 20), (8, 8)))
    return as_bytes(on_paper(tilted(wide, degrees))), tuple(digits.validation.labels[numbers].tolist())


def as_bytes(grey: Grey) -> NDArray[np.uint8]:
    return np.rint(np.clip(grey, 0, 1) * 255).astype(np.uint8)
