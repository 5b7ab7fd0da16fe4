"""What the figure of the fourth layer shows, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mnistviz.engine.digits import Digits
from mnistviz.engine.ideas.binary_outputs import FourthLayer, number_of
from mnistviz.gui.common.class_names import class_name

OTHER: Final = 0.01
"""How much more or fewer of the test digits another layer reads, at least."""
_ROUNDING: Final = 1e-9


def solved(layer: FourthLayer, share: float | None, first: float | None) -> set[str]:
    """Which tasks a layer solves: `share` is that of all test digits whose bits it reads right, `first` that of the
    first layer that was right for sure outputs; None while they are not known."""
    right = layer.right_when_sure()
    if not right.all():
        return {"last"} if right[:, -1].all() else set()
    if share is None or first is None or abs(share - first) < OTHER - _ROUNDING:
        return {"last", "all"}
    return {"last", "all", "other"}


@dataclass(frozen=True, eq=False)
class Sample:
    """A digit that the layer reads: its pixels, bytes (784,); what the network's outputs answer, (classes,); and what
    it is, None where nobody knows."""

    pixels: NDArray[np.uint8]
    activations: NDArray[Any]
    label: int | None = None


def samples_of(digits: Digits, answers: NDArray[Any]) -> tuple[Sample | None, ...]:
    """Of each class the first test digit that the outputs read right, or the first of all where they read none; None
    where there is none. `answers` is what they say to all test digits, (m, classes)."""
    test, said = digits.test, answers.argmax(axis=1)
    samples: list[Sample | None] = []
    for label in range(len(digits.classes)):
        own = np.flatnonzero(test.labels == label)
        best = [*own[said[own] == label][:1], *own[:1]]
        samples.append(Sample(test.images[best[0]], answers[best[0]], label) if best else None)
    return tuple(samples)


@dataclass(frozen=True, eq=False)
class Content:
    """The `layer`, the digit that is `shown` with its `caption`, and `samples`, a test digit of each class."""

    layer: FourthLayer
    classes: tuple[str, ...]
    shown: Sample | None = None
    caption: str = ""
    samples: tuple[Sample | None, ...] = ()

    def name(self, number: int) -> str:
        """What a number stands for: a class, or a number that is none."""
        return class_name(self.classes, number)

    def reads(self, sample: Sample) -> int:
        """The number that the bits say of a digit."""
        return int(number_of(self.layer.fired(sample.activations[np.newaxis]))[0])

    def sign(self, row: int, bit: int) -> int:
        """The sign of a weight; the row after the last class is that of the biases."""
        return int(self.layer.biases[bit] if row == self.layer.classes else self.layer.weights[row, bit])
